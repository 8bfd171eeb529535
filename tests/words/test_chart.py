"""The course in one picture: known places, nothing outside the frame, no words on words, and the table says it all."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest

from isocourse.engine.decide import evaluate, prepare
from isocourse.plan.course import course_of
from isocourse.record.dates import day_of, iso
from isocourse.record.intake import climb, taken, weights
from isocourse.record.record import Record, read_record
from isocourse.simulate.clinic import clinic_of
from isocourse.simulate.course import course
from isocourse.words.answer import assess
from isocourse.words.chart.draw import LEFT, RIGHT, WIDTH, Drawing, Voice, drawn
from isocourse.words.chart.gather import picture_of
from isocourse.words.chart.listed import listed
from isocourse.words.chart.picture import Picture
from isocourse.words.chart.scale import Across, Up, nice_top, weeks
from isocourse.words.chart.shapes import Bar, Line, Mark, Path, Text, overlap
from isocourse.words.plan import plan
from tests import shipped
from tests.record.made import event, written

FIRST = day_of("2026-01-05")


def picture(record: Record, on: int, programme: str = "uk") -> Picture:
    edition = shipped.edition(programme)
    evaluation = evaluate(edition, prepare(record), on)
    answer, made = assess(edition, record, on), plan(edition, record, on)
    return picture_of(edition, evaluation, course_of(edition, evaluation), answer, made, units="si", weight_unit="kg")


def supply(name: str, on: str, mg: int, days: int = 30) -> dict[str, Any]:
    return event("dispensing", name, on=on, days=days, daily_dose_mg=str(mg), formulation="conventional")


COURSE = (
    event("weight", "w", on="2026-01-05", value="60"),
    event("pregnancy_potential", "p", on="2026-01-01", potential="can", ground="uterus_and_ovary", confirmed=True),
    event("pregnancy_test", "t1", on="2026-01-05", result="negative"),
    event("pregnancy_test", "t2", on="2026-02-03", result="positive"),
    event("visit", "v", on="2026-01-05", mode="in_person"),
    supply("d1", "2026-01-05", 30),
    supply("d2", "2026-02-04", 60),
    event("lab_result", "l", on="2026-02-03", analyte="alt", value="90", unit="U/L", upper_limit="40"),
    event("symptom", "s", on="2026-01-20", text="dry lips", severity="mild"),
    event("symptom_ended", "e", on="2026-02-10", symptom="s"),
)


def told(*events: dict[str, Any], on: str = "2026-02-20") -> Picture:
    return picture(read_record(written(*events)), day_of(on))


# --- scales ---------------------------------------------------------------------------------------
def test_a_day_maps_to_its_place() -> None:
    across = Across(FIRST, FIRST + 99, 100.0, 300.0)
    assert (across.x(FIRST), across.x(FIRST + 50), across.x(FIRST + 100)) == (100.0, 200.0, 300.0)
    assert across.middle(FIRST) == 101.0
    assert across.clipped(FIRST - 9, FIRST + 3) == (FIRST, FIRST + 3)
    assert across.clipped(FIRST - 9, FIRST - 1) is None


def test_a_value_maps_to_its_height() -> None:
    up = Up(Fraction(200), 20.0, 120.0)
    assert [up.y(value) for value in (0, 50, 200, 500)] == [120.0, 95.0, 20.0, 20.0]
    assert Up(Fraction(70), 0.0, 10.0, Fraction(50)).y(60) == 5.0


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (5, 5), (41, 50), (42, 50), (51, 60), (126, 150), (900, 1000)]
)
def test_the_top_of_a_scale_is_round(most: int, top: int) -> None:
    assert nice_top(Fraction(most)) == top


def test_months_and_weeks_are_ticked_where_they_begin() -> None:
    across = Across(day_of("2026-01-05"), day_of("2026-12-31"), 0.0, 600.0)
    assert [day.month for day in across.months(40)] == list(range(2, 13))
    assert [day.month for day in across.months(60)] == [3, 5, 7, 9, 11]
    assert list(weeks(FIRST, across, 30))[:3] == [(1, FIRST), (5, FIRST + 28), (9, FIRST + 56)]


def test_the_total_climbs_day_by_day_and_changes_its_rate_with_the_weight() -> None:
    events = (*COURSE, event("weight", "w2", on="2026-01-15", value="30"))
    rows = prepare(read_record(written(*events)))
    got = taken(rows, day_of("2026-02-20"))
    points = climb(got.spells, weights(rows))
    # 10 days of 30 mg at 60 kg, then 20 days at 30 kg, then 17 days of 60 mg.
    assert points == [(FIRST, 0), (FIRST + 10, 5), (FIRST + 30, 25), (FIRST + 47, 59)]
    assert points[-1][1] == got.totals[0].mg_per_kg


# --- what is in it --------------------------------------------------------------------------------
def test_the_picture_holds_what_is_on_record_and_what_is_planned() -> None:
    made = told(*COURSE)
    assert [(step.first, step.last, step.mg) for step in made.steps if not step.planned] == [
        (FIRST, FIRST + 29, 30),
        (FIRST + 30, FIRST + 46, 60),
    ]
    assert (made.band.low, made.band.high) == (120, 150) if made.band else None
    tests = made.pregnancy[0]
    assert [(tick.form, tick.sign) for tick in tests.ticks] == [("ring", ""), ("diamond", "+")]
    (alt,) = made.labs
    assert [(value.form, value.sign) for value in alt.values] == [("triangle", "G1")]
    (lips,) = made.symptoms
    assert [(span.first, span.last, span.goes_on) for span in lips.spans] == [
        (day_of("2026-01-20"), day_of("2026-02-10"), False)
    ]


def test_nothing_is_drawn_ahead_of_capsules_that_are_to_be_stopped() -> None:
    without = [each for each in COURSE if each["id"] != "t2"]
    assert any(step.planned for step in told(*without).steps)
    assert not any(step.planned for step in told(*COURSE).steps)


def test_pregnancy_has_no_row_where_it_is_not_possible() -> None:
    cannot = event("pregnancy_potential", "p", potential="cannot", ground="cisgender_male", confirmed=True)
    assert told(cannot, event("visit", "v", mode="in_person"), on="2026-06-01").pregnancy == ()


def test_doses_of_different_formulations_are_never_one_line() -> None:
    other = event("dispensing", "d2", on="2026-02-04", days=30, daily_dose_mg="32", formulation="micronised")
    made = told(COURSE[0], COURSE[5], other)
    assert [(str(each.formulation), each.points[-1][1]) for each in made.climbs] == [
        ("conventional", 15),
        ("micronised", Fraction(32 * 17, 60)),
    ]


def test_the_band_stays_once_a_course_has_ended_and_says_whose_it_is() -> None:
    ended = (*COURSE, event("course_stop", "end", on="2026-02-15", reason="completed"))
    assert told(*ended).band == (120, 150, ("target of the label: {0} to {1} mg/kg", (120, 150)))
    american = picture(read_record(written(*ended)), day_of("2026-02-20"), "us").band
    assert american is not None and str(american.says) == "widely aimed at: 120 to 150 mg/kg"


def test_a_symptoms_sign_is_the_grade_stated_or_else_its_severity() -> None:
    made = told(
        event("symptom", "a", on="2026-01-20", text="headache", severity="moderate"),
        event("symptom", "b", on="2026-02-01", text="headache", grade=2),
        event("symptom", "c", on="2026-02-03", text="headache", severity="mild"),
    )
    assert [str(tick.sign) for tick in made.symptoms[0].ticks] == ["moderate", "G2", ""]


def test_a_symptom_without_an_end_goes_on_and_says_so() -> None:
    made = told(event("symptom", "s", on="2026-01-20", text="dry lips"))
    assert [(span.last, span.goes_on) for span in made.symptoms[0].spans] == [(day_of("2026-02-20"), True)]


def test_what_lies_years_back_is_counted_and_left_to_the_table() -> None:
    old = (
        event("pregnancy_test", "old", on="2024-03-01", result="negative"),
        event("lab_result", "old2", on="2024-03-01", analyte="ast", value="20", unit="U/L"),
        event("symptom", "old3", on="2024-03-01", text="headache"),
    )
    made = told(*COURSE, *old)
    assert made.earlier == 4  # a symptom is a mark and a span
    assert made.first == day_of("2026-01-02")
    for shape in drawn(made, Voice()).shapes:
        assert shape.box[0] >= 0, shape
    assert any(row.first == day_of("2024-03-01") for row in listed(made))


def test_an_empty_record_is_an_honest_empty_picture() -> None:
    assert told(event("birth", on="2005-01-01")).empty
    assert not told(event("visit", mode="remote", on="2026-02-01")).empty


# --- the drawing ----------------------------------------------------------------------------------
def test_a_steps_height_and_the_bands_edges() -> None:
    made = told(*COURSE)
    shapes = drawn(made, Voice()).shapes
    low, high = (shape for shape in shapes if isinstance(shape, Bar) and shape.style == "dose")
    assert low.bottom == high.bottom
    assert 2 * (low.bottom - low.top) == pytest.approx(high.bottom - high.top)
    across = Across(made.first, made.last, LEFT, RIGHT)
    assert (low.left, low.right) == (across.x(FIRST), across.x(FIRST + 30))
    band = next(shape for shape in shapes if isinstance(shape, Bar) and shape.style == "band")
    edges = [shape for shape in shapes if isinstance(shape, Line) and shape.style == "band-edge"]
    assert sorted(edge.y1 for edge in edges) == [band.top, band.bottom]
    axis = next(s for s in shapes if isinstance(s, Line) and s.style == "axis" and s.y2 - s.y1 > 100)
    # 120 and 150 of a scale that ends at 200.
    assert (axis.y2 - band.bottom) / (axis.y2 - axis.y1) == pytest.approx(120 / 200)
    assert (axis.y2 - band.top) / (axis.y2 - axis.y1) == pytest.approx(150 / 200)


def test_every_test_and_visit_has_its_mark_and_today_its_line() -> None:
    shapes = drawn(told(*COURSE), Voice()).shapes
    marks = [shape for shape in shapes if isinstance(shape, Mark)]
    assert [mark.form for mark in marks if "Pregnancy test" in mark.title] == ["ring", "diamond"]
    assert sum("Visit" in mark.title for mark in marks) == 1
    assert sum(isinstance(shape, Line) and shape.style == "today" for shape in shapes) == 1


@cache
def courses() -> list[tuple[Record, int, str]]:
    found = []
    for programme in ("uk", "us"):
        clinic = clinic_of(shipped.edition(programme), FIRST)
        for number in range(1, 9):
            made = course(clinic, number, seed=3, first_day=FIRST)
            days = [look.day for look in made.looks]
            found += [(made.record, day, programme) for day in (days[0] - 3, days[len(days) // 2], days[-1])]
    return found


@cache
def drawings() -> list[tuple[Picture, Drawing]]:
    pictures = [picture(*case) for case in courses()]
    return [(each, drawn(each, LONG_WORDS)) for each in pictures if not each.empty]


# Words half as long again, as in another language.
LONG_WORDS = Voice(say=lambda text: f"{text} {'~' * (len(text) // 2)}", day=iso)


def test_nothing_is_drawn_outside_the_frame() -> None:
    assert len(drawings()) > 30
    for _, drawing in drawings():
        for shape in drawing.shapes:
            left, top, right, bottom = shape.box
            assert left >= 0 and top >= 0 and right <= WIDTH and bottom <= drawing.height, shape


def test_no_words_lie_on_words() -> None:
    for _, drawing in drawings():
        texts = [shape for shape in drawing.shapes if isinstance(shape, Text)]
        for one, other in combinations(texts, 2):
            assert not overlap(one.box, other.box), (one, other)


def test_marks_and_lines_keep_right_of_the_names() -> None:
    for _, drawing in drawings():
        for shape in drawing.shapes:
            if isinstance(shape, Bar | Path | Mark):
                assert shape.box[0] >= LEFT - 5, shape


def test_the_table_says_everything_in_the_picture() -> None:
    for made, _ in drawings():
        rows = listed(made)
        panels = (*made.labs, *made.body, *made.moods)
        strips = (*made.visits, made.plans, *made.pregnancy, *made.symptoms)
        assert len(rows) == (
            sum(len(panel.values) for panel in panels)
            + sum(len(strip.ticks) + len(strip.spans) for strip in strips)
            + len(made.steps)
            + sum(1 + bool(each.planned) for each in made.climbs)
        )


def test_what_people_typed_cannot_leave_its_place_in_the_picture() -> None:
    nasty = '</text><script>alert("1")</script>&'
    svg = drawn(told(event("symptom", "s", on="2026-01-20", text=nasty)), Voice()).svg(title=nasty, description="<b>")
    root = ElementTree.fromstring(svg)  # noqa: S314 - made above
    assert not [each for each in root.iter() if each.tag in ("script", "b")]
    assert root.find("title").text == nasty  # type: ignore[union-attr]


def test_svg_has_no_style_of_its_own() -> None:
    for _, drawing in drawings()[:5]:
        root = ElementTree.fromstring(drawing.svg(title="t", description="d"))  # noqa: S314 - made above
        names = {name for each in root.iter() for name in each.attrib}
        assert "class" in names and not [name for name in names if name == "style" or name.startswith("on")]


def test_months_are_said_by_the_voice() -> None:
    said = drawn(told(*COURSE), Voice(month=lambda day, year: f"M{day.month}{'y' if year else ''}")).shapes
    assert [t.text for t in said if isinstance(t, Text) and t.text.startswith("M")][:2] == ["M2y", "M3"]
    assert date.fromordinal(FIRST).month == 1
