"""Rows and panels of the picture: pregnancy prevention, results, weight, mood, symptoms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from isocourse.record.bloods import GradedLab
from isocourse.record.dates import day_of
from isocourse.record.effect_terms import read_symptom
from isocourse.record.events import Authorisation, PregnancyPotential
from isocourse.record.mood import total
from isocourse.record.tables import Rows
from isocourse.record.terminology import ITEMS_IN, words_for
from isocourse.words.answer import Answer
from isocourse.words.chart.picture import Panel, Span, Strip, Tick, Value
from isocourse.words.chart.shapes import Form
from isocourse.words.flowsheet import Cell, lab_cells
from isocourse.words.lab_units import LabUnits, limit_in, unit_text, weight_amount
from isocourse.words.sentence import Sentence, Word, said, word
from isocourse.words.story_says import sentence_of

ANALYTES = {
    "alt": "ALT",
    "ast": "AST",
    "triglycerides": "Triglycerides",
    "total_cholesterol": "Cholesterol",
    "ck": "CK",
}
_TEST_FORMS: dict[str, tuple[Form, str, str]] = {
    "negative": ("ring", "good", ""),
    "positive": ("diamond", "stop", "+"),
    "unclear": ("square", "warn", "?"),
}
_SEVERITIES = ("unknown", "mild", "moderate", "severe", "life_threatening")


# --- pregnancy prevention -------------------------------------------------------------------------
def pregnancy_strips(rows: Rows, answer: Answer, today: int) -> Iterator[Strip]:
    """Tests, windows and contraception; nothing where pregnancy is not possible and nothing of it is on record."""
    latest = [event for event in rows.get("pregnancy_potential", ()) if isinstance(event, PregnancyPotential)][-1:]
    possible = any(event.potential == "can" for event in latest)
    tests = [event for event in rows.get("pregnancy_test", ()) if event.happened_on.exact]
    methods: list[Any] = [event for event in rows.get("contraception_started", ()) if event.happened_on.exact]
    if not (possible or tests or methods):
        return
    yield Strip(Word("Pregnancy tests"), tuple(_test(event) for event in tests))
    windows = tuple(_windows(rows, answer, today))
    if windows:
        yield Strip(Word("Windows"), spans=windows)
    for method in dict.fromkeys(event.method for event in methods):
        own = [event for event in methods if event.method == method]
        yield Strip(_title(words_for(method)), spans=tuple(_methods(rows, own, today)))


def _test(event: Any) -> Tick:
    form, style, sign = _TEST_FORMS[event.result]
    return Tick(event.happened_on.last, form, style, sentence_of(event, {}), sign)


def _windows(rows: Rows, answer: Answer, today: int) -> Iterator[Span]:
    for event in rows.get("authorisation", ()):
        if isinstance(event, Authorisation):
            last = event.do_not_dispense_after.last
            yield Span(event.happened_on.last, last, "window", sentence_of(event, {}))
    if answer.window is not None:
        opens, last = day_of(answer.window.opens), day_of(answer.window.last_day)
        yield Span(opens, last, "window", said("{0}", Word(answer.window.what)), planned=opens > today)


def _methods(rows: Rows, started: Sequence[Any], today: int) -> Iterator[Span]:
    stopped = [
        (event.happened_on.first, getattr(event, "method", "")) for event in rows.get("contraception_stopped", ())
    ]
    for event in started:
        first = event.happened_on.last
        end = min((day for day, method in stopped if method == event.method and day >= first), default=None)
        says = said("Contraception: {0}", word(event.method))
        yield Span(first, today if end is None else end, "method", says, goes_on=end is None)


# --- values ---------------------------------------------------------------------------------------
def lab_panels(rows: Rows, graded: Sequence[GradedLab], units: LabUnits) -> Iterator[Panel]:
    """A panel for each analyte of the picture that has a result on a known day."""
    cells = lab_cells(rows, {row.events[0]: row for row in graded}, units)
    events = {event.id: event for event in rows.get("lab_result", ())}
    for analyte, title in ANALYTES.items():
        placed = [(date.fromisoformat(on).toordinal(), cell) for on, cell in cells.get(analyte, ()) if len(on) == 10]
        if not placed:
            continue
        limits = []
        for day, cell in placed:
            event: Any = events[cell.event]
            limit = limit_in(analyte, event.upper_limit, event.unit, units)
            if limit is not None:
                limits.append((day, limit.value, limit.text))
        unit = unit_text(placed[0][1].amount.unit)
        values = tuple(_value(day, cell, title, unit) for day, cell in placed)
        yield Panel(Word(title), unit, values, tuple(limits))


def _value(day: int, cell: Cell, title: str, unit: str) -> Value:
    grading, amount = cell.grading, cell.amount
    grade = max((n for n in (grading.number, grading.worst) if n is not None), default=None) if grading else None
    censored = amount.text if amount.comparator != "=" else ""
    if grading is not None and grading.doubted:
        form, style, sign = "cross", "warn", "?"
    elif grade is None:
        form, style, sign = "square", "quiet", censored
    elif grade > 0:
        form, style, sign = "triangle", "warn" if grade < 3 else "stop", f"G{grade}"
    else:
        form, style, sign = "dot", "plain", censored
    graded: Sentence | str = ""
    if grade is not None:
        graded = said(", grade {0}", grade)
    elif grading is not None:
        graded = said(", not graded: {0}", Word(grading.why))
    says = said("{0} {1} {2}{3}", Word(title), amount.text, unit, graded)
    return Value(day, amount.value, amount.text, form, style, says, sign)  # type: ignore[arg-type]


def body_panels(rows: Rows, weight_unit: str) -> Iterator[Panel]:
    """Weight, on a scale that does not begin at zero."""
    seen: list[Any] = [event for event in rows.get("weight", ()) if event.happened_on.exact]
    if seen:
        amounts = [(event.happened_on.last, weight_amount(event.value, event.unit, weight_unit)) for event in seen]
        unit = unit_text(weight_unit)
        values = tuple(
            Value(day, amount.value, amount.text, "dot", "plain", said("Weight {0} {1}", amount.text, unit))
            for day, amount in amounts
        )
        yield Panel(Word("Weight"), unit, values, from_zero=False)


def mood_panels(rows: Rows) -> Iterator[Panel]:
    """A panel for each questionnaire, over its whole scale."""
    asked: list[Any] = [event for event in rows.get("questionnaire", ()) if event.happened_on.exact]
    for name in dict.fromkeys(event.name for event in asked):
        values = tuple(_score(event) for event in asked if event.name == name)
        yield Panel(word(name), f"0–{3 * ITEMS_IN[name]}", values, most=3 * ITEMS_IN[name])


def _score(event: Any) -> Value:
    score, says, day = total(event.items), sentence_of(event, {}), event.happened_on.last
    if event.name in ("phq9", "phqa") and event.items[8]:
        return Value(day, Fraction(score or 0), str(score or "?"), "diamond", "stop", says, Word("item 9"))
    if score is None:
        return Value(day, Fraction(0), "?", "cross", "warn", says, "?")
    return Value(day, Fraction(score), str(score), "dot", "plain", says)


# --- symptoms -------------------------------------------------------------------------------------
def symptom_strips(rows: Rows, today: int) -> Iterator[Strip]:
    """A row for each symptom, the worst first: from when to when it was mentioned, and every entry."""
    over = {getattr(event, "symptom", ""): event.happened_on.last for event in rows.get("symptom_ended", ())}
    groups: dict[str, list[Any]] = {}
    for event in rows.get("symptom", ()):
        if event.happened_on.exact:
            groups.setdefault(_called(event), []).append(event)
    for called, entries in sorted(groups.items(), key=lambda item: (-_worst(item[1]), item[0])):
        entries.sort(key=lambda event: (event.happened_on.last, event.recorded_at))
        ticks = tuple(_entry(event) for event in entries)
        yield Strip(_title(called), ticks, tuple(_spans(called, entries, over, today)))


def _title(text: str) -> Word:
    return Word(text[:1].upper() + text[1:])


def _called(event: Any) -> str:
    """What a row is called: the term of the entry, or of its words where they are understood, else its words."""
    term = event.term or next(iter(read_symptom(event.text)), None)
    return str(word(term)) if term is not None else str(event.text)


def _severity(event: Any) -> int:
    return max(_SEVERITIES.index(event.severity), event.grade or 0)


def _worst(entries: Sequence[Any]) -> int:
    return max(_severity(event) for event in entries)


def _entry(event: Any) -> Tick:
    severity = _severity(event)
    form: Form = "dot" if severity < 2 else "triangle"
    style = ("quiet", "plain", "warn", "stop", "stop", "stop")[severity]
    sign = f"G{event.grade}" if event.grade else word(event.severity) if severity > 1 else ""
    return Tick(event.happened_on.last, form, style, sentence_of(event, {}), sign)


def _spans(called: str, entries: Sequence[Any], over: dict[str, int], today: int) -> Iterator[Span]:
    """From the first entry to its end; entries before an end are one spell."""
    first: int | None = None
    end: int | None = None
    for event in entries:
        day = event.happened_on.last
        if first is not None and end is not None and end < day:
            yield Span(first, end, "symptom", said("{0}", Word(called)))
            first = None
        first = day if first is None else first
        own_end = day if event.ended else over.get(event.id)
        end = own_end if own_end is None or own_end >= day else day
    if first is not None:
        yield Span(first, today if end is None else end, "symptom", said("{0}", Word(called)), goes_on=end is None)
