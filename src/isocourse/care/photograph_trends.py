"""One figure over all visits, each against the first, with the noise of that comparison; and the visits at which it was
not measured, with why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext_noop

from isocourse.care.photograph_comparing import Pairing, pairing
from isocourse.care.photograph_jobs import RAKING, Kept, measured
from isocourse.care.photographs import photographs_of
from isocourse.skin.findings import Compared
from isocourse.skin.trend import Trend, trend
from isocourse.store.models import Patient, Photograph, PhotographComparison
from isocourse.store.models.photographs import Analysis

WAITS = gettext_noop("It waits to be measured and compared.")
NOT_IN_BOTH = gettext_noop(
    "One of the two photographs does not show it: not sharp enough, too coarse or no colour chart."
)
OTHER_METHOD = gettext_noop("It was measured by another version of the method: measure the first one again.")


@dataclass(frozen=True)
class Point:
    """A visit: the figure in the skin that it has in common with the baseline, which is `before` there."""

    day: date
    photograph: Photograph
    before: float
    after: float
    noise: float | None
    verdict: str


@dataclass(frozen=True)
class Gap:
    """A visit at which there are photographs, but not this figure, and why."""

    day: date
    photograph: Photograph
    why: str


@dataclass(frozen=True)
class Course:
    """A figure of one view: its points in order, the visits without it, and the robust trend of the differences."""

    what: str
    unit: str
    view: str
    baseline: Photograph
    points: tuple[Point, ...]
    gaps: tuple[Gap, ...]
    trend: Trend | None


def courses_of(patient: Patient, view: str) -> list[Course]:
    """Every figure of a view that was compared with the first visit. Only pairs are shown: counts of whole photographs
    differ by how much skin each shows."""
    everything = list(photographs_of(patient).filter(view=view))
    shown = {each.pk: each for each in everything if each.state == Analysis.MEASURED}
    if not shown:
        return []
    baseline = min(shown.values(), key=lambda each: (each.day, each.repeat))
    later = [each for each in everything if each.day > baseline.day]
    pairs = {pair.after_id: pair for pair in PhotographComparison.objects.filter(before=baseline, after__in=later)}
    made = {
        pk: found
        for pk, pair in pairs.items()
        if pair.state == Analysis.MEASURED and (found := pairing(pair)) is not None
    }
    figures = dict.fromkeys((each.what, each.unit) for found in made.values() for each in found.comparison.numbers)
    courses = []
    for what, unit in figures:
        points = [
            _point(number, each) for each in later if (number := _number(made.get(each.pk), what, unit)) is not None
        ]
        gaps = _gaps(later, points, {pk: _why(pairs[pk]) for pk in pairs})
        courses.append(_course(what, unit, view, baseline, points, gaps))
    return courses


def hollows_of(patient: Patient) -> Course | None:
    """The depth of hollows, from two photographs of each visit with light from either side. None where fewer than two
    visits have such photographs, or the first that was measured is the last."""
    from isocourse.skin.change import HOLLOWS, hollows  # with all that lays photographs on each other

    everything = list(photographs_of(patient).filter(view__in=RAKING))
    if not everything:
        return None
    found = {each.pk: kept.measurement for each in everything if (kept := _relief(each)) is not None}
    # One light's photographs, each measured with its partner; the other's hold the same hollows once more.
    shots = [each for each in everything if each.pk in found and each.view == "raking_left"]
    baseline = min(shots, key=lambda each: (each.day, each.repeat), default=None)
    if baseline is None:
        return None
    later = [each for each in everything if each.day > baseline.day]
    if not later:
        return None
    first = found[baseline.pk]
    repeats = [found[each.pk] for each in shots if each.day == baseline.day and each.pk != baseline.pk]
    points = [
        _point(number, each)
        for _day, group in groupby((each for each in shots if each.day > baseline.day), key=lambda each: each.day)
        for each in [min(group, key=lambda each: each.repeat)]
        if (number := hollows(first, found[each.pk], repeats)) is not None
    ]
    gaps = _gaps(later, points, dict.fromkeys(found, OTHER_METHOD))
    return _course(HOLLOWS, "", baseline.view, baseline, points, gaps)


def _relief(photograph: Photograph) -> Kept | None:
    kept = measured(photograph) if photograph.state == Analysis.MEASURED else None
    return kept if kept is not None and kept.measurement.relief is not None else None


def _number(found: Pairing | None, what: str, unit: str) -> Compared | None:
    numbers = found.comparison.numbers if found is not None else ()
    return next((each for each in numbers if (each.what, each.unit) == (what, unit)), None)


def _point(each: Compared, after: Photograph) -> Point:
    return Point(after.day, after, each.before, each.after, each.noise, each.verdict)


def _gaps(later: Iterable[Photograph], points: Iterable[Point], why: dict[int, str]) -> list[Gap]:
    """The first photograph of each day that has no point: its own reason, or else `why` by photograph."""
    there = {point.day for point in points}
    gaps = []
    for day, group in groupby(sorted(later, key=lambda each: (each.day, each.pk)), key=lambda each: each.day):
        if day in there:
            continue
        of_day = list(group)
        # One that was measured says more than one that was not.
        each = next((each for each in of_day if each.pk in why), of_day[0])
        gaps.append(Gap(day, each, each.problem or why.get(each.pk, WAITS)))
    return gaps


def _why(pair: PhotographComparison) -> str:
    if pair.state == Analysis.MEASURED:
        return NOT_IN_BOTH
    return pair.problem or WAITS


def _course(what: str, unit: str, view: str, baseline: Photograph, points: list[Point], gaps: list[Gap]) -> Course:
    points.sort(key=lambda point: point.day)
    days = [baseline.day.toordinal(), *(point.day.toordinal() for point in points)]
    values = [0.0, *(point.after - point.before for point in points)]
    return Course(what, unit, view, baseline, tuple(points), tuple(gaps), trend(days, values))
