"""Every scale by its name, which is also the code in the record (`record.terminology.SkinScale`)."""

from __future__ import annotations

from isocourse.errors import InputError
from isocourse.skin.scales import acne, patients, scars, spots
from isocourse.skin.scales.model import Scale

SCALES: dict[str, Scale] = {
    scale.name: scale for scale in (*acne.SCALES, *scars.SCALES, *spots.SCALES, *patients.SCALES)
}


def scale_named(name: str) -> Scale:
    """A scale. Raises InputError with the names there are."""
    if name not in SCALES:
        raise InputError(f"{name[:40]!r} is not a scale", allowed=", ".join(SCALES))
    return SCALES[name]
