"""A course while it is being written: the person, the calendar, and the events so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from isocourse.record.dates import PartialDate, exact, iso, partial_date
from isocourse.record.events import KINDS, Author, Event
from isocourse.simulate.clinic import Capsules, Clinic
from isocourse.simulate.dice import Dice

_AUTHORS = {
    "prescriber": Author(id="doctor-1", role="prescriber"),
    "nurse": Author(id="nurse-1", role="nurse"),
    "pharmacist": Author(id="pharmacy-1", role="pharmacist"),
    "laboratory": Author(id="laboratory-1", role="laboratory"),
    "patient": Author(id="patient", role="patient"),
    "guardian": Author(id="guardian-1", role="guardian"),
    "administrator": Author(id="desk-1", role="administrator"),
}
AFTERNOON = time(16, tzinfo=UTC)
# When on its day something is written down: what is judged comes after what it judges, the prescription after the
# test, the capsules last. Everything else at nine.
_HOURS = {
    "lab_reviewed": 10,
    "medicine_checked": 10,
    "mood_assessment": 10,
    "symptom_assessed": 10,
    "symptom_ended": 10,
    "authorisation": 10,
    "prescription": 11,
    "dispensing": AFTERNOON.hour,
    "course_start": AFTERNOON.hour,
}


class Person(NamedTuple):
    """Who it is. `born` is a day number; `periods` how they come; `cycle` the days between two of them."""

    born: int
    sex: Literal["female", "male"]
    can_become_pregnant: bool
    ground: str
    height_cm: int
    weight_kg: Decimal
    minor: bool
    periods: str
    cycle: int

    @property
    def bmi(self) -> float:
        return float(self.weight_kg) / (self.height_cm / 100) ** 2


class Month(NamedTuple):
    """One month of treatment: its place (0 is the first), the visit, the day the capsules are collected, and the day of
    the new test and prescription where the window of the visit was missed."""

    place: int
    visit: int
    supply: int
    retest: int | None = None

    @property
    def prescribed(self) -> int:
        return self.visit if self.retest is None else self.retest


class Calendar(NamedTuple):
    """The days of a course. `stopped` is the day of the last dose, None when nobody wrote it down; nothing is written
    after `last_day`."""

    first_visit: int
    methods: tuple[str, ...]
    methods_since: int
    months: tuple[Month, ...]
    stopped: int | None
    reason: str
    last_day: int


@dataclass
class Draft:
    """What the topics write into. `doses` holds mg a day by month; a topic may lower the later ones."""

    seed: int
    number: int
    clinic: Clinic
    person: Person
    calendar: Calendar
    capsules: Capsules
    doses: list[Decimal] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    faults: set[str] = field(default_factory=set)
    _written: dict[str, int] = field(default_factory=dict)

    def dice(self, topic: str) -> Dice:
        """The dice of one topic of this course."""
        return dice_of(self.seed, self.clinic.programme, self.number, topic)

    def write(
        self,
        kind: str,
        day: int,
        by: str = "prescriber",
        *,
        late: int = 0,
        happened: PartialDate | None = None,
        **fields: Any,
    ) -> str:
        """Write one event down, `late` days after it happened, and give its id. After the last day nothing is."""
        place = self._written[kind] = self._written.get(kind, 0) + 1
        name = f"{kind}-{place}"
        if day > self.calendar.last_day:
            return name
        written = date.fromordinal(max(day, self.calendar.first_visit) + late)
        at = time(_HOURS.get(kind, 9), place % 60, tzinfo=UTC)
        event = KINDS[kind](
            id=name,
            happened_on=happened or exact(day),
            recorded_at=datetime.combine(written, at),
            author=_AUTHORS[by],
            **fields,
        )
        self.events.append(event)
        return name

    def fault(self, name: str, happened: bool) -> bool:
        """Note that an ordinary fault happened, if it did."""
        if happened:
            self.faults.add(name)
        return happened


def dice_of(seed: int, programme: str, number: int, topic: str) -> Dice:
    """Dice that depend on nothing but these four words."""
    return Dice("isocourse", seed, programme, number, topic)


def month_only(day: int) -> PartialDate:
    """The month of a day, as when nobody knows more."""
    return partial_date(iso(day)[:7])
