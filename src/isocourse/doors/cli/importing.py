"""`isocourse import`: FHIR Bundles into records, with everything that was not read."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from isocourse.doors.cli.files import json_files, read_bytes
from isocourse.doors.cli.printing import print_lines, say
from isocourse.errors import InputError
from isocourse.exchange.fhir import FhirImport, record_from_fhir
from isocourse.record.record import write_record
from isocourse.words.imported import import_lines


def import_files(paths: Sequence[Path], out: Path | None, *, as_json: bool, now: datetime) -> None:
    """Read, translate, report; with `out`, write each record and what was not read of it beside it."""
    files = json_files(paths)
    imported = read_bundles(files, now)
    if out is not None:
        _write(imported, out, files)
    if as_json:
        sys.stdout.write(msgspec.json.encode(_plain(imported)).decode() + "\n")
        return
    print_lines(import_lines(imported, files=len(files)))
    if out is not None:
        say(f"\n{len(imported.patients)} records written to {out}; next: isocourse assess FILE --programme us")


def read_bundles(files: Sequence[Path], now: datetime) -> FhirImport:
    """Translate files. They go in as "file 1", "file 2": a file's own name may be a patient's, and what was not read
    is written down. Only an error, shown to whoever named the file, says which it was."""
    names = {f"file {number}": path for number, path in enumerate(files, start=1)}
    try:
        return record_from_fhir([(name, read_bytes(path)) for name, path in names.items()], imported_at=now)
    except InputError as error:
        name = max((name for name in names if error.where.startswith(name)), key=len, default=None)
        where = f"{names[name]}{error.where.removeprefix(name)}" if name is not None else error.where
        raise InputError(error.found, where=where, allowed=error.allowed, mend=error.mend) from None


def is_fhir(source: bytes) -> bool:
    """Whether this looks like a FHIR resource rather than a record."""
    return b'"resourceType"' in source[:4096] or (b'"resourceType"' in source and b'"isocourse_record"' not in source)


def _write(imported: FhirImport, out: Path, sources: Sequence[Path]) -> None:
    """Each record and what was not read of it. What was just read is never written over: it may be the only copy."""
    read = {path.resolve() for path in sources}
    names = [patient.record.subject.replace(":", "-") for patient in imported.patients]
    if any((out / f"{name}{suffix}").resolve() in read for name in names for suffix in (".json", ".not_read")):
        raise InputError(
            "a record would be written over a Bundle that was read", where=str(out), mend="name another folder"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, patient in zip(names, imported.patients, strict=True):
            (out / f"{name}.json").write_bytes(write_record(patient.record) + b"\n")
            (out / f"{name}.not_read").write_bytes(
                msgspec.json.format(msgspec.json.encode(msgspec.to_builtins(patient.not_read)), indent=1) + b"\n"
            )
    except OSError as error:
        raise InputError(
            f"the records cannot be written ({error.strerror})", where=str(out), mend="name another folder"
        ) from None


def _plain(imported: FhirImport) -> dict[str, Any]:
    return {
        "patients": [
            {
                "record": msgspec.json.decode(write_record(patient.record)),
                "not_read": msgspec.to_builtins(patient.not_read),
                "counts": msgspec.to_builtins(patient.counts),
            }
            for patient in imported.patients
        ],
        "not_read": msgspec.to_builtins(imported.not_read),
        "counts": msgspec.to_builtins(imported.counts),
    }
