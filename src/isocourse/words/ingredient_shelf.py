"""The shelf in words: what is known of the person that changes what a product means."""

from __future__ import annotations

from collections.abc import Mapping

from isocourse.words.sentence import Sentence, Word, said, word

# What each fact is called; only what is known is told, and that a pregnancy may be possible also when nobody knows.
_FACTS: Mapping[str, Sentence] = {
    "pregnancy_possible": said("pregnancy possible: {0}"),
    "skin": said("dry skin: {0}"),
    "lips": said("dry lips: {0}"),
    "eyes": said("dry eyes: {0}"),
    "dark_spots": said("marks stay dark: {0}"),
    "lanolin_allergy": said("allergy to lanolin: {0}"),
    "fragrance_allergy": said("allergy to fragrance: {0}"),
}
_SYMPTOMS = ("skin", "lips", "eyes")


def person_says(facts: Mapping[str, str]) -> tuple[Sentence, ...]:
    """The facts that notes read, with their values; what nobody has asked is told as such."""
    return tuple(Sentence(_FACTS[name].pattern, (_value(name, facts[name]),)) for name in _FACTS if name in facts)


def _value(name: str, value: str) -> Word:
    if value in ("unknown", "not_asked"):
        return Word("not asked")
    return Word("graded by nobody") if value == "ungraded" else word(value)
