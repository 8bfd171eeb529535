"""What can hardly be: a slipped decimal point, a wrong unit. It is asked about, never refused.

The bounds are wide and our own, no clinical limits (as those of `record.plausible`). Words in
`_(...)` are marked for gettext.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from isocourse.record import terminology as t
from isocourse.record.plausible import BOUNDS, implausible
from isocourse.record.quantities import convert, reported
from isocourse.words.visit_shape import _

_WEIGHT_KG, _HEIGHT_CM = (25, 250), (100, 230)
# Without an earlier weight to hold it against: kilograms typed as pounds come out light, pounds as kilograms heavy.
_FIRST_WEIGHT_KG = (40, 140)
# kg/m², of the last height known.
_BODY_MASS_INDEX = (13, 60)
# From one visit to the next.
_WEIGHT_CHANGE, _HEIGHT_CHANGE_CM = Fraction(15, 100), 15
_SLIPPED = _("Is the decimal point or the unit right?")


@dataclass(frozen=True)
class Known:
    """What the record knows already: kilograms and centimetres, None where it knows nothing."""

    weight_kg: Fraction | None = None
    height_cm: Fraction | None = None


def doubt(kind: str, fields: Mapping[str, Any], known: Known) -> str:
    """The question about an entry that can hardly be right; empty for every other."""
    match kind:
        case "weight":
            return _weight(_in(fields, t.WEIGHT_UNITS, "kg"), known)
        case "height":
            return _height(_in(fields, t.HEIGHT_UNITS, "cm"), known.height_cm)
        case "lab_result":
            return _result(fields)
        case _:
            return ""


def _in(fields: Mapping[str, Any], units: Mapping[str, Fraction], usual: str) -> Fraction:
    return convert(Decimal(fields["value"]), units[fields.get("unit", usual)])


def _weight(kg: Fraction, known: Known) -> str:
    before = known.weight_kg
    least, most = _WEIGHT_KG if before is not None else _FIRST_WEIGHT_KG
    if not least <= kg <= most:
        return _SLIPPED
    if before is not None and abs(kg - before) > _WEIGHT_CHANGE * before:
        return _("This is far from the last weight. Is it right?")
    if known.height_cm is not None and not _fits(kg, known.height_cm):
        return _("Weight and height hardly fit each other. Are numbers and units right?")
    return ""


def _fits(kg: Fraction, cm: Fraction) -> bool:
    return _BODY_MASS_INDEX[0] <= kg / (cm / 100) ** 2 <= _BODY_MASS_INDEX[1]


def _height(cm: Fraction, before: Fraction | None) -> str:
    if not _HEIGHT_CM[0] <= cm <= _HEIGHT_CM[1]:
        return _SLIPPED
    if before is not None and abs(cm - before) > _HEIGHT_CHANGE_CM:
        return _("This is far from the last height. Is it right?")
    return ""


def _result(fields: Mapping[str, Any]) -> str:
    if fields["analyte"] not in BOUNDS:
        return ""
    try:
        value = reported(fields["value"]).value
    except ValueError:
        return ""  # said by whoever makes the event
    limits = {name: Decimal(fields[name]) if name in fields else None for name in ("upper_limit", "lower_limit")}
    odd = implausible(
        fields["analyte"], value, fields["unit"], upper_limit=limits["upper_limit"], lower_limit=limits["lower_limit"]
    )
    return _SLIPPED if odd else ""
