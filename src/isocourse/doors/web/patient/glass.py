"""Breaking the glass: a record of another clinic, opened for an hour, for a reason that is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from isocourse.care.patients import break_glass
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.store.models import Patient


def ask(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The page that asks for the reason. It says nothing about the patient."""
    return render(request, "patient/glass.html", {"key": patient.key}, status=403)


def glass(request: Any, key: str) -> HttpResponse:
    """The reason was given: open the record for an hour."""
    patient = Patient.objects.filter(key=key).first()
    if request.method != "POST" or patient is None:
        return render(request, "patient/glass.html", {"key": key}, status=403)
    try:
        break_glass(by=request.user, patient=patient, now=timezone.now(), reason=request.POST.get("reason", ""))
    except InputError as error:
        return render(request, "patient/glass.html", {"key": key, "error": known(error)}, status=403)
    return redirect("patient", patient=patient.key)
