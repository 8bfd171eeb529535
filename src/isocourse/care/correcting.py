"""Correcting what was written down: withdrawing an entry, or writing it again. The first entry stays readable for ever.

What a prescriber decided is corrected by a prescriber: a nurse's withdrawal of a stop would let capsules go on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from isocourse.care.deciding import today_in
from isocourse.care.permissions import Act, check
from isocourse.care.recording import Fields, Written, record_events
from isocourse.errors import InputError
from isocourse.record.corrections import visible
from isocourse.record.events import EnteredInError, Event, kind_of
from isocourse.store.models import Document, Patient, User
from isocourse.store.reading import record_of

# Kinds that say how treatment goes on, or that it may.
DECISIONS = frozenset(
    {
        "prescription",
        "prescriber_approval",
        "indication_stated",
        "monitoring_schedule_chosen",
        "home_test_permission",
        "no_risk_agreement",
        "pregnancy_resolved",
        "condition_checked",
        "allergy_checked",
        "medicine_checked",
        "lab_reviewed",
        "mood_assessment",
        "symptom_assessed",
        "procedure_decided",
    }
)
LEAST_REASON = 3  # characters


def need_for(event: Event) -> Act:
    """What somebody needs to correct an entry."""
    decided = kind_of(event) in DECISIONS and event.author.role == "prescriber"
    return "prescribe" if decided or kind_of(event) == "prescription" else "write"


def standing_event(patient: Patient, event_id: str) -> Event:
    """An entry that stands, or a withdrawal that can be taken back itself. Raises InputError."""
    events = record_of(patient).events
    known = {event.id: event for event in events}
    corrected = {event.corrects for event in events if isinstance(event, EnteredInError)}
    standing = {event.id for event in visible(events)}
    event = known.get(event_id)
    if event is None:
        raise InputError("this entry is not in the record", mend="look it up in the story")
    if event_id not in standing and not (isinstance(event, EnteredInError) and event_id not in corrected):
        raise InputError("this entry does not stand any more", mend="the story says who corrected it")
    return event


def withdraw(
    *, by: User, patient: Patient, event_id: str, reason: str, now: datetime, seen_seq: int | None = None
) -> Written:
    """Withdraw an entry that was made in error. Raises Denied, MovedOn, or InputError naming the field."""
    check(by, "write", patient, now=now)
    event = standing_event(patient, event_id)
    if len(reason.strip()) < LEAST_REASON:
        raise InputError("the reason is missing", where="reason", mend="write what was wrong with the entry")
    fields = {
        "kind": "entered_in_error",
        "happened_on": today_in(patient.clinic, now).isoformat(),
        "corrects": event_id,
        "reason": reason.strip(),
    }
    return record_events(
        by=by, patient=patient, events=[fields], now=now, act="withdraw", need=need_for(event), seen_seq=seen_seq
    )


def amend(
    *, by: User, patient: Patient, event_id: str, fields: Fields, now: datetime, seen_seq: int | None = None
) -> Written:
    """Write an entry again as it should be: `fields` are all of it. Raises Denied, MovedOn, or InputError."""
    check(by, "write", patient, now=now)
    event = standing_event(patient, event_id)
    if isinstance(event, EnteredInError):
        raise InputError("a withdrawal is not amended", mend="withdraw the withdrawal")
    if Document.objects.filter(event_id=event_id, kind=Document.Kind.PRESCRIPTION).exists():
        # Another dose or quantity is another prescription: it is decided about, and has a paper of its own.
        raise InputError("a prescription on paper is not amended", mend="void it, and write another")
    whole: dict[str, Any] = {**fields, "kind": kind_of(event), "amends": event_id}
    return record_events(
        by=by, patient=patient, events=[whole], now=now, act="amend", need=need_for(event), seen_seq=seen_seq
    )
