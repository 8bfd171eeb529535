"""Episodes of a topic are taken over from an earlier day only while nothing they are made of has changed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from bench.courses import courses
from isocourse.engine.decide import prepare
from isocourse.record import episodes as code
from isocourse.record import topics
from isocourse.record.record import read_record
from isocourse.record.tables import Rows, clip, with_events
from tests.generative.courses import SUITE, Case, cases

# Generated courses, and those of the benchmark, which hold bloods, mood and doses.
BENCH = [Case(-1, "us", None, read_record(source), as_of) for source, as_of in courses(60)]
PICKED = [*cases(SUITE)[::9], *BENCH]


class Watched(dict[str, Any]):
    """Rows that remember which kinds were asked for."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self.asked: set[str] = set()

    def get(self, kind: str, default: Any = None) -> Any:
        self.asked.add(kind)
        return super().get(kind, default)

    def __getitem__(self, kind: str) -> Any:
        self.asked.add(kind)
        return super().__getitem__(kind)

    def __contains__(self, kind: object) -> bool:
        self.asked.add(str(kind))
        return super().__contains__(kind)


def clipped(case: Case) -> tuple[Rows, int]:
    rows, _ = clip(prepare(case.record), case.as_of)
    return rows, code.episodes(rows, case.as_of, case.whole.policy)[0]["epoch"][-1].day


def unnamed() -> set[tuple[str, str]]:
    """Kinds of rows that a topic reads and does not name."""
    found = set()
    for case in PICKED:
        rows, epoch_day = clipped(case)
        for topic in topics.TOPICS:
            watched = Watched(rows)
            topic.make(watched, epoch_day, case.whole.policy)
            found |= {(min(topic.rows), kind) for kind in watched.asked - set(topic.reads)}
    return found


def test_a_topic_reads_only_what_it_names() -> None:
    assert unnamed() == set()


def test_a_kind_that_is_read_and_not_named_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = tuple(topic._replace(reads=topic.reads[1:]) for topic in topics.TOPICS)
    monkeypatch.setattr(topics, "TOPICS", lacking)
    assert len({name for name, _ in unnamed()}) == len(lacking)


def grown(case: Case, dice: Random) -> Iterator[tuple[Rows, int]]:
    """The same person on other days, and with some event twice (under another id would be no matter here)."""
    prepared = prepare(case.record)
    for days in (-20, 1, 40):
        yield prepared, case.as_of + days
    if case.record.events:
        yield with_events(prepared, [dice.choice(standing(prepared))]), case.as_of


def standing(rows: Rows) -> list[Any]:
    return [event for group in rows.values() for event in group]


def test_taking_over_makes_no_difference() -> None:
    for number, case in enumerate(PICKED):
        rows, _ = clip(prepare(case.record), case.as_of)
        if not rows:
            continue
        policy = case.whole.policy
        made, _ = code.episodes(rows, case.as_of, policy)
        for other, as_of in grown(case, Random(number)):
            later_rows, _ = clip(other, as_of)
            fresh = code.episodes(later_rows, as_of, policy)
            assert code.episodes(later_rows, as_of, policy, before=(rows, made)) == fresh, case.told()
