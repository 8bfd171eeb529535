"""Symptoms from an Observation or a Condition. What is written stays as it is written: the record reads the words.

A symptom is a worry until somebody has looked at it, so an Observation that says "symptom" becomes one whatever its
words are; only a Condition, which is mostly an illness, has to be understood as a symptom first.
"""

from __future__ import annotations

import re

from isocourse.exchange import vocabulary as v
from isocourse.exchange.results import day_measured, why_not_final
from isocourse.exchange.shapes import MODIFIED, Coded, Json, Question, Reading, coded, concept, distinct, get
from isocourse.record import terminology as t
from isocourse.record.condition_codes import read_condition
from isocourse.record.effect_terms import read_symptom, says_none
from isocourse.record.symptom_codes import SymptomTerm, term_of_icd10

# The kind that SNOMED CT puts behind a name.
_TAG = re.compile(r"\s*\((?:finding|disorder|situation|observable entity)\)\s*\Z", re.IGNORECASE)
_ABSENT = re.compile(r"\b(?:absent|absence|denies|denied|negative|no|not|none|without)\b", re.IGNORECASE)


def symptom_observation(reading: Reading, part: Json, suffix: str) -> None:
    """An Observation of a symptom: what its value says. One that is only preliminary worries as much. Raises Question
    for what may be a symptom and cannot be read."""
    resource = reading.entry.resource
    found = get(part, "valueCodeableConcept", dict)
    said = coded(found) if found is not None else Coded(words=tuple(filter(None, [get(part, "valueString", str)])))
    text = _plain(said)
    if not text:
        raise Question("it says that there is a symptom, and not which: ask")
    if says_none(text) or _ABSENT.search(text):
        raise Question("it seems to say that there is no symptom: record that the person was asked (symptoms_asked)")
    doubt = why_not_final(resource, part)
    if doubt and (resource.get("status") != "preliminary" or doubt == MODIFIED):
        raise Question(f"{doubt}: ask about the symptom and record it")
    happened_on = day_measured(resource)
    if happened_on is None:
        raise Question("it has no effective date on one day: ask about the symptom and record it")
    if doubt:
        reading.say("it is preliminary and was read as a symptom", "in_part")
    _add(reading, said, happened_on, text=text, part=suffix)


def condition_symptom(reading: Reading, code: Coded, happened_on: str, note: str, active: bool | None) -> None:
    """The symptom that a Condition says, beside the illness it is kept as; nothing where it says none."""
    text = _plain(code)
    if _term(code) is None:
        illness = code.codes(t.ICD10CM) or "unread" not in read_condition(text).classes
        if illness or None in read_symptom(text):
            return
    severity = _severity(concept(reading.entry.resource, "severity"))
    _add(reading, code, happened_on, text=text, part=":symptom", note=note, severity=severity, ended=active is False)


def _add(
    reading: Reading,
    code: Coded,
    happened_on: str,
    *,
    text: str,
    part: str,
    note: str = "",
    severity: t.Severity = "unknown",
    ended: bool = False,
) -> None:
    its_code = next((found for system in v.CONDITION_SYSTEMS for found in code.codes(system) if len(found) <= 64), None)
    reading.add(
        "symptom",
        happened_on,
        part=part,
        note=note,
        text=text,
        code=its_code,
        term=_term(code),
        severity=severity,
        ended=ended,
    )


def _term(code: Coded) -> SymptomTerm | None:
    """The term of its ICD-10-CM codes, when they say one and the same."""
    terms = distinct(term_of_icd10(found) for found in code.codes(t.ICD10CM))
    return terms[0] if len(terms) == 1 else None


def _plain(code: Coded) -> str:
    return _TAG.sub("", code.text())


def _severity(severity: Coded) -> t.Severity:
    found = distinct(v.SEVERITY[code] for code in severity.codes(t.SNOMED) if code in v.SEVERITY)
    return found[0] if len(found) == 1 else "unknown"
