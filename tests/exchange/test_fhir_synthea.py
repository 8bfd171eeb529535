"""Twelve synthetic patients who take no isotretinoin: nothing is invented, nothing disappears."""

from __future__ import annotations

import pytest

from isocourse.exchange.fhir import record_from_fhir
from isocourse.record.events import kind_of
from isocourse.record.record import read_record, write_record
from tests.exchange.bundle_parts import NOW, parts
from tests.outside import NOT_HERE, SHARED

_FILES = sorted((SHARED / "data/fhir/synthea").glob("*.json"))
if not _FILES:
    pytest.skip(f"the Synthea bundles are {NOT_HERE}", allow_module_level=True)
_INVENTED = {"prescription", "dispensing", "course_start", "pregnancy_potential", "pregnancy_test", "pregnancy"}


def test_twelve_bundles_are_read_and_nothing_is_invented() -> None:
    bundles = [(f"file {number}", path.read_bytes()) for number, path in enumerate(_FILES)]
    together = record_from_fhir(bundles, imported_at=NOW)
    assert len(together.patients) == len(_FILES) == 12
    for number, found in enumerate(together.patients):
        kinds = [kind_of(event) for event in found.record.events]
        assert not _INVENTED & set(kinds)
        assert kinds.count("birth") == kinds.count("sex") == 1 and "weight" in kinds and "lab_result" in kinds
        assert read_record(write_record(found.record)) == found.record
        alone = record_from_fhir([bundles[number]], imported_at=NOW)
        assert alone.patients == (found,)


def test_every_entry_is_counted_and_no_name_is_repeated() -> None:
    for path in _FILES:
        source = path.read_bytes()
        result = record_from_fhir([("file", source)], imported_at=NOW)
        seen = sum(count.seen for found in parts(result) for count in found.counts)
        assert seen == source.count(b'"fullUrl"')
        lines = " ".join(line.line() for found in parts(result) for line in found.not_read)
        given, family = path.name.split("_")[:2]
        assert given not in lines and family not in lines
