"""The decision: every finding with its reasons, the two answers, and until when they can stand.

`decide` is a pure function of an edition, a record, a day and a moment of knowledge. It decides nothing for
anybody: a prescriber does, with this in front of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import compress
from typing import Any, NamedTuple

from msgspec import Struct

from isocourse.engine import model as m
from isocourse.engine.because import Explainer, Reason, asked, limits_in, missing
from isocourse.engine.edition import Edition, Limit
from isocourse.engine.python_backend import FIRED, UNKNOWN
from isocourse.record.corrections import rows_that_stand
from isocourse.record.episodes import episodes
from isocourse.record.record import Record
from isocourse.record.tables import Rows, clip
from isocourse.record.topics import Episodes

MOST_LOOKS_AHEAD = 64


class Evaluation(NamedTuple):
    """The raw outcome of one run: rows and episodes as of a day, facts, the row that each came from (None where it took
    none), rule states."""

    as_of: int
    rows: Rows
    episodes: Episodes
    facts: tuple[Any, ...]
    found: list[Any]
    states: tuple[int, ...]
    later: list[int]


class Finding(Struct, frozen=True, gc=False):
    """A rule that fired, or could not be decided (`decided` false): its effect, reasons, limits, what is missing."""

    rule: m.Rule
    decided: bool
    effect: m.Effect
    reasons: tuple[Reason, ...]
    limits: tuple[Limit, ...]
    missing: tuple[str, ...]

    @property
    def withholds(self) -> bool:
        return self.effect.supply == "withhold"


@dataclass(frozen=True)
class Decision:
    """The two answers of one day, with every finding. `valid_until` is the first day on which time alone changes
    a finding; None when it never does."""

    edition: Edition
    as_of: int
    known_at: datetime | None
    supply: str
    capsules_in_hand: str
    findings: tuple[Finding, ...]
    assessed: tuple[str, ...]
    not_assessed: tuple[str, ...]
    valid_until: int | None
    evaluation: Evaluation

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Every fact by name."""
        return dict(zip(self.edition.fact_index, self.evaluation.facts, strict=True))

    def fact(self, name: str) -> Any:
        """One fact; None while it is unknown, or when the edition has no such fact."""
        return fact_of(self.edition, self.evaluation, name)

    @property
    def complete(self) -> bool:
        """Whether every topic the programme needs was assessed."""
        return not self.not_assessed


def prepare(record: Record, known_at: datetime | None = None) -> Rows:
    """The record as rows: as known at a moment, corrections applied. Work that does not depend on the day."""
    return rows_that_stand(record.events, known_at=known_at)


def evaluate(edition: Edition, prepared: Rows, as_of: int, before: Evaluation | None = None) -> Evaluation:
    """Facts and rule states as of a day. The hot path: no reasons are made here. `before` is an evaluation of the
    same person by the same edition, from which episodes whose rows are the same are taken over."""
    rows, unseen = clip(prepared, as_of)
    known = (before.rows, before.episodes) if before is not None else None
    built, changing = episodes(rows, as_of, edition.policy, edition.episodes_needed, known)
    facts, found, states = edition.run(rows, built, as_of)
    return Evaluation(as_of, rows, built, facts, found, states, unseen + changing)


def fact_of(edition: Edition, evaluation: Evaluation, name: str) -> Any:
    """One fact; None while it is unknown, or when the edition has no such fact."""
    place = edition.fact_index.get(name)
    return None if place is None else evaluation.facts[place]


def standing(edition: Edition, evaluation: Evaluation) -> Iterator[int]:
    """The places of the rules that fired or cannot be decided: a few of many, so nothing is done for the others."""
    return compress(range(len(edition.rules)), evaluation.states)


def answers(edition: Edition, evaluation: Evaluation) -> tuple[str, str]:
    """The two answers: (supply, capsules in hand)."""
    withheld, capsules = False, 0
    effects, states = edition.effects, evaluation.states
    for place in standing(edition, evaluation):
        withholds, severity = effects[place][states[place] == FIRED]
        withheld = withheld or withholds
        capsules = max(capsules, severity)
    return m.SUPPLY[withheld], m.CAPSULES[capsules]


def decide(edition: Edition, record: Record, as_of: int, known_at: datetime | None = None) -> Decision:
    """Decide for one person on one day. Raises NotInForce for a day before the programme's rules begin."""
    return decide_prepared(edition, prepare(record, known_at), as_of, known_at)


