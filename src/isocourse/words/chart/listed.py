"""What the picture shows, as rows of a table: the same content for whoever does not see it, and for print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from isocourse.words.chart.picture import Panel, Picture, Strip
from isocourse.words.sentence import Sentence, Word, said


class Listed(NamedTuple):
    """One thing in the picture. Days are ordinals; `last` is None for what happened on one day or has no end."""

    lane: Word | str
    first: int
    last: int | None
    goes_on: bool
    says: Sentence
    planned: bool


def listed(picture: Picture) -> list[Listed]:
    """Everything in the picture, lane by lane, oldest first; symptoms that the drawing has no room for as well."""
    found: list[Listed] = []
    for strip in (*picture.visits, picture.plans):
        found += _strip(strip)
    found += [Listed(Word("Dose"), s.first, s.last, False, s.says, s.planned) for s in picture.steps]
    for climb in picture.climbs:
        found.append(Listed(Word("Total"), climb.points[-1][0] - 1, None, False, climb.says, False))
        if climb.planned:
            day, value = climb.planned[-1]
            says = said("{0} mg/kg as projected", round(float(value), 1))
            found.append(Listed(Word("Total"), day - 1, None, False, says, True))
    for strip in (*picture.pregnancy, *picture.symptoms):
        found += _strip(strip)
    for panel in (*picture.labs, *picture.body, *picture.moods):
        found += _panel(panel)
    return found


def _strip(strip: Strip) -> Iterator[Listed]:
    rows = [Listed(strip.title, t.day, None, False, t.says, False) for t in strip.ticks]
    rows += [
        Listed(strip.title, s.first, None if s.goes_on else s.last, s.goes_on, s.says, s.planned) for s in strip.spans
    ]
    yield from sorted(rows, key=lambda row: row.first)


def _panel(panel: Panel) -> Iterator[Listed]:
    for value in sorted(panel.values, key=lambda each: each.day):
        yield Listed(panel.title, value.day, None, False, value.says, False)
