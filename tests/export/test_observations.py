"""Figures as FHIR: every resource has the structure that FHIR asks for (fhir.resources; what is written is the same
in R4 and R4B), every unit is UCUM (ucumvert), nothing that was not measured looks like a number.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import msgspec
import pytest
from fhir.resources.R4B import get_fhir_model_class
from lark.exceptions import LarkError
from ucumvert import get_ucum_parser

from isocourse.errors import InputError
from isocourse.export.face_codes import part_of_face
from isocourse.export.observations import NOT_VALIDATED, Photograph, bundle
from isocourse.export.person import Person
from isocourse.skin.calibrate import Calibration
from isocourse.skin.figures import figures
from isocourse.skin.findings import Measurement, Tone
from isocourse.skin.measure import Settings, measure
from isocourse.skin.regions import NAMES
from tests.skin.generated_visits import visit
from tests.skin.portraits import finder

ABOUT = Photograph(b"a photograph", "image/jpeg", "Patient/17", datetime(2026, 11, 28, 10, tzinfo=UTC), "2.25.1")


@cache
def measured() -> Measurement:
    return measure(visit(), Calibration(), Settings(), finder())


def refused() -> Measurement:
    return measure(b"no photograph", Calibration(), Settings(), finder())


def toned() -> Measurement:
    tone = Tone(60.0, 12.0, 15.0, 33.69, 2.5, "intermediate", 50.0, 20.0)
    return msgspec.structs.replace(measured(), tone=tone)


def resources(found: Measurement, kind: str, about: Photograph = ABOUT) -> list[dict[str, Any]]:
    each = [entry["resource"] for entry in bundle(found, about)["entry"]]
    return [one for one in each if one["resourceType"] == kind]


def whole(found: Measurement, code: str) -> dict[str, Any]:
    """The Observation of the whole face."""
    (one,) = [
        each
        for each in resources(found, "Observation")
        if each["code"]["coding"][0]["code"] == code and each["bodySite"]["text"] == "face"
    ]
    return one


@pytest.mark.parametrize("make", [measured, refused, toned])
def test_the_structure_is_that_of_fhir(make: Any) -> None:
    found = bundle(make(), ABOUT)
    get_fhir_model_class("Bundle").model_validate(found)
    for entry in found["entry"]:
        get_fhir_model_class(entry["resource"]["resourceType"]).model_validate(entry["resource"])


def test_fhir_would_say_so_were_the_structure_wrong() -> None:
    broken = bundle(measured(), ABOUT)
    del broken["entry"][5]["resource"]["code"]
    with pytest.raises(ValueError, match="code"):
        get_fhir_model_class("Bundle").model_validate(broken)


def test_every_figure_is_there_once_and_preliminary() -> None:
    found = resources(measured(), "Observation")
    assert len(found) == len(figures(measured())) == len({each["id"] for each in found})
    assert {each["status"] for each in found} == {"preliminary"}
    assert all(NOT_VALIDATED in [note["text"] for note in each["note"]] for each in found)
    assert {each["bodySite"]["text"] for each in found} == {"face", *NAMES}


@pytest.mark.parametrize("make", [measured, refused, toned])
def test_what_was_not_measured_says_why_and_has_no_value(make: Any) -> None:
    for each in resources(make(), "Observation"):
        has = [key for key in ("valueQuantity", "dataAbsentReason", "component") if key in each]
        assert len(has) == 1, each["code"]
        if has == ["dataAbsentReason"]:
            assert each["dataAbsentReason"]["text"]


def test_a_refused_photograph_has_no_number_at_all() -> None:
    found = resources(refused(), "Observation")
    assert found and all("valueQuantity" not in each and "component" not in each for each in found)
    assert whole(refused(), "dark-spots-count")["dataAbsentReason"]["text"] == refused().refused


def test_none_found_is_a_zero_and_not_measured_is_not() -> None:
    clear = msgspec.structs.replace(measured(), spots=())
    assert whole(clear, "dark-spots-count")["valueQuantity"]["value"] == 0
    assert "valueQuantity" not in whole(clear, "ita")  # without a colour reference


def test_units_are_ucum() -> None:
    parser = get_ucum_parser()
    units = {figure.unit for make in (measured, toned) for figure in figures(make())}
    assert len(units) == 7
    for unit in units:
        parser.parse(unit)
    with pytest.raises(LarkError):
        parser.parse("mm^2 L*")


def test_values_and_errors_are_those_of_the_measurement() -> None:
    spots = measured().of("brown")
    assert spots
    area = whole(measured(), "dark-spots-area")["valueQuantity"]
    total, scale = sum(spot.area for spot in spots), measured().scale_error
    assert scale is not None and area["value"] == pytest.approx(total, rel=1e-5)
    outlines = sum(spot.area_error**2 for spot in spots)
    assert area["extension"][0]["valueDecimal"] == pytest.approx((outlines + (2 * scale * total) ** 2) ** 0.5, rel=1e-5)
    angle = whole(toned(), "ita")["valueQuantity"]
    assert (angle["value"], angle["code"], angle["extension"][0]["valueDecimal"]) == (33.69, "deg", 2.5)


def test_regions_add_up_to_the_face() -> None:
    found = figures(measured())
    for code in ("dark-spots-count", "red-marks-count", "marks-of-uncertain-kind-count"):
        parts = [each.value or 0 for each in found if each.code == code and each.region]
        (all_of,) = [each.value for each in found if each.code == code and not each.region]
        assert all_of == sum(parts)


def test_bands_are_components() -> None:
    found = whole(measured(), "roughness")
    assert len(found["component"]) == len(measured().texture) > 0
    assert found["component"][0]["valueQuantity"]["code"] == "{L*}"


def test_every_reference_leads_to_a_resource_of_the_bundle() -> None:
    made = bundle(measured(), ABOUT)
    urls = {entry["fullUrl"] for entry in made["entry"]}
    for each in resources(measured(), "Observation"):
        assert {each["device"]["reference"], each["derivedFrom"][0]["reference"]} <= urls
    (device,), (media,) = resources(measured(), "Device"), resources(measured(), "Media")
    assert device["version"][1]["value"] == measured().method
    assert media["identifier"][0]["value"] == "urn:oid:2.25.1"


def test_the_same_again_is_the_same_and_another_photograph_is_not() -> None:
    assert json.dumps(bundle(measured(), ABOUT)) == json.dumps(bundle(measured(), ABOUT))
    other = msgspec.structs.replace(ABOUT, content=b"another photograph")
    ids = [{entry["fullUrl"] for entry in bundle(measured(), about)["entry"]} for about in (ABOUT, other)]
    assert not ids[0] & ids[1]


def test_unknown_time_and_person_are_left_out() -> None:
    bare = Photograph(b"a photograph", "image/jpeg")
    get_fhir_model_class("Bundle").model_validate(bundle(measured(), bare))
    assert "subject" not in resources(measured(), "Observation", bare)[0]
    with pytest.raises(InputError, match="time zone"):
        bundle(measured(), msgspec.structs.replace(ABOUT, taken=datetime(2026, 11, 28)))  # noqa: DTZ001


def test_a_person_is_a_patient_of_the_bundle_and_a_drawn_face_says_so_everywhere() -> None:
    who = Person("17", "Müller", "Éva", "1999-01-02")
    about = Photograph(b"a photograph", "image/jpeg", taken=date(2026, 11, 28), person=who, synthetic=True)
    found = bundle(measured(), about)
    get_fhir_model_class("Bundle").model_validate(found)
    (patient,) = resources(measured(), "Patient", about)
    assert (patient["birthDate"], patient["identifier"]) == ("1999-01-02", [{"value": "17"}])
    for kind in ("Media", "Observation"):
        for each in resources(measured(), kind, about):
            assert each["subject"] == {"reference": f"urn:uuid:{patient['id']}"}
    assert resources(measured(), "Observation", about)[0]["effectiveDateTime"] == "2026-11-28"
    everything = [found, *(entry["resource"] for entry in found["entry"])]
    assert all(each["meta"]["tag"][0]["code"] == "HTEST" for each in everything)
    assert "meta" not in bundle(measured(), ABOUT)
    uid = msgspec.structs.replace(about, dicom="2.25.1")
    renumbered = msgspec.structs.replace(uid, person=Person("18", "Müller", "Éva", "1999-01-02"))
    ids = [[entry["fullUrl"] for entry in bundle(measured(), each)["entry"]] for each in (uid, renumbered)]
    assert ids[0] == ids[1]
    nobody = msgspec.structs.replace(about, person=Person())
    get_fhir_model_class("Bundle").model_validate(bundle(measured(), nobody))


def test_every_part_of_the_face_has_a_code() -> None:
    assert [part_of_face(name).says for name in NAMES] == list(NAMES)
