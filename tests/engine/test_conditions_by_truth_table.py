"""Random conditions and fact expressions over data with unknowns: the generated Python, the walk in `meaning` and a
reading from written-out truth tables have to agree, and so has what was meant with what was parsed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from isocourse.engine import meaning, python_backend
from isocourse.engine.language import Scope, Tree, Type, check, check_condition, parse
from isocourse.engine.python_backend import Emitter
from isocourse.record.dates import add_months
from tests.engine.truth_tables import Node, from_tree, names, read, written

CODES = ("a", "b", "c")
TYPES: dict[str, Type] = {
    **{name: Type("day") for name in ("d0", "d1", "d2")},
    "d_sure": Type("day", unknown=False),
    **{name: Type("days") for name in ("s0", "s1")},
    "s_sure": Type("days", unknown=False),
    "m0": Type("months"),
    "m_sure": Type("months", unknown=False),
    **{name: Type("number") for name in ("n0", "n1")},
    **{name: Type("truth") for name in ("t0", "t1", "t2")},
    "t_sure": Type("truth", unknown=False),
    **{name: Type("code", frozenset(CODES)) for name in ("c0", "c1")},
    "c_sure": Type("code", frozenset(CODES), unknown=False),
    **{name: Type("codes", frozenset(CODES), unknown=False) for name in ("l0", "l1")},
}
OF_KIND = {kind: [name for name, type_ in TYPES.items() if type_.kind == kind] for kind in
           ("day", "days", "months", "number", "truth", "code", "codes")}  # fmt: skip
UNKNOWN = frozenset(name for name, type_ in TYPES.items() if type_.unknown)
SPACE = {"add_months": add_months}
BASE = 739_000  # 2024-04; leap days and ends of months lie near
_EVERYTHING = list(HealthCheck)
SHORT = settings(max_examples=300, derandomize=True, database=None, deadline=None, suppress_health_check=_EVERYTHING)
LONG = settings(max_examples=20_000, database=None, deadline=None, suppress_health_check=_EVERYTHING)
ORDERED = ("day", "days", "months", "number")


# --- what is thrown -------------------------------------------------------------------------------
def thrown_value(dice: Random, kind: str, depth: int, arithmetic: bool) -> Node:
    """An ordered thing; with arithmetic, one that is reckoned."""
    if not arithmetic or depth <= 0 or dice.random() < 0.4:
        return ("name", dice.choice(OF_KIND[kind]))
    again = depth - 1

    def part(of: str) -> Node:
        return thrown_value(dice, of, again, True)

    ways: list[Callable[[], Node]] = [
        lambda: (dice.choice(("least", "greatest")), *(part(kind) for _ in range(dice.choice((2, 2, 3))))),
    ]
    if kind == "day":
        ways += [
            lambda: (dice.choice("+-"), part("day"), part("days")),
            lambda: ("add_months", part("day"), part("months")),
        ]
    elif kind == "days":
        ways += [lambda: (dice.choice("+-"), part("days"), part("days")), lambda: ("-", part("day"), part("day"))]
    elif kind == "number":
        ways += [lambda: (dice.choice("+-*"), part("number"), part("number")), lambda: ("is", 0)]
    return dice.choice(ways)()


def thrown_condition(dice: Random, depth: int, *, arithmetic: bool = False, asks: bool = False) -> Node:
    if depth > 0 and dice.random() < 0.75:
        word = dice.choice(("and", "and", "or", "or", "not"))
        parts = [
            thrown_condition(dice, depth - 1, arithmetic=arithmetic, asks=asks) for _ in range(1 + (word != "not"))
        ]
        return (word, *parts)
    kind = dice.choice(("truth", "code", "in", "in", "between", "order", "order", "order", "null"))
    if kind == "truth":
        return ("name", dice.choice(OF_KIND["truth"])) if dice.random() < 0.9 else ("is", dice.random() < 0.5)
    if kind == "null" and asks:
        return ("null", ("name", dice.choice([name for name in TYPES if name in UNKNOWN])))
    if kind in ("code", "null"):
        right = ("is", dice.choice(CODES)) if dice.random() < 0.6 else ("name", dice.choice(OF_KIND["code"]))
        return (dice.choice(("=", "<>")), ("name", dice.choice(OF_KIND["code"])), right)
    if kind == "in":
        left: Node = ("name", dice.choice(OF_KIND["code"]))
        if dice.random() < 0.5:
            return ("in", left, ("is", tuple(dice.sample(CODES, dice.randint(1, 3)))))
        if dice.random() < 0.3:
            left = ("is", dice.choice(CODES))
        return ("in", left, ("name", dice.choice(OF_KIND["codes"])))
    of = dice.choice(ORDERED)
    if kind == "between":
        return ("between", *(thrown_value(dice, of, 1, arithmetic) for _ in range(3)))
    return (dice.choice(("=", "<>", "<", "<=", ">", ">=")), *(thrown_value(dice, of, 2, arithmetic) for _ in range(2)))


def thrown_fact(dice: Random, depth: int) -> tuple[Node, str]:
    """A fact's expression and its kind. CASE stands at the top or in a branch of CASE only."""
    kind = dice.choice(("day", "day", "days", "months", "number", "truth", "code"))
    return _fact_of(dice, kind, depth), kind


