"""Where colour changed: a follow-up less its baseline, pixel for pixel, in the skin that both validly show.

The median of the difference is taken off, as light and white balance differ between visits: the maps show what changed
against the rest of the skin, never that the whole face did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.align import Alignment
from isocourse.skin.colour import absorbance, pigments
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Bytes, Floats, to_srgb
from isocourse.skin.regions import Mask

_SMOOTH_MM = 0.4  # pores and noise are finer, marks are wider
_LESS, _MORE = np.array([0, 92, 200], np.float32), np.array([200, 60, 0], np.float32)  # told apart by the colour-blind
_GROUND = 0.35  # linear light that skin is shown at
_FAINT = 0.25  # of the range: what changed less is not painted
MELANIN_RANGE, ERYTHEMA_RANGE = 0.4, 8.0


@dataclass(frozen=True, eq=False)
class ChangeMaps:
    """`melanin` in the units of `colour.pigments`, `erythema` in 100 log10(R/G); more is above zero; NaN where nothing
    can be said. As large as the baseline's frame."""

    melanin: Floats
    erythema: Floats
    valid: Mask


def change_maps(before: Floats, after: Floats, alignment: Alignment) -> ChangeMaps:
    """Of two frames in linear light, the follow-up as it was photographed. Raises ValueError where it was refused."""
    if alignment.refused:
        raise ValueError("photographs that do not lie on each other have no map of changes")
    valid = alignment.valid
    laid = np.maximum(alignment.laid(after), 0)
    one, other = _smooth(before, valid), _smooth(laid, valid)
    melanin = pigments(other)[..., 0] - pigments(one)[..., 0]
    redness = _redness(other) - _redness(one)
    return ChangeMaps(_against_the_rest(melanin, valid), _against_the_rest(redness, valid), valid)


def _smooth(linear: Floats, valid: Mask) -> Floats:
    """Means of valid skin only, so that lips and hair do not bleed into it."""
    weight = valid.astype(np.float32)
    sigma = _SMOOTH_MM * PX_PER_MM
    around = np.maximum(cv2.GaussianBlur(weight, (0, 0), sigma), 1e-3)
    return np.asarray(cv2.GaussianBlur(linear * weight[..., None], (0, 0), sigma) / around[..., None], dtype=np.float32)


def _redness(linear: Floats) -> Floats:
    dense = absorbance(linear)
    return np.asarray((dense[..., 1] - dense[..., 0]) * (100 / np.log(10)), dtype=np.float32)


def _against_the_rest(difference: NDArray[Any], valid: Mask) -> Floats:
    usual = float(np.median(difference[valid])) if valid.any() else 0.0
    return np.where(valid, difference - usual, np.float32(np.nan)).astype(np.float32)


def drawn(before: Floats, change: Floats, full: float) -> Bytes:
    """A map painted on its baseline (sRGB): blue less, orange more, up to `full` either way; grey where nothing can be
    said; a scale at the foot."""
    known = np.isfinite(change)
    light = before.mean(axis=2, dtype=np.float32)
    usual = max(float(np.median(light[known])) if known.any() else 0.0, 1e-3)
    ground = np.repeat(to_srgb(light * (_GROUND / usual))[..., None].astype(np.float32), 3, axis=2)
    ground[~known] *= 0.45
    painted = _painted(ground, np.where(known, change / full, 0).astype(np.float32))
    return np.concatenate([painted, _scale(painted.shape[1], full)])


def _painted(ground: Floats, part: Floats) -> Bytes:
    strength = np.clip((np.abs(part) - _FAINT) / (1 - _FAINT), 0, 1)[..., None] ** 0.7
    colour = np.where(part[..., None] > 0, _MORE, _LESS)
    return np.asarray(np.rint(ground * (1 - strength) + (colour * 0.7 + ground * 0.3) * strength), dtype=np.uint8)


def _scale(width: int, full: float) -> Bytes:
    height = max(width // 16, 24)
    foot = np.full((height, width, 3), 255, np.uint8)
    ramp = np.linspace(-1, 1, width * 6 // 10, dtype=np.float32)
    bar = _painted(np.full((height // 3, ramp.size, 3), 190, np.float32), np.tile(ramp, (height // 3, 1)))
    left = (width - ramp.size) // 2
    foot[height // 3 : height // 3 + bar.shape[0], left : left + ramp.size] = bar
    size = height / 60
    for text, middle in ((f"-{full:g}", left / 2), (f"+{full:g}", width - left / 2)):
        wide, high = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 2)[0]
        at = (round(middle - wide / 2), round(height / 2 + high / 2))
        cv2.putText(foot, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, (40, 40, 40), 2, cv2.LINE_AA)
    return foot
