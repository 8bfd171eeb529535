"""From the bytes of a report to its text, its form, its results. Text and encoding give the bytes back."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from isocourse.errors import InputError
from isocourse.exchange.csv_results import results_from_csv
from isocourse.exchange.fhir_results import results_from_fhir
from isocourse.exchange.hl7_results import is_hl7, results_from_hl7
from isocourse.exchange.lab_reports import Form, LabReport

LARGEST_BYTES = 4 * 1024 * 1024
_BOMS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# What files of other kinds begin with: they are named, so that nobody has to guess what went wrong.
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a spreadsheet or an archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "a rich text file"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a compressed file"),
)


class Source(Struct, frozen=True):
    """A report as text: `text.encode(encoding)` gives the bytes as they came."""

    text: str
    encoding: str
    form: Form


def source_of(raw: bytes) -> Source:
    """Decode a report and tell its form by its content. Raises InputError for what is none of CSV, FHIR and HL7."""
    if not raw.strip():
        raise InputError("the report is empty", where="report", mend="paste its text, or choose the file")
    if len(raw) > LARGEST_BYTES:
        most = f"at most {LARGEST_BYTES // 1024 // 1024} MB"
        raise InputError(f"the report has {len(raw) / 1e6:.1f} MB", where="report", allowed=most, mend="split it")
    for start, kind in _OTHERS:
        if raw.startswith(start):
            raise _no_report(f"this is {kind}")
    text, encoding = _decoded(raw)
    bare = text.lstrip("\ufeff \t\r\n\x0b")
    if is_hl7(text):
        return Source(text, encoding, "hl7")
    if bare.startswith(("{", "[")):
        return Source(text, encoding, "fhir")
    if bare.startswith("<"):
        raise _no_report("this is XML or HTML")
    return Source(text, encoding, "csv")


def _decoded(raw: bytes) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            candidates: tuple[str, ...] = (encoding,)
            break
    else:
        candidates = ("utf-8", "cp1252")
    for encoding in candidates:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or any(c < " " and c not in "\t\r\n\x0b\x0c\x1c\x1d\x1e" for c in text):
            break
        return text, encoding
    raise _no_report("this is no text")


def _no_report(found: str) -> InputError:
    return InputError(
        found,
        where="report",
        allowed="CSV, a FHIR R4 Bundle in JSON, HL7 v2 ORU",
        mend="ask the laboratory for the results in one of these forms",
    )


def read_report(source: Source, *, came_at: datetime) -> LabReport:
    """The results of a report that came at this moment (aware, in the clinic's time zone). Raises InputError."""
    if source.form == "hl7":
        return results_from_hl7(source.text, came_on=came_at.date())
    if source.form == "fhir":
        return results_from_fhir(source.text.removeprefix("\ufeff").encode(), came_at=came_at)
    return results_from_csv(source.text, came_on=came_at.date())
