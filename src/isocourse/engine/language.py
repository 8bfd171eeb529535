"""The language of conditions and facts: a small, closed, load-checked subset of SQL expressions.

A *condition* (in a rule, a task or a fact's filter) may say

    AND  OR  NOT  =  <>  <  <=  >  >=  BETWEEN  IN  TRUE  FALSE  and names, and 'codes' in quotes.

A *fact's expression* may also say  + - *  CASE  ADD_MONTHS  LEAST  GREATEST  and the number 0. There are no
other numbers (a number is a value, with a source), no functions, no COALESCE, and IS NULL only where a rule
asks for something that is missing.

Logic is three-valued: true, false, unknown. Two places differ from SQL on purpose, so that filling in an
unknown can never turn a decided answer round: CASE is unknown when a condition it meets is unknown, and
LEAST and GREATEST are unknown when any part is. The SQL back end has to write them out that way.

Parsing is by sqlglot (DuckDB's dialect); the tree that comes out is the one that every back end walks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from isocourse.errors import ProtocolError

Tree = exp.Expression


@dataclass(frozen=True)
class Type:
    """What a name stands for. `kind` is day, days, months, number, truth, code or codes; `codes` are the codes
    it can be (empty: any), `unknown` says whether it can be unknown."""

    kind: str
    codes: frozenset[str] = frozenset()
    unknown: bool = True


_COMPARE = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_ORDERED = ("day", "days", "months", "number")
ALLOWED = "AND, OR, NOT, = <> < <= > >=, BETWEEN, IN, TRUE, FALSE, names and 'codes'"
ALLOWED_IN_FACTS = ALLOWED + ", + - *, CASE, ADD_MONTHS(day, months), LEAST, GREATEST and 0"


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: the names it may use and what else it may say."""

    names: Mapping[str, Type]
    where: str
    arithmetic: bool = False
    asks: bool = False


LONGEST = 2000
DEEPEST = 100


def parse(text: str, where: str) -> Tree:
    """Parse one expression and simplify its spelling (parentheses, BETWEEN). Raises ProtocolError."""
    if len(text) > LONGEST:
        raise ProtocolError(
            f"an expression of {len(text)} characters", where=where, allowed=f"at most {LONGEST}", mend="declare facts"
        )
    if "--" in text or "/*" in text or ";" in text:
        raise ProtocolError(
            f"{text[:80]!r} holds a comment or a second statement", where=where, mend="leave out -- and /* and ;"
        )
    try:
        parsed = sqlglot.parse_one(text, dialect="duckdb")
    except RecursionError:
        raise ProtocolError(
            f"{text[:80]!r} is nested more than {DEEPEST} deep", where=where, mend="declare facts for its parts"
        ) from None
    except SqlglotError as error:
        first = str(error).splitlines()[0] if str(error) else "it cannot be read"
        raise ProtocolError(
            f"{text[:80]!r} is not an expression: {first[:200]}", where=where, allowed=ALLOWED
        ) from None
    _refuse_depth(cast(Tree, parsed), text, where)
    if any(between.args.get("symmetric") for between in parsed.find_all(exp.Between)):
        raise ProtocolError(f"{text[:80]!r} says SYMMETRIC", where=where, allowed="BETWEEN low AND high")
    return plain(cast(Tree, parsed))


def _refuse_depth(tree: Tree, text: str, where: str) -> None:
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            raise ProtocolError(
                f"{text[:80]!r} is nested more than {DEEPEST} deep", where=where, mend="declare facts for its parts"
            )
        waiting.extend((child, depth + 1) for child in node.iter_expressions())


def plain(tree: Tree) -> Tree:
    """Without parentheses, and with BETWEEN written as two comparisons."""
    holder = exp.Paren(this=tree.copy())
    for paren in list(holder.find_all(exp.Paren)):
        if paren is not holder:
            paren.replace(paren.this)
    for between in list(holder.find_all(exp.Between)):
        low = exp.GTE(this=between.this.copy(), expression=between.args["low"])
        high = exp.LTE(this=between.this.copy(), expression=between.args["high"])
        between.replace(exp.And(this=low, expression=high))
    bare: Tree = holder.this
    bare.pop()
    return bare


def spelled(tree: Tree) -> str:
    """The tree as text, with the parentheses that `plain` took away; what prints a tree has to go through here."""
    copy = exp.Paren(this=tree.copy())
    for node in reversed(list(copy.find_all(exp.And, exp.Or, exp.Not, exp.Add, exp.Sub, exp.Mul))):
        chained = isinstance(node, exp.And | exp.Or) and type(node.parent) is type(node)
        if not chained and not isinstance(node.parent, exp.Paren):
            node.replace(exp.Paren(this=node.copy()))
    text: str = copy.this.sql(dialect="duckdb")
    return text


def names_in(tree: Tree) -> Iterator[str]:
    """Every name in the tree, in reading order, repeats included."""
    return (column.name for column in tree.find_all(exp.Column, bfs=False))


