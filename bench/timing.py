"""Measuring: without the garbage collector, in several passes, several times over.

An item's time is the median of its passes, so that another process taking the core is not counted as ours; the
99th percentile is then over the items: the slowest course in a hundred. Each figure is the median of the repeats.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter_ns, process_time_ns
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


def measure(
    work: Callable[..., Any], items: Sequence[tuple[Any, ...]], *, passes: int = 5, repeats: int = 3
) -> Figures:
    """`work(*item)` for every item, `passes` times in each of `repeats`, after one pass to warm up."""
    for item in items:
        work(*item)
    found = [figures(_timed(work, items, passes)) for _ in range(repeats)]
    return Figures(
        median(one.p50 for one in found), median(one.p99 for one in found), median(one.per_second for one in found)
    )


def throughput(work: Callable[..., Any], items: Sequence[tuple[Any, ...]], *, repeats: int = 5) -> float:
    """Items per second of processor time, so per core."""
    found = []
    with _no_collection():
        for _ in range(repeats):
            begun = process_time_ns()
            for item in items:
                work(*item)
            found.append(1e9 * len(items) / (process_time_ns() - begun))
    return median(found)


def _timed(work: Callable[..., Any], items: Sequence[tuple[Any, ...]], passes: int) -> list[float]:
    columns: list[list[float]] = []
    with _no_collection():
        for _ in range(passes):
            samples = []
            for item in items:
                begun = perf_counter_ns()
                work(*item)
                samples.append((perf_counter_ns() - begun) / 1000)
            columns.append(samples)
    return [median(times) for times in zip(*columns, strict=True)]


@contextmanager
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
