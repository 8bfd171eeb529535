"""How large a change must be to be more than the noise: of one person's own repeat photographs, and of counting.

SDC95 is 1.96 * sqrt(2) * the standard deviation within the person, with Student's t for 1.96 where it comes from few
repeats (shared/clinical/instruments.md 8.1, 8.3). Lesions come and go by chance, so a count has a floor (8.5). Repeats
of one sitting do not know how skin differs from day to day: the figure is the least that the noise can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from statistics import stdev

from scipy.stats import chi2

from isocourse.skin.scales.agreement import Z95, smallest_detectable_change
from isocourse.skin.scales.change import count_p

_EXACT_TO = 2_000  # lesions on both days together, to which the exact floor is searched
_SAME = 1e-12


@dataclass(frozen=True)
class Noise:
    """`value` is the smallest detectable change at 95 percent; `own` of this person's repeats. The true spread lies
    between `low` and `high` times the one found, with 95 percent confidence: 1 and 1 where it was given."""

    value: float
    own: bool
    repeats: int = 0
    low: float = 1.0
    high: float = 1.0


def own_noise(values: Sequence[float]) -> Noise | None:
    """From one person's photographs of one occasion. None of fewer than two, or where they do not differ at all (the
    same file twice): no spread seen is not a spread of nothing."""
    if len(values) < 2:
        return None
    sd, degrees = stdev(values), len(values) - 1
    if sd <= _SAME:
        return None
    low, high = (sqrt(degrees / float(chi2.ppf(part, degrees))) for part in (0.975, 0.025))
    return Noise(smallest_detectable_change(sd, degrees=degrees), True, len(values), low, high)


def count_floor(before: float, after: float) -> float:
    """The largest difference between two counts of this sum that chance alone makes in one case of twenty or more."""
    both = round(before + after)
    if both > _EXACT_TO:
        return Z95 * sqrt(both)
    apart = both % 2  # the difference is odd where the sum is
    while apart <= both and count_p((both - apart) // 2, (both + apart) // 2) >= 0.05:
        apart += 2
    return float(max(apart - 2, 0))


def count_noise(before: float, after: float, photographs: Noise | None) -> Noise | None:
    """The floor of counting and the noise of photographs, independent of each other. Without the latter only a change
    within the floor can be judged, so None beyond it."""
    floor = count_floor(before, after)
    if photographs is not None:
        return Noise(hypot(floor, photographs.value), photographs.own, *_certainty(photographs))
    return Noise(floor, False) if abs(after - before) <= floor else None


def _certainty(noise: Noise) -> tuple[int, float, float]:
    return noise.repeats, noise.low, noise.high
