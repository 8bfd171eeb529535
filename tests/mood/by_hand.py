"""Mood once more, by hand: an independent oracle for `isocourse.record.mood`.

Written from the specification: for each questionnaire and each decision it looks through every other event and asks
whether that one settles it. No running maximum, no table of moments, no shared helper.
"""

from __future__ import annotations

from typing import Any

from isocourse.record import events as ev
from isocourse.record.policy import Policy

BANDS = {
    "phq9": ["minimal"] * 5 + ["mild"] * 5 + ["moderate"] * 5 + ["moderately_severe"] * 5 + ["severe"] * 8,
    "phqa": ["minimal"] * 5 + ["mild"] * 5 + ["moderate"] * 5 + ["moderately_severe"] * 5 + ["severe"] * 8,
    "gad7": ["minimal"] * 5 + ["mild"] * 5 + ["moderate"] * 5 + ["severe"] * 7,
    "phq2": [None] * 7,
}


def _lets_go_on(a: Any, policy: Policy) -> bool:
    return a.author.role in policy.mood_deciding_roles and a.outcome in ("no_concern", "managed")


def _not_before(a: Any, q: Any) -> bool:
    """Whether the assessment is of a later day than any the questionnaire can mean, or as late on its last day."""
    if a.happened_on.first > q.happened_on.last:
        return True
    return bool(a.happened_on.first == q.happened_on.last and a.recorded_at >= q.recorded_at)


def _surely_later(new: Any, old: Any) -> bool:
    if new.happened_on.first > old.happened_on.last:
        return True
    return bool(new.happened_on.first == old.happened_on.last and new.recorded_at > old.recorded_at)


def _settled(q: Any, covered: str, events: list[Any], policy: Policy) -> bool:
    return any(
        isinstance(a, ev.MoodAssessment) and covered in a.covers and _lets_go_on(a, policy) and _not_before(a, q)
        for a in events
    )


def _severe_settled(q: Any, events: list[Any], policy: Policy) -> bool:
    """A severe total: managed, or referred and let go on with on a later day than the referral."""
    looks = [e for e in events if isinstance(e, ev.MoodAssessment) and "mental_health" in e.covers]
    for a in looks:
        if not _not_before(a, q):
            continue
        if a.outcome == "managed" and _lets_go_on(a, policy):
            return True
        if a.outcome == "refer" and a.author.role in policy.mood_assessor_roles:
            later = [b for b in looks if b.happened_on.first > a.happened_on.last and _lets_go_on(b, policy)]
            if later:
                return True
    return False


def scores(events: list[Any], policy: Policy) -> set[tuple[Any, ...]]:
    """(id, day, total, band, open) of every questionnaire."""
    asked = [e for e in events if isinstance(e, ev.Questionnaire)]
    found = set()
    for q in asked:
        total = None if any(item is None for item in q.items) else sum(q.items)  # type: ignore[arg-type]
        urgent = policy.depression_urgent_from
        if q.name in ("phq9", "phqa") and urgent is not None and total is not None and total >= urgent:
            still = not _severe_settled(q, events, policy)
        else:
            still = not _settled(q, "mental_health", events, policy)
        for other in asked:
            if None in other.items:
                continue
            nine, same = other.name in ("phq9", "phqa"), other.name == q.name
            if total is None and q.name == "gad7" and same and _surely_later(other, q):
                still = False
            if total is None and q.name != "gad7" and (nine or same) and _surely_later(other, q):
                still = False
            if total is not None and q.name == "phq2" and nine and other.happened_on.first >= q.happened_on.last:
                still = False
        found.add((q.id, q.happened_on.last, total, None if total is None else BANDS[q.name][total], still))
    return found


def self_harm(events: list[Any], policy: Policy) -> set[tuple[Any, ...]]:
    """(id, day, answer) of every answer about self-harm that is open."""
    nine = [e for e in events if isinstance(e, ev.Questionnaire) and e.name in ("phq9", "phqa")]
    found = set()
    for q in nine:
        answer = q.items[8]
        if answer == 0 or _settled(q, "self_harm_risk", events, policy):
            continue
        if answer is None and any(o.items[8] is not None and _surely_later(o, q) for o in nine):
            continue
        found.add((q.id, q.happened_on.last, answer))
    return found


def decisions(events: list[Any], policy: Policy) -> set[tuple[Any, ...]]:
    """(id, day, outcome) of every referral and stop that stands."""
    assessed = [e for e in events if isinstance(e, ev.MoodAssessment)]
    found = set()
    for d in assessed:
        if d.outcome not in ("refer", "stop_treatment"):
            continue
        left = set(d.covers)
        if "psychiatric_history" in left:
            left = (left - {"psychiatric_history"}) | {"mental_health"}
        if "sexual_function_brief" in left:
            left = (left - {"sexual_function_brief"}) | {"sexual_function"}
        for a in assessed:
            if _lets_go_on(a, policy) and a.happened_on.first > d.happened_on.first:
                left -= set(a.covers)
        if left:
            found.add((d.id, d.happened_on.first, d.outcome))
    return found


def checks(events: list[Any], epoch_day: int, policy: Policy) -> set[tuple[Any, ...]]:
    """(id, day, mental health, history, sexual function) of every assessment that counts."""
    found = set()
    for a in events:
        if not isinstance(a, ev.MoodAssessment) or a.author.role not in policy.mood_assessor_roles:
            continue
        day = a.happened_on.first
        sexual = "sexual_function" in a.covers
        if "sexual_function_brief" in a.covers:
            least = policy.brief_sexual_from.at(day)
            appointments = [
                d
                for d in range(epoch_day + 1, day + 1)
                if any(isinstance(v, ev.Visit) and v.happened_on.last == d for v in events)
            ]
            sexual = sexual or (least is not None and len(appointments) >= least)
        found.add((a.id, day, "mental_health" in a.covers, "psychiatric_history" in a.covers, sexual))
    return found