def decide_prepared(edition: Edition, prepared: Rows, as_of: int, known_at: datetime | None = None) -> Decision:
    """As `decide`, on rows already prepared."""
    edition.check_in_force(as_of)
    evaluation = evaluate(edition, prepared, as_of)
    supply, capsules = answers(edition, evaluation)
    loaded = edition.assessed
    return Decision(
        edition=edition,
        as_of=as_of,
        known_at=known_at,
        supply=supply,
        capsules_in_hand=capsules,
        findings=findings(edition, evaluation),
        assessed=loaded,
        not_assessed=tuple(word for word in edition.programme.required_topics if word not in loaded),
        valid_until=valid_until(edition, prepared, evaluation),
        evaluation=evaluation,
    )


class _Names(dict[str, Any]):
    """As `environment`, but each looked up when it is first asked for: reasons ask for a few of hundreds."""

    __slots__ = ("constants", "facts", "places")

    def __init__(self, edition: Edition, evaluation: Evaluation) -> None:
        super().__init__(as_of=evaluation.as_of)
        self.places, self.facts, self.constants = edition.fact_index, evaluation.facts, edition.constants

    def __missing__(self, name: str) -> Any:
        place = self.places.get(name)
        known = self[name] = self.constants[name] if place is None else self.facts[place]
        return known


def environment(edition: Edition, evaluation: Evaluation) -> dict[str, Any]:
    """Every name a tree can read, with its value."""
    facts = dict(zip(edition.fact_index, evaluation.facts, strict=True))
    return {**edition.constants, **facts, "as_of": evaluation.as_of}


def explainer(edition: Edition, evaluation: Evaluation) -> Explainer:
    """What makes reasons for this evaluation."""
    env = _Names(edition, evaluation)
    return Explainer(edition, env, evaluation.rows, evaluation.episodes, evaluation.facts, evaluation.found)


def findings(edition: Edition, evaluation: Evaluation) -> tuple[Finding, ...]:
    """Every rule that fired or could not be decided, in the protocol's order, with its reasons."""
    why = explainer(edition, evaluation)
    found = []
    for place in standing(edition, evaluation):
        rule, condition = edition.rules[place], edition.conditions[place]
        unknown = evaluation.states[place] == UNKNOWN
        reasons = () if unknown else why.reasons(condition.meaning)
        found.append(
            Finding(
                rule,
                not unknown,
                rule.if_unknown if unknown else rule.then,
                reasons,
                limits_in(condition, reasons, edition, why.env),
                tuple(missing(condition.meaning, why.env, why.facts) if unknown else asked(condition.meaning, why.env)),
            )
        )
    return tuple(found)


def tasks_due(edition: Edition, evaluation: Evaluation) -> tuple[tuple[m.Task, int | None, int | None], ...]:
    """The protocol's own tasks that apply, with their earliest and due days."""
    states = evaluation.states[len(edition.rules) :]

    def day(name: str) -> int | None:
        if name == "as_of":
            return evaluation.as_of
        index = edition.fact_index.get(name)
        known: int | None = evaluation.facts[index] if index is not None else edition.constants[name]
        return known

    return tuple(
        (task, day(task.earliest), day(task.due))
        for task, state in zip(edition.tasks, states, strict=True)
        if state == FIRED
    )


def valid_until(edition: Edition, prepared: Rows, evaluation: Evaluation) -> int | None:
    """The first later day on which, with nothing written down, some rule or task would come out differently.

    Time only enters through comparisons with as_of, so the days on which anything can change are the values of
    the day facts (and the day after), the days on which versions change, and those the rows and episodes report.
    """
    _, places = edition.later_source
    today = tuple([evaluation.states[place] for place in places])
    days = set(edition.cut_days) | _days_ahead(edition, evaluation)
    seen, at = evaluation, evaluation.as_of
    for _ in range(MOST_LOOKS_AHEAD):
        day = min((day for day in days if day > at), default=None)
        if day is None:
            return None
        at = day
        if any(day >= change for change in seen.later):
            seen = evaluate(edition, prepared, day, seen)
            days |= _days_ahead(edition, seen)
            changed = seen.states != evaluation.states
        else:
            # The rows and episodes are the same: only what reads as_of can come out differently.
            changed = edition.later(seen.rows, seen.episodes, seen.facts, day) != today
        if changed:
            return day
    return min((day for day in days if day > at), default=None)


def _days_ahead(edition: Edition, evaluation: Evaluation) -> set[int]:
    """The days on which something in this evaluation could change: day facts, and what rows and episodes report."""
    days = set(evaluation.later)
    as_of, facts = evaluation.as_of, evaluation.facts
    for index in edition.day_facts:
        known = facts[index]
        if known is not None and known >= as_of:
            days.add(known)
            days.add(known + 1)
    return days
