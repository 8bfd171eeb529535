"""Corrections: nothing is lost, a reason is asked for, and what a prescriber decided a prescriber alone corrects."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from isocourse.care.correcting import DECISIONS, amend, withdraw
from isocourse.care.patients import break_glass, correct_identity, merge, register
from isocourse.care.permissions import Denied
from isocourse.care.recording import MovedOn, record_events
from isocourse.errors import InputError
from isocourse.record.corrections import visible
from isocourse.record.events import KINDS
from isocourse.store.models import AuditEntry, Patient, StoredEvent, User
from isocourse.store.reading import record_of
from tests.clinic.conftest import NOW, House

pytestmark = pytest.mark.django_db
WEIGHT = {"kind": "weight", "happened_on": "2026-11-23", "value": "625", "unit": "kg"}
STOP = {
    "kind": "mood_assessment",
    "happened_on": "2026-11-23",
    "covers": ["mental_health"],
    "outcome": "stop_treatment",
}


def write(by: User, patient: Patient, fields: dict[str, Any]) -> str:
    return record_events(by=by, patient=patient, events=[fields], now=NOW).events[0].id


def standing(patient: Patient) -> list[str]:
    return [event.id for event in visible(record_of(patient).events)]


def test_an_amendment_takes_the_place_of_an_entry_and_both_stay(ours: House, patient: Patient) -> None:
    wrong = write(ours.nurse, patient, WEIGHT)
    written = amend(
        by=ours.nurse, patient=patient, event_id=wrong, fields={**WEIGHT, "value": "62.5"}, now=NOW, seen_seq=1
    )
    assert standing(patient) == [written.events[0].id]
    assert StoredEvent.objects.filter(patient=patient).count() == 2
    assert AuditEntry.objects.filter(act="amend", by=ours.nurse.code).count() == 1
    assert written.decision.seen_seq == 2


def test_a_withdrawal_asks_for_a_reason(ours: House, patient: Patient) -> None:
    wrong = write(ours.nurse, patient, WEIGHT)
    with pytest.raises(InputError) as refused:
        withdraw(by=ours.nurse, patient=patient, event_id=wrong, reason="  ", now=NOW)
    assert refused.value.where == "reason"
    assert standing(patient) == [wrong]


def test_what_a_prescriber_decided_is_corrected_by_a_prescriber(ours: House, patient: Patient) -> None:
    stop = write(ours.prescriber, patient, STOP)
    with pytest.raises(Denied):
        withdraw(by=ours.nurse, patient=patient, event_id=stop, reason="by mistake", now=NOW)
    with pytest.raises(Denied):
        amend(by=ours.nurse, patient=patient, event_id=stop, fields={**STOP, "outcome": "no_concern"}, now=NOW)
    assert standing(patient) == [stop]
    withdraw(by=ours.second, patient=patient, event_id=stop, reason="by mistake", now=NOW)
    assert standing(patient) == []


def test_the_decisions_are_kinds_of_events() -> None:
    assert set(KINDS) >= DECISIONS


def test_what_was_corrected_is_not_corrected_again(ours: House, patient: Patient) -> None:
    wrong = write(ours.nurse, patient, WEIGHT)
    withdraw(by=ours.nurse, patient=patient, event_id=wrong, reason="by mistake", now=NOW)
    with pytest.raises(InputError, match="does not stand"):
        withdraw(by=ours.nurse, patient=patient, event_id=wrong, reason="by mistake", now=NOW)
    with pytest.raises(InputError, match="not in the record"):
        amend(by=ours.nurse, patient=patient, event_id="nothing", fields=WEIGHT, now=NOW)


def test_a_withdrawal_can_be_withdrawn_once(ours: House, patient: Patient) -> None:
    weight = write(ours.nurse, patient, WEIGHT)
    taken = withdraw(by=ours.nurse, patient=patient, event_id=weight, reason="by mistake", now=NOW).events[0].id
    withdraw(by=ours.nurse, patient=patient, event_id=taken, reason="it was right", now=NOW)
    assert standing(patient) == [weight]
    with pytest.raises(InputError, match="does not stand"):
        withdraw(by=ours.nurse, patient=patient, event_id=taken, reason="it was right", now=NOW)


def test_a_correction_of_a_page_that_is_old_is_refused(ours: House, patient: Patient) -> None:
    wrong = write(ours.nurse, patient, WEIGHT)
    write(ours.prescriber, patient, STOP)
    with pytest.raises(MovedOn):
        withdraw(by=ours.nurse, patient=patient, event_id=wrong, reason="by mistake", now=NOW, seen_seq=1)
    assert wrong in standing(patient)


def test_who_somebody_is_is_not_corrected_through_broken_glass(theirs: House, patient: Patient) -> None:
    break_glass(by=theirs.nurse, patient=patient, now=NOW, reason="unconscious in our emergency room")
    with pytest.raises(Denied):
        correct_identity(by=theirs.nurse, patient=patient, now=NOW, who={"born": date(2001, 1, 1)}, seen="")


def test_the_reason_of_a_merge_is_kept(ours: House, patient: Patient) -> None:
    twin = register(by=ours.nurse, now=NOW, who={"number": "0413", "given_name": "Ada", "family_name": "Example"})
    merge(by=ours.prescriber, patient=twin, into=patient, now=NOW, reason="same birth date and passport")
    twin.refresh_from_db()
    assert (twin.merged_into, twin.merge_reason) == (patient, "same birth date and passport")
    assert "passport" not in str(AuditEntry.objects.get(act="merge").detail)
