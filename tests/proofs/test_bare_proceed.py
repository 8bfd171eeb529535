"""A bare "proceed" is said only where every required topic was assessed: in the protocol loaded, and in the record.

What a topic has to have seen is written here by hand from base facts and proved with z3, for every programme, any
record and every day from 2026 on. Each promise is broken once by taking its rule away.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
import z3

from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.examples import load_stories
from isocourse.engine.load import load_library
from isocourse.record.dates import day_of, iso
from isocourse.words.answer import assess
from tests.proofs.axioms import axioms
from tests.proofs.translate import Model, counterexample, number_of, without

LIBRARY = load_library()
STORIES = load_stories(LIBRARY)
PROGRAMMES = ("us", "uk", "eu", "de", "fr", "it", "ca", "au")
REQUIRED = (
    "pregnancy", "contraception", "supply", "consent", "suitability", "medicines", "dose", "bloods", "mood", "effects",
)  # fmt: skip
TODAY = day_of("2026-01-01")  # before, some rules were others
BARE = "Proceed: every rule of the programme is met"
Promise = Callable[[Model], z3.BoolRef]


@cache
def edition(programme: str) -> Edition:
    return edition_of(LIBRARY, programme)


# --- the protocol that is loaded ------------------------------------------------------------------
@pytest.mark.parametrize("programme", PROGRAMMES)
def test_the_required_topics_are_those_of_the_whole_course_and_each_can_withhold(programme: str) -> None:
    compiled = edition(programme)
    assert set(compiled.programme.required_topics) == set(REQUIRED)
    withhold = {rule.topic for rule in compiled.rules if rule.then.supply == "withhold"}
    assert set(REQUIRED) <= withhold


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_with_one_topic_less_the_same_record_gets_no_bare_proceed(programme: str) -> None:
    story = STORIES[f"{programme}_whole_start"]
    on = next(e.on for e in story.expectations if e.supply == "proceed")
    assert assess(edition(programme), story.record, on).headline == BARE, iso(on)
    loaded = {rule.topic for rule in edition(programme).rules}
    for topic in REQUIRED:
        answer = assess(edition_of(LIBRARY, programme, topics=loaded - {topic}), story.record, on)
        assert not answer.complete and topic in answer.not_assessed
        assert answer.headline != BARE


# --- the record -----------------------------------------------------------------------------------
def _at(first: bool, fact: str) -> Promise:
    """At the first supply (or a later one) the fact is known and true."""
    return lambda m: z3.Implies(m.true("first_supply") if first else m.false("first_supply"), m.true(fact))


PROMISES: dict[str, tuple[Promise, str]] = {
    "other medicines were asked about": (lambda m: m.true("medicines_asked"), "medicines_not_asked"),
    "a weight is on record": (lambda m: m.true("weight_recorded"), "dose_weight_missing"),
    "a prescription that waits has a dose": (
        lambda m: z3.Implies(m.true("prescription_pending"), m.true("dose_known")),
        "dose_missing",
    ),
    "the psychiatric history was asked": (lambda m: m.true("psychiatric_history_taken"), "psychiatric_history_missing"),
    "first supply: the acne was assessed": (_at(True, "acne_assessed"), "acne_not_assessed"),
    "first supply: illnesses were asked about": (_at(True, "history_asked"), "history_not_asked"),
    "later supply: side effects were asked about": (_at(False, "effects_asked"), "effects_not_asked"),
}


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_proceed_has_seen_every_topic_in_the_record(programme: str) -> None:
    model = Model(edition(programme))
    given = axioms(model)
    for name, (promise, _) in PROMISES.items():
        case = counterexample(model, z3.Implies(model.proceed, promise(model)), model.as_of >= TODAY, *given)
        assert case is None, f"{name}: {case}"


@pytest.mark.parametrize("programme", ("us", "uk", "eu", "ca", "au"))
def test_each_promise_is_broken_without_its_rule(programme: str) -> None:
    for name, (promise, rule) in PROMISES.items():
        model = Model(without(edition(programme), rule))
        promised = z3.Implies(model.proceed, promise(model))
        case = counterexample(model, promised, model.as_of >= TODAY, *axioms(model))
        assert case is not None, f"{name}: {rule} guards nothing here"


def test_mood_and_bloods_are_asked_for_in_the_country_s_own_way() -> None:
    """Their rules differ by programme and version, so they are named: without all of them a record without any
    assessment, or without any blood test, could proceed; with them it cannot."""
    for programme in PROGRAMMES:
        compiled = edition(programme)
        mood = [rule.id for rule in compiled.rules if rule.id.startswith(("mood_baseline_", "mood_follow_up_"))]
        bloods = [rule.id for rule in compiled.rules if rule.id in ("bloods_baseline_missing", "baseline_not_fasting")]
        assert mood and bloods
        for fact, rules in (("mental_health_assessed", mood), ("fasting_lipids", bloods)):
            whole, less = Model(compiled), Model(without(compiled, *rules))
            for model, found in ((whole, False), (less, True)):
                asked = (
                    z3.Or(model.true(fact), _no_tests_wanted(model)) if fact == "fasting_lipids" else model.true(fact)
                )
                told = z3.Implies(z3.And(model.proceed, model.true("first_supply")), asked)
                case = counterexample(model, told, model.as_of >= TODAY, *axioms(model))
                assert (case is not None) is found, (programme, fact, case)


def _no_tests_wanted(model: Model) -> z3.BoolRef:
    """A schedule without tests was chosen by name."""
    return z3.And(model.known("schedule_now"), model.value("schedule_now") == number_of("none_healthy"))
