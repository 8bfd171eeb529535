"""Measuring: one time per item, without the garbage collector, several times over; the median of the repeats."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter_ns
from typing import Any


@dataclass(frozen=True)
class Figures:
    """Microseconds per item: median and 99th percentile, each the median of the repeats, and items per second."""

    p50: float
    p99: float
    per_second: float


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the sorted values lie (nearest rank)."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def figures(samples: Sequence[float]) -> Figures:
    """The figures of one list of times in microseconds."""
    ordered = sorted(samples)
    return Figures(percentile(ordered, 0.50), percentile(ordered, 0.99), 1e6 * len(ordered) / sum(ordered))


def measure(work: Callable[..., Any], items: Sequence[tuple[Any, ...]], *, passes: int = 5, repeats: int = 5) -> Figures:
    """`work(*item)` for every item, `passes` times in each of `repeats`, after one pass to warm up."""
    for item in items:
        work(*item)
    found = [figures(_timed(work, items, passes)) for _ in range(repeats)]
    return Figures(
        median(one.p50 for one in found), median(one.p99 for one in found), median(one.per_second for one in found)
    )


def _timed(work: Callable[..., Any], items: Sequence[tuple[Any, ...]], passes: int) -> list[float]:
    gc.collect()
    gc.disable()
    try:
        samples = []
        for _ in range(passes):
            for item in items:
                begun = perf_counter_ns()
                work(*item)
                samples.append((perf_counter_ns() - begun) / 1000)
        return samples
    finally:
        gc.enable()
