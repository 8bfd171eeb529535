"""What changed between two photographs, in words: three states only, each beside its noise."""

from __future__ import annotations

from typing import NamedTuple

from isocourse.skin.findings import Compared, Comparison

STATES = {"persistent": "Still there", "faded": "Gone", "new": "New"}
VERDICTS = {
    "improved": "improved",
    "within noise": "within the noise",
    "worse": "worse",
    "not known": "not known yet",
}
# What the team reads first; areas and burdens stand under it.
FIRST = ("dark spots", "red marks")
UNITS = {"mm2": "mm²", "mm2 L*": "mm² L*"}


TREND_SAYS = {
    "improved": "Over all visits it went down, beyond chance.",
    "worse": "Over all visits it went up, beyond chance.",
    "within noise": "Over all visits there is no direction beyond chance.",
    "not known": "A direction over all visits is told from five visits on.",
}


class Row(NamedTuple):
    """A number at two visits: Dark spots 31 -> 22 (noise ± 4): improved. `first`: one that is read before the rest."""

    title: str
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


def _row(each: Compared) -> Row:
    noise = f"± {number(each.noise)}" if each.noise is not None else ""
    return Row(
        each.what[:1].upper() + each.what[1:],
        number(each.before),
        number(each.after),
        UNITS.get(each.unit, each.unit),
        noise,
        each.verdict,
        VERDICTS[each.verdict],
        each.what in FIRST,
    )


def number(value: float) -> str:
    """A figure with as many digits as it is worth."""
    if value == round(value) or abs(value) >= 10:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"
