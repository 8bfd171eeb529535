"""The form in which an entry of any kind is amended. Nothing here needs a database."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from isocourse.doors.web.patient.fields import fields_of, read_fields
from isocourse.record.dates import day_of
from isocourse.record.events import KINDS
from isocourse.record.record import event_from, read_record
from isocourse.simulate.clinic import clinic_of
from isocourse.simulate.course import course
from tests import shipped
from tests.record.made import valid_records


def test_an_entry_of_any_kind_reads_back_from_its_form_as_it_was(rf: Any) -> None:
    """Every event of the demonstration's courses, typed back unchanged, is the same event."""
    day = day_of("2026-01-27")
    seen = set()
    for programme in ("uk", "us"):
        clinic = clinic_of(shipped.edition(programme), day)
        for number in range(1, 12):
            for event in course(clinic, number, seed=5, first_day=day).record.events:
                typed: dict[str, Any] = {}
                for field in fields_of(event):
                    if field.form != "kept":
                        typed[field.name] = field.value
                posted = rf.post("/", typed).POST
                fields = {"kind": type(event).__struct_config__.tag, **read_fields(event, posted)}
                again = event_from(
                    {
                        **fields,
                        "id": event.id,
                        "recorded_at": event.recorded_at.isoformat(),
                        "author": {"id": event.author.id, "role": event.author.role},
                        **({"amends": event.amends} if event.amends else {}),
                    }
                )
                assert again == event, (event, fields)
                seen.add(type(event))
    assert len(seen) > 25


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_form_knows_every_kind_of_event(kind: str) -> None:
    @settings(deadline=None, max_examples=2, database=None, suppress_health_check=list(HealthCheck))
    @given(valid_records(kinds=(kind,), most=2))
    def check(made: dict[str, Any]) -> None:
        for event in read_record(json.dumps(made).encode()).events:
            assert {field.form for field in fields_of(event)} <= {"text", "long", "choice", "many", "items", "kept"}

    check()
