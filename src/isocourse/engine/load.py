"""Reading and checking the protocol files. Only this and `documents.py` open files in the pure rooms, only these.

Layout: `topics.yaml`, `edition.yaml`, `sources/*.yaml`, `programmes/*.yaml`; by topic `values/`, `facts/`, `rules/`,
`tasks/`; `products/`, `regimens/`, `targets/`, `advice/`, `reports/` (`examples/` are read by `examples.py`). In the
folders by topic a file's stem up to the first dot is its topic, so `values/supply.xx.yaml` adds to the topic supply: a
new programme is new files only. Files with more dots in their stem are read after those with fewer, so that they can
add to what those declare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from isocourse.engine import model as m
from isocourse.engine.documents import Part, read_document
from isocourse.engine.extend import adds_programmes, check_replacements, with_programmes
from isocourse.engine.language import Type
from isocourse.engine.read_facts import AS_OF, read_facts, value_type
from isocourse.engine.read_products import (
    read_advice,
    read_product,
    read_regimen,
    read_target,
    with_more_programmes,
)
from isocourse.engine.read_reports import read_place
from isocourse.engine.read_rules import read_rule, read_task
from isocourse.engine.read_values import read_alike, read_value
from isocourse.errors import ProtocolError

PROTOCOL = Path(__file__).resolve().parent.parent / "protocol"
FOLDERS = (
    "sources", "programmes", "values", "facts", "rules", "tasks", "examples", "products", "regimens", "targets",
    "advice", "reports",
)  # fmt: skip
_T = TypeVar("_T")
_Item = TypeVar("_Item", m.Rule, m.Task)


def load_library(*roots: Path) -> m.Library:
    """Read one or more protocol folders (the shipped one when none is named; later ones add to it).

    Raises ProtocolError with file and line at the first mistake.
    """
    places = roots or (PROTOCOL,)
    for index, root in enumerate(places):
        if not root.is_dir():
            raise ProtocolError("this is no folder", where=str(root), mend="name a folder with protocol files")
        _refuse_unread(root, f"{root.name}/" if index else "")
    topics = _topics(places)
    sources = _collect(places, "sources", read_source, lambda source: source.id)
    programmes = _collect(places, "programmes", _programme, lambda programme: programme.id)
    _check_programmes(programmes, sources, topics)
    values = _values(places, topics, programmes, sources)
    facts = read_facts(_entries(places, "facts", topics), values)
    named = _names(facts, values)
    rules, added = _collect_by_topic(
        places, "rules", topics, lambda part, topic: read_rule(part, topic, programmes, sources, named)
    )
    rules = with_programmes(rules, added, "rule", programmes, sources)
    check_replacements(rules, programmes, "rule")
    _check_first_as(rules)
    tasks, added = _collect_by_topic(
        places, "tasks", topics, lambda part, topic: read_task(part, topic, programmes, sources, named)
    )
    tasks = with_programmes(tasks, added, "task", programmes, sources)
    check_replacements(tasks, programmes, "task")
    loaded = {rule.topic for rule in rules.values()}
    return m.Library(
        name=_edition_name(places[0]),
        content=content_hash(*places),
        topics={word: m.Topic(topic.word, topic.title, topic.says, word in loaded) for word, topic in topics.items()},
        programmes=programmes,
        sources=sources,
        values=values,
        facts=facts,
        rules=rules,
        tasks=tasks,
        products=_collect(places, "products", lambda part: read_product(part, programmes, sources), lambda p: p.id),
        regimens=_regimens(places, programmes, sources),
        targets=_collect(places, "targets", lambda part: read_target(part, programmes, sources), lambda t: t.id),
        advice=_collect(places, "advice", lambda part: read_advice(part, programmes, sources), lambda a: a.id),
        reports=_collect(places, "reports", lambda part: read_place(part, programmes, sources), lambda r: r.id),
    )


def _refuse_unread(root: Path, called: str) -> None:
    """A file that nothing reads (a folder misspelled, .yml for .yaml) would be a rule that silently never fires."""
    for path in sorted([*root.rglob("*.yaml"), *root.rglob("*.yml")]):
        at = path.relative_to(root)
        if path.suffix != ".yaml" or at.parent.as_posix() not in (*FOLDERS, "."):
            raise ProtocolError(
                "nothing reads this file",
                where=f"{called}{at.as_posix()}, line 1",
                allowed=f"files that end in .yaml, in {', '.join(FOLDERS)}",
                mend="rename or move it",
            )


def _check_first_as(rules: dict[str, m.Rule]) -> None:
    for rule in rules.values():
        for event in rule.mend.events if rule.mend is not None else ():
            if event.first_as is not None and event.first_as not in rules:
                raise ProtocolError(
                    f"first_as names {event.first_as!r}, which is no rule",
                    where=rule.where,
                    mend="name a rule with a mend",
                )


def programme_names(root: Path = PROTOCOL) -> tuple[str, ...]:
    """The programmes of a folder by their file names, without reading them; for help texts."""
    return tuple(sorted(path.stem for path in (root / "programmes").glob("*.yaml")))


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
        for path in sorted((root / folder).glob("*.yaml"), key=lambda path: (path.stem.count("."), path)):
            yield path, f"{root.name}/{folder}/{path.name}" if index else f"{folder}/{path.name}"


def _collect(
    places: Iterable[Path], folder: str, read: Callable[[Part], _T], key: Callable[[_T], str]
) -> dict[str, _T]:
    found: dict[str, _T] = {}
    for path, name in _files(places, folder):
        for part in read_document(path, name).items():
            _add(found, read(part), key, part)
    return found


def _regimens(
    places: tuple[Path, ...], programmes: dict[str, m.Programme], sources: dict[str, m.Source]
) -> dict[str, m.Regimen]:
    """Every regimen, with the programmes that entries of `regimen` and `programmes` alone add to it."""
    declared: dict[str, m.Regimen] = {}
    added: list[Part] = []
    for path, name in _files(places, "regimens"):
        for part in read_document(path, name).items():
            if adds_programmes(part, "regimen"):
                added.append(part)
            else:
                _add(declared, read_regimen(part, programmes, sources), lambda regimen: regimen.id, part)
    for part in added:
        wider = with_more_programmes(part, declared, programmes)
        declared[wider.id] = wider
    return declared


def _entries(places: Iterable[Path], folder: str, topics: dict[str, m.Topic]) -> Iterator[tuple[Part, str]]:
    """Every entry of a folder with the topic of its file."""
    for path, name in _files(places, folder):
        topic = _topic_of(path, name, topics)
        for part in read_document(path, name).items():
            yield part, topic


def _collect_by_topic(
    places: Iterable[Path], folder: str, topics: dict[str, m.Topic], read: Callable[[Part, str], _Item]
) -> tuple[dict[str, _Item], list[tuple[Part, str]]]:
    """What the files of a folder declare, and the entries that add programmes to it, with their topics."""
    found: dict[str, _Item] = {}
    added: list[tuple[Part, str]] = []
    for part, topic in _entries(places, folder, topics):
        if adds_programmes(part, folder.removesuffix("s")):
            added.append((part, topic))
        else:
            _add(found, read(part, topic), lambda item: item.id, part)
    return found, added


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


def read_source(part: Part) -> m.Source:
    """A source as its entry tells it. Raises ProtocolError with file and line."""
    fields = part.fields(needed=("source", "title", "publisher", "at", "dated", "read"), optional=("of",))
    return m.Source(
        fields["source"].text(),
        fields["title"].text(),
        fields["publisher"].text(),
        fields["at"].text(),
        fields["dated"].text(),
        fields["read"].text(),
        part.where,
        tuple(item.text() for item in fields["of"].items()) if "of" in fields else (),
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
    for earlier, later in pairwise(versions):
        if later.from_day <= earlier.from_day:
            raise fields["versions"].error(
                f"{later.id!r} does not begin after {earlier.id!r}", mend="order them by date"
            )
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
    for source in sources.values():
        for name in source.of:
            if name not in programmes:
                raise ProtocolError(
                    f"{name!r} is no programme",
                    where=source.where,
                    allowed=", ".join(programmes),
                    mend="name the programmes whose own text this is, or leave out `of`",
                )
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
                raise ProtocolError(
                    "a version without a source cannot be checked", where=version.where, mend="name one"
                )
            for cited in version.sources:
                if cited not in sources:
                    raise ProtocolError(f"{cited!r} is no source", where=version.where, mend="add it under sources/")
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
            if any(key.text() == "values" for key, _ in part.pairs()):
                found.update({value.name: value for value in read_alike(part, topic, programmes, sources, found)})
                continue
            value = read_value(part, topic, programmes, sources, found)
            if value.name == AS_OF:
                raise part.error(f"{AS_OF!r} is the name of the day decided for", mend="choose another name")
            found[value.name] = value
    return found


def _names(facts: dict[str, m.Fact], values: dict[str, m.Value]) -> dict[str, Type]:
    return {
        AS_OF: Type("day", unknown=False),
        **{name: value_type(value) for name, value in values.items()},
        **{name: fact.type for name, fact in facts.items()},
    }
