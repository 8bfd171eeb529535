"""What every summary of the evaluation shares: which marks the aims are about, shares, medians, smallest changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
import numpy as np

from isocourse.skin.scales.agreement import sem_agreement, smallest_detectable_change

STRENGTHS = ((3.0, 6.0), (6.0, 10.0), (10.0, 20.0))  # delta E*ab
# What a mark has to be for the aims: at least that wide and that unlike.
_WIDE, _UNLIKE = 2.0, 6.0


class AnyMark(Protocol):
    """Of a piece, a whole face or a portrait: millimetres across, and delta E*ab from even skin."""

    @property
    def diameter(self) -> float: ...

    @property
    def d_e(self) -> float: ...


class Change(msgspec.Struct, frozen=True):
    """The smallest detectable change of one face (95 %), beside the mean and as a part of it."""

    what: str
    unit: str
    mean: float
    sdc: float

    @property
    def part(self) -> float | None:
        return self.sdc / self.mean if self.mean > 0 else None


def aimed(mark: AnyMark) -> bool:
    """Whether the aims are about it."""
    return mark.diameter >= _WIDE and mark.d_e >= _UNLIKE


def share(values: Sequence[bool]) -> float | None:
    """How many of them; None of none."""
    return sum(values) / len(values) if values else None


def middle(values: Sequence[float | None]) -> float | None:
    """The median of what is known."""
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None


def off_one(ratios: Sequence[float | None]) -> float | None:
    """How far ratios are from one, at the median."""
    return middle([None if ratio is None else abs(ratio - 1) for ratio in ratios])


def change(what: str, unit: str, table: Sequence[Sequence[float]]) -> Change:
    """From a row of repeats for each face."""
    degrees = len(table) * (len(table[0]) - 1)
    sdc = smallest_detectable_change(sem_agreement(table), degrees=degrees)
    return Change(what, unit, float(np.mean(table)), sdc)
