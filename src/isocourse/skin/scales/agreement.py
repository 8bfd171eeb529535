"""How well repeated measurements agree, and how large a change must be to be more than their error.

Intra-class correlation after Shrout and Fleiss (1979), limits of agreement after Bland and Altman (1986), reliable
change after Jacobson and Truax (1991), kappa of grades after Cohen (1960, 1968). An ICC says that the order is kept
within one sample; what one person's change must exceed is the smallest detectable change. Units are those of the
measurement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, cos, fsum, isfinite, pi, sin, sqrt
from typing import Literal

Table = Sequence[Sequence[float]]  # a row for each person, a column for each rater or repeat
Z95 = 1.96


@dataclass(frozen=True)
class MeanSquares:
    """Of a table of `people` by `repeats`: between people, between columns, what is left, within people."""

    people: int
    repeats: int
    between_people: float
    between_columns: float
    residual: float
    within_people: float


def mean_squares(table: Table) -> MeanSquares:
    """Raises ValueError for fewer than two rows or columns, rows of different lengths, or a number that is none."""
    people, repeats = len(table), len(table[0]) if table else 0
    if people < 2 or repeats < 2:
        raise ValueError(f"{people} rows of {repeats}: at least two people, measured twice each, are needed")
    for place, row in enumerate(table, 1):
        if len(row) != repeats:
            raise ValueError(f"row {place} has {len(row)} numbers, the first has {repeats}; leave out who has a gap")
        if not all(isfinite(value) for value in row):
            raise ValueError(f"row {place} holds something that is no number; leave out who has a gap")
    grand = fsum(value for row in table for value in row) / (people * repeats)
    rows = [fsum(row) / repeats for row in table]
    columns = [fsum(row[place] for row in table) / people for place in range(repeats)]
    left = fsum(
        (value - rows[i] - columns[j] + grand) ** 2 for i, row in enumerate(table) for j, value in enumerate(row)
    )
    within = fsum((value - rows[i]) ** 2 for i, row in enumerate(table) for value in row)
    return MeanSquares(
        people,
        repeats,
        repeats * fsum((mean - grand) ** 2 for mean in rows) / (people - 1),
        people * fsum((mean - grand) ** 2 for mean in columns) / (repeats - 1),
        left / ((people - 1) * (repeats - 1)),
        within / (people * (repeats - 1)),
    )


def icc_1_1(table: Table) -> float:
    """Each person measured by other raters than the next. Raises ValueError where nothing varies."""
    s = mean_squares(table)
    return _ratio(s.between_people - s.within_people, s.between_people + (s.repeats - 1) * s.within_people)


def icc_2_1(table: Table) -> float:
    """Agreement of single measurements; raters are a sample of raters. Raises ValueError where nothing varies."""
    s = mean_squares(table)
    columns = s.repeats * (s.between_columns - s.residual) / s.people
    return _ratio(s.between_people - s.residual, s.between_people + (s.repeats - 1) * s.residual + columns)


def icc_3_1(table: Table) -> float:
    """Consistency of single measurements by just these raters. Raises ValueError where nothing varies."""
    s = mean_squares(table)
    return _ratio(s.between_people - s.residual, s.between_people + (s.repeats - 1) * s.residual)


def _ratio(over: float, under: float) -> float:
    if under <= 0:
        raise ValueError("nothing varies between people or repeats, so there is no correlation")
    return over / under


def kappa(counts: Sequence[Sequence[int]], weights: Literal["none", "linear", "quadratic"]) -> float:
    """Agreement of two raters beyond chance, from a square table: how many people the first gave the row's grade and
    the second the column's, in the order of the grades.

    A disagreement counts 1, or as many as there are grades between (Cicchetti and Allison 1971), or their square
    (Fleiss and Cohen 1973), near to an ICC. Raises ValueError for another table, or where only one grade occurs.
    """
    grades, people = len(counts), sum(map(sum, counts))
    if grades < 2 or any(len(row) != grades for row in counts):
        raise ValueError("a square table is needed, two grades at least, a row and a column for each")
    if people == 0 or any(count < 0 for row in counts for count in row):
        raise ValueError("the table holds how many people each pair of grades has: none below 0, one person at least")
    rows = [sum(row) for row in counts]
    columns = [sum(row[grade] for row in counts) for grade in range(grades)]
    cells = [(i, j, _apart(i, j, weights)) for i in range(grades) for j in range(grades)]
    by_chance = sum(apart * rows[i] * columns[j] for i, j, apart in cells)
    if by_chance == 0:
        raise ValueError("both raters gave everybody the same grade, so there is nothing to agree on")
    return 1 - people * sum(apart * counts[i][j] for i, j, apart in cells) / by_chance


def _apart(i: int, j: int, weights: Literal["none", "linear", "quadratic"]) -> int:
    match weights:
        case "none":
            return int(i != j)
        case "linear":
            return abs(i - j)
        case "quadratic":
            return (i - j) ** 2


def sem_agreement(table: Table) -> float:
    """Standard error of measurement, differences between columns included."""
    return sqrt(mean_squares(table).within_people)


def sem_consistency(table: Table) -> float:
    """Standard error of measurement without systematic differences between columns."""
    return sqrt(mean_squares(table).residual)


def sem_from_icc(sd: float, icc: float) -> float:
    """Standard error of measurement from a published ICC and the standard deviation of the same sample."""
    if sd < 0 or not icc <= 1:
        raise ValueError(f"a standard deviation of {sd} and an ICC of {icc}; allowed: 0 or more, and at most 1")
    return sd * sqrt(1 - icc)


def smallest_detectable_change(sem: float, *, repeats: int = 1, people: int = 1, degrees: int | None = None) -> float:
    """The least change that is more than error, with 95 % confidence: of one person, or of the mean of a group.

    `repeats`: how many measurements were averaged on both occasions. `degrees`: the degrees of freedom the error was
    estimated with, where they are few (a person's own repeats); then Student's t stands for 1.96.
    """
    if sem < 0 or repeats < 1 or people < 1:
        raise ValueError("allowed: a standard error of 0 or more, one repeat and one person at least")
    factor = Z95 if degrees is None else t_975(degrees)
    return factor * sqrt(2) * sem / sqrt(repeats * people)


def reliable_change(before: float, after: float, *, sem: float) -> float:
    """The reliable change index: the change in standard errors of a difference. Beyond 1.96 either way is reliable."""
    if sem <= 0:
        raise ValueError("the standard error of measurement is above 0")
    return (after - before) / (sqrt(2) * sem)


@dataclass(frozen=True)
class Limits:
    """Bland and Altman's limits of agreement of second minus first: `bias`, the standard deviation of differences, the
    two limits, and the standard error of each limit (about)."""

    bias: float
    sd: float
    low: float
    high: float
    error: float


def limits_of_agreement(pairs: Sequence[tuple[float, float]]) -> Limits:
    """Of two measurements of each person. Raises ValueError as `mean_squares` does."""
    s = mean_squares(pairs)
    differences = [second - first for first, second in pairs]
    bias = fsum(differences) / s.people
    sd = sqrt(fsum((each - bias) ** 2 for each in differences) / (s.people - 1))
    return Limits(bias, sd, bias - Z95 * sd, bias + Z95 * sd, sqrt(3 / s.people) * sd)


def t_975(degrees: int) -> float:
    """Student's t that 2.5 % exceed, by bisection of the exact distribution. Raises ValueError below 1."""
    if degrees < 1:
        raise ValueError("Student's t needs one degree of freedom at least")
    low, high = 0.0, 16.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, degrees) < 0.95 else (low, middle)
    return (low + high) / 2


def _within(t: float, degrees: int) -> float:
    """The part of Student's distribution between -t and t (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = atan(t / sqrt(degrees))
    odd = degrees % 2
    term, total = (cos(angle), 0.0) if odd else (1.0, 0.0)
    for step in range(1 + odd, degrees, 2):
        total += term
        term *= cos(angle) ** 2 * step / (step + 1)
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total
