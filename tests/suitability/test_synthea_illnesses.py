"""The illnesses of twelve synthetic patients: none is lost, those that are over hold nothing back, one note settles
what a prescriber has looked at."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.python_backend import FIRED
from isocourse.exchange.fhir import record_from_fhir
from isocourse.record.events import Condition, Event
from isocourse.record.record import event_from
from isocourse.record.tables import table
from tests import shipped
from tests.outside import NOT_HERE, SHARED

_FILES = sorted((SHARED / "data/fhir/synthea").glob("*.json"))
if not _FILES:
    pytest.skip(f"the Synthea bundles are {NOT_HERE}", allow_module_level=True)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
US = shipped.edition("us", ("suitability",))
ON = NOW.toordinal()


def fired(events: list[Event]) -> set[str]:
    states = evaluate(US, table(events), ON).states
    return {rule.id for rule, state in zip(US.rules, states, strict=False) if state == FIRED}


def test_no_illness_is_lost_and_only_what_is_not_over_waits_for_a_prescriber() -> None:
    waiting = 0
    for number, path in enumerate(_FILES):
        (patient,) = record_from_fhir([(f"file {number}", path.read_bytes())], imported_at=NOW).patients
        recorded = [event for event in patient.record.events if isinstance(event, Condition)]
        rows = evaluate(US, prepare(patient.record), ON).episodes["current_condition"]
        assert {row.events[0] for row in rows} == {event.id for event in recorded}
        unread = {row.events[0] for row in rows if row.condition_class == "unread" and row.present}
        assert len(unread) <= 2
        found = fired(list(patient.record.events))
        assert ("illness_unread" in found) == bool(unread)
        waiting += bool(unread)
        if unread:
            checked = {
                "kind": "condition_checked",
                "id": "looked",
                "happened_on": "2026-11-23",
                "recorded_at": NOW,
                "author": {"id": "dr", "role": "prescriber"},
                "conditions": sorted(unread),
                "verdict": "acceptable",
            }
            assert "illness_unread" not in fired([*patient.record.events, event_from(checked)])
    assert 0 < waiting < 6
