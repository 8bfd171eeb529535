"""What the rules promise, proved: no record, of any shape, on any day, gets a "proceed" that breaks these.

Each promise is written here by hand from base facts and plain numbers, not from the protocol's values, so that it
does not move when they do. A proof is z3 finding no case against it. Each is then broken once on purpose: with a
rule taken out, z3 has to find a case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
import z3

from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.model import CAPSULES, Effect, Library
from tests import shipped
from tests.proofs.axioms import axioms
from tests.proofs.translate import Model, counterexample, is_broken, without
from tests.shipped import LIBRARY

V2 = "ipledge-2026"
SCHEDULED = date(2026, 8, 8).toordinal()
LATER = date(2026, 10, 1).toordinal()


@cache
def edition(name: str, topics: tuple[str, ...] | None = None) -> Edition:
    match name:
        case "us adopted":
            return shipped.edition("us", topics, ((V2, SCHEDULED),))
        case "us adopted later":
            return shipped.edition("us", topics, ((V2, LATER),))
        case "us of 2021 alone":
            return edition_of(_without_version(LIBRARY, V2), "us", topics=topics)
    return shipped.edition(name, topics)


def _without_version(library: Library, gone: str) -> Library:
    """The library as if a version had never been written: its rules, its values, and the ends it brings."""
    programmes = {
        name: replace(programme, versions=tuple(v for v in programme.versions if v.id != gone))
        for name, programme in library.programmes.items()
    }
    values = {
        name: replace(value, steps=tuple(step for step in value.steps if step.version != gone))
        for name, value in library.values.items()
    }
    return replace(
        library,
        programmes=programmes,
        values=values,
        rules={name: replace(rule, in_force=_spans(rule.in_force, gone)) for name, rule in library.rules.items()},
        tasks={name: replace(task, in_force=_spans(task.in_force, gone)) for name, task in library.tasks.items()},
    )


def _spans(in_force: object, gone: str) -> dict[str, tuple[str, str | None]]:
    return {
        programme: (begin, None if end == gone else end)
        for programme, (begin, end) in in_force.items()  # type: ignore[attr-defined]
        if begin != gone
    }


US = ("us", "us adopted", "us adopted later", "us of 2021 alone")
PPP = ("uk", "eu")
ALL = (*US, *PPP)
Promise = Callable[[Model], z3.BoolRef]


@cache
def shipped_model(name: str) -> tuple[Model, list[z3.BoolRef]]:
    """A programme as it is shipped, and its axioms."""
    model = Model(edition(name))
    return model, axioms(model)


def case_against(of: Edition, promise: Promise) -> str | None:
    model = Model(of)
    return counterexample(model, promise(model), *axioms(model))


# --- the promises ---------------------------------------------------------------------------------
def _supplied_to_one_who_can(promised: Promise) -> Promise:
    """The promise for a person who can become pregnant and gets a "proceed"."""
    return lambda m: z3.Implies(z3.And(m.true("can_become_pregnant"), m.proceed), promised(m))


def _first(promised: Promise) -> Promise:
    return lambda m: z3.Implies(m.true("first_supply"), promised(m))


def _later(promised: Promise) -> Promise:
    return lambda m: z3.Implies(m.false("first_supply"), promised(m))


def _inside_window(m: Model, test: str) -> z3.BoolRef:
    """The test's day is day 1 of seven; a printed date comes first."""
    day, printed = m.value(test), m.value("printed_date")
    last = z3.If(z3.And(m.true("printed_date_given"), m.known("printed_date")), printed, day + 6)
    return z3.And(m.known(test), day <= m.as_of, m.as_of <= last)


def _two_tests(m: Model) -> z3.BoolRef:
    both = z3.And(m.true("first_test_done"), m.known("first_test_day"), m.known("confirm_test_day"))
    return z3.And(both, m.value("confirm_test_day") >= m.value("first_test_day") + 19)


def _test_after_month_of_cover(m: Model) -> z3.BoolRef:
    covered = z3.And(m.true("confirm_covered"), m.known("confirm_lead_day"))
    return z3.And(covered, m.value("confirm_lead_day") <= m.value("confirm_test_day"))


