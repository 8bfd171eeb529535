"""Symptoms as they reach the record: the expected dryness, now and then more, and what a clinic makes of them."""

from __future__ import annotations

from isocourse.simulate import rates
from isocourse.simulate.dice import Dice
from isocourse.simulate.draft import Draft, Month

_WORRYING = ("headache with blurred vision", "ringing in the ears", "blood in the stool")


def write(draft: Draft) -> None:
    """A part of what is felt is written down, on a day of the month; at the next visit everybody is asked, and what a
    prescriber has to see is assessed."""
    dice = draft.dice("effects")
    months = draft.calendar.months
    for place, month in enumerate(months):
        following = months[place + 1].visit if place + 1 < len(months) else month.supply + 32
        if place and not draft.fault("effects_not_asked", dice.happens(rates.EFFECTS_NOT_ASKED)):
            draft.write("symptoms_asked", month.visit, found="as_listed")
        _month(draft, dice, month, following)


def _month(draft: Draft, dice: Dice, month: Month, following: int) -> None:
    for text, share in rates.SYMPTOMS.items():
        felt = dice.happens(share)
        day, severe = month.supply + dice.between(5, 25), dice.happens(rates.SEVERE)
        severity = "severe" if severe else "moderate" if dice.happens(rates.MODERATE) else "mild"
        seen = dice.happens(rates.SYMPTOM_ASSESSED)
        if not (felt and dice.happens(1.0 if severe else rates.SYMPTOM_WRITTEN)):
            continue
        named = draft.write("symptom", day, "patient", text=text, severity=severity)
        if draft.fault("severe_symptom", severe) or (severity != "mild" and text == "headache"):
            _assess(draft, dice, named, following, seen=seen)
        elif text == "headache":
            draft.write("symptom_ended", day + 2, "patient", symptom=named)
    if draft.fault("red_flag", dice.happens(rates.RED_FLAG)):
        day = month.supply + dice.between(5, 25)
        named = draft.write("symptom", day, "patient", text=dice.pick(_WORRYING), severity="moderate")
        _assess(draft, dice, named, day + 2, seen=True)


def _assess(draft: Draft, dice: Dice, named: str, day: int, *, seen: bool) -> None:
    outcome = dice.weighted({"continue": 7.0, "reduce": 2.0, "hold": 1.0})
    if draft.fault("symptom_not_assessed", not seen):
        return
    draft.write("symptom_assessed", day, symptoms=(named,), outcome=outcome)
    draft.write("symptom_ended", day, symptom=named)
    if outcome == "hold":
        draft.write("symptom_assessed", day + 7, symptoms=(named,), outcome="continue")
