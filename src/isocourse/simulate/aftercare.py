"""After the last dose: the visit a month later, capsules brought back, and marks looked at when the skin is quiet."""

from __future__ import annotations

from isocourse.simulate import rates
from isocourse.simulate.draft import Draft


def write(draft: Draft) -> None:
    """Nothing where nobody wrote down when the course ended. Some do not come once more."""
    stopped = draft.calendar.stopped
    if stopped is None:
        return
    dice = draft.dice("aftercare")
    if dice.happens(rates.CAPSULES_BROUGHT_BACK):
        left = dice.between(0, 12)
        draft.write("capsules_returned", stopped + dice.between(0, 6), "pharmacist", capsules=left)
    if not dice.happens(rates.SEEN_AFTERWARDS):
        return
    day = stopped + dice.between(28, 40)
    steps = ("eyes_asked", "maintenance_discussed", "relapse_explained")
    draft.write("aftercare_done", day, steps=steps)
    draft.write("relapse_definition_chosen", day, definition="systemic_treatment")
    if dice.happens(rates.MARKS_LOOKED_AT):
        draft.write("aftercare_done", stopped + dice.between(100, 170), steps=("scars_looked_at",))
