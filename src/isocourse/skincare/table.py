"""What is known of ingredients: the tables of `knowledge/skincare/`, read strictly, looked up by whole names.

`classes` hold what is advised against or with care, `ordinary` what is ordinary and what it does there, the others UV
filters, the allergens of fragrance and figures of comedogenicity. A name stands once: in a second place it is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from isocourse.engine import model as m
from isocourse.engine.documents import Fields, Part
from isocourse.engine.knowledge import Shelf, cited, open_shelf
from isocourse.errors import ProtocolError
from isocourse.record.skin_product_codes import ProductKind
from isocourse.record.terminology import codes
from isocourse.skincare.names import Names

Verdict = Literal["avoid", "take_care", "use", "unknown"]
VERDICTS: tuple[Verdict, ...] = ("avoid", "take_care", "use")
STRENGTHS = ("label", "guideline", "clinic_policy", "naming")
KINDS: tuple[str, ...] = codes(ProductKind)
UNSAID = "unsaid"  # in a case: also when nobody has said which kind of product it is
_DECIMAL = re.compile(r"\d{1,3}(?:\.\d{1,3})?")


@dataclass(frozen=True)
class Case:
    """One case in which a name counts: all of what it says holds. `first`: it stands among the first so many;
    `percent`: from this percentage on; `kinds`: in these products; `company`: with one of these groups among the first
    as well."""

    verdict: Verdict
    first: int = 0
    percent: Decimal | None = None
    kinds: tuple[str, ...] = ()
    company: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A class or a function: what it is called, what is advised and why."""

    id: str
    title: str
    verdict: Verdict
    reason: str
    strength: str
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Ingredient:
    """One ingredient under its usual name. No `cases`: always as its group says. With some: as the first that holds
    says, and as `otherwise` where none does."""

    name: str
    group: Group
    cases: tuple[Case, ...] = ()
    otherwise: Verdict = "use"
    note: str = ""


@dataclass(frozen=True)
class Filter:
    """A UV filter: limits in percent (None: not permitted, or not known; `says` tells), and what of the spectrum."""

    name: str
    us_name: str
    us: Decimal | None
    us_says: str
    eu: Decimal | None
    eu_says: str
    kind: Literal["mineral", "organic"]
    covers: tuple[str, ...]
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Comedogenic:
    """Figures of old rabbit-ear tests, 0 to 5; shown, never counted."""

    low: int
    high: int
    basis: str


@dataclass(frozen=True)
class Table:
    """Everything known of ingredients, by the usual name."""

    names: Names
    ingredients: Mapping[str, Ingredient]
    filters: Mapping[str, Filter]
    allergens: Mapping[str, str]
    comedogenic: Mapping[str, Comedogenic]
    texts: Mapping[str, Group]
    sources: Mapping[str, m.Source]
    content: str


@dataclass
class _Reading:
    shelf: Shelf
    names: Names = field(default_factory=Names)
    ingredients: dict[str, Ingredient] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)


@lru_cache(maxsize=1)
def shipped() -> Table:
    """The table that is installed, read once. Raises ProtocolError where a file cannot be read."""
    return read_table(open_shelf())


def read_table(shelf: Shelf) -> Table:
    """Raises ProtocolError, with file and line, at the first entry that is not understood or stands twice."""
    reading = _Reading(shelf)
    for part in shelf.entries("skincare", "ingredient_classes"):
        _read_class(part, reading)
    for part in shelf.entries("skincare", "ordinary_ingredients"):
        _read_ordinary(part, reading)
    for part in shelf.entries("skincare", "ingredient_families"):
        _read_family(part, reading)
    for part in shelf.entries("skincare", "ambiguous_names"):
        _read_ambiguous(part, reading)
    _refuse_strange_company(reading)
    return Table(
        names=reading.names,
        ingredients=reading.ingredients,
        filters=dict(_filter(part, reading) for part in shelf.entries("skincare", "uv_filters")),
        allergens=dict(_allergens(shelf, reading)),
        comedogenic=dict(_comedogenic(shelf, reading)),
        texts=reading.groups,
        sources=shelf.sources,
        content=shelf.content,
    )


def _read_class(part: Part, reading: _Reading) -> None:
    fields = part.fields(
        needed=("class", "title", "verdict", "reason", "strength", "confidence", "sources", "names"),
        optional=(),
    )
    group = _group(fields, fields["class"].name(), fields["verdict"].one_of(VERDICTS), reading)
    for item in fields["names"].items():
        _add(item, group, reading)


def _read_ordinary(part: Part, reading: _Reading) -> None:
    fields = part.fields(needed=("function", "title", "reason", "strength", "confidence", "sources", "names"))
    group = _group(fields, fields["function"].name(), "use", reading)
    for item in fields["names"].items():
        _add(item, group, reading)


def _group(fields: Fields, name: str, verdict: str, reading: _Reading) -> Group:
    if name in reading.groups:
        raise fields.part.error(f"{name!r} stands twice", mend="put the names under the one there is")
    group = Group(
        id=name,
        title=fields["title"].text(),
        verdict=verdict,  # type: ignore[arg-type]  # one_of has checked it
        reason=fields["reason"].text(),
        strength=fields["strength"].one_of(STRENGTHS),
        confidence=fields["confidence"].one_of(m.CONFIDENCES),
        sources=cited(fields["sources"], reading.shelf.sources),
    )
    reading.groups[name] = group
    return group


