"""The episodes and `visible` against the oracle written by hand, and what has to hold of any history."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from isocourse.record import episodes as code
from isocourse.record import events as ev
from isocourse.record import tables
from isocourse.record.corrections import visible
from isocourse.record.dates import exact
from isocourse.record.events import Event
from isocourse.record.policy import NEVER, Dated, Policy
from tests.oracle import episodes_by_hand as oracle
from tests.oracle.histories import BASE, POLICIES, histories, is_valid, policies, thrown

_ALL_CHECKS = list(HealthCheck)
NAMES = ("us", "us_easy", "us_easy", "us", "uk", "odd")
SHORT = settings(max_examples=200, derandomize=True, database=None, deadline=None, suppress_health_check=_ALL_CHECKS)
LONG = settings(max_examples=20_000, database=None, deadline=None, suppress_health_check=_ALL_CHECKS)
HUNT = settings(SHORT, max_examples=1500, phases=[Phase.generate], report_multiple_bugs=False)


# --- the two sides --------------------------------------------------------------------------------
def by_code(events: list[Event], as_of: int, policy: Policy) -> tuple[code.Episodes, list[int]]:
    clipped, soon = tables.clip(tables.table(visible(events)), as_of)
    found, later = code.episodes(clipped, as_of, policy)
    return found, soon + later


def _unordered(row: dict[str, Any]) -> Any:
    return (row["day"], sorted(row.get("names", row.get("events", ()))))


def _same(field: str, row: dict[str, Any], value: Any, events: list[Event]) -> bool:
    named = set(row["events"])
    if field == "names":
        return len(named) == len(row["events"]) and named == value
    if field == "one_of":
        return len(named) == 1 and named <= value
    if field == "methods":
        of_starts = [e.method for e in events if e.id in named and isinstance(e, ev.ContraceptionStarted)]
        return len(of_starts) == len(row["events"]) and sorted(of_starts) == sorted(value)
    return row[field] == value and type(row[field]) is type(value)


def differences(
    events: list[Event], as_of: int, policy: Policy, wanted: dict[str, list[oracle.Row]] | None = None
) -> list[str]:
    """What the code says and the oracle does not, in words; empty when they agree."""
    found, _ = by_code(events, as_of, policy)
    wanted = oracle.by_hand(oracle.standing(events), as_of, policy) if wanted is None else wanted
    bad: list[str] = []
    for kind, hand in wanted.items():
        rows = [asdict(row) for row in found.get(kind, [])]
        if len(rows) != len(hand):
            bad.append(f"{kind}: {rows} but by hand {hand}")
            continue
        if [row["day"] for row in rows] != sorted(row["day"] for row in rows):
            bad.append(f"{kind}: not in order of day, {rows}")
        if kind in ("epoch", "pregnancy_concern", "unresolved_pregnancy"):  # no order among rows of one day
            rows.sort(key=_unordered)
            hand = sorted(hand, key=_unordered)
        for row, mine in zip(rows, hand, strict=True):
            untold = set(row) - set(mine) - {"events"}
            if untold:
                bad.append(f"{kind}: the oracle says nothing of {untold}")
            bad += [
                f"{kind}.{field}: {row} but by hand {mine}"
                for field, value in mine.items()
                if not _same(field, row, value, events)
            ]
    return bad


def told(events: list[Event], as_of: int, bad: list[str]) -> str:
    lines = [f"as of {exact(as_of).text}"]
    for event in sorted(events, key=lambda e: (e.happened_on.last, e.recorded_at)):
        fields = {f: getattr(event, f) for f in event.__struct_fields__ if f not in ("note", "recorded_at", "author")}
        lines.append(f"  {type(event).__name__} {fields} by {event.author.role} at {event.recorded_at}")
    return "\n".join([*lines, *bad])


def check(history: tuple[list[Event], int], name: str) -> None:
    events, as_of = history
    bad = differences(events, as_of, POLICIES[name])
    assert not bad, told(events, as_of, bad)


# --- 1: agreement ---------------------------------------------------------------------------------
OFTEN = (
    "a corrected event stands again",
    "capsules in hand",
    "missed doses",
    "epoch: stop",
    "epoch: resolved",
    "epoch: supply gap, closed",
    "epoch: supply gap, running",
    "exposure: stopped",
    "exposure: supply",
    "exposure: start only",
    "cover broken by failure",
    "methods changed within a run",
    "several runs of cover",
    "lead by months",
    "lead by days",
    "locked out",
    "no lockout in force",
    "window opened",
    "window opened again",
    "menses: no pattern",
    "menses: other pattern",
    "governs: open",
    "governs: latest",
    "concern: open",
    "concern: cleared",
    "concern: resolved",
    "pregnancy: resolved",
    "pregnancy: resolved by somebody else",
)
AT_EDGES = (
    "same method started and stopped on one day",
    "cover broken on as_of",
    "menses: regular, none recorded",
    "menses at edge +0",
    "menses at edge +1",
    "second test at edge -1",
    "second test at edge +0",
    "lead at edge -1",
    "lead at edge +0",
    "lead at edge +1",
    "lockout at edge -1",
    "lockout at edge +0",
    "gap at edge +0",
    "gap at edge +1",
    "clearing test at edge -1",
    "clearing test at edge +0",
    "governs: last day of window",
    "governs: open, not the latest",
)


def _missing(branches: tuple[str, ...]) -> list[str]:
    return [branch for branch in branches if not oracle.seen[branch]]


def test_the_episodes_agree_with_the_oracle_on_every_branch() -> None:
    oracle.seen.clear()
    for seed in range(800):
        check(thrown(seed), NAMES[seed % len(NAMES)])
    assert not _missing(OFTEN + AT_EDGES), "the histories do not come to these branches any more"


@SHORT
@given(histories(), policies())
def test_the_episodes_agree_with_the_oracle(history: tuple[list[Event], int], name: str) -> None:
    check(history, name)


@pytest.mark.long
def test_the_episodes_agree_with_the_oracle_in_many_histories() -> None:
    oracle.seen.clear()
    LONG(given(histories(), policies())(check))()
    assert not _missing(OFTEN + AT_EDGES), "the histories do not come to these branches any more"


# --- 2: nothing that happens later matters --------------------------------------------------------
@SHORT
@given(histories(), policies())
def test_clipping_is_dropping_what_happens_later(history: tuple[list[Event], int], name: str) -> None:
    events, as_of = history
    dropped = tables.table([e for e in visible(events) if oracle.first_seen(e) <= as_of])
    unclipped, _ = code.episodes(dropped, as_of, POLICIES[name])
    found, later = by_code(events, as_of, POLICIES[name])
    assert found == unclipped
    assert all(day > as_of for day in later)


# --- 3: `later` tells of every change -------------------------------------------------------------
def later_is_enough(history: tuple[list[Event], int], name: str, part: int) -> None:
    events, as_of = history
    policy = POLICIES[name]
    found, later = by_code(events, as_of, policy)
    untold = min(later, default=as_of + 500) - 1  # the last day before anything is said to change
    some_day = as_of + (untold - as_of) * part // 100
    for day in {some_day, untold, min(as_of + 1, untold)}:
        then, later_then = by_code(events, day, policy)
        assert then == found, told(events, as_of, [f"on {exact(day).text}: {then}", f"before: {found}"])
        assert sorted(set(later_then)) == sorted(set(later))


@SHORT
@given(histories(), policies(), st.integers(0, 100))
def test_later_tells_of_every_change(history: tuple[list[Event], int], name: str, part: int) -> None:
    later_is_enough(history, name, part)


@pytest.mark.long
@LONG
@given(histories(), policies(), st.integers(0, 100))
def test_later_tells_of_every_change_in_many_histories(history: tuple[list[Event], int], name: str, part: int) -> None:
    later_is_enough(history, name, part)


# --- 4: the order of the record does not matter ---------------------------------------------------
def order_is_nothing(history: tuple[list[Event], int], name: str, seed: int) -> None:
    events, as_of = history
    shuffled = list(events)
    random.Random(seed).shuffle(shuffled)
    found, later = by_code(events, as_of, POLICIES[name])
    again, later_again = by_code(shuffled, as_of, POLICIES[name])
    assert found == again
    assert sorted(later) == sorted(later_again)


@SHORT
@given(histories(), policies(), st.integers(0, 9999))
def test_the_order_of_the_record_does_not_matter(history: tuple[list[Event], int], name: str, seed: int) -> None:
    order_is_nothing(history, name, seed)


@HUNT
@given(histories(ties=True), policies(), st.integers(0, 9999))
def test_the_order_does_not_matter_when_corrected_at_once(
    history: tuple[list[Event], int], name: str, seed: int
) -> None:
    order_is_nothing(history, name, seed)


# --- 5: corrections -------------------------------------------------------------------------------
def corrections_agree(history: tuple[list[Event], int], part: int) -> None:
    events, _ = history
    moments = [None, *sorted({e.recorded_at for e in events})]
    for known_at in (None, moments[(len(moments) - 1) * part // 100]):
        mine = oracle.standing(events, known_at)
        # As sets: no order is promised, and `table` sorts. Each event once.
        assert sorted(e.id for e in visible(events, known_at=known_at)) == sorted(e.id for e in mine)


@SHORT
@given(histories(), st.integers(0, 100))
def test_corrections_agree_with_a_replay(history: tuple[list[Event], int], part: int) -> None:
    corrections_agree(history, part)


@pytest.mark.long
@LONG
@given(histories(), st.integers(0, 100))
def test_corrections_agree_with_a_replay_in_many_histories(history: tuple[list[Event], int], part: int) -> None:
    corrections_agree(history, part)


def _test(name: str, amends: str | None = None) -> ev.PregnancyTest:
    return ev.PregnancyTest(
        id=name,
        happened_on=exact(BASE),
        recorded_at=datetime(2028, 1, 1, tzinfo=UTC),
        author=ev.Author(id="p", role="prescriber"),
        result="negative",
        amends=amends,
    )


def test_an_event_withdrawn_in_the_minute_it_was_written_is_withdrawn_in_any_order() -> None:
    wrong = _test("wrong")
    withdrawn = ev.EnteredInError(
        id="withdrawn",
        happened_on=wrong.happened_on,
        recorded_at=wrong.recorded_at,
        author=wrong.author,
        corrects="wrong",
    )
    assert is_valid([withdrawn, wrong])
    assert visible([wrong, withdrawn]) == []
    assert visible([withdrawn, wrong]) == []


def test_events_that_amend_each_other_are_refused() -> None:
    assert not is_valid([_test("one", amends="two"), _test("two", amends="one")])


# --- planted faults: the comparison has to see each -----------------------------------------------
def _under(name: str, change: Callable[[Policy], Policy]) -> Callable[[pytest.MonkeyPatch], None]:
    """A fault: the function sees another policy."""
    original = getattr(code, name)

    def plant(patch: pytest.MonkeyPatch) -> None:
        def faulty(*args: Any) -> Any:
            return original(*(change(a) if isinstance(a, Policy) else a for a in args))

        patch.setattr(code, name, faulty)

    return plant


def _rows(name: str, change: Callable[[tables.Rows], tables.Rows]) -> Callable[[pytest.MonkeyPatch], None]:
    """A fault: the function sees other rows."""
    original = getattr(code, name)
    return lambda patch: patch.setattr(code, name, lambda rows, *rest: original(change(rows), *rest))


def _result(name: str, change: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """A fault: the function's answer is changed."""
    original = getattr(code, name)
    return lambda patch: patch.setattr(code, name, lambda *args: change(original(*args)))