def check(tree: Tree, scope: Scope) -> Type:
    """The type of the expression; raises ProtocolError where it leaves the language or mixes types."""
    handler = _CHECKS.get(type(tree))
    if handler is None:
        said = spelled(tree)
        hint = "IS NULL stands only in rules that ask (asks: true)" if isinstance(tree, exp.Is) else ""
        if isinstance(tree, exp.Func | exp.Coalesce):
            hint = "declare a fact instead, and read it here"
        allowed = ALLOWED_IN_FACTS if scope.arithmetic else ALLOWED
        raise ProtocolError(f"{said!r} is not in the language", where=scope.where, allowed=allowed, mend=hint)
    return handler(tree, scope)


def check_condition(tree: Tree, scope: Scope) -> Type:
    """As `check`, and the expression has to be true or false."""
    found = check(tree, scope)
    if found.kind != "truth":
        raise ProtocolError(
            f"{spelled(tree)!r} is a {found.kind}, not a condition",
            where=scope.where,
            mend="compare it with something",
        )
    return found


def _refuse(tree: Tree, scope: Scope, why: str, mend: str = "", allowed: str = "") -> ProtocolError:
    return ProtocolError(f"{spelled(tree)!r}: {why}", where=scope.where, mend=mend, allowed=allowed)


def _connector(tree: Tree, scope: Scope) -> Type:
    parts = [check_condition(part, scope) for part in (tree.this, tree.expression)]
    return Type("truth", unknown=any(part.unknown for part in parts))


def _not(tree: Tree, scope: Scope) -> Type:
    return check_condition(tree.this, scope)


def _compare(tree: Tree, scope: Scope) -> Type:
    left, right = check(tree.this, scope), check(tree.expression, scope)
    if "codes" in (left.kind, right.kind) or "truth" in (left.kind, right.kind):
        raise _refuse(tree, scope, "true/false and lists are not compared", "write the name alone, NOT, or IN")
    counted = {left.kind, right.kind} <= {"days", "months", "number"}
    if left.kind != right.kind and not (counted and _zero(tree.this, tree.expression)):
        raise _refuse(
            tree, scope, f"a {left.kind} cannot be compared with a {right.kind}", "declare a fact in the same unit"
        )
    if left.kind == "code":
        if not isinstance(tree, exp.EQ | exp.NEQ):
            raise _refuse(tree, scope, "codes have no order", "use = or <> or IN")
        _known_codes(tree, scope, left, right)
    return Type("truth", unknown=left.unknown or right.unknown)


def _zero(*sides: Tree) -> bool:
    return any(isinstance(side, exp.Literal) and not side.is_string for side in sides)


def _known_codes(tree: Tree, scope: Scope, left: Type, right: Type) -> None:
    for one, other in ((left, right), (right, left)):
        if one.codes and other.codes and not other.codes <= one.codes and len(other.codes) == 1:
            raise _refuse(
                tree,
                scope,
                f"{next(iter(other.codes))!r} is not one of its codes",
                allowed=", ".join(sorted(one.codes)),
            )


def _in(tree: Tree, scope: Scope) -> Type:
    left = check(tree.this, scope)
    field, listed = tree.args.get("field"), tree.expressions
    if tree.args.get("query") is not None or tree.args.get("unnest") is not None:
        raise _refuse(tree, scope, "IN takes a list", allowed="a list of 'codes' in parentheses, or the name of one")
    if field is not None:
        right = check(field, scope)
        if right.kind != "codes":
            raise _refuse(
                tree,
                scope,
                f"IN takes a list; {field.sql()} is a {right.kind}",
                allowed="a list of 'codes' in parentheses, or the name of one",
            )
    else:
        parts = [check(part, scope) for part in listed]
        if not listed or any(not isinstance(part, exp.Literal) or not part.is_string for part in listed):
            raise _refuse(
                tree, scope, "a list in parentheses holds quoted codes", "name a list value without parentheses"
            )
        right = Type("codes", frozenset().union(*(part.codes for part in parts)), unknown=False)
    if left.kind != "code":
        raise _refuse(tree, scope, f"IN asks about a code, not a {left.kind}", mend="use = or <= for days and numbers")
    # 'code' IN column asks the list; name IN list asks the name.
    asked, given = (right, left) if isinstance(tree.this, exp.Literal) else (left, right)
    unknown_codes = given.codes - asked.codes if asked.codes and given.codes else frozenset()
    if unknown_codes:
        raise _refuse(
            tree, scope, f"{sorted(unknown_codes)[0]!r} is not one of its codes", allowed=", ".join(sorted(asked.codes))
        )
    return Type("truth", unknown=left.unknown or right.unknown)


def _is_null(tree: Tree, scope: Scope) -> Type:
    if not scope.asks or not isinstance(tree.expression, exp.Null):
        raise _refuse(
            tree, scope, "IS NULL stands only in rules that ask", "use if_unknown, or mark the rule asks: true"
        )
    if not isinstance(tree.this, exp.Column):
        raise _refuse(tree, scope, "IS NULL asks about a name", "declare a fact and ask about it")
    check(tree.this, scope)
    return Type("truth", unknown=False)


