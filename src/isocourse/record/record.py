"""Reading and writing a patient's record as JSON.

`read_record` accepts bytes and gives a `Record` or one `InputError` that names the place and the mend.
What a type cannot check is in `checks.py`, what stands after corrections in `corrections.py`.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from isocourse.errors import InputError
from isocourse.record.checks import check_events
from isocourse.record.dates import PartialDate, partial_date
from isocourse.record.events import (
    KINDS,
    AnyEvent,
    Author,
    Event,
    Id,
)
from isocourse.record.json_keys import every_key_once
from isocourse.record.quantities import Reported, reported

LARGEST_BYTES = 16 * 1024 * 1024
DEEPEST = 16


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person's record: an opaque subject (never a name) and the events, in any order."""

    isocourse_record: str = "1"
    subject: Id
    events: tuple[AnyEvent, ...]


def _decode(kind: type, source: Any) -> Any:
    if kind is PartialDate:
        if not isinstance(source, str):
            raise ValueError('a date is written as text, for example "2026-03-09"')
        return partial_date(source)
    if kind is Reported:
        return reported(source)
    raise NotImplementedError(kind)


def _encode(value: Any) -> Any:
    if isinstance(value, PartialDate):
        return value.text
    if isinstance(value, Reported):
        return value.text()
    raise NotImplementedError(type(value))


_DECODER = msgspec.json.Decoder(Record, dec_hook=_decode, float_hook=Decimal)
_PLAIN_DECODER = msgspec.json.Decoder(float_hook=str)
_ENCODER = msgspec.json.Encoder(enc_hook=_encode, decimal_format="string")


def read_record(source: bytes, *, where: str = "record") -> Record:
    """Read one record from JSON.

    Raises InputError for anything that is not a valid record: too large, not JSON, a repeated key, a
    wrong field, an impossible date, an unknown unit, duplicate ids or contradictory corrections.
    """
    if len(source) > LARGEST_BYTES:
        raise InputError(
            f"the file has {len(source) / 1e6:.0f} MB",
            where=where,
            allowed=f"at most {LARGEST_BYTES // 1024 // 1024} MB; a course of many years has well under one",
            mend="check that this is one person's record",
        )
    try:
        record = _DECODER.decode(source)
        _refuse_repeated_keys(source, where)
    except msgspec.ValidationError as error:
        raise _explained(error, source, where) from None
    except RecursionError:
        raise InputError(
            "the JSON is nested too deeply", where=where, mend="a record has five levels; check the file"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"this is not JSON ({_where_it_breaks(source, error)})",
            where=where,
            mend="check the file; `isocourse schema record` prints what a record looks like",
        ) from None
    check_record(record, where=where)
    return record


