"""HL7 v2 ORU in: messages, batches and files of them, with or without the framing of MLLP.

Read are PID (who), OBR (day of the specimen, panel), OBX (results), SPM (specimen); NTE is listed with its words.
Parsed by the package `hl7`; escape sequences are undone here, because the package would write a strange one into the
log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import hl7

from isocourse.errors import InputError
from isocourse.exchange.lab_reports import (
    REMARK,
    Gathered,
    LabReport,
    Named,
    Row,
    Status,
    Unread,
)
from isocourse.exchange.lab_rows import decimal_commas, translated
from isocourse.exchange.shapes import Refused, clean

_FRAMING = str.maketrans({"\x0b": "\r", "\x1c": "\r", "\x00": None, "\ufeff": None})
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}\Z")
# HL7 table 0085 (OBX-11) and, for a result without one, table 0123 (OBR-25).
_STATUS: dict[str, Status] = {
    "F": "final",
    "U": "final",  # changed to final without a new transmission of the value
    "C": "corrected",
    "P": "preliminary",
    "R": "preliminary",
    "S": "preliminary",
    "I": "preliminary",
    "B": "preliminary",
    "V": "preliminary",
    "A": "preliminary",
    "O": "preliminary",
    "X": "cancelled",
    "N": "cancelled",
    "D": "taken_back",
    "W": "taken_back",
    "": "none",
}
_QUIET = frozenset({"MSH", "SFT", "PID", "PV1", "PV2", "ORC", "OBR", "OBX", "SPM", "TQ1", "TQ2", "PD1", "NK1", "DSC"})
_POWER = re.compile(r"x?10\^[0-9]{1,2}/[A-Za-zµμ]{1,3}\Z")
_BATCH = ("FHS", "BHS", "BTS", "FTS")


@dataclass(slots=True)
class _Reading:
    """One message as it is walked through."""

    number: int
    separators: str
    named: Named = field(default_factory=Named)
    panel: str = ""
    day: str = ""
    no_day: str = "the day of the specimen (OBR-7) is not given"
    panel_status: str = ""
    specimen: str = ""
    last: str = "the report"
    rows: list[tuple[Named, Row]] = field(default_factory=list)
    lines: list[tuple[Named, Unread]] = field(default_factory=list)


def is_hl7(text: str) -> bool:
    """Whether this looks like HL7 v2."""
    return re.search(r"(?:\A|[\r\n])\s*(?:MSH|BHS|FHS)[^A-Za-z0-9\s]", text[:4096].translate(_FRAMING)) is not None


def results_from_hl7(text: str, *, came_on: date) -> LabReport:
    """Read HL7 v2 text. Raises InputError for what holds no message at all; anything smaller is listed."""
    unread: list[Unread] = []
    readings = [_read(message, number, unread) for number, message in enumerate(_messages(text, unread), start=1)]
    if not readings:
        raise InputError("there is no HL7 message", where="report", allowed="ORU messages that begin with MSH")
    order: dict[Named, Gathered] = {}
    whole = [reading for reading in readings if reading is not None]
    commas = decimal_commas(row for reading in whole for _, row in reading.rows)
    for reading in whole:
        order.setdefault(reading.named, Gathered())
        for named, line in reading.lines:
            order.setdefault(named, Gathered()).unread.append(line)
        for named, row in reading.rows:
            translated(row, order.setdefault(named, Gathered()), came_on=came_on, commas=commas)
    people = [gathered.person(named) for named, gathered in order.items()]
    return LabReport("hl7", tuple(person for person in people if person.found or person.unread), tuple(unread))


# --- messages -------------------------------------------------------------------------------------
def _messages(text: str, unread: list[Unread]) -> Iterator[list[str]]:
    """The segments of each message. Batch envelopes are left out; their counts are held against what is there."""
    found: list[list[str]] = []
    counts: list[str] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.translate(_FRAMING)), start=1):
        bare = line.strip()
        if not bare:
            continue
        if bare.startswith(_BATCH):
            counts += [bare[4:].split(bare[3:4] or "|")[0]] if bare.startswith("BTS") else []
        elif bare.startswith("MSH"):
            found.append([bare])
        elif not found:
            unread.append(Unread(f"line {number}", "a line before the first message", "it was not read"))
        else:
            found[-1].append(bare)
    said = sum(int(count) for count in counts if re.fullmatch(r"[0-9]{1,6}", count, re.ASCII))
    if said and said != len(found):
        why = f"the batch says that it holds {said} messages, and {len(found)} are here: ask the laboratory"
        unread.append(Unread("BTS", "the batch", why, "question"))
    yield from found


def _read(lines: Sequence[str], number: int, unread: list[Unread]) -> _Reading | None:
    """One message; None, and a line, when it is no ORU."""
    where = f"message {number}"
    separators = _separators(lines[0])
    if not separators:
        why = "its first segment (MSH) does not begin as HL7 v2 has it"
        unread.append(Unread(where, "a message", why, "question"))
        return None
    message = hl7.parse("\r".join(lines))
    kind = _text(message[0], 9, separators)
    if kind != "ORU":
        why = "it is no message with results (ORU)"
        unread.append(Unread(where, f"a message of the type {clean(kind, 10)!r}", why))
        return None
    reading = _Reading(number, separators)
    _walk(message, reading)
    return reading


def _separators(header: str) -> str:
    """The marks between fields, repetitions, components and subcomponents, and the escape mark; empty when they are not
    five different marks."""
    if len(header) < 9 or header[8] != header[3]:  # a fifth mark (2.7 and later) cuts fields that are too long
        header = header[:8] + header[9:] if header[9:10] == header[3:4] else ""
    marks = header[3:4] + header[5:6] + header[4:5] + header[6:8]
    sound = len(set(marks)) == 5 and not any(mark.isalnum() or mark.isspace() for mark in marks)
    return marks[0] + marks[1] + marks[2] + marks[4] + marks[3] if sound else ""


def _walk(message: Sequence[Any], reading: _Reading) -> None:
    position = 0
    while position < len(message):
        segment = message[position]
        name = str(segment[0])
        if name == "OBR":
            _order(message, position, reading)
        elif name in _SEGMENTS:
            _SEGMENTS[name](segment, reading, position + 1)
        elif name not in _QUIET:
            what = f"the segment {clean(name, 3)}" if _SEGMENT.match(name) else "a line that is no segment"
            reading.lines.append((reading.named, Unread(_place(reading, position + 1), what, "it was not read")))
        position += 1


def _place(reading: _Reading, line: int) -> str:
    return f"message {reading.number}, segment {line}"


# --- segments -------------------------------------------------------------------------------------
def _person(segment: Any, reading: _Reading, line: int) -> None:
    sep = reading.separators
    numbers = [*_repeats(segment, 3, sep), *_repeats(segment, 2, sep), *_repeats(segment, 4, sep)]
    given, family = _text(segment, 5, sep, component=1), _text(segment, 5, sep)
    born = day_in_hl7(_text(segment, 7, sep))
    reading.named = Named(
        numbers=tuple(dict.fromkeys(clean(found, 40) for found in numbers if found.strip())),
        given_name=clean(given, 100),
        family_name=clean(family, 100),
        born=born or "",
    )
    reading.panel = reading.day = reading.panel_status = reading.specimen = ""
    if born is None and _text(segment, 7, sep):
        why = "the birth date is not a whole day: it was not compared"
        reading.lines.append((reading.named, Unread(_place(reading, line), "the birth date (PID-7)", why, "in_part")))


def _order(message: Sequence[Any], position: int, reading: _Reading) -> None:
    segment, sep = message[position], reading.separators
    reading.panel = " ".join(_components(segment, 4, sep)[1:2] + _components(segment, 4, sep)[4:5])
    reading.panel_status = _text(segment, 25, sep)
    source = _components(segment, 15, sep)
    reading.specimen = next((text for text in (source[1:2] or []) + source[:1] if text), "")
    drawn = _text(segment, 7, sep)
    for later in message[position + 1 :]:
        if str(later[0]) in ("OBR", "PID"):
            break
        if str(later[0]) == "SPM":
            kind = _components(later, 4, sep)
            reading.specimen = next((text for text in kind[1:2] + kind[:1] if text), reading.specimen)
            drawn = drawn or _text(later, 17, sep)
    day = day_in_hl7(drawn)
    reading.day = day or ""
    reading.no_day = (
        "the day of the specimen (OBR-7) cannot be read as a whole day"
        if drawn and day is None
        else "the day of the specimen (OBR-7) is not given"
    )


def _result(segment: Any, reading: _Reading, line: int) -> None:
    sep = reading.separators
    said = _text(segment, 11, sep) or reading.panel_status
    codes = _components(segment, 3, sep)
    triples = [tuple((codes + [""] * 6)[start : start + 3]) for start in (0, 3)]
    loinc = tuple(code for code, _, system in triples if system == "LN" and code)
    local = [code for code, _, system in triples if system != "LN" and code]
    names = [name for _, name, _ in triples if name]
    kind = _text(segment, 2, sep)
    row = Row(
        place=_place(reading, line),
        # A local code is a name too: many laboratories write TRIG or ALT there and nothing else.
        names=tuple(names + [code for code in local if not code.isdigit()]) if not loinc else tuple(names),
        loinc=loinc,
        status=_STATUS.get(said, "unknown"),
        status_text=said,
        value_type="" if kind in ("CE", "CWE", "CNE", "TX", "FT", "IS", "ID") else kind,
        units=_units(segment, sep),
        limits=_text(segment, 7, sep),
        flag=" ".join(_repeats(segment, 8, sep)),
        day=reading.day,
        no_day=reading.no_day,
        specimen=reading.specimen,
        about=reading.panel,
    )
    reading.last = row.called
    try:
        row = replace(row, value=_value(segment, kind, sep))
    except Refused as refused:
        row = replace(row, value=_raw(segment, 5), no_value=str(refused))
    reading.rows.append((reading.named, row))


def _units(segment: Any, sep: str) -> tuple[str, ...]:
    """The unit by code and by text. Many laboratories leave the component mark in 10^9/L as it is."""
    whole = _raw(segment, 6).split(sep[1])[0]
    if _POWER.match(whole):
        return (whole,)
    return tuple(text for text in _components(segment, 6, sep)[:2] if text)


def _value(segment: Any, kind: str, sep: str) -> str:
    """The value as one text. Raises Refused for several values, and for one that is written with escapes."""
    raw = _raw(segment, 5)
    repeats = raw.split(sep[1])
    if len([repeat for repeat in repeats if repeat.strip()]) > 1:
        raise Refused("it has several values")
    components = repeats[0].split(sep[2])
    if kind == "SN":
        comparator, number, mark, second = (components + [""] * 4)[:4]
        if mark.strip() or second.strip():
            raise Refused("its value is a range or a ratio")
        return ("" if comparator.strip() == "=" else comparator.strip()) + number.strip()
    if kind in ("CE", "CWE", "CNE"):
        words = [unescaped(text, sep) for text in components[:2] if text.strip()]
        return words[-1] if words else ""
    if sep[4] in raw and any(c.isdigit() for c in raw):
        raise Refused("its value is written with escape sequences")
    return unescaped(repeats[0], sep)


def _remark(segment: Any, reading: _Reading, line: int) -> None:
    words = clean(" ".join(_repeats(segment, 3, reading.separators)), 400)
    if words:
        said = Unread(_place(reading, line), reading.last, REMARK, "in_part", words, by_hand=True)
        reading.lines.append((reading.named, said))


_SEGMENTS = {"PID": _person, "OBX": _result, "NTE": _remark}


# --- fields ---------------------------------------------------------------------------------------
def _raw(segment: Any, number: int) -> str:
    """A field as it was written; empty when absent."""
    return str(segment[number]) if number < len(segment) else ""


def _repeats(segment: Any, number: int, sep: str) -> list[str]:
    """The first component of each repetition."""
    repeats = _raw(segment, number).split(sep[1])
    return [unescaped(repeat.split(sep[2])[0].split(sep[3])[0], sep) for repeat in repeats]


def _components(segment: Any, number: int, sep: str) -> list[str]:
    """The components of the first repetition."""
    first = _raw(segment, number).split(sep[1])[0]
    return [unescaped(part.split(sep[3])[0], sep).strip() for part in first.split(sep[2])]


def _text(segment: Any, number: int, sep: str, *, component: int = 0) -> str:
    return (_components(segment, number, sep) + [""] * (component + 1))[component]


def unescaped(text: str, sep: str) -> str:
    """Text with its escape sequences undone; one that has no plain meaning becomes a space."""
    escape = sep[4]
    if escape not in text:
        return text
    known = {"F": sep[0], "R": sep[1], "S": sep[2], "T": sep[3], "E": escape, "H": "", "N": ""}

    def plain(match: re.Match[str]) -> str:
        code = match[1]
        if code in known:
            return known[code]
        if re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", code):
            return bytes.fromhex(code[1:]).decode("latin-1")
        return " "

    mark = re.escape(escape)
    return re.sub(f"{mark}([^{mark}]*){mark}", plain, text)


_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{2,6}(?:\.[0-9]{1,4})?)?(?:[+-][0-9]{4})?\Z", re.ASCII)


def day_in_hl7(text: str) -> str | None:
    """The day of an HL7 time stamp as it is written, in its own offset; None when it names no whole day."""
    match = _DAY.match(text.strip())
    if match is None:
        return None
    try:
        found = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return found.isoformat() if 1900 <= found.year <= 2199 else None
