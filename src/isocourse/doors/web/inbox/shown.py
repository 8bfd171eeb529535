"""What the pages of the inbox show: lists, results beside the record, and what filing led to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from isocourse.care.deciding import current, today_in
from isocourse.care.editions import edition_for, zone_of
from isocourse.care.inbox import Standing, beside, found_in, named_in
from isocourse.care.matching import compare
from isocourse.exchange.lab_reports import Found, Named
from isocourse.store.models import Clinic, InboxResult, Patient, StoredDecision, WorkItem
from isocourse.store.reading import record_of
from isocourse.words.results import (
    beyond,
    grades,
    limits_words,
    plain_fields,
    result_name,
    result_words,
    value_words,
)

MOST_SHOWN = 200
SHOWS = ("waiting", "aside", "filed")
_CRITICAL = frozenset({"HH", "LL", "AA"})


# --- the list -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Item:
    """One person's results in a list. `pressing`: 0 look now, 1 outside the limits or a question, 2 neither. `differs`:
    the report and the suggested patient do not agree."""

    result: InboxResult
    named: Named
    pressing: int
    lines: tuple[str, ...]
    questions: int
    differs: bool


def counts(clinic: Clinic, now: datetime) -> dict[str, int]:
    """How many wait, are kept aside, were filed today."""
    return {show: of(clinic, show, now).count() for show in SHOWS}


def of(clinic: Clinic, show: str, now: datetime) -> QuerySet[InboxResult]:
    """The results of one list."""
    results = InboxResult.objects.filter(clinic=clinic, state=show)
    if show == "filed":
        midnight = datetime.combine(today_in(clinic, now), time(), ZoneInfo(zone_of(clinic)))
        return results.filter(at__gte=midnight).order_by("-at")
    return results.order_by("pk")


def items(results: QuerySet[InboxResult], show: str) -> list[Item]:
    """A list: what waits is sorted by how pressing it is, then by how long."""
    found = [item_of(result) for result in results.select_related("report", "suggested", "patient", "by")[:2000]]
    if show == "waiting":
        found.sort(key=lambda item: item.pressing)
    return found[:MOST_SHOWN]


def item_of(result: InboxResult) -> Item:
    """One line of a list."""
    found = found_in(result)
    questions = sum(line["sort"] == "question" for line in result.not_read)
    odd = [result_words(one.fields) for one in found if _odd(one)]
    asked = [
        _("{0} “{1}” not read").format(line["what"], line["remark"])
        for line in result.not_read
        if line["sort"] == "question" and line["remark"]
    ]
    lines = odd + asked or [result_words(one.fields) for one in found[:1]]
    named = named_in(result)
    likely = result.suggested if result.state == InboxResult.State.WAITING else None
    differs = likely is not None and any(one.same is False for one in compare(named, likely))
    return Item(result, named, _pressing(found, questions), tuple(lines[:3]), questions, differs)


def _odd(found: Found) -> bool:
    return bool(beyond(found.fields)) or found.fields.get("result") == "positive" or bool(_flags(found) & _CRITICAL)


def _flags(found: Found) -> set[str]:
    return set(found.flag.upper().split())


def _pressing(found: Sequence[Found], questions: int) -> int:
    if any(one.fields.get("result") == "positive" or _flags(one) & _CRITICAL for one in found):
        return 0
    return 1 if questions or any(_odd(one) for one in found) else 2


# --- one person's results -------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One result in the table. `ticked`: filed unless somebody unticks it. `insist`: ticking it is insisting."""

    place: int
    name: str
    called: str
    value: str
    limits: str
    beyond: str
    flag: str
    day: str
    notes: tuple[str, ...]
    ticked: bool
    insist: bool
    repeated: bool


def lines_of(result: InboxResult, patient: Patient | None) -> list[Line]:
    """The results of a report, beside the record of a patient if one is chosen."""
    found = found_in(result)
    there: Sequence[Standing | None] = beside(found, patient) if patient is not None else [None] * len(found)
    return [_line(place, one, standing) for place, (one, standing) in enumerate(zip(found, there, strict=True))]


