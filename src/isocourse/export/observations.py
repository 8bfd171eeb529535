"""A measurement as FHIR R4: the software as a Device, the photograph as a Media, one Observation for each figure.

Every Observation is preliminary and says that it was not validated. What was not measured is there with its reason,
so that nobody takes silence for "none". The error of a value is one standard error (iso21090-uncertainty).
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec

import isocourse
from isocourse.errors import InputError
from isocourse.export.face_codes import FACE, Code, part_of_face
from isocourse.export.person import Person
from isocourse.record.terminology import SNOMED, UCUM
from isocourse.skin.figures import Figure, figures
from isocourse.skin.findings import Band, Measurement

CODES = "urn:isocourse:skin-figure"
NOT_VALIDATED = "Not validated; evaluated on synthetic faces and on real ones with drawn marks. Not a diagnosis."
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_UNCERTAINTY = "http://hl7.org/fhir/StructureDefinition/iso21090-uncertainty"
_SPACE = uuid.UUID("5a1e4f0c-93c0-5a52-8f4e-3f0b3a2f6a11")
_MADE_UP = {"system": f"{_TERMINOLOGY}/v3-ActReason", "code": "HTEST", "display": "test health data"}
_DIGITS = 6  # significant ones: more than any figure is exact to

Resource = dict[str, Any]


class Photograph(msgspec.Struct, frozen=True):
    """What is known of a photograph besides its pixels. `subject` is a reference ("Patient/17"); where `person` is
    given the bundle has that person as a Patient, and refers to it instead. `taken` has its time zone, or is the day
    alone; `dicom` is the UID of the photograph's DICOM instance. `synthetic`: drawn, of nobody."""

    content: bytes
    media_type: str
    subject: str | None = None
    taken: datetime | date | None = None
    dicom: str | None = None
    person: Person | None = None
    synthetic: bool = False


def bundle(measured: Measurement, photograph: Photograph) -> Resource:
    """A collection Bundle. The same arguments give the same resources with the same ids."""
    if isinstance(photograph.taken, datetime) and photograph.taken.tzinfo is None:
        raise InputError("the time of the photograph has no time zone", mend="give it as 2026-11-28T10:00:00+01:00")
    of = _Writing(measured, photograph)
    resources = [*of.patient(), of.device(), of.media(), *(of.observation(each) for each in figures(measured))]
    whole: Resource = {"resourceType": "Bundle", "type": "collection"}
    if photograph.synthetic:
        for each in (whole, *resources):
            each["meta"] = {"tag": [_MADE_UP]}
    whole["entry"] = [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources]
    return whole


