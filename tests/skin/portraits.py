"""The portraits of the tests: Eileen Collins, NASA, in the public domain, inside scikit-image, as she is and enlarged.

Enlarged she has 9 pixels for each millimetre, with lashes, irises and skin texture drawn on that the small picture does
not hold: a stand-in for a telephone's photograph, good for testing what the code does and for no claim about skin.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from PIL import Image
from skimage import data

from isocourse.skin.face import Face, FindFaces, face_finder
from isocourse.skin.face_model import load_face_model
from isocourse.skin.light import Bytes, to_linear, to_srgb
from isocourse.skin.regions import EYES
from tests.skin.files import written

TIMES = 12
_X, _Y, _WIDTH, _HEIGHT = 118, 0, 215, 285


def astronaut() -> Bytes:
    """512 x 512, the face some 90 px wide."""
    return np.asarray(data.astronaut(), dtype=np.uint8)


def finder() -> FindFaces:
    return face_finder(load_face_model())


@cache
def portrait() -> Bytes:
    """2580 x 3420, the face some 1,100 px wide."""
    small = np.ascontiguousarray(astronaut()[_Y : _Y + _HEIGHT, _X : _X + _WIDTH])
    size = (_WIDTH * TIMES, _HEIGHT * TIMES)
    large = cv2.resize(to_linear(small), size, interpolation=cv2.INTER_CUBIC)
    (face,) = finder()(small)
    dice = np.random.default_rng(5)
    grain = np.zeros((size[1], size[0]), np.float32)
    for blur, much in ((2.0, 0.30), (6.0, 0.35), (20.0, 0.5)):  # pores, texture, unevenness
        grain += (
            much
            * blur
            * cv2.resize(
                cv2.GaussianBlur(
                    dice.normal(0, 0.03, (size[1] // 2, size[0] // 2)).astype(np.float32), (0, 0), blur / 2
                ),
                size,
            )
        )
    large = np.maximum(large, 0) * np.exp(-grain)[..., None] * _lines(face, size)[..., None]
    noise = dice.normal(0, 0.6, large.shape)
    return np.asarray(np.clip(to_srgb(large) + noise, 0, 255), dtype=np.uint8)


def _lines(face: Face, size: tuple[int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """What is dark and sharp about an eye: lashes, the rim of the iris, the pupil."""
    points = (face.points[:, :2] + 0.5) * TIMES - 0.5
    drawn = np.ones((size[1], size[0]), np.float32)
    for eye in EYES:
        for index in eye:
            x, y = points[index]
            for lean in (-14, -4, 6):
                cv2.line(drawn, (int(x), int(y)), (int(x) + lean, int(y) - 40), 0.35, 4, cv2.LINE_AA)
    for middle, side in ((468, 469), (473, 474)):
        radius = int(np.linalg.norm(points[middle] - points[side]))
        at = (int(points[middle][0]), int(points[middle][1]))
        cv2.circle(drawn, at, radius // 2, 0.1, -1, cv2.LINE_AA)
        cv2.circle(drawn, at, radius, 0.4, 4, cv2.LINE_AA)
    return drawn


def as_jpeg(rgb: Bytes, *, quality: int = 95, subsampling: int = 0) -> bytes:
    return written(Image.fromarray(rgb), "JPEG", quality=quality, subsampling=subsampling)
