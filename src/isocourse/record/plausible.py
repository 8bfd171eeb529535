"""Whether a laboratory result can be what it says: a wrong unit, a slipped decimal point, a limit of another test.

These are bounds of plausibility, wide, our own, and no clinical limits: what lies inside may be deadly, what lies
outside is asked about. A result outside is never refused; it has no grade, and so it waits for a prescriber.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from isocourse.record.quantities import convert
from isocourse.record.terminology import ANALYTE_UNITS


class Bounds(NamedTuple):
    """Least and most, both included, in the first unit of the analyte in `ANALYTE_UNITS`: of the value, and of the
    laboratory's upper and lower limits. Numbers are text so that they are exact. `lower` is None where any lower
    limit below the upper one will do."""

    value: tuple[str, str]
    upper: tuple[str, str]
    lower: tuple[str, str] | None = None


# U/L for enzymes, mmol/L for fats and glucose, % for HbA1c, mg/dL for bilirubin, g/L for haemoglobin, 10*9/L for
# counts.
BOUNDS: dict[str, Bounds] = {
    "alt": Bounds(("3", "50000"), ("10", "200")),
    "ast": Bounds(("3", "50000"), ("10", "200")),
    "alp": Bounds(("3", "20000"), ("20", "1000")),
    "ggt": Bounds(("2", "20000"), ("5", "200")),
    "ck": Bounds(("5", "1000000"), ("50", "1000")),
    "lipase": Bounds(("1", "100000"), ("10", "600")),
    "bilirubin": Bounds(("0.1", "60"), ("0.3", "3")),
    "triglycerides": Bounds(("0.25", "300"), ("0.8", "4")),
    "total_cholesterol": Bounds(("0.5", "50"), ("3", "12")),
    "ldl": Bounds(("0.2", "40"), ("1", "10")),
    "hdl": Bounds(("0.1", "8"), ("1", "6"), ("0.5", "2.5")),
    "glucose": Bounds(("1", "150"), ("4", "12"), ("2", "5")),
    "hba1c": Bounds(("2", "25"), ("4", "10")),
    "haemoglobin": Bounds(("20", "260"), ("100", "220"), ("80", "180")),
    "white_cells": Bounds(("0", "1000"), ("5", "30"), ("1", "8")),
    "neutrophils": Bounds(("0", "300"), ("3", "20"), ("0.3", "4")),
    "platelets": Bounds(("0", "5000"), ("200", "1000"), ("50", "250")),
}
# A value may be this part of the upper limit, and this many times it.
LEAST_OF_UPPER, MOST_OF_UPPER = Fraction(1, 100), 2000


@lru_cache(maxsize=65536)
def implausible(
    analyte: str, value: Decimal, unit: str, *, upper_limit: Decimal | None, lower_limit: Decimal | None
) -> bool:
    """Whether value or limits are outside the bounds. A limit of zero or less limits nothing and is not looked at; of
    a value that is itself a bound ("<5") the number is looked at."""
    bounds, factor = BOUNDS[analyte], ANALYTE_UNITS[analyte][unit]
    upper = _positive(upper_limit, factor)
    lower = _positive(lower_limit, factor)
    found = convert(value, factor)
    if not _inside(found, bounds.value):
        return True
    if upper is not None and not (_inside(upper, bounds.upper) and _in_proportion(found, upper, bounds)):
        return True
    if lower is None:
        return False
    return (bounds.lower is not None and not _inside(lower, bounds.lower)) or (upper is not None and lower >= upper)


def _in_proportion(value: Fraction, upper: Fraction, bounds: Bounds) -> bool:
    """Whether the value is no absurd part or multiple of the upper limit. Of blood cells there may be none at all."""
    least = LEAST_OF_UPPER * upper if Fraction(bounds.value[0]) > 0 else 0
    return least <= value <= MOST_OF_UPPER * upper


def _positive(limit: Decimal | None, factor: Fraction) -> Fraction | None:
    return convert(limit, factor) if limit is not None and limit > 0 else None


def _inside(number: Fraction, bounds: tuple[str, str]) -> bool:
    return Fraction(bounds[0]) <= number <= Fraction(bounds[1])
