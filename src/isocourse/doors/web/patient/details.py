"""Who the patient is, and who looked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from isocourse.care.patients import IDENTITY, CorrectedMeanwhile, correct_identity, identity_mark
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.store.models import Patient

MOST_LOOKS, MOST_TEXT = 100, 1000
NEEDED = ("number", "given_name", "family_name")


@of_one_record
def details(request: PatientRequest) -> HttpResponse:
    return _page(request, {name: getattr(request.patient, name) for name in IDENTITY})


@require_POST
@of_one_record
def identity(request: PatientRequest) -> HttpResponse:
    """Correct who the patient is."""
    typed = {name: request.POST.get(name, "").strip() for name in IDENTITY}
    try:
        who = read_identity(typed)
        seen = request.POST.get("seen", "")
        correct_identity(by=request.user, patient=request.patient, now=timezone.now(), who=who, seen=seen)
    except CorrectedMeanwhile:
        request.patient.refresh_from_db()
        return _page(request, typed, meanwhile=True)
    except InputError as error:
        request.patient.refresh_from_db()
        return _page(request, typed, error=error)
    messages.success(request, _("Saved."))
    return redirect("details", patient=request.patient.key)


def read_identity(typed: dict[str, str]) -> dict[str, Any]:
    """What was typed, checked. Raises InputError naming the field."""
    for name in NEEDED:
        if not typed[name]:
            raise InputError(_("this has to be filled in"), where=name)
    for name, text in typed.items():
        most = getattr(Patient._meta.get_field(name), "max_length", None) or MOST_TEXT
        if len(text) > most:
            raise InputError(_("at most {0} characters fit here").format(most), where=name)
    born = None
    if typed["born"]:
        try:
            born = date.fromisoformat(typed["born"])
        except ValueError:
            raise InputError(_("this is not a date"), where="born") from None
    if typed["email"]:
        try:
            validate_email(typed["email"])
        except ValidationError:
            raise InputError(_("this is not an e-mail address"), where="email") from None
    return {**typed, "born": born}


def _page(
    request: PatientRequest, typed: dict[str, Any], error: InputError | None = None, *, meanwhile: bool = False
) -> HttpResponse:
    patient = request.patient
    # A field that is wrong is corrected against what was seen, not against what somebody saved since.
    seen = request.POST.get("seen", "") if error is not None else identity_mark(patient)
    status = 409 if meanwhile else 422 if error is not None else 200
    own = patient.clinic_id == request.user.clinic_id
    context = {
        "patient": patient,
        "tab": "details",
        "own": own,
        "who": typed,
        "seen": seen,
        "meanwhile": meanwhile,
        "error": known(error) if error is not None else "",
        "wrong": error.where if error is not None else "",
        "looks": patient.looks.select_related("user").order_by("-at", "-pk")[:MOST_LOOKS] if own else [],
        "merged": patient.merged.all() if own else [],
    }
    return render(request, "patient/details.html", context, status=status)
