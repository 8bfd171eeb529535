"""A new patient: who it may be already, the record that came along, and the first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Q

from isocourse.care.patients import register
from isocourse.care.permissions import check
from isocourse.care.recording import complete
from isocourse.errors import InputError
from isocourse.exchange.fhir import record_from_fhir
from isocourse.exchange.outcome import NotRead
from isocourse.record.events import AnyEvent, Birth
from isocourse.record.record import LARGEST_BYTES, read_record
from isocourse.store.keys import new_key
from isocourse.store.models import Patient, User

# Fields of events that name other events.
NAMING_FIELDS = (
    "amends",
    "corrects",
    "allergies",
    "conditions",
    "started",
    "resolves",
    "results",
    "symptom",
    "symptoms",
    "procedures",
    "events",
    "about",
    "prescription",
)
FILE = "the file"


@dataclass(frozen=True)
class CameAlong:
    """A record that somebody brought: its events, and what could not be read of it."""

    events: tuple[AnyEvent, ...]
    not_read: tuple[NotRead, ...]


@dataclass(frozen=True)
class Alike:
    """Patients of the clinic who may be the same person. `number`: one has this number already, so that it is refused;
    `people`: same birth date (or none) and a name in common, so that somebody has to say."""

    number: Patient | None
    people: tuple[Patient, ...]


def alike(*, by: User, who: Mapping[str, Any]) -> Alike:
    """Who may be the same person. Raises Denied."""
    check(by, "register")
    ours = Patient.objects.filter(clinic=by.clinic, merged_into=None)
    number = ours.filter(number__iexact=who["number"]).first()
    family, given = Q(family_name__iexact=who["family_name"]), Q(given_name__iexact=who["given_name"])
    if who.get("born") is None:
        same = ours.filter(family, given)
    else:
        same = ours.filter(Q(born=who["born"]) & (family | given) | Q(born=None) & family & given)
    return Alike(number, tuple(same.order_by("family_name", "given_name", "pk")[:5]))


def came_along(source: bytes, *, now: datetime) -> CameAlong:
    """Read a record that came along: our own JSON, or a FHIR R4 Bundle of one patient. Raises InputError."""
    if len(source) > LARGEST_BYTES:
        raise InputError(
            f"{FILE} has {len(source) / 1e6:.0f} MB", allowed=f"at most {LARGEST_BYTES // 1024 // 1024} MB"
        )
    if b'"isocourse_record"' in source and b'"resourceType"' not in source[:4096]:
        return CameAlong(read_record(source, where=FILE).events, ())
    imported = record_from_fhir([(FILE, source)], imported_at=now)
    if len(imported.patients) != 1:
        raise InputError(
            f"{FILE} is about {len(imported.patients)} patients", allowed="one patient", mend="choose the right file"
        )
    one = imported.patients[0]
    return CameAlong(one.record.events, (*one.not_read, *imported.not_read))


@transaction.atomic
def admit(*, by: User, now: datetime, who: Mapping[str, Any], came: CameAlong | None = None) -> Patient:
    """Register somebody with what came along. The birth date becomes an event when no record says one. Raises Denied,
    or InputError where the number is taken or the record is of somebody born on another day."""
    events: Sequence[AnyEvent] = renamed(came.events, new_key()[:8]) if came is not None else ()
    born: date | None = who.get("born")
    births = [event.happened_on for event in events if isinstance(event, Birth)]
    if born is not None and any(not day.first <= born.toordinal() <= day.last for day in births):
        raise InputError(
            "the record in the file is of somebody born on another day",
            where="file",
            mend="check that it is this person's file, and the birth date",
        )
    if born is not None and not births:
        first = {"kind": "birth", "happened_on": born.isoformat()}
        events = (*events, complete(first, by=by, at=now))  # type: ignore[arg-type]
    return register(by=by, now=now, who=who, events=events)


def renamed(events: Sequence[AnyEvent], prefix: str) -> list[AnyEvent]:
    """The events with ids of ours, in their order, and whatever names them renamed with them. Those of a file are
    unique within it only and may say who somebody is, and ids stand in addresses and in the audit."""
    ids = {event.id: f"{prefix}-{place:05}" for place, event in enumerate(events, start=1)}

    def new(value: Any) -> Any:
        if isinstance(value, str):
            return ids.get(value, value)
        return tuple(new(part) for part in value) if isinstance(value, tuple) else value

    naming = ("id", *NAMING_FIELDS)
    return [
        msgspec.structs.replace(
            event, **{field: new(getattr(event, field)) for field in naming if hasattr(event, field)}
        )
        for event in events
    ]
