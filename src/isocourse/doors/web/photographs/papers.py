"""The report on a photograph, or on two, as PDF: checked and logged as the pictures on it are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.photographs.comparing import of_two, place_of
from isocourse.doors.web.photographs.views import found_photograph
from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.store.models import Photograph


@require_safe
@of_one_record
def measured(request: PatientRequest, photograph: str) -> HttpResponse:
    """The report on one photograph; back to its page, which says why, where there is none."""
    # What draws and sets a report is loaded by servers that are asked for one.
    from isocourse.care.photograph_papers import measured_paper

    found, now = found_photograph(request, photograph), timezone.now()
    try:
        made = measured_paper(by=request.user, patient=request.patient, photograph=found, now=now, say=said)
    except InputError as error:
        messages.error(request, known(error))
        return redirect("photograph", patient=request.patient.key, photograph=found.key)
    return _pdf(made, f"photograph-{found.key}")


@require_safe
@of_one_record
@of_two
def compared(request: PatientRequest, before: Photograph, after: Photograph) -> HttpResponse:
    """The report on two photographs."""
    from isocourse.care.photograph_papers import compared_paper

    now = timezone.now()
    try:
        made = compared_paper(by=request.user, patient=request.patient, before=before, after=after, now=now, say=said)
    except InputError as error:
        messages.error(request, known(error))
        return redirect(place_of(request.patient, before, after))
    return _pdf(made, f"photographs-{before.key}-{after.key}")


def _pdf(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    # The name of a file is seen by others: it says nothing about anybody.
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
