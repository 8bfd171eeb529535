"""The model is the one we know, a face is found where it is, and nothing else is taken for one."""

from __future__ import annotations

import io
import zipfile

import cv2
import numpy as np
import pytest
from skimage import data

from isocourse.errors import IsocourseError
from isocourse.skin.face import Points
from isocourse.skin.face_model import face_model, load_face_model
from tests.skin.portraits import astronaut, finder

FIND = finder()
# Read off the enlarged picture by eye: right and left pupil, right corner of the mouth, point of the chin.
BY_EYE = {468: (202.5, 101), 473: (246, 103), 61: (201, 139.5), 152: (221, 178)}


def test_points_are_where_they_are_seen() -> None:
    (face,) = FIND(astronaut())
    assert face.points.shape == (478, 3) and face.presence > 0.99
    for index, at in BY_EYE.items():
        assert np.linalg.norm(face.points[index, :2] - at) < 3, index


def moved(angle: float, scale: float, shift: tuple[float, float]) -> Points:
    turn = cv2.getRotationMatrix2D((226, 120), angle, scale)
    turn[:, 2] += shift
    return np.asarray(turn)


@pytest.mark.parametrize(
    ("angle", "scale", "shift"), [(0, 1, (60, 40)), (15, 1, (0, 0)), (-20, 1.6, (30, 60)), (0, 2.2, (0, 100))]
)
def test_points_move_with_the_face(angle: float, scale: float, shift: tuple[float, float]) -> None:
    turn = moved(angle, scale, shift)
    picture = np.asarray(cv2.warpAffine(astronaut(), turn, (512, 512)), dtype=np.uint8)
    (face,), (still,) = FIND(picture), FIND(astronaut())
    expected = still.points[:, :2] @ turn[:, :2].T + turn[:, 2]
    assert np.median(np.linalg.norm(face.points[:, :2] - expected, axis=1)) < 0.02 * face.width


def test_a_face_that_fills_the_picture_is_found() -> None:
    close = np.ascontiguousarray(astronaut()[72:186, 176:276])
    (face,) = FIND(close)
    assert np.linalg.norm(face.points[1, :2] - (223.5 - 176, 131.5 - 72)) < 4


def test_two_people_are_two_faces() -> None:
    both = np.concatenate([astronaut()[:300, 100:350], astronaut()[:300, 100:350]], axis=1)
    assert len(FIND(np.ascontiguousarray(both))) == 2


@pytest.mark.parametrize("name", ["coffee", "rocket", "brick", "grass", "coins"])
def test_a_cup_and_a_rocket_are_no_face(name: str) -> None:
    picture = np.asarray(getattr(data, name)())
    colour = picture if picture.ndim == 3 else np.repeat(picture[:, :, None], 3, axis=2)
    assert FIND(np.ascontiguousarray(colour)) == ()


def test_noise_and_one_colour_are_no_face() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (400, 300, 3), dtype=np.uint8)
    assert FIND(noise) == () and FIND(np.full((300, 400, 3), (200, 150, 130), np.uint8)) == ()


def test_a_model_that_was_changed_is_refused() -> None:
    known = load_face_model()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("face_detector.tflite", known.detector)
        archive.writestr("face_landmarks_detector.tflite", known.mesh[:-1] + b"\1")
    with pytest.raises(IsocourseError, match="face_landmarks_detector"):
        face_model(out.getvalue())
    with pytest.raises(IsocourseError, match="not the one"):
        face_model(b"no archive")
