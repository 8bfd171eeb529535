"""A chart of 24 patches, held beside the chin in the plane of the face, in the colours that the chart itself has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces.camera import Camera
from isocourse.simulate.faces.chance import Floats
from isocourse.skin.chart import REFERENCE

Doubles = NDArray[np.float64]

# Linear sRGB, row by row. Cyan has less red than a screen can show.
PATCHES: Doubles = np.maximum(REFERENCE, 0.0)
_ROWS, _COLUMNS = 4, 6
_PATCH_MM, _GAP_MM = 8.0, 1.6


def paste_chart(linear: Floats, camera: Camera, centre: Doubles) -> tuple[Doubles, ...]:
    """Drawn into the light; its four corners in pixels, clockwise from its top left."""
    px = camera.px_per_mm
    wide, tall = (_COLUMNS * (_PATCH_MM + _GAP_MM) + _GAP_MM) * px, (_ROWS * (_PATCH_MM + _GAP_MM) + _GAP_MM) * px
    left = camera.width - wide - 4 * px
    top = camera.height - tall - 4 * px
    _fill(linear, left, top, wide, tall, np.array([0.02, 0.02, 0.02]))
    for index, colour in enumerate(PATCHES):
        row, column = divmod(index, _COLUMNS)
        x = left + (_GAP_MM + column * (_PATCH_MM + _GAP_MM)) * px
        y = top + (_GAP_MM + row * (_PATCH_MM + _GAP_MM)) * px
        _fill(linear, x, y, _PATCH_MM * px, _PATCH_MM * px, colour)
    corners = np.array([[left, top], [left + wide, top], [left + wide, top + tall], [left, top + tall]])
    return tuple(corners)


def _fill(linear: Floats, x: float, y: float, wide: float, tall: float, colour: Doubles) -> None:
    linear[max(round(y), 0) : round(y + tall), max(round(x), 0) : round(x + wide)] = colour
