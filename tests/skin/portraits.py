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

from isocourse.skin.evaluation.portraits import drawn_eyes, enlarged
from isocourse.skin.face import FindFaces, face_finder
from isocourse.skin.face_model import load_face_model
from isocourse.skin.light import Bytes, to_srgb
from tests.skin.files import written

_X, _Y, _WIDTH, _HEIGHT, TIMES = 118, 0, 215, 285, 12


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
    large = enlarged(small, TIMES) * np.exp(-grain)[..., None] * drawn_eyes(face, small, TIMES)[..., None]
    noise = dice.normal(0, 0.6, large.shape)
    return np.asarray(np.clip(to_srgb(large) + noise, 0, 255), dtype=np.uint8)


def as_jpeg(rgb: Bytes, *, quality: int = 95, subsampling: int = 0) -> bytes:
    return written(Image.fromarray(rgb), "JPEG", quality=quality, subsampling=subsampling)
