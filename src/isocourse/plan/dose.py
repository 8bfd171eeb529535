"""The dose: a regimen and a weight become a start, steps and a top, in capsules that exist.

Doses are mg a day and exact (Decimal or Fraction), weights kg. Nothing here decides: the prescriber does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from isocourse.engine import model as m
from isocourse.errors import InputError
from isocourse.plan.capsules import Day, capsules_for, doses_between
from isocourse.record.dates import add_months


@dataclass(frozen=True)
class Bounds:
    """The range a regimen gives for a weight, mg a day, exact: where to start, the usual top, the most."""

    start: Fraction
    usual: Fraction
    most: Fraction


@dataclass(frozen=True)
class Step:
    """One step of a plan: from which prescription on (1 is the first), the dose in mg a day and its capsules."""

    prescription: int
    mg: Decimal
    day: Day


@dataclass(frozen=True)
class DosePlan:
    """Start and steps of a regimen for a weight in the strengths of a product. `departs` says what is not the label's,
    to be signed and shown; `notes` what the strengths did not allow."""

    regimen: m.Regimen
    product: m.Product
    bounds: Bounds
    steps: tuple[Step, ...]
    departs: str
    notes: tuple[str, ...]

    @property
    def top(self) -> Step:
        return self.steps[-1]


def amount_mg(amount: m.Amount, kg: Fraction) -> Fraction:
    """A regimen's amount in mg a day for a weight in kg."""
    if amount.mg is not None:
        return Fraction(amount.mg)
    assert amount.ug_per_kg is not None
    return amount.ug_per_kg * kg / 1000


def bounds(regimen: m.Regimen, kg: Fraction) -> Bounds:
    """Start, usual top and most of a regimen for a weight. A fixed start above the top for the weight is lowered."""
    if kg <= 0:
        raise InputError("the weight is not above 0", mend="weigh the patient")
    usual, most = amount_mg(regimen.usual, kg), amount_mg(regimen.most, kg)
    return Bounds(min(amount_mg(regimen.start, kg), usual), usual, max(usual, most))


def dose_plan(
    regimen: m.Regimen,
    product: m.Product,
    kg: Fraction,
    *,
    intakes: int | None = None,
    raise_by_mg: Decimal | None = None,
) -> DosePlan:
    """Start and steps up to the usual top: at most `raise_by_mg` more at each prescription (None: at once).

    Raises InputError when the regimen is not for the product's formulation or country, when the intakes are not its
    own, and when no dose of it can be made of the product's strengths.
    """
    _refuse_mismatch(regimen, product)
    chosen = regimen.intakes[0] if intakes is None else intakes
    limits = bounds(regimen, kg)
    low, high = _at_least(limits.start), _at_most(limits.usual)
    doses = doses_between(low, high, product.strengths_mg, chosen)
    notes: list[str] = []
    if not doses:
        below = doses_between(Decimal(0), high, product.strengths_mg, chosen)
        if not below:
            raise InputError(
                f"no dose up to {high} mg can be made of {product.name} in {chosen} intakes",
                mend="choose another product, or fewer intakes where the label allows",
            )
        doses = below[-1:]
        notes.append(f"No dose in the range can be made of these strengths; {doses[0]} mg is the nearest below it.")
    steps = _steps(doses, raise_by_mg, product.strengths_mg, chosen)
    return DosePlan(regimen, product, limits, steps, departure(regimen, chosen), tuple(notes))


def _refuse_mismatch(regimen: m.Regimen, product: m.Product) -> None:
    if product.formulation not in regimen.formulations:
        raise InputError(
            f"{regimen.title!r} is not for {product.formulation} capsules",
            where=product.name,
            allowed=", ".join(regimen.formulations),
            mend="milligrams of one formulation are not milligrams of another; choose a regimen of its own",
        )
    if product.programme not in regimen.programmes:
        raise InputError(
            f"{regimen.title!r} is no regimen of {product.programme}", allowed=", ".join(regimen.programmes)
        )


def departure(regimen: m.Regimen, intakes: int) -> str:
    """In what a regimen, taken so often a day, is not the label's; empty where it is."""
    if regimen.is_label and intakes in regimen.intakes:
        return ""
    if not regimen.is_label:
        return "Not the label's dosing: it needs a signature, and stays visible."
    own = " or ".join(map(str, regimen.intakes))
    return f"{regimen.title} is taken {own} times a day, not {intakes}. It needs a signature, and stays visible."


def _steps(
    doses: tuple[Decimal, ...], raise_by: Decimal | None, strengths: Sequence[Decimal], intakes: int
) -> tuple[Step, ...]:
    """From the smallest dose to the largest, each step as large as `raise_by` allows (at least to the next dose)."""
    chosen = [doses[0]]
    while chosen[-1] < doses[-1]:
        limit = doses[-1] if raise_by is None else chosen[-1] + raise_by
        above = [dose for dose in doses if dose > chosen[-1]]
        chosen.append(max([dose for dose in above if dose <= limit], default=above[0]))
    steps = []
    for number, dose in enumerate(chosen, start=1):
        day = capsules_for(dose, strengths, intakes)
        assert day is not None
        steps.append(Step(number, dose, day))
    return tuple(steps)


def _at_least(exact: Fraction) -> Decimal:
    """The exact mg as Decimal, rounded up to 0.001 mg where it does not end."""
    return Decimal(-(-exact.numerator * 1000 // exact.denominator)).scaleb(-3)


def _at_most(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator * 1000 // exact.denominator).scaleb(-3)


# --- small questions ------------------------------------------------------------------------------
def may_stop_early(nodules_before: Decimal | int, nodules_now: Decimal | int, fall_percent: int) -> bool | None:
    """Whether the count of nodules fell by more than `fall_percent` (US label: 70). None without nodules before."""
    if nodules_before < 0 or nodules_now < 0:
        raise InputError("a count of nodules is below 0", mend="count again")
    if nodules_before == 0:
        return None
    return nodules_now * 100 < nodules_before * (100 - fall_percent)


def second_course_from(last_dose_day: int, months: int, days: int) -> int:
    """The first day on which a second course may begin: the later of calendar months and days."""
    return max(add_months(last_dose_day, months), last_dose_day + days)