def _without(*kinds: str) -> Callable[[tables.Rows], tables.Rows]:
    return lambda rows: {kind: group for kind, group in rows.items() if kind not in kinds}


def _moved(kind: str, to: Callable[[Event], int]) -> Callable[[tables.Rows], tables.Rows]:
    return lambda rows: {
        k: [replace(e, happened_on=exact(to(e))) for e in group] if k == kind else group for k, group in rows.items()
    }


def _longer(policy: Policy, by: int) -> Policy:
    steps = policy.first_window_lockout_days
    values = [value if value is None else value + by for value in steps._values]
    return policy._replace(first_window_lockout_days=Dated(list(zip(steps._from, values, strict=True))))


def _plus(field: str, by: int) -> Callable[[Policy], Policy]:
    def change(policy: Policy) -> Policy:
        value = getattr(policy, field)
        return policy if value is None else policy._replace(**{field: value + by})

    return change


def _used_twice(methods: frozenset[str], policy: Policy) -> bool:
    classes = {c for method in methods for c in policy.method_classes.get(method, ())}
    return any(classes.issuperset(wanted) for wanted in policy.adequate_combinations)


def _never_again(events: list[Event]) -> list[Event]:
    """A `visible` that lets no corrected event stand again."""
    gone = {e.amends for e in events} | {e.corrects for e in events if isinstance(e, ev.EnteredInError)}
    return [e for e in events if e.id not in gone and not isinstance(e, ev.EnteredInError)]


