"""The protocol as z3 formulas: a second reading of the language, written apart from the python back end.

Every fact becomes a pair (known, value). An aggregate is a free input; an expression is worked out from other
facts. A condition becomes two formulas, "it is true" and "it is false"; unknown is neither. `Model` does this for
one edition and one copy of the inputs; `prove` asks z3 for a counterexample and tells it in words.

What an aggregate may be is narrowed by `axioms.py`, which says why each of its sentences holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import z3
from sqlglot import exp

from isocourse.engine.edition import Edition
from isocourse.engine.language import Tree
from isocourse.engine.model import Effect, Fact
from isocourse.record.dates import iso

TIMEOUT_MS = 20_000
_NEVER = z3.BoolVal(False)
_ALWAYS = z3.BoolVal(True)
_add_months = z3.Function("add_months", z3.IntSort(), z3.IntSort(), z3.IntSort())

# One numbering of codes for all models, so that two models can share inputs.
_numbers: dict[str, int] = {}


def number_of(code: str) -> int:
    """The number that stands for a code."""
    return _numbers.setdefault(code, len(_numbers))


def code_of(number: int) -> str:
    """The code that a number stands for."""
    return next((code for code, own in _numbers.items() if own == number), f"(other code {number})")


@dataclass(frozen=True)
class Pair:
    """A fact: whether it is known, and its value then (a Bool for a truth, an Int for all else)."""

    known: z3.BoolRef
    value: z3.ExprRef


@dataclass(frozen=True)
class Logic:
    """A condition: when it is true and when it is false. Unknown is neither."""

    true: z3.BoolRef
    false: z3.BoolRef

    @property
    def unknown(self) -> z3.BoolRef:
        return z3.And(z3.Not(self.true), z3.Not(self.false))

    @property
    def decided(self) -> z3.BoolRef:
        return z3.Or(self.true, self.false)


@dataclass(frozen=True)
class Months:
    """One use of ADD_MONTHS: the day it starts from, how many (a number, or one of z3's own), the day that results."""

    known: z3.BoolRef
    day: z3.ArithRef
    months: int | z3.ArithRef
    result: z3.ArithRef


# --- reading one tree -----------------------------------------------------------------------------
class Reader:
    """Reads trees over named pairs. `lists` holds the values that are lists of codes."""

    def __init__(self, names: dict[str, Pair], lists: Mapping[str, Sequence[str]]) -> None:
        self.names = names
        self.lists = lists
        self.months: list[Months] = []

    def logic(self, tree: Tree) -> Logic:
        """A condition in three-valued logic."""
        match tree:
            case exp.And():
                left, right = self.logic(tree.this), self.logic(tree.expression)
                return Logic(z3.And(left.true, right.true), z3.Or(left.false, right.false))
            case exp.Or():
                left, right = self.logic(tree.this), self.logic(tree.expression)
                return Logic(z3.Or(left.true, right.true), z3.And(left.false, right.false))
            case exp.Not():
                inner = self.logic(tree.this)
                return Logic(inner.false, inner.true)
            case exp.Is():
                known = self._anything_known(tree.this)
                return Logic(z3.Not(known), known)
            case exp.In():
                return self._in(tree)
            case exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE():
                left_side, right_side = self.pair(tree.this), self.pair(tree.expression)
                holds = _compared(tree, left_side.value, right_side.value)
                both = z3.And(left_side.known, right_side.known)
                return Logic(z3.And(both, holds), z3.And(both, z3.Not(holds)))
            case exp.Case():
                return self._case_of_truths(tree)
            case exp.Boolean():
                return Logic(z3.BoolVal(bool(tree.this)), z3.BoolVal(not tree.this))
            case exp.Column():
                pair = self.names[tree.name]
                return Logic(z3.And(pair.known, pair.value), z3.And(pair.known, z3.Not(pair.value)))
        raise AssertionError(f"not a condition: {tree!r}")

    def pair(self, tree: Tree) -> Pair:
        """A value, and whether it is known."""
        match tree:
            case exp.Column():
                return self.names[tree.name]
            case exp.Literal():
                return Pair(_ALWAYS, z3.IntVal(number_of(tree.name) if tree.is_string else int(tree.name)))
            case exp.Case():
                return self._case_of_values(tree)
            case exp.Least() | exp.Greatest():
                parts = [self.pair(part) for part in (tree.this, *tree.expressions)]
                value = parts[0].value
                for part in parts[1:]:
                    better = part.value < value if isinstance(tree, exp.Least) else part.value > value
                    value = z3.If(better, part.value, value)
                return Pair(z3.And([part.known for part in parts]), value)
            case exp.Add() | exp.Sub() | exp.Mul():
                left, right = self.pair(tree.this), self.pair(tree.expression)
                both = z3.And(left.known, right.known)
                if isinstance(tree, exp.Mul):
                    return Pair(both, left.value * right.value)
                return Pair(both, left.value + right.value if isinstance(tree, exp.Add) else left.value - right.value)
            case exp.AddMonths():
                day, months = self.pair(tree.this), self.pair(tree.expression)
                known, result = z3.And(day.known, months.known), _add_months(day.value, months.value)
                count = months.value.as_long() if z3.is_int_value(months.value) else months.value
                self.months.append(Months(known, day.value, count, result))
                return Pair(known, result)
        raise AssertionError(f"not a value: {tree!r}")

    def _anything_known(self, tree: Tree) -> z3.BoolRef:
        if isinstance(tree, exp.Column):
            return self.names[tree.name].known
        return self.pair(tree).known

    def _in(self, tree: Tree) -> Logic:
        pair, listed = self.pair(tree.this), tree.args.get("field")
        codes = self.lists[listed.name] if listed is not None else [part.name for part in tree.expressions]
        among = z3.Or([pair.value == number_of(code) for code in codes])
        return Logic(z3.And(pair.known, among), z3.And(pair.known, z3.Not(among)))

    def _case_of_truths(self, tree: Tree) -> Logic:
        default = tree.args.get("default")
        found = self.logic(default) if default is not None else Logic(_NEVER, _NEVER)
        for branch in reversed(tree.args["ifs"]):
            met, then = self.logic(branch.this), self.logic(branch.args["true"])
            found = Logic(
                z3.Or(z3.And(met.true, then.true), z3.And(met.false, found.true)),
                z3.Or(z3.And(met.true, then.false), z3.And(met.false, found.false)),
            )
        return found

    def _case_of_values(self, tree: Tree) -> Pair:
        default = tree.args.get("default")
        found = self.pair(default) if default is not None else Pair(_NEVER, z3.IntVal(0))
        for branch in reversed(tree.args["ifs"]):
            met, then = self.logic(branch.this), self.pair(branch.args["true"])
            found = Pair(
                z3.Or(z3.And(met.true, then.known), z3.And(met.false, found.known)),
                z3.If(met.true, then.value, found.value),
            )
        return found


def _compared(tree: Tree, left: z3.ArithRef, right: z3.ArithRef) -> z3.BoolRef:
    match tree:
        case exp.EQ():
            return left == right
        case exp.NEQ():
            return left != right
        case exp.LT():
            return left < right
        case exp.LTE():
            return left <= right
        case exp.GT():
            return left > right
        case exp.GTE():
            return left >= right
    raise AssertionError(tree)


# --- one edition ----------------------------------------------------------------------------------
class Model:
    """One edition over one copy of its inputs. Models with the same `copy` share their inputs, fact by fact. `settings`
    puts a number of z3's own in the place of a constant."""

    def __init__(self, edition: Edition, *, copy: str = "", settings: Mapping[str, z3.ArithRef] | None = None) -> None:
        self.edition = edition
        self.as_of = z3.Int("as_of")
        constants = {name: value for name, value in edition.constants.items() if isinstance(value, int)}
        constants |= {name: number_of(value) for name, value in edition.constants.items() if isinstance(value, str)}
        lists = {name: value for name, value in edition.constants.items() if isinstance(value, tuple)}
        names = {name: Pair(_ALWAYS, z3.IntVal(value)) for name, value in constants.items()}
        names |= {name: Pair(_ALWAYS, value) for name, value in (settings or {}).items()}
        self.facts: dict[str, Pair] = {}
        self.inputs: dict[str, Pair] = {}
        self.reader = Reader({"as_of": Pair(_ALWAYS, self.as_of), **names}, lists)
        for fact in edition.facts:
            pair = self._aggregate(fact, copy) if fact.take else self._expression(fact)
            self.facts[fact.name] = self.reader.names[fact.name] = pair
        self.rules = {rule.id: rule for rule in edition.rules}
        self.in_force: dict[str, z3.BoolRef] = {}
        self.states: dict[str, Logic] = {}
        for rule, condition in zip(edition.rules, edition.conditions, strict=False):
            act = self.reader.names[condition.act]
            day = z3.If(act.known, act.value, self.as_of)
            limits = [] if condition.from_day is None else [day >= condition.from_day]
            limits += [] if condition.until_day is None else [day < condition.until_day]
            self.in_force[rule.id] = z3.And(limits) if limits else _ALWAYS
            self.states[rule.id] = self.state(rule.id, condition.tree)

    def _aggregate(self, fact: Fact, copy: str) -> Pair:
        known = z3.Bool(f"{copy}{fact.name}?") if fact.type.unknown else _ALWAYS
        value = z3.Bool(f"{copy}{fact.name}") if fact.type.kind == "truth" else z3.Int(f"{copy}{fact.name}")
        pair = Pair(known, value)
        self.inputs[fact.name] = pair
        return pair

    def _expression(self, fact: Fact) -> Pair:
        assert fact.expression is not None
        if fact.type.kind != "truth":
            return self.reader.pair(fact.expression)
        logic = self.reader.logic(fact.expression)
        return Pair(logic.decided, logic.true)

    def state(self, rule_id: str, tree: Tree) -> Logic:
        """The state a rule would have with this condition: outside its days in force it has not fired."""
        logic, in_force = self.reader.logic(tree), self.in_force[rule_id]
        return Logic(z3.And(in_force, logic.true), z3.Or(z3.Not(in_force), logic.false))

    # --- reading the answer
    def true(self, fact: str) -> z3.BoolRef:
        """The truth is known, and it is true."""
        return z3.And(self.facts[fact].known, self.facts[fact].value)

    def false(self, fact: str) -> z3.BoolRef:
        """The truth is known, and it is false."""
        return z3.And(self.facts[fact].known, z3.Not(self.facts[fact].value))

    def known(self, fact: str) -> z3.BoolRef:
        return self.facts[fact].known

    def value(self, fact: str) -> z3.ExprRef:
        return self.facts[fact].value

    def met(self, rule_id: str, wanted: Any) -> z3.BoolRef:
        """The rule takes effect, and its effect is one that is `wanted`."""
        rule, state = self.rules[rule_id], self.states[rule_id]
        return z3.Or(
            state.true if wanted(rule.then) else _NEVER,
            state.unknown if wanted(rule.if_unknown) else _NEVER,
        )

    def any_met(self, wanted: Any) -> z3.BoolRef:
        return z3.Or([self.met(rule_id, wanted) for rule_id in self.rules])

    @property
    def proceed(self) -> z3.BoolRef:
        return z3.Not(self.any_met(_withholds))

    @property
    def stop_now(self) -> z3.BoolRef:
        """Nothing is more severe, so one rule that says so suffices."""
        return self.any_met(lambda effect: effect.capsules == "stop_now")

    @property
    def in_range(self) -> z3.BoolRef:
        """A day before the programme's first version is refused; the calendar of records ends with 2199."""
        return z3.And(self.as_of >= self.edition.programme.versions[0].from_day, self.as_of <= 803_351)


def _withholds(effect: Effect) -> bool:
    return effect.supply == "withhold"


def without(edition: Edition, *rule_ids: str) -> Edition:
    """The edition with some rules taken out: what each proof has to notice."""
    missing = set(rule_ids) - {rule.id for rule in edition.rules}
    assert not missing, f"no such rule: {missing}"
    kept = [index for index, rule in enumerate(edition.rules) if rule.id not in rule_ids]
    tasks = edition.conditions[len(edition.rules) :]
    return replace(
        edition,
        rules=tuple(edition.rules[index] for index in kept),
        conditions=(*(edition.conditions[index] for index in kept), *tasks),
    )


# --- asking z3 ------------------------------------------------------------------------------------
def solver_of(*claims: z3.BoolRef) -> z3.Solver:
    solver = z3.Solver()
    solver.set("timeout", TIMEOUT_MS)
    solver.set("random_seed", 1)
    solver.add(*claims)
    return solver


def _found(solver: z3.Solver) -> z3.ModelRef | None:
    """A case in which all holds, or None. An answer of "don't know" is an error, never a proof."""
    answer = solver.check()
    if answer == z3.unknown:
        raise AssertionError(f"z3 gave up: {solver.reason_unknown()}")
    return solver.model() if answer == z3.sat else None


def possible(solver: z3.Solver, *claims: z3.BoolRef) -> bool:
    """Whether the claims can hold beside what the solver holds already."""
    solver.push()
    try:
        solver.add(*claims)
        return _found(solver) is not None
    finally:
        solver.pop()


def counterexample(model: Model, claim: z3.BoolRef, *given: z3.BoolRef) -> str | None:
    """None when the claim follows from what is given (axioms included); else a case against it, in words."""
    solver = solver_of(model.in_range, *given, z3.Not(claim))
    case = _found(solver)
    if case is None:
        return None
    solver.add(*_near(model))  # days of one year read better than days of antiquity, where there is such a case
    return told(model, solver.model() if solver.check() == z3.sat else case)


def is_broken(model: Model, claim: z3.BoolRef, *given: z3.BoolRef) -> bool:
    """Whether there is a case against the claim, when nobody will read it."""
    return _found(solver_of(model.in_range, *given, z3.Not(claim))) is not None


def _near(model: Model) -> Iterator[z3.BoolRef]:
    for fact in model.edition.facts:
        if fact.take and fact.type.kind == "day":
            reach = 20_000 if fact.of == "birth" else 365
            day = model.value(fact.name)
            yield z3.Implies(model.known(fact.name), z3.And(day > model.as_of - reach, day < model.as_of + reach))


def told(model: Model, found: z3.ModelRef) -> str:
    """A case in words: the day, every known fact, and the rules that are not plainly "not fired"."""

    def holds(claim: z3.BoolRef) -> bool:
        return z3.is_true(found.eval(claim, model_completion=True))

    as_of = found.eval(model.as_of, model_completion=True).as_long()
    lines = [f"counterexample in {model.edition.name} as of {_day(as_of)}"]
    for fact in model.edition.facts:
        pair = model.facts[fact.name]
        if not holds(pair.known):
            lines.append(f"    {fact.name}: unknown")
            continue
        value = found.eval(pair.value, model_completion=True)
        lines.append(f"    {fact.name}: {_shown(fact.type.kind, value)}")
    for rule_id, state in model.states.items():
        if holds(state.true):
            lines.append(f"  fired: {rule_id}")
        elif holds(state.unknown):
            lines.append(f"  cannot be decided: {rule_id}")
    lines.append(f"  supply: {'proceed' if holds(model.proceed) else 'withhold'}")
    return "\n".join(lines)


def _shown(kind: str, value: z3.ExprRef) -> str:
    if kind == "truth":
        return str(z3.is_true(value)).lower()
    number = value.as_long()
    return _day(number) if kind == "day" else code_of(number) if kind == "code" else str(number)


def _day(number: int) -> str:
    return iso(number) if 0 < number < 3_000_000 else f"day {number}"
