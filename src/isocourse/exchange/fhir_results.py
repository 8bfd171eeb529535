"""A FHIR Bundle as a laboratory report: whom each Patient names, and of what `fhir` reads only results and tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from isocourse.exchange.bundles import read_bundle
from isocourse.exchange.fhir import Imported, record_from_fhir, shown_subject
from isocourse.exchange.lab_reports import Found, LabReport, Named, Person, Unread
from isocourse.exchange.outcome import NotRead
from isocourse.exchange.shapes import Entry, Json, clean
from isocourse.record import events as ev
from isocourse.record import terminology as t
from isocourse.record.events import AnyEvent, kind_of

_NAME = "report"
_ALONE = "the inbox files results alone; import the record"
_CORRECTED = ("amended", "corrected")


def results_from_fhir(source: bytes, *, came_at: datetime) -> LabReport:
    """Read one Bundle. Raises InputError for what is no Bundle, and for one without a Patient."""
    imported = record_from_fhir([(_NAME, source)], imported_at=came_at)
    entries, _, _ = read_bundle(_NAME, source, 0)
    patients = {shown_subject(entry.key): entry.resource for entry in entries if entry.kind == "Patient"}
    observed = {entry.event_id: entry for entry in entries if entry.kind == "Observation"}
    people = [_person(found, _named(patients[found.record.subject]), observed) for found in imported.patients]
    return LabReport("fhir", tuple(people), tuple(_line(line) for line in imported.not_read))


def _person(imported: Imported, named: Named, observed: dict[str, Entry]) -> Person:
    found = []
    left: dict[str, int] = {}
    for event in imported.record.events:
        if isinstance(event, ev.LabResult | ev.PregnancyTest):
            found.append(_found(event, observed))
        elif not isinstance(event, ev.Birth | ev.SexRecorded):
            left[kind_of(event)] = left.get(kind_of(event), 0) + 1
    lines = [_line(line) for line in imported.not_read]
    lines += [
        Unread(
            _NAME,
            f"{kind.replace('_', ' ')} ({number})",
            "the inbox files results alone; import the record",
            "not_used",
        )
        for kind, number in sorted(left.items())
    ]
    return Person(named, tuple(found), tuple(lines))


def _found(event: ev.LabResult | ev.PregnancyTest, observed: dict[str, Entry]) -> Found:
    entry = next((observed[name] for name in _names(event.id) if name in observed), None)
    corrected = entry is not None and entry.resource.get("status") in _CORRECTED
    return Found(
        fields=fields_of(event),
        called=_called(event),
        place=entry.where if entry is not None else _NAME,
        flag=_flag(entry.resource) if entry is not None else "",
        corrected=corrected,
    )


def _names(event_id: str) -> list[str]:
    """The id of the resource that gave an event: the event's own, without what was added for a part or a copy."""
    parts = event_id.split(":")
    return [":".join(parts[:length]) for length in range(len(parts), 0, -1)]


def fields_of(event: ev.LabResult | ev.PregnancyTest) -> dict[str, Any]:
    """An event as plain fields, without id, moment and author."""
    plain: dict[str, Any] = {"kind": kind_of(event), "happened_on": event.happened_on.text}
    if isinstance(event, ev.PregnancyTest):
        return {**plain, "result": event.result, "method": event.method}
    plain.update(analyte=event.analyte, value=event.value.text(), unit=event.unit)
    for name in ("lower_limit", "upper_limit"):
        limit = getattr(event, name)
        if limit is not None:
            plain[name] = format(limit, "f")
    return plain


def _called(event: AnyEvent) -> str:
    return t.words_for(event.analyte) if isinstance(event, ev.LabResult) else "pregnancy test"


def _flag(resource: Json) -> str:
    """The codes of the interpretation, as they are written."""
    said = resource.get("interpretation")
    codings = [
        coding
        for found in (said if isinstance(said, list) else [])
        if isinstance(found, dict) and isinstance(found.get("coding"), list)
        for coding in found["coding"]
        if isinstance(coding, dict) and isinstance(coding.get("code"), str)
    ]
    return clean(" ".join(dict.fromkeys(coding["code"] for coding in codings)), 20)


def _named(resource: Json) -> Named:
    """Whom a Patient names: the numbers, the official name if one is marked, else the first; the whole birth date."""
    numbers = [
        clean(found["value"], 40)
        for found in _objects(resource.get("identifier"))
        if isinstance(found.get("value"), str) and found["value"].strip()
    ]
    names = [found for found in _objects(resource.get("name")) if found.get("use") != "old"]
    name = next((found for found in names if found.get("use") == "official"), names[0] if names else {})
    given = name.get("given")
    first = given[0] if isinstance(given, list) and given and isinstance(given[0], str) else ""
    family = name.get("family")
    born = resource.get("birthDate")
    return Named(
        numbers=tuple(dict.fromkeys(numbers)),
        given_name=clean(first, 100),
        family_name=clean(family, 100) if isinstance(family, str) else "",
        full_name="" if family or first else clean(str(name.get("text") or ""), 100),
        born=born if isinstance(born, str) and _is_day(born) else "",
    )


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and datetime.strptime(text, "%Y-%m-%d").year >= 1900  # noqa: DTZ007 - a calendar day
    except ValueError:
        return False


def _objects(value: Any) -> list[Json]:
    return [found for found in value if isinstance(found, dict)] if isinstance(value, list) else []


def _line(line: NotRead) -> Unread:
    what = f"{line.resource} {line.id}".strip() + (f" ×{line.times}" if line.times > 1 else "")
    return Unread(line.where, what, line.why, line.sort)
