"""The story of a record: every event as a plain sentence, newest first, with what became of it.

Nothing is left out: what was withdrawn or amended stands in the story with who did it and why.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from isocourse.record import events as ev
from isocourse.record.corrections import visible
from isocourse.record.events import Event, kind_of
from isocourse.words.sentence import Sentence
from isocourse.words.story_says import KIND_WORDS, sentence_of

Fate = Literal["stands", "withdrawn", "amended", "no_effect"]
# What a person filters by; every kind is in one group.
GROUPS: dict[str, tuple[type[Event], ...]] = {
    "visits": (ev.Visit, ev.Counselling, ev.Comprehension, ev.FormSigned, ev.PhotographConsentWithdrawn,
               ev.Enrolled, ev.PrescriberRecorded, ev.PrescriberApproval, ev.Guardian),
    "dose": (ev.Prescription, ev.Dispensing, ev.Authorisation, ev.MissedDoses, ev.CourseStarted, ev.CoursePaused,
             ev.CourseStopped, ev.CapsulesReturned, ev.AftercareDone, ev.RelapseDefinitionChosen, ev.Relapse),
    "pregnancy": (ev.PregnancyPotential, ev.PregnancyTest, ev.ContraceptionStarted, ev.ContraceptionStopped,
                  ev.NoRiskAgreement, ev.NoRiskAgreementEnded, ev.ContraceptiveFailure, ev.UnprotectedIntercourse,
                  ev.MissedPeriod, ev.Pregnancy, ev.PregnancyResolved, ev.BreastFeedingChanged, ev.MensesStarted,
                  ev.MensesPatternRecorded, ev.HomeTestPermission),
    "bloods": (ev.LabResult, ev.LabReviewed, ev.MonitoringScheduleChosen),
    "mood": (ev.Questionnaire, ev.MoodAssessment),
    "effects": (ev.Symptom, ev.SymptomEnded, ev.SymptomsAsked, ev.SymptomAssessed, ev.AdverseReactionSuspected,
                ev.ReportSent),
    "person": (ev.Birth, ev.SexRecorded, ev.Height, ev.Weight, ev.Condition, ev.ConditionChecked, ev.Allergy,
               ev.AllergyChecked, ev.HistoryAsked, ev.CircumstancesAsked, ev.MedicineStarted, ev.MedicineStopped,
               ev.MedicinesAsked, ev.MedicineChecked, ev.BloodDonation),
    "skin": (ev.AcneAssessed, ev.TreatmentTried, ev.IndicationStated, ev.SkinScore, ev.SkinProduct, ev.SkinProfile,
             ev.Procedure, ev.ProcedureDecided),
    "corrections": (ev.EnteredInError,),
}  # fmt: skip
GROUP_WORDS = {
    "visits": "Visits and consent",
    "dose": "Dose, supply and course",
    "pregnancy": "Pregnancy prevention",
    "bloods": "Blood tests",
    "mood": "Mood",
    "effects": "Side effects",
    "person": "Body, illnesses, medicines",
    "skin": "Skin and procedures",
    "corrections": "Corrections",
}


class Entry(NamedTuple):
    """One event in the story. `by` is the correction that took its place or took it back, `amends` the id that it
    takes the place of itself. `happened` is a date of which a part may be missing."""

    id: str
    kind: str
    title: str
    says: Sentence
    note: str
    happened: str
    day: int
    recorded_at: datetime
    author: str
    role: str
    fate: Fate
    by: Event | None
    amends: str | None


def story(events: Sequence[Event]) -> list[Entry]:
    """Every event, the newest day first; of one day the one recorded last."""
    known: dict[str, Any] = {event.id: event for event in events}
    standing = {event.id for event in visible(events)}
    withdrawals, amendments = _corrections(events)
    found = [_entry(event, known, _fate(event, standing, withdrawals, amendments)) for event in events]
    found.sort(key=lambda entry: (entry.day, entry.recorded_at, entry.id), reverse=True)
    return found


def of_groups(entries: Sequence[Entry], groups: Collection[str]) -> list[Entry]:
    """The entries of the groups named; all of them where none is."""
    kinds = {kind_of(kind) for name in groups for kind in GROUPS.get(name, ())}
    return [entry for entry in entries if entry.kind in kinds] if kinds else list(entries)


_Fated = tuple[Fate, Event | None]


def _corrections(events: Sequence[Event]) -> tuple[dict[str, Event], dict[str, Event]]:
    """The last withdrawal and the last amendment of each entry that has one."""
    withdrawals: dict[str, Event] = {}
    amendments: dict[str, Event] = {}
    for event in sorted(events, key=lambda each: each.recorded_at):
        if isinstance(event, ev.EnteredInError):
            withdrawals[event.corrects] = event
        if event.amends is not None:
            amendments[event.amends] = event
    return withdrawals, amendments


def _fate(
    event: Event, standing: Collection[str], withdrawals: Mapping[str, Event], amendments: Mapping[str, Event]
) -> _Fated:
    withdrawal, amendment = withdrawals.get(event.id), amendments.get(event.id)
    if isinstance(event, ev.EnteredInError):
        if event.id in withdrawals or event.id in amendments:
            return ("withdrawn", withdrawal) if withdrawal is not None else ("amended", amendment)
        return ("no_effect", None) if event.corrects in standing else ("stands", None)
    if event.id in standing:
        return "stands", None
    if amendment is not None and (amendment.id in standing or amendment.id in amendments or withdrawal is None):
        return "amended", amendment
    return "withdrawn", withdrawal


def _entry(event: Event, known: Mapping[str, Any], fated: _Fated) -> Entry:
    return Entry(
        id=event.id,
        kind=kind_of(event),
        title=KIND_WORDS[type(event)],
        says=sentence_of(event, known),
        note=event.note,
        happened=event.happened_on.text,
        day=event.happened_on.last,
        recorded_at=event.recorded_at,
        author=event.author.id,
        role=event.author.role,
        fate=fated[0],
        by=fated[1],
        amends=event.amends,
    )
