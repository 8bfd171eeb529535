"""What the pages read of a patient: the record as it stands, and who is behind the codes of its authors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from isocourse.care.deciding import today_in
from isocourse.care.editions import edition_for
from isocourse.doors.web.needs import PatientRequest
from isocourse.engine.decide import Evaluation, evaluate, prepare
from isocourse.engine.edition import Edition
from isocourse.record.record import Record
from isocourse.store.models import Patient, User
from isocourse.store.reading import record_of
from isocourse.words.lab_units import LabUnits

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Standing:
    """The record of a patient as of today in the clinic."""

    edition: Edition
    record: Record
    evaluation: Evaluation
    today: int


def standing_of(patient: Patient) -> Standing:
    """Read and evaluate the record; nothing is written."""
    edition, record = edition_for(patient.clinic), record_of(patient)
    today = today_in(patient.clinic, timezone.now()).toordinal()
    return Standing(edition, record, evaluate(edition, prepare(record), today), today)


def lab_units(patient: Patient) -> LabUnits:
    """The units in which the clinic reads results."""
    return "conventional" if patient.clinic.lab_units == "conventional" else "si"


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The names of colleagues by the code that events carry."""
    return {user.code: user.shown_name for user in User.objects.filter(code__in=set(codes))}


def of_one_record(view: View) -> View:
    """For pages about a patient: a record that was merged says where it is read now, and shows nothing else."""

    @wraps(view)
    def shown(request: PatientRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.patient.merged_into_id is not None:
            return render(request, "patient/merged.html", {"patient": request.patient, "tab": ""})
        return view(request, *args, **kwargs)

    return shown
