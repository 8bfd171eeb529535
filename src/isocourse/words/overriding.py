"""What stands between a decision and a prescription, and what of it a prescriber may depart from with a signature.

An obstacle is a finding that withholds the supply, or that stops the capsules. A departure covers an obstacle exactly:
its rule and the reasons for which it stands. The same rule for another reason is another obstacle
(docs/decisions/0013-what-an-override-covers.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from isocourse.words.answer import Answer, Because, FindingWords

# Strengths that a prescriber may depart from. Whatever else there is, or will be, is not among them.
OVERRIDABLE = frozenset({"label", "guideline", "consensus", "clinic_policy"})
REGULATION = "regulation"
# Why a prescriber departs: a closed list, so that departures can be counted and looked through.
GROUNDS = {
    "benefit": "The benefit outweighs the risk for this patient",
    "specialist_advice": "A specialist in the field of the finding advised it",
    "equivalent_check": "What the finding asks for was done in another way",
    "not_applicable": "The finding does not fit this patient",
    "error_in_record": "The record is known to be wrong, and the correction is on its way",
    "continuity": "An interruption now would do more harm",
}
LEAST_REASON = 20  # characters; "as discussed" is no reason
LONGEST_REASON = 2000
# How an id of the proposed prescription stands in a mark, for it has another one each time.
PROPOSED = "proposed"


class Obstacle(Struct, frozen=True):
    """A finding in the way. `mark` stands for rule, effect, reasons, limits and edition together. `why_not` says why
    nobody may depart from it; empty where a prescriber may."""

    finding: FindingWords
    mark: str
    why_not: str

    @property
    def may_override(self) -> bool:
        return not self.why_not

    @property
    def is_regulation(self) -> bool:
        return is_regulation(self.finding)


def obstacles(answer: Answer, proposed_id: str) -> tuple[Obstacle, ...]:
    """Everything in the way of a prescription, those first that nobody may depart from. `proposed_id` is the id of the
    prescription that was decided about."""
    found = [
        Obstacle(finding, mark(finding, edition=answer.edition, proposed_id=proposed_id), _why_not(finding))
        for finding in answer.findings
        if finding.effect.supply == "withhold" or finding.effect.capsules_in_hand == "stop_now"
    ]
    return tuple(sorted(found, key=lambda each: (each.may_override, not each.is_regulation)))


def is_regulation(finding: FindingWords) -> bool:
    """Whether a finding is a regulation's: its own strength, or that of a number it was compared with."""
    return finding.strength == REGULATION or any(limit.strength == REGULATION for limit in finding.limits)


def _why_not(finding: FindingWords) -> str:
    if is_regulation(finding):
        return "A regulation asks for this. No signature replaces it."
    if finding.effect.capsules_in_hand == "stop_now":
        return "Capsules in hand are to be stopped. More of them cannot be prescribed until this is settled."
    if finding.strength not in OVERRIDABLE:
        return "Nobody has said that this may be departed from."
    return ""


def mark(finding: FindingWords, *, edition: str, proposed_id: str) -> str:
    """A digest of everything for which a finding stands, in hex: another reason gives another mark."""

    def ids(named: Iterable[str]) -> list[str]:
        return sorted(PROPOSED if each == proposed_id else each for each in named)

    def reason(because: Because) -> list[Any]:
        parts = [reason(part) for part in because.made_of]
        return [because.fact, because.value, because.on, ids(because.events), parts]

    content = [
        edition,
        finding.rule,
        finding.decided,
        finding.strength,
        finding.effect.supply,
        finding.effect.capsules_in_hand,
        [reason(because) for because in finding.because],
        [[limit.value_name, limit.value, limit.strength] for limit in finding.limits],
        sorted(finding.missing),
    ]
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()


class Covered(Struct, frozen=True):
    """An obstacle as an override keeps it."""

    rule: str
    mark: str
    says: str
    strength: str


def covered(found: Iterable[Obstacle]) -> tuple[Covered, ...]:
    """Obstacles as they are kept with a signature."""
    return tuple(Covered(o.finding.rule, o.mark, o.finding.says, o.finding.strength) for o in found)


def changed(signed: Iterable[Covered], now: Iterable[Obstacle]) -> tuple[str, ...]:
    """In what the obstacles of now are not those that were signed for, a sentence each; nothing where they are the
    same."""
    then, after = {each.rule: each for each in signed}, {each.finding.rule: each for each in now}
    told = []
    for rule, obstacle in after.items():
        if rule not in then:
            told.append(f"In the way and not signed for: {obstacle.finding.says}")
        elif then[rule].mark != obstacle.mark:
            told.append(f"Stands for another reason than when it was signed for: {obstacle.finding.says}")
    told += [f"No longer in the way: {each.says}" for rule, each in then.items() if rule not in after]
    return tuple(told)
