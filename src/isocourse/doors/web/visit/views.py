"""The page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from isocourse.doors.web.access import PatientRequest


def visit(request: PatientRequest) -> HttpResponse:
    return render(request, "visit/visit.html", {"patient": request.patient, "tab": "visit"})
