"""A whole shelf: every product of a person checked, with what the person's own findings add, and what is missing.

Facts are those of the routine: symptoms by grade, whether a pregnancy is possible, dark marks, allergies. What is not
known counts as not known, and a note says for which values it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isocourse.skincare.judge import RANK, Checked, Judged, check
from isocourse.skincare.person_notes import PersonNote, shipped_notes
from isocourse.skincare.table import Table, Verdict, shipped

# What a course needs on every shelf: the steps of the routine that a product is bought for.
NEEDED = ("cleanser", "moisturiser", "sunscreen", "lip")
# Two products of one of these on a shelf are one too many: each irritates, and they add up.
ADDING_UP = frozenset(
    {"aha", "bha", "pha", "keratolytic", "retinoid", "prescribed_retinoid", "benzoyl_peroxide", "scrub", "enzyme"}
)


@dataclass(frozen=True)
class Product:
    """A product as it stands on the shelf: its name, its kind ("" unknown) and its list as pasted."""

    name: str
    kind: str
    text: str


@dataclass(frozen=True)
class OnShelf:
    """A product checked. `verdict` is at least that of its ingredients; notes of the person may raise it."""

    product: Product
    checked: Checked
    verdict: Verdict
    notes: tuple[tuple[PersonNote, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Shelf:
    """The shelf: products, kinds that are missing or have nothing that may be used, and classes that add up."""

    products: tuple[OnShelf, ...]
    missing: tuple[str, ...]
    adding_up: tuple[tuple[str, tuple[str, ...]], ...]


def check_shelf(
    products: Sequence[Product], facts: Mapping[str, str], *, market: str = "", table: Table | None = None
) -> Shelf:
    """Every product against the tables and the person. Raises InputError as `check` does."""
    known = table or shipped()
    notes = shipped_notes()
    found = tuple(_on_shelf(product, facts, notes, market, known) for product in products)
    usable = {one.product.kind for one in found if one.verdict != "avoid"}
    return Shelf(found, tuple(kind for kind in NEEDED if kind not in usable), _adding_up(found, known))


def _on_shelf(
    product: Product, facts: Mapping[str, str], notes: tuple[PersonNote, ...], market: str, table: Table
) -> OnShelf:
    checked = check(product.text, kind=product.kind, market=market, table=table)
    said = tuple((note, names) for note in notes if (names := _told(note, product, checked, facts)) is not None)
    verdict = max((checked.verdict, *(note.raises for note, _ in said if note.raises)), key=RANK.__getitem__)
    return OnShelf(product, checked, verdict, said)


def _told(note: PersonNote, product: Product, checked: Checked, facts: Mapping[str, str]) -> tuple[str, ...] | None:
    """The ingredients a note is about, none of them when it is about what is missing; None where it does not apply."""
    if any(facts.get(name, "unknown") not in values for name, values in note.when.items()):
        return None
    if note.kinds and product.kind not in note.kinds:
        return None
    if note.lacks:
        return None if any(one.name in note.lacks for one in checked.judged) or not checked.judged else ()
    names = tuple(dict.fromkeys(one.name for one in checked.judged if _is_about(note, one)))
    return names or None


def _is_about(note: PersonNote, one: Judged) -> bool:
    """A question counts as each of its readings."""
    in_group = one.group is not None and one.group.id in note.groups
    return in_group or one.name in note.names or any(name in note.names for name in one.readings)


def _adding_up(found: tuple[OnShelf, ...], table: Table) -> tuple[tuple[str, tuple[str, ...]], ...]:
    holding: dict[str, list[str]] = {}
    for one in found:
        for group in {judged.group.id for judged in one.checked.judged if judged.group and judged.verdict != "use"}:
            if group in ADDING_UP:
                holding.setdefault(group, []).append(one.product.name)
    return tuple((table.texts[group].title, tuple(names)) for group, names in sorted(holding.items()) if len(names) > 1)
