"""From what a user names to what is asked: a record, an edition, a day, a moment of knowledge."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from isocourse.doors.cli.files import read_bytes
from isocourse.doors.cli.options import PROGRAMMES
from isocourse.engine.clinic import read_clinic
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.load import load_library
from isocourse.errors import InputError
from isocourse.record.dates import LATEST_YEAR, day_of
from isocourse.record.record import Record, read_record


class Asked(NamedTuple):
    """One question about one record. `now` is None when a day was named."""

    record: Record
    not_read: tuple[Any, ...]
    edition: Edition
    as_of: int
    known_at: datetime | None
    now: datetime | None


def ask(
    path: Path,
    *,
    on: str | None = None,
    programme: str | None = None,
    adopted: list[str] | None = None,
    clinic: Path | None = None,
    known_at: str | None = None,
) -> Asked:
    """Read all that was named. Without a day it is today, in the programme's time zone. Raises InputError."""
    record, not_read = read_patient(path)
    edition = _edition(record, programme, adopted or [], clinic)
    zone = ZoneInfo(edition.programme.time_zone)
    now = datetime.now(zone)
    as_of = named_day(on, "--on") if on is not None else now.date().toordinal()
    return Asked(record, not_read, edition, as_of, _moment(known_at, zone), now if on is None else None)


def read_patient(path: Path) -> tuple[Record, tuple[Any, ...]]:
    """A record with what was not read of it, from our own JSON or from a FHIR Bundle of one patient."""
    from isocourse.doors.cli.importing import is_fhir, read_bundles
    from isocourse.record.record import LARGEST_BYTES

    source = read_bytes(path)
    if not is_fhir(source):
        if len(source) > LARGEST_BYTES:
            read_bytes(path, most=LARGEST_BYTES)
        return read_record(source, where=str(path)), ()
    imported = read_bundles([path], datetime.now().astimezone())
    if len(imported.patients) != 1:
        raise InputError(
            f"the Bundle holds {len(imported.patients)} patients",
            where=str(path),
            mend="split it with: isocourse import BUNDLE --out FOLDER",
        )
    patient = imported.patients[0]
    return patient.record, tuple(msgspec.to_builtins([*patient.not_read, *imported.not_read]))


def _edition(record: Record, programme: str | None, adopted: list[str], clinic: Path | None) -> Edition:
    library = load_library()
    settings = read_clinic(read_bytes(clinic), str(clinic), library) if clinic is not None else None
    chosen = programme or (settings.programme if settings is not None else _enrolled_in(record))
    return edition_of(library, chosen, _adoptions(adopted), clinic=settings)


def _enrolled_in(record: Record) -> str:
    """The programme named by the record's enrolment, when that is clear."""
    from isocourse.record.corrections import visible
    from isocourse.record.events import Enrolled

    registries = {event.registry for event in visible(record.events) if isinstance(event, Enrolled)}
    if registries == {"ipledge"}:
        return "us"
    raise InputError(
        "the record does not say which programme applies", allowed=PROGRAMMES, mend="add --programme with one of them"
    )


def split_adoptions(text: str, which: str) -> tuple[str, dict[str, int]]:
    """An edition as it is named: its folder (or `this`), and the adoptions behind plus signs."""
    place, *adopted = re.split(r"\+(?=[^+/=]+=[^+/=]*(?:\+|$))", text)
    return place, _adoptions(adopted, which)


def _adoptions(given: list[str], said: str = "--adopted") -> dict[str, int]:
    found: dict[str, int] = {}
    for text in given:
        name, mark, day = text.partition("=")
        if not mark:
            raise InputError(f"{said} {text!r} has no date", mend=f"write {said} ipledge-2026=2026-09-01")
        if name in found:
            raise InputError(f"{said} {name} is given twice", mend="leave out one of the two days")
        found[name] = named_day(day, f"{said} {name}")
    return found


def named_day(text: str, where: str) -> int:
    try:
        day = day_of(text)
    except ValueError as error:
        raise InputError(str(error), where=where, mend="write one day as YYYY-MM-DD") from None
    # What has to happen by when is planned up to two years ahead, and those days have to be dates as well.
    if date.fromordinal(day).year > LATEST_YEAR - 3:
        raise InputError(f"{text} is too far ahead to plan from", where=where, allowed=f"up to {LATEST_YEAR - 3}-12-31")
    return day


def _moment(text: str | None, zone: ZoneInfo) -> datetime | None:
    """A moment of knowledge; a date alone means the end of that day in the programme's time zone."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text!r} is not a moment", where="--known-at", allowed="2026-03-09 or 2026-03-09T10:20:00+00:00"
        ) from None
    if len(text) <= len("2026-03-09"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999999)
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)
