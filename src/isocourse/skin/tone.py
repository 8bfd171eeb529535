"""Maps of colour over the skin, and its numbers for a region.

Numbers are medians of the frame at 2 pixels for each millimetre, so that noise and pores are averaged out, in linear
light, before a colour is worked out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isocourse.skin.colour import absorbance, erythema_index, ita, ita_error, lab, melanin_index, pigments, tone_class
from isocourse.skin.findings import ColourFit, Tone
from isocourse.skin.light import Floats
from isocourse.skin.regions import Mask

_FEWEST = 200  # pixels of the coarse frame, half a square centimetre


@dataclass(frozen=True, eq=False)
class Maps:
    """Pictures of one number each (height, width): melanin and haemoglobin in the units of `colour.pigments`,
    `shading` the logarithm of light and shade, `ita` in degrees (NaN where b* is not above zero), `erythema` 100 log10
    (R/G). All are of the colours they were given, calibrated or not."""

    melanin: Floats
    haemoglobin: Floats
    shading: Floats
    ita: Floats
    erythema: Floats


def maps(linear: Floats) -> Maps:
    """All the maps of a picture in linear light."""
    unmixed = pigments(linear)
    colours = lab(linear)
    lightness, b = colours[..., 0], colours[..., 2]
    angle = np.degrees(np.arctan2(lightness - 50, b), dtype=np.float32)
    angle[b <= 0] = np.nan
    dense = absorbance(linear)
    redness = (dense[..., 1] - dense[..., 0]) * np.float32(100 / np.log(10))
    return Maps(unmixed[..., 0], unmixed[..., 1], unmixed[..., 2], angle, redness)


def tone(coarse: Floats, where: Mask, fit: ColourFit) -> Tone | None:
    """The colour of the skin under a mask. None where the colours are the camera's own (`fit.rung` is neither chart nor
    grey card), or where less than half a square centimetre is seen."""
    if fit.rung not in ("chart", "grey card") or int(where.sum()) < _FEWEST:
        return None
    seen = coarse[where]
    lightness, a, b = (float(value) for value in np.median(lab(seen[None])[0], axis=0))
    angle = ita(lightness, b)
    error = None
    if angle is not None and fit.error is not None:
        error = ita_error(lightness, b, lightness_error=fit.error, b_error=fit.error)
    return Tone(
        lightness=lightness,
        a=a,
        b=b,
        ita=angle,
        ita_error=error,
        tone_class=None if angle is None else tone_class(angle),
        melanin_index=float(np.median(melanin_index(seen))),
        erythema_index=float(np.median(erythema_index(seen))),
    )
