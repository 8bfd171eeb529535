"""Colour that can be trusted, by the best means there are: a chart, a grey card, this person's own baseline, nothing.

Whoever photographs says what is there; a rung that does not hold is left for the next, and it is said why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.chart import REFERENCE, find_chart, fit_chart, judged
from isocourse.skin.findings import ColourFit
from isocourse.skin.light import Bytes, Floats, to_linear
from isocourse.skin.scale import Scale, scale_from_chart, scale_from_length

Doubles = NDArray[np.float64]

MEAN_ERROR, LARGEST_ERROR = 4.0, 12.0  # leave-one-out delta E00; good photographs of charts have 2 to 3, and 4 to 10
_CARD_LIGHT = 0.18  # of a grey card, in linear light
_CARD_FEWEST, _CARD_UNEVEN, _STRONGEST_GAIN = 400, 0.15, 4.0
_NONE = (
    "No colour reference: colours are the camera's own. Marks are compared with the skin around them; the tone of the "
    "skin is not given."
)


class Calibration(msgspec.Struct, frozen=True):
    """What is known of a photograph besides its pixels. Places are pixels of the upright picture.

    `chart`: look for a chart of 24 patches; `patches` are its colours in linear sRGB where they are other than those of
    the ColorChecker. `card`: left, top, width, height inside a grey card; `card_light` its share of light given back.
    `own_tone`: the median of this person's bare skin at baseline, red, green and blue in linear light. `length_px` and
    `length_mm`: something of known length in the plane of the skin, in place of the irises. `chart_mm`: from the middle
    of one patch of the chart to that of the next, where the chart lies in the plane of the face: the scale comes from
    it.
    """

    chart: bool = False
    patches: tuple[tuple[float, float, float], ...] | None = None
    card: tuple[float, float, float, float] | None = None
    card_light: float = _CARD_LIGHT
    own_tone: tuple[float, float, float] | None = None
    length_px: float | None = None
    length_mm: float | None = None
    chart_mm: float | None = None

    def __post_init__(self) -> None:
        if self.patches is not None and len(self.patches) != 24:
            raise ValueError("a chart has 24 patches")

    def scale(self, rgb: Bytes) -> Scale | None:
        """The scale from a given length, or from the chart in the picture; None where neither is known or holds."""
        if self.length_px is not None and self.length_mm is not None:
            return scale_from_length(self.length_px, self.length_mm)
        if self.chart_mm is None:
            return None
        chart = find_chart(rgb)
        return None if chart is None or judged(chart) else scale_from_chart(*chart.pitch, self.chart_mm)


@dataclass(frozen=True, eq=False)
class Calibrated:
    """`linear` is the frame in the colours found, `matrix` what it was multiplied by, `fit` how good that is."""

    linear: Floats
    matrix: Doubles
    fit: ColourFit


# A rung gives what it found, or the reason why it does not hold.
_Found = tuple[ColourFit, Doubles] | str


def calibrated(rgb: Bytes, linear: Floats, skin: Floats, calibration: Calibration) -> Calibrated:
    """The frame by the best rung that holds. `skin` (n, 3) is this photograph's bare skin in linear light."""
    rungs: list[Callable[[], _Found]] = []
    if calibration.chart:
        rungs.append(lambda: _by_chart(rgb, calibration))
    if calibration.card is not None:
        rungs.append(lambda: _by_card(rgb, calibration))
    if calibration.own_tone is not None:
        rungs.append(lambda: _by_own_tone(skin, calibration))
    missed: list[str] = []
    for rung in rungs:
        found = rung()
        if not isinstance(found, str):
            return _applied(linear, found[1], _with_missed(found[0], missed))
        missed.append(found)
    return _applied(linear, np.eye(3), _with_missed(ColourFit("none", None, 0, _NONE), missed))


def _applied(linear: Floats, matrix: Doubles, fit: ColourFit) -> Calibrated:
    if fit.rung == "none":
        return Calibrated(linear, matrix, fit)
    changed = np.asarray(cv2.transform(linear, matrix.astype(np.float32)), dtype=np.float32)
    return Calibrated(np.maximum(changed, 0, out=changed), matrix, fit)


def _with_missed(fit: ColourFit, missed: list[str]) -> ColourFit:
    if not missed:
        return fit
    reasons = "; ".join(missed)
    return msgspec.structs.replace(fit, says=f"{fit.says} Not used: {reasons}.")


def _by_chart(rgb: Bytes, calibration: Calibration) -> _Found:
    chart = find_chart(rgb)
    reason = judged(chart)
    if chart is None or reason:
        return reason
    reference = REFERENCE if calibration.patches is None else np.array(calibration.patches, dtype=np.float64)
    fit = fit_chart(chart.patches, reference)
    if fit is None:
        return "the chart is too bright or too dark"
    mean, largest = float(fit.errors.mean()), float(fit.errors.max())
    if mean > MEAN_ERROR or largest > LARGEST_ERROR:
        return (
            f"the chart's colours do not fit (mean error {mean:.1f}, largest {largest:.1f}; allowed {MEAN_ERROR:g} and "
            f"{LARGEST_ERROR:g}): it lies in other light, or the camera changes colours"
        )
    says = f"Colours by the chart: {mean:.1f} off on average (delta E00, on patches left out), {largest:.1f} at most."
    return ColourFit("chart", mean, len(fit.errors), says), fit.matrix


def _by_card(rgb: Bytes, calibration: Calibration) -> _Found:
    assert calibration.card is not None
    left, top, width, height = (round(value) for value in calibration.card)
    height_px, width_px = rgb.shape[:2]
    inside = left >= 0 and top >= 0 and left + width <= width_px and top + height <= height_px
    if not inside or width * height < _CARD_FEWEST:
        return "the place of the grey card is not in the picture, or too small"
    card = to_linear(rgb[top : top + height, left : left + width]).reshape(-1, 3).astype(np.float64)
    middle = np.median(card, axis=0)
    low, high = np.percentile(card, [10, 90], axis=0)
    if float(middle.max()) >= 0.95 or float(middle.min()) <= 0.005:
        return "the grey card is too bright or too dark"
    if float(((high - low) / middle).max()) > 2 * _CARD_UNEVEN:
        return "the grey card is not evenly lit, or something lies on it"
    gain = calibration.card_light / middle
    if float(gain.max() / gain.min()) > _STRONGEST_GAIN or float(max(gain.max(), 1 / gain.min())) > 2 * _STRONGEST_GAIN:
        return "the grey card is not grey in this picture"
    says = "Light and white balance by the grey card; how far the camera's colours are off is not known."
    return ColourFit("grey card", None, 1, says), np.diag(gain)


def _by_own_tone(skin: Floats, calibration: Calibration) -> _Found:
    assert calibration.own_tone is not None
    if skin.shape[0] < 200:
        return "too little skin is seen to compare with the baseline"
    gain = np.array(calibration.own_tone, dtype=np.float64) / np.maximum(np.median(skin, axis=0), 1e-4)
    if not np.isfinite(gain).all() or float(gain.min()) <= 0 or float(gain.max() / gain.min()) > _STRONGEST_GAIN:
        return "this person's skin at baseline is too unlike"
    says = (
        "Colours are set so that the skin as a whole is as at the baseline: only differences within the face mean "
        "anything, and the tone of the skin is not given."
    )
    return ColourFit("own baseline", None, 0, says), np.diag(gain)
