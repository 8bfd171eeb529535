"""A sheet over the unrolled face, to draw on in millimetres."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces.chance import Floats

Doubles = NDArray[np.float64]

PX_PER_MM = 8
LEFT, RIGHT, TOP, BOTTOM = -144, 144, -116, 150  # millimetres across and down that the sheet covers
SHAPE = ((BOTTOM - TOP) * PX_PER_MM, (RIGHT - LEFT) * PX_PER_MM)
_SHIFT = 4  # cv2 takes corners in sixteenths of a pixel

Window = tuple[slice, slice]


def pixels(places: Doubles) -> Doubles:
    """Places (across, down) as pixels of the sheet; the middle of the first pixel is 0, 0."""
    return (np.asarray(places, dtype=np.float64) - [LEFT, TOP]) * PX_PER_MM - 0.5


def window(low: Doubles, high: Doubles) -> Window | None:
    """The part of the sheet between two places; None where there is none."""
    x0, y0 = np.maximum(np.floor(pixels(low)), 0).astype(int)
    x1, y1 = np.minimum(np.ceil(pixels(high)) + 1, [SHAPE[1], SHAPE[0]]).astype(int)
    return (slice(int(y0), int(y1)), slice(int(x0), int(x1))) if x1 > x0 and y1 > y0 else None


def grid(part: Window) -> tuple[Floats, Floats]:
    """`across` and `down` of every pixel of a part."""
    x = (np.arange(part[1].start, part[1].stop, dtype=np.float32) + 0.5) / PX_PER_MM + LEFT
    y = (np.arange(part[0].start, part[0].stop, dtype=np.float32) + 0.5) / PX_PER_MM + TOP
    across, down = np.meshgrid(x, y)
    return across, down


def filled(corners: Doubles, soft: float) -> tuple[Window, Floats]:
    """A polygon with an edge `soft` millimetres wide: the part of the sheet it lies in, and 0 to 1 there."""
    margin = 3 * soft + 1
    part = window(corners.min(axis=0) - margin, corners.max(axis=0) + margin)
    assert part is not None
    drawn = np.zeros((part[0].stop - part[0].start, part[1].stop - part[1].start), np.uint8)
    cv2.fillPoly(drawn, [_fixed(corners, part)], 255, lineType=cv2.LINE_AA, shift=_SHIFT)
    return part, _softened(drawn, soft)


def strokes(
    lines: list[Doubles], wide: float, soft: float, *, strengths: Sequence[float] = ()
) -> tuple[Window, Floats]:
    """Lines `wide` millimetres thick, as `filled`; `strengths` from 0 to 1 where they are not all 1."""
    every = np.concatenate(lines)
    margin = wide + 3 * soft + 1
    part = window(every.min(axis=0) - margin, every.max(axis=0) + margin)
    assert part is not None
    drawn = np.zeros((part[0].stop - part[0].start, part[1].stop - part[1].start), np.uint8)
    thick = max(round(wide * PX_PER_MM), 1)
    for index, line in enumerate(lines):
        strength = round(255 * strengths[index]) if strengths else 255
        cv2.polylines(drawn, [_fixed(line, part)], False, strength, thick, cv2.LINE_AA, _SHIFT)
    return part, _softened(drawn, soft)


def _fixed(corners: Doubles, part: Window) -> NDArray[np.int32]:
    own = pixels(corners) - [part[1].start, part[0].start]
    return np.asarray(np.rint(own * 2**_SHIFT), dtype=np.int32)


def _softened(drawn: NDArray[np.uint8], soft: float) -> Floats:
    whole = drawn.astype(np.float32) / 255
    return np.asarray(cv2.GaussianBlur(whole, (0, 0), soft * PX_PER_MM), dtype=np.float32) if soft > 0 else whole