def _later_test(m: Model) -> z3.BoolRef:
    """A negative test that counts, since the last supply."""
    since = z3.Implies(m.true("supplied_this_course"), m.value("supply_test_day") > m.value("last_supply_day"))
    return z3.And(m.true("supply_test_done"), since, _inside_window(m, "supply_test_day"))


def _lead_complete(m: Model) -> z3.BoolRef:
    return z3.And(m.true("covered_now"), m.known("lead_complete_day"), m.value("lead_complete_day") <= m.as_of)


def _agreed(m: Model) -> z3.BoolRef:
    return z3.And(m.true("agreement_made"), m.false("agreement_ended"))


def _prescription(m: Model) -> z3.BoolRef:
    within = z3.And(m.known("prescription_days"), m.value("prescription_days") <= 30)
    no_refills = z3.And(m.known("prescription_refills"), m.value("prescription_refills") == 0)
    return z3.Implies(m.true("prescription_pending"), z3.And(within, no_refills))


def _test_for_prescription(m: Model) -> z3.BoolRef:
    """At most three days before the prescription that waits, or before today; and that one is at most 7 days old."""
    written, waiting, today = m.value("prescription_day"), m.value("prescription_test_day"), m.value("supply_test_day")
    if_waiting = z3.And(
        m.known("prescription_day"),
        m.known("prescription_test_day"),
        z3.And(waiting <= written, written <= waiting + 3),
        z3.And(written <= m.as_of, m.as_of <= written + 7),
    )
    if_not = z3.And(m.known("supply_test_day"), today <= m.as_of, m.as_of <= today + 3)
    return z3.If(m.true("prescription_pending"), if_waiting, if_not)


SHARED: dict[str, Promise] = {
    "a prescription that waits is for at most 30 days, without refills": _supplied_to_one_who_can(_prescription),
    "no worry is open": _supplied_to_one_who_can(lambda m: m.false("concern_open")),
    "no pregnancy is unresolved": _supplied_to_one_who_can(lambda m: m.false("pregnancy_unresolved")),
    "who may become pregnant is never unknown": lambda m: z3.Implies(m.proceed, m.known("can_become_pregnant")),
    "an unresolved pregnancy stops all": lambda m: z3.Implies(
        m.true("pregnancy_unresolved"), z3.And(m.stop_now, z3.Not(m.proceed))
    ),
}
US_PROMISES: dict[str, Promise] = {
    **SHARED,
    "first supply: two tests, nineteen days apart": _supplied_to_one_who_can(_first(_two_tests)),
    "first supply: the second test after a month of contraception": _supplied_to_one_who_can(
        _first(_test_after_month_of_cover)
    ),
    "first supply: the second test met every condition": _supplied_to_one_who_can(
        _first(lambda m: m.true("confirm_opened"))
    ),
    "first supply: inside the window of the second test": _supplied_to_one_who_can(
        _first(lambda m: _inside_window(m, "confirm_test_day"))
    ),
    "later supply: inside the window of a test since the last": _supplied_to_one_who_can(_later(_later_test)),
    "contraception is adequate now": _supplied_to_one_who_can(lambda m: m.true("covered_now")),
    "first supply: a whole month of contraception": _supplied_to_one_who_can(_first(_lead_complete)),
}
PPP_PROMISES: dict[str, Promise] = {
    **SHARED,
    "a test for the prescription, and a prescription still valid": _supplied_to_one_who_can(_test_for_prescription),
    "contraception is adequate now, or agreed": _supplied_to_one_who_can(
        lambda m: z3.Or(m.true("covered_now"), _agreed(m))
    ),
    "first supply: a whole month of contraception, or agreed": _supplied_to_one_who_can(
        _first(lambda m: z3.Or(_lead_complete(m), _agreed(m)))
    ),
}


def promises_of(name: str) -> dict[str, Promise]:
    return US_PROMISES if name in US else PPP_PROMISES


