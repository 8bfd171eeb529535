"""Whether there are eyes in a face, and whether glasses are in front of them.

A network that was taught faces finds them in clouds, too, and takes clear glasses as they come. Irises are darker than
skin of every tone; the bridge of a frame is a line with sharp ends across a nose that has none there.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.colour import lab
from isocourse.skin.face import Points
from isocourse.skin.frame import PX_PER_MM, Frame
from isocourse.skin.light import Floats
from isocourse.skin.regions import Mask

IRISES = ((468, 469, 470, 471, 472), (473, 474, 475, 476, 477))  # the middle and four points around it
_INSIDE = 0.8  # of the radius
_BRIDGE = (8, 168, 6, 197)  # down the middle: from under where brows may meet to where no frame lies any more
_CORNERS = (33, 263)
_HALF_MM, _FINE_MM, _WIDE_MM = 3.0, 0.25, 2.0
_SHARP = 3.0  # how much of a line's difference from the skin a frame has in one pixel of the frame: a third


def iris_depth(coarse: Floats, points: Points, skin: Mask) -> float | None:
    """How much darker than the median skin the darker iris is, in L*. `coarse` is linear light, `points` are its
    pixels. None without skin, or where both irises lie outside."""
    lightness = lab(coarse)[..., 0]
    found = [_dark(lightness, points, iris) for iris in IRISES]
    seen = [value for value in found if value is not None]
    if not seen or not skin.any():
        return None
    return float(np.median(lightness[skin])) - min(seen)


def _dark(lightness: Floats, points: Points, iris: tuple[int, ...]) -> float | None:
    middle, around = points[iris[0], :2], points[list(iris[1:]), :2]
    radius = _INSIDE * float(np.linalg.norm(around - middle, axis=1).mean())
    down, across = np.indices(lightness.shape)
    inside = np.hypot(across - middle[0], down - middle[1]) <= max(radius, 1.0)
    return float(np.percentile(lightness[inside], 25)) if inside.any() else None


def bridge_line(frame: Frame) -> float:
    """How much the clearest line across the bridge of the nose differs from the skin around it, as delta E (CIE 1976).
    Counted is no more than what begins within some pixels: brows that meet, and shade, fade."""
    profile = _down_the_bridge(frame)
    fine, wide = (_smooth(profile, mm * PX_PER_MM) for mm in (_FINE_MM, _WIDE_MM))
    depth = float(np.linalg.norm(fine - wide, axis=1).max())
    steepest = float(np.linalg.norm(np.diff(fine, axis=0), axis=1).max())
    return min(depth, _SHARP * steepest)


def _down_the_bridge(frame: Frame) -> Floats:
    """CIELAB of every pixel down the bridge, each the median of 6 mm across."""
    line = frame.points[list(_BRIDGE), :2]
    right, left = (frame.points[corner, :2] for corner in _CORNERS)
    across = (left - right) / max(float(np.linalg.norm(left - right)), 1e-6)
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.arange(max(int(lengths[-1]), 2))
    middle = np.stack([np.interp(at, lengths, line[:, axis]) for axis in (0, 1)], axis=1)
    steps = np.arange(-_HALF_MM * PX_PER_MM, _HALF_MM * PX_PER_MM + 1, 2)
    where = (middle[:, None] + steps[None, :, None] * across).astype(np.float32)
    seen = cv2.remap(frame.linear, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(np.median(lab(np.asarray(seen, dtype=np.float32)), axis=1), dtype=np.float32)


def _smooth(profile: Floats, sigma: float) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(profile, (1, 0), sigmaX=0.01, sigmaY=sigma), dtype=np.float32)
