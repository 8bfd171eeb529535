"""Drafts of reports in words: the same sections in the same order, "not recorded" where the record holds nothing.

The subject is the record's opaque one. No name, no author and no note is in a draft; notes come in only when a
clinician asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from isocourse.engine import model as m
from isocourse.engine.decide import Decision
from isocourse.plan.finish import shown
from isocourse.plan.reports import Draft, Goes, Medicine, Other, Patient, Pregnant, drafts
from isocourse.record.dates import PartialDate, iso
from isocourse.record.dose import kilograms
from isocourse.record.events import Event, kind_of
from isocourse.record.reports import NEVER
from isocourse.record.terminology import words_for
from isocourse.words.answer import NOT_SIGNED
from isocourse.words.page import Line

NOT_RECORDED = "not recorded"
_OCCASION = {
    "exposed_pregnancy": "A pregnancy that isotretinoin may have reached",
    "pregnancy_possible": "A pregnancy found after the risk had ended; it may have begun before",
    "reaction_serious": "A suspected serious reaction",
    "reaction_other": "A suspected reaction, not serious",
}
NOT_SENT = "Drafts from what is on record. Nothing is sent: sending them, and what stands in them, is the clinician's."


class EntryWords(Struct, frozen=True):
    """One question and its answer; null where the record holds none."""

    asks: str
    answer: str | None


class SectionWords(Struct, frozen=True):
    title: str
    entries: tuple[EntryWords, ...]


class GoesWords(Struct, frozen=True):
    """A place; `sent_on` is null until it is on record that a report was sent there."""

    to: str
    title: str
    phone: str | None
    address: str | None
    strength: str
    confidence: str
    sources: tuple[str, ...]
    remark: str
    sent_on: str | None
    reference: str | None


class DraftWords(Struct, frozen=True):
    occasion: str
    says: str
    about: tuple[str, ...]
    goes: tuple[GoesWords, ...]
    sections: tuple[SectionWords, ...]


class ReportDrafts(Struct, frozen=True):
    """Every draft of one record and day, as documented data."""

    isocourse_report: str
    subject: str
    as_of: str
    programme: str
    edition: str
    drafts: tuple[DraftWords, ...]
    notes: tuple[str, ...]


def report_drafts(decision: Decision, subject: str, *, with_notes: bool = False) -> ReportDrafts:
    """The drafts of a day; `with_notes` adds what was noted on the events they are about."""
    library = decision.edition.library
    return ReportDrafts(
        isocourse_report="1",
        subject=subject,
        as_of=iso(decision.as_of),
        programme=decision.edition.programme.id,
        edition=decision.edition.name,
        drafts=tuple(_draft(draft, library, subject, with_notes) for draft in drafts(decision)),
        notes=(NOT_SENT, NOT_SIGNED),
    )


def report_json(found: ReportDrafts) -> bytes:
    """The drafts as compact JSON."""
    return msgspec.json.encode(found)


def _draft(draft: Draft, library: m.Library, subject: str, with_notes: bool) -> DraftWords:
    sections = [
        ("Patient", _patient(draft, subject)),
        ("Medicine", _medicine(draft.medicine)),
        ("What happened", _events(draft, with_notes)),
        ("Stopping and going on", _dechallenge(draft)),
        ("Other medicines", _many("Medicine", draft.others, _other)),
        ("Laboratory results", _many("Result", draft.labs, _lab)),
        ("History", _many("Illness or allergy", draft.history, _history)),
    ]
    if draft.pregnancy is not None:
        sections.insert(3, ("Pregnancy", _pregnancy(draft.pregnancy, draft)))
    return DraftWords(
        draft.told.occasion,
        _OCCASION[draft.told.occasion],
        tuple(event.id for event in draft.told.about),
        tuple(_goes(goes, library) for goes in draft.goes),
        tuple(SectionWords(title, tuple(entries)) for title, entries in sections),
    )


def _goes(goes: Goes, library: m.Library) -> GoesWords:
    place, sent = goes.place, goes.sent
    return GoesWords(
        place.to,
        place.title,
        place.phone or None,
        place.address or None,
        place.strength,
        place.confidence,
        tuple(library.sources[source].title for source in place.sources),
        place.remark,
        sent.happened_on.text if sent is not None else None,
        (sent.reference or None) if sent is not None else None,
    )


def _many(asks: str, found: Iterable[Any], words: Callable[[Any], str]) -> Iterator[EntryWords]:
    """One entry for each; one without an answer when there is none, for silence is not "none"."""
    told = [EntryWords(asks, words(one)) for one in found]
    yield from told or [EntryWords(asks, None)]


# --- the sections ---------------------------------------------------------------------------------
def _patient(draft: Draft, subject: str) -> Iterator[EntryWords]:
    patient = draft.patient
    yield EntryWords("Subject", subject)
    yield EntryWords("Age", _age(patient, draft.told.day))
    sex = patient.sex if patient.sex != "not_recorded" else None
    yield EntryWords("Sex", sex)
    weight = patient.weight
    kg = f"{shown(kilograms(weight.value, weight.unit))} kg on {weight.happened_on.text}" if weight else None
    yield EntryWords("Weight", kg)


def _age(patient: Patient, day: int) -> str | None:
    """Whole years on a day; two numbers where only the month or year of birth is known."""
    if patient.birth is None:
        return None
    least, most = _years(patient.birth.last, day), _years(patient.birth.first, day)
    return f"{most} years" if least == most else f"{least} or {most} years"


def _years(born: int, day: int) -> int:
    birth, on = date.fromordinal(born), date.fromordinal(max(born, day))
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _medicine(medicine: Medicine) -> Iterator[EntryWords]:
    yield EntryWords("Active substance", "isotretinoin, by mouth")
    yield EntryWords("First supply or dose of the course", _day(medicine.first_day))
    yield EntryWords("Last dose", _day(medicine.last_dose_day) if medicine.stop_recorded else None)
    if not medicine.stop_recorded:
        yield EntryWords("Capsules supplied last until", _day(medicine.last_dose_day))
    for one in medicine.supplies or ():
        dose = f"{_exact(one.mg_a_day)} mg a day" if one.mg_a_day is not None else f"dose {NOT_RECORDED}"
        product = one.product or f"product {NOT_RECORDED}"
        kind = "" if one.formulation == "unknown" else f" ({words_for(one.formulation)})"
        yield EntryWords("Supply", f"{iso(one.day)}, {one.days} days: {product}{kind}, {dose}")
    if not medicine.supplies:
        yield EntryWords("Supply", None)
    yield from _total(medicine)


def _total(medicine: Medicine) -> Iterator[EntryWords]:
    known = [total for total in medicine.total.totals if total.days > total.days_unknown]
    for total in known:
        kind = f"formulation {NOT_RECORDED}" if total.formulation == "unknown" else words_for(total.formulation)
        more = "" if medicine.total.complete else " or more: some doses are not recorded"
        yield EntryWords(f"Total until {iso(medicine.until_day)}", f"{_exact(total.mg)} mg ({kind}){more}")
    if not known:
        yield EntryWords(f"Total until {iso(medicine.until_day)}", None)


def _exact(amount: Any) -> str:
    return shown(amount, 0 if amount.denominator == 1 else 3)


def _events(draft: Draft, with_notes: bool) -> Iterator[EntryWords]:
    suspected: Any = draft.told.about[0] if draft.told.pregnancy is None else None
    for name, event in draft.events:
        yield EntryWords("Event", f"{name}: {_event(event)}" if event is not None else f"{name}: {NOT_RECORDED}")
    if suspected is not None:
        yield EntryWords("Suspected on", suspected.happened_on.text)
        yield EntryWords("Suspected by", suspected.author.role)
        serious = [word for word in suspected.seriousness if word != "none"]
        yield EntryWords("Seriousness", ", ".join(map(words_for, serious)) or "not serious")
        yield EntryWords("Outcome", words_for(suspected.outcome) if suspected.outcome != "unknown" else None)
    if with_notes:
        noted = [event for _, event in draft.events if event is not None] + ([suspected] if suspected else [])
        yield from (EntryWords("Note", f"{event.id}: {event.note}") for event in noted if event.note)


def _event(event: Event) -> str:
    """One event without its note."""
    what: Any = event
    on = f"on {event.happened_on.text}"
    match kind_of(event):
        case "symptom":
            how = f"severity {NOT_RECORDED}" if what.severity == "unknown" else words_for(what.severity)
            return f"{what.text}, {how}, {on}{', over' if what.ended else ''}"
        case "lab_result":
            return _lab(what)
        case "pregnancy_test":
            return f"pregnancy test {words_for(what.result)} ({_known(what.method)}) {on}"
        case "condition":
            return _history(what)
        case "pregnancy":
            return f"pregnancy ({_known(what.evidence)}) {on}"
        case "course_pause":
            return f"dosing interrupted {on}"
        case "course_start":
            return f"dosing begun or resumed {on}"
        case "dispensing":
            return f"capsules for {_days(what.days)} supplied {on}"
        case "course_stop":
            return f"course stopped ({words_for(what.reason)}) {on}"
        case kind:
            return f"{words_for(kind)} {on}"


def _known(code: str) -> str:
    return NOT_RECORDED if code == "unknown" else words_for(code)


def _dechallenge(draft: Draft) -> Iterator[EntryWords]:
    yield from _many("Paused or stopped since", draft.interrupted, _event)
    yield from _many("Taken again afterwards", draft.resumed, _event)


def _other(row: Other) -> str:
    until = "still taken" if row.stopped is None else f"until {row.stopped.text}"
    return f"{row.name}, from {row.started.text}, {until}"


def _lab(event: Any) -> str:
    limits = [
        f"{name} limit {limit}"
        for name, limit in (("lower", event.lower_limit), ("upper", event.upper_limit))
        if limit is not None
    ]
    told = f" ({', '.join(limits)})" if limits else f" (limits {NOT_RECORDED})"
    return f"{words_for(event.analyte)} {event.value.text()} {event.unit}{told} on {event.happened_on.text}"


def _history(event: Any) -> str:
    if kind_of(event) == "allergy":
        name = event.text or words_for(event.allergen)
        return f"allergy: {name}{', refuted' if event.refuted else ''}, {event.happened_on.text}"
    active = {True: "active", False: "not active", None: f"whether active: {NOT_RECORDED}"}[event.active]
    return f"{event.text}, {active}, {event.happened_on.text}"


def _pregnancy(pregnant: Pregnant, draft: Draft) -> Iterator[EntryWords]:
    yield EntryWords("Last menstrual period", _partial(pregnant.last_period))
    yield EntryWords("Exposure", _exposure(pregnant, draft))
    yield from _many("Test", pregnant.tests, _event)
    yield from _many("Contraception", pregnant.contraception, _method)
    yield from _many("Outcome of the pregnancy", pregnant.resolutions, _resolution)


def _exposure(pregnant: Pregnant, draft: Draft) -> str | None:
    """When it was first seen, counted from the treatment it may have overlapped."""
    day, first = draft.told.day, draft.medicine.first_day
    seen = f"first seen {iso(day)}"
    before = [span for span in pregnant.spans if span.first_day <= day]
    if not before or first is None:
        after = min((span.first_day for span in pregnant.spans), default=None)
        return f"{seen}, {_days(after - day)} before the first supply" if after is not None else None
    last = max(before, key=lambda span: (span.last_dose_day, span.stop_recorded))
    if day <= last.last_dose_day:
        return f"{seen}, during treatment, {_days(day - first)} after its first supply or dose"
    counted = "the last dose" if last.stop_recorded else "the end of the capsules (the last dose is not recorded)"
    ends = "" if last.risk_ends_day >= NEVER else f"; the risk lasts until {iso(last.risk_ends_day)}"
    return f"{seen}, {_days(day - last.last_dose_day)} after {iso(last.last_dose_day)}, {counted}{ends}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _method(event: Any) -> str:
    done = "begun" if kind_of(event) == "contraception_started" else "stopped"
    return f"{words_for(event.method)}, {done} {event.happened_on.text}"


def _resolution(event: Any) -> str:
    return f"{words_for(event.how)} on {event.happened_on.text}"


def _day(day: int | None) -> str | None:
    return iso(day) if day is not None else None


def _partial(on: PartialDate | None) -> str | None:
    return on.text if on is not None else None


# --- as lines -------------------------------------------------------------------------------------
def report_lines(found: ReportDrafts) -> Iterator[Line]:
    """The drafts as lines a person reads."""
    yield Line("headline", 0, NOT_SENT if found.drafts else "Nothing on record asks for a report.")
    yield Line("quiet", 0, f"As of {found.as_of} · programme {found.programme} · edition {found.edition}")
    for draft in found.drafts:
        yield Line("section", 0, draft.says)
        for goes in draft.goes:
            yield from _goes_lines(goes)
        for section in draft.sections:
            yield Line("headline", 1, section.title)
            for entry in section.entries:
                yield Line("item", 2, f"{entry.asks}: {entry.answer if entry.answer is not None else NOT_RECORDED}")
    yield Line("section", 0, "Please note")
    yield Line("quiet", 1, NOT_SIGNED)


def _goes_lines(goes: GoesWords) -> Iterator[Line]:
    reach = "; ".join(part for part in (goes.phone, goes.address) if part)
    sent = f"sent {goes.sent_on}" if goes.sent_on is not None else "NOT SENT"
    reference = f", reference {goes.reference}" if goes.reference else ""
    yield Line(
        "good" if goes.sent_on else "stop", 1, f"- {goes.title}{f' ({reach})' if reach else ''}: {sent}{reference}"
    )
    strength = goes.strength.replace("_", " ")
    yield Line("quiet", 2, f"{strength}, confidence {goes.confidence}: {'; '.join(goes.sources)}")
    if goes.remark:
        yield Line("quiet", 2, goes.remark)
