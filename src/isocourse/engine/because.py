"""Why a rule fired, or why it could not be decided: a walk over the very tree that decided.

The reasons named are *sufficient* (blank every other fact and the rule still fires) and *minimal* (then blank
any one of them and it no longer does). Limits are named beside the facts they were compared with.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from isocourse.engine.columns import COLUMNS
from isocourse.engine.edition import Edition, value_name
from isocourse.engine.meaning import Node, names, truth


@dataclass(frozen=True)
class Limit:
    """A value of the protocol that a fact was held against."""

    name: str
    value: Any
    kind: str
    says: str
    strength: str
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """A fact that decided: its value, the day and the events it came from, the facts it was made of."""

    fact: str
    says: str
    kind: str
    value: Any
    on: int | None
    events: tuple[str, ...]
    made_of: tuple[Reason, ...] = ()


def support(node: Node, env: Mapping[str, Any], blankable: Container[str]) -> list[str]:
    """Names of facts that together decide the condition, none of which can be done without."""
    wanted = truth(node, env)
    deciding = [name for name in dict.fromkeys(_deciding(node, env)) if name in blankable]
    only = {name: env[name] if name in deciding or name not in blankable else None for name in names(node)}
    for name in list(reversed(deciding)):
        kept = only[name]
        only[name] = None
        if truth(node, only) == wanted:
            deciding.remove(name)
        else:
            only[name] = kept
    return deciding


def _deciding(node: Node, env: Mapping[str, Any]) -> list[str]:
    if node[0] == "not":
        return _deciding(node[1], env)
    if node[0] in ("and", "or"):
        decides = node[0] == "or"
        for part in node[1:]:
            if truth(part, env) is decides:
                return _deciding(part, env)
        return _deciding(node[1], env) + _deciding(node[2], env)
    return names(node)


def missing(node: Node, env: Mapping[str, Any], facts: Container[str]) -> list[str]:
    """Facts that are unknown and stand in the way of a decision, in reading order."""
    if truth(node, env) is not None:
        return []
    if node[0] == "not":
        return missing(node[1], env, facts)
    if node[0] in ("and", "or"):
        return list(dict.fromkeys(missing(node[1], env, facts) + missing(node[2], env, facts)))
    return [name for name in names(node) if name in facts and env[name] is None]


def asked(node: Node, env: Mapping[str, Any]) -> list[str]:
    """What an asking rule asks for: the names whose absence made it fire."""
    if node[0] == "missing":
        return [name for name in names(node) if env[name] is None]
    found = [name for part in node[1:] if isinstance(part, tuple) for name in asked(part, env)]
    return list(dict.fromkeys(found))


def limits_in(node: Node, reasons: Iterable[Reason], edition: Edition) -> tuple[Limit, ...]:
    """The protocol's values that decided: those in the condition, and those in the facts named as reasons."""
    found: dict[str, Limit] = {}
    for name in [*names(node), *_values_read(reasons, edition)]:
        step = edition.value_steps.get(name)
        if step is not None and value_name(name) not in found:
            declared = edition.library.values[value_name(name)]
            found[value_name(name)] = Limit(
                declared.name, step.value, declared.kind, declared.says, step.strength, step.confidence, step.sources
            )
    return tuple(found.values())


def _values_read(reasons: Iterable[Reason], edition: Edition) -> Iterator[str]:
    for reason in reasons:
        yield from edition.reads[reason.fact]
        yield from _values_read(reason.made_of, edition)


class Explainer:
    """Builds reasons for one evaluation. `env` holds every fact, value and as_of by name."""

    def __init__(self, edition: Edition, env: Mapping[str, Any], tables: Mapping[str, Any], picked: Mapping[str, Any]):
        self.edition = edition
        self.env = env
        self.tables = tables
        self.picked = picked
        self.facts = edition.fact_index
        self._known: dict[str, Reason] = {}

    def reasons(self, node: Node) -> tuple[Reason, ...]:
        return tuple(self.reason(name) for name in support(node, self.env, self.facts))

    def reason(self, name: str) -> Reason:
        if name not in self._known:
            self._known[name] = self._reason(name)
        return self._known[name]

    def _reason(self, name: str) -> Reason:
        fact = self.edition.facts[self.edition.fact_index[name]]
        known = self.env[name]
        if fact.take:
            rows = self._rows(fact.name)
            events = tuple(dict.fromkeys(event for row in rows for event in events_of(row)))
            on = day_of(rows[0], fact.of) if rows and fact.take != "count" else None
            return Reason(name, fact.says, fact.type.kind, known, on, events)
        parts = self._parts(self.edition.meanings[name], known)
        made_of = tuple(self.reason(part) for part in parts)
        events = tuple(dict.fromkeys(event for part in made_of for event in part.events))
        return Reason(name, fact.says, fact.type.kind, known, None, events, made_of)

    def _parts(self, node: Node, known: Any) -> list[str]:
        if isinstance(known, bool) and node[0] != "case":
            return support(node, self.env, self.facts)
        return [name for name in names(node) if name in self.facts and self.env[name] is not None]

    def _rows(self, name: str) -> list[Any]:
        fact = self.edition.facts[self.edition.fact_index[name]]
        if fact.take in ("latest", "earliest", "min", "max"):
            return [self.picked[name]] if self.picked[name] is not None else []
        return self.matching(name)

    def matching(self, name: str) -> list[Any]:
        """Every row a fact counted or chose from."""
        fact = self.edition.facts[self.edition.fact_index[name]]
        keep = self.edition.row_filter(name)
        return [row for row in self.tables.get(fact.of, ()) if keep(row, self.env)]


def events_of(row: Any) -> tuple[str, ...]:
    """The ids of the events a row stands for."""
    return (row.id,) if hasattr(row, "happened_on") else tuple(row.events)


def day_of(row: Any, kind: str) -> int | None:
    """The day of a row, None for the row that stands for the beginning of the record."""
    day = row.happened_on.last if hasattr(row, "happened_on") else row.day
    return day if day > 1 and kind in COLUMNS else None
