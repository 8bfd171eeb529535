"""What a page needs of whoever opens it. Each folder of pages says it in its `urls.py`."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from isocourse.care.permissions import Act
from isocourse.store.models import Patient, User


@dataclass(frozen=True)
class Need:
    """What a page needs. `act` None: anybody (`anybody`), or whoever is signed in. `looks`: opening it is looking at
    the patient, and is written down. `heavy`: it costs a lot, and is answered so often a minute and no more."""

    act: Act | None = None
    anybody: bool = False
    looks: bool = False
    heavy: bool = False


ANYBODY, SIGNED_IN = Need(anybody=True), Need()


class PatientRequest(HttpRequest):
    """A request whose patient was found and may be seen by whoever asks."""

    user: User  # type: ignore[assignment]
    patient: Patient
