"""Each named schedule: the last day on which its tests are waited for, and the day after."""

from __future__ import annotations

from typing import get_args

import pytest

from isocourse.plan.tasks import todos
from isocourse.record.terminology import MonitoringSchedule
from tests.bloods.courses import PROGRAMMES, alt, day, decided, earliest, event, fired, supplied, tg

# By schedule: days after the first supply on which tests are due, when each is taken on the day it is due.
DUE = {
    "monthly_traditional": (30, 60, 90, 120),
    "us_label_generic": (14, 28),
    "us_label_absorica": (28,),
    "eu_uk_smpc": (31, 123),
    "aad_2016": (28,),
    "delphi_2022": (28,),
    "hansen_2016": (61,),
    "lee_2016": (28,),
    "barbieri_2020": (28,),
    "emtenani_2024": (61,),
    "park_2023": (152, 304),
    "uk_4_8_weeks": (28, 56),
    "none_healthy": (),
}
ENDLESS = {"monthly_traditional", "eu_uk_smpc", "park_2023"}
GRACE = 7
BEFORE = (alt(-1), tg(-1))
SUPPLIES = tuple(supplied(30 * month, daily_dose_mg=40) for month in range(14))


def chosen(schedule: str, days: int = -1, **fields: object) -> dict[str, object]:
    return event("monitoring_schedule_chosen", days, schedule=schedule, reason="talked over", **fields)


def test_every_schedule_of_the_record_is_timed_here() -> None:
    assert set(DUE) == set(get_args(MonitoringSchedule))


@pytest.mark.parametrize("programme", PROGRAMMES)
@pytest.mark.parametrize("schedule", DUE)
def test_when_its_tests_are_overdue(programme: str, schedule: str) -> None:
    taken: list[dict[str, object]] = []
    for due in DUE[schedule]:
        told = (*BEFORE, *SUPPLIES, chosen(schedule), *taken)
        assert "bloods_overdue" not in fired(programme, due + GRACE, *told), due
        assert "bloods_overdue" in fired(programme, due + GRACE + 1, *told), due
        taken += [alt(due), tg(due)]
    if schedule not in ENDLESS:
        assert "bloods_overdue" not in fired(programme, 400, *BEFORE, *SUPPLIES, chosen(schedule), *taken)


@pytest.mark.parametrize("missing", ["liver", "lipids"])
def test_one_half_of_the_test_is_not_the_test(missing: str) -> None:
    taken = [tg(28)] if missing == "liver" else [alt(28)]
    assert "bloods_overdue" in fired("us", 36, *BEFORE, *SUPPLIES, *taken)
    assert "bloods_overdue" not in fired("us", 36, *BEFORE, *SUPPLIES, alt(28), tg(28))


def test_the_default_of_the_us_is_the_consensus_and_of_europe_the_smpc() -> None:
    for programme, wanted in (("us", "delphi_2022"), ("uk", "eu_uk_smpc"), ("eu", "eu_uk_smpc")):
        assert decided(programme, 1, *BEFORE, supplied()).facts["schedule_now"] == wanted


@pytest.mark.parametrize(
    "risk",
    [
        [event("condition", -5, text="x", code="E10.9", system="http://hl7.org/fhir/sid/icd-10-cm")],
        [event("weight", -5, value=90), event("height", -5, value=173)],
        [event("weight", -5, value=40), supplied(1, daily_dose_mg=40)],
        [alt(-1, 41, name="raised")],
        [tg(-1, "1.71", name="raised")],
        [tg(-1, 150, "mg/dL", name="raised")],
        [alt(-1, 20, name="raised", upper_limit=None)],
    ],
    ids=["diabetes", "obesity", "1 mg/kg", "alt", "tg mmol", "tg mg", "ungraded"],
)
def test_a_risk_brings_monthly_tests(risk: list[dict[str, object]]) -> None:
    told = (*BEFORE, supplied(), *risk)
    assert decided("us", 1, *told).facts["schedule_now"] == "monthly_traditional"


@pytest.mark.parametrize(
    "no_risk",
    [
        [event("condition", -5, text="x", code="E10.9", system="http://snomed.info/sct")],
        [event("condition", -5, text="x", code="E10.9", system="http://hl7.org/fhir/sid/icd-10-cm", active=False)],
        [event("condition", -5, text="x", code="L70.0", system="http://hl7.org/fhir/sid/icd-10-cm")],
        [event("weight", -5, value=89), event("height", -5, value=173)],
        [event("weight", -5, value="40.1"), supplied(1, daily_dose_mg=40)],
        [alt(-1, 40, name="normal")],
        [tg(-1, "1.70", name="normal")],
    ],
    ids=["other code system", "refuted", "acne", "BMI 29.7", "below 1 mg/kg", "alt", "tg"],
)
def test_without_a_risk_the_default_stands(no_risk: list[dict[str, object]]) -> None:
    assert decided("us", 1, *BEFORE, supplied(), *no_risk).facts["schedule_now"] == "delphi_2022"


def test_a_choice_stands_until_a_risk_comes_after_it() -> None:
    smoker = event("condition", 3, text="x", code="F17.2", system="http://hl7.org/fhir/sid/icd-10")
    assert (
        decided("us", 9, *BEFORE, supplied(), smoker, chosen("hansen_2016", 4)).facts["schedule_now"] == "hansen_2016"
    )
    assert (
        decided("us", 9, *BEFORE, supplied(), smoker, chosen("hansen_2016", 2)).facts["schedule_now"]
        == "monthly_traditional"
    )
    nurse = chosen("hansen_2016", 4, by="nurse")
    assert decided("us", 9, *BEFORE, supplied(), nurse).facts["schedule_now"] == "delphi_2022"


def test_the_test_is_a_task_before_it_is_overdue() -> None:
    told = (*BEFORE, supplied())
    decision = decided("us", 5, *told)
    task = next(todo for todo in todos(decision, earliest("us", 5, *told)) if "blood_test" in todo.why)
    assert (task.earliest, task.due) == (day(21), day(35))


def test_the_decision_knows_when_time_alone_will_change_it() -> None:
    assert decided("us", 5, *BEFORE, supplied(lasts=60)).valid_until == day(36)
