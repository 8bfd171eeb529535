"""Letters that ask patients to get in touch: kept as they were printed, each with its audit entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from isocourse.care import audit
from isocourse.care.permissions import check
from isocourse.errors import InputError
from isocourse.store.models import Clinic, Document, Patient, User
from isocourse.words.recall import DEAR, NUMBER, REASONS, REGARDS, Letter, paragraphs

MOST_LETTERS = 100


def chosen(*, by: User, keys: Sequence[str]) -> list[Patient]:
    """The patients of one's own clinic with these keys, in the order of the list. Others are left out in silence: an
    address of another clinic's patient is no reason to say that there is one. Raises Denied or InputError."""
    check(by, "recall")
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        raise InputError("nobody is chosen", mend="tick the patients to write to")
    if len(wanted) > MOST_LETTERS:
        raise InputError(f"{len(wanted)} patients are chosen", allowed=f"at most {MOST_LETTERS} letters at a time")
    found = Patient.objects.filter(clinic=by.clinic, key__in=wanted, merged_into=None).prefetch_related("work")
    return sorted(found, key=lambda patient: wanted.index(patient.key))


def letter(patient: Patient, *, by: User, reason: str, on: str, say: Callable[[str], str] = str) -> Letter:
    """The letter to a patient. `on` is the day as people write it; `say` translates a sentence. Raises InputError for
    a reason that there is not, and for a patient without an address."""
    clinic = _clinic_of(by)
    if reason not in REASONS:
        raise InputError("this is no reason for a letter", where="reason", allowed=", ".join(REASONS))
    if not patient.address.strip():
        raise InputError("there is no address", where=patient.number, mend="add the address, or leave this one out")
    return Letter(
        letterhead=_lines(clinic.letterhead) or (clinic.name,),
        to=(patient.full_name, *_lines(patient.address)),
        on=on,
        reference=say(NUMBER).format(number=patient.number),
        dear=say(DEAR).format(name=patient.full_name),
        paragraphs=tuple(say(line).replace("{phone}", clinic.phone) for line in paragraphs(reason, phone=clinic.phone)),
        regards=say(REGARDS),
        signed=(by.shown_name, clinic.name),
        reason=reason,
        language=clinic.language[:2],
        paper="us-letter" if clinic.language == "en-us" else "a4",
    )


@transaction.atomic
def keep(*, by: User, letters: Mapping[Patient, Letter], now: datetime) -> list[Document]:
    """Keep letters as they were printed. Raises Denied."""
    check(by, "recall")
    kept = []
    for patient, made in letters.items():
        check(by, "recall", patient)
        document = Document.objects.create(
            clinic=_clinic_of(by),
            patient=patient,
            kind=Document.Kind.RECALL,
            content=msgspec.to_builtins(made),
            by=by,
            at=now,
        )
        detail = {"document": document.key, "reason": made.reason}
        audit.write("recall", by=by, now=now, subject=patient.key, detail=detail)
        kept.append(document)
    return kept


def kept_letters(*, by: User, keys: Sequence[str]) -> list[Letter]:
    """Letters that were kept, to print them again as they were. Raises Denied."""
    check(by, "recall")
    found = Document.objects.filter(clinic=by.clinic, key__in=keys, kind=Document.Kind.RECALL).order_by("pk")
    return [msgspec.convert(content, Letter) for content in found.values_list("content", flat=True)]


def _clinic_of(user: User) -> Clinic:
    assert user.clinic is not None  # check() denies whoever has none
    return user.clinic


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
