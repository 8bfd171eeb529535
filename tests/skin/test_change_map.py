"""Maps of change: what came is above zero where it came, what went is below, and nothing is painted elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from isocourse.skin.align import align
from isocourse.skin.change_map import ERYTHEMA_RANGE, MELANIN_RANGE, change_maps, drawn
from tests.skin.test_align import OTHER, STRAIGHT, baseline, follow_up, sampled_at
from tests.skin.warped import Mark, photographed, skin_of, with_marks

BROWN_CAME: Mark = (560.0, 1010.0, 14.0, 0.5, True)
BROWN_WENT: Mark = (820.0, 400.0, 14.0, 0.5, True)
RED_CAME: Mark = (900.0, 1000.0, 14.0, 0.5, False)


def test_marks_show_where_they_came_and_went() -> None:
    before = photographed(with_marks(skin_of(3), [BROWN_WENT]), STRAIGHT, 3)
    after = photographed(with_marks(skin_of(3), [BROWN_CAME, RED_CAME]), OTHER, 103)
    alignment = align(before.frame, after.frame, baseline_skin=before.skin, follow_up_skin=after.skin)
    maps = change_maps(before.frame.linear, after.frame.linear, alignment)
    came, went, red = (
        tuple(np.rint(sampled_at(before, np.array([mark[:2]]))[0]).astype(int)[::-1])
        for mark in (BROWN_CAME, BROWN_WENT, RED_CAME)
    )
    assert maps.melanin[came] > 0.2 and maps.melanin[went] < -0.2
    assert maps.erythema[red] > 4 and abs(maps.erythema[went]) < 2
    assert np.array_equal(np.isnan(maps.melanin), ~alignment.valid) and np.array_equal(maps.valid, alignment.valid)
    # The second photograph is darker and of another white balance: none of that is a change.
    assert np.nanmedian(maps.melanin) == pytest.approx(0, abs=1e-3) and np.nanpercentile(maps.melanin, 95) < 0.12
    assert np.nanmedian(maps.erythema) == pytest.approx(0, abs=1e-3) and np.nanpercentile(maps.erythema, 95) < 2.5

    painted = drawn(before.frame.linear, maps.melanin, MELANIN_RANGE)
    assert painted.shape[0] > before.skin.shape[0] and painted.shape[1] == before.skin.shape[1]
    assert orange(painted[came]) and blue(painted[went])
    red_painted = drawn(before.frame.linear, maps.erythema, ERYTHEMA_RANGE)
    assert orange(red_painted[red]) and grey(red_painted[went])
    assert grey(painted[2, 2]) and painted[2, 2].max() < 80  # what is no skin is dark


def orange(pixel: NDArray[np.uint8]) -> bool:
    return int(pixel[0]) > int(pixel[2]) + 60


def blue(pixel: NDArray[np.uint8]) -> bool:
    return int(pixel[2]) > int(pixel[0]) + 60


def grey(pixel: NDArray[np.uint8]) -> bool:
    return int(pixel.max()) - int(pixel.min()) < 40


def test_what_was_refused_has_no_map() -> None:
    before, after = baseline(0), follow_up(50, OTHER)
    refused = align(before.frame, after.frame, baseline_skin=before.skin, follow_up_skin=after.skin)
    with pytest.raises(ValueError, match="do not lie on each other"):
        change_maps(before.frame.linear, after.frame.linear, refused)


def test_nothing_seen_is_drawn_all_the_same() -> None:
    nothing = np.full((64, 80), np.nan, np.float32)
    assert drawn(np.zeros((64, 80, 3), np.float32), nothing, 1.0).shape[1] == 80
