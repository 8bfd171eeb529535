"""FHIR R4 in: Bundles to one record per patient, with everything that was not read.

`record_from_fhir` is the way in. Every entry of every Bundle is counted once: with its patient, or with
nobody when no patient can be found for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from isocourse.errors import InputError
from isocourse.exchange import medicines, observations, people, procedures
from isocourse.exchange.bundles import Index, missing_pages, read_bundle
from isocourse.exchange.copies import refuse_two_people, settled
from isocourse.exchange.outcome import Count, NotRead, Sort, Tally, in_order, shown_id
from isocourse.exchange.shapes import Entry, Json, Question, Reading, Refused, Surroundings, digest
from isocourse.exchange.vocabulary import READ_TYPES
from isocourse.record import events as ev
from isocourse.record.events import AnyEvent
from isocourse.record.record import Record, check_record

_TRANSLATORS: dict[str, Callable[[Reading], None]] = {
    "Patient": people.patient,
    "Observation": observations.observation,
    "Condition": people.condition,
    "AllergyIntolerance": people.allergy,
    "MedicationRequest": medicines.request,
    "MedicationStatement": medicines.statement,
    "MedicationDispense": medicines.dispense,
    "Procedure": procedures.procedure,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One patient's record, what was not read for this patient, and the counts of the resources."""

    record: Record
    not_read: tuple[NotRead, ...]
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FhirImport:
    """What several Bundles gave together.

    `not_read` and `counts` are those of resources that belong to no patient who could be found; the
    patients have their own.
    """

    patients: tuple[Imported, ...]
    not_read: tuple[NotRead, ...]
    counts: tuple[Count, ...]


def record_from_fhir(bundles: Sequence[tuple[str, bytes]], *, imported_at: datetime) -> FhirImport:
    """Read FHIR R4 Bundles, each given as (name, content), into one record per Patient.

    `name` stands in every line about the Bundle: pass one that does not name a person. `imported_at` is the
    moment of the import, with its offset. Raises InputError for what is no Bundle, for no Patient at all,
    and for two people under one id; anything smaller is listed.
    """
    if imported_at.utcoffset() is None or not 1970 <= imported_at.year <= 2199:
        raise InputError("imported_at has no time zone or an impossible year", where="import", mend="pass the time now")
    try:
        return _imported(bundles, imported_at)
    except RecursionError:
        where = bundles[0][0] if len(bundles) == 1 else "the Bundles"
        raise InputError("a resource is nested too deeply", where=where, mend="check the file") from None


def _imported(bundles: Sequence[tuple[str, bytes]], imported_at: datetime) -> FhirImport:
    entries: list[Entry] = []
    lines: list[NotRead] = []
    pages: list[tuple[str, Json]] = []
    nobody = Tally()
    for number, (name, source) in enumerate(bundles):
        found, strange, bundle = read_bundle(name, source, number)
        entries += found
        lines += strange
        pages.append((name, bundle))
    for line in lines:
        nobody.count(line.resource, "not_read")
    lines += missing_pages(pages)
    index = Index.of(entries)
    people_found, left = _by_patient(entries, index)
    if not people_found:
        raise InputError(
            "there is no Patient",
            where=", ".join(name for name, _ in bundles)[:200] or "import",
            mend="include the Patient resource; every other resource is read through it",
        )
    around = Surroundings(imported_at, lambda asking, reference: _medication(index, asking, reference))
    for entry in left:
        lines += _belongs_to_nobody(entry, nobody)
    return FhirImport(
        patients=tuple(_one_patient(key, group, index, around) for key, group in people_found.items()),
        not_read=in_order([*lines, *nobody.lines()]),
        counts=nobody.counts(),
    )


