"""How large a change must be to be more than the noise: of one person's own repeat photographs, and of counting.

SDC95 is 1.96 * sqrt(2) * the standard deviation within the person, with Student's t for 1.96 where it comes from few
repeats (shared/clinical/instruments.md 8.1, 8.3). Lesions come and go by chance, so a count has a floor (8.5). Repeats
of one sitting do not know how skin differs from day to day: the figure is the least that the noise can be.

Two or three repeats can be alike by chance. So no noise is under what photographs of generated skin differ by when
they are taken again at once (`LEAST`): a person's are hardly steadier than that. And figures that nobody chose
beforehand are judged together (`limit`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot, sqrt
from statistics import stdev

from scipy.stats import chi2, norm, t

from isocourse.skin.scales.agreement import Z95, smallest_detectable_change
from isocourse.skin.scales.change import count_p

_EXACT_TO = 2_000  # lesions on both days together, to which the exact floor is searched
_SAME, _ONE_SIDE = 1e-12, 0.025

# The smallest detectable change of a figure, and the mean that it was found at, between photographs of generated faces
# taken again at once (docs/skin-evaluation.md; a test holds the two together). Never a person's noise, only its least.
LEAST: dict[str, tuple[float, float]] = {
    "dark spots": (1.61, 9.69),
    "area of dark spots": (15.1, 61.5),
    "burden of dark spots": (74.0, 483.1),
    "red marks": (1.57, 9.93),
    "area of red marks": (11.2, 63.5),
    "burden of red marks": (41.0, 338.4),
    "redness of the skin between marks": (0.541, 26.3),
    "roughness of 0.4 to 1 mm": (0.029, 0.417),
    "roughness of 1 to 6 mm": (0.024, 0.641),
}


@dataclass(frozen=True)
class Noise:
    """`value` is the smallest detectable change at 95 percent: of this person's `repeats` where `own`, else of counting
    alone. The true spread lies between `low` and `high` times the one found, with 95 percent confidence. `raised`: it
    is not what was seen but the least that is believed."""

    value: float
    own: bool
    repeats: int = 0
    low: float = 1.0
    high: float = 1.0
    raised: bool = False


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


def least(what: str, size: float) -> float:
    """The least that the noise of a figure of this size can be; 0 where nothing is known.

    In proportion below the size that it was found at, and no more than was found above it: of the two ways to go on
    from one point the lower one, as this is a floor.
    """
    change, found_at = LEAST.get(what, (0.0, 1.0))
    return change * min(1.0, size / found_at)


def limit(noise: Noise, *, least: float = 0.0, together: int = 1) -> Noise:
    """A person's own noise, at least `least`, of one of so many figures judged together: widened so that without any
    change one comparison in twenty at most has one of them beyond it (Bonferroni)."""
    own = noise.value * _wider(together, noise.repeats - 1)
    floor = least * _wider(together, None)
    return replace(noise, value=max(own, floor), raised=floor > own)


def _wider(together: int, degrees: int | None) -> float:
    """The quantile for one of many beside that for one alone."""
    one, each = 1 - _ONE_SIDE, 1 - _ONE_SIDE / max(together, 1)
    if degrees is None:
        return float(norm.ppf(each) / norm.ppf(one))
    return float(t.ppf(each, degrees) / t.ppf(one, degrees))


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
    within the floor can be judged, so None beyond it; and nothing on either day says nothing of either."""
    floor = count_floor(before, after)
    if photographs is not None:
        return replace(photographs, value=hypot(floor, photographs.value))
    return Noise(floor, False) if floor and abs(after - before) <= floor else None
