"""Somebody else's photograph among those of a visit: said while the patient is there, and no part of the noise."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from isocourse.care import photograph_deleting as deleting
from isocourse.care import photographs as care
from isocourse.care.photograph_jobs import measured, shots_of
from isocourse.care.photograph_pairs import APART
from isocourse.simulate.faces import Camera, Look, Person, photograph
from isocourse.store.models import Patient, Photograph
from tests.clinic.conftest import NOW, House
from tests.clinic.test_access import client_of
from tests.clinic.test_photographs import all_jobs, consent, face, take

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _own_home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def of_somebody_else() -> bytes:
    camera = Camera(px_per_mm=5.0, width=980, height=1230, jpeg=94)
    made = photograph(Person(6, "light"), Look(), camera, seed=4).jpeg
    assert made is not None
    return made


def apart(house: House) -> list[tuple[int, bool, str]]:
    rows = Photograph.objects.filter(deleted_at=None).order_by("repeat")
    return [(each.repeat, bool((kept := measured(each)) and kept.apart), each.problem) for each in rows]


def test_a_photograph_of_other_skin_is_no_repeat(
    ours: House, theirs: House, patient: Patient, django_capture_on_commit_callbacks: Any
) -> None:
    consent(ours, patient, "patient", "guardian")
    taken = [take(ours, patient, data, day=DAY) for data in (face(0), of_somebody_else(), face(0, 1))]
    all_jobs()
    assert apart(ours) == [(1, False, ""), (2, True, APART), (3, False, "")]
    assert len(shots_of(taken[0])) == 2
    page = client_of("nurse", ours, theirs).get(reverse("photographs", args=[patient.key])).content.decode()
    assert page.count("does not show the same skin") == 1

    # The first one was the wrong one: what is left is looked at again.
    with django_capture_on_commit_callbacks(execute=True):
        deleting.delete(by=ours.nurse, photographs=[taken[0]], reason="not this patient", now=NOW)
    all_jobs()
    assert apart(ours) == [(2, False, ""), (3, True, APART)]
    with django_capture_on_commit_callbacks(execute=True):
        deleting.delete(by=ours.nurse, photographs=[taken[1]], reason="not this patient", now=NOW)
    all_jobs()
    assert apart(ours) == [(3, False, "")] and care.photographs_of(patient).count() == 1
