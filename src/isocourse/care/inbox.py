"""The results inbox: reports come in, a person says whose they are, results are filed; a wrong match can be undone.

Nothing is ever filed by itself. Filing writes the results as events of the record in one act, with a new decision.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.db import IntegrityError, transaction

from isocourse.care import audit
from isocourse.care.deciding import locked_patient, today_in
from isocourse.care.editions import zone_of
from isocourse.care.matching import compare, needs_words, suggestions
from isocourse.care.permissions import check
from isocourse.care.recording import Written, record_events
from isocourse.errors import InputError
from isocourse.exchange.lab_reports import Found, LabReport, Named
from isocourse.exchange.report_source import read_report, source_of
from isocourse.record.corrections import visible
from isocourse.record.events import AnyEvent, EnteredInError, LabResult, PregnancyTest, kind_of
from isocourse.record.quantities import reported
from isocourse.store.models import InboxReport, InboxResult, Patient, StoredDecision, User
from isocourse.store.reading import record_of

MOST_PEOPLE = 1000
SHORTEST_WORDS = 10
SHORTEST_REMARK = 3
MOST_REMARK = 200
State = InboxResult.State


# --- coming in ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Received:
    """A report that came. `again`: the same content was here before; nothing was kept a second time."""

    report: InboxReport
    again: bool


def receive(*, by: User, raw: bytes, now: datetime) -> Received:
    """Keep a report as it came and read it. Raises Denied, or InputError for what is no report."""
    check(by, "file_results")
    assert by.clinic is not None
    source = source_of(raw)
    digest = digest_of(source.text)
    known = InboxReport.objects.filter(clinic=by.clinic, digest=digest).first()
    if known is not None:
        return Received(known, again=True)
    read = read_report(source, came_at=now.astimezone(ZoneInfo(zone_of(by.clinic))))
    _refuse_nothing(read)
    try:
        with transaction.atomic():
            report = InboxReport.objects.create(
                clinic=by.clinic,
                form=source.form,
                source=source.text,
                encoding=source.encoding,
                digest=digest,
                not_read=msgspec.to_builtins(read.unread),
                came_at=now,
                by=by,
            )
            _keep_people(report, read)
            audit.write(
                "receive_report",
                by=by,
                now=now,
                subject=report.key,
                detail={"form": source.form, "people": len(read.people)},
            )
    except IntegrityError:  # the same report came from somebody else in the same moment
        return Received(InboxReport.objects.get(clinic=by.clinic, digest=digest), again=True)
    return Received(report, again=False)


def digest_of(text: str) -> str:
    """SHA-256 of a report's text, without byte-order mark and whatever its line ends: pasted and uploaded are one."""
    plain = re.sub(r"[\r\n\x0b\x1c]+", "\n", text.removeprefix("\ufeff")).strip()
    return hashlib.sha256(plain.encode()).hexdigest()


def _refuse_nothing(read: LabReport) -> None:
    if not read.people:
        why = f"; {read.unread[0].place}: {read.unread[0].what}: {read.unread[0].why}" if read.unread else ""
        raise InputError(f"no result of anybody was found in it{why}", where="report", mend="check the report")
    if len(read.people) > MOST_PEOPLE:
        raise InputError(
            f"it names {len(read.people)} people", where="report", allowed=f"at most {MOST_PEOPLE}", mend="split it"
        )


def _keep_people(report: InboxReport, read: LabReport) -> None:
    suggested = suggestions(report.clinic, [person.named for person in read.people])
    InboxResult.objects.bulk_create(
        InboxResult(
            clinic=report.clinic,
            report=report,
            named=msgspec.to_builtins(person.named),
            events=msgspec.to_builtins(person.found),
            not_read=msgspec.to_builtins(person.unread),
            suggested=patient,
        )
        for person, patient in zip(read.people, suggested, strict=True)
    )


def named_in(result: InboxResult) -> Named:
    """How the report names the person."""
    return msgspec.convert(result.named, Named)


def found_in(result: InboxResult) -> tuple[Found, ...]:
    """The results that were read."""
    return msgspec.convert(result.events, tuple[Found, ...])


# --- what the record has already ------------------------------------------------------------------
@dataclass(frozen=True)
class Standing:
    """A result of a report beside the record. `same`: this very result is there. `corrects`: the one it would amend.
    `others`: other values of the same day."""

    same: tuple[AnyEvent, ...]
    corrects: AnyEvent | None
    others: tuple[AnyEvent, ...]


def beside(found: Sequence[Found], patient: Patient) -> list[Standing]:
    """Each result beside what stands in the record of this patient."""
    standing = [event for event in visible(record_of(patient).events) if isinstance(event, LabResult | PregnancyTest)]
    return [_beside(one, standing) for one in found]


