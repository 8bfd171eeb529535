"""The head as a surface: for every direction around an upright axis and every height, how far the skin is away.

Lengths are millimetres of the head: x to the right of the picture, y down, z away from whoever looks. A place on the
skin is `(across, down)`: `across` is the angle around the axis times `AROUND`, `down` is y.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator
from scipy.ndimage import gaussian_filter, map_coordinates

from isocourse.simulate.faces.chance import chance
from isocourse.simulate.faces.mesh import canonical_face

Doubles = NDArray[np.float64]

AXIS = 45.0  # the axis lies this far behind the mesh's origin
AROUND = 85.0
LEFT, RIGHT, TOP, BOTTOM = -180, 180, -140, 230  # the surface's borders, in millimetres of `across` and `down`
_COARSE = 3  # the surface is fitted on a grid this fine, and kept on one of a millimetre
_CROWN, _BREADTH, _BACK = -122.0, 78.0, 100.0

# Both lips' inner edges, from corner to corner: the mesh's mouth is half open, ours is closed.
UPPER_INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_INNER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)


@dataclass(frozen=True, eq=False)
class Shape:
    """`radius` on a grid of one millimetre from (LEFT, TOP); `points` are the 468 places (across, down)."""

    radius: Doubles
    points: Doubles

    def radii(self, across: Doubles, down: Doubles) -> Doubles:
        """The distance from the axis at these places."""
        places = np.broadcast_arrays(np.subtract(down, TOP), np.subtract(across, LEFT))
        found = map_coordinates(self.radius, [np.atleast_1d(each) for each in places], order=1, mode="nearest")
        return np.asarray(found.reshape(places[0].shape))

    def at(self, across: Doubles, down: Doubles) -> Doubles:
        """(..., 3): these places of the skin in space."""
        angle = across / AROUND
        radius = self.radii(across, down)
        return np.stack([radius * np.sin(angle), down, AXIS - radius * np.cos(angle)], axis=-1)

    def tangents(self, across: Doubles, down: Doubles) -> tuple[Doubles, Doubles]:
        """(..., 3) twice: how a place moves in space for each millimetre across, and for each down."""
        step = 0.5
        along = (self.at(across + step, down) - self.at(across - step, down)) / (2 * step)
        below = (self.at(across, down + step) - self.at(across, down - step)) / (2 * step)
        return along, below


def unrolled(points: Doubles) -> Doubles:
    """(..., 2): the place on the skin of points in space."""
    return np.stack([np.arctan2(points[..., 0], AXIS - points[..., 2]) * AROUND, points[..., 1]], axis=-1)


def shape_of(seed: object) -> Shape:
    """Somebody's head: the canonical face, bent by a few smooth changes of proportion."""
    face = _somebody(canonical_face(), chance(seed, "shape"))
    rest = _skull_and_neck()
    every = np.concatenate([face, rest])
    places = unrolled(every)
    radii = np.hypot(every[:, 0], AXIS - every[:, 2])
    fit = RBFInterpolator(places, radii, kernel="thin_plate_spline", smoothing=2.0)
    across, down = np.arange(LEFT, RIGHT + _COARSE, _COARSE), np.arange(TOP, BOTTOM + _COARSE, _COARSE)
    grid = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2).astype(np.float64)
    coarse = np.maximum(fit(grid).reshape(len(down), len(across)), 1.0)
    fine_down, fine_across = np.mgrid[TOP : BOTTOM + 1, LEFT : RIGHT + 1]
    fine = map_coordinates(coarse, [(fine_down - TOP) / _COARSE, (fine_across - LEFT) / _COARSE], order=3)
    return Shape(radius=gaussian_filter(fine, 1.0), points=places[: len(face)])


def _somebody(face: Doubles, dice: np.random.Generator) -> Doubles:
    moved = face.copy()
    middle = (moved[list(UPPER_INNER)] + moved[list(LOWER_INNER)]) / 2
    moved[list(UPPER_INNER)] = moved[list(LOWER_INNER)] = middle
    x, y = face[:, 0], face[:, 1]
    wide, tall, deep = dice.normal(1.0, [0.025, 0.02, 0.02])
    jaw, lower, nose_length, nose_width, lips, brow = np.clip(dice.normal(0.0, 1.0, 6), -1.8, 1.8)
    below = np.clip((y - 20) / 70, 0, 1)
    moved[:, 0] = x * wide * (1 + 0.05 * jaw * below)
    moved[:, 1] = y * tall + 2.0 * lower * np.clip((y - 30) / 60, 0, 1)
    nose = np.exp(-((x / 20) ** 2) - ((y - 8) / 17) ** 2)
    moved[:, 1] += 1.5 * nose_length * nose
    moved[:, 2] = moved[:, 2] * deep - 1.5 * nose_length * nose
    moved[:, 0] += 0.07 * nose_width * x * nose
    mouth = np.exp(-((x / 28) ** 2) - ((y - 44) / 12) ** 2)
    moved[:, 1] += 0.10 * lips * (y - 43) * mouth
    moved[:, 1] += 1.2 * brow * np.exp(-(((y + 50) / 10) ** 2))
    # Nobody is quite the same on both sides.
    moved[:, 1] += 0.5 * dice.normal() * np.sin(x / 60)
    return moved


def _skull_and_neck() -> Doubles:
    """Points where the mesh has none: an egg for the skull, a cylinder for the neck that widens to the shoulders."""
    found = []
    for down in range(-119, 61, 9):
        height = np.sqrt(max(1 - ((down + 10) / (_CROWN + 10)) ** 2, 0.0)) if down < -10 else 1.0
        for degrees in range(0, 181, 12):
            angle = np.radians(degrees)
            bare = np.cos(angle) > -0.1 and down > -88
            if bare and degrees < 90:
                continue
            front = 100.0 if degrees < 90 else _BACK
            radius = height / np.hypot(np.sin(angle) / _BREADTH, np.cos(angle) / front)
            found += [(side * radius * np.sin(angle), down, AXIS - radius * np.cos(angle)) for side in (-1, 1)]
    for down in range(122, 231, 9):
        wider = max(down - 160.0, 0.0) * 1.1
        for degrees in range(0, 181, 15):
            angle = np.radians(degrees)
            radius = 56.0 + wider * (0.6 + 0.6 * np.sin(angle) ** 2) + 4 * np.sin(angle) ** 2
            found += [(side * radius * np.sin(angle), down, AXIS - radius * np.cos(angle)) for side in (-1, 1)]
    return np.array(sorted(set(found)))
