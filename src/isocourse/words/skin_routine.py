"""A skin care routine in words: for the clinician with reasons and sources, for the patient short and plain.

What is advised stands in `knowledge/skincare`; here are the sentences around it: until when something is left alone,
what goes to the prescriber first, what was not asked. Dates come from `skincare.routine`; nothing is reckoned here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from isocourse.engine import model as m
from isocourse.record.skin_profile_codes import ANSWERS
from isocourse.record.terminology import words_for
from isocourse.skincare.facts import PROFILE
from isocourse.skincare.routine_shape import Person, Routine, Slot, Step, Stop
from isocourse.words.answer import NOT_SIGNED
from isocourse.words.headline import spoken
from isocourse.words.sentence import Sentence, Word, said

# now: a rule says to stop the capsules; today: one says to ask the prescriber about them; ask: one wants to know more.
Urgency = Literal["now", "today", "ask", ""]

SLOT_TITLES: dict[Slot, str] = {
    "morning": "Morning",
    "day": "During the day",
    "night": "Night",
    "body": "Body and hands",
    "as_needed": "When you need it",
}
FUNCTION_WORDS = {
    "water": "Water only",
    "cleanser": "Cleanser",
    "moisturiser": "Moisturiser",
    "ointment": "Rich cream or ointment",
    "sunscreen": "Sunscreen",
    "clothing_and_shade": "Shade and clothing",
    "lip_balm": "Lip balm",
    "eye_drops": "Eye drops",
    "nose_ointment": "Nose care",
    "make_up_remover": "Make-up off",
    "emollient": "Body cream",
    "shaving_aid": "Shaving",
    "preparation": "Good to know",
}
# What is bought, and what to look for when one buys it.
BOUGHT = frozenset({"cleanser", "moisturiser", "ointment", "sunscreen", "eye_drops"})
STAGE_WORDS = {
    "before": "Before the first capsule",
    "first_weeks": "In the first weeks of the course",
    "later": "In the course",
    "after": "After the last capsule",
    "unknown": "In a course whose first day is not on record",
}
# What a person is asked, and the words for what is on record, by fact.
QUESTIONS = {
    "air": "Air at home and at work",
    "warmth": "Weather in this season",
    "outdoor_work": "Works outdoors",
    "contact_lenses": "Wears contact lenses",
    "dark_spots": "Marks stay dark for long",
    "shaving": "Shaves the face or body",
    "make_up": "Wears make-up",
    "budget": "Money for skin care",
    "lanolin_allergy": "Allergic to lanolin (wool fat)",
    "fragrance_allergy": "Allergic to perfume",
}
FACT_WORDS = {
    **QUESTIONS,
    "stage": "Course",
    "lips": "Lips",
    "skin": "Dry or itching skin",
    "eyes": "Eyes",
    "nose": "Nose",
    "sun": "Sunburn or sensitivity to sun",
    "pregnancy_possible": "Pregnancy possible",
}
URGENT = {
    "now": "Call the clinic now. What you told us cannot wait, and creams are not enough for it.",
    "today": "Speak to the clinic today. What you told us has to be looked at first; creams alone are not enough.",
    "ask": "Tell the clinic how bad it is. Until then this sheet takes it for bad.",
}
DAY_NOT_KNOWN = "The day of the last capsule is not on record, so no date can be given for what may come back."
PATIENT_ADVICE = "This sheet is advice about skin care. It changes nothing about your capsules."
ADVICE = "Skin care is advice. It decides nothing about capsules; the findings on the overview do."
_WEEK = 7
ROOMY_LETTERS = 1380  # more than these on the sheet, and it is set smaller to stay one page


class StepShown(NamedTuple):
    """A step for a page or a sheet. `because` are sentences, `not_asked` the questions that are open. `look_once`: the
    sheet says here what to look for, as what is bought first has nothing like it before."""

    step: Step
    title: str
    because: tuple[Sentence, ...]
    not_asked: tuple[str, ...]
    low_cost: str
    look_once: bool
    sources: tuple[str, ...]


class StopShown(NamedTuple):
    """What is stopped: until when, in one sentence, and whose rule it is ("" where it is the clinic's own)."""

    stop: Stop
    until: Sentence
    whose: str
    pregnancy: str
    sources: tuple[str, ...]


class Shown(NamedTuple):
    """A routine for a page or a sheet. Stops of one sentence stand together in `groups`. `crowded`: the sheet holds so
    much that it is set smaller."""

    routine: Routine
    stage: str
    urgency: Urgency
    slots: tuple[tuple[str, tuple[StepShown, ...]], ...]
    stops: tuple[StopShown, ...]
    groups: tuple[tuple[Sentence, tuple[StopShown, ...]], ...]
    not_asked: tuple[str, ...]
    notes: tuple[str, ...]
    patient_notes: tuple[str, ...]
    crowded: bool


def shown(routine: Routine, person: Person, sources: Mapping[str, m.Source]) -> Shown:
    """A routine in words. `sources` are those of the shelf of knowledge, the protocol's among them."""
    costly = person.facts["budget"] == "any"
    bought: set[str] = set()
    slots = []
    for slot, title in SLOT_TITLES.items():
        steps = []
        for step in routine.of(slot):
            function = step.variant.function
            once = function in BOUGHT and function not in bought and bool(step.variant.look_for)
            bought.add(function)
            steps.append(_step(step, costly, once, sources))
        if steps:
            slots.append((title, tuple(steps)))
    stops = tuple(_stop(stop, person, routine.as_of, sources) for stop in routine.stops)
    together = groupby(sorted(stops, key=lambda each: _place(each, stops)), key=lambda each: each.until)
    undated = (DAY_NOT_KNOWN,) if routine.stage == "after" and person.last_dose is None else ()
    return Shown(
        routine=routine,
        stage=STAGE_WORDS[routine.stage],
        urgency=urgency(routine),
        slots=tuple(slots),
        stops=stops,
        groups=tuple((until, tuple(each)) for until, each in together),
        not_asked=tuple(FACT_WORDS[fact] for fact in routine.not_asked),
        notes=(*undated, ADVICE, NOT_SIGNED),
        patient_notes=(*undated, PATIENT_ADVICE, NOT_SIGNED),
        crowded=_letters(slots, routine) > ROOMY_LETTERS,
    )


def _letters(slots: Sequence[tuple[str, tuple[StepShown, ...]]], routine: Routine) -> int:
    """How much stands in the steps of the sheet, and in the box above them."""
    steps = [each for _, found in slots for each in found]
    looked = sum(len("; ".join(each.step.variant.look_for)) for each in steps if each.look_once)
    return sum(len(each.title) + len(each.step.variant.short) for each in steps) + looked + 150 * bool(routine.alerts)


def urgency(routine: Routine) -> Urgency:
    """How soon the clinic is to be told. The worst of the alerts counts, and a stop of the capsules for any reason."""
    if routine.capsules == "stop_now" or any(alert.capsules == "stop_now" for alert in routine.alerts):
        return "now"
    if any(alert.capsules == "ask_prescriber" for alert in routine.alerts):
        return "today"
    return "ask" if routine.alerts else ""


# --- steps ----------------------------------------------------------------------------------------
def _step(step: Step, costly: bool, look_once: bool, sources: Mapping[str, m.Source]) -> StepShown:
    variant = step.variant
    return StepShown(
        step,
        FUNCTION_WORDS[variant.function],
        tuple(said("{0}: {1}", Word(FACT_WORDS[fact]), Word(answer_words(value))) for fact, value in step.because),
        tuple(FACT_WORDS[fact] for fact in step.not_asked),
        "" if costly else variant.low_cost,
        look_once,
        _titles(step.cited.sources, sources),
    )


def answer_words(value: str) -> str:
    """The words for a value of a fact."""
    return ANSWERS.get(value) or (STAGE_WORDS.get(value) if value != "unknown" else None) or words_for(value)


def answers_of(question: str) -> tuple[tuple[str, str], ...]:
    """The answers to a question of the profile, each with its words; the last is that it was not asked."""
    return tuple(
        (value, ANSWERS["not_asked"] if value == "unknown" else answer_words(value)) for value in PROFILE[question]
    )


# --- stops ----------------------------------------------------------------------------------------
def _stop(stop: Stop, person: Person, as_of: int, sources: Mapping[str, m.Source]) -> StopShown:
    excluded = person.facts["pregnancy_possible"] == "no"
    return StopShown(
        stop,
        until_says(stop, as_of),
        stop.rule,
        "" if excluded else stop.known.pregnancy,
        _titles(stop.cited.sources, sources),
    )


def until_says(stop: Stop, as_of: int) -> Sentence:
    """Until when something is left alone, in one sentence."""
    if stop.state == "decided":
        return said("Your dermatologist has decided about this. Keep to what you agreed.")
    if stop.known.until.never:
        return said("Not at all, and not after the course either.")
    if stop.state == "may_return":
        return _may_return(stop)
    if stop.returns_on is not None and as_of >= stop.returns_on:
        return said("Wait until your skin is calm: dryness is still on record.")
    if stop.returns_on is not None:
        return _not_before(stop, spoken(stop.returns_on))
    return _after_the_last(stop)


def _may_return(stop: Stop) -> Sentence:
    if stop.known.until.by:
        return said("May come back once your skin is calm. One product at a time, and ask first about acne creams.")
    if stop.known.asks == "dermatologist":
        return said("May come back now. Ask your dermatologist first.")
    return said("May come back now. Ask your prescriber first.")


def _not_before(stop: Stop, day: str) -> Sentence:
    if stop.known.until.by:
        return said("Not before {0}, and only once your skin is calm.", day)
    if stop.known.asks == "dermatologist":
        return said("Not before {0}. Earlier only if your dermatologist decides so.", day)
    return said("Not before {0}. Ask your prescriber first.", day)


def _after_the_last(stop: Stop) -> Sentence:
    if stop.days is not None and stop.by_days is not None:
        return said(
            "Until your skin is calm, which takes {0} to {1} weeks after your last capsule.",
            stop.days // _WEEK,
            -(-stop.by_days // _WEEK),
        )
    if stop.months is None:
        return said("Until your prescriber says so.")
    if stop.known.asks == "dermatologist":
        return said(
            "Until {0} months after your last capsule. Earlier only if your dermatologist decides so.", stop.months
        )
    if stop.months == 1:
        return said("Until a month after your last capsule at least. Ask your prescriber first.")
    return said("Until {0} months after your last capsule at least. Ask your prescriber first.", stop.months)


def _place(each: StopShown, stops: tuple[StopShown, ...]) -> int:
    """Where the first stop with the same sentence stands."""
    return next(place for place, other in enumerate(stops) if other.until == each.until)


def _titles(named: tuple[str, ...], sources: Mapping[str, m.Source]) -> tuple[str, ...]:
    return tuple(sources[name].title for name in named)
