"""Laboratory results as rules need them: graded, set against the result before treatment, and with who looked.

Three episodes. `graded_lab`: one row for each result, but for those about fertility. `peak_dose`: since when the
highest daily dose of the course is supplied. `monitoring_risk`: what is on record that calls for closer monitoring.
Everything follows from the rows in view; nothing here changes with time alone.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from isocourse.record import terminology as t
from isocourse.record.ctcae import BY_BASELINE, Baseline, below, grade, multiple
from isocourse.record.ctcae_tables import Edition
from isocourse.record.plausible import BOUNDS, implausible
from isocourse.record.policy import Policy
from isocourse.record.quantities import Reported, convert, ratio
from isocourse.record.roles import PRESCRIBERS
from isocourse.record.tables import Rows

_NONE: list[Any] = []
# Units of one analyte whose ratio is exact by definition, so that a baseline may be carried over.
_ENZYMES = frozenset({"alt", "ast", "alp", "ggt", "ck", "lipase"})
_KG = {unit: factor.as_integer_ratio() for unit, factor in t.WEIGHT_UNITS.items()}
_CM = {unit: factor.as_integer_ratio() for unit, factor in t.HEIGHT_UNITS.items()}


class GradedLab(Struct, frozen=True, gc=False):
    """A result and what it is worth.

    `day` is the first day it can have been taken (`exact`: the only one), so that it is never fresher than it is.
    `value` is in the unit reported, `hundredths` the same times 100; both are unknown for "> x". `times_uln` is
    the multiple of the laboratory's upper limit, rounded up and at most 21; `times_known` is whether there is that
    multiple. `grade` is CTCAE's, `worst_grade` the higher of that and the one by the upper limit alone; `graded`
    whether there is one; a result that is `implausible` (see `plausible`) has none. `below` is whether the value
    is below the laboratory's lower limit, None without one. `fasting` is true only when enough hours are on
    record. `baseline`: taken before the first dose of the course. `current`: no later result of this analyte.
    `review`: the prescriber's latest decision that names it, "none" without one.
    """

    day: int
    exact: bool
    analyte: t.Analyte
    unit: Literal["mg/dL", "mmol/L", "other"]
    value: Decimal | None
    hundredths: Decimal | None
    times_uln: int | None
    times_known: bool
    grade: int | None
    worst_grade: int | None
    graded: bool
    implausible: bool
    below: bool | None
    fasting: bool
    hours_since_alcohol: Decimal | None
    baseline: bool
    current: bool
    review: t.LabDecision | None
    events: tuple[str, ...]


class PeakDose(Struct, frozen=True, gc=False):
    """Since when the highest daily dose of this course has been supplied; where no dose is on record, since the
    first supply, which is the earlier day and so the stricter one. One row once a supply was given."""

    day: int
    events: tuple[str, ...]


class MonitoringRisk(Struct, frozen=True, gc=False):
    """Something on record that calls for closer monitoring."""

    day: int
    risk: Literal[
        "obesity", "high_dose", "diabetes", "lipid_disorder", "pancreatitis", "alcohol", "smoking", "liver_disease"
    ]
    events: tuple[str, ...]


def bloods(rows: Rows, epoch_day: int, policy: Policy) -> dict[str, list[Any]]:
    """The three episodes by name."""
    return {
        "graded_lab": graded_labs(rows, epoch_day, policy) if "lab_result" in rows else _NONE,
        "peak_dose": peak_doses(rows, epoch_day),
        "monitoring_risk": monitoring_risks(rows, epoch_day, policy),
    }


# --- results --------------------------------------------------------------------------------------
def graded_labs(rows: Rows, epoch_day: int, policy: Policy) -> list[GradedLab]:
    """Every result of an analyte that belongs here, in the order of the rows. A result is held against the one before
    treatment, unless it is before treatment itself."""
    results = rows.get("lab_result", _NONE)
    start = _treatment_start(rows, epoch_day)
    edition: Edition = "v6" if policy.ctcae_edition == "v6" else "v5"
    asks_before = BY_BASELINE[edition]
    known = _before_treatment(results, start, asks_before)
    reviews = _reviews(rows) if "lab_reviewed" in rows else {}
    needed = policy.lab_fasting_hours
    newest: dict[str, int] = {}
    found = []
    # Backwards: rows come in order of their last day, so whether a result has a later one is known when it is reached.
    for event in reversed(results):
        analyte = event.analyte
        if analyte not in BOUNDS:
            continue
        day, hours, said = event.happened_on, event.fasting_hours, event.value
        first, last = day.first, day.last
        seen = newest.get(analyte, 0)
        if first > seen:
            newest[analyte] = first
        is_baseline = start is None or last <= start
        # Where nothing depends on the result before treatment, one remembered answer serves all.
        by_limit_alone = is_baseline or analyte not in asks_before
        fasting = hours is not None and needed is not None and hours >= needed
        numbers = (
            analyte,
            said.comparator,
            said.value,
            event.unit,
            event.upper_limit,
            event.lower_limit,
            None if by_limit_alone else known.get(analyte),
            edition,
            fasting,
            by_limit_alone,
        )
        # Taken apart: handing the row a tuple with * takes longer than making the row.
        unit, value, hundredths, times, known_times, number, worst, graded, doubted, is_below = _KEPT[numbers]
        found.append(
            GradedLab(
                first,
                day.exact,
                analyte,
                unit,
                value,
                hundredths,
                times,
                known_times,
                number,
                worst,
                graded,
                doubted,
                is_below,
                fasting,
                event.hours_since_alcohol,
                is_baseline,
                last >= seen,
                _review(reviews, event) if reviews else None,
                (event.id,),
            )
        )
    found.reverse()
    return found


def _before_treatment(results: list[Any], start: int | None, wanted: frozenset[str]) -> dict[str, _Result]:
    """The result before treatment of each analyte wanted; none while treatment has not begun, for then all are."""
    if start is None:
        return {}
    before: dict[str, Any] = {}
    for event in results:
        if event.happened_on.last > start:
            break
        analyte = event.analyte
        if analyte in wanted:
            before[analyte] = event if analyte not in before else _of_one_day(before[analyte], event)
    return {analyte: _reported(event) for analyte, event in before.items()}


_Unit = Literal["mg/dL", "mmol/L", "other"]
_UNITS: dict[str, _Unit] = {"mg/dL": "mg/dL", "mmol/L": "mmol/L"}
# Comparator, value, unit and upper limit of a result, as it was reported.
_Result = tuple[str, Decimal, str, Decimal | None]
# What `_worth` is handed, in that order.
_Numbers = tuple[str, str, Decimal, str, Decimal | None, Decimal | None, _Result | None, Edition, bool, bool]


# Stands for every result before treatment that was not above its limit: the limit then decides whatever the value was.
_WITHIN = (Decimal(0), Decimal(1))


def _reported(event: Any) -> _Result:
    reported, limit = event.value, event.upper_limit
    value, comparator = reported.value, reported.comparator
    if limit is not None and limit > 0 and value <= limit and comparator not in (">", ">="):
        value, limit = _WITHIN
    return comparator, value, event.unit, limit


def _review(reviews: dict[str, list[tuple[int, Any]]], event: Any) -> Any:
    """The latest decision about this very result, made on its day or later."""
    day = event.happened_on.first
    return next((said for on, said in reversed(reviews.get(event.id, _NONE)) if on >= day), None)


class _Worth(NamedTuple):
    """What a row says that follows from the numbers alone; see `GradedLab`, in the same order."""

    unit: _Unit
    value: Decimal | None
    hundredths: Decimal | None
    times_uln: int | None
    times_known: bool
    grade: int | None
    worst_grade: int | None
    graded: bool
    implausible: bool
    below: bool | None


def _worth(
    analyte: str,
    comparator: str,
    reported: Decimal,
    unit: str,
    upper_limit: Decimal | None,
    lower_limit: Decimal | None,
    before: _Result | None,
    edition: Edition,
    fasting: bool,
    by_limit_alone: bool,
) -> _Worth:
    """Grade and multiple of the upper limit."""
    made = grade(
        analyte,
        Reported(reported, comparator),
        unit,
        upper_limit=upper_limit,
        lower_limit=lower_limit,
        baseline=_in_unit(analyte, before, unit) if before is not None else None,
        edition=edition,
        fasting=True if fasting else None,
    )
    absolute = made.by_absolute
    number = absolute if by_limit_alone else made.number
    doubted = implausible(analyte, reported, unit, upper_limit=upper_limit, lower_limit=lower_limit)
    if doubted:
        # The value and the multiple stay: what would stop treatment if it were true goes on stopping it.
        number = absolute = None
    worst = absolute if number is None or absolute is None else max(number, absolute)
    value = None if comparator in (">", ">=") else reported
    times = multiple(Reported(reported, comparator), upper_limit)
    return _Worth(
        _UNITS.get(unit, "other"),
        value,
        value * 100 if value is not None else None,
        times,
        times is not None,
        number,
        worst,
        worst is not None,
        doubted,
        below(Reported(reported, comparator), lower_limit),
    )


class _Kept(dict[_Numbers, _Worth]):
    """What results are worth, by their numbers. Kept, because the same ones are asked for day after day: so what makes
    no difference is not among them, and the few that are kept stay at hand. A plain dictionary that begins anew when
    it is full: `lru_cache` puts every number it is asked for in order again, which is as much work as finding it."""

    def __missing__(self, numbers: _Numbers) -> _Worth:
        if len(self) >= MOST_KEPT:
            self.clear()
        worth = self[numbers] = _worth(*numbers)
        return worth


MOST_KEPT = 65536
_KEPT = _Kept()


def _in_unit(analyte: str, before: _Result, unit: str) -> Baseline | None:
    """The result before treatment in another result's unit; None where no exact ratio leads there."""
    comparator, value, own_unit, limit = before
    factor = Fraction(1)
    if own_unit != unit:
        if analyte not in _ENZYMES:
            return None
        factor = t.ANALYTE_UNITS[analyte][own_unit] / t.ANALYTE_UNITS[analyte][unit]
    if comparator in (">", ">="):
        return None
    return Baseline(convert(value, factor), convert(limit, factor) if limit is not None else None)


