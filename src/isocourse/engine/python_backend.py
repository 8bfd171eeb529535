"""The Python back end: facts and rules as one generated, readable function. The reference semantics.

Each condition is compiled twice, T(e) "it is true" and F(e) "it is false":

    T(a AND b) = T(a) and T(b)      F(a AND b) = F(a) or F(b)
    T(NOT a)   = F(a)               T(a < b)   = both known and a < b

so three-valued logic comes out right by construction and unknown is simply "neither". A name that can never
be unknown needs no guard. The generated source can be read with `isocourse protocol show --python`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlglot import exp

from isocourse.engine import model as m
from isocourse.engine.columns import COLUMNS
from isocourse.engine.language import Tree, names_in
from isocourse.engine.meaning import Node, meaning
from isocourse.record.dates import add_months
from isocourse.record.episode_rows import EPISODES

NOT_FIRED, FIRED, UNKNOWN = 0, 1, 2
_OPERATORS: dict[type[Tree], tuple[str, str]] = {
    exp.EQ: ("==", "!="),
    exp.NEQ: ("!=", "=="),
    exp.LT: ("<", ">="),
    exp.LTE: ("<=", ">"),
    exp.GT: (">", "<="),
    exp.GTE: (">=", "<"),
}
_ARITHMETIC: dict[type[Tree], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
# All that generated code can reach besides its arguments: no import, no open, no attribute of a module.
_REACH: dict[str, Any] = {
    "__builtins__": {"min": min, "max": max, "sum": sum, "reversed": reversed},
    "add_months": add_months,
}


@dataclass(frozen=True)
class Emitter:
    """Turns trees into Python expressions. `python` gives each name's Python, `unknown` those that may be None."""

    python: Mapping[str, str]
    unknown: frozenset[str]

    def true(self, tree: Tree) -> str:
        """Python that is True exactly when the condition is true."""
        return self._decided(tree, True)

    def false(self, tree: Tree) -> str:
        """Python that is True exactly when the condition is false."""
        return self._decided(tree, False)

    def _decided(self, tree: Tree, wanted: bool) -> str:
        if isinstance(tree, exp.And | exp.Or):
            word = "and" if isinstance(tree, exp.And) is wanted else "or"
            return f"({self._decided(tree.this, wanted)} {word} {self._decided(tree.expression, wanted)})"
        if isinstance(tree, exp.Not):
            return self._decided(tree.this, not wanted)
        if isinstance(tree, exp.Boolean):
            return str(bool(tree.this) is wanted)
        if isinstance(tree, exp.Column):
            value = self.python[tree.name]
            if tree.name in self.unknown:
                return f"({value} is {wanted})"
            return value if wanted else f"(not {value})"
        if isinstance(tree, exp.Is):
            return f"({self.value(tree.this)[1]} {'is' if wanted else 'is not'} None)"
        if isinstance(tree, exp.In):
            guards, left = self.value(tree.this)
            word = "in" if wanted else "not in"
            more, right = self._list(tree)
            return self._guarded([*guards, *more], f"{left} {word} {right}")
        operator = _OPERATORS[type(tree)][0 if wanted else 1]
        left_guards, left = self.value(tree.this)
        right_guards, right = self.value(tree.expression)
        return self._guarded([*left_guards, *right_guards], f"{left} {operator} {right}")

    def _list(self, tree: Tree) -> tuple[list[str], str]:
        field = tree.args.get("field")
        if field is not None:
            return self.value(field)
        return [], "(" + "".join(f"{part.name!r}, " for part in tree.expressions) + ")"

    @staticmethod
    def _guarded(guards: Sequence[str], test: str) -> str:
        unique = list(dict.fromkeys(guards))
        return "(" + " and ".join([*(f"{guard} is not None" for guard in unique), test]) + ")"

    def value(self, tree: Tree) -> tuple[list[str], str]:
        """What has to be known first, and the Python of the value then."""
        if isinstance(tree, exp.Column):
            value = self.python[tree.name]
            return ([value] if tree.name in self.unknown else []), value
        if isinstance(tree, exp.Literal):
            return [], repr(tree.name) if tree.is_string else tree.name
        if type(tree) in _ARITHMETIC:
            guards, left = self.value(tree.this)
            more, right = self.value(tree.expression)
            return guards + more, f"({left} {_ARITHMETIC[type(tree)]} {right})"
        if isinstance(tree, exp.AddMonths):
            guards, day = self.value(tree.this)
            more, months = self.value(tree.expression)
            return guards + more, f"add_months({day}, {months})"
        if isinstance(tree, exp.Least | exp.Greatest):
            parts = [self.value(part) for part in [tree.this, *tree.expressions]]
            name = "min" if isinstance(tree, exp.Least) else "max"
            return [guard for guards, _ in parts for guard in guards], f"{name}({', '.join(p for _, p in parts)})"
        raise AssertionError(tree)

    def known_or_none(self, tree: Tree, kind: str) -> str:
        """A fact's expression as Python: the value, or None while it is unknown."""
        if isinstance(tree, exp.Case):
            default = tree.args.get("default")
            code = self.known_or_none(default, kind) if default is not None else "None"
            for branch in reversed(tree.args["ifs"]):
                then = self.known_or_none(branch.args["true"], kind)
                true, false = self.true(branch.this), self.false(branch.this)
                code = f"({then} if {true} else ({code} if {false} else None))"
            return code
        if kind == "truth":
            true = self.true(tree)
            if self.unknown.isdisjoint(names_in(tree)):
                return true
            return f"(True if {true} else (False if {self.false(tree)} else None))"
        guards, code = self.value(tree)
        unique = list(dict.fromkeys(guards))
        if not unique or unique == [code]:
            return code
        return f"({code} if {' and '.join(f'{guard} is not None' for guard in unique)} else None)"


