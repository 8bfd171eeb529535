"""The gallery as the page shows it: visits, newest first, with their views and what is known of each photograph."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from isocourse.care import photographs as care
from isocourse.care.deciding import today_in
from isocourse.care.permissions import may
from isocourse.doors.web.needs import PatientRequest
from isocourse.store.models import Patient, Photograph
from isocourse.store.models.photographs import Analysis

PENDING = (Analysis.WAITING, Analysis.RUNNING)


class Visit(NamedTuple):
    """The photographs of one day."""

    day: date
    photographs: list[Photograph]


def visits_of(photographs: Sequence[Photograph]) -> list[Visit]:
    """Days, newest first; in each the views in the order in which they are taken."""
    order = list(Photograph.View.values)
    found = sorted(photographs, key=lambda each: (-each.day.toordinal(), order.index(each.view), each.repeat))
    return [Visit(day, list(group)) for day, group in groupby(found, key=lambda each: each.day)]


def context_of(request: PatientRequest, **more: Any) -> dict[str, Any]:
    """What the gallery shows."""
    patient, now = request.patient, timezone.now()
    found = list(care.photographs_of(patient))
    patient.refresh_from_db(fields=["last_seq"])
    return {
        "patient": patient,
        "tab": "photographs",
        "visits": visits_of(found),
        "deleted": list(care.deleted_of(patient)),
        "pending": sum(each.state in PENDING for each in found),
        "consent": care.consent_of(patient, now=now),
        "today": today_in(patient.clinic, now),
        "views": Photograph.View.choices,
        "largest": care.LARGEST_BYTES // 1024**2,
        "may_take": may(request.user, "take_photographs", patient, now=now),
        "may_delete": may(request.user, "delete_photographs", patient, now=now),
        **more,
    }


def page(request: PatientRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    """The gallery, with what was typed and what is in its way."""
    return render(request, "photographs/gallery.html", context_of(request, **more), status=status)


def about(patient: Patient, photograph: Photograph) -> dict[str, Any]:
    """What the page of one photograph shows."""
    return {"patient": patient, "tab": "photographs", "photograph": photograph}
