"""Conditions and fact expressions read a second time, from written-out truth tables.

Everything here works on plain nested tuples, `("and", a, b)`, `("<", a, b)`, `("name", "x")`, and shares no code with
the engine. `from_tree` turns a parsed tree into such tuples; `written` turns them into text with random spelling.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

from sqlglot import exp

Node = tuple[Any, ...]

AND = {
    (True, True): True,
    (True, False): False,
    (True, None): None,
    (False, True): False,
    (False, False): False,
    (False, None): False,
    (None, True): None,
    (None, False): False,
    (None, None): None,
}
OR = {
    (True, True): True,
    (True, False): True,
    (True, None): True,
    (False, True): True,
    (False, False): False,
    (False, None): None,
    (None, True): True,
    (None, False): None,
    (None, None): None,
}
NOT = {True: False, False: True, None: None}
# How two known things stand to each other: -1 before, 0 equal, 1 after.
COMPARED = {
    "=": {-1: False, 0: True, 1: False},
    "<>": {-1: True, 0: False, 1: True},
    "<": {-1: True, 0: False, 1: False},
    "<=": {-1: True, 0: True, 1: False},
    ">": {-1: False, 0: False, 1: True},
    ">=": {-1: False, 0: True, 1: True},
}
_WORDS: dict[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.And: "and",
    exp.Or: "or",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.AddMonths: "add_months",
}


def read(node: Node, env: Mapping[str, Any]) -> Any:
    """The value of a node: True, False, a thing, or None while it is unknown."""
    what = node[0]
    if what == "name":
        return env[node[1]]
    if what == "is":
        return node[1]
    if what == "and":
        return AND[read(node[1], env), read(node[2], env)]
    if what == "or":
        return OR[read(node[1], env), read(node[2], env)]
    if what == "not":
        return NOT[read(node[1], env)]
    if what == "between":
        low = ("<=", node[2], node[1])
        high = ("<=", node[1], node[3])
        return AND[read(low, env), read(high, env)]
    if what == "null":
        return read(node[1], env) is None
    if what == "in":
        left, listed = read(node[1], env), read(node[2], env)
        if left is None or listed is None:
            return None
        found = False
        for one in listed:
            if one == left:
                found = True
        return found
    if what == "case":
        for met, then in node[1]:
            answer = read(met, env)
            if answer is None:
                return None
            if answer is True:
                return read(then, env)
        return None if node[2] is None else read(node[2], env)
    return _known_parts(what, [read(part, env) for part in node[1:]])


def _known_parts(what: str, parts: list[Any]) -> Any:
    for part in parts:
        if part is None:
            return None
    if what in COMPARED:
        left, right = parts
        stands = 0 if left == right else 1 if isinstance(left, str) or left > right else -1
        return COMPARED[what][stands]
    if what in ("least", "greatest"):
        ordered = sorted(parts)
        return ordered[0] if what == "least" else ordered[-1]
    if what == "add_months":
        return _months_on(*parts)
    return {"+": parts[0] + parts[1], "-": parts[0] - parts[1], "*": parts[0] * parts[1]}[what]


def _months_on(day: int, months: int) -> int:
    """Step by step, one month at a time, on the calendar; the day of the month is kept or cut to the month's end."""
    start = date.fromordinal(day)
    year, month = start.year, start.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    length = calendar.monthrange(year, month)[1]
    return date(year, month, start.day if start.day <= length else length).toordinal()


