"""Pure translation between foreign shapes and the record. Opens no file, asks no clock, guesses nothing.

Imports only `isocourse.record`, `isocourse.errors`, msgspec, hl7 and the standard library. What cannot be read
exactly is listed, never converted by guess and never dropped in silence.
Start reading at `mapping.py` (which FHIR element becomes which event, as data) and `vocabulary.py` (what its
statuses and words mean), then `fhir.py` (`record_from_fhir`, the way in), `bundles.py` and `copies.py` (which
resource belongs to whom, and which copy of it counts), and the translators `people.py`, `observations.py`,
`pregnancy_tests.py`, `results.py` and `medicines.py`; `shapes.py` holds what they share, `outcome.py` what is listed.
Laboratory reports: `report_source.py` (the way in), `lab_reports.py` (the one shape), `lab_rows.py` (what is exact),
the readers `hl7_results.py`, `csv_results.py` and `fhir_results.py`, and `analyte_names.py` (names, units as spelled).
"""
