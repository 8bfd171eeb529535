"""From rows to a record. The one way in which anybody reads events."""

from __future__ import annotations

from isocourse.record.record import Record, read_record
from isocourse.store.models.record import Patient, event_rows


def record_of(patient: Patient) -> Record:
    """The record of a patient, with whatever was merged into it. Raises InputError when stored rows contradict each
    other, which the writers in care never let happen."""
    bodies = ",".join(event_rows(patient).values_list("body", flat=True))
    source = f'{{"isocourse_record":"1","subject":"{patient.key}","events":[{bodies}]}}'
    return read_record(source.encode(), where=f"patient {patient.key}")
