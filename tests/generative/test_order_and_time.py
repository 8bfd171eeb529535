"""A decision is a function of what was written by a moment: not of the order in the file, not of what came later."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from isocourse.engine.because import Reason
from isocourse.engine.decide import Decision, decide
from isocourse.record import events as ev
from isocourse.record.events import Event
from isocourse.record.record import Record
from tests.generative.courses import LONG, SUITE, Case, cases, valid

RECORDED = timedelta(days=1)


def outcome(decision: Decision) -> tuple[Any, ...]:
    """Everything a decision says."""
    found = [(f.rule.id, f.decided, f.effect, f.reasons, f.limits, f.missing) for f in decision.findings]
    answers = (decision.supply, decision.capsules_in_hand, decision.assessed, decision.not_assessed)
    return (*answers, found, decision.valid_until, decision.facts, decision.evaluation.states)


def of_record(case: Case, events: list[Event], known_at: Any = None) -> Decision:
    return decide(case.edition, Record(subject="s", events=tuple(events)), case.as_of, known_at)


def check_order(case: Case) -> None:
    shuffled = list(case.record.events)
    Random(case.number).shuffle(shuffled)
    expected = outcome(of_record(case, list(case.record.events)))
    assert outcome(of_record(case, shuffled)) == expected, case.told()
    assert outcome(of_record(case, list(reversed(shuffled)))) == expected, case.told()


def check_later_writing(case: Case) -> None:
    """Whatever is written down after a moment leaves the decision at that moment alone."""
    dice = Random(case.number)
    events = list(case.record.events)
    if not events:
        return
    known_at = dice.choice(events).recorded_at
    before = [event for event in events if event.recorded_at <= known_at]
    expected = outcome(of_record(case, before))
    assert outcome(of_record(case, events, known_at)) == expected, case.told()
    assert outcome(of_record(case, before, known_at)) == expected, case.told()
    late = known_at + timedelta(microseconds=1)
    target, by = dice.choice(before), ev.Author(id="late", role="prescriber")
    day = target.happened_on
    added: list[Event] = [
        ev.EnteredInError(id="late-1", happened_on=day, recorded_at=late, author=by, corrects=target.id),
        ev.Pregnancy(id="late-2", happened_on=day, recorded_at=late, author=by),
        ev.CourseStopped(id="late-3", happened_on=day, recorded_at=late, author=by),
    ]
    assert outcome(of_record(case, [*added, *events], known_at)) == expected, case.told()


def check_withdrawn(case: Case) -> None:
    """An event and its withdrawal together are nothing."""
    dice = Random(case.number)
    events = list(case.record.events)
    if not events:
        return
    model = dice.choice([event for event in events if not isinstance(event, ev.EnteredInError)] or [None])
    if model is None:
        return
    written = max(event.recorded_at for event in events) + timedelta(days=1)
    by = ev.Author(id="x", role="prescriber")
    day = model.happened_on
    wrong: Event = dice.choice(
        (
            ev.Pregnancy(id="wrong", happened_on=day, recorded_at=written, author=by),
            ev.CourseStopped(id="wrong", happened_on=day, recorded_at=written, author=by),
            ev.PregnancyTest(id="wrong", happened_on=day, recorded_at=written, author=by, result="positive"),
            ev.Dispensing(id="wrong", happened_on=day, recorded_at=written, author=by, days=30)
            if day.exact
            else ev.MissedPeriod(id="wrong", happened_on=day, recorded_at=written, author=by),
        )
    )
    withdrawn = ev.EnteredInError(
        id="withdrawn", happened_on=day, recorded_at=written + RECORDED, author=by, corrects="wrong"
    )
    both = [withdrawn, *events, wrong]
    assert valid(both)
    plain, corrected = of_record(case, events), of_record(case, both)
    assert outcome(corrected) == outcome(plain), case.told()
    assert not _ids(corrected) & {"wrong", "withdrawn"}
    assert of_record(case, both, written).facts == of_record(case, [*events, wrong]).facts


def _ids(decision: Decision) -> set[str]:
    def of(reasons: tuple[Reason, ...]) -> set[str]:
        return {event for reason in reasons for event in (*reason.events, *of(reason.made_of))}

    return set().union(*(of(finding.reasons) for finding in decision.findings))


def check_pure(case: Case) -> None:
    first = decide(case.edition, case.record, case.as_of)
    second = decide(case.edition, case.record, case.as_of)
    assert first == second
    assert outcome(first) == outcome(second)


CHECKS = (check_order, check_later_writing, check_withdrawn, check_pure)


@pytest.mark.parametrize("check", CHECKS)
def test_a_decision_is_a_function_of_what_was_written_by_then(check: Any) -> None:
    for case in cases(SUITE)[::12]:
        check(case)


@pytest.mark.long
@pytest.mark.parametrize("check", CHECKS)
def test_many_decisions_are_functions_of_what_was_written_by_then(check: Any) -> None:
    for case in cases(LONG):
        check(case)


# --- planted fault --------------------------------------------------------------------------------
def test_an_order_that_leaks_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of one day left as they stand in the record."""
    from isocourse.record import tables

    monkeypatch.setattr(tables, "_order", lambda event: tables.day_of_row(event))
    with pytest.raises(AssertionError):
        for case in cases(SUITE)[:600]:
            check_order(case)
