"""The course of one figure over visits: the median of all slopes (Theil 1950, Sen 1968), with Kendall's exact interval.

One visit that went wrong hardly moves it. Of fewer than five visits no slope is told from chance at 95 percent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite
from statistics import median
from typing import Literal

_MONTH = 30.0
_ONE_SIDE = 0.025


@dataclass(frozen=True)
class Trend:
    """`slope` in units a month of 30 days, and its 95 percent interval, None where there are too few visits for one;
    `level` is the line's value on the first day."""

    slope: float
    low: float | None
    high: float | None
    level: float
    visits: int
    verdict: Literal["improved", "within noise", "worse", "not known"]


def trend(days: Sequence[float], values: Sequence[float], *, lower_is_better: bool = True) -> Trend | None:
    """None of fewer than two different days. Values of one day are averaged first. Raises ValueError for what is no
    number, or where the two differ in length."""
    if len(days) != len(values) or not all(map(isfinite, (*days, *values))):
        raise ValueError("a day and a number for each visit, all of them finite")
    of_day: dict[float, list[float]] = {}
    for day, value in zip(days, values, strict=True):
        of_day.setdefault(day, []).append(value)
    points = [(day, sum(same) / len(same)) for day, same in sorted(of_day.items())]
    if len(points) < 2:
        return None
    slopes = sorted((v2 - v1) / (d2 - d1) * _MONTH for (d1, v1), (d2, v2) in combinations(points, 2))
    slope = median(slopes)
    level = median(value - slope * (day - points[0][0]) / _MONTH for day, value in points)
    outside = _outside(len(points))
    if outside is None:
        return Trend(slope, None, None, level, len(points), "not known")
    low, high = slopes[outside], slopes[-1 - outside]
    if low <= 0 <= high:
        return Trend(slope, low, high, level, len(points), "within noise")
    return Trend(slope, low, high, level, len(points), "improved" if (high < 0) == lower_is_better else "worse")


def _outside(visits: int) -> int | None:
    """How many slopes lie beyond each end of the interval; None where even the outermost two are too near.

    Without a trend all orders of the values are as likely, and the number of falling pairs has Mahonian counts.
    """
    counts = [1]
    for more in range(1, visits):
        counts = [sum(counts[max(k - more, 0) : k + 1]) for k in range(len(counts) + more)]
    orders, below, outside = sum(counts), 0, -1
    for count in counts:
        below += count
        if below / orders > _ONE_SIDE:
            break
        outside += 1
    return outside if outside >= 0 else None