class _Writing:
    def __init__(self, measured: Measurement, photograph: Photograph) -> None:
        self._measured = measured
        self._photograph = photograph
        self._key = hashlib.sha256(photograph.content).hexdigest()
        self._notes = _notes(measured)

    def _id(self, *parts: str) -> str:
        # Of a person with a name the photograph itself: a number can be corrected, and two records can become one.
        whose = self._photograph.subject or ""
        if self._photograph.person is not None:
            whose = self._photograph.dicom or self._photograph.person.number
        return str(uuid.uuid5(_SPACE, repr((whose, self._key, self._measured.method, *parts))))

    def _reference(self, *parts: str) -> Resource:
        return {"reference": f"urn:uuid:{self._id(*parts)}"}

    def _about(self, when: str) -> Resource:
        """Whom, and when, as far as it is known."""
        found: Resource = {}
        if self._photograph.person is not None:
            found["subject"] = self._reference("patient")
        elif self._photograph.subject is not None:
            found["subject"] = {"reference": self._photograph.subject}
        if self._photograph.taken is not None:
            found[when] = self._photograph.taken.isoformat()
        return found

    def patient(self) -> Iterator[Resource]:
        """The person, where it is said who that is."""
        who = self._photograph.person
        if who is None:
            return
        names = {"family": who.family_name, "given": [who.given_name] if who.given_name else None}
        found: Resource = {"resourceType": "Patient", "id": self._id("patient")}
        if who.number:
            found["identifier"] = [{"value": who.number}]
        if who.family_name or who.given_name:
            found["name"] = [{key: value for key, value in names.items() if value}]
        if who.born:
            found["birthDate"] = who.born
        yield found

    def device(self) -> Resource:
        return {
            "resourceType": "Device",
            "id": self._id("device"),
            "deviceName": [{"name": "isocourse", "type": "model-name"}],
            "type": {"text": "software that measures photographs of skin"},
            "version": [
                {"type": {"text": "software"}, "value": isocourse.__version__},
                {"type": {"text": "method of measurement"}, "value": self._measured.method},
            ],
        }

    def media(self) -> Resource:
        photograph = self._photograph
        # FHIR asks for SHA-1 here; it names the file and protects nothing.
        digest = hashlib.sha1(photograph.content, usedforsecurity=False).digest()
        found: Resource = {"resourceType": "Media", "id": self._id("media")}
        if photograph.dicom is not None:
            found["identifier"] = [{"system": "urn:dicom:uid", "value": f"urn:oid:{photograph.dicom}"}]
        found |= {
            "status": "completed",
            "type": {"coding": [{"system": f"{_TERMINOLOGY}/media-type", "code": "image", "display": "Image"}]},
            **self._about("createdDateTime"),
            "bodySite": _site(FACE),
        }
        if self._measured.width and self._measured.height:
            found |= {"height": self._measured.height, "width": self._measured.width}
        found["content"] = {
            "contentType": photograph.media_type,
            "size": len(photograph.content),
            "hash": base64.b64encode(digest).decode(),
        }
        return found

    def observation(self, figure: Figure) -> Resource:
        """One figure. What has bands has components and no value of its own."""
        found: Resource = {
            "resourceType": "Observation",
            "id": self._id(figure.code, figure.region),
            "status": "preliminary",
            "category": [{"coding": [{"system": f"{_TERMINOLOGY}/observation-category", "code": "imaging"}]}],
            "code": _code(figure.code, figure.name),
            **self._about("effectiveDateTime"),
        }
        if figure.value is not None:
            found["valueQuantity"] = _quantity(figure.value, figure.unit, figure.error)
        elif not figure.parts:
            found["dataAbsentReason"] = _absent(figure.why)
        found["note"] = [{"text": text} for text in (*_error_note(figure), *self._notes)]
        found["bodySite"] = _site(part_of_face(figure.region))
        found["method"] = {"text": f"measured in a photograph, method {self._measured.method}"}
        found["device"] = self._reference("device")
        found["derivedFrom"] = [self._reference("media")]
        if figure.parts:
            found["component"] = [_component(figure, band) for band in figure.parts]
        return found


def _notes(measured: Measurement) -> tuple[str, ...]:
    """What holds for every figure of a photograph."""
    notes = [NOT_VALIDATED]
    if measured.colour is not None:
        notes.append(measured.colour.says)
    if measured.scale_error is not None:
        how = "the irises" if measured.scale_how == "iris" else "a given length"
        notes.append(f"Scale from {how}: one standard error {100 * measured.scale_error:.0f} percent of lengths.")
    notes += [gate.says for gate in measured.gates if not gate.passed and gate.says != measured.refused]
    return tuple(notes)


def _error_note(figure: Figure) -> Iterator[str]:
    if figure.error is not None:
        yield f"One standard error: {figure.error:.3g} {figure.unit}, of outlines and scale; not of another photograph."
    elif figure.value is not None or figure.parts:
        yield "How much another photograph of the same skin would differ is not known."


def _component(figure: Figure, band: Band) -> Resource:
    code = f"{figure.code}-{band.from_mm:g}-{band.to_mm:g}-mm"
    name = f"{figure.name}, widths of {band.from_mm:g} to {band.to_mm:g} mm"
    return {"code": _code(code, name), "valueQuantity": _quantity(band.value, figure.unit, None)}


def _code(code: str, name: str) -> Resource:
    return {"coding": [{"system": CODES, "code": code, "display": name}], "text": name}


def _quantity(value: float, unit: str, error: float | None) -> Resource:
    found: Resource = {"value": _rounded(value), "unit": unit, "system": UCUM, "code": unit}
    if error is not None:
        return {"extension": [{"url": _UNCERTAINTY, "valueDecimal": _rounded(error)}], **found}
    return found


def _rounded(value: float) -> float | int:
    whole = int(value)
    return whole if whole == value else float(f"{value:.{_DIGITS}g}")


def _absent(why: str) -> Resource:
    coding = {"system": f"{_TERMINOLOGY}/data-absent-reason", "code": "not-performed", "display": "Not Performed"}
    return {"coding": [coding], "text": why}


def _site(code: Code) -> Resource:
    return {"coding": [{"system": SNOMED, "code": code.value, "display": code.meaning}], "text": code.says}