def _each() -> list[object]:
    return [pytest.param(name, promise) for name in ALL for promise in promises_of(name)]


@pytest.mark.parametrize(("name", "promise"), _each())
def test_promise_is_kept(name: str, promise: str) -> None:
    model, known = shipped_model(name)
    case = counterexample(model, promises_of(name)[promise](model), *known)
    assert case is None, case


# --- each promise, with a guard taken away --------------------------------------------------------
SABOTAGE = [
    ("a prescription that waits is for at most 30 days, without refills", US, "prescription_too_long_us"),
    ("a prescription that waits is for at most 30 days, without refills", US, "prescription_with_refills_us"),
    ("a prescription that waits is for at most 30 days, without refills", PPP, "prescription_too_long"),
    ("a prescription that waits is for at most 30 days, without refills", PPP, "prescription_with_refills"),
    ("no worry is open", US, "concern_open_us"),
    ("no worry is open", PPP, "concern_open"),
    ("no pregnancy is unresolved", ALL, "pregnancy_unresolved"),
    ("who may become pregnant is never unknown", ALL, "category_unknown"),
    ("an unresolved pregnancy stops all", ALL, "pregnancy_unresolved"),
    ("first supply: two tests, nineteen days apart", US, "first_test_missing"),
    ("first supply: two tests, nineteen days apart", US, "second_test_missing"),
    ("first supply: the second test after a month of contraception", US, "second_test_before_cover"),
    ("first supply: the second test met every condition", US, "locked_out"),
    ("first supply: the second test met every condition", US, "second_test_outside_period"),
    ("first supply: the second test met every condition", US, "second_test_opened_nothing"),
    ("first supply: inside the window of the second test", US, "first_window_missed"),
    ("first supply: inside the window of the second test", US, "second_test_opened_nothing"),
    ("later supply: inside the window of a test since the last", US, "monthly_test_missing"),
    ("later supply: inside the window of a test since the last", US, "window_closed"),
    ("contraception is adequate now", US, "contraception_before_us"),
    ("contraception is adequate now", US, "contraception_during_us"),
    ("first supply: a whole month of contraception", US, "lead_time_us"),
    ("a test for the prescription, and a prescription still valid", ("uk",), "prescription_test_missing"),
    ("a test for the prescription, and a prescription still valid", ("eu",), "prescription_test_missing_eu"),
    ("a test for the prescription, and a prescription still valid", PPP, "prescription_test_too_old"),
    ("a test for the prescription, and a prescription still valid", PPP, "prescription_expired"),
    ("contraception is adequate now, or agreed", PPP, "contraception_before"),
    ("contraception is adequate now, or agreed", PPP, "contraception_during"),
    ("first supply: a whole month of contraception, or agreed", PPP, "lead_time first_test_before_cover"),
]


@pytest.mark.parametrize(
    ("promise", "name", "rules"),
    [(promise, name, rules) for promise, names, rules in SABOTAGE for name in names],
)
def test_promise_is_broken_without_its_guard(promise: str, name: str, rules: str) -> None:
    model = Model(without(edition(name), *rules.split()))
    broken = is_broken(model, promises_of(name)[promise](model), *axioms(model))
    assert broken, f"{rules} guards nothing here: the proof would pass without it"


def test_every_promise_is_broken_once() -> None:
    for name in ALL:
        broken = {promise for promise, names, _ in SABOTAGE if name in names}
        assert broken == set(promises_of(name)), name


