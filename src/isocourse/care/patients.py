"""Patients: registering, correcting who they are, merging two records of one person, breaking the glass."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from isocourse.care import audit
from isocourse.care.deciding import decide, locked_patient
from isocourse.care.permissions import check
from isocourse.care.recording import append
from isocourse.errors import InputError
from isocourse.record.events import AnyEvent
from isocourse.record.record import Record, check_record
from isocourse.store.models import BreakGlass, Clinic, OutboxMessage, Patient, User

GLASS_LASTS = timedelta(hours=1)
IDENTITY = ("number", "given_name", "family_name", "born", "phone", "email", "address")


@transaction.atomic
def register(*, by: User, now: datetime, who: Mapping[str, Any], events: Sequence[AnyEvent] = ()) -> Patient:
    """A new patient of one's own clinic, with a first decision. `events` is an imported record, kept as it was written.
    Raises Denied, or InputError when the clinic's number is taken."""
    check(by, "register")
    assert by.clinic is not None
    patient = enter(clinic=by.clinic, who=who, events=events, now=now)
    audit.write("register", by=by, now=now, subject=patient.key, detail={"events": len(events)})
    return patient


def enter(*, clinic: Clinic, who: Mapping[str, Any], events: Sequence[AnyEvent], now: datetime) -> Patient:
    """The rows of a new patient. Only inside a transaction."""
    try:
        with transaction.atomic():
            patient = Patient.objects.create(clinic=clinic, **{name: who[name] for name in IDENTITY if name in who})
    except IntegrityError:
        raise InputError(
            "the clinic has a patient of this number already", where="number", mend="look the number up first"
        ) from None
    record = Record(subject=patient.key, events=tuple(events))
    check_record(record, where="the imported record")
    append(patient, events, by=None)
    decide(patient, now=now, trigger="event", record=record)
    return patient


class CorrectedMeanwhile(Exception):
    """Somebody else corrected who the patient is since the page was loaded: nothing was saved."""


def identity_mark(patient: Patient) -> str:
    """What a page had in front of it, as a digest: another one after every correction."""
    content = json.dumps([str(getattr(patient, name)) for name in IDENTITY])
    return hashlib.sha256(content.encode()).hexdigest()


@transaction.atomic
def correct_identity(*, by: User, patient: Patient, now: datetime, who: Mapping[str, Any], seen: str) -> None:
    """Correct a name, number or address; never through broken glass. The audit names the fields, not their content.
    `seen` is the `identity_mark` of what was corrected. Raises Denied, CorrectedMeanwhile, or InputError."""
    check(by, "register", patient)
    held = locked_patient(patient.pk)
    if identity_mark(held) != seen:
        raise CorrectedMeanwhile
    changed = [name for name in IDENTITY if name in who and getattr(held, name) != who[name]]
    for name in changed:
        setattr(held, name, who[name])
    try:
        with transaction.atomic():
            held.save(update_fields=changed)
    except IntegrityError:
        raise InputError("the clinic has another patient of this number", where="number") from None
    audit.write("correct_identity", by=by, now=now, subject=held.key, detail={"fields": changed})
    patient.refresh_from_db()


@transaction.atomic
def merge(*, by: User, patient: Patient, into: Patient, now: datetime, reason: str) -> None:
    """Read one record with another from now on: both are of one person. No event moves or is lost."""
    check(by, "merge", patient)
    check(by, "merge", into)
    first, second = sorted((patient.pk, into.pk))
    rows = {row.pk: row for row in (locked_patient(first), locked_patient(second))}
    one, other = rows[patient.pk], rows[into.pk]
    if one.pk == other.pk or one.merged_into_id is not None or other.merged_into_id is not None:
        raise InputError("these two cannot be merged", mend="choose two records that were not merged before")
    if one.merged.exists():
        raise InputError("another record was merged into this one", mend="merge the other way round")
    one.merged_into, one.merge_reason = other, reason
    one.save(update_fields=["merged_into", "merge_reason"])
    one.work.all().delete()
    other.last_seq += one.last_seq
    other.save(update_fields=["last_seq"])
    decide(other, now=now, trigger="event")
    audit.write("merge", by=by, now=now, subject=one.key, detail={"into": other.key, "reason_length": len(reason)})


@transaction.atomic
def break_glass(*, by: User, patient: Patient, now: datetime, reason: str) -> BreakGlass:
    """Open a record of another clinic for an hour, for a reason that is kept; that clinic's administrators are told."""
    check(by, "break_glass")
    if len(reason.strip()) < 10:
        raise InputError("the reason is too short", where="reason", mend="write what makes it necessary")
    broken = BreakGlass.objects.create(patient=patient, user=by, reason=reason, at=now, until=now + GLASS_LASTS)
    audit.write("break_glass", by=by, now=now, subject=patient.key)
    OutboxMessage.objects.create(
        clinic=patient.clinic,
        patient=patient,
        kind="glass_broken",
        not_before=now,
        created_at=now,
        payload={"by": by.code},
    )
    return broken


def find(clinic: Clinic, words: str, most: int = 20) -> QuerySet[Patient]:
    """Patients of a clinic by number, birth date (YYYY-MM-DD) or the beginnings of names."""
    found = Patient.objects.filter(clinic=clinic, merged_into=None)
    for word in words.split()[:5]:
        named = Q(family_name__istartswith=word) | Q(given_name__istartswith=word) | Q(number__iexact=word)
        with suppress(ValueError):
            named |= Q(born=date.fromisoformat(word))
        found = found.filter(named)
    return found.order_by("family_name", "given_name")[:most]
