"""Reading where reports go: `reports/*.yaml`, one place of one programme each.

Read as strictly as rules: every key known, every source listed, every error with its line. What a programme wants to
be told, and where, stands here and nowhere else: the episode of reports not yet sent is made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isocourse.engine import model as m
from isocourse.engine.documents import Part
from isocourse.engine.read_rules import read_sourced
from isocourse.record.reports import Occasion
from isocourse.record.terminology import ReportTo, codes

PLACE_NEEDS = ("report", "to", "programme", "title", "occasions", "strength", "confidence", "sources")
PLACE_MAY = ("phone", "address", "remark")


def read_place(part: Part, programmes: Mapping[str, m.Programme], sources: Mapping[str, m.Source]) -> m.ReportPlace:
    """One entry of reports/*.yaml."""
    fields = part.fields(needed=PLACE_NEEDS, optional=PLACE_MAY)
    sourced = read_sourced(part, fields, sources)
    occasions = [item.one_of(codes(Occasion)) for item in fields["occasions"].items()]
    if not occasions or len(set(occasions)) < len(occasions):
        raise fields["occasions"].error("occasions are missing or repeated", mend="name each occasion once")
    return m.ReportPlace(
        id=fields["report"].name(),
        to=fields["to"].one_of(codes(ReportTo)),
        programme=fields["programme"].one_of(programmes),
        title=fields["title"].text(),
        occasions=tuple(occasions),
        phone=fields.get("phone", Part.text, ""),
        address=fields.get("address", Part.text, ""),
        **sourced,
    )


def reports_to(library: m.Library, programme: str) -> dict[str, tuple[Any, ...]]:
    """By occasion: the codes of the places a programme wants told, for the episodes' policy."""
    places = library.report_places(programme)
    return {
        occasion: tuple(dict.fromkeys(place.to for place in places if occasion in place.occasions))
        for occasion in codes(Occasion)
    }
