"""Hollows: from two photographs with light from either side, or else a weak stand-in that is labelled as one.

With light from the picture's left and then from its right, (left - right) / (left + right) is the slope of the skin
across the picture, whatever its colour (two-light photometric stereo). How steep the light falls is not known, so the
index is relative: it compares visits of one person in one set-up.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from isocourse.skin.findings import Band, Relief
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Floats
from isocourse.skin.regions import Mask

_FINE_MM, _WIDE_MM = 0.2, 4.0  # standard deviations of the band of slopes: neither noise nor the shape of the face
_DARK = 0.01  # of linear light: nothing can be said where neither lamp reaches
_REACHES = 0.2  # of the brighter lamp's light: where one lamp does not reach there is no slope to be had
_MARGIN_MM = 2.0
_DEEP = 0.12  # millimetres, if the slope index were the slope
_SMALLEST_MM2, _LARGEST_MM2 = 0.5, 80.0
_TO_SPREAD = 1.4826
_RAKING = "From two photographs with light from either side. A relative index: compare it only in the same set-up."
_SHADING = "A weak stand-in: light and shade of one photograph, not depth. It cannot tell a scar from a shadow."


@dataclass(frozen=True, eq=False)
class Slopes:
    """`slope` across the picture, band-passed; `depth` in millimetres if the index were the slope, hollows negative;
    `hollows` numbered from 1, 0 elsewhere."""

    slope: Floats
    depth: Floats
    seen: Mask
    hollows: np.ndarray[tuple[int, int], np.dtype[np.int32]]


def slopes(left: Floats, right: Floats, skin: Mask) -> Slopes:
    """From two frames that lie on each other (the head did not move), lit from the picture's left and right."""
    lit_left, lit_right = left.mean(axis=2), right.mean(axis=2)
    total = lit_left + lit_right
    both_reach = np.minimum(lit_left, lit_right) > _REACHES * np.maximum(lit_left, lit_right)
    seen = np.asarray(skin & (total > _DARK) & both_reach, dtype=np.bool_)
    ratio = np.where(seen, (lit_left - lit_right) / np.maximum(total, 1e-4), np.float32(0)).astype(np.float32)
    weight = seen.astype(np.float32)
    slope = _mean(ratio, weight, _FINE_MM) - _mean(ratio, weight, _WIDE_MM)
    slope = np.where(seen, slope, np.float32(0)).astype(np.float32)
    depth = _depth(slope)
    side = round(_MARGIN_MM * PX_PER_MM)
    inner = cv2.blur(weight, (side, side)) > 0.95  # at an edge the sum has nothing to begin from
    deep = (depth < -_DEEP) & seen & inner
    return Slopes(slope, depth, seen, _numbered(np.asarray(deep, dtype=np.bool_)))


def raking_light(left: Floats, right: Floats, skin: Mask) -> Relief:
    """The relief of two frames that lie on each other."""
    found = slopes(left, right, skin)
    values = found.slope[found.seen]
    index = _TO_SPREAD * float(np.median(np.abs(values))) if values.size else 0.0
    count = int(found.hollows.max())
    area = float((found.hollows > 0).sum()) / PX_PER_MM**2
    return Relief("raking light", index, count, area, _RAKING)


def shading_proxy(roughness: tuple[Band, ...]) -> Relief | None:
    """From the widest band of texture of one photograph; None where that was not measured. Hollows are not counted."""
    wide = [band for band in roughness if band.from_mm >= 1.0]
    return Relief("shading", wide[0].value, None, None, _SHADING) if wide else None


def _mean(value: Floats, weight: Floats, millimetres: float) -> Floats:
    """The weighted mean around each pixel; wide ones on a smaller picture."""
    shrink = 4 if millimetres > 1 else 1
    whole = (value.shape[1], value.shape[0])
    size = (value.shape[1] // shrink, value.shape[0] // shrink)
    if shrink > 1:
        value, weight = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (value, weight))  # type: ignore[assignment]
    sigma = millimetres * PX_PER_MM / shrink
    over, under = cv2.GaussianBlur(value, (0, 0), sigma), cv2.GaussianBlur(weight, (0, 0), sigma)
    mean = np.asarray(over / np.maximum(under, 1e-3), dtype=np.float32)
    return mean if shrink == 1 else np.asarray(cv2.resize(mean, whole, interpolation=cv2.INTER_LINEAR))


def _depth(slope: Floats) -> Floats:
    """The slopes summed along the rows, without what is wider than the band: errors would add up."""
    summed = np.cumsum(slope, axis=1, dtype=np.float64).astype(np.float32) / np.float32(PX_PER_MM)
    sigma = _WIDE_MM * PX_PER_MM
    trend = cv2.blur(summed, (2 * round(sigma) + 1, 1))
    return np.asarray(cv2.GaussianBlur(summed - trend, (0, 0), _FINE_MM * PX_PER_MM), dtype=np.float32)


def _numbered(deep: Mask) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    _, labelled, figures, _ = cv2.connectedComponentsWithStats(deep.astype(np.uint8), connectivity=8)
    area = figures[:, cv2.CC_STAT_AREA] / PX_PER_MM**2
    kept = (area >= _SMALLEST_MM2) & (area <= _LARGEST_MM2)
    kept[0] = False
    numbers = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return np.asarray(numbers[labelled], dtype=np.int32)
