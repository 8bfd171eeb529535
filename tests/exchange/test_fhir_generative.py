"""FHIR in: whatever a Bundle looks like, an import or one InputError comes out, and every entry is counted."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.errors import InputError
from isocourse.exchange.fhir import FhirImport, record_from_fhir
from isocourse.record import terminology as t
from isocourse.record.record import check_record, read_record, write_record
from tests.exchange.bundle_parts import (
    NOW,
    SUBJECT,
    Json,
    allergy,
    code,
    condition,
    dispense,
    events,
    observation,
    one,
    parts,
    patient,
    pregnancy_test,
    quantity,
    request,
)
from tests.own_words import own_words

_DRUG = {"resourceType": "Medication", "id": "x", "code": code(t.RXNORM, "197845")}
_DOSE = {
    "doseAndRate": [{"doseQuantity": quantity(20, "mg")}],
    "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "boundsPeriod": {"end": "2026-05-01"}}},
}
_RANGE = [{"low": quantity(7, "U/L"), "high": quantity(35, "U/L")}]
RESOURCES: tuple[Json, ...] = (
    patient(meta={"lastUpdated": "2026-01-01T00:00:00Z"}, extension=[{"url": "x", "valueCode": "F"}]),
    patient(id="p2", gender="male"),
    observation(valueQuantity=quantity(20, "U/L"), referenceRange=_RANGE, issued="2026-03-10T08:00:00Z"),
    observation("21198-7", id="o2", valueQuantity=quantity(1, "m[IU]/mL", comparator="<")),
    observation("55284-4", id="o3", component=[{"code": code(t.LOINC, "1920-8"), "valueQuantity": quantity(3, "U/L")}]),
    observation("29463-7", id="o4", valueQuantity=quantity(60, "kg")),
    pregnancy_test(id="t1"),
    pregnancy_test(id="t2", valueCodeableConcept=code(t.SNOMED, "10828004")),
    condition(clinicalStatus={"coding": [{"code": "active"}]}),
    condition(id="c2", its="Z33.1"),
    allergy(verificationStatus={"coding": [{"code": "confirmed"}]}),
    request(dosageInstruction=[_DOSE]),
    request(id="m2", status="stopped", medicationCodeableConcept={"text": "doxycycline"}, dosageInstruction=[_DOSE]),
    request(id="m3", medicationCodeableConcept=None, medicationReference={"reference": "Medication/x"}),
    request(id="s1", resourceType="MedicationStatement", effectiveDateTime="2026-01-01"),
    dispense(authorizingPrescription=[{"reference": "MedicationRequest/m1"}]),
    observation("75325-1", id="y1", valueCodeableConcept=code(t.ICD10CM, "R51.9", "Headache")),
    condition(id="c3", its="R11.2", severity=code(t.SNOMED, "6736007")),
    {
        "resourceType": "Procedure",
        "id": "x1",
        "status": "completed",
        "subject": SUBJECT,
        "code": {"text": "Waxing"},
        "performedPeriod": {"start": "2026-03-01", "end": "2026-03-02"},
    },
    _DRUG,
    {"resourceType": "Encounter", "id": "e1", "subject": SUBJECT},
)
_TEXTS = (
    "",
    "x",
    "p1",
    "p2",
    "Patient/p2",
    "2026",
    "2026-03-09",
    "9999-99-99",
    "entered-in-error",
    "final",
    "d",
    "\ud800",
)
_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 40) | st.sampled_from([10**30, 1.5, 1e-300]),
    st.sampled_from(_TEXTS),
    own_words(80),
    st.sampled_from([[], {}, [[]], [{}], {"coding": [{}]}, {"reference": "Patient/p2"}]),
)


def _paths(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [so_far] if so_far else []
    for key, child in inner:
        found += _paths(child, (*so_far, key))
    return found


def _parent(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        value = value[key]
    return value


@st.composite
def mutated_bundles(draw: st.DrawFn) -> tuple[Json, int]:
    """A Bundle of some of the resources, some twice, with keys dropped and values swapped."""
    chosen = draw(st.lists(st.sampled_from(RESOURCES), max_size=8))
    resources = [copy.deepcopy(found) for found in (*RESOURCES[: draw(st.integers(0, 2))], *chosen)]
    entries: list[Any] = [{"resource": found} for found in resources]
    for _ in range(draw(st.integers(0, 6))):
        paths = _paths(entries)
        if not paths:
            break
        path = draw(st.sampled_from(paths))
        parent = _parent(entries, path)
        if draw(st.booleans()) and isinstance(parent, dict):
            del parent[path[-1]]
        else:
            other = draw(st.sampled_from(paths)) if draw(st.booleans()) else None
            swapped = _parent(entries, other)[other[-1]] if other is not None and other[0] != path[0] else draw(_ODD)
            parent[path[-1]] = copy.deepcopy(swapped)
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}, len(entries)


def _seen(result: FhirImport) -> int:
    return sum(count.seen for found in parts(result) for count in found.counts)


@settings(max_examples=400, deadline=None)
@given(mutated_bundles())
def test_a_mutated_bundle_is_read_or_refused_and_every_entry_is_counted(made: tuple[Json, int]) -> None:
    bundle, entries = made
    try:
        result = record_from_fhir([("b.json", json.dumps(bundle).encode())], imported_at=NOW)
    except InputError as refused:
        assert refused.where
        return
    assert _seen(result) == entries
    for found in parts(result):
        for count in found.counts:
            ends = (count.read, count.not_read, count.withdrawn, count.not_used, count.repeated)
            assert count.seen == sum(ends) and min(ends) >= 0
    for person in result.patients:
        check_record(person.record)
        assert read_record(write_record(person.record)) == person.record
        assert not events(person, "pregnancy_potential") and not events(person, "course_start")
        _nothing_disappears(person)


def _nothing_disappears(person: Any) -> None:
    """What is not read is listed, type by type."""
    listed = {line.resource for line in person.not_read}
    for count in person.counts:
        if count.not_read or count.withdrawn or count.not_used:
            assert count.resource in listed, count


def _change(resource: Json, path: tuple[Any, ...], value: Any) -> Json:
    changed = copy.deepcopy(resource)
    _parent(changed, path)[path[-1]] = value
    return changed


_TEST = pregnancy_test(interpretation=[code("http://terminology.hl7.org/CodeSystem/v2-0078", "NEG")])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_paths(_TEST)), _ODD)
def test_no_change_of_one_value_makes_a_positive_test_negative_or_lost(path: tuple[Any, ...], odd: Any) -> None:
    positive = _change(_TEST, ("valueCodeableConcept", "coding", 0, "code"), "10828004")
    # Another subject, code or value is another thing; entered-in-error takes it back.
    if path[0] in ("resourceType", "subject", "code", "valueCodeableConcept") or odd == "entered-in-error":
        return
    tests = events(one(_change(positive, path, odd)), "pregnancy_test")
    assert [test.result for test in tests] == ["positive"]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_paths(_TEST)), _ODD)
def test_a_negative_test_is_negative_only_when_all_of_it_can_be_read(path: tuple[Any, ...], odd: Any) -> None:
    found = one(_change(_TEST, path, odd))
    for test in events(found, "pregnancy_test"):
        if test.result == "negative":
            assert test.happened_on.text in ("2026-03-09", str(odd))
