"""Whose face it is, in what goes to another system."""

from __future__ import annotations

from typing import Literal

import msgspec


class Person(msgspec.Struct, frozen=True):
    """Empty where it is not known. `number` is the clinic's own, `born` is YYYY-MM-DD, `sex` as in DICOM."""

    number: str = ""
    family_name: str = ""
    given_name: str = ""
    born: str = ""
    sex: Literal["", "M", "F", "O"] = ""
