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
from isocourse.engine.gates import Gated, nested
from isocourse.engine.language import Tree, names_in
from isocourse.engine.meaning import Node, meaning
from isocourse.engine.row_search import RowCode, RowTest, Search, nothing_of
from isocourse.record.dates import add_months
from isocourse.record.topics import EPISODES

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
    "__builtins__": {"min": min, "max": max, "sum": sum, "len": len, "tuple": tuple},
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

    def not_false(self, tree: Tree) -> str:
        """Python that is True unless the condition is false: it is true, or unknown."""
        if self.certain(tree):
            return self.true(tree)
        return f"{self.python[tree.name]} is not False" if isinstance(tree, exp.Column) else f"not {self.false(tree)}"

    def certain(self, tree: Tree) -> bool:
        """Whether the condition is true or false on every day, never unknown."""
        return self.unknown.isdisjoint(names_in(tree))

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
            if self.certain(tree):
                return true
            return f"(True if {true} else (False if {self.false(tree)} else None))"
        guards, code = self.value(tree)
        unique = list(dict.fromkeys(guards))
        if not unique or unique == [code]:
            return code
        return f"({code} if {' and '.join(f'{guard} is not None' for guard in unique)} else None)"


Run = Callable[[Mapping[str, Any], Mapping[str, Any], int], tuple[tuple[Any, ...], list[Any], tuple[int, ...]]]
Later = Callable[[Mapping[str, Any], Mapping[str, Any], tuple[Any, ...], int], tuple[int, ...]]


@dataclass(frozen=True)
class CompiledCondition:
    """A rule's or task's tree with the act and the days between which it is in force."""

    tree: Tree
    act: str
    from_day: int | None
    until_day: int | None

    @property
    def dated(self) -> bool:
        """Whether it is in force only between days."""
        return self.from_day is not None or self.until_day is not None

    @cached_property
    def meaning(self) -> Node:
        """The tree as nested tuples, for reasons."""
        return meaning(self.tree)


def generate(facts: Sequence[m.Fact], conditions: Sequence[CompiledCondition], constants: Mapping[str, Any]) -> str:
    """The source of `run(rows, eps, as_of, ...) -> (facts, rows found, states)`, called with the first three.

    The rows are by `row_places`. `states` holds 0 not fired, 1 fired, 2 cannot be decided, in the
    order of `conditions`.
    """
    emitter = _emitter(facts, constants)
    lines = _fact_lines(facts, row_places(facts, constants), emitter)
    known = _tuple([f"f_{fact.name}" for fact in facts], ", ")
    lines += _state_lines(conditions, emitter)
    return (
        "\n".join([_signature("run", "rows, eps, as_of", facts), *lines, f"    return {known}, found, tuple(states)"])
        + "\n"
    )


def generate_later(
    facts: Sequence[m.Fact], conditions: Sequence[CompiledCondition], constants: Mapping[str, Any]
) -> tuple[str, tuple[int, ...]]:
    """The source of `later(rows, eps, facts, as_of, ...) -> states`, and the places of the conditions they are of.

    With the same rows on another day only what reads as_of, itself or through other facts, can come out differently:
    that alone is worked out again, from the facts of the day before.
    """
    moving = {"as_of"}
    for fact in facts:
        if fact.reads is not None and not moving.isdisjoint(names_in(fact.reads)):
            moving.add(fact.name)
    reads = [
        set(names_in(condition.tree)) | ({condition.act} if condition.dated else set()) for condition in conditions
    ]
    places = tuple(place for place, names in enumerate(reads) if not moving.isdisjoint(names))
    again = [fact for fact in facts if fact.name in moving]
    read = {name for fact in again if fact.reads is not None for name in names_in(fact.reads)}
    read = read.union(*(reads[place] for place in places)) - moving
    emitter = _emitter(facts, constants)
    kept = [f"    f_{fact.name} = facts[{index}]" for index, fact in enumerate(facts) if fact.name in read]
    lines = _fact_lines(again, row_places(facts, constants), emitter)
    lines += _state_lines([conditions[place] for place in places], emitter)
    whole = [_signature("later", "rows, eps, facts, as_of", again), *kept, *lines, "    return tuple(states)"]
    return "\n".join(whole) + "\n", places


def row_places(facts: Sequence[m.Fact], constants: Mapping[str, Any]) -> dict[str, int]:
    """By fact: where among the rows found its own is, which is the place of the first fact that looks for the same."""
    emitter = _emitter(facts, constants)
    first: dict[Any, int] = {}
    places: dict[str, int] = {}
    for place, fact in enumerate(facts):
        looks_for = (fact.of, *_search(fact, place, emitter).looks_for) if fact.take else fact.name
        places[fact.name] = first.setdefault(looks_for, place)
    return places


