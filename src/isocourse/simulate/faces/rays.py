"""Which place of the skin each pixel sees: rays from the camera, followed until they go through the head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces.camera import Camera, View
from isocourse.simulate.faces.chance import Floats
from isocourse.simulate.faces.shape import AROUND, AXIS, LEFT, TOP, Shape

Doubles = NDArray[np.float64]

_STEP = 8  # every eighth pixel first: the head is smooth; then every pixel where it is not
_JUMP_MM = 2.5  # further apart than this, two neighbours are not on one smooth surface
_NEAR, _FAR, _STRIDE = 75.0, 165.0, 8.0  # millimetres before and behind the eyes, and from look to look
_HALVINGS, _MARGIN = 5, 0.08
_ROW = 1024


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
    y, x = (_in_rows(each) for each in np.nonzero(_rough(coarse, camera)))
    exact = _followed(shape, camera, view, x.astype(np.float64), y.astype(np.float64))
    for every, fine in zip((across, down, past), exact, strict=True):
        every[y, x] = fine
    return Seen(across, down, past)


def _in_rows(indices: NDArray[np.intp]) -> NDArray[np.intp]:
    """As a picture that cv2 takes (no side over 32,767), the last row filled up with the last of them."""
    missing = -len(indices) % _ROW
    return np.pad(indices, (0, missing), mode="edge" if len(indices) else "empty").reshape(-1, _ROW)


def _followed(shape: Shape, camera: Camera, view: View, x: Doubles, y: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Place across and down, and how far past the head, for these pixels."""
    way = np.stack([(x - view.centre[0]) / view.focal, (y - view.centre[1]) / view.focal, np.ones_like(x)], axis=-1)
    way = way @ view.turn
    start = -view.moved @ view.turn
    radius = shape.radius.astype(np.float32)
    right_way, down_way, back_way = (np.ascontiguousarray(way[..., i], dtype=np.float32) for i in range(3))

    def roughly(t: Floats) -> Floats:
        """Millimetres outside the head. cv2 reads the grid to 1/32 of a millimetre: enough to know where to look."""
        right, down = np.float32(start[0]) + t * right_way, np.float32(start[1]) + t * down_way
        back = np.float32(AXIS - start[2]) - t * back_way
        across = np.arctan2(right, back) * np.float32(AROUND) - np.float32(LEFT)
        there = cv2.remap(radius, across, down - np.float32(TOP), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(np.hypot(right, back) - there.reshape(right.shape), dtype=np.float32)

    def exactly(t: Doubles) -> tuple[Doubles, Doubles, Doubles]:
        right, down, back = start[0] + t * way[..., 0], start[1] + t * way[..., 1], AXIS - start[2] - t * way[..., 2]
        across = np.arctan2(right, back) * AROUND
        return np.hypot(right, back) - shape.radii(across, down), across, down

    first = np.float32(camera.distance - _NEAR)
    through = np.zeros(x.shape, bool)
    low, nearest, at_nearest, deepest = (np.full(x.shape, value, np.float32) for value in (first, np.inf, first, 0))
    for t in np.arange(first, camera.distance + _FAR, _STRIDE, dtype=np.float32):
        now = roughly(np.asarray(t))
        fresh = ~through & (now <= 0)
        low[fresh] = t - np.float32(_STRIDE)
        through |= fresh
        closer = ~through & (now < nearest)
        nearest[closer], at_nearest[closer] = now[closer], t
        np.maximum(deepest, -now, out=deepest)
    wide = np.float32(_STRIDE)
    for _ in range(_HALVINGS):
        wide /= 2
        low += wide * (roughly(low + wide) > 0)
    # The surface is all but straight within so short a way.
    before, after = low.astype(np.float64) - _MARGIN, low.astype(np.float64) + wide + _MARGIN
    outside, inside = exactly(before)[0], exactly(after)[0]
    between = np.clip(outside / np.maximum(outside - inside, 1e-9), 0, 1)
    _, across, down = exactly(np.where(through, before + between * (after - before), at_nearest))
    # Near the edge a ray only grazes the head: how deep it gets is how far inside the edge it is.
    deep = np.maximum(deepest, np.maximum(-roughly(low + 3), -roughly(low + 9)))
    return across, down, np.where(through, -np.maximum(deep, 0.01), nearest).astype(np.float64)


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
