"""One figure of a view over all visits, each against the first, with the noise of that comparison."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from isocourse.care.photograph_comparing import pairing
from isocourse.care.photographs import photographs_of
from isocourse.skin.findings import Compared
from isocourse.skin.trend import Trend, trend
from isocourse.store.models import Patient, Photograph, PhotographComparison
from isocourse.store.models.photographs import Analysis


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
class Course:
    """A figure of one view: its points in order, and the robust trend of the differences."""

    what: str
    unit: str
    view: str
    baseline: Photograph
    points: tuple[Point, ...]
    trend: Trend | None


def courses_of(patient: Patient, view: str) -> list[Course]:
    """Every figure of a view that was compared with the first visit. Only pairs are shown: counts of whole photographs
    differ by how much skin each shows."""
    shown = {each.pk: each for each in photographs_of(patient).filter(view=view, state=Analysis.MEASURED)}
    if not shown:
        return []
    baseline = min(shown.values(), key=lambda each: (each.day, each.repeat))
    pairs = PhotographComparison.objects.filter(before=baseline, after__in=shown, state=Analysis.MEASURED)
    found: dict[tuple[str, str], list[Point]] = {}
    for pair in pairs:
        made = pairing(pair)
        after = shown[pair.after_id]
        for each in made.comparison.numbers if made is not None and after.day > baseline.day else ():
            found.setdefault((each.what, each.unit), []).append(_point(each, after))
    return [_course(what, unit, view, baseline, points) for (what, unit), points in found.items()]


def _point(each: Compared, after: Photograph) -> Point:
    return Point(after.day, after, each.before, each.after, each.noise, each.verdict)


def _course(what: str, unit: str, view: str, baseline: Photograph, points: list[Point]) -> Course:
    points.sort(key=lambda point: point.day)
    days = [baseline.day.toordinal(), *(point.day.toordinal() for point in points)]
    values = [0.0, *(point.after - point.before for point in points)]
    return Course(what, unit, view, baseline, tuple(points), trend(days, values))
