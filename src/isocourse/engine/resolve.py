"""Values put into trees: what a condition reads under a name, for the versions that can govern it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlglot import exp

from isocourse.engine import model as m
from isocourse.engine.columns import COLUMNS
from isocourse.engine.language import Tree, names_in
from isocourse.engine.python_backend import CompiledCondition
from isocourse.engine.steps import Begin, Steps
from isocourse.errors import ProtocolError

_STEP = "__step"
Span = tuple[str, str | None]


class Resolver:
    """Puts values into trees: a constant where a value never changes, a choice by the act's day where it does."""

    def __init__(self, values: Mapping[str, Steps]) -> None:
        self.values = values
        self.available: set[str] = {"as_of", *values}
        self.constants: dict[str, Any] = {}
        self.value_steps: dict[str, m.ValueStep] = {}
        for name, steps in values.items():
            for index, (_, step) in enumerate(steps):
                key = name if index == 0 else f"{name}{_STEP}{index}"
                self.constants[key] = step.value
                self.value_steps[key] = step

    def facts(self, library: m.Library) -> list[m.Fact]:
        """The facts this programme can work out, values resolved, in their order."""
        found = []
        for fact in library.facts.values():
            tree = fact.reads
            columns = set(_columns(fact))
            if tree is not None and not (set(names_in(tree)) - columns) <= self.available:
                continue
            self.available.add(fact.name)
            if tree is None:
                found.append(fact)
            elif fact.take:
                found.append(replace(fact, filter=self.resolve(tree, "day")))
            else:
                found.append(replace(fact, expression=self.resolve(tree, "as_of")))
        return found

    def check_available(self, tree: Tree, where: str, programme: str) -> None:
        for name in names_in(tree):
            if name not in self.available:
                raise ProtocolError(
                    f"it reads {name!r}, which programme {programme!r} has no value for",
                    where=where,
                    mend="give the value for the programme, or leave the programme out of the rule",
                )

    def condition(
        self, item: m.Rule | m.Task, span: Span, begins: Mapping[str, Begin], off: int | None
    ) -> CompiledCondition:
        """The item's tree with its days in force. The programme's first version reaches back without limit: a day
        before it is refused outright, and an act before it (an old test) is judged by the first rules known. `off` is
        the day from which the clinic does not have the rule."""
        act = item.act if isinstance(item, m.Rule) else "as_of"
        begin = begins[span[0]]
        ends = [day for day in (begins[span[1]].certain if span[1] is not None else None, off) if day is not None]
        return CompiledCondition(
            self.resolve(item.condition, act), act, None if begin.first else begin.scheduled, min(ends, default=None)
        )

    def resolve(self, tree: Tree, act: str) -> Tree:
        """The tree with dated values chosen by the day in `act`."""
        cuts = sorted({day for name in names_in(tree) for day, _ in self.values.get(name, [])[1:]})
        if not cuts:
            return tree
        spans = list(zip([None, *cuts], [*cuts, None], strict=True))
        versions = [(low, high, self._with_values_of(tree, low)) for low, high in spans]
        if _is_condition(tree):
            return _join([_and(_between(act, low, high), part) for low, high, part in versions])
        result = exp.Case(ifs=[], default=versions[-1][2])
        for _, high, part in versions[:-1]:
            assert high is not None
            result.args["ifs"].append(exp.If(this=_compare(exp.LT, act, high), true=part))
        return result

    def _with_values_of(self, tree: Tree, day: int | None) -> Tree:
        def rename(node: Tree) -> Tree:
            if isinstance(node, exp.Column) and len(self.values.get(node.name, [])) > 1:
                index = max(
                    (i for i, (d, _) in enumerate(self.values[node.name]) if day is not None and d <= day), default=0
                )
                return exp.column(f"{node.name}{_STEP}{index}") if index else node
            return node

        return tree.copy().transform(rename)


def value_name(name: str) -> str:
    """The declared name of a value, without the mark of its step."""
    return name.split(_STEP)[0]


def _columns(fact: m.Fact) -> tuple[str, ...]:
    return tuple(COLUMNS[fact.of]) if fact.take else ()


def _is_condition(tree: Tree) -> bool:
    return isinstance(
        tree, exp.And | exp.Or | exp.Not | exp.In | exp.Is | exp.EQ | exp.NEQ | exp.LT | exp.LTE | exp.GT | exp.GTE
    )


def _compare(operator: type[exp.Expression], name: str, day: int) -> Tree:
    return operator(this=exp.column(name), expression=exp.Literal.number(day))


def _between(act: str, low: int | None, high: int | None) -> Tree:
    parts: list[Tree] = []
    if low is not None:
        parts.append(_compare(exp.GTE, act, low))
    if high is not None:
        parts.append(_compare(exp.LT, act, high))
    return parts[0] if len(parts) == 1 else exp.And(this=parts[0], expression=parts[1])


def _and(left: Tree, right: Tree) -> Tree:
    return exp.And(this=left, expression=right)


def _join(parts: list[Tree]) -> Tree:
    joined = parts[0]
    for part in parts[1:]:
        joined = exp.Or(this=joined, expression=part)
    return joined
