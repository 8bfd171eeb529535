"""Why a rule fired, or why it could not be decided: a walk over the very tree that decided.

The reasons named are *sufficient* (blank every other fact and the rule still fires) and *minimal* (then blank
any one of them and it no longer does). Limits are named beside the facts they were compared with.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from msgspec import Struct

from isocourse.engine import model as m
from isocourse.engine.edition import Edition, Limit
from isocourse.engine.meaning import Node
from isocourse.engine.python_backend import CompiledCondition
from isocourse.record.episode_rows import BEGINNING
from isocourse.record.topics import EPISODES


class Reason(Struct, frozen=True, gc=False):
    """A fact that decided: its value, the day and the events it came from, the facts it was made of."""

    fact: str
    says: str
    kind: str
    value: Any
    on: int | None
    events: tuple[str, ...]
    made_of: tuple[Reason, ...] = ()


def support(node: Node, decided: bool, env: Mapping[str, Any], blankable: Container[str]) -> list[str]:
    """Names of facts that together decide the condition (as `decided`, true or false), none of which can be done
    without."""
    if node.plain or (node.plain_parts and decided is (node[0] == "and")):
        # As most are: a plain part, or plain parts that all decide. Then none can be done without; nothing to try.
        return [name for name in node.names if name in blankable]
    holds = node.truth
    deciding = [name for name in dict.fromkeys(_deciding(node, env)) if name in blankable]
    only = {name: env[name] if name in deciding or name not in blankable else None for name in node.names}
    for name in reversed(deciding):
        kept = only[name]
        only[name] = None
        if holds(only) is not decided:
            only[name] = kept
    return [name for name in deciding if only[name] is not None]


def _deciding(node: Node, env: Mapping[str, Any]) -> Sequence[str]:
    if node[0] == "not":
        return _deciding(node[1], env)
    if node[0] not in ("and", "or"):
        return node.names
    decides = node[0] == "or"
    for part in node.parts:
        if part.truth(env) is decides:
            return _deciding(part, env)
    return [name for part in node.parts for name in _deciding(part, env)]


def missing(node: Node, env: Mapping[str, Any], facts: Container[str]) -> list[str]:
    """Facts that are unknown and stand in the way of a decision, in reading order."""
    if node.truth(env) is not None:
        return []
    if node[0] == "not":
        return missing(node[1], env, facts)
    if node[0] in ("and", "or"):
        return list(dict.fromkeys(missing(node[1], env, facts) + missing(node[2], env, facts)))
    return [name for name in node.names if name in facts and env[name] is None]


def asked(node: Node, env: Mapping[str, Any]) -> list[str]:
    """What an asking rule asks for: the names whose absence made it fire."""
    return [name for name in node.asks_for if env[name] is None]


def limits_in(
    condition: CompiledCondition, reasons: Iterable[Reason], edition: Edition, env: Mapping[str, Any]
) -> tuple[Limit, ...]:
    """The protocol's values that decided: those in the condition, and those in the facts named as reasons. Of a value
    that changes, the one that governed: by the act's day in the condition, by the row's day in a fact."""
    found: dict[str, Limit] = {}
    as_of, limits = env["as_of"], edition.limits
    act = env[condition.act]
    for name in condition.meaning.names:
        limit = limits.get(name)
        if limit is not None and limit.name not in found:
            found[limit.name] = edition.limit_on(limit, as_of if act is None else act)
    _add_limits(found, reasons, edition, as_of)
    return tuple(found.values())


def _add_limits(found: dict[str, Limit], reasons: Iterable[Reason], edition: Edition, as_of: int) -> None:
    read = edition.limits_read
    for reason in reasons:
        for limit in read[reason.fact]:
            if limit.name not in found:
                found[limit.name] = edition.limit_on(limit, as_of if reason.on is None else reason.on)
        if reason.made_of:
            _add_limits(found, reason.made_of, edition, as_of)


class Explainer:
    """Builds reasons for one evaluation. `env` holds every fact, value and as_of by name; `values` is what each fact is
    and `found` its row, None where it took none, by the fact's place."""

    def __init__(
        self,
        edition: Edition,
        env: Mapping[str, Any],
        rows: Mapping[str, Sequence[Any]],
        episodes: Mapping[str, Sequence[Any]],
        values: Sequence[Any],
        found: Sequence[Any],
    ) -> None:
        self.edition = edition
        self.env = env
        self.rows = rows
        self.episodes = episodes
        self.values = values
        self.found = found
        self.facts = edition.fact_index
        self._known: dict[str, Reason] = {}

    def reasons(self, node: Node) -> tuple[Reason, ...]:
        """Why a condition that holds does."""
        return tuple([self.reason(name) for name in support(node, True, self.env, self.facts)])

    def reason(self, name: str) -> Reason:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._reason(name)
        return known

    def _reason(self, name: str) -> Reason:
        place = self.facts[name]
        fact, known = self.edition.facts[place], self.values[place]
        if fact.take:
            rows = self._rows(fact, self.found[self.edition.row_places[place]])
            if not rows:
                return Reason(name, fact.says, fact.type.kind, known, None, ())
            kind = fact.of
            events = events_of(rows[0], kind) if len(rows) == 1 else _distinct([events_of(row, kind) for row in rows])
            on = day_of(rows[0], kind) if fact.take != "count" else None
            return Reason(name, fact.says, fact.type.kind, known, on, events)
        parts = self._parts(self.edition.meanings[name], known)
        made_of = tuple([self.reason(part) for part in parts])
        events = _distinct([part.events for part in made_of])
        return Reason(name, fact.says, fact.type.kind, known, None, events, made_of)

    def _parts(self, node: Node, known: Any) -> list[str]:
        if isinstance(known, bool) and node[0] != "case":
            return support(node, known, self.env, self.facts)
        return [name for name in node.names if name in self.facts and self.env[name] is not None]

    def _rows(self, fact: m.Fact, row: Any) -> Sequence[Any]:
        if fact.take in ("count", "sum"):
            return self.matching(fact.name)
        if row is None:
            return ()
        return self.matching(fact.name) if fact.take == "exists" else (row,)

    def matching(self, name: str) -> Sequence[Any]:
        """Every row a fact counted or chose from."""
        fact = self.edition.facts[self.facts[name]]
        rows = (self.episodes if fact.of in EPISODES else self.rows).get(fact.of, ())
        return self.edition.row_filter(name)(rows, self.env)


def _distinct(events: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(events)))


def events_of(row: Any, kind: str) -> tuple[str, ...]:
    """The ids of the events that a row of a kind stands for."""
    events: tuple[str, ...] = row.events if kind in EPISODES else (row.id,)
    return events


def day_of(row: Any, kind: str) -> int | None:
    """The day of a row, None for the row that stands for the beginning of the record."""
    day: int = row.day if kind in EPISODES else row.happened_on.last
    return day if day > BEGINNING else None
