"""Reasons are sufficient and minimal; what is named missing is missing, and would decide.

Both on the level of the facts that a rule's condition reads, once by `meaning.truth` and once by truth tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Any

import pytest

from isocourse.engine import because, meaning
from isocourse.engine.decide import Finding, environment, findings
from isocourse.engine.edition import Edition
from isocourse.engine.language import Tree, Type, names_in
from tests.engine.truth_tables import from_tree, read
from tests.generative.courses import LONG, SUITE, Case, cases

MOST_TRIES = 20_000


def _both(tree: Tree, env: Mapping[str, Any]) -> bool | None:
    walked, tabled = meaning.truth(meaning.meaning(tree), env), read(from_tree(tree), env)
    assert walked is tabled
    return walked


def wrong(case: Case) -> list[str]:
    """What the findings of a case say amiss, in words."""
    edition, evaluation = case.whole, case.evaluated(whole=True)
    env = environment(edition, evaluation)
    ids = {event.id for event in case.record.events}
    trees = {rule.id: condition.tree for rule, condition in zip(edition.rules, edition.conditions, strict=False)}
    bad: list[str] = []
    for finding in findings(edition, evaluation):
        tree, name = trees[finding.rule.id], finding.rule.id
        named = _events(finding.reasons)
        if not named <= ids:
            bad.append(f"{name}: names events that are not in the record: {sorted(named - ids)}")
        if not finding.decided:
            bad += [f"{name}: {what}" for what in _missing_wrong(edition, finding, tree, env)]
        elif not finding.rule.asks:
            bad += [f"{name}: {what}" for what in _reasons_wrong(edition, finding, tree, env)]
        elif not finding.missing or any(env[asked] is not None for asked in finding.missing):
            bad.append(f"{name}: asks for {finding.missing}, which is known")
    return bad


def _events(reasons: Iterable[because.Reason]) -> set[str]:
    return {event for reason in reasons for event in (*reason.events, *_events(reason.made_of))}


def _reasons_wrong(edition: Edition, finding: Finding, tree: Tree, env: Mapping[str, Any]) -> Iterator[str]:
    named = [reason.fact for reason in finding.reasons]
    if len(set(named)) != len(named):
        yield f"a fact is named twice: {named}"
    for reason in finding.reasons:
        if reason.value != env[reason.fact]:
            yield f"{reason.fact} is given as {reason.value}, and is {env[reason.fact]}"
    read_here = [name for name in dict.fromkeys(names_in(tree)) if name in edition.fact_index]
    if not set(named) <= set(read_here):
        yield f"{named} are not all read by the condition"
    blanked = {**env, **{name: None for name in read_here if name not in named}}
    if _both(tree, blanked) is not True:
        yield f"not sufficient: {named}"
    for name in named:
        if _both(tree, {**blanked, name: None}) is True:
            yield f"not minimal: {name} in {named}"


def _missing_wrong(edition: Edition, finding: Finding, tree: Tree, env: Mapping[str, Any]) -> Iterator[str]:
    if finding.reasons:
        yield "reasons for what is not decided"
    if not finding.missing:
        yield "nothing is missing, and it is not decided"
    for name in finding.missing:
        if env[name] is not None:
            yield f"{name} is missing, and is {env[name]}"
    choices = [_could_be(edition.facts[edition.fact_index[name]].type, env) for name in finding.missing]
    filled = ({**env, **dict(zip(finding.missing, values, strict=True))} for values in product(*choices))
    if all(_both(tree, one) is None for one in islice(filled, MOST_TRIES)):
        yield f"no answer to {finding.missing} decides it"


def _could_be(of: Type, env: Mapping[str, Any]) -> list[Any]:
    if of.kind == "truth":
        return [True, False]
    if of.kind == "code":
        return sorted(of.codes)
    if of.kind == "day":
        return [1, env["as_of"], 10**6]
    return [0, 10**6]


@pytest.mark.parametrize("part", range(3))
def test_reasons_are_sufficient_and_minimal_and_what_is_missing_would_decide(part: int) -> None:
    for case in cases(SUITE)[part::3]:
        assert wrong(case) == [], case.told()


@pytest.mark.long
def test_reasons_are_sufficient_and_minimal_in_many_cases() -> None:
    for case in cases(LONG):
        assert wrong(case) == [], case.told()


# --- planted faults -------------------------------------------------------------------------------
def _said(words: str) -> bool:
    return any(words in what for case in cases(SUITE)[:200] for what in wrong(case))


def test_a_reason_left_out_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = because.support
    monkeypatch.setattr(because, "support", lambda *asked: whole(*asked)[:-1])
    assert _said("not sufficient")


def test_a_reason_too_many_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them(node: meaning.Node, decided: bool, env: Mapping[str, Any], facts: frozenset[str]) -> list[str]:
        return [name for name in meaning.names(node) if name in facts]

    monkeypatch.setattr(because, "support", all_of_them)
    assert _said("not minimal")


def test_something_else_named_missing_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from isocourse.engine import decide

    def everything(node: meaning.Node, env: Mapping[str, Any], facts: frozenset[str]) -> list[str]:
        return [name for name in meaning.names(node) if name in facts]

    monkeypatch.setattr(decide, "missing", everything)
    assert _said("is missing, and is")
