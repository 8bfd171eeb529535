"""What to change before a photograph is taken, from one small picture of what the camera sees.

The same limits as the checks of a photograph (`quality`), so that what is taken without a hint is not refused for
where the face is. Light and focus are seen by the page itself.
"""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
from PIL import Image, UnidentifiedImageError

from isocourse.errors import InputError
from isocourse.skin.face import Face
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Bytes
from isocourse.skin.pose import pose
from isocourse.skin.quality import FEWEST_PX_PER_MM, INSIDE, LEANING, NODDED, TURNED, VIEW_YAW, View
from isocourse.skin.scale import scale_from_iris

Aim = Literal["", "none", "many", "back", "closer", "few", "left", "right", "up", "down", "upright"]
LARGEST_BYTES, LARGEST_PIXELS = 400_000, 1_000_000
_TOP, _CHIN = 10, 152
_LEAST, _MOST = 0.5, 0.85  # of the picture's height, from forehead to chin


def seen(data: bytes) -> Bytes:
    """A small JPEG as pixels. Raises InputError."""
    refused = InputError("this is no small picture of the camera", mend="load the page again")
    if len(data) > LARGEST_BYTES:
        raise refused
    try:
        picture = Image.open(io.BytesIO(data), formats=("JPEG",))
        if picture.width * picture.height > LARGEST_PIXELS:
            raise refused
        return np.array(picture.convert("RGB"), dtype=np.uint8)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise refused from None


def aim(faces: tuple[Face, ...], *, width: int, height: int, times: float, view: View) -> Aim:
    """The most pressing thing to change, empty where it is good. The picture is `width` by `height` pixels; the camera
    has `times` as many across. Left and right are the person's own."""
    if len(faces) != 1:
        return "many" if faces else "none"
    (face,) = faces
    points = face.points[:, :2]
    inside = ((points >= 0) & (points <= [width - 1, height - 1])).all(axis=1)
    tall = float(np.linalg.norm(points[_TOP] - points[_CHIN])) / height
    if float(np.mean(inside)) < INSIDE or tall > _MOST:
        return "back"
    px_per_mm = scale_from_iris(face).px_per_mm * times
    if tall < _LEAST and px_per_mm < PX_PER_MM:
        return "closer"
    if px_per_mm < FEWEST_PX_PER_MM:
        return "few"
    return _turned(face, view)


def _turned(face: Face, view: View) -> Aim:
    found = pose(face)
    off = found.yaw - VIEW_YAW[view]
    if abs(off) > TURNED:
        return "right" if off > 0 else "left"
    if abs(found.pitch) > NODDED:
        return "down" if found.pitch > 0 else "up"
    return "upright" if abs(found.roll) > LEANING else ""
