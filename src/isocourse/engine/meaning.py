"""What a condition means: three-valued truth, read straight off the tree. Plain; compiled code has to agree.

`meaning` turns a parsed tree into nested tuples once. Reasons ask the same node for its truth many times, with this or
that fact blanked, so what a node means is also put together once, as functions of the names' values.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from sqlglot import exp

from isocourse.engine.language import Tree
from isocourse.record.dates import add_months

Env = Mapping[str, Any]


class Node(tuple[Any, ...]):
    """A part of a condition or expression: ("and", a, b), ("compare", test, a, b), ("name", n), ..."""

    @cached_property
    def truth(self) -> Callable[[Env], bool | None]:
        """True, False or None (unknown), given the value of every name."""
        return _truth_of(self)

    @cached_property
    def value(self) -> Callable[[Env], Any]:
        """The value of an expression, None while it is unknown. CASE, LEAST and GREATEST are strict."""
        return _value_of(self)

    @cached_property
    def parts(self) -> tuple[Node, ...]:
        """What stands between the ANDs (or the ORs) of this node, in reading order."""
        found = ((part.parts if part[0] == self[0] else (part,)) for part in self[1:])
        return tuple(part for parts in found for part in parts)

    @cached_property
    def plain(self) -> bool:
        """Whether every name in it is needed: with any of them unknown it is unknown. So it is of a name, and of a name
        compared with another or a literal."""
        if self[0] == "not":
            inner: Node = self[1]
            return inner.plain
        return self[0] == "name" or (self[0] in ("compare", "in") and all(part[0] in _BARE for part in self[-2:]))

    @cached_property
    def plain_parts(self) -> bool:
        """Whether it is plain parts joined by AND, or by OR."""
        return self[0] in ("and", "or") and all(part.plain for part in self.parts)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name in the node, in reading order, each once."""
        return tuple(dict.fromkeys(part[1] for part in _walked(self) if part[0] == "name"))

    @cached_property
    def asks_for(self) -> tuple[str, ...]:
        """The names that it asks whether they are missing."""
        asking = (part for part in _walked(self) if part[0] == "missing")
        return tuple(dict.fromkeys(name for part in asking for name in part.names))


_BARE = ("name", "literal")


def _walked(node: Any) -> Iterator[Node]:
    """The node and every node in it, in reading order."""
    if isinstance(node, Node):
        yield node
    if isinstance(node, tuple):
        for part in node:
            yield from _walked(part)


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
    """The tree as nested tuples."""
    return Node(_node(tree))


def _node(tree: Tree) -> tuple[Any, ...]:
    if isinstance(tree, exp.And | exp.Or):
        return ("and" if isinstance(tree, exp.And) else "or", meaning(tree.this), meaning(tree.expression))
    if isinstance(tree, exp.Not):
        return ("not", meaning(tree.this))
    if isinstance(tree, exp.Is):
        return ("missing", meaning(tree.this))
    if isinstance(tree, exp.In):
        field = tree.args.get("field")
        codes = Node(("literal", tuple(part.name for part in tree.expressions)))
        return ("in", meaning(tree.this), meaning(field) if field is not None else codes)
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
        return ("case", branches, meaning(default) if default is not None else Node(("literal", None)))
    raise AssertionError(tree)


def truth(node: Node, env: Env) -> bool | None:
    """True, False or None (unknown)."""
    return node.truth(env)


def value(node: Node, env: Env) -> Any:
    """The value of an expression, None while it is unknown."""
    return node.value(env)


def names(node: Node) -> list[str]:
    """Every name in the node, in reading order, each once."""
    return list(node.names)


def _truth_of(node: Node) -> Callable[[Env], bool | None]:
    kind = node[0]
    if kind in ("and", "or"):
        return _joined(tuple(part.truth for part in node.parts), decides=kind == "or")
    if kind == "not":
        inner = node[1].truth

        def opposite(env: Env) -> bool | None:
            found = inner(env)
            return None if found is None else not found

        return opposite
    if kind in ("compare", "in"):
        test = node[1] if kind == "compare" else _is_in
        left, right = node[-2].value, node[-1].value

        def compared(env: Env) -> bool | None:
            one, other = left(env), right(env)
            return None if one is None or other is None else bool(test(one, other))

        return compared
    what = node[1].value if kind == "missing" else node.value
    if kind == "missing":
        return lambda env: what(env) is None

    def known(env: Env) -> bool | None:
        found = what(env)
        return None if found is None else bool(found)

    return known


def _is_in(code: Any, listed: Any) -> bool:
    return code in listed


def _joined(parts: tuple[Callable[[Env], bool | None], ...], *, decides: bool) -> Callable[[Env], bool | None]:
    """AND is false as soon as a part is false, OR true as soon as one is true; else unknown while any part is."""

    def joined(env: Env) -> bool | None:
        unknown = False
        for part in parts:
            found = part(env)
            if found is decides:
                return decides
            unknown = unknown or found is None
        return None if unknown else not decides

    return joined


def _value_of(node: Node) -> Callable[[Env], Any]:
    kind = node[0]
    if kind == "name":
        return operator.itemgetter(node[1])
    if kind == "literal":
        return lambda env: node[1]
    if kind == "reach":
        reach, left, right = node[1], node[2].value, node[3].value

        def reached(env: Env) -> Any:
            one, other = left(env), right(env)
            return None if one is None or other is None else reach(one, other)

        return reached
    if kind == "extreme":
        choose, parts = node[1], tuple(part.value for part in node[2])

        def chosen(env: Env) -> Any:
            found = [part(env) for part in parts]
            return None if None in found else choose(found)

        return chosen
    if kind == "case":
        branches, default = tuple((met.truth, then.value) for met, then in node[1]), node[2].value

        def first_met(env: Env) -> Any:
            for met, then in branches:
                found = met(env)
                if found is None:
                    return None
                if found:
                    return then(env)
            return default(env)

        return first_met
    return node.truth