def _of_one_day(earlier: Any, later: Any) -> Any:
    """The later of two results before treatment; of two on one day the lower, against which more counts as risen."""
    if later.happened_on.last > earlier.happened_on.last or later.unit != earlier.unit:
        return later
    return min(earlier, later, key=lambda event: event.value.value)


def _treatment_start(rows: Rows, epoch_day: int) -> int | None:
    """The day of the first dose or supply of this course; None before it."""
    start: int | None = None
    for kind in ("dispensing", "course_start"):
        for event in rows.get(kind, _NONE):
            day = event.happened_on.last
            if day > epoch_day and (start is None or day < start):
                start = day
    return start


def _reviews(rows: Rows) -> dict[str, list[tuple[int, Any]]]:
    """By result: day and decision of each review by a prescriber, in order. Nobody else's decision counts."""
    found: dict[str, list[tuple[int, Any]]] = {}
    for event in rows.get("lab_reviewed", _NONE):
        if event.author.role in PRESCRIBERS:
            for named in event.results:
                found.setdefault(named, []).append((event.happened_on.last, event.decision))
    return found


# --- dose and risk --------------------------------------------------------------------------------
def peak_doses(rows: Rows, epoch_day: int) -> list[PeakDose]:
    """The first supply at the highest daily dose of this course."""
    first: Any = None
    highest: Decimal | None = None
    for event in rows.get("dispensing", _NONE):
        if event.happened_on.last <= epoch_day:
            continue
        dose = event.daily_dose_mg
        if dose is None:
            dose = _prescribed_dose(rows, event)
        if first is None or (dose is not None and (highest is None or dose > highest)):
            first, highest = event, dose
    return [] if first is None else [PeakDose(first.happened_on.last, (first.id,))]


