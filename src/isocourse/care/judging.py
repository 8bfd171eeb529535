"""Judging a prescription before it is written: a decision about the record with the proposal in it. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from isocourse.care.deciding import Assessed, today_in
from isocourse.care.editions import edition_for
from isocourse.care.recording import complete, moment_after
from isocourse.engine.decide import decide_prepared, prepare
from isocourse.record.events import Prescription
from isocourse.record.record import check_record
from isocourse.store.models import Patient, User
from isocourse.store.reading import record_of
from isocourse.words.answer import answer
from isocourse.words.overriding import Obstacle, obstacles
from isocourse.words.plan import plan
from isocourse.words.plan_shape import Choices
from isocourse.words.prescription import (
    Choice,
    Instruction,
    Proposal,
    Valid,
    event_fields,
    instruction,
    propose,
    valid_through,
)
from isocourse.words.work import standing


@dataclass(frozen=True)
class Judged:
    """A proposed prescription and what is decided about it: `assessed` is the record with it, `in_the_way` what
    withholds it, `said` its text, `valid` its last day."""

    proposal: Proposal
    event: Prescription
    assessed: Assessed
    in_the_way: tuple[Obstacle, ...]
    said: Instruction
    valid: Valid

    @property
    def may_proceed(self) -> bool:
        """Whether nothing is in the way, and everything the programme asks for was assessed."""
        return self.assessed.answer.supply == "proceed" and not self.in_the_way and self.assessed.answer.complete

    @property
    def may_be_overridden(self) -> bool:
        """Whether a prescriber may depart from everything that is in the way."""
        return (
            bool(self.in_the_way)
            and all(each.may_override for each in self.in_the_way)
            and self.assessed.answer.complete
        )


class Withheld(Exception):
    """The decision of this moment withholds, and no override covers it: nothing was written. `changed` says in what it
    is not what was signed for."""

    def __init__(self, judged: Judged, changed: tuple[str, ...] = ()) -> None:
        self.judged, self.changed = judged, changed
        super().__init__("the decision withholds")


def judge(patient: Patient, choice: Choice, *, by: User, now: datetime) -> Judged:
    """Decide about a proposed prescription, without writing anything. Raises InputError naming the field of the choice
    that is not possible."""
    clinic, record = patient.clinic, record_of(patient)
    edition, today = edition_for(clinic), today_in(clinic, now)
    day = today.toordinal()
    proposal = propose(edition, choice, clinic.products)
    event = complete(event_fields(proposal, day), by=by, at=moment_after(record, now))
    assert isinstance(event, Prescription)
    whole = msgspec.structs.replace(record, events=(*record.events, event))
    check_record(whole, where="the record")
    rows = prepare(whole)
    decision = decide_prepared(edition, rows, day)
    told = answer(decision, rows, whole.subject)
    chosen = Choices(product=proposal.product.id if proposal.product is not None else None)
    made = plan(edition, whole, day, chosen=chosen)
    return Judged(
        proposal=proposal,
        event=event,
        assessed=Assessed(whole, told, made, standing(told, made, now), today),
        in_the_way=obstacles(told, event.id),
        said=instruction(event, proposal.product),
        valid=valid_through(decision),
    )