def _line(place: int, found: Found, there: Standing | None) -> Line:
    fields = found.fields
    repeated = there is not None and bool(there.same)
    lost = found.corrected and there is not None and not there.same and there.corrects is None
    return Line(
        place=place,
        name=result_name(fields),
        called=found.called,
        value=value_words(fields),
        limits=limits_words(fields),
        beyond=beyond(fields),
        flag=found.flag,
        day=fields["happened_on"],
        notes=tuple(_notes(found, there)),
        ticked=not repeated and not lost,
        insist=repeated or lost,
        repeated=repeated,
    )


def _notes(found: Found, there: Standing | None) -> Iterable[str]:
    if found.corrected:
        yield _("The laboratory corrects an earlier result.")
    if there is None:
        return
    if there.same:
        yield _("Already in the record, with this day and value. Tick it only to write it a second time.")
    elif there.corrects is not None:
        yield _("It will correct {0} of that day.").format(_value(there.corrects))
    elif found.corrected:
        yield _("No single earlier result of that day is in the record. Tick it to file it as a new result.")
    elif there.others:
        yield _("The record has {0} of the same day; both will stand.").format(
            ", ".join(_value(event) for event in there.others)
        )


def _value(event: Any) -> str:
    return value_words(plain_fields(event))


# --- what filing led to ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Effect:
    """What a result does to the decision. `presses`: the capsules in hand are concerned."""

    says: str
    presses: bool


@dataclass(frozen=True)
class FiledLine:
    """A result that was filed, with its grade, and what it does."""

    says: str
    effects: tuple[Effect, ...]
    rank: int


@dataclass(frozen=True)
class Outcome:
    """After filing: a line for each result, the decision that stands, and what presses."""

    lines: tuple[FiledLine, ...]
    left: int
    decision: StoredDecision
    work: tuple[WorkItem, ...]


def outcome_of(result: InboxResult, patient: Patient, now: datetime) -> Outcome:
    """What was filed, with its grades, and the decision that stands now."""
    decision = current(patient, now=now)
    record = record_of(patient)
    ids = [event_id for _place, event_id in result.written]
    graded = grades(edition_for(patient.clinic), record, today_in(patient.clinic, now).toordinal()) if ids else {}
    by_id: dict[str, Any] = {event.id: event for event in record.events}
    findings = decision.answered["findings"] if ids else []
    lines = [_filed_line(by_id[event_id], graded.get(event_id), findings) for event_id in ids]
    work = tuple(patient.work.filter(risk__lte=1).order_by("risk", "due")[:5])
    return Outcome(tuple(sorted(lines, key=lambda line: line.rank)), len(result.events) - len(ids), decision, work)


def _filed_line(event: Any, grade: int | None, findings: Sequence[dict[str, Any]]) -> FiledLine:
    found = [finding for finding in findings if _names(finding["because"], event.id)]
    capsules = {finding["effect"]["capsules_in_hand"] for finding in found}
    effects = []
    if "stop_now" in capsules:
        effects.append(Effect(_("stop the capsules now"), True))
    elif "ask_prescriber" in capsules:
        effects.append(Effect(_("review: ask the prescriber before the next dose"), True))
    if any(finding["effect"]["supply"] == "withhold" for finding in found):
        effects.append(Effect(_("withholds the next supply"), False))
    rank = 0 if "stop_now" in capsules else 1 if "ask_prescriber" in capsules else 2 if effects else 3
    return FiledLine(result_words(plain_fields(event), grade), tuple(effects), rank)


def _names(reasons: Iterable[dict[str, Any]], event_id: str) -> bool:
    """Whether any of these reasons, or what they are made of, is this event."""
    return any(event_id in reason["events"] or _names(reason["made_of"], event_id) for reason in reasons)
