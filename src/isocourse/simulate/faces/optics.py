"""Skin's colour from its pigments: light that comes back is thinned by each, in linear sRGB (Beer and Lambert).

The colours per class are made up around published means of CIELAB; a density of 1 of melanin takes away 63 percent of
the green. These are not the numbers that `isocourse.skin` measures with, on purpose.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Tone = Literal["very light", "light", "intermediate", "tan", "brown", "dark"]
TONES: tuple[Tone, ...] = get_args(Tone)

BLOODLESS = np.array([0.680, 0.538, 0.399], dtype=np.float32)  # skin without melanin and with little blood
MELANIN = np.array([0.770, 1.000, 1.220], dtype=np.float32)
HAEMOGLOBIN = np.array([0.130, 0.850, 0.760], dtype=np.float32)

USUAL_BLOOD = 0.24
MELANIN_OF: dict[Tone, float] = {
    "very light": 0.0, "light": 0.25, "intermediate": 0.48, "tan": 0.78, "brown": 1.21, "dark": 1.95,
}  # fmt: skip


def skin_colour(melanin: ArrayLike, haemoglobin: ArrayLike) -> NDArray[np.float64]:
    """(..., 3) in linear sRGB for densities of the two pigments."""
    thinned = np.multiply.outer(melanin, MELANIN) + np.multiply.outer(haemoglobin, HAEMOGLOBIN)
    colour: NDArray[np.float64] = BLOODLESS * np.exp(-thinned)
    return colour
