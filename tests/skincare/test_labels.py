"""The hand-labelled ingredient lists keep their own rules: labels stand in their list, verdicts follow their labels.

This says nothing of the checker; it keeps the yardstick straight before anything is measured with it.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parent / "products"
KINDS = (
    "cleanser moisturiser sunscreen toner exfoliant serum treatment mask scrub lip makeup shampoo body oil other"
).split()
MARKETS = {"us", "eu", "uk", "kr", "jp", "other"}
LABELS = ("avoid", "take_care", "ask")
NEEDED = {"product", "kind", "market", "from", "list", "count", "verdict", *LABELS}
# Commas, semicolons, bullets, line ends, full stops and joining words: where one name may end and the next begin.
JOINT = re.compile(r"[,;•\n]|\.\s|\s(?:&|and|or|in)\s|\(and\)", re.IGNORECASE)
LOST_JOINTS = 2  # Most commas a list in the fixture has lost, as its notes say.
BRACKET = re.compile(r"\([^)]*\)")


def entries() -> list[dict[str, Any]]:
    """Every entry of every file of the fixture."""
    found: list[dict[str, Any]] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        found += yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def stands(name: str, text: str) -> bool:
    """Whether `name` stands in `text` as printed, line breaks aside, and not as a piece of a longer word."""
    flat = " ".join(text.split())
    return re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", flat) is not None


def verdict_of(entry: dict[str, Any]) -> str:
    """The verdict the labels give: the worst of them, a name to ask about aside."""
    if entry["avoid"]:
        return "avoid"
    return "take_care" if entry["take_care"] else "nothing_found"


def faults(entry: dict[str, Any]) -> list[str]:
    """What is wrong with an entry, in words; empty when nothing is."""
    keys = set(entry)
    if keys - {"notes"} != NEEDED:
        return [f"keys: {sorted(keys ^ NEEDED)}"]
    wrong = [f"no such {key}" for key, known in (("kind", KINDS), ("market", MARKETS)) if entry[key] not in known]
    wrong += [f"empty {key}" for key in ("product", "from", "list") if not str(entry[key]).strip()]
    labelled = [name for label in LABELS for name in entry[label]]
    wrong += [f"not in the list: {name}" for name in labelled if not stands(name, entry["list"])]
    wrong += [f"labelled twice: {name}" for name, times in Counter(labelled).items() if times > 1]
    if entry["verdict"] != verdict_of(entry):
        wrong.append(f"verdict {entry['verdict']}, labels say {verdict_of(entry)}")
    # At least half the pieces outside brackets are names: the rest are headings and names broken over lines.
    fewest = max(1, len(labelled), len(re.split(r"[,;•\n]", BRACKET.sub("", entry["list"]))) // 2)
    if not fewest <= entry["count"] <= len(JOINT.split(entry["list"])) + LOST_JOINTS:
        wrong.append(f"count {entry['count']} cannot be")
    return wrong


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["product"])
def test_an_entry_keeps_the_rules(entry: dict[str, Any]) -> None:
    assert faults(entry) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"avoid": ["Tretinoin"]}, "not in the list: Tretinoin"),
        ({"avoid": ["Retino"]}, "not in the list: Retino"),
        ({"take_care": ["Retinol"]}, "labelled twice: Retinol"),
        ({"verdict": "take_care"}, "verdict take_care, labels say avoid"),
        ({"avoid": []}, "verdict avoid, labels say nothing_found"),
        ({"count": 40}, "count 40 cannot be"),
        ({"count": 0}, "count 0 cannot be"),
        ({"list": "Retinol, Squalane, BHT, Water, Glycerin, Aqua, Talc, Mica"}, "count 3 cannot be"),
        ({"kind": "soap"}, "no such kind"),
        ({"from": " "}, "empty from"),
        ({"note": "of a key nobody knows"}, "keys: ['note']"),
    ],
)
def test_a_broken_entry_is_caught(change: dict[str, Any], fault: str) -> None:
    sound = {
        "product": "Night oil",
        "kind": "oil",
        "market": "eu",
        "from": "recalled",
        "list": "Squalane,\nRetinol, BHT",
        "count": 3,
        "verdict": "avoid",
        "avoid": ["Retinol"],
        "take_care": [],
        "ask": [],
    }
    assert faults(sound) == []
    assert fault in faults(sound | change)


def test_there_are_enough_of_every_kind_and_none_twice() -> None:
    every = entries()
    assert len(every) >= 200
    kinds = Counter(entry["kind"] for entry in every)
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 5
    for key in ("product", "list"):
        seen = Counter(" ".join(entry[key].casefold().split()) for entry in every)
        assert [what for what, times in seen.items() if times > 1] == []


def test_a_file_holds_its_own_kind() -> None:
    for path in FOLDER.glob("*.yaml"):
        assert {entry["kind"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))} == {path.stem}


def test_every_verdict_and_the_misprints_are_well_represented() -> None:
    every = entries()
    verdicts = Counter(entry["verdict"] for entry in every)
    assert set(verdicts) == {"avoid", "take_care", "nothing_found"}
    assert min(verdicts.values()) >= 40
    assert sum(bool(entry["ask"]) for entry in every) >= 15
