"""Other medicines: asked about, sometimes taken, sometimes one that does not go together."""

from __future__ import annotations

from isocourse.simulate import rates
from isocourse.simulate.draft import Draft

_TETRACYCLINES = ("doxycycline", "lymecycline", "minocycline")
# In no table of names, so that a clinician has to look.
_OTHERS = ("desloratadine", "budesonide inhaler", "herbal tea for sleep", "multivitamin")
_TOPICAL = ("adapalene gel", "benzoyl peroxide gel")


def write(draft: Draft) -> None:
    """Asked at the first visit and at most others; what is taken is listed by name."""
    dice, day = draft.dice("medicines"), draft.calendar.first_visit
    taken = False
    if dice.happens(rates.TETRACYCLINE_BEFORE):
        begun = draft.write("medicine_started", day - dice.between(60, 200), name=dice.pick(_TETRACYCLINES))
        draft.write("medicine_stopped", day - dice.between(0, 10), started=begun)
    if dice.happens(rates.TOPICAL):
        taken = True
        draft.write("medicine_started", day - dice.between(10, 200), "nurse", name=dice.pick(_TOPICAL))
    if dice.happens(rates.HARMLESS):
        taken = True
        begun = draft.write("medicine_started", day - dice.between(10, 900), "nurse", name=dice.pick(_OTHERS))
        if not draft.fault("medicine_unchecked", not dice.happens(rates.HARMLESS_CHECKED)):
            draft.write("medicine_checked", day, started=begun, verdict="acceptable")
    if not draft.fault("medicines_not_asked", dice.happens(rates.MEDICINES_NOT_ASKED)):
        draft.write("medicines_asked", day, "nurse", taken="as_listed" if taken else "nothing_else")
    for month in draft.calendar.months:
        if dice.happens(rates.MEDICINES_ASKED_AGAIN):
            draft.write("medicines_asked", month.visit, "nurse", taken="as_listed")
        if draft.fault("tetracycline_during", dice.happens(rates.TETRACYCLINE_DURING)):
            begun = draft.write("medicine_started", month.supply + dice.between(5, 20), "patient", name="doxycycline")
            draft.write("medicine_stopped", month.supply + dice.between(21, 34), "patient", started=begun)
