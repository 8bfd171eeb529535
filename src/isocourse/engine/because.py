"""Why a rule fired, or why it could not be decided: a walk over the very tree that decided.

The reasons named are *sufficient* (blank every other fact and the rule still fires) and *minimal* (then blank
any one of them and it no longer does). Limits are named beside the facts they were compared with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from isocourse.engine.columns import COLUMNS
from isocourse.engine.edition import Edition, value_name
from isocourse.engine.language import Tree, names_in
from isocourse.engine.python_backend import matching_rows
from isocourse.record.dates import add_months

_TESTS: dict[type[Tree], Any] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
}


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


def truth(tree: Tree, env: Mapping[str, Any]) -> bool | None:
    """The three-valued answer, read straight off the tree. Slow and plain; the compiled form has to agree."""
    if isinstance(tree, exp.And | exp.Or):
        decides = isinstance(tree, exp.Or)
        left, right = truth(tree.this, env), truth(tree.expression, env)
        if decides in (left, right):
            return decides
        return None if None in (left, right) else not decides
    if isinstance(tree, exp.Not):
        inner = truth(tree.this, env)
        return None if inner is None else not inner
    if isinstance(tree, exp.Is):
        return value(tree.this, env) is None
    if isinstance(tree, exp.In):
        left, listed = value(tree.this, env), _listed(tree, env)
        return None if left is None or listed is None else left in listed
    if type(tree) in _TESTS:
        left, right = value(tree.this, env), value(tree.expression, env)
        return None if left is None or right is None else bool(_TESTS[type(tree)](left, right))
    answer = value(tree, env)
    return None if answer is None else bool(answer)


def _listed(tree: Tree, env: Mapping[str, Any]) -> Any:
    field = tree.args.get("field")
    return value(field, env) if field is not None else [part.name for part in tree.expressions]


def value(tree: Tree, env: Mapping[str, Any]) -> Any:
    """The value of an expression, None while it is unknown."""
    if isinstance(tree, exp.Column):
        return env[tree.name]
    if isinstance(tree, exp.Literal):
        return tree.name if tree.is_string else int(tree.name)
    if isinstance(tree, exp.Boolean):
        return bool(tree.this)
    if isinstance(tree, exp.Case):
        for branch in tree.args["ifs"]:
            met = truth(branch.this, env)
            if met is None:
                return None
            if met:
                return value(branch.args["true"], env)
        default = tree.args.get("default")
        return value(default, env) if default is not None else None
    if isinstance(tree, exp.Least | exp.Greatest):
        parts = [value(part, env) for part in [tree.this, *tree.expressions]]
        if None in parts:
            return None
        return min(parts) if isinstance(tree, exp.Least) else max(parts)
    if isinstance(tree, exp.Add | exp.Sub | exp.Mul | exp.AddMonths):
        left, right = value(tree.this, env), value(tree.expression, env)
        if left is None or right is None:
            return None
        if isinstance(tree, exp.AddMonths):
            return add_months(left, right)
        return left + right if isinstance(tree, exp.Add) else left - right if isinstance(tree, exp.Sub) else left * right
    return truth(tree, env)


def support(tree: Tree, env: Mapping[str, Any], blankable: Sequence[str] | frozenset[str]) -> list[str]:
    """Names of facts that together decide the tree, none of which can be done without."""
    wanted = truth(tree, env)
    names = [name for name in dict.fromkeys(_deciding(tree, env)) if name in blankable]
    only = {name: (known if name in names or name not in blankable else None) for name, known in env.items()}
    for name in list(reversed(names)):
        kept = only[name]
        only[name] = None
        if truth(tree, only) == wanted:
            names.remove(name)
        else:
            only[name] = kept
    return names


def _deciding(tree: Tree, env: Mapping[str, Any]) -> list[str]:
    if isinstance(tree, exp.Not):
        return _deciding(tree.this, env)
    if isinstance(tree, exp.And | exp.Or):
        decides = isinstance(tree, exp.Or)
        for part in (tree.this, tree.expression):
            if truth(part, env) is decides:
                return _deciding(part, env)
        return _deciding(tree.this, env) + _deciding(tree.expression, env)
    return list(names_in(tree))


def missing(tree: Tree, env: Mapping[str, Any], facts: frozenset[str]) -> list[str]:
    """Facts that are unknown and stand in the way of a decision, in reading order."""
    if truth(tree, env) is not None:
        return []
    if isinstance(tree, exp.Not):
        return missing(tree.this, env, facts)
    if isinstance(tree, exp.And | exp.Or):
        return list(dict.fromkeys(missing(tree.this, env, facts) + missing(tree.expression, env, facts)))
    return [name for name in dict.fromkeys(names_in(tree)) if name in facts and env[name] is None]


def asked(tree: Tree, env: Mapping[str, Any]) -> list[str]:
    """What an asking rule asks for: the names whose absence made it fire."""
    return [part.this.name for part in tree.find_all(exp.Is) if env[part.this.name] is None]


def limits_in(tree: Tree, edition: Edition) -> tuple[Limit, ...]:
    """The protocol's values that a tree holds facts against."""
    found: dict[str, Limit] = {}
    for name in names_in(tree):
        step = edition.value_steps.get(name)
        if step is not None and value_name(name) not in found:
            declared = edition.library.values[value_name(name)]
            found[value_name(name)] = Limit(
                declared.name, step.value, declared.kind, declared.says, step.strength, step.confidence, step.sources
            )
    return tuple(found.values())


