"""From a record to a stored decision, and to the work that it asks for.

A decision is written in the transaction of whatever made it necessary. Past `valid_until` it is history: the job
`decide_again` makes the next one, and whoever opens the page before the job came gets a fresh one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet

from isocourse.care import pending
from isocourse.care.editions import edition_for, zone_of
from isocourse.engine.edition import Edition
from isocourse.record.record import Record
from isocourse.store.models import Clinic, Patient, StoredDecision, WorkItem
from isocourse.store.models.decisions import NO_DAY, packed
from isocourse.store.reading import record_of
from isocourse.words.answer import Answer, answer_json, assess
from isocourse.words.plan import plan
from isocourse.words.plan_shape import Plan
from isocourse.words.work import CLOSES_NOW, KNOW, Standing, standing


@dataclass(frozen=True)
class Assessed:
    """One person's answer and plan on a day, and where the course stands."""

    record: Record
    answer: Answer
    plan: Plan
    standing: Standing
    as_of: date


def today_in(clinic: Clinic, now: datetime) -> date:
    """The day it is in the clinic's programme."""
    return now.astimezone(ZoneInfo(zone_of(clinic))).date()


def assessed(edition: Edition, record: Record, *, on: date, now: datetime) -> Assessed:
    """Decide and plan, without writing anything."""
    answer = assess(edition, record, on.toordinal())
    made = plan(edition, record, on.toordinal())
    return Assessed(record, answer, made, standing(answer, made, now), on)


def decide(patient: Patient, *, now: datetime, trigger: str, record: Record | None = None) -> StoredDecision:
    """Decide about a patient and keep it, with the work it asks for. Only inside a transaction in which the patient's
    row is locked, so that the decision is of exactly the events that `seen_seq` says."""
    # Read now: settings may have changed while this transaction waited for the patient's row.
    clinic = patient.clinic = Clinic.objects.get(pk=patient.clinic_id)
    edition = edition_for(clinic)
    made = assessed(edition, record if record is not None else record_of(patient), on=today_in(clinic, now), now=now)
    return keep(patient, made, now=now, trigger=trigger)


def keep(patient: Patient, made: Assessed, *, now: datetime, trigger: str) -> StoredDecision:
    """Store what was assessed, as the decision that stands."""
    decision = stored(patient, made, now=now, trigger=trigger)
    patient.decision, patient.state = decision, made.standing.state
    work = pending.ranked([*items_of(patient, made.standing), *pending.items(patient)])
    WorkItem.objects.filter(patient=patient).delete()
    WorkItem.objects.bulk_create(work)
    patient.risk = min((item.risk for item in work), default=KNOW)
    patient.valid_until = next_moment(decision.valid_until, made, now, ZoneInfo(zone_of(patient.clinic)))
    patient.summary = summary_of(made)
    patient.save(update_fields=["decision", "state", "risk", "valid_until", "summary"])
    return decision


def stored(patient: Patient, made: Assessed, *, now: datetime, trigger: str) -> StoredDecision:
    """The row of a decision. By itself it is not the one that stands: one about a prescription that was not written
    never is."""
    answer = made.answer
    return StoredDecision.objects.create(
        patient=patient,
        decided_at=now,
        as_of=made.as_of,
        seen_seq=patient.last_seq,
        trigger=trigger,
        edition=answer.edition,
        supply=answer.supply,
        capsules_in_hand=answer.capsules_in_hand,
        complete=answer.complete,
        headline=answer.headline,
        valid_until=datetime.fromisoformat(answer.valid_until) if answer.valid_until else None,
        answer=packed(answer_json(answer)),
    )


