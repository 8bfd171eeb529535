"""What is known of what to expect, as data: ranges with their studies, shares, what is unusual, whom to tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["appears", "gains", "clears", "fades", "told", "shown"]
Clock = Literal["treated_weeks", "after_weeks", "after_months"]
Tell = Literal["emergency", "today", "day_or_two", "visit"]

KINDS = ("appears", "gains", "clears", "fades", "told", "shown")
CLOCKS = ("treated_weeks", "after_weeks", "after_months")
TELLS = ("emergency", "today", "day_or_two", "visit")


@dataclass(frozen=True)
class When:
    """From when to when, both included: weeks of treatment from 1, or weeks or months since the last dose from 0.
    `last` is None for the end of the course. `says` is what the studies counted."""

    clock: Clock
    first: int
    last: int | None
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """How many people in a study, in percent: one figure, or from `low` to `high`. `people` took part; None where the
    text that was read does not say."""

    says: str
    low: Decimal
    high: Decimal | None
    people: int | None
    source: str


@dataclass(frozen=True)
class Unusual:
    """What would be unusual, whom to tell and how soon; the protocol's rules that say what then happens."""

    says: str
    tell: Tell
    rules: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watch:
    """Which of the person's own entries stand beside it: symptoms, scales, analytes, figures of photographs."""

    terms: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    analytes: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expectation:
    """One thing to expect. `when` is None where no study that was read counted it, and `not_known` says so."""

    name: str
    title: str
    kind: Kind
    when: When | None
    not_known: str
    shares: tuple[Share, ...]
    lasts: str
    says: str
    clinician_says: str
    unusual: tuple[Unusual, ...]
    depends_on: str
    watch: Watch
    confidence: str
    sources: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class Known:
    """Everything that is known: what belongs to the course, what comes after it, what is never usual, and the titles of
    the sources by id."""

    course: tuple[Expectation, ...]
    after: tuple[Expectation, ...]
    any_time: tuple[Unusual, ...]
    titles: Mapping[str, str]
    content: str

    @property
    def every(self) -> tuple[Expectation, ...]:
        return (*self.course, *self.after)
