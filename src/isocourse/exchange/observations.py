"""Observation: weight, height, laboratory results; pregnancy tests are in `pregnancy_tests.py`.

An Observation and each of its components are parts: each has a code and a value of its own, and shares
status and date.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from isocourse.exchange import mapping as m
from isocourse.exchange.outcome import shown_code
from isocourse.exchange.pregnancy_tests import lab_day, looks_like_a_test, pregnancy_test
from isocourse.exchange.shapes import (
    Coded,
    Json,
    Reading,
    Refused,
    concept,
    concepts,
    distinct,
    get,
    indexed,
    number,
    objects,
    quantity_value,
    unit_of,
)
from isocourse.record import terminology as t


def observation(reading: Reading) -> None:
    """Read the Observation itself and each component isocourse knows."""
    resource = reading.entry.resource
    if resource.get("status") == "entered-in-error":
        reading.withdraw()
        return
    if any("laboratory" in code.codes(_CATEGORY) for code in concepts(resource, "category")):
        reading.role = "laboratory"
    unused: list[str] = []
    for suffix, part in [("", resource), *indexed(resource, "component")]:
        try:
            code = concept(part, "code")
            if not _part(reading, part, code, suffix):
                unused.append(code.label())
        except Refused as refused:
            reading.say(str(refused), "in_part" if reading.events else "not_read")
    # A panel of which nothing is used is one entry of its group, whatever it is made of.
    known = reading.events or reading.lines
    for label in unused[1:] if known and len(unused) > 1 else unused[:1]:
        if label != "no code":
            reading.unused.append(f"{label} is not used by isocourse")
        elif not known:
            reading.say("it has no code")


_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"


def _part(reading: Reading, part: Json, code: Coded, suffix: str) -> bool:
    """Read one part; False when isocourse has no use for its code. Raises Refused."""
    loinc = code.codes(t.LOINC)
    test = next((found for found in loinc if found in t.LOINC_PREGNANCY_TEST), None)
    if test is not None:
        pregnancy_test(reading, part, suffix, loinc=test)
        return True
    topics = distinct(topic for found in loinc if (topic := _topic(found)) is not None)
    if len(topics) > 1:
        raise Refused("its codes mean different things: " + ", ".join(shown_code(found) for found in loinc))
    if topics:
        _known(reading, part, topics[0], suffix)
        return True
    if any(found in t.LOINC_QUESTIONNAIRE for found in loinc) or code.mentions(m.QUESTIONNAIRE_WORDS):
        why = f"{code.label()} is a questionnaire's total or single item and is never scored: record the answers"
        reading.say(why, "question")
        return True
    if code.mentions(m.ABOUT_PREGNANCY):
        looks_like_a_test(reading, part, suffix, code)
        return True
    return False


def _topic(loinc: str) -> str | None:
    if loinc in t.LOINC_WEIGHT:
        return "weight"
    if loinc in t.LOINC_HEIGHT:
        return "height"
    return t.LOINC_ANALYTE.get(loinc)


def _known(reading: Reading, part: Json, topic: str, suffix: str) -> None:
    resource = reading.entry.resource
    status = get(resource, "status", str)
    if m.STATUS["Observation"].get(status or "") != "read":
        raise Refused(f"its status is {shown_code(status)}, not final" if status else "it has no status")
    if resource.get("modifierExtension") or part.get("modifierExtension"):
        raise Refused("it has a modifierExtension, which may change its meaning")
    happened_on = lab_day(resource)
    if happened_on is None:
        raise Refused("it has no effective date on one day; the date of issue is not the date of the specimen")
    if topic in ("weight", "height"):
        _measured(reading, part, topic, happened_on, suffix)
    else:
        lab_result(reading, part, topic, happened_on, suffix)


def _measured(reading: Reading, part: Json, kind: str, happened_on: str, suffix: str) -> None:
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
