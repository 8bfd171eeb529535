"""Bundles: bytes to resources, and which resource a reference means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from isocourse.errors import InputError
from isocourse.exchange.outcome import NotRead, shown_code, shown_id
from isocourse.exchange.shapes import Entry, Json
from isocourse.record.json_keys import every_key_once

LARGEST_BYTES = 64 * 1024 * 1024
BUNDLE_TYPES = ("collection", "transaction", "searchset")
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,40}\Z")
_REFERENCE = re.compile(r"(?:(https?://\S+)/)?([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})\Z")


# --- reading --------------------------------------------------------------------------------------
def read_bundle(name: str, source: bytes, number: int) -> tuple[list[Entry], list[NotRead], Json]:
    """The resources of one Bundle, what in it is no resource, and the Bundle. Raises InputError."""
    bundle = _parsed(name, source)
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise InputError(
            "this is not a FHIR Bundle",
            where=name,
            allowed=f"a Bundle of type {', '.join(BUNDLE_TYPES)}",
            mend="export the patient as a Bundle in FHIR R4, in JSON",
        )
    if bundle.get("type") not in BUNDLE_TYPES:
        raise InputError(
            f"the Bundle is of type {shown_code(bundle.get('type'))!r}"
            if bundle.get("type")
            else "the Bundle has no type",
            where=name,
            allowed=", ".join(BUNDLE_TYPES),
            mend="export the patient's resources as a collection; a history or a batch is not one state of a record",
        )
    raw = bundle.get("entry")
    if raw is not None and not isinstance(raw, list):
        raise InputError("Bundle.entry is not a list", where=name, mend="check the file against FHIR R4")
    entries: list[Entry] = []
    lines: list[NotRead] = []
    for index, found in enumerate(raw or []):
        entry = _entry(found, name, number, index)
        if isinstance(entry, Entry):
            entries.append(entry)
        else:
            lines.append(entry)
    return entries, lines, bundle


def _parsed(name: str, source: bytes) -> Any:
    if len(source) > LARGEST_BYTES:
        raise InputError(
            f"the file has {len(source) / 1e6:.0f} MB",
            where=name,
            allowed=f"at most {LARGEST_BYTES // 1024 // 1024} MB",
            mend="split the Bundle; several files are read together",
        )
    quick = _read_quickly(source)
    if quick is not None:
        return quick
    try:
        # The standard reader, because it hands numbers over as text: a Decimal never passes through a float.
        return json.loads(source, parse_float=_decimal, parse_constant=_no_number, object_pairs_hook=_object)
    except RecursionError:
        raise InputError("the JSON is nested too deeply", where=name, mend="check that it is a FHIR Bundle") from None
    except _Unreadable as error:
        raise InputError(str(error), where=name, mend="check how the file was made") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"this is not JSON ({place})", where=name, mend="export the Bundle again, as JSON") from None
    except ValueError:
        raise InputError(
            "this is not JSON in UTF-8", where=name, mend="export the Bundle again, as JSON in UTF-8"
        ) from None


_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def _read_quickly(source: bytes) -> Any:
    """The content of sound JSON; None where anything is unusual, for the standard reader to judge or to take."""
    try:
        found = _DECODER.decode(source)
        return found if every_key_once(source, found) else None
    except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError):
        return None


class _Unreadable(Exception):
    """JSON that the standard reader would accept and that has no single meaning."""


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise _Unreadable("a number in the file is far beyond what can be measured") from None


def _no_number(text: str) -> Any:
    raise _Unreadable(f"{text} stands where a number should be")


def _object(pairs: list[tuple[str, Any]]) -> Json:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Unreadable(f"the key {shown_code(twice)!r} stands twice in one object")
    return made


def _entry(found: Any, name: str, number: int, index: int) -> Entry | NotRead:
    where = f"{name} entry[{index}]"
    if not isinstance(found, dict):
        return NotRead(resource="(entry)", id="", where=where, why="it is not an object")
    request = found.get("request")
    if isinstance(request, dict) and request.get("method") == "DELETE":
        why = "it asks to delete something; nothing was deleted: withdraw it by hand if it was imported"
        return NotRead(resource="(entry)", id="", where=where, why=why, sort="question")
    resource = found.get("resource")
    if not isinstance(resource, dict):
        return NotRead(resource="(entry)", id="", where=where, why="it holds no resource")
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not _TYPE.match(kind):
        shown = shown_id(resource.get("id"))
        return NotRead(resource="(entry)", id=shown, where=where, why="it does not say which resource it is")
    url = found.get("fullUrl")
    return Entry(resource, kind, name, number, index, url if isinstance(url, str) else "")


def missing_pages(bundles: Sequence[tuple[str, Json]]) -> list[NotRead]:
    """A line for every page of a search whose next page was not given."""
    given = {url for _, bundle in bundles for url in _links(bundle, "self")}
    why = "its next page was not given; the record may lack what is on it"
    return [
        NotRead(resource="Bundle", id="", where=name, why=why, sort="question")
        for name, bundle in bundles
        for url in _links(bundle, "next")
        if url not in given
    ]


def _links(bundle: Json, relation: str) -> list[str]:
    links = bundle.get("link")
    found = [link for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    return [str(link.get("url")) for link in found if link.get("relation") == relation]


# --- references -----------------------------------------------------------------------------------
@dataclass(slots=True)
class Index:
    """Which resource a reference means: the one in its own Bundle first, then in the others."""

    _urls: dict[str, list[Entry]] = field(default_factory=dict)
    _ids: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)
    _found: dict[tuple[str, str, int, str | None], Entry | None] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Index:
        """The index of these entries."""
        index = cls()
        for entry in entries:
            if entry.full_url:
                index._urls.setdefault(entry.full_url, []).append(entry)
            index._ids.setdefault((entry.kind, entry.key), []).append(entry)
        return index

    def find(self, asking: Entry, reference: str, kind: str) -> Entry | None:
        """The resource of this kind that `reference` means when it stands in `asking`, if there is one."""
        key = (reference, kind, asking.file_number, base_of(asking))
        if key not in self._found:
            self._found[key] = self._find(asking, reference, kind)
        return self._found[key]

    def _find(self, asking: Entry, reference: str, kind: str) -> Entry | None:
        plain = reference.split("/_history/")[0]
        by_url = [found for found in self._urls.get(plain, ()) if found.kind == kind]
        if by_url:
            return _nearest(by_url, asking)
        match = _REFERENCE.match(plain)
        if match is None or match.group(2) != kind:
            return None
        # A relative reference is relative to the server its own resource came from.
        base = match.group(1) or base_of(asking)
        found = [
            entry
            for entry in self._ids.get((kind, match.group(3)), ())
            if base_of(entry) in (None, base) or base is None
        ]
        return _nearest(found, asking) if found else None


def _nearest(found: list[Entry], asking: Entry) -> Entry | None:
    """The one in the same file; else the only one there is, copies of one resource counting as one."""
    near = [entry for entry in found if entry.file_number == asking.file_number]
    if near:
        return near[0]
    return found[0] if len({entry.key for entry in found}) == 1 else None


def base_of(entry: Entry) -> str | None:
    """The server a resource came from, by its fullUrl; None for urn:uuid and for none."""
    if not entry.full_url.startswith("http"):
        return None
    match = _REFERENCE.match(entry.full_url)
    return match.group(1) if match is not None else None