def _name(tree: Tree, scope: Scope) -> Type:
    assert isinstance(tree, exp.Column)
    if tree.args.get("table") is not None:
        raise _refuse(tree, scope, "a name has no dots", "write the name alone")
    known = scope.names.get(tree.name)
    if known is None:
        near = _near(tree.name, scope.names)
        raise ProtocolError(
            f"{tree.name!r} is neither a fact, a value nor a column here",
            where=scope.where,
            mend=f"did you mean {near}?" if near else "declare it under facts/ or values/",
        )
    return known


def _near(name: str, names: Mapping[str, Type]) -> str:
    from difflib import get_close_matches

    return " or ".join(get_close_matches(name, names, n=3))


def _literal(tree: Tree, scope: Scope) -> Type:
    assert isinstance(tree, exp.Literal)
    if tree.is_string:
        return Type("code", frozenset({tree.name}), unknown=False)
    if not scope.arithmetic or tree.name != "0":
        raise _refuse(
            tree, scope, "a bare number", "declare it under values/ with its unit and source, and use its name"
        )
    return Type("number", unknown=False)


def _boolean(tree: Tree, scope: Scope) -> Type:
    return Type("truth", unknown=False)


def _sum(tree: Tree, scope: Scope) -> Type:
    _needs_arithmetic(tree, scope)
    left, right = check(tree.this, scope), check(tree.expression, scope)
    unknown = left.unknown or right.unknown
    kinds = (left.kind, right.kind)
    if isinstance(tree, exp.Mul):
        if kinds != ("number", "number"):
            raise _refuse(tree, scope, f"{kinds[0]} times {kinds[1]} means nothing here", allowed="number * number")
        return Type("number", unknown=unknown)
    if kinds == ("day", "days"):
        return Type("day", unknown=unknown)
    if kinds == ("day", "day") and isinstance(tree, exp.Sub):
        return Type("days", unknown=unknown)
    if kinds[0] == kinds[1] and kinds[0] in ("days", "months", "number"):
        return Type(kinds[0], unknown=unknown)
    raise _refuse(
        tree, scope, f"{kinds[0]} and {kinds[1]} do not add up", "a day plus days is a day; day minus day is days"
    )


def _needs_arithmetic(tree: Tree, scope: Scope) -> None:
    if not scope.arithmetic:
        raise _refuse(tree, scope, "arithmetic stands in facts, not in conditions", "declare a fact and read it here")


def _extreme(tree: Tree, scope: Scope) -> Type:
    _needs_arithmetic(tree, scope)
    parts = [check(part, scope) for part in [tree.this, *tree.expressions]]
    if len(parts) < 2:
        raise _refuse(tree, scope, "LEAST and GREATEST choose among several", "name two or more", allowed="LEAST(a, b)")
    if len({part.kind for part in parts}) != 1 or parts[0].kind not in _ORDERED:
        raise _refuse(tree, scope, "the parts are not of one ordered kind", allowed="all days, or all numbers")
    return Type(parts[0].kind, unknown=any(part.unknown for part in parts))


def _add_months(tree: Tree, scope: Scope) -> Type:
    _needs_arithmetic(tree, scope)
    day, months = check(tree.this, scope), check(tree.expression, scope)
    if (day.kind, months.kind) != ("day", "months"):
        raise _refuse(tree, scope, "its parts are of the wrong kind", allowed="ADD_MONTHS(a day, a number of months)")
    return Type("day", unknown=day.unknown or months.unknown)


def _case(tree: Tree, scope: Scope) -> Type:
    _needs_arithmetic(tree, scope)
    if tree.parent is not None and tree.arg_key not in ("true", "default"):
        raise _refuse(tree, scope, "CASE stands by itself", "declare a fact that is the CASE, and read it here")
    if tree.this is not None:
        raise _refuse(tree, scope, "CASE compares nothing itself", "write CASE WHEN condition THEN ... END")
    conditions = [check_condition(branch.this, scope) for branch in tree.args["ifs"]]
    results = [check(branch.args["true"], scope) for branch in tree.args["ifs"]]
    default = tree.args.get("default")
    if default is not None:
        results.append(check(default, scope))
    if len({result.kind for result in results}) != 1:
        raise _refuse(tree, scope, "the branches of CASE are of different kinds", "give every branch the same kind")
    unknown = default is None or any(part.unknown for part in [*conditions, *results])
    return Type(results[0].kind, frozenset().union(*(result.codes for result in results)), unknown)


_CHECKS: dict[type[Tree], Callable[[Tree, Scope], Type]] = {
    exp.And: _connector,
    exp.Or: _connector,
    exp.Not: _not,
    **dict.fromkeys(_COMPARE, _compare),
    exp.In: _in,
    exp.Is: _is_null,
    exp.Column: _name,
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Add: _sum,
    exp.Sub: _sum,
    exp.Mul: _sum,
    exp.Least: _extreme,
    exp.Greatest: _extreme,
    exp.AddMonths: _add_months,
    exp.Case: _case,
}
