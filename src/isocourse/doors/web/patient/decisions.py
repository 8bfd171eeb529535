"""Decisions over time: those that were stored, and what would have been known and decided at any moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from isocourse.care.editions import edition_for
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.overview import look_of, shown_reasons
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.trouble import known
from isocourse.doors.web.typed import day
from isocourse.errors import IsocourseError
from isocourse.record.record import Record
from isocourse.store.models import Patient, StoredDecision
from isocourse.store.reading import record_of
from isocourse.words.answer import Answer, assess
from isocourse.words.reasons import reasons_of
from isocourse.words.story import story

A_PAGE = 30
MOST_LATER = 30


@of_one_record
def decisions(request: PatientRequest) -> HttpResponse:
    patient = request.patient
    typed = request.GET.get("at", "")
    pages = Paginator(patient.decisions.defer("answer"), A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "patient": patient,
        "tab": "decisions",
        "page": page,
        "rows": [{"decision": each, "at": just_after(each.decided_at)} for each in page.object_list],
        "typed": typed,
    }
    if typed:
        moment = moment_of(typed)
        if moment is None:
            context["error"] = _("This is not a date and time. Choose a day and an hour.")
        elif moment > timezone.now():
            context["error"] = _("That moment is still to come: nobody knows yet what will be known.")
        else:
            context["then"] = then(patient, moment)
    return render(request, "patient/decisions.html", context)


def moment_of(text: str) -> datetime | None:
    """A moment as the browser's field writes it, in the clinic's time zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if day(moment.date().isoformat()) is None:
        return None
    return moment if moment.tzinfo is not None else timezone.make_aware(moment)


def just_after(moment: datetime) -> str:
    """The first full second after a moment, as the browser's field writes it."""
    return timezone.localtime(moment + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")


def then(patient: Patient, moment: datetime) -> dict[str, Any]:
    """What was known at a moment, what follows from it today, and the decision that was stored by then."""
    record = record_of(patient)
    on = timezone.localtime(moment).date()
    known_then = [event for event in record.events if event.recorded_at <= moment]
    found: dict[str, Any] = {
        "moment": moment,
        "count": len(known_then),
        "since": written_since(record, moment, on)[:MOST_LATER],
        "stored": patient.decisions.filter(decided_at__lte=moment).order_by("-decided_at", "-pk").first(),
        "oldest": patient.decisions.order_by("decided_at").values_list("decided_at", flat=True).first(),
    }
    try:
        answer = assess(edition_for(patient.clinic), record, on.toordinal(), moment)
    except IsocourseError as error:
        return {**found, "error": known(error)}
    events = {event.id: event for event in record.events}
    found |= {"answer": answer, "look": look_of(answer), "reasons": shown_reasons(reasons_of(answer), events)}
    if found["stored"] is not None:
        found |= stored_then(found["stored"], moment, events)
    return found


def stored_then(stored: StoredDecision, moment: datetime, events: dict[str, Any]) -> dict[str, Any]:
    """The decision of that time, as it explains itself."""
    answer = msgspec.convert(stored.answered, Answer)
    over = stored.valid_until is not None and stored.valid_until <= moment
    return {
        "stored_answer": answer,
        "stored_look": look_of(answer),
        "stored_reasons": shown_reasons(reasons_of(answer), events),
        "stored_over": over,
    }


def written_since(record: Record, moment: datetime, on: date) -> list[Any]:
    """Entries about that day or before that were written down only later."""
    return [entry for entry in story(record.events) if entry.recorded_at > moment and entry.day <= on.toordinal()]
