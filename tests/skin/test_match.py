"""Pairs of marks: the best of all pairings, none that cannot be, and nothing said of what is not seen."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.skin.align import Alignment
from isocourse.skin.findings import Kind, Pair, Spot
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.match import assigned, gains, paired, places


def spot(x: float, y: float, area: float = 4.0, kind: Kind = "brown") -> Spot:
    return Spot(x, y, area, 0.1, kind, -8, 1, 2, 8.3, -10, 0.2, 0.05, 1.0, "nose", ())


def shifted(x: float = 0.0, y: float = 0.0, *, blind: slice = slice(0, 0), refused: str = "") -> Alignment:
    """A follow-up that lies so many pixels off on 300 x 200; its rows `blind` are not validly seen."""
    flow = np.zeros((200, 300, 2), np.float32) + np.array([x, y], np.float32)
    valid = np.ones((200, 300), bool)
    valid[blind] = False
    return Alignment(flow, valid, 1.0, 0.0, "mesh", refused)


def best(gain: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    """Of all ways to give every row a column of its own, or none (one of the empty columns)."""
    rows, columns = gain.shape
    wide = np.hstack([gain, np.zeros((rows, rows))])
    return max(
        (sum(wide[i, j] for i, j in enumerate(way)) for way in permutations(range(columns + rows), rows)), default=0.0
    )


@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 10_000))
def test_the_pairing_is_the_best_of_all(rows: int, columns: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    gain = np.where(dice.random((rows, columns)) < 0.4, 0.0, dice.random((rows, columns)))
    found = assigned(gain)
    assert sum(gain[i, j] for i, j in found) == pytest.approx(best(gain))
    assert all(gain[i, j] > 0 for i, j in found)
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)


def test_a_nearest_neighbour_would_be_wrong() -> None:
    """Two marks side by side that both moved a little to the right."""
    before = [spot(100, 100), spot(110, 100)]
    after = [spot(109, 100), spot(119, 100)]
    assert paired(before, after, shifted()) == (Pair(0, 0, "persistent"), Pair(1, 1, "persistent"))


def test_marks_are_brought_into_the_frame_of_the_baseline() -> None:
    before, after = [spot(100, 100), spot(200, 50)], [spot(240, 45), spot(140, 95)]
    assert paired(before, after, shifted(40, -5)) == (Pair(0, 1, "persistent"), Pair(1, 0, "persistent"))
    assert [pair.state for pair in paired(before, after, shifted())] == ["faded", "faded", "new", "new"]


def test_what_is_not_seen_is_neither_new_nor_faded() -> None:
    before, after = [spot(50, 20), spot(50, 150)], [spot(250, 20), spot(250, 150)]
    assert paired(before, after, shifted()) == (
        Pair(0, None, "faded"), Pair(1, None, "faded"), Pair(None, 0, "new"), Pair(None, 1, "new"),
    )  # fmt: skip
    assert paired(before, after, shifted(blind=slice(0, 60))) == (Pair(1, None, "faded"), Pair(None, 1, "new"))
    assert paired([spot(-40, 20)], [spot(900, 20)], shifted()) == ()
    assert paired([spot(50, 20)], [spot(50, 20)], shifted(blind=slice(0, 60))) == ()
    assert paired(before, after, shifted(refused="somebody else")) == ()


@pytest.mark.parametrize(
    ("other", "fits"),
    [
        (spot(100, 100), True),
        (spot(100, 100, kind="red"), False),  # a red mark that became a dark spot has faded, and the spot is new
        (spot(100, 100, kind="uncertain"), True),
        (spot(100, 100, area=4.0 * 5.9), True),
        (spot(100, 100, area=4.0 * 6.1), False),
        (spot(100, 100, area=4.0 / 6.1), False),
        (spot(100 + (0.75 + np.sqrt(4 / np.pi) - 0.01) * PX_PER_MM, 100), True),
        (spot(100 + (0.75 + np.sqrt(4 / np.pi) + 0.01) * PX_PER_MM, 100), False),
    ],
)
def test_both_sides_of_the_gate(other: Spot, fits: bool) -> None:
    one = [spot(100, 100)]
    assert bool(gains(one, [other], places(one), places([other]))[0, 0] > 0) is fits


def test_wide_patches_do_not_swallow_what_is_far_away() -> None:
    one, other = [spot(100, 100, area=400)], [spot(100 + 3.1 * PX_PER_MM, 100, area=400)]
    assert gains(one, other, places(one), places(other))[0, 0] == 0


@given(st.lists(st.tuples(st.integers(5, 290), st.integers(5, 190)), unique=True, max_size=12), st.integers(0, 99))
def test_every_mark_is_told_of_once(centres: list[tuple[int, int]], seed: int) -> None:
    dice = np.random.default_rng(seed)
    before = [spot(x, y) for x, y in centres]
    after = [spot(x + dice.normal(), y + dice.normal()) for x, y in centres if dice.random() < 0.7]
    pairs = paired(before, after, shifted())
    assert sorted(pair.before for pair in pairs if pair.before is not None) == list(range(len(before)))
    assert sorted(pair.after for pair in pairs if pair.after is not None) == list(range(len(after)))
    assert all((pair.state == "persistent") is (pair.before is not None and pair.after is not None) for pair in pairs)
