"""The flowsheet: exact conversion, what was reported kept, limits, grades, trends, and nothing filled in."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.engine.decide import evaluate, prepare
from isocourse.record.dates import day_of
from isocourse.record.quantities import Reported, reported
from isocourse.record.record import read_record
from isocourse.record.terminology import ANALYTE_UNITS
from isocourse.words.flowsheet import DOUBTED, Cell, Flowsheet, flowsheet, trend
from isocourse.words.lab_units import Amount, LabUnits, lab_amount, rounded, unit_for, weight_amount
from tests import shipped
from tests.record.made import event, written

TG = {"analyte": "triglycerides", "unit": "mg/dL", "fasting_hours": "12"}


def sheet(*events: dict[str, Any], units: LabUnits = "si", weight_unit: str = "kg") -> Flowsheet:
    evaluation = evaluate(shipped.edition("uk"), prepare(read_record(written(*events))), day_of("2026-06-01"))
    graded = evaluation.episodes.get("graded_lab", ())
    return flowsheet(evaluation.rows, graded, units=units, weight_unit=weight_unit)


def cells(made: Flowsheet) -> list[Cell]:
    return [cell for group in made.groups for row in group.rows for day in row.cells for cell in day]


def one(**fields: Any) -> Cell:
    (cell,) = cells(sheet(event("lab_result", **fields)))
    return cell


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "units", "text", "told"),
    [
        # 204 mg/dL / 88.57 = 2.3032...; 77 / 38.67 = 1.9912...
        ("triglycerides", "204", "mg/dL", "si", "2.30", "204 mg/dL"),
        ("total_cholesterol", "77", "mg/dL", "si", "1.99", "77 mg/dL"),
        ("triglycerides", "2", "mmol/L", "conventional", "177", "2 mmol/L"),
        ("haemoglobin", "142", "g/L", "conventional", "14.2", "142 g/L"),
        ("bilirubin", "1.0", "mg/dL", "si", "17", "1.0 mg/dL"),
        ("alt", "0.5", "ukat/L", "si", "30", "0.5 ukat/L"),
        ("alt", "41", "[IU]/L", "si", "41", ""),
        ("triglycerides", "1.70", "mmol/L", "si", "1.70", ""),
        ("triglycerides", "<45", "mg/dL", "si", "<0.51", "<45 mg/dL"),
        ("alt", ">1000", "U/L", "si", ">1000", ""),
    ],
)
def test_known_conversions(analyte: str, value: str, unit: str, units: LabUnits, text: str, told: str) -> None:
    amount = lab_amount(analyte, reported(value), unit, units)
    assert (amount.text, amount.reported) == (text, told)


@given(
    st.sampled_from([(a, u) for a, units in ANALYTE_UNITS.items() for u in units]),
    st.decimals(0, 100000, places=3),
    st.sampled_from(["si", "conventional"]),
)
def test_a_conversion_is_exact_and_shown_within_half_a_step(
    pair: tuple[str, str], value: Decimal, units: LabUnits
) -> None:
    analyte, unit = pair
    amount = lab_amount(analyte, Reported(value), unit, units)
    wanted = ANALYTE_UNITS[analyte][unit_for(analyte, units)]
    assert amount.value * wanted == Fraction(value) * ANALYTE_UNITS[analyte][unit]
    shown = Fraction(amount.text)
    places = len(amount.text.partition(".")[2])
    assert abs(shown - amount.value) <= Fraction(1, 2 * 10**places)


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [(Fraction(1, 8), 2, "0.12"), (Fraction(3, 8), 2, "0.38"), (Fraction(5, 2), 0, "2"), (Fraction(2, 3), 1, "0.7")],
)
def test_half_goes_to_even(amount: Fraction, decimals: int, text: str) -> None:
    assert rounded(amount, decimals) == text


def test_weights_keep_what_was_reported() -> None:
    assert weight_amount(Decimal("136"), "[lb_av]", "kg")[2:] == ("61.7", "kg", "136 lb")
    assert weight_amount(Decimal("61.70"), "kg", "kg")[2:] == ("61.70", "kg", "")


def test_the_unit_of_the_clinic_with_the_limit_and_the_report_beside_it() -> None:
    cell = one(**TG, value="204", upper_limit="150")
    assert (cell.amount.text, cell.limits, cell.flag, cell.amount.reported) == ("2.30", "≤ 1.69", "high", "204 mg/dL")


@pytest.mark.parametrize(
    ("value", "flag"), [("149", ""), ("150", ""), ("150.1", "high"), ("<10", ""), (">150", "high"), (">=150", "")]
)
def test_high_is_above_the_limit_and_where_the_report_settles_it(value: str, flag: str) -> None:
    assert one(**TG, value=value, upper_limit="150").flag == flag


def test_a_grade_is_a_number_and_what_has_none_says_why() -> None:
    assert one(analyte="alt", value="41", unit="U/L", upper_limit="40").grading == (1, None, "", False)
    assert one(analyte="alt", value="40", unit="U/L", upper_limit="40").grading == (0, None, "", False)
    ungraded = one(analyte="alt", value="41", unit="U/L").grading
    assert ungraded is not None and ungraded.number is None and "upper limit is missing" in ungraded.why


def test_a_result_that_cannot_be_right_is_doubted_and_not_graded() -> None:
    grading = one(analyte="triglycerides", value="900", unit="mmol/L", upper_limit="1.7").grading
    assert grading is not None
    assert (grading.number, grading.why, grading.doubted) == (None, DOUBTED, True)


def amount(text: str) -> Amount:
    return lab_amount("alt", reported(text), "U/L", "si")


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("30", "31", "higher"),
        ("30", "29", "lower"),
        ("30", "30.0", "same"),
        ("<5", "5", "higher"),
        ("<5", "4", ""),
        ("<5", "<5", ""),
        ("5", "<5", "lower"),
        (">100", "100", "lower"),
        ("<=5", "5", ""),
        ("90", ">100", "higher"),
    ],
)
def test_a_trend_is_told_only_where_the_reports_settle_it(before: str, now: str, told: str) -> None:
    assert trend(amount(before), amount(now)) == told
    assert trend(None, amount(now)) == ""


def test_days_are_columns_oldest_first_and_nothing_is_filled_in() -> None:
    made = sheet(
        event("weight", "b", on="2026-04-03", value="60"),
        event("lab_result", "c", on="2026-04", analyte="alt", value="30", unit="U/L"),
        event("weight", "a", on="2026-03-03", value="61"),
        event("questionnaire", "q", on="2026-04-03", name="phq2", items=[1, None]),
    )
    assert made.days == ("2026-03-03", "2026-04-03", "2026-04")
    body = next(group for group in made.groups if str(group.title) == "Body")
    assert [[cell.amount.text for cell in day] for day in body.rows[0].cells] == [["61"], ["60"], []]
    mood = next(group for group in made.groups if str(group.title) == "Mood")
    (cell,) = mood.rows[0].cells[1]
    assert cell.amount.text == "" and str(cell.says) == "no total: 1 of 2 answered"


def test_an_empty_record_has_an_empty_sheet() -> None:
    assert sheet(event("birth", on="2005-01-01")) == Flowsheet((), ())
