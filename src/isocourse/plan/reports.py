"""Drafts of reports: for each occasion on record, where it goes and everything the record holds about it.

Nothing is sent and nothing is judged. What is not on record is None here and "not recorded" on the page: a draft never
leaves a question out because its answer is missing. Notes are carried along and shown only when a clinician asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from isocourse.engine import model as m
from isocourse.engine.decide import Decision
from isocourse.record.dates import PartialDate
from isocourse.record.dose import dose_of, formulation_of, latest_weight, prescription_of
from isocourse.record.episodes import pregnancy_signs
from isocourse.record.events import Dispensing, Event, Weight
from isocourse.record.intake import Taken, taken
from isocourse.record.medicines import current_medicines
from isocourse.record.procedures import course_began
from isocourse.record.reports import NEVER, Exposed, Told, exposed_spans, occasions, sent_report
from isocourse.record.tables import Rows


@dataclass(frozen=True)
class Goes:
    """A place the report is wanted at, and the record of its sending (None: not sent)."""

    place: m.ReportPlace
    sent: Any | None


@dataclass(frozen=True)
class Patient:
    """Who it is about. None where nothing is on record; `weight` is the latest."""

    birth: PartialDate | None
    sex: str | None
    weight: Weight | None


@dataclass(frozen=True)
class Supplied:
    """One supply: the product's name and mg a day, None where not known."""

    day: int
    days: int
    product: str | None
    formulation: str
    mg_a_day: Fraction | None


@dataclass(frozen=True)
class Medicine:
    """The course in question, as of `until_day`, the first day the occasion can mean.

    `first_day` and `last_dose_day` are None where no exposure is on record; `stop_recorded` says whether the last dose
    is known or only the last day the supply could have lasted. `total` is what was taken from the first day until then.
    """

    until_day: int
    first_day: int | None
    last_dose_day: int | None
    stop_recorded: bool
    supplies: tuple[Supplied, ...]
    total: Taken


@dataclass(frozen=True)
class Other:
    """Another medicine, with its dates as they were written; `stopped` is None while it is taken."""

    name: str
    started: PartialDate
    stopped: PartialDate | None


@dataclass(frozen=True)
class Pregnant:
    """What the record says about the pregnancy. `spans` are the exposures; `last_period` is the latest before it."""

    signs: tuple[Event, ...]
    resolutions: tuple[Any, ...]
    tests: tuple[Any, ...]
    last_period: PartialDate | None
    contraception: tuple[Any, ...]
    spans: tuple[Exposed, ...]


@dataclass(frozen=True)
class Draft:
    """One report, ready to be looked at. `events` are what it is about, None for an id that is not on record;
    `interrupted` are pauses and stops since the first of them, `resumed` what was taken again afterwards."""

    told: Told
    goes: tuple[Goes, ...]
    patient: Patient
    medicine: Medicine
    events: tuple[tuple[str, Event | None], ...]
    interrupted: tuple[Event, ...]
    resumed: tuple[Event, ...]
    others: tuple[Other, ...]
    labs: tuple[Any, ...]
    history: tuple[Any, ...]
    pregnancy: Pregnant | None


def drafts(decision: Decision) -> tuple[Draft, ...]:
    """Every report that the programme wants for the record as of the decision's day, sent ones included."""
    edition, rows = decision.edition, decision.evaluation.rows
    supplied = decision.evaluation.episodes["supply"]
    signs = [event for event, _ in pregnancy_signs(rows, edition.policy)]
    places = edition.library.report_places(edition.programme.id)
    found = []
    for told in occasions(rows, signs, supplied, edition.policy):
        goes = tuple(
            Goes(place, sent_report(rows, place.to, told.about, edition.policy))
            for place in places
            if told.occasion in place.occasions
        )
        found.append(_draft(decision, told, goes))
    return tuple(found)


def _draft(decision: Decision, told: Told, goes: tuple[Goes, ...]) -> Draft:
    rows = decision.evaluation.rows
    medicine = _medicine(decision, told)
    named = told.about[0].events if told.pregnancy is None else tuple(event.id for event in told.about)
    events = tuple((name, _by_id(rows, name)) for name in named)
    interrupted = _since(rows, ("course_pause", "course_stop"), _onset(events, medicine, told))
    begun = min((event.happened_on.last for event in interrupted), default=None)
    return Draft(
        told=told,
        goes=goes,
        patient=_patient(rows),
        medicine=medicine,
        events=events,
        interrupted=interrupted,
        resumed=() if begun is None else _since(rows, ("course_start", "dispensing"), begun + 1),
        others=_others(rows),
        labs=tuple(rows.get("lab_result", ())),
        history=(*rows.get("condition", ()), *rows.get("allergy", ())),
        pregnancy=_pregnant(decision, told),
    )


