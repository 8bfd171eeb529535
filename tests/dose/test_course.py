"""Where a course stands for a record: against a life lived day by day, and known answers in words."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from isocourse.engine.decide import evaluate
from isocourse.errors import InputError
from isocourse.plan import course as code
from isocourse.plan.examples import Editions
from isocourse.plan.finish import Finish
from isocourse.plan.tasks import todos
from isocourse.record.corrections import visible
from isocourse.record.dates import day_of, iso
from isocourse.record.events import Dispensing, Event, Prescription
from isocourse.record.record import Record
from isocourse.record.tables import table
from isocourse.words.plan import plan, plan_json
from isocourse.words.plan_page import plan_page
from isocourse.words.plan_shape import Choices, FinishWords, Plan
from isocourse.words.prescribed import sig_of_prescription
from isocourse.words.read_sig import read_sig
from isocourse.words.schemas import schemas
from isocourse.words.sig import Question, Sig, write_sig
from tests import shipped
from tests.dose.test_intake import BASE, SHORT, event, histories, lived
from tests.dose.test_plan import ROWS
from tests.shipped import LIBRARY

VALIDATOR = Draft202012Validator(schemas()["plan"])
seen: Counter[str] = Counter()


def of(events: list[Event]) -> Record:
    return Record(isocourse_record="1", subject="p", events=tuple(events))


def made(events: list[Event], day: int, programme: str = "us", **chosen: Any) -> Plan:
    return plan(shipped.edition(programme), of(events), BASE + day, chosen=Choices(**chosen))


def course(events: list[Event], day: int, programme: str = "us") -> code.Course:
    edition = shipped.edition(programme)
    return code.course_of(edition, evaluate(edition, table(visible(events)), BASE + day))


# --- by hand: the course of generated histories ---------------------------------------------------
def began_by_hand(events: list[Any], as_of: int) -> tuple[int, bool]:
    """(first day of the course, whether it is over): the day after the last completed stop, unless nothing follows."""
    standing = [e for e in visible(events) if e.happened_on.last - BASE <= as_of]
    stops = {e.happened_on.last - BASE for e in standing if getattr(e, "reason", "") == "completed"}
    supplies = [e.happened_on.last - BASE for e in standing if isinstance(e, Dispensing)]
    if not stops:
        return -(10**6), False
    if any(day > max(stops) for day in supplies):
        return max(stops) + 1, False
    return max([day for day in stops if day < max(stops)], default=-(10**6)) + 1, True


@SHORT
@given(histories())
def course_agrees(history: tuple[list[Event], int]) -> None:
    events, as_of = history
    found = course(events, as_of)
    since, over = began_by_hand(events, as_of)
    wanted = lived(events, as_of, since)
    assert {t.formulation: (t.mg, t.mg_per_kg, t.days) for t in found.taken.totals} == wanted
    assert (found.ended is not None) == over
    seen["over"] += over
    seen["second"] += since > 0 and bool(found.taken.spells)
    seen["went on after a stop"] += bool(found.resumed_after)
    # Days with a dose and days in gaps are all the days from the first dose to today or to the end.
    last = min(as_of, found.ended.happened_on.last - BASE) if found.ended is not None else as_of
    days = sum(days for _, _, days in wanted.values())
    gaps = sum(high - low + 1 for low, high in found.gaps)
    assert found.first_dose is None or days + gaps == last - (found.first_dose - BASE) + 1
    seen["gaps"] += gaps > 0


def test_the_course_agrees_with_a_life_lived_day_by_day() -> None:
    seen.clear()
    course_agrees()
    for corner in ("over", "second", "went on after a stop", "gaps"):
        assert seen[corner] >= 5, (corner, seen)


@pytest.mark.long
def test_the_course_agrees_over_many_histories() -> None:
    settings(SHORT, max_examples=5_000, derandomize=False)(course_agrees)()


# --- by hand: living on until the target ----------------------------------------------------------
@SHORT
@given(histories(), st.sampled_from([120, 150, 220]))
def projection_agrees(history: tuple[list[Event], int], target: int) -> None:
    """Live on from tomorrow with enough of the present dose: the target is reached on the day told, not before."""
    events, as_of = history
    standing = [e for e in visible(events) if e.happened_on.last - BASE <= as_of]
    found = course(standing, as_of)
    assume(found.halted is None and found.present is not None and found.kg is not None and found.present.mg_a_day >= 10)
    assert found.present is not None
    (finish,) = [f for f in made(standing, as_of, targets=(target,)).finishes if f.by == "target"] or [None]
    assume(finish is not None and not finish.why_not and finish.days is not None and finish.days < 1400)
    assert finish is not None and finish.days is not None
    more: list[Event] = []
    if found.paused is not None:
        more.append(event("course_start", as_of + 1, "go"))
        seen["paused"] += 1
    dose = {"daily_dose_mg": str(float(found.present.mg_a_day)), "formulation": found.present.formulation}
    more += [event("dispensing", as_of + 1, f"x{n}", days=366, **dose) for n in range(4)]
    since, _ = began_by_hand(standing, as_of)

    def by(day: int) -> Fraction:
        total = lived([*standing, *more], as_of + day, since).get(found.present.formulation)  # type: ignore[union-attr]
        return total[1] if total is not None and total[1] is not None else Fraction(0)

    seen["reached" if finish.days == 0 else "to come"] += 1
    seen["in hand"] += found.taken.days_in_hand > 0
    assert by(finish.days) >= target
    assert finish.days == 0 or by(finish.days - 1) < target
    assert Fraction(finish.mg_per_kg or 0) == by(finish.days)


def test_the_projected_finish_is_the_day_on_which_living_on_reaches_it() -> None:
    seen.clear()
    projection_agrees()
    assert seen["to come"] >= 10 and seen["in hand"] >= 5, seen


# --- known answers --------------------------------------------------------------------------------
def a_course(**more: Any) -> list[Event]:
    rx = {"product": "Isotretinoin", "days": 30, "daily_dose_mg": 40, "formulation": "conventional", "intakes": 2}
    return [
        event("weight", 0, "w1", value="70"),
        event("prescription", 1, "rx", strengths=[{"mg": 20, "capsules": 60}], **{**rx, **more}),
        event("dispensing", 2, "s1", days=30, prescription="rx"),
    ]


def the(finishes: tuple[FinishWords, ...], name: str) -> FinishWords:
    (found,) = [finish for finish in finishes if finish.name == name]
    return found


def test_a_course_in_words() -> None:
    """Day 11 of 40 mg at 70 kg: 10 doses; 8400 - 400 mg are 200 days, 20 of them in hand."""
    found = made(a_course(), 11)
    assert found.weight is not None and (found.weight.kg, found.weight.days_old, found.weight.old) == ("70", 11, False)
    assert found.dose is not None
    assert (found.dose.mg_a_day, found.dose.mg_per_kg, found.dose.mg_per_kg_shown) == ("40", "4/7", "0.57")
    assert [(part.mg, part.count) for part in found.dose.capsules] == [("20", 2)]
    assert found.dose.against_label.startswith("Within the label's range, 35.0 to 70.0 mg")
    (total,) = found.course.totals
    assert (total.mg, total.mg_per_kg, total.days, found.course.days_in_hand) == ("400", "40/7", 10, 20)
    finish = the(found.finishes, "120 mg/kg")
    assert (finish.days, finish.on, finish.mg, finish.mg_per_kg) == (200, iso(BASE + 211), "8400", "120")
    assert (finish.prescriptions, [(p.mg, p.count) for p in finish.capsules]) == (6, [("20", 360)])
    assert finish.cited is not None and finish.cited.strength == "clinic_policy"  # the US label names no total
    label = [finish for finish in found.finishes if finish.by == "label"]
    assert [finish.on for finish in label] == [iso(BASE + 2 + 105), iso(BASE + 2 + 140)]
    assert found.prescription_text is not None and found.prescription_text.text == (
        "Isotretinoin: Take 1 capsule of 20 mg twice daily, by mouth, with food, for 30 days. Dispense 60 capsules. "
        "No refills."
    )
    assert {source.id for source in found.sources} >= {"dose-lai-2025", "dose-us-pi-dosage", "dose-us-food"}


def test_a_target_is_the_labels_only_where_its_label_names_it() -> None:
    for programme in ("uk", "eu", "de"):
        cited = the(made(a_course(), 11, programme).finishes, "120 mg/kg").cited
        assert cited is not None and cited.strength == "label"


def test_the_weight_that_counts_is_the_latest_and_says_when_it_is_old() -> None:
    events = [*a_course(), event("weight", 100, "w2", value="154", unit="[lb_av]")]
    old = made(a_course(), 91).weight
    assert old is not None and old.old and old.good_until == iso(BASE + 90)
    new = made(events, 101).weight
    assert new is not None and (new.kg, new.as_written, new.old) == ("69.85322498", "154 [lb_av]", False)


def test_what_is_not_known_is_said_and_not_guessed() -> None:
    no_weight = made(a_course()[1:], 11)
    assert no_weight.weight is None and no_weight.dose is not None and no_weight.dose.mg_per_kg is None
    assert all(f.on is None and f.why_not for f in no_weight.finishes if f.by == "target")
    assert {r.why_not for r in no_weight.regimens} == {"Without a weight no dose can be reckoned."}
    unknown = made(a_course(formulation="unknown"), 11)
    assert all("formulation" in f.why_not for f in unknown.finishes if f.by == "target")
    assert any("formulation is not on record" in says for says in unknown.unknown)
    empty = made([], 11)
    assert empty.dose is None and empty.regimens == () and empty.prescription_text is None


def test_mixed_formulations_are_kept_apart_and_have_no_common_finish() -> None:
    events = [
        *a_course(),
        event("dispensing", 32, "s2", days=30, daily_dose_mg=32, formulation="micronised"),
    ]
    found = made(events, 40)
    assert [(t.formulation, t.mg) for t in found.course.totals] == [("conventional", "1200"), ("micronised", "288")]
    assert all("cannot be added" in f.why_not for f in found.finishes if f.by == "target")
    assert not any("1488" in line.text for line in plan_page(found))


def test_a_supply_that_is_silent_leaves_the_prescriptions_dose_and_says_so() -> None:
    events = [*a_course()[:2], event("dispensing", 2, "s1", days=30)]
    found = made(events, 11)
    assert found.dose is not None and (found.dose.mg_a_day, found.dose.act) == ("40", "prescription")
    assert any("does not say its dose" in says for says in found.dose.says)
    assert not found.course.complete and found.course.totals[0].days_unknown == 10


def test_a_prescription_that_waits_is_told_as_one() -> None:
    found = made([*a_course(), event("prescription", 30, "rx2", product="Isotretinoin", days=30, daily_dose_mg=60,
                                     formulation="conventional")], 30)  # fmt: skip
    assert found.dose is not None and (found.dose.mg_a_day, found.dose.supplied) == ("60", False)
    # 29 doses are taken, 1 of 40 mg in hand, the rest at 60 mg: 8400 - 1160 - 40 = 7200, 120 days
    assert the(found.finishes, "120 mg/kg").days == 121


def test_a_second_course_waits_and_the_first_is_kept_apart() -> None:
    stop = event("course_stop", 31, "stop", reason="completed")
    over = made([*a_course(), stop], 40)
    assert over.course.ended == iso(BASE + 31) and over.finishes == () and over.dose is None
    assert over.second_course.earliest == "2026-04-01"  # two months after 1 February
    assert the_total(over) == "1200"
    again = [*a_course(), stop, event("dispensing", 100, "s9", days=30, daily_dose_mg=20, formulation="conventional")]
    found = made(again, 104)
    assert (the_total(found), found.course.after, found.course.earlier[0].mg) == ("100", iso(BASE + 31), "1200")
    assert found.second_course.earliest is None
    # A stop for an adverse effect is part of the course that goes on after it.
    resumed = [*a_course(), event("course_stop", 31, "stop", reason="adverse_effect"), *again[-1:]]
    whole = made(resumed, 104)
    assert the_total(whole) == "1300" and whole.course.earlier == ()
    assert any("counted inside this course" in says for says in whole.course.incomplete)
    assert [(gap.first, gap.last) for gap in whole.course.gaps] == [(iso(BASE + 32), iso(BASE + 99))]


@pytest.mark.parametrize("reason", ["adverse_effect", "pregnancy", "lost_to_follow_up"])
def test_a_course_that_was_stopped_has_no_projection_until_it_goes_on(reason: str) -> None:
    stopped = [*a_course(), event("course_stop", 20, "stop", reason=reason)]
    found = made(stopped, 25)
    assert found.course.halted == iso(BASE + 20) and found.headline.startswith("Stopped on Wed 21 Jan 2026")
    assert all("was stopped" in finish.why_not for finish in found.finishes if finish.by == "target")
    rx = event("prescription", 26, "rx2", product="Isotretinoin", days=30, daily_dose_mg=20, formulation="conventional")
    goes_on = made([*stopped, rx], 26)
    assert goes_on.course.halted is None and the(goes_on.finishes, "120 mg/kg").days is not None


def test_the_dose_of_an_earlier_supply_is_not_lent_to_a_silent_one() -> None:
    supplies = [
        event("weight", 0, "w1", value="70"),
        event("dispensing", 2, "s1", days=30, daily_dose_mg=40, formulation="conventional"),
        event("dispensing", 32, "s2", days=30),
    ]
    assert made(supplies, 40).dose is None
    found = made([*a_course()[:2], *supplies[1:], event("dispensing", 62, "s3", days=30)], 70)
    assert found.dose is not None and (found.dose.from_event, found.dose.supplied) == ("rx", True)


def the_total(found: Plan) -> str:
    (total,) = found.course.totals
    return total.mg


def test_a_course_that_every_stop_ends_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard of the reasons, broken once."""
    again = event("dispensing", 40, "s2", days=30, daily_dose_mg=40, formulation="conventional")
    history = [*a_course()[2:], event("course_stop", 20, "stop", reason="adverse_effect"), again]
    assert course(history, 50).first_dose == BASE + 2
    monkeypatch.setattr(code, "value_on", lambda edition, name, day: None)
    assert course(history, 50).first_dose == BASE + 40


