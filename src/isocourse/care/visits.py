"""The visit: what is asked, what an answer would change, drafts, and saving everything as one act.

A preview writes nothing. A draft is kept for its author until the visit is saved. A visit that is sent twice, because
somebody pressed twice or the answer got lost, is written once: its token says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import transaction

from isocourse.care import supplies
from isocourse.care.deciding import locked_patient, today_in
from isocourse.care.editions import edition_for
from isocourse.care.permissions import check
from isocourse.care.recording import Fields, complete, moment_after, record_events
from isocourse.engine.decide import Decision, decide_prepared, prepare
from isocourse.engine.edition import Edition
from isocourse.errors import InputError
from isocourse.plan.earliest import earliest_supply
from isocourse.record.events import Event, Height, Weight
from isocourse.record.quantities import convert
from isocourse.record.record import Record, check_record
from isocourse.record.tables import Rows
from isocourse.record.terminology import HEIGHT_UNITS, WEIGHT_UNITS
from isocourse.store.keys import new_key
from isocourse.store.models import Draft, Patient, SentForm, User
from isocourse.store.reading import record_of
from isocourse.words.answer import Answer
from isocourse.words.answer import answer as in_words
from isocourse.words.visit_asked import Asking, asking, open_symptoms, together
from isocourse.words.visit_doubts import Known
from isocourse.words.visit_form import FORMS
from isocourse.words.visit_read import MISSING, Problem, Read, Setting, Typed, read

FORM = "visit"
MOST_FIELDS, LONGEST = 1500, 4000


class NotYet(Exception):
    """Something that was typed is wrong or missing: nothing was saved. `problems` say what, by field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__("the visit cannot be saved yet")


@dataclass(frozen=True)
class Looked:
    """A record on a day, decided, and what it asks of this person."""

    edition: Edition
    record: Record
    rows: Rows
    decision: Decision
    answer: Answer
    asking: Asking
    day: date


@dataclass(frozen=True)
class Previewed:
    """What the record says now (`before`), and what it would say with what was typed (`after`); nothing is written.
    `after` is `before` where what was typed cannot stand in a record; `problems` then says why."""

    before: Looked
    after: Looked
    read: Read
    problems: tuple[Problem, ...]

    @property
    def asking(self) -> Asking:
        """Everything that is asked: at first, and because of an answer."""
        return together(self.before.asking, self.after.asking)


def look(*, by: User, patient: Patient, now: datetime, record: Record | None = None, purpose: str = "") -> Looked:
    """Decide, and say what is asked at a visit of this purpose. Writes nothing."""
    edition, day = edition_for(patient.clinic), today_in(patient.clinic, now)
    record = record if record is not None else record_of(patient)
    rows = prepare(record)
    decision = decide_prepared(edition, rows, day.toordinal())
    earliest = earliest_supply(edition, rows, decision.evaluation)
    asked = asking(decision, rows, earliest, role=by.role, purpose=purpose)
    return Looked(edition, record, rows, decision, in_words(decision, rows, record.subject), asked, day)


def preview(*, by: User, patient: Patient, typed: Typed, token: str, now: datetime) -> Previewed:
    """What saving would change. Raises Denied."""
    check(by, "write", patient, now=now)
    purpose = next(iter(typed.get("visit.0.purpose", ())), "")
    before = look(by=by, patient=patient, now=now, purpose=purpose)
    found = read(typed, _setting(by, before, token))
    problems = list(found.problems)
    made = _made(found, by, moment_after(before.record, now), problems)
    if not made:
        return Previewed(before, before, found, tuple(problems))
    whole = msgspec.structs.replace(before.record, events=(*before.record.events, *made))
    try:
        check_record(whole, where="the record")
    except InputError as error:
        return Previewed(before, before, found, (*problems, Problem("", error.found)))
    return Previewed(
        before, look(by=by, patient=patient, now=now, record=whole, purpose=purpose), found, tuple(problems)
    )


def _made(found: Read, by: User, at: datetime, problems: list[Problem]) -> tuple[Event, ...]:
    """The events; one that cannot be is a problem beside its field."""
    made = []
    for fields in found.events:
        try:
            made.append(complete(fields, by=by, at=at))
        except InputError as error:
            problems.append(Problem(found.lead_of[fields["id"]], error.found))
    return tuple(made)


