"""A small clinic in a real database: two clinics, people of every role, a patient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache

from isocourse.care.patients import register
from isocourse.store.models import Clinic, Patient, User

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@dataclass
class House:
    """The people of one clinic."""

    clinic: Clinic
    prescriber: User
    second: User
    nurse: User
    administrator: User
    patient: User


def house(name: str, programme: str = "uk", **more: Any) -> House:
    """A clinic with one person of each role, and a second prescriber."""
    clinic = Clinic.objects.create(name=name, programme=programme, **{"second_factor_roles": [], **more})

    def person(role: str, called: str) -> User:
        return User.objects.create_user(f"{called}-{clinic.pk}", password="correct horse 9", clinic=clinic, role=role)

    return House(
        clinic,
        person("prescriber", "doctor"),
        person("prescriber", "second"),
        person("nurse", "nurse"),
        person("administrator", "administrator"),
        person("patient", "patient"),
    )


@pytest.fixture(autouse=True)
def _fresh_counts() -> Iterator[None]:
    """How often somebody asked is counted in the memory of the process, by keys that tests have in common."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ours(db: Any) -> House:
    return house("Our clinic")


@pytest.fixture
def theirs(db: Any) -> House:
    return house("Another clinic")


@pytest.fixture
def patient(ours: House) -> Patient:
    who = {"number": "0412", "given_name": "Ada", "family_name": "Example", "born": date(2004, 5, 6)}
    return register(by=ours.nurse, now=NOW, who=who)