def _latest_governs(rows: list[Any]) -> list[Any]:
    return [replace(row, governs=place + 1 == len(rows)) for place, row in enumerate(rows)]


_code: Any = code
_add_months, _covers = _code.add_months, _code.covers
_treatment_since, _cleared = _code.treatment_since, _code._cleared
FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "lead a day longer": lambda patch: patch.setattr(code, "add_months", lambda d, n: _add_months(d, n) + 1),
    "lead a day shorter": _result(
        "covers", lambda found: [replace(c, lead_complete_day=c.lead_complete_day - 1) for c in found]
    ),
    "lead from the start, not the epoch": lambda patch: patch.setattr(
        code, "covers", lambda rows, as_of, epoch, *rest: _covers(rows, as_of, 1, *rest)
    ),
    "stop day counted as covered": _rows("covers", _moved("contraception_stopped", lambda e: e.happened_on.first + 1)),
    "stop on its last possible day": _rows("covers", _moved("contraception_stopped", lambda e: e.happened_on.last)),
    "start on its first possible day": _rows("covers", _moved("contraception_started", lambda e: e.happened_on.first)),
    "failure breaks no cover": _rows("covers", _without("contraceptive_failure")),
    "failure seen on its first possible day": _rows(
        "covers", _moved("contraceptive_failure", lambda e: e.happened_on.first)
    ),
    "one method fills two places": lambda patch: patch.setattr(code, "adequate", _used_twice),
    "menses never asked": lambda patch: patch.setattr(code, "_menses_met", lambda *_: True),
    "menses a day longer": _under("_menses_met", _plus("menses_days", 1)),
    "menses a day shorter": _under("_menses_met", _plus("menses_days", -1)),
    "second test a day early": _under("pretreatment_tests", _plus("second_test_gap_days", -1)),
    "second test a day late": _under("pretreatment_tests", _plus("second_test_gap_days", 1)),
    "window a day longer": _under("pretreatment_tests", _plus("window_offset_days", 1)),
    "no lock-out": _under("pretreatment_tests", lambda p: p._replace(first_window_lockout_days=NEVER)),
    "lock-out a day longer": _under("pretreatment_tests", lambda p: _longer(p, 1)),
    "lock-out a day shorter": _under("pretreatment_tests", lambda p: _longer(p, -1)),
    "the latest test governs": _result("pretreatment_tests", _latest_governs),
    "treatment on the epoch day counts": lambda patch: patch.setattr(
        code, "treatment_since", lambda rows, day: _treatment_since(rows, day - 1)
    ),
    "restart gap a day longer": _under("epochs", _plus("restart_gap_days", 1)),
    "restart gap a day shorter": _under("epochs", _plus("restart_gap_days", -1)),
    "a resolution begins no epoch": _rows("epochs", _without("pregnancy_resolved")),
    "a stop begins no epoch": _rows("epochs", _without("course_stop")),
    "missed doses forgotten": _rows("supplies", _without("missed_doses")),
    "capsules in hand wasted": _result(
        "supplies", lambda found: [replace(s, first_use_day=s.day, last_use_day=s.day + s.days - 1) for s in found]
    ),
    "anybody resolves": lambda patch: patch.setattr(
        code, "_resolved", lambda rows: frozenset(t for e in rows.get("pregnancy_resolved", []) for t in e.resolves)
    ),
    "nobody resolves": lambda patch: patch.setattr(code, "_resolved", lambda rows: frozenset()),
    "worry cleared a day early": lambda patch: patch.setattr(
        code, "_cleared", lambda rows, day, policy: _cleared(rows, day - 1, policy)
    ),
    "worry cleared a day late": lambda patch: patch.setattr(
        code, "_cleared", lambda rows, day, policy: _cleared(rows, day + 1, policy)
    ),
    "stop forgotten in the exposure": _rows("exposures", _without("course_stop")),
    "everything seen on its last possible day": lambda patch: patch.setattr(
        tables, "seen_from", lambda event: event.happened_on.last
    ),
    "everything seen on its first possible day": lambda patch: patch.setattr(
        tables, "seen_from", lambda event: event.happened_on.first
    ),
    "no corrected event stands again": lambda patch: patch.setitem(globals(), "visible", _never_again),
    "corrections ignored": lambda patch: patch.setitem(
        globals(), "visible", lambda events: [e for e in events if not isinstance(e, ev.EnteredInError)]
    ),
}


@cache
def _by_hand(seed: int) -> tuple[list[Event], int, str, dict[str, list[oracle.Row]]]:
    events, as_of = thrown(seed)
    name = NAMES[seed % len(NAMES)]
    return events, as_of, name, oracle.by_hand(oracle.standing(events), as_of, POLICIES[name])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    for seed in range(800):  # the histories on which the code without the fault agrees, above
        events, as_of, name, wanted = _by_hand(seed)
        if differences(events, as_of, POLICIES[name], wanted):
            return
    pytest.fail("no history tells the code with this fault from the oracle")
