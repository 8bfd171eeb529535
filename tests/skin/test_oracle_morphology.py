"""Opening and closing, as the parts of the face and the outlines of marks use them, against another library."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import measure, morphology

from isocourse.skin.regions import _disc
from isocourse.skin.spot_outline import _trimmed

DICE = np.random.default_rng(8)


@pytest.mark.parametrize("millimetres", [0.5, 1.0, 2.5])
def test_opening_of_random_masks(millimetres: float) -> None:
    mask = cv2.blur(DICE.random((150, 130)), (7, 7)) > 0.5
    brush = _disc(millimetres)
    ours = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, brush).astype(bool)
    theirs = morphology.opening(mask, brush.astype(bool), mode="ignore")
    assert 0 < ours.sum() < mask.sum() or millimetres > 1
    assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("radius", [1.0, 2.2, 4.0])
def test_closing_and_opening_of_random_heights(radius: float) -> None:
    height = cv2.GaussianBlur(DICE.random((90, 110), dtype=np.float32), (0, 0), 1.5)
    side = 2 * round(radius) + 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)).astype(bool)
    theirs = morphology.opening(morphology.closing(height, brush, mode="ignore"), brush, mode="ignore")
    assert np.allclose(_trimmed(height, radius), theirs, atol=1e-6)


@pytest.mark.parametrize(("neighbours", "theirs_call_it"), [(4, 1), (8, 2)])
def test_pieces_are_the_same_pieces(neighbours: int, theirs_call_it: int) -> None:
    mask = cv2.blur(DICE.random((200, 200)), (9, 9)) > 0.52
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=neighbours)
    theirs = measure.regionprops(measure.label(mask, connectivity=theirs_call_it))
    assert count - 1 == len(theirs) > 5
    assert sorted(stats[1:, cv2.CC_STAT_AREA]) == sorted(int(each.area) for each in theirs)