class Explainer:
    """Builds reasons for one evaluation. `env` holds every fact, value and as_of by name."""

    def __init__(self, edition: Edition, env: Mapping[str, Any], tables: Mapping[str, Any], picked: Mapping[str, Any]):
        self.edition = edition
        self.env = env
        self.tables = tables
        self.picked = picked
        self.facts = frozenset(edition.fact_index)

    def reasons(self, tree: Tree) -> tuple[Reason, ...]:
        return tuple(self.reason(name) for name in support(tree, self.env, self.facts))

    def reason(self, name: str) -> Reason:
        fact = self.edition.facts[self.edition.fact_index[name]]
        known = self.env[name]
        if fact.take:
            rows = self._rows(fact.name)
            events = tuple(dict.fromkeys(event for row in rows for event in events_of(row)))
            on = day_of(rows[0], fact.of) if rows and fact.take != "count" else None
            return Reason(name, fact.says, fact.type.kind, known, on, events)
        assert fact.expression is not None
        parts = self._parts(fact.expression, known)
        made_of = tuple(self.reason(part) for part in parts)
        events = tuple(dict.fromkeys(event for part in made_of for event in part.events))
        return Reason(name, fact.says, fact.type.kind, known, None, events, made_of)

    def _parts(self, tree: Tree, known: Any) -> list[str]:
        if isinstance(known, bool) and not isinstance(tree, exp.Case):
            return support(tree, self.env, self.facts)
        return [name for name in dict.fromkeys(names_in(tree)) if name in self.facts and self.env[name] is not None]

    def _rows(self, name: str) -> list[Any]:
        fact = self.edition.facts[self.edition.fact_index[name]]
        if fact.take in ("latest", "earliest", "min", "max"):
            return [self.picked[name]] if self.picked[name] is not None else []
        return self.matching(name)

    def matching(self, name: str) -> list[Any]:
        """Every row a fact counted or chose from."""
        fact = self.edition.facts[self.edition.fact_index[name]]
        known = {other: self.env[other] for other in self.edition.fact_index}
        return matching_rows(fact, known, self.edition.constants, self.tables.get(fact.of, ()))


def events_of(row: Any) -> tuple[str, ...]:
    """The ids of the events a row stands for."""
    return (row.id,) if hasattr(row, "happened_on") else tuple(row.events)


def day_of(row: Any, kind: str) -> int | None:
    """The day of a row, None for the row that stands for the beginning of the record."""
    day = row.happened_on.last if hasattr(row, "happened_on") else row.day
    return day if day > 1 and kind in COLUMNS else None
