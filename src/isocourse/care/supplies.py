"""What was supplied, by whomever: written down always, and an alert where nobody here prescribed it or it was to be
withheld. A supply is never refused: what happened has happened, and care must not leave the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from django.db import transaction
from django.utils.translation import gettext_noop

from isocourse.care import audit, pending
from isocourse.care.editions import edition_for
from isocourse.care.permissions import check
from isocourse.care.recording import Written, held_for_writing, record_events
from isocourse.errors import InputError, NotInForce
from isocourse.record.corrections import visible
from isocourse.record.dates import iso
from isocourse.record.events import Dispensing, Event, Prescription
from isocourse.record.record import Record
from isocourse.store.models import Document, OutboxMessage, Patient, SupplyAlert, User
from isocourse.store.models.record import of_person
from isocourse.store.reading import record_of
from isocourse.words.answer import assess
from isocourse.words.overriding import covered, obstacles

Source = Literal["pharmacy", "other_clinic", "hospital", "abroad", "online", "other_person", "unknown"]
SOURCES: dict[Source, str] = {
    "pharmacy": gettext_noop("Pharmacy"),
    "other_clinic": gettext_noop("Another clinic or prescriber"),
    "hospital": gettext_noop("Hospital"),
    "abroad": gettext_noop("Abroad"),
    "online": gettext_noop("Bought online"),
    "other_person": gettext_noop("Another person's capsules"),
    "unknown": gettext_noop("Not known"),
}
assert set(SOURCES) == set(get_args(Source))
LEAST_SETTLED = 10


@dataclass(frozen=True)
class Supplied:
    """What was written down, and the alert it raised."""

    written: Written
    alert: SupplyAlert | None


@transaction.atomic
def record_supply(
    *, by: User, patient: Patient, fields: Mapping[str, Any], source: str, now: datetime, seen_seq: int | None = None
) -> Supplied:
    """Write down that capsules were handed over. `fields` are those of a dispensing, without kind; `source` a key of
    SOURCES, kept in its note. Raises Denied, InputError, MovedOn."""
    check(by, "record_supply", patient)
    if source not in SOURCES:
        raise InputError(
            "where the capsules came from is not said", where="source", allowed=", ".join(SOURCES.values())
        )
    held = held_for_writing(patient, seen_seq)
    before = record_of(held)
    note = f"Source: {SOURCES[source]}. {fields.get('note', '')}".strip()  # type: ignore[index]
    event = {**fields, "kind": "dispensing", "note": note[:2000]}
    kind, rules = _wrong_with(held, before, event, source)
    written = record_events(
        by=by, patient=patient, events=[event], now=now, act="record_supply", need="record_supply", seen_seq=seen_seq
    )
    if kind is None:
        return Supplied(written, None)
    alert = _raise(held, kind, rules, event_id=written.events[0].id, by=by, now=now)
    patient.refresh_from_db()
    return Supplied(written, alert)


def look_at(*, by: User, patient: Patient, before: Record, written: Sequence[Event], now: datetime) -> None:
    """Supplies that were written down among other things, as at a visit: each is held against what was prescribed and
    decided, as one of the page of supplies is. A supply that names no prescription is taken for one of the latest that
    nothing was supplied of. Only in the transaction that wrote them; `before` is the record without them."""
    for event in written:
        if not isinstance(event, Dispensing):
            continue
        held = held_for_writing(patient, None)
        named = event.prescription or _latest_open(before, event.happened_on.last)
        fields = {"happened_on": iso(event.happened_on.last), "prescription": named}
        kind, rules = _wrong_with(held, before, fields, "unknown")
        if kind is not None:
            _raise(held, kind, rules, event_id=event.id, by=by, now=now)
    patient.refresh_from_db()


def _latest_open(before: Record, day: int) -> str | None:
    """The latest prescription on or before a day of which nothing was supplied."""
    events = list(visible(before.events))
    supplied = {event.prescription for event in events if isinstance(event, Dispensing)}
    written = [event for event in events if isinstance(event, Prescription) and event.happened_on.last <= day]
    found = max(written, key=lambda event: (event.happened_on.last, event.recorded_at), default=None)
    if found is None or found.id in supplied:
        return None
    since = [
        each for each in events if isinstance(each, Dispensing) and each.happened_on.last >= found.happened_on.last
    ]
    return found.id if not since else None


def _raise(held: Patient, kind: str, rules: Sequence[str], *, event_id: str, by: User, now: datetime) -> SupplyAlert:
    alert = SupplyAlert.objects.create(patient=held, kind=kind, event_id=event_id, rules=list(rules), by=by, at=now)
    audit.write("supply_alert", by=by, now=now, subject=held.key, detail={"alert": alert.key, "kind": kind})
    pending.refresh(held_for_writing(held, None))
    OutboxMessage.objects.create(
        clinic=held.clinic,
        patient=held,
        kind="supply_alert",
        payload={"alert": alert.key, "kind": kind, "to": _whom(held)},
        not_before=now,
        created_at=now,
    )
    return alert


def _wrong_with(held: Patient, before: Record, event: Mapping[str, Any], source: str) -> tuple[str | None, list[str]]:
    """The kind of alert that a supply raises, and the rules that were to withhold it."""
    known = {each.id for each in visible(before.events) if isinstance(each, Prescription)}
    named = event.get("prescription")
    document = Document.objects.filter(of_person(held), event_id=named).first() if named else None
    if document is not None and document.voided_at is not None:
        return SupplyAlert.Kind.VOIDED, []
    if named not in known or source in ("online", "other_person"):
        return SupplyAlert.Kind.OUTSIDE, []
    withheld = _withheld_on(held, before, str(event["happened_on"]), document)
    return (SupplyAlert.Kind.WITHHELD, withheld) if withheld else (None, [])


def _withheld_on(held: Patient, before: Record, on: str, document: Document | None) -> list[str]:
    """The rules that withheld a supply on its day, by what is known now, and that no override of its prescription
    covers."""
    try:
        answer = assess(edition_for(held.clinic), before, date.fromisoformat(on).toordinal())
    except (NotInForce, ValueError):
        return []
    found = covered(obstacles(answer, document.event_id if document is not None else ""))
    signed = {each["rule"] for each in document.override.rules} if document is not None and document.override else set()
    return [each.rule for each in found if each.rule not in signed or each.strength == "regulation"]


def _whom(held: Patient) -> list[str]:
    """Whom to tell: who wrote the latest prescription here; else every prescriber of the clinic."""
    latest = Document.objects.filter(of_person(held), kind=Document.Kind.PRESCRIPTION).select_related("by").first()
    if latest is not None and latest.by.is_active:
        return [latest.by.code]
    rows = User.objects.filter(clinic=held.clinic, role=User.Role.PRESCRIBER, is_active=True)
    return list(rows.order_by("pk").values_list("code", flat=True))


@transaction.atomic
def settle(*, by: User, alert: SupplyAlert, how: str, now: datetime) -> SupplyAlert:
    """A prescriber has looked at it and says what was done. Raises Denied, InputError."""
    check(by, "settle_supply", alert.patient)
    if len(how.strip()) < LEAST_SETTLED:
        raise InputError("what was done is not said", where="how", mend="write what the patient was told and decided")
    held = held_for_writing(alert.patient.merged_into or alert.patient, None)
    row = SupplyAlert.objects.select_for_update().get(pk=alert.pk)
    if row.settled_at is not None:
        raise InputError("it was settled already")
    row.settled_by, row.settled_at, row.settled_how = by, now, how.strip()
    row.save(update_fields=["settled_by", "settled_at", "settled_how"])
    audit.write("settle_supply", by=by, now=now, subject=held.key, detail={"alert": row.key})
    pending.refresh(held)
    return row
