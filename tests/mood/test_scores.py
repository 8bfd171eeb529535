"""Scores: known totals, every edge of every band, and no total where an answer is missing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.record.mood import BANDS, SELF_HARM_ITEM, severity, total
from isocourse.record.terminology import ITEMS_IN
from tests.shipped import LIBRARY

SHORT = settings(max_examples=100, derandomize=True, database=None, deadline=None)


@pytest.mark.parametrize(
    ("items", "wanted"),
    [
        ((0, 0), 0),
        ((1, 1), 2),
        ((3, 3), 6),
        ((0,) * 9, 0),
        ((0, 0, 0, 0, 0, 0, 0, 0, 1), 1),
        ((2, 1, 3, 2, 0, 1, 1, 0, 0), 10),
        ((1, 1, 2, 2, 1, 1, 1, 0, 1), 10),
        ((3,) * 9, 27),
        ((1, 2, 0, 3, 1, 2, 1), 10),
        ((3,) * 7, 21),
        ((None, 0), None),
        ((3, 3, 3, 3, 3, 3, 3, 3, None), None),
        ((None,) * 7, None),
    ],
)
def test_known_totals(items: tuple[int | None, ...], wanted: int | None) -> None:
    assert total(items) == wanted


# By the published manuals: (questionnaire, the last total of a band, the band, the band that the next total has).
EDGES = [
    (name, last, band, following)
    for name in ("phq9", "phqa")
    for last, band, following in (
        (4, "minimal", "mild"),
        (9, "mild", "moderate"),
        (14, "moderate", "moderately_severe"),
        (19, "moderately_severe", "severe"),
    )
] + [("gad7", 4, "minimal", "mild"), ("gad7", 9, "mild", "moderate"), ("gad7", 14, "moderate", "severe")]


@pytest.mark.parametrize(("name", "last", "band", "following"), EDGES)
def test_every_edge_of_every_band(name: str, last: int, band: str, following: str) -> None:
    assert severity(name, last) == band
    assert severity(name, last + 1) == following


@pytest.mark.parametrize("name", ["phq9", "phqa", "gad7"])
def test_the_ends_of_the_scales(name: str) -> None:
    assert severity(name, 0) == "minimal"
    assert severity(name, 3 * ITEMS_IN[name]) == "severe"
    assert severity(name, None) is None


def test_the_two_items_have_no_bands() -> None:
    assert {severity("phq2", score) for score in range(7)} == {None}


def test_the_protocols_steps_are_edges_of_bands() -> None:
    """The limits of the rules and the bands are one set of numbers."""
    values = LIBRARY.values
    steps = {name: {step.value for step in values[name].steps} for name in values if name.endswith("_from")}
    least = {(name, band): score for name, bands in BANDS.items() for score, band in bands}
    assert steps["depression_review_from"] == {least["phq9", "moderate"]}
    assert steps["depression_refer_from"] == {least["phq9", "moderately_severe"]}
    assert steps["depression_urgent_from"] == {least["phq9", "severe"]}
    assert steps["anxiety_review_from"] == {least["gad7", "moderate"]}
    assert steps["anxiety_refer_from"] == {least["gad7", "severe"]}


@SHORT
@given(
    st.sampled_from(sorted(ITEMS_IN)).flatmap(
        lambda n: st.lists(st.integers(0, 3), min_size=ITEMS_IN[n], max_size=ITEMS_IN[n])
    ),
    st.data(),
)
def test_one_missing_answer_leaves_no_total(items: list[int], data: st.DataObject) -> None:
    assert total(tuple(items)) == items.count(1) + 2 * items.count(2) + 3 * items.count(3)
    gap = data.draw(st.integers(0, len(items) - 1))
    assert total((*items[:gap], None, *items[gap + 1 :])) is None


def test_worse_never_has_a_milder_band() -> None:
    order = ["minimal", "mild", "moderate", "moderately_severe", "severe"]
    for name in BANDS:
        ranks = [order.index(str(severity(name, score))) for score in range(3 * ITEMS_IN[name] + 1)]
        assert all(low <= high for low, high in pairwise(ranks))


def test_item_nine_is_the_last_of_nine() -> None:
    assert {name: ITEMS_IN[name] - 1 for name in ("phq9", "phqa")} == SELF_HARM_ITEM
