"""The shape of a scale: its items, how they become a number, and how far the number can be trusted.

Numbers are exact (`Fraction`). Words in `_(...)` are marked for gettext.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from isocourse.record.terminology import words_for

# Where the facts of a scale were read: high, in a source that was opened; medium, its structure was, and the recalled
# figures pass an arithmetic check against a published range; low, recalled only. What is low decides nothing.
Confidence = Literal["high", "medium", "low"]
MOST = 10000  # the most of anything that is counted


@dataclass(frozen=True)
class Cut:
    """From `start` on there are `points`; `above`: only above it."""

    start: int
    points: int
    above: bool = False


@dataclass(frozen=True)
class Item:
    """One thing that is looked at, from `low` to `high`; `above`: more than `low`. `cuts` turn the number into points;
    without them the number is the points. `levels` are the words for `low`, `low` + 1 and so on. `recalled_high`: the
    upper end is from memory only, so a higher number is taken, and remarked on."""

    name: str
    says: str
    high: int = MOST
    low: int = 0
    above: bool = False
    whole: bool = True
    unit: str = ""
    cuts: tuple[Cut, ...] = ()
    levels: tuple[str, ...] = ()
    recalled_high: int | None = None

    def range_text(self) -> str:
        """The numbers that are allowed, as a person would say them."""
        first = f"above {self.low}" if self.above else str(self.low)
        kind = "whole numbers" if self.whole else "numbers"
        return f"{kind} from {first} to {self.high}{' ' + self.unit if self.unit else ''}"


@dataclass(frozen=True)
class Term:
    """A weight times the points of one item, or of several multiplied."""

    items: tuple[str, ...]
    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class Band:
    """The whole numbers from `low` to `high` (None: no end), both included, have a name."""

    low: int
    high: int | None
    says: str


@dataclass(frozen=True)
class Least:
    """The least change that means something, and where that was read."""

    value: Fraction
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class Scale:
    """One published scale.

    `nothing` is the item that makes the total 0 when it is 0: the others are then left out. `flags` are remarks on
    single totals. `noise` is the least change that is more than the disagreement of raters, `matters` the least that
    patients notice (a minimal important difference); None where no figure was read. `counted`: the total is a number
    of lesions, whose noise is at least that of counting. `recalled` are figures from memory, shown and never used.
    """

    name: str
    measures: str
    items: tuple[Item, ...]
    terms: tuple[Term, ...]
    formula: str
    validated: str
    source: str
    confidence: Confidence
    combine: Literal["sum", "highest"] = "sum"
    bands: tuple[Band, ...] = ()
    nothing: str = ""
    flags: Mapping[int, str] = field(default_factory=dict)
    better: Literal["lower", "higher"] = "lower"
    counted: bool = False
    noise: Least | None = None
    matters: Least | None = None
    licence: str = ""
    may_not: tuple[str, ...] = ()
    recalled: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What people call it."""
        return words_for(self.name)

    def item(self, name: str) -> Item:
        return next(item for item in self.items if item.name == name)


def own(name: str) -> tuple[Term, ...]:
    """The total is the one item itself."""
    return (Term((name,)),)


def each(items: tuple[Item, ...], *weights: int) -> tuple[Term, ...]:
    """Every item on its own, weighted in order; without weights all count once."""
    counts = weights or (1,) * len(items)
    return tuple(Term((item.name,), Fraction(weight)) for item, weight in zip(items, counts, strict=True))


def graded(*levels: str, low: int = 0) -> tuple[Band, ...]:
    """A band for every grade, from `low` on."""
    return tuple(Band(low + place, low + place, words) for place, words in enumerate(levels))


def _(words: str) -> str:
    """Marks words for translators, as gettext_noop does: pages translate them when they show them."""
    return words
