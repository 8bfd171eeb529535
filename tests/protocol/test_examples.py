"""Every bundled story comes out as it says, and together they show every rule firing and not firing."""

from __future__ import annotations

import pytest

from isocourse.engine.load import edition_is_current
from isocourse.plan.examples import Editions, mismatches, rules_seen
from tests import shipped
from tests.shipped import LIBRARY

STORIES = shipped.stories()
EDITIONS = Editions(LIBRARY)


@pytest.mark.parametrize("name", STORIES)
def test_the_story_comes_out_as_told(name: str) -> None:
    assert list(mismatches(EDITIONS, STORIES[name])) == []


def test_a_wrong_expectation_is_noticed() -> None:
    from dataclasses import replace

    story = STORIES["us_two_tests"]
    first = story.expectations[1]
    assert first.supply == "proceed"
    wrong = replace(story, expectations=(replace(first, supply="withhold", earliest=first.on + 1),))
    lines = list(mismatches(EDITIONS, wrong))
    assert len(lines) == 2
    assert "supply should be withhold, is proceed" in lines[0]


def test_every_story_expects_something() -> None:
    assert [name for name, story in STORIES.items() if not story.expectations] == []


def test_every_rule_is_shown_firing_and_not_firing() -> None:
    seen = rules_seen(EDITIONS, STORIES.values())
    assert {rule: sorted(seen.get(rule, set())) for rule in LIBRARY.rules if len(seen.get(rule, set())) < 2} == {}


def test_the_edition_names_the_content_it_has() -> None:
    assert edition_is_current(), f"write content: {LIBRARY.content} in protocol/edition.yaml, with a note for readers"
