"""The z3 translation and its axioms against the engine itself, over generated records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import z3

from isocourse.engine.decide import Evaluation, answers, evaluate
from isocourse.engine.edition import Edition
from isocourse.engine.model import CAPSULES
from isocourse.engine.python_backend import FIRED, NOT_FIRED
from isocourse.record.dates import add_months
from isocourse.record.tables import table
from tests import shipped
from tests.proofs.axioms import axioms, stated
from tests.proofs.records import histories
from tests.proofs.translate import Model, counterexample, number_of
from tests.spine import SPINE

ADOPTED = {"ipledge-2026": date(2026, 8, 8).toordinal()}
EDITIONS = {
    "us": shipped.edition("us", SPINE),
    "us adopted": shipped.edition("us", SPINE, tuple(ADOPTED.items())),
    "uk": shipped.edition("uk", SPINE),
    "eu": shipped.edition("eu", SPINE),
}
RECORDS = 60


def evaluations(edition: Edition, count: int, seed: int) -> Iterator[Evaluation]:
    for events, days in histories(edition.programme.id, count, seed):
        rows = table(events)
        for day in days:
            if day >= edition.programme.versions[0].from_day:
                yield evaluate(edition, rows, day)


class Concrete:
    """A model with its inputs put in: what each formula comes to for one evaluation."""

    def __init__(self, model: Model, evaluation: Evaluation) -> None:
        facts = dict(zip(model.edition.fact_index, evaluation.facts, strict=True))
        self.put = [(model.as_of, z3.IntVal(evaluation.as_of))]
        for name, pair in model.inputs.items():
            if not z3.is_true(pair.known):
                self.put.append((pair.known, z3.BoolVal(facts[name] is not None)))
            self.put.append((pair.value, _constant(facts[name], pair.value)))
        # The real calendar in place of ADD_MONTHS, inner uses first.
        self.months: list[tuple[z3.ExprRef, z3.ExprRef]] = []
        for use in model.reader.months:
            day = self.of(use.day).as_long()
            real = add_months(day, use.months) if 1 <= day < 3_000_000 else day + 28 * use.months
            self.months.append((z3.substitute(use.result, *self.put), z3.IntVal(real)))

    def of(self, formula: z3.ExprRef) -> Any:
        return z3.simplify(z3.substitute(z3.substitute(formula, *self.put), *self.months))


def _constant(value: Any, like: z3.ExprRef) -> z3.ExprRef:
    if z3.is_bool(like):
        return z3.BoolVal(bool(value))
    if value is None:  # its value must never matter; 700000 keeps it inside the calendar
        return z3.IntVal(700_000)
    return z3.IntVal(number_of(value) if isinstance(value, str) else int(value))


def _is(formula: z3.BoolRef, wanted: bool) -> z3.BoolRef:
    return formula if wanted else z3.Not(formula)


def _as_the_engine_says(model: Model, evaluation: Evaluation) -> Iterator[tuple[str, z3.BoolRef]]:
    """Claims that all come true when the translation gives what the engine gave."""
    for fact, real in zip(model.edition.facts, evaluation.facts, strict=True):
        pair = model.facts[fact.name]
        yield f"{fact.name} is {real!r}: known", _is(pair.known, real is not None)
        if real is not None:
            yield f"{fact.name} is {real!r}", pair.value == _constant(real, pair.value)
    for rule, state in zip(model.edition.rules, evaluation.states, strict=False):
        logic = model.states[rule.id]
        yield f"state of {rule.id} is {state}: true", _is(logic.true, state == FIRED)
        yield f"state of {rule.id} is {state}: false", _is(logic.false, state == NOT_FIRED)
    supply, capsules = answers(model.edition, evaluation)
    yield f"supply is {supply}", _is(model.proceed, supply == "proceed")
    yield f"capsules: {capsules}", _is(model.stop_now, capsules == CAPSULES[-1])


def _check(edition: Edition, count: int, seed: int) -> Counter[tuple[str, int]]:
    model = Model(edition)
    always = [(axiom.why, axiom.claim) for axiom in stated(model)]
    seen: Counter[tuple[str, int]] = Counter()
    for evaluation in evaluations(edition, count, seed):
        concrete = Concrete(model, evaluation)
        claims = [*always, *_as_the_engine_says(model, evaluation)]
        if not z3.is_true(concrete.of(z3.And([claim for _, claim in claims]))):
            facts = dict(zip(edition.fact_index, evaluation.facts, strict=True))
            broken = [why for why, claim in claims if not z3.is_true(concrete.of(claim))]
            raise AssertionError(f"not so in a real evaluation: {broken}\n{facts}")
        seen.update((rule.id, state) for rule, state in zip(edition.rules, evaluation.states, strict=False))
        seen[answers(edition, evaluation)[0], 0] += 1
    return seen


@pytest.mark.parametrize("name", EDITIONS)
def test_translation_and_axioms_agree_with_the_engine(name: str) -> None:
    seen = _check(EDITIONS[name], RECORDS, seed=1)
    assert seen["proceed", 0] and seen["withhold", 0]


@pytest.mark.long
@pytest.mark.parametrize("name", EDITIONS)
def test_translation_and_axioms_agree_with_the_engine_long(name: str) -> None:
    seen = _check(EDITIONS[name], 1000, seed=2)
    never = [rule.id for rule in EDITIONS[name].rules if not seen[rule.id, FIRED]]
    assert not never, f"the records never made these fire: {never}"


@pytest.mark.parametrize("name", EDITIONS)
def test_no_rule_is_both_true_and_false(name: str) -> None:
    model = Model(EDITIONS[name])
    both = z3.Or([z3.And(state.true, state.false) for state in model.states.values()])
    assert counterexample(model, z3.Not(both)) is None


@pytest.mark.parametrize("name", EDITIONS)
def test_axioms_do_not_contradict_each_other(name: str) -> None:
    model = Model(EDITIONS[name])
    assert counterexample(model, z3.BoolVal(False), *axioms(model)) is not None


@pytest.mark.parametrize("name", EDITIONS)
def test_facts_declared_never_unknown_never_are(name: str) -> None:
    """The python back end drops its guards for these, so it has to be so without any axiom."""
    model = Model(EDITIONS[name])
    for fact in EDITIONS[name].facts:
        if not fact.type.unknown:
            assert counterexample(model, model.known(fact.name)) is None, fact.name
