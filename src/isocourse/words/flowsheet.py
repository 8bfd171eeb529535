"""The flowsheet: laboratory results, weights and scores by day, oldest first, in the units of the clinic.

Each result stands as it was reported, with the laboratory's limits, its CTCAE grade (or why it has none), and whether
it is higher or lower than the one before. Nothing is filled in: a day without a result is an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from isocourse.record import ctcae
from isocourse.record.bloods import GradedLab
from isocourse.record.events import Height, LabResult, Questionnaire, SkinScore, Weight
from isocourse.record.mood import severity, total
from isocourse.record.quantities import Reported, convert
from isocourse.record.tables import Rows
from isocourse.record.terminology import HEIGHT_UNITS, ITEMS_IN
from isocourse.words import skin_scores
from isocourse.words.lab_units import Amount, LabUnits, lab_amount, limit_in, rounded, unit_text, weight_amount
from isocourse.words.sentence import Sentence, Word, said, word

Trend = Literal["higher", "lower", "same", ""]
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Liver", ("alt", "ast", "ggt", "alp", "bilirubin")),
    ("Blood fats", ("triglycerides", "total_cholesterol", "ldl", "hdl")),
    ("Muscle and pancreas", ("ck", "lipase")),
    ("Sugar", ("glucose", "hba1c")),
    ("Blood count", ("haemoglobin", "white_cells", "neutrophils", "platelets")),
    ("Hormones", ("hcg", "fsh")),
)
DOUBTED = "It cannot be what it says: look at unit, decimal point and limits."


class Grading(NamedTuple):
    """A CTCAE grade for the page: `number` 0 to 4, None where there is none (`why` says why not). `worst` is the one by
    the laboratory's limit alone where that is higher. `doubted`: number or unit cannot be right."""

    number: int | None
    worst: int | None
    why: str
    doubted: bool


class Cell(NamedTuple):
    """One result of one day. `flag` is high or low by the laboratory's own limits, empty within or without limits."""

    event: str
    amount: Amount
    says: Sentence | None
    limits: str
    flag: Literal["high", "low", ""]
    grading: Grading | None
    trend: Trend
    review: str


class Row(NamedTuple):
    """One analyte or score. `cells` by place of the day; several of one day in the order written down."""

    title: Word
    unit: str
    cells: tuple[tuple[Cell, ...], ...]


class Group(NamedTuple):
    title: Word
    rows: tuple[Row, ...]


class Flowsheet(NamedTuple):
    """`days` are dates as written (YYYY-MM-DD, or only a part), oldest first."""

    days: tuple[str, ...]
    groups: tuple[Group, ...]


Placed = tuple[str, Cell]  # the date as written, the cell


def flowsheet(rows: Rows, graded: Sequence[GradedLab], *, units: LabUnits, weight_unit: str) -> Flowsheet:
    """The flowsheet of rows as of a day (corrections applied)."""
    grades = {row.events[0]: row for row in graded}
    named: list[tuple[Word, list[tuple[Word, str, list[Placed]]]]] = []
    labs = lab_cells(rows, grades, units)
    for title, analytes in GROUPS:
        known = [(word(name), _unit_of(labs[name]), labs[name]) for name in analytes if name in labs]
        named.append((Word(title), known))
    named.append((Word("Body"), list(_body(rows, weight_unit))))
    named.append((Word("Mood"), list(_moods(rows))))
    named.append((Word("Skin"), list(_skin(rows))))
    days = sorted(
        {day for _, parts in named for _, _, cells in parts for day, _ in cells}, key=lambda text: text.ljust(10, "~")
    )
    return Flowsheet(
        tuple(days),
        tuple(
            Group(title, tuple(Row(name, unit, _by_day(days, cells)) for name, unit, cells in parts))
            for title, parts in named
            if parts
        ),
    )


def _by_day(days: Sequence[str], placed: Sequence[Placed]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(cell for on, cell in placed if on == day) for day in days)


def _unit_of(placed: Sequence[Placed]) -> str:
    return unit_text(placed[0][1].amount.unit)


# --- laboratory -----------------------------------------------------------------------------------
def lab_cells(rows: Rows, grades: Mapping[str, GradedLab], units: LabUnits) -> dict[str, list[Placed]]:
    """By analyte: every result in order, with the date as written."""
    found: dict[str, list[Placed]] = {}
    before: dict[str, Amount] = {}
    for event in rows.get("lab_result", ()):
        assert isinstance(event, LabResult)
        amount = lab_amount(event.analyte, event.value, event.unit, units)
        upper = limit_in(event.analyte, event.upper_limit, event.unit, units)
        lower = limit_in(event.analyte, event.lower_limit, event.unit, units)
        row = grades.get(event.id)
        cell = Cell(
            event.id,
            amount,
            None,
            _limits(lower, upper),
            _flag(amount, lower, upper),
            grading_of(event, row),
            trend(before.get(event.analyte), amount),
            row.review if row is not None and row.review not in (None, "none") else "",
        )
        before[event.analyte] = amount
        found.setdefault(event.analyte, []).append((event.happened_on.text, cell))
    return found


def _limits(lower: Amount | None, upper: Amount | None) -> str:
    if lower is not None and upper is not None:
        return f"{lower.text}–{upper.text}"
    return f"≤ {upper.text}" if upper is not None else f"≥ {lower.text}" if lower is not None else ""


