"""Between the numbers in a file and light: the sRGB curve of IEC 61966-2-1, both ways.

Absorbance, white balance and averages are only right in linear light, where twice the number is twice the light.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


def _curve(v: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


_TO_LINEAR: Floats = _curve(np.arange(256) / 255).astype(np.float32)


def to_linear(rgb: Bytes) -> Floats:
    """sRGB bytes as linear light, 0 to 1."""
    return np.asarray(cv2.LUT(np.ascontiguousarray(rgb), _TO_LINEAR), dtype=np.float32)


def to_srgb(linear: NDArray[Any]) -> Bytes:
    """Linear light as sRGB bytes; what lies outside 0 to 1 is cut off."""
    v = np.clip(linear, 0.0, 1.0)
    encoded = np.where(v <= 0.0031308, v * 12.92, 1.055 * np.power(v, 1 / 2.4) - 0.055)
    rounded: Bytes = np.rint(encoded * 255).astype(np.uint8)
    return rounded