def next_moment(valid_until: datetime | None, made: Assessed, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When to decide again: when time changes the decision, the list, or how pressing an open window is."""
    moments = [valid_until] if valid_until is not None else []
    if (day := made.standing.again_on) is not None:
        moments.append(datetime.combine(date.fromisoformat(day), datetime.min.time(), zone))
    for item in made.standing.work:
        if item.closes_at is not None:
            closes = datetime.fromisoformat(item.closes_at)
            moments += [closes - CLOSES_NOW, closes]
    return min((moment for moment in moments if moment > now), default=None)


def summary_of(made: Assessed) -> dict[str, Any]:
    """What a list shows of a patient besides the name."""
    stand = made.standing
    return {"week": stand.week, "total": stand.total, "last_capsule": stand.last_capsule}


def items_of(patient: Patient, stand: Standing) -> Iterable[WorkItem]:
    """The rows of what there is to do."""
    return [
        WorkItem(
            clinic_id=patient.clinic_id,
            patient=patient,
            state=stand.state,
            rank=rank,
            **{**msgspec.structs.asdict(item), **_times(item)},
        )
        for rank, item in enumerate(stand.work)
    ]


def _times(item: Any) -> dict[str, Any]:
    due = date.fromisoformat(item.due) if item.due else None
    return {
        "earliest": date.fromisoformat(item.earliest) if item.earliest else None,
        "due": due,
        "by_day": due or NO_DAY,
        "closes_at": datetime.fromisoformat(item.closes_at) if item.closes_at else None,
    }


def current(patient: Patient, *, now: datetime) -> StoredDecision:
    """The decision that stands now. One that has run out, or is of another edition, is made anew first."""
    decision = patient.decision
    if decision is not None and stands(decision, patient, now):
        return decision
    with transaction.atomic():
        locked = locked_patient(patient.pk)
        if locked.decision is not None and stands(locked.decision, locked, now):
            made = locked.decision
        else:
            made = decide(locked, now=now, trigger=reason_to_decide(locked))
    patient.refresh_from_db()
    return made


def stands(decision: StoredDecision, patient: Patient, now: datetime) -> bool:
    """Whether a decision may be shown as current."""
    return (
        decision.seen_seq == patient.last_seq
        and decision.edition == edition_for(patient.clinic).name
        and (patient.valid_until is None or now < patient.valid_until)
        and (decision.valid_until is None or now < decision.valid_until)
    )


def reason_to_decide(patient: Patient) -> str:
    """Why a decision no longer stands: time went by, or it is of another edition."""
    of_this_edition = patient.decision is not None and patient.decision.edition == edition_for(patient.clinic).name
    return "time" if of_this_edition else "edition"


def outdated(clinic: Clinic) -> QuerySet[Patient]:
    """The patients whose decision is of another edition than the clinic's."""
    others = Patient.objects.filter(clinic=clinic, merged_into=None)
    return others.exclude(decision__edition=edition_for(clinic).name)


def mark_outdated(*, now: datetime) -> int:
    """Have the job decide anew about everybody whose decision is of another edition: after an upgrade of the protocol,
    and for whom a change of settings missed by a hair. How many were marked."""
    later = Q(valid_until=None) | Q(valid_until__gt=now)
    return sum(outdated(clinic).filter(later).update(valid_until=now) for clinic in Clinic.objects.all())


def locked_patient(pk: int) -> Patient:
    """A patient's row, held until the transaction ends.

    Nothing is joined to a row that is locked, here or elsewhere: PostgreSQL gives whoever waited for it the row as it
    is now and its neighbours as they were before the wait. They are read afterwards.
    """
    return Patient.objects.select_for_update().get(pk=pk)


def decide_again(*, now: datetime, most: int = 500) -> int:
    """The job: decide anew what has run out, each patient in a transaction of its own. How many were done."""
    due = Patient.objects.filter(Q(valid_until__lte=now) | Q(decision=None), merged_into=None)
    done = 0
    for pk in list(due.order_by("valid_until").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            patient = locked_patient(pk)
            if patient.decision is None or not stands(patient.decision, patient, now):
                decide(patient, now=now, trigger=reason_to_decide(patient))
                done += 1
    return done