def _signature(name: str, arguments: str, facts: Sequence[m.Fact]) -> str:
    """The lines that begin the function. Every fact that may be left alone is a parameter that nobody hands in: its
    default is what it is while nothing says otherwise. CPython fills defaults in with one loop in C, and what a course
    has no rows for then costs nothing."""
    unset = [f"f_{fact.name}={nothing}" for fact in facts if (nothing := _unless_set(fact)) is not None]
    listed = "".join(f"\n        {', '.join(unset[at : at + 6])}," for at in range(0, len(unset), 6))
    return f"def {name}({arguments},{listed}):" if listed else f"def {name}({arguments}):"


def _emitter(facts: Sequence[m.Fact], constants: Mapping[str, Any]) -> Emitter:
    names = {"as_of": "as_of", **{name: f"v_{name}" for name in constants}, **{f.name: f"f_{f.name}" for f in facts}}
    return Emitter(names, frozenset(fact.name for fact in facts if fact.type.unknown))


def compile_run(source: str, constants: Mapping[str, Any]) -> Run:
    """Execute generated source (made by `generate` from checked trees only) and give its `run`."""
    run: Run = _compiled(source, constants)["run"]
    return run


def compile_later(source: str, constants: Mapping[str, Any]) -> Later:
    """As `compile_run`, of what `generate_later` made."""
    later: Later = _compiled(source, constants)["later"]
    return later


def _compiled(source: str, constants: Mapping[str, Any]) -> dict[str, Any]:
    space: dict[str, Any] = {**_REACH, **{f"v_{name}": value for name, value in constants.items()}}
    exec(compile(source, "<protocol>", "exec"), space)  # noqa: S102 - our own source, from a closed language
    return space


def _tuple(parts: Sequence[str], between: str) -> str:
    """Python of a tuple. CPython (to 3.13) makes one of more than 30 parts by appending each to a list; put together
    from tuples of 30 it takes half as many steps."""
    return f"({''.join(f'*({between.join(parts[at : at + 30])},),{between[1:]}' for at in range(0, len(parts), 30))})"


def _state_lines(conditions: Sequence[CompiledCondition], emitter: Emitter) -> list[str]:
    """The lines that set the states of these conditions. A condition has not fired where one of its parts is false, so
    most are passed over by a test that many share."""
    gated = [_state(place, condition, emitter) for place, condition in enumerate(conditions)]
    return [f"    {line}" for line in [f"states = [0] * {len(conditions)}", *nested(gated)]]


def _state(place: int, condition: CompiledCondition, emitter: Emitter) -> Gated:
    act, (_, act_python) = condition.act, emitter.value(exp.column(condition.act))
    if act in emitter.unknown:
        act_python = f"({act_python} if {act_python} is not None else as_of)"
    limits = []
    if condition.from_day is not None:
        limits.append(f"{act_python} >= {condition.from_day}")
    if condition.until_day is not None:
        limits.append(f"{act_python} < {condition.until_day}")
    possible, true = _possible(condition.tree, emitter)
    state = f"1 if {true} else 2" if true else "1"
    return Gated((*limits, *possible), f"states[{place}] = {state}")


def _possible(tree: Tree, emitter: Emitter) -> tuple[tuple[str, ...], str]:
    """The tests of which one fails exactly when the condition is false; and, where all hold, Python that is True when
    it is true and not unknown (empty where it cannot be unknown)."""
    parts = _parts(tree)
    true = " and ".join(emitter.true(part) for part in parts if not emitter.certain(part))
    return tuple(emitter.not_false(part) for part in parts), true


def _fact_lines(facts: Sequence[m.Fact], places: Mapping[str, int], emitter: Emitter) -> list[str]:
    """The lines of these facts, each after those it reads, and those that read one kind of rows together."""
    code = RowCode()
    lines: list[str] = [f"found = [None] * {len(places)}"]
    waiting = {fact.name: fact for fact in facts}
    reads = {fact.name: frozenset(names_in(fact.reads)) for fact in facts if fact.reads is not None}
    named: set[str] = set()
    while waiting:
        kind, ready = _next_facts(waiting, reads)
        if not kind:
            lines += nested([_expression(fact, emitter) for fact in ready])
        else:
            table, given = f"t_{kind}", "" if kind in EPISODES else f"{kind!r} in rows"
            block = code.block(table, [_search(fact, places[fact.name], emitter) for fact in ready], given)
            if kind not in named:
                block = _named(table, kind, block)
                named.add(kind)
            lines += block
        for fact in ready:
            del waiting[fact.name]
    return [f"    {line}" for line in lines]


def _named(table: str, kind: str, block: list[str]) -> list[str]:
    """The first block of a kind, with the line that names its rows. A kind of events that has no rows is no key, and
    most have none: so it is asked whether there is one before they are fetched. Episodes always are there."""
    if kind in EPISODES:
        return [f"{table} = eps.get({kind!r}, ())", *block]
    return [block[0], f"    {table} = rows[{kind!r}]", *block[1:]]


