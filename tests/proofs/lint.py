"""Rules that do nothing, found by z3: they never fire, always fire, or hold a part that never matters.

A part matters when putting TRUE, or FALSE, in its place changes the rule's state for some record: whether it
fires, does not fire, or cannot be decided. (A part that only decides between "not fired" and "cannot be decided"
matters: it keeps a rule quiet where nothing is wrong.)

    python -m tests.proofs.lint us
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import z3
from sqlglot import exp

from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.language import Tree
from isocourse.engine.load import load_library
from tests.proofs.axioms import axioms
from tests.proofs.translate import Model, possible, solver_of

NEVER, ALWAYS, USELESS = "never fires", "always fires", "never matters"


@dataclass(frozen=True)
class Fault:
    """A rule and what is wrong with it; `part` is the part that never matters."""

    rule: str
    what: str
    part: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.part + ' ' if self.part else ''}{self.what}"


def faults(edition: Edition) -> list[Fault]:
    """Every rule of the edition that does nothing, or holds a part that does nothing."""
    model = Model(edition)
    solver = solver_of(model.in_range, *axioms(model))
    found: list[Fault] = []
    for rule, condition in zip(edition.rules, edition.conditions, strict=False):
        fires, in_force = model.states[rule.id].true, model.in_force[rule.id]
        if not possible(solver, fires):
            found.append(Fault(rule.id, NEVER))
        elif not possible(solver, in_force, z3.Not(fires)):
            found.append(Fault(rule.id, ALWAYS))
        else:
            useless = _useless_parts(model, solver, rule.id, condition.tree)
            found.extend(Fault(rule.id, USELESS, part) for part in useless)
    return found


def _useless_parts(model: Model, solver: z3.Solver, rule_id: str, tree: Tree) -> Iterator[str]:
    """The largest parts that never matter."""
    state = model.states[rule_id]
    skip: set[int] = set()
    for index, node in enumerate(tree.walk(bfs=False)):
        if node.parent is None or not isinstance(node.parent, exp.And | exp.Or) or id(node.parent) in skip:
            if node.parent is not None and id(node.parent) in skip:
                skip.add(id(node))
            continue
        for constant in (True, False):
            instead = model.state(rule_id, _with(tree, index, constant))
            if not possible(solver, z3.Or(instead.true != state.true, instead.false != state.false)):
                yield said(cast("Tree", node))
                skip.add(id(node))
                break


def _with(tree: Tree, index: int, constant: bool) -> Tree:
    copy = tree.copy()
    node = next(node for number, node in enumerate(copy.walk(bfs=False)) if number == index)
    node.replace(exp.Boolean(this=constant))
    return copy


def said(tree: Tree) -> str:
    """The part as text. Trees are kept without parentheses, and sqlglot prints none that it does not find."""
    copy = tree.copy()
    for node in list(copy.find_all(exp.Or, exp.And)):
        if node.parent is not None and not isinstance(node.parent, type(node)):
            node.replace(exp.Paren(this=node.copy()))
    return copy.sql(dialect="duckdb")


if __name__ == "__main__":
    library = load_library()
    for programme in sys.argv[1:] or list(library.programmes):
        for fault in faults(edition_of(library, programme)):
            print(f"{programme}: {fault}")
