"""The range of each skin score, so that a slipped digit is refused where it is written down.

The ends are those that `skin.scales` reckons from the items of each scale; a test holds the two against each other.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from isocourse.record.terminology import words_for

MOST = 10000  # of what has no end of its own: counts, other scales, and the ICGS, whose range was not confirmed


class Range(NamedTuple):
    """From `low` to `high`, both included; or 0, where `or_none` stands for nothing to be scored."""

    high: int = MOST
    low: int = 0
    whole: bool = True
    or_none: bool = False

    def holds(self, value: Decimal) -> bool:
        if self.whole and value != value.to_integral_value():
            return False
        return self.low <= value <= self.high or (self.or_none and value == 0)

    def text(self) -> str:
        """As a person would say it."""
        numbers = "whole numbers" if self.whole else "numbers"
        return f"{'0, or ' if self.or_none else ''}{numbers} from {self.low} to {self.high}"


RANGES: dict[str, Range] = {
    "iga": Range(4),
    "gags": Range(44),
    "lesion_count": Range(),
    "inflammatory_count": Range(),
    "noninflammatory_count": Range(),
    "nodule_count": Range(),
    "hayashi": Range(),
    "cass": Range(15),
    "cass_face": Range(5),
    "cass_chest": Range(5),
    "cass_back": Range(5),
    "ecca": Range(540),
    "goodman_baron_qualitative": Range(4, low=1),
    "goodman_baron_quantitative": Range(84),
    "scar_s": Range(15),
    "pahpi": Range(22, low=6, or_none=True),
    "pih_ods": Range(8),
    "mmasi": Range(24, whole=False),
    "icgs": Range(),
    "dlqi": Range(30),
    "cadi": Range(15),
    "acne_qol_self_perception": Range(30),
    "acne_qol_role_emotional": Range(30),
    "acne_qol_role_social": Range(24),
    "acne_qol_symptoms": Range(30),
    "acne_q4": Range(24),
    "skindex16_symptoms": Range(100, whole=False),
    "skindex16_emotions": Range(100, whole=False),
    "skindex16_functioning": Range(100, whole=False),
    "other": Range(whole=False),
}
# Scales that records held before they had a range: what was written then is read as it stands, and pages say that it
# is outside. New entries of them are checked in care.
KEPT = frozenset({"iga", "gags", "lesion_count", "nodule_count", "cass", "ecca", "mmasi", "other"})


def outside(scale: str, value: Decimal) -> str:
    """What is wrong with a score that its scale cannot give, and what is allowed; empty for every other."""
    allowed = RANGES[scale]
    if allowed.holds(value):
        return ""
    return f"a score of {format(value, 'f')[:20]} cannot be on {words_for(scale)}; allowed are {allowed.text()}"
