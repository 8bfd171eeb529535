"""What the pages of the handbook say in the same way: an effect, a value, the values under a rule, an anchor."""

from __future__ import annotations

import re

from isocourse.engine import model as m
from isocourse.engine.language import names_in
from isocourse.words.answer import plain
from isocourse.words.page import value_text

_CAPSULES = {
    "unaffected": "",
    "continue": "capsules in hand may be taken",
    "ask_prescriber": "ask the prescriber before the next capsule",
    "stop_now": "stop the capsules now",
}


def effect_text(effect: m.Effect) -> str:
    """What a rule does to the two answers, as a sentence."""
    supply = {"withhold": "withholds the supply", "proceed": "permits the supply"}.get(effect.supply, "")
    parts = [part for part in (supply, _CAPSULES[effect.capsules]) if part]
    told = "; ".join(parts) or "shown to the prescriber, changes neither answer"
    return f"{told[0].upper()}{told[1:]}."


def lowered(sentence: str) -> str:
    """With a small first letter."""
    return f"{sentence[0].lower()}{sentence[1:]}"


def values_under(library: m.Library, rule: m.Rule) -> list[str]:
    """The values that a condition rests on, directly or through its facts. What feeds an episode is not among them."""
    found: list[str] = []
    waiting, seen = [*names_in(rule.condition)], set[str]()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in library.values:
            found.append(name)
        elif name in library.facts and (tree := library.facts[name].reads) is not None:
            waiting += names_in(tree)
    return found


def value_shown(value: object, kind: str) -> str:
    """A value of the protocol in words, with its unit of days or months."""
    shown = plain(value, kind)
    if isinstance(shown, dict):
        return "; ".join(f"{value_text(method)}: {', '.join(classes)}" for method, classes in shown.items())
    if kind == "combinations":
        return "; ".join(" + ".join(combination) for combination in shown)
    return f"{value_text(shown)}{f' {kind}' if kind in ('days', 'months') else ''}"


def slug(title: str) -> str:
    """The anchor of a heading, as readers of Markdown make it."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
