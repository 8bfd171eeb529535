"""A demonstration clinic: made-up people in every state of a course, from one seed, up to a given moment.

Names are drawn from lists, courses from `isocourse.simulate`. Nobody in it exists.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from isocourse.care import audit
from isocourse.care.admitting import renamed
from isocourse.care.editions import edition_for
from isocourse.care.patients import enter
from isocourse.care.people import customs_of
from isocourse.record.events import Birth
from isocourse.simulate.clinic import clinic_of
from isocourse.simulate.course import course
from isocourse.store.models import Clinic, Patient, User

COURSES = 300
# Days before today on which somebody's first visit was: from this morning to long after the last capsule.
LONGEST_AGO = 420
_GIVEN = """
    Aaliyah Adam Aisha Alex Amara Amir Ana Anna Arjun Ava Ben Callum Chloe Daniel Diego Elena Ella Emma
    Ethan Eva Fatima Finn Freya George Grace Hana Hannah Harry Hugo Ibrahim Ines Isla Ivan Jack Jade
    James Jonas Kai Kofi Lars Layla Leo Lena Liam Lily Lucas Maja Malik Maria Marta Mateo Maya Mei Mia
    Milan Mina Mohammed Nadia Nina Noah Nora Oliver Omar Oscar Priya Rania Ravi Rosa Ruby Sam Sara Sofia
    Tariq Theo Tom Uma Wei Yara Yusuf Zara Zoe
""".split()
_FAMILY = """
    Adams Ahmed Ali Allen Andersson Baker Bauer Begum Bell Brown Campbell Carter Chen Clark Cohen
    Collins Costa Davies Diaz Dubois Edwards Evans Fischer Fox Garcia Gray Green Hall Harris Hassan
    Hughes Hussain Ivanov Jackson Jansen Johnson Jones Kaur Kelly Khan Kim King Kowalski Kumar Lee Lewis
    Li Lopez Martin Mensah Meyer Miller Moore Morgan Moreau Murphy Nguyen Novak Okafor Okoye Osei Park
    Patel Perez Phillips Popescu Reid Rivera Rossi Russo Sato Schmidt Scott Shah Silva Singh Smith
    Suzuki Taylor Thomas Turner Usman Walker Wang White Wilson Wood Wright Yilmaz Young Zhang
""".split()


@dataclass(frozen=True)
class SignIn:
    """Somebody who can sign in to the demonstration."""

    name: str
    role: str
    password: str


def people_of(clinic: Clinic, passwords: Iterator[str]) -> list[SignIn]:
    """The team of the demonstration clinic."""
    found = []
    team = (
        ("doctor", "prescriber", "Robin", "Hale", "Consultant dermatologist"),
        ("doctor2", "prescriber", "Ines", "Marlow", "Dermatologist"),
        ("nurse", "nurse", "Jo", "Tan", "Dermatology nurse"),
        ("admin", "administrator", "Pat", "Lind", "Practice manager"),
    )
    for name, role, given, family, title in team:
        password = next(passwords)
        User.objects.create_user(
            name, password=password, clinic=clinic, role=role, first_name=given, last_name=family, title=title
        )
        found.append(SignIn(name, role, password))
    return found


def clinic_for(programme: str) -> Clinic:
    """The demonstration clinic of a programme."""
    return Clinic.objects.create(
        name="Harbour Street Dermatology",
        programme=programme,
        letterhead="Harbour Street Dermatology\n12 Harbour Street\nExampleton",
        phone="555 0100",
        demonstration=True,
        second_factor_roles=[],  # so that it can be tried out at once
        **customs_of(programme),
    )


def seed(clinic: Clinic, *, now: datetime, seed: int, courses: int = COURSES) -> Iterator[Patient]:
    """The patients, one after the other, each in a transaction of its own."""
    edition = edition_for(clinic)
    today = now.date()
    for number in range(1, courses + 1):
        dice = random.Random(f"{seed}-{number}")  # noqa: S311 - names of nobody
        first_day = today.toordinal() - dice.randrange(LONGEST_AGO)
        made = course(clinic_of(edition, first_day), number, seed=seed, first_day=first_day - 83)
        events = [event for event in made.record.events if event.recorded_at <= now]
        if not events:
            continue
        born = next((event.happened_on for event in events if isinstance(event, Birth)), None)
        who: dict[str, Any] = {
            "number": f"{4000 + number}",
            "given_name": dice.choice(_GIVEN),
            "family_name": dice.choice(_FAMILY),
            "born": date.fromordinal(born.last) if born is not None and born.exact else None,
            "phone": f"555 {1000 + number}",
            "email": f"patient{4000 + number}@example.org",
            "address": f"{number} Example Road\nExampleton",
        }
        # Ids are unique over all patients of a database.
        yield _enter(clinic, who, renamed(events, f"demo-{number}"), now)


@transaction.atomic
def _enter(clinic: Clinic, who: dict[str, Any], events: Any, now: datetime) -> Patient:
    patient = enter(clinic=clinic, who=who, events=events, now=now)
    audit.write("demonstration", by=None, now=now, subject=patient.key)
    return patient
