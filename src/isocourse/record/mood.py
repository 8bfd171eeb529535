"""Mood: questionnaires scored from their answers, and what a clinician's assessment has settled. Pure.

A total exists only when every item was answered; nothing is prorated. What was scored or answered stays open until
an assessment on or after its day settles it: a later questionnaire never hides an earlier one, and item 9 (thoughts
of death or self-harm) is settled only by an assessment that covers the risk of self-harm. A severe total of the nine
items asks for an urgent referral: "no concern" alone does not settle it, a concern managed or a referral followed up
does.

Order within a day: an assessment settles what was recorded before it or at the same moment. What was recorded after
it, on the same day, stays open. A date of which only a part is known counts as its last day here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from isocourse.record.policy import Policy
from isocourse.record.tables import Rows
from isocourse.record.terminology import QuestionnaireName

Items = tuple[int | None, ...]
Band = Literal["minimal", "mild", "moderate", "moderately_severe", "severe"]
Moment = tuple[int, datetime]
Settled = dict[str, Moment]

_DEPRESSION: tuple[tuple[int, Band], ...] = (
    (20, "severe"),
    (15, "moderately_severe"),
    (10, "moderate"),
    (5, "mild"),
    (0, "minimal"),
)
# The published bands, highest first: the least total of each (Kroenke 2001 for the PHQ-9; PHQ-A uses the same cut
# points; GAD-7 has four bands). The PHQ-2 has none.
BANDS: dict[str, tuple[tuple[int, Band], ...]] = {
    "phq9": _DEPRESSION,
    "phqa": _DEPRESSION,
    "gad7": ((15, "severe"), (10, "moderate"), (5, "mild"), (0, "minimal")),
}
# The band of every possible total, up to that of nine items.
_BAND_OF = {
    name: tuple(next(band for least, band in bands if score >= least) for score in range(28))
    for name, bands in BANDS.items()
}
# Which item asks about thoughts of death or self-harm, counted from 0.
SELF_HARM_ITEM = {"phq9": 8, "phqa": 8}
# Which questionnaires, answered in full, make up for an incomplete one. The PHQ-2 is the first two items of the others.
_COMPLETED_BY = {
    "phq2": ("phq2", "phq9", "phqa"),
    "phq9": ("phq9", "phqa"),
    "phqa": ("phq9", "phqa"),
    "gad7": ("gad7",),
}
_SETTLES = ("no_concern", "managed")
# What settles a severe total, beside the topics of an assessment.
_ACTED_ON = "acted_on"
_NONE: list[Any] = []


class MoodScore(Struct, frozen=True, gc=False):
    """One questionnaire. `total` and `band` are None when an item is unanswered. `is_open` until it is settled.
    `exact` when the whole date is known; only then does it show that somebody was asked."""

    day: int
    name: QuestionnaireName
    total: int | None
    band: Band | None
    complete: bool
    exact: bool
    is_open: bool
    events: tuple[str, ...]


class OpenSelfHarm(Struct, frozen=True, gc=False):
    """An answer above 0 about self-harm, or none given (None), that no assessment of the risk has settled."""

    day: int
    answer: int | None
    answered: bool
    events: tuple[str, ...]


class MoodCheck(Struct, frozen=True, gc=False):
    """An assessment by somebody who may make it, and what it counts for. A brief question about sexual function
    counts only from the appointment from which the programme allows it."""

    day: int
    mental_health: bool
    psychiatric_history: bool
    sexual_function: bool
    events: tuple[str, ...]


class OpenMoodDecision(Struct, frozen=True, gc=False):
    """A referral or a stop that stands. An assessment can lift it from `settle_from_day` on."""

    day: int
    outcome: Literal["refer", "stop_treatment"]
    settle_from_day: int
    events: tuple[str, ...]


EPISODES: dict[str, type] = {
    "mood_score": MoodScore,
    "open_self_harm": OpenSelfHarm,
    "mood_check": MoodCheck,
    "open_mood_decision": OpenMoodDecision,
}


def total(items: Items) -> int | None:
    """The sum of the answers, each 0 to 3; None when any is missing."""
    return None if None in items else sum(items)  # type: ignore[arg-type]


def severity(name: str, score: int | None) -> Band | None:
    """The published band of a total; None without a total, or for a questionnaire that has no bands."""
    return _BAND_OF[name][score] if score is not None and name in _BAND_OF else None


def mood_episodes(rows: Rows, epoch_day: int, policy: Policy) -> dict[str, list[Any]]:
    """All episodes of this module. Nothing here changes with time alone."""
    asked = rows.get("questionnaire", _NONE)
    assessed = rows.get("mood_assessment", _NONE)
    if not asked and not assessed:
        return dict.fromkeys(EPISODES, _NONE)
    settled = _settled(assessed, policy)
    return {
        "mood_score": scores(asked, settled, policy.depression_urgent_from),
        "open_self_harm": open_self_harm(asked, settled),
        "mood_check": checks(rows, epoch_day, policy),
        "open_mood_decision": open_decisions(assessed, settled),
    }


def _settled(assessed: list[Any], policy: Policy) -> Settled:
    """By what was covered: the last moment at which somebody who may decide let treatment go on; and when a low mood
    was last acted on."""
    found: Settled = {}
    deciding = policy.mood_deciding_roles
    for event in assessed:
        if event.outcome in _SETTLES and event.author.role in deciding:
            moment = (event.happened_on.first, event.recorded_at)
            for covered in event.covers:
                known = found.get(covered)
                if known is None or moment > known:
                    found[covered] = moment
    acted_on = _acted_on(assessed, found.get("mental_health"), policy)
    if acted_on is not None:
        found[_ACTED_ON] = acted_on
    return found


def _acted_on(assessed: list[Any], looked: Moment | None, policy: Policy) -> Moment | None:
    """The last moment at which a low mood was acted on: managed by somebody who may decide, or referred by somebody
    who may assess, and looked at on a later day by somebody who may decide (`looked` is the last such look). None when
    it never was."""
    if looked is None:
        return None
    last: Moment | None = None
    for event in assessed:
        if event.outcome == "managed":
            acted = event.author.role in policy.mood_deciding_roles
        elif event.outcome == "refer":
            acted = event.author.role in policy.mood_assessor_roles and looked[0] > event.happened_on.last
        else:
            continue
        if acted and "mental_health" in event.covers:
            moment = (event.happened_on.first, event.recorded_at)
            if last is None or moment > last:
                last = moment
    return last


def _open_after(event: Any, covered: str, settled: Settled) -> bool:
    moment = settled.get(covered)
    return moment is None or moment < (event.happened_on.last, event.recorded_at)


# --- questionnaires -------------------------------------------------------------------------------
def scores(asked: list[Any], settled: Settled, urgent_from: int | None) -> list[MoodScore]:
    """Every questionnaire with its total, oldest first; of one day the lower total first. `urgent_from` is the total of
    the nine items that has to be acted on; None when the programme has no such total."""
    found: list[MoodScore] = []
    in_order, before = True, 0
    for event in asked:
        name, day, score = event.name, event.happened_on, total(event.items)
        needed = _ACTED_ON if _severe(name, score, urgent_from) else "mental_health"
        is_open = _open_after(event, needed, settled) and not _made_up_for(event, score, asked)
        last = day.last
        found.append(
            MoodScore(last, name, score, severity(name, score), score is not None, day.exact, is_open, (event.id,))
        )
        in_order, before = in_order and last > before, last
    if not in_order:
        found.sort(key=lambda row: (row.day, row.total is None, row.total or 0))
    return found


def _severe(name: str, score: int | None, urgent_from: int | None) -> bool:
    if score is None or urgent_from is None or score < urgent_from:
        return False
    return name in SELF_HARM_ITEM


def _made_up_for(event: Any, score: int | None, asked: list[Any]) -> bool:
    """Whether later answers take the place of this questionnaire: a complete one that of an incomplete one, and the
    nine items that of the two. A known total of nine items (or GAD-7) is never replaced by another."""
    if score is None:
        by = _COMPLETED_BY[event.name]
        return any(other.name in by and None not in other.items and _later(other, event) for other in asked)
    if event.name == "phq2":
        day = event.happened_on.last
        return any(
            other.name in SELF_HARM_ITEM and None not in other.items and other.happened_on.first >= day
            for other in asked
        )
    return False


def _later(event: Any, than: Any) -> bool:
    """Whether it was certainly later: of two at one moment neither was."""
    return (event.happened_on.first, event.recorded_at) > (than.happened_on.last, than.recorded_at)


def open_self_harm(asked: list[Any], settled: Settled) -> list[OpenSelfHarm]:
    """Answers above 0 about self-harm, and missing ones, that are not settled. A missing answer is also made up for
    by a later one, whatever that says; an answer above 0 is not."""
    found: list[OpenSelfHarm] = []
    for event in asked:
        index = SELF_HARM_ITEM.get(event.name)
        if index is None or event.items[index] == 0 or not _open_after(event, "self_harm_risk", settled):
            continue
        answer = event.items[index]
        if answer is None and any(_answers_self_harm(other) and _later(other, event) for other in asked):
            continue
        found.append(OpenSelfHarm(event.happened_on.last, answer, answer is not None, (event.id,)))
    return found


def _answers_self_harm(event: Any) -> bool:
    index = SELF_HARM_ITEM.get(event.name)
    return index is not None and event.items[index] is not None


# --- assessments ----------------------------------------------------------------------------------
def checks(rows: Rows, epoch_day: int, policy: Policy) -> list[MoodCheck]:
    """Assessments by the roles that may make them, whatever came of them."""
    found: list[MoodCheck] = []
    roles = policy.mood_assessor_roles
    for event in rows.get("mood_assessment", _NONE):
        if event.author.role not in roles:
            continue
        covers, day = event.covers, event.happened_on.last
        sexual = "sexual_function" in covers or (
            "sexual_function_brief" in covers and _brief_is_enough(rows, day, epoch_day, policy)
        )
        found.append(MoodCheck(day, "mental_health" in covers, "psychiatric_history" in covers, sexual, (event.id,)))
    return found


def _brief_is_enough(rows: Rows, day: int, epoch_day: int, policy: Policy) -> bool:
    """Whether that day's appointment is one at which asking briefly is enough. Appointments are the days of this
    course with a visit, that day's included."""
    least = policy.brief_sexual_from.at(day)
    if least is None:
        return False
    days = {event.happened_on.last for event in rows.get("visit", _NONE)}
    return sum(1 for seen in days if epoch_day < seen <= day) >= int(least)


def open_decisions(assessed: list[Any], settled: Settled) -> list[OpenMoodDecision]:
    """Referrals and stops that stand, by whomever they were written down. Each is lifted by an assessment of
    everything it covered on a later day, by somebody who may decide; on the same day the unsafe one counts."""
    found: list[OpenMoodDecision] = []
    for event in assessed:
        if event.outcome in _SETTLES:
            continue
        day = event.happened_on.last
        needed = {_PLAIN.get(covered, covered) for covered in event.covers}
        if all(covered in settled and settled[covered][0] > day for covered in needed):
            continue
        found.append(OpenMoodDecision(day, event.outcome, day + 1, (event.id,)))
    return found


# What has to be looked at again: a brief question about sexual function, sexual function; a history, the mood.
_PLAIN = {"sexual_function_brief": "sexual_function", "psychiatric_history": "mental_health"}
