"""`procedure_seen` against the oracle by hand, over generated histories; and faults planted to see the tests fail."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isocourse.errors import InputError
from isocourse.record import procedures
from isocourse.record.episodes import episodes
from isocourse.record.events import Event
from isocourse.record.policy import Policy
from isocourse.record.procedure_codes import NAMES, read_procedure
from isocourse.record.record import event_from
from isocourse.record.tables import clip, table
from isocourse.record.terminology import ProcedureKind, codes
from tests.procedures import by_hand

BASE = date(2026, 1, 28)
POLICY = Policy(procedure_deciding_roles=("prescriber",))
SHORT = settings(
    max_examples=400, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
_DAYS = st.integers(0, 12).map(lambda n: (BASE + timedelta(days=n)).isoformat())
_ON = st.tuples(_DAYS, st.sampled_from([10, 10, 10, 10, 7])).map(lambda cut: cut[0][: cut[1]])
_WHAT = st.sampled_from([None, None, "waxing", "surgery", "vascular_laser", "other"])
_NAMED = st.lists(st.sampled_from(["e0", "e1", "e2", "e3", "nobody"]), min_size=1, max_size=2)
_ROLE = st.sampled_from(["prescriber", "prescriber", "nurse"])


@st.composite
def _event(draw: st.DrawFn, number: int) -> Event:
    kind = draw(
        st.sampled_from(["procedure"] * 4 + ["procedure_decided"] * 2 + ["dispensing", "course_start", "course_stop"])
    )
    fields: dict[str, Any] = {}
    on = draw(_ON)
    if kind == "procedure":
        fields = {"text": draw(st.sampled_from([*by_hand.NAMES])), "what": draw(_WHAT), "stage": "done"}
        if draw(st.booleans()):
            fields |= {"stage": "planned", "planned_for": draw(st.none() | _ON)}
    elif kind == "procedure_decided":
        fields = {"procedures": draw(_NAMED), "decision": draw(st.sampled_from(["wait", "go_ahead", "not_needed"]))}
        fields["reason"] = "seen"
    elif kind == "dispensing":
        fields = {"days": draw(st.sampled_from([3, 30]))}
    if kind in ("procedure_decided", "dispensing"):
        on = draw(_DAYS)
    return event_from(
        {
            "kind": kind,
            "id": f"e{number}",
            "happened_on": on,
            "recorded_at": datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
            "author": {"id": "x", "role": draw(_ROLE)},
            **fields,
        }
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    return [draw(_event(number)) for number in range(draw(st.integers(1, 8)))]


def differences(events: list[Event], as_of: int) -> set[Any]:
    clipped, _ = clip(table(events), as_of)
    found, _ = episodes(clipped, as_of, POLICY, {"procedure_seen"})
    code = {
        (r.events[0], r.procedure_kind, r.stage, r.on_day, r.in_course, r.decision, r.is_open, r.stands)
        for r in found["procedure_seen"]
    }
    return code ^ by_hand.rows(events, as_of, POLICY.procedure_deciding_roles)


@SHORT
@given(histories(), st.integers(-2, 60))
def test_procedures_agree_with_the_second_writing(events: list[Event], offset: int) -> None:
    assert differences(events, BASE.toordinal() + offset) == set()


def _made(index: int, kind: str, on: str, role: str = "prescriber", **fields: Any) -> Event:
    return event_from(
        {
            "kind": kind,
            "id": f"e{index}",
            "happened_on": on,
            "recorded_at": datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=index),
            "author": {"id": "x", "role": role},
            **fields,
        }
    )


def _decided(role: str) -> list[Event]:
    decided = {"procedures": ["e0"], "decision": "go_ahead", "reason": "seen"}
    return [
        _made(0, "procedure", "2026-02-01", text="laser", stage="planned"),
        _made(1, "procedure_decided", "2026-02-02", role, **decided),
    ]


def test_anybodys_decision_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    events, day = _decided("nurse"), date(2026, 2, 3).toordinal()
    assert differences(events, day) == set()
    monkeypatch.setattr(procedures, "_decision", lambda *_: events[1])
    assert differences(events, day) != set()


def test_a_decision_for_an_earlier_course_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [*_decided("prescriber"), _made(2, "dispensing", "2026-02-03", days=30)]
    day = date(2026, 2, 3).toordinal()
    assert differences(events, day) == set()
    monkeypatch.setattr(procedures, "course_began", lambda *_: None)
    assert differences(events, day) != set()


# --- names ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Laser Hair Removal", "laser_hair_removal"),
        ("fractional  CO2-laser", "fractional_ablative_laser"),
        ("non-ablative laser", "non_ablative_laser"),
        ("LASIK", "refractive_eye_surgery"),
        ("laser", "unread"),
        ("peel", "unread"),
        ("microdermabrasion", "unread"),
        ("waxing and laser hair removal", "unread"),
        ("no waxing", "unread"),
    ],
)
def test_names_are_read_whole_or_not_at_all(text: str, kind: str) -> None:
    assert read_procedure(text, None) == kind


def test_a_code_that_the_name_contradicts_is_unread() -> None:
    assert read_procedure("waxing", "surgery") == "unread"
    assert read_procedure("as agreed", "surgery") == "surgery"
    assert read_procedure("as agreed", "other") == read_procedure("waxing", "other") == "unread"


def test_every_kind_but_other_has_a_name() -> None:
    assert {*NAMES.values(), "other"} == set(codes(ProcedureKind))


def test_a_procedure_that_was_done_is_planned_for_no_day() -> None:
    with pytest.raises(InputError, match="planned_for belongs to"):
        _made(0, "procedure", "2026-02-01", text="laser", planned_for="2026-03-01")
