"""A chart of 24 patches, held beside the chin in the plane of the face. Its colours are the well-known sRGB values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces.camera import Camera
from isocourse.simulate.faces.chance import Floats

Doubles = NDArray[np.float64]

# ColorChecker Classic in sRGB, row by row.
PATCHES = (
    (115, 82, 68), (194, 150, 130), (98, 122, 157), (87, 108, 67), (133, 128, 177), (103, 189, 170),
    (214, 126, 44), (80, 91, 166), (193, 90, 99), (94, 60, 108), (157, 188, 64), (224, 163, 46),
    (56, 61, 150), (70, 148, 73), (175, 54, 60), (231, 199, 31), (187, 86, 149), (8, 133, 161),
    (243, 243, 242), (200, 200, 200), (160, 160, 160), (122, 122, 121), (85, 85, 85), (52, 52, 52),
)  # fmt: skip
_ROWS, _COLUMNS = 4, 6
_PATCH_MM, _GAP_MM = 8.0, 1.6


def paste_chart(linear: Floats, camera: Camera, centre: Doubles) -> tuple[Doubles, ...]:
    """Drawn into the light; its four corners in pixels, clockwise from its top left."""
    px = camera.px_per_mm
    wide, tall = (_COLUMNS * (_PATCH_MM + _GAP_MM) + _GAP_MM) * px, (_ROWS * (_PATCH_MM + _GAP_MM) + _GAP_MM) * px
    left = camera.width - wide - 4 * px
    top = camera.height - tall - 4 * px
    _fill(linear, left, top, wide, tall, np.array([0.02, 0.02, 0.02]))
    values = np.array(PATCHES) / 255
    light = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    for index, colour in enumerate(light):
        row, column = divmod(index, _COLUMNS)
        x = left + (_GAP_MM + column * (_PATCH_MM + _GAP_MM)) * px
        y = top + (_GAP_MM + row * (_PATCH_MM + _GAP_MM)) * px
        _fill(linear, x, y, _PATCH_MM * px, _PATCH_MM * px, colour)
    corners = np.array([[left, top], [left + wide, top], [left + wide, top + tall], [left, top + tall]])
    return tuple(corners)


def _fill(linear: Floats, x: float, y: float, wide: float, tall: float, colour: Doubles) -> None:
    linear[max(round(y), 0) : round(y + tall), max(round(x), 0) : round(x + wide)] = colour
