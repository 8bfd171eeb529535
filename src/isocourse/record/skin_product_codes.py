"""The codes of a product for the skin: what kind of product it is, and whether the person uses it."""

from __future__ import annotations

from typing import Literal

ProductKind = Literal[
    "cleanser", "moisturiser", "sunscreen", "toner", "exfoliant", "scrub", "mask", "lip", "make_up", "serum", "oil",
    "treatment", "shampoo", "body", "other",
]  # fmt: skip
ProductUse = Literal["in_use", "stopped"]
