"""Made-up FHIR R4 Bundles, one patient each, about 70 resources and 40 KB. Same seed, same Bundles.

They hold what an EHR would send along (conditions, encounters, bloods, questionnaires), not just what the ten
rules read, and no two tests, prescriptions or supplies of one person on one day.
"""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import Any

from isocourse.record import terminology as t

AS_OF = date(2026, 6, 15)
_CODES = (
    ("2106-3", "Choriogonadotropin (pregnancy test) [Presence] in Urine"),
    ("2118-8", "Choriogonadotropin (pregnancy test) [Presence] in Serum or Plasma"),
)
_RESULTS = {"negative": ("260385009", "Negative"), "positive": ("10828004", "Positive")}
_CAPSULES = (("197843", "10 MG"), ("197844", "20 MG"), ("403930", "30 MG"), ("197845", "40 MG"))
_BLOODS = (
    ("1742-6", "Alanine aminotransferase", "U/L"),
    ("1920-8", "Aspartate aminotransferase", "U/L"),
    ("2571-8", "Triglyceride", "mg/dL"),
    ("2093-3", "Cholesterol", "mg/dL"),
    ("2345-7", "Glucose", "mg/dL"),
)
_OTHER = (
    ("8480-6", "Systolic blood pressure", "mm[Hg]"),
    ("8867-4", "Heart rate", "/min"),
    ("44261-6", "PHQ-9 total score", "{score}"),
)
Json = dict[str, Any]


class Patient:
    """One person's resources as they are gathered."""

    def __init__(self, number: int, born: date) -> None:
        self.id = f"patient-{number:04}"
        self.entries: list[Json] = []
        self._add("Patient", {"id": self.id, "active": True, "gender": "female", "birthDate": born.isoformat()})

    def _add(self, kind: str, fields: Json) -> None:
        own = fields.pop("id", f"{self.id}-{len(self.entries):03}")
        meta = {"versionId": "1", "lastUpdated": "2026-06-14T08:00:00.000+00:00"}
        resource = {"resourceType": kind, "id": own, "meta": meta, **fields}
        self.entries.append({"fullUrl": f"urn:uuid:{own}", "resource": resource})

    def _of(self, kind: str, **fields: Any) -> None:
        who = "patient" if kind == "AllergyIntolerance" else "subject"
        self._add(kind, {**fields, who: {"reference": f"Patient/{self.id}"}})

    def observe(self, on: date, coding: Json, category: str, **value: Any) -> None:
        system = "http://terminology.hl7.org/CodeSystem/observation-category"
        kinds = [{"coding": [{"system": system, "code": category}]}]
        issued = f"{on.isoformat()}T16:30:00.000+00:00"
        days = {"effectiveDateTime": on.isoformat(), "issued": issued}
        self._of("Observation", status="final", category=kinds, code=_concept(coding), **days, **value)

    def tested(self, on: date, result: str, code: tuple[str, str]) -> None:
        value = _concept(_coding(t.SNOMED, *_RESULTS[result]))
        self.observe(on, _coding(t.LOINC, *code), "laboratory", valueCodeableConcept=value)

    def measured(self, on: date, code: tuple[str, str, str], value: float, high: float | None = None) -> None:
        category = "vital-signs" if high is None else "laboratory"
        given: Json = {"valueQuantity": _quantity(value, code[2])}
        if high is not None:
            given["referenceRange"] = [{"low": _quantity(5, code[2]), "high": _quantity(high, code[2])}]
        self.observe(on, _coding(t.LOINC, *code[:2]), category, **given)

    def prescribed(self, on: date, days: int, capsule: tuple[str, str]) -> None:
        dose = {"doseAndRate": [{"doseQuantity": _quantity(20, "mg")}]}
        timing = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}, "text": "1 daily with food"}
        supply = {"numberOfRepeatsAllowed": 0, "expectedSupplyDuration": _quantity(days, "d")}
        medicine = {"medicationCodeableConcept": _isotretinoin(capsule), "authoredOn": on.isoformat()}
        more = {"dosageInstruction": [{**timing, **dose}], "dispenseRequest": supply}
        self._of("MedicationRequest", status="active", intent="order", **medicine, **more)

    def supplied(self, on: date, days: int, capsule: tuple[str, str]) -> None:
        fields = {"medicationCodeableConcept": _isotretinoin(capsule), "daysSupply": _quantity(days, "d")}
        self._of("MedicationDispense", status="completed", whenHandedOver=on.isoformat(), **fields)

    def visited(self, on: date) -> None:
        system = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
        period = {"start": f"{on.isoformat()}T09:00:00+00:00", "end": f"{on.isoformat()}T09:20:00+00:00"}
        clinic = {"class": {"system": system, "code": "AMB", "display": "ambulatory"}, "period": period}
        self._of("Encounter", status="finished", **clinic)

    def diagnosed(self, on: date, code: str, words: str) -> None:
        system = "http://terminology.hl7.org/CodeSystem/condition-clinical"
        status = _concept({"system": system, "code": "active"})
        self._of(
            "Condition",
            clinicalStatus=status,
            code=_concept(_coding(t.ICD10CM, code, words)),
            onsetDateTime=on.isoformat(),
        )

    def json(self) -> bytes:
        return json.dumps(
            {"resourceType": "Bundle", "type": "collection", "entry": self.entries}, separators=(",", ":")
        ).encode()


