"""Consent to photographs, written down and withdrawn where one sees that it is missing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from isocourse.care import photographs as care
from isocourse.care.recording import MovedOn
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.photographs.shown import page
from isocourse.doors.web.refused import not_written
from isocourse.doors.web.typed import day, whole
from isocourse.errors import InputError


@require_POST
@of_one_record
def sign(request: PatientRequest) -> HttpResponse:
    """The form was signed."""
    typed = {"signers": request.POST.getlist("signer"), "on": request.POST.get("on", "")}
    try:
        care.sign_consent(
            by=request.user,
            patient=request.patient,
            signers=request.POST.getlist("signer"),
            on=day(typed["on"] if isinstance(typed["on"], str) else ""),
            now=timezone.now(),
            seen_seq=whole(request.POST.get("seen_seq", "")),
        )
    except (MovedOn, InputError) as error:
        says, status = not_written(error)
        return page(request, consent_error=says, consent_typed=typed, status=status)
    messages.success(request, _("The consent is on record."))
    return redirect("photographs", patient=request.patient.key)


@require_POST
@of_one_record
def withdraw(request: PatientRequest) -> HttpResponse:
    """The consent is withdrawn."""
    try:
        care.withdraw_consent(
            by=request.user,
            patient=request.patient,
            now=timezone.now(),
            seen_seq=whole(request.POST.get("seen_seq", "")),
        )
    except (MovedOn, InputError) as error:
        says, status = not_written(error)
        return page(request, consent_error=says, status=status)
    messages.success(request, _("The withdrawal is on record. No photograph is taken any more."))
    return redirect("photographs", patient=request.patient.key)
