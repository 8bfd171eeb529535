"""Parts of the face in SNOMED CT, with the codes that the DICOM standard itself lists (in pydicom)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pydicom.sr.codedict import codes


class Code(NamedTuple):
    """A code with its own meaning; `says` is the part in plain words, with its side."""

    value: str
    meaning: str
    says: str


def _code(name: str, says: str) -> Code:
    found = getattr(codes.SCT, name)
    return Code(found.value, found.meaning, says)


FACE = _code("Face", "face")
RIGHT, LEFT = _code("Right", "right"), _code("Left", "left")

# SNOMED CT's codes for one side were not verified: the side is in the words.
_PARTS: Mapping[str, Code] = {
    "forehead": _code("SkinOfForehead", "forehead"),
    "right cheek": _code("SkinOfCheek", "right cheek"),
    "left cheek": _code("SkinOfCheek", "left cheek"),
    "nose": _code("SkinOfNose", "nose"),
    "chin": _code("SkinOfChin", "chin"),
    "right temple": _code("SkinOfTemporalRegion", "right temple"),
    "left temple": _code("SkinOfTemporalRegion", "left temple"),
    "right jaw": _code("SkinOfJawline", "right jaw"),
    "left jaw": _code("SkinOfJawline", "left jaw"),
    "upper lip": _code("SkinOfUpperLip", "upper lip"),
}


def part_of_face(region: str) -> Code:
    """The code of a region of `skin.regions.NAMES`; of the whole face where it is empty."""
    return _PARTS[region] if region else FACE
