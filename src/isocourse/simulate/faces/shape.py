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

SIZE = 0.95  # the canonical face has 153 mm between the ears; this makes it 145, nearer to people's
AXIS = 42.75  # the axis lies this far behind the mesh's origin
AROUND = 80.75
LEFT, RIGHT, TOP, BOTTOM = -180, 180, -140, 230  # the surface's borders, in millimetres of `across` and `down`
_COARSE = 3  # the surface is fitted on a grid this fine, and kept on one of a millimetre
_CROWN, _MIDDLE, _BREADTH, _FRONT, _BACK = -112.0, -5.0, 74.0, 101.5, 95.0
_JAW = (152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454)
_UNDER_JAW = 16.0
_BEHIND_JAW = ((50, 65, 80), (0, 50, 59))  # at these degrees the neck begins no higher than this

# Both lips' inner edges, from corner to corner: the mesh's mouth is half open, ours is closed.
UPPER_INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_INNER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
# Lids, from the outer corner to the inner, the person's right eye first.
UPPER_LIDS = ((33, 246, 161, 160, 159, 158, 157, 173, 133), (263, 466, 388, 387, 386, 385, 384, 398, 362))
LOWER_LIDS = ((33, 7, 163, 144, 145, 153, 154, 155, 133), (263, 249, 390, 373, 374, 380, 381, 382, 362))


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
    face = _somebody(canonical_face() * SIZE, chance(seed, "shape"))
    every = np.concatenate([face, _neck(face)])
    places = unrolled(every)
    radii = np.hypot(every[:, 0], AXIS - every[:, 2])
    fit = RBFInterpolator(places, radii, kernel="thin_plate_spline", smoothing=0.5)
    across, down = np.arange(LEFT, RIGHT + _COARSE, _COARSE), np.arange(TOP, BOTTOM + _COARSE, _COARSE)
    grid = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2).astype(np.float64)
    coarse = fit(grid).reshape(len(down), len(across))
    fine_down, fine_across = np.mgrid[TOP : BOTTOM + 1, LEFT : RIGHT + 1].astype(np.float64)
    fine = map_coordinates(coarse, [(fine_down - TOP) / _COARSE, (fine_across - LEFT) / _COARSE], order=3)
    radius = _with_skull(gaussian_filter(fine, 0.8), fine_across, fine_down)
    return Shape(radius=radius, points=places[: len(face)])


def _egg(angle: Doubles, down: Doubles) -> Doubles:
    """The skull's distance from the axis; above the crown it is below zero."""
    front = np.where(np.cos(angle) > 0, _FRONT, _BACK)
    level = np.clip((_MIDDLE - down) / (_MIDDLE - _CROWN), 0, 1)
    height = np.power(1 - np.power(level, 2.5), 1 / 2.5)
    radius = height / np.hypot(np.sin(angle) / _BREADTH, np.cos(angle) / front)
    return np.asarray(np.where(down <= _CROWN, -20.0, radius))


def _with_skull(radius: Doubles, across: Doubles, down: Doubles) -> Doubles:
    """The egg alone over the hairline, where the fit would go on rising; the neck smooth."""
    share = np.clip((-80.0 - down) / 12, 0, 1)
    share = share * share * (3 - 2 * share)
    whole: Doubles = radius + (_egg(across / AROUND, down) - radius) * share
    neck = np.clip((down - 102) / 10, 0, 1)  # where the fit ripples between its few points
    return np.asarray(whole + (gaussian_filter(whole, (6.0, 14.0)) - whole) * neck)


def _somebody(face: Doubles, dice: np.random.Generator) -> Doubles:
    moved = face.copy()
    middle = (moved[list(UPPER_INNER)] + moved[list(LOWER_INNER)]) / 2
    moved[list(UPPER_INNER)] = moved[list(LOWER_INNER)] = middle
    for lids, up in ((UPPER_LIDS, -1.3), (LOWER_LIDS, 0.4)):  # and its eyes are half shut, ours look
        for line in lids:
            moved[list(line), 1] += up * np.sin(np.linspace(0, np.pi, len(line)))
    x, y = face[:, 0], face[:, 1]
    wide, tall, deep = dice.normal(1.0, [0.025, 0.02, 0.02])
    jaw, lower, nose_length, nose_width, lips, brow = np.clip(dice.normal(0.0, 1.0, 6), -1.8, 1.8)
    below = np.clip((y - 20) / 70, 0, 1)
    moved[:, 0] = x * wide * (1 + 0.05 * jaw * below)
    moved[:, 1] += y * (tall - 1) + 2.0 * lower * np.clip((y - 30) / 60, 0, 1)
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


def _temple(down: float) -> float:
    """How far across the mesh may reach at this height over the eyes, with a margin."""
    return float(np.interp(down, (-90, -76, -57, -38, -19), (38, 59, 80, 91, 102)))


def _neck(face: Doubles) -> Doubles:
    """Points where the mesh has none: the neck, from under the jaw to the shoulders, and the head behind the ears."""
    jaw = face[list(_JAW)]
    turned = np.degrees(np.arctan2(np.abs(jaw[:, 0]), AXIS - jaw[:, 2]))
    order = np.argsort(turned)
    found = []
    for degrees in range(0, 181, 10):
        angle = np.radians(degrees)
        under = float(np.interp(degrees, turned[order], jaw[order, 1])) + _UNDER_JAW
        under = max(under, float(np.interp(degrees, *_BEHIND_JAW)))
        for down in np.arange(under, BOTTOM + 1, 8.0):
            wider = max(down - 116.0, 0.0) * 1.5
            # The throat is nearer to the axis than the sides, and comes forward on its way down.
            radius = 51.5 + wider * (0.5 + np.sin(angle) ** 2)
            found += [(side * radius * np.sin(angle), down, AXIS - radius * np.cos(angle)) for side in (-1, 1)]
        for down in np.arange(-105.0, 31.0, 10.0):
            beside = degrees > 85 or down < -90 or (down < -20 and degrees * AROUND * np.pi / 180 > _temple(down))
            if not beside:
                continue
            radius = float(_egg(np.asarray(angle), np.asarray(down)))
            found += [(side * radius * np.sin(angle), down, AXIS - radius * np.cos(angle)) for side in (-1, 1)]
    return np.array(sorted(set(found)))
