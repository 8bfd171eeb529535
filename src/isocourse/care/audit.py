"""The audit: one chained entry for each act, in the act's own transaction; and the check that none was changed.

The digest of an entry covers its content and the digest before it, so a changed, missing or added row breaks the chain
from there on; the head of each chain witnesses that none is missing at the end. Times are written in UTC.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from isocourse.store.models import AuditEntry, AuditHead, Look, Patient, User

NO_CLINIC = "isocourse"
LATELY = timedelta(hours=1)


@dataclass(frozen=True)
class Broken:
    """Where a chain breaks, and how."""

    chain: str
    number: int
    how: str


def write(
    act: str, *, by: User | None, now: datetime, subject: str = "", detail: Mapping[str, Any] | None = None
) -> AuditEntry:
    """Add an entry to the chain of the person's clinic. Only inside a transaction, the act's own."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry belongs into the transaction of its act")
    chain = by.clinic.key if by is not None and by.clinic is not None else NO_CLINIC
    AuditHead.objects.get_or_create(chain=chain)
    head = AuditHead.objects.select_for_update().get(chain=chain)
    entry = AuditEntry(
        chain=chain,
        number=head.number + 1,
        at=now.astimezone(UTC),
        by=by.code if by is not None else "system",
        role=by.role if by is not None else "system",
        act=act,
        subject=subject,
        detail=dict(detail or {}),
        before=head.digest,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    AuditHead.objects.filter(chain=chain).update(number=entry.number, digest=entry.digest)
    return entry


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the content of an entry and the digest before it, in hex."""
    content = [
        entry.chain,
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.by,
        entry.role,
        entry.act,
        entry.subject,
        entry.detail,
        entry.before,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def broken(chain: str | None = None) -> Iterator[Broken]:
    """Every place at which a chain does not hold: of all chains, or of one."""
    only = {} if chain is None else {"chain": chain}
    for head in AuditHead.objects.filter(**only).order_by("chain"):
        yield from _broken_in(head)
    headless = AuditEntry.objects.filter(**only).exclude(chain__in=AuditHead.objects.values("chain"))
    for chain in headless.order_by().values_list("chain", flat=True).distinct():
        yield Broken(chain, 0, "the chain has entries and no head")


def _broken_in(head: AuditHead) -> Iterator[Broken]:
    number, digest = 0, ""
    for entry in _entries(head):
        if entry.number != number + 1:
            yield Broken(head.chain, number + 1, "an entry is missing")
        elif entry.before != digest:
            yield Broken(head.chain, entry.number, "the entry before it was changed")
        if digest_of(entry) != entry.digest:
            yield Broken(head.chain, entry.number, "the entry was changed")
        number, digest = entry.number, entry.digest
    if number < head.number:
        yield Broken(head.chain, number + 1, "entries are missing at the end")
    elif (number, digest) != (head.number, head.digest):
        yield Broken(head.chain, number, "the end is not the one that was witnessed")


def _entries(head: AuditHead) -> Iterator[AuditEntry]:
    """The entries of a chain in order. What is written while they are read comes as well, and the head with it, so
    that a chain can be verified while the clinic works."""
    last = 0
    while True:
        for entry in AuditEntry.objects.filter(chain=head.chain, number__gt=last).order_by("number").iterator():
            yield entry
            last = entry.number
        if last == head.number:
            return
        known = head.number
        head.refresh_from_db()
        if head.number in (known, last):
            return


def looked_lately(*, by: User, patient: Patient, now: datetime) -> bool:
    """Whether the book of looks has this person at this patient within the last hour."""
    return Look.objects.filter(patient=patient, user=by, at__gt=now - LATELY).exists()


def looked(*, by: User, patient: Patient, page: str, now: datetime) -> None:
    """Somebody looked at a patient."""
    glass = patient.clinic_id != by.clinic_id
    Look.objects.create(patient=patient, user=by, at=now, page=page, broke_glass=glass)
