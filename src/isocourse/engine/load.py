"""Reading and checking the protocol files: the only place in the pure rooms that opens a file.

Layout: `topics.yaml`, `edition.yaml`, `sources/*.yaml`, `programmes/*.yaml`, and by topic `values/`, `facts/`,
`rules/`, `tasks/` (`examples/` are read by `examples.py`). A file's stem up to the first dot is its topic, so
`values/supply.de.yaml` adds to the topic supply: a new programme is new files only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlglot import exp

from isocourse.engine import model as m
from isocourse.engine.columns import COLUMNS
from isocourse.engine.documents import Fields, Part, read_document
from isocourse.engine.language import Scope, Tree, Type, check, check_condition, names_in, parse
from isocourse.engine.read_products import read_product, read_regimen, read_target
from isocourse.engine.read_rules import read_rule, read_task
from isocourse.engine.read_values import read_value
from isocourse.errors import ProtocolError

PROTOCOL = Path(__file__).resolve().parent.parent / "protocol"
FOLDERS = ("sources", "programmes", "values", "facts", "rules", "tasks", "examples", "products", "regimens", "targets")
TAKES = ("latest", "earliest", "min", "max", "sum", "count", "exists")
AS_OF = "as_of"
_T = TypeVar("_T")


def load_library(*roots: Path) -> m.Library:
    """Read one or more protocol folders (the shipped one when none is named; later ones add to it).

    Raises ProtocolError with file and line at the first mistake.
    """
    places = roots or (PROTOCOL,)
    for root in places:
        if not root.is_dir():
            raise ProtocolError("this is no folder", where=str(root), mend="name a folder with protocol files")
    topics = _topics(places)
    sources = _collect(places, "sources", _source, lambda source: source.id)
    programmes = _collect(places, "programmes", _programme, lambda programme: programme.id)
    _check_programmes(programmes, sources, topics)
    values = _values(places, topics, programmes, sources)
    facts = _facts(places, topics, values)
    named = _names(facts, values)
    rules = _collect_by_topic(
        places, "rules", topics, lambda part, topic: read_rule(part, topic, programmes, sources, named), lambda r: r.id
    )
    tasks = _collect_by_topic(
        places, "tasks", topics, lambda part, topic: read_task(part, topic, programmes, sources, named), lambda t: t.id
    )
    loaded = {rule.topic for rule in rules.values()}
    return m.Library(
        name=_edition_name(places[0]),
        content=content_hash(*places),
        topics={
            word: m.Topic(topic.word, topic.title, topic.says, word in loaded) for word, topic in topics.items()
        },
        programmes=programmes,
        sources=sources,
        values=values,
        facts=facts,
        rules=rules,
        tasks=tasks,
        products=_collect(places, "products", lambda part: read_product(part, programmes, sources), lambda p: p.id),
        regimens=_collect(places, "regimens", lambda part: read_regimen(part, programmes, sources), lambda r: r.id),
        targets=_collect(places, "targets", lambda part: read_target(part, sources), lambda t: t.id),
    )


def protocol_files(root: Path) -> list[Path]:
    """Every file that belongs to the edition, in a fixed order. `edition.yaml` names it and is left out."""
    return sorted(path for path in root.rglob("*.yaml") if path.name != "edition.yaml")


def content_hash(*roots: Path) -> str:
    """Twelve hexadecimal digits over the names and contents of all files; line endings do not matter."""
    digest = hashlib.sha256()
    for root in roots:
        for path in protocol_files(root):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]


def _edition_name(root: Path) -> str:
    fields = read_document(root / "edition.yaml", "edition.yaml").fields(needed=("edition", "content", "note"))
    return fields["edition"].text()


def edition_is_current(root: Path = PROTOCOL) -> bool:
    """Whether edition.yaml names the content that is really there."""
    fields = read_document(root / "edition.yaml", "edition.yaml").fields(needed=("edition", "content", "note"))
    return fields["content"].text() == content_hash(root)


# --- walking the files ----------------------------------------------------------------------------
def _files(places: Iterable[Path], folder: str) -> Iterator[tuple[Path, str]]:
    for index, root in enumerate(places):
        for path in sorted((root / folder).glob("*.yaml")):
            yield path, f"{root.name}/{folder}/{path.name}" if index else f"{folder}/{path.name}"


def _collect(
    places: Iterable[Path], folder: str, read: Callable[[Part], _T], key: Callable[[_T], str]
) -> dict[str, _T]:
    found: dict[str, _T] = {}
    for path, name in _files(places, folder):
        for part in read_document(path, name).items():
            _add(found, read(part), key, part)
    return found


def _collect_by_topic(
    places: Iterable[Path],
    folder: str,
    topics: dict[str, m.Topic],
    read: Callable[[Part, str], _T],
    key: Callable[[_T], str],
) -> dict[str, _T]:
    found: dict[str, _T] = {}
    for path, name in _files(places, folder):
        topic = _topic_of(path, name, topics)
        for part in read_document(path, name).items():
            _add(found, read(part, topic), key, part)
    return found


def _add(found: dict[str, _T], item: _T, key: Callable[[_T], str], part: Part) -> None:
    name = key(item)
    if name in found:
        first = getattr(found[name], "where", "")
        told = f" (first at {first})" if first else ""
        raise part.error(f"{name!r} is declared twice{told}", mend="rename or delete one of them")
    found[name] = item


def _topic_of(path: Path, name: str, topics: dict[str, m.Topic]) -> str:
    topic = path.stem.split(".")[0]
    if topic not in topics:
        raise ProtocolError(
            f"the file is named after {topic!r}, which is no topic", where=f"{name}, line 1", allowed=", ".join(topics)
        )
    return topic


# --- the small kinds of file ----------------------------------------------------------------------
def _topics(places: Iterable[Path]) -> dict[str, m.Topic]:
    found: dict[str, m.Topic] = {}
    for root in places:
        if not (root / "topics.yaml").exists():
            continue
        for part in read_document(root / "topics.yaml", "topics.yaml").items():
            fields = part.fields(needed=("topic", "title", "says"))
            topic = m.Topic(fields["topic"].text(), fields["title"].text(), fields["says"].text(), False)
            _add(found, topic, lambda topic: topic.word, part)
    return found


def _source(part: Part) -> m.Source:
    fields = part.fields(needed=("source", "title", "publisher", "at", "dated", "read"))
    return m.Source(
        fields["source"].text(),
        fields["title"].text(),
        fields["publisher"].text(),
        fields["at"].text(),
        fields["dated"].text(),
        fields["read"].text(),
        part.where,
    )


def _programme(part: Part) -> m.Programme:
    fields = part.fields(
        needed=("programme", "title", "time_zone", "versions", "required_topics"),
        optional=("inherits", "registry_note"),
    )
    versions = tuple(_version(item) for item in fields["versions"].items())
    if not versions:
        raise fields["versions"].error("a programme has at least one version", mend="add the first one with its day")
    try:
        ZoneInfo(fields["time_zone"].text())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = fields["time_zone"].text()
        raise fields["time_zone"].error(
            f"{zone[:40]!r} is no time zone", mend="write it as Europe/London or America/New_York"
        ) from None
    for earlier, later in zip(versions, versions[1:], strict=False):
        if later.from_day <= earlier.from_day:
            raise fields["versions"].error(f"{later.id!r} does not begin after {earlier.id!r}", mend="order them by date")
    return m.Programme(
        fields["programme"].text(),
        fields["title"].text(),
        fields["time_zone"].text(),
        fields.get("inherits", Part.text, None),
        fields.get("registry_note", Part.text, ""),
        versions,
        fields["required_topics"].texts(),
        part.where,
    )


def _version(part: Part) -> m.Version:
    fields = part.fields(needed=("version", "from", "status", "says", "sources"))
    return m.Version(
        fields["version"].text(),
        fields["from"].day(),
        fields["status"].one_of(("in_force", "unconfirmed")),
        fields["says"].text(),
        fields["sources"].texts(),
        part.where,
    )


def _check_programmes(
    programmes: dict[str, m.Programme], sources: dict[str, m.Source], topics: dict[str, m.Topic]
) -> None:
    seen: dict[str, str] = {}
    for programme in programmes.values():
        if programme.inherits is not None and programme.inherits not in programmes:
            raise ProtocolError(
                f"it inherits from {programme.inherits!r}, which is no programme",
                where=programme.where,
                allowed=", ".join(programmes),
            )
        for word in programme.required_topics:
            if word not in topics:
                raise ProtocolError(
                    f"{word!r} is no topic", where=programme.where, allowed=", ".join(topics), mend="see topics.yaml"
                )
        for version in programme.versions:
            if version.id in seen:
                raise ProtocolError(
                    f"version {version.id!r} is declared twice (first in programme {seen[version.id]!r})",
                    where=version.where,
                    mend="give each version a name of its own",
                )
            seen[version.id] = programme.id
            if not version.sources:
                raise ProtocolError("a version without a source cannot be checked", where=version.where, mend="name one")
            for source in version.sources:
                if source not in sources:
                    raise ProtocolError(f"{source!r} is no source", where=version.where, mend="add it under sources/")
        _refuse_circle(programme, programmes)


def _refuse_circle(programme: m.Programme, programmes: dict[str, m.Programme]) -> None:
    seen, at = {programme.id}, programme.inherits
    while at is not None:
        if at in seen:
            raise ProtocolError(
                "programmes inherit from each other in a circle",
                where=programme.where,
                mend="leave out inherits in one of them",
            )
        seen.add(at)
        at = programmes[at].inherits if at in programmes else None


# --- values ---------------------------------------------------------------------------------------
def _values(
    places: Iterable[Path],
    topics: dict[str, m.Topic],
    programmes: dict[str, m.Programme],
    sources: dict[str, m.Source],
) -> dict[str, m.Value]:
    found: dict[str, m.Value] = {}
    for path, name in _files(places, "values"):
        topic = _topic_of(path, name, topics)
        for part in read_document(path, name).items():
            value = read_value(part, topic, programmes, sources, found)
            if value.name == AS_OF:
                raise part.error(f"{AS_OF!r} is the name of the day decided for", mend="choose another name")
            found[value.name] = value
    return found


# --- facts ----------------------------------------------------------------------------------------
def _facts(places: Iterable[Path], topics: dict[str, m.Topic], values: dict[str, m.Value]) -> dict[str, m.Fact]:
    """Facts in the order in which they can be worked out; a circle is an error."""
    raw: dict[str, tuple[Part, Fields, str]] = {}
    for path, name in _files(places, "facts"):
        topic = _topic_of(path, name, topics)
        for part in read_document(path, name).items():
            fields = part.fields(
                needed=("fact", "says"), optional=("take", "of", "where", "unknown_rows", "is")
            )
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
        codes = frozenset(code for step in value.steps for code in ([step.value] if value.kind == "code" else step.value))
        return Type(value.kind, codes if value.kind == "codes" else codes, unknown=False)
    return Type(value.kind, unknown=False)


def _fact_tree(fields: Fields, part: Part) -> Tree | None:
    if ("is" in fields) == ("take" in fields):
        raise part.error("a fact has either `is` or `take`", allowed="is (an expression), or take and of (an aggregate)")
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
        if _moving(tree, moving, fields["is"]):
            moving.add(name)
        return m.Fact(name, topic, found, says, part.where, expression=tree, text=fields["is"].text())
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
            raise fields["where"].error(f"{clash[0]!r} is both a column of {kind} and a fact or value", mend="rename the fact")
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
    if take in ("min", "max", "sum") and of.kind not in ("day", "days", "number") or (take == "sum" and of.kind == "day"):
        raise part.error(f"{take} of a {of.kind} means nothing", allowed="latest, earliest, count, exists; see the column")
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


def _names(facts: dict[str, m.Fact], values: dict[str, m.Value]) -> dict[str, Type]:
    return {
        AS_OF: Type("day", unknown=False),
        **{name: value_type(value) for name, value in values.items()},
        **{name: fact.type for name, fact in facts.items()},
    }
