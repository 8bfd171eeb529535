"""Roughness of skin: how much lightness varies within bands of millimetres, after every photograph has the same blur.

A blur of one pixel takes a third off fine texture, more than people differ by. So a picture is first blurred to what
the band allows, and a band for which it already is too blurred is left out. Marks and what is no skin are left out by
weights, so that no edge of a mask leaks in. It is a roughness of light, not a height in micrometres.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from isocourse.skin.findings import Band
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Floats
from isocourse.skin.regions import Mask

BANDS = ((0.4, 1.0), (1.0, 6.0))
_WIDTH = 2.355  # a Gaussian's width at half its height, in standard deviations
_FEWEST_MM2 = 50.0
_ENOUGH = 50_000  # pixels for a median; more only take time
_TO_SPREAD = 1.4826  # from the median absolute deviation to a standard deviation


@dataclass(frozen=True, eq=False)
class BandMap:
    """What varies within a band: `values` in L*, `seen` where skin bears it. Shrunk by `shrink` against the frame."""

    from_mm: float
    to_mm: float
    values: Floats
    seen: Mask
    shrink: int


def band_maps(lightness: Floats, skin: Mask, *, blur: float, finest: float = 0.0) -> tuple[BandMap, ...]:
    """A map for every band that a picture with this blur (mm, one standard deviation) can show, from `finest` on."""
    found = []
    for low, high in BANDS:
        allowed = low / _WIDTH
        if low < finest or blur > 1.1 * allowed:
            continue
        found.append(_band(lightness, skin, blur, low, high))
    return tuple(found)


def _band(lightness: Floats, skin: Mask, blur: float, low: float, high: float) -> BandMap:
    shrink = 1 if low < 1.0 else 4
    if shrink > 1:
        size = (lightness.shape[1] // shrink, lightness.shape[0] // shrink)
        weight: Floats = np.asarray(
            cv2.resize(skin.astype(np.float32), size, interpolation=cv2.INTER_AREA), dtype=np.float32
        )
        weighted = np.where(skin, lightness, np.float32(0))
        value: Floats = np.asarray(cv2.resize(weighted, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
    else:
        weight = skin.astype(np.float32)
        value = np.where(skin, lightness, np.float32(0))
    px = PX_PER_MM / shrink
    missing = float(np.sqrt(max((low / _WIDTH) ** 2 - blur**2, 0.0))) * px
    fine = _mean(value, weight, missing)
    wide = _mean(value, weight, high / _WIDTH * px)
    seen = np.asarray(weight > 0.99, dtype=np.bool_)
    return BandMap(low, high, np.asarray(fine - wide, dtype=np.float32), seen, shrink)


def _mean(value: Floats, weight: Floats, sigma: float) -> Floats:
    """The mean of what is seen around each pixel."""
    if sigma < 0.3:
        return np.asarray(value / np.maximum(weight, 1e-3), dtype=np.float32)
    over, under = cv2.GaussianBlur(value, (0, 0), sigma), cv2.GaussianBlur(weight, (0, 0), sigma)
    return np.asarray(over / np.maximum(under, 1e-3), dtype=np.float32)


def bands(maps: tuple[BandMap, ...], where: Mask) -> tuple[Band, ...]:
    """The roughness under a mask of the frame's size, in the bands of which 50 square millimetres are seen."""
    found = []
    for each in maps:
        inside = each.seen & _shrunk(where, each)
        if float(inside.sum()) * (each.shrink / PX_PER_MM) ** 2 < _FEWEST_MM2:
            continue
        values = each.values[inside]
        values = values[:: max(values.size // _ENOUGH, 1)]
        spread = _TO_SPREAD * float(np.median(np.abs(values - np.median(values))))
        found.append(Band(each.from_mm, each.to_mm, spread))
    return tuple(found)


def _shrunk(where: Mask, band: BandMap) -> Mask:
    if band.shrink == 1:
        return where
    size = (band.values.shape[1], band.values.shape[0])
    return cv2.resize(where.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)
