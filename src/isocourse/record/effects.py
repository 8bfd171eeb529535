"""Side effects as rules see them: how bad each symptom is, and whether anybody who may decide has assessed it.

A symptom that worries stays open until an assessment *names* it, also when it has ended meanwhile: an end is no
assessment. An amended entry is a new one, so nobody has assessed it yet; `symptom_ended` ends an entry and leaves what
was said about it. An assessment that holds, refers or stops stands, whoever wrote it and whatever became of the entry
it names, until one of a later day, by somebody who may decide, names the entry and lets treatment go on.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from isocourse.record import terminology as t
from isocourse.record.effect_terms import (
    BY_LIMITS,
    BY_SEVERITY,
    CLASS_OF,
    FLAGS_OF,
    GRADES_OF,
    PICTURES,
    SELF_HARM,
    read_symptom,
    says_none,
    within,
)
from isocourse.record.policy import Policy
from isocourse.record.roles import TELL_OF_THEMSELVES
from isocourse.record.tables import Rows

Standing = Literal["hold", "refer", "stop"]
Named = dict[str, list[Any]]
_STRONGEST: tuple[Standing, ...] = ("stop", "refer", "hold")
_GOES_ON = ("continue", "reduce")
_NONE: list[Any] = []


class GradedSymptom(Struct, frozen=True, gc=False):
    """One term of one entry; an entry of two terms has two rows.

    `term` is None and `unread` true where the words were not understood. `grade` is the worst of what was stated,
    brought within the term's grades in CTCAE v5.0; `worst_grade` is never milder than what was stated, so that a
    severe symptom of a term with two grades still counts as severe. Both are None when nothing was stated, and
    `ungraded` says that the term may then be severe. `day` is the last day the entry can mean and `since_day` the
    first. `ended` when it is over as far as the record says.
    """

    day: int
    since_day: int
    term: t.SymptomTerm | None
    effect_class: t.EffectClass | None
    unread: bool
    grade: int | None
    worst_grade: int | None
    ungraded: bool
    ended: bool
    assessed: bool
    events: tuple[str, ...]


class OpenRedFlag(Struct, frozen=True, gc=False):
    """What may not wait and nobody who may decide has assessed: a symptom, or two that may have been there together,
    of which at least one is not assessed. With `self_harm` it is the risk that is not assessed."""

    day: int
    flag: t.EffectFlag
    events: tuple[str, ...]


class StandingAssessment(Struct, frozen=True, gc=False):
    """A hold, a referral or a stop that stands on one entry. Treatment can go on from `settle_from_day`."""

    day: int
    decided: Standing
    settle_from_day: int
    events: tuple[str, ...]


EPISODES: dict[str, type] = {
    "graded_symptom": GradedSymptom,
    "open_red_flag": OpenRedFlag,
    "standing_assessment": StandingAssessment,
}


def effects(rows: Rows, policy: Policy) -> dict[str, list[Any]]:
    """All episodes of this module. Nothing here changes with time alone."""
    if not rows.get("symptom") and not rows.get("symptom_assessed"):
        return dict.fromkeys(EPISODES, _NONE)
    named: Named = {}
    for assessment in rows.get("symptom_assessed", _NONE):
        for target in dict.fromkeys(assessment.symptoms):
            named.setdefault(target, []).append(assessment)
    graded = graded_symptoms(rows, named, policy)
    return {
        "graded_symptom": graded,
        "open_red_flag": open_red_flags(rows, graded, policy),
        "standing_assessment": standing_assessments(rows, named, policy) if named else _NONE,
    }


# --- symptoms -------------------------------------------------------------------------------------
def graded_symptoms(rows: Rows, named: Named, policy: Policy) -> list[GradedSymptom]:
    """Every symptom, ended and assessed ones too, oldest first."""
    over = over_by(rows)
    found: list[GradedSymptom] = []
    for event in rows.get("symptom", _NONE):
        entries = named.get(event.id)
        assessed = entries is not None and any(
            may_decide(entry, policy) and not_before(entry, event) for entry in entries
        )
        for term in terms_of(event):
            found.append(_graded(event, term, event.id in over, assessed, policy))
    if len(found) > 1:
        found.sort(key=lambda row: row.day)
    return found


def _graded(event: Any, term: t.SymptomTerm | None, ended: bool, assessed: bool, policy: Policy) -> GradedSymptom:
    stated = stated_grade(event)
    grade = None if stated is None else within(term, stated)
    return GradedSymptom(
        felt_by(event),
        event.happened_on.first,
        term,
        None if term is None else CLASS_OF[term],
        term is None,
        grade,
        None if stated is None or grade is None else max(stated, grade),
        term is not None and stated is None and GRADES_OF[term][-1] >= policy.effects_severe_from,
        ended,
        assessed,
        (event.id,),
    )


def terms_of(event: Any) -> tuple[t.SymptomTerm | None, ...]:
    """The terms of an entry, None among them when words were not understood. A clinician who ticks a term has read the
    words beside it; a patient or guardian has not had them read, so theirs count although a term is ticked. None at all
    where the entry says that there is no symptom, and nothing else in it says how bad it is or what."""
    term = event.term
    if term is None and event.code is None and says_none(event.text) and stated_grade(event) is None:
        return ()
    ticked = read_symptom(event.text, term)
    if term is None or event.author.role not in TELL_OF_THEMSELVES:
        return ticked
    return tuple(dict.fromkeys([*ticked, *read_symptom(event.text)]))


def stated_grade(event: Any) -> int | None:
    """The worst of a clinician's grade, the word for severity and what it keeps from; None when nothing is stated."""
    worst: int | None = event.grade
    for grade in (BY_SEVERITY.get(event.severity), BY_LIMITS.get(event.limits)):
        if grade is not None and (worst is None or grade > worst):
            worst = grade
    return worst


