"""A mark that only one photograph counts is new or gone only where the other one has less than half of its contrast."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from isocourse.skin.alone import STILL, Visit, contrast_at, settled, share_at
from isocourse.skin.face import Points
from isocourse.skin.findings import Kind, Pair, Spot
from isocourse.skin.light import Floats
from isocourse.skin.match import paired
from isocourse.skin.regions import Mask
from tests.skin.test_align import OTHER, baseline, follow_up, laid, sampled_at

SKIN = (0.45, 0.28, 0.2)
MELANIN, BLOOD = np.array([0.44, 0.56, 0.70]), np.array([0.27, 0.71, 0.65])
MIDDLE = (80.0, 60.0)


def circle(x: float, y: float, radius: float) -> tuple[tuple[float, float], ...]:
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return tuple((float(x + radius * np.cos(turn)), float(y + radius * np.sin(turn))) for turn in turns)


def spot(x: float, y: float, kind: Kind = "brown", radius: float = 10.0) -> Spot:
    area = float(np.pi * radius**2 / 64)
    return Spot(x, y, area, 0.1, kind, -8, 1, 2, 8.3, -10, 0.2, 0.05, 7.0, "nose", circle(x, y, radius))


def skin(*discs: tuple[float, float, float, np.ndarray], size: tuple[int, int] = (130, 170)) -> tuple[Floats, Mask]:
    """Even skin with discs (x, y, radius, density) on it."""
    density = np.zeros((*size, 3), np.float32)
    for x, y, radius, much in discs:
        drawn = np.zeros(size, np.float32)
        cv2.circle(drawn, (round(x), round(y)), round(radius), 1.0, -1)
        density += drawn[..., None] * much.astype(np.float32)
    return np.asarray(np.array(SKIN, np.float32) * np.exp(-density), dtype=np.float32), np.ones(size, bool)


def still(places: Points) -> Points:
    return places


def test_the_contrast_of_a_disc_is_its_density() -> None:
    found = contrast_at(np.array(circle(*MIDDLE, 10)), *skin((*MIDDLE, 10, 0.3 * MELANIN)))
    assert found == pytest.approx(0.3 * MELANIN, rel=0.01)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.7, 1.0, 1.4])
def test_the_share_is_what_the_other_photograph_has_of_it(part: float) -> None:
    own, other = skin((*MIDDLE, 10, 0.3 * MELANIN)), skin((*MIDDLE, 10, part * 0.3 * MELANIN))
    brighter = (other[0] * np.array([1.2, 0.8, 0.7], np.float32), other[1])
    for there in (other, brighter):  # exposure and white balance change nothing
        assert share_at(spot(*MIDDLE), own, there, still) == pytest.approx(part, abs=0.01)


def test_the_place_is_looked_for_where_it_moved() -> None:
    own = skin((*MIDDLE, 10, 0.3 * MELANIN))
    other = skin((MIDDLE[0] + 20, MIDDLE[1] - 8, 10, 0.2 * MELANIN))
    assert share_at(spot(*MIDDLE), own, other, lambda places: places + np.array([20.0, -8.0])) == pytest.approx(
        2 / 3, abs=0.02
    )
    assert share_at(spot(*MIDDLE), own, other, still) == pytest.approx(0, abs=0.2)


def test_where_one_photograph_cannot_tell_nothing_is_said() -> None:
    own = skin((*MIDDLE, 10, 0.3 * MELANIN))
    narrow = np.zeros_like(own[1])
    narrow[50:71, 70:91] = True  # the mark alone, no ring around it
    assert share_at(spot(*MIDDLE), own, (own[0], narrow), still) is None
    assert share_at(spot(*MIDDLE), own, own, lambda places: places + 1e4) is None
    assert share_at(spot(*MIDDLE), own, own, lambda places: places * np.nan) is None
    assert share_at(spot(*MIDDLE), skin(), own, still) is None  # it is not even there in its own
    assert share_at(replace(spot(*MIDDLE), outline=()), own, own, still) is None


def visit(made, marks: list[tuple[float, float, float, np.ndarray, Kind]], counted: float) -> Visit:  # type: ignore[no-untyped-def]
    """Discs on a head, of which those count whose density is at least so much."""
    linear = made.frame.linear.copy()
    spots = []
    for x, y, radius, density, kind in marks:
        (at,) = sampled_at(made, np.array([[x, y]]))
        drawn = np.zeros(linear.shape[:2], np.float32)
        cv2.circle(drawn, (round(at[0]), round(at[1])), round(radius), 1.0, -1, cv2.LINE_AA)
        linear *= np.exp(-drawn[..., None] * density.astype(np.float32))
        if np.linalg.norm(density) >= counted:
            spots.append(spot(float(at[0]), float(at[1]), kind, radius))
    return Visit(tuple(spots), linear, made.skin)


def test_only_what_truly_came_is_new_and_only_what_truly_went_is_gone() -> None:
    """On a head that turned between the photographs; a mark counts from a density of 0.2 on."""
    made, turned = baseline(0), follow_up(0, OTHER)
    places = [(413.0, 817.0), (712.0, 800.0), (567.0, 528.0), (345.0, 724.0), (893.0, 758.0)]
    assert all(made.skin[int(y) - 40 : int(y) + 40, int(x) - 40 : int(x) + 40].all() for x, y in places)
    strong, weak = 0.25 * MELANIN, 0.17 * MELANIN
    red = 0.25 * BLOOD
    both, fainter, darker, gone, new = places
    before = visit(
        made,
        [(*both, 10, strong, "brown"), (*fainter, 10, strong, "brown"), (*darker, 10, weak, "brown"),
         (*gone, 10, red, "red")],
        0.2,
    )  # fmt: skip
    after = visit(
        turned,
        [(*both, 10, strong, "brown"), (*fainter, 10, weak, "brown"), (*darker, 10, strong, "brown"),
         (*gone, 10, strong, "brown"), (*new, 10, strong, "brown")],
        0.2,
    )  # fmt: skip
    alignment = laid(made, turned)
    pairs = paired(before.spots, after.spots, alignment)
    found = {(pair.before, pair.after): pair.state for pair in settled(pairs, before, after, alignment)}
    assert found == {
        (0, 0): "persistent",
        (1, None): "persistent",  # it is there, too faint to count
        (None, 1): "persistent",  # it was there
        (2, None): "faded", (None, 2): "new",  # a red mark that turned brown
        (None, 3): "new",
    }  # fmt: skip
    assert {pair.state for pair in pairs if None in (pair.before, pair.after)} == {"faded", "new"}
    assert STILL == 0.5


def test_pairs_of_both_photographs_are_left_alone() -> None:
    linear, bare = skin((*MIDDLE, 10, 0.3 * MELANIN))
    here = Visit((spot(*MIDDLE),), linear, bare)
    pair = Pair(0, 0, "persistent")
    assert settled((pair,), here, here, None) == (pair,)  # type: ignore[arg-type]
