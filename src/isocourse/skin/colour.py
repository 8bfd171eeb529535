"""Colour as dermatology counts it: CIELAB (D65, 2 degrees), CIEDE2000, the individual typology angle, absorbance.

Sources: IEC 61966-2-1 (sRGB), CIE 15 (CIELAB), Sharma, Wu and Dalal 2005 (CIEDE2000 with its test pairs), Chardon 1991
and Del Bino 2006 (ITA and its classes), Tsumura 1999 (pigments from absorbance). Figures from photographs are of D65
at 2 degrees after a camera; the literature's are from contact probes at 10 degrees: do not compare absolute cut-offs.
"""

from __future__ import annotations

from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from isocourse.skin.light import Floats

Doubles = NDArray[np.float64]

CUT_OFFS = "Chardon 1991, Del Bino 2006"
_CLASSES = ((55.0, "very light"), (41.0, "light"), (28.0, "intermediate"), (10.0, "tan"), (-30.0, "brown"))
ToneClass = Literal["very light", "light", "intermediate", "tan", "brown", "dark"]

# Absorbance per unit of pigment in R, G, B. The set most often copied (Tsumura's camera); it differs between cameras.
MELANIN = np.array([0.4143, 0.3570, 0.8372])
HAEMOGLOBIN = np.array([0.2988, 0.6838, 0.6657])
DARKEST = 1e-4


def lab(linear: Floats) -> Floats:
    """CIELAB of a picture (height, width, 3) in linear light."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(linear), cv2.COLOR_LRGB2Lab), dtype=np.float32)


def lab_of(linear: ArrayLike) -> Doubles:
    """CIELAB of single colours (..., 3) in linear light, in full precision."""
    rgb = np.asarray(linear, dtype=np.float64)
    xyz = rgb @ _XYZ.T / _WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def delta_e00(one: ArrayLike, other: ArrayLike) -> Doubles:
    """CIEDE2000 between colours in CIELAB (..., 3)."""
    lab1, lab2 = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    l1, a1, b1 = lab1[..., 0], lab1[..., 1], lab1[..., 2]
    l2, a2, b2 = lab2[..., 0], lab2[..., 1], lab2[..., 2]
    mean_c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(mean_c7 / (mean_c7 + 25.0**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360

    grey = c1 * c2 == 0
    dh = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    dh = np.where(dh == -180, 180.0, dh)
    hue = np.where(grey, h1 + h2, _mean_hue(h1, h2))
    d_l, d_c, d_h = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh) / 2)

    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    s_l = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    turn = 60 * np.exp(-(((hue - 275) / 25) ** 2))
    r_t = -np.sin(np.radians(turn)) * 2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    squared = (d_l / s_l) ** 2 + (d_c / s_c) ** 2 + (d_h / s_h) ** 2 + r_t * (d_c / s_c) * (d_h / s_h)
    difference: Doubles = np.sqrt(np.maximum(squared, 0.0))
    return difference


def _mean_hue(h1: Doubles, h2: Doubles) -> Doubles:
    far = np.abs(h1 - h2) > 180
    return (h1 + h2 + np.where(far, np.where(h1 + h2 < 360, 360.0, -360.0), 0.0)) / 2


def ita(lightness: float, b: float) -> float | None:
    """The individual typology angle in degrees; None where b* is not above zero, which no skin is."""
    if not b > 0:
        return None
    return float(np.degrees(np.arctan2(lightness - 50.0, b)))


def ita_error(lightness: float, b: float, *, lightness_error: float, b_error: float) -> float:
    """One standard error of the angle, in degrees, from those of L* and b*."""
    squared = (lightness - 50.0) ** 2 + b**2
    return float(np.degrees(np.hypot(b * lightness_error, (lightness - 50.0) * b_error) / squared))


def tone_class(angle: float) -> ToneClass:
    """The class of an angle by `CUT_OFFS`: very light is above 55 degrees, dark is -30 and below."""
    for limit, name in _CLASSES:
        if angle > limit:
            return name  # type: ignore[return-value]  # the names stand in the table
    return "dark"


def absorbance(linear: NDArray[Any]) -> Floats:
    """-ln of linear light: pigments add up in it, light and shade are one number added to all three channels."""
    clipped = np.maximum(linear, DARKEST).astype(np.float32)
    return np.asarray(-cv2.log(clipped), dtype=np.float32).reshape(linear.shape)


def melanin_index(linear: ArrayLike) -> Doubles:
    """100 log10(1/R) (Yamamoto 2008). Not free of exposure: it compares a mark with its ring, not two photographs."""
    rgb = np.maximum(np.asarray(linear, dtype=np.float64), DARKEST)
    return -100 * np.log10(rgb[..., 0])


def erythema_index(linear: ArrayLike) -> Doubles:
    """100 log10(R/G) (Yamamoto 2008): free of exposure, not of white balance."""
    rgb = np.maximum(np.asarray(linear, dtype=np.float64), DARKEST)
    return 100 * np.log10(rgb[..., 0] / rgb[..., 1])


_UNMIX = np.linalg.inv(np.column_stack([MELANIN, HAEMOGLOBIN, np.ones(3)]))


def pigments(linear: NDArray[Any]) -> Floats:
    """Melanin, haemoglobin and shading (..., 3), in the units of the vectors above. Relative: cameras differ, and a
    brown spot leaks into haemoglobin where the vectors are not the camera's own."""
    found = absorbance(linear) @ _UNMIX.T.astype(np.float32)
    return np.asarray(found, dtype=np.float32)
