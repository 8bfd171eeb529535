"""Prescribed, dispensed and taken in words: a row for each prescription, the sums, and each discrepancy with what to do
next."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.edition import Edition
from isocourse.plan.course import course_of
from isocourse.plan.reconcile import LATE_AFTER, Discrepancy, Pair, Reconciled, reconcile
from isocourse.plan.values import value_on
from isocourse.record.dates import iso
from isocourse.record.record import Record
from isocourse.words.dose import counted, mg_text, spoken_day


class SupplyRow(Struct, frozen=True):
    """One supply: `on` an ISO date, `note` what was written beside it."""

    on: str
    days: int
    capsules: int | None
    product: str
    note: str
    event: str


class PairRow(Struct, frozen=True):
    """A prescription and what was supplied of it. `prescribed_on` is None where nobody here prescribed it."""

    prescription: str
    prescribed_on: str | None
    days: int | None
    dose: str
    capsules: int | None
    supplies: tuple[SupplyRow, ...]
    assumed: bool
    state: str


class Found(Struct, frozen=True):
    """A discrepancy: what is found, and what to do next."""

    kind: str
    says: str
    act: str


class Sums(Struct, frozen=True):
    """Days, and capsules where every act says them."""

    prescribed_days: int
    supplied_days: int
    taken_days: int
    missed_days: int
    days_in_hand: int
    prescribed_capsules: int | None
    supplied_capsules: int | None
    returned_capsules: int | None


class Reconciliation(Struct, frozen=True):
    """The three held against each other, as data."""

    sums: Sums
    pairs: tuple[PairRow, ...]
    found: tuple[Found, ...]
    says: str


def reconciliation(edition: Edition, record: Record, as_of: int) -> Reconciliation:
    """Of the course that a record is in on a day."""
    evaluation = evaluate(edition, prepare(record), as_of)
    limit, early, valid = (
        value_on(edition, name, as_of) for name in ("supply_limit", "early_supply", "prescription_valid")
    )
    most = limit.value + early.value if limit is not None and early is not None else None
    late = valid.value if valid is not None else LATE_AFTER
    return in_words(reconcile(evaluation.rows, course_of(edition, evaluation), most_in_hand=most, late_after=late))


def in_words(made: Reconciled) -> Reconciliation:
    """What was reconciled, in words."""
    found = tuple(_found(each) for each in made.discrepancies)
    if not made.pairs:
        says = "Nothing was prescribed or supplied in this course."
    elif found:
        says = f"{counted(len(found), 'thing')} to look into."
    else:
        says = "Prescribed, supplied and taken agree."
    return Reconciliation(
        sums=Sums(
            made.prescribed_days,
            made.supplied_days,
            made.taken_days,
            made.missed_days,
            made.days_in_hand,
            made.prescribed_capsules,
            made.supplied_capsules,
            made.returned_capsules,
        ),
        pairs=tuple(_row(pair, made) for pair in made.pairs),
        found=found,
        says=says,
    )


def _row(pair: Pair, made: Reconciled) -> PairRow:
    written = pair.prescription
    supplies = tuple(
        SupplyRow(
            iso(each.happened_on.last),
            each.days,
            sum(part.capsules or 0 for part in each.strengths) or None,
            each.product or "",
            each.note,
            each.id,
        )
        for each in pair.supplies
    )
    if written is None:
        return PairRow("", None, None, "", None, supplies, False, "alone")
    state = "supplied" if supplies else "waiting" if written is made.waiting else "not_supplied"
    dose = f"{mg_text(written.daily_dose_mg)} mg a day" if written.daily_dose_mg is not None else ""
    capsules = sum(part.capsules or 0 for part in written.strengths) or None
    return PairRow(
        written.id, iso(written.happened_on.last), written.days, dose, capsules, supplies, pair.assumed, state
    )


# --- the sentences --------------------------------------------------------------------------------
def _day(day: int | None) -> str:
    return spoken_day(day) if day is not None else "a day not known"


def _two(each: Discrepancy, write: Callable[..., str]) -> tuple[str, str]:
    assert each.amounts is not None
    return write(each.amounts[0]), write(each.amounts[1])


def _found(each: Discrepancy) -> Found:
    says, act = _SENTENCES[each.kind](each)
    return Found(each.kind, says, act)


def _not_supplied(each: Discrepancy) -> tuple[str, str]:
    return (
        f"The prescription of {_day(each.first)} for {counted(each.days, 'day')} was not dispensed, as far as known.",
        "Ask the patient and the pharmacy. Record the supply, or void the prescription.",
    )


def _no_prescription(each: Discrepancy) -> tuple[str, str]:
    return (
        f"Capsules for {counted(each.days, 'day')} were supplied on {_day(each.first)}; no prescription of them is on "
        "record.",
        "Find out where they came from, and whether they are taken. A prescriber decides whether dosing goes on.",
    )


def _days(each: Discrepancy) -> tuple[str, str]:
    given, asked = _two(each, lambda amount: counted(int(amount), "day"))
    more = each.kind == "more_days"
    return (
        f"Supplied on {_day(each.first)} for {given}, prescribed for {asked}.",
        "Have what goes beyond it returned, and tell the pharmacy."
        if more
        else "Ask whether the rest is still to be collected. If not, plan the next visit earlier.",
    )


def _other_dose(each: Discrepancy) -> tuple[str, str]:
    given, asked = _two(each, mg_text)
    return (
        f"Supplied on {_day(each.first)} at {given} mg a day, prescribed at {asked} mg.",
        "Ask what the patient takes. A prescriber settles the dose.",
    )


def _other_capsules(each: Discrepancy) -> tuple[str, str]:
    given, asked = _two(each, lambda amount: counted(int(amount), "capsule"))
    return (
        f"Supplied on {_day(each.first)} with {given}, prescribed with {asked}, for the same days.",
        "Compare the strengths on the pack with the prescription, and correct the record or the supply.",
    )


def _other_formulation(each: Discrepancy) -> tuple[str, str]:
    return (
        f"The supply of {_day(each.first)} is of another formulation than the prescription.",
        "Speak with the pharmacy at once: milligrams of one formulation are not milligrams of another.",
    )


def _dose_unknown(each: Discrepancy) -> tuple[str, str]:
    return (
        f"The dose of the supply of {_day(each.first)} is not known, so the true total is larger.",
        "Ask the pharmacy for strength and number of capsules, and record them.",
    )


def _days_without(each: Discrepancy) -> tuple[str, str]:
    span = f"from {_day(each.first)} to {_day(each.last)}" if each.days > 1 else f"on {_day(each.first)}"
    return (
        f"No capsules for {counted(each.days, 'day')}, {span}.",
        "Ask whether doses were missed, or whether capsules came from elsewhere, and record it.",
    )


def _much_in_hand(each: Discrepancy) -> tuple[str, str]:
    return (
        f"Capsules for {counted(each.days, 'day')} should still be in hand.",
        "Count them with the patient before more are prescribed, and have what is too much returned.",
    )


def _not_returned(each: Discrepancy) -> tuple[str, str]:
    return (
        f"Capsules for {counted(each.days, 'day')} were left when dosing stopped on {_day(each.first)}; what became of "
        "them is not on record.",
        "Ask for the rest to be returned to a pharmacy, and record it.",
    )


_SENTENCES: dict[str, Callable[[Discrepancy], tuple[str, str]]] = {
    "not_supplied": _not_supplied,
    "no_prescription": _no_prescription,
    "fewer_days": _days,
    "more_days": _days,
    "other_dose": _other_dose,
    "other_capsules": _other_capsules,
    "other_formulation": _other_formulation,
    "dose_unknown": _dose_unknown,
    "days_without": _days_without,
    "much_in_hand": _much_in_hand,
    "not_returned": _not_returned,
}
