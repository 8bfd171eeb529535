"""Where a day and a value lie. Days are ordinals; lengths are units of the drawing's own width."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

_MONTH_STEPS = (1, 2, 3, 6, 12)
_ROUND = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)


class Across(NamedTuple):
    """The time axis: the days `first` to `last`, both included, between `left` and `right`."""

    first: int
    last: int
    left: float
    right: float

    def x(self, day: int | Fraction) -> float:
        """Where a day begins; the end of the last day is at `right`."""
        return self.left + float(day - self.first) / (self.last + 1 - self.first) * (self.right - self.left)

    def middle(self, day: int) -> float:
        """The middle of a day, where something that happened on it is marked."""
        return self.x(day + Fraction(1, 2))

    def inside(self, day: int) -> bool:
        return self.first <= day <= self.last

    def clipped(self, first: int, last: int) -> tuple[int, int] | None:
        """A span of days as far as it lies on the axis; None where it does not."""
        low, high = max(first, self.first), min(last, self.last)
        return (low, high) if low <= high else None

    def months(self, least: float) -> Iterator[date]:
        """First days of months on the axis, so far apart that each has `least` units."""
        days = self.last + 1 - self.first
        a_month = (self.right - self.left) * 30.4 / days
        step = next((step for step in _MONTH_STEPS if step * a_month >= least), _MONTH_STEPS[-1])
        at = date.fromordinal(self.first)
        month = at.year * 12 + at.month - 1 + (at.day > 1)
        while (day := date(month // 12, month % 12 + 1, 1)).toordinal() <= self.last:
            if month % step == 0:
                yield day
            month += 1


class Up(NamedTuple):
    """A value axis from `base` at `bottom` to `top_value` at `top` (y grows downwards)."""

    top_value: Fraction
    top: float
    bottom: float
    base: Fraction = Fraction(0)

    def y(self, value: Fraction | int) -> float:
        """Where a value lies; what is beyond the axis lies at its end."""
        share = min(max((Fraction(value) - self.base) / (self.top_value - self.base), Fraction(0)), Fraction(1))
        return self.bottom - float(share) * (self.bottom - self.top)


def nice_top(most: Fraction) -> Fraction:
    """The least round number that is at least `most`: one of `_ROUND` tenths of a power of ten."""
    if most <= 0:
        return Fraction(1)
    power = Fraction(1)
    while power * 10 <= most:
        power *= 10
    while power > most:
        power /= 10
    return next(power * tenths / 10 for tenths in _ROUND if power * tenths / 10 >= most)


def weeks(first_dose: int, across: Across, least: float) -> Iterator[tuple[int, int]]:
    """(week of treatment, its first day) on the axis, every fourth week or so far apart that each has `least` units."""
    a_week = across.x(across.first + 7) - across.left
    step = next(step for step in (4, 8, 13, 26, 52, 104, 10**6) if step * a_week >= least)
    number = 0
    while (day := first_dose + 7 * number) <= across.last:
        if day >= across.first:
            yield number + 1, day
        number += step
