"""How blurred a photograph is, in millimetres on the skin, from the edges that every face has.

At each strong edge of eyes, brows and lips the slope is compared with that of the same picture blurred a little more
(Zhuo and Sim 2011): a sharp edge loses much, a soft one little. Only ratios at strong edges count, so neither the
light nor the camera's noise moves it much, and the size of the picture not at all.
"""

from __future__ import annotations

import cv2
import numpy as np

from isocourse.skin.face import Points
from isocourse.skin.frame import PX_PER_MM, Frame
from isocourse.skin.light import Floats
from isocourse.skin.regions import EYES

_MORE = 4.0  # pixels of the second blur
_QUIET = 2.0  # pixels of a first blur, against noise; taken off again
_STRONGEST = 2.0  # percent of all pixels that are edges; their median counts
_AROUND_MM = 3.0
_FEWEST = 20
_LASHES_MM = 0.13  # how soft lashes and lids are in a sharp picture


def lens_blur(edges: float) -> float:
    """What of the blur of an eye's edges is the picture's, in millimetres."""
    return float(np.sqrt(max(edges**2 - _LASHES_MM**2, 0.0)))


def blur_mm(frame: Frame) -> float | None:
    """One standard deviation of the blur of an eye's edges, in millimetres; None where no edge can be seen."""
    found = [blur for blur in (_blur_px(_cut(frame, frame.points[list(eye)])) for eye in EYES) if blur is not None]
    return min(found) / PX_PER_MM if found else None


def _cut(frame: Frame, points: Points) -> Floats:
    around = _AROUND_MM * PX_PER_MM
    height, width = frame.linear.shape[:2]
    x0, y0 = np.clip(np.floor(points.min(axis=0) - around), 0, [width - 1, height - 1]).astype(int)
    x1, y1 = np.clip(np.ceil(points.max(axis=0) + around), 1, [width, height]).astype(int)
    return np.asarray(np.sqrt(frame.linear[y0:y1, x0:x1, 1]), dtype=np.float32)  # green has the least noise


def _slope(grey: Floats) -> Floats:
    across, down = cv2.Scharr(grey, cv2.CV_32F, 1, 0), cv2.Scharr(grey, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.magnitude(across, down), dtype=np.float32)


def _blur_px(grey: Floats) -> float | None:
    if min(grey.shape) < 4 * _MORE:
        return None
    quiet = np.asarray(cv2.GaussianBlur(grey, (0, 0), _QUIET), dtype=np.float32)
    slope = _slope(quiet)
    softer = _slope(np.asarray(cv2.GaussianBlur(quiet, (0, 0), _MORE), dtype=np.float32))
    # The middle of an edge, where the ratio holds: steepest among its neighbours across or down.
    ridge = (slope >= cv2.dilate(slope, np.ones((1, 3), np.uint8))) | (
        slope >= cv2.dilate(slope, np.ones((3, 1), np.uint8))
    )
    strong = slope >= max(float(np.percentile(slope, 100 - _STRONGEST)), 1e-3)
    ratio = slope[ridge & strong] / np.maximum(softer[ridge & strong], 1e-6)
    ratio = ratio[ratio > 1.0005]
    if ratio.size < _FEWEST:
        return None
    blur = _MORE / np.sqrt(ratio**2 - 1)
    return float(np.sqrt(max(float(np.median(blur)) ** 2 - _QUIET**2, 0.0)))
