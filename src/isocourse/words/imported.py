"""An import in words: what became an event, what was not read, what has to be asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from isocourse.exchange.fhir import FhirImport, Imported
from isocourse.exchange.outcome import Count, NotRead
from isocourse.record.events import kind_of
from isocourse.words.page import Line

_HEADINGS = {
    "question": "To ask",
    "not_read": "Not read",
    "in_part": "Read in part",
    "withdrawn": "Withdrawn by the sender",
    "not_used": "Of no use here",
}
_CODE = re.compile(r"LOINC [0-9-]+")
COURSE_KINDS = frozenset({"prescription", "dispensing", "course_start"})


def import_lines(imported: FhirImport, *, files: int) -> Iterator[Line]:
    """The report of an import."""
    people = len(imported.patients)
    yield Line("headline", 0, f"{files} file{'s' if files != 1 else ''}, {people} patient{'s' if people != 1 else ''}")
    for patient in imported.patients:
        yield from _patient(patient)
    if imported.not_read:
        yield Line("section", 0, "Belonging to no patient")
        yield from _lines(imported.not_read)
    yield Line("section", 0, "Every resource accounted for")
    for count in imported.counts:
        yield Line("detail", 1, _counted(count))


def _patient(patient: Imported) -> Iterator[Line]:
    kinds = Counter(kind_of(event) for event in patient.record.events)
    yield Line("section", 0, f"Patient {patient.record.subject}")
    events = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in kinds.most_common())
    yield Line("item", 1, f"{sum(kinds.values())} events: {events}" if kinds else "no events")
    if not COURSE_KINDS & set(kinds):
        yield Line("quiet", 1, "No isotretinoin course was found.")
    yield from _lines(patient.not_read)


def _lines(lines: tuple[NotRead, ...]) -> Iterator[Line]:
    for sort, heading in _HEADINGS.items():
        group = [line for line in lines if line.sort == sort]
        if group:
            yield Line("item", 1, f"{heading} ({sum(line.times for line in group)}):")
            yield from _folded(group)


def _folded(group: list[NotRead]) -> Iterator[Line]:
    """One line a reason, however many resources share it."""
    by_reason: dict[tuple[str, str], list[NotRead]] = {}
    for line in group:
        code = _CODE.search(line.why)
        reason = line.why.replace(code.group(), "a code", 1) if code and line.sort == "not_used" else line.why
        by_reason.setdefault((line.resource, reason), []).append(line)
    for (resource, reason), same in by_reason.items():
        names = [_CODE.search(line.why) if line.sort == "not_used" else None for line in same]
        what = [match.group() if match else line.id for match, line in zip(names, same, strict=True)]
        times = sum(line.times for line in same)
        which = f": {', '.join(name for name in what if name)}" if any(what) else ""
        yield Line("detail", 2, f"{resource}{f' ({times} times)' if times > 1 else ''}: {reason}{which}")


def _counted(count: Count) -> str:
    parts = [
        f"{number} {words}"
        for number, words in (
            (count.read, "read"),
            (count.not_read, "not read"),
            (count.withdrawn, "withdrawn"),
            (count.not_used, "of no use here"),
            (count.repeated, "repeated"),
        )
        if number
    ]
    return f"{count.resource}: {count.seen} seen, {', '.join(parts)}"