@pytest.mark.parametrize(("before", "now", "may"), [(10, 3, False), (10, 2, True), (None, 2, None), (0, 0, False)])
def test_stopping_early_is_told_from_counts_of_nodules(before: int | None, now: int, may: bool | None) -> None:
    events = a_course()
    if before is not None:
        events.append(event("skin_score", 1, "n0", scale="nodule_count", value=before))
    events.append(event("skin_score", 20, "n1", scale="nodule_count", value=now))
    found = made(events, 20)
    assert found.early_stop.may is (None if before == 0 else may)
    assert made(events, 20, "uk").early_stop.may is None


def test_the_task_and_the_plan_agree_on_stopping_early() -> None:
    stories = [s for s in shipped.stories().values() if s.name.startswith("us_dose_nodules")]
    editions = Editions(LIBRARY)
    told = set()
    for story in stories:
        for expectation in story.expectations:
            from isocourse.engine.decide import decide, prepare
            from isocourse.plan.earliest import earliest_supply

            edition = editions.of(story, expectation)
            decision = decide(edition, story.record, expectation.on)
            early = earliest_supply(edition, prepare(story.record), decision.evaluation)
            asked = any("review_early_stop" in todo.why for todo in todos(decision, early))
            assert asked is bool(code.course_of(edition, decision.evaluation).nodules.enough)
            told.add(asked)
    assert told == {True, False}


