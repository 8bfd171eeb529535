"""`current_medicine` and `firm_cover` against a second writing, over histories of starts, stops and checks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from isocourse.record import medicines, tables
from isocourse.record.corrections import visible
from isocourse.record.dates import partial_date
from isocourse.record.episodes import covers, episodes
from isocourse.record.events import Event
from isocourse.record.medicines import current_medicines
from isocourse.record.record import event_from
from tests.oracle.histories import POLICIES, histories

SHORT = settings(
    max_examples=250, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
BEGIN = date(2026, 1, 25)
MEDICINES = ("doxycycline", "carbamazepine", "doxycyline", "vitamin E and a tonic", "cetirizine 10 mg")
# By hand: what each of them is.
KINDS = {
    "doxycycline": ["tetracycline"],
    "carbamazepine": ["carbamazepine", "enzyme_inducer"],
    "doxycyline": ["unread"],
    "vitamin E and a tonic": ["vitamin_e", "unread"],
    "cetirizine 10 mg": ["other"],
}

_DAYS = st.integers(0, 70).map(lambda offset: (BEGIN + timedelta(days=offset)).isoformat())
_ON = st.tuples(_DAYS, st.sampled_from([10, 10, 10, 7, 4])).map(lambda cut: cut[0][: cut[1]])
_STARTED = st.sampled_from(["e0", "e1", "e2", "e3", "nobody"])
_PLAIN = st.one_of(
    st.fixed_dictionaries({"kind": st.just("medicine_started"), "name": st.sampled_from(MEDICINES)}),
    st.fixed_dictionaries({"kind": st.just("medicine_stopped"), "started": _STARTED}),
    st.fixed_dictionaries(
        {
            "kind": st.just("medicine_checked"),
            "started": _STARTED,
            "verdict": st.sampled_from(["acceptable", "not_acceptable"]),
            "role": st.sampled_from(["prescriber", "pharmacist", "nurse", "patient"]),
        }
    ),
)


def made(index: int, plain: dict[str, Any], on: str) -> Event:
    role = plain.get("role", "nurse")
    return event_from(
        {
            **{key: value for key, value in plain.items() if key != "role"},
            "id": f"e{index}",
            "happened_on": on,
            "recorded_at": datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=index),
            "author": {"id": "x", "role": role},
        }
    )


@st.composite
def lists_of_medicines(draw: st.DrawFn) -> list[Event]:
    events = [made(index, draw(_PLAIN), draw(_ON)) for index in range(draw(st.integers(1, 9)))]
    first = events[0]
    if first.__struct_config__.tag == "medicine_started" and draw(st.booleans()):
        new = {"kind": "medicine_started", "name": draw(st.sampled_from(MEDICINES)), "amends": first.id}
        events.append(made(len(events), new, draw(_ON)))
    return draw(st.permutations(events))


# --- the second writing ---------------------------------------------------------------------------
def by_hand(events: list[Event], as_of: int) -> list[tuple[Any, ...]]:
    """Rows as (day, class, name, taken, until, verdict, the start's id), day by day, from the events as they stand."""
    amended = {event.amends for event in events}
    standing: list[Any] = [event for event in events if event.id not in amended]
    found = []
    for entry in standing:
        if entry.__struct_config__.tag != "medicine_started" or entry.happened_on.first > as_of:
            continue
        until = None
        for day in range(entry.happened_on.first, as_of + 1):
            for stop in standing:
                named = getattr(stop, "started", None) in {entry.id, entry.amends} - {None}
                if named and stop.__struct_config__.tag == "medicine_stopped" and stop.happened_on.last == day:
                    until = day
        verdict = (0, "none")
        for check in standing:
            if check.__struct_config__.tag != "medicine_checked" or check.started != entry.id:
                continue
            if check.author.role not in ("prescriber", "pharmacist"):
                continue
            refused = check.verdict == "not_acceptable"
            seen = check.happened_on.first if refused else check.happened_on.last
            # Begun for certain, or written down: either will do. A refusal needs neither.
            begun = check.happened_on.first >= entry.happened_on.last
            if not refused and not begun and check.happened_on.first < entry.recorded_at.date().toordinal():
                continue
            if seen <= as_of and (
                check.happened_on.last > verdict[0] or (refused and check.happened_on.last == verdict[0])
            ):
                verdict = (check.happened_on.last, check.verdict)
        for kind in KINDS[entry.name]:
            found.append((entry.happened_on.first, kind, entry.name, until is None, until, verdict[1], entry.id))
    return found


def by_code(events: list[Event], as_of: int) -> list[tuple[Any, ...]]:
    rows = current_medicines(tables.clip(tables.table(visible(events)), as_of)[0])
    assert [row.day for row in rows] == sorted(row.day for row in rows)
    return [
        (row.day, row.medicine_class, row.medicine_name, row.taken, row.until_day, row.verdict, row.events[0])
        for row in rows
    ]


def check(events: list[Event], offset: int) -> None:
    as_of = BEGIN.toordinal() + offset
    assert sorted(by_code(events, as_of), key=repr) == sorted(by_hand(events, as_of), key=repr)


@SHORT
@given(lists_of_medicines(), st.integers(-30, 400))
def test_current_medicines_agree_with_the_second_writing(events: list[Event], offset: int) -> None:
    check(events, offset)


@SHORT
@given(lists_of_medicines(), st.integers(0, 120))
def test_days_between_the_ones_reported_change_nothing(events: list[Event], offset: int) -> None:
    """What the clipping reports as coming into view later is every day on which time alone changes a row."""
    as_of = BEGIN.toordinal() + offset
    rows = tables.table(visible(events))
    _, later = tables.clip(rows, as_of)
    until = min((day for day in later if day > as_of), default=as_of + 60)
    for day in range(as_of, until):
        assert by_code(events, day) == by_code(events, as_of)


def test_a_stop_at_its_first_possible_day_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken on purpose: a stop known to the month ends the medicine on the month's first day."""
    events = [
        made(0, {"kind": "medicine_started", "name": "doxycycline"}, "2026-01-30"),
        made(1, {"kind": "medicine_stopped", "started": "e0"}, "2026-02"),
    ]
    check(events, 20)
    seen_from = tables.seen_from
    monkeypatch.setattr(tables, "seen_from", lambda event: min(seen_from(event), event.happened_on.first))
    with pytest.raises(AssertionError):
        check(events, 20)


def test_anybody_who_looks_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [
        made(0, {"kind": "medicine_started", "name": "doxycyline"}, "2026-01-30"),
        made(1, {"kind": "medicine_checked", "started": "e0", "verdict": "acceptable", "role": "nurse"}, "2026-02-01"),
    ]
    check(events, 20)
    monkeypatch.setattr(medicines, "MEDICINE_CHECKERS", frozenset({"nurse"}))
    with pytest.raises(AssertionError):
        check(events, 20)


# --- contraception beside an inducer --------------------------------------------------------------
WEAKENED = ("implant", "combined_pill")


def firm_and_wanted(events: list[Event], as_of: int, name: str) -> tuple[list[Any], list[Any]]:
    """What is left of cover, and cover as it is when the weakened methods were never written down."""
    policy = POLICIES[name]._replace(induced_methods=WEAKENED)
    wort = made(900, {"kind": "medicine_started", "name": "hypericum"}, "2020-01-01")
    rows, _ = tables.clip(tables.table([*visible(events), wort]), as_of)
    found, _ = episodes(rows, as_of, policy)
    bare = {
        kind: [
            event for event in group if getattr(event, "method", None) not in WEAKENED or "contraception_" not in kind
        ]
        for kind, group in rows.items()
    }
    epoch = found["epoch"][-1].day
    wanted = covers(bare, as_of, epoch, policy, [])
    return [astuple(row)[:4] for row in found["firm_cover"]], [astuple(row)[:4] for row in wanted]


@SHORT
@given(histories(), st.sampled_from(["us", "uk"]))
def test_firm_cover_is_cover_without_the_weakened_methods(history: tuple[list[Event], int], name: str) -> None:
    firm, wanted = firm_and_wanted(*history, name)
    assert firm == wanted


def test_firm_cover_is_not_made_without_an_inducer() -> None:
    start = made(0, {"kind": "contraception_started", "method": "copper_iud"}, "2026-01-30")
    rows = tables.table([start, made(1, {"kind": "medicine_started", "name": "doxycycline"}, "2026-01-30")])
    found, _ = episodes(rows, partial_date("2026-03-01").first, POLICIES["uk"])
    assert found["firm_cover"] == []


def test_an_inducer_that_weakens_nothing_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isocourse.record.episodes.without_weakened", lambda medicines, policy: policy)
    with pytest.raises(AssertionError):
        test_firm_cover_is_cover_without_the_weakened_methods()
