"""Statements put under tests that they share are carried out exactly where all their tests hold."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from isocourse.engine import gates
from isocourse.engine.gates import Gated, nested

NAMES = "abcdefgh"


def some(dice: Random) -> list[Gated]:
    """Statements that write their place down, each under some tests."""
    found = []
    for place in range(dice.randrange(1, 25)):
        tests = tuple(dice.choice(("", "not ")) + name for name in dice.choices(NAMES, k=dice.randrange(4)))
        found.append(Gated(tests, f"done.append({place})"))
    return found


def wrong(rounds: int) -> int:
    """How often the nested lines carry out anything else, or anything twice, than each statement by itself would."""
    dice, bad = Random(20261128), 0
    for _ in range(rounds):
        statements = some(dice)
        known: dict[str, Any] = {name: dice.random() < 0.5 for name in NAMES}
        done: list[int] = []
        exec("\n".join(nested(statements)), {**known, "done": done})  # noqa: S102 - our own source
        wanted = [
            place
            for place, one in enumerate(statements)
            if all(known[test[-1]] is not test.startswith("not") for test in one.tests)
        ]
        bad += sorted(done) != wanted
    return bad


def test_a_statement_is_carried_out_where_all_its_tests_hold() -> None:
    assert wrong(1000) == 0


def test_a_shared_test_is_asked_once() -> None:
    lines = list(nested([Gated(("a", "b"), "x = 1"), Gated(("c",), "y = 1"), Gated(("b",), "z = 1")]))
    assert lines == ["if b:", "    if a:", "        x = 1", "    z = 1", "if c:", "    y = 1"]


def test_a_forgotten_test_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "_without", lambda each, test: Gated((), each.statement))
    assert wrong(200)