def _setting(by: User, before: Looked, token: str) -> Setting:
    return Setting(
        role=by.role,
        today=before.day.isoformat(),
        token=token,
        known_ids=frozenset(event.id for event in before.record.events),
        open_symptoms=open_symptoms(before.decision),
        decides_effects=by.role in before.edition.policy.effects_deciding_roles,
        known=_known(before.rows),
    )


def _known(rows: Rows) -> Known:
    weights: list[Any] = rows.get("weight", [])
    heights: list[Any] = rows.get("height", [])
    weight: Weight | None = weights[-1] if weights else None
    height: Height | None = heights[-1] if heights else None
    return Known(
        convert(weight.value, WEIGHT_UNITS[weight.unit]) if weight is not None else None,
        convert(height.value, HEIGHT_UNITS[height.unit]) if height is not None else None,
    )


@transaction.atomic
def save(*, by: User, patient: Patient, typed: Typed, token: str, seen_seq: int, now: datetime) -> SentForm:
    """Write the whole visit down as one act. Raises Denied, NotYet, InputError, or MovedOn when somebody wrote to the
    record in between."""
    check(by, "write", patient, now=now)
    held = locked_patient(patient.pk)
    known = SentForm.objects.filter(token=token).first()
    if known is not None:
        return _same(known, by, patient)
    before = look(by=by, patient=held, now=now)
    found = read(typed, _setting(by, before, token))
    problems = list(found.problems)
    _made(found, by, now, problems)
    if FORM not in found.answered:
        # Whether the person was there in person is never presumed: a first visit by telephone is not one in person.
        problems.append(Problem("visit.0.mode", MISSING))
    if problems:
        raise NotYet(problems)
    events: list[Fields] = list(found.events)
    written = record_events(by=by, patient=patient, events=events, now=now, act="visit", seen_seq=seen_seq)
    supplies.look_at(by=by, patient=patient, before=before.record, written=written.events, now=now)
    ids = [event.id for event in written.events]
    sent = SentForm.objects.create(
        token=token, user=by, patient=patient, form=FORM, decision=written.decision, events=ids, at=now
    )
    Draft.objects.filter(user=by, patient=patient, form=FORM).delete()
    return sent


def _same(known: SentForm, by: User, patient: Patient) -> SentForm:
    if known.user_id != by.pk or known.patient_id != patient.pk:
        raise InputError("this visit was begun by somebody else", mend="open the visit again")
    return known


# --- drafts ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Begun:
    """A visit as it stands on the page: a draft that goes on, or a new one (`kept_at` None)."""

    token: str
    typed: Mapping[str, list[str]]
    seen_seq: int
    kept_at: datetime | None


def begin(*, by: User, patient: Patient) -> Begun:
    """This person's draft of a visit, or a new one. A draft that was kept in the moment in which its visit was saved is
    none: what would be typed into it could never be saved. Writes nothing."""
    draft = Draft.objects.filter(user=by, patient=patient, form=FORM).first()
    if draft is None or SentForm.objects.filter(token=draft.fields["token"]).exists():
        return Begun(new_key(), {}, patient.last_seq, None)
    return Begun(draft.fields["token"], draft.fields["typed"], draft.seen_seq, draft.updated_at)


@transaction.atomic
def keep(*, by: User, patient: Patient, typed: Typed, token: str, seen_seq: int, now: datetime) -> Draft | None:
    """Keep what was typed, for its author alone. None where the visit of this token was saved already: a draft that
    comes late brings nothing back."""
    check(by, "write", patient, now=now)
    if SentForm.objects.filter(token=token).exists():
        return None
    mine = {name: list(values) for name, values in typed.items() if name.partition(".")[0] in FORMS}
    if len(mine) > MOST_FIELDS or any(len(value) > LONGEST for values in mine.values() for value in values):
        raise InputError("this is too much for one visit", mend="save what there is, and begin another")
    draft, _new = Draft.objects.update_or_create(
        user=by,
        patient=patient,
        form=FORM,
        defaults={"fields": {"token": token, "typed": mine}, "seen_seq": seen_seq},
    )
    return draft


def discard(*, by: User, patient: Patient, now: datetime) -> None:
    """Throw one's own draft away."""
    check(by, "write", patient, now=now)
    Draft.objects.filter(user=by, patient=patient, form=FORM).delete()
