"""Prescribing: from a choice to a prescription on paper, decided afresh in its own transaction.

The decision is about the record with the proposed prescription in it (`care.judging`), so that the rules of the dose
judge it, with the patient's row locked. Event, decision, document and audit entry are written together, or nothing is.
What a finding withholds is written only under an override that covers exactly the findings of that moment
(`care.overriding`); under a regulation never.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from isocourse.care import audit, overriding, pending
from isocourse.care.deciding import decide, keep, today_in
from isocourse.care.judging import Judged, Withheld, judge
from isocourse.care.permissions import check
from isocourse.care.recording import append, complete, held_for_writing, moment_after
from isocourse.errors import InputError
from isocourse.record.corrections import visible
from isocourse.record.events import Dispensing
from isocourse.record.record import check_record
from isocourse.store.models import Clinic, Document, Override, Patient, StoredDecision, User
from isocourse.store.reading import record_of
from isocourse.words.prescription import (
    Choice,
    Content,
    DepartureWords,
    Letterhead,
    Person,
    Signer,
    content,
    person,
    printable,
)

LEAST_VOID_REASON = 10


@dataclass(frozen=True)
class Issued:
    """A prescription that was written."""

    document: Document
    decision: StoredDecision


@transaction.atomic
def prescribe(
    *,
    by: User,
    patient: Patient,
    choice: Choice,
    now: datetime,
    seen_seq: int,
    departure: overriding.Departure | None = None,
) -> Issued:
    """Write a prescription, with a departure that needs no second signature where one is given.

    `seen_seq` is the number of the last event that the prescriber had in front of them. Raises Denied, InputError for a
    choice that is not possible, MovedOn when somebody wrote to the record in between, and Withheld.
    """
    check(by, "prescribe", patient)
    held = held_for_writing(patient, seen_seq)
    judged = judge(held, choice, by=by, now=now)
    if departure is None:
        if not judged.may_proceed:
            raise Withheld(judged)
        return _write(held, judged, by=by, now=now, override=None)
    if held.clinic.second_signature:
        raise InputError("this clinic wants a second signature for an override", mend="ask for it first")
    signed = overriding.sign(held, judged, departure, by=by, now=now)
    return _write(held, judged, by=by, now=now, override=signed)


@transaction.atomic
def prescribe_signed(*, by: User, override: Override, now: datetime, seen_seq: int) -> Issued:
    """Write the prescription that an override in force is for: what stands in it, and nothing else. Raises as
    `prescribe` does, and Withheld with what changed since the signatures."""
    check(by, "prescribe", override.patient)
    check(by, "override", override.patient)
    held = held_for_writing(override.patient, seen_seq)
    row = overriding.held_override(override.pk)
    if row.by_id != by.pk:
        raise InputError("the override was asked for by somebody else", mend="let them write the prescription")
    if not row.in_force:
        raise InputError("the override is not in force", mend="it needs its second signature, or was withdrawn")
    if Document.objects.filter(override=row).exists():
        raise InputError("a prescription was written under this override", mend="look at the prescriptions")
    judged = judge(held, overriding.choice_of(row), by=by, now=now)
    changed = overriding.changes(row, judged)
    if changed or not judged.may_be_overridden:
        raise Withheld(judged, changed)
    return _write(held, judged, by=by, now=now, override=row)


def _write(
    held: Patient, judged: Judged, *, by: User, now: datetime, override: overriding.Signed | Override | None
) -> Issued:
    append(held, [judged.event], by=by)
    decision = keep(held, judged.assessed, now=now, trigger=StoredDecision.Trigger.PRESCRIBING)
    row = override.saved(decision) if isinstance(override, overriding.Signed) else override
    paper = _paper(held, judged, by=by, now=now, decision=decision, override=row)
    document = Document.objects.create(
        clinic=held.clinic,
        patient=held,
        kind=Document.Kind.PRESCRIPTION,
        event_id=judged.event.id,
        decision=decision,
        override=row,
        content=msgspec.json.decode(msgspec.json.encode(paper)),
        by=by,
        at=now,
    )
    detail: dict[str, Any] = {"event": judged.event.id, "document": document.key, "decision": decision.pk}
    if row is not None:
        pending.refresh(held)  # it waits no more
        detail |= {"override": row.key, "rules": [each["rule"] for each in row.rules]}
    audit.write("prescribe", by=by, now=now, subject=held.key, detail=detail)
    return Issued(document, decision)


def _paper(
    held: Patient, judged: Judged, *, by: User, now: datetime, decision: StoredDecision, override: Override | None
) -> Content:
    return content(
        clinic=letterhead_of(held.clinic),
        patient=person_of(held),
        prescriber=signer(by, now),
        proposal=judged.proposal,
        said=judged.said,
        valid=judged.valid,
        answer=judged.assessed.answer,
        plan=judged.assessed.plan,
        decision=decision.pk,
        departure=departure_words(override) if override is not None else None,
    )


def letterhead_of(clinic: Clinic) -> Letterhead:
    """The head of the clinic's papers."""
    lines = [printable(line) for line in clinic.letterhead.splitlines() if line.strip() not in ("", clinic.name)]
    return Letterhead(printable(clinic.name), tuple(lines), clinic.phone, clinic.demonstration)


