"""Prescribed, dispensed, taken: known answers reckoned by hand. Day 0 is 1 January 2026."""

from __future__ import annotations

from typing import Any

import pytest

from isocourse.plan.reconcile import KINDS
from isocourse.words.numbers import in_words
from isocourse.words.reconcile import _SENTENCES, Reconciliation, reconciliation
from tests import shipped
from tests.dose.test_course import of
from tests.dose.test_intake import BASE, event


def rx(day: int, name: str, days: int = 30, mg: str = "20", **more: Any) -> Any:
    return event("prescription", day, name, product="isotretinoin", days=days, daily_dose_mg=mg, **more)


def supply(day: int, name: str, days: int = 30, **more: Any) -> Any:
    return event("dispensing", day, name, days=days, **more)


def made(events: list[Any], day: int, programme: str = "uk") -> Reconciliation:
    return reconciliation(shipped.edition(programme), of(events), BASE + day)


def kinds(found: Reconciliation) -> list[str]:
    return [each.kind for each in found.found]


def test_two_months_that_agree() -> None:
    """Days 0 to 29 from the first supply, 30 to 59 from the second; on day 40 there are 19 days left."""
    found = made(
        [rx(0, "p1"), supply(0, "d1", prescription="p1"), rx(28, "p2"), supply(28, "d2", prescription="p2")], 40
    )
    sums = found.sums
    assert (sums.prescribed_days, sums.supplied_days, sums.taken_days, sums.days_in_hand) == (60, 60, 41, 19)
    assert found.found == () and found.says == "Prescribed, supplied and taken agree."
    assert [pair.state for pair in found.pairs] == ["supplied", "supplied"]


def test_missed_days_are_not_taken_and_stay_in_hand() -> None:
    """Five days missed before day 20: on day 20, 16 of 21 days were taken and 14 of 30 are left."""
    found = made([rx(0, "p"), supply(0, "d", prescription="p"), event("missed_doses", 20, "m", days=5)], 20)
    assert (found.sums.taken_days, found.sums.missed_days, found.sums.days_in_hand) == (16, 5, 14)
    assert kinds(found) == ["days_without"]
    assert "5 days, from Fri 16 Jan 2026 to Tue 20 Jan 2026" in found.found[0].says


@pytest.mark.parametrize(("day", "state", "expected"), [(7, "waiting", []), (8, "not_supplied", ["not_supplied"])])
def test_a_prescription_waits_as_long_as_it_is_valid(day: int, state: str, expected: list[str]) -> None:
    found = made([rx(0, "p")], day)
    assert ([pair.state for pair in found.pairs], kinds(found)) == ([state], expected)


def test_a_prescription_that_another_replaced_is_not_waiting() -> None:
    found = made([rx(0, "p1"), rx(2, "p2")], 3)
    assert [pair.state for pair in found.pairs] == ["not_supplied", "waiting"]


def test_a_supply_that_nobody_prescribed() -> None:
    found = made([supply(0, "d", days=28, note="Source: Bought online.")], 5)
    assert kinds(found) == ["no_prescription", "dose_unknown"]
    assert found.pairs[0].prescribed_on is None and found.pairs[0].supplies[0].note == "Source: Bought online."


def test_a_supply_that_names_none_is_taken_for_the_one_before_it() -> None:
    found = made([rx(0, "p1"), supply(1, "d1"), supply(29, "d2")], 30)
    assert found.pairs[0].assumed and [each.event for each in found.pairs[0].supplies] == ["d1"]
    assert "no_prescription" in kinds(found), "the second has no prescription left to belong to"


@pytest.mark.parametrize(
    ("fields", "kind", "says"),
    [
        ({"days": 20}, "fewer_days", "for 20 days, prescribed for 30 days"),
        ({"days": 31}, "more_days", "for 31 days, prescribed for 30 days"),
        ({"daily_dose_mg": "40"}, "other_dose", "at 40 mg a day, prescribed at 20 mg"),
        ({"formulation": "lidose"}, "other_formulation", "another formulation"),
        ({"strengths": [{"mg": "20", "capsules": 29}], "daily_dose_mg": "20"}, "other_capsules", "29 capsules, prescr"),
    ],
)
def test_where_a_supply_is_not_what_was_prescribed(fields: dict[str, Any], kind: str, says: str) -> None:
    written = rx(0, "p", strengths=[{"mg": "20", "capsules": 30}], formulation="conventional")
    found = made([written, supply(0, "d", **{"prescription": "p", **fields})], 5)
    assert kinds(found) == [kind]
    assert says in found.found[0].says and found.found[0].act


def test_a_supply_in_two_halves_is_whole() -> None:
    halves = [supply(0, "d1", days=15, prescription="p"), supply(3, "d2", days=15, prescription="p")]
    assert kinds(made([rx(0, "p"), *halves], 5)) == []


def test_days_without_capsules() -> None:
    """Supplied on day 0 for 30 and on day 35: days 30 to 34 had none."""
    supplies = [supply(0, "d1", prescription="p1"), supply(35, "d2", prescription="p2")]
    found = made([rx(0, "p1"), rx(35, "p2"), *supplies], 36)
    assert kinds(found) == ["days_without"] and "No capsules for 5 days" in found.found[0].says


@pytest.mark.parametrize(("second", "expected"), [(22, []), (21, ["much_in_hand"])])
def test_more_in_hand_than_a_prescription_and_an_early_supply_leave(second: int, expected: list[str]) -> None:
    """30 days and 7. Supplied again on day 22, 23 of 60 days are taken and 37 left; on day 21 it is 38."""
    supplies = [supply(0, "d1", prescription="p1"), supply(second, "d2", prescription="p2")]
    assert kinds(made([rx(0, "p1"), rx(second, "p2"), *supplies], second)) == expected


def test_what_is_left_at_a_stop_is_asked_for() -> None:
    events = [rx(0, "p"), supply(0, "d", prescription="p"), event("course_stop", 9, "s", reason="completed")]
    found = made(events, 20)
    assert kinds(found) == ["not_returned"] and "Capsules for 20 days" in found.found[0].says
    assert kinds(made([*events, event("capsules_returned", 12, "r", capsules=20)], 20)) == []


def test_capsules_are_added_where_every_act_says_them() -> None:
    written = rx(0, "p1", strengths=[{"mg": "20", "capsules": 30}])
    assert made([written], 1).sums.prescribed_capsules == 30
    assert made([written, rx(28, "p2")], 29).sums.prescribed_capsules is None


def test_the_course_before_is_left_out() -> None:
    before = [rx(0, "p0"), supply(0, "d0", prescription="p0"), event("course_stop", 29, "s", reason="completed")]
    found = made([*before, rx(300, "p1"), supply(300, "d1", prescription="p1")], 305)
    assert found.sums.prescribed_days == 30 and len(found.pairs) == 1 and kinds(found) == []


def test_every_kind_has_a_sentence() -> None:
    assert set(KINDS) == set(_SENTENCES)


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "zero"), (19, "nineteen"), (30, "thirty"), (42, "forty-two"), (60, "sixty"), (100, "one hundred"),
     (112, "one hundred and twelve"), (999, "nine hundred and ninety-nine"), (1000, "one thousand"),
     (1005, "one thousand and five"), (12_345, "twelve thousand three hundred and forty-five")],
)  # fmt: skip
def test_numbers_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


def test_numbers_out_of_reach() -> None:
    for number in (-1, 100_000):
        with pytest.raises(ValueError, match=str(number)):
            in_words(number)
