"""Light through skin by wavelength, onto the sensor of a made-up telephone, and from there to sRGB.

Skin is an epidermis that absorbs (Beer and Lambert) over a dermis that scatters (Kubelka and Munk), under a thin veil
of light that never enters. Absorption of blood after Prahl's compilation, scattering after Jacques (2013), D65 after
CIE 15, matching functions after Wyman, Sloan and Shirley (2013); all rounded to steps of 20 nm. Melanin's own slope
(a power of -3.3) gives skin far too yellow in so simple a model; -1.8 gives the b* of measured skin.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.colour import ita, lab_of
from isocourse.skin.light import Floats

Doubles = NDArray[np.float64]

WAVES = np.arange(400.0, 701.0, 20.0)
_OXY = np.array(
    [266232, 480360, 102580, 44480, 26629, 20932, 24202, 53236, 32613, 50104, 3200, 942, 442, 320, 278, 290]
)
_DEOXY = np.array(
    [223296, 407560, 413280, 23388, 14550, 20862, 31589, 46592, 53788, 37020, 14677, 6509, 4345, 3226, 2407, 1794]
)
_D65 = np.array(
    [82.75, 93.43, 104.86, 117.81, 115.92, 109.35, 104.79, 104.41, 100, 95.79, 90.01, 87.7, 83.7, 80.21, 78.28, 71.61]
)
_BLOOD = 2.303 * 150 / 64500 * (0.7 * _OXY + 0.3 * _DEOXY)  # per centimetre of whole blood
_MELANIN = (WAVES / 550.0) ** -1.8  # as seen through the whole skin; 1 at 550 nm
_TISSUE = 0.25 + 7.8e3 * np.exp(-(WAVES - 154) / 66.2) / 1000
_SCATTER = 0.75 * 46.0 * (WAVES / 500.0) ** -1.4
_XYZ_TO_SRGB = np.array(
    [[3.2404542, -1.5371385, -0.4985314], [-0.9692660, 1.8760108, 0.0415560], [0.0556434, -0.2040259, 1.0572252]]
)
_SURFACE = 0.012  # part of the light that never enters and is seen as a veil
BLOOD = 0.012  # part of the dermis that is blood, in skin that is not red


def reflectance(melanin: NDArray[Any], blood: NDArray[Any]) -> Floats:
    """Of every wavelength (..., 16), for doses (...) of melanin (optical density at 550 nm) and of blood (a part)."""
    absorbed = 2 * (np.asarray(blood, dtype=np.float32)[..., None] * _BLOOD.astype(np.float32) + _TISSUE.astype("f4"))
    over = absorbed / _SCATTER.astype(np.float32)
    dermis = 1 + over - np.sqrt(over * over + 2 * over)
    through = np.exp(-np.asarray(melanin, dtype=np.float32)[..., None] * _MELANIN.astype(np.float32))
    return np.asarray(_SURFACE + (1 - _SURFACE) * dermis * through, dtype=np.float32)


def _matching() -> Doubles:
    x = 1.065 * np.exp(-0.5 * ((WAVES - 595.8) / 33.33) ** 2) + 0.366 * np.exp(-0.5 * ((WAVES - 446.8) / 19.44) ** 2)
    y = 1.014 * np.exp(-0.5 * ((np.log(WAVES) - np.log(556.3)) / 0.075) ** 2)
    z = 1.839 * np.exp(-0.5 * ((np.log(WAVES) - np.log(449.8)) / 0.051) ** 2)
    return np.stack([x, y, z], axis=1)


def _observer() -> Doubles:
    """From reflectance to sRGB's linear light as an exact observer sees it; white is 1, 1, 1."""
    seen = (_matching() * _D65[:, None]) @ _XYZ_TO_SRGB.T
    return np.asarray(seen / seen.sum(axis=0))


def _sensor() -> Doubles:
    """From reflectance to the sensor's own red, green and blue, balanced on white."""
    peaks, widths = np.array([600.0, 535.0, 460.0]), np.array([38.0, 42.0, 30.0])
    seen = np.exp(-0.5 * ((WAVES[:, None] - peaks) / widths) ** 2) * _D65[:, None]
    return np.asarray(seen / seen.sum(axis=0))


OBSERVER, SENSOR = _observer(), _sensor()


def _matrix() -> Doubles:
    """From the sensor's colours to sRGB, as a maker fits it: over skins of every kind, and white stays white."""
    melanin, blood = np.meshgrid(np.linspace(0.05, 4.0, 9), np.linspace(0.002, 0.06, 6))
    skins = reflectance(melanin.ravel(), blood.ravel()).astype(np.float64)
    known = np.vstack([skins @ SENSOR, np.full((40, 3), 0.7)])
    wanted = np.vstack([skins @ OBSERVER, np.full((40, 3), 0.7)])
    return np.asarray(np.linalg.lstsq(known, wanted, rcond=None)[0])


TO_SRGB = _matrix()


def sensed(melanin: Floats, blood: Floats) -> Floats:
    """The sensor's picture (height, width, 3) of maps of both doses, in even light."""
    rows = [reflectance(m, b) @ SENSOR.astype(np.float32) for m, b in zip(melanin, blood, strict=True)]
    return np.asarray(rows, dtype=np.float32)


def seen_colour(melanin: float, blood: float = BLOOD) -> Doubles:
    """CIELAB of even skin, through the same telephone."""
    light = reflectance(np.array(melanin), np.array(blood)).astype(np.float64) @ SENSOR @ TO_SRGB
    return lab_of(light)


def melanin_for(angle: float) -> float:
    """The dose that gives skin this typology angle, in degrees."""
    low, high = 0.0, 6.0
    for _ in range(40):
        middle = (low + high) / 2
        lightness, _, b = seen_colour(middle)
        found = ita(float(lightness), float(b))
        low, high = (middle, high) if found is not None and found > angle else (low, middle)
    return low


def dose_for(melanin: float, d_e: float, *, red: bool) -> float:
    """How much more melanin, or blood, makes a difference of `d_e` (CIE 1976) on skin of that dose. Red marks stop at
    half blood, which dark skin's own melanin can hide: then less than asked for, see `made_by`."""
    low, high = 0.0, 0.5 if red else 6.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if made_by(melanin, middle, red=red) < d_e else (low, middle)
    return low


def made_by(melanin: float, dose: float, *, red: bool) -> float:
    """The difference (CIE 1976) that a dose makes."""
    with_it = seen_colour(melanin, BLOOD + dose) if red else seen_colour(melanin + dose)
    return float(np.linalg.norm(with_it - seen_colour(melanin)))


def blurred(picture: NDArray[Any], sigma: float) -> Floats:
    """A Gaussian blur; nothing for no sigma."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma) if sigma > 0 else picture, dtype=np.float32)
