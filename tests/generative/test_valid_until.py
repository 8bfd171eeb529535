"""`valid_until` is the first later day on which, with nothing written down, a rule or a task comes out differently."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from isocourse.engine import decide as engine
from isocourse.engine.decide import evaluate, prepare, valid_until
from isocourse.record import tables
from isocourse.record.dates import day_of, iso, partial_date
from isocourse.record.record import Record, event_from
from tests.generative.courses import LONG, SUITE, Case, cases, moment

LOOK_AHEAD = 800


def known_today(case: Case) -> Record:
    """What had been written down by the end of the day: nothing that is still to happen, but for what was foretold."""
    now = moment(case.as_of) + timedelta(hours=11)
    return Record(subject="s", events=tuple(event for event in case.record.events if event.recorded_at <= now))


def wrong(case: Case, record: Record, look_ahead: int) -> str | None:
    """The day on which `valid_until` is wrong, in words; None when it is right."""
    prepared = prepare(record)
    today = evaluate(case.whole, prepared, case.as_of)
    until = valid_until(case.whole, prepared, today)
    if until is not None and until <= case.as_of:
        return f"valid until {iso(until)}, which is not later"
    last = case.as_of + look_ahead if until is None else min(until - 1, case.as_of + look_ahead)
    for day in range(case.as_of + 1, last + 1):
        states = evaluate(case.whole, prepared, day).states
        if states != today.states:
            return f"valid until {until and iso(until)}, yet on {iso(day)}: {_changed(case, today.states, states)}"
    if until is not None and evaluate(case.whole, prepared, until).states == today.states:
        return f"valid until {iso(until)}, when nothing changes"
    return None


def _changed(case: Case, before: tuple[int, ...], after: tuple[int, ...]) -> str:
    items = [*case.whole.rules, *case.whole.tasks]
    told = [f"{i.id} {b} -> {a}" for i, b, a in zip(items, before, after, strict=True) if a != b]
    return ", ".join(told)


def check(case: Case, look_ahead: int) -> None:
    for record in (known_today(case), case.record):
        found = wrong(case, record, look_ahead)
        assert found is None, f"{found}\n{case.told()}"


@pytest.mark.parametrize("part", range(3))
def test_nothing_changes_before_and_something_does_then(part: int) -> None:
    for case in cases(SUITE)[part::6]:
        check(case, 60)


def test_nothing_changes_for_two_years_where_nothing_is_said_to() -> None:
    checked = 0
    for case in cases(SUITE):
        if checked == 60:
            return
        record = known_today(case)
        prepared = prepare(record)
        if valid_until(case.whole, prepared, evaluate(case.whole, prepared, case.as_of)) is None:
            checked += 1
            assert wrong(case, record, LOOK_AHEAD) is None, case.told()
    pytest.fail("too few cases in which nothing ever changes")


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_nothing_changes_before_and_something_does_then_in_many_cases(part: int) -> None:
    for case in cases(LONG)[part::4]:
        check(case, 150)


# --- planted faults -------------------------------------------------------------------------------
def _caught() -> bool:
    return any(wrong(case, record, 60) for case in cases(SUITE)[:400] for record in (known_today(case), case.record))


def test_the_cases_of_the_planted_faults_are_right_without_them() -> None:
    assert not _caught()


def test_days_that_episodes_report_and_are_forgotten_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    built = engine.episodes
    monkeypatch.setattr(engine, "episodes", lambda *args: (built(*args)[0], []))
    assert _caught()


def test_rows_still_to_come_that_are_forgotten_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    clip = tables.clip
    monkeypatch.setattr(engine, "clip", lambda rows, as_of: (clip(rows, as_of)[0], []))
    assert _caught()


def test_looking_at_too_few_days_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_LOOKS_AHEAD", 2)
    assert _caught()


# --- found in many cases, made small --------------------------------------------------------------
def small(*lines: tuple[str, str, dict[str, Any]], as_of: str) -> tuple[Case, Record]:
    events = []
    for number, (kind, day, fields) in enumerate(lines):
        events.append(
            event_from(
                {
                    "kind": kind,
                    "id": f"e{number}",
                    "happened_on": day,
                    "recorded_at": moment(partial_date(day).first),
                    "author": {"id": "dr", "role": "prescriber"},
                    **fields,
                }
            )
        )
    record = Record(subject="s", events=tuple(events))
    return Case(0, "uk", None, record, day_of(as_of)), record


CAN = {"potential": "can", "ground": "uterus_and_ovary", "confirmed": True}


def test_a_worry_of_some_day_this_month_ends_with_the_month() -> None:
    case, record = small(
        ("pregnancy_potential", "2024-01-01", CAN),
        ("contraception_started", "2024-01-01", {"method": "implant"}),
        ("unprotected_intercourse", "2024-03", {}),
        as_of="2024-03-25",
    )
    assert wrong(case, record, 60) is None


def test_a_test_still_to_come_has_a_last_day_too() -> None:
    tested = {"result": "negative", "setting": "medical"}
    case, record = small(
        ("pregnancy_potential", "2026-10-31", CAN),
        ("dispensing", "2026-12-08", {"days": 28}),
        ("pregnancy_test", "2026-12-30", tested),
        ("pregnancy_test", "2026-12-31", tested),
        as_of="2026-12-30",
    )
    assert wrong(replace(case, programme="us"), record, 60) is None
