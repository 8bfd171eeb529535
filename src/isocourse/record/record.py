"""Reading and writing a patient's record as JSON, and the checks no type can make.

`read_record` accepts bytes and gives a `Record` or one `InputError` that names the place and the mend.
`visible` answers "what had been written down by then, corrections applied".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import msgspec
from msgspec import Struct

from isocourse.errors import InputError
from isocourse.record.dates import PartialDate, partial_date
from isocourse.record.events import KINDS, AnyEvent, Birth, EnteredInError, Event, Id, PregnancyResolved, kind_of
from isocourse.record.quantities import Reported, reported

LARGEST_BYTES = 16 * 1024 * 1024
DEEPEST = 16
OLDEST_YEARS = 125


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


_DECODER = msgspec.json.Decoder(Record, dec_hook=_decode)
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
        _refuse_repeated_keys(source)
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
    position = re.search(r"\(byte (\d+)\)", str(error))
    if position is None:
        return "it ends too early" if "truncated" in str(error) else "it is not UTF-8 text"
    byte = int(position.group(1))
    line = source.count(b"\n", 0, byte) + 1
    return f"line {line}, byte {byte}"


def _refuse_repeated_keys(source: bytes) -> None:
    def pairs(items: list[tuple[str, Any]]) -> None:
        if len({key for key, _ in items}) != len(items):
            seen: set[str] = set()
            for key, _ in items:
                if key in seen:
                    raise msgspec.ValidationError(f"The key {key[:40]!r} stands twice in one object")
                seen.add(key)

    json.loads(source, object_pairs_hook=pairs, parse_float=str, parse_int=str)


_PATH = re.compile(r" - at `(?:key in )?(\$[^`]*)`\Z")


def _explained(error: msgspec.ValidationError, source: bytes, where: str) -> InputError:
    """Turn the decoder's message into one that names the event and says how to mend it."""
    message = str(error)
    found = _PATH.search(message)
    path = found.group(1) if found else "$"
    text = message[: found.start()] if found else message
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
    elif event is not None and event.get("kind") in KINDS and "unknown field" in text:
        fields = KINDS[event["kind"]].__struct_fields__
        allowed = ", ".join(fields)
    elif event is not None and "Invalid enum value" in text:
        allowed = _codes_at(event, path)
    return InputError(text, where=place, allowed=allowed, mend=mend)


def _raw_event(source: bytes, index: int) -> dict[str, Any] | None:
    try:
        event = msgspec.json.decode(source)["events"][index]
    except (msgspec.DecodeError, KeyError, IndexError, TypeError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def _codes_at(event: dict[str, Any], path: str) -> str:
    field = path.rsplit(".", 1)[-1].split("[")[0]
    kind = KINDS.get(str(event.get("kind")))
    if kind is None or field not in kind.__struct_fields__:
        return ""
    schema = json.dumps(msgspec.json.schema(kind, schema_hook=_schema_hook))
    lists = re.search(rf'"{field}": {{[^{{}}]*"enum": \[([^\]]*)\]', schema)
    return lists.group(1).replace('"', "") if lists else ""


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
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "isocourse record", **schema}


def write_record(record: Record) -> bytes:
    """The record as JSON; `read_record` gives it back equal. Decimals are written as text, exactly."""
    return msgspec.json.format(_ENCODER.encode(record), indent=2)


def event_from(fields: dict[str, Any]) -> Event:
    """One event from a plain dictionary. Raises InputError."""
    try:
        event: Event = msgspec.convert(fields, AnyEvent, dec_hook=_decode)  # type: ignore[arg-type]
    except msgspec.ValidationError as error:
        kind = str(fields.get("kind"))[:40]
        raise InputError(str(error), where=f"event {str(fields.get('id'))[:64]!r} of kind {kind!r}") from None
    return event


# --- checks between events ------------------------------------------------------------------------
def check_record(record: Record, *, where: str = "record") -> None:
    """Refuse a record that contradicts itself. Raises InputError naming the events."""
    if record.isocourse_record != "1":
        raise InputError(
            f"isocourse_record is {record.isocourse_record[:20]!r}", where=where, allowed='"1"', mend="convert the file"
        )
    by_id: dict[str, Event] = {}
    for index, event in enumerate(record.events):
        place = f"{where} at $.events[{index}] (event {event.id!r})"
        if event.id in by_id:
            raise InputError("this id is used twice", where=place, mend="give each event an id of its own")
        by_id[event.id] = event
        _check_dates(event, place)
    _check_corrections(record.events, by_id, where)
    alive = visible(record.events)
    _check_births(alive, where)
    _check_resolutions(alive, by_id, where)


