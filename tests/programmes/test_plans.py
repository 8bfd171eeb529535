"""From every story, whole or with an event left out, the plan leads to a day of supply, and on that day it is open."""

from __future__ import annotations

from datetime import date

import pytest

from isocourse.engine.decide import evaluate
from isocourse.plan.earliest import earliest_supply
from isocourse.record.tables import table
from tests.programmes.told import FIVE, of, told_in

DAYS = (date(2026, 4, 10), date(2026, 5, 6), date(2026, 5, 30))
# A test that is not sensitive has to be withdrawn; two entries that contradict each other have to be looked into; a
# date of birth has to be asked for. No plan can do any of it, nor make isotretinoin right for whom it is not right.
NOBODY_CAN = {
    *("test_not_sensitive", "category_contradicted", "age_not_recorded"),
    *("acne_prepubertal", "allergy_to_drug", "allergy_refused", "illness_refused"),
}


@pytest.mark.parametrize("programme", FIVE)
def test_every_plan_leads_to_a_day(programme: str) -> None:
    waiting = 0
    for story in of(programme):
        compiled, events = told_in(story), story.record.events
        for left_out in range(-1, len(events)):
            for day in DAYS:
                on = day.toordinal()
                rows = table(
                    event for index, event in enumerate(events) if index != left_out and event.happened_on.last <= on
                )
                found = earliest_supply(compiled, rows, evaluate(compiled, rows, on))
                assert found.day is not None or set(found.stuck) <= NOBODY_CAN, (story.name, left_out, day, found.stuck)
                waiting += found.day is not None and found.day > on
    assert waiting > 20
