"""The robust trend: a known slope is inside its interval as often as it says, and one bad visit does not move it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, theilslopes

from isocourse.skin.trend import trend


def test_a_straight_course_has_its_slope() -> None:
    found = trend([0, 30, 60, 90, 120, 150], [40, 36, 32, 28, 24, 20])
    assert found is not None
    assert (found.slope, found.low, found.high, found.level) == pytest.approx((-4, -4, -4, 40))
    assert found.verdict == "improved"
    up = trend([0, 30, 60, 90, 120, 150], [40, 36, 32, 28, 24, 20], lower_is_better=False)
    assert up is not None and up.verdict == "worse"


def test_one_visit_that_went_wrong_does_not_move_it() -> None:
    good = trend([0, 30, 60, 90, 120, 150, 180], [40, 36, 32, 28, 24, 20, 16])
    bad = trend([0, 30, 60, 90, 120, 150, 180], [40, 36, 32, 200, 24, 20, 16])
    assert good is not None and bad is not None
    assert bad.slope == pytest.approx(good.slope) and bad.verdict == good.verdict == "improved"


@pytest.mark.parametrize("visits", [2, 3, 4])
def test_few_visits_have_a_slope_and_no_verdict(visits: int) -> None:
    found = trend([30.0 * visit for visit in range(visits)], [10.0 - visit for visit in range(visits)])
    assert found is not None and (found.low, found.high, found.verdict) == (None, None, "not known")
    assert found.slope == pytest.approx(-1)


def test_no_course_is_no_trend() -> None:
    assert trend([], []) is None and trend([3, 3, 3], [1, 2, 3]) is None
    steady = trend([0, 30, 60, 90, 120], [5, 5, 5, 5, 5])
    assert steady is not None and steady.verdict == "within noise"
    for days, values in (([0, 1], [1]), ([0, 1], [1, float("nan")]), ([0, float("inf")], [1, 2])):
        with pytest.raises(ValueError, match="a day and a number"):
            trend(days, values)


def test_photographs_of_one_day_are_one_visit() -> None:
    found = trend([0, 0, 30, 60], [9, 11, 8, 6])
    assert found is not None and found.visits == 3 and found.slope == pytest.approx(-2)


@pytest.mark.parametrize("visits", [5, 6, 8, 12])
@pytest.mark.parametrize("slope", [0.0, -1.5])
def test_the_interval_holds_the_truth_in_95_of_100(visits: int, slope: float) -> None:
    dice = np.random.default_rng((visits, 7))
    days = np.arange(visits) * 30.0
    held, called = 0, 0
    for _ in range(1500):
        found = trend(days.tolist(), (20 + slope * days / 30 + dice.standard_t(3, visits)).tolist())
        assert found is not None and found.low is not None and found.high is not None
        held += found.low <= slope <= found.high
        called += found.verdict in ("improved", "worse")
    assert held / 1500 >= 0.94
    assert slope or called / 1500 <= 0.06


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(-50, 50)), min_size=5, max_size=9, unique_by=lambda each: each[0]
    )
)
def test_slope_and_interval_agree_with_scipy(points: list[tuple[int, int]]) -> None:
    days, values = [float(day) for day, _ in points], [float(value) for _, value in points]
    found = trend(days, values)
    assert found is not None and found.low is not None and found.high is not None
    assert found.slope == pytest.approx(theilslopes(values, days)[0] * 30)
    assert found.low <= found.slope <= found.high
    if found.verdict != "within noise" and len(set(values)) == len(values):
        assert kendalltau(days, values, method="exact").pvalue <= 0.05
