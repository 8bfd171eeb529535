"""Learning more never turns an answer round: it can settle what was open, and nothing else.

Two copies of the inputs; the second agrees with the first wherever the first is known, and may know more. Then
each fact, each condition and each rule that is decided in the first is decided alike in the second. `exists` and
`count` are always known, so what is filled in here is the value of a row that left it open, not a new row: new
rows may of course change anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
import z3

from isocourse.engine.edition import Edition
from isocourse.engine.language import parse
from tests.proofs.axioms import axioms
from tests.proofs.test_guarantees import ALL, edition
from tests.proofs.translate import Logic, Model, counterexample

# Rules that ask for something that is missing fire because it is unknown; being told mends them.
ASKS = {
    "us": {"category_unknown", "menses_pattern_unknown", "age_not_recorded"},
    "uk": {"category_unknown", "age_not_recorded"},
    "eu": {"category_unknown", "age_not_recorded"},
}


class Learned:
    """An edition before and after something is learned. With `any_facts` no axiom narrows what the facts can be."""

    def __init__(self, of: Edition, *, any_facts: bool = False) -> None:
        self.before, self.after = Model(of, copy="before "), Model(of, copy="after ")
        self.given = [] if any_facts else [*axioms(self.before), *axioms(self.after)]
        for name, pair in self.before.inputs.items():
            later = self.after.inputs[name]
            self.given.append(z3.Implies(pair.known, z3.And(later.known, later.value == pair.value)))

    def case_of_turning(self, before: Logic, after: Logic) -> str | None:
        return counterexample(self.before, _kept(before, after), *self.given)

    def turned(self, kept: Mapping[str, z3.BoolRef]) -> list[str]:
        """What is turned round, with a case. All are asked about at once, and one by one only where there is a case."""
        if counterexample(self.before, z3.And(list(kept.values())), *self.given) is None:
            return []
        cases = {name: counterexample(self.before, claim, *self.given) for name, claim in kept.items()}
        return [f"{name}\n{case}" for name, case in cases.items() if case is not None]


def _kept(before: Logic, after: Logic) -> z3.BoolRef:
    return z3.And(z3.Implies(before.true, after.true), z3.Implies(before.false, after.false))


def _conditions(learned: Learned, rule_id: str) -> tuple[Logic, Logic]:
    """The bare condition, without the days on which the rule is in force."""
    of = learned.before.edition
    tree = next(c.tree for rule, c in zip(of.rules, of.conditions, strict=False) if rule.id == rule_id)
    return learned.before.reader.logic(tree), learned.after.reader.logic(tree)


@pytest.mark.parametrize("name", ALL)
def test_rules_that_ask_are_listed(name: str) -> None:
    of = edition(name)
    assert {rule.id for rule in of.rules if rule.asks} == ASKS[of.programme.id]


@pytest.mark.parametrize("name", ALL)
def test_no_fact_is_turned_round(name: str) -> None:
    """Expressions, CASE and ADD_MONTHS included, over any values of the aggregates, possible or not."""
    learned = Learned(edition(name), any_facts=True)
    kept = {}
    for fact in edition(name).facts:
        one, other = learned.before.facts[fact.name], learned.after.facts[fact.name]
        kept[fact.name] = z3.Implies(one.known, z3.And(other.known, one.value == other.value))
    assert learned.turned(kept) == []


@pytest.mark.parametrize("name", ALL)
def test_no_condition_is_turned_round(name: str) -> None:
    learned = Learned(edition(name), any_facts=True)
    kept = {}
    for rule in edition(name).rules:
        if rule.asks:
            assert learned.case_of_turning(*_conditions(learned, rule.id)) is not None, rule.id
        else:
            kept[rule.id] = _kept(*_conditions(learned, rule.id))
    assert learned.turned(kept) == []


@pytest.mark.parametrize("name", ALL)
def test_no_rule_is_turned_round(name: str) -> None:
    """With the days in force, which hang on the day of an act. Here the facts have to be possible ones: an act
    whose day is unknown is judged by today's rules, and no record has a prescription without a day."""
    learned = Learned(edition(name))
    before, after = learned.before.states, learned.after.states
    kept = {rule.id: _kept(before[rule.id], after[rule.id]) for rule in edition(name).rules if not rule.asks}
    assert learned.turned(kept) == []


def test_an_act_without_a_day_would_be_found() -> None:
    learned = Learned(edition("uk"), any_facts=True)
    rule = "second_prescriber_missing"
    assert learned.case_of_turning(learned.before.states[rule], learned.after.states[rule]) is not None


def test_asking_for_what_is_missing_inside_another_rule_would_be_found() -> None:
    of = edition("us")
    tree = parse("can_become_pregnant AND (enrolment_status IS NULL OR concern_open)", "here")
    conditions = (replace(of.conditions[0], tree=tree), *of.conditions[1:])
    learned = Learned(replace(of, conditions=conditions), any_facts=True)
    kept = {rule.id: _kept(*_conditions(learned, rule.id)) for rule in of.rules[:5] if not rule.asks}
    (turned,) = learned.turned(kept)
    assert turned.startswith(of.rules[0].id)