def _check_dates(event: Event, place: str) -> None:
    written = event.recorded_at.toordinal()
    if event.happened_on.first > written + 1:  # one day of grace for time zones ahead of the writer's
        what = "the birth date lies in the future" if isinstance(event, Birth) else "it happened after it was recorded"
        raise InputError(
            f"{what}: happened_on {event.happened_on.text}, recorded_at {event.recorded_at.date().isoformat()}",
            where=place,
            mend="correct one of the two dates",
        )
    if isinstance(event, Birth) and written - event.happened_on.last > OLDEST_YEARS * 366:
        raise InputError(
            f"a birth date of {event.happened_on.text} means an age above {OLDEST_YEARS}",
            where=place,
            mend="correct the year",
        )


def _targets(event: Event) -> tuple[str, ...]:
    if isinstance(event, EnteredInError):
        return (event.corrects,) if event.amends is None else (event.corrects, event.amends)
    return (event.amends,) if event.amends is not None else ()


def _check_corrections(events: Sequence[Event], by_id: dict[str, Event], where: str) -> None:
    for event in events:
        for target_id in _targets(event):
            place = f"{where}, event {event.id!r}"
            target = by_id.get(target_id)
            if target is None:
                raise InputError(f"it corrects {target_id!r}, which is not in the record", where=place)
            if target is event or target.recorded_at > event.recorded_at:
                raise InputError(
                    f"it corrects {target_id!r}, which was not recorded before it",
                    where=place,
                    mend="a correction is a later event; check recorded_at",
                )
            if event.amends == target_id and type(target) is not type(event):
                raise InputError(
                    f"a {kind_of(event)} cannot amend {target_id!r}, which is a {kind_of(target)}",
                    where=place,
                    mend="withdraw the wrong event with entered_in_error and write a new one",
                )
    amended: dict[str, str] = {}
    for event in visible(events):
        if event.amends is None:
            continue
        if event.amends in amended:
            raise InputError(
                f"events {amended[event.amends]!r} and {event.id!r} both amend {event.amends!r}",
                where=where,
                mend="withdraw one of the two with entered_in_error, or let the later amend the earlier",
            )
        amended[event.amends] = event.id


def _check_births(alive: Iterable[Event], where: str) -> None:
    births = [event for event in alive if isinstance(event, Birth)]
    if len({event.happened_on.text for event in births}) > 1:
        raise InputError(
            f"there are two birth dates (events {', '.join(repr(event.id) for event in births)})",
            where=where,
            mend="withdraw the wrong one with entered_in_error",
        )


def _check_resolutions(alive: Iterable[Event], by_id: dict[str, Event], where: str) -> None:
    for event in alive:
        if not isinstance(event, PregnancyResolved):
            continue
        for target_id in event.resolves:
            target = by_id.get(target_id)
            if target is None:
                raise InputError(
                    f"it resolves {target_id!r}, which is not in the record",
                    where=f"{where}, event {event.id!r}",
                    mend="name the positive test, the pregnancy or the worry that was resolved",
                )
            if target.happened_on.first > event.happened_on.last:
                raise InputError(
                    f"it resolves {target_id!r}, which happened later",
                    where=f"{where}, event {event.id!r}",
                    mend="correct one of the two dates",
                )


def visible(events: Iterable[Event], *, known_at: datetime | None = None) -> list[Event]:
    """The events that stand, as known at `known_at` (None: all that is recorded), corrections applied.

    Walks from the last recorded to the first: an event stands unless a later one that itself stands
    withdraws or amends it. So withdrawing an amendment lets the original stand again.
    """
    known = [event for event in events if known_at is None or event.recorded_at <= known_at]
    order = sorted(range(len(known)), key=lambda index: (known[index].recorded_at, index), reverse=True)
    gone: set[str] = set()
    standing: list[Event] = []
    for index in order:
        event = known[index]
        if event.id in gone:
            continue
        if type(event) is EnteredInError:
            gone.add(event.corrects)
        else:
            standing.append(event)
        if event.amends is not None:
            gone.add(event.amends)
    standing.reverse()
    return standing
