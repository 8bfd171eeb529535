"""Each programme's own day counting: exactly these days, the day before and the day after not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from isocourse.engine.decide import decide_prepared
from isocourse.engine.edition import edition_of
from isocourse.engine.model import Library
from tests.programmes.told import FIVE, STORIES, edition, of, on, open_days, rows, span, told_in, whole, withheld_by
from tests.shipped import LIBRARY

TEST = date(2026, 5, 4)
APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("story", "first", "last"),
    [
        ("de_prescribed", TEST, date(2026, 5, 10)),  # the day of issue and six more
        ("fr_prescribed", date(2026, 5, 7), date(2026, 5, 14)),  # the day of prescription and seven more
        (
            "it_prescribed",
            date(2026, 5, 7),
            date(2026, 5, 11),
        ),  # prescribed on the 7th, counted from the test of the 4th
        ("eu_prescribed", TEST, date(2026, 5, 11)),
        ("ca_ready", TEST, date(2026, 5, 15)),  # eleven days after the second test
        ("ca_month_2", date(2026, 5, 27), date(2026, 5, 31)),  # not before the last week of capsules
        ("au_ready", TEST, date(2026, 5, 18)),
        ("it_man", TEST, date(2026, 5, 11)),
        ("de_man", TEST, date(2026, 6, 1)),
    ],
)
def test_supply_is_open_on_exactly_these_days(story: str, first: date, last: date) -> None:
    # Before the prescription is written, or the first supply given, the test alone opens a window of its own.
    begin = {"ca_month_2": date(2026, 5, 6), "ca_ready": APRIL, "au_ready": APRIL}.get(story, first)
    assert open_days(story, begin, JULY) == span(first, last)


def with_value(name: str, programme: str, number: int) -> Library:
    """The library with one number changed."""
    value = LIBRARY.values[name]
    steps = tuple(replace(step, value=number) if step.programme == programme else step for step in value.steps)
    assert steps != value.steps
    return replace(LIBRARY, values={**LIBRARY.values, name: replace(value, steps=steps)})


@pytest.mark.parametrize(
    ("name", "programme", "number", "story", "too_late"),
    [
        ("prescription_valid", "de", 7, "de_prescribed", date(2026, 5, 11)),
        ("certification_valid", "it", 8, "it_prescribed", date(2026, 5, 12)),
        ("second_test_age", "ca", 12, "ca_ready", date(2026, 5, 16)),
        ("test_age_limit", "au", 15, "au_ready", date(2026, 5, 19)),
        ("prescription_valid", "fr", 8, "fr_prescribed", date(2026, 5, 15)),
        ("second_course_days", "au", 55, "au_dose_second_course", date(2026, 2, 28)),
        ("second_course_months", "ca", 1, "ca_dose_second_course", date(2026, 3, 3)),
        ("dose_usual_conventional", "ca", 1100, "ca_dose_above", date(2026, 3, 2)),
        ("dose_usual_conventional", "au", 1100, "au_dose_above", date(2026, 3, 2)),
        ("short_screen_from", "ca", 3, "ca_mood_short_two", date(2026, 3, 10)),
        ("short_screen_from", "au", 3, "au_mood_short_two", date(2026, 3, 10)),
        ("self_harm_limit", "ca", 1, "ca_mood_item_nine", date(2026, 3, 10)),
        ("self_harm_limit", "au", 1, "au_mood_item_nine", date(2026, 3, 10)),
    ],
)
def test_another_number_is_noticed(name: str, programme: str, number: int, story: str, too_late: date) -> None:
    """The guard is broken: with one day more the day after the last would be open."""
    assert on(story, too_late).supply == "withhold"
    broken = edition_of(with_value(name, programme, number), programme, {}, STORIES[story].topics)
    assert decide_prepared(broken, rows(story), too_late.toordinal()).supply == "proceed"


def test_a_dermatologist_begins_and_any_doctor_goes_on() -> None:
    begun = on("fr_begun_by_general_practitioner", date(2026, 5, 5))
    assert withheld_by(begun) == {"first_prescriber"}
    assert on("fr_renewed", date(2026, 6, 3)).supply == "proceed"
    assert "general_practitioner" in edition("fr").constants["accepted_prescriber_roles"]
    for programme in ("de", "eu", "uk", "au"):
        assert "general_practitioner" not in edition(programme).constants["accepted_prescriber_roles"]


@pytest.mark.parametrize("programme", FIVE)
def test_every_rule_and_task_of_its_own_is_told_on_both_sides(programme: str) -> None:
    """What a programme declares, or adds itself to, in any topic fires in one of its stories, and does not in one."""
    compiled = whole(programme)
    items = [*compiled.rules, *compiled.tasks]
    own = {item.id for item in items if programme in item.in_force}
    seen: dict[str, set[bool]] = {name: set() for name in own}
    for story in of(programme):
        for expectation in story.expectations:
            states = decide_prepared(compiled, rows(story.name), expectation.on).evaluation.states
            for item, state in zip(items, states, strict=True):
                if item.id in own:
                    seen[item.id].add(state != 0)
    assert {name: sides for name, sides in seen.items() if sides != {True, False}} == {}
    assert own


@pytest.mark.parametrize("programme", FIVE)
def test_an_answer_stands_until_it_says(programme: str) -> None:
    """Between the day of an answer and its `valid_until` nothing changes; on that day something does."""
    for story in of(programme):
        for expectation in story.expectations:
            told = decide_prepared(told_in(story), rows(story.name), expectation.on)
            last = expectation.on + 45 if told.valid_until is None else told.valid_until
            for day in range(expectation.on + 1, min(last, expectation.on + 45)):
                later = decide_prepared(told_in(story), rows(story.name), day)
                assert later.evaluation.states == told.evaluation.states, (story.name, day)
            if told.valid_until is not None:
                changed = decide_prepared(told_in(story), rows(story.name), told.valid_until)
                assert changed.evaluation.states != told.evaluation.states, story.name
