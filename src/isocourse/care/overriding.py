"""Overrides: a prescriber's signed departure from findings, exactly those of one decision; never from a regulation.

Where the clinic wants a second signature, `ask` keeps the override with the decision and the prescription it is for;
it is in force once another prescriber has signed (`sign_second`). An override is never edited: a signature or a
withdrawal is added, each with its moment and an audit entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction

from isocourse.care import audit, pending
from isocourse.care.deciding import stored
from isocourse.care.judging import Judged, Withheld, judge
from isocourse.care.permissions import check
from isocourse.care.recording import held_for_writing
from isocourse.errors import InputError
from isocourse.store.models import Document, OutboxMessage, Override, Patient, StoredDecision, User
from isocourse.words.overriding import GROUNDS, LEAST_REASON, LONGEST_REASON, Covered, changed, covered
from isocourse.words.prescription import Choice


@dataclass(frozen=True)
class Departure:
    """What a prescriber signs: the marks of the findings departed from, as the page showed them, the ground (a key of
    GROUNDS) and the reason."""

    marks: frozenset[str]
    ground: str
    reason: str


@dataclass(frozen=True)
class Signed:
    """A departure that was checked against the decision of this moment, not stored yet."""

    held: Patient
    judged: Judged
    departure: Departure
    by: User
    now: datetime

    def saved(self, decision: StoredDecision, *, needs_second: bool = False) -> Override:
        """The row, of a decision that was stored."""
        choice = self.judged.proposal.choice
        row = Override.objects.create(
            decision=decision,
            patient=self.held,
            rules=msgspec.to_builtins(covered(self.judged.in_the_way)),
            proposal=msgspec.to_builtins(choice),
            ground=self.departure.ground,
            reason=self.departure.reason.strip(),
            by=self.by,
            at=self.now,
            needs_second=needs_second,
        )
        rules = [each["rule"] for each in row.rules]
        detail = {"override": row.key, "decision": decision.pk, "rules": rules, "ground": row.ground}
        audit.write("override", by=self.by, now=self.now, subject=self.held.key, detail=detail)
        return row


def sign(held: Patient, judged: Judged, departure: Departure, *, by: User, now: datetime) -> Signed:
    """Check a departure against what is in the way at this moment. Raises Denied, InputError for a ground or reason
    that is missing, Withheld where something cannot be departed from or the findings are not exactly those signed
    for."""
    check(by, "override", held)
    if departure.ground not in GROUNDS:
        raise InputError("no ground was chosen", where="ground", mend="choose the one that fits")
    length = len(departure.reason.strip())
    if length < LEAST_REASON:
        raise InputError(
            f"the reason has {length} characters", where="reason", allowed=f"at least {LEAST_REASON}",
            mend="write what makes it right for this patient",
        )  # fmt: skip
    if length > LONGEST_REASON:
        raise InputError("the reason is too long", where="reason", allowed=f"at most {LONGEST_REASON} characters")
    now_marks = {each.mark for each in judged.in_the_way}
    if not judged.may_be_overridden or now_marks != departure.marks:
        raise Withheld(judged, tuple(_not_covered(judged, departure.marks)))
    return Signed(held, judged, departure, by, now)


def _not_covered(judged: Judged, marks: frozenset[str]) -> Iterable[str]:
    for each in judged.in_the_way:
        if each.mark not in marks and each.may_override:
            yield f"In the way and not signed for: {each.finding.says}"
    if marks - {each.mark for each in judged.in_the_way}:
        yield "Something that was signed for is no longer in the way, or stands for another reason."


@transaction.atomic
def ask(*, by: User, patient: Patient, choice: Choice, departure: Departure, now: datetime, seen_seq: int) -> Override:
    """Sign first, and ask for the second signature. Nothing is prescribed. Raises as `prescribing.prescribe` does."""
    check(by, "prescribe", patient)
    held = held_for_writing(patient, seen_seq)
    judged = judge(held, choice, by=by, now=now)
    signed = sign(held, judged, departure, by=by, now=now)
    decision = stored(held, judged.assessed, now=now, trigger=StoredDecision.Trigger.PRESCRIBING)
    row = signed.saved(decision, needs_second=True)
    pending.refresh(held)
    _tell(held, "second_signature_wanted", row, now)
    return row


@transaction.atomic
def sign_second(*, by: User, override: Override, now: datetime) -> Override:
    """The second signature, by another prescriber. The decision is made afresh first: where it is not the one that was
    signed for, nothing is written. Raises Denied, InputError, Withheld with what changed."""
    check(by, "sign_second", override.patient)
    held = held_for_writing(override.patient, None)
    row = held_override(override.pk)
    if row.by_id == by.pk:
        raise InputError("the second signature is another person's", mend="ask a colleague who may prescribe")
    _still_waits(row)
    judged = judge(held, choice_of(row), by=by, now=now)
    different = changes(row, judged)
    if different or not judged.may_be_overridden:
        raise Withheld(judged, different)
    row.second_by, row.second_at = by, now
    row.save(update_fields=["second_by", "second_at"])
    audit.write("sign_second", by=by, now=now, subject=held.key, detail={"override": row.key})
    pending.refresh(held)
    _tell(held, "override_signed", row, now)
    return row


@transaction.atomic
def withdraw(*, by: User, override: Override, now: datetime) -> Override:
    """Take an override back, or refuse it, before a prescription was written under it. Raises Denied, InputError."""
    check(by, "override", override.patient)
    held = held_for_writing(override.patient, None)
    row = held_override(override.pk)
    if row.withdrawn_at is not None:
        raise InputError("it was withdrawn already")
    if Document.objects.filter(override=row).exists():
        raise InputError("a prescription was written under it", mend="void the prescription")
    row.withdrawn_by, row.withdrawn_at = by, now
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    audit.write("withdraw_override", by=by, now=now, subject=held.key, detail={"override": row.key})
    pending.refresh(held)
    return row


def _still_waits(row: Override) -> None:
    if row.withdrawn_at is not None:
        raise InputError("the override was withdrawn", mend="let the prescriber ask again")
    if not row.needs_second or row.second_at is not None:
        raise InputError("it does not wait for a signature")


def held_override(pk: int) -> Override:
    """An override's row, held until the transaction ends."""
    return Override.objects.select_for_update().get(pk=pk)


def choice_of(override: Override) -> Choice:
    """What an override is for."""
    return msgspec.convert(override.proposal, Choice)


def covered_by(override: Override) -> tuple[Covered, ...]:
    """The findings that an override covers."""
    return msgspec.convert(override.rules, tuple[Covered, ...])


def changes(override: Override, judged: Judged) -> tuple[str, ...]:
    """In what the decision of this moment is not the one that was signed for."""
    return changed(covered_by(override), judged.in_the_way)


def _tell(held: Patient, kind: str, row: Override, now: datetime) -> None:
    OutboxMessage.objects.create(
        clinic=held.clinic,
        patient=held,
        kind=kind,
        payload={"override": row.key, "by": row.by.code},
        not_before=now,
        created_at=now,
    )
