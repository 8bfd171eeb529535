"""MedicationRequest, MedicationStatement and MedicationDispense.

A strength is only ever read from a code that stands for it, never from words. Topical isotretinoin is never
the oral drug.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from isocourse.exchange import vocabulary as v
from isocourse.exchange.outcome import shown_code
from isocourse.exchange.results import day_measured
from isocourse.exchange.shapes import (
    MODIFIED,
    NOTHING,
    Coded,
    Json,
    Question,
    Reading,
    Refused,
    concept,
    day,
    get,
    is_whole_day,
    number,
    objects,
    whole,
)
from isocourse.record import terminology as t
from isocourse.record.medicine_codes import something_else


# --- which medicine -------------------------------------------------------------------------------
def oral_isotretinoin_by_code(code: Coded) -> bool:
    """Whether a code says isotretinoin, whatever the strength, and none says that it is topical."""
    rxnorm = code.codes(t.RXNORM)
    return t.ATC_ISOTRETINOIN_TOPICAL not in code.codes(t.ATC) and (
        t.RXNORM_ISOTRETINOIN_INGREDIENT in rxnorm
        or any(found in t.RXNORM_ISOTRETINOIN for found in rxnorm)
        or t.SNOMED_ISOTRETINOIN_SUBSTANCE in code.codes(t.SNOMED)
        or t.ATC_ISOTRETINOIN_ORAL in code.codes(t.ATC)
    )


@dataclass(frozen=True, slots=True)
class Medicine:
    """What is meant by a medication element; `topical` when a code or clear words say so."""

    code: Coded
    topical: bool

    @property
    def name(self) -> str:
        """Its words, else its code."""
        return self.code.text()

    @property
    def isotretinoin(self) -> bool:
        """Whether it is oral isotretinoin."""
        if any(found in t.RXNORM_ISOTRETINOIN for found in self.code.codes(t.RXNORM)):
            return True
        named = oral_isotretinoin_by_code(self.code) or self.code.mentions(v.ISOTRETINOIN_WORDS)
        return named and (not self.topical or t.ATC_ISOTRETINOIN_ORAL in self.code.codes(t.ATC))

    def capsules(self) -> tuple[list[dict[str, int]], t.Formulation]:
        """Strength and formulation by RxNorm code; none and "unknown" when no code, or two, say so."""
        found = [t.RXNORM_ISOTRETINOIN[code] for code in self.code.codes(t.RXNORM) if code in t.RXNORM_ISOTRETINOIN]
        strengths = {mg for mg, _ in found}
        formulations = {formulation for _, formulation in found if formulation != "unknown"}
        formulation = formulations.pop() if len(formulations) == 1 else "unknown"
        return [{"mg": strengths.pop()}] if len(strengths) == 1 else [], formulation


def medicine(reading: Reading) -> Medicine:
    """The medicine of a request, statement or dispensing. Raises Refused when none can be found."""
    resource = reading.entry.resource
    code, form = concept(resource, "medicationCodeableConcept"), NOTHING
    reference = get(resource, "medicationReference", dict)
    if code == NOTHING and reference is not None:
        target = reading.around.medication(reading.entry, get(reference, "reference", str) or "")
        if target is None:
            raise Refused("it refers to a Medication that is not in the files")
        if target.get("status") == "entered-in-error":
            raise Refused("it refers to a Medication that was entered in error")
        code, form = concept(target, "code"), concept(target, "form")
    if not code.text():
        raise Refused("it names no medicine in the form FHIR R4 has for it")
    ways = [concept(dose, "route") for key in ("dosageInstruction", "dosage") for dose in objects(resource, key)]
    topical = any(found.mentions(v.TOPICAL_WORDS) for found in (code, form, *ways))
    found = Medicine(code, topical or t.ATC_ISOTRETINOIN_TOPICAL in code.codes(t.ATC))
    if found.isotretinoin and t.ATC_ISOTRETINOIN_TOPICAL in code.codes(t.ATC):
        raise Refused("its codes say both oral and topical isotretinoin")
    return found


def _checked_medicine(reading: Reading) -> Medicine | None:
    """The medicine, after what would keep any of the three types from being read; None when withdrawn."""
    resource, kind = reading.entry.resource, reading.entry.kind
    status = get(resource, "status", str)
    if status == "entered-in-error":
        reading.withdraw()
        return None
    if resource.get("modifierExtension"):
        raise Refused(MODIFIED)
    found = medicine(reading)
    if v.STATUS[kind].get(status or "") != "read":
        raise _asked(found, f"its status is {shown_code(status)}" if status else "it has no status")
    return found


def _asked(found: Medicine, why: str) -> Refused:
    """For isotretinoin, what is left out has to be looked at by a person."""
    return Question(f"isotretinoin: {why}; record by hand what was done") if found.isotretinoin else Refused(why)


# --- requests -------------------------------------------------------------------------------------
def request(reading: Reading) -> None:
    """A prescription of isotretinoin, or another medicine begun."""
    resource = reading.entry.resource
    found = _checked_medicine(reading)
    if found is None:
        return
    intent = get(resource, "intent", str)
    if intent not in v.REQUEST_INTENTS:
        raise _asked(found, f"its intent is {shown_code(intent)}, not an order" if intent else "it has no intent")
    if resource.get("doNotPerform") not in (None, False):
        raise _asked(found, "it asks not to give the medicine")
    if found.isotretinoin:
        _prescription(reading, found)
        return
    started = day(resource, "authoredOn")
    if started is None:
        raise Refused("it has no authoredOn date")
    _started(reading, found, started, _end_of_intake(resource))


def _prescription(reading: Reading, found: Medicine) -> None:
    resource = reading.entry.resource
    written = _whole_day(resource, "authoredOn")
    dispense = get(resource, "dispenseRequest", dict) or {}
    days = supply_days(get(dispense, "expectedSupplyDuration", dict), "expectedSupplyDuration")
    refills = whole(dispense, "numberOfRepeatsAllowed") or 0
    if not 0 <= refills <= 24:
        raise Refused("numberOfRepeatsAllowed is not between 0 and 24")
    strengths, formulation = _capsules(reading, found)
    reading.add(
        "prescription",
        written,
        product=found.name,
        days=days,
        daily_dose_mg=daily_dose_mg(resource),
        strengths=strengths,
        formulation=formulation,
        refills=refills,
    )
    if resource.get("status") in ("stopped", "on-hold"):
        reading.say(
            f"this isotretinoin prescription is {resource['status']}: record on which day intake paused or stopped",
            "question",
        )


def _capsules(reading: Reading, found: Medicine) -> tuple[list[dict[str, int]], t.Formulation]:
    if something_else(found.name):
        raise Question("its code says isotretinoin and its name something else: which is meant? Record it by hand")
    strengths, formulation = found.capsules()
    if not strengths:
        reading.say("isotretinoin without a code for its strength: which strength and formulation?", "question")
    return strengths, formulation


def _whole_day(resource: Json, key: str) -> str:
    found = day(resource, key)
    if found is None or not is_whole_day(found):
        raise Question(f"isotretinoin: {key} is not a whole date; record it by hand: on which day?")
    return found


def supply_days(duration: Json | None, key: str) -> int:
    """A supply in days from days or weeks. Raises Refused; months have no fixed number of days."""
    if duration is None:
        raise Question(f"isotretinoin without {key}: for how many days? Record it by hand")
    value = number(duration, "value")
    code = get(duration, "code", str) if get(duration, "system", str) in (None, t.UCUM) else None
    unit = code or get(duration, "unit", str) or ""
    factor = v.SUPPLY_UNITS.get(unit.strip().lower())
    if value is None or factor is None or duration.get("comparator") is not None:
        raise Question(f"isotretinoin: {key} is not in days or weeks; for how many days? Record it by hand")
    days = value * factor
    if days != days.to_integral_value() or not 1 <= days <= 366:
        raise Question(f"isotretinoin: {key} is not a whole number of days from 1 to 366; record it by hand")
    return int(days)


# --- dose -----------------------------------------------------------------------------------------
_COMPLETE = {"frequency", "period", "periodUnit"}
_HARMLESS = {"boundsDuration", "boundsPeriod"}  # how long, not how much a day


def daily_dose_mg(resource: Json) -> Decimal | None:
    """The dose a day, when one instruction says it completely and simply; else None."""
    try:
        instructions = objects(resource, "dosageInstruction")
        return _dose(instructions[0]) if len(instructions) == 1 else None
    except Refused:
        return None


def _dose(instruction: Json) -> Decimal | None:
    doses = objects(instruction, "doseAndRate")
    timing = get(instruction, "timing", dict) or {}
    repeat = get(timing, "repeat", dict) or {}
    as_needed = instruction.get("asNeededBoolean") or instruction.get("asNeededCodeableConcept")
    if len(doses) != 1 or as_needed or instruction.get("modifierExtension") or timing.get("event"):
        return None
    if not _COMPLETE <= set(repeat) <= _COMPLETE | _HARMLESS or repeat["periodUnit"] != "d":
        return None
    dose = _mg(get(doses[0], "doseQuantity", dict) or {})
    frequency, period = whole(repeat, "frequency"), number(repeat, "period")
    if dose is None or not frequency or not period or frequency < 0 or period < 0:
        return None
    return exact_decimal(Fraction(dose) * frequency / Fraction(period))


def _mg(quantity: Json) -> Decimal | None:
    code = get(quantity, "code", str) if get(quantity, "system", str) in (None, t.UCUM) else None
    if (code or get(quantity, "unit", str)) != "mg" or quantity.get("comparator") is not None:
        return None
    value = number(quantity, "value")
    return value if value is not None and 0 < value <= 1000 else None


def exact_decimal(value: Fraction) -> Decimal | None:
    """The fraction as a decimal when it has one of at most six places; else None: nothing is rounded."""
    scaled = value * 10**6
    if scaled.denominator != 1 or not 0 < value <= 1000:
        return None
    return (Decimal(scaled.numerator) / 10**6).normalize() + 0


# --- other medicines ------------------------------------------------------------------------------
def _started(reading: Reading, found: Medicine, started: str, ended: str | None, note: str = "") -> None:
    code = next(((system, its) for system in v.MEDICINE_SYSTEMS for its in found.code.codes(system)), (None, None))
    if code[1] is not None and len(code[1]) > 64:
        code = (None, None)
    begun = reading.add("medicine_started", started, note=note, name=found.name, system=code[0], code=code[1])
    if found.topical and found.code.mentions(v.ISOTRETINOIN_WORDS):
        reading.say("topical isotretinoin is kept as another medicine, not as a course", "in_part")
    status = reading.entry.resource.get("status")
    if status == "on-hold":
        reading.say("it is on hold: it was kept as being taken; record when it was stopped", "in_part")
    if status not in ("stopped", "completed"):
        return
    if ended is None:
        reading.say(
            f"it is {status} on a day that is not given: it was kept as being taken; record when it ended", "in_part"
        )
    elif ended < started[: len(ended)]:
        reading.say("it ends before it starts: it was kept as being taken; record when it ended", "in_part")
    else:
        reading.add("medicine_stopped", ended, part=":stop", started=begun)


def _end_of_intake(resource: Json) -> str | None:
    """The end of the last instruction, when every instruction has one."""
    ends: list[str] = []
    for instruction in objects(resource, "dosageInstruction"):
        repeat = get(get(instruction, "timing", dict) or {}, "repeat", dict) or {}
        end = day(get(repeat, "boundsPeriod", dict) or {}, "end")
        if end is None:
            return None
        ends.append(end)
    return max(ends) if ends else None


def statement(reading: Reading) -> None:
    """Another medicine that is being taken, as somebody said; isotretinoin becomes a question."""
    resource = reading.entry.resource
    found = _checked_medicine(reading)
    if found is None:
        return
    if found.isotretinoin:
        raise Question("isotretinoin is said to be taken; that is no prescription or supply: record what was given")
    period = get(resource, "effectivePeriod", dict) or {}
    started, note = day(period, "start") or day_measured(resource), ""
    if started is None:
        started, note = day(resource, "dateAsserted"), "dated by dateAsserted: the start is not given"
    if started is None:
        raise Refused("it has neither an effective date nor dateAsserted")
    _started(reading, found, started, day(period, "end"), note)


# --- dispensing -----------------------------------------------------------------------------------
def dispense(reading: Reading) -> None:
    """Capsules handed over. Other medicines are read from their request or statement."""
    resource = reading.entry.resource
    found = _checked_medicine(reading)
    if found is None:
        return
    if not found.isotretinoin:
        reading.unused.append(f"dispensing of {found.code.label()}: read from its request or statement only")
        return
    handed_over = _whole_day(resource, "whenHandedOver")
    days = supply_days(get(resource, "daysSupply", dict), "daysSupply")
    strengths, formulation = _capsules(reading, found)
    fields: dict[str, Any] = {"product": found.name, "strengths": strengths, "formulation": formulation}
    reading.add("dispensing", handed_over, days=days, **fields)


def authorising(resource: Json) -> str | None:
    """The reference to the one request that a dispensing names."""
    try:
        found = objects(resource, "authorizingPrescription")
        return get(found[0], "reference", str) if len(found) == 1 else None
    except Refused:
        return None
