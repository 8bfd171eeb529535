"""Photographs and their figures into folders, in foreign shapes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from isocourse.doors.cli.files import read_bytes
from isocourse.doors.cli.skin_files import Done
from isocourse.skin.figures import scale_told
from isocourse.skin.findings import Measurement

_TYPES = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png", b"RI": "image/webp"}


class Abroad:
    """Writes what was asked for. DICOM files carry a pseudonym and no date; the time goes into FHIR."""

    def __init__(
        self,
        fhir: Path | None,
        dicom: Path | None,
        patient: str,
        taken: datetime | None,
        side: Literal["frontal", "right", "left"],
    ) -> None:
        self._fhir, self._dicom = fhir, dicom
        self._patient, self._taken, self._side = patient, taken, side
        self._names: set[str] = set()
        for folder in (fhir, dicom):
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)

    def write(self, found: Done) -> None:
        """One photograph, if it is one: of anything else there is nothing to tell another system."""
        measured = found.measurement
        if measured is None or not measured.width or (self._fhir is None and self._dicom is None):
            return
        content = read_bytes(found.path)
        name = self._name(found.path.stem)
        uid = self._as_dicom(name, content, measured)
        if self._fhir is not None:
            self._as_fhir(self._fhir, name, content, measured, uid)

    def _name(self, stem: str) -> str:
        """Photographs of one name in two folders do not overwrite each other."""
        name, more = stem, 2
        while name in self._names:
            name, more = f"{stem}-{more}", more + 1
        self._names.add(name)
        return name

    def _as_dicom(self, name: str, content: bytes, measured: Measurement) -> str | None:
        from isocourse.export.dicom import Taken, dicom, instance_uid

        if self._dicom is None:
            return None
        key = hashlib.sha256(content).hexdigest()
        when = self._taken.isoformat() if self._taken else key
        taken = Taken(
            study=f"{self._patient}|{when}",
            series=self._side,
            instance=key,
            side=self._side,
            px_per_mm=measured.px_per_mm,
            scale_how=scale_told(measured),
            deidentified=True,
            pseudonym=self._patient,
        )
        (self._dicom / f"{name}.dcm").write_bytes(dicom(content, taken))
        return str(instance_uid(taken))

    def _as_fhir(self, folder: Path, name: str, content: bytes, measured: Measurement, uid: str | None) -> None:
        from isocourse.export.observations import Photograph, bundle

        about = Photograph(
            content,
            _TYPES.get(content[:2], "application/octet-stream"),
            subject=f"Patient/{self._patient}" if self._patient else None,
            taken=self._taken,
            dicom=uid,
        )
        written = msgspec.json.format(msgspec.json.encode(bundle(measured, about)), indent=2)
        (folder / f"{name}.fhir.json").write_bytes(written + b"\n")
