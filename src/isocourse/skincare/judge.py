"""What a list of ingredients means during a course: each ingredient, and the product.

A product is avoided for one ingredient that is; with ingredients that nobody knows it is never simply fine. A name that
was not read with certainty is judged by the more cautious of its readings until somebody has answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from isocourse.errors import InputError
from isocourse.skincare.items import Item, read_list
from isocourse.skincare.sunscreen import Protection, protection
from isocourse.skincare.table import KINDS, UNSAID, Case, Comedogenic, Group, Ingredient, Table, Verdict, shipped

MARKETS = ("us", "eu", "uk")
RANK: dict[Verdict, int] = {"use": 0, "unknown": 1, "take_care": 2, "avoid": 3}

Note = Literal["needs_percent", "order_says_nothing", "may_contain", "outside_the_list", "kind_not_said"]


@dataclass(frozen=True)
class Judged:
    """One ingredient with its verdict. `group` None: unknown. `readings`: what a question offers."""

    item: Item
    name: str
    verdict: Verdict
    group: Group | None = None
    note: str = ""
    said: tuple[Note, ...] = ()
    readings: tuple[str, ...] = ()
    allergen: str = ""
    comedogenic: Comedogenic | None = None


@dataclass(frozen=True)
class Checked:
    """A product: its verdict, what it rests on, what is not known, and of a sunscreen what it protects from.

    `verdict` is "unknown" when there is nothing to avoid or to take care with among what was read, and something was
    not; "use" only when every ingredient is known.
    """

    verdict: Verdict
    judged: tuple[Judged, ...]
    aside: tuple[str, ...]
    kind: str
    market: str
    protection: Protection | None

    def of(self, verdict: Verdict) -> tuple[Judged, ...]:
        return tuple(judged for judged in self.judged if judged.verdict == verdict)

    @property
    def unknown(self) -> tuple[Judged, ...]:
        """Whatever no table knows, questions included."""
        return tuple(judged for judged in self.judged if judged.group is None)

    @property
    def asked(self) -> tuple[Judged, ...]:
        return tuple(judged for judged in self.judged if judged.readings)


def check(
    text: str, *, kind: str = "", market: str = "", answers: dict[str, str] | None = None, table: Table | None = None
) -> Checked:
    """What a pasted list means during a course. `answers`: raw text to the name it stands for, "" for none of them.

    Raises InputError where kind or market is none of ours, or the text far longer than one list.
    """
    _refuse_other(kind, KINDS, "kind")
    _refuse_other(market, MARKETS, "market")
    known = table or shipped()
    read = read_list(text, known.names)
    judging = _Judging(known, kind, read.items, _places(read.items), read.by_alphabet, answers or {})
    judged = tuple(one for one in (judging.judge(item) for item in read.items) if one is not None)
    return Checked(
        verdict=_product(judged),
        judged=judged,
        aside=read.aside,
        kind=kind,
        market=market,
        protection=protection(read.items, known, market) if read.items else None,
    )


def _refuse_other(value: str, allowed: tuple[str, ...], what: str) -> None:
    if value and value not in allowed:
        raise InputError(
            f"{value[:40]!r} is no {what} of product" if what == "kind" else f"{value[:40]!r} is no {what}",
            allowed=", ".join(allowed),
        )


def _product(judged: tuple[Judged, ...]) -> Verdict:
    if not judged:
        return "unknown"
    return max((one.verdict for one in judged), key=RANK.__getitem__)


def _places(items: tuple[Item, ...]) -> dict[int, int]:
    """From a position to the place among what is listed by amount: active ingredients of a drug stand before it."""
    places: dict[int, int] = {}
    for item in items:
        if item.section in ("list", "inactive") and item.position not in places:
            places[item.position] = len(places) + 1
    return places


@dataclass(frozen=True)
class _Judging:
    table: Table
    kind: str
    items: tuple[Item, ...]
    places: dict[int, int]
    by_alphabet: bool
    answers: dict[str, str]

    def judge(self, item: Item) -> Judged | None:
        asked = (*item.asked, *self._harmful(item))
        name = item.name
        if asked and item.raw in self.answers:
            name, asked = self.answers[item.raw] or None, ()
        if name is not None and name in self.table.ingredients:
            return self._known(item, self.table.ingredients[name])
        if not asked:
            return None if item.section == "aside" else Judged(item, item.raw, "unknown")
        return self._asked(item, asked)

    def _harmful(self, item: Item) -> tuple[str, ...]:
        """Of the names that stand within an unknown one those that would matter: only they are worth a question."""
        known = (self.table.ingredients[name] for name in item.holds if name not in item.asked)
        return tuple(one.name for one in known if RANK[self._known(item, one).verdict] > RANK["unknown"])

    def _asked(self, item: Item, asked: tuple[str, ...]) -> Judged | None:
        """The more cautious reading; that it is something unknown is one of them."""
        readings = sorted(
            (self._known(item, self.table.ingredients[name]) for name in asked),
            key=lambda one: RANK[one.verdict],
            reverse=True,
        )
        worst, asked = readings[0], tuple(one.name for one in readings)
        harmful = RANK[worst.verdict] > RANK["unknown"]
        if item.section == "aside":
            if not harmful:
                return None
            return Judged(item, item.raw, "unknown", readings=asked, said=("outside_the_list",))
        verdict = worst.verdict if harmful else "unknown"
        return Judged(item, item.raw, verdict, note=worst.note if harmful else "", readings=asked)

    def _known(self, item: Item, ingredient: Ingredient) -> Judged:
        verdict, said = self._verdict(item, ingredient)
        return Judged(
            item=item,
            name=item.raw if "{n}" in ingredient.name else ingredient.name,
            verdict=verdict,
            group=ingredient.group,
            note=ingredient.note if not ingredient.cases or verdict != ingredient.group.verdict else "",
            said=said + (("may_contain",) if item.section == "may_contain" else ()),
            allergen=self.table.allergens.get(ingredient.name, ""),
            comedogenic=self.table.comedogenic.get(ingredient.name),
        )

    def _verdict(self, item: Item, ingredient: Ingredient) -> tuple[Verdict, tuple[Note, ...]]:
        if not ingredient.cases:
            return ingredient.group.verdict, ()
        said: list[Note] = []
        for case in ingredient.cases:
            if self._holds(item, case, said):
                return case.verdict, tuple(dict.fromkeys(said))
        if item.percent is None and all(case.percent is not None for case in ingredient.cases):
            said.append("needs_percent")
        return ingredient.otherwise, tuple(dict.fromkeys(said))

    def _holds(self, item: Item, case: Case, said: list[Note]) -> bool:
        if case.percent is not None and (item.percent is None or item.percent < case.percent):
            return False
        if case.kinds and (self.kind or UNSAID) not in case.kinds:
            return False
        if case.first and not self._among_first(item, case.first):
            return False
        if case.company and not self._in_company(case):
            return False
        said += ["order_says_nothing"] if case.first and self._order_silent(item) else []
        said += ["kind_not_said"] if case.kinds and not self.kind else []
        return True

    def _order_silent(self, item: Item) -> bool:
        return self.by_alphabet and item.section in ("list", "inactive")

    def _among_first(self, item: Item, first: int) -> bool:
        """An active ingredient, or one of a list whose order says nothing, is taken for one of the first."""
        if item.section == "active" or self._order_silent(item):
            return True
        place = self.places.get(item.position)
        return place is not None and place <= first

    def _in_company(self, case: Case) -> bool:
        others = (
            self.table.ingredients.get(other.name or "")
            for other in self.items
            if self._among_first(other, case.first or 99)
        )
        return any(other is not None and other.group.id in case.company for other in others)
