"""A photograph as DICOM and what was measured in it as FHIR, with the person's name, for another system of the clinic.

Made in memory from the sealed file, under the same conditions as a report on paper.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from isocourse.care.photograph_jobs import FACES, SIDES, measured
from isocourse.care.photograph_leaving import may_leave, measured_or_refused, opened_part
from isocourse.errors import InputError
from isocourse.export import observations
from isocourse.export.dicom import Taken, dicom, instance_uid
from isocourse.export.person import Person
from isocourse.skin.figures import scale_told
from isocourse.store import vault
from isocourse.store.models import Patient, Photograph, User

_TYPES = {"jpeg": "image/jpeg", "png": "image/png"}


def as_dicom(*, by: User, patient: Patient, photograph: Photograph, now: datetime) -> bytes:
    """The file of a photograph of a face, measured or not. Raises Denied, or InputError with one sentence: no consent,
    deleted, no face, a damaged file, a name that DICOM cannot hold."""
    may_leave(by, patient, (photograph,), now)
    if photograph.view not in FACES:
        raise InputError(_("only photographs of a face are handed out as DICOM"))
    return dicom(opened_part(by, photograph, vault.ORIGINAL, now), _taken(patient, photograph))


def as_fhir(*, by: User, patient: Patient, photograph: Photograph, now: datetime) -> bytes:
    """A Bundle as JSON. Raises as `as_dicom` does, and InputError where nothing was measured."""
    may_leave(by, patient, (photograph,), now)
    kept = measured_or_refused(photograph)
    about = observations.Photograph(
        opened_part(by, photograph, vault.ORIGINAL, now),
        _TYPES[photograph.kind],
        taken=photograph.day,
        dicom=str(instance_uid(_taken(patient, photograph))),
        person=_person(patient),
        synthetic=_synthetic(patient, photograph),
    )
    return msgspec.json.format(msgspec.json.encode(observations.bundle(kept.measurement, about)), indent=2) + b"\n"


def _taken(patient: Patient, photograph: Photograph) -> Taken:
    kept = measured(photograph)
    side: Any = SIDES.get(photograph.view, "frontal")
    return Taken(
        # Of the record it was taken for: merging two records makes no second picture of one in an archive.
        study=f"{photograph.patient.key}|{photograph.day}",
        series=photograph.view,
        instance=photograph.key,
        side=side,
        at=photograph.day,
        px_per_mm=kept.measurement.px_per_mm if kept is not None else None,
        scale_how=scale_told(kept.measurement) if kept is not None else "",
        number=photograph.repeat,
        person=_person(patient),
        synthetic=_synthetic(patient, photograph),
    )


def _person(patient: Patient) -> Person:
    born = patient.born.isoformat() if patient.born else ""
    return Person(patient.number, patient.family_name, patient.given_name, born)


def _synthetic(patient: Patient, photograph: Photograph) -> bool:
    return patient.clinic.demonstration or photograph.synthetic
