"""What a change of a score means: whether it is more than noise, and, apart from that, whether it matters.

"Better" here says only which way the number went, never why. Words in `_(...)` are marked for gettext.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb, sqrt
from typing import Literal

from isocourse.skin.scales.model import Scale

# Beyond noise, and better or worse; within noise; or the way it went where no noise of the scale is known.
Verdict = Literal["improved", "within_noise", "worse", "lower", "higher", "same"]
_Z95 = 1.96
_MANY = 200  # lesions on both days together, from which on the roots are exact enough
_LEAST_FOR_PERCENT = 5  # of a smaller number no percentage is told


@dataclass(frozen=True)
class Change:
    """From one total to a later one of the same scale. `percent` is None of a first total below 5. `matters`: whether
    it reaches the least difference that patients notice, None where no such figure is known."""

    difference: Fraction
    percent: Fraction | None
    verdict: Verdict
    matters: bool | None


def change(scale: Scale, before: Fraction, after: Fraction) -> Change:
    """The change between two totals of one scale."""
    difference = after - before
    percent = 100 * difference / before if before >= _LEAST_FOR_PERCENT else None
    matters = None if scale.matters is None else abs(difference) >= scale.matters.value
    return Change(difference, percent, _verdict(scale, before, after), matters)


def _verdict(scale: Scale, before: Fraction, after: Fraction) -> Verdict:
    beyond = _beyond_noise(scale, before, after)
    if beyond is None:
        return "same" if after == before else "lower" if after < before else "higher"
    if not beyond:
        return "within_noise"
    return "improved" if (after < before) == (scale.better == "lower") else "worse"


def _beyond_noise(scale: Scale, before: Fraction, after: Fraction) -> bool | None:
    """None where no noise of the scale is known."""
    if scale.noise is not None:
        return abs(after - before) >= scale.noise.value
    return _counts_differ(before, after) if scale.counted else None


def _counts_differ(before: Fraction, after: Fraction) -> bool:
    """By their roots, and exactly as well where counts are few: 4 and 0 differ by roots, and often by chance."""
    if abs(count_z(before, after)) <= _Z95:
        return False
    return before + after > _MANY or count_p(int(before), int(after)) < 0.05


def count_z(before: Fraction | int, after: Fraction | int) -> float:
    """Two counts compared as Poisson counts, by their roots, whose variance is about a quarter: beyond 1.96 either way
    is more than the noise of counting alone (shared/clinical/instruments.md 8.5). Raters add to the noise."""
    if before < 0 or after < 0:
        raise ValueError("a count is never below 0")
    return (sqrt(after) - sqrt(before)) / sqrt(0.5)


def count_p(before: int, after: int) -> float:
    """How often chance alone parts as many lesions this unevenly or more between two days (exact, both sides)."""
    both = before + after
    tail = sum(comb(both, less) for less in range(min(before, after) + 1))
    return min(1.0, float(Fraction(2 * tail, 1 << both)))


def iga_success(before: int, after: int) -> bool:
    """Success in trials: clear or almost clear, and at least two grades better. The wording is recalled only
    (low confidence); nothing is decided by it."""
    return after <= 1 and before - after >= 2


def severe_by_nice(*, inflammatory: int | None, nodules: int | None) -> bool | None:
    """Whether acne is moderate to severe by NICE NG198 (2021): 35 inflammatory lesions or more, or 3 nodules or more.
    None when that turns on a count that is not known."""
    known = [(count, least) for count, least in ((inflammatory, 35), (nodules, 3)) if count is not None]
    if any(count >= least for count, least in known):
        return True
    return False if len(known) == 2 else None