# --- what cannot be decided -----------------------------------------------------------------------
# Rules that touch the right to supply neither when they fire nor when they cannot be decided.
NEVER_WITHHOLD = {
    "blood_given",
    "capsules_left_over",
    "ground_not_accepted",
    "supplied_over_limit",
    "supply_not_recorded",
    "test_setting_unknown",
    # bloods: what is shown beside the rules that withhold
    "cholesterol_raised",
    "ck_raised",
    "lipids_after_alcohol",
    "liver_repeat",
    "monitoring_escalated",
    "result_off_limits",
    "schedule_not_label",
    "tg_raised",
}
NEVER_WITHHOLD |= {
    "medicine_listed",
    "inducer_taken",
    "minipill_listed",
    "combined_listed",
    "topical_irritant",
    "topical_irritant_us",
    "methotrexate_taken",
    "phenytoin_taken",
    "phenytoin_taken_us",
    "corticosteroid_taken",
    "corticosteroid_taken_us",
    "carbamazepine_taken",
    "warfarin_taken",
    "alcohol_taken",
    "vitamin_e_taken",
    "lipid_medicine_taken",
    "gemfibrozil_with_statin",
}
NEVER_WITHHOLD |= {
    "dose_capsules_not_stated",
    "dose_capsules_shortfall",
    "dose_formulation_switched",
    "dose_formulation_unknown",
    "dose_once_daily_us",
    "dose_over_usual_us",
    "dose_supplied_too_high",
    "dose_supplied_too_high_us",
    "dose_supplied_unknown",
    "dose_under_range",
    "dose_weight_old",
}
# effects: what is common, with what helps
NEVER_WITHHOLD |= {
    "lips_dry",
    "skin_dry",
    "eyes_dry",
    "nose_dry",
    "mouth_dry",
    "aches",
    "back_pain_young",
    "back_pain",
    "headache_mild",
    "acne_flares",
    "sun_sensitive",
    "mood_minor_change",
    "sexual_effects",
    "glucose_signs",
    "other_effect",
    "effect_moderate",
}
NEVER_WITHHOLD |= {
    "acne_fulminans",
    "allergy_not_judged",
    "bone_disease_listed",
    "bowel_disease_listed",
    "circumstances_not_asked",
    "contact_lenses",
    "eye_disease_listed",
    "eye_surgery_planned",
    "illness_listed",
    "illness_unread_over",
    "indication_outside_label",
    "indication_outside_label_us",
    "more_blood_tests",
    "muscles_at_risk",
    "night_vision",
    "psychiatric_history_listed",
    "renal_impairment_listed",
    "severe_renal_impairment_listed",
    "skin_needs_care",
    "still_growing",
    "surgery_planned",
    "transplant_listed",
}
NEVER_WITHHOLD |= {
    "procedure_cleared_early",
    "procedure_deep_peel",
    "procedure_done_early",
    "procedure_eye_surgery",
    "procedure_fractional_ablative",
    "procedure_full_ablative",
    "procedure_hair_laser",
    "procedure_manual_dermabrasion",
    "procedure_mechanical_dermabrasion",
    "procedure_microneedling",
    "procedure_non_ablative_laser",
    "procedure_superficial_peel",
    "procedure_surgery",
    "procedure_tattoo",
    "procedure_unread",
    "procedure_vascular_laser",
    "procedure_waxing",
    "refer_to_teratology",
    "report_pregnancy_authority",
    "report_pregnancy_medwatch_us",
    "report_pregnancy_possible",
    "report_pregnancy_registry_us",
    "report_pregnancy_uktis",
    "report_pregnancy_yellow_card",
    "report_reaction_authority",
    "report_reaction_medwatch_us",
    "report_reaction_yellow_card",
}
UNAFFECTED = Effect("unaffected", "unaffected")
SEVERITY = ["unaffected", *CAPSULES]


@pytest.mark.parametrize("name", ALL)
def test_a_rule_that_cannot_be_decided_is_never_softer_than_one_that_fired(name: str) -> None:
    of = edition(name)
    softer = {rule.id for rule in of.rules if rule.if_unknown.supply != "withhold"}
    assert softer == NEVER_WITHHOLD & {rule.id for rule in of.rules}
    assert all(rule.then.supply == "unaffected" for rule in of.rules if rule.id in softer)
    for rule in of.rules:
        assert SEVERITY.index(rule.if_unknown.capsules) >= SEVERITY.index(rule.then.capsules), rule.id
    case = case_against(of, _nothing_undecided)
    assert case is None, case


