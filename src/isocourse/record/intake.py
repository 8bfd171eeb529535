"""What was taken: capsules supplied, used up day by day, added up exactly and apart for each formulation.

A supply lasts for its days of dosing. Capsules in hand are used before new ones. No dose is taken on a missed day, from
the day of a pause until dosing goes on, or after the day of a stop; what is left at a stop is returned. A first dose
recorded on or after the first supply of a course begins it there; without one it begins with the supply. Which days a
note of missed doses means is not said in it: the last days before the note are taken, back to the note before.

Milligrams of different formulations are never added. Each day's dose is divided by the weight known on that day (days
before the first weight by that first one), as exact fractions; nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from isocourse.record.dose import dose_of, formulation_of, kilograms
from isocourse.record.events import Dispensing, MissedDoses, Weight
from isocourse.record.tables import Rows
from isocourse.record.terminology import Formulation

NEVER = 10**7  # a day number after every other


class Spell(NamedTuple):
    """A run of days with one dose, both ends included. `mg_a_day` is None where the dose is not known."""

    first_day: int
    last_day: int
    mg_a_day: Fraction | None
    formulation: Formulation
    supply: str

    @property
    def days(self) -> int:
        return self.last_day - self.first_day + 1


class Total(NamedTuple):
    """What was taken of one formulation. `mg_per_kg` is None without any weight; `days_unknown` had no known dose."""

    formulation: Formulation
    mg: Fraction
    mg_per_kg: Fraction | None
    days: int
    days_unknown: int


class Held(NamedTuple):
    """Days of dosing still in hand from one supply. `mg_a_day` is None where the dose is not known."""

    days: int
    mg_a_day: Fraction | None
    formulation: Formulation
    supply: str


class Taken(NamedTuple):
    """Everything taken from `from_day` to `as_of`: spells in order, totals apart by formulation, and what is still in
    hand, in the order in which it will be taken. `complete` is False when some dose is not known, or a first dose was
    taken before the first supply on record, so that the true total is larger."""

    spells: tuple[Spell, ...]
    totals: tuple[Total, ...]
    in_hand: tuple[Held, ...]
    complete: bool

    @property
    def days_in_hand(self) -> int:
        return sum(held.days for held in self.in_hand)


class _Line(NamedTuple):
    """Days of dosing from one supply not yet used."""

    days: int
    supply: Dispensing


def taken(rows: Rows, as_of: int, from_day: int = 1) -> Taken:
    """Add up what was taken on the days from `from_day` to `as_of`, both included. `rows` as clipped at `as_of`."""
    spells: list[Spell] = []
    stock: list[_Line] = []
    missed = _missed(rows)
    complete = True
    for first, last, goes_on, supplies, dosing in _courses(rows, as_of):
        found, left = _used(rows, supplies, _without(dosing, missed), last)
        spells += found
        stock = left if goes_on else []
        complete = complete and not _began_before(rows, first, last, supplies)
    kept = tuple(_clipped(spells, from_day, as_of))
    held = tuple(
        Held(line.days, dose_of(rows, line.supply), formulation_of(rows, line.supply), line.supply.id) for line in stock
    )
    known = all(spell.mg_a_day is not None for spell in kept)
    return Taken(kept, tuple(_totals(rows, kept)), held, complete and known)


# --- courses and days of dosing -------------------------------------------------------------------
_Span = tuple[int, int]


def _courses(rows: Rows, as_of: int) -> list[tuple[int, int, bool, list[Dispensing], list[_Span]]]:
    """From stop to stop: (first day, last day, whether it goes on, supplies, spans of dosing)."""
    supplies = [event for event in rows.get("dispensing", ()) if isinstance(event, Dispensing)]
    stops = sorted({event.happened_on.last for event in rows.get("course_stop", ())})
    starts = [event.happened_on.last for event in rows.get("course_start", ())]
    pauses = [event.happened_on.last for event in rows.get("course_pause", ())]
    found = []
    begin = 1
    for stop in [*stops, NEVER]:
        inside = [supply for supply in supplies if begin <= supply.happened_on.last <= stop]
        if inside:
            last = min(stop, as_of)
            dosing = _dosing(inside[0].happened_on.last, last, begin, starts, pauses)
            found.append((begin, last, stop == NEVER, inside, dosing))
        begin = stop + 1
    return found


def _dosing(supplied: int, last: int, begin: int, starts: list[int], pauses: list[int]) -> list[_Span]:
    """The spans of dosing of one course, from its first supply (or the first dose recorded after it) to `last`.
    On a day with a pause and a start, dosing goes on."""
    own_pauses = sorted(day for day in pauses if supplied <= day <= last)
    own_starts = sorted(day for day in starts if begin <= day <= last)
    before_pause = [day for day in own_starts if day <= (own_pauses[0] if own_pauses else NEVER)]
    opened: int | None = max(supplied, before_pause[0]) if before_pause else supplied
    found: list[_Span] = []
    changes = sorted([(day, 0) for day in own_pauses] + [(day, 1) for day in own_starts])
    for day, is_start in changes:
        if is_start:
            opened = day if opened is None else opened
        elif opened is not None and day > opened:
            found.append((opened, day - 1))
            opened = None
        elif opened is not None and day == opened and day not in own_starts:
            opened = None
    if opened is not None and opened <= last:
        found.append((opened, last))
    return found


def _began_before(rows: Rows, first: int, last: int, supplies: list[Dispensing]) -> bool:
    """Whether a dose was recorded before the first supply on record, so that some supply is not on record."""
    return any(
        first <= event.happened_on.last < supplies[0].happened_on.last and event.happened_on.last <= last
        for event in rows.get("course_start", ())
    )


def _missed(rows: Rows) -> list[_Span]:
    """The missed days: for each note the days just before it, not reaching back to the note before."""
    found: list[_Span] = []
    before = 1
    for note in rows.get("missed_doses", ()):
        assert isinstance(note, MissedDoses)
        day = note.happened_on.last
        first = max(day - note.days, before)
        if first <= day - 1:
            found.append((first, day - 1))
        before = max(before, day)
    return found


def _without(spans: list[_Span], holes: list[_Span]) -> list[_Span]:
    found: list[_Span] = []
    for first, last in spans:
        at = first
        for low, high in holes:
            if high < at or low > last:
                continue
            if low > at:
                found.append((at, low - 1))
            at = max(at, high + 1)
        if at <= last:
            found.append((at, last))
    return found


# --- using capsules up ----------------------------------------------------------------------------
def _used(rows: Rows, supplies: list[Dispensing], dosing: list[_Span], last: int) -> tuple[list[Spell], list[_Line]]:
    """Spells by supply, one after the other through the days of dosing, and what is left."""
    spells: list[Spell] = []
    left: list[_Line] = []
    at = 0
    for supply in supplies:
        at = max(at, supply.happened_on.last)
        rest = supply.days
        dose, formulation = dose_of(rows, supply), formulation_of(rows, supply)
        for low, high in dosing:
            first = max(low, at)
            end = min(high, first + rest - 1)
            if rest == 0 or first > end:
                continue
            spells.append(Spell(first, end, dose, formulation, supply.id))
            rest -= end - first + 1
            at = end + 1
        if rest:
            left.append(_Line(rest, supply))
            at = max(at, last + 1)
    return spells, left


def _clipped(spells: list[Spell], first: int, last: int) -> list[Spell]:
    inside = (s._replace(first_day=max(s.first_day, first), last_day=min(s.last_day, last)) for s in spells)
    return [spell for spell in inside if spell.days > 0]


# --- adding up ------------------------------------------------------------------------------------
def weights(rows: Rows) -> list[tuple[int, Fraction]]:
    """(day, kg) in order; of several on one day the lightest, as for the dose."""
    by_day: dict[int, Fraction] = {}
    for event in rows.get("weight", ()):
        assert isinstance(event, Weight)
        day, kg = event.happened_on.last, kilograms(event.value, event.unit)
        by_day[day] = min(kg, by_day.get(day, kg))
    return sorted(by_day.items())


def _totals(rows: Rows, spells: tuple[Spell, ...]) -> list[Total]:
    weighed = weights(rows)
    found: list[Total] = []
    for formulation in dict.fromkeys(spell.formulation for spell in spells):
        own = [spell for spell in spells if spell.formulation == formulation]
        known = [(spell, spell.mg_a_day) for spell in own if spell.mg_a_day is not None]
        mg = sum((dose * spell.days for spell, dose in known), Fraction(0))
        by_weight = sum((_per_kg(spell, dose, weighed) for spell, dose in known), Fraction(0)) if weighed else None
        unknown = sum(spell.days for spell in own if spell.mg_a_day is None)
        found.append(Total(formulation, mg, by_weight, sum(spell.days for spell in own), unknown))
    return found


def climb(spells: Sequence[Spell], weighed: list[tuple[int, Fraction]]) -> list[tuple[int, Fraction]]:
    """The total in mg/kg at the start of each day on which its rate changes: (day, total before that day's dose), from
    the first day of the first spell to the day after the last. Spells of one formulation, in order; a spell without a
    known dose adds nothing. Empty without a weight."""
    if not weighed or not spells:
        return []
    found = [(spells[0].first_day, Fraction(0))]
    for spell in spells:
        changes = [day for day, _ in weighed[1:] if spell.first_day < day <= spell.last_day]
        for first, until in pairwise([spell.first_day, *changes, spell.last_day + 1]):
            part = spell._replace(first_day=first, last_day=until - 1)
            more = _per_kg(part, spell.mg_a_day, weighed) if spell.mg_a_day is not None else Fraction(0)
            if first > found[-1][0]:
                found.append((first, found[-1][1]))
            found.append((until, found[-1][1] + more))
    return found


def _per_kg(spell: Spell, dose: Fraction, weighed: list[tuple[int, Fraction]]) -> Fraction:
    """mg per kg of one spell, each day by the weight of that day."""
    total = Fraction(0)
    until = [day for day, _ in weighed[1:]] + [NEVER]
    for index, (_, kg) in enumerate(weighed):
        low = spell.first_day if index == 0 else max(spell.first_day, weighed[index][0])
        high = min(spell.last_day, until[index] - 1)
        if low <= high:
            total += dose * (high - low + 1) / kg
    return total
