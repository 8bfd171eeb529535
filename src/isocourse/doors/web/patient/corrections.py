"""Withdrawing an entry, and writing it again."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from isocourse.care.correcting import amend, need_for, withdraw
from isocourse.care.permissions import check
from isocourse.care.recording import MovedOn
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.fields import fields_of, read_fields
from isocourse.doors.web.patient.reading import names_of, of_one_record
from isocourse.doors.web.trouble import known
from isocourse.doors.web.typed import whole
from isocourse.errors import InputError
from isocourse.record.events import Event
from isocourse.record.record import Record, event_from
from isocourse.store.reading import record_of
from isocourse.words.story import Entry, story
from isocourse.words.story_says import sentence_of


@of_one_record
def withdrawal(request: PatientRequest, event: str) -> HttpResponse:
    """Ask for the reason, then withdraw."""
    record, found = _entry(request, event)
    typed = {"reason": request.POST.get("reason", "")}
    if request.method != "POST":
        return _page(request, "patient/withdraw.html", record, found, typed)
    try:
        withdraw(
            by=request.user,
            patient=request.patient,
            event_id=event,
            reason=typed["reason"],
            now=timezone.now(),
            seen_seq=whole(request.POST.get("seen_seq", "")),
        )
    except MovedOn as moved:
        return _page(request, "patient/withdraw.html", record, found, typed, moved=moved)
    except InputError as error:
        return _page(request, "patient/withdraw.html", record, found, typed, error=error)
    messages.success(request, _("The entry is withdrawn, and the decision was made again."))
    return redirect(_back_to(request, event))


@of_one_record
def amendment(request: PatientRequest, event: str) -> HttpResponse:
    """Show the entry's fields, then write it again."""
    record, found = _entry(request, event)
    typed: dict[str, Any] = {"fields": fields_of(found, request.POST if request.method == "POST" else None)}
    if request.method != "POST":
        return _page(request, "patient/amend.html", record, found, typed)
    try:
        written = amend(
            by=request.user,
            patient=request.patient,
            event_id=event,
            fields=read_fields(found, request.POST),
            now=timezone.now(),
            seen_seq=whole(request.POST.get("seen_seq", "")),
        )
    except MovedOn as moved:
        return _page(request, "patient/amend.html", record, found, typed, moved=moved)
    except InputError as error:
        return _page(request, "patient/amend.html", record, found, typed, error=error)
    messages.success(request, _("The entry is amended, and the decision was made again."))
    return redirect(_back_to(request, written.events[0].id))


def _entry(request: PatientRequest, event_id: str) -> tuple[Record, Event]:
    record = record_of(request.patient)
    found = next((event for event in record.events if event.id == event_id), None)
    if found is None:
        raise Http404
    check(request.user, need_for(found), request.patient, now=timezone.now())
    return record, found


def _page(
    request: PatientRequest,
    template: str,
    record: Record,
    event: Event,
    typed: dict[str, Any],
    *,
    moved: MovedOn | None = None,
    error: InputError | None = None,
) -> HttpResponse:
    """The form, with what was typed and what is in its way."""
    request.patient.refresh_from_db(fields=["last_seq"])
    entry: Entry = next(each for each in story(record.events) if each.id == event.id)
    context = {
        "patient": request.patient,
        "tab": "story",
        "entry": entry,
        "names": names_of([entry.author]),
        "since": _since(moved, record) if moved is not None else None,
        "error": known(error) if error is not None else "",
        "wrong": error.where if error is not None else "",
        **typed,
    }
    status = 409 if moved is not None else 422 if error is not None else 200
    return render(request, template, context, status=status)


def _since(moved: MovedOn, record: Record) -> list[dict[str, Any]]:
    """What was written in between, in words."""
    by_id: dict[str, Event] = {event.id: event for event in record.events}
    return [
        {"by": row.by.shown_name if row.by else "", "at": row.recorded_at, "says": _says(row.body, by_id)}
        for row in moved.since
    ]


def _says(body: str, by_id: dict[str, Event]) -> Any:
    event = event_from(json.loads(body))
    return sentence_of(event, by_id | {event.id: event})


def _back_to(request: PatientRequest, event: str) -> str:
    return f"{reverse('story', args=[request.patient.key])}?at={event}#event-{event}"