def _prescribed_dose(rows: Rows, supply: Any) -> Decimal | None:
    """The daily dose of the prescription that a supply names. mg."""
    for event in rows.get("prescription", _NONE) if supply.prescription is not None else _NONE:
        if event.id == supply.prescription:
            dose: Decimal | None = event.daily_dose_mg
            return dose
    return None


def monitoring_risks(rows: Rows, epoch_day: int, policy: Policy) -> list[MonitoringRisk]:
    """What is on record that calls for closer monitoring. A result that is abnormal is seen in `graded_lab`."""
    found = []
    for event in rows.get("condition", _NONE):
        risk = None if event.code is None else _coded_risk(event, policy)
        if risk is not None:
            found.append(MonitoringRisk(event.happened_on.last, risk, (event.id,)))
    weight: Any = rows["weight"][-1] if rows.get("weight") else None
    height: Any = rows["height"][-1] if rows.get("height") else None
    most_bmi, most_dose = policy.risk_bmi, policy.risk_mg_per_kg
    if weight is not None:
        size = _size(weight)
        if height is not None and most_bmi is not None and _bmi_reached(size, _size(height), most_bmi):
            found.append(MonitoringRisk(weight.happened_on.last, "obesity", (weight.id, height.id)))
        for event in _latest_doses(rows, epoch_day):
            if most_dose is not None and _dose_reached(event.daily_dose_mg, size, most_dose):
                found.append(MonitoringRisk(event.happened_on.last, "high_dose", (event.id, weight.id)))
    if len(found) > 1:
        found.sort(key=lambda row: row.day)
    return found


