"""Where a prescription on paper stands now. Paper outlives the decision that it was written on: what is against it
today is said wherever it is shown or printed again."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import msgspec
from django.utils.translation import gettext_noop

from isocourse.care.deciding import current, today_in
from isocourse.care.editions import edition_for
from isocourse.record.corrections import visible
from isocourse.record.events import Dispensing
from isocourse.store.models import Document, Patient
from isocourse.store.reading import record_of
from isocourse.words.answer import Answer
from isocourse.words.overriding import obstacles
from isocourse.words.reconcile import reconciliation

State = Literal["void", "withdrawn", "dispensed", "expired", "held", "waits"]
# What is stamped across a paper on which nothing is to be dispensed, and the sentence with it.
STAMPS: dict[State, tuple[str, str]] = {
    "void": ("VOID", gettext_noop("This prescription is void.")),
    "withdrawn": ("VOID", gettext_noop("The record of this prescription was withdrawn or written anew. It is void.")),
    "expired": ("EXPIRED", gettext_noop("This prescription has expired.")),
    "held": ("DO NOT DISPENSE", gettext_noop("The decision of today withholds what this prescription says.")),
}


@dataclass(frozen=True)
class Paper:
    """A prescription as it stands: `against` is what withholds it now and was not signed for."""

    document: Document
    state: State
    against: tuple[str, ...] = ()

    @property
    def stamp(self) -> tuple[str, str]:
        return STAMPS.get(self.state, ("", ""))


def papers_of(patient: Patient, documents: list[Document], *, now: datetime) -> list[Paper]:
    """Each prescription as it stands at a moment. The decision is made anew first where it ran out."""
    decision = current(patient, now=now)
    answer = msgspec.convert(decision.answered, Answer)
    record, today = record_of(patient), today_in(patient.clinic, now)
    events = list(visible(record.events))
    made = reconciliation(edition_for(patient.clinic), record, today.toordinal())
    supplied = {event.prescription for event in events if isinstance(event, Dispensing)}
    supplied |= {pair.prescription for pair in made.pairs if pair.supplies}
    standing = {event.id for event in events}
    return [_paper(document, answer, standing, supplied, today) for document in documents]


def _paper(document: Document, answer: Answer, standing: Set[str], supplied: Set[str | None], today: date) -> Paper:
    if document.voided_at is not None:
        return Paper(document, "void")
    if document.event_id not in standing:
        return Paper(document, "withdrawn")
    if document.event_id in supplied:
        return Paper(document, "dispensed")
    through = document.content.get("valid_through")
    if through is not None and date.fromisoformat(through) < today:
        return Paper(document, "expired")
    against = _against(document, answer)
    return Paper(document, "held" if against else "waits", against)


def _against(document: Document, answer: Answer) -> tuple[str, ...]:
    """What is in the way now, beyond what an override of this prescription was signed for."""
    signed = {each["rule"] for each in document.override.rules} if document.override is not None else set()
    return tuple(
        each.finding.says
        for each in obstacles(answer, document.event_id)
        if each.finding.rule not in signed or not each.may_override
    )
