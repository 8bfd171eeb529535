"""Pregnancy tests: never dropped and never read as negative when there is any doubt.

Any sign of a positive result makes it positive; whatever cannot be read makes it unclear, and is listed.
A negative result needs a final status, a readable value and the day the specimen was taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from isocourse.exchange import vocabulary as v
from isocourse.exchange.results import day_measured, lab_result, why_not_final
from isocourse.exchange.shapes import Coded, Json, Reading, Refused, coded, concepts, day, get
from isocourse.record import terminology as t

_UNSURE_WORDS = re.compile(r"positiv|invalid|indetermin|equivoc|inconclus", re.IGNORECASE)


def pregnancy_test(reading: Reading, part: Json, suffix: str, *, loinc: str) -> None:
    """Import one test by its LOINC code, with every doubt listed."""
    quantitative = loinc in t.LOINC_QUANTITATIVE_HCG
    doubts: list[str] = []
    result = _result(part, quantitative, doubts)
    unreliable = why_not_final(reading.entry.resource, part)
    if unreliable:
        doubts.append(unreliable)
        result = "positive" if result == "positive" else "unclear"
    imported = _add(reading, result, suffix, t.LOINC_PREGNANCY_TEST[loinc], doubts)
    for doubt in doubts:
        reading.say(f"pregnancy test taken as {result}: {doubt}" if imported else doubt, "question")
    if quantitative and part.get("valueQuantity") is not None and not unreliable:
        _number(reading, part, suffix)


def looks_like_a_test(reading: Reading, part: Json, suffix: str, code: Coded) -> None:
    """A code we do not know, whose words say pregnancy or hCG: a positive is imported, the rest is asked."""
    doubts = [f"{code.label()} is not a code isocourse knows; its words say pregnancy or hCG"]
    if _result(part, False, []) == "positive":
        _add(reading, "positive", suffix, "unknown", doubts)
        reading.say("pregnancy test taken as positive: " + "; ".join(doubts), "question")
        return
    reading.say(f"{doubts[0]}; nothing was imported: record what it says", "question")


# --- when -----------------------------------------------------------------------------------------
def _add(reading: Reading, result: t.TestResult, suffix: str, method: t.TestMethod, doubts: list[str]) -> bool:
    """Add the test, dated to the safe side; False when it is a negative that cannot be dated."""
    for happened_on in _days(reading, result, doubts):
        try:
            reading.add("pregnancy_test", happened_on, part=suffix, result=result, method=method)
            return True
        except Refused as refused:
            doubts.append(str(refused))
    doubts.append("a negative pregnancy test without the day of its specimen permits nothing: not imported")
    return False


def _days(reading: Reading, result: t.TestResult, doubts: list[str]) -> list[str]:
    """The days to try, best first. A negative counts from its specimen's day or not at all."""
    resource = reading.entry.resource
    specimen = _day_or_doubt(reading, day_measured, doubts)
    if result == "negative":
        return [specimen] if specimen is not None else []
    if specimen is None:
        doubts.append("the day of its specimen is not given; dated by issued, else by the day it was recorded")
    issued = None if specimen is not None else _day_or_doubt(reading, lambda _: day(resource, "issued"), [])
    later = (reading.recorded_at.date().isoformat(), reading.around.imported_at.date().isoformat())
    return [found for found in (specimen, issued, *later) if found is not None]


def _day_or_doubt(reading: Reading, find: Callable[[Json], str | None], doubts: list[str]) -> str | None:
    try:
        return find(reading.entry.resource)
    except Refused as refused:
        doubts.append(str(refused))
        return None


# --- what -----------------------------------------------------------------------------------------
def _result(part: Json, quantitative: bool, doubts: list[str]) -> t.TestResult:
    said: list[t.TestResult | None] = []
    for read in (_value, _interpretation):
        try:
            said.append(read(part))
        except Refused as refused:
            doubts.append(str(refused))
            said.append("unclear")
    value, interpreted = said
    if "positive" in said:
        if "negative" in said:
            doubts.append("its value and its interpretation disagree")
        return "positive"
    only_number = quantitative and value == "unclear" and part.get("valueQuantity") is not None and not doubts
    result = interpreted if value is None or only_number else value
    if part.get("dataAbsentReason") is not None and value is not None:
        doubts.append("it has both a value and a reason for having none")
        return "unclear"
    if result is None and only_number:
        doubts.append("a number is not read as negative or positive; its interpretation is not coded")
    elif result is None or result == "unclear":
        doubts.append("its result is absent or in a form that cannot be read")
    elif interpreted is not None and interpreted != result:
        doubts.append("its interpretation cannot be read")
        return "unclear"
    return result or "unclear"


def _value(part: Json) -> t.TestResult | None:
    """What the value says; None when there is none, "unclear" when it cannot be read."""
    values = [key for key in part if key.startswith("value") and part[key] is not None]
    if not values:
        return None
    if values == ["valueString"]:
        return t.RESULT_WORDS.get((get(part, "valueString", str) or "").strip().lower(), "unclear")
    if values == ["valueCodeableConcept"]:
        found = get(part, "valueCodeableConcept", dict)
        return _of_code(coded(found)) if found is not None else None
    return "unclear"


def _of_code(code: Coded) -> t.TestResult:
    known = [result for system, its in code.codings if (result := _of_coding(system, its)) is not None]
    words = [t.RESULT_WORDS.get(word.strip().lower(), "unclear") for word in code.words]
    if "positive" in known or "positive" in words:
        return "positive"
    if code.mentions(_UNSURE_WORDS):
        return "unclear"
    # Words alone are as good as a valueString; beside a code that is not known they are not enough.
    saying = known if known or code.codings else words
    return "negative" if saying and all(result == "negative" for result in saying) else "unclear"


def _of_coding(system: str, code: str) -> t.TestResult | None:
    """The result a coding says; None for a system we do not read, "unclear" for an unknown code in one we do."""
    if system == t.SNOMED:
        return t.SNOMED_RESULT.get(code, "unclear")
    return v.INTERPRETED.get(code, "unclear") if system in v.INTERPRETATION_SYSTEMS else None


def _interpretation(part: Json) -> t.TestResult | None:
    """What the interpretation says; None when there is none in a system we read."""
    codings = [coding for code in concepts(part, "interpretation") for coding in code.codings]
    known = {result for system, code in codings if (result := _of_coding(system, code)) is not None}
    if "positive" in known:
        return "positive"
    if not known:
        return None
    return "negative" if known == {"negative"} else "unclear"


def _number(reading: Reading, part: Json, suffix: str) -> None:
    """The number of a quantitative hCG, as a laboratory result beside the test."""
    try:
        happened_on = day_measured(reading.entry.resource)
        if happened_on is None:
            raise Refused("the day of its specimen is not given")
        lab_result(reading, part, "hcg", happened_on, suffix + ":n")
    except Refused as refused:
        reading.say(f"the hCG number was not read: {refused}", "in_part")
