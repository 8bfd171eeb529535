"""Dose checks: what a prescription or a supply says about the dose, held against weight, range and capsules.

Comparing a dose with a range per kilogram needs a product of three numbers, and whether capsules add up to a dose
is a sum over multiples: neither is an aggregate, so both are settled here, exactly, and rules read true or false.
Doses are mg a day, weights kg as exact fractions, limits micrograms per kg and day (whole numbers).
Missing stays missing: a check that lacks something is None, never False.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm
from operator import gt, lt
from typing import Literal

from msgspec import Struct

from isocourse.record.events import Dispensing, Prescription, Strength, Weight
from isocourse.record.policy import Policy
from isocourse.record.quantities import ratio
from isocourse.record.tables import Rows
from isocourse.record.terminology import WEIGHT_UNITS, Formulation

FORMULATIONS: tuple[Formulation, ...] = ("conventional", "lidose", "micronised")
# Finer than this a dose is not weighed out in capsules; such a sum is left undecided.
FINEST_PER_DOSE = 200_000
_KG = {unit: factor.as_integer_ratio() for unit, factor in WEIGHT_UNITS.items()}


class DoseCheck(Struct, frozen=True, gc=False):
    """The latest prescription, or the latest supply, and what its dose comes to.

    `over_usual`, `over_most`, `under_least`: the dose against the range for the weight and formulation; with the
    formulation unknown, decided only where every formulation sold says the same. `adds_up`: the strengths can make the
    daily dose. `counted`: the capsules' content and the dose as written are
    both known; `surplus`, `shortfall`: they hold more, or less, than days times dose. `switched`: another
    formulation than the last supply of this course; `mg_for_mg`: and the same dose although the ranges differ.
    """

    day: int
    act: Literal["prescription", "dispensing"]
    dose_known: bool
    formulation: Formulation
    intakes: int | None
    weight_known: bool
    weight_day: int | None
    over_usual: bool | None
    over_most: bool | None
    under_least: bool | None
    strengths_known: bool
    adds_up: bool | None
    counted: bool
    surplus: bool | None
    shortfall: bool | None
    switch_known: bool
    switched: bool | None
    mg_for_mg: bool | None
    events: tuple[str, ...]


class DoseRange(Struct, frozen=True, gc=False):
    """The range of one formulation in micrograms per kg and day; None where the programme knows none."""

    least: int | None
    usual: int | None
    most: int | None


def dose_checks(rows: Rows, epoch_day: int, policy: Policy) -> list[DoseCheck]:
    """At most one row for the latest prescription and one for the latest supply, oldest first."""
    prescriptions, supplies = rows.get("prescription"), rows.get("dispensing")
    if not prescriptions and not supplies:
        return []
    weight = latest_weight(rows)
    last = supplies[-1] if supplies else None
    found = []
    if last is not None:
        assert isinstance(last, Dispensing)
        found.append(_check(rows, last, None, weight, policy))
    if prescriptions:
        written = prescriptions[-1]
        assert isinstance(written, Prescription)
        before = last if last is not None and last.happened_on.last > epoch_day else None
        found.append(_check(rows, written, before, weight, policy))
    found.sort(key=lambda row: row.day)
    return found


def latest_weight(rows: Rows) -> Weight | None:
    """The weight of the latest day; of several on that day the lightest, for it allows the least."""
    weights = rows.get("weight")
    if not weights:
        return None
    last = weights[-1]
    assert isinstance(last, Weight)
    if len(weights) == 1 or weights[-2].happened_on.last != last.happened_on.last:
        return last
    of_that_day = [w for w in weights if isinstance(w, Weight) and w.happened_on.last == last.happened_on.last]
    return min(of_that_day, key=lambda w: kilograms(w.value, w.unit))


@lru_cache(maxsize=4096)
def kilograms(value: Decimal, unit: str) -> Fraction:
    """A weight in kg, exactly. `unit` is one of `terminology.WEIGHT_UNITS`."""
    return Fraction(value) * WEIGHT_UNITS[unit]


def prescription_of(rows: Rows, supply: Dispensing) -> Prescription | None:
    """The prescription a supply names, when it stands in the record."""
    if supply.prescription is None:
        return None
    for event in rows.get("prescription", ()):
        if event.id == supply.prescription and isinstance(event, Prescription):
            return event
    return None


def daily_dose(dose: Decimal | None, strengths: tuple[Strength, ...], days: int) -> Fraction | None:
    """mg a day: as written, else the capsules' content spread over the days; None when neither is known."""
    if dose is not None:
        return Fraction(dose)
    content = capsule_content(strengths)
    return content / days if content is not None else None


