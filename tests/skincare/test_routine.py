"""The routine: what chooses each step, what is stopped and until when, and what may never happen."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.knowledge import KNOWLEDGE, open_shelf
from isocourse.errors import ProtocolError
from isocourse.plan import aftercare
from isocourse.record.dates import day_of, iso
from isocourse.record.record import Record, read_record
from isocourse.skincare.facts import FACTS, PROFILE, SYMPTOMS, UNANSWERED
from isocourse.skincare.person import NO_SYMPTOM, person_of
from isocourse.skincare.read_routine import read_knowledge, shipped
from isocourse.skincare.routine import chosen, returns_on, routine
from isocourse.skincare.routine_shape import Limit, Person, Routine, StepKnown, Until
from tests.procedures.courses import ALL, course, told
from tests.procedures.courses import on as decided_on
from tests.record.made import written
from tests.shipped import LIBRARY, edition

KNOWN = shipped()
STEPS = {step.name: step for step in KNOWN.steps}
NUMBERS = {
    "procedure_months": Limit(6, "label", "high", ()),
    "maintenance_after": Limit(28, "clinic_policy", "memory", ()),
    "maintenance_until": Limit(56, "clinic_policy", "memory", ()),
    "after_months": Limit(1, "label", "high", ()),
    "after_days": Limit(30, "label", "high", ()),
}
NOBODY_ASKED = {fact: values[-1] for fact, values in FACTS.items()}


def person(last_dose: str | None = None, **facts: str) -> Person:
    """Somebody of whom nothing is known but what is said here."""
    day = day_of(last_dose) if last_dose is not None else None
    return Person(facts={**NOBODY_ASKED, **facts}, last_dose=day, limits=NUMBERS, rules={})


def variants(**facts: str) -> dict[str, str]:
    found = routine(person(**facts), KNOWN, as_of=day_of("2026-06-01"))
    return {step.name: step.variant.name for step in found.steps}


people = st.builds(
    lambda facts, last: Person(facts=facts, last_dose=last, limits=NUMBERS, rules={}),
    st.fixed_dictionaries({fact: st.sampled_from(values) for fact, values in FACTS.items()}),
    st.none() | st.integers(day_of("2020-01-01"), day_of("2030-12-31")),
)
days = st.integers(day_of("2020-01-01"), day_of("2032-12-31"))


# --- what may never happen ------------------------------------------------------------------------
@settings(deadline=None, max_examples=400)
@given(people, days)
def test_every_routine_cleanses_moisturises_protects_and_covers_the_lips(somebody: Person, day: int) -> None:
    found = routine(somebody, KNOWN, as_of=day)
    morning, night = found.of("morning"), found.of("night")
    assert {"cleanse", "moisturise", "protect"} <= {step.part for step in morning}
    assert {"cleanse", "moisturise", "lips"} <= {step.part for step in night}
    assert {"lips", "eyes", "nose"} <= {step.part for step in found.steps}
    assert "sunscreen" in {step.variant.function for step in morning}
    assert all(step.variant.cited.sources for step in found.steps)


@settings(deadline=None, max_examples=400)
@given(people, days)
def test_nothing_that_is_recommended_is_on_the_list_of_what_to_stop(somebody: Person, day: int) -> None:
    """A second reading of the words, by hand: whole words of what is stopped, in what is recommended."""
    found = routine(somebody, KNOWN, as_of=day)
    stopped = (
        "wax", "laser", "peel", "needle", "retinol", "retinal", "adapalene", "tretinoin", "benzoyl", "glycolic",
        "salicylic", "azelaic", "scrub", "toner", "witch hazel", "sunbed", "vitamin a", "tattoo", "squeeze",
    )  # fmt: skip
    for step in found.steps:
        told_to = " ".join((step.variant.says, step.variant.low_cost, *step.variant.look_for)).lower()
        for word in stopped:
            assert f" {word}" not in f" {told_to}", (step.name, step.variant.name, word)


@pytest.mark.parametrize("step", KNOWN.steps, ids=lambda step: step.name)
def test_what_is_not_known_never_takes_the_less_protective_variant(step: StepKnown) -> None:
    """All combinations of the facts a step reads: unknown protects as much as any answer, ungraded as any grade."""
    read = list(dict.fromkeys(fact for variant in step.variants for fact in variant.when))
    assert read or len(step.variants) == 1
    for values in itertools.product(*(FACTS[fact] for fact in read)):
        facts = dict(zip(read, values, strict=True))
        here = chosen(step, facts)
        for fact in read:
            if fact == "stage":  # no answer of a person; what hangs on it is a reminder
                assert step.name == "getting_ready"
                continue
            if facts[fact] == "unknown":
                others = FACTS[fact]
            elif facts[fact] == "ungraded":
                others = ("none", "mild", "moderate", "severe")
            else:
                continue
            for value in others:
                there = chosen(step, {**facts, fact: value})
                if there is not None:
                    assert here is not None and here.protects >= there.protects, (step.name, facts, fact, value)


def test_worse_symptoms_never_take_a_less_protective_variant() -> None:
    order = ("none", "mild", "moderate", "severe")
    for step in KNOWN.steps:
        read = list(dict.fromkeys(fact for variant in step.variants for fact in variant.when))
        for fact in set(read) & set(SYMPTOMS):
            rest = [other for other in read if other != fact]
            for values in itertools.product(*(FACTS[other] for other in rest)):
                facts = dict(zip(rest, values, strict=True))
                ranks = [chosen(step, {**facts, fact: grade}).protects for grade in order]  # type: ignore[union-attr]
                assert ranks == sorted(ranks), (step.name, facts, fact)


@settings(deadline=None, max_examples=300)
@given(people, days)
def test_what_was_not_asked_is_named_and_no_answer_is_guessed(somebody: Person, day: int) -> None:
    found = routine(somebody, KNOWN, as_of=day)
    assert set(found.not_asked) >= {fact for fact in PROFILE if somebody.facts[fact] in UNANSWERED}
    assert all(somebody.facts[fact] in UNANSWERED for fact in found.not_asked)
    for step in found.steps:
        assert all(value not in UNANSWERED for _, value in step.because)


# --- what chooses a step: both sides of each condition, by hand -----------------------------------
CHOICES = [
    ("cleanse_morning", {"skin": "mild"}, "gentle", {"skin": "moderate"}, "water_only"),
    ("cleanse_morning", {"skin": "not_asked"}, "gentle", {"skin": "ungraded"}, "water_only"),
    ("moisturise_morning", {"skin": "mild"}, "cream", {"skin": "moderate"}, "rich"),
    ("moisturise_morning", {"air": "unknown"}, "cream", {"air": "humid"}, "humid_air"),
    ("moisturise_morning", {"air": "neither"}, "cream", {"air": "dry"}, "dry_air"),
    ("moisturise_morning", {"warmth": "hot"}, "cream", {"warmth": "cold"}, "cold"),
    ("moisturise_morning", {"air": "humid", "skin": "mild"}, "humid_air", {"air": "humid", "skin": "severe"}, "rich"),
    ("protect_morning", {"dark_spots": "no"}, "daily", {"dark_spots": "yes"}, "dark_spots"),
    ("protect_morning", {"dark_spots": "no"}, "daily", {"dark_spots": "unknown"}, "dark_spots_not_known"),
    ("protect_morning", {"sun": "none"}, "dark_spots_not_known", {"sun": "mild"}, "burnt_or_sensitive"),
    ("outdoors", {"outdoor_work": "no", "warmth": "cold"}, "indoors", {"outdoor_work": "yes"}, "works_outdoors"),
    ("outdoors", {"outdoor_work": "no", "warmth": "cold"}, "indoors", {"outdoor_work": "no", "warmth": "hot"}, "hot"),
    ("outdoors", {"outdoor_work": "yes"}, "works_outdoors", {"outdoor_work": "unknown"}, "not_known"),
    ("lips_day", {"lanolin_allergy": "no"}, "balm", {"lanolin_allergy": "yes"}, "no_lanolin"),
    ("lips_day", {"lanolin_allergy": "no"}, "balm", {"lanolin_allergy": "unknown"}, "no_lanolin"),
    ("lips_day", {"lips": "mild"}, "no_lanolin", {"lips": "moderate"}, "sore"),
    ("eyes", {"contact_lenses": "no"}, "watch", {"contact_lenses": "yes"}, "lenses"),
    ("eyes", {"contact_lenses": "no"}, "watch", {"contact_lenses": "unknown"}, "lenses_not_known"),
    ("eyes", {"contact_lenses": "no", "eyes": "mild"}, "dry", {"eyes": "mild"}, "dry_with_lenses"),
    ("eyes", {"eyes": "moderate"}, "dry_with_lenses", {"eyes": "severe"}, "lenses_out"),
    ("eyes", {"eyes": "moderate"}, "dry_with_lenses", {"eyes": "ungraded"}, "lenses_out"),
    ("make_up", {"make_up": "yes"}, "worn", {"make_up": "unknown"}, "not_known"),
    ("make_up", {"make_up": "yes"}, "worn", {"make_up": "no"}, None),
    ("moisturise_night", {"skin": "mild"}, "cream", {"skin": "moderate"}, "rich"),
    ("nose", {"air": "neither"}, "watch", {"air": "unknown"}, "dry_air"),
    ("nose", {"nose": "mild"}, "dry", {"nose": "moderate"}, "bleeds"),
    ("nose", {"air": "humid"}, "watch", {"air": "humid", "nose": "mild"}, "dry"),
    ("body", {"skin": "mild"}, "daily", {"skin": "ungraded"}, "very_dry"),
    ("shaving", {"shaving": "blade"}, "blade", {"shaving": "electric"}, "electric"),
    ("shaving", {"shaving": "no"}, None, {"shaving": "unknown"}, "not_known"),
    ("perfume", {"fragrance_allergy": "no"}, None, {"fragrance_allergy": "yes"}, "allergic"),
    ("perfume", {"fragrance_allergy": "no"}, None, {"fragrance_allergy": "unknown"}, "not_known"),
    ("getting_ready", {"stage": "first_weeks"}, None, {"stage": "before"}, "before"),
    ("getting_ready", {"stage": "later"}, None, {"stage": "after"}, "after"),
]


@pytest.mark.parametrize(("step", "one", "then", "other", "otherwise"), CHOICES)
def test_a_step_changes_where_its_condition_does(
    step: str, one: dict[str, str], then: str | None, other: dict[str, str], otherwise: str | None
) -> None:
    assert variants(**one).get(step) == then
    assert variants(**other).get(step) == otherwise


def test_every_variant_is_chosen_for_somebody_and_stands_in_the_table_above() -> None:
    in_table = {(row[0], name) for row in CHOICES for name in (row[2], row[4]) if name is not None}
    only = {(step.name, step.variants[0].name) for step in KNOWN.steps if len(step.variants) == 1 and not step.optional}
    assert {(step.name, variant.name) for step in KNOWN.steps for variant in step.variants} == in_table | only


# --- until when -----------------------------------------------------------------------------------
def stops(somebody: Person, day: str) -> dict[str, tuple[str, str | None]]:
    found = routine(somebody, KNOWN, as_of=day_of(day))
    return {
        stop.known.name: (stop.state, iso(stop.returns_on) if stop.returns_on is not None else None)
        for stop in found.stops
    }


@pytest.mark.parametrize(
    ("until", "last", "wanted"),
    [
        (Until(months="procedure_months"), "2026-08-31", "2027-02-28"),
        (Until(months="procedure_months"), "2027-08-31", "2028-02-29"),
        (Until(days="maintenance_after", by="maintenance_until"), "2026-08-31", "2026-09-28"),
        (Until(months="after_months", days="after_days"), "2026-01-31", "2026-03-02"),
        (Until(months="after_months", days="after_days"), "2026-07-15", "2026-08-15"),
        (Until(never=True), "2026-08-31", None),
        (Until(months="no_such_value"), "2026-08-31", None),
    ],
)
def test_what_was_stopped_returns_on_the_day_counted_by_hand(until: Until, last: str, wanted: str | None) -> None:
    day = returns_on(until, day_of(last), NUMBERS)
    assert (iso(day) if day is not None else None) == wanted


def test_a_stop_waits_to_the_day_and_never_returns_without_a_last_dose() -> None:
    over = person("2026-08-31", stage="after", skin="none")
    assert stops(over, "2027-02-27")["waxing"] == ("waits", "2027-02-28")
    assert stops(over, "2027-02-28")["waxing"] == ("may_return", "2027-02-28")
    assert stops(over, "2026-09-27")["acids"] == ("waits", "2026-09-28")
    assert stops(over, "2026-09-28")["acids"] == ("may_return", "2026-09-28")
    assert stops(over, "2031-01-01")["sunbeds"] == ("stopped", None)
    for stage in ("before", "first_weeks", "later", "unknown", "after"):
        states = stops(person(stage=stage), "2031-01-01")
        assert set(states.values()) == {("stopped", None)}, stage


@pytest.mark.parametrize("skin", ["mild", "moderate", "severe", "ungraded"])
def test_irritants_wait_as_long_as_dryness_is_on_record(skin: str) -> None:
    still_dry = stops(person("2026-08-31", stage="after", skin=skin), "2028-01-01")
    for name in ("retinoids", "benzoyl_peroxide", "acids", "scrubs", "home_peels", "harsh_toners"):
        assert still_dry[name][0] == "waits"
    assert still_dry["waxing"][0] == "may_return"


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(ALL), st.dates(date(2026, 8, 20), date(2026, 12, 31)), st.integers(0, 400))
def test_no_stop_returns_earlier_than_the_protocols_rules_on_procedures(programme: str, last: date, after: int) -> None:
    """Against the fact of the protocol and the checklist after the last dose, in every programme."""
    record = course(stop=last.isoformat())
    day = max(last.toordinal(), day_of("2026-08-20")) + after
    decision = decided_on(iso(day), record, programme)
    found = of(programme, record, iso(day))
    permitted = {line.item.name: line for line in aftercare.checklist(decision)}["procedures"]
    assert permitted.begins == decision.facts["procedures_from"]
    for stop in found.stops:
        if stop.known.kinds:
            assert stop.returns_on is not None and stop.returns_on >= decision.facts["procedures_from"]
            assert (stop.state == "waits") == (permitted.state == "not_yet"), stop.known.name
        if stop.known.until.by:
            assert stop.returns_on is not None and stop.returns_on >= decision.facts["maintenance_from"]
        if stop.known.name == "vitamin_a":
            assert stop.returns_on is not None and stop.returns_on >= decision.facts["risk_ends"]


def test_every_procedure_that_a_rule_speaks_of_is_stopped_and_every_rule_named_is_there() -> None:
    rules = {rule for stop in KNOWN.stops for rule in stop.rules}
    assert rules <= set(LIBRARY.rules) and NO_SYMPTOM in LIBRARY.rules
    about_kinds = {rule for rule in LIBRARY.rules if rule.startswith("procedure_")}
    left_out = {"procedure_surgery", "procedure_unread", "procedure_done_early", "procedure_cleared_early"}
    assert about_kinds - rules == left_out
    for programme in ALL:
        there = {rule.id for rule in edition(programme).rules}
        assert {rule for stop in KNOWN.stops for rule in stop.rules} <= there, programme


# --- from a record --------------------------------------------------------------------------------
def of(programme: str, record: Record, day: str) -> Routine:
    evaluation = evaluate(edition(programme), prepare(record), day_of(day))
    return routine(person_of(edition(programme), evaluation, KNOWN), KNOWN, as_of=day_of(day))


def facts_of(record: Record, day: str, programme: str = "uk") -> dict[str, str]:
    evaluation = evaluate(edition(programme), prepare(record), day_of(day))
    return dict(person_of(edition(programme), evaluation, KNOWN).facts)


def symptom(name: str, term: str, day: str = "2026-08-25", **fields: Any) -> dict[str, Any]:
    return told("symptom", name, day, text=term.replace("_", " "), term=term, **fields)


def test_the_stage_is_that_of_the_course() -> None:
    record = course(stop="2026-11-30")
    first_weeks = KNOWN.first_weeks_days
    begun = day_of("2026-08-20")
    assert facts_of(read_record(written()), "2026-08-19")["stage"] == "before"
    assert facts_of(record, "2026-08-19")["stage"] == "before"
    assert facts_of(record, "2026-08-20")["stage"] == "first_weeks"
    assert facts_of(course(stop=None), iso(begun + first_weeks - 1))["stage"] == "first_weeks"
    assert facts_of(course(stop=None), iso(begun + first_weeks))["stage"] == "later"
    assert facts_of(record, "2026-12-01")["stage"] == "after"


def test_symptoms_count_with_their_worst_grade_until_they_are_over() -> None:
    none = course(stop=None)
    assert facts_of(none, "2026-09-01")["lips"] == "not_asked"
    asked = course(told("symptoms_asked", "asked", "2026-08-25", found="none"), stop=None)
    assert facts_of(asked, "2026-09-01")["lips"] == "none"
    mild = symptom("a", "cheilitis", severity="mild")
    worse = symptom("b", "lip_pain", "2026-08-26", severity="severe")
    open_grade = symptom("c", "dry_skin")
    both = course(mild, worse, open_grade, stop=None)
    assert facts_of(both, "2026-09-01")["lips"] == "severe"
    assert facts_of(both, "2026-08-25")["lips"] == "mild"
    assert facts_of(both, "2026-09-01")["skin"] == "ungraded"
    over = course(mild, worse, told("symptom_ended", "e", "2026-08-28", symptom="b"), stop=None)
    assert facts_of(over, "2026-09-01")["lips"] == "mild"


def test_an_ungraded_symptom_outweighs_a_moderate_one_and_not_a_severe_one() -> None:
    moderate, bare = symptom("a", "dry_skin", severity="moderate"), symptom("b", "pruritus")
    severe = symptom("c", "eczema", severity="severe")
    assert facts_of(course(moderate, bare, stop=None), "2026-09-01")["skin"] == "ungraded"
    assert facts_of(course(moderate, bare, severe, stop=None), "2026-09-01")["skin"] == "severe"


def test_dryness_of_the_course_stands_after_it_until_it_is_over() -> None:
    dry = symptom("a", "dry_skin", severity="mild")
    assert facts_of(course(dry), "2027-06-01")["skin"] == "mild"
    settled = course(dry, told("symptom_ended", "e", "2026-10-01", symptom="a"))
    assert facts_of(settled, "2027-06-01")["skin"] == "not_asked"
    calm = course(
        dry,
        told("symptom_ended", "e", "2026-10-01", symptom="a"),
        told("symptoms_asked", "q", "2026-10-01", found="none"),
    )
    assert facts_of(calm, "2027-06-01")["skin"] == "none"


def profile(name: str, day: str, **answers: str) -> dict[str, Any]:
    return told("skin_profile", name, day, by="nurse", **answers)


def test_the_latest_profile_stands_as_a_whole() -> None:
    record = course(profile("p1", "2026-08-21", air="dry", budget="low"), profile("p2", "2026-08-30", air="humid"))
    assert facts_of(record, "2026-08-29")["air"] == "dry"
    after = facts_of(record, "2026-08-30")
    assert (after["air"], after["budget"]) == ("humid", "unknown")


@pytest.mark.parametrize(
    ("mine", "theirs", "present", "wanted"),
    [
        ("yes", None, (), "yes"),
        ("unknown", "2026-08-21", (), "no"),
        ("no", "2026-08-22", ("contact_lenses",), "yes"),
        ("no", "2026-08-21", ("contact_lenses",), "no"),
        ("no", "2026-08-21 same", ("contact_lenses",), "yes"),
        ("yes", "2026-08-22", (), "no"),
    ],
)
def test_contact_lenses_are_asked_about_in_two_places(mine: str, theirs: str | None, present: Any, wanted: str) -> None:
    """The later answer counts; of one day, that they are worn."""
    mine_on = "2026-08-21" if theirs is None or theirs != "2026-08-21" else "2026-08-22"
    events = [profile("p", mine_on, contact_lenses=mine)]
    if theirs is not None:
        events.append(told("circumstances_asked", "c", theirs.split()[0], by="nurse", present=list(present)))
    assert facts_of(course(*events, stop=None), "2026-08-25")["contact_lenses"] == wanted


def test_severe_or_ungraded_dryness_and_red_flags_go_to_the_prescriber() -> None:
    def alerts(*events: dict[str, Any]) -> dict[str, str]:
        found = of("uk", course(*events, stop=None), "2026-08-26")
        return {alert.rule: alert.capsules for alert in found.alerts}

    assert alerts() == {}
    assert alerts(symptom("a", "dry_skin", severity="mild")) == {}
    assert "symptom_severe" in alerts(symptom("a", "dry_skin", severity="severe"))
    assert "dryness_ungraded" in alerts(symptom("a", "dry_skin"))
    assert "cornea_affected" in alerts(symptom("a", "dry_eye", severity="severe"))
    assert alerts(symptom("a", "rash_with_blisters", severity="mild"))["severe_skin_reaction"] == "stop_now"


def test_what_a_dermatologist_cleared_is_said_to_be_decided_and_nothing_else() -> None:
    planned = told("procedure", "p", "2026-08-22", text="peel", what="superficial_peel", stage="planned")
    decision = {"procedures": ["p"], "decision": "go_ahead", "reason": "superficial only"}
    cleared = told("procedure_decided", "d", "2026-08-23", **decision)
    waits = told("procedure_decided", "d", "2026-08-23", **{**decision, "decision": "wait"})
    states = {s.known.name: s.state for s in of("uk", course(planned, cleared, stop=None), "2026-08-26").stops}
    assert states["clinic_peels"] == "decided" and states["waxing"] == "stopped"
    states = {s.known.name: s.state for s in of("uk", course(planned, waits, stop=None), "2026-08-26").stops}
    assert states["clinic_peels"] == "stopped"


# --- the knowledge is read strictly ---------------------------------------------------------------
def knowledge_with(tmp_path: Path, name: str, old: str, new: str) -> Any:
    for path in KNOWLEDGE.rglob("*.yaml"):
        target = tmp_path / path.relative_to(KNOWLEDGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text()
        if path.name == f"{name}.yaml" and path.parent.name == "skincare":
            assert old in text
            text = text.replace(old, new, 1)
        target.write_text(text)
    return read_knowledge(open_shelf(tmp_path))


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("routine", "skin: [moderate,", "skn: [moderate,", "did you mean 'skin'"),
        ("routine", "[moderate, severe, ungraded]", "[moderate, sever]", "did you mean 'severe'"),
        ("routine", "fragrance-free", "with retinol", "recommends 'retinol'"),
        ("routine", "      when: {skin: [moderate, severe, ungraded]}\n", "", "always holds"),
        ("routine", "  optional: true\n", "", "no variant of"),
        ("routine", "slot: morning", "slot: noon", "not allowed here"),
        ("routine", "sources: [know-policy, rt-ng198", "sources: [no-such", "not allowed here"),
        ("routine", "- step: cleanse_night", "- step: cleanse_morning", "stands twice"),
        ("stops", "until: {months: procedure_months}", "until: {}", "either there is a time"),
        ("stops", "until: {months: procedure_months}", "until: {months: 6}", "is no name"),
        ("stops", "words: [wax, waxing, strip]", "words: []", "no word is named"),
        ("stops", "kinds: [waxing]", "kinds: [waxin]", "did you mean 'waxing'"),
        ("stops", "confidence: high", "confidence: memory", "cannot be a"),
    ],
)
def test_a_mistake_in_the_knowledge_is_named(tmp_path: Path, name: str, old: str, new: str, says: str) -> None:
    with pytest.raises(ProtocolError, match=says):
        knowledge_with(tmp_path, name, old, new)


def test_a_label_of_other_countries_is_clinic_policy_where_it_is_not_the_programmes_own() -> None:
    def cream(programme: str) -> tuple[str, tuple[str, ...]]:
        found = of(programme, course(stop=None), "2026-08-26")
        cited = next(step.cited for step in found.steps if step.name == "moisturise_night")
        return cited.strength, cited.sources

    assert cream("uk")[0] == cream("de")[0] == "label"
    assert "rt-smpc-start" in cream("uk")[1]
    assert cream("us")[0] == cream("au")[0] == "clinic_policy"
    waxing = next(stop for stop in of("us", course(stop=None), "2026-08-26").stops if stop.known.name == "waxing")
    assert (waxing.rule, waxing.cited.strength) == ("procedure_waxing", "label")


def test_what_is_memory_or_weak_is_clinic_policy_and_every_stop_has_an_until() -> None:
    for cited in [v.cited for s in KNOWN.steps for v in s.variants] + [stop.cited for stop in KNOWN.stops]:
        assert cited.strength == "clinic_policy" or cited.confidence in ("high", "medium")
    for stop in KNOWN.stops:
        named = {name for name in (stop.until.months, stop.until.days, stop.until.by) if name}
        assert named <= set(LIBRARY.values) and (named or stop.until.never)
    assert replace(KNOWN.stops[0].until, never=False) == KNOWN.stops[0].until