def _coding(system: str, code: str, display: str) -> Json:
    return {"system": system, "code": code, "display": display}


def _concept(coding: Json) -> Json:
    return {"coding": [coding]}


def _quantity(value: float, unit: str) -> Json:
    return {"value": value, "unit": unit, "system": t.UCUM, "code": unit}


def _isotretinoin(capsule: tuple[str, str]) -> Json:
    return _concept(_coding(t.RXNORM, capsule[0], f"isotretinoin {capsule[1]} Oral Capsule"))


def bundles(count: int, seed: int = 20261124) -> list[bytes]:
    """`count` different people, as Bundles; decide for AS_OF."""
    dice = random.Random(seed)
    return [_patient(number, dice).json() for number in range(count)]


def _patient(number: int, dice: random.Random) -> Patient:
    patient = Patient(
        number, AS_OF - timedelta(days=dice.choice((6200, 6574, 6575, 6576, 7300, 9000)) + dice.randint(0, 3))
    )
    begun = AS_OF - timedelta(days=dice.randint(95, 175))
    patient.diagnosed(begun, "L70.1", "Acne conglobata")
    patient.diagnosed(begun - timedelta(days=900), "J30.1", "Allergic rhinitis due to pollen")
    weighs = dice.random() < 0.9
    patient.measured(begun - timedelta(days=dice.choice((3, 85, 200))), ("8302-2", "Body height", "cm"), 168)
    if dice.random() < 0.9:
        patient.tested(begun, "negative", dice.choice(_CODES))
    _months(patient, dice, begun, weighs)
    return patient


def _months(patient: Patient, dice: random.Random, begun: date, weighs: bool) -> None:
    treated, careful = dice.random() < 0.93, dice.random() < 0.85
    oldest = dice.random() < 0.1
    for month in range(6):
        day = begun + timedelta(days=(0 if month == 0 else 8) + 30 * month + dice.choice((0, 0, 1, 2, 4)))
        if day > AS_OF - timedelta(days=4):
            day -= timedelta(days=6 * 30 + 60)  # more of the time before treatment instead
            _seen(patient, dice, day, weighs)
            continue
        _seen(patient, dice, day, weighs and not oldest)
        if careful and month > 0 and dice.random() < 0.97:
            result = "positive" if dice.random() < 0.04 else "negative"
            patient.tested(day + timedelta(days=1), result, dice.choice(_CODES))
        if treated and (month > 0 or dice.random() < 0.1):
            _treated(patient, dice, day)


def _treated(patient: Patient, dice: random.Random, day: date) -> None:
    days, capsule = dice.choice((30, 30, 30, 30, 28, 60)), dice.choice(_CAPSULES)
    patient.prescribed(day + timedelta(days=2), days, capsule)
    if dice.random() < 0.97:
        patient.supplied(day + timedelta(days=3), days, capsule)


def _seen(patient: Patient, dice: random.Random, day: date, weighs: bool) -> None:
    patient.visited(day)
    for code in _BLOODS:
        patient.measured(day, code, dice.randint(8, 190), 150)
    for code in _OTHER:
        patient.measured(day, code, dice.randint(1, 130))
    if weighs:
        patient.measured(day, ("29463-7", "Body weight", "kg"), dice.randint(48, 95))
