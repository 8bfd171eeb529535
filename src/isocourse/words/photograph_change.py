"""What changed between two photographs, in words: three states only, each beside its noise."""

from __future__ import annotations

import re
from typing import NamedTuple

from isocourse.skin.findings import Compared, Comparison
from isocourse.words.sentence import Sentence, Word, said

STATES = {"persistent": "Still there", "faded": "Gone", "new": "New"}
VERDICTS = {
    "improved": "improved",
    "within noise": "within the noise",
    "worse": "worse",
    "not known": "not known yet",
}
# What the team reads first; areas and burdens stand under it.
FIRST = ("dark spots", "red marks")
# What is on the skin's surface, hollows from photographs of their own.
SURFACE = ("roughness", "depth of hollows")
TITLES = {
    "dark spots": "Dark spots",
    "red marks": "Red marks",
    "area of dark spots": "Area of dark spots",
    "area of red marks": "Area of red marks",
    "burden of dark spots": "Burden of dark spots",
    "burden of red marks": "Burden of red marks",
    "redness of the skin between marks": "Redness of the skin between marks",
    "depth of hollows": "Depth of hollows, relative",
}
_ROUGHNESS = re.compile(r"roughness of ([\d.]+) to ([\d.]+) mm")
UNITS = {"mm2": "mm²", "mm2 L*": "mm² L*"}


TREND_SAYS = {
    "improved": "Over all visits it went down, beyond chance.",
    "worse": "Over all visits it went up, beyond chance.",
    "within noise": "Over all visits there is no direction beyond chance.",
    "not known": "A direction over all visits is told from five visits on.",
}


class Row(NamedTuple):
    """A number at two visits: Dark spots 31 -> 22 (noise ± 4): improved. `first`: one that is read before the rest."""

    title: Sentence | Word
    before: str
    after: str
    unit: str
    noise: str
    verdict: str
    says: str
    first: bool


def rows(found: Comparison) -> list[Row]:
    """Every number that was compared, the counts first."""
    made = [_row(each) for each in found.numbers]
    return sorted(made, key=lambda row: not row.first)


def notes(found: Comparison) -> list[Sentence | Word]:
    """How sure it is, and what was not compared."""
    return [Word(each) if isinstance(each, str) else Sentence(each.pattern, each.parts) for each in found.notes]


def _row(each: Compared) -> Row:
    noise = f"± {number(each.noise)}" if each.noise is not None else ""
    return Row(
        titled(each.what),
        number(each.before),
        number(each.after),
        UNITS.get(each.unit, each.unit),
        noise,
        each.verdict,
        VERDICTS[each.verdict],
        each.what in FIRST,
    )


def titled(what: str) -> Sentence | Word:
    """A figure as it is called."""
    if found := _ROUGHNESS.fullmatch(what):
        return said("Roughness, {0} to {1} mm wide", *found.groups())
    return Word(TITLES.get(what, what))


def number(value: float) -> str:
    """A figure with as many digits as it is worth."""
    if value == round(value) or abs(value) >= 10:
        return f"{value:.0f}"
    if abs(value) >= 0.1:
        return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"
    return f"{value:.2g}"
