"""Dice with a name: the same words give the same throws, whatever else was thrown before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp
from random import Random
from statistics import NormalDist
from typing import TypeVar

_T = TypeVar("_T")
_STANDARD = NormalDist()


class Dice:
    """One stream of chance. Only `Random.random` is used, the one sequence Python promises to keep."""

    def __init__(self, *names: object) -> None:
        self._next = Random(" ".join(str(name) for name in names)).random  # noqa: S311

    def happens(self, share: float) -> bool:
        """Whether something that happens in this share of cases happens now."""
        return self._next() < share

    def between(self, least: int, most: int) -> int:
        """A whole number from least to most, both included, each as likely."""
        return least + int(self._next() * (most - least + 1))

    def pick(self, choices: Sequence[_T]) -> _T:
        """One of the choices, each as likely."""
        return choices[int(self._next() * len(choices))]

    def weighted(self, choices: Mapping[_T, float]) -> _T:
        """One of the choices by weight; the weights need not sum to one."""
        left = self._next() * sum(choices.values())
        for choice, weight in choices.items():  # noqa: B007 - the last one where rounding leaves a rest
            left -= weight
            if left < 0:
                break
        return choice

    def normal(self, mean: float, deviation: float) -> float:
        """A number of a normal distribution."""
        return mean + deviation * _STANDARD.inv_cdf(max(self._next(), 1e-12))

    def lognormal(self, mean: float, deviation: float) -> float:
        """A number whose natural logarithm is normal; `mean` and `deviation` are the logarithm's."""
        return exp(self.normal(mean, deviation))
