"""Amounts and capsules in words: milligrams exactly, totals kept apart, capsules of a day, the way to a finish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from isocourse.plan.capsules import Day, Intake
from isocourse.plan.finish import CANNOT_ADD, NOT_COMPLETE, Finish, shown
from isocourse.record.intake import Taken, Total
from isocourse.record.terminology import words_for


def spoken_day(day: int) -> str:
    """A day number as people say it: Mon 9 Mar 2026."""
    on = date.fromordinal(day)
    return f"{on.strftime('%a')} {on.day} {on.strftime('%b %Y')}"


def exact_text(amount: Fraction | Decimal | int) -> str:
    """An exact amount as a decimal number where it ends, else as a fraction (300/7)."""
    exact = Fraction(amount)
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{exact.numerator}/{exact.denominator}"
    text = format(Decimal(exact.numerator) / Decimal(exact.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def mg_text(amount: Fraction | Decimal | int) -> str:
    """mg for people: exact where the number ends within three decimals, else rounded down to three."""
    exact = Fraction(amount)
    return exact_text(exact) if (exact * 1000).denominator == 1 else shown(exact, 3)


def counted(number: int, noun: str) -> str:
    """1 day, 2 days."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def formulation_text(formulation: str) -> str:
    return "formulation not known" if formulation == "unknown" else words_for(formulation)


def intake_text(intake: Intake) -> str:
    """2 x 20 mg + 1 x 10 mg."""
    return " + ".join(f"{count} x {mg_text(strength)} mg" for strength, count in intake.capsules)


def day_text(day: Day) -> str:
    """The capsules of a day, intake by intake."""
    told = [intake_text(intake) for intake in day.intakes]
    if len(told) == 1:
        return f"{told[0]} once"
    if len(set(told)) == 1:
        return f"{told[0]} {'twice' if len(told) == 2 else f'{len(told)} times'}"
    return " and ".join(told)


def total_text(total: Total) -> str:
    """What was taken of one formulation."""
    name = formulation_text(total.formulation).capitalize()
    if total.days_unknown == total.days:
        return f"{name}: {counted(total.days, 'day')} without a known dose."
    by_weight = f", {shown(total.mg_per_kg)} mg/kg" if total.mg_per_kg is not None else ", no weight on record"
    unknown = f", and {counted(total.days_unknown, 'day')} without a known dose" if total.days_unknown else ""
    return f"{name}: {mg_text(total.mg)} mg in {counted(total.days - total.days_unknown, 'day')}{by_weight}{unknown}."


def totals(taken: Taken) -> Iterator[str]:
    """What was taken so far, a sentence for each formulation; with several, that they cannot be added."""
    for total in taken.totals:
        yield total_text(total)
    if len(taken.totals) > 1:
        yield CANNOT_ADD
    if not taken.complete:
        yield NOT_COMPLETE


def finish_text(finish: Finish) -> str:
    """The total at a finish, and what is still to be prescribed until then."""
    total = f"{mg_text(finish.mg)} mg in all, {shown(finish.mg_per_kg)} mg/kg"
    if finish.prescriptions == 0:
        return f"{total}; the capsules in hand are enough"
    more = f"{counted(finish.prescriptions, 'prescription')} to come"
    return f"{total}; {more}{capsules_text(finish.capsules)}"


def capsules_text(capsules: Iterable[tuple[Decimal, int]]) -> str:
    told = [f"{counted(count, 'capsule')} of {mg_text(strength)} mg" for strength, count in capsules]
    return f" with {', '.join(told)}" if told else ""
