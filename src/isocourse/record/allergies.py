"""Allergies as rules see them: whether the capsules in use hold what the person does not tolerate, and who judged it.

The capsules in use are those named last in the course, on a prescription or at a supply. A product that is not known
by name, or whose list of contents was not read in full, is never shown to be free of anything. The bare substance
("isotretinoin 20 mg") is no product.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from isocourse.record import terminology as t
from isocourse.record.conditions import Given, verdicts_on
from isocourse.record.medicine_codes import says_more_than_the_substance
from isocourse.record.plain_names import plain_words
from isocourse.record.policy import Contents, Policy
from isocourse.record.tables import Rows

Held = Literal["held", "not_excluded", "not_held"]
_NONE: list[Any] = []
# Capsules hold soya-bean oil, and an allergy to peanut counts with one to soya.
_ALIKE = {"soya": ("soya", "peanut"), "peanut": ("soya", "peanut")}
# Clear words for our codes, in the languages of the programmes (English, German, French, Italian; on packets Latin).
# They only ever find one: what holds none of them stays `other`.
ALLERGEN_WORDS: tuple[tuple[t.Allergen, re.Pattern[str]], ...] = (
    ("soya", re.compile(r"\bsoy(?:a|as|s|beans?)?\b|\bso[ij]a", re.IGNORECASE)),
    ("peanut", re.compile(r"\bpeanuts?\b|\bgroundnuts?\b|\barachi[sd]|\berdn[uü]ss|\bcacahu[eèé]t", re.IGNORECASE)),
    ("paraben", re.compile(r"parabens?\b", re.IGNORECASE)),
    ("tartrazine", re.compile(r"\btartrazine\b", re.IGNORECASE)),
    ("isotretinoin", re.compile(r"\bisotretinoin\b", re.IGNORECASE)),
    ("vitamin_a", re.compile(r"\bvitamin a\b", re.IGNORECASE)),
)
_THE_DRUG = ("isotretinoin", "vitamin_a")


class KnownAllergy(Struct, frozen=True, gc=False):
    """An allergen of an allergy that is not refuted; one whose text names two allergens has two rows.

    `in_capsules` says whether the capsules in use hold the allergen. `verdict` is "none" before somebody who may judge
    did; `contents_read` when that was "acceptable", with the contents of the very product in use at hand.
    """

    day: int
    allergen: t.Allergen
    allergy_name: str
    in_capsules: Held
    verdict: Given
    contents_read: bool
    events: tuple[str, ...]


def known_allergies(rows: Rows, epoch_day: int, policy: Policy) -> list[KnownAllergy]:
    """Every allergy that stands, in order of day. Nothing here changes with time alone."""
    recorded = rows.get("allergy", _NONE)
    if not recorded:
        return _NONE
    standing = [event for event in recorded if not event.refuted]
    if not standing:
        return _NONE
    product, strengths = product_in_use(rows, epoch_day)
    contents = policy.product_contents.get(product)
    # The bare substance is no packet: contents differ from maker to maker.
    packet = contents is not None or says_more_than_the_substance(product)
    verdicts = verdicts_on(
        [(check, check.allergies) for check in rows.get("allergy_checked", _NONE)], epoch_day, policy
    )
    found: list[KnownAllergy] = []
    for event in standing:
        check = verdicts.get(event.id)
        verdict: Given = "none" if check is None else check.verdict
        read = check is not None and verdict == "acceptable" and packet and product_key(check.product) == product
        named = (event.id,) if check is None else (event.id, check.id)
        day = event.happened_on.first
        for allergen in allergens_of(event):
            held = held_in(allergen, contents, strengths)
            found.append(KnownAllergy(day, allergen, event.text, held, verdict, read, named))
    found.sort(key=lambda row: row.day)
    return found


def allergens_of(event: Any) -> tuple[t.Allergen, ...]:
    """What an allergy is to: its code, and where that is `other` what its text names."""
    if event.allergen != "other":
        return (event.allergen,)
    return tuple(allergen for allergen, words in ALLERGEN_WORDS if words.search(event.text)) or ("other",)


def held_in(allergen: str, contents: Contents | None, strengths: frozenset[Decimal]) -> Held:
    """Whether capsules of these strengths (none given: any) hold an allergen; `contents` None is an unknown product."""
    if allergen in _THE_DRUG:
        return "held"
    if contents is None:
        return "not_excluded"
    for name, only in contents.allergens:
        if name in _ALIKE.get(allergen, (allergen,)) and (not strengths or not only.isdisjoint(strengths)):
            return "held"
    return "not_held" if contents.in_full and allergen != "other" else "not_excluded"


def product_in_use(rows: Rows, epoch_day: int) -> tuple[str, frozenset[Decimal]]:
    """The key of the product named last in this course ("" when none is), and the strengths named with it."""
    named = [
        event
        for kind in ("prescription", "dispensing")
        for event in rows.get(kind, _NONE)
        if event.product is not None and event.happened_on.last > epoch_day
    ]
    if not named:
        return "", frozenset()
    latest = max(named, key=lambda event: (event.happened_on.last, event.recorded_at))
    return product_key(latest.product), frozenset(strength.mg for strength in latest.strengths)


def product_key(name: str) -> str:
    """A product's name as it is looked up: its plain words."""
    return " ".join(plain_words(name))
