"""From which day the label permits a procedure, to the day, for every kind and programme; and what settles one."""

from __future__ import annotations

from typing import Any

import pytest

from isocourse.engine.decide import decide
from isocourse.record.dates import day_of, iso
from isocourse.record.terminology import ProcedureKind, codes
from tests.procedures.courses import ALL, course, found, on, told
from tests.shipped import LIBRARY, edition

RULE = {
    "waxing": "procedure_waxing",
    "superficial_peel": "procedure_superficial_peel",
    "medium_or_deep_peel": "procedure_deep_peel",
    "laser_hair_removal": "procedure_hair_laser",
    "vascular_laser": "procedure_vascular_laser",
    "non_ablative_laser": "procedure_non_ablative_laser",
    "fractional_ablative_laser": "procedure_fractional_ablative",
    "full_ablative_laser": "procedure_full_ablative",
    "mechanical_dermabrasion": "procedure_mechanical_dermabrasion",
    "manual_dermabrasion": "procedure_manual_dermabrasion",
    "microneedling": "procedure_microneedling",
    "surgery": "procedure_surgery",
    "refractive_eye_surgery": "procedure_eye_surgery",
    "tattoo_or_piercing": "procedure_tattoo",
    "other": "procedure_unread",
}


def planned(what: str = "waxing", made: str = "2026-08-25", **fields: Any) -> dict[str, Any]:
    return told("procedure", "plan", made, text="as agreed", what=what, stage="planned", **fields)


def decided(decision: str, day: str = "2026-09-02", **fields: Any) -> dict[str, Any]:
    return told("procedure_decided", "decided", day, procedures=["plan"], decision=decision, reason="seen", **fields)


def test_every_kind_has_its_rule() -> None:
    assert set(RULE) == set(codes(ProcedureKind))
    assert set(RULE.values()) <= set(LIBRARY.rules)


@pytest.mark.parametrize("programme", ALL)
@pytest.mark.parametrize("what", RULE)
def test_each_kind_waits_to_the_day(what: str, programme: str) -> None:
    """The last dose was on 31 August: six months later is 28 February, and on that day it is permitted."""
    record = course(planned(what, planned_for="2027-02-27"))
    assert found("2026-08-25", record, programme)[RULE[what]]
    assert found("2027-02-27", record, programme)[RULE[what]]
    assert RULE[what] not in found("2027-02-28", record, programme)


@pytest.mark.parametrize(
    ("stop", "permitted"),
    [
        ("2026-08-30", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2026-10-31", "2027-04-30"),
        ("2026-09-15", "2027-03-15"),
    ],
)
def test_months_are_clamped_to_their_end(stop: str, permitted: str) -> None:
    record = course(planned(), stop=stop)
    before = iso(day_of(permitted) - 1)
    assert "procedure_waxing" in found(before, record)
    assert "procedure_waxing" not in found(permitted, record)
    assert on(before, record).facts["procedures_from"] == day_of(permitted)


def test_one_planned_for_the_permitted_day_is_no_finding_once_the_course_is_over() -> None:
    assert "procedure_waxing" not in found("2026-09-02", course(planned(planned_for="2027-02-28")))
    assert "procedure_waxing" in found("2026-09-02", course(planned(planned_for="2027-02-27")))
    assert "procedure_waxing" in found("2026-08-28", course(planned(planned_for="2027-02-28")))  # no end in sight then


def test_one_planned_for_a_month_may_be_on_its_first_day() -> None:
    assert "procedure_waxing" in found("2026-09-02", course(planned(planned_for="2027-02")))
    assert "procedure_waxing" not in found("2026-09-02", course(planned(planned_for="2027-03")))


def test_without_a_recorded_last_dose_it_cannot_be_decided_however_late() -> None:
    record = course(planned(), stop=None)
    assert found("2026-08-26", record)["procedure_waxing"] is True  # on treatment
    assert found("2028-06-01", record)["procedure_waxing"] is False  # undecided, and shown
    assert on("2028-06-01", record).facts["procedures_from"] is None


def test_a_stop_known_to_the_month_counts_from_its_last_day() -> None:
    record = course(planned(), stop="2026-08")
    assert "procedure_waxing" in found("2027-02-27", record)
    assert "procedure_waxing" not in found("2027-02-28", record)


def test_nothing_is_said_to_those_never_treated() -> None:
    record = course(planned())
    untreated = type(record)(subject="p1", events=tuple(e for e in record.events if e.id == "plan"))
    findings = decide(edition("uk"), untreated, day_of("2026-09-02")).findings
    assert not [finding for finding in findings if finding.rule.topic == "procedures"]


@pytest.mark.parametrize("decision", ["wait", "go_ahead", "not_needed"])
def test_a_prescribers_decision_settles_it(decision: str) -> None:
    seen = found("2026-09-02", course(planned(), decided(decision)))
    assert "procedure_waxing" not in seen
    assert ("procedure_cleared_early" in seen) == (decision == "go_ahead")
    assert "procedure_waxing" in found("2026-09-01", course(planned(), decided(decision)))


@pytest.mark.parametrize("by", ["nurse", "pharmacist", "patient", "administrator"])
def test_nobody_elses_does(by: str) -> None:
    assert "procedure_waxing" in found("2026-09-02", course(planned(), decided("go_ahead", by=by)))


def test_a_later_decision_takes_the_place_of_an_earlier() -> None:
    again = told(
        "procedure_decided", "again", "2026-09-03", procedures=["plan"], decision="wait", reason="on reflection"
    )
    record = course(planned(), decided("go_ahead"), again)
    assert "procedure_cleared_early" in found("2026-09-02", record)
    assert "procedure_cleared_early" not in found("2026-09-03", record)


def test_a_second_course_asks_again() -> None:
    second = told("dispensing", "second", "2026-12-01", days=30, by="pharmacist")
    record = course(planned(), decided("go_ahead"), second)
    assert "procedure_waxing" not in found("2026-11-30", record)
    assert "procedure_waxing" in found("2026-12-01", record)


def test_new_words_are_judged_anew() -> None:
    amended = told(
        "procedure", "new", "2026-08-25", text="deeper", what="medium_or_deep_peel", stage="planned", amends="plan"
    )
    record = course(planned("superficial_peel"), decided("go_ahead"), amended)
    assert "procedure_deep_peel" in found("2026-09-02", record)


def test_what_was_done_is_looked_at_until_someone_did() -> None:
    done = told("procedure", "plan", "2026-08-25", text="hot wax", by="patient")
    before = told("procedure", "plan", "2026-08-19", text="hot wax", by="patient")
    assert "procedure_done_early" in found("2026-08-25", course(done))
    assert "procedure_done_early" not in found("2026-08-25", course(before))
    assert "procedure_done_early" not in found("2026-09-02", course(done, decided("not_needed")))
    assert "procedure_done_early" in found("2027-02-27", course(done))
    assert "procedure_done_early" not in found("2027-02-28", course(done))


def test_nothing_here_withholds_or_approves() -> None:
    for rule in LIBRARY.rules.values():
        if rule.topic in ("procedures", "reporting"):
            for effect in (rule.then, rule.if_unknown):
                assert (effect.supply, effect.capsules) == ("unaffected", "unaffected"), rule.id
    for rule_id in set(RULE.values()):
        assert "dermatologist decides" in LIBRARY.rules[rule_id].why, rule_id