def _beside(found: Found, standing: Sequence[Any]) -> Standing:
    fields = found.fields
    alike = [event for event in standing if _of_one_kind(event, fields)]
    same = tuple(event for event in alike if _same_value(event, fields))
    others = tuple(event for event in alike if event not in same)
    corrects = others[0] if found.corrected and not same and len(others) == 1 else None
    return Standing(same, corrects, others)


def _of_one_kind(event: Any, fields: dict[str, Any]) -> bool:
    if kind_of(event) != fields["kind"] or event.happened_on.text != fields["happened_on"]:
        return False
    if isinstance(event, PregnancyTest):
        return bool(event.method == fields["method"])
    return bool(event.analyte == fields["analyte"])


def _same_value(event: Any, fields: dict[str, Any]) -> bool:
    if isinstance(event, PregnancyTest):
        return bool(event.result == fields["result"])
    said = reported(fields["value"])
    return bool(
        event.unit == fields["unit"] and (event.value.comparator, event.value.value) == (said.comparator, said.value)
    )


# --- filing ---------------------------------------------------------------------------------------
class AlreadyFiled(Exception):
    """Somebody else was first: `result` says who filed it, when and to whom."""

    def __init__(self, result: InboxResult) -> None:
        self.result = result
        super().__init__("these results were filed already")


@dataclass(frozen=True)
class Filed:
    """What filing wrote (None: nothing new), and the places in `events` that the record had already."""

    written: Written | None
    repeated: tuple[int, ...]


@transaction.atomic
def file_results(
    *,
    by: User,
    result: InboxResult,
    patient: Patient,
    now: datetime,
    rows: Collection[int],
    insist: Collection[int] = (),
    words: str = "",
) -> Filed:
    """File results to a patient whom a person confirmed.

    `rows` are the places in `events` to file. One that the record has already is not written again, and a correction
    whose earlier result is not found is refused, unless its place is in `insist` too. With no place at all, a report of
    which everything is in the record is closed as filed. `words` is the sentence that confirms a match in which
    something differs. Raises Denied, AlreadyFiled, or InputError.
    """
    check(by, "file_results", patient, now=now)
    held = locked(result, by=by)
    if held.state == State.FILED:
        raise AlreadyFiled(held)
    # Locked before it is compared, so that nobody renames the patient or files the same in between.
    target = locked_patient(patient.pk)
    words = words.strip()[:MOST_REMARK]
    differ = _refuse_unconfirmed(named_in(held), target, words)
    found = found_in(held)
    standing = beside(found, target)
    chosen = _chosen({*rows, *insist}, standing)
    places, events, repeated = _events(found, standing, chosen, insist, held.report.key)
    written = None
    if events:
        written = record_events(by=by, patient=target, events=events, now=now, act="file_results", need="file_results")
    held.state, held.patient, held.by, held.at = State.FILED, target, by, now
    held.remark = words
    ids = [event.id for event in written.events] if written is not None else []
    held.written = [list(pair) for pair in zip(places, ids, strict=True)]
    held.save(update_fields=["state", "patient", "by", "at", "remark", "written"])
    detail = {
        "patient": target.key,
        "report": held.report.key,
        "differ": differ,
        "words": len(words),
        "left": len(found) - len(events),
    }
    audit.write("confirm_match", by=by, now=now, subject=held.key, detail=detail)
    patient.refresh_from_db()
    return Filed(written, tuple(repeated))


def _refuse_unconfirmed(named: Named, patient: Patient, words: str) -> list[str]:
    """The identifiers that differ. Raises InputError where the match needs a sentence and has none."""
    if patient.merged_into_id is not None:
        raise InputError("this record was merged into another", where="patient", mend="choose the other record")
    compared = compare(named, patient)
    if needs_words(compared) and len(words) < SHORTEST_WORDS:
        raise InputError(
            "the report and the record do not agree in name, number or birth date as they should",
            where="words",
            mend="write how you know that these results are this patient's, or choose another patient",
        )
    return [one.field for one in compared if one.same is False]


def _chosen(places: Collection[int], standing: Sequence[Standing]) -> list[int]:
    """The places to file, in order: all of them where there is nothing to tick because everything is there already."""
    if not places and standing and all(one.same for one in standing):
        return list(range(len(standing)))
    if not places or not set(places) <= set(range(len(standing))):
        raise InputError("no result was chosen", where="rows", mend="tick at least one, or keep the report aside")
    return sorted(places)


