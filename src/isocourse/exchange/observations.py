"""Observation: weight, height, laboratory results; pregnancy tests and symptoms are in modules of their own.

An Observation and each of its components are parts: each has a code and a value of its own, and shares
status and date.
"""

from __future__ import annotations

from isocourse.exchange import vocabulary as v
from isocourse.exchange.outcome import Sort, shown_code
from isocourse.exchange.pregnancy_tests import looks_like_a_test, pregnancy_test
from isocourse.exchange.results import body_measurement, day_measured, lab_result, why_not_final
from isocourse.exchange.shapes import Coded, Json, Question, Reading, Refused, concept, concepts, distinct, indexed
from isocourse.exchange.symptoms import symptom_observation
from isocourse.record import terminology as t


def observation(reading: Reading) -> None:
    """Read the Observation itself and each component isocourse knows."""
    resource = reading.entry.resource
    if resource.get("status") == "entered-in-error":
        reading.withdraw()
        return
    if any("laboratory" in code.codes(_CATEGORY) for code in concepts(resource, "category")):
        reading.role = "laboratory"
    unused: list[tuple[str, str]] = []
    for suffix, part in [("", resource), *indexed(resource, "component")]:
        try:
            code = concept(part, "code")
            if not _part(reading, part, code, suffix):
                unused.append((suffix, code.label()))
        except Refused as refused:
            unread: Sort = "in_part" if reading.events else "not_read"
            reading.say(str(refused), "question" if isinstance(refused, Question) else unread)
    _group(reading, unused)


def _group(reading: Reading, unused: list[tuple[str, str]]) -> None:
    """What is not used, by code. A panel of which nothing is used is one, whatever it is made of."""
    if reading.events or reading.lines:
        labels = [label for suffix, label in unused if suffix]
    else:
        labels = [label for _, label in unused][:1]
        if labels == ["no code"]:
            reading.say("it has no code")
    reading.unused += [f"{label} is not used by isocourse" for label in labels if label != "no code"]


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
    if v.LOINC_SYMPTOM in loinc:
        symptom_observation(reading, part, suffix)
        return True
    if any(found in t.LOINC_QUESTIONNAIRE for found in loinc) or code.mentions(v.QUESTIONNAIRE_WORDS):
        why = f"{code.label()} is a questionnaire's total or single item and is never scored: record the answers"
        reading.say(why, "question")
        return True
    if code.mentions(v.ABOUT_PREGNANCY):
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
    doubt = why_not_final(resource, part)
    if doubt:
        raise Refused(doubt)
    happened_on = day_measured(resource)
    if happened_on is None:
        raise Refused("it has no effective date on one day; the date of issue is not the date of the specimen")
    read = body_measurement if topic in ("weight", "height") else lab_result
    read(reading, part, topic, happened_on, suffix)
