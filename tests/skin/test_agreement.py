"""Agreement: the published tables, and a second writing that shares no step with the first."""

from __future__ import annotations

import statistics
from fractions import Fraction
from math import sqrt
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from isocourse.skin.scales import agreement as a

# Shrout and Fleiss 1979, table 2: six people, four judges.
SHROUT_FLEISS = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
# Made-up ITA of ten faces, photographed twice (shared/clinical/instruments.md 8.2).
RETEST = [(41.2, 42.0), (35.5, 34.1), (28.9, 30.2), (52.3, 51.0), (18.4, 19.9), (9.7, 8.8), (-5.1, -3.9), (46.0, 45.2),
          (33.3, 35.0), (24.8, 24.1)]  # fmt: skip


def test_shrout_and_fleiss() -> None:
    s = a.mean_squares(SHROUT_FLEISS)
    assert [round(each, 3) for each in (s.between_people, s.between_columns, s.residual, s.within_people)] == [
        11.242,
        32.486,
        1.019,
        6.264,
    ]
    assert [round(icc(SHROUT_FLEISS), 3) for icc in (a.icc_1_1, a.icc_2_1, a.icc_3_1)] == [0.166, 0.290, 0.715]


# Two dermatologists' view of 88 people's skin, from terrible to clear (SAS/STAT, FREQ procedure, getting started).
DERMATOLOGISTS = [(10, 4, 1, 0), (5, 10, 12, 2), (2, 4, 12, 5), (0, 2, 6, 13)]
# Twenty people's anxiety as raters 2 and 3 saw it, grades 1, 2, 3, 4 and 6 (R, irr, anxiety; its values of kappa2).
ANXIETY = [(0, 0, 1, 0, 0), (4, 0, 1, 0, 0), (2, 3, 3, 0, 0), (0, 2, 0, 1, 1), (1, 0, 0, 1, 0)]
# A printout of SAS, in the tests of statsmodels.
PRINTOUT = [(0, 4, 1), (0, 8, 0), (0, 1, 5)]


@pytest.mark.parametrize(
    ("counts", "weights", "published"),
    [
        (DERMATOLOGISTS, "none", 0.3449),
        (DERMATOLOGISTS, "linear", 0.5082),
        (PRINTOUT, "none", 0.4842),
        (PRINTOUT, "linear", 0.4701),
        (ANXIETY, "none", -0.0063),
        (ANXIETY, "linear", 0.1459),
        (ANXIETY, "quadratic", 0.2520),
    ],
)
def test_published_kappas(counts: list[tuple[int, ...]], weights: Any, published: float) -> None:
    assert round(a.kappa(counts, weights), 4) == published


Square = st.integers(2, 5).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=n, max_size=n)
)


@given(Square)
def test_kappa_with_squares_is_one_less_the_squared_difference_beside_that_of_strangers(
    counts: list[list[int]],
) -> None:
    """A second writing, over people and not over cells; two grades are alike in all weights; turned it is the same."""
    people = [(i, j) for i, row in enumerate(counts) for j, count in enumerate(row) for _ in range(count)]
    assume(people and len({grade for pair in people for grade in pair}) > 1)
    between = sum((i - j) ** 2 for i, j in people) / len(people)
    strangers = sum((i - j) ** 2 for i, _ in people for _, j in people) / len(people) ** 2
    assert a.kappa(counts, "quadratic") == pytest.approx(1 - between / strangers)
    turned = [list(column) for column in zip(*counts, strict=True)]
    for weights in ("none", "linear", "quadratic"):
        assert a.kappa(turned, weights) == pytest.approx(a.kappa(counts, weights))  # type: ignore[arg-type]
        if len(counts) == 2:
            assert a.kappa(counts, weights) == pytest.approx(a.kappa(counts, "none"))  # type: ignore[arg-type]


def test_what_kappa_is_not_of() -> None:
    assert a.kappa([(4, 0), (0, 9)], "quadratic") == 1
    for wrong in ([], [(3,)], [(1, 2), (3,)], [(0, 0), (0, 0)], [(1, -1), (2, 3)], [(7, 0), (0, 0)]):
        with pytest.raises(ValueError, match=r"table|grade"):
            a.kappa(wrong, "linear")