def _flag(amount: Amount, lower: Amount | None, upper: Amount | None) -> Literal["high", "low", ""]:
    """Beyond the laboratory's limits, where the report settles it."""
    if upper is not None and amount.value >= upper.value and amount.comparator in ("=", ">", ">="):
        return "high" if amount.value > upper.value or amount.comparator == ">" else ""
    if lower is not None and amount.value <= lower.value and amount.comparator in ("=", "<", "<="):
        return "low" if amount.value < lower.value or amount.comparator == "<" else ""
    return ""


def grading_of(event: LabResult, row: GradedLab | None) -> Grading | None:
    """The grade of a result for the page; None for an analyte that is not graded at all."""
    if row is None:
        return None
    worst = row.worst_grade if row.worst_grade != row.grade else None
    if row.implausible:
        return Grading(None, None, DOUBTED, True)
    why = "" if row.grade is not None else _why_ungraded(event)
    return Grading(row.grade, worst, why, False)


def _why_ungraded(event: LabResult) -> str:
    alone = ctcae.grade(
        event.analyte,
        Reported(event.value.value, event.value.comparator),
        event.unit,
        upper_limit=event.upper_limit,
        lower_limit=event.lower_limit,
    )
    return alone.why if alone.number is None else ctcae.NO_BASELINE


def trend(before: Amount | None, now: Amount) -> Trend:
    """Higher, lower or the same as the result before; empty where a bound ("<5") leaves it open."""
    if before is None:
        return ""
    if before.comparator == now.comparator == "=":
        return "higher" if now.value > before.value else "lower" if now.value < before.value else "same"
    if now.value >= before.value and now.comparator in (">", ">=", "=") and before.comparator in ("<", "<=", "="):
        strictly = now.value > before.value or now.comparator == ">" or before.comparator == "<"
        return "higher" if strictly else ""
    if now.value <= before.value and now.comparator in ("<", "<=", "=") and before.comparator in (">", ">=", "="):
        strictly = now.value < before.value or now.comparator == "<" or before.comparator == ">"
        return "lower" if strictly else ""
    return ""


# --- body, mood, skin -----------------------------------------------------------------------------
def _plain_cells(events: Sequence[Any], amounts: Sequence[Amount], says: Sequence[Sentence | None]) -> list[Placed]:
    found: list[Placed] = []
    before: Amount | None = None
    for event, amount, text in zip(events, amounts, says, strict=True):
        cell = Cell(event.id, amount, text, "", "", None, trend(before, amount) if amount.text else "", "")
        before = amount if amount.text else before
        found.append((event.happened_on.text, cell))
    return found


def _body(rows: Rows, weight_unit: str) -> Iterator[tuple[Word, str, list[Placed]]]:
    weights = [event for event in rows.get("weight", ()) if isinstance(event, Weight)]
    if weights:
        amounts = [weight_amount(event.value, event.unit, weight_unit) for event in weights]
        yield Word("Weight"), unit_text(weight_unit), _plain_cells(weights, amounts, [None] * len(weights))
    heights = [event for event in rows.get("height", ()) if isinstance(event, Height)]
    if heights:
        yield Word("Height"), "cm", _plain_cells(heights, [_height(h) for h in heights], [None] * len(heights))


def _height(event: Height) -> Amount:
    exact = convert(event.value, HEIGHT_UNITS[event.unit])
    if event.unit == "cm":
        return Amount(exact, "=", format(event.value, "f"), "cm", "")
    return Amount(exact, "=", rounded(exact, 1), "cm", f"{format(event.value, 'f')} {unit_text(event.unit)}")


def _moods(rows: Rows) -> Iterator[tuple[Word, str, list[Placed]]]:
    asked = [event for event in rows.get("questionnaire", ()) if isinstance(event, Questionnaire)]
    for name in dict.fromkeys(event.name for event in asked):
        own = [event for event in asked if event.name == name]
        unit = f"0–{3 * ITEMS_IN[name]}"
        yield word(name), unit, _plain_cells(own, [_score(event) for event in own], [_about(event) for event in own])


def _score(event: Questionnaire) -> Amount:
    score = total(event.items)
    return Amount(Fraction(score or 0), "=", "" if score is None else str(score), "", "")


def _about(event: Questionnaire) -> Sentence | None:
    score = total(event.items)
    if score is None:
        return said("no total: {0} of {1} answered", len(event.items) - event.items.count(None), len(event.items))
    if event.name in ("phq9", "phqa") and event.items[8]:
        return said("item 9 (self-harm): {0}", event.items[8])
    band = severity(event.name, score)
    return said("{0}", word(band)) if band is not None else None


def _skin(rows: Rows) -> Iterator[tuple[Word, str, list[Placed]]]:
    seen = [event for event in rows.get("skin_score", ()) if isinstance(event, SkinScore)]
    for scale in dict.fromkeys(event.scale for event in seen):
        own = [event for event in seen if event.scale == scale]
        amounts = [Amount(Fraction(event.value), "=", format(event.value, "f"), "", "") for event in own]
        before = (None, *(event.value for event in own))
        says = [skin_scores.told(scale, event.value, before=last) for event, last in zip(own, before, strict=False)]
        yield skin_scores.title(scale), skin_scores.range_text(scale), _plain_cells(own, amounts, says)
