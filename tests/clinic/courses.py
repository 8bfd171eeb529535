"""Patients of simulated courses, on days on which a prescription would proceed or be withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from isocourse.care.demonstration import renamed
from isocourse.care.editions import edition_for, zone_of
from isocourse.care.judging import Judged, judge
from isocourse.care.patients import register
from isocourse.record.events import Prescription
from isocourse.record.record import Record
from isocourse.simulate.clinic import clinic_of
from isocourse.simulate.course import Course, Look, courses
from isocourse.store.keys import new_key
from isocourse.store.models import Clinic, Patient
from isocourse.words.prescription import Choice
from tests.clinic.conftest import House

FIRST = date(2026, 1, 5).toordinal()
OWN_CAPSULES = {"name": "isotretinoin", "strengths": "10, 20", "formulation": "conventional"}


@dataclass(frozen=True)
class Case:
    """A patient at a moment, with a choice to prescribe."""

    patient: Patient
    now: datetime
    choice: Choice
    judged: Judged


def looks(clinic: Clinic, *, count: int, seed: int = 3) -> Iterator[tuple[Course, Look]]:
    for course in courses(clinic_of(edition_for(clinic), FIRST), count=count, seed=seed, first_day=FIRST):
        for look in course.looks:
            yield course, look


def choice_for(clinic: Clinic, record: Record) -> Choice:
    """What was prescribed last, or 20 mg once a day, for 30 days."""
    from isocourse.plan.course import product_named, products_of

    edition = edition_for(clinic)
    last = next((event for event in reversed(record.events) if isinstance(event, Prescription)), None)
    product = product_named(edition, last.product, last.formulation) if last is not None else None
    if product is None and products_of(edition):
        product = products_of(edition)[0]
    own = {"product": product.id} if product is not None else OWN_CAPSULES
    mg = str(last.daily_dose_mg) if last is not None and last.daily_dose_mg is not None else "20"
    intakes = last.intakes if last is not None and last.intakes is not None else 1
    return Choice(**own, mg=mg, intakes=intakes, days=30)


def case_of(house: House, course: Course, look: Look) -> Case:
    """The course as it was known at a look, as a patient of a house."""
    now = datetime.combine(date.fromordinal(look.day), datetime.min.time(), ZoneInfo(zone_of(house.clinic)))
    now = (now + timedelta(hours=15)).astimezone(UTC)
    events = [event for event in course.record.events if event.recorded_at <= min(now, look.known_at)]
    known = renamed(events, new_key()[:8])
    who = {"number": new_key()[:8], "given_name": "Ada", "family_name": "Example", "born": date(2004, 5, 6)}
    patient = register(by=house.prescriber, now=now, who=who, events=known)
    choice = choice_for(house.clinic, msgspec.structs.replace(course.record, events=tuple(known)))
    return Case(patient, now, choice, judge(patient, choice, by=house.prescriber, now=now))


def proceeding(house: House) -> Case:
    """The first case in which nothing is in the way."""
    return next(case for case in _cases(house) if case.judged.may_proceed)


def overridable(house: House) -> Case:
    """The first case in which something is in the way from which a prescriber may depart."""
    return next(case for case in _cases(house) if case.judged.may_be_overridden)


def _cases(house: House) -> Iterator[Case]:
    for course, look in looks(house.clinic, count=30):
        if look.what in ("visit", "supply"):
            yield case_of(house, course, look)
