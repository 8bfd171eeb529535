"""Reading facts: one aggregate over one kind of row, or one expression over other facts, in an order that works."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from isocourse.engine import model as m
from isocourse.engine.columns import COLUMNS
from isocourse.engine.documents import Fields, Part
from isocourse.engine.language import Scope, Tree, Type, check, check_condition, names_in, parse

AS_OF = "as_of"
TAKES = ("latest", "earliest", "min", "max", "sum", "count", "exists")


def read_facts(entries: Iterable[tuple[Part, str]], values: Mapping[str, m.Value]) -> dict[str, m.Fact]:
    """Facts, from their entries with topics, in the order in which they can be worked out; a circle is an error."""
    raw: dict[str, tuple[Part, Fields, str]] = {}
    for part, topic in entries:
        fields = part.fields(needed=("fact", "says"), optional=("take", "of", "where", "unknown_rows", "is"))
        fact_name = fields["fact"].name()
        if fact_name in raw or fact_name in values or fact_name == AS_OF:
            raise part.error(f"{fact_name!r} is already the name of a fact or value", mend="rename one of them")
        raw[fact_name] = (part, fields, topic)
    done: dict[str, m.Fact] = {}
    moving = {AS_OF}
    names = {AS_OF: Type("day", unknown=False), **{name: value_type(value) for name, value in values.items()}}

    def settle(name: str, path: tuple[str, ...]) -> None:
        if name in done:
            return
        part, fields, topic = raw[name]
        if name in path:
            raise part.error(f"facts go round in a circle: {' -> '.join([*path, name])}", mend="break the circle")
        tree = _fact_tree(fields, part)
        for other in names_in(tree) if tree is not None else ():
            if other in raw:
                settle(other, (*path, name))
        done[name] = _fact(name, part, fields, topic, tree, names, moving)
        names[name] = done[name].type

    for name in raw:
        settle(name, ())
    return done


def value_type(value: m.Value) -> Type:
    """The type a value has in a condition."""
    if value.kind in ("codes", "code"):
        codes = frozenset(
            code for step in value.steps for code in ([step.value] if value.kind == "code" else step.value)
        )
        return Type(value.kind, codes, unknown=False)
    return Type(value.kind, unknown=False)


def _fact_tree(fields: Fields, part: Part) -> Tree | None:
    if ("is" in fields) == ("take" in fields):
        raise part.error(
            "a fact has either `is` or `take`", allowed="is (an expression), or take and of (an aggregate)"
        )
    spare = [key for key in ("of", "where", "unknown_rows") if "is" in fields and key in fields]
    if spare:
        raise fields[spare[0]].error(f"{spare[0]!r} belongs to an aggregate, not to `is`", mend="leave it out")
    key = "is" if "is" in fields else "where"
    return parse(fields[key].text(), fields[key].where) if key in fields else None


def _fact(
    name: str, part: Part, fields: Fields, topic: str, tree: Tree | None, names: dict[str, Type], moving: set[str]
) -> m.Fact:
    says = fields["says"].text()
    if "is" in fields:
        assert tree is not None
        found = check(tree, Scope(names, fields["is"].where, arithmetic=True))
        moves = _moving(tree, moving, fields["is"])
        if moves:
            moving.add(name)
        return m.Fact(name, topic, found, says, part.where, expression=tree, text=fields["is"].text(), moving=moves)
    return _aggregate(name, part, fields, topic, tree, names, moving)


def _aggregate(
    name: str, part: Part, fields: Fields, topic: str, tree: Tree | None, names: dict[str, Type], moving: set[str]
) -> m.Fact:
    if "of" not in fields:
        raise part.error("the key 'of' is missing", mend="name the kind of event or episode it reads")
    kind = fields["of"].one_of(COLUMNS)
    words = fields["take"].text().split()
    take, column = words[0], words[1] if len(words) > 1 else ""
    if take not in TAKES or len(words) != (1 if take in ("count", "exists") else 2):
        raise fields["take"].error(
            f"{fields['take'].text()!r} is not an aggregate",
            allowed="latest COLUMN, earliest COLUMN, min COLUMN, max COLUMN, sum COLUMN, count, exists",
        )
    if column and column not in COLUMNS[kind]:
        raise fields["take"].error(f"{kind} has no column {column!r}", allowed=", ".join(COLUMNS[kind]))
    keep = fields.get("unknown_rows", lambda part: part.one_of(("keep", "drop")), None)
    if tree is not None:
        columns = {key: col.type for key, col in COLUMNS[kind].items()}
        clash = sorted(set(columns) & set(names) & set(names_in(tree)))
        if clash:
            raise fields["where"].error(
                f"{clash[0]!r} is both a column of {kind} and a fact or value", mend="rename the fact"
            )
        found = check_condition(tree, Scope({**names, **columns}, fields["where"].where))
        if not moving.isdisjoint(names_in(tree)):
            raise fields["where"].error(
                "a filter reads nothing that moves with as_of", mend="compare with as_of in an expression"
            )
        if found.unknown and keep is None:
            raise fields["where"].error(
                "a row may be neither in nor out here, for something it reads can be unknown",
                mend="add unknown_rows: keep or drop, whichever is the safe side",
            )
    return m.Fact(
        name,
        topic,
        _aggregate_type(take, column, kind, fields["take"]),
        fields["says"].text(),
        part.where,
        take=take,
        column=column,
        of=kind,
        filter=tree,
        keep_unknown_rows=keep == "keep",
        text=f"{fields['take'].text()} of {kind}" + (f" where {fields['where'].text()}" if tree is not None else ""),
    )


def _aggregate_type(take: str, column: str, kind: str, part: Part) -> Type:
    if take == "count":
        return Type("number", unknown=False)
    if take == "exists":
        return Type("truth", unknown=False)
    of = COLUMNS[kind][column].type
    if (take in ("min", "max", "sum") and of.kind not in ("day", "days", "number")) or (
        take == "sum" and of.kind == "day"
    ):
        raise part.error(
            f"{take} of a {of.kind} means nothing", allowed="latest, earliest, count, exists; see the column"
        )
    if of.kind == "codes":
        raise part.error("a list cannot be taken as a fact", mend="filter on it with 'code' IN column")
    # There may be no row at all, except of an epoch, of which there is always one.
    return Type(of.kind, of.codes, unknown=of.unknown or kind != "epoch")


def _moving(tree: Tree, moving: set[str], part: Part) -> bool:
    """Whether the expression moves with as_of. Such a fact may be compared but not reckoned with, and no filter
    may read it, so that every day on which an answer can change is the value of some other fact."""
    found = False
    for column in tree.find_all(exp.Column):
        if column.name not in moving:
            continue
        if isinstance(column.parent, exp.Add | exp.Sub | exp.Mul | exp.AddMonths):
            raise part.error(
                f"{column.name} moves with the calendar and stands inside arithmetic",
                mend="compare it as it is: as_of > some_day, with the arithmetic on the other side",
            )
        if not isinstance(column.parent, exp.EQ | exp.NEQ | exp.LT | exp.LTE | exp.GT | exp.GTE):
            found = True
    return found
