"""Capsules that add up: a daily dose made of the strengths a product really has, split over the intakes of a day.

Fewest capsules first, then the most even split, then the larger capsules. A strength is never invented and a capsule
never divided: where the dose cannot be made, the answer is None and `doses_between` names the ones that can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from isocourse.errors import InputError

MOST_CAPSULES = 12


@dataclass(frozen=True)
class Intake:
    """What is taken at one time: (strength in mg, capsules), largest strength first."""

    capsules: tuple[tuple[Decimal, int], ...]

    @property
    def mg(self) -> Decimal:
        return sum((strength * count for strength, count in self.capsules), Decimal(0))

    @property
    def count(self) -> int:
        return sum(count for _, count in self.capsules)


@dataclass(frozen=True)
class Day:
    """The capsules of one day, intake by intake; the larger intake is the later one (with the main meal)."""

    intakes: tuple[Intake, ...]

    @property
    def mg(self) -> Decimal:
        return sum((intake.mg for intake in self.intakes), Decimal(0))

    @property
    def count(self) -> int:
        return sum(intake.count for intake in self.intakes)

    def needed(self, days: int) -> tuple[tuple[Decimal, int], ...]:
        """(strength, capsules) for so many days, largest strength first."""
        totals: dict[Decimal, int] = {}
        for intake in self.intakes:
            for strength, count in intake.capsules:
                totals[strength] = totals.get(strength, 0) + count * days
        return tuple(sorted(totals.items(), reverse=True))


def capsules_for(dose_mg: Decimal, strengths_mg: Sequence[Decimal], intakes: int = 2) -> Day | None:
    """The capsules of a day for a dose in mg, or None when whole capsules of these strengths cannot make it.

    With two intakes each has at least one capsule. Raises InputError for a dose or strength that is not above 0, and
    for intakes other than 1 or 2.
    """
    if intakes not in (1, 2):
        raise InputError(f"{intakes} intakes a day", allowed="1 or 2")
    if not dose_mg > 0 or not all(strength > 0 for strength in strengths_mg):
        raise InputError("a dose or a strength is not above 0", mend="write mg above 0")
    return _capsules(dose_mg, tuple(sorted(set(strengths_mg), reverse=True)), intakes)


@lru_cache(maxsize=4096)
def _capsules(dose: Decimal, strengths: tuple[Decimal, ...], intakes: int) -> Day | None:
    for count in range(intakes, MOST_CAPSULES + 1):
        days = [split(chosen, intakes) for chosen in _chosen(dose, strengths, count)]
        if days:
            return min(days, key=_uneven)
    return None


def _uneven(day: Day) -> tuple[Decimal, int, tuple[Decimal, ...]]:
    """First the difference between intakes in mg, then in capsules; the larger capsules break a tie."""
    first, last = day.intakes[0], day.intakes[-1]
    largest = tuple(-strength for intake in day.intakes for strength, count in intake.capsules for _ in range(count))
    return abs(last.mg - first.mg), abs(last.count - first.count), tuple(sorted(largest))


def _chosen(dose: Decimal, strengths: tuple[Decimal, ...], count: int) -> Iterator[tuple[Decimal, ...]]:
    """Every choice of exactly `count` capsules that makes the dose, largest first."""
    if count == 0:
        if dose == 0:
            yield ()
        return
    for index, strength in enumerate(strengths):
        # Too large to fit, or so small that even `count` of it fall short.
        if strength <= dose <= strength * count:
            for rest in _chosen(dose - strength, strengths[index:], count - 1):
                yield (strength, *rest)


def split(chosen: tuple[Decimal, ...], intakes: int) -> Day:
    """The capsules of a day, named one by one, over one intake or two, as evenly as they allow."""
    if intakes == 1:
        return Day((_intake(chosen),))
    best: Day | None = None
    for mask in range(1, 2 ** len(chosen) - 1):
        one = tuple(mg for index, mg in enumerate(chosen) if mask >> index & 1)
        other = tuple(mg for index, mg in enumerate(chosen) if not mask >> index & 1)
        if (sum(one), len(one), one) > (sum(other), len(other), other):
            continue  # the other way round comes too
        day = Day((_intake(one), _intake(other)))
        if best is None or _uneven(day) < _uneven(best):
            best = day
    assert best is not None
    return best


def _intake(chosen: tuple[Decimal, ...]) -> Intake:
    counts = {mg: chosen.count(mg) for mg in chosen}
    return Intake(tuple(sorted(counts.items(), reverse=True)))


def doses_between(
    low_mg: Decimal, high_mg: Decimal, strengths_mg: Sequence[Decimal], intakes: int = 2
) -> tuple[Decimal, ...]:
    """Every daily dose from low to high (both included) that whole capsules make in so many intakes, rising."""
    strengths = tuple(sorted(set(strengths_mg)))
    found: set[Decimal] = set()
    sums = {Decimal(0)}
    for count in range(1, MOST_CAPSULES + 1):
        sums = {made + mg for made in sums for mg in strengths if made + mg <= high_mg}
        if count >= intakes:
            found |= {made for made in sums if made >= low_mg}
    return tuple(sorted(found))