# --- the label's table at the door ----------------------------------------------------------------
@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]} kg" for row in ROWS])
def test_the_labels_table_cell_by_cell_in_a_plan(row: tuple[int, ...]) -> None:
    for product, name, cells in (
        ("isotretinoin_us", "us_label", row[1:4]),
        ("absorica", "us_label", row[1:4]),
        ("absorica_ld", "us_label_micronised", row[4:7]),
    ):
        found = made([event("weight", 0, "w", value=row[0])], 1, product=product)
        (regimen,) = [r for r in found.regimens if r.regimen == name]
        assert (regimen.start_mg, regimen.usual_mg, regimen.most_mg) == tuple(map(str, cells))
        strengths = {str(mg) for mg in LIBRARY.products[product].strengths_mg}
        for step in regimen.steps:
            assert len(step.intakes) == 2  # the label divides the dose
            parts = [part for intake in step.intakes for part in intake]
            assert {part.mg for part in parts} <= strengths
            assert sum(Decimal(part.mg) * part.count for part in parts) == Decimal(step.mg)
            assert cells[0] <= Decimal(step.mg) <= cells[1]


def test_a_chosen_regimen_comes_first_and_departures_are_said() -> None:
    found = made(a_course(), 11, regimen="low_dose_20")
    assert found.regimens[0].chosen and "Not the label's dosing" in found.regimens[0].departs
    assert made(a_course(), 11).regimens[0].is_label
    with pytest.raises(InputError, match="not for micronised"):
        from isocourse.plan.dose import dose_plan

        dose_plan(LIBRARY.regimens["us_label"], LIBRARY.products["absorica_ld"], Fraction(70))
    lent = made(a_course(), 11, regimen="us_label", product="absorica_ld")
    assert lent.regimens[0].steps == () and "not for micronised" in lent.regimens[0].why_not


