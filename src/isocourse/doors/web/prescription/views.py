"""The page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from isocourse.doors.web.access import PatientRequest


def prescription(request: PatientRequest) -> HttpResponse:
    return render(request, "prescription/prescription.html", {"patient": request.patient, "tab": "prescription"})
