"""Small courses for the tests of procedures and aftercare: one supply, one stop, and what the test adds."""

from __future__ import annotations

from typing import Any

from isocourse.engine.decide import Decision, decide
from isocourse.record.dates import day_of
from isocourse.record.record import Record, read_record
from tests.record.made import event, written
from tests.shipped import edition

ALL = ("us", "uk", "eu", "ca", "au", "de", "fr", "it")


def told(kind: str, name: str, on: str, /, *, by: str = "prescriber", **fields: Any) -> dict[str, Any]:
    """An event, recorded far later than anything here happened."""
    author = {"id": "x", "role": by}
    return event(kind, name, on, **{"recorded_at": "2029-01-01T10:00:00+00:00", "author": author, **fields})


def course(*more: dict[str, Any], stop: str | None = "2026-08-31") -> Record:
    """Supplied for thirty days on 20 August 2026; the last dose on the day of `stop` (None: not recorded)."""
    events = [told("dispensing", "supply", "2026-08-20", days=30, by="pharmacist")]
    if stop is not None:
        events.append(told("course_stop", "stop", stop, reason="completed"))
    return read_record(written(*events, *more))


def on(day: str, record: Record, programme: str = "uk") -> Decision:
    return decide(edition(programme), record, day_of(day))


def found(day: str, record: Record, programme: str = "uk") -> dict[str, bool]:
    """By rule that fired or could not be decided: whether it was decided."""
    return {finding.rule.id: finding.decided for finding in on(day, record, programme).findings}
