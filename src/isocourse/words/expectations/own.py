"""The person's own entries that stand beside an expectation: symptoms, scores, results, figures of photographs.

Nothing is added up and no cause is told. What was not recorded is not absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from isocourse.engine.decide import Evaluation
from isocourse.plan.treated import Treated
from isocourse.skin.scales.change import change
from isocourse.skin.scales.library import SCALES
from isocourse.words.chart.shapes import Form
from isocourse.words.expectations.shape import Watch
from isocourse.words.lab_units import rounded
from isocourse.words.photograph_change import UNITS, VERDICTS, number, titled
from isocourse.words.sentence import Sentence, Word, said
from isocourse.words.skin_scores import change_says
from isocourse.words.skin_scores import title as scale_title
from isocourse.words.story_says import sentence_of

Source = Literal["symptom", "score", "result", "photograph"]
SEVERE = 3


@dataclass(frozen=True)
class Mark:
    """One entry on a day, the last that its date can mean; `exact` whether that is the day. `there` is whether the
    thing was there then, None where the entry does not say. `better` is a count that fell by more than its noise, None
    of everything else. `urgent`: a red flag or severe, which no range is for. `plain` is for the patient's sheet."""

    day: int
    exact: bool
    source: Source
    says: Sentence
    form: Form
    style: str
    there: bool | None = None
    better: bool | None = None
    clear: bool | None = None
    urgent: bool = False
    short: Sentence | None = None

    @property
    def plain(self) -> Sentence:
        return self.short if self.short is not None else self.says


@dataclass(frozen=True)
class Figure:
    """A figure of two photographs in the skin they have in common: at the first visit and on `day`, with the noise of
    that comparison (None: not known) and what `skin.change` says of it."""

    what: str
    unit: str
    day: int
    before: float
    after: float
    noise: float | None
    verdict: str


def marks_of(evaluation: Evaluation, clock: Treated, watch: Watch, figures: Sequence[Figure] = ()) -> tuple[Mark, ...]:
    """Everything of this course that is watched, oldest first."""
    found = [
        *_symptoms(evaluation, watch),
        *_scores(evaluation, clock, watch),
        *_results(evaluation, watch),
        *_figures(figures, watch),
    ]
    return tuple(
        sorted((mark for mark in found if mark.day >= clock.from_day), key=lambda mark: (mark.day, mark.source))
    )


# --- symptoms -------------------------------------------------------------------------------------
def _symptoms(evaluation: Evaluation, watch: Watch) -> Iterator[Mark]:
    if not watch.terms:
        return
    events: Mapping[str, Any] = {event.id: event for event in evaluation.rows.get("symptom", ())}
    watched: dict[str, Any] = {}
    for row in evaluation.episodes.get("graded_symptom", ()):
        event = events.get(row.events[0])
        if row.term in watch.terms and event is not None:
            before = watched.get(event.id)
            if before is None or (row.worst_grade or 0) > (before.worst_grade or 0):
                watched[event.id] = row
    for name, row in watched.items():
        yield _symptom(events[name], row)
    for event in evaluation.rows.get("symptom_ended", ()):
        named: Any = event
        if named.symptom in watched:
            says = said("Over: {0}", events[named.symptom].text)
            yield Mark(event.happened_on.last, event.happened_on.exact, "symptom", says, "ring", "good", there=False)


def _symptom(event: Any, row: Any) -> Mark:
    grade = row.worst_grade
    urgent = row.effect_class == "red_flag" or (grade is not None and grade >= SEVERE)
    style = "stop" if urgent else "warn" if grade is not None and grade > 1 else "plain" if grade else "quiet"
    form: Form = "ring" if event.ended else "triangle" if grade is None or grade > 1 else "dot"
    on = event.happened_on
    return Mark(on.last, on.exact, "symptom", sentence_of(event, {}), form, style, there=not event.ended, urgent=urgent)


# --- scores ---------------------------------------------------------------------------------------
def _scores(evaluation: Evaluation, clock: Treated, watch: Watch) -> Iterator[Mark]:
    for name in watch.scales:
        seen: list[Any] = sorted(
            (event for event in evaluation.rows.get("skin_score", ()) if getattr(event, "scale", "") == name),
            key=lambda event: (event.happened_on.last, event.recorded_at),
        )
        before = _baseline(seen, clock)
        for event in seen:
            yield _score(event, None if before is event else before)


def _baseline(seen: Sequence[Any], clock: Treated) -> Any | None:
    """The last score before the first dose, or on its day; of this course."""
    first = clock.first_dose
    early = [e for e in seen if first is not None and clock.from_day <= e.happened_on.last <= first]
    return early[-1] if early else None


def _score(event: Any, before: Any | None) -> Mark:
    scale, on = SCALES.get(event.scale), event.happened_on
    value = Fraction(event.value)
    short = said("{0} {1}", scale_title(event.scale), rounded(value, 2))
    says, better = short, None
    if before is not None and scale is not None and on.last > before.happened_on.last:
        moved = change(scale, Fraction(before.value), value)
        says = said("{0} {1} ({2}, against before the first capsule)", *short.parts, change_says(scale, moved))
        better = {"improved": True, "within_noise": False, "worse": False, "same": False}.get(moved.verdict)
    clear = value <= 1 if event.scale == "iga" else None
    form: Form = "ring" if better or clear else "square"
    return Mark(
        on.last, on.exact, "score", says, form, "good" if form == "ring" else "plain",
        there=value > 0, better=better, clear=clear, short=short,
    )  # fmt: skip


# --- results and photographs ----------------------------------------------------------------------
def _results(evaluation: Evaluation, watch: Watch) -> Iterator[Mark]:
    """Results with a grade of 1 or more since the first dose; one that is doubted has none."""
    if not watch.analytes:
        return
    events: Mapping[str, Any] = {event.id: event for event in evaluation.rows.get("lab_result", ())}
    for row in evaluation.episodes.get("graded_lab", ()):
        worst = max((grade for grade in (row.grade, row.worst_grade) if grade is not None), default=0)
        event = events.get(row.events[0])
        if row.analyte not in watch.analytes or event is None or worst < 1:
            continue
        severe = worst >= SEVERE
        says = said("{0}, grade {1}", sentence_of(event, {}), worst)
        style = "stop" if severe else "warn"
        yield Mark(
            event.happened_on.last,
            event.happened_on.exact,
            "result",
            says,
            "triangle",
            style,
            there=True,
            urgent=severe,
        )


def _figures(figures: Iterable[Figure], watch: Watch) -> Iterator[Mark]:
    """Figures of photographs are shown with their noise and decide nothing: they are not validated."""
    for each in figures:
        if each.what not in watch.figures:
            continue
        now = number(each.after) + (f" {UNITS.get(each.unit, each.unit)}" if each.unit else "")
        noise = f"± {number(each.noise)}" if each.noise is not None else Word("not known")
        says = said(
            "{0}: {1} at the first photograph, {2} now (noise {3}): {4}",
            titled(each.what), number(each.before), now, noise, Word(VERDICTS[each.verdict]),
        )  # fmt: skip
        yield Mark(each.day, True, "photograph", says, "diamond", "quiet")
