"""FHIR in: each rule of honesty, on small resources written by hand."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from isocourse.errors import InputError
from isocourse.exchange.fhir import record_from_fhir
from isocourse.exchange.mapping import ROWS, mapping_markdown
from isocourse.exchange.vocabulary import READ_TYPES
from isocourse.record import terminology as t
from isocourse.record.events import KINDS
from isocourse.record.quantities import Reported
from isocourse.record.record import read_record, write_record
from tests.exchange.bundle_parts import (
    NOW,
    SUBJECT,
    Json,
    allergy,
    bundle,
    clinical,
    code,
    condition,
    dispense,
    events,
    observation,
    one,
    only,
    parts,
    patient,
    pregnancy_test,
    quantity,
    request,
    said,
    whole,
)


# --- people ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("gender", "sex"), [("female", "female"), ("male", "male"), ("other", "not_recorded")])
def test_gender_is_a_sex_and_never_a_pregnancy_potential(gender: str, sex: str) -> None:
    found = whole(patient(gender=gender)).patients[0]
    assert only(found, "sex").sex == sex
    assert not events(found, "pregnancy_potential")
    assert ("not recorded" in said(found)) == (sex == "not_recorded")


def test_birth_sex_comes_before_gender() -> None:
    url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
    found = whole(patient(gender="male", extension=[{"url": url, "valueCode": "F"}])).patients[0]
    assert only(found, "sex").sex == "female"
    assert not events(found, "pregnancy_potential")
    assert "differ" in said(found)


@pytest.mark.parametrize("born", ["2004", "2004-05", "2004-05-06"])
def test_birth_date_may_be_partial(born: str) -> None:
    assert only(whole(patient(birthDate=born)).patients[0], "birth").happened_on.text == born


@pytest.mark.parametrize("born", ["1850-01-01", "1901", "2027-06-01", "06/05/2004", 2004, ["2004"]])
def test_an_impossible_birth_date_is_listed(born: Any) -> None:
    found = whole(patient(birthDate=born)).patients[0]
    assert not events(found, "birth") and "in_part: b.json entry[0]: Patient p1" in said(found)


@pytest.mark.parametrize("dead", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-01-01"}])
def test_deceased_is_listed(dead: Json) -> None:
    assert "deceased" in said(whole(patient(**dead)).patients[0])
    assert "deceased" not in said(whole(patient(deceasedBoolean=False)).patients[0])


# --- quantities -----------------------------------------------------------------------------------
def test_a_result_is_exact_and_dated_by_its_specimen() -> None:
    source = bundle(patient(), observation(valueQuantity=quantity("@", "U/L"), issued="2026-03-11T00:00:00Z"))
    source = source.replace(b'"@"', b"31.40000000000000000001")
    result = record_from_fhir([("b", source)], imported_at=NOW).patients[0]
    lab = only(result, "lab_result")
    assert lab.value == Reported(Decimal("31.40000000000000000001"))
    assert (lab.analyte, lab.unit, lab.happened_on.text, lab.fasting_hours) == ("alt", "U/L", "2026-03-09", None)
    assert read_record(write_record(result.record)) == result.record


def test_a_fasting_code_gives_no_hours() -> None:
    lab = only(one(observation("3048-6", valueQuantity=quantity(1.5, "mmol/L"))), "lab_result")
    assert (lab.analyte, lab.fasting_hours) == ("triglycerides", None)


def test_the_day_is_the_one_written_in_its_own_offset() -> None:
    late = observation(effectiveDateTime="2026-03-09T23:30:00-05:00", valueQuantity=quantity(20, "U/L"))
    assert only(one(late), "lab_result").happened_on.text == "2026-03-09"


def test_a_comparator_is_kept() -> None:
    lab = only(one(observation(valueQuantity=quantity(5, "U/L", comparator="<"))), "lab_result")
    assert lab.value == Reported(Decimal(5), "<")


@pytest.mark.parametrize(
    ("given", "unit"),
    [
        ({"unit": "mg/dl"}, "mg/dL"),
        ({"unit": "mmol/l", "system": t.UCUM, "code": "mmol/L"}, "mmol/L"),
        ({"unit": "mmol/L", "system": "http://local", "code": "xyz"}, "mmol/L"),
        ({"unit": "mg%"}, None),
        ({"unit": "mmol/L", "system": t.UCUM, "code": "g/L"}, None),
        ({"unit": "mg/dL", "system": t.UCUM, "code": "mmol/L"}, None),
        ({}, None),
    ],
)
def test_units_are_known_or_listed(given: Json, unit: str | None) -> None:
    found = one(observation("2571-8", valueQuantity={"value": 2, **given}))
    if unit is None:
        assert not clinical(found) and "unit" in said(found)
    else:
        assert only(found, "lab_result").unit == unit


def test_limits_only_in_the_same_unit() -> None:
    def limits(**ranges: Any) -> tuple[Any, Any]:
        lab = only(one(observation(valueQuantity=quantity(20, "U/L"), **ranges)), "lab_result")
        return lab.lower_limit, lab.upper_limit

    low, high = quantity(7, "U/L"), quantity(35, "U/L")
    assert limits(referenceRange=[{"low": low, "high": high}]) == (7, 35)
    assert limits(referenceRange=[{"low": {"value": 7}, "high": quantity(1, "ukat/L")}]) == (None, None)
    assert limits(referenceRange=[{"high": high}, {"high": high}]) == (None, None)


@pytest.mark.parametrize("value", [True, "5", {"a": 1}, None, -3, 1e30])
def test_a_strange_value_is_listed(value: Any) -> None:
    found = one(observation(valueQuantity=quantity(value, "U/L")))
    assert not clinical(found) and "not_read: b.json entry[1]: Observation o1" in said(found)


def test_a_number_too_long_to_write_is_listed() -> None:
    source = bundle(patient(), observation(valueQuantity=quantity("@", "U/L"))).replace(b'"@"', b"1e-999999")
    assert not clinical(record_from_fhir([("b", source)], imported_at=NOW).patients[0])


# --- observations ---------------------------------------------------------------------------------
@pytest.mark.parametrize("status", ["preliminary", "registered", "cancelled", "unknown", "new", None])
def test_a_result_that_is_not_final_is_listed(status: str | None) -> None:
    found = one(observation(status=status, valueQuantity=quantity(20, "U/L")))
    assert not clinical(found) and "status" in said(found)


def test_entered_in_error_is_withdrawn_everywhere() -> None:
    wrong = {"coding": [{"code": "entered-in-error"}]}
    found = one(
        observation(status="entered-in-error", valueQuantity=quantity(20, "U/L")),
        pregnancy_test(id="o2", status="entered-in-error", valueCodeableConcept=code(t.SNOMED, "10828004")),
        condition(its="Z33.1", verificationStatus=wrong),
        allergy(verificationStatus=wrong),
        request(status="entered-in-error"),
        dispense(status="entered-in-error"),
    )
    assert not clinical(found)
    assert sum(count.withdrawn for count in found.counts) == 6 == said(found).count("withdrawn: ")


@pytest.mark.parametrize(
    ("dated", "day"),
    [
        ({"effectivePeriod": {"start": "2026-03-09T08:00:00Z", "end": "2026-03-09T09:00:00Z"}}, "2026-03-09"),
        ({"effectivePeriod": {"start": "2026-03-09", "end": "2026-03-10"}}, None),
        ({"effectivePeriod": {"start": "2026-03-09"}}, None),
        ({"effectiveInstant": "2026-03-09T08:00:00Z"}, "2026-03-09"),
        ({"effectiveDateTime": "2026-03"}, "2026-03"),
        ({"effectiveDateTime": "2026-02-30"}, None),
        ({"effectiveDateTime": "2027-02-20"}, None),
        ({"issued": "2026-03-09T08:00:00Z"}, None),
    ],
)
def test_the_day_of_a_result(dated: Json, day: str | None) -> None:
    found = one(observation(**{"effectiveDateTime": None, "valueQuantity": quantity(20, "U/L"), **dated}))
    assert [event.happened_on.text for event in events(found, "lab_result")] == ([] if day is None else [day])
    assert (day is None) == ("not_read" in said(found))


def test_codes_that_mean_different_things_are_listed() -> None:
    two = {"coding": [{"system": t.LOINC, "code": its} for its in ("1742-6", "1920-8")]}
    found = one(observation(code=two, valueQuantity=quantity(20, "U/L")))
    assert not clinical(found) and "different things" in said(found)


def test_weight_and_height() -> None:
    found = one(
        observation("29463-7", valueQuantity=quantity(143, "[lb_av]")),
        observation("8302-2", id="o2", valueQuantity={"value": 170.5, "unit": "cm"}),
        observation("3141-9", id="o3", valueQuantity=quantity(60, "kg", comparator=">")),
    )
    assert (only(found, "weight").value, only(found, "weight").unit) == (143, "[lb_av]")
    assert only(found, "height").value == Decimal("170.5")
    assert "comparator" in said(found)


def test_components_with_a_known_analyte_are_read() -> None:
    parts = [
        {"code": code(t.LOINC, "1742-6"), "valueQuantity": quantity(20, "U/L")},
        {"code": code(t.LOINC, "1920-8"), "valueQuantity": quantity(21, "U/L")},
        {"code": code(t.LOINC, "8480-6"), "valueQuantity": quantity(120, "mm[Hg]")},
        {"code": code(t.LOINC, "2106-3"), "valueString": "Positive"},
    ]
    found = one(observation("24325-3", component=parts))
    assert {event.analyte for event in events(found, "lab_result")} == {"alt", "ast"}
    assert only(found, "pregnancy_test").result == "positive"
    assert "LOINC 8480-6 is not used" in said(found) and "24325-3" not in said(found)


def test_what_is_not_used_is_one_line_for_each_code() -> None:
    panel = [{"code": code(t.LOINC, "8480-6")}, {"code": code(t.LOINC, "8462-4")}]
    found = one(*(observation("55284-4", id=f"o{number}", component=panel) for number in range(5)))
    assert [(line.why, line.times) for line in found.not_read] == [("LOINC 55284-4 is not used by isocourse", 5)]
    assert [(c.seen, c.not_used) for c in found.counts if c.resource == "Observation"] == [(5, 5)]


@pytest.mark.parametrize(
    "its", [code(t.LOINC, "44261-6"), code(t.LOINC, "44260-8"), code("x", "y", "GAD-7 total score")]
)
def test_questionnaires_are_listed_and_never_scored(its: Json) -> None:
    found = one(observation(code=its, valueInteger=3))
    assert not clinical(found) and "never scored" in said(found)


# --- pregnancy tests ------------------------------------------------------------------------------
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_NOTHING: Json = {"valueCodeableConcept": None}
_NEG, _POS = [code(_INTERPRETATION, "NEG")], [code(_INTERPRETATION, "POS")]


@pytest.mark.parametrize(
    ("given", "result", "listed"),
    [
        ({}, "negative", False),
        ({"valueCodeableConcept": code(t.SNOMED, "10828004")}, "positive", False),
        ({"valueCodeableConcept": code(_INTERPRETATION, "NEG")}, "negative", False),
        ({"valueCodeableConcept": {"text": "Negative"}}, "negative", False),
        ({"valueCodeableConcept": code("http://local", "n", "Negative")}, "unclear", True),
        ({"valueCodeableConcept": code("http://local", "p", "Positive")}, "positive", False),
        ({"valueCodeableConcept": code(t.SNOMED, "42425007")}, "unclear", True),
        ({"valueCodeableConcept": code(t.SNOMED, "260385009", "weakly positive")}, "unclear", True),
        ({**_NOTHING, "valueString": " NEGATIVE "}, "negative", False),
        ({**_NOTHING, "valueString": "Not detected"}, "negative", False),
        ({**_NOTHING, "valueString": "pos"}, "positive", False),
        ({**_NOTHING, "valueString": "see comment"}, "unclear", True),
        ({**_NOTHING, "valueBoolean": False}, "unclear", True),
        ({"valueString": "negative"}, "unclear", True),
        (_NOTHING, "unclear", True),
        ({**_NOTHING, "interpretation": _NEG}, "negative", False),
        ({**_NOTHING, "interpretation": _POS}, "positive", False),
        ({**_NOTHING, "interpretation": [code("http://local", "NEG")]}, "unclear", True),
        ({"interpretation": _POS}, "positive", True),
        ({"valueCodeableConcept": code(t.SNOMED, "10828004"), "interpretation": _NEG}, "positive", True),
        ({"valueCodeableConcept": "negative"}, "unclear", True),
        ({"dataAbsentReason": {"text": "error"}}, "unclear", True),
        ({"status": "preliminary"}, "unclear", True),
        ({"status": "cancelled", **_NOTHING}, "unclear", True),
        ({"status": ["final"]}, "unclear", True),
        ({"status": "preliminary", "valueCodeableConcept": code(t.SNOMED, "10828004")}, "positive", True),
        ({"modifierExtension": [{"url": "x"}]}, "unclear", True),
    ],
)
def test_the_result_of_a_pregnancy_test(given: Json, result: str, listed: bool) -> None:
    found = one(pregnancy_test(**given))
    test = only(found, "pregnancy_test")
    assert (test.result, test.method, test.setting, test.happened_on.text) == (result, "urine", "unknown", "2026-03-09")
    assert ("pregnancy test taken as" in said(found)) == listed
    assert "the setting of 1 pregnancy test(s)" in said(found)


def test_a_number_is_neither_negative_nor_positive() -> None:
    found = one(observation("21198-7", valueQuantity=quantity(1, "m[IU]/mL", comparator="<")))
    assert only(found, "pregnancy_test").result == "unclear" and "a number is not read" in said(found)
    lab = only(found, "lab_result")
    assert (lab.analyte, lab.value) == ("hcg", Reported(Decimal(1), "<"))
    read = one(observation("21198-7", valueQuantity=quantity(1, "m[IU]/mL"), interpretation=_NEG))
    assert (only(read, "pregnancy_test").result, only(read, "pregnancy_test").method) == ("negative", "serum")


def test_a_negative_without_its_day_is_not_imported() -> None:
    for dated in (
        {},
        {"effectivePeriod": {"start": "2026-03-01", "end": "2026-03-09"}},
        {"effectiveDateTime": "9.3.26"},
    ):
        found = one(pregnancy_test(**{"effectiveDateTime": None, "issued": "2026-03-11T00:00:00Z", **dated}))
        assert not clinical(found) and "permits nothing" in said(found)


def test_any_other_result_without_its_day_is_dated_by_issue() -> None:
    positive = {"effectiveDateTime": None, "valueCodeableConcept": code(t.SNOMED, "10828004")}
    found = one(pregnancy_test(issued="2026-03-11T00:00:00Z", **positive))
    assert only(found, "pregnancy_test").happened_on.text == "2026-03-11" and "not given" in said(found)
    assert only(one(pregnancy_test(**positive)), "pregnancy_test").happened_on.text == "2026-11-23"
    future = one(pregnancy_test(**{**positive, "effectiveDateTime": "2027-03-11"}))
    assert only(future, "pregnancy_test").happened_on.text == "2026-11-23"
    assert not clinical(one(pregnancy_test(effectiveDateTime="2027-03-11")))


def test_a_test_under_an_unknown_code_is_never_lost_in_a_group() -> None:
    strange = code("http://local", "PT1", "Urine pregnancy test")
    found = one(observation(code=strange, valueString="positive"))
    assert only(found, "pregnancy_test").result == "positive" and "question" in said(found)
    asked = one(observation(code=strange, valueString="negative"))
    assert not clinical(asked) and "question" in said(asked)


# --- conditions -----------------------------------------------------------------------------------
def test_the_code_of_a_condition() -> None:
    both = {
        "coding": [{"system": t.SNOMED, "code": "88616000"}, {"system": t.ICD10CM, "code": "L70.0"}],
        "text": "Acne",
    }
    found = only(one(condition(code=both)), "condition")
    assert (found.text, found.code, found.system, found.happened_on.text) == ("Acne", "L70.0", t.ICD10CM, "2026-01")
    words = only(one(condition(code={"text": "spots"})), "condition")
    assert (words.text, words.code, words.system, words.active) == ("spots", None, None, None)


@pytest.mark.parametrize(
    ("status", "active"),
    [("active", True), ("relapse", True), ("remission", False), ("resolved", False), ("odd", None)],
)
def test_clinical_status(status: str, active: bool | None) -> None:
    assert only(one(condition(clinicalStatus={"coding": [{"code": status}]})), "condition").active is active


@pytest.mark.parametrize("status", ["refuted", "unconfirmed", "provisional", "differential", "odd"])
def test_a_condition_that_is_not_confirmed_is_listed(status: str) -> None:
    found = one(condition(verificationStatus={"coding": [{"code": status}]}))
    assert not clinical(found) and status in said(found)


def test_a_condition_without_onset_is_dated_by_its_record_and_says_so() -> None:
    found = only(one(condition(onsetDateTime=None, recordedDate="2026-02-03")), "condition")
    assert found.happened_on.text == "2026-02-03" and "recordedDate" in found.note
    assert not clinical(one(condition(onsetDateTime=None)))


def test_pregnancy_and_positive_test_by_code() -> None:
    found = one(condition(its="Z33.1"), condition(its="Z32.01", id="c2"))
    assert len(events(found, "condition")) == 2
    assert only(found, "pregnancy").happened_on.text == "2026-01"
    assert (only(found, "pregnancy_test").result, only(found, "pregnancy_test").setting) == ("positive", "unknown")


def test_a_pregnancy_is_kept_when_unconfirmed_over_or_undated() -> None:
    unsure = one(condition(its="Z33.1", verificationStatus={"coding": [{"code": "provisional"}]}, onsetDateTime=None))
    assert only(unsure, "pregnancy").happened_on.text == "2026-11-23" and not events(unsure, "condition")
    over = one(condition(its="Z33.1", clinicalStatus={"coding": [{"code": "resolved"}]}))
    assert only(over, "pregnancy") and "how it ended" in said(over)
    refuted = one(condition(its="Z33.1", verificationStatus={"coding": [{"code": "refuted"}]}))
    assert not clinical(refuted)


@pytest.mark.parametrize(
    "its", [code(t.SNOMED, "72892002", "Normal pregnancy"), code(t.ICD10CM, "O35.5XX0"), code(t.ICD10CM, "Z34.00")]
)
def test_another_code_about_pregnancy_is_a_question(its: Json) -> None:
    found = one(condition(code=its))
    assert not events(found, "pregnancy") and "may mean a pregnancy" in said(found)


# --- allergies ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "allergens"),
    [
        ("Allergy to peanuts", ["peanut"]),
        ("Soybean", ["soya"]),
        ("soya and groundnut", ["soya", "peanut"]),
        ("Methylparabens", ["paraben"]),
        ("Tartrazine (E102)", ["tartrazine"]),
        ("Vitamin A", ["vitamin_a"]),
        ("isotretinoin", ["isotretinoin"]),
        ("tretinoin", ["other"]),
        ("Penicillin", ["other"]),
    ],
)
def test_allergens_by_clear_word(text: str, allergens: list[str]) -> None:
    found = events(one(allergy(text)), "allergy")
    assert [event.allergen for event in found] == allergens and all(event.text == text for event in found)


def test_allergies_are_dated_refuted_and_never_made_of_nothing() -> None:
    assert only(one(allergy(code=code(t.RXNORM, "6064"))), "allergy").allergen == "isotretinoin"
    refuted = {"coding": [{"code": "refuted"}]}
    assert only(one(allergy(verificationStatus=refuted)), "allergy").refuted is True
    assert not clinical(one(allergy(verificationStatus=refuted, recordedDate=None)))
    undated = only(one(allergy(recordedDate=None)), "allergy")
    assert undated.happened_on.text == "2026-11-23" and "no date" in undated.note
    for text in ("No known allergies", "No known soya allergy"):
        found = one(allergy(text))
        assert not clinical(found) and "no allergy" in said(found)
    assert only(one(allergy(code=None, reaction=[{"substance": {"text": "soy"}}])), "allergy").allergen == "soya"


# --- isotretinoin ---------------------------------------------------------------------------------
def test_a_prescription_by_its_drug_code() -> None:
    found = only(one(request("1300006")), "prescription")
    assert [strength.mg for strength in found.strengths] == [20] and found.formulation == "lidose"
    assert (found.days, found.refills, found.daily_dose_mg, found.happened_on.text) == (30, 0, None, "2026-03-09")


@pytest.mark.parametrize(
    "its",
    [
        code(t.RXNORM, "6064", "isotretinoin 20 mg"),
        code(t.SNOMED, "387208003", "Isotretinoin 20 mg"),
        code(t.ATC, "D10BA01"),
        {"text": "Isotretinoin 20 mg capsules"},
        {"text": "Roaccutane 20 mg"},
        {"text": "Epuris 20 mg"},
        {"text": "ORATANE 5 mg capsules"},
    ],
)
def test_a_strength_never_comes_from_words(its: Json) -> None:
    found = one(request(medicationCodeableConcept=its))
    assert (only(found, "prescription").strengths, only(found, "prescription").formulation) == ((), "unknown")
    assert "question: b.json entry[1]: MedicationRequest m1: isotretinoin without a code" in said(found)


@pytest.mark.parametrize(
    "its",
    [code(t.ATC, "D10AD04", "isotretinoin"), {"text": "Isotretinoin 0.05% gel"}, code(t.RXNORM, "6064", "topical gel")],
)
def test_topical_is_never_the_oral_drug(its: Json) -> None:
    found = one(request(medicationCodeableConcept=its))
    assert not events(found, "prescription") and only(found, "medicine_started")


@pytest.mark.parametrize("made", [request, dispense])
def test_a_code_of_capsules_with_the_name_of_another_medicine_is_asked_about(made: Any) -> None:
    found = one(made(medicationCodeableConcept=code(t.RXNORM, "197843", "doxycycline 100 MG Oral Capsule")))
    assert not clinical(found) and "which is meant?" in said(found)


def test_codes_for_two_strengths_are_no_strength() -> None:
    two = {"coding": [{"system": t.RXNORM, "code": its} for its in ("197843", "197844")]}
    found = one(request(medicationCodeableConcept=two))
    assert only(found, "prescription").strengths == () and "which strength" in said(found)


@pytest.mark.parametrize(
    ("duration", "days"),
    [
        (quantity(30, "d"), 30),
        (quantity(4, "wk"), 28),
        ({"value": 30, "unit": "days"}, 30),
        (quantity(1, "mo"), None),
        ({"value": 30}, None),
        (quantity(4.5, "d"), None),
        (quantity(0, "d"), None),
        (quantity(400, "d"), None),
        ({"unit": "d"}, None),
        (None, None),
    ],
)
def test_days_are_given_or_asked_for(duration: Json | None, days: int | None) -> None:
    prescribed = one(request(dispenseRequest={"expectedSupplyDuration": duration}))
    dispensed = one(dispense(daysSupply=duration))
    for found, kind in ((prescribed, "prescription"), (dispensed, "dispensing")):
        assert [event.days for event in events(found, kind)] == ([] if days is None else [days])
        assert (days is None) == ("question: b.json" in said(found))


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "draft"},
        {"status": "cancelled"},
        {"status": "unknown"},
        {"status": None},
        {"intent": "proposal"},
        {"intent": "plan"},
        {"intent": None},
        {"doNotPerform": True},
        {"authoredOn": "2026-03"},
        {"authoredOn": None},
        {"dispenseRequest": {"expectedSupplyDuration": quantity(30, "d"), "numberOfRepeatsAllowed": 99}},
        {"medicationCodeableConcept": None},
        {"medicationCodeableConcept": None, "medication": {"concept": {"text": "isotretinoin"}}},
        {"medicationCodeableConcept": None, "medicationReference": {"reference": "Medication/none"}},
        {"modifierExtension": [{}]},
    ],
)
def test_what_is_no_prescription_is_listed(changes: Json) -> None:
    found = one(request(**changes))
    assert not clinical(found) and "b.json entry[1]: MedicationRequest m1" in said(found)


def _dosage(dose: Json, **repeat: Any) -> Json:
    return {"doseAndRate": [{"doseQuantity": dose}], "timing": {"repeat": repeat}}


_DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}


@pytest.mark.parametrize(
    ("instructions", "dose"),
    [
        ([_dosage(quantity(20, "mg"), **{**_DAILY, "frequency": 2})], Decimal(40)),
        ([_dosage(quantity(20, "mg"), **{**_DAILY, "period": 2})], Decimal(10)),
        ([_dosage(quantity(20, "mg"), **{**_DAILY, "period": 3})], None),
        ([_dosage(quantity(1, "{capsule}"), **_DAILY)], None),
        ([_dosage(quantity(20, "mg"), **_DAILY, dayOfWeek=["mon"])], None),
        ([_dosage(quantity(20, "mg"), **_DAILY, frequencyMax=2)], None),
        ([_dosage(quantity(20, "mg"), frequency=1, period=1, periodUnit="h")], None),
        ([_dosage(quantity(20, "mg"))], None),
        ([{**_dosage(quantity(20, "mg"), **_DAILY), "asNeededBoolean": True}], None),
        ([_dosage(quantity(20, "mg"), **_DAILY)] * 2, None),
        ([{"text": "20 mg daily"}], None),
        ("20 mg", None),
    ],
)
def test_the_daily_dose_is_complete_or_unknown(instructions: Any, dose: Decimal | None) -> None:
    found = events(one(request(dosageInstruction=instructions)), "prescription")
    assert [event.daily_dose_mg for event in found] == ([] if instructions == "20 mg" else [dose])


def test_a_referenced_medication() -> None:
    drug = {"resourceType": "Medication", "id": "x", "code": code(t.RXNORM, "197845")}
    contained = request(medicationCodeableConcept=None, medicationReference={"reference": "#x"}, contained=[drug])
    beside = request(medicationCodeableConcept=None, medicationReference={"reference": "Medication/x"})
    for found in (one(contained), one(beside, drug)):
        assert [strength.mg for strength in only(found, "prescription").strengths] == [40]


def test_a_dispensing_and_its_prescription() -> None:
    found = one(request(), dispense(authorizingPrescription=[{"reference": "MedicationRequest/m1"}]))
    handed_over = only(found, "dispensing")
    assert (handed_over.days, handed_over.prescription) == (30, only(found, "prescription").id)
    assert only(one(dispense(authorizingPrescription=[{"reference": "MedicationRequest/m9"}])), "dispensing")
    assert not clinical(one(dispense(whenHandedOver=None)))
    assert not clinical(one(dispense(status="in-progress")))


def test_a_statement_of_isotretinoin_is_a_question() -> None:
    found = one(request(resourceType="MedicationStatement", effectiveDateTime="2026-03-01"))
    assert not clinical(found) and "said to be taken" in said(found)


# --- other medicines ------------------------------------------------------------------------------
_DOXYCYCLINE: Json = {"medicationCodeableConcept": code(t.RXNORM, "3640", "doxycycline")}


def test_another_medicine_is_started_and_stopped() -> None:
    ends = [{"timing": {"repeat": {"boundsPeriod": {"end": "2026-04-09"}}}}]
    found = one(request(status="stopped", dosageInstruction=ends, **_DOXYCYCLINE))
    started, stopped = only(found, "medicine_started"), only(found, "medicine_stopped")
    assert (started.name, started.code, started.system) == ("doxycycline", "3640", t.RXNORM)
    assert (stopped.started, stopped.happened_on.text) == (started.id, "2026-04-09")
    opened = one(request(status="completed", **_DOXYCYCLINE))
    assert only(opened, "medicine_started") and not events(opened, "medicine_stopped")
    assert "a day that is not given" in said(opened)


def test_a_statement_of_another_medicine() -> None:
    period = {"start": "2026-01-01", "end": "2026-02-01"}
    found = one(request(resourceType="MedicationStatement", status="completed", effectivePeriod=period, **_DOXYCYCLINE))
    assert only(found, "medicine_started").happened_on.text == "2026-01-01"
    assert only(found, "medicine_stopped").happened_on.text == "2026-02-01"
    assert not clinical(one(request(resourceType="MedicationStatement", status="not-taken", **_DOXYCYCLINE)))


# --- when and by whom -----------------------------------------------------------------------------
def _recorded(**changes: Any) -> str:
    found = one(observation(valueQuantity=quantity(20, "U/L"), **changes))
    return str(only(found, "lab_result").recorded_at.isoformat())


def test_when_it_was_written_down() -> None:
    assert _recorded(meta={"lastUpdated": "2026-03-10T10:00:00+01:00"}) == "2026-03-10T10:00:00+01:00"
    assert _recorded(issued="2026-03-10T10:00:00Z") == "2026-03-10T10:00:00+00:00"
    assert _recorded() == NOW.isoformat()
    assert _recorded(meta={"lastUpdated": "2026-01-01T00:00:00Z"}) == NOW.isoformat()
    assert _recorded(meta={"lastUpdated": "2027-01-01T00:00:00Z"}) == NOW.isoformat()
    assert _recorded(meta={"lastUpdated": "2026-03-10T10:00:00"}) == NOW.isoformat()


def test_the_author() -> None:
    category = [code("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory")]
    found = one(observation(valueQuantity=quantity(20, "U/L"), category=category), condition())
    assert (only(found, "lab_result").author.role, only(found, "condition").author.role) == ("laboratory", "system")
    assert {event.author.id for event in found.record.events} == {"fhir-import"}


def test_ids_are_stable_short_and_unique() -> None:
    long = observation(id="x" * 64, valueQuantity=quantity(20, "U/L"))
    strange = observation(id="Erika Mustermann", valueQuantity=quantity(21, "U/L"))
    found = one(long, strange, observation(valueQuantity=quantity(22, "U/L")))
    ids = [event.id for event in found.record.events]
    assert len(set(ids)) == len(ids) and "Observation.o1" in ids and max(map(len, ids)) <= 64
    assert "Erika" not in repr(found)
    assert one(strange, long).record.subject == "p1"
    assert whole(patient(id="Erika Mustermann")).patients[0].record.subject.startswith("patient-")


# --- several copies, several people ---------------------------------------------------------------
def _alt(value: int, updated: str | None = None, **changes: Any) -> Json:
    meta: Json = {} if updated is None else {"meta": {"lastUpdated": updated}}
    return observation(valueQuantity=quantity(value, "U/L"), **meta, **changes)


def test_the_latest_version_counts() -> None:
    found = one(_alt(20, "2026-03-10T00:00:00Z"), _alt(30, "2026-03-12T00:00:00Z"), _alt(25, "2026-03-11T00:00:00Z"))
    assert only(found, "lab_result").value == Reported(Decimal(30))
    assert [(c.seen, c.read, c.repeated) for c in found.counts if c.resource == "Observation"] == [(3, 1, 2)]


def test_copies_that_contradict_each_other_give_nothing_but_worry() -> None:
    assert only(one(_alt(20), _alt(20)), "lab_result")
    assert only(one(_alt(20), _alt(20, note=[{"text": "x"}])), "lab_result")
    found = one(_alt(20), _alt(30))
    assert not clinical(found) and "contradict" in said(found)
    tests = one(pregnancy_test(), pregnancy_test(valueCodeableConcept=code(t.SNOMED, "10828004")))
    assert only(tests, "pregnancy_test").result == "positive"
    assert not clinical(one(pregnancy_test(), pregnancy_test(effectiveDateTime="2026-03-10")))


def _fhir(*bundles: bytes) -> Any:
    return record_from_fhir([(f"f{number}", source) for number, source in enumerate(bundles)], imported_at=NOW)


def test_a_patient_in_two_bundles_is_one_and_two_patients_are_two() -> None:
    other = patient(id="p2")
    merged = _fhir(
        bundle(patient(), _alt(20)),
        bundle(patient(), other, _alt(30, id="o2"), kind="searchset"),
        bundle(_alt(1, id="o3")),
    )
    assert [found.record.subject for found in merged.patients] == ["p1", "p2"]
    assert len(events(merged.patients[0], "lab_result")) == 3 and not clinical(merged.patients[1])


def test_every_form_of_reference() -> None:
    url, urn = "https://a.example/fhir/Patient/p1", "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"

    def found(reference: Any, full_url: str | None) -> int:
        entries = [{"resource": patient(), "fullUrl": full_url}, {"resource": _alt(20, subject=reference)}]
        source = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()
        result = _fhir(source)
        count = len(clinical(result.patients[0]))
        assert count == 1 or "in nobody's record" in said(result)
        return count

    assert found({"reference": urn}, urn) == 1
    assert found({"reference": url}, None) == found({"reference": url}, url) == 1
    assert found({"reference": "Patient/p1/_history/2"}, url) == 1
    assert found({"reference": "https://b.example/fhir/Patient/p1"}, url) == 0
    assert found({"reference": "Patient/p2"}, url) == 0
    assert found({"reference": "#p1"}, url) == found({"display": "Erika"}, url) == found("Patient/p1", url) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"birthDate": "1990-01-01"},
        {"identifier": [{"system": "mrn", "value": "2"}], "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}},
    ],
)
def test_two_people_under_one_id_are_refused(changes: Json) -> None:
    first = patient(identifier=[{"system": "mrn", "value": "1"}])
    with pytest.raises(InputError, match="two different Patients"):
        _fhir(bundle(first), bundle(patient(**changes)))


# --- Bundles --------------------------------------------------------------------------------------
def test_other_types_are_counted_and_never_dropped() -> None:
    claim = {"resourceType": "Claim", "patient": SUBJECT}
    result = whole(patient(), claim, {**claim, "id": "2"}, {"resourceType": "Organization"}, {"id": "x"}, condition())
    assert [(line.resource, line.times) for line in result.patients[0].not_read] == [("Claim", 2)]
    assert {line.resource for line in result.not_read} == {"Organization", "(entry)"}
    counts = Counter({count.resource: count.seen for found in parts(result) for count in found.counts})
    assert counts == {"Patient": 1, "Claim": 2, "Organization": 1, "(entry)": 1, "Condition": 1}


def test_a_missing_page_and_a_deletion_are_listed() -> None:
    link = [{"relation": "next", "url": "https://a/2"}]
    delete = json.loads(bundle(patient()))
    delete["entry"].append({"request": {"method": "DELETE", "url": "Observation/o1"}})
    result = _fhir(bundle(patient(), kind="searchset", link=link), json.dumps(delete).encode())
    assert "next page" in said(result) and "nothing was deleted" in said(result)
    second = bundle(kind="searchset", link=[{"relation": "self", "url": "https://a/2"}])
    assert "next page" not in said(_fhir(bundle(patient(), kind="searchset", link=link), second))


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"PID|1",
        b"[]",
        b"{}",
        b"\xff\xfe\xff",
        b'{"resourceType": "Patient"}',
        bundle(patient(), kind="history"),
        bundle(patient(), kind="batch"),
        b'{"resourceType": "Bundle", "entry": []}',
        b'{"resourceType": "Bundle", "type": "collection", "entry": {}}',
        bundle(patient()).replace(b'"gender"', b'"gender": "male", "gender"'),
        bundle(),
        bundle(observation()),
        bundle(patient(x=float("nan"))),
        b'{"a":' * 100_000,
        b"[" * 5000 + b"]" * 5000,
        bundle(patient()).replace(b'"p1"', b"1" * 5000),
        b" " * (64 * 1024 * 1024 + 1),
    ],
    ids=range(18),
)
def test_what_is_no_bundle_is_one_error_with_place_and_mend(source: bytes) -> None:
    with pytest.raises(InputError) as refused:
        record_from_fhir([("file.json", source)], imported_at=NOW)
    assert refused.value.where.startswith("file.json") and refused.value.mend


@pytest.mark.parametrize("make", [observation, pregnancy_test, condition, allergy, request, dispense])
@pytest.mark.parametrize(
    "odd", [[], {}, "x", 3, True, [[]], {"coding": {}}, {"coding": [1]}, {"coding": [{"code": {}}]}]
)
def test_a_malformed_element_never_crashes(make: Any, odd: Any) -> None:
    plain = make()
    for key in (key for key in plain if key not in ("resourceType", "subject", "patient")):
        found = one({**plain, key: odd})
        assert read_record(write_record(found.record)) == found.record


def test_nothing_of_the_person_is_in_the_lines() -> None:
    secret = "Mustermann"
    person = patient(
        gender=secret,
        name=[{"family": secret}],
        text={"div": f"<div>{secret}</div>"},
        address=[{"city": secret}],
        birthDate=secret,
        deceasedBoolean=secret,
    )
    marked: Json = {"text": {"div": secret}, "note": [{"text": secret}]}
    result = whole(
        person,
        observation(status=f"{secret} x", code={"text": f"{secret} pregnancy"}, **marked),
        observation(id=f"{secret} 2", valueQuantity={"value": 1, "unit": f"of {secret}"}, **marked),
        observation(id="o3", code={"coding": [{"system": secret, "code": f"{secret} 9"}]}),
        condition(verificationStatus={"coding": [{"code": f"{secret} y"}]}, subject={**SUBJECT, "display": secret}),
        request(status=f"a {secret}", medicationCodeableConcept={"text": f"isotretinoin for {secret}"}),
        dispense(medicationCodeableConcept={"text": secret}),
        observation(id="o4", subject={"reference": f"Patient/{secret}", "display": secret}),
    )
    assert secret not in said(result) and secret not in said(result.patients[0])


def test_broken_unicode_can_be_written_down() -> None:
    source = bundle(patient(), condition(code={"text": "@", "coding": [{"system": "@", "code": "@"}]}))
    found = record_from_fhir([("b", source.replace(b"@", rb"\ud800\u0000"))], imported_at=NOW).patients[0]
    assert only(found, "condition") and read_record(write_record(found.record)) == found.record


def test_the_moment_of_import_needs_an_offset() -> None:
    with pytest.raises(InputError):
        record_from_fhir([("b", bundle(patient()))], imported_at=NOW.replace(tzinfo=None))


# --- the mapping ----------------------------------------------------------------------------------
def test_the_mapping_names_real_events_and_fields_and_every_type() -> None:
    page = mapping_markdown()
    for row in ROWS:
        assert row.path in page
        if row.event in KINDS:
            assert row.field in KINDS[row.event].__struct_fields__, row
        else:
            assert row.event in ("", "(any)"), row
    assert {row.path.split(".")[0].split(" ")[0] for row in ROWS} >= {*READ_TYPES} - {"AllergyIntolerance"}
    assert not any(row.event == "pregnancy_potential" for row in ROWS)