def _nothing_undecided(m: Model) -> z3.BoolRef:
    undecided = z3.Or([state.unknown for rule_id, state in m.states.items() if rule_id not in NEVER_WITHHOLD])
    return z3.Implies(m.proceed, z3.Not(undecided))


@pytest.mark.parametrize("name", ALL)
def test_an_undecided_rule_that_would_let_pass_is_found(name: str) -> None:
    of = edition(name)
    rule_id = "comprehension_missing" if name in US else "prescriber_role"
    rules = tuple(replace(rule, if_unknown=UNAFFECTED) if rule.id == rule_id else rule for rule in of.rules)
    assert case_against(replace(of, rules=rules), _nothing_undecided) is not None


# --- old and new version of the United States side by side ----------------------------------------
def _stricter_governs(both: Edition, alone: Edition) -> str | None:
    """A case in which both versions together let pass what one of them alone withholds. The facts are taken to be
    the same; where the lock-out differs they are not, and `test_versions_side_by_side.py` looks at records."""
    merged, single = Model(both), Model(alone)
    claim = z3.Implies(merged.proceed, single.proceed)
    return counterexample(merged, claim, merged.as_of >= SCHEDULED, *axioms(merged))


@pytest.mark.parametrize("alone", ["us of 2021 alone", "us adopted"])
def test_while_unconfirmed_the_stricter_of_both_governs(alone: str) -> None:
    case = _stricter_governs(edition("us"), edition(alone))
    assert case is None, case


@pytest.mark.parametrize(
    ("alone", "rules"),
    [
        ("us of 2021 alone", ("visit_missing",)),
        ("us of 2021 alone", ("counselling_missing_cannot",)),
        ("us adopted", ("counselling_at_enrolment",)),
        ("us adopted", ("comprehension_missing",)),
    ],
)
def test_a_rule_lost_between_versions_is_found(alone: str, rules: tuple[str, ...]) -> None:
    assert _stricter_governs(without(edition("us"), *rules), edition(alone)) is not None


# --- United Kingdom: the second prescriber --------------------------------------------------------
ASKED_FROM, ASKED_UNTIL = date(2023, 10, 31).toordinal(), date(2026, 1, 22).toordinal()


def _needs_second(m: Model) -> z3.BoolRef:
    day = m.value("prescribing_day")
    asked = z3.And(m.known("prescribing_day"), day >= ASKED_FROM, day < ASKED_UNTIL)
    minor = z3.And(m.true("is_minor"), m.true("first_supply"))
    return z3.Implies(z3.And(asked, minor, m.proceed), m.true("second_approved"))


def _case_where_second_matters(of: Edition, *, asked: bool) -> str | None:
    """A case in which the second approval alone makes the difference, on a day on which it is asked or is not."""
    one, other = Model(of), Model(of, copy="other ")
    same = [
        z3.And(pair.known == other.inputs[name].known, pair.value == other.inputs[name].value)
        for name, pair in one.inputs.items()
        if name != "second_approved"
    ]
    day = one.value("prescribing_day")
    inside = z3.And(day >= ASKED_FROM, day < ASKED_UNTIL)
    given = [*axioms(one), *axioms(other), *same, one.known("prescribing_day"), inside if asked else z3.Not(inside)]
    return counterexample(one, one.proceed == other.proceed, *given)


def test_uk_second_prescriber_between_the_two_dates() -> None:
    case = case_against(edition("uk"), _needs_second)
    assert case is None, case
    assert case_against(without(edition("uk"), "second_prescriber_missing"), _needs_second) is not None


def test_uk_second_prescriber_never_asked_outside_them() -> None:
    assert _case_where_second_matters(edition("uk"), asked=True) is not None
    case = _case_where_second_matters(edition("uk"), asked=False)
    assert case is None, case


def test_uk_second_prescriber_asked_too_long_is_found() -> None:
    of = edition("uk")
    conditions = tuple(
        replace(condition, until_day=None) if condition.until_day == ASKED_UNTIL else condition
        for condition in of.conditions
    )
    assert _case_where_second_matters(replace(of, conditions=conditions), asked=False) is not None
