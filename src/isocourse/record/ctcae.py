"""Grades of laboratory results by the Common Terminology Criteria for Adverse Events, v5.0 and v6.0.

The cut-offs stand here as tables, each in the units in which CTCAE prints them: a result is graded in the unit
it was reported in and never converted first (CTCAE's mg/dL and mmol/L are not exact conversions). Multiples are
of the laboratory's own limit, in the unit of the result. All arithmetic is exact.

A grade is for *reporting*. With an abnormal baseline CTCAE counts multiples of the baseline, which can call a
dangerous result mild; so `Grade` carries what the limit alone says (`by_absolute`) beside it, for actions.

Source: NCI CTCAE v5.0 (27 Nov 2017) and v6.0 as transcribed in pharmaverse/admiral; clinical criteria in a lab
cell ("transfusion indicated", "life-threatening consequences") are not graded from a number.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, TypeGuard

from isocourse.record.ctcae_tables import (
    TABLES,
    AboveBoth,
    BySymptoms,
    Edition,
    Falling,
    Multiples,
    OneGrade,
    Rising,
    Table,
)
from isocourse.record.quantities import Reported


class Grade(NamedTuple):
    """What CTCAE says of one result.

    `number`: 0 is graded normal, 1 to 4 are grades, None is "cannot be graded" (`why` says why not, or by which
    clause it was). `by_absolute` counts the limit or the printed cut-off alone, `by_baseline` the baseline alone
    (None where that clause does not apply).
    """

    number: int | None
    why: str
    by_absolute: int | None
    by_baseline: int | None


class Baseline(NamedTuple):
    """The result before treatment: its value and upper limit, both in the unit of the result to be graded."""

    value: Fraction
    upper_limit: Fraction | None


NO_UPPER = "the laboratory's upper limit is missing"
NO_LOWER = "the laboratory's lower limit is missing"
NO_BASELINE = "no result before treatment is known, so neither clause can be chosen"
NO_TABLE = "this edition has no grades made of numbers for it"
NO_UNIT = "this edition prints no cut-offs in this unit"
SPANS = "the reported value only bounds the result, and more than one grade is possible"
NOT_FASTING = "the grade is printed for fasting values, and fasting is not on record"
NO_SYMPTOMS = "the grade depends on symptoms, and none are stated"
NO_CELL = "the edition prints no grade here: the result before treatment was above 5 times the limit"

# A value and which side of it: -1 just below, 0 itself, 1 just above. Tuples compare as wanted.
_Point = tuple[Fraction, int]
_ENDLESS: _Point = (Fraction(10**30), 0)


class _Case(NamedTuple):
    unit: str
    upper: Fraction | None
    lower: Fraction | None
    baseline: Fraction | None
    abnormal: bool | None  # whether the baseline was above its limit; None: not known
    fasting: bool | None
    symptoms: bool | None
    baseline_multiple: Fraction | None


@lru_cache(maxsize=4096)
def grade(
    analyte: str,
    value: Reported,
    unit: str,
    *,
    upper_limit: Decimal | None = None,
    lower_limit: Decimal | None = None,
    baseline: Baseline | None = None,
    edition: Edition = "v5",
    fasting: bool | None = None,
    symptoms: bool | None = None,
) -> Grade:
    """Grade one result in the unit it was reported in. A censored value ("<5") is graded where every value it can
    stand for has the same grade."""
    table = TABLES[edition].get(analyte)
    if table is None:
        return Grade(None, NO_TABLE, None, None)
    case = _case(unit, upper_limit, lower_limit, baseline, fasting, symptoms)
    ends = _ends(value)
    absolute, why = _over(ends, lambda point: _absolute(table, point, case))
    if _asks_before(table):
        return _with_baseline(table, ends, case, absolute, why)
    return Grade(absolute, why, absolute, None)


def _asks_before(table: Table) -> TypeGuard[Multiples | AboveBoth]:
    return isinstance(table, AboveBoth) or (isinstance(table, Multiples) and bool(table.of_baseline))


# By edition, the analytes whose grade depends on the result before treatment.
BY_BASELINE = {
    edition: frozenset(analyte for analyte, table in tables.items() if _asks_before(table))
    for edition, tables in TABLES.items()
}


def multiple(value: Reported, upper_limit: Decimal | None, most: int = 21) -> int | None:
    """How many times the upper limit, rounded up, so that "above 3 times" is exactly `multiple > 3`.

    1 is "not above the limit"; `most` is "above most - 1 times, however much". None when the limit is missing or
    a censored value leaves it open.
    """
    if upper_limit is None or upper_limit <= 0:
        return None
    limit = Fraction(upper_limit)
    low, high = (_rounded_up(point, limit, most) for point in _ends(value))
    return low if low == high else None


def below(value: Reported, lower_limit: Decimal | None) -> bool | None:
    """Whether the result is below the lower limit. None when that is missing or a censored value leaves it open."""
    limit = _positive(lower_limit)
    if limit is None:
        return None
    low, high = (point < (limit, 0) for point in _ends(value))
    return low if low == high else None


def _rounded_up(point: _Point, limit: Fraction, most: int) -> int:
    times = point[0] / limit
    whole = times.numerator // times.denominator
    above = whole < times or point[1] > 0
    return min(max(whole + 1 if above else whole, 1), most)


def _case(
    unit: str,
    upper: Decimal | None,
    lower: Decimal | None,
    baseline: Baseline | None,
    fasting: bool | None,
    symptoms: bool | None,
) -> _Case:
    abnormal = times = None
    base_limit = _positive(baseline.upper_limit) if baseline is not None else None
    if baseline is not None and base_limit is not None:
        times = baseline.value / base_limit
        abnormal = times > 1
    before = baseline.value if baseline is not None else None
    return _Case(unit, _positive(upper), _positive(lower), before, abnormal, fasting, symptoms, times)


def _positive(limit: Decimal | Fraction | None) -> Fraction | None:
    """A limit of zero or less limits nothing; it counts as missing."""
    return Fraction(limit) if limit is not None and limit > 0 else None


def _ends(value: Reported) -> tuple[_Point, _Point]:
    """The least and the greatest the result can be."""
    at = Fraction(value.value)
    match value.comparator:
        case "<":
            return (Fraction(0), 0), (at, -1)
        case "<=":
            return (Fraction(0), 0), (at, 0)
        case ">":
            return (at, 1), _ENDLESS
        case ">=":
            return (at, 0), _ENDLESS
        case _:
            return (at, 0), (at, 0)


_Said = tuple[int | None, str]
_Grader = Callable[[_Point], _Said]


def _over(ends: tuple[_Point, _Point], graded: _Grader) -> _Said:
    """The one grade of everything between the ends: grades only rise, or only fall, along a table."""
    low, why = graded(ends[0])
    if ends[0] == ends[1]:
        return low, why
    high, other = graded(ends[1])
    if low is None or high is None:
        return None, why if low is None else other
    return (low, why) if low == high else (None, SPANS)


def _absolute(table: Table, point: _Point, case: _Case) -> _Said:
    match table:
        case Multiples(steps):
            if case.upper is None:
                return None, NO_UPPER
            return _above(point, case.upper, ("1", *steps)), "by the upper limit"
        case Rising():
            return _rising(table, point, case)
        case Falling():
            return _falling(table, point, case)
        case BySymptoms():
            return _by_symptoms(table, point, case)
        case OneGrade(low=True):
            return (None, NO_LOWER) if case.lower is None else (int(point < (case.lower, 0)), "by the lower limit")
        case _:
            return (None, NO_UPPER) if case.upper is None else (int(point > (case.upper, 0)), "by the upper limit")


def _above(point: _Point, unit_of: Fraction, steps: tuple[str, ...]) -> int:
    return sum(point > (unit_of * Fraction(step), 0) for step in steps)


def _rising(table: Rising, point: _Point, case: _Case) -> _Said:
    cut_offs = table.units.get(case.unit)
    if cut_offs is None:
        return None, NO_UNIT
    found = 1 + _above(point, Fraction(1), cut_offs[1:])
    if found == 1:
        if cut_offs[0]:
            first = (Fraction(cut_offs[0]), 0)
            found = int(point >= first if table.first_counts else point > first)
        elif case.upper is None:
            return None, NO_UPPER
        else:
            found = int(point > (case.upper, 0))
    if 0 < found < table.fasting_below and case.fasting is not True:
        return None, NOT_FASTING
    return found, "by the printed cut-off"


def _falling(table: Falling, point: _Point, case: _Case) -> _Said:
    cut_offs = table.units.get(case.unit)
    if cut_offs is None:
        return None, NO_UNIT
    steps = cut_offs[1:] if table.from_limit else cut_offs
    found = sum(point < (Fraction(step), 0) for step in steps)
    if not table.from_limit:
        return found, "by the printed cut-off"
    if found:
        return found + 1, "by the printed cut-off"
    if case.lower is None:
        return None, NO_LOWER
    return int(point < (case.lower, 0)), "by the lower limit"


def _by_symptoms(table: BySymptoms, point: _Point, case: _Case) -> _Said:
    if case.upper is None:
        return None, NO_UPPER
    step = _above(point, case.upper, ("1", *table.steps))
    if step <= 2:
        return step, "by the upper limit"
    if case.symptoms is None:
        return None, NO_SYMPTOMS
    return step - (not case.symptoms), "by the upper limit and symptoms"


def _with_baseline(
    table: Multiples | AboveBoth, ends: tuple[_Point, _Point], case: _Case, absolute: int | None, why: str
) -> Grade:
    """The clause that applies: the upper limit after a normal baseline, the baseline after an abnormal one."""
    if case.abnormal is None:
        # Whichever clause applies, a result that is not above the limit has no grade.
        return (
            Grade(0, why, 0, None)
            if absolute == 0
            else Grade(None, why if absolute is None else NO_BASELINE, absolute, None)
        )
    if not case.abnormal:
        return Grade(absolute, why, absolute, None)
    by_baseline, clause = _over(ends, lambda point: _of_baseline(table, point, case))
    return Grade(by_baseline, clause, absolute, by_baseline)


def _of_baseline(table: Multiples | AboveBoth, point: _Point, case: _Case) -> _Said:
    before = case.baseline
    assert before is not None
    if isinstance(table, AboveBoth):
        if case.upper is None:
            return None, NO_UPPER
        return int(point > (before, 0) and point > (case.upper, 0)), "by the baseline and the upper limit"
    found = _above(point, before, table.of_baseline)
    until = table.third_until_baseline
    if found == 2 and until and case.baseline_multiple is not None and case.baseline_multiple > Fraction(until):
        return None, NO_CELL
    if found:
        return found + 1, "by the baseline"
    first = (before * Fraction(table.first), 0)
    return int(point >= first if table.first_counts else point > first), "by the baseline"