def _events(
    found: Sequence[Found], standing: Sequence[Standing], chosen: Sequence[int], insist: Collection[int], report: str
) -> tuple[list[int], list[dict[str, Any]], list[int]]:
    """The places that are written, the fields of their events, and the places that are there already."""
    places: list[int] = []
    events: list[dict[str, Any]] = []
    repeated: list[int] = []
    seen: set[tuple[str, ...]] = set()
    for place in chosen:
        one, there = found[place], standing[place]
        mark = tuple(str(one.fields.get(name)) for name in _IDENTITY)
        if (there.same or mark in seen) and place not in insist:
            repeated.append(place)
            continue
        if one.corrected and there.corrects is None and not there.same and place not in insist:
            raise InputError(
                "a corrected result has no single earlier result in this record to correct",
                where="rows",
                mend="tick it to file it as a new result, or leave it out",
            )
        seen.add(mark)
        places.append(place)
        fields = {**one.fields, "note": f"results inbox, report {report}"}
        if there.corrects is not None:
            fields["amends"] = there.corrects.id
        events.append(fields)
    return places, events, repeated


_IDENTITY = ("kind", "happened_on", "analyte", "value", "unit", "result", "method")


def locked(result: InboxResult, *, by: User) -> InboxResult:
    """The row of a result, held until the transaction ends. Only of one's own clinic."""
    return InboxResult.objects.select_for_update().get(pk=result.pk, clinic=by.clinic)


# --- aside, and back ------------------------------------------------------------------------------
@transaction.atomic
def put_aside(*, by: User, result: InboxResult, now: datetime, remark: str) -> None:
    """Keep results that cannot be matched now, with a remark for whoever looks next. Raises AlreadyFiled."""
    check(by, "file_results")
    held = locked(result, by=by)
    if held.state == State.FILED:
        raise AlreadyFiled(held)
    remark = remark.strip()
    if len(remark) < SHORTEST_REMARK:
        raise InputError("the remark is too short", where="remark", mend="write why, and what somebody should do")
    held.state, held.by, held.at, held.remark = State.ASIDE, by, now, remark[:MOST_REMARK]
    held.save(update_fields=["state", "by", "at", "remark"])
    audit.write("put_aside", by=by, now=now, subject=held.key)


@transaction.atomic
def take_up(*, by: User, result: InboxResult, now: datetime) -> None:
    """Take results that were kept aside up again, with a fresh suggestion. Raises AlreadyFiled."""
    check(by, "file_results")
    held = locked(result, by=by)
    if held.state == State.FILED:
        raise AlreadyFiled(held)
    held.state, held.suggested = State.WAITING, suggestions(held.clinic, [named_in(held)])[0]
    held.save(update_fields=["state", "suggested"])
    audit.write("take_up", by=by, now=now, subject=held.key)


# --- undoing --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Undone:
    """What undoing withdrew, the decision that follows, and events that correct withdrawn ones and still stand."""

    withdrawn: int
    decision: StoredDecision | None
    left: tuple[str, ...]


@transaction.atomic
def undo(*, by: User, result: InboxResult, now: datetime, reason: str) -> Undone:
    """Take back a wrong match: withdraw what was filed, with the reason, and let the results wait again."""
    check(by, "file_results")
    held = locked(result, by=by)
    if held.state != State.FILED or held.patient is None:
        raise InputError("these results are not filed", where="reason", mend="load the page again")
    reason = reason.strip()
    if len(reason) < SHORTEST_WORDS:
        raise InputError("the reason is too short", where="reason", mend="write what was wrong, for the record")
    patient = held.patient.merged_into or held.patient
    check(by, "file_results", patient, now=now)
    events, left = _withdrawals(patient, [event_id for _, event_id in held.written], reason, now)
    written = None
    if events:
        written = record_events(by=by, patient=patient, events=events, now=now, act="undo_filing", need="file_results")
    detail = {"patient": patient.key, "withdrawn": len(events)}
    held.state, held.patient, held.written = State.WAITING, None, []
    held.by, held.at, held.remark = by, now, reason[:MOST_REMARK]
    held.save(update_fields=["state", "patient", "written", "by", "at", "remark"])
    audit.write("undo_match", by=by, now=now, subject=held.key, detail=detail)
    return Undone(len(events), written.decision if written is not None else None, left)


def _withdrawals(
    patient: Patient, ids: Sequence[str], reason: str, now: datetime
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Withdrawals of those that were not withdrawn before, and the ids of later corrections that go on standing."""
    record = record_of(patient)
    gone = {event.corrects for event in record.events if isinstance(event, EnteredInError)}
    today = today_in(patient.clinic, now).isoformat()
    events = [
        {"kind": "entered_in_error", "happened_on": today, "corrects": event_id, "reason": reason}
        for event_id in ids
        if event_id not in gone
    ]
    left = tuple(event.id for event in visible(record.events) if event.amends in ids)
    return events, left
