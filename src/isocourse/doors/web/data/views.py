"""JSON in, JSON out. An error is an object too: what was found, what is allowed, how to mend it."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from isocourse.care.deciding import current, today_in
from isocourse.care.editions import edition_for
from isocourse.doors.web.data.openapi import description
from isocourse.doors.web.needs import PatientRequest
from isocourse.errors import IsocourseError
from isocourse.record.record import read_record, write_record
from isocourse.store.models import Clinic
from isocourse.store.reading import record_of
from isocourse.words.answer import answer_json, assess
from isocourse.words.plan import plan as plan_of
from isocourse.words.plan import plan_json


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """What these addresses take and give."""
    return JsonResponse(description())


@require_GET
def record(request: PatientRequest) -> HttpResponse:
    """Everything that was written down about a patient, as a record (docs/record.md)."""
    return _json(write_record(record_of(request.patient)))


@require_GET
def answer(request: PatientRequest) -> HttpResponse:
    """The decision that stands, as an answer (docs/answer.md)."""
    return _json(msgspec.json.encode(current(request.patient, now=timezone.now()).answered))


@require_GET
def plan(request: PatientRequest) -> HttpResponse:
    """The plan of the course (docs/plan.md)."""
    clinic = request.patient.clinic
    day = today_in(clinic, timezone.now()).toordinal()
    return _json(plan_json(plan_of(edition_for(clinic), record_of(request.patient), day)))


@require_POST
def assess_record(request: Any) -> HttpResponse:
    """Assess a record that is sent, by the clinic's edition, today. Nothing is kept."""
    if request.content_type != "application/json":
        said = {"found": "this is no JSON", "where": "", "allowed": "application/json", "mend": "set Content-Type"}
        return JsonResponse(said, status=415)
    clinic: Clinic = request.user.clinic
    day = today_in(clinic, timezone.now()).toordinal()
    try:
        sent = read_record(request.body, where="the record sent")
        return _json(answer_json(assess(edition_for(clinic), sent, day)))
    except IsocourseError as error:
        said = {"found": error.found, "where": error.where, "allowed": error.allowed, "mend": error.mend}
        return JsonResponse(said, status=422)


def _json(source: bytes) -> HttpResponse:
    return HttpResponse(source, content_type="application/json")
