"""The label's table cell by cell, capsules that add up, steps, projections, the interval and the early stop."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.errors import InputError
from isocourse.plan import capsules as caps
from isocourse.plan.capsules import Day, capsules_for, doses_between
from isocourse.plan.dose import bounds, dose_plan, may_stop_early, second_course_from
from isocourse.plan.finish import (
    CANNOT_ADD,
    HELD_NOT_KNOWN,
    NO_FORMULATION,
    NOT_KNOWN_TO_ADD,
    Finish,
    Now,
    Refusal,
    finish_by_date,
    finish_by_target,
    shown,
)
from isocourse.record.dates import day_of, iso
from isocourse.record.intake import Held, Taken, Total
from isocourse.words import dose as words
from tests.shipped import LIBRARY

SHORT = settings(max_examples=150, derandomize=True, database=None, deadline=None)

# The US label: kg, then 0.5, 1 and 2 mg/kg, then Absorica LD 0.4, 0.8 and 1.6 mg/kg (mg a day).
LABEL = """
40  20  40  80  16 32  64
50  25  50 100  20 40  80
60  30  60 120  24 48  96
70  35  70 140  28 56 112
80  40  80 160  32 64 128
90  45  90 180  36 72 144
100 50 100 200  40 80 160
"""
ROWS = [tuple(map(int, line.split())) for line in LABEL.split("\n") if line]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]} kg" for row in ROWS])
def test_the_labels_table_cell_by_cell(row: tuple[int, ...]) -> None:
    for regimen, cells in (("us_label", row[1:4]), ("us_label_micronised", row[4:7])):
        found = bounds(LIBRARY.regimens[regimen], Fraction(row[0]))
        assert (found.start, found.usual, found.most) == cells


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]} kg" for row in ROWS])
def test_the_rules_limits_are_those_of_the_table(row: tuple[int, ...]) -> None:
    """The values that rules compare with give the same cells: both come from the label, written down twice."""
    for formulation, cells in (("conventional", row[1:4]), ("lidose", row[1:4]), ("micronised", row[4:7])):
        for kind, mg in zip(("least", "usual", "most"), cells, strict=True):
            (step,) = [s for s in LIBRARY.values[f"dose_{kind}_{formulation}"].steps if s.programme == "us"]
            assert step.value * row[0] == mg * 1000


def test_uk_start_range_and_renal_start() -> None:
    label, renal = LIBRARY.regimens["eu_label"], LIBRARY.regimens["eu_label_renal"]
    assert (bounds(label, Fraction(64)).start, bounds(label, Fraction(64)).usual) == (32, 64)
    assert (bounds(renal, Fraction(64)).start, bounds(renal, Fraction(64)).usual) == (10, 64)
    assert label.weeks == (16, 24) and LIBRARY.regimens["us_label"].weeks == (15, 20)


# --- capsules -------------------------------------------------------------------------------------
def by_trying(dose: Decimal, strengths: list[Decimal], intakes: int) -> int | None:
    """The fewest capsules by trying every handful."""
    for count in range(intakes, 6):
        if any(sum(chosen) == dose for chosen in combinations_with_replacement(strengths, count)):
            return count
    return None


PRODUCTS = st.sampled_from(sorted(LIBRARY.products))


@SHORT
@given(PRODUCTS, st.integers(1, 160), st.sampled_from([1, 2]))
def test_capsules_add_up_with_the_fewest_of_real_strengths(product: str, mg: int, intakes: int) -> None:
    strengths = list(LIBRARY.products[product].strengths_mg)
    day = capsules_for(Decimal(mg), strengths, intakes)
    wanted = by_trying(Decimal(mg), strengths, intakes)
    if day is None:
        assert wanted is None
        return
    assert day.mg == mg and len(day.intakes) == intakes and all(intake.count for intake in day.intakes)
    assert {strength for intake in day.intakes for strength, _ in intake.capsules} <= set(strengths)
    assert wanted is None or day.count == wanted
    assert doses_between(Decimal(mg), Decimal(mg), strengths, intakes) == (Decimal(mg),)


@pytest.mark.parametrize(
    ("product", "mg", "intakes", "wanted"),
    [
        ("isotretinoin_us", 60, 2, [{30: 1}, {30: 1}]),
        ("isotretinoin_uk", 60, 2, [{20: 1}, {40: 1}]),
        ("isotretinoin_us", 40, 2, [{20: 1}, {20: 1}]),
        ("isotretinoin_us", 40, 1, [{40: 1}]),
        ("absorica", 55, 2, [{25: 1}, {30: 1}]),
        ("absorica_ld", 52, 2, [{24: 1}, {28: 1}]),
        ("isotretinoin_uk", 35, 1, [{20: 1, 10: 1, 5: 1}]),
        ("isotretinoin_us", 35, 2, None),
        ("isotretinoin_us", 10, 2, None),
        ("isosupra_lidose", 20, 1, None),
    ],
)
def test_known_capsules(product: str, mg: int, intakes: int, wanted: list[dict[int, int]] | None) -> None:
    day = capsules_for(Decimal(mg), LIBRARY.products[product].strengths_mg, intakes)
    assert (day and [dict(intake.capsules) for intake in day.intakes]) == wanted


def test_an_order_that_likes_many_capsules_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "_uneven", lambda day: (-day.intakes[0].count, day.intakes[0].capsules))
    caps._capsules.cache_clear()
    uneven = capsules_for(Decimal(60), LIBRARY.products["isotretinoin_us"].strengths_mg)
    caps._capsules.cache_clear()
    assert uneven is not None and [dict(i.capsules) for i in uneven.intakes] != [{30: 1}, {30: 1}]


def test_nonsense_is_refused() -> None:
    for dose, strength, intakes in ((0, 10, 1), (10, 0, 1), (10, 10, 3)):
        with pytest.raises(InputError):
            capsules_for(Decimal(dose), [Decimal(strength)], intakes)
    with pytest.raises(InputError):
        bounds(LIBRARY.regimens["us_label"], Fraction(0))


# --- plans ----------------------------------------------------------------------------------------
def test_a_plan_starts_at_half_a_milligram_per_kilogram_and_steps_up() -> None:
    plan = dose_plan(
        LIBRARY.regimens["us_label"], LIBRARY.products["isotretinoin_us"], Fraction(70), raise_by_mg=Decimal(20)
    )
    assert [step.mg for step in plan.steps] == [40, 60, 70]  # 35 mg is not to be made of 10, 20, 30 and 40
    assert all(len(step.day.intakes) == 2 for step in plan.steps)
    assert (plan.departs, plan.notes) == ("", ())


def test_a_choice_that_is_not_the_labels_says_so() -> None:
    us = LIBRARY.products["isotretinoin_us"]
    assert "signature" in dose_plan(LIBRARY.regimens["low_dose_20"], us, Fraction(70)).departs
    assert "signature" in dose_plan(LIBRARY.regimens["us_label"], us, Fraction(70), intakes=1).departs


def test_a_regimen_is_not_lent_to_another_formulation_or_country() -> None:
    for regimen, product in (
        ("us_label", "absorica_ld"),
        ("us_label_micronised", "absorica"),
        ("us_label", "isotretinoin_uk"),
        ("eu_label", "isosupra_lidose"),
    ):
        with pytest.raises(InputError):
            dose_plan(LIBRARY.regimens[regimen], LIBRARY.products[product], Fraction(70))


def test_severe_renal_start_is_ten_milligrams() -> None:
    plan = dose_plan(LIBRARY.regimens["eu_label_renal"], LIBRARY.products["isotretinoin_uk"], Fraction(64))
    assert plan.steps[0].mg == 10 and plan.top.mg == 60


@SHORT
@given(st.sampled_from(sorted(LIBRARY.regimens)), PRODUCTS, st.fractions(30, 140, max_denominator=10))
def test_no_step_is_above_the_regimens_top(regimen: str, product: str, kg: Fraction) -> None:
    chosen, sold = LIBRARY.regimens[regimen], LIBRARY.products[product]
    try:
        plan = dose_plan(chosen, sold, kg)
    except InputError:
        return
    assert sold.formulation in chosen.formulations and sold.programme in chosen.programmes
    assert [step.mg for step in plan.steps] == sorted({step.mg for step in plan.steps})
    assert plan.top.mg <= plan.bounds.usual and (plan.steps[0].mg >= plan.bounds.start or plan.notes)


# --- the finish -----------------------------------------------------------------------------------
AS_OF = day_of("2026-03-01")


def now(kg: int = 70, mg: int = 40, *in_hand: Held) -> Now:
    day = capsules_for(Decimal(mg), LIBRARY.products["isotretinoin_us"].strengths_mg)
    assert isinstance(day, Day)
    return Now(AS_OF, Fraction(kg), Fraction(mg), day, "conventional", in_hand, 30)


def held(days: int, mg: int | None = 40, formulation: str = "conventional") -> Held:
    return Held(days, Fraction(mg) if mg is not None else None, formulation, "s")  # type: ignore[arg-type]


def so_far(mg: int, kg: int = 70, formulation: str = "conventional", more: tuple[Total, ...] = ()) -> Taken:
    own = Total(formulation, Fraction(mg), Fraction(mg, kg), mg // 40, 0)  # type: ignore[arg-type]
    return Taken((), (own, *more), (), True)


def test_the_finish_by_target_is_the_first_day_on_which_it_is_reached() -> None:
    found = finish_by_target(so_far(1200), now(), 120)
    # 120 mg/kg of 70 kg are 8400 mg; 7200 mg are missing, 180 days of 40 mg
    assert found == Finish(AS_OF + 180, 180, Fraction(8400), Fraction(120), ((Decimal(20), 360),), 6, ())
    later = finish_by_target(so_far(1201), now(), 120)
    assert isinstance(later, Finish) and later.days == 180
    assert isinstance(found := finish_by_target(so_far(1199), now(), 120), Finish) and found.days == 181


def test_capsules_in_hand_are_not_prescribed_again() -> None:
    found = finish_by_target(so_far(1200), now(70, 40, held(30)), 120)
    assert isinstance(found, Finish) and (found.days, found.prescriptions, found.capsules) == (
        180,
        5,
        ((Decimal(20), 300),),
    )


def test_capsules_in_hand_are_used_up_at_their_own_dose_first() -> None:
    """7200 mg are missing: 10 days of 20 mg and 5 of 60 mg in hand come to 500 mg, 6700 mg are 167.5 days of 40 mg."""
    found = finish_by_target(so_far(1200), now(70, 40, held(10, 20), held(5, 60)), 120)
    assert isinstance(found, Finish)
    assert (found.days, found.mg, found.prescriptions) == (15 + 168, Fraction(1200 + 500 + 168 * 40), 6)
    by_day = finish_by_date(so_far(1200), now(70, 40, held(10, 20), held(5, 60)), AS_OF + 12)
    assert isinstance(by_day, Finish) and (by_day.mg, by_day.prescriptions) == (1200 + 10 * 20 + 2 * 60, 0)


def test_what_is_in_hand_can_stand_in_the_way_of_a_projection() -> None:
    assert finish_by_target(so_far(1200), now(70, 40, held(10, None)), 120) == Refusal(HELD_NOT_KNOWN)
    assert finish_by_target(so_far(1200), now(70, 40, held(10, 32, "micronised")), 120) == Refusal(CANNOT_ADD)
    assert finish_by_target(so_far(1200), now(70, 40, held(10, 40, "unknown")), 120) == Refusal(NOT_KNOWN_TO_ADD)
    assert finish_by_target(so_far(1200), replace(now(), formulation="unknown"), 120) == Refusal(NO_FORMULATION)


def test_a_target_that_is_reached_needs_nothing() -> None:
    found = finish_by_target(so_far(8400), now(), 120)
    assert isinstance(found, Finish) and (found.days, found.capsules, found.prescriptions) == (0, (), 0)


def test_the_finish_by_date() -> None:
    found = finish_by_date(so_far(1200), now(), AS_OF + 30)
    assert isinstance(found, Finish) and (found.mg, found.mg_per_kg) == (2400, Fraction(2400, 70))
    with pytest.raises(InputError):
        finish_by_date(so_far(1200), now(), AS_OF - 1)


def test_two_formulations_have_no_common_finish() -> None:
    mixed = so_far(1200, more=(Total("micronised", Fraction(960), Fraction(960, 70), 30, 0),))
    assert finish_by_target(mixed, now(), 120) == Refusal(CANNOT_ADD)
    assert CANNOT_ADD in list(words.totals(mixed))
    assert not any("2160" in line for line in words.totals(mixed))


@SHORT
@given(st.integers(0, 20000), st.integers(35, 130), st.sampled_from([120, 150, 220]), st.sampled_from([10, 20, 40, 60]))
def test_the_finish_agrees_with_taking_it_day_by_day(mg: int, kg: int, target: int, dose: int) -> None:
    if dose == 10:
        dose = 30
    total, days = Fraction(mg, kg), 0
    while total < target:
        total, days = total + Fraction(dose, kg), days + 1
    found = finish_by_target(so_far(mg, kg), now(kg, dose), target)
    assert isinstance(found, Finish) and (found.days, found.mg_per_kg) == (days, total)


def test_amounts_are_shown_rounded_down() -> None:
    assert shown(Fraction(11999, 100)) == "119.9"
    assert shown(Fraction(120)) == "120.0"


# --- early stop, second course, words, data -------------------------------------------------------
def test_stopping_early_needs_a_fall_of_more_than_seventy_per_cent() -> None:
    assert may_stop_early(10, 2, 70) is True
    assert may_stop_early(10, 3, 70) is False
    assert may_stop_early(0, 0, 70) is None


def test_the_second_course_counts_the_later_of_months_and_days() -> None:
    assert iso(second_course_from(day_of("2026-01-04"), 2, 56)) == "2026-03-04"
    assert iso(second_course_from(day_of("2026-01-04"), 0, 56)) == "2026-03-01"
    # two calendar months from the end of December are longer than 56 days, and clamp to the month's end
    assert iso(second_course_from(day_of("2025-12-31"), 2, 56)) == "2026-02-28"


def test_each_target_says_what_it_buys_and_does_not() -> None:
    assert sorted(target.mg_per_kg for target in LIBRARY.targets.values()) == [120, 150, 220]
    assert all(target.buys and target.does_not_buy and target.sources for target in LIBRARY.targets.values())


def test_missed_doses_are_never_doubled_and_the_nearest_label_speaks() -> None:
    for programme in LIBRARY.programmes:
        told = LIBRARY.advice_on("missed_dose", programme)
        assert all("Never take a double dose" in advice.says for advice in told)
        assert len(told) == 1
        # Their texts on this were not read: what the others have in common is policy there.
        assert told[0].strength == ("clinic_policy" if programme in ("ca", "au") else "label")
        assert len(LIBRARY.advice_on("overdose", programme)) == 2
    assert LIBRARY.advice_on("missed_dose", "de") == LIBRARY.advice_on("missed_dose", "uk")
    assert LIBRARY.advice_on("missed_dose", "us") != LIBRARY.advice_on("missed_dose", "uk")


def test_what_was_seen_of_excipients_is_there() -> None:
    tartrazine = [
        (p.id, e.only_mg) for p in LIBRARY.products.values() for e in p.excipients if e.allergen == "tartrazine"
    ]
    assert tartrazine == [("absorica", (Decimal(25),))]
    parabens = {p.id for p in LIBRARY.products.values() for e in p.excipients if e.allergen == "paraben"}
    assert parabens == {"zenatane", "accutane_ca"}
