"""Somebody who does not exist: head, tone, skin, hair and eyes, from one seed."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces.chance import chance
from isocourse.simulate.faces.optics import MELANIN_OF, USUAL_BLOOD, Tone, skin_colour

_HAIRS = {
    "very light": ((0.30, 0.19, 0.09), (0.16, 0.07, 0.03), (0.07, 0.04, 0.025)),
    "light": ((0.17, 0.10, 0.05), (0.07, 0.04, 0.025), (0.03, 0.018, 0.012)),
}
_DARK_HAIRS = ((0.026, 0.016, 0.011), (0.012, 0.009, 0.007), (0.009, 0.007, 0.006))
_IRISES = ((0.10, 0.17, 0.25), (0.09, 0.14, 0.08), (0.10, 0.055, 0.022), (0.045, 0.022, 0.010))


class Person(msgspec.Struct, frozen=True):
    """The same seed and tone are the same person, whatever is on the skin and however it is photographed."""

    seed: int
    tone: Tone = "light"

    @property
    def melanin(self) -> float:
        """Density of melanin of the bare skin (`optics`)."""
        return MELANIN_OF[self.tone] + float(chance(self.seed, "melanin").uniform(-0.02, 0.02))

    @property
    def haemoglobin(self) -> float:
        """Density of haemoglobin of the bare skin."""
        return USUAL_BLOOD + float(chance(self.seed, "blood").uniform(-0.03, 0.03))

    @property
    def colour(self) -> NDArray[np.float64]:
        """The bare skin in linear sRGB, under white light."""
        return skin_colour(self.melanin, self.haemoglobin)

    @property
    def hair(self) -> tuple[float, float, float]:
        """Linear sRGB."""
        choices = _HAIRS.get(self.tone, _DARK_HAIRS)
        return choices[int(chance(self.seed, "hair").integers(len(choices)))]

    @property
    def iris(self) -> tuple[float, float, float]:
        """Linear sRGB."""
        light = self.tone in ("very light", "light")
        return _IRISES[int(chance(self.seed, "iris").integers(0 if light else 2, len(_IRISES)))]

    @property
    def tied_back(self) -> bool:
        """Long hair, tied back under a band as for a clinic's photographs; otherwise short."""
        return bool(chance(self.seed, "tied back").random() < 0.5)

    @property
    def freckled(self) -> bool:
        return self.tone in ("very light", "light") and bool(chance(self.seed, "freckles").random() < 0.4)
