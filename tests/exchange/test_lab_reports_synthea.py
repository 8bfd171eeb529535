"""Twelve synthetic patients through the inbox: what their Bundles hold is read as reports in all three forms."""

from __future__ import annotations

import pytest

from isocourse.exchange.fhir import record_from_fhir
from isocourse.record.events import kind_of
from tests.exchange.test_lab_reports import NOW, read
from tests.exchange.test_lab_reports_generative import alike, as_csv, as_hl7, back
from tests.outside import NOT_HERE, SHARED

_FILES = sorted((SHARED / "data/fhir/synthea").glob("*.json"))
if not _FILES:
    pytest.skip(f"the Synthea bundles are {NOT_HERE}", allow_module_level=True)


@pytest.mark.parametrize("number", range(len(_FILES)))
def test_the_results_of_a_bundle_are_those_of_its_record_and_survive_the_other_forms(number: int) -> None:
    raw = _FILES[number].read_bytes()
    (person,) = read(raw).people
    record = record_from_fhir([("file", raw)], imported_at=NOW).patients[0].record
    wanted = [event for event in record.events if kind_of(event) in ("lab_result", "pregnancy_test")]
    rows = [found.fields for found in person.found]
    assert len(rows) == len(wanted) > 0
    assert person.named.born and person.named.family_name and person.named.given_name and person.named.numbers
    whole_days = [row for row in rows if row["kind"] == "lab_result" and len(row["happened_on"]) == 10]
    assert alike(back(as_csv(whole_days, ","))) == alike(whole_days)
    assert alike(back(as_hl7(whole_days))) == alike(whole_days)
