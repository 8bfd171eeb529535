"""Numbers that were measured: body measurements and laboratory results, with their unit and date."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from isocourse.exchange import vocabulary as v
from isocourse.exchange.outcome import shown_code
from isocourse.exchange.shapes import (
    MODIFIED,
    Json,
    Reading,
    Refused,
    day,
    get,
    is_whole_day,
    number,
    objects,
    quantity_value,
    unit_of,
)
from isocourse.record import terminology as t


def why_not_final(resource: Json, part: Json) -> str:
    """Why the Observation's value cannot be relied on; empty when it can."""
    status = resource.get("status")
    if resource.get("modifierExtension") or part.get("modifierExtension"):
        return MODIFIED
    if not isinstance(status, str):
        return "it has no status"
    return "" if v.STATUS["Observation"].get(status) == "read" else f"its status is {shown_code(status)}, not final"


def day_measured(resource: Json) -> str | None:
    """The day of the specimen or the measurement, as written; None when there is no single one."""
    found = day(resource, "effectiveDateTime") or day(resource, "effectiveInstant")
    if found is not None:
        return found
    period = get(resource, "effectivePeriod", dict)
    if period is None:
        return None
    start, end = day(period, "start"), day(period, "end")
    return start if start is not None and start == end and is_whole_day(start) else None


def body_measurement(reading: Reading, part: Json, kind: str, happened_on: str, suffix: str) -> None:
    """Weight or height. Raises Refused."""
    comparator, value, unit = _quantity(part, t.WEIGHT_UNITS if kind == "weight" else t.HEIGHT_UNITS)
    if comparator:
        raise Refused("a body measurement with a comparator is not exact")
    reading.add(kind, happened_on, part=suffix, value=value, unit=unit)


def _quantity(part: Json, units: dict[str, Fraction]) -> tuple[str, Decimal, str]:
    quantity = get(part, "valueQuantity", dict)
    if quantity is None:
        raise Refused("it has no valueQuantity")
    comparator, value = quantity_value(quantity)
    return comparator, value, unit_of(quantity, units)


def lab_result(reading: Reading, part: Json, analyte: str, happened_on: str, suffix: str) -> None:
    """A laboratory result as it is reported. Raises Refused."""
    comparator, value, unit = _quantity(part, t.ANALYTE_UNITS[analyte])
    lower, upper, note = _limits(part, t.ANALYTE_UNITS[analyte], unit)
    if value < 0:
        raise Refused("a negative result cannot be")
    reading.add(
        "lab_result",
        happened_on,
        part=suffix,
        note=note,
        analyte=analyte,
        value=f"{comparator}{value:f}",
        unit=unit,
        lower_limit=lower,
        upper_limit=upper,
    )


def _limits(part: Json, units: dict[str, Fraction], unit: str) -> tuple[Decimal | None, Decimal | None, str]:
    """The laboratory's own limits, if there is one range and it is in the unit of the result."""
    ranges = objects(part, "referenceRange")
    if not ranges:
        return None, None, ""
    if len(ranges) > 1:
        return None, None, "the source gives several reference ranges; none was taken"
    return _limit(ranges[0], "low", units, unit), _limit(ranges[0], "high", units, unit), ""


def _limit(source: Json, key: str, units: dict[str, Fraction], unit: str) -> Decimal | None:
    quantity = get(source, key, dict)
    if quantity is None:
        return None
    try:
        same = unit_of(quantity, units) == unit
    except Refused:
        return None
    return number(quantity, "value") if same and quantity.get("comparator") is None else None