Run = Callable[[Mapping[str, Any], Mapping[str, Any], int], tuple[tuple[Any, ...], tuple[Any, ...], tuple[int, ...]]]


@dataclass(frozen=True)
class CompiledCondition:
    """A rule's or task's tree with the act and the days between which it is in force."""

    tree: Tree
    act: str
    from_day: int | None
    until_day: int | None

    @cached_property
    def meaning(self) -> Node:
        """The tree as nested tuples, for reasons."""
        return meaning(self.tree)


def generate(facts: Sequence[m.Fact], conditions: Sequence[CompiledCondition], constants: Mapping[str, Any]) -> str:
    """The source of `run(rows, eps, as_of) -> (facts, rows picked, states)`.

    `states` holds 0 not fired, 1 fired, 2 cannot be decided, in the order of `conditions`.
    """
    lines = ["def run(rows, eps, as_of):"]
    kinds = sorted({fact.of for fact in facts if fact.take})
    for kind in kinds:
        source = "eps" if kind in EPISODES else "rows"
        lines.append(f"    t_{kind} = {source}.get({kind!r}, ())")
    names = {"as_of": "as_of", **{name: f"v_{name}" for name in constants}, **{f.name: f"f_{f.name}" for f in facts}}
    unknown = frozenset(fact.name for fact in facts if fact.type.unknown)
    found: dict[tuple[str, str, bool], str] = {}
    for fact in facts:
        lines += _fact_lines(fact, names, unknown, found)
    emitter = Emitter(names, unknown)
    states = [_state(condition, emitter) for condition in conditions]
    picked = [
        f"r_{fact.name}" if fact.take in ("latest", "earliest", "min", "max", "exists") else "None" for fact in facts
    ]
    lines.append(f"    return ({_tuple(f'f_{fact.name}' for fact in facts)}), ({_tuple(picked)}), (")
    lines += [f"        {state}," for state in states]
    lines.append("    )")
    return "\n".join(lines) + "\n"


def compile_run(source: str, constants: Mapping[str, Any]) -> Run:
    """Execute generated source (made by `generate` from checked trees only) and give its `run`."""
    space: dict[str, Any] = {**_REACH, **{f"v_{name}": value for name, value in constants.items()}}
    exec(compile(source, "<protocol>", "exec"), space)  # noqa: S102 - our own source, from a closed language
    run: Run = space["run"]
    return run


def _tuple(parts: Any) -> str:
    return "".join(f"{part}, " for part in parts)


def _state(condition: CompiledCondition, emitter: Emitter) -> str:
    act, (_, act_python) = condition.act, emitter.value(exp.column(condition.act))
    if act in emitter.unknown:
        act_python = f"({act_python} if {act_python} is not None else as_of)"
    limits = []
    if condition.from_day is not None:
        limits.append(f"{act_python} >= {condition.from_day}")
    if condition.until_day is not None:
        limits.append(f"{act_python} < {condition.until_day}")
    true, false = emitter.true(condition.tree), emitter.false(condition.tree)
    certain = emitter.unknown.isdisjoint(names_in(condition.tree))
    code = f"(1 if {true} else 0)" if certain else f"(1 if {true} else (0 if {false} else 2))"
    return f"({code} if {' and '.join(limits)} else 0)" if limits else code


