"""The rules written by hand and the engine agree, over the adversarial set and over Hypothesis histories."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isocourse.engine import python_backend
from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.edition import Edition
from isocourse.engine.python_backend import compile_run, generate
from isocourse.record import events as ev
from isocourse.record.dates import add_months, exact
from isocourse.record.events import Event
from isocourse.record.record import Record
from tests.generative.courses import ADOPTIONS, LONG, SUITE, Case, cases, edition, moment, told
from tests.generative.rules_by_hand import RULES, chart
from tests.oracle.histories import histories

STATE = {False: 0, True: 1, None: 2}
_EVERYTHING = list(HealthCheck)
SHORT_SETTINGS = settings(
    max_examples=300, derandomize=True, database=None, deadline=None, suppress_health_check=_EVERYTHING
)
LONG_SETTINGS = settings(max_examples=10_000, database=None, deadline=None, suppress_health_check=_EVERYTHING)


def differences(of: Edition, adopted: int | None, events: list[Event], as_of: int, seen: Counter[str]) -> list[str]:
    states = evaluate(of, prepare(Record(subject="s", events=tuple(events))), as_of).states
    by_rule = dict(zip([rule.id for rule in of.rules], states, strict=False))
    seen_on_the_day = chart(of.programme.id, adopted, events, as_of)
    bad = []
    for name, rule in RULES[of.programme.id].items():
        wanted = STATE[rule(seen_on_the_day)]
        seen[f"{of.programme.id} {name} {wanted}"] += 1
        if by_rule[name] != wanted:
            bad.append(f"{name}: {by_rule[name]}, by hand {wanted}")
    return bad


def check(case: Case, seen: Counter[str]) -> None:
    bad = differences(case.edition, case.adopted, list(case.record.events), case.as_of, seen)
    assert bad == [], "\n".join([*bad, case.told()])


def test_the_engine_agrees_with_the_rules_by_hand() -> None:
    seen: Counter[str] = Counter()
    for case in cases(SUITE):
        if case.programme in RULES:
            check(case, seen)
    wanted = [f"{p} {name} {state}" for p, rules in RULES.items() for name in rules for state in (0, 1)]
    assert [what for what in wanted if seen[what] < 3] == []


def completed(history: tuple[list[Event], int], seed: int) -> tuple[list[Event], int]:
    """The history with who the person is and what is prescribed: things it does not hold, some of them left out."""
    events, as_of = history
    dice = Random(seed)
    by = ev.Author(id="dr", role="prescriber")

    def common(name: str, day: int) -> dict[str, object]:
        recorded = moment(day) + timedelta(minutes=dice.randint(0, 2))
        return {"id": name, "happened_on": exact(day), "recorded_at": recorded, "author": by}

    added: list[Event] = []
    if dice.random() < 0.9:
        can = dice.random() < 0.9
        said = {"potential": "can" if can else "cannot", "ground": "cisgender_male", "confirmed": True}
        added.append(ev.PregnancyPotential(**common("who", as_of - 300), **said))  # type: ignore[arg-type]
    if dice.random() < 0.7:
        born = add_months(as_of, -216) + dice.choice((-1, 0, 1, -4000))
        added.append(ev.Birth(**common("born", born)))  # type: ignore[arg-type]
    near = [event.happened_on.last for event in events] or [as_of]
    for number in range(dice.randint(0, 3)):
        day = dice.choice((*near, as_of)) + dice.choice((0, 0, 1, 3, 4, 7))
        days = dice.choice((30, 31))
        added.append(ev.Prescription(**common(f"p{number}", day), product="x", days=days))  # type: ignore[arg-type]
    if dice.random() < 0.3:
        permitted = dice.random() < 0.8
        added.append(ev.HomeTestPermission(**common("home", as_of - 100), permitted=permitted))  # type: ignore[arg-type]
    if dice.random() < 0.3:
        test_day = dice.choice(near)
        printed = exact(as_of + dice.choice((-1, 0, 1)))
        slip = ev.Authorisation(**common("slip", test_day), number="1", do_not_dispense_after=printed)  # type: ignore[arg-type]
        added.append(slip)
    if dice.random() < 0.3:
        said = {"ground": "no_intercourse", "reason": "spoken", "patient_agreed": True}
        added.append(ev.NoRiskAgreement(**common("agreed", dice.choice(near)), **said))  # type: ignore[arg-type]
    return [*events, *added], as_of


def check_history(history: tuple[list[Event], int], seed: int) -> None:
    events, as_of = completed(history, seed)
    for programme in RULES:
        adopted = ADOPTIONS[programme][seed % len(ADOPTIONS[programme])]
        bad = differences(edition(programme, adopted), adopted, events, as_of, Counter())
        assert bad == [], "\n".join([programme, *bad, told(events, as_of)])


@SHORT_SETTINGS
@given(histories(), st.integers(0, 2**40))
def test_the_engine_agrees_with_the_rules_by_hand_on_histories(history: tuple[list[Event], int], seed: int) -> None:
    check_history(history, seed)


@pytest.mark.long
@LONG_SETTINGS
@given(histories(), st.integers(0, 2**40))
def test_the_engine_agrees_on_many_histories(history: tuple[list[Event], int], seed: int) -> None:
    check_history(history, seed)


@pytest.mark.long
def test_the_engine_agrees_on_many_cases() -> None:
    for case in cases(LONG):
        if case.programme in RULES:
            check(case, Counter())


# --- planted faults -------------------------------------------------------------------------------
@pytest.mark.parametrize("wrong", [{">": ">=", "<=": "<"}, {"<": "<=", ">=": ">"}], ids=[">", "<"])
def test_an_operator_emitted_wrong_is_caught(wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As "it is true" and as "it is false": one of them alone may be asked only where the other has decided."""
    operators = {kind: tuple(wrong.get(one, one) for one in pair) for kind, pair in python_backend._OPERATORS.items()}
    monkeypatch.setattr(python_backend, "_OPERATORS", operators)
    of = edition("us")
    source = generate(of.facts, of.conditions, of.constants)
    monkeypatch.setitem(of.__dict__, "run", compile_run(source, of.constants))
    found = 0
    for case in cases(SUITE):
        if case.programme == "us" and case.adopted is None:
            found += bool(differences(of, None, list(case.record.events), case.as_of, Counter()))
    assert found
