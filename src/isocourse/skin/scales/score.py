"""From items to a total with its band. An item that is missing or unknown is never 0: then there is no total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from isocourse.errors import InputError
from isocourse.skin.scales.model import Item, Scale, Term

Number = Fraction | Decimal | int


@dataclass(frozen=True)
class Score:
    """A total, None while an item is `missing`. `band` is empty where the scale has none. `flags` are remarks on this
    total. `points` are what each item that was given counts, before weights."""

    scale: Scale
    total: Fraction | None
    band: str
    missing: tuple[str, ...]
    flags: tuple[str, ...]
    points: Mapping[str, Fraction]


def score(scale: Scale, given: Mapping[str, Number | None]) -> Score:
    """The score of the items given by name; None stands for unknown. Raises InputError naming item and range."""
    for name in given:
        if all(name != item.name for item in scale.items):
            raise InputError(
                f"{name[:40]!r} is no item of {scale.title}", allowed=", ".join(item.name for item in scale.items)
            )
    known = {
        item.name: _checked(scale, item, value) for item in scale.items if (value := given.get(item.name)) is not None
    }
    points = {name: points_of(scale.item(name), value) for name, value in known.items()}
    if scale.nothing and known.get(scale.nothing) == 0:
        return _of_nothing(scale, known)
    missing = tuple(item.name for item in scale.items if item.name not in known)
    if missing:
        return Score(scale, None, "", missing, (), points)
    total = _total(scale, points)
    flags = (*_above_recalled(scale, known), *flags_of(scale, total))
    return Score(scale, total, band_of(scale, total), (), flags, points)


def _of_nothing(scale: Scale, known: Mapping[str, Fraction]) -> Score:
    """Nothing is there, so there is nothing else to say about it."""
    others = [name for name in known if name != scale.nothing]
    if others:
        raise InputError(
            f"{scale.nothing} is 0, and {others[0]} is given all the same",
            where=scale.title,
            mend=f"leave out {', '.join(others)}, or correct {scale.nothing}",
        )
    return Score(scale, Fraction(0), band_of(scale, Fraction(0)), (), flags_of(scale, Fraction(0)), {})


def _checked(scale: Scale, item: Item, value: Number) -> Fraction:
    number = None
    if isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool):
        number = Fraction(value) if not isinstance(value, Decimal) or value.is_finite() else None
    if number is not None and _in_range(item, number):
        return number
    raise InputError(
        f"{item.name} is {str(value)[:20]}",
        where=scale.title,
        allowed=item.range_text(),
        mend=f"look again: {item.says}",
    )


def _in_range(item: Item, number: Fraction) -> bool:
    if item.whole and number.denominator != 1:
        return False
    return (item.low < number if item.above else item.low <= number) and number <= item.high


def points_of(item: Item, number: Fraction) -> Fraction:
    """What the number of an item counts; 0 below the first cut."""
    if not item.cuts:
        return number
    reached = [cut.points for cut in item.cuts if (number > cut.start if cut.above else number >= cut.start)]
    return Fraction(reached[-1] if reached else 0)


def _total(scale: Scale, points: Mapping[str, Fraction]) -> Fraction:
    parts = [_product(term, points) for term in scale.terms]
    return max(parts) if scale.combine == "highest" else sum(parts, Fraction(0))


def _product(term: Term, points: Mapping[str, Fraction]) -> Fraction:
    product = term.weight
    for name in term.items:
        product *= points[name]
    return product


def band_of(scale: Scale, total: Fraction) -> str:
    """The name of the band a total is in; empty where the scale has none, or none there."""
    for band in scale.bands:
        if band.low <= total and (band.high is None or total <= band.high):
            return band.says
    return ""


def flags_of(scale: Scale, total: Fraction) -> tuple[str, ...]:
    """Remarks on a total."""
    return tuple(says for number, says in scale.flags.items() if total == number)


def _above_recalled(scale: Scale, known: Mapping[str, Fraction]) -> tuple[str, ...]:
    return tuple(
        f"{item.name} is above {item.recalled_high}, the upper end as recalled; it was not confirmed."
        for item in scale.items
        if item.recalled_high is not None and known[item.name] > item.recalled_high
    )


def extremes(scale: Scale) -> tuple[Fraction, Fraction]:
    """The least and the greatest total there can be."""
    ends: list[Fraction] = []
    for pick_low in (True, False):
        points = {item.name: points_of(item, Fraction(item.low if pick_low else item.high)) for item in scale.items}
        ends.append(_total(scale, points))
    return (Fraction(0) if scale.nothing else ends[0]), ends[1]
