"""Writing down: all of it or nothing, checked, audited, decided, and never changed afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from isocourse.care import audit
from isocourse.care.correcting import amend, withdraw
from isocourse.care.deciding import current, decide_again
from isocourse.care.permissions import Denied
from isocourse.care.recording import MovedOn, append, record_events
from isocourse.errors import InputError
from isocourse.record.record import event_from
from isocourse.store.append_only import unguards
from isocourse.store.models import AuditEntry, AuditHead, Patient, StoredEvent
from isocourse.store.reading import record_of
from tests.clinic.conftest import NOW, House

pytestmark = pytest.mark.django_db
WEIGHT = {"kind": "weight", "happened_on": "2026-11-23", "value": "62.5", "unit": "kg"}
SUICIDAL = {"kind": "questionnaire", "happened_on": "2026-11-23", "name": "phq9", "items": [0] * 8 + [1]}


def test_an_event_is_written_with_its_author_and_decided_at_once(ours: House, patient: Patient) -> None:
    before = patient.decision
    written = record_events(by=ours.nurse, patient=patient, events=[WEIGHT], now=NOW)
    record = record_of(patient)
    assert [event.value for event in record.events] == [written.events[0].value]
    assert record.events[0].author.id == ours.nurse.code
    assert patient.decision == written.decision != before
    assert written.decision.seen_seq == patient.last_seq == 1
    assert written.decision.answered["subject"] == patient.key


def test_a_flag_of_mood_is_at_the_top_of_the_list(ours: House, patient: Patient) -> None:
    record_events(by=ours.nurse, patient=patient, events=[SUICIDAL], now=NOW)
    assert patient.risk == 0
    assert patient.work.filter(risk=0, kind="mood").exists()


def test_nothing_is_saved_when_one_event_is_wrong(ours: House, patient: Patient) -> None:
    wrong = {**WEIGHT, "unit": "stone"}
    with pytest.raises(InputError, match="stone"):
        record_events(by=ours.nurse, patient=patient, events=[WEIGHT, wrong], now=NOW)
    assert not StoredEvent.objects.exists()
    assert AuditEntry.objects.count() == 1  # registering alone


def test_the_record_moved_on_is_said_and_nothing_is_saved(ours: House, patient: Patient) -> None:
    record_events(by=ours.prescriber, patient=patient, events=[WEIGHT], now=NOW, seen_seq=0)
    with pytest.raises(MovedOn) as moved:
        record_events(by=ours.nurse, patient=patient, events=[SUICIDAL], now=NOW, seen_seq=0)
    assert [event.by for event in moved.value.since] == [ours.prescriber]
    assert StoredEvent.objects.count() == 1


def test_a_clock_set_back_changes_no_order(ours: House, patient: Patient) -> None:
    for hours in (0, -5):
        record_events(by=ours.nurse, patient=patient, events=[WEIGHT], now=NOW + timedelta(hours=hours))
    first, second = record_of(patient).events
    assert first.recorded_at < second.recorded_at


@pytest.mark.parametrize("role", ["administrator", "patient"])
def test_who_may_not_write_is_denied(ours: House, patient: Patient, role: str) -> None:
    with pytest.raises(Denied):
        record_events(by=getattr(ours, role), patient=patient, events=[WEIGHT], now=NOW)


def test_a_stranger_is_denied(theirs: House, patient: Patient) -> None:
    with pytest.raises(Denied):
        record_events(by=theirs.prescriber, patient=patient, events=[WEIGHT], now=NOW)


def test_withdrawing_leaves_the_event_in_the_history(ours: House, patient: Patient) -> None:
    written = record_events(by=ours.nurse, patient=patient, events=[WEIGHT], now=NOW)
    event_id = written.events[0].id
    withdraw(by=ours.nurse, patient=patient, event_id=event_id, reason="wrong patient", now=NOW)
    assert [event.kind for event in StoredEvent.objects.order_by("seq")] == ["weight", "entered_in_error"]


def test_a_decision_that_ran_out_is_never_current(ours: House, patient: Patient) -> None:
    written = record_events(by=ours.nurse, patient=patient, events=[WEIGHT], now=NOW)
    much_later = NOW + timedelta(days=400)
    assert current(patient, now=NOW) == written.decision
    assert patient.valid_until is None or decide_again(now=much_later) == 1
    made = current(patient, now=much_later)
    assert made.as_of == much_later.date() or patient.valid_until is None


def _unguarded(statement: str) -> None:
    """Change a row as somebody with the database in hands would: without its triggers."""
    with connection.cursor() as cursor:
        for drop in unguards(connection.vendor):
            cursor.execute(drop)
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "how"),
    [
        ("UPDATE store_auditentry SET act = 'nothing' WHERE number = 2", "the entry was changed"),
        ("DELETE FROM store_auditentry WHERE number = 2", "an entry is missing"),
        ("DELETE FROM store_auditentry WHERE number = 3", "entries are missing at the end"),
        ("UPDATE store_auditentry SET digest = '00' WHERE number = 2", "the entry before it was changed"),
        ("DELETE FROM store_audithead", "the chain has entries and no head"),
    ],
)
def test_the_audit_chain_tells_what_was_changed(ours: House, patient: Patient, statement: str, how: str) -> None:
    for _ in range(2):
        record_events(by=ours.nurse, patient=patient, events=[WEIGHT], now=NOW)
    assert AuditEntry.objects.count() == AuditHead.objects.get().number == 3
    assert list(audit.broken()) == []
    _unguarded(statement)
    assert how in [each.how for each in audit.broken()]


def test_a_skin_score_that_its_scale_cannot_give_is_not_written(ours: House, patient: Patient) -> None:
    score = {"kind": "skin_score", "happened_on": "2026-11-23", "scale": "gags", "value": "45"}
    with pytest.raises(InputError, match="a score of 45 cannot be on GAGS; allowed are whole numbers from 0 to 44"):
        record_events(by=ours.nurse, patient=patient, events=[score], now=NOW)
    assert not StoredEvent.objects.exists()
    assert record_events(by=ours.nurse, patient=patient, events=[{**score, "value": "44"}], now=NOW).events


def test_a_skin_score_from_before_the_ranges_is_read_and_amended_only_to_one_that_can_be(
    ours: House, patient: Patient
) -> None:
    fields = {"happened_on": "2026-11-23", "scale": "gags", "value": "400"}
    by = {"id": "old", "recorded_at": NOW.isoformat(), "author": {"id": ours.nurse.code, "role": "nurse"}}
    append(patient, [event_from({"kind": "skin_score", **by, **fields})], by=ours.nurse)
    assert [event.value for event in record_of(patient).events] == [400]
    with pytest.raises(InputError, match="a score of 401 cannot be"):
        amend(by=ours.nurse, patient=patient, event_id="old", fields={**fields, "value": "401"}, now=NOW)
    assert amend(by=ours.nurse, patient=patient, event_id="old", fields={**fields, "value": "40"}, now=NOW).events
