"""Skin's own colour after calibration by a chart: drawn little wider than the least that is used, on generated skin.

The chart's patches reach the sensor as the colours that an exact observer sees, so the sensor mixes them as it mixes
skin; how metals and dyes differ from skin by wavelength is not in it. Real photographs will be worse.
"""

from __future__ import annotations

from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.calibrate import Calibration, calibrated
from isocourse.skin.chart import REFERENCE
from isocourse.skin.colour import delta_e00, lab_of
from isocourse.skin.evaluation import optics
from isocourse.skin.evaluation.camera import Shot, ideal_colour, photographed, pose
from isocourse.skin.findings import Rung
from isocourse.skin.light import Floats, to_linear

_WIDTHS = (202, 240)  # pixels across; under 200 no chart is used
_PATCH, _GAP, _CARD = 0.84, 0.16, 0.02  # of a patch's place; the card's light
_BLOCK = 100  # pixels across of the skin that one colour is of


class Charted(msgspec.Struct, frozen=True):
    """Median delta E00 of skin against what it is, before and after. `rung` is what the colours came to stand on."""

    rung: Rung
    before: float
    after: float


def chart_error(bare: Floats, seed: tuple[int, ...]) -> Charted:
    """`bare` (height, width, 3) is the light of skin at the sensor. Exposure, white balance, tilt and width of the
    chart are thrown; the same arguments give the same figures."""
    dice = np.random.default_rng(seed)
    shot = Shot(
        ev=float(dice.uniform(-1.0, -0.2)),
        red=float(np.exp(dice.normal(0, 0.15))),
        blue=float(np.exp(dice.normal(0, 0.15))),
        yaw=float(dice.uniform(-8, 8)),
        pitch=float(dice.uniform(-8, 8)),
    )
    light, card = _with_chart(bare, int(dice.integers(*_WIDTHS)))
    rgb = photographed(light, shot, int(dice.integers(1 << 31)))
    turned = np.asarray(cv2.warpPerspective(light, pose(shot, light.shape[1]), light.shape[1::-1]), dtype=np.float32)
    free = cv2.warpPerspective(card, pose(shot, light.shape[1]), light.shape[1::-1], borderValue=1) == 0
    linear = to_linear(rgb)
    found = calibrated(rgb, linear, np.zeros((0, 3), np.float32), Calibration(chart=True))
    true = _colours(ideal_colour(turned), free)
    return Charted(
        found.fit.rung,
        before=float(np.median(delta_e00(_colours(linear, free), true))),
        after=float(np.median(delta_e00(_colours(found.linear, free), true))),
    )


def _with_chart(bare: Floats, width: int) -> tuple[Floats, NDArray[np.uint8]]:
    """Skin with a chart of that many pixels in its middle, and where the chart lies."""
    light, card = bare.copy(), np.zeros(bare.shape[:2], np.uint8)
    patch = width / (6 + _GAP)
    left, top = (bare.shape[1] - width) / 2, (bare.shape[0] - (4 + _GAP) * patch) / 2
    edge = patch / 4  # some of the card is left around the patches
    where = np.s_[
        round(top - edge) : round(top + (4 + _GAP) * patch + edge), round(left - edge) : round(left + width + edge)
    ]
    light[where], card[where] = _CARD, 1
    for index, colour in enumerate(np.maximum(REFERENCE @ np.linalg.inv(optics.TO_SRGB), 0)):
        row, column = divmod(index, 6)
        x, y = left + (column + _GAP) * patch, top + (row + _GAP) * patch
        light[round(y) : round(y + _PATCH * patch), round(x) : round(x + _PATCH * patch)] = colour
    return light, card


def _colours(linear: Floats, free: NDArray[np.bool_]) -> NDArray[Any]:
    """CIELAB (n, 3) of the medians of squares that are skin all over."""
    found = []
    for y in range(0, free.shape[0] - _BLOCK + 1, _BLOCK):
        for x in range(0, free.shape[1] - _BLOCK + 1, _BLOCK):
            block = np.s_[y : y + _BLOCK, x : x + _BLOCK]
            if free[block].all():
                found.append(np.median(linear[block].reshape(-1, 3), axis=0))
    return np.asarray(lab_of(np.array(found)))
