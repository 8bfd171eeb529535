"""What to expect: known answers, both sides of every boundary, and that nothing is claimed: no cause, no rank, no
figure without a study, nothing that is severe called usual."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.knowledge import open_shelf
from isocourse.errors import ProtocolError
from isocourse.plan.course import course_of
from isocourse.plan.treated import Treated, treated, whole_months
from isocourse.record.corrections import visible
from isocourse.record.dates import add_months, day_of
from isocourse.record.tables import table
from isocourse.simulate.clinic import clinic_of
from isocourse.simulate.course import courses
from isocourse.words.chart.draw import WIDTH, Voice
from isocourse.words.chart.shapes import Bar, Line, Mark, Text, overlap
from isocourse.words.expectations.draw import Axes, drawn
from isocourse.words.expectations.given import as_data, expectations_json, lines
from isocourse.words.expectations.own import Figure
from isocourse.words.expectations.read import read_expectations
from isocourse.words.expectations.sheet import Row, Sheet, known_of, sheet_of
from isocourse.words.expectations.stand import STANDS
from isocourse.words.sentence import told
from tests import shipped
from tests.dose.test_intake import BASE, SHORT, event, histories
from tests.shipped import LIBRARY

KNOWN = known_of(frozenset(LIBRARY.rules))
PLAIN: dict[str, Any] = {"daily_dose_mg": "40", "formulation": "conventional"}
# What no sheet may say: ranks among people, causes, promises.
NEVER = re.compile(
    r"percentile|better than \d|worse than \d|faster than|slower than (most|others)|because of|due to|caused by|"
    r"thanks to|owing to|improved by|\bcures?\b|guarantee|removes|will clear|on track|normal for",
    re.IGNORECASE,
)


def of(events: list[Any], day: int, programme: str = "uk", **more: Any) -> Sheet:
    edition = shipped.edition(programme)
    return sheet_of(edition, evaluate(edition, table(visible(events)), BASE + day), **more)


def row(sheet: Sheet, name: str) -> Row:
    return next(row for row in sheet.rows if row.entry.name == name)


def stand(sheet: Sheet, name: str) -> tuple[str, str]:
    found = row(sheet, name).standing
    assert found is not None
    return found.stand, told(found.why)


def supplied(*days: int) -> list[Any]:
    return [event("dispensing", day, f"d{day}", days=30, **PLAIN) for day in days]


def symptom(day: int, term: str, severity: str = "mild", **fields: Any) -> Any:
    return event("symptom", day, f"{term}{day}", text=term, term=term, severity=severity, **fields)


def score(day: int, scale: str, value: int) -> Any:
    return event("skin_score", day, f"{scale}{day}", scale=scale, value=str(value))


# --- known answers --------------------------------------------------------------------------------
def test_a_flare_in_week_two_is_within_the_range() -> None:
    sheet = of([*supplied(0), symptom(9, "acne_flare")], 10)
    assert told(sheet.says) == "Week 2 of treatment."
    assert stand(sheet, "early_flare") == ("within", "First on record in week 2 of treatment.")
    assert row(sheet, "early_flare").place == "now"
    assert next(stage for stage in sheet.stages if stage.now).first == 2


def test_the_weeks_say_what_begins_and_what_is_over() -> None:
    stages = of([], 0).stages
    assert [stage.first for stage in stages] == [1, 2, 3, 4, 5, 7, 14, 15, 17, 25, 27]
    assert all(one.last is not None and one.last + 1 == two.first for one, two in pairwise(stages))
    fifth = next(stage for stage in stages if stage.first == 5)
    assert (fifth.begins, fifth.ends) == ((), ("Acne can get worse at first",))
    assert stages[-1].last is None and stages[-1].goes_on == ("Dry lips", "Dry skin", "Mood")


def test_a_count_is_no_flare() -> None:
    events = [*supplied(0), score(-2, "inflammatory_count", 44), score(5, "inflammatory_count", 60)]
    assert stand(of(events, 12), "early_flare") == ("not_known", "Nothing of this is on record in this course.")
    assert stand(of([*events, symptom(9, "acne_flare")], 12), "early_flare")[0] == "within"


def test_no_gain_by_week_ten_is_within_and_by_week_seventeen_later() -> None:
    events = [*supplied(0, 30, 60, 90), score(-2, "inflammatory_count", 40), score(65, "inflammatory_count", 36)]
    sheet = of(events, 66)
    assert stand(sheet, "first_gains") == ("within", "No count was lower by more than its noise by week 10.")
    late = [*events, score(7 * 16, "inflammatory_count", 35)]
    assert stand(of(late, 7 * 16), "first_gains") == ("later", "No count was lower by more than its noise by week 17.")
    early = [*supplied(0), score(-2, "inflammatory_count", 40), score(10, "inflammatory_count", 10)]
    assert stand(of(early, 12), "first_gains") == (
        "earlier",
        "A count was lower by more than its noise first in week 2.",
    )
    too_soon = [*supplied(0), score(-2, "inflammatory_count", 40), score(10, "inflammatory_count", 39)]
    assert stand(of(too_soon, 12), "first_gains")[0] == "not_known"


def test_dark_spots_five_months_after_the_end_have_time_left() -> None:
    end = event("course_stop", 59, "e", reason="completed")
    five = add_months(BASE + 59, 5) - BASE
    sheet = of(
        [
            *supplied(0, 30),
            end,
            symptom(20, "skin_hyperpigmentation"),
            symptom(five, "skin_hyperpigmentation", "moderate"),
        ],
        five,
    )
    assert told(sheet.says) == "The course ended in week 9."
    assert stand(sheet, "dark_spots") == ("within", "Still on record 5 months after the last capsule.")
    assert row(sheet, "dark_spots").place == "ahead"
    assert row(sheet, "clearing").place == "not_reached"
    assert len(row(sheet, "dark_spots").marks) == 1  # what was there during the course stands elsewhere


def test_a_pause_moves_no_week_on_and_the_page_says_so() -> None:
    events = [*supplied(0), event("course_pause", 14, "p"), symptom(40, "dry_eye")]
    sheet = of(events, 40)
    assert told(sheet.says) == "Paused in week 2. Weeks in a pause do not count."
    assert stand(sheet, "dry_eyes") == ("within", "First on record in week 2 of treatment.")
    again = [*events, event("course_start", 50, "s"), symptom(52, "epistaxis")]
    sheet = of(again, 52)
    assert told(sheet.says) == "Week 3 of treatment."
    assert list(map(told, sheet.remarks)) == [
        "Days without a capsule between the first and the last are not counted: 36."
    ]


def test_what_is_not_on_record_is_not_known() -> None:
    sheet = of([], 0)
    assert told(sheet.says) == "No capsule is on record yet. Weeks count from the first one."
    assert {found.standing.stand for found in sheet.rows if found.standing is not None} == {"not_known", "not_compared"}
    assert not any(stage.now for stage in sheet.stages)
    before = of([symptom(-3, "dry_eye"), *supplied(0), symptom(20, "dry_eye")], 21)
    assert stand(before, "dry_eyes") == ("not_known", "It was on record before the first capsule.")


def test_a_second_course_does_not_inherit_the_marks_of_the_first() -> None:
    first = [*supplied(0), symptom(3, "acne_flare"), event("course_stop", 29, "e", reason="completed")]
    sheet = of([*first, event("dispensing", 200, "n", days=30, **PLAIN)], 201)
    assert told(sheet.says) == "Week 1 of treatment."
    assert row(sheet, "early_flare").marks == ()
    assert "There was a course before this one. It is not counted here." in map(told, sheet.remarks)


# --- nothing severe is called usual ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("term", "severity", "name"),
    [("acne_flare", "severe", "early_flare"), ("dry_eye", "severe", "dry_eyes"), ("myalgia", "severe", "aches"),
     ("depression", "mild", "mood"), ("irritability", "mild", "mood")],
)  # fmt: skip
def test_what_is_severe_or_a_red_flag_or_mood_is_never_within_a_range(term: str, severity: str, name: str) -> None:
    assert stand(of([*supplied(0), symptom(15, term, severity)], 16), name)[0] == "not_compared"


def test_what_is_unusual_is_told_no_later_than_the_rule_asks() -> None:
    for each in [*(w for entry in KNOWN.every for w in entry.unusual), *KNOWN.any_time]:
        acts = {LIBRARY.rules[name].then.capsules for name in each.rules}
        if acts & {"stop_now", "ask_prescriber"}:
            assert each.tell in ("emergency", "today"), each.says
        if each.tell == "emergency":
            assert acts & {"stop_now", "ask_prescriber"}, each.says
        assert not re.search(r"\b(stop|take no|withhold|leave out)\b.*capsule", each.says, re.IGNORECASE), each.says


def test_no_text_of_the_knowledge_says_what_to_do_with_capsules() -> None:
    for entry in KNOWN.every:
        for text in (entry.says, entry.clinician_says, entry.lasts, entry.depends_on):
            assert not re.search(r"\b(stop|pause|skip|halve|double|go on with) (the|your|taking)", text), entry.where
            assert not NEVER.search(text), entry.where


def test_the_sheet_tells_what_the_rule_of_the_programme_says_of_capsules() -> None:
    def sight(programme: str) -> str:
        return next(w.capsules for w in of([], 0, programme).any_time if "sight, or poor" in w.says)

    assert sight("us") == "Take no more capsules before you have spoken with them."
    assert sight("uk") == "Ask before you take the next capsule."
    over = of([*supplied(0), event("course_stop", 29, "e", reason="completed")], 40)
    assert not any(w.capsules for w in over.any_time) and all(w.rules for w in over.any_time)


# --- boundaries -----------------------------------------------------------------------------------
def clock(*spans: tuple[int, int], as_of: int = 400, last_dose: int | None = None) -> Treated:
    return Treated(as_of, "going_on", spans, last_dose, True, False, 1)


@pytest.mark.parametrize(
    ("day", "week"), [(9, None), (10, 1), (16, 1), (17, 2), (23, 2), (24, 3), (30, 3), (99, 3), (100, 4)]
)
def test_a_week_is_seven_days_with_a_dose(day: int, week: int | None) -> None:
    assert clock((10, 30), (100, 120)).week(day) == week


@pytest.mark.parametrize(("week", "expected"), [(1, "within"), (4, "within"), (5, "later"), (9, "later")])
def test_both_sides_of_the_range_of_a_flare(week: int, expected: str) -> None:
    for day in (7 * week - 7, 7 * week - 1):
        assert stand(of([*supplied(0, 30, 60), symptom(day, "acne_flare")], 80), "early_flare")[0] == expected


@pytest.mark.parametrize(("week", "expected"), [(1, "earlier"), (2, "within"), (6, "within"), (7, "later")])
def test_both_sides_of_the_range_of_dry_eyes(week: int, expected: str) -> None:
    for day in (7 * week - 7, 7 * week - 1):
        assert stand(of([*supplied(0, 30), symptom(day, "dry_eye")], 59), "dry_eyes")[0] == expected


@pytest.mark.parametrize(("week", "expected"), [(14, "earlier"), (15, "within"), (24, "within"), (25, "later")])
def test_both_sides_of_the_range_of_clearing(week: int, expected: str) -> None:
    events = [*supplied(*range(0, 181, 30)), score(0, "iga", 4)]
    assert stand(of([*events, score(7 * week - 1, "iga", 1)], 200), "clearing")[0] == expected
    if week > 15:
        assert stand(of([*events, score(7 * week - 1, "iga", 2)], 200), "clearing")[0] == expected


@pytest.mark.parametrize(
    ("months", "over", "expected"), [(5, 0, "within"), (12, 0, "within"), (12, 1, "later"), (14, 0, "later")]
)
def test_both_sides_of_the_range_of_dark_spots_that_are_still_there(months: int, over: int, expected: str) -> None:
    day = add_months(BASE + 29, months) - BASE + over
    events = [*supplied(0), event("course_stop", 29, "e", reason="completed"), symptom(day, "skin_hyperpigmentation")]
    assert stand(of(events, day), "dark_spots")[0] == expected


@pytest.mark.parametrize(
    ("last_there", "gone", "expected"),
    [(2, 5, "earlier"), (7, 11, "within"), (13, 14, "later"), (5, 7, "not_known"), (11, 13, "not_known")],
)
def test_what_went_between_two_looks_is_placed_only_where_both_agree(last_there: int, gone: int, expected: str) -> None:
    there, over = (add_months(BASE + 29, months) - BASE for months in (last_there, gone))
    events = [*supplied(0), event("course_stop", 29, "e", reason="completed")]
    events += [
        symptom(there, "skin_hyperpigmentation"),
        event("symptom_ended", over, "o", symptom=f"skin_hyperpigmentation{there}"),
    ]
    assert stand(of(events, over), "dark_spots")[0] == expected


def test_of_two_entries_of_one_day_the_one_that_is_no_relief_counts() -> None:
    day = add_months(BASE + 29, 7) - BASE
    events = [
        *supplied(0),
        event("course_stop", 29, "e", reason="completed"),
        score(day, "pahpi", 0),
        score(day, "pih_ods", 3),
    ]
    assert stand(of(events, day), "dark_spots") == ("within", "Still on record 7 months after the last capsule.")


def test_with_capsules_that_are_not_on_record_only_later_is_certain() -> None:
    unknown = [event("course_start", 0, "b"), event("dispensing", 20, "a", days=90, **PLAIN)]
    assert stand(of([*unknown, symptom(29, "acne_flare")], 30), "early_flare")[0] == "not_known"
    assert stand(of([*unknown, symptom(60, "acne_flare")], 61), "early_flare")[0] == "later"
    no_dose = [event("dispensing", 0, "a", days=90), symptom(9, "acne_flare")]  # days are known without milligrams
    assert stand(of(no_dose, 10), "early_flare")[0] == "within"


@given(st.integers(1, 3000), st.integers(0, 3000))
def test_months_that_have_passed_are_those_the_protocol_counts(first: int, more: int) -> None:
    start = BASE + first
    months = whole_months(start, start + more)
    assert add_months(start, months) <= start + more < add_months(start, months + 1)


# --- generated ------------------------------------------------------------------------------------
def check(sheet: Sheet, programme: str) -> None:
    edition = shipped.edition(programme)
    data = as_data(sheet, edition, "p")
    text = "\n".join(line.text for line in lines(data)) + expectations_json(data).decode()
    assert not NEVER.search(text), NEVER.search(text)
    assert "{" not in "\n".join(line.text for line in lines(data))
    assert sum(stage.now for stage in sheet.stages) <= 1
    for found in sheet.rows:
        assert found.titles
        assert (found.standing is None) == (found.entry.kind == "shown")
        if found.standing is not None:
            assert found.standing.stand in STANDS
        if any(mark.urgent for mark in found.marks):
            assert found.standing is not None and found.standing.stand == "not_compared"


@SHORT
@given(histories(), st.integers(-20, 400), st.data())
def test_generated_courses_never_crash_and_claim_nothing(
    made: tuple[list[Any], int], day: int, data: st.DataObject
) -> None:
    events, _ = made
    terms = ("acne_flare", "dry_eye", "skin_hyperpigmentation", "epistaxis", "myalgia", "depression", "cheilitis")
    for index in range(data.draw(st.integers(0, 5))):
        at, term = data.draw(st.integers(-20, 300)), data.draw(st.sampled_from(terms))
        severity = data.draw(st.sampled_from(["mild", "moderate", "severe", "unknown"]))
        events.append(event("symptom", at, f"y{index}", text=term, term=term, severity=severity))
    for index in range(data.draw(st.integers(0, 4))):
        scale, value = data.draw(
            st.sampled_from(
                [
                    ("iga", 1),
                    ("iga", 4),
                    ("inflammatory_count", 40),
                    ("inflammatory_count", 3),
                    ("pih_ods", 0),
                    ("pih_ods", 5),
                ]
            )
        )
        events.append(event("skin_score", data.draw(st.integers(-20, 300)), f"k{index}", scale=scale, value=str(value)))
    check(of(events, day), "uk")


@pytest.mark.parametrize("state", ["not_begun", "going_on", "no_supply", "paused", "halted", "ended"])
def test_generated_courses_reach_every_state(state: str) -> None:
    """Found by themselves, in whatever order and process the tests run."""
    made = st.tuples(histories(), st.integers(-20, 400))
    quiet = settings(max_examples=5000, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    (events, _), day = find(made, lambda each: of(each[0][0], each[1]).clock.state == state, settings=quiet)
    check(of(events, day), "uk")


@pytest.mark.parametrize("programme", ["us", "de", "au"])
def test_synthetic_courses_have_a_sheet_on_every_day_looked_at(programme: str) -> None:
    edition = shipped.edition(programme)
    clinic = clinic_of(edition, day_of("2026-08-08"))
    for course in courses(clinic, count=12, seed=3, first_day=day_of("2026-08-08")):
        prepared = prepare(course.record)
        for day in {course.looks[0].day, course.looks[-1].day, course.looks[-1].day + 150}:
            check(sheet_of(edition, evaluate(edition, prepared, day)), programme)


def test_treated_days_are_the_days_that_were_taken() -> None:
    events = [*supplied(0, 30), event("missed_doses", 45, "m", days=3)]
    edition = shipped.edition("uk")
    evaluation = evaluate(edition, table(visible(events)), BASE + 70)
    made = treated(course_of(edition, evaluation), evaluation.rows)
    assert made.days(BASE + 70) == sum(last - first + 1 for first, last in made.spans) == 60


# --- the person's figures -------------------------------------------------------------------------
def test_figures_of_photographs_stand_beside_and_decide_nothing() -> None:
    figure = Figure("dark spots", "", BASE + 40, 31.0, 5.0, 4.0, "improved")
    sheet = of([*supplied(0)], 41, figures=[figure])
    assert row(sheet, "dark_spots").marks == ()  # the last capsule is still to come
    end = event("course_stop", 29, "e", reason="completed")
    sheet = of([*supplied(0), end], 41, figures=[figure])
    (mark,) = row(sheet, "dark_spots").marks
    assert told(mark.says) == "Dark spots: 31 at the first photograph, 5 now (noise ± 4): improved"
    assert stand(sheet, "dark_spots")[0] == "not_known"


# --- the picture ----------------------------------------------------------------------------------
def test_the_picture_keeps_its_frame_and_puts_no_words_on_words() -> None:
    end = event("course_stop", 59, "e", reason="completed")
    marks = [symptom(9, "acne_flare"), symptom(-5, "dry_eye"), symptom(20, "cheilitis"), score(0, "iga", 4)]
    for events, day in (
        ([], 0),
        ([*supplied(0), *marks], 1),
        ([*supplied(0, 30), *marks], 45),
        ([*supplied(*range(0, 721, 30)), *marks], 720),
        ([*supplied(0, 30), *marks, end], 59),
        ([*supplied(0, 30), *marks, end], 70),
        ([*supplied(0, 30), *marks, end, symptom(300, "skin_hyperpigmentation")], 2000),
    ):
        made = drawn(of(events, day), Voice())
        texts = [shape for shape in made.shapes if isinstance(shape, Text)]
        for shape in made.shapes:
            left, top, right, bottom = shape.box
            assert left >= 0 and right <= WIDTH + 1 and top >= -1 and bottom <= made.height, (day, shape)
        for place, one in enumerate(texts):
            assert not [other for other in texts[place + 1 :] if overlap(one.box, other.box)], (day, one)


def test_every_mark_of_the_sheet_is_in_the_picture_and_today_is_where_the_week_is() -> None:
    sheet = of([*supplied(0, 30), symptom(9, "acne_flare"), symptom(20, "cheilitis")], 45)
    made = drawn(sheet, Voice())
    assert sum(isinstance(shape, Mark) for shape in made.shapes) == sum(len(found.marks) for found in sheet.rows) == 2
    (today,) = [shape for shape in made.shapes if isinstance(shape, Line) and shape.style == "today"]
    week = Axes(sheet.clock)
    assert week.treated(6 * 7) < today.x1 < week.treated(7 * 7)
    bars = [shape for shape in made.shapes if isinstance(shape, Bar) and "Acne can get worse" in shape.title]
    assert [(bar.left, bar.right) for bar in bars] == [(week.treated(0), week.treated(28))]


# --- the knowledge --------------------------------------------------------------------------------
def test_every_share_in_a_sentence_is_one_of_the_figures_of_its_studies() -> None:
    for entry in KNOWN.every:
        figures = {str(n) for share in entry.shares for n in (share.low, share.high) if n is not None}
        counted = entry.when.says if entry.when is not None else ""
        figures |= set(re.findall(r"([\d.]+) %", counted))
        for text in (entry.says, entry.clinician_says, entry.lasts):
            assert set(re.findall(r"([\d.]+) %", text)) <= figures, entry.where
        for share in entry.shares:
            assert share.source in KNOWN.titles


def test_what_is_only_remembered_is_in_no_entry() -> None:
    sources = open_shelf().sources
    for entry in KNOWN.every:
        assert entry.confidence in ("high", "medium")
        cited = {*entry.sources, *(share.source for share in entry.shares), *(entry.when.sources if entry.when else ())}
        assert not [name for name in cited if "memory" in sources[name].at or sources[name].read == "not read again"]


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("first: 1, last: 4,", "first: 4, last: 1,", "this is no range"),
        ("first: 1, last: 4,", "first: 0, last: 4,", "this is no range"),
        ("treated_weeks, first: 1, last: 4", "after_weeks, first: 1, last: end", "only weeks of treatment"),
        ("clock: treated_weeks, first: 1, last: 4", "clock: after_weeks, first: 1, last: 4", "another clock"),
        ('low: "32"', 'low: "132"', "no share of people"),
        ("source: ev-flare-2008}", "source: somewhere}", "'somewhere' is not allowed here"),
        ("sources: [expect-borghi-2009]}", "sources: []}", "needs a source"),
        ("rules: [acne_flares]", "rules: [acne_flare]", "did you mean 'acne_flares'"),
        ("tell: visit", "tell: next_year", "'next_year' is not allowed here"),
        ("confidence: high", "confidence: low", "'low' is not allowed here"),
        ("expect: oil\n", "expect: early_flare\n", "stands twice"),
        ("share: not_known", "share: []", "a share needs a figure"),
        ("share: not_known", "share: unknown", "'unknown' is not allowed here"),
        ("terms: [acne_flare,", "terms: [acne_flair,", "did you mean 'acne_flare'"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_knowledge_says_where_it_is(tmp_path: Path, was: str, becomes: str, message: str) -> None:
    root = Path(str(open_shelf().root))
    for path in root.rglob("*.yaml"):
        copy = tmp_path / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text()
        if path.name == "course.yaml":
            assert was in text
            text = text.replace(was, becomes, 1)
        copy.write_text(text)
    with pytest.raises(ProtocolError) as wrong:
        read_expectations(open_shelf(tmp_path), LIBRARY.rules)
    assert message in str(wrong.value) and "expectations/course.yaml, line" in str(wrong.value)
