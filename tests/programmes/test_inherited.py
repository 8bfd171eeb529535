"""Nobody is looser than what they stand on: Germany, France and Italy than the European core, but for who may renew;
Canada and Australia, in the topics that they borrow, than those they borrow from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from isocourse.engine.decide import answers, evaluate, prepare
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.model import CAPSULES, Library
from isocourse.engine.python_backend import FIRED
from isocourse.record.dates import day_of
from isocourse.record.tables import Rows, table
from tests.generative.courses import cases
from tests.programmes.told import ADDED, ALONE, INHERITING, STORIES, TOPICS, edition, whole, within
from tests.shipped import LIBRARY

# A dermatologist is asked for to begin, and then any doctor will do: the one thing in which a country is milder.
WHO = {"prescriber_role"}


def situations() -> list[tuple[str, Rows, int]]:
    """Adversarial European courses, and every story of the European programmes on each of its days."""
    found = [
        (f"case {case.number}", prepare(case.record), case.as_of) for case in cases(1200) if case.programme == "eu"
    ]
    for story in STORIES.values():
        if story.programme in ("eu", *INHERITING):
            rows = prepare(story.record)
            days = {expected.on + late for expected in story.expectations for late in (-1, 0, 1, 4)}
            found += [(story.name, rows, day) for day in sorted(days)]
    return found


SITUATIONS = situations()


def looser(own: Edition, core: Edition) -> list[str]:
    """Where the core withholds, for another reason than who prescribes, and the country does not."""
    found = []
    for name, rows, day in SITUATIONS:
        if day < max(own.programme.versions[0].from_day, core.programme.versions[0].from_day):
            continue
        above = withholding(core, rows, day) - WHO
        if above and not withholding(own, rows, day):
            found.append(f"{name}: {sorted(above)}")
    return found


def withholding(of: Edition, rows: Rows, day: int) -> set[str]:
    states = evaluate(of, rows, day).states
    return {
        rule.id
        for rule, state in zip(of.rules, states, strict=False)
        if state and (rule.then if state == FIRED else rule.if_unknown).supply == "withhold"
    }


@pytest.mark.parametrize("programme", INHERITING)
def test_what_the_core_withholds_the_country_withholds(programme: str) -> None:
    assert looser(edition(programme), edition("eu")) == []


@pytest.mark.parametrize("topic", ADDED)
@pytest.mark.parametrize("programme", INHERITING)
def test_in_the_later_topics_too(programme: str, topic: str) -> None:
    assert looser(within(programme, (topic,)), within("eu", (topic,))) == []


def test_a_looser_country_is_noticed() -> None:
    """The guard is broken: Italy without its replacement of the expired prescription."""
    italy = edition("it")
    gone = {"certification_expired_it"}
    library = replace(LIBRARY, rules=without(LIBRARY, gone))
    broken = edition_of(library, "it", {}, TOPICS)
    assert "prescription_expired" in {rule.id for rule in broken.rules}, "what nothing stands in for comes back"
    milder = replace(LIBRARY.rules["certification_expired_it"], condition=LIBRARY.rules["breast_feeding"].condition)
    broken = edition_of(replace(LIBRARY, rules={**LIBRARY.rules, milder.id: milder}), "it", {}, TOPICS)
    assert looser(broken, edition("eu"))
    assert not looser(italy, edition("eu"))


def without(library: Library, gone: set[str]) -> dict[str, object]:
    return {name: rule for name, rule in library.rules.items() if name not in gone}


@pytest.mark.parametrize("programme", INHERITING)
def test_the_rest_is_the_core(programme: str) -> None:
    """Every rule and task of the core holds, or another stands in for it."""
    own, core = whole(programme), whole("eu")
    replaced = {item.instead_of for item in (*own.rules, *own.tasks) if item.instead_of}
    assert {item.id for item in (*core.rules, *core.tasks)} - {item.id for item in (*own.rules, *own.tasks)} == replaced


# --- Canada and Australia, which stand on nobody and borrow
LENDER = {
    ("ca", "mood"): "us", ("ca", "medicines"): "us", ("ca", "bloods"): "eu", ("ca", "dose"): "eu",
    ("au", "mood"): "eu", ("au", "medicines"): "eu", ("au", "bloods"): "eu", ("au", "dose"): "eu",
}  # fmt: skip
# Before April 2025 nothing Australian was read on mood; what was policy then is told in stories.
SINCE = {"ca": day_of("2024-01-01"), "au": day_of("2025-04-01")}


@cache
def of_the_later_topics() -> tuple[tuple[str, Rows, int], ...]:
    """Every story of the lenders in these topics, whole and with each event left out; and the adversarial courses."""

    def all_of_them() -> Iterator[tuple[str, Rows, int]]:
        for case in cases(1200):
            yield f"case {case.number}", prepare(case.record), case.as_of
        for story in STORIES.values():
            if story.programme not in ("us", "eu") or not set(story.topics or ()) & set(ADDED):
                continue
            events = story.record.events
            days = {expected.on + late for expected in story.expectations for late in (0, 1, 4)}
            for gone in range(-1, len(events)):
                rows = table(event for index, event in enumerate(events) if index != gone)
                for day in sorted(days):
                    yield f"{story.name} without event {gone}", rows, day

    return tuple(all_of_them())


def conventional(rows: Rows) -> bool:
    """Whether nothing but conventional capsules is on record: the ranges of the others differ, as the stories tell."""
    acts = [*rows.get("prescription", ()), *rows.get("dispensing", ())]
    return all(getattr(act, "formulation", "") == "conventional" for act in acts)


def milder(own: Edition, lender: Edition, topic: str) -> tuple[list[str], int]:
    """Where the lender's answer is stricter than the borrower's, and how often the lender withholds."""
    found, withheld = [], 0
    for name, rows, day in of_the_later_topics():
        if day < SINCE[own.programme.id] or (topic == "dose" and not conventional(rows)):
            continue
        mine, theirs = (answers(of, evaluate(of, rows, day)) for of in (own, lender))
        withheld += theirs[0] == "withhold"
        if theirs[0] == "withhold" != mine[0] or CAPSULES.index(mine[1]) < CAPSULES.index(theirs[1]):
            found.append(f"{name} on {day}: {theirs}, here {mine}")
    return found, withheld


@pytest.mark.parametrize("topic", ADDED)
@pytest.mark.parametrize("programme", ALONE)
def test_who_borrows_is_no_milder_than_the_lender(programme: str, topic: str) -> None:
    found, withheld = milder(within(programme, (topic,)), within(LENDER[programme, topic], (topic,)), topic)
    assert found == []
    assert withheld > 50


@pytest.mark.parametrize("programme", ALONE)
def test_a_milder_borrower_is_noticed(programme: str) -> None:
    """The guard is broken: without the rule on tetracyclines."""
    library = replace(LIBRARY, rules=without(LIBRARY, {"tetracycline_taken"}))
    broken = edition_of(library, programme, {}, ("medicines",))
    assert milder(broken, within(LENDER[programme, "medicines"], ("medicines",)), "medicines")[0]
