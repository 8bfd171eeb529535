"""Notes that belong to a person: `knowledge/skincare/person_notes.yaml`, read strictly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from isocourse.engine import model as m
from isocourse.engine.documents import Part
from isocourse.engine.knowledge import Shelf, cited, open_shelf
from isocourse.skincare.facts import FACTS
from isocourse.skincare.table import KINDS, VERDICTS, Table, Verdict, shipped


@dataclass(frozen=True)
class PersonNote:
    """A note, when all of `when` holds, on a product of one of `kinds` (any if none) that holds one of `groups` or
    `names`, or none of `lacks`. `raises`: it counts as at least that."""

    id: str
    when: Mapping[str, tuple[str, ...]]
    says: str
    kinds: tuple[str, ...]
    groups: tuple[str, ...]
    names: tuple[str, ...]
    lacks: tuple[str, ...]
    raises: Verdict | None
    confidence: str
    sources: tuple[str, ...]


@lru_cache(maxsize=1)
def shipped_notes() -> tuple[PersonNote, ...]:
    """The notes that are installed, read once."""
    return tuple(read_notes(open_shelf(), shipped()))


def read_notes(shelf: Shelf, table: Table) -> Iterable[PersonNote]:
    """Raises ProtocolError at the first note that is not understood."""
    for part in shelf.entries("skincare", "person_notes"):
        yield _note(part, shelf, table)


def _note(part: Part, shelf: Shelf, table: Table) -> PersonNote:
    fields = part.fields(
        needed=("note", "when", "says", "confidence", "sources"),
        optional=("kinds", "groups", "names", "lacks", "raises"),
    )
    if not {"groups", "names", "lacks"} & {name for name in ("groups", "names", "lacks") if name in fields}:
        raise part.error("it is about no ingredient", mend="name groups, names or what is lacking")
    return PersonNote(
        id=fields["note"].name(),
        when={name.one_of(FACTS): _values(name.text(), values) for name, values in fields["when"].pairs()},
        says=fields["says"].text(),
        kinds=tuple(item.one_of(KINDS) for item in fields["kinds"].items()) if "kinds" in fields else (),
        groups=tuple(item.one_of(table.texts) for item in fields["groups"].items()) if "groups" in fields else (),
        names=tuple(item.one_of(table.ingredients) for item in fields["names"].items()) if "names" in fields else (),
        lacks=tuple(item.one_of(table.ingredients) for item in fields["lacks"].items()) if "lacks" in fields else (),
        raises=fields["raises"].one_of(VERDICTS) if "raises" in fields else None,  # type: ignore[arg-type]
        confidence=fields["confidence"].one_of(m.CONFIDENCES),
        sources=cited(fields["sources"], shelf.sources),
    )


def _values(fact: str, part: Part) -> tuple[str, ...]:
    return tuple(item.one_of(FACTS[fact]) for item in part.items())
