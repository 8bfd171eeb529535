"""One synthetic course, and many: the person, the calendar, then every topic in turn.

A topic is a module with `write(draft)` in TOPICS and dice of its own name; its rates stand in `rates.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from isocourse.record.record import Record
from isocourse.simulate import (
    aftercare,
    bloods,
    dose,
    effects,
    entry,
    faults,
    medicines,
    mood,
    prevention,
    rates,
    suitability,
)
from isocourse.simulate.clinic import Clinic
from isocourse.simulate.draft import AFTERNOON, Draft, dice_of
from isocourse.simulate.person import calendar_from, person_on

FIRST_VISITS_WITHIN = 84  # days
COLLECTED_LATE = 6  # days from visit to capsules
Topic = Callable[[Draft], None]
# In this order: bloods may lower the doses planned before them, corrections come after what they correct.
TOPICS: tuple[Topic, ...] = (
    entry.write,
    suitability.write,
    dose.plan,
    bloods.write,
    dose.write,
    prevention.write,
    medicines.write,
    mood.write,
    effects.write,
    aftercare.write,
    faults.write,
)


class Look(NamedTuple):
    """A day on which a course is decided, and the moment up to which things are known: on the day of a supply, before
    the capsules are handed over. `what` is visit, supply, between or after."""

    day: int
    known_at: datetime
    what: str


class Course(NamedTuple):
    """A made-up record with the days that matter in it. `number` finds it again: same seed, same number, same bytes."""

    number: int
    programme: str
    record: Record
    supplies: tuple[int, ...]
    looks: tuple[Look, ...]
    faults: frozenset[str]


def courses(clinic: Clinic, *, count: int, seed: int, first_day: int) -> Iterator[Course]:
    """The courses 1 to `count` of one clinic; first visits lie within twelve weeks of `first_day`."""
    for number in range(1, count + 1):
        yield course(clinic, number, seed=seed, first_day=first_day)


def course(clinic: Clinic, number: int, *, seed: int, first_day: int, topics: Sequence[Topic] = TOPICS) -> Course:
    """The course of one number; without a topic it lacks that topic's events, and no other is moved."""
    dice = dice_of(seed, clinic.programme, number, "person")
    day = first_day + dice.between(0, FIRST_VISITS_WITHIN - 1)
    person = person_on(day, clinic, dice)
    calendar = calendar_from(day, clinic, person, dice)
    draft = Draft(seed, number, clinic, person, calendar, dice.pick(clinic.capsules))
    draft.fault("vanished", calendar.stopped is None)
    waits = [month.supply - month.visit for month in calendar.months]
    draft.fault("window_missed", max(waits) > max(rates.COLLECTED_AFTER))
    draft.fault("collected_late", max(waits) >= COLLECTED_LATE)
    for topic in topics:
        topic(draft)
    draft.events.sort(key=lambda event: (event.recorded_at, event.id))
    record = Record(subject=f"simulated-{number}", events=tuple(draft.events))  # type: ignore[arg-type]
    supplies = tuple(month.supply for month in calendar.months)
    return Course(number, clinic.programme, record, supplies, _looks(draft), frozenset(draft.faults))


def _looks(draft: Draft) -> tuple[Look, ...]:
    """Each visit and supply day, a day between two supplies, and two days after the end."""
    dice = draft.dice("looks")
    found = {}
    for month in draft.calendar.months:
        found[month.visit] = "visit"
        found[month.prescribed] = "visit"
        found[month.supply] = "supply"
        found.setdefault(month.supply + dice.between(2, 24), "between")
    end = draft.calendar.months[-1].supply + 29
    for day in (end + 5, end + 40):
        found.setdefault(day, "after")
    return tuple(Look(day, _before_supply(day), what) for day, what in sorted(found.items()))


def _before_supply(day: int) -> datetime:
    return datetime.combine(datetime.fromordinal(day), AFTERNOON)
