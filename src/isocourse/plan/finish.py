"""The projected finish: when a target is reached at the present dose, what a date would come to, and what it takes.

A projection assumes that the present weight and dose stay as they are and no day is missed from tomorrow on; capsules
in hand are used up first, at their own dose. Totals of different formulations are never added: with more than one the
answer is that they cannot be.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from isocourse.errors import InputError
from isocourse.plan.capsules import Day
from isocourse.record.intake import Held, Taken, Total

CANNOT_ADD = "Milligrams of different formulations cannot be added. The totals are shown apart."
NOT_COMPLETE = "Some of what was taken has no known dose, so the true total is larger than the one shown."
NOT_KNOWN_TO_ADD = "Some of what was taken, or is in hand, is of an unknown formulation, so the totals cannot be added."
NO_FORMULATION = "Without the formulation it is not known what the milligrams stand for."
HELD_NOT_KNOWN = "The daily dose of capsules in hand is not known."
TOO_FAR = "At this dose it would take more than ten years."
NOT_WEIGHED = "Without a weight no total per kilogram can be given."
MOST_DAYS = 3660


@dataclass(frozen=True)
class Now:
    """Where a course stands: the day, kg, mg a day as prescribed, the capsules of such a day (None when they are not
    known), formulation, what is still in hand, the most days one prescription may cover."""

    as_of: int
    kg: Fraction
    mg_a_day: Fraction
    day: Day | None
    formulation: str
    in_hand: tuple[Held, ...]
    days_a_prescription: int

    def __post_init__(self) -> None:
        if self.kg <= 0 or self.mg_a_day <= 0 or self.days_a_prescription <= 0:
            raise InputError("weight, dose and days of a prescription have to be above 0", mend="check the numbers")


@dataclass(frozen=True)
class Finish:
    """A way to the end: the last day of dosing, days of dosing to come, the total then (mg and mg/kg, exact), capsules
    still to be supplied by strength (none when they are not known) and the prescriptions they take. `days` is 0 when
    the target is reached."""

    last_day: int
    days: int
    mg: Fraction
    mg_per_kg: Fraction
    capsules: tuple[tuple[Decimal, int], ...]
    prescriptions: int
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """Why there is no projection."""

    why: str


def total_of(taken: Taken, now: Now) -> Total | Refusal:
    """The total that a course of this formulation goes on from; a refusal when it cannot be one number."""
    if now.formulation == "unknown":
        return Refusal(NO_FORMULATION)
    others = {total.formulation for total in taken.totals if total.days} | {held.formulation for held in now.in_hand}
    if others - {now.formulation}:
        return Refusal(NOT_KNOWN_TO_ADD if "unknown" in others else CANNOT_ADD)
    if any(held.mg_a_day is None for held in now.in_hand):
        return Refusal(HELD_NOT_KNOWN)
    own = next((total for total in taken.totals if total.formulation == now.formulation), None)
    if own is None:
        return Total("unknown", Fraction(0), Fraction(0), 0, 0)
    return Refusal(NOT_WEIGHED) if own.mg_per_kg is None else own


def finish_by_target(taken: Taken, now: Now, target_mg_per_kg: int) -> Finish | Refusal:
    """The finish at which the target is reached, on the first day on which it is."""
    total = total_of(taken, now)
    if isinstance(total, Refusal):
        return total
    assert total.mg_per_kg is not None
    missing_mg = max(Fraction(0), (target_mg_per_kg - total.mg_per_kg) * now.kg)
    days = _days_until(missing_mg, now)
    return _finish(total, now, days, taken) if days <= MOST_DAYS else Refusal(TOO_FAR)


def finish_by_date(taken: Taken, now: Now, last_day: int) -> Finish | Refusal:
    """What a course that ends on `last_day` comes to. Raises InputError for a day before today."""
    if last_day < now.as_of:
        raise InputError("the last day has passed", mend="choose today or a later day")
    total = total_of(taken, now)
    return total if isinstance(total, Refusal) else _finish(total, now, last_day - now.as_of, taken)


def _days_until(missing_mg: Fraction, now: Now) -> int:
    """Days until so many mg more are taken: what is in hand at its own dose first, then the dose prescribed."""
    days = 0
    for held in now.in_hand:
        assert held.mg_a_day is not None
        if held.mg_a_day * held.days >= missing_mg:
            return days + int(-(-missing_mg // held.mg_a_day))
        days += held.days
        missing_mg -= held.mg_a_day * held.days
    return days + int(-(-missing_mg // now.mg_a_day))


def _mg_in(days: int, now: Now) -> Fraction:
    """What the next so many days come to, mg."""
    mg = Fraction(0)
    for held in now.in_hand:
        assert held.mg_a_day is not None
        mg += held.mg_a_day * min(held.days, days)
        days -= min(held.days, days)
    return mg + now.mg_a_day * days


def _finish(total: Total, now: Now, days: int, taken: Taken) -> Finish:
    assert total.mg_per_kg is not None
    more = _mg_in(days, now)
    to_supply = max(0, days - sum(held.days for held in now.in_hand))
    return Finish(
        last_day=now.as_of + days,
        days=days,
        mg=total.mg + more,
        mg_per_kg=total.mg_per_kg + more / now.kg,
        capsules=now.day.needed(to_supply) if to_supply and now.day is not None else (),
        prescriptions=-(-to_supply // now.days_a_prescription),
        cautions=() if taken.complete else (NOT_COMPLETE,),
    )


def shown(amount: Fraction, decimals: int = 1) -> str:
    """An exact amount for people, rounded down so that no target seems reached before it is."""
    scale: int = 10**decimals
    return format(Decimal(amount.numerator * scale // amount.denominator).scaleb(-decimals), "f")
