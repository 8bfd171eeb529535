"""The working picture: the face alone, upright as it came, in linear light, at 8 pixels for each millimetre."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from isocourse.skin.face import Face, Points
from isocourse.skin.light import Bytes, Floats, to_linear
from isocourse.skin.scale import Scale

PX_PER_MM = 8.0
_AROUND, _ABOVE = 0.06, 0.12  # of the face, kept around the points and above them


@dataclass(frozen=True, eq=False)
class Frame:
    """`linear` is (height, width, 3); `points` (478, 2) lie in it. A pixel of the frame, times `step`, plus `origin`,
    is a pixel of the picture."""

    linear: Floats
    points: Points
    step: float
    origin: tuple[float, float]


def framed(rgb: Bytes, face: Face, scale: Scale) -> Frame:
    """Cut the face out and bring it to `PX_PER_MM`. Averages are taken in linear light."""
    low, high = face.points[:, :2].min(axis=0), face.points[:, :2].max(axis=0)
    around = (high - low) * _AROUND
    low, high = low - around - [0, (high - low)[1] * _ABOVE], high + around
    x0, y0 = np.maximum(np.floor(low), 0).astype(int)
    x1, y1 = np.minimum(np.ceil(high), [rgb.shape[1], rgb.shape[0]]).astype(int)
    cut = to_linear(rgb[y0:y1, x0:x1])
    step = scale.px_per_mm / PX_PER_MM
    # By the factor and not by a size in whole pixels, which would stretch the frame by up to half a pixel.
    how = cv2.INTER_AREA if step > 1 else cv2.INTER_LINEAR
    linear = cv2.resize(cut, None, fx=1 / step, fy=1 / step, interpolation=how)
    origin = (float(x0) + (step - 1) / 2, float(y0) + (step - 1) / 2)
    return Frame(np.asarray(linear, dtype=np.float32), (face.points[:, :2] - origin) / step, step, origin)
