"""Chance with a name, for arrays: the same words give the same numbers."""

from __future__ import annotations

import hashlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

# float32 throughout; numpy's own types lose that as soon as a Python number comes in.
Floats = NDArray[Any]


def chance(*names: object) -> np.random.Generator:
    """A stream of its own for these words."""
    digest = hashlib.sha256(" ".join(str(name) for name in names).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "little")))


def noise(dice: np.random.Generator, shape: tuple[int, int], cell: float) -> Floats:
    """Smooth noise of mean 0 and deviation about 1, its grains `cell` pixels wide (1 or less: every pixel)."""
    if cell <= 1:
        return dice.standard_normal(shape, dtype=np.float32)
    height, width = int(shape[0] / cell) + 4, int(shape[1] / cell) + 4
    small = dice.standard_normal((height, width), dtype=np.float32)
    grown = cv2.resize(small, (int(width * cell), int(height * cell)), interpolation=cv2.INTER_CUBIC)
    top, left = int(cell), int(cell)
    cut = grown[top : top + shape[0], left : left + shape[1]]
    return np.ascontiguousarray(cut) * np.float32(1.25)
