"""Two products side by side, and a shelf against what is known of a person."""

from __future__ import annotations

import itertools

import pytest

from isocourse.skincare.compare import compare
from isocourse.skincare.judge import check
from isocourse.skincare.person_notes import shipped_notes
from isocourse.skincare.shelf import Product, check_shelf

PLAIN = "Aqua, Glycerin, Petrolatum"


@pytest.mark.parametrize(
    ("first", "second", "better", "by"),
    [
        ("Aqua, Retinol", "Aqua, Parfum", "second", "verdict"),
        ("Aqua, Retinol", "Aqua, Retinol, Glycolic Acid", "first", "avoid"),
        ("Aqua, Parfum, Linalool", "Aqua, Parfum", "second", "take_care"),
        ("Aqua, Xyzzy", "Aqua, Xyzzy, Plugh", "first", "unknown"),
        ("Aqua, Xyzzy", "Aqua", "second", "verdict"),
        ("Aqua", "Glycerin", "same", "nothing"),
        ("", "Aqua, Retinol", "second", "verdict"),
    ],
)
def test_which_asks_less_of_the_skin(first: str, second: str, better: str, by: str) -> None:
    found = compare(check(first), check(second))
    assert (found.better, found.by) == (better, by)
    turned = compare(check(second), check(first))
    assert turned.better == {"first": "second", "second": "first", "same": "same"}[better]


def test_what_only_one_has() -> None:
    found = compare(check("Aqua, Retinol, Parfum, Retinol"), check("Aqua, Parfum, Xyzzy"))
    names = [[one.name for one in side] for side in (found.only_first, found.only_second, found.shared)]
    assert names == [["Retinol"], ["Xyzzy"], ["Parfum"]]


def notes_of(product: Product, **facts: str) -> dict[str, tuple[str, ...]]:
    (one,) = check_shelf([product], facts).products
    return {note.id: names for note, names in one.notes}


def test_a_possible_pregnancy_counts_until_it_is_ruled_out() -> None:
    serum = Product("Serum", "serum", "Aqua, Retinol")
    for known in ({"pregnancy_possible": "yes"}, {"pregnancy_possible": "unknown"}, {}):
        assert notes_of(serum, **known) == {"retinoid_pregnancy": ("Retinol",)}
    assert notes_of(serum, pregnancy_possible="no") == {}


def test_dark_marks_want_iron_oxides() -> None:
    clear = Product("Sun", "sunscreen", "Aqua, Zinc Oxide 20%")
    tinted = Product("Sun", "sunscreen", "Aqua, Zinc Oxide 20%, Iron Oxides")
    assert notes_of(clear, dark_spots="yes") == {"no_iron_oxides": ()} and notes_of(tinted, dark_spots="yes") == {}
    assert notes_of(clear, dark_spots="unknown") == {}


def test_an_allergy_on_record_makes_a_mild_product_one_to_avoid() -> None:
    balm = Product("Balm", "lip", "Petrolatum, Lanolin")
    for allergy, verdict in (("yes", "avoid"), ("no", "use"), ("unknown", "use")):
        (one,) = check_shelf([balm], {"lanolin_allergy": allergy}).products
        assert one.verdict == verdict and one.checked.verdict == "use"


def test_what_is_missing_and_what_adds_up() -> None:
    acids = [Product(name, "toner", "Aqua, Glycolic Acid") for name in ("One", "Two")]
    shelf = check_shelf([*acids, Product("Wash", "cleanser", PLAIN), Product("Sun", "sunscreen", "Retinol")], {})
    assert shelf.missing == ("moisturiser", "sunscreen", "lip")
    assert shelf.adding_up == (("Exfoliating acid (AHA)", ("One", "Two")),)
    assert check_shelf([], {}).missing == ("cleanser", "moisturiser", "sunscreen", "lip")


def test_no_note_makes_anything_milder() -> None:
    facts = [(name, value) for note in shipped_notes() for name, values in note.when.items() for value in values]
    texts = ("Aqua, Retinol, Parfum, Lanolin, Menthol", PLAIN, "Aqua, Xyzzy")
    rank = ["use", "unknown", "take_care", "avoid"]
    for (name, value), text in itertools.product(facts, texts):
        (one,) = check_shelf([Product("P", "lip", text)], {name: value}).products
        assert rank.index(one.verdict) >= rank.index(one.checked.verdict)
