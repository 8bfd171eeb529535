"""The findings of an answer in the order in which somebody at a desk needs them.

First what withholds, then what is asked of the capsules in hand, then what cannot be decided (by what is missing, so
that one unknown does not read like ten faults), then advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from isocourse.words.answer import Answer, Because, FindingWords

_SEVERITY = {"stop_now": 0, "ask_prescriber": 1}


class Undecided(NamedTuple):
    """What is not known, in words, and the findings that wait for it."""

    missing: tuple[str, ...]
    findings: tuple[FindingWords, ...]


class Reasons(NamedTuple):
    withholding: tuple[FindingWords, ...]
    capsules: tuple[FindingWords, ...]
    undecided: tuple[Undecided, ...]
    advice: tuple[FindingWords, ...]


def reasons_of(answer: Answer) -> Reasons:
    """Every finding in exactly one group."""
    decided = sorted((f for f in answer.findings if f.decided), key=_pressing)
    withholding = [f for f in decided if f.effect.supply == "withhold"]
    capsules = [f for f in decided if f.effect.supply != "withhold" and _pressing(f) < 2]
    advice = [f for f in decided if f.effect.supply != "withhold" and _pressing(f) >= 2]
    return Reasons(tuple(withholding), tuple(capsules), tuple(_undecided(answer)), tuple(advice))


def _pressing(finding: FindingWords) -> int:
    return _SEVERITY.get(finding.effect.capsules_in_hand, 2)


def _undecided(answer: Answer) -> Iterator[Undecided]:
    says = {unknown.fact: unknown.says for unknown in answer.unknown}
    groups: dict[tuple[str, ...], list[FindingWords]] = {}
    for finding in sorted((f for f in answer.findings if not f.decided), key=_pressing):
        groups.setdefault(finding.missing, []).append(finding)
    for missing, findings in groups.items():
        yield Undecided(tuple(says.get(name, name) for name in missing), tuple(findings))


def events_of(because: Because) -> Iterator[str]:
    """The events that a reason comes from, those of what it is made of included."""
    yield from because.events
    for part in because.made_of:
        yield from events_of(part)