# --- whose is it ----------------------------------------------------------------------------------
def _by_patient(entries: Sequence[Entry], index: Index) -> tuple[dict[str, list[Entry]], list[Entry]]:
    """Entries by the key of their patient, Patients first, and the entries of nobody."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind == "Patient":
            found.setdefault(entry.key, []).append(entry)
    for copies in found.values():
        refuse_two_people(copies)
    left: list[Entry] = []
    for entry in entries:
        if entry.kind == "Patient":
            continue
        patient = _patient_of(entry, index)
        if patient is None:
            left.append(entry)
        else:
            found[patient.key].append(entry)
    return found, left


def _patient_of(entry: Entry, index: Index) -> Entry | None:
    for key in ("subject", "patient"):
        subject = entry.resource.get(key)
        reference = subject.get("reference") if isinstance(subject, dict) else None
        if isinstance(reference, str):
            return index.find(entry, reference, "Patient")
    return None


def _belongs_to_nobody(entry: Entry, tally: Tally) -> list[NotRead]:
    if entry.kind not in READ_TYPES:
        tally.count(entry.kind, "not_used")
        tally.group(entry.kind, "isocourse does not read this type", entry.where)
        return []
    tally.count(entry.kind, "not_read")
    why = "it refers to no Patient in these files; it is in nobody's record"
    id_shown = shown_id(entry.resource.get("id"))
    return [NotRead(resource=entry.kind, id=id_shown, where=entry.where, why=why, sort="question")]


def _medication(index: Index, asking: Entry, reference: str) -> Json | None:
    """The Medication a reference means: contained, or in the files."""
    if reference.startswith("#"):
        contained = asking.resource.get("contained")
        for found in contained if isinstance(contained, list) else []:
            if (
                isinstance(found, dict)
                and found.get("id") == reference[1:]
                and found.get("resourceType") == "Medication"
            ):
                return found
        return None
    entry = index.find(asking, reference, "Medication")
    return entry.resource if entry is not None else None


# --- one patient ----------------------------------------------------------------------------------
def _one_patient(key: str, entries: Sequence[Entry], index: Index, around: Surroundings) -> Imported:
    tally = Tally()
    readings: list[Reading] = []
    for copies in _copies(entries):
        entry = copies[0]
        if entry.kind not in READ_TYPES:
            for copy in copies:
                tally.count(entry.kind, "not_used")
                tally.group(entry.kind, "isocourse does not read this type", copy.where)
            continue
        reading = settled(copies, lambda copy: _translate(copy, around))
        readings.append(reading)
        tally.count(entry.kind, reading.outcome)
        for _ in copies[1:]:
            tally.count(entry.kind, "repeated")
        for why in reading.unused:
            tally.group(entry.kind, why, reading.entry.where)
    events = _linked(readings, index)
    record = Record(subject=shown_subject(key), events=tuple(sorted(events, key=_order)))
    check_record(record, where=f"record {record.subject}")
    lines = [line for reading in readings for line in reading.lines]
    return Imported(
        record=record, not_read=in_order([*lines, *_settings(record), *tally.lines()]), counts=tally.counts()
    )


def _copies(entries: Iterable[Entry]) -> Iterable[list[Entry]]:
    """The copies of each resource, in order of first appearance."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        found.setdefault((entry.kind, entry.key), []).append(entry)
    return found.values()


def _translate(entry: Entry, around: Surroundings) -> Reading:
    reading = Reading(entry, around)
    try:
        _TRANSLATORS[entry.kind](reading)
    except Refused as refused:
        reading.say(str(refused), _sort(refused, reading))
    return reading


def _sort(refused: Refused, reading: Reading) -> Sort:
    if isinstance(refused, Question):
        return "question"
    return "in_part" if reading.events else "not_read"


def _order(event: AnyEvent) -> tuple[int, str]:
    return event.happened_on.first, event.id


def shown_subject(key: str) -> str:
    """The Patient's id, or a hash when it has none that could be a record's subject. Never a name."""
    own = shown_id(key)
    return own if own and own[0].isalnum() else f"patient-{digest(key)}"


def _linked(readings: Iterable[Reading], index: Index) -> list[AnyEvent]:
    """All events, each dispensing with its prescription when that one was imported."""
    readings = list(readings)
    prescriptions = {event.id for reading in readings for event in reading.events if isinstance(event, ev.Prescription)}
    events: list[AnyEvent] = []
    for reading in readings:
        for event in reading.events:
            if isinstance(event, ev.Dispensing):
                reference = medicines.authorising(reading.entry.resource)
                found = index.find(reading.entry, reference, "MedicationRequest") if reference else None
                if found is not None and found.event_id in prescriptions:
                    event = replace(event, prescription=found.event_id)
            events.append(event)
    return events


def _settings(record: Record) -> list[NotRead]:
    tests = sum(isinstance(event, ev.PregnancyTest) and event.setting == "unknown" for event in record.events)
    if not tests:
        return []
    why = f"the setting of {tests} pregnancy test(s) is not carried by FHIR: record where each was taken"
    return [
        NotRead(
            resource="(pregnancy tests)", id="", where=f"record {record.subject}", why=why, sort="question", times=tests
        )
    ]