def test_before_the_start_a_chosen_regimen_shows_what_it_would_come_to() -> None:
    """60 kg and 60 mg a day: 7200 mg are 120 days and four prescriptions."""
    found = made([event("weight", 0, "w", value=60)], 1, regimen="us_label", product="isotretinoin_us")
    finish = the(found.finishes, "120 mg/kg")
    assert (finish.days, finish.prescriptions, [(p.mg, p.count) for p in finish.capsules]) == (120, 4, [("30", 240)])
    assert "top of US label" in found.projection


@pytest.mark.parametrize(
    ("programme", "chosen"),
    [("us", {"regimen": "eu_label"}), ("uk", {"product": "absorica"}), ("us", {"targets": (130,)}),
     ("us", {"finish": BASE}), ("ca", {"product": "absorica"})],
)  # fmt: skip
def test_what_the_programme_does_not_have_cannot_be_chosen(programme: str, chosen: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        made(a_course(), 11, programme, **chosen)


def test_a_name_means_one_product_or_none() -> None:
    us = shipped.edition("us")
    for name, formulation, wanted in (
        ("Absorica LD 20 mg", "unknown", "absorica_ld"),
        ("Absorica", "lidose", "absorica"),
        ("Absorica", "conventional", None),
        ("isotretinoin", "conventional", "isotretinoin_us"),
        ("isotretinoin", "unknown", None),
        ("isotretinoin", "lidose", None),
        ("Claravis 40 mg capsules", "conventional", "claravis"),
        ("Myorisan", "conventional", None),
        ("isotretinoinum", "conventional", None),
    ):
        found = code.product_named(us, name, formulation)
        assert (found.id if found is not None else None) == wanted, name


# --- the text of a prescription -------------------------------------------------------------------
@st.composite
def prescriptions(draw: st.DrawFn) -> Prescription:
    days = draw(st.sampled_from([28, 30]))
    parts = draw(st.lists(st.sampled_from(["10", "20", "40", "37.5"]), max_size=2, unique=True))
    counts = draw(st.sampled_from([None, days, 2 * days, 3 * days, 45]))
    fields: dict[str, Any] = {"strengths": [{"mg": mg, **({"capsules": counts} if counts else {})} for mg in parts]}
    dose = draw(st.sampled_from([None, "20", "40", "60", "37.5", "33.3333"]))
    if dose is not None:
        fields["daily_dose_mg"] = dose
    intakes = draw(st.sampled_from([None, 1, 2, 3, 4]))
    if intakes is not None:
        fields["intakes"] = intakes
    found = event("prescription", 0, "rx", product="Isotretinoin", days=days, refills=draw(st.integers(0, 2)), **fields)
    assert isinstance(found, Prescription)
    return found


@settings(SHORT, max_examples=400)
@given(prescriptions(), st.sampled_from([None, *sorted(LIBRARY.products)]))
def test_a_prescription_is_written_as_it_stands_or_asked_about(rx: Prescription, product: str | None) -> None:
    found = sig_of_prescription(rx, LIBRARY.products[product] if product is not None else None)
    if isinstance(found, Question):
        assert found.asks.endswith("?")
        return
    read = read_sig(write_sig(found))
    assert isinstance(read, Sig) and read == found
    content = sum((part.mg * (part.capsules or 0) for part in rx.strengths), Decimal(0))
    assert rx.intakes == read.intakes and rx.days == read.days and rx.refills == read.refills
    assert read.daily_mg == (rx.daily_dose_mg if rx.daily_dose_mg is not None else content / rx.days)
    if content:
        assert read.quantity == sum(part.capsules or 0 for part in rx.strengths)
    assert bool(read.food) is (product is not None)


# --- every bundled record -------------------------------------------------------------------------
def test_every_bundled_story_has_a_plan_that_fits_its_schema() -> None:
    editions = Editions(LIBRARY)
    for index, story in enumerate(shipped.stories().values()):
        if index % 4 and "dose" not in story.topics:
            continue
        expectation = story.expectations[-1]
        found = plan(editions.of(story, expectation), story.record, expectation.on)
        VALIDATOR.validate(json.loads(plan_json(found)))
        assert all(line.text.strip() for line in plan_page(found)), story.name


@pytest.mark.parametrize("kg", ["0.001", "3", "300", "1000", "69.853"])
@pytest.mark.parametrize("mg", ["0.001", "0.1", "37.5", "999.999"])
def test_odd_numbers_end_in_words(kg: str, mg: str) -> None:
    events = a_course(daily_dose_mg=mg)[1:]
    events.append(event("weight", 0, "w1", value=kg))
    for chosen in ({}, {"regimen": "us_label", "product": "isotretinoin_us_25_35"}, {"product": "absorica_ld"}):
        assert all(line.text.strip() for line in plan_page(made(events, 11, **chosen)))


@pytest.mark.parametrize(
    ("programme", "named", "plain", "formulation", "product", "first_regimen", "steps"),
    [
        # 70 kg. Clarus has no 20 mg: 35 mg are not to be made of it, 40 mg are 4 x 10 in two intakes.
        ("ca", "Clarus", "clarus", "conventional", "clarus", "ca_by_weight", ["40", "50", "60", "70"]),
        ("ca", "Accutane", "accutane", "conventional", "accutane_ca", "ca_by_weight", ["40", "50", "60", "70"]),
        ("ca", "Epuris", "epuris", "lidose", "epuris", "ca_by_weight_lidose", ["40", "50", "60", "70"]),
        (
            "ca",
            "Absorica LD",
            "absorica ld",
            "micronised",
            "absorica_ld_ca",
            "ca_label_micronised",
            ["32", "40", "48", "56"],
        ),
        (
            "au",
            "Oratane",
            "oratane",
            "conventional",
            "oratane",
            "au_by_weight",
            ["35", "40", "45", "50", "55", "60", "65", "70"],
        ),
        ("au", "Roaccutane", "roaccutane", "conventional", "roaccutane_au", "au_by_weight", ["40", "60"]),
        ("au", "Rocta", "rocta", "conventional", "rocta", "au_by_weight", ["40", "50", "60", "70"]),
    ],
)
def test_canada_and_australia_plan_in_capsules_that_are_sold_there(
    programme: str, named: str, plain: str, formulation: str, product: str, first_regimen: str, steps: list[str]
) -> None:
    course = a_course(product=named, formulation=formulation)
    found = made(course, 11, programme)
    assert found.product == LIBRARY.products[product].name
    assert not any("No product" in says for says in found.unknown)
    regimen = found.regimens[0]
    assert regimen.regimen == first_regimen
    assert [step.mg for step in regimen.steps] == steps
    assert bool(regimen.departs) is (first_regimen != "ca_label_micronised")
    assert {"low_dose_20", "low_dose_by_weight"} <= {r.regimen for r in found.regimens} or formulation != "conventional"
    food = next(advice for advice in found.advice if advice.about == "food")
    assert ("with or without" in food.says) is (product == "absorica_ld_ca")
    text = found.prescription_text
    assert text is not None and text.text is not None
    read = read_sig(text.text)
    assert isinstance(read, Sig) and read.product == plain and read.daily_mg == 40


@pytest.mark.parametrize("programme", ["ca", "au"])
def test_of_the_bare_substance_no_product_is_guessed(programme: str) -> None:
    found = made(a_course(product="isotretinoin"), 11, programme)
    assert found.product is None
    assert any("choose --product" in says for says in found.unknown)


def test_a_day_before_the_programme_is_refused() -> None:
    with pytest.raises(Exception, match="no rules of programme"):
        plan(shipped.edition("us"), of([]), day_of("1990-01-01"))


def test_amounts_add_up_to_what_is_shown() -> None:
    """An exact fraction in the JSON is the one that was reckoned with."""
    finish = the(made([*a_course(), event("weight", 5, "w3", value="71.3")], 11).finishes, "150 mg/kg")
    assert finish.days is not None and finish.mg is not None and finish.mg_per_kg is not None
    so_far = Fraction(3 * 40, 70) + Fraction(7 * 40 * 10, 713)
    assert Fraction(finish.mg_per_kg) == so_far + Fraction(40 * finish.days * 10, 713) >= 150
    assert isinstance(Fraction(finish.mg), Fraction) and Finish is not None
