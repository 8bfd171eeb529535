"""Small FHIR R4 resources written by hand, to be changed one field at a time."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from isocourse.exchange.fhir import FhirImport, Imported, record_from_fhir
from isocourse.record import terminology as t
from isocourse.record.events import AnyEvent, kind_of

Json = dict[str, Any]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SUBJECT = {"reference": "Patient/p1"}


def code(system: str, its: str, text: str | None = None) -> Json:
    made: Json = {"coding": [{"system": system, "code": its}]}
    return made if text is None else {**made, "text": text}


def patient(**changes: Any) -> Json:
    return {"resourceType": "Patient", "id": "p1", "birthDate": "2004-05-06", "gender": "female", **changes}


def observation(loinc: str = "1742-6", **changes: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": code(t.LOINC, loinc),
        "subject": SUBJECT,
        "effectiveDateTime": "2026-03-09T08:00:00+00:00",
        **changes,
    }


def quantity(value: Any, unit: str, **changes: Any) -> Json:
    return {"value": value, "unit": unit, "system": t.UCUM, "code": unit, **changes}


def pregnancy_test(**changes: Any) -> Json:
    return observation(**{"loinc": "2106-3", "valueCodeableConcept": code(t.SNOMED, "260385009"), **changes})


def condition(system: str = t.ICD10CM, its: str = "L70.0", **changes: Any) -> Json:
    return {
        "resourceType": "Condition",
        "id": "c1",
        "code": code(system, its, "Acne vulgaris"),
        "subject": SUBJECT,
        "onsetDateTime": "2026-01",
        **changes,
    }


def allergy(text: str = "Allergy to peanuts", **changes: Any) -> Json:
    base = {"resourceType": "AllergyIntolerance", "id": "a1", "code": {"text": text}, "patient": SUBJECT}
    return {**base, "recordedDate": "2026-01-02", **changes}


def request(rxnorm: str = "197843", **changes: Any) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": code(t.RXNORM, rxnorm, "isotretinoin 20 MG Oral Capsule"),
        "subject": SUBJECT,
        "authoredOn": "2026-03-09",
        "dispenseRequest": {"expectedSupplyDuration": quantity(30, "d"), "numberOfRepeatsAllowed": 0},
        **changes,
    }


def dispense(rxnorm: str = "197843", **changes: Any) -> Json:
    return {
        "resourceType": "MedicationDispense",
        "id": "d1",
        "status": "completed",
        "medicationCodeableConcept": code(t.RXNORM, rxnorm, "isotretinoin 10 MG Oral Capsule"),
        "subject": SUBJECT,
        "whenHandedOver": "2026-03-10T10:00:00Z",
        "daysSupply": quantity(30, "d"),
        **changes,
    }


def bundle(*resources: Json, kind: str = "collection", **changes: Any) -> bytes:
    entries = [{"resource": resource} for resource in resources]
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries, **changes}).encode()


def whole(*resources: Json) -> FhirImport:
    return record_from_fhir([("b.json", bundle(*resources))], imported_at=NOW)


def one(*resources: Json) -> Imported:
    """The one patient of a Bundle that holds a plain patient and these resources."""
    result = whole(patient(), *resources)
    assert len(result.patients) == 1
    return result.patients[0]


def events(found: Imported, kind: str) -> list[Any]:
    return [event for event in found.record.events if kind_of(event) == kind]


def only(found: Imported, kind: str) -> Any:
    matching = events(found, kind)
    assert len(matching) == 1, [kind_of(event) for event in found.record.events]
    return matching[0]


def parts(result: FhirImport) -> list[FhirImport | Imported]:
    """What belongs to nobody, and each patient's."""
    return [result, *result.patients]


def said(found: Imported | FhirImport) -> str:
    return "\n".join(f"{line.sort}: {line.line()}" for line in found.not_read)


def clinical(found: Imported) -> list[AnyEvent]:
    return [event for event in found.record.events if kind_of(event) not in ("birth", "sex")]
