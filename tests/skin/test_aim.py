"""Hints while one aims: what is wrong with where the face is, on generated faces; what is no small picture."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from isocourse.errors import InputError
from isocourse.simulate.faces import Camera
from isocourse.skin.aim import LARGEST_PIXELS, Aim, aim, seen
from isocourse.skin.light import Bytes
from isocourse.skin.quality import View
from tests.skin.files import claimed_png
from tests.skin.generated import generated
from tests.skin.portraits import as_jpeg, finder

FIND = finder()
TIMES = 4.0


def hinted(rgb: Bytes, view: View = "frontal", *, times: float = TIMES) -> Aim:
    small = np.asarray(cv2.resize(rgb, None, fx=1 / TIMES, fy=1 / TIMES, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return aim(FIND(small), width=small.shape[1], height=small.shape[0], times=times, view=view)


def turned(**how: float) -> Bytes:
    return generated("tan", camera=Camera(**how)).rgb  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({}, ""),
        ({"yaw": 22}, "right"),  # turned to their own left, so back to the right
        ({"yaw": -22}, "left"),
        ({"roll": 18}, "upright"),
        ({"pitch": 30}, "down"),
        ({"px_per_mm": 4.0}, "closer"),
        ({"px_per_mm": 14.0}, "back"),
    ],
)
def test_what_is_wrong_with_where_the_face_is(how: dict[str, float], told: Aim) -> None:
    assert hinted(turned(**how)) == told


def test_a_side_of_the_face_is_asked_for_in_the_right_direction() -> None:
    assert hinted(turned(), "left") == "right"  # the left cheek is seen when they turn to their right
    assert hinted(turned(), "right") == "left"
    assert hinted(turned(yaw=-42), "left") == "" and hinted(turned(yaw=42), "right") == ""


def test_a_camera_with_few_pixels_is_told_from_a_face_that_is_far_away() -> None:
    assert hinted(turned(), times=1.0) == "few"
    far = turned(px_per_mm=4.0)
    assert hinted(far, times=4.0) == "closer" and hinted(far, times=12.0) == ""  # enough pixels on a small face


def test_nobody_and_two_people() -> None:
    assert hinted(np.asarray(data.coffee())) == "none"
    face = generated("tan").rgb
    assert hinted(np.concatenate([face, face[:, ::-1]], axis=1)) == "many"


def test_only_a_small_jpeg_is_opened() -> None:
    small = np.full((40, 30, 3), 90, np.uint8)
    assert seen(as_jpeg(small)).shape == (40, 30, 3)
    written = io.BytesIO()
    Image.new("L", (1001, LARGEST_PIXELS // 1000)).save(written, "JPEG")
    for bad in (b"", b"words", as_jpeg(small)[:200], claimed_png(14_200), written.getvalue(), bytes(500_000)):
        with pytest.raises(InputError):
            seen(bad)