def _onset(events: tuple[tuple[str, Event | None], ...], medicine: Medicine, told: Told) -> int:
    """The first day on which one of the events can have happened in this course; else that of the occasion."""
    first = medicine.first_day or 1
    days = [event.happened_on.first for _, event in events if event is not None and event.happened_on.last >= first]
    return min(days, default=told.day)


def _since(rows: Rows, kinds: tuple[str, ...], day: int) -> tuple[Event, ...]:
    """Events of these kinds that are or may be as late as the day, in order."""
    found = [event for kind in kinds for event in rows.get(kind, ()) if event.happened_on.last >= day]
    return tuple(sorted(found, key=lambda event: (event.happened_on.first, event.recorded_at)))


def _by_id(rows: Rows, name: str) -> Event | None:
    """The event of that id, or the one that amends it."""
    return next((event for group in rows.values() for event in group if name in (event.id, event.amends)), None)


def _patient(rows: Rows) -> Patient:
    births, sexes = rows.get("birth", ()), rows.get("sex", ())
    sex: Any = sexes[-1] if sexes else None
    return Patient(births[-1].happened_on if births else None, sex.sex if sex else None, latest_weight(rows))


def _others(rows: Rows) -> tuple[Other, ...]:
    """Every medicine on record once, whatever its classes."""
    found: dict[str, Other] = {}
    for row in current_medicines(rows):
        dates = [event.happened_on for event in (_by_id(rows, name) for name in row.events) if event is not None]
        found[row.events[0]] = Other(row.medicine_name, dates[0], None if row.taken else dates[-1])
    return tuple(found.values())


# --- the medicine ---------------------------------------------------------------------------------
def _medicine(decision: Decision, told: Told) -> Medicine:
    """The course that was running when the occasion was seen, or the last one before it, to its end."""
    rows, episodes = decision.evaluation.rows, decision.evaluation.episodes
    until = min(told.day, decision.as_of)
    epoch_days = [end.day for end in episodes["epoch"]]
    first = course_began(rows, epoch_days, max((day for day in _starts(rows) if day <= until), default=None))
    ends = min((day for day in epoch_days if first is not None and day >= first), default=NEVER)
    spans = exposed_spans(rows, episodes["supply"], decision.edition.policy)
    own = [span for span in spans if first is not None and first <= span.first_day <= ends]
    last = max(own, key=lambda span: (span.last_dose_day, span.stop_recorded)) if own else None
    return Medicine(
        until_day=until,
        first_day=first,
        last_dose_day=last.last_dose_day if last is not None else None,
        stop_recorded=last is not None and last.stop_recorded,
        supplies=tuple(
            _supplied(rows, event)
            for event in rows.get("dispensing", ())
            if isinstance(event, Dispensing) and first is not None and first <= event.happened_on.last <= ends
        ),
        total=taken(rows, until, first or 1),
    )


def _starts(rows: Rows) -> list[int]:
    return [event.happened_on.last for kind in ("dispensing", "course_start") for event in rows.get(kind, ())]


def _supplied(rows: Rows, event: Dispensing) -> Supplied:
    written = prescription_of(rows, event)
    product = event.product or (written.product if written is not None else None)
    day = event.happened_on.last
    return Supplied(day, event.days, product, formulation_of(rows, event), dose_of(rows, event))


# --- the pregnancy --------------------------------------------------------------------------------
def _pregnant(decision: Decision, told: Told) -> Pregnant | None:
    if told.pregnancy is None:
        return None
    rows = decision.evaluation.rows
    periods = [event.happened_on for event in rows.get("menses_started", ()) if event.happened_on.last <= told.day]
    spans = exposed_spans(rows, decision.evaluation.episodes["supply"], decision.edition.policy)
    return Pregnant(
        signs=told.pregnancy.signs,
        resolutions=told.pregnancy.resolutions,
        tests=tuple(rows.get("pregnancy_test", ())),
        last_period=periods[-1] if periods else None,
        contraception=(*rows.get("contraception_started", ()), *rows.get("contraception_stopped", ())),
        spans=tuple(spans),
    )