def _fact_of(dice: Random, kind: str, depth: int) -> Node:
    if depth > 0 and dice.random() < 0.6:
        branches = tuple(
            (thrown_condition(dice, 1, arithmetic=True), _fact_of(dice, kind, depth - 1))
            for _ in range(dice.choice((1, 1, 2, 3)))
        )
        return ("case", branches, _fact_of(dice, kind, depth - 1) if dice.random() < 0.7 else None)
    if kind == "truth":
        return thrown_condition(dice, 2, arithmetic=True)
    if kind == "code":
        return ("name", dice.choice(OF_KIND["code"])) if dice.random() < 0.6 else ("is", dice.choice(CODES))
    return thrown_value(dice, kind, 3, True)


def thrown_data(dice: Random) -> dict[str, Any]:
    """A value for every name; few different ones, so that ties are common, and many unknown."""
    blank = dice.choice((0.0, 0.2, 0.5))
    span = dice.choice((1, 3, 40))
    values: dict[str, Callable[[], Any]] = {
        "day": lambda: BASE + dice.randint(0, span),
        "days": lambda: dice.randint(0, span),
        "months": lambda: dice.randint(-2, min(span, 25)),
        "number": lambda: dice.randint(-1, 2),
        "truth": lambda: dice.random() < 0.5,
        "code": lambda: dice.choice(CODES),
        "codes": lambda: tuple(dice.sample(CODES, dice.randint(0, 3))),
    }
    return {
        name: None if type_.unknown and dice.random() < blank else values[type_.kind]() for name, type_ in TYPES.items()
    }


# --- the three readers ----------------------------------------------------------------------------
def compiled_condition(tree: Tree) -> Callable[[Mapping[str, Any]], bool | None]:
    emitter = Emitter({name: f"n[{name!r}]" for name in TYPES}, UNKNOWN)
    true = eval(f"lambda n: {emitter.true(tree)}", SPACE)  # noqa: S307 - made by the emitter under test
    false = eval(f"lambda n: {emitter.false(tree)}", SPACE)  # noqa: S307

    def answer(env: Mapping[str, Any]) -> bool | None:
        is_true, is_false = true(env), false(env)
        assert type(is_true) is bool and type(is_false) is bool
        assert not (is_true and is_false), "both true and false"
        return True if is_true else False if is_false else None

    return answer


def compiled_fact(tree: Tree, kind: str) -> Callable[[Mapping[str, Any]], Any]:
    emitter = Emitter({name: f"n[{name!r}]" for name in TYPES}, UNKNOWN)
    answer: Callable[[Mapping[str, Any]], Any] = eval(f"lambda n: {emitter.known_or_none(tree, kind)}", SPACE)  # noqa: S307
    return answer


def _type_tells_unknown(found: Type, answer: Any, env: Mapping[str, Any], node: Node) -> None:
    if answer is None and all(env[name] is not None for name in names(node)):
        assert found.unknown, "unknown though every part is known, and the type says it never is"
    if not found.unknown:
        assert answer is not None, "the type says it is never unknown"


def check_a_condition(seed: int) -> None:
    dice = Random(seed)
    asks = dice.random() < 0.2
    node = thrown_condition(dice, dice.randint(0, 4), asks=asks)
    text = written(node, dice)
    tree = parse(text, "test")
    found = check_condition(tree, Scope(TYPES, "test", asks=asks))
    compiled = compiled_condition(tree)
    for _ in range(8):
        env = thrown_data(dice)
        meant = read(node, env)
        assert read(from_tree(tree), env) is meant, f"parsed otherwise than written: {text}"
        assert compiled(env) is meant, f"compiled: {text} over {env}"
        assert meaning.truth(meaning.meaning(tree), env) is meant, f"walked: {text} over {env}"
        _type_tells_unknown(found, meant, env, node)


def check_a_fact(seed: int) -> None:
    dice = Random(seed)
    node, kind = thrown_fact(dice, dice.randint(0, 2))
    text = written(node, dice)
    tree = parse(text, "test")
    found = check(tree, Scope(TYPES, "test", arithmetic=True))
    assert found.kind == kind
    compiled = compiled_fact(tree, kind)
    for _ in range(8):
        env = thrown_data(dice)
        meant = read(node, env)
        assert read(from_tree(tree), env) == meant, f"parsed otherwise than written: {text}"
        assert (compiled(env), type(compiled(env))) == (meant, type(meant)), f"compiled: {text} over {env}"
        walked = meaning.value(meaning.meaning(tree), env)
        assert (walked, type(walked)) == (meant, type(meant)), f"walked: {text} over {env}"
        _type_tells_unknown(found, meant, env, node)


