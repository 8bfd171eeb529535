"""Mood: the assessment at each visit, a short questionnaire, and what follows when it is positive."""

from __future__ import annotations

from isocourse.simulate import rates
from isocourse.simulate.dice import Dice
from isocourse.simulate.draft import Draft


def write(draft: Draft) -> None:
    """Before the first supply the history is asked as well."""
    dice = draft.dice("mood")
    first = draft.calendar.first_visit
    covers = ("psychiatric_history", "mental_health", "sexual_function")
    draft.write("mood_assessment", first, covers=covers, outcome="no_concern")
    draft.write("questionnaire", first, "patient", name="phq2", items=(dice.between(0, 1), 0))
    for month in draft.calendar.months:
        _month(draft, dice, month.visit)


def _month(draft: Draft, dice: Dice, day: int) -> None:
    low = draft.fault("low_mood", dice.happens(rates.LOW_MOOD))
    skipped = draft.fault("answer_skipped", dice.happens(rates.ANSWER_SKIPPED))
    answers = (2, dice.between(0, 2)) if low else (dice.between(0, 1), None if skipped else 0)
    draft.write("questionnaire", day, "patient", name="phq2", items=answers)
    forgotten = draft.fault("mood_forgotten", dice.happens(rates.MOOD_FORGOTTEN))
    late = 2 * draft.fault("written_late", dice.happens(rates.WRITTEN_LATE))
    by = "prescriber" if low or dice.happens(0.7) else "nurse"
    covers: tuple[str, ...] = ("mental_health", "sexual_function")
    if low:
        harm = dice.happens(rates.SELF_HARM_ANSWER)
        nine = tuple(dice.between(0, 2) for _ in range(8))
        draft.write("questionnaire", day, "patient", name="phq9", items=(*nine, 1 if harm else 0))
        covers = (*covers, "self_harm_risk") if harm else covers
    if not forgotten:
        outcome = dice.weighted({"managed": 8.0, "no_concern": 1.0, "refer": 1.0}) if low else "no_concern"
        draft.write("mood_assessment", day, by, late=late, covers=covers, outcome=outcome)
