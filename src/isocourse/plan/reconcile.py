"""Prescribed, dispensed, taken: the three held against each other over one course, and where they part.

A supply that names a prescription belongs to it. One that names none is taken for the latest prescription on or before
its day that nothing was supplied of; where there is none, nobody here prescribed it. Nothing decides here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from isocourse.plan.course import Course
from isocourse.record.dose import capsule_content, dose_of
from isocourse.record.events import CapsulesReturned, Dispensing, MissedDoses, Prescription
from isocourse.record.tables import Rows

# A prescription not dispensed so many days after it was written is looked into, where the programme does not say how
# long it is valid.
LATE_AFTER = 7


@dataclass(frozen=True)
class Pair:
    """One prescription and what was supplied of it. `prescription` None: supplied without one. `assumed`: some supply
    does not name it."""

    prescription: Prescription | None
    supplies: tuple[Dispensing, ...]
    assumed: bool = False

    @property
    def day(self) -> int:
        return (self.prescription or self.supplies[0]).happened_on.last

    @property
    def supplied_days(self) -> int:
        return sum(supply.days for supply in self.supplies)


@dataclass(frozen=True)
class Discrepancy:
    """Where two of the three part. `kind` is one of the codes in KINDS; `prescription` and `supply` name the events;
    `first` and `last` days, `days` a number of days, `amounts` two amounts in the order of the kind's name."""

    kind: str
    prescription: str = ""
    supply: str = ""
    first: int | None = None
    last: int | None = None
    days: int = 0
    amounts: tuple[Fraction, Fraction] | None = None


KINDS = (
    "not_supplied",
    "no_prescription",
    "fewer_days",
    "more_days",
    "other_dose",
    "other_capsules",
    "other_formulation",
    "dose_unknown",
    "days_without",
    "much_in_hand",
    "not_returned",
)


@dataclass(frozen=True)
class Reconciled:
    """Days prescribed, supplied, taken, said to be missed and in hand; capsules where every act says them. `waiting` is
    the latest prescription, not yet dispensed and not late."""

    pairs: tuple[Pair, ...]
    prescribed_days: int
    supplied_days: int
    taken_days: int
    missed_days: int
    days_in_hand: int
    prescribed_capsules: int | None
    supplied_capsules: int | None
    returned_capsules: int | None
    waiting: Prescription | None
    discrepancies: tuple[Discrepancy, ...]


def reconcile(
    rows: Rows, course: Course, *, most_in_hand: int | None = None, late_after: int = LATE_AFTER
) -> Reconciled:
    """Hold the three against each other. `rows` are those of the evaluation that the course was worked out from;
    `most_in_hand` the days of capsules that one prescription and an early supply can leave in hand (None: not known);
    `late_after` the days after which a prescription that was not dispensed is looked into."""
    prescriptions = [each for each in _of(rows, course, "prescription") if isinstance(each, Prescription)]
    supplies = [each for each in _of(rows, course, "dispensing") if isinstance(each, Dispensing)]
    pairs = _paired(prescriptions, supplies)
    last = pairs[-1].prescription if pairs and not pairs[-1].supplies else None
    fresh = last is not None and course.as_of - last.happened_on.last <= late_after and course.ended is None
    waiting = last if fresh else None
    returned = [each for each in _of(rows, course, "capsules_returned") if isinstance(each, CapsulesReturned)]
    return Reconciled(
        pairs=pairs,
        prescribed_days=sum(each.days for each in prescriptions),
        supplied_days=sum(each.days for each in supplies),
        taken_days=sum(spell.days for spell in course.taken.spells),
        missed_days=sum(each.days for each in _of(rows, course, "missed_doses") if isinstance(each, MissedDoses)),
        days_in_hand=course.taken.days_in_hand,
        prescribed_capsules=_capsules(prescriptions),
        supplied_capsules=_capsules(supplies),
        returned_capsules=next((each.capsules for each in reversed(returned)), None),
        waiting=waiting,
        discrepancies=tuple(_discrepancies(rows, course, pairs, waiting, supplies, returned, most_in_hand)),
    )