def capsule_content(strengths: tuple[Strength, ...]) -> Fraction | None:
    """mg in all capsules together; None when a number of capsules is not known."""
    if not strengths or any(strength.capsules is None for strength in strengths):
        return None
    return sum((Fraction(strength.mg) * (strength.capsules or 0) for strength in strengths), Fraction(0))


def dose_of(rows: Rows, act: Prescription | Dispensing) -> Fraction | None:
    """The daily dose of an act in mg: its own, its capsules', or that of the prescription it names."""
    own = daily_dose(act.daily_dose_mg, act.strengths, act.days)
    if own is None and isinstance(act, Dispensing):
        written = prescription_of(rows, act)
        return daily_dose(written.daily_dose_mg, written.strengths, written.days) if written is not None else None
    return own


def formulation_of(rows: Rows, act: Prescription | Dispensing) -> Formulation:
    """The formulation of an act, or of the prescription it names when its own is not known."""
    if act.formulation == "unknown" and isinstance(act, Dispensing):
        written = prescription_of(rows, act)
        return written.formulation if written is not None else "unknown"
    return act.formulation


def _check(
    rows: Rows,
    act: Prescription | Dispensing,
    before: Dispensing | None,
    weight: Weight | None,
    policy: Policy,
) -> DoseCheck:
    formulation = formulation_of(rows, act)
    # Which of the two it is is asked once: it is asked of every act of every course.
    supply, prescription = (act, None) if isinstance(act, Dispensing) else (None, act)
    written = prescription_of(rows, supply) if supply is not None else None
    said = _said(
        (act.daily_dose_mg, act.strengths, act.days),
        (written.daily_dose_mg, written.strengths, written.days) if written is not None else None,
    )
    held = _held(said.dose, weight, _ranges(formulation, policy))
    switched = _switched(rows, formulation, before)
    # By position: twice as fast as by keyword.
    return DoseCheck(
        act.happened_on.last,
        "dispensing" if prescription is None else "prescription",
        said.dose is not None,
        formulation,
        None if prescription is None else prescription.intakes,
        weight is not None,
        None if weight is None else weight.happened_on.last,
        *held,
        bool(act.strengths),
        said.adds_up,
        said.surplus is not None,
        said.surplus,
        said.shortfall,
        switched is not None,
        switched,
        _mg_for_mg(rows, dose_of(rows, act), formulation, before, policy) if switched else switched,
        (act.id,) if weight is None else (act.id, weight.id),
    )


_Written = tuple[Decimal | None, tuple[Strength, ...], int]


class _Said(Struct, frozen=True, gc=False):
    """What an act says by itself; the dose in mg a day, as numerator and denominator."""

    dose: tuple[int, int] | None
    adds_up: bool | None
    surplus: bool | None
    shortfall: bool | None


@lru_cache(maxsize=16384)
def _said(own: _Written, named: _Written | None) -> _Said:
    """The arithmetic of one act, remembered: courses repeat the same few doses, and exact fractions are slow."""
    dose = daily_dose(*own)
    if dose is None and named is not None:
        dose = daily_dose(*named)
    written, strengths, days = own
    content = capsule_content(strengths)
    wanted = Fraction(written) * days if written is not None else None
    return _Said(
        dose=dose.as_integer_ratio() if dose is not None else None,
        adds_up=reachable(dose, tuple(s.mg for s in strengths)) if dose is not None and strengths else None,
        surplus=None if content is None or wanted is None else content > wanted,
        shortfall=None if content is None or wanted is None else content < wanted,
    )


