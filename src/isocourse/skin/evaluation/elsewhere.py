"""Figures of the evaluation that other stages measure about themselves: alignment and colour calibration.

Each is a function without arguments that gives figures on generated pictures of its own; one that is not built yet
gives a figure without a value, which is printed as not measured.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """`limit` is the most that is wanted; `value` is None where nothing was measured."""

    name: str
    unit: str
    limit: float
    value: float | None


def registration_error() -> tuple[Figure, ...]:
    """Median and 90th percentile of the distance, on visible skin, of a follow-up laid on its baseline."""
    return (
        Figure("registration error, median", "px", 0.3, None),
        Figure("registration error, 90th percentile", "px", 1.5, None),
    )


def colour_after_calibration() -> tuple[Figure, ...]:
    """Error of skin's own colour after calibration by a chart of 200 px."""
    return (Figure("skin delta E00 after a chart of 200 px, median", "", 1.0, None),)


ELSEWHERE: tuple[Callable[[], tuple[Figure, ...]], ...] = (registration_error, colour_after_calibration)
