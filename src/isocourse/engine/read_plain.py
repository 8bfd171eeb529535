"""Reading the plain pages: `knowledge/plain/*.yaml`, one page an entry, in words for everybody.

A page has sections, each with its sentences, perhaps a list of points, and the sources it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isocourse.engine import model as m
from isocourse.engine.documents import Part
from isocourse.engine.knowledge import Shelf, cited


@dataclass(frozen=True)
class Section:
    """What is said under one heading, where it comes from, and the claims of the evidence library behind it."""

    title: str
    says: tuple[str, ...]
    points: tuple[str, ...]
    claims: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class PlainPage:
    """A page in plain words."""

    id: str
    title: str
    says: str
    sections: tuple[Section, ...]
    where: str

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of its sources, each once."""
        return tuple(dict.fromkeys(source for section in self.sections for source in section.sources))


def read_pages(shelf: Shelf, claims: Mapping[str, object]) -> dict[str, PlainPage]:
    """Every page by id, in the order of the files. `claims` are those of the evidence library, by id.

    Raises ProtocolError with file and line at the first thing that is wrong.
    """
    found: dict[str, PlainPage] = {}
    for part in shelf.entries("plain"):
        page = read_page(part, shelf.sources, claims)
        if page.id in found:
            raise part.error(f"the page {page.id!r} stands twice", mend=f"merge it with {found[page.id].where}")
        found[page.id] = page
    return found


def read_page(part: Part, sources: Mapping[str, m.Source], claims: Mapping[str, object]) -> PlainPage:
    """One entry. Raises ProtocolError."""
    fields = part.fields(needed=("page", "title", "says", "sections"))
    sections = tuple(_section(item, sources, claims) for item in fields["sections"].items())
    if not sections:
        raise fields["sections"].error("a page without sections says nothing", mend="write at least one")
    return PlainPage(fields["page"].name(), fields["title"].text(), fields["says"].text(), sections, part.where)


def _section(part: Part, sources: Mapping[str, m.Source], claims: Mapping[str, object]) -> Section:
    fields = part.fields(needed=("title", "says", "sources"), optional=("points", "claims"))
    says = fields["says"].texts()
    if not says:
        raise fields["says"].error("a heading with nothing under it", mend="write a sentence")
    return Section(
        title=fields["title"].text(),
        says=says,
        points=fields.get("points", Part.texts, ()),
        claims=tuple(item.one_of(claims) for item in fields["claims"].items()) if "claims" in fields else (),
        sources=cited(fields["sources"], sources),
    )
