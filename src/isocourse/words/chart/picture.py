"""What a course's picture holds, as data: rows of marks and bars, dose steps, climbing totals, panels of values.

Nothing is drawn that is not on record; what is projected or planned is marked so. Days are ordinals.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from isocourse.words.chart.shapes import Form
from isocourse.words.sentence import Sentence, Word


class Tick(NamedTuple):
    """Something that happened on a day. `sign` is a letter or two beside the mark, empty for none."""

    day: int
    form: Form
    style: str
    says: Sentence
    sign: str = ""


class Span(NamedTuple):
    """Something that lasts, both days included. `goes_on`: no end is on record. `planned`: it is still to come."""

    first: int
    last: int
    style: str
    says: Sentence
    sign: str = ""
    planned: bool = False
    goes_on: bool = False


class Strip(NamedTuple):
    """One row of marks and bars."""

    title: Word | str
    ticks: tuple[Tick, ...] = ()
    spans: tuple[Span, ...] = ()


class Step(NamedTuple):
    """Days with one daily dose, both included; `mg` is None where the dose is not known."""

    first: int
    last: int
    mg: Fraction | None
    says: Sentence
    planned: bool = False


class Climb(NamedTuple):
    """The total of one formulation in mg/kg at the start of days; `planned` goes on from the last of `points`."""

    formulation: Word
    points: tuple[tuple[int, Fraction], ...]
    planned: tuple[tuple[int, Fraction], ...]
    says: Sentence


class Band(NamedTuple):
    """The total that is aimed at, mg/kg."""

    low: int
    high: int
    says: Sentence


class Value(NamedTuple):
    """A value on a day. `censored`: the report only bounds it."""

    day: int
    value: Fraction
    text: str
    form: Form
    style: str
    says: Sentence
    sign: str = ""


class Panel(NamedTuple):
    """A small graph of one thing measured. `limits` are (day, upper limit): each holds from its result to the next.
    `most` is the end of a scale that has one."""

    title: Word
    unit: str
    values: tuple[Value, ...]
    limits: tuple[tuple[int, Fraction, str], ...] = ()
    most: int | None = None
    from_zero: bool = True


class Picture(NamedTuple):
    """Everything on one time axis from `first` to `last`."""

    first: int
    last: int
    today: int
    first_dose: int | None
    visits: tuple[Strip, ...]
    plans: Strip
    steps: tuple[Step, ...]
    climbs: tuple[Climb, ...]
    band: Band | None
    pregnancy: tuple[Strip, ...]
    labs: tuple[Panel, ...]
    body: tuple[Panel, ...]
    moods: tuple[Panel, ...]
    symptoms: tuple[Strip, ...]
    earlier: int  # of what could be drawn, how many lie before the picture

    @property
    def empty(self) -> bool:
        """Whether nothing on record can be drawn."""
        return not (
            self.steps
            or self.climbs
            or any(strip.ticks or strip.spans for strip in (*self.visits, *self.pregnancy, *self.symptoms))
            or self.labs
            or self.body
            or self.moods
        )