def _add(part: Part, group: Group, reading: _Reading) -> None:
    """A bare name, or a map with other spellings and the case in which the class counts."""
    if not part.is_map():
        _know(part, part.text(), (), group, reading)
        return
    fields = part.fields(needed=("name",), optional=("also", "when", "otherwise", "note"))
    also = fields["also"].texts() if "also" in fields else ()
    name = _know(part, fields["name"].text(), also, group, reading)
    if ("when" in fields) != ("otherwise" in fields):
        raise part.error("when and otherwise stand together or not at all", mend="add the other one")
    reading.ingredients[name] = Ingredient(
        name=name,
        group=group,
        cases=tuple(_case(item, group) for item in fields["when"].items()) if "when" in fields else (),
        otherwise=fields["otherwise"].one_of(VERDICTS) if "otherwise" in fields else "use",  # type: ignore[arg-type]
        note=fields.get("note", Part.text, ""),
    )


def _know(part: Part, name: str, also: tuple[str, ...], group: Group, reading: _Reading) -> str:
    for spelling in (name, *also):
        taken = reading.names.add(spelling, name)
        if taken is not None:
            raise part.error(f"{spelling!r} already stands for {taken!r}", mend="delete one of them")
    reading.ingredients[name] = Ingredient(name, group)
    return name


def _case(part: Part, group: Group) -> Case:
    fields = part.fields(needed=(), optional=("first", "percent", "kinds", "with", "then"))
    return Case(
        verdict=fields["then"].one_of(VERDICTS) if "then" in fields else group.verdict,  # type: ignore[arg-type]
        first=fields["first"].number() if "first" in fields else 0,
        percent=_percent(fields["percent"]) if "percent" in fields else None,
        kinds=tuple(item.one_of((*KINDS, UNSAID)) for item in fields["kinds"].items()) if "kinds" in fields else (),
        company=tuple(item.name() for item in fields["with"].items()) if "with" in fields else (),
    )


def _refuse_strange_company(reading: _Reading) -> None:
    """Groups named by a case may stand in a later file, so they are checked once everything is read."""
    for ingredient in reading.ingredients.values():
        for name in (name for case in ingredient.cases for name in case.company):
            if name not in reading.groups:
                raise ProtocolError(f"{ingredient.name!r} is told with {name!r}, which is no class or function of ours")


def _percent(part: Part) -> Decimal:
    text = part.text()
    if not _DECIMAL.fullmatch(text) or Decimal(text) > 100:
        raise part.error(f"{text[:20]!r} is no percentage", allowed="0 to 100, with a point")
    return Decimal(text)


def _read_family(part: Part, reading: _Reading) -> None:
    """Names that differ in a number only: Ceteareth-{n}. The whole name has to fit."""
    fields = part.fields(needed=("function", "names"))
    group = reading.groups[fields["function"].one_of(reading.groups)]
    if group.verdict != "use":
        raise fields["function"].error("only what is ordinary comes in families", mend="write the names out")
    for item in fields["names"].items():
        name = item.text()
        if name.count("{n}") != 1:
            raise item.error("a family has one {n} where its number stands", mend="write it as Ceteareth-{n}")
        reading.names.add_family(name)
        reading.ingredients[name] = Ingredient(name, group)


def _read_ambiguous(part: Part, reading: _Reading) -> None:
    """What is written for more than one ingredient: `BHA` is an antioxidant and an acid."""
    fields = part.fields(needed=("written", "may_mean"))
    reading.names.add_ambiguous(
        fields["written"].text(), tuple(_known(item, reading) for item in fields["may_mean"].items())
    )


def _filter(part: Part, reading: _Reading) -> tuple[str, Filter]:
    fields = part.fields(
        needed=("filter", "kind", "covers", "confidence", "sources"),
        optional=("us_name", "us", "us_says", "eu", "eu_says"),
    )
    name = _known(fields["filter"], reading)
    return name, Filter(
        name=name,
        us_name=fields.get("us_name", Part.text, ""),
        us=_percent(fields["us"]) if "us" in fields else None,
        us_says=fields.get("us_says", Part.text, ""),
        eu=_percent(fields["eu"]) if "eu" in fields else None,
        eu_says=fields.get("eu_says", Part.text, ""),
        kind=fields["kind"].one_of(("mineral", "organic")),  # type: ignore[arg-type]
        covers=tuple(item.one_of(("UVB", "UVA short", "UVA long")) for item in fields["covers"].items()),
        confidence=fields["confidence"].one_of(m.CONFIDENCES),
        sources=cited(fields["sources"], reading.shelf.sources),
    )


def _known(part: Part, reading: _Reading) -> str:
    found = reading.names.exact(part.text())
    if found is None:
        raise part.error(f"{part.text()!r} is no ingredient of ours", mend="add it to a class or to the ordinary ones")
    return found


def _allergens(shelf: Shelf, reading: _Reading) -> Iterator[tuple[str, str]]:
    for part in shelf.entries("skincare", "fragrance_allergens"):
        fields = part.fields(needed=("entry", "names", "sources"))
        cited(fields["sources"], shelf.sources)
        for item in fields["names"].items():
            yield _known(item, reading), fields["entry"].text()


def _comedogenic(shelf: Shelf, reading: _Reading) -> Iterator[tuple[str, Comedogenic]]:
    for part in shelf.entries("skincare", "comedogenicity"):
        fields = part.fields(needed=("name", "low", "high", "basis"))
        low, high = fields["low"].number(), fields["high"].number()
        if not low <= high <= 5:
            raise part.error("figures go from 0 to 5, the lower first", mend="check the row")
        yield (
            _known(fields["name"], reading),
            Comedogenic(low, high, fields["basis"].one_of(("read", "lists", "memory"))),
        )