_Held = tuple[bool | None, bool | None, bool | None]


def _held(dose: tuple[int, int] | None, weight: Weight | None, ranges: tuple[DoseRange, ...]) -> _Held:
    """Whether a dose is above the usual and the most for this weight, and below the least. None when the dose or the
    weight is missing, the programme knows no such limit, or the ranges do not agree."""
    if dose is None or weight is None:
        return None, None, None
    kg, of_kg = ratio(weight.value, _KG[weight.unit])
    # mg a day against micrograms per kg and day, multiplied across: whole numbers, exact.
    micrograms, per_kg = dose[0] * 1000 * of_kg, kg * dose[1]
    if len(ranges) == 1:
        return _in_range(micrograms, per_kg, ranges[0])
    found = [_in_range(micrograms, per_kg, each) for each in ranges]
    usual, most, least = (said[0] if len(set(said)) == 1 else None for said in zip(*found, strict=True))
    return usual, most, least


def _in_range(micrograms: int, per_kg: int, limits: DoseRange) -> _Held:
    return (
        None if limits.usual is None else gt(micrograms, limits.usual * per_kg),
        None if limits.most is None else gt(micrograms, limits.most * per_kg),
        None if limits.least is None else lt(micrograms, limits.least * per_kg),
    )


def _range(formulation: str, policy: Policy) -> DoseRange:
    match formulation:
        case "conventional":
            return DoseRange(
                policy.dose_least_conventional, policy.dose_usual_conventional, policy.dose_most_conventional
            )
        case "lidose":
            return DoseRange(policy.dose_least_lidose, policy.dose_usual_lidose, policy.dose_most_lidose)
        case _:
            return DoseRange(policy.dose_least_micronised, policy.dose_usual_micronised, policy.dose_most_micronised)


def _ranges(formulation: str, policy: Policy) -> tuple[DoseRange, ...]:
    """The range of the formulation; with it unknown, those of every formulation the programme has a range for."""
    if formulation != "unknown":
        return (_range(formulation, policy),)
    all_known = tuple(found for found in (_range(each, policy) for each in FORMULATIONS) if found.usual is not None)
    return all_known or (DoseRange(None, None, None),)


def reachable(dose: Fraction, strengths: tuple[Decimal, ...]) -> bool | None:
    """Whether whole capsules of these strengths can make exactly this dose; None when it is too fine to say."""
    parts = [Fraction(mg) for mg in strengths]
    scale = lcm(dose.denominator, *(part.denominator for part in parts))
    target = int(dose * scale)
    if target > FINEST_PER_DOSE:
        return None
    mask = (1 << (target + 1)) - 1
    sums = 1  # bit n: n can be made
    for part in parts:
        step = int(part * scale)
        while step <= target:  # 1, 2, 4, ... more capsules of this strength
            sums |= (sums << step) & mask
            step *= 2
    return bool(sums >> target & 1)


def _switched(rows: Rows, formulation: Formulation, before: Dispensing | None) -> bool | None:
    """Whether the formulation is another than that of the supply before; None when either is not known."""
    if before is None:
        return False
    if formulation == "unknown":
        return None
    earlier = formulation_of(rows, before)
    return None if earlier == "unknown" else earlier != formulation


def _mg_for_mg(
    rows: Rows, dose: Fraction | None, formulation: Formulation, before: Dispensing | None, policy: Policy
) -> bool | None:
    assert before is not None
    if _range(formulation, policy) == _range(formulation_of(rows, before), policy):
        return False
    earlier = dose_of(rows, before)
    return None if dose is None or earlier is None else dose == earlier
