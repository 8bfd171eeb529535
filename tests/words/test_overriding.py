"""From which findings a prescriber may depart, and what a signature covers."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from isocourse.words.answer import Answer, Because, EffectWords, FindingWords, LimitWords, assess
from isocourse.words.overriding import changed, covered, is_regulation, mark, obstacles
from tests import shipped
from tests.dose.test_course import of
from tests.dose.test_intake import BASE, event

LIMIT = LimitWords("supply_limit", "The most days", 30, "days", "label", "high", ("a",))
FINDING = FindingWords(
    rule="a_rule",
    topic="supply",
    effect=EffectWords("withhold", "continue"),
    decided=True,
    says="Something is in the way.",
    why="",
    because=(Because("fact", "A fact", 3, None, ("e1", "e2")),),
    limits=(LIMIT,),
    missing=(),
    strength="label",
    confidence="high",
    sources=(),
    would_change_it=None,
)


def answer_with(*findings: FindingWords) -> Answer:
    made = assess(shipped.edition("uk"), of([event("weight", 0, "w", value="60", unit="kg")]), BASE)
    return msgspec.structs.replace(made, findings=findings)


def changed_finding(**fields: Any) -> FindingWords:
    return msgspec.structs.replace(FINDING, **fields)


@pytest.mark.parametrize(
    ("fields", "may"),
    [
        ({"strength": "label"}, True),
        ({"strength": "guideline"}, True),
        ({"strength": "consensus"}, True),
        ({"strength": "clinic_policy"}, True),
        ({"strength": "regulation"}, False),
        ({"strength": "regulation", "decided": False}, False),
        ({"strength": "something new"}, False),
        ({"limits": (msgspec.structs.replace(LIMIT, strength="regulation"),)}, False),
        ({"effect": EffectWords("withhold", "ask_prescriber")}, True),
        ({"effect": EffectWords("withhold", "stop_now")}, False),
        ({"effect": EffectWords("unaffected", "stop_now")}, False),
        ({"decided": False, "missing": ("fact",)}, True),
    ],
)
def test_what_may_be_departed_from(fields: dict[str, Any], may: bool) -> None:
    found = obstacles(answer_with(changed_finding(**fields)), "p")
    assert [each.may_override for each in found] == [may]


@pytest.mark.parametrize("strength", ["label", "regulation"])
def test_a_regulation_is_known_by_its_own_strength_or_its_numbers(strength: str) -> None:
    limit = msgspec.structs.replace(LIMIT, strength=strength)
    assert is_regulation(changed_finding(limits=(limit,))) == (strength == "regulation")
    assert is_regulation(changed_finding(strength=strength)) == (strength == "regulation")


def test_what_does_not_withhold_is_not_in_the_way() -> None:
    assert obstacles(answer_with(changed_finding(effect=EffectWords("unaffected", "ask_prescriber"))), "p") == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"rule": "another"},
        {"decided": False},
        {"strength": "guideline"},
        {"effect": EffectWords("withhold", "ask_prescriber")},
        {"because": (Because("fact", "A fact", 4, None, ("e1", "e2")),)},
        {"because": (Because("fact", "A fact", 3, None, ("e1", "e3")),)},
        {"because": (Because("fact", "A fact", 3, "2026-01-02", ("e1", "e2")),)},
        {"because": (Because("fact", "A fact", 3, None, ("e1", "e2"), FINDING.because),)},
        {"limits": (msgspec.structs.replace(LIMIT, value=31),)},
        {"missing": ("fact",)},
    ],
)
def test_another_reason_is_another_mark(fields: dict[str, Any]) -> None:
    first = obstacles(answer_with(FINDING), "p")
    then = obstacles(answer_with(changed_finding(**fields)), "p")
    assert first[0].mark != then[0].mark
    assert changed(covered(first), then)


def test_the_same_reasons_are_the_same_mark() -> None:
    """The proposed prescription has another id each time, and words are not reasons."""
    one = changed_finding(because=(Because("fact", "A fact", 3, None, ("p1", "e2")),))
    two = changed_finding(because=(Because("fact", "Another word", 3, None, ("e2", "p2")),), says="Said otherwise.")
    assert mark(one, edition="x", proposed_id="p1") == mark(two, edition="x", proposed_id="p2")
    assert mark(one, edition="x", proposed_id="p1") != mark(one, edition="y", proposed_id="p1")
    first, then = obstacles(answer_with(one), "p1"), obstacles(answer_with(two), "p2")
    assert changed(covered(first), then) == ()


def test_what_is_gone_is_told_too() -> None:
    assert changed(covered(obstacles(answer_with(FINDING), "p")), ()) == (
        "No longer in the way: Something is in the way.",
    )
