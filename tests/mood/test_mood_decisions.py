"""The rules over generated histories: item 9 decides whatever else is recorded, and filling in an answer never helps
by chance."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from msgspec.structs import replace

from isocourse.engine.decide import answers, evaluate
from isocourse.engine.edition import Edition
from isocourse.engine.python_backend import FIRED
from isocourse.record.dates import partial_date
from isocourse.record.events import Author, Event, Questionnaire
from isocourse.record.tables import table
from tests import shipped
from tests.mood import by_hand
from tests.mood.test_mood_episodes import BASE, SHORT, histories

EDITIONS = {name: shipped.edition(name, ("mood",)) for name in ("us", "uk", "eu", "ca", "au")}
AS_OF = BASE.toordinal() + 40
CAPSULES = {
    "us": "stop_now",
    "uk": "ask_prescriber",
    "eu": "ask_prescriber",
    "ca": "stop_now",
    "au": "stop_now",
}
SELF_HARM = {"us": "self_harm_us", "ca": "self_harm_us", "au": "self_harm_au"}


def states(edition: Edition, events: list[Event]) -> dict[str, int]:
    found = evaluate(edition, table(events), AS_OF).states
    return {rule.id: state for rule, state in zip(edition.rules, found, strict=False)}


@pytest.mark.parametrize("programme", EDITIONS)
def test_item_nine_decides_whatever_else_is_recorded(programme: str) -> None:
    edition = EDITIONS[programme]
    rule = SELF_HARM.get(programme, "self_harm")

    @SHORT
    @given(histories())
    def run(events: list[Event]) -> None:
        by_answer = by_hand.self_harm(events, edition.policy)
        above = any(answer for _, _, answer in by_answer)
        left_out = any(answer is None for _, _, answer in by_answer)
        found = states(edition, events)
        assert (found[rule], found["self_harm_unanswered"]) == (FIRED * above, FIRED * left_out)
        supply, capsules = answers(edition, evaluate(edition, table(events), AS_OF))
        if by_answer:
            assert supply == "withhold"
            assert capsules in (CAPSULES[programme], "stop_now") if above else capsules != "continue"

    run()


@SHORT
@given(histories())
def test_an_answer_left_out_is_never_milder_than_the_answer_0(events: list[Event]) -> None:
    """Leaving out item 9 of a questionnaire never makes a decision that withholds let go."""

    def without(event: Event) -> Event:
        if isinstance(event, Questionnaire) and len(event.items) == 9:
            return replace(event, items=(*event.items[:8], None))
        return event

    def zeroed(event: Event) -> Event:
        if isinstance(event, Questionnaire) and len(event.items) == 9:
            return replace(event, items=(*event.items[:8], 0))
        return event

    uk = EDITIONS["uk"]
    if answers(uk, evaluate(uk, table(map(zeroed, events)), AS_OF))[0] == "withhold":
        assert answers(uk, evaluate(uk, table(map(without, events)), AS_OF))[0] == "withhold"


def test_a_limit_raised_is_seen() -> None:
    """With the limit of item 9 at 1, an answer of 1 would pass: the agreement above would break."""
    edition = EDITIONS["us"]
    constants: Any = {**edition.constants, "self_harm_limit": 1}
    loose = dataclasses.replace(edition, constants=constants)
    items = (0,) * 8 + (1,)
    events: list[Event] = [_asked(items)]
    assert states(edition, events)["self_harm_us"] == FIRED
    assert states(loose, events)["self_harm_us"] == 0


def _asked(items: tuple[int, ...]) -> Questionnaire:
    return Questionnaire(
        id="q",
        happened_on=partial_date("2026-03-10"),
        recorded_at=datetime(2026, 3, 10, 12, tzinfo=UTC),
        author=Author(id="p", role="patient"),
        name="phq9",
        items=items,
    )
