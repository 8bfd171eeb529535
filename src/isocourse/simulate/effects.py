"""Symptoms as they reach the record: the expected dryness, now and then more."""

from __future__ import annotations

from isocourse.simulate import rates
from isocourse.simulate.draft import Draft


def write(draft: Draft) -> None:
    """A part of what is felt is written down, on a day of the month."""
    dice = draft.dice("effects")
    for month in draft.calendar.months:
        for text, share in rates.SYMPTOMS.items():
            felt = dice.happens(share)
            day, severe = month.supply + dice.between(5, 25), dice.happens(rates.SEVERE)
            severity = "severe" if severe else "moderate" if dice.happens(rates.MODERATE) else "mild"
            if felt and dice.happens(1.0 if severe else rates.SYMPTOM_WRITTEN):
                named = draft.write("symptom", day, "patient", text=text, severity=severity)
                if draft.fault("severe_symptom", severe):
                    draft.write("symptom", day + 9, text=text, severity=severity, ended=True, amends=named)
