"""What a sunscreen protects from, as far as its filters tell: their share of the spectrum, and limits of the market.

Breadth is said of the filters that are named, not of the product: how much of each there is decides, and only a
measurement of the whole product (SPF, UVA) tells. What is not known is said as not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from isocourse.skincare.items import Item
from isocourse.skincare.table import Filter, Table

Limit = Literal["within", "above", "not_permitted", "no_percentage", "not_known"]
SPECTRUM = ("UVB", "UVA short", "UVA long")
IRON_OXIDES = frozenset({"Iron Oxides", "CI 77491", "CI 77492", "CI 77499"})


@dataclass(frozen=True)
class Held:
    """A filter of a product: its percentage, the limit and how they stand, for every market asked for."""

    filter: Filter
    percent: Decimal | None
    limits: tuple[tuple[str, Decimal | None, Limit, str], ...]


@dataclass(frozen=True)
class Protection:
    """Filters held, the parts of the spectrum that at least one covers, and whether iron oxides are there."""

    filters: tuple[Held, ...]
    covered: tuple[str, ...]
    not_covered: tuple[str, ...]
    kind: Literal["mineral", "organic", "both"]
    iron_oxides: bool


def protection(items: tuple[Item, ...], table: Table, market: str) -> Protection | None:
    """None when no UV filter is named. Without a market the limits of each that is known are told."""
    held = tuple(
        _held(one, item.percent, market) for item in items if (one := table.filters.get(item.name or "")) is not None
    )
    if not held:
        return None
    covered = {part for one in held for part in one.filter.covers}
    kinds = {one.filter.kind for one in held}
    return Protection(
        filters=held,
        covered=tuple(part for part in SPECTRUM if part in covered),
        not_covered=tuple(part for part in SPECTRUM if part not in covered),
        kind="both" if len(kinds) > 1 else kinds.pop(),
        iron_oxides=any(item.name in IRON_OXIDES for item in items),
    )


def _held(one: Filter, percent: Decimal | None, market: str) -> Held:
    markets = (market,) if market else ("us", "eu")
    return Held(one, percent, tuple(_limit(one, percent, name) for name in markets))


def _limit(one: Filter, percent: Decimal | None, market: str) -> tuple[str, Decimal | None, Limit, str]:
    """The annex of the United Kingdom was not read, so nothing is said of it."""
    if market == "uk":
        return market, None, "not_known", ""
    most, says = (one.us, one.us_says) if market == "us" else (one.eu, one.eu_says)
    if most is None:
        return market, None, "not_permitted", says
    if percent is None:
        return market, most, "no_percentage", says
    return market, most, "within" if percent <= most else "above", says
