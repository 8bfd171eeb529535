"""Dates of which only the month is known, where the course of things is not: each has to count to the unsafe side.

Minimal cases, found by reading; each stands beside one with the day that the month may well have meant.
"""

from __future__ import annotations

from typing import Any

import pytest

from isocourse.engine.decide import evaluate, prepare
from isocourse.record.dates import day_of, partial_date
from isocourse.record.events import Event
from isocourse.record.record import Record, event_from
from tests.generative.courses import edition, moment

Line = tuple[str, str, dict[str, Any]]
CAN: Line = ("pregnancy_potential", "2026-01-01", {"potential": "can", "ground": "uterus_and_ovary", "confirmed": True})
TEST = {"result": "negative", "setting": "medical"}
AGREED = {"ground": "no_intercourse", "reason": "spoken", "patient_agreed": True}
GIVEN: Line = ("dispensing", "2026-03-01", {"days": 30})
STOPPED: Line = ("course_stop", "2026-03-30", {})
ENDED: Line = ("course_stop", "2026-04-20", {})
EARLIER: Line = ("dispensing", "2026-02-01", {"days": 30})


def state(programme: str, rule: str, as_of: str, *lines: Line) -> int:
    events: list[Event] = [
        event_from(
            {
                "kind": kind,
                "id": f"e{number}",
                "happened_on": day,
                "recorded_at": moment(partial_date(day).last),
                "author": {"id": "dr", "role": "prescriber"},
                **fields,
            }
        )
        for number, (kind, day, fields) in enumerate((CAN, *lines))
    ]
    of = edition(programme)
    states = evaluate(of, prepare(Record(subject="s", events=tuple(events))), day_of(as_of)).states
    items = [*of.rules, *of.tasks]
    return states[[item.id for item in items].index(rule)]


def implant(stopped: str) -> tuple[Line, ...]:
    method = {"method": "implant"}
    return ("contraception_started", "2026-03-10", method), ("contraception_stopped", stopped, method)


def agreement(made: str, ended: str) -> tuple[Line, ...]:
    return ("no_risk_agreement", made, AGREED), ("no_risk_agreement_ended", ended, {})


def period(begun: str) -> tuple[Line, ...]:
    tests: tuple[Line, ...] = (("pregnancy_test", "2026-03-01", TEST), ("pregnancy_test", "2026-04-02", TEST))
    return (*tests, ("menses_pattern", "2026-01-01", {"pattern": "regular"}), ("menses_started", begun, {}))


def counselled(day: str) -> tuple[Line, ...]:
    return ("dispensing", "2026-03-10", {"days": 30}), ("counselling", day, {"topics": ["contraception"]})


# (programme, rule, as of, a day that the month may mean, the month)
CASES: dict[str, tuple[str, str, str, tuple[Line, ...], tuple[Line, ...]]] = {
    "a method stopped in the month in which it was begun": (
        *("uk", "contraception_before", "2026-05-05"), implant("2026-03-20"), implant("2026-03"),
    ),
    "an agreement ended in the month in which it was made": (
        *("uk", "contraception_before", "2026-05-05"), agreement("2026-03-10", "2026-03-20"),
        agreement("2026-03-10", "2026-03"),
    ),
    "an agreement made in the month in which it ended": (
        *("uk", "contraception_before", "2026-05-05"), agreement("2026-03-01", "2026-03-15"),
        agreement("2026-03", "2026-03-15"),
    ),
    "a period that came some time in the month": (
        *("us", "second_test_outside_period", "2026-04-02"), period("2026-03-01"), period("2026-03"),
    ),
    "blood given some time in the month": (
        *("us", "blood_given", "2026-06-05"), (GIVEN, STOPPED, ("blood_donation", "2026-04-20", {})),
        (GIVEN, STOPPED, ("blood_donation", "2026-04", {})),
    ),
    "blood given some time in the month in which the risk ended": (
        *("us", "blood_given", "2026-06-05"), (GIVEN, ENDED, ("blood_donation", "2026-05-05", {})),
        (GIVEN, ENDED, ("blood_donation", "2026-05", {})),
    ),
    "counselled in the month of the last supply": (
        *("us", "counselling_missing_can", "2026-04-05"), counselled("2026-03-05"), counselled("2026-03"),
    ),
    "a first dose in the month in which a course ended": (
        *("us", "first_test_missing", "2026-04-05"),
        (EARLIER, ("course_start", "2026-03-02", {}), ("course_stop", "2026-03-05", {})),
        (EARLIER, ("course_start", "2026-03", {}), ("course_stop", "2026-03-05", {})),
    ),
    "a test in the month in which the risk ended": (
        *("us", "after_test", "2026-05-05"), (GIVEN, STOPPED, ("pregnancy_test", "2026-04-10", TEST)),
        (GIVEN, STOPPED, ("pregnancy_test", "2026-04", TEST)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_with_the_day_it_fires(name: str) -> None:
    programme, rule, as_of, exact, _ = CASES[name]
    assert state(programme, rule, as_of, *exact) == 1


@pytest.mark.parametrize("name", CASES)
def test_with_the_month_it_is_not_less_strict(name: str) -> None:
    programme, rule, as_of, _, vague = CASES[name]
    assert state(programme, rule, as_of, *vague) != 0
