"""Running the bundled examples: each expectation held against the decision and the plan of its day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from isocourse.engine import model as m
from isocourse.engine.decide import Decision, decide_prepared, evaluate, prepare
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.examples import Expectation, Story
from isocourse.plan.earliest import Earliest, earliest_supply
from isocourse.plan.tasks import todos, windows
from isocourse.record.dates import iso


class Editions:
    """Compiled editions by programme, topics and adoptions, each made once."""

    def __init__(self, library: m.Library) -> None:
        self.library = library
        self._made: dict[tuple[object, ...], Edition] = {}

    def of(self, story: Story, expectation: Expectation) -> Edition:
        key = (story.programme, story.topics, tuple(sorted(expectation.adopted.items())))
        if key not in self._made:
            self._made[key] = edition_of(self.library, story.programme, expectation.adopted, story.topics)
        return self._made[key]


def mismatches(editions: Editions, story: Story) -> Iterator[str]:
    """What came out differently from what the story expects, one line each."""
    for expectation in story.expectations:
        known_at = datetime.fromisoformat(expectation.known_at) if expectation.known_at is not None else None
        prepared = prepare(story.record, known_at)
        decision = decide_prepared(editions.of(story, expectation), prepared, expectation.on, known_at)
        earliest = earliest_supply(decision.edition, prepared, decision.evaluation)
        for what, wanted, got in _compared(expectation, decision, earliest):
            if wanted != got:
                place = f"{expectation.where}, story {story.name}, {iso(expectation.on)}"
                yield f"{place}: {what} should be {wanted}, is {got}"


def _compared(expectation: Expectation, decision: Decision, earliest: Earliest) -> Iterator[tuple[str, object, object]]:
    withheld = {finding.rule.id for finding in decision.findings if finding.withholds}
    yield "supply", expectation.supply, decision.supply
    if expectation.capsules is not None:
        yield "capsules in hand", expectation.capsules, decision.capsules_in_hand
    if expectation.withheld_by is not None:
        yield "withheld by", sorted(expectation.withheld_by), sorted(withheld)
    fired = {finding.rule.id for finding in decision.findings}
    if not expectation.also <= fired:
        yield "also found", sorted(expectation.also), sorted(fired & expectation.also)
    if expectation.window is not None:
        open_ = [(window.opens, window.last_day) for window in windows(decision)]
        yield "window", tuple(map(iso, expectation.window)), tuple(map(iso, open_[0])) if open_ else None
    if expectation.earliest is not None:
        yield "earliest supply", iso(expectation.earliest), iso(earliest.day) if earliest.day is not None else None
    if expectation.requires is not None:
        yield "requires something", expectation.requires, bool(earliest.requires)
    named = {why for todo in todos(decision, earliest) for why in todo.why}
    if not expectation.tasks <= named:
        yield "tasks", sorted(expectation.tasks), sorted(expectation.tasks & named)


def rules_seen(editions: Editions, stories: Iterable[Story]) -> dict[str, set[bool]]:
    """By rule: whether some example saw it fire (or undecided), and whether some example saw it not fire."""
    seen: dict[str, set[bool]] = {}
    for _, _, rule, fires in _looked_at(editions, stories):
        seen.setdefault(rule, set()).add(fires)
    return seen


def examples_of_rules(
    editions: Editions, stories: Iterable[Story], most: int = 3
) -> dict[str, dict[bool, list[tuple[Story, int]]]]:
    """By rule: at most so many examples with their days in which it fires (True) and does not (False).

    Those whose expectations name the rule come first: they are about it. Of the others in which it does not fire, the
    same story on another day, then the one with the nearest name.
    """
    found: dict[str, dict[bool, list[tuple[Story, Expectation]]]] = {}
    for story, expectation, rule, fires in _looked_at(editions, stories):
        found.setdefault(rule, {True: [], False: []})[fires].append((story, expectation))
    return {rule: _best(rule, seen, most) for rule, seen in found.items()}


def _best(
    rule: str, seen: dict[bool, list[tuple[Story, Expectation]]], most: int
) -> dict[bool, list[tuple[Story, int]]]:
    def about(at: tuple[Story, Expectation]) -> tuple[bool, int]:
        named = at[1].withheld_by or frozenset()
        return rule not in named | at[1].also, len(named)

    fires = sorted(seen[True], key=about)[:most]
    names = {story.name for story, _ in fires}
    near = sorted(seen[False], key=lambda at: -max((_alike(at[0].name, name) for name in names), default=0))
    return {
        side: [(story, expectation.on) for story, expectation in chosen]
        for side, chosen in ((True, fires), (False, near[:most]))
    }


def _alike(one: str, other: str) -> int:
    """How many characters two names begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _looked_at(editions: Editions, stories: Iterable[Story]) -> Iterator[tuple[Story, Expectation, str, bool]]:
    """Every rule of every expectation, and whether it fires (or is undecided) there."""
    for story in stories:
        for expectation in story.expectations:
            edition = editions.of(story, expectation)
            known_at = datetime.fromisoformat(expectation.known_at) if expectation.known_at is not None else None
            states = evaluate(edition, prepare(story.record, known_at), expectation.on).states
            for rule, state in zip(edition.rules, states, strict=False):
                yield story, expectation, rule.id, state != 0