def person_of(patient: Patient) -> Person:
    """How a patient is named on paper."""
    return person(
        name=patient.full_name, number=patient.number, born=patient.born, address=patient.address.splitlines()
    )


def signer(user: User, at: datetime) -> Signer:
    """How somebody who signs is named on paper."""
    return Signer(printable(user.shown_name), printable(user.title), user.code, at.isoformat())


def departure_words(override: Override) -> DepartureWords:
    """An override as it stands on paper."""
    second = override.second_by
    assert second is None or override.second_at is not None
    return DepartureWords(
        covered=overriding.covered_by(override),
        ground=override.ground,
        reason=override.reason,
        by=signer(override.by, override.at),
        second=signer(second, override.second_at) if second is not None and override.second_at is not None else None,
    )


@transaction.atomic
def void(*, by: User, document: Document, reason: str, now: datetime) -> StoredDecision:
    """Void a prescription that was not dispensed: its event is withdrawn, the paper stays and says so. Raises Denied,
    or InputError."""
    check(by, "void", document.patient)
    if len(reason.strip()) < LEAST_VOID_REASON:
        raise InputError("the reason is too short", where="reason", mend="write why it is void, in a few words")
    held = held_for_writing(document.patient.merged_into or document.patient, None)
    row = Document.objects.select_for_update().get(pk=document.pk, kind=Document.Kind.PRESCRIPTION)
    if row.voided_at is not None:
        raise InputError("it is void already")
    record = record_of(held)
    standing_events = visible(record.events)
    if any(isinstance(event, Dispensing) and event.prescription == row.event_id for event in standing_events):
        raise InputError("it was dispensed", mend="record what became of the capsules, and stop or pause the course")
    events = []
    if any(event.id == row.event_id for event in standing_events):
        today = today_in(held.clinic, now)
        fields = {
            "kind": "entered_in_error",
            "happened_on": today.isoformat(),
            "corrects": row.event_id,
            "reason": f"The prescription was voided: {reason.strip()}"[:2000],
        }
        events = [complete(fields, by=by, at=moment_after(record, now))]
    whole = msgspec.structs.replace(record, events=(*record.events, *events))
    check_record(whole, where="the record")
    append(held, events, by=by)
    row.voided_at, row.voided_by, row.void_reason = now, by, reason.strip()
    row.save(update_fields=["voided_at", "voided_by", "void_reason"])
    decision = decide(held, now=now, trigger=StoredDecision.Trigger.EVENT, record=whole)
    detail = {"document": row.key, "events": [event.id for event in events], "reason_length": len(reason.strip())}
    audit.write("void", by=by, now=now, subject=held.key, detail=detail)
    return decision
