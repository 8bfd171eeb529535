"""Made-up US courses as JSON records: those of `isocourse.simulate`, cut off where about 70 events are known.

So they hold what every topic reads, with the ordinary faults of a clinic. Seven in ten are looked at on the day of a
supply, before the capsules are handed over, where most can proceed; the others at a visit or between two supplies.
Same seed, same courses.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import msgspec

from isocourse.engine.edition import edition_of
from isocourse.engine.load import load_library
from isocourse.record.events import Event
from isocourse.record.record import Record, write_record
from isocourse.simulate.clinic import Clinic, clinic_of
from isocourse.simulate.course import Course, Look, course

FIRST_DAY = date(2026, 1, 5).toordinal()
EVENTS = 70
_LOOKS = ("supply",) * 7 + ("visit",) * 2 + ("between",)


def courses(count: int, seed: int = 20261123) -> list[tuple[bytes, int]]:
    """(record as JSON, day to decide for) for `count` different people."""
    clinic = _clinic()
    people = (course(clinic, number, seed=seed, first_day=FIRST_DAY) for number in range(1, count + 1))
    return [_seen(person, _LOOKS[person.number % len(_LOOKS)]) for person in people]


@lru_cache(maxsize=1)
def _clinic() -> Clinic:
    return clinic_of(edition_of(load_library(), "us"), FIRST_DAY)


def _seen(person: Course, what: str) -> tuple[bytes, int]:
    """What was known at the look of this kind at which the record came nearest to the events wanted."""
    looks = [look for look in person.looks if look.what == what] or list(person.looks)
    look = min(looks, key=lambda look: abs(len(_known(person, look)) - EVENTS))
    seen = Record(subject=person.record.subject, events=_known(person, look))  # type: ignore[arg-type]
    return _compact(seen), look.day


def _known(person: Course, look: Look) -> tuple[Event, ...]:
    return tuple(event for event in person.record.events if event.recorded_at <= look.known_at)


def _compact(record: Record) -> bytes:
    """As a clinic's system would send it: without white space and without fields that say nothing."""
    plain = msgspec.json.decode(write_record(record))
    plain["events"] = [
        {name: value for name, value in event.items() if value not in (None, "")} for event in plain["events"]
    ]
    return msgspec.json.encode(plain)
