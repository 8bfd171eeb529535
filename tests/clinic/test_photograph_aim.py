"""Hints while one aims: answered from memory, kept nowhere, and not without consent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from isocourse.simulate.faces import Camera
from isocourse.store.models import AuditEntry, Look, Patient, Photograph
from tests.clinic.conftest import House
from tests.clinic.test_access import client_of
from tests.clinic.test_photographs import consent
from tests.skin.generated import generated
from tests.skin.portraits import as_jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def nurse(ours: House, theirs: House, patient: Patient) -> Client:
    consent(ours, patient, "patient", "guardian")
    return client_of("nurse", ours, theirs)


def frame(**how: float) -> bytes:
    rgb = generated("tan", camera=Camera(**how)).rgb  # type: ignore[arg-type]
    return as_jpeg(cv2.resize(rgb, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA))  # type: ignore[arg-type]


def asked(client: Client, patient: Patient, content: bytes | None, **more: str) -> tuple[int, dict[str, str]]:
    sent: dict[str, Any] = {"view": "frontal", "times": "4", **more}
    if content is not None:
        sent["frame"] = SimpleUploadedFile("frame.jpg", content, content_type="image/jpeg")
    answer = client.post(reverse("photograph_aim", args=[patient.key]), sent)
    return answer.status_code, answer.json()


def test_a_hint_and_nothing_kept(nurse: Client, patient: Patient, tmp_path: Path) -> None:
    before = AuditEntry.objects.count()
    assert asked(nurse, patient, frame()) == (200, {"aim": ""})
    assert asked(nurse, patient, frame(yaw=22)) == (200, {"aim": "right"})
    assert asked(nurse, patient, frame(), view="raking_left") == (200, {"aim": ""})
    assert asked(nurse, patient, frame(), view="left_45") == (200, {"aim": "right"})
    assert asked(nurse, patient, b"whatever", view="back") == (200, {"aim": ""})  # no face is looked for
    assert not Photograph.objects.exists() and AuditEntry.objects.count() == before
    assert Look.objects.count() == 1  # that this person was at this patient, and not once for each hint
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


@pytest.mark.parametrize(
    ("content", "more"),
    [(None, {}), (b"no picture", {}), (b"\xff\xd8" + bytes(500_000), {}), (frame, {"times": "nan"}),
     (frame, {"times": "0"}), (frame, {"times": ""}), (frame, {"times": "1e9"})],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(nurse: Client, patient: Patient, content: Any, more: dict[str, str]) -> None:
    status, told = asked(nurse, patient, content() if callable(content) else content, **more)
    assert status == 422 and told["wrong"]


def test_without_consent_nothing_is_looked_at(ours: House, theirs: House, patient: Patient) -> None:
    status, told = asked(client_of("nurse", ours, theirs), patient, frame())
    assert status == 422 and "no consent" in told["wrong"].lower()
