"""A chart of 24 patches (ColorChecker Classic) in a photograph: where it is, what its patches look like, and the matrix
from the camera's colours to the chart's, judged on patches that it was not fitted to.

The reference is the chart's own CIELAB (ColorChecker 2005, D50) adapted to D65 by Bradford, in linear sRGB. The 8-bit
numbers printed on many such charts are other colours: up to 4 in a* for the skin patches.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.colour import delta_e00, lab_of
from isocourse.skin.light import Bytes, to_linear

Doubles = NDArray[np.float64]

REFERENCE: Doubles = np.array([
    [0.1730, 0.0821, 0.0567], [0.5684, 0.2927, 0.2184], [0.1035, 0.1960, 0.3315], [0.1015, 0.1489, 0.0519],
    [0.2216, 0.2159, 0.4347], [0.1080, 0.5144, 0.4129], [0.7472, 0.2006, 0.0282], [0.0575, 0.1051, 0.4032],
    [0.5668, 0.0843, 0.1197], [0.1111, 0.0423, 0.1430], [0.3456, 0.5087, 0.0494], [0.7946, 0.3594, 0.0206],
    [0.0171, 0.0502, 0.2923], [0.0560, 0.3001, 0.0688], [0.4560, 0.0304, 0.0409], [0.8573, 0.5676, 0.0068],
    [0.5337, 0.0886, 0.3076], [-0.0375, 0.2470, 0.4005], [0.9119, 0.9151, 0.8940], [0.5797, 0.5920, 0.5937],
    [0.3549, 0.3654, 0.3678], [0.1901, 0.1918, 0.1932], [0.0852, 0.0889, 0.0926], [0.0304, 0.0312, 0.0328],
])  # fmt: skip
_COUNT_MORE = (0, 1, 18, 19, 20, 21, 22, 23)  # the two of skin and the six neutral ones, three times
_SIDES = (1400, 2800)  # of the picture in which the chart is looked for
_NARROWEST = 200.0  # pixels; on smaller charts one in ten fits is wrong by more than 7
_FEWEST = 18
_CLIPPED, _BLACK = 0.98, 0.0015
_INNER = 0.8  # of what OpenCV takes for a patch, which is half of one


@dataclass(frozen=True, eq=False)
class Chart:
    """`corners` (4, 2) and the middles of the patches, `centres` (24, 2), in pixels of the picture, `patches` (24, 3)
    medians in linear light, `uneven` how much each varies within itself, as a part."""

    corners: Doubles
    centres: Doubles
    patches: Doubles
    uneven: Doubles

    @property
    def width(self) -> float:
        """The longer side in pixels."""
        sides = np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1)
        return float(sides.max())

    @property
    def pitch(self) -> tuple[float, float]:
        """From the middle of a patch to that of the next, in pixels: along the rows, and down the columns."""
        grid = self.centres.reshape(4, 6, 2)
        return tuple(float(np.linalg.norm(np.diff(grid, axis=axis), axis=2).mean()) for axis in (1, 0))  # type: ignore[return-value]


@dataclass(frozen=True, eq=False)
class Fit:
    """`matrix` turns linear light of the camera into that of the reference; `errors` are leave-one-out delta E00."""

    matrix: Doubles
    errors: Doubles


def find_chart(rgb: Bytes) -> Chart | None:
    """The one chart in a picture, of at least 200 pixels; None where there is none."""
    for side in _SIDES:
        scale = min(1.0, side / max(rgb.shape[:2]))
        size = (round(rgb.shape[1] * scale), round(rgb.shape[0] * scale))
        small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
        detector = cv2.mcc.CCheckerDetector.create()
        # `nc` only by its name: by place it means something else, and nothing is found without a word.
        if detector.process(cv2.cvtColor(small, cv2.COLOR_RGB2BGR), cv2.mcc.MCC24, nc=1):
            found = detector.getBestColorChecker()
            corners = np.asarray(found.getBox(), dtype=np.float64).reshape(4, 2) / scale
            quads = np.asarray(found.getColorCharts(), dtype=np.float64).reshape(24, 4, 2) / scale
            return _sampled(rgb, corners, quads)
        if scale == 1.0:
            break
    return None


def _sampled(rgb: Bytes, corners: Doubles, quads: Doubles) -> Chart | None:
    patches, uneven = np.zeros((24, 3)), np.zeros(24)
    for index, quad in enumerate(quads):
        middle = quad.mean(axis=0)
        inner = middle + (quad - middle) * _INNER
        x0, y0 = np.maximum(np.floor(inner.min(axis=0)), 0).astype(int)
        x1, y1 = np.ceil(inner.max(axis=0)).astype(int) + 1
        cut = to_linear(rgb[y0:y1, x0:x1])
        drawn = np.zeros(cut.shape[:2], np.uint8)
        cv2.fillConvexPoly(drawn, np.rint(inner - [x0, y0]).astype(np.int32), 1)
        inside = cut[drawn > 0]
        if inside.shape[0] < 16:
            return None
        patches[index] = np.median(inside, axis=0)
        low, high = np.percentile(inside[:, 1], [10, 90])
        uneven[index] = (high - low) / max(patches[index, 1], 0.02)
    return Chart(corners, quads.mean(axis=1), patches, uneven)


def fit_chart(patches: Doubles, reference: Doubles = REFERENCE) -> Fit | None:
    """The matrix and how far it is off on patches left out; None where fewer than 18 patches are neither white nor
    black in the photograph."""
    usable = (patches < _CLIPPED).all(axis=1) & (patches > _BLACK).all(axis=1)
    if int(usable.sum()) < _FEWEST:
        return None
    weights = np.where(np.isin(np.arange(24), _COUNT_MORE), 3.0, 1.0)
    # In linear light the bright patches would decide alone; this is near to how differences are seen.
    weights = np.sqrt(weights) / (np.maximum(reference[:, 1], 0.0) + 0.05)
    seen, true, weights = patches[usable], reference[usable], weights[usable, None]
    every = np.arange(len(seen))
    errors = [
        float(delta_e00(lab_of(seen[out] @ _solved(seen, true, weights, every != out).T), lab_of(true[out])))
        for out in every
    ]
    return Fit(_solved(seen, true, weights, every >= 0), np.array(errors))


def _solved(seen: Doubles, true: Doubles, weights: Doubles, kept: NDArray[np.bool_]) -> Doubles:
    found, *_ = np.linalg.lstsq((seen * weights)[kept], (true * weights)[kept], rcond=None)
    return np.asarray(found.T, dtype=np.float64)


def judged(chart: Chart | None) -> str:
    """Why a chart cannot be used; empty where it can."""
    if chart is None:
        return "no chart of 24 patches was found in the picture"
    if chart.width < _NARROWEST:
        return f"the chart is {chart.width:.0f} pixels wide, and 200 are needed"
    if float(np.median(chart.uneven)) > 0.25:
        return "the chart's patches are not even: it shines, is soiled, or something else was taken for it"
    return ""
