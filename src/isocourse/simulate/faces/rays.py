"""Which place of the skin each pixel sees: rays from the camera, followed until they go through the head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces.camera import Camera, View
from isocourse.simulate.faces.chance import Floats
from isocourse.simulate.faces.shape import AROUND, AXIS, Shape

Doubles = NDArray[np.float64]

_STEP = 8  # every eighth pixel first: the head is smooth; then every pixel where it is not
_JUMP_MM = 2.5  # further apart than this, two neighbours are not on one smooth surface
_NEAR, _FAR, _STRIDE = 75.0, 165.0, 8.0  # millimetres before and behind the eyes, and from look to look
_HALVINGS = 10


@dataclass(frozen=True, eq=False)
class Seen:
    """For every pixel the place on the skin (also beside the head, where it comes nearest), and how far the ray goes
    past the head in millimetres, below zero where it meets it."""

    across: Floats
    down: Floats
    past: Floats


def follow(shape: Shape, camera: Camera, view: View) -> Seen:
    """All rays of a picture."""
    columns = np.arange(0, camera.width + _STEP, _STEP, dtype=np.float64)
    rows = np.arange(0, camera.height + _STEP, _STEP, dtype=np.float64)
    coarse = _followed(shape, camera, view, *np.meshgrid(columns, rows))
    across, down, past = (_every_pixel(each, camera) for each in coarse)
    y, x = np.nonzero(_rough(coarse, camera))
    for fine, every in zip(
        _followed(shape, camera, view, x.astype(np.float64), y.astype(np.float64)), (across, down, past), strict=True
    ):
        every[y, x] = fine
    return Seen(across, down, past)


def _followed(shape: Shape, camera: Camera, view: View, x: Doubles, y: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Place across and down, and how far past the head, for these pixels."""
    way = np.stack([(x - view.centre[0]) / view.focal, (y - view.centre[1]) / view.focal, np.ones_like(x)], axis=-1)
    way = way @ view.turn
    start = -view.moved @ view.turn

    def outside(t: Doubles) -> tuple[Doubles, Doubles, Doubles]:
        right, down, back = start[0] + t * way[..., 0], start[1] + t * way[..., 1], AXIS - start[2] - t * way[..., 2]
        across = np.arctan2(right, back) * AROUND
        return np.hypot(right, back) - shape.radii(across, down), across, down

    first = camera.distance - _NEAR
    through = np.zeros(x.shape, bool)
    entered, nearest, at_nearest = np.full(x.shape, first), np.full(x.shape, np.inf), np.full(x.shape, first)
    for t in np.arange(first, camera.distance + _FAR, _STRIDE):
        now, _, _ = outside(np.full(x.shape, t))
        fresh = ~through & (now <= 0)
        entered[fresh] = t - _STRIDE
        through |= fresh
        closer = ~through & (now < nearest)
        nearest[closer], at_nearest[closer] = now[closer], t
    low, high = entered, entered + _STRIDE
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        still = outside(middle)[0] > 0
        low, high = np.where(still, middle, low), np.where(still, high, middle)
    _, across, down = outside(np.where(through, (low + high) / 2, at_nearest))
    # Near the edge a ray only grazes the head: how deep it gets is how far inside the edge it is.
    deep = np.maximum(-outside(high + 3.0)[0], -outside(high + 9.0)[0])
    return across, down, np.where(through, -np.maximum(deep, 0.01), nearest)


def _every_pixel(coarse: Doubles, camera: Camera) -> Floats:
    matrix = np.array([[1 / _STEP, 0, 0], [0, 1 / _STEP, 0]], dtype=np.float64)
    size = (camera.width, camera.height)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    fine = cv2.warpAffine(coarse.astype(np.float32), matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(fine, dtype=np.float32)


def _rough(coarse: tuple[Doubles, Doubles, Doubles], camera: Camera) -> NDArray[np.bool_]:
    """Pixels in cells that an edge goes through."""
    across, down, past = coarse
    kernel = np.ones((2, 2), np.uint8)

    def spread(field: Doubles) -> Doubles:
        small = field.astype(np.float32)
        anchor = (0, 0)  # a cell's corners are its own point and the three after it
        most = cv2.dilate(small, kernel, anchor=anchor, borderType=cv2.BORDER_REPLICATE)
        least = cv2.erode(small, kernel, anchor=anchor, borderType=cv2.BORDER_REPLICATE)
        return np.asarray(most - least, dtype=np.float64)

    inside = cv2.dilate((past <= 0).astype(np.uint8), kernel, anchor=(0, 0)) > 0
    cells = inside & ((spread(across) > _JUMP_MM) | (spread(down) > _JUMP_MM) | (spread(np.sign(past)) > 0))
    every = np.repeat(np.repeat(cells, _STEP, axis=0), _STEP, axis=1)
    return every[: camera.height, : camera.width]
