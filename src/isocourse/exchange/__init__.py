"""Pure translation between foreign shapes and the record. Opens no file, asks no clock, guesses nothing.

Imports only `isocourse.record`, `isocourse.errors`, msgspec and the standard library. What cannot be read
exactly is listed, never converted by guess and never dropped in silence.
Start reading at `mapping.py` (which FHIR element becomes which event, as data), then `fhir.py`
(`record_from_fhir`, the way in), `bundles.py` (which resource belongs to whom), and the translators
`people.py`, `observations.py`, `pregnancy_tests.py` and `medicines.py`; `shapes.py` holds what they share.
"""