def from_tree(tree: exp.Expression) -> Node:
    """A parsed (and plain) tree as tuples."""
    if isinstance(tree, exp.Column):
        return ("name", tree.name)
    if isinstance(tree, exp.Boolean):
        return ("is", bool(tree.this))
    if isinstance(tree, exp.Literal):
        return ("is", tree.name if tree.is_string else int(tree.name))
    if isinstance(tree, exp.Not):
        return ("not", from_tree(tree.this))
    if isinstance(tree, exp.Is):
        assert isinstance(tree.expression, exp.Null)
        return ("null", from_tree(tree.this))
    if isinstance(tree, exp.In):
        if tree.args.get("field") is not None:
            return ("in", from_tree(tree.this), from_tree(tree.args["field"]))
        return ("in", from_tree(tree.this), ("is", tuple(part.name for part in tree.expressions)))
    if isinstance(tree, exp.Least | exp.Greatest):
        word = "least" if isinstance(tree, exp.Least) else "greatest"
        return (word, *(from_tree(part) for part in [tree.this, *tree.expressions]))
    if isinstance(tree, exp.Case):
        branches = tuple((from_tree(one.this), from_tree(one.args["true"])) for one in tree.args["ifs"])
        default = tree.args.get("default")
        return ("case", branches, None if default is None else from_tree(default))
    return (_WORDS[type(tree)], from_tree(tree.this), from_tree(tree.expression))


# --- writing --------------------------------------------------------------------------------------
_BINDING = {"or": 1, "and": 2, "not": 3, "+": 6, "-": 6, "*": 7}
_TIGHT = 9


def written(node: Node, dice: Random) -> str:
    """The node as text; parentheses where they are needed, and now and then where they are not."""
    text, binding = _text(node, dice)
    return f"({text})" if dice.random() < 0.15 and binding < _TIGHT else text


def _part(node: Node, dice: Random, least: int) -> str:
    text, binding = _text(node, dice)
    return text if binding >= least and (binding == _TIGHT or dice.random() < 0.9) else f"({text})"


def _text(node: Node, dice: Random) -> tuple[str, int]:
    what = node[0]
    if what == "name":
        return str(node[1]), _TIGHT
    if what == "is":
        if isinstance(node[1], bool):
            return ("TRUE" if node[1] else "false"), _TIGHT
        if isinstance(node[1], tuple):
            return "(" + ", ".join(f"'{one}'" for one in node[1]) + ")", _TIGHT
        return (f"'{node[1]}'" if isinstance(node[1], str) else str(node[1])), _TIGHT
    if what in ("and", "or"):
        least = _BINDING[what]
        word = what.upper() if dice.random() < 0.7 else what
        return f"{_part(node[1], dice, least)} {word} {_part(node[2], dice, least + 1)}", least
    if what == "not":
        inner = node[1]
        if inner[0] == "in" and dice.random() < 0.5:
            return f"{_part(inner[1], dice, 5)} NOT IN {_part(inner[2], dice, _TIGHT)}", 4
        if inner[0] == "between" and dice.random() < 0.5:
            return (
                f"{_part(inner[1], dice, 5)} NOT BETWEEN {_part(inner[2], dice, 5)} AND {_part(inner[3], dice, 5)}",
                4,
            )
        return f"NOT {_part(inner, dice, 3)}", 3
    if what == "between":
        return f"{_part(node[1], dice, 5)} BETWEEN {_part(node[2], dice, 5)} AND {_part(node[3], dice, 5)}", 4
    if what == "null":
        return f"{_part(node[1], dice, 5)} IS NULL", 4
    if what == "in":
        return f"{_part(node[1], dice, 5)} IN {_part(node[2], dice, _TIGHT)}", 4
    if what in ("least", "greatest", "add_months"):
        return f"{what.upper()}({', '.join(written(part, dice) for part in node[1:])})", _TIGHT
    if what == "case":
        branches = " ".join(f"WHEN {written(met, dice)} THEN {written(then, dice)}" for met, then in node[1])
        default = "" if node[2] is None else f" ELSE {written(node[2], dice)}"
        return f"CASE {branches}{default} END", _TIGHT
    word = "!=" if what == "<>" and dice.random() < 0.3 else what
    if what in COMPARED:
        return f"{_part(node[1], dice, 5)} {word} {_part(node[2], dice, 5)}", 4
    least = _BINDING[what]
    return f"{_part(node[1], dice, least)} {word} {_part(node[2], dice, least + 1)}", least


def names(node: Any) -> set[str]:
    """Every name in a node."""
    if not isinstance(node, tuple):
        return set()
    if len(node) == 2 and node[0] == "name":
        return {node[1]}
    if node[:1] == ("is",):
        return set()
    return set().union(*(names(part) for part in node))
