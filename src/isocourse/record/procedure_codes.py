"""Which procedure an entry names when it does not say so by code: a short list of exact names.

Split off from `terminology`, as the names of medicines are. The whole text has to be one of the names; spelling in
capitals, hyphens and spaces do not matter. "Laser" or "peel" alone may be one that is permitted or one that is not, so
they are not on the list: what is not found is `unread`, and never taken to be harmless.
"""

from __future__ import annotations

from typing import Literal

from isocourse.record import terminology as t

ProcedureRead = Literal[t.ProcedureKind, "unread"]

_NAMES: dict[t.ProcedureKind, str] = {
    "waxing": "waxing; wax; hot wax; strip wax; wax epilation; leg waxing; eyebrow waxing; bikini waxing",
    "superficial_peel": "superficial peel; superficial chemical peel",
    "medium_or_deep_peel": "medium peel; deep peel; medium depth peel; medium depth chemical peel; deep chemical peel",
    "laser_hair_removal": "laser hair removal; hair removal laser; laser epilation",
    "vascular_laser": "vascular laser; pulsed dye laser",
    "non_ablative_laser": "non ablative laser; nonablative laser; non ablative fractional laser",
    "fractional_ablative_laser": "fractional ablative laser; ablative fractional laser; fractional co2 laser",
    "full_ablative_laser": "full ablative laser; fully ablative laser; full face ablative resurfacing",
    "mechanical_dermabrasion": "mechanical dermabrasion; rotary dermabrasion; full face dermabrasion",
    "manual_dermabrasion": "manual dermabrasion",
    "microneedling": "microneedling; micro needling; skin needling",
    "surgery": "surgery; skin surgery; biopsy; skin biopsy; punch biopsy; excision",
    "refractive_eye_surgery": "refractive eye surgery; refractive surgery; laser eye surgery; lasik; lasek; prk",
    "tattoo_or_piercing": "tattoo; piercing; ear piercing",
}
NAMES: dict[str, t.ProcedureKind] = {name: kind for kind, names in _NAMES.items() for name in names.split("; ")}


def read_procedure(text: str, what: t.ProcedureKind | None) -> ProcedureRead:
    """The kind of a procedure: its code, else its name. `unread` when neither says, when the code is "other", and when
    the name says another kind than the code."""
    named = NAMES.get(plain_name(text))
    if what is None:
        return named or "unread"
    if what == "other" or named not in (None, what):
        return "unread"
    return what


def plain_name(text: str) -> str:
    """The text in small letters, with single spaces for hyphens and spaces."""
    return " ".join(text.casefold().replace("-", " ").split())