def felt_by(event: Any) -> int:
    """The last day the entry can mean: of a month, at most the day on which it was written down."""
    day = event.happened_on
    last: int = day.last
    return last if day.exact else max(day.first, min(last, event.recorded_at.toordinal()))


def over_by(rows: Rows) -> dict[str, int]:
    """By entry, of those that are over: the last day on which it can have been there. An entry that says so itself was
    over when it was written down; an end that lies wholly before the beginning ends nothing."""
    ends: Named = {}
    for end in rows.get("symptom_ended", _NONE):
        ends.setdefault(end.symptom, []).append(end)
    last: dict[str, int] = {}
    for event in rows.get("symptom", _NONE):
        if not event.ended and event.id not in ends:
            continue
        first = event.happened_on.first
        days = [end.happened_on.last for end in ends.get(event.id, _NONE) if end.happened_on.last >= first]
        if event.ended:
            days.append(max(first, event.recorded_at.toordinal()))
        if days:
            last[event.id] = max(days)
    return last


# --- assessments ----------------------------------------------------------------------------------
def may_decide(assessment: Any, policy: Policy) -> bool:
    """Whether somebody made it who may settle a symptom."""
    return assessment.author.role in policy.effects_deciding_roles


def not_before(assessment: Any, event: Any) -> bool:
    """Whether it is of a later day than the symptom, or recorded no earlier on its last one."""
    made = (assessment.happened_on.first, assessment.recorded_at)
    return bool(made >= (felt_by(event), event.recorded_at))


def standing_assessments(rows: Rows, named: Named, policy: Policy) -> list[StandingAssessment]:
    """Holds, referrals and stops that stand, one row for each entry. What was decided on an entry holds for the one
    that amends it; what was decided on one that is gone (withdrawn, or amended twice) stands by itself."""
    now_in = {event.amends: event.id for event in rows.get("symptom", _NONE) if event.amends is not None}
    found: list[StandingAssessment] = []
    for target, entries in named.items():
        now = now_in.get(target, target)
        settling = entries if now == target else [*entries, *named.get(now, _NONE)]
        goes_on = [entry for entry in settling if entry.outcome in _GOES_ON and may_decide(entry, policy)]
        lifted = max((entry.happened_on.last for entry in goes_on), default=0)
        stands = [entry for entry in entries if entry.outcome not in _GOES_ON and entry.happened_on.last >= lifted]
        if stands:
            outcomes = {entry.outcome for entry in stands}
            day = max(entry.happened_on.last for entry in stands)
            strongest = next(outcome for outcome in _STRONGEST if outcome in outcomes)
            found.append(StandingAssessment(day, strongest, day + 1, (now,)))
    found.sort(key=lambda row: row.day)
    return found


# --- red flags ------------------------------------------------------------------------------------
def open_red_flags(rows: Rows, graded: list[GradedSymptom], policy: Policy) -> list[OpenRedFlag]:
    """Red flags in one symptom, and in two that may have been there on one day. Of two, both have to be assessed."""
    terms = {row.term for row in graded}
    found = [] if SELF_HARM.isdisjoint(terms) else risks_not_assessed(rows, policy)
    for row in graded:
        if row.term is not None and not row.assessed:
            for flag, if_severe in FLAGS_OF[row.term]:
                if not if_severe or _severe(row, policy):
                    found.append(OpenRedFlag(row.day, flag, row.events))
    # Two terms that belong together: with one term alone there are none.
    pictures = (
        [found for found in PICTURES if not (found[1].isdisjoint(terms) or found[2].isdisjoint(terms))]
        if len(terms) > 1
        else []
    )
    until = over_by(rows) if pictures else {}
    for flag, first, second in pictures:
        for one in graded:
            if one.term not in first:
                continue
            for other in graded:
                if other.term in second and not (one.assessed and other.assessed) and _together(one, other, until):
                    events = tuple(dict.fromkeys((*one.events, *other.events)))
                    found.append(OpenRedFlag(max(one.day, other.day), flag, events))
    found.sort(key=lambda row: row.day)
    return found


def risks_not_assessed(rows: Rows, policy: Policy) -> list[OpenRedFlag]:
    """Suicidal thoughts and attempts since which nobody who may decide has assessed the risk of self-harm: naming the
    symptom does not do it. What came of that assessment is read with mood."""
    said = [event for event in rows.get("symptom", _NONE) if not SELF_HARM.isdisjoint(terms_of(event))]
    if not said:
        return []
    looked = [
        entry
        for entry in rows.get("mood_assessment", _NONE)
        if "self_harm_risk" in entry.covers and may_decide(entry, policy)
    ]
    return [
        OpenRedFlag(felt_by(event), "self_harm", (event.id,))
        for event in said
        if not any(not_before(entry, event) for entry in looked)
    ]


def _severe(row: GradedSymptom, policy: Policy) -> bool:
    return row.worst_grade is not None and row.worst_grade >= policy.effects_severe_from


def _together(one: GradedSymptom, other: GradedSymptom, until: dict[str, int]) -> bool:
    return all(
        (last := until.get(row.events[0])) is None or last >= against.since_day
        for row, against in ((one, other), (other, one))
    )
