"""The closed vocabulary that a routine's conditions read: every fact of a person with every value it can have.

`unknown` and `not_asked` are values like the others, so that what is not known is decided on, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping

from isocourse.record import skin_profile_codes as k
from isocourse.record.terminology import codes

SYMPTOM = ("none", "mild", "moderate", "severe", "ungraded", "not_asked")
STAGES = ("before", "first_weeks", "later", "after", "unknown")
# What a person is asked about on the page of the routine; the fields of the event `skin_profile`.
PROFILE: Mapping[str, tuple[str, ...]] = {
    "air": codes(k.Air),
    "warmth": codes(k.Warmth),
    "outdoor_work": codes(k.Known),
    "contact_lenses": codes(k.Known),
    "dark_spots": codes(k.Known),
    "shaving": codes(k.Shaving),
    "make_up": codes(k.Known),
    "budget": codes(k.Budget),
    "lanolin_allergy": codes(k.Known),
    "fragrance_allergy": codes(k.Known),
}
# Symptoms on record, by the class of side effects that each belongs to (`record.effect_terms`).
SYMPTOMS = ("lips", "skin", "eyes", "nose", "sun")
FACTS: Mapping[str, tuple[str, ...]] = {
    "stage": STAGES,
    **dict.fromkeys(SYMPTOMS, SYMPTOM),
    "pregnancy_possible": codes(k.Known),
    **PROFILE,
}
# What stands for an answer that nobody has given.
UNANSWERED = frozenset({"unknown", "not_asked"})
