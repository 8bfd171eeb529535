"""Writing down: the one way in which events enter a record.

An act gives plain fields; here they get an id, the moment, the author, and are checked as a whole record would be. All
of it is saved with its audit entry and the new decision, or nothing is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from isocourse.care import audit
from isocourse.care.deciding import decide, locked_patient
from isocourse.care.permissions import Act, check
from isocourse.errors import InputError
from isocourse.record.events import Event, SkinScore, kind_of
from isocourse.record.record import Record, check_record, event_from, write_event
from isocourse.record.skin_scores import outside
from isocourse.store.keys import new_event_id
from isocourse.store.models import Patient, StoredDecision, StoredEvent, User
from isocourse.store.reading import record_of

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """What was saved: the events, and the decision that follows."""

    events: tuple[Event, ...]
    decision: StoredDecision


class MovedOn(Exception):
    """Somebody else wrote to the record since the page was loaded: `since` are those events."""

    def __init__(self, since: Sequence[StoredEvent]) -> None:
        self.since = since
        super().__init__("the record has moved on")


@transaction.atomic
def record_events(
    *,
    by: User,
    patient: Patient,
    events: Sequence[Fields],
    now: datetime,
    act: str = "write",
    need: Act = "write",
    seen_seq: int | None = None,
    trigger: str = "event",
) -> Written:
    """Write events down for a patient and decide anew.

    `events` are fields without id, moment and author. With `seen_seq`, the number of the last event that the person
    had in front of them, a record that somebody wrote to in between raises MovedOn and nothing is saved. Raises
    Denied, or InputError naming the field.
    """
    check(by, need, patient, now=now)
    held = held_for_writing(patient, seen_seq)
    record = record_of(held)
    moment = moment_after(record, now)
    made = tuple(complete(fields, by=by, at=moment) for fields in events)
    whole = msgspec.structs.replace(record, events=(*record.events, *made))
    check_record(whole, where="the record")
    append(held, made, by=by)
    decision = decide(held, now=now, trigger=trigger, record=whole)
    audit.write(
        act,
        by=by,
        now=now,
        subject=held.key,
        detail={"events": [event.id for event in made], "kinds": sorted({kind_of(event) for event in made})},
    )
    patient.refresh_from_db()
    return Written(made, decision)


def held_for_writing(patient: Patient, seen_seq: int | None) -> Patient:
    """The patient's row, locked until the transaction ends. Raises InputError for a record merged into another, and
    MovedOn where `seen_seq` is not the number of the last event."""
    held = locked_patient(patient.pk)
    if held.merged_into_id is not None:
        raise InputError("this record was merged into another", mend="open the record it was merged into")
    if seen_seq is not None and held.last_seq != seen_seq:
        raise MovedOn(list(held.events.filter(seq__gt=seen_seq).select_related("by").order_by("seq")))
    return held


def moment_after(record: Record, now: datetime) -> datetime:
    """The moment of writing: never before what stands already, so that the order of the record is the order of
    writing, also where a clock was set back."""
    last = max((event.recorded_at for event in record.events), default=now)
    return now if now > last else last + timedelta(microseconds=1)


def complete(fields: Fields, *, by: User, at: datetime) -> Event:
    """An event from fields that say what and when. Raises InputError, also for a skin score that its scale cannot give:
    what stands in a record from before the scale had its range stays readable, so reading alone cannot refuse it."""
    known = {
        "id": new_event_id(),
        **fields,
        "recorded_at": at.isoformat(),
        "author": {"id": by.code, "role": by.role},
    }
    event = event_from(known)
    if isinstance(event, SkinScore) and (wrong := outside(event.scale, event.value)):
        raise InputError(wrong, where="value", mend="look again at the scale and the number")
    return event


def append(patient: Patient, events: Iterable[Event], *, by: User | None) -> None:
    """Rows for events, after those that are there. The patient's row is locked by the caller."""
    rows = []
    for event in events:
        patient.last_seq += 1
        rows.append(
            StoredEvent(
                patient=patient,
                seq=patient.last_seq,
                event_id=event.id,
                kind=kind_of(event),
                happened_on=event.happened_on.text,
                recorded_at=event.recorded_at,
                by=by,
                body=write_event(event).decode(),
            )
        )
    StoredEvent.objects.bulk_create(rows)
    patient.save(update_fields=["last_seq"])
