"""What a condition means: three-valued truth, read straight off the tree. Slow and plain; compiled code has to agree.

`meaning` turns a parsed tree into nested tuples once, so that reading it many times (for reasons) stays cheap.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import exp

from isocourse.engine.language import Tree
from isocourse.record.dates import add_months

Node = tuple[Any, ...]
Env = Mapping[str, Any]

_COMPARE: dict[type[Tree], Callable[[Any, Any], bool]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
}
_REACH: dict[type[Tree], Callable[[Any, Any], Any]] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
    exp.AddMonths: add_months,
}


def meaning(tree: Tree) -> Node:
    """The tree as nested tuples: ("and", a, b), ("compare", test, a, b), ("name", n), ..."""
    if isinstance(tree, exp.And | exp.Or):
        return ("and" if isinstance(tree, exp.And) else "or", meaning(tree.this), meaning(tree.expression))
    if isinstance(tree, exp.Not):
        return ("not", meaning(tree.this))
    if isinstance(tree, exp.Is):
        return ("missing", meaning(tree.this))
    if isinstance(tree, exp.In):
        field = tree.args.get("field")
        listed = meaning(field) if field is not None else ("literal", tuple(part.name for part in tree.expressions))
        return ("in", meaning(tree.this), listed)
    if type(tree) in _COMPARE:
        return ("compare", _COMPARE[type(tree)], meaning(tree.this), meaning(tree.expression))
    if type(tree) in _REACH:
        return ("reach", _REACH[type(tree)], meaning(tree.this), meaning(tree.expression))
    if isinstance(tree, exp.Column):
        return ("name", tree.name)
    if isinstance(tree, exp.Literal):
        return ("literal", tree.name if tree.is_string else int(tree.name))
    if isinstance(tree, exp.Boolean):
        return ("literal", bool(tree.this))
    if isinstance(tree, exp.Least | exp.Greatest):
        choose = min if isinstance(tree, exp.Least) else max
        return ("extreme", choose, tuple(meaning(part) for part in [tree.this, *tree.expressions]))
    if isinstance(tree, exp.Case):
        default = tree.args.get("default")
        branches = tuple((meaning(branch.this), meaning(branch.args["true"])) for branch in tree.args["ifs"])
        return ("case", branches, meaning(default) if default is not None else ("literal", None))
    raise AssertionError(tree)


def truth(node: Node, env: Env) -> bool | None:
    """True, False or None (unknown)."""
    kind = node[0]
    if kind == "and":
        left = truth(node[1], env)
        if left is False:
            return False
        right = truth(node[2], env)
        return False if right is False else None if left is None or right is None else True
    if kind == "or":
        left = truth(node[1], env)
        if left is True:
            return True
        right = truth(node[2], env)
        return True if right is True else None if left is None or right is None else False
    if kind == "not":
        inner = truth(node[1], env)
        return None if inner is None else not inner
    if kind == "compare":
        left, right = value(node[2], env), value(node[3], env)
        return None if left is None or right is None else bool(node[1](left, right))
    if kind == "in":
        left, right = value(node[1], env), value(node[2], env)
        return None if left is None or right is None else left in right
    if kind == "missing":
        return value(node[1], env) is None
    answer = value(node, env)
    return None if answer is None else bool(answer)


def value(node: Node, env: Env) -> Any:
    """The value of an expression, None while it is unknown. CASE, LEAST and GREATEST are strict."""
    kind = node[0]
    if kind == "name":
        return env[node[1]]
    if kind == "literal":
        return node[1]
    if kind == "reach":
        left, right = value(node[2], env), value(node[3], env)
        return None if left is None or right is None else node[1](left, right)
    if kind == "extreme":
        parts = [value(part, env) for part in node[2]]
        return None if None in parts else node[1](parts)
    if kind == "case":
        for condition, then in node[1]:
            met = truth(condition, env)
            if met is None:
                return None
            if met:
                return value(then, env)
        return value(node[2], env)
    return truth(node, env)


def names(node: Node) -> list[str]:
    """Every name in the node, in reading order, each once."""
    found: dict[str, None] = {}

    def walk(part: Any) -> None:
        if isinstance(part, tuple):
            if part and part[0] == "name":
                found[part[1]] = None
            else:
                for inner in part:
                    walk(inner)

    walk(node)
    return list(found)
