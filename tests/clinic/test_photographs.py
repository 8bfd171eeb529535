"""Photographs: consent, sealing, what a file says beside its picture, who may see, deletion that is real, the jobs."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from isocourse.care import photographs as care
from isocourse.care.patients import break_glass
from isocourse.care.permissions import Denied
from isocourse.care.recording import record_events
from isocourse.errors import InputError
from isocourse.skin.picture import decode
from isocourse.store import vault
from isocourse.store.models import AuditEntry, Look, Patient, Photograph
from tests.clinic.conftest import NOW, TODAY, House
from tests.clinic.test_access import client_of

pytestmark = pytest.mark.django_db


# --- files ----------------------------------------------------------------------------------------
def scene(width: int = 320, height: int = 400, seed: int = 1) -> np.ndarray[Any, Any]:
    """Coloured noise that is smooth enough for a JPEG; nobody."""
    dice = np.random.default_rng(seed)
    return cv2.resize(dice.integers(60, 220, (height // 16, width // 16, 3), dtype=np.uint8), (width, height))


def jpeg(seed: int = 1, *, orientation: int = 1, gps: bool = True, **more: Any) -> bytes:
    """A JPEG as a phone writes it: place, time, device, a remark, a second file behind the end."""
    exif = Image.Exif()
    exif[0x0110] = "SecretPhone 12"
    exif[0x0112] = orientation
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    made = io.BytesIO()
    Image.fromarray(scene(seed=seed)).save(made, "JPEG", quality=88, exif=exif, comment=b"Ada Example", **more)
    return made.getvalue() + b"trailing film of Ada"


def consent(house: House, patient: Patient, *signers: str, on: date = TODAY) -> None:
    care.sign_consent(
        by=house.nurse, patient=patient, signers=signers or ("patient",), on=on, now=NOW, seen_seq=patient.last_seq
    )


def born(house: House, patient: Patient, day: str) -> None:
    record_events(by=house.nurse, patient=patient, events=[{"kind": "birth", "happened_on": day}], now=NOW)


@pytest.fixture
def adult(ours: House, patient: Patient) -> Patient:
    """A patient of age who consents."""
    born(ours, patient, "2004-05-06")
    consent(ours, patient)
    return patient


def take(house: House, patient: Patient, data: bytes | None = None, **more: Any) -> Photograph:
    known = {"by": house.nurse, "view": "frontal", "day": TODAY, "now": NOW, **more}
    return care.take(patient=patient, data=jpeg() if data is None else data, **known)


def sealed(photograph: Photograph, part: str = vault.ORIGINAL) -> Path:
    return vault.place(photograph.key, part)


def test_a_photograph_goes_in_and_comes_out(ours: House, adult: Patient) -> None:
    kept = take(ours, adult)
    found = care.opened(by=ours.nurse, photograph=kept, part=vault.ORIGINAL, now=NOW)
    assert np.array_equal(decode(found).rgb, decode(jpeg()).rgb)
