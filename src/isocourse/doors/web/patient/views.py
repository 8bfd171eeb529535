"""The page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from isocourse.doors.web.access import PatientRequest


def patient(request: PatientRequest) -> HttpResponse:
    return render(request, "patient/patient.html", {"patient": request.patient, "tab": "overview"})
