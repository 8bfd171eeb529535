"""Side effects, proved: with a red flag that nobody assessed there is no "proceed", whatever else is true.

As in `test_guarantees`, the promises are written by hand from base facts; each is broken once on purpose.
"""

from __future__ import annotations

import pytest
import z3

from isocourse.engine.edition import Edition
from tests import shipped
from tests.proofs.axioms import axioms
from tests.proofs.translate import Model, counterexample, without

NAMES = ("us", "uk", "eu", "de", "fr", "it", "ca", "au")
STOP = {
    "pressure_flag": "intracranial_pressure",
    "hearing_flag": "hearing_affected",
    "severe_diarrhoea_flag": "severe_diarrhoea",
    "bowel_bleeding_flag": "bowel_bleeding",
    "pancreatitis_flag": "pancreatitis_signs",
    "skin_reaction_flag": "severe_skin_reaction",
    "hypersensitivity_flag": "hypersensitivity_signs",
    "vessel_flag": "clot_or_stroke_signs",
    "muscle_flag": "muscle_damage_signs",
    "liver_flag": "hepatitis_signs",
    "urgent_symptom": "symptom_urgent",
    "effect_stop_stands": "effect_stop_open",
}
ASK = {
    "vision_flag": "vision",
    "cornea_flag": "cornea_affected",
    "mood_flag": "mood_symptom",
    "self_harm_flag": "self_harm_told",
    "fulminans_flag": "acne_fulminans_signs",
    "severe_symptom": "symptom_severe",
    "unread_symptom": "symptom_unread",
    "ungraded_symptom": "symptom_ungraded",
    "effect_hold_stands": "effect_hold_open",
    "headache_moderate": "headache_moderate",
}
FLAGS = {**STOP, **ASK}
LIST = [(name, fact) for name in NAMES for fact in FLAGS]


def guard(name: str, fact: str) -> tuple[str, ...]:
    """The rule that keeps the promise there."""
    if name == "us":
        return {"vision_flag": ("vision_us",), "mood_flag": ("mood_symptom_stop",)}.get(fact, (FLAGS[fact],))
    if name == "au" and fact == "mood_flag":
        return ("mood_symptom", "mood_symptom_stop")
    return (FLAGS[fact],)


def edition(name: str) -> Edition:
    return shipped.edition(name, ("effects",))


def case_against(of: Edition, fact: str, name: str) -> str | None:
    """A case with the flag and a "proceed", or with one that stops and capsules that do not."""
    model = Model(of)
    stops = fact in STOP or (name == "us" and fact in ("vision_flag", "mood_flag"))
    answer = model.stop_now if stops else z3.Not(model.proceed)
    promise = z3.Implies(model.true(fact), z3.And(z3.Not(model.proceed), answer))
    return counterexample(model, promise, *axioms(model))


@pytest.mark.parametrize(("name", "fact"), LIST)
def test_a_red_flag_is_never_proceed(name: str, fact: str) -> None:
    case = case_against(edition(name), fact, name)
    assert case is None, case


@pytest.mark.parametrize(("name", "fact"), LIST)
def test_the_promise_is_broken_without_its_rule(name: str, fact: str) -> None:
    assert case_against(without(edition(name), *guard(name, fact)), fact, name) is not None


@pytest.mark.parametrize("name", NAMES)
def test_after_the_first_supply_somebody_has_asked(name: str) -> None:
    def case(of: Edition) -> str | None:
        model = Model(of)
        promise = z3.Implies(z3.And(model.false("first_supply"), model.proceed), model.true("effects_asked"))
        return counterexample(model, promise, *axioms(model))

    assert case(edition(name)) is None
    assert case(without(edition(name), "effects_not_asked")) is not None


def test_in_australia_a_change_of_mood_stops_from_april_2025() -> None:
    """The first day of the month: TGA's day is not known."""
    of = edition("au")
    model = Model(of)
    april = model.as_of >= 739342
    promise = z3.Implies(z3.And(model.true("mood_flag"), april), model.stop_now)
    assert counterexample(model, promise, *axioms(model)) is None
    before = Model(of)
    assert counterexample(before, z3.Implies(before.true("mood_flag"), before.stop_now), *axioms(before)) is not None
