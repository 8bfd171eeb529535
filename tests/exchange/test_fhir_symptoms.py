"""Symptoms and procedures from FHIR: what is understood is in the record, what may be one is a question."""

from __future__ import annotations

from typing import Any

import pytest

from isocourse.engine.decide import decide
from isocourse.exchange.vocabulary import LOINC_SYMPTOM, STATUS
from isocourse.record import terminology as t
from isocourse.record.dates import day_of
from isocourse.record.effect_terms import read_symptom
from isocourse.record.procedure_codes import NAMES
from isocourse.record.symptom_codes import ICD10_SYMPTOM, term_of_icd10
from tests import shipped
from tests.exchange.bundle_parts import SUBJECT, Json, clinical, code, condition, events, observation, one, only, said

RESOLVED = {"coding": [{"code": "resolved"}]}


def symptom(text: str = "Headache", **changes: Any) -> Json:
    return observation(LOINC_SYMPTOM, **{"valueCodeableConcept": {"text": text}, **changes})


def procedure(text: str = "Laser hair removal", **changes: Any) -> Json:
    base = {"resourceType": "Procedure", "id": "x1", "status": "completed", "subject": SUBJECT, "code": {"text": text}}
    return {**base, "performedDateTime": "2026-03-09", **changes}


# --- codes ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("its", "term"),
    [
        ("R51.9", "headache"), ("R519", "headache"), ("r51.9 ", "headache"), ("R51", "headache"),
        ("H47.10", "papilledema"), ("R45.851", "suicidal_ideation"), ("M79.18", "myalgia"), ("H04.123", "dry_eye"),
        # Their neighbours say something else, or more.
        ("H53.61", None), ("R10.12", None), ("G43.909", None), ("R07.1", None), ("H47.14", None), ("R5", None),
        ("", None), ("R45.850", None), ("K85.9", None), ("25064002", None),
    ],
)  # fmt: skip
def test_a_code_says_one_term_or_none(its: str, term: str | None) -> None:
    assert term_of_icd10(its) == term


def test_the_codes_are_well_formed_and_none_hides_another() -> None:
    for its, term in ICD10_SYMPTOM.items():
        assert term_of_icd10(its) == term and its[0].isalpha() and its[1:3].isdigit()
        assert not any(other != its and its.startswith(other) for other in ICD10_SYMPTOM), its


# --- Observation ----------------------------------------------------------------------------------
def test_a_symptom_is_kept_as_it_is_written() -> None:
    found = only(one(symptom("Headache (finding)")), "symptom")
    assert (found.text, found.term, found.severity, found.ended) == ("Headache", None, "unknown", False)
    assert str(found.happened_on) == "2026-03-09" and found.author.role == "system"
    by_code = only(one(symptom(valueCodeableConcept=code(t.ICD10CM, "H47.10", "Stauungspapille"))), "symptom")
    assert (by_code.text, by_code.code, by_code.term) == ("Stauungspapille", "H47.10", "papilledema")
    assert only(one(observation(LOINC_SYMPTOM, valueString="seeing spots")), "symptom").text == "seeing spots"


def test_two_codes_of_two_terms_leave_the_words() -> None:
    both = {"text": "R51 and R42", "coding": [{"system": t.ICD10CM, "code": each} for each in ("R51.9", "R42")]}
    assert only(one(symptom(valueCodeableConcept=both)), "symptom").term is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"valueCodeableConcept": {"text": "no headache"}}, "symptoms_asked"),
        ({"valueCodeableConcept": {"text": "None"}}, "symptoms_asked"),
        ({"valueCodeableConcept": None}, "not which"),
        ({"status": "cancelled"}, "status is cancelled"),
        ({"status": None}, "no status"),
        ({"effectiveDateTime": None}, "no effective date"),
        ({"modifierExtension": [{"url": "x"}], "status": "preliminary"}, "ask about the symptom"),
    ],
)
def test_what_may_be_a_symptom_and_cannot_be_read_is_a_question(changes: Json, told: str) -> None:
    found = one(symptom(**changes))
    assert clinical(found) == [] and "question:" in said(found) and told in said(found)


def test_a_preliminary_symptom_worries_as_much() -> None:
    found = one(symptom("blurred vision", status="preliminary"))
    assert only(found, "symptom").text == "blurred vision" and "preliminary" in said(found)


