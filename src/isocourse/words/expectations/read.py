"""Reading `knowledge/expectations` as strictly as a rule: a range names its study, a share too, a rule exists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import cast, get_args

from isocourse.engine import model as m
from isocourse.engine.documents import Part
from isocourse.engine.knowledge import Shelf, cited
from isocourse.errors import ProtocolError
from isocourse.record.terminology import Analyte, SkinScale, SymptomTerm
from isocourse.words.expectations import shape
from isocourse.words.photograph_change import TITLES

_NEEDS = (
    "expect", "title", "kind", "when", "share", "lasts", "says", "clinician_says", "unusual", "depends_on",
    "confidence", "sources",
)  # fmt: skip
# What is only remembered, or weak, is left out (docs/sign-off-left-out.md).
_CONFIDENT = ("high", "medium")
_HUNDRED = Decimal(100)


def read_expectations(shelf: Shelf, rules: Iterable[str]) -> shape.Known:
    """What is known of what to expect. `rules` are the names of the protocol's rules. Raises ProtocolError with file
    and line."""
    named = frozenset(rules)
    seen: dict[str, str] = {}

    def entries(name: str) -> tuple[shape.Expectation, ...]:
        return tuple(_expectation(part, shelf.sources, named, seen) for part in shelf.entries("expectations", name))

    return shape.Known(
        course=entries("course"),
        after=entries("after"),
        any_time=tuple(_unusual(part, shelf.sources, named) for part in shelf.entries("expectations", "any_time")),
        titles={source.id: source.title for source in shelf.sources.values()},
        content=shelf.content,
    )


def _expectation(
    part: Part, sources: Mapping[str, m.Source], rules: frozenset[str], seen: dict[str, str]
) -> shape.Expectation:
    fields = part.fields(needed=_NEEDS, optional=("watch",))
    name = fields["expect"].name()
    if name in seen:
        raise part.error(f"the entry {name!r} stands twice (first at {seen[name]})", mend="rename it")
    seen[name] = part.where
    kind = cast(shape.Kind, fields["kind"].one_of(shape.KINDS))
    when, not_known = _when(fields["when"], sources)
    _refuse_clock(fields["kind"], kind, when)
    return shape.Expectation(
        name=name,
        title=fields["title"].text(),
        kind=kind,
        when=when,
        not_known=not_known,
        shares=_shares(fields["share"], sources),
        lasts=fields["lasts"].text(),
        says=fields["says"].text(),
        clinician_says=fields["clinician_says"].text(),
        unusual=tuple(_unusual(item, sources, rules) for item in fields["unusual"].items()),
        depends_on=fields["depends_on"].text(),
        watch=fields.get("watch", _watch, shape.Watch()),
        confidence=fields["confidence"].one_of(_CONFIDENT),
        sources=cited(fields["sources"], sources),
        where=part.where,
    )


def _when(part: Part, sources: Mapping[str, m.Source]) -> tuple[shape.When | None, str]:
    if any(key.text() == "not_known" for key, _value in part.pairs()):
        return None, part.fields(needed=("not_known",))["not_known"].text()
    fields = part.fields(needed=("clock", "first", "last", "says", "sources"))
    clock = cast(shape.Clock, fields["clock"].one_of(shape.CLOCKS))
    first = fields["first"].number()
    last = None if fields["last"].text() == "end" else fields["last"].number()
    if last is None and clock != "treated_weeks":
        raise fields["last"].error("only weeks of treatment go on to the end of the course", mend="write a number")
    if first < (1 if clock == "treated_weeks" else 0) or (last is not None and last < first):
        raise part.error(
            "this is no range", allowed="weeks of treatment from 1, time after from 0, the last not before the first"
        )
    return shape.When(clock, first, last, fields["says"].text(), cited(fields["sources"], sources)), ""


def _refuse_clock(part: Part, kind: shape.Kind, when: shape.When | None) -> None:
    """What is compared needs a range, and one that its way of comparing can read."""
    if kind == "shown" or (kind == "told" and when is not None):
        return
    wanted = ("after_weeks", "after_months") if kind == "fades" else ("treated_weeks",)
    if when is None or when.clock not in wanted:
        raise part.error(f"{kind!r} is compared with a range of another clock", allowed=", ".join(wanted))


def _shares(part: Part, sources: Mapping[str, m.Source]) -> tuple[shape.Share, ...]:
    """Each figure with its study; none, and said so."""
    try:
        items = part.items()
    except ProtocolError:
        part.one_of(("not_known",))
        return ()
    if not items:
        raise part.error("a share needs a figure", mend="write not_known where no study counted")
    return tuple(_share(item, sources) for item in items)


def _share(part: Part, sources: Mapping[str, m.Source]) -> shape.Share:
    fields = part.fields(needed=("says", "low", "source"), optional=("high", "people"))
    low, high = _percent(fields["low"]), fields.get("high", _percent, None)
    if high is not None and high <= low:
        raise fields["high"].error("the upper end is not above the lower", mend="leave `high` out for one figure")
    people = fields.get("people", _people, None)
    return shape.Share(fields["says"].text(), low, high, people, fields["source"].one_of(sources))


def _percent(part: Part) -> Decimal:
    try:
        value = Decimal(part.text())
    except InvalidOperation:
        value = Decimal(-1)
    if not 0 <= value <= _HUNDRED:
        raise part.error(f"{part.text()[:20]!r} is no share of people", allowed="0 to 100, in percent")
    return value


def _people(part: Part) -> int:
    text = part.text()
    if not text.isdecimal() or int(text) == 0:
        raise part.error(f"{text[:20]!r} is no number of people", allowed="whole numbers from 1")
    return int(text)


def _unusual(part: Part, sources: Mapping[str, m.Source], rules: frozenset[str]) -> shape.Unusual:
    fields = part.fields(needed=("says", "tell", "rules"), optional=("sources",))
    return shape.Unusual(
        fields["says"].text(),
        cast(shape.Tell, fields["tell"].one_of(shape.TELLS)),
        tuple(item.one_of(rules) for item in fields["rules"].items()),
        fields.get("sources", lambda given: cited(given, sources), ()),
    )


def _watch(part: Part) -> shape.Watch:
    fields = part.fields(needed=(), optional=("terms", "scales", "analytes", "figures"))

    def named(key: str, allowed: Iterable[str]) -> tuple[str, ...]:
        return fields.get(key, lambda given: tuple(item.one_of(allowed) for item in given.items()), ())

    return shape.Watch(
        named("terms", get_args(SymptomTerm)),
        named("scales", get_args(SkinScale)),
        named("analytes", get_args(Analyte)),
        named("figures", TITLES),
    )
