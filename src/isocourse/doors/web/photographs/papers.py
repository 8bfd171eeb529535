"""What is handed out of photographs: the report on one or on two as PDF, the photograph as DICOM, its figures as FHIR.
Checked and logged as the pictures are."""

from __future__ import annotations

from collections.abc import Callable

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


@require_safe
@of_one_record
def dicom(request: PatientRequest, photograph: str) -> HttpResponse:
    """The photograph for an archive of pictures."""
    from isocourse.care.photograph_exports import as_dicom

    return _handed_out(request, photograph, as_dicom, "application/dicom", "dcm")


@require_safe
@of_one_record
def fhir(request: PatientRequest, photograph: str) -> HttpResponse:
    """What was measured in it, for a record elsewhere."""
    from isocourse.care.photograph_exports import as_fhir

    return _handed_out(request, photograph, as_fhir, "application/fhir+json", "json")


def _handed_out(
    request: PatientRequest, photograph: str, make: Callable[..., bytes], content_type: str, ending: str
) -> HttpResponse:
    found = found_photograph(request, photograph)
    try:
        made = make(by=request.user, patient=request.patient, photograph=found, now=timezone.now())
    except InputError as error:
        messages.error(request, known(error))
        return redirect("photograph", patient=request.patient.key, photograph=found.key)
    return _file(made, content_type, f'attachment; filename="photograph-{found.key}.{ending}"')


def _pdf(made: bytes, name: str) -> HttpResponse:
    return _file(made, "application/pdf", f'inline; filename="{name}.pdf"')


def _file(made: bytes, content_type: str, disposition: str) -> HttpResponse:
    """The name of a file is seen by others: it says nothing about anybody."""
    response = HttpResponse(made, content_type=content_type)
    response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    return response
