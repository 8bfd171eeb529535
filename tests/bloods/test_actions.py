"""What results do to the answers, beyond the stories: the exact rules that fire, and what clears them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bloods.courses import PROGRAMMES, alt, day, decided, earliest, event, fired, supplied, tg

COURSE = (alt(-1), tg(-1), supplied(lasts=60))


def lab(analyte: str, value: object, unit: str, **more: Any) -> dict[str, Any]:
    return event("lab_result", 8, analyte=analyte, value=value, unit=unit, **more)


def bilirubin(value: object = 1) -> dict[str, Any]:
    return lab("bilirubin", value, "mg/dL", upper_limit="1.2")


@pytest.mark.parametrize("programme", PROGRAMMES)
@pytest.mark.parametrize(
    ("results", "wanted"),
    [
        ([alt(8, 80)], set()),
        ([alt(8, 81)], {"liver_repeat"}),
        ([alt(8, 120)], {"liver_repeat"}),
        ([alt(8, 121), bilirubin()], {"liver_repeat", "liver_hold"}),
        ([alt(8, 20), lab("ast", 121, "U/L", upper_limit=40), bilirubin()], {"liver_repeat", "liver_hold"}),
        ([alt(8, 20), bilirubin(9)], {"result_unreviewed", "result_off_limits"}),
        ([alt(8, 121)], {"liver_repeat", "liver_hold", "bilirubin_missing"}),
        ([lab("lipase", 120, "U/L", upper_limit=60)], set()),
        ([lab("lipase", 121, "U/L", upper_limit=60)], {"result_ungraded"}),
        ([lab("lipase", 181, "U/L", upper_limit=60)], {"result_ungraded", "lipase_high"}),
        ([tg(8, "4.5")], set()),
        ([tg(8, 400, "mg/dL")], set()),
        ([tg(8, "4.51")], {"tg_raised"}),
        ([tg(8, 401, "mg/dL")], {"tg_raised"}),
        ([lab("total_cholesterol", 300, "mg/dL", upper_limit=200)], set()),
        ([lab("total_cholesterol", "7.75", "mmol/L", upper_limit=5)], set()),
        ([lab("total_cholesterol", "7.76", "mmol/L", upper_limit=5)], {"cholesterol_raised"}),
        ([lab("ck", 200, "U/L", upper_limit=200)], set()),
        ([lab("ck", 201, "U/L", upper_limit=200)], {"ck_raised"}),
        ([lab("ck", 2001, "U/L", upper_limit=200)], {"ck_raised", "ck_stop", "result_unreviewed"}),
        (
            [lab("neutrophils", "0.9", "10*9/L", lower_limit=2)],
            {"result_unreviewed", "result_off_limits", "counts_stop"},
        ),
        ([lab("ggt", 90, "U/L")], {"result_without_limit"}),
        ([lab("hba1c", 12, "%")], {"result_without_limit"}),
    ],
    ids=lambda given: (
        "+".join(sorted(x if isinstance(x, str) else f"{x['analyte']}={x['value']}{x['unit']}" for x in given))
        or "nothing"
    ),
)
def test_what_fires(programme: str, results: list[dict[str, Any]], wanted: set[str]) -> None:
    assert fired(programme, 9, *COURSE, *results) == wanted


def test_a_result_is_current_until_a_later_one_of_its_analyte() -> None:
    assert "liver_hold" in fired("us", 12, *COURSE, alt(8, 130), tg(10), bilirubin())
    assert fired("us", 12, *COURSE, alt(8, 130), alt(10, 30), bilirubin()) == set()
    # The later result was not yet there on the day asked about.
    assert "liver_hold" in fired("us", 9, *COURSE, alt(8, 130), alt(10, 30), bilirubin())


def test_a_high_result_of_an_uncertain_day_is_seen_from_the_first_and_not_outdone_within() -> None:
    """March 2026 only: it may be of the 31st, so a normal result of the 10th does not settle it."""
    assert "liver_hold" in fired("us", 1, alt(-1), tg(-1), supplied(), alt("2026-03", 130), bilirubin())
    assert "liver_hold" in fired("us", 10, alt(-1), tg(-1), supplied(), alt("2026-03", 130), alt(9, 30), bilirubin())
    assert "liver_hold" not in fired(
        "us", 40, alt(-1), tg(-1), supplied(), alt("2026-03", 130), alt(30, 30), bilirubin()
    )


@pytest.mark.parametrize("decision", ["continue", "reduce", "hold", "stop"])
@pytest.mark.parametrize("role", ["prescriber", "nurse"])
def test_who_looked_and_what_was_decided(decision: str, role: str) -> None:
    review = event("lab_reviewed", 9, results=["high"], decision=decision, by=role)
    found = fired("us", 9, *COURSE, alt(8, 130, name="high"), bilirubin(), review) - {"liver_repeat"}
    wanted = {"hold": {"liver_hold", "result_says_hold"}, "stop": {"liver_hold", "result_says_stop"}}.get(
        decision, set()
    )
    assert found == (wanted if role == "prescriber" else {"liver_hold"})


def test_a_review_of_another_result_or_before_it_does_not_count() -> None:
    high = alt(8, 130, name="high")
    for review in (
        event("lab_reviewed", 9, results=["other"], decision="continue"),
        event("lab_reviewed", 7, results=["high"], decision="continue"),
    ):
        assert "liver_hold" in fired("us", 9, *COURSE, high, bilirubin(), review)


def test_the_latest_decision_counts() -> None:
    reviews = [event("lab_reviewed", n, results=["high"], decision=said) for n, said in ((8, "stop"), (9, "continue"))]
    told = (*COURSE, alt(8, 130, name="high"), bilirubin(), *reviews)
    assert "result_says_stop" in fired("us", 8, *told)
    assert fired("us", 9, *told) == {"liver_repeat"}


def test_a_bound_counts_on_its_unsafe_side() -> None:
    assert "tg_emergency" in fired("us", 9, *COURSE, tg(8, ">400", "mg/dL"))
    assert fired("us", 9, *COURSE, tg(8, "<400", "mg/dL")) == {"result_ungraded"}
    assert fired("us", 9, *COURSE, tg(8, "<50", "mg/dL")) == set()


def test_what_has_to_happen_is_named_and_the_first_day_found() -> None:
    found = earliest("uk", 9, *COURSE, tg(8, "9.0"))
    assert found.day == day(9) and any("lipids" in said for said in found.requires)
    missing = earliest("eu", 0)
    assert missing.day == day(0) and missing.requires == ()


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_stopping_triglycerides_rest_on_the_bnf_in_the_uk_and_on_clinic_policy_elsewhere(programme: str) -> None:
    findings = decided(programme, 9, *COURSE, tg(8, "9.0")).findings
    rule = next(finding.rule for finding in findings if finding.rule.id.startswith("tg_stop"))
    assert rule.strength == ("guideline" if programme == "uk" else "clinic_policy")


def test_alcohol_before_lipids_is_shown_where_the_label_prints_the_hours() -> None:
    for hours, programme, wanted in ((36, "us", set()), (35, "us", {"lipids_after_alcohol"}), (35, "uk", set())):
        assert fired(programme, 9, *COURSE, tg(8, hours_since_alcohol=hours)) == wanted


def test_what_nobody_prints_is_clinic_policy() -> None:
    """Every limit for holding or stopping is clinic policy, but for the triglycerides that the BNF names."""
    limits = ("liver_", "tg_", "ck_", "lipase_", "chol_", "bilirubin_", "review_")
    for programme in PROGRAMMES:
        steps = decided(programme, 0).edition.value_steps
        printed = {
            name for name, step in steps.items() if name.startswith(limits) and step.strength != "clinic_policy"
        } - {"liver_analytes"}
        assert printed == ({"tg_stop_mmol_100"} if programme == "uk" else set())