def _expression(fact: m.Fact, emitter: Emitter) -> Gated:
    """The statement of a fact that is made of others. What would leave it as `_unless_set` has it is asked first."""
    tree, name = fact.expression, f"f_{fact.name}"
    assert tree is not None
    nothing = _unless_set(fact)
    if nothing is None:
        return Gated((), f"{name} = {emitter.known_or_none(tree, fact.type.kind)}")
    if nothing == "False":
        possible, true = _possible(tree, emitter)
        return Gated(possible, f"{name} = {f'True if {true} else None' if true else 'True'}")
    guards, code = emitter.value(tree)
    return Gated(tuple(f"{guard} is not None" for guard in dict.fromkeys(guards)), f"{name} = {code}")


def _unless_set(fact: m.Fact) -> str | None:
    """Python of what a fact is unless a row or a test says otherwise; None where it has to be worked out every time."""
    if fact.expression is None:
        return nothing_of(fact.take)
    if isinstance(fact.expression, exp.Case):
        return None
    return "False" if fact.type.kind == "truth" else "None"


def _next_facts(waiting: Mapping[str, m.Fact], reads: Mapping[str, frozenset[str]]) -> tuple[str, list[m.Fact]]:
    """Facts that can be worked out now: expressions first, else the kind of rows of which the fewest have to wait.
    `reads` are the names in each fact; looking for them in the trees every time took most of the time to compile."""
    ready: dict[str, list[m.Fact]] = {}
    held: dict[str, int] = {}
    for fact in waiting.values():
        if not waiting.keys().isdisjoint(reads.get(fact.name, ())):
            held[fact.of] = held.get(fact.of, 0) + 1
        else:
            ready.setdefault(fact.of, []).append(fact)
    kind = min(ready, key=lambda kind: (kind != "", held.get(kind, 0)))
    return kind, ready[kind]


def _search(fact: m.Fact, place: int, emitter: Emitter) -> Search:
    """What a fact asks of the rows of its kind."""
    columns = COLUMNS[fact.of]
    parts = _parts(fact.filter) if fact.filter is not None else []
    value = columns[fact.column].python if fact.column else ""
    return Search(fact.name, place, fact.take, tuple(_row_test(fact, part, emitter) for part in parts), value)


def _parts(tree: Tree) -> list[Tree]:
    """The parts of a condition of which all have to hold."""
    return [*_parts(tree.this), *_parts(tree.expression)] if isinstance(tree, exp.And) else [tree]


def _row_test(fact: m.Fact, tree: Tree, emitter: Emitter) -> RowTest:
    """What says whether a row `r` passes (a part of) the fact's filter: it is true, or with `keep_unknown_rows` it is
    not false. Either way a row passes a AND b exactly when it passes both."""
    columns = COLUMNS[fact.of]
    names = {**emitter.python, **{name: column.python.format(r="r") for name, column in columns.items()}}
    unknown = emitter.unknown - set(columns) | {name for name, column in columns.items() if column.type.unknown}
    on_rows = Emitter(names, frozenset(unknown))
    undecidable = fact.keep_unknown_rows and not on_rows.unknown.isdisjoint(names_in(tree))
    if undecidable:
        return RowTest(f"not {on_rows.false(tree)}")
    codes = _codes_named(tree)
    if codes and tree.this.name in columns and tree.this.name not in on_rows.unknown:
        return RowTest(on_rows.true(tree), names[tree.this.name], codes)
    return RowTest(on_rows.true(tree))


def _codes_named(tree: Tree) -> tuple[str, ...]:
    """The codes of which a column has to be one; none where the condition asks for anything else."""
    if isinstance(tree, exp.EQ) and isinstance(tree.this, exp.Column) and isinstance(tree.expression, exp.Literal):
        return (tree.expression.name,) if tree.expression.is_string else ()
    if isinstance(tree, exp.In) and isinstance(tree.this, exp.Column) and tree.args.get("field") is None:
        return tuple(part.name for part in tree.expressions)
    return ()


RowFilter = Callable[[Sequence[Any], Mapping[str, Any]], Sequence[Any]]


def row_filter(fact: m.Fact, facts: Sequence[m.Fact], constants: Mapping[str, Any]) -> RowFilter:
    """What picks, knowing everything, the rows an aggregate counted, for evidence: all of them, not just the one it
    took."""
    if fact.filter is None:
        return lambda rows, known: rows
    names = {name: f"n[{name!r}]" for name in [*(f.name for f in facts), *constants, "as_of"]}
    emitter = Emitter(names, frozenset(f.name for f in facts if f.type.unknown))
    test = _row_test(fact, fact.filter, emitter).python
    picks: RowFilter = eval(f"lambda rows, n: [r for r in rows if {test}]", dict(_REACH))  # noqa: S307 - as in compile_run  # nosec B307
    return picks
