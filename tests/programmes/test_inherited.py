"""Germany, France and Italy are never looser than the European core they stand on, but for who may renew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.model import Library
from isocourse.engine.python_backend import FIRED
from isocourse.record.tables import Rows
from tests.generative.courses import cases
from tests.programmes.told import INHERITING, LIBRARY, STORIES, TOPICS, edition

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
    own, core = edition(programme), edition("eu")
    replaced = {item.instead_of for item in (*own.rules, *own.tasks) if item.instead_of}
    assert {item.id for item in (*core.rules, *core.tasks)} - {item.id for item in (*own.rules, *own.tasks)} == replaced