def _fact_lines(
    fact: m.Fact,
    names: Mapping[str, str],
    unknown: frozenset[str],
    found: dict[tuple[str, str, bool], str],
) -> list[str]:
    """The lines of one fact. `found` remembers the rows already looked for: facts that take different columns of the
    same row ("is there one", "its day") walk the table once."""
    if not fact.take:
        assert fact.expression is not None
        code = Emitter(names, unknown).known_or_none(fact.expression, fact.type.kind)
        return [f"    f_{fact.name} = {code}"]
    columns = COLUMNS[fact.of]
    column_names = {**names, **{name: column.python.format(r="r") for name, column in columns.items()}}
    column_unknown = unknown - set(columns) | {name for name, column in columns.items() if column.type.unknown}
    test = "True"
    if fact.filter is not None:
        emitter = Emitter(column_names, frozenset(column_unknown))
        test = f"not {emitter.false(fact.filter)}" if fact.keep_unknown_rows else emitter.true(fact.filter)
    value = column_names[fact.column] if fact.column else ""
    if fact.take not in _ONE_ROW:
        return [f"    {line}" for line in _AGGREGATES[fact.take](fact, test, value)]
    search = (fact.of, test, fact.take == "earliest")
    lines = [] if search in found else _first_match(*search, f"r_{fact.name}")
    row = found.setdefault(search, f"r_{fact.name}")
    lines.append(f"r = r_{fact.name} = {row}")
    lines.append(
        f"f_{fact.name} = r is not None"
        if fact.take == "exists"
        else f"f_{fact.name} = {value} if r is not None else None"
    )
    return [f"    {line}" for line in lines]


def _first_match(table: str, test: str, earliest: bool, row: str) -> list[str]:
    """Lines that put the first (or, from the end, the latest) row that passes the test into `row`."""
    if test == "True":
        return [f"{row} = t_{table}[{0 if earliest else -1}] if t_{table} else None"]
    return [
        f"{row} = None",
        f"for r in {f't_{table}' if earliest else f'reversed(t_{table})'}:",
        f"    if {test}:",
        f"        {row} = r",
        "        break",
    ]


def _extreme(operator: str) -> Callable[[m.Fact, str, str], list[str]]:
    def lines(fact: m.Fact, test: str, value: str) -> list[str]:
        name = f"f_{fact.name}"
        return [
            f"{name} = None; r_{fact.name} = None",
            f"for r in t_{fact.of}:",
            f"    if {test}:",
            f"        x = {value}",
            f"        if x is not None and ({name} is None or x {operator} {name}):",
            f"            {name} = x; r_{fact.name} = r",
        ]

    return lines


def _sum(fact: m.Fact, test: str, value: str) -> list[str]:
    """The sum over no row, or with an unknown part, is unknown."""
    name = f"f_{fact.name}"
    return [
        f"x = [{value} for r in t_{fact.of} if {test}]",
        f"{name} = sum(x) if x and None not in x else None",
    ]


def _count(fact: m.Fact, test: str, value: str) -> list[str]:
    return [f"f_{fact.name} = sum(1 for r in t_{fact.of} if {test})"]


_ONE_ROW = ("latest", "earliest", "exists")
_AGGREGATES: dict[str, Callable[[m.Fact, str, str], list[str]]] = {
    "min": _extreme("<"),
    "max": _extreme(">"),
    "sum": _sum,
    "count": _count,
}


RowFilter = Callable[[Any, Mapping[str, Any]], bool]


def row_filter(fact: m.Fact, facts: Sequence[m.Fact], constants: Mapping[str, Any]) -> RowFilter:
    """A test of one row against everything known, for evidence: every row an aggregate counted, not just the one
    it took."""
    if fact.filter is None:
        return lambda row, known: True
    columns = COLUMNS[fact.of]
    names = {name: f"n[{name!r}]" for name in [*(f.name for f in facts), *constants, "as_of"]}
    names.update({name: column.python.format(r="r") for name, column in columns.items()})
    unknown = {f.name for f in facts if f.type.unknown} - set(columns)
    unknown |= {name for name, column in columns.items() if column.type.unknown}
    emitter = Emitter(names, frozenset(unknown))
    test = f"not {emitter.false(fact.filter)}" if fact.keep_unknown_rows else emitter.true(fact.filter)
    keep: RowFilter = eval(f"lambda r, n: {test}", dict(_REACH))  # noqa: S307 - as in compile_run
    return keep
