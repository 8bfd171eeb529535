"""The one portrait the tests use: Eileen Collins, NASA, in the public domain, inside scikit-image."""

from __future__ import annotations

import numpy as np
from skimage import data

from isocourse.skin.face import FindFaces, face_finder
from isocourse.skin.face_model import load_face_model
from isocourse.skin.light import Bytes


def astronaut() -> Bytes:
    """512 x 512, the face some 90 px wide."""
    return np.asarray(data.astronaut(), dtype=np.uint8)


def finder() -> FindFaces:
    return face_finder(load_face_model())