def _of(rows: Rows, course: Course, kind: str) -> list[object]:
    """The events of a kind in this course, in order. What was returned may be written down after its end."""
    first = course.began_after.happened_on.last + 1 if course.began_after is not None else 1
    until = course.ended.happened_on.last if course.ended is not None and kind != "capsules_returned" else course.as_of
    return [event for event in rows.get(kind, ()) if first <= event.happened_on.last <= until]


def _paired(prescriptions: list[Prescription], supplies: list[Dispensing]) -> tuple[Pair, ...]:
    found: dict[str, list[Dispensing]] = {each.id: [] for each in prescriptions}
    assumed: set[str] = set()
    alone: list[Pair] = []
    for supply in (each for each in supplies if each.prescription is not None):
        if supply.prescription in found:
            found[supply.prescription].append(supply)
        else:
            alone.append(Pair(None, (supply,)))
    for supply in (each for each in supplies if each.prescription is None):
        before = [p for p in prescriptions if p.happened_on.last <= supply.happened_on.last and not found[p.id]]
        if before:
            found[before[-1].id].append(supply)
            assumed.add(before[-1].id)
        else:
            alone.append(Pair(None, (supply,)))
    own = [Pair(each, tuple(found[each.id]), each.id in assumed) for each in prescriptions]
    return tuple(sorted([*own, *alone], key=lambda pair: pair.day))


def _capsules(acts: Iterable[Prescription | Dispensing]) -> int | None:
    """Capsules of all acts together; None where one does not say."""
    total = 0
    for act in acts:
        if capsule_content(act.strengths) is None:
            return None
        total += sum(part.capsules or 0 for part in act.strengths)
    return total


# --- where they part ------------------------------------------------------------------------------
def _discrepancies(
    rows: Rows,
    course: Course,
    pairs: tuple[Pair, ...],
    waiting: Prescription | None,
    supplies: list[Dispensing],
    returned: list[CapsulesReturned],
    most_in_hand: int | None,
) -> Iterable[Discrepancy]:
    for pair in pairs:
        yield from _of_pair(rows, pair, waiting)
    for first, last in course.gaps:
        yield Discrepancy("days_without", first=first, last=last, days=last - first + 1)
    if most_in_hand is not None and course.taken.days_in_hand > most_in_hand:
        yield Discrepancy("much_in_hand", days=course.taken.days_in_hand)
    left = sum(each.days for each in supplies) - sum(spell.days for spell in course.taken.spells)
    ended = course.ended or course.halted
    if ended is not None and left > 0 and not returned:
        yield Discrepancy("not_returned", first=ended.happened_on.last, days=left)


def _of_pair(rows: Rows, pair: Pair, waiting: Prescription | None) -> Iterable[Discrepancy]:
    written = pair.prescription
    if written is None:
        supply = pair.supplies[0]
        yield Discrepancy("no_prescription", supply=supply.id, first=pair.day, days=supply.days)
    elif not pair.supplies:
        if written is not waiting:
            yield Discrepancy("not_supplied", prescription=written.id, first=pair.day, days=written.days)
        return
    elif pair.supplied_days != written.days:
        kind = "fewer_days" if pair.supplied_days < written.days else "more_days"
        amounts = (Fraction(pair.supplied_days), Fraction(written.days))
        yield Discrepancy(kind, written.id, pair.supplies[-1].id, pair.supplies[-1].happened_on.last, amounts=amounts)
    for supply in pair.supplies:
        yield from _of_supply(rows, supply, written)


def _of_supply(rows: Rows, supply: Dispensing, written: Prescription | None) -> Iterable[Discrepancy]:
    day, dose = supply.happened_on.last, dose_of(rows, supply)
    if dose is None:
        yield Discrepancy("dose_unknown", written.id if written else "", supply.id, day)
    if written is None:
        return
    wanted = dose_of(rows, written)
    if dose is not None and wanted is not None and dose != wanted:
        yield Discrepancy("other_dose", written.id, supply.id, day, amounts=(dose, wanted))
    elif supply.days == written.days:
        given, asked = _capsules([supply]), _capsules([written])
        if given is not None and asked is not None and given != asked:
            amounts = (Fraction(given), Fraction(asked))
            yield Discrepancy("other_capsules", written.id, supply.id, day, amounts=amounts)
    if "unknown" not in (supply.formulation, written.formulation) and supply.formulation != written.formulation:
        yield Discrepancy("other_formulation", written.id, supply.id, day)