def _where_it_breaks(source: bytes, error: Exception) -> str:
    if source[:2] in (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb"):
        return "it begins with a byte order mark; save it as UTF-8 without one"
    if not source.strip():
        return "it is empty"
    if isinstance(error, UnicodeDecodeError) or "utf-8" in str(error).lower():
        return "it is not UTF-8 text"
    position = re.search(r"\(byte (\d+)\)", str(error))
    if position is None:
        return "it ends too early, or holds half of a \\u pair" if "truncated" in str(error) else str(error)[:80]
    byte = int(position.group(1))
    line = source.count(b"\n", 0, byte) + 1
    return f"line {line}, byte {byte}"


def _refuse_repeated_keys(source: bytes, where: str) -> None:
    try:
        if every_key_once(source, _PLAIN_DECODER.decode(source)):
            return
    except msgspec.MsgspecError:
        pass  # the standard reader looks at it instead
    _name_repeated_key(source, where)


def _name_repeated_key(source: bytes, where: str) -> None:
    def pairs(items: list[tuple[str, Any]]) -> None:
        if len(dict(items)) != len(items):
            seen: set[str] = set()
            for key, _ in items:
                if key in seen:
                    event = next((value for name, value in items if name == "id" and isinstance(value, str)), None)
                    raise InputError(
                        f"the key {key[:40]!r} stands twice in one object",
                        where=f"{where}, event {event[:64]!r}" if event is not None else where,
                        mend="delete one of the two; nobody can say which is meant",
                    )
                seen.add(key)

    json.loads(source, object_pairs_hook=pairs, parse_float=str, parse_int=str)


_PATH = re.compile(r" - at `(?:key in )?(\$[^`]*)`\Z")


def _explained(error: msgspec.ValidationError, source: bytes, where: str) -> InputError:
    """Turn the decoder's message into one that names the event and says how to mend it."""
    message = str(error)
    found = _PATH.search(message)
    path = found.group(1) if found else "$"
    text = _short(message[: found.start()] if found else message)
    place = f"{where} at {path}"
    index = re.match(r"\$\.events\[(\d+)\]", path)
    event = _raw_event(source, int(index.group(1))) if index else None
    if event is not None and isinstance(event.get("id"), str):
        place += f" (event {event['id'][:64]!r})"
    allowed, mend = "", "`isocourse schema record` prints every field"
    if path.endswith(".kind") and event is not None:
        near = get_close_matches(str(event.get("kind")), KINDS, n=3)
        text = f"{str(event.get('kind'))[:40]!r} is not a kind of event"
        allowed = ", ".join(near) if near else ", ".join(KINDS)
    elif "unknown field" in text:
        allowed = ", ".join(_fields_at(event, path))
        if path == "$":
            mend += "; a FHIR Bundle is read with `isocourse import`"
    elif "matching regex" in text:
        text = "this is no identifier"
        allowed = "letters, digits and . _ : -, a letter or digit first, at most 64"
        mend = "use an identifier that says nothing about the person"
    elif event is not None and "Invalid enum value" in text:
        allowed = _codes_at(event, path)
    return InputError(text, where=place, allowed=allowed, mend=mend)


def _short(text: str) -> str:
    """The decoder may quote what it met in full; an excerpt is enough, and control characters are not printed."""
    shown = "".join(char if char.isprintable() else "?" for char in text[:160])
    return shown if len(text) <= 160 else f"{shown} ..."


def _fields_at(event: dict[str, Any] | None, path: str) -> tuple[str, ...]:
    if event is None:
        return Record.__struct_fields__ if path == "$" else ()
    if path.endswith(".author"):
        return Author.__struct_fields__
    kind = KINDS.get(str(event.get("kind")))
    return kind.__struct_fields__ if kind is not None and path.endswith("]") and path.count(".") == 1 else ()


def _raw_event(source: bytes, index: int) -> dict[str, Any] | None:
    try:
        event = msgspec.json.Decoder(float_hook=str).decode(source)["events"][index]
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, IndexError, TypeError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def _codes_at(event: dict[str, Any], path: str) -> str:
    field = path.rsplit(".", 1)[-1].split("[")[0]
    kind = KINDS.get(str(event.get("kind")))
    if kind is None or field not in kind.__struct_fields__:
        return ""
    owner: type = Author if path.endswith(".author.role") else kind
    return ", ".join(_literal_codes(get_type_hints(owner, include_extras=True).get(field)))


def _literal_codes(hint: Any) -> tuple[str, ...]:
    """The codes of a Literal, wherever it stands in a type."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    hint = getattr(hint, "__origin__", hint) if hasattr(hint, "__metadata__") else hint
    return tuple(code for part in get_args(hint) for code in _literal_codes(part))


def _schema_hook(kind: type) -> dict[str, Any]:
    if kind is PartialDate:
        return {
            "type": "string",
            "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
            "description": "A date: YYYY-MM-DD, or YYYY-MM or YYYY when that is all that is known",
        }
    if kind is Reported:
        return {
            "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\s*(<=|>=|<|>|≤|≥)?\s*[+-]?\d+(\.\d+)?"}],
            "description": 'A number as reported; a censored value as text, for example "<5"',
        }
    raise NotImplementedError(kind)


def record_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record."""
    schema = msgspec.json.schema(Record, schema_hook=_schema_hook)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "isocourse record",
        **_with_numbers(schema),
    }


def _with_numbers(schema: Any) -> Any:
    """The reader takes a decimal as text or as a number; the generated schema names only the text."""
    if isinstance(schema, dict):
        if schema.get("format") == "decimal":
            rest = {key: value for key, value in schema.items() if key not in ("type", "format")}
            return {"anyOf": [{"type": "number"}, {"type": "string", "format": "decimal"}], **rest}
        return {key: _with_numbers(value) for key, value in schema.items()}
    return [_with_numbers(part) for part in schema] if isinstance(schema, list) else schema


def write_record(record: Record) -> bytes:
    """The record as JSON; `read_record` gives it back equal. Decimals are written as text, exactly."""
    return msgspec.json.format(_ENCODER.encode(record), indent=2)


def write_event(event: Event) -> bytes:
    """One event as compact JSON, with its kind. `event_from` gives it back equal."""
    return _ENCODER.encode(event)


def event_from(fields: dict[str, Any]) -> Event:
    """One event from a plain dictionary. Raises InputError."""
    try:
        # Converting to the one class is eight times faster than to the union; the union names an unknown kind.
        wanted: Any = KINDS.get(str(fields.get("kind")), AnyEvent)
        event: Event = msgspec.convert(fields, wanted, dec_hook=_decode)
    except msgspec.ValidationError as error:
        kind = str(fields.get("kind"))[:40]
        raise InputError(
            _short(str(error)),
            where=f"event {str(fields.get('id'))[:64]!r} of kind {kind!r}",
            mend="`isocourse schema record` prints every field",
        ) from None
    return event


def check_record(record: Record, *, where: str = "record") -> None:
    """Refuse a record that contradicts itself. Raises InputError naming the events."""
    if record.isocourse_record != "1":
        raise InputError(
            f"isocourse_record is {record.isocourse_record[:20]!r}", where=where, allowed='"1"', mend="convert the file"
        )
    check_events(record.events, where=where)