_Size = tuple[Decimal, str]


def _size(event: Any) -> _Size:
    """A weight or height as it was measured: value and unit."""
    return event.value, event.unit


def _bmi_reached(weight: _Size, height: _Size, limit: int) -> bool:
    """Whether kg divided by the square of the metres is at least the limit, exactly."""
    kg, of_kg = ratio(weight[0], _KG[weight[1]])
    cm, of_cm = ratio(height[0], _CM[height[1]])
    return kg * 10000 * of_cm * of_cm >= limit * cm * cm * of_kg


def _dose_reached(dose: Decimal, weight: _Size, limit: int) -> bool:
    """Whether a daily dose in mg is at least so many mg per kg, exactly."""
    mg, of_mg = ratio(dose)
    kg, of_kg = ratio(weight[0], _KG[weight[1]])
    return mg * of_kg >= limit * kg * of_mg


def _coded_risk(event: Any, policy: Policy) -> Any:
    """The risk that a diagnosis stands for, by the beginning of its ICD-10 code; None for any other."""
    if event.active is False:
        return None
    risks = policy.risk_code_prefixes
    place = _first_with(tuple(risks.values()), event.code, event.system)
    return None if place is None else tuple(risks)[place]


@lru_cache(maxsize=4096)
def _first_with(groups: tuple[frozenset[str], ...], code: str, system: str | None) -> int | None:
    """The place of the first group that holds a beginning of an ICD-10 code."""
    if "icd-10" not in (system or "").lower():
        return None
    for place, prefixes in enumerate(groups):
        if code.upper().startswith(tuple(prefixes)):
            return place
    return None


def _latest_doses(rows: Rows, epoch_day: int) -> list[Any]:
    """The latest prescription and the latest supply of the course that name a dose."""
    found = []
    for kind in ("prescription", "dispensing"):
        for event in reversed(rows.get(kind, _NONE)):
            if event.daily_dose_mg is not None and event.happened_on.last > epoch_day:
                found.append(event)
                break
    return found