def test_retest() -> None:
    sem = a.sem_agreement(RETEST)
    limits = a.limits_of_agreement(RETEST)
    assert (round(a.icc_2_1(RETEST), 4), round(sem, 3)) == (0.9975, 0.851)
    assert round(a.smallest_detectable_change(sem), 2) == 2.36
    assert round(a.smallest_detectable_change(sem, repeats=3), 2) == 1.36
    assert [round(each, 2) for each in (limits.bias, limits.low, limits.high)] == [0.14, -2.33, 2.61]
    assert round(limits.sd, 3) == 1.261 and limits.error == pytest.approx(sqrt(0.3) * limits.sd)
    assert round(a.reliable_change(30.0, 34.5, sem=sem), 2) == 3.74
    assert round(a.sem_consistency(RETEST), 3) == round(limits.sd / sqrt(2), 3)


def test_a_group_moves_less_by_chance_than_a_person_and_few_repeats_leave_more_doubt() -> None:
    assert a.smallest_detectable_change(1, people=25) == pytest.approx(2.772 / 5, abs=1e-3)
    assert a.smallest_detectable_change(1, degrees=4) == pytest.approx(2.7764 * sqrt(2), abs=1e-3)


@pytest.mark.parametrize(
    ("degrees", "t"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)],
)
def test_students_t_is_that_of_the_printed_tables(degrees: int, t: float) -> None:
    assert round(a.t_975(degrees), 3) == t


def test_an_error_from_an_icc() -> None:
    assert a.sem_from_icc(10, 0.91) == pytest.approx(3)
    assert a.sem_from_icc(10, 1) == 0


def oracle(table: list[list[int]]) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Exact mean squares from sums of squares of totals, never from means."""
    n, k = len(table), len(table[0])
    whole = sum(map(sum, table))
    correction = Fraction(whole**2, n * k)
    total = sum(value**2 for row in table for value in row) - correction
    people = Fraction(sum(sum(row) ** 2 for row in table), k) - correction
    columns = Fraction(sum(sum(column) ** 2 for column in zip(*table, strict=True)), n) - correction
    left = total - people - columns
    return people / (n - 1), columns / (k - 1), left / ((n - 1) * (k - 1)), (total - people) / (n * (k - 1))


tables = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(-100, 100), min_size=k, max_size=k), min_size=2, max_size=12)
)


@given(tables)
def test_mean_squares_agree_with_an_exact_second_writing(table: list[list[int]]) -> None:
    s = a.mean_squares(table)
    assert [s.between_people, s.between_columns, s.residual, s.within_people] == pytest.approx(
        [float(each) for each in oracle(table)], abs=1e-8
    )


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=15))
def test_two_columns_agree_with_variance_and_covariance(pairs: list[tuple[int, int]]) -> None:
    """For two columns ICC(3,1) is twice the covariance over the sum of variances, and ICC(2,1) adds their distance."""
    first, second = zip(*pairs, strict=True)
    spread = statistics.variance(first) + statistics.variance(second)
    assume(spread > 0)
    both = 2 * statistics.covariance(first, second)
    assert a.icc_3_1(pairs) == pytest.approx(both / spread, abs=1e-9)
    apart = (statistics.fmean(second) - statistics.fmean(first)) ** 2
    differences = statistics.variance([y - x for x, y in pairs])
    under = spread + apart - differences / len(pairs)
    assume(abs(under) > 1e-9)
    assert a.icc_2_1(pairs) == pytest.approx(both / under, abs=1e-9)
    assert a.limits_of_agreement(pairs).sd == pytest.approx(sqrt(differences), abs=1e-9)


@given(tables, st.integers(-1000, 1000))
def test_a_shift_of_everything_changes_no_agreement(table: list[list[int]], shift: int) -> None:
    moved = [[value + shift for value in row] for row in table]
    assert a.sem_agreement(moved) == pytest.approx(a.sem_agreement(table), abs=1e-8)


def test_what_cannot_be_reckoned_is_refused() -> None:
    for table, says in (
        ([], "at least two people"),
        ([(1, 2)], "at least two people"),
        ([(1,), (2,)], "measured twice"),
        ([(1, 2), (3,)], "row 2 has 1 numbers"),
        ([(1, 2), (3, float("nan"))], "row 2 holds something"),
    ):
        with pytest.raises(ValueError, match=says):
            a.mean_squares(table)
    with pytest.raises(ValueError, match="nothing varies"):
        a.icc_3_1([(1, 1), (1, 1)])
    with pytest.raises(ValueError, match="above 0"):
        a.reliable_change(1, 2, sem=0)
    with pytest.raises(ValueError, match="one repeat"):
        a.smallest_detectable_change(1, repeats=0)
    with pytest.raises(ValueError, match="at most 1"):
        a.sem_from_icc(1, 1.1)
    with pytest.raises(ValueError, match="one degree"):
        a.t_975(0)
