"""The hand-labelled lists of real products against the checker: every verdict, every label, every slip.

The labels were made before the checker's code was run or seen (products/README.md). What is asked about counts for no
label, as there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from isocourse.skincare.judge import Checked, Judged, check
from isocourse.skincare.spelling import key

FOLDER = Path(__file__).parent / "products"
PRODUCTS = [each for path in sorted(FOLDER.glob("*.yaml")) for each in yaml.safe_load(path.read_text(encoding="utf-8"))]
KIND = {"makeup": "make_up"}
# Where the checker is stricter than the label, and why: an alphabetical list says nothing by its order.
STRICTER = {("Blistex Medicated Lip Ointment (with slips)", "SD Alcohol 36")}
# Slips that are too far from any name to be asked about, or whose name no table holds: unknown, so never a "use".
NOT_ASKED = {"Pheno1", "polyglycerol Lyl-3methylglucose distearate"}


def checked(product: dict[str, Any]) -> Checked:
    return check(product["list"], kind=KIND.get(product["kind"], product["kind"]))


def sure(found: Checked) -> list[Judged]:
    return [one for one in found.judged if not one.readings]


def same(one: str, other: str) -> bool:
    """The same name; what stands in brackets may be on one side only, or be the name itself."""
    return bool(readings(one) & readings(other))


def readings(name: str) -> set[str]:
    bare = re.sub(r"\d+(?:\.\d+)?\s*(?:%|mg/g|mg).*$|[¹²³]", "", name)
    parts = [bare, *re.split(r"[()\[\]/]", bare), re.sub(r"[(\[].*?[)\]]", " ", bare)]
    return {
        key(re.sub(r"^(?:certified organic|organic|distilled)\b", "", part.strip(), flags=re.I)) for part in parts
    } - {""}


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product["product"])
def test_the_verdict_is_the_label(product: dict[str, Any]) -> None:
    worst = {one.verdict for one in sure(checked(product))}
    verdict = "avoid" if "avoid" in worst else "take_care" if "take_care" in worst else "nothing_found"
    assert verdict == product["verdict"]


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product["product"])
def test_every_label_is_met_and_nothing_else_is_marked(product: dict[str, Any]) -> None:
    found = sure(checked(product))
    for verdict in ("avoid", "take_care"):
        mine = [one.item.raw for one in found if one.verdict == verdict]
        theirs = [name for name in product[verdict] if (product["product"], name) not in STRICTER]
        assert [name for name in theirs if not any(same(name, raw) for raw in mine)] == []
        assert [
            raw
            for raw in mine
            if (product["product"], raw) not in STRICTER and not any(same(name, raw) for name in product[verdict])
        ] == []


@pytest.mark.parametrize("product", [each for each in PRODUCTS if each["ask"]], ids=lambda product: product["product"])
def test_a_misprint_is_asked_about(product: dict[str, Any]) -> None:
    found = checked(product)
    for name in product["ask"]:
        questions = found.unknown if name in NOT_ASKED else found.asked
        assert any(same(name, one.item.raw) for one in questions), name


def test_nearly_every_ingredient_of_real_products_is_known() -> None:
    every = [one for product in PRODUCTS for one in sure(checked(product))]
    known = [one for one in every if one.group is not None]
    assert len(every) > 5000 and len(known) / len(every) > 0.97
    counts = [abs(len(checked(product).judged) - product["count"]) for product in PRODUCTS]
    assert sum(off == 0 for off in counts) >= 210 and max(counts) <= 8
