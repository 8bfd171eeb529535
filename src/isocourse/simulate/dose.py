"""Doses in capsules that exist: the plan of a course by weight, then prescriptions, supplies and missed days."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from isocourse.plan.capsules import capsules_for, doses_between
from isocourse.record.events import Strength
from isocourse.simulate import rates
from isocourse.simulate.clinic import Capsules
from isocourse.simulate.dice import Dice
from isocourse.simulate.draft import Draft, Month
from isocourse.simulate.person import DAYS

_TARGETS_UG_PER_KG = {500: 3.0, 600: 3.0, 800: 3.0, 1000: 2.0}
_SWAY_KG = Decimal(2)  # a weight moves during a course, and the dose should fit it still


def plan(draft: Draft) -> None:
    """The daily dose of each month: the label's start, then as near to the person's own target as capsules come."""
    dice, capsules = draft.dice("dose"), draft.capsules
    target = dice.weighted(_TARGETS_UG_PER_KG) * capsules.usual_ug_per_kg // 1000
    for month in draft.calendar.months:
        wanted = capsules.start_ug_per_kg if month.place == 0 else target
        draft.doses.append(nearest(draft.person.weight_kg * wanted / 1000, draft.person.weight_kg, capsules))


def nearest(wanted_mg: Decimal, weight_kg: Decimal, capsules: Capsules) -> Decimal:
    """The dose nearest to the one wanted that capsules make, within the label's range; the smallest one if none is."""
    most = (weight_kg - _SWAY_KG) * capsules.usual_ug_per_kg / 1000
    made = doses_between(Decimal(1), most, capsules.strengths_mg, capsules.intakes)
    smallest = capsules.intakes * min(capsules.strengths_mg)
    return min(made, key=lambda dose: (abs(dose - wanted_mg), dose), default=smallest)


def write(draft: Draft) -> None:
    """Height and weights, and for every month a prescription and a supply that add up."""
    dice, person, first = draft.dice("doses written"), draft.person, draft.calendar.first_visit
    draft.write("height", first, "nurse", value=Decimal(person.height_cm))
    draft.write("weight", first, "nurse", value=person.weight_kg)
    for month in draft.calendar.months:
        if month.place and dice.happens(0.7):
            weight = person.weight_kg + Decimal(dice.between(-3, 3)) / 2
            draft.write("weight", month.visit, "nurse", value=weight)
        _supply(draft, month)
        if month.place == 0:
            draft.write("course_start", month.supply + dice.between(0, 1), "patient")
        if draft.fault("missed_doses", dice.happens(rates.MISSED_DOSES)):
            missed = dice.between(*rates.MISSED_DAYS)
            draft.write("missed_doses", month.supply + dice.between(10, 28), "patient", days=missed)
        _pause(draft, dice, month)


def _supply(draft: Draft, month: Month) -> None:
    dose, capsules = draft.doses[month.place], draft.capsules
    day = capsules_for(dose, capsules.strengths_mg, capsules.intakes)
    assert day is not None  # `nearest` only names doses that capsules make
    strengths = tuple(Strength(mg=mg, capsules=count) for mg, count in day.needed(DAYS))
    what: dict[str, Any] = {
        "product": capsules.product,
        "days": DAYS,
        "daily_dose_mg": dose,
        "strengths": strengths,
        "formulation": capsules.formulation,
    }
    prescription = draft.write("prescription", month.prescribed, intakes=capsules.intakes, **what)
    draft.write("dispensing", month.supply, "pharmacist", prescription=prescription, **what)


def _pause(draft: Draft, dice: Dice, month: Month) -> None:
    if draft.fault("paused", dice.happens(rates.PAUSED)):
        paused = month.supply + dice.between(5, 20)
        draft.write("course_pause", paused, "patient")
        if dice.happens(0.5):
            draft.write("course_start", paused + dice.between(2, 7), "patient")
