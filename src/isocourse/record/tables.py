"""The events as rules see them: rows by kind, in a fixed order, clipped at a day.

A row's `day` is where uncertainty turns unsafe. An event that permits something (a negative test, a
method begun) counts from the *last* day its date can mean; one that forbids something (a positive test,
a method stopped) is seen from the *first*. Of two things seen on one day the unsafe one is the latest; of two
things done on one day the one recorded last.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from isocourse.record import events as ev
from isocourse.record.events import KINDS, Event

# By kind; a kind of which there is no row is no key.
Rows = dict[str, list[Event]]
Groups = dict[type[Event], list[Event]]

# Kinds that forbid or worry: seen from the first day their date can mean.
_SEEN_EARLY = frozenset(
    {
        ev.Pregnancy,
        ev.UnprotectedIntercourse,
        ev.ContraceptiveFailure,
        ev.MissedPeriod,
        ev.ContraceptionStopped,
        ev.NoRiskAgreementEnded,
        ev.BloodDonation,
        # Its answers may worry, and whatever a questionnaire permits is asked of whole dates only.
        ev.Questionnaire,
        ev.MedicineStarted,
        ev.LabResult,
        ev.Condition,
        ev.Symptom,
        ev.Allergy,
        ev.Procedure,
        ev.AdverseReactionSuspected,
        ev.Relapse,
    }
)
# Of those, the ones that end a protection: it ends on the first possible day.
ENDS_EARLY = frozenset({ev.ContraceptionStopped, ev.NoRiskAgreementEnded})
# A clinician's verdict on an entry.
_CHECKS = (ev.MedicineChecked, ev.ConditionChecked, ev.AllergyChecked)
# Of two assessments of acne the one that speaks less for treatment is the unsafe one.
_MILDER = ("severe", "moderate", "mild", "unknown")
_DECISION_RANK = {"go_ahead": 0, "not_needed": 1, "wait": 2}
_RESULT_RANK = {"negative": 0, "unclear": 1, "positive": 2}


# A clinician's decision that something waits or ends.
_HELD = frozenset({"hold", "refer", "stop", "stop_treatment"})


def worries(event: Event) -> bool:
    """Whether an entry forbids, worries, or says that something waits: what nobody but a clinician may take back."""
    if type(event) in _SEEN_EARLY:
        return True
    match event:
        case ev.PregnancyTest():
            return event.result != "negative"
        case ev.BreastFeedingChanged():
            return event.status == "started"
        case ev.CourseStopped():
            return event.reason == "pregnancy"
        case ev.MoodAssessment() | ev.SymptomAssessed():
            return event.outcome in _HELD
        case ev.LabReviewed():
            return event.decision in _HELD
    return isinstance(event, _CHECKS) and event.verdict == "not_acceptable"


def seen_from(event: Event) -> int:
    """The day number from which the event is taken to have happened."""
    if type(event) in _SEEN_EARLY:
        return event.happened_on.first
    if type(event) is ev.PregnancyTest and event.result != "negative":
        return event.happened_on.first
    if type(event) is ev.BreastFeedingChanged and event.status == "started":
        return event.happened_on.first
    if type(event) is ev.CourseStopped and event.reason == "pregnancy":
        return event.happened_on.first
    if isinstance(event, _CHECKS) and event.verdict == "not_acceptable":
        return event.happened_on.first
    return event.happened_on.last


def day_of_row(event: Event) -> int:
    """The day number used for ordering and counting."""
    return event.happened_on.first if type(event) in ENDS_EARLY else event.happened_on.last


# Among rows of one kind on one day, the higher rank is the unsafe one and is read as the latest.
_UNSAFE_RANK: dict[type, Callable[[Any], int]] = {
    ev.PregnancyTest: lambda event: _RESULT_RANK[event.result],
    ev.PregnancyPotential: lambda event: int(event.potential == "can"),
    ev.Enrolled: lambda event: int(event.status == "withdrawn"),
    ev.BreastFeedingChanged: lambda event: int(event.status == "started"),
    ev.MensesPatternRecorded: lambda event: int(event.pattern == "regular"),
    ev.HomeTestPermission: lambda event: int(not event.permitted),
    ev.Comprehension: lambda event: int(not event.passed),
    ev.Prescription: lambda event: event.days * 100 + event.refills,
    ev.Dispensing: lambda event: event.days,
    **dict.fromkeys(_CHECKS, lambda event: int(event.verdict == "not_acceptable")),
    ev.AcneAssessed: lambda event: _MILDER.index(event.severity),
    ev.ProcedureDecided: lambda event: _DECISION_RANK[event.decision],
    ev.FormSigned: lambda event: -event.version.first if event.version is not None else 0,
    ev.Authorisation: lambda event: -event.do_not_dispense_after.first,
}


# What was seen on one day has no order: the unsafe one counts. What was *done* on one day (a form signed again, a
# prescription written anew, questions answered a second time) has the order in which it was recorded.
_SEEN = frozenset(
    {
        ev.PregnancyTest,
        ev.PregnancyPotential,
        ev.BreastFeedingChanged,
        ev.MensesPatternRecorded,
        ev.Dispensing,
        *_CHECKS,
    }
)
_KIND_OF = {cls: kind for kind, cls in KINDS.items()}


def _order(event: Event) -> tuple[int, int, datetime, int, str]:
    of = _UNSAFE_RANK.get(type(event))
    rank = of(event) if of is not None else 0
    if type(event) in _SEEN:
        return (day_of_row(event), rank, event.recorded_at, 0, event.id)
    return (day_of_row(event), 0, event.recorded_at, rank, event.id)


def table(events: Iterable[Event]) -> Rows:
    """Events that stand, grouped by kind, each group in order of day with the unsafe one last."""
    groups: Groups = defaultdict(list)
    for event in events:
        groups[type(event)].append(event)
    return ordered(groups)


def ordered(groups: Groups) -> Rows:
    """What `table` makes, of events already grouped by their class. The groups become the rows."""
    rows: Rows = {}
    for kind, group in groups.items():
        if len(group) > 1 and not _in_order(group):
            group.sort(key=_order)
        rows[_KIND_OF[kind]] = group
    return rows


def _in_order(group: list[Event]) -> bool:
    """Whether the days already rise, as they do in most records; then nothing has to be sorted. Of two on one day the
    later recorded comes last, unless their order is that of what was seen."""
    earlier = group[0]
    done = type(earlier) not in _SEEN
    before = 0
    for event in group:
        day = event.happened_on
        if day.first <= before and (not done or day.first < before or event.recorded_at <= earlier.recorded_at):
            return False
        earlier = event
        before = day.last
    return True


def clip(rows: Rows, as_of: int) -> tuple[Rows, list[int]]:
    """Rows seen on or before `as_of`, and the later days on which another row will come into view."""
    clipped = rows.copy()
    later: list[int] = []
    for kind, group in rows.items():
        # The last row has the greatest day, and no row is seen after its day except by its own date.
        if group[-1].happened_on.last <= as_of:
            continue
        kept = []
        for event in group:
            day = seen_from(event)
            if day <= as_of:
                kept.append(event)
            else:
                later.append(day)
        if kept:
            clipped[kind] = kept
        else:
            del clipped[kind]
    return clipped, later


def with_events(rows: Rows, added: Iterable[Event]) -> Rows:
    """The rows with more events, each in its place; what was not touched is shared."""
    grown = dict(rows)
    for event in added:
        kind = _KIND_OF[type(event)]
        grown[kind] = list(grown.get(kind, ()))
        insort(grown[kind], event, key=_order)
    return grown