def check_more_known_never_turns_round(seed: int) -> None:
    """Filling in what is unknown never turns a decided answer round: what makes reasons minimal and sufficient."""
    dice = Random(seed)
    node, kind = (thrown_condition(dice, 3), "truth") if dice.random() < 0.5 else thrown_fact(dice, 2)
    tree = parse(written(node, dice), "test")
    compiled = compiled_fact(tree, kind)
    full = thrown_data(dice)
    blanked = {name: None if name in UNKNOWN and dice.random() < 0.4 else value for name, value in full.items()}
    if compiled(blanked) is not None:
        assert compiled(full) == compiled(blanked)


SEEDS = st.integers(0, 2**63)


@SHORT
@given(SEEDS)
def test_conditions_are_read_alike(seed: int) -> None:
    check_a_condition(seed)


@SHORT
@given(SEEDS)
def test_fact_expressions_are_read_alike(seed: int) -> None:
    check_a_fact(seed)


@SHORT
@given(SEEDS)
def test_more_known_never_turns_an_answer_round(seed: int) -> None:
    check_more_known_never_turns_round(seed)


@pytest.mark.long
@LONG
@given(SEEDS)
def test_many_conditions_are_read_alike(seed: int) -> None:
    check_a_condition(seed)


@pytest.mark.long
@LONG
@given(SEEDS)
def test_many_fact_expressions_are_read_alike(seed: int) -> None:
    check_a_fact(seed)


@pytest.mark.long
@LONG
@given(SEEDS)
def test_more_known_never_turns_many_answers_round(seed: int) -> None:
    check_more_known_never_turns_round(seed)


def test_case_is_unknown_when_a_condition_it_meets_is() -> None:
    tree = parse("CASE WHEN t0 THEN d0 WHEN t1 THEN d1 ELSE d2 END", "test")
    compiled = compiled_fact(tree, "day")
    for t0, t1, expected in (
        (True, None, 10),
        (None, True, None),
        (None, False, None),
        (False, None, None),
        (False, True, 11),
        (False, False, 12),
    ):
        env = {"t0": t0, "t1": t1, "d0": 10, "d1": 11, "d2": 12}
        assert compiled(env) == meaning.value(meaning.meaning(tree), env) == read(from_tree(tree), env) == expected


# --- planted faults -------------------------------------------------------------------------------
def _caught(what: Callable[[int], None], tries: int = 400) -> bool:
    for seed in range(tries):
        try:
            what(seed)
        except AssertionError:
            return True
    return False


def test_the_checks_pass_on_the_seeds_the_faults_are_hunted_on() -> None:
    assert not _caught(check_a_condition)
    assert not _caught(check_a_fact)


@pytest.mark.parametrize(
    ("operator", "emitted"),
    [(exp.GTE, (">", "<=")), (exp.GTE, (">=", "<=")), (exp.LT, ("<", ">")), (exp.NEQ, ("!=", "!="))],
)
def test_a_wrong_operator_is_caught(
    operator: type[Tree], emitted: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(python_backend._OPERATORS, operator, emitted)
    assert _caught(check_a_condition)


def test_a_lax_case_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = Emitter.known_or_none

    def lax(self: Emitter, tree: Tree, kind: str) -> str:
        if not isinstance(tree, exp.Case):
            return strict(self, tree, kind)
        default = tree.args.get("default")
        code = lax(self, default, kind) if default is not None else "None"
        for branch in reversed(tree.args["ifs"]):
            code = f"({lax(self, branch.args['true'], kind)} if {self.true(branch.this)} else {code})"
        return code

    monkeypatch.setattr(Emitter, "known_or_none", lax)
    assert _caught(check_a_fact)
    assert _caught(check_more_known_never_turns_round)


def test_a_missing_guard_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    guarded = Emitter._guarded
    monkeypatch.setattr(Emitter, "_guarded", staticmethod(lambda guards, test: guarded(guards[:0], test)))
    with pytest.raises(TypeError):  # None < 3
        for seed in range(400):
            try:
                check_a_condition(seed)
            except AssertionError:
                continue
    monkeypatch.undo()
    negated = Emitter._decided

    def two_valued(self: Emitter, tree: Tree, wanted: bool) -> str:
        return negated(self, tree, True) if wanted else f"(not {negated(self, tree, True)})"

    monkeypatch.setattr(Emitter, "_decided", two_valued)
    assert _caught(check_a_condition)
