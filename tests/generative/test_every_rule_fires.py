"""Every rule and every task of every programme fires somewhere in the adversarial set, and somewhere it does not."""

from __future__ import annotations

from collections import defaultdict

import pytest

from isocourse.engine.decide import answers
from isocourse.engine.python_backend import FIRED, NOT_FIRED
from tests.generative.courses import LONG, SUITE, Case, cases, edition


def missed(found: tuple[Case, ...]) -> list[str]:
    """What no case brings about, in words."""
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    said: set[tuple[str, str, str]] = set()
    for case in found:
        evaluation = case.evaluated()
        of = case.edition
        for item, state in zip([*of.rules, *of.tasks], evaluation.states, strict=True):
            seen[case.programme, item.id].add(state)
        said.add((case.programme, *answers(of, evaluation)))
    bad = []
    for programme in ("us", "uk", "eu"):
        of = edition(programme)
        for item in [*of.rules, *of.tasks]:
            for state, word in ((FIRED, "never fires"), (NOT_FIRED, "always fires")):
                if state not in seen[programme, item.id]:
                    bad.append(f"{programme}: {item.id} {word}")
        for supply, capsules in (("proceed", "continue"), ("withhold", "ask_prescriber"), ("withhold", "stop_now")):
            if (programme, supply, capsules) not in said:
                bad.append(f"{programme}: no case answers {supply}, {capsules}")
    return bad


def test_every_rule_and_task_fires_and_does_not() -> None:
    assert missed(cases(SUITE)) == []


def test_a_rule_that_cannot_fire_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the cases in which it fires, the rule is missed."""
    us = edition("us")
    index = [rule.id for rule in us.rules].index("locked_out")
    fewer = tuple(case for case in cases(400) if case.programme != "us" or case.evaluated().states[index] != FIRED)
    assert "us: locked_out never fires" in missed(fewer)


@pytest.mark.long
def test_every_rule_and_task_fires_in_the_second_half_of_many() -> None:
    assert missed(cases(LONG - SUITE, SUITE)) == []
