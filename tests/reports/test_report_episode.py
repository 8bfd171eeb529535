"""`report_wanted` against the oracle by hand, over generated histories; the days of its windows; and planted faults."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isocourse.record import reports
from isocourse.record.episodes import episodes
from isocourse.record.events import Event
from isocourse.record.policy import Policy
from isocourse.record.record import event_from
from isocourse.record.tables import clip, table
from tests.reports import by_hand

BASE = date(2026, 1, 1)
WANTED: dict[str, Any] = {
    "exposed_pregnancy": ("fda_medwatch", "uktis"),
    "pregnancy_possible": ("uktis",),
    "reaction_serious": ("fda_medwatch",),
    "reaction_other": (),
}
ROLES = ("prescriber", "nurse")
POLICY = Policy(reports_to=WANTED, report_sender_roles=ROLES, after_months=1, after_days=30, pregnancy_found_months=9)
SHORT = settings(
    max_examples=400, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
_STEP = st.sampled_from([0, 1, 9, 10, 20, 29, 30, 31, 59, 60, 61, 62, 90, 330, 335, 340, 400])
_IDS = st.lists(st.sampled_from(["e0", "e1", "e2", "e3", "e4"]), min_size=1, max_size=3, unique=True)
_KINDS = (
    "dispensing", "dispensing", "course_start", "course_stop", "pregnancy_test", "pregnancy_test", "pregnancy",
    "pregnancy_resolved", "adverse_reaction_suspected", "report_sent", "report_sent",
)  # fmt: skip


def made(number: int, kind: str, on: str, role: str = "prescriber", **fields: Any) -> Event:
    return event_from(
        {
            "kind": kind,
            "id": f"e{number}",
            "happened_on": on,
            "recorded_at": datetime(2028, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
            "author": {"id": "x", "role": role},
            **fields,
        }
    )


@st.composite
def _event(draw: st.DrawFn, number: int) -> Event:
    kind = draw(st.sampled_from(_KINDS))
    on = (BASE + timedelta(days=draw(_STEP))).isoformat()
    if kind != "dispensing":
        on = on[: draw(st.sampled_from([10, 10, 10, 7]))]
    fields: dict[str, Any] = {
        "dispensing": {"days": draw(st.sampled_from([1, 30]))},
        "course_stop": {"reason": draw(st.sampled_from(["completed", "pregnancy"]))},
        "pregnancy_test": {"result": draw(st.sampled_from(["positive", "positive", "negative"]))},
        "pregnancy_resolved": {
            "resolves": draw(_IDS), "how": draw(st.sampled_from(["pregnancy_excluded", "live_birth"])),
        },
        "adverse_reaction_suspected": {
            "events": draw(_IDS), "seriousness": draw(st.sampled_from([["none"], ["death"], ["disability", "death"]])),
        },
        "report_sent": {"to": draw(st.sampled_from(["fda_medwatch", "uktis"])), "about": draw(_IDS)},
    }.get(kind, {})  # fmt: skip
    return made(number, kind, on, draw(st.sampled_from(["prescriber", "prescriber", "nurse", "patient"])), **fields)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    return [draw(_event(number)) for number in range(draw(st.integers(1, 9)))]


def wanted(events: list[Event]) -> set[Any]:
    as_of = by_hand.FAR - 1
    clipped, _ = clip(table(events), as_of)
    found, _ = episodes(clipped, as_of, POLICY, {"report_wanted"})
    sent = {event.id for event in events if event.__struct_config__.tag == "report_sent"}
    return {(frozenset(row.events) - sent, row.occasion, row.sent_to, row.sent) for row in found["report_wanted"]}


def differences(events: list[Event]) -> set[Any]:
    return wanted(events) ^ by_hand.rows(events, WANTED, ROLES)


@SHORT
@given(histories())
def test_reports_agree_with_the_second_writing(events: list[Event]) -> None:
    assert differences(events) == set()


SUPPLY = made(0, "dispensing", "2026-01-02", days=30)  # until 31 January
STOP = made(1, "course_stop", "2026-01-31")


def occasion(*events: Event) -> set[str]:
    return {row[1] for row in wanted([SUPPLY, *events])}


@pytest.mark.parametrize(
    ("found", "is_"),
    [
        ("2026-01-02", "exposed_pregnancy"),
        # One month is 28 February, thirty days 2 March: the later.
        ("2026-03-02", "exposed_pregnancy"),
        ("2026-03-03", "pregnancy_possible"),
        ("2026-12-02", "pregnancy_possible"),
        ("2026-12-03", None),
    ],
)
def test_the_windows_to_the_day(found: str, is_: str | None) -> None:
    sign = made(2, "pregnancy_test", found, result="positive")
    assert occasion(STOP, sign) == ({is_} if is_ else set())


def test_a_pregnancy_before_treatment_is_exposed_only_if_it_lasted() -> None:
    sign = made(2, "pregnancy_test", "2026-01-01", result="positive")
    assert occasion(sign) == {"exposed_pregnancy"}  # nobody resolved it before the supply
    over = {"resolves": ["e2"], "how": "miscarriage"}
    assert occasion(sign, made(3, "pregnancy_resolved", "2026-01-01", **over)) == set()
    assert occasion(sign, made(3, "pregnancy_resolved", "2026-01-02", **over)) == {"exposed_pregnancy"}
    assert occasion(sign, made(3, "pregnancy_resolved", "2026-01-01", "nurse", **over)) == {"exposed_pregnancy"}


def test_what_was_excluded_is_no_occasion() -> None:
    sign = made(2, "pregnancy_test", "2026-01-20", result="positive")
    excluded = {"resolves": ["e2"], "how": "pregnancy_excluded"}
    assert occasion(sign, made(3, "pregnancy_resolved", "2026-01-25", **excluded)) == set()


def test_a_report_about_one_sign_is_about_the_pregnancy_and_not_about_the_next() -> None:
    signs = [made(2, "pregnancy_test", "2026-01-20", result="positive"), made(3, "pregnancy", "2026-01-25")]
    sent = made(4, "report_sent", "2026-01-26", to="uktis", about=["e2"])
    assert {(row[2], row[3]) for row in wanted([SUPPLY, *signs, sent])} == {("uktis", True), ("fda_medwatch", False)}
    again = [made(5, "dispensing", "2027-01-02", days=30), made(6, "pregnancy", "2027-01-10")]
    assert ("uktis", False) in {(row[2], row[3]) for row in wanted([SUPPLY, *signs, sent, *again])}


def test_a_report_by_somebody_else_does_not_count() -> None:
    sign = made(2, "pregnancy_test", "2026-01-20", result="positive")
    sent = made(4, "report_sent", "2026-01-26", "patient", to="uktis", about=["e2"])
    assert not any(row[3] for row in wanted([SUPPLY, sign, sent]))


def test_the_month_after_left_out_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [SUPPLY, STOP, made(2, "pregnancy_test", "2026-02-10", result="positive")]
    assert differences(events) == set()
    monkeypatch.setattr(reports, "_risk_ends", lambda last_dose_day, policy: last_dose_day)
    assert differences(events) != set()


def test_one_place_taken_for_all_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    sign = made(2, "pregnancy_test", "2026-01-20", result="positive")
    events = [SUPPLY, sign, made(3, "report_sent", "2026-01-26", to="uktis", about=["e2"])]
    assert differences(events) == set()
    real = reports.sent_report
    monkeypatch.setattr(reports, "sent_report", lambda rows, to, about, policy: real(rows, "uktis", about, policy))
    assert differences(events) != set()
