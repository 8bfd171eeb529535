"""The laboratory model gives the figures that shared/clinical/monitoring-and-effects.md A.4 says it should."""

from __future__ import annotations

from statistics import mean

import pytest

from isocourse.simulate import rates
from isocourse.simulate.bloods import Body
from isocourse.simulate.dice import Dice

PEOPLE = 6000
MONTHS = range(6)


def people(sex: str = "male") -> list[Body]:
    """Bodies at a body mass index that adds nothing."""
    return [Body(Dice("laboratory", sex, number), sex=sex, bmi=22) for number in range(PEOPLE)]


def drawn(analyte: str) -> tuple[list[float], list[list[float]]]:
    """Before treatment, and at six draws at 1 mg/kg."""
    before, during = [], []
    for body in people():
        before.append(body.at(analyte, None, 1.0))
        during.append([body.at(analyte, month, 1.0) for month in MONTHS])
    return before, during


def above(values: list[float], limit: float) -> float:
    return mean(value > limit for value in values)


@pytest.mark.parametrize(
    ("analyte", "before", "third", "over", "baseline_over", "any_over"),
    [
        ("triglycerides", 86, 109, 150, 0.086, 0.32),
        ("alt", 18, 20.5, 40, 0.018, 0.09),
        ("total_cholesterol", 160, 177, 200, 0.08, 0.35),
    ],
)
def test_means_and_shares_are_those_of_the_table(
    analyte: str, before: float, third: float, over: float, baseline_over: float, any_over: float
) -> None:
    base, during = drawn(analyte)
    assert mean(base) == pytest.approx(before, rel=0.04)
    assert mean(draws[2] for draws in during) == pytest.approx(third, rel=0.04)
    assert above(base, over) == pytest.approx(baseline_over, abs=0.02)
    assert above([max(draws) for draws in during], over) == pytest.approx(any_over, abs=0.03)


def test_high_triglycerides_are_as_rare_as_they_should_be() -> None:
    worst = [max(draws) for draws in drawn("triglycerides")[1]]
    assert above(worst, 300) == pytest.approx(0.04, abs=0.01)
    assert above(worst, 500) == pytest.approx(0.005, abs=0.003)
    assert above(worst, 1000) < 0.002


@pytest.mark.parametrize(("sex", "any_over"), [("male", 0.55), ("female", 0.21)])
def test_ck_rises_after_exercise(sex: str, any_over: float) -> None:
    limit = rates.CK[sex][2]
    worst = [max(body.ck() for _ in MONTHS) for body in people(sex)]
    assert above(worst, limit) == pytest.approx(any_over, abs=0.03)


def test_ast_goes_with_alt_and_with_ck() -> None:
    bodies = people()[:500]
    assert mean(b.ast(60, 100) for b in bodies) > 1.2 * mean(b.ast(15, 100) for b in bodies)
    assert mean(b.ast(20, 2000) for b in bodies) > 1.2 * mean(b.ast(20, 100) for b in bodies)


def test_a_heavier_person_and_a_higher_dose_raise_triglycerides() -> None:
    def level(bmi: float, mg_per_kg: float) -> float:
        bodies = (Body(Dice("dose", number), sex="female", bmi=bmi) for number in range(2000))
        return mean(body.at("triglycerides", 2, mg_per_kg) for body in bodies)

    assert level(22, 0.3) < level(22, 1.0) < level(35, 1.0)
