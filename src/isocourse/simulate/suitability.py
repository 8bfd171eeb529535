"""Before the start: the acne, what was tried, illnesses, allergies and daily life."""

from __future__ import annotations

from isocourse.simulate import rates
from isocourse.simulate.dice import Dice
from isocourse.simulate.draft import Draft
from isocourse.simulate.entry import ICD10_CM

_ILLNESSES = {
    ("Asthma", "J45.909"): 5.0,
    ("Major depressive disorder, single episode", "F32.A"): 3.0,
    ("Atopic dermatitis", "L20.9"): 2.0,
    ("Type 1 diabetes mellitus", "E10.9"): 1.0,
    ("Crohn's disease", "K50.90"): 1.0,
}
_TRIED = ("oral_antibiotic", "topical_combination", "topical_retinoid")


def write(draft: Draft) -> None:
    """The first visit of an ordinary clinic; now and then a question is forgotten."""
    dice, day = draft.dice("suitability"), draft.calendar.first_visit
    _acne(draft, dice, day)
    _illnesses(draft, dice, day)
    if dice.happens(rates.ALLERGY):
        draft.write("allergy", day, allergen="other", text="penicillin")
    present = tuple(what for what, share in rates.CIRCUMSTANCES.items() if dice.happens(share))
    draft.write("circumstances_asked", day, "nurse", present=present)


def _acne(draft: Draft, dice: Dice, day: int) -> None:
    if draft.fault("acne_not_assessed", dice.happens(rates.ACNE_NOT_ASSESSED)):
        return
    draft.write(
        "acne_assessed",
        day,
        severity=dice.weighted({"severe": 7.0, "moderate": 3.0}),
        form=dice.weighted({"nodular": 5.0, "papulopustular": 4.0, "conglobate": 1.0}),
        scarring=dice.weighted({"at_risk": 5.0, "present": 3.0, "none": 2.0}),
        burden=dice.weighted({"marked": 5.0, "some": 4.0, "none": 1.0}),
        skin=dice.weighted({"healthy": 9.0, "dry": 1.0}),
    )
    for treatment in _TRIED[: dice.between(1, len(_TRIED))]:
        weeks = dice.between(8, 24)
        draft.write("treatment_tried", day, treatment=treatment, weeks=weeks, result="not_enough")


def _illnesses(draft: Draft, dice: Dice, day: int) -> None:
    ill = dice.happens(rates.ILLNESS)
    if ill:
        text, code = dice.weighted(_ILLNESSES)
        draft.write("condition", day, text=text, code=code, system=ICD10_CM, active=True)
    if not draft.fault("history_not_asked", dice.happens(rates.HISTORY_NOT_ASKED)):
        draft.write("history_asked", day, "nurse", found="as_listed" if ill else "nothing")
