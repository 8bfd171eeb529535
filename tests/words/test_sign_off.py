"""Every answer says whether a clinician has signed the rules, and a signature ends with its review date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from isocourse.engine.edition import edition_of
from isocourse.engine.lint import lint
from isocourse.engine.model import Library
from isocourse.words.answer import NOT_SIGNED, Answer, assess
from tests import shipped
from tests.shipped import LIBRARY

RECORD = shipped.stories()["us_month_2"].record
REVIEW = date(2026, 4, 30).toordinal()


def signed(**other_reviews: int) -> Library:
    """As if a clinician had signed every rule on one day, with a review due on REVIEW or on a day of its own."""
    rules = {
        name: replace(rule, reviewed_by="Dr A. Example, 2026-01-05", next_review=other_reviews.get(name, REVIEW))
        for name, rule in LIBRARY.rules.items()
    }
    return replace(LIBRARY, rules=rules)


def told(library: Library, on: int) -> Answer:
    return assess(edition_of(library, "us"), RECORD, on)


def test_the_shipped_protocol_is_signed_by_nobody() -> None:
    assert not any(rule.reviewed_by for rule in LIBRARY.rules.values())
    answer = told(LIBRARY, REVIEW)
    assert not answer.signed_off
    assert NOT_SIGNED in answer.notes


@pytest.mark.parametrize(("days", "stands"), [(-30, True), (0, True), (1, False), (400, False)])
def test_a_signature_ends_with_its_review_date(days: int, stands: bool) -> None:
    answer = told(signed(), REVIEW + days)
    assert answer.signed_off is stands
    assert any("overdue" in note for note in answer.notes) is not stands
    assert NOT_SIGNED not in answer.notes


def test_one_overdue_rule_is_enough_and_is_named() -> None:
    answer = told(signed(concern_open_us=REVIEW - 1), REVIEW)
    assert not answer.signed_off
    assert any("1 rule is overdue (concern_open_us)" in note for note in answer.notes)


def test_one_unsigned_rule_is_enough() -> None:
    library = signed()
    rules = {**library.rules, "concern_open_us": replace(library.rules["concern_open_us"], reviewed_by="")}
    assert not told(replace(library, rules=rules), REVIEW).signed_off


def test_lint_stops_at_an_overdue_review() -> None:
    def overdue(on: int) -> bool:
        return any(remark.serious and "was due" in remark.says for remark in lint(signed(), on, {}))

    assert [overdue(REVIEW), overdue(REVIEW + 1)] == [False, True]