def test_a_symptom_entered_in_error_is_none() -> None:
    assert clinical(one(symptom(status="entered-in-error"))) == []


def test_an_imported_red_flag_withholds_until_somebody_looked() -> None:
    record = one(symptom("swollen optic disc")).record
    found = decide(shipped.edition("uk", ("effects",)), record, day_of("2026-03-10"))
    assert "intracranial_pressure" in {finding.rule.id for finding in found.findings}


# --- Condition ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("concept", "term"),
    [
        (code(t.ICD10CM, "R51.9", "Headache"), "headache"),
        (code(t.ICD10CM, "H04.123", "Dry eyes"), "dry_eye"),
        (code(t.SNOMED, "25064002", "Headache (finding)"), None),
        ({"text": "nausea and vomiting"}, None),
    ],
)
def test_a_condition_that_is_a_symptom_is_both(concept: Json, term: str | None) -> None:
    severe = code(t.SNOMED, "24484000")
    found = one(condition(code=concept, severity=severe, clinicalStatus=RESOLVED))
    assert only(found, "condition").active is False
    seen = only(found, "symptom")
    assert (seen.term, seen.severity, seen.ended) == (term, "severe", True)
    assert str(seen.happened_on) == "2026-01" and None not in read_symptom(seen.text, seen.term)


@pytest.mark.parametrize(
    "concept",
    [
        code(t.ICD10CM, "L70.0", "Acne vulgaris"),
        code(t.ICD10CM, "F32.9", "Depression"),  # an illness with a code of its own
        code(t.SNOMED, "35489007", "Depressive disorder (disorder)"),
        {"text": "Depression"},  # read as an illness
        {"text": "headache after a fall"},  # not understood in full
        code(t.ICD10CM, "G43.909", "Headache"),  # the code says more than the word
    ],
)
def test_an_illness_is_no_symptom(concept: Json) -> None:
    found = one(condition(code=concept))
    assert only(found, "condition") and events(found, "symptom") == []


def test_an_unknown_severity_is_asked_for_and_not_guessed() -> None:
    for severity in ({"text": "severe"}, code(t.SNOMED, "1"), code("x", "24484000"), None):
        made = condition(its="R51.9", severity=severity)
        assert only(one(made), "symptom").severity == "unknown"


def test_an_unconfirmed_symptom_is_listed() -> None:
    found = one(condition(its="R51.9", verificationStatus={"coding": [{"code": "provisional"}]}))
    assert clinical(found) == [] and "provisional" in said(found)


# --- Procedure ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_known_name_is_read(name: str) -> None:
    found = only(one(procedure(f"{name.capitalize()} (procedure)")), "procedure")
    assert (found.text.casefold(), found.stage, str(found.happened_on)) == (name, "done", "2026-03-09")


@pytest.mark.parametrize(
    "text", ["chemical peel", "Laser therapy", "tattooing of skin", "waxing of legs", "microdermabrasion"]
)
def test_words_that_may_be_either_are_a_question(text: str) -> None:
    found = one(procedure(text))
    assert clinical(found) == [] and "question:" in said(found)


def test_other_procedures_are_listed_by_code() -> None:
    found = one(procedure(code=code(t.SNOMED, "430193006", "Medication reconciliation")))
    assert clinical(found) == [] and "SNOMED 430193006 is not used" in said(found) and "question" not in said(found)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"status": "preparation"}, "planned or was done"),
        ({"status": "not-done"}, "planned or was done"),
        ({"status": None}, "planned or was done"),
        ({"performedDateTime": None}, "no date"),
    ],
)
def test_a_procedure_that_is_not_surely_done_is_a_question(changes: Json, told: str) -> None:
    found = one(procedure(**changes))
    assert clinical(found) == [] and told in said(found) and "question:" in said(found)


def test_of_a_period_the_end_counts_and_one_broken_off_was_done() -> None:
    period = {"start": "2026-03-01", "end": "2026-03-02"}
    found = one(procedure(performedDateTime=None, performedPeriod=period, status="stopped"))
    assert str(only(found, "procedure").happened_on) == "2026-03-02"
    open_ended = one(procedure(performedDateTime=None, performedPeriod={"start": "2026-03"}))
    assert str(only(open_ended, "procedure").happened_on) == "2026-03"
    assert clinical(one(procedure(status="entered-in-error"))) == []
    assert set(STATUS["Procedure"].values()) == {"read", "withdrawn"}
