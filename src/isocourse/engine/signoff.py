"""Whether a protocol's rules are clinically signed off on a day: a name on each, and no review overdue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from isocourse.engine import model as m


@dataclass(frozen=True)
class SignOff:
    """The rules nobody has signed, and the signed ones whose next review has passed."""

    unsigned: tuple[str, ...]
    overdue: tuple[str, ...]

    @property
    def stands(self) -> bool:
        return not self.unsigned and not self.overdue


def sign_off(rules: Iterable[m.Rule], on: int) -> SignOff:
    """The state of the signatures on a day. A rule's signature holds up to and including its day of next review."""
    unsigned, overdue = [], []
    for rule in rules:
        if not rule.reviewed_by:
            unsigned.append(rule.id)
        elif rule.next_review < on:
            overdue.append(rule.id)
    return SignOff(tuple(unsigned), tuple(overdue))
