"""Results and weights in the units in which a clinic reads them: exact ratios of `record.terminology`, rounded only to
be shown. What was reported is never lost: it is kept beside the number that was reckoned from it.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from isocourse.record.quantities import Reported, convert
from isocourse.record.terminology import ANALYTE_UNITS, WEIGHT_UNITS
from isocourse.words.dose import exact_text

UNIT_WORDS = {"[lb_av]": "lb", "[in_i]": "in", "[IU]/L": "IU/L", "m[IU]/mL": "mIU/mL", "umol/L": "µmol/L"}
LabUnits = Literal["si", "conventional"]
# Where the two ways of writing differ; every other analyte is shown in the first unit of ANALYTE_UNITS.
UNITS: dict[LabUnits, dict[str, str]] = {
    "si": {"bilirubin": "umol/L"},
    "conventional": {
        **dict.fromkeys(("triglycerides", "total_cholesterol", "hdl", "ldl", "glucose", "bilirubin"), "mg/dL"),
        "haemoglobin": "g/dL",
        **dict.fromkeys(("white_cells", "neutrophils", "platelets"), "10*3/uL"),
    },
}
# Decimals of a number that was reckoned from another unit, as laboratories print them.
_DECIMALS = {"mmol/L": 2, "mg/dL": 0, "umol/L": 0, "g/L": 0, "g/dL": 1, "U/L": 0, "10*9/L": 2, "10*3/uL": 2, "%": 1}
_DECIMALS_OF = {("bilirubin", "mg/dL"): 1, ("platelets", "10*9/L"): 0, ("platelets", "10*3/uL"): 0}


def unit_text(unit: str) -> str:
    """A UCUM unit as it is written on paper."""
    return UNIT_WORDS.get(unit, unit.replace("10*", "10^"))


class Amount(NamedTuple):
    """A number in a clinic's unit. `text` is for people; `value` exact; `comparator` other than "=" where the report
    only bounds it. `reported` is the report with its unit, empty where it says the same."""

    value: Fraction
    comparator: str
    text: str
    unit: str
    reported: str


def unit_for(analyte: str, units: LabUnits) -> str:
    """The unit (UCUM) in which a clinic reads an analyte."""
    return UNITS[units].get(analyte, next(iter(ANALYTE_UNITS[analyte])))


def lab_amount(analyte: str, value: Reported, unit: str, units: LabUnits) -> Amount:
    """A result in the clinic's unit. The ratio is exact; the text is rounded half to even."""
    wanted = unit_for(analyte, units)
    ratio = ANALYTE_UNITS[analyte][unit] / ANALYTE_UNITS[analyte][wanted]
    exact = convert(value.value, ratio)
    sign = "" if value.comparator == "=" else value.comparator
    if ratio == 1:
        shown = f"{sign}{format(value.value, 'f')}"
        same = unit == wanted or unit == "[IU]/L" or wanted in ("10*9/L", "10*3/uL")
        return Amount(exact, value.comparator, shown, wanted, "" if same else f"{shown} {unit_text(unit)}")
    decimals = _DECIMALS_OF.get((analyte, wanted), _DECIMALS.get(wanted, 2))
    return Amount(exact, value.comparator, sign + rounded(exact, decimals), wanted, f"{value.text()} {unit_text(unit)}")


def limit_in(analyte: str, limit: Decimal | None, unit: str, units: LabUnits) -> Amount | None:
    """A laboratory's limit in the clinic's unit; None without one, or where it limits nothing (zero or less)."""
    return lab_amount(analyte, Reported(limit), unit, units) if limit is not None and limit > 0 else None


def weight_amount(value: Decimal, unit: str, wanted: str) -> Amount:
    """A weight in kg or lb, to one decimal where it was reckoned."""
    exact = convert(value, WEIGHT_UNITS[unit] / WEIGHT_UNITS[wanted])
    if unit == wanted:
        return Amount(exact, "=", format(value, "f"), wanted, "")
    return Amount(exact, "=", rounded(exact, 1), wanted, f"{format(value, 'f')} {unit_text(unit)}")


def rounded(amount: Fraction, decimals: int) -> str:
    """An exact amount to so many decimals, half to even; as it is where it is that short already."""
    if (amount * 10**decimals).denominator == 1:
        return exact_text(amount)
    scaled = amount * 10**decimals
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest - scaled.denominator
    whole += int(twice > 0 or (twice == 0 and whole % 2 == 1))
    step = Decimal(1).scaleb(-decimals)
    return format((Decimal(whole) * step).quantize(step, rounding=ROUND_HALF_EVEN), "f")
