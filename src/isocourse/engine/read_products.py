"""Reading products, regimens, targets and advice: what is sold where, how it may be dosed, what a total buys.

`products/*.yaml` hold one product of one market each, with the strengths it really has; `regimens/*.yaml` the named
ways to dose; `targets/*.yaml` cumulative targets with what reaching them does and does not buy, cited;
`advice/*.yaml` sentences for patients. Read as strictly as rules: every key known, every source listed, every error
with its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from isocourse.engine import model as m
from isocourse.engine.documents import Part
from isocourse.engine.read_rules import read_sourced, read_sources
from isocourse.record.terminology import Allergen, Formulation, codes

PRODUCT_NEEDS = (
    "product", "name", "programme", "formulation", "strengths_mg", "food", "excipients", "excipients_read", "marketed",
    "confidence", "sources",
)  # fmt: skip
REGIMEN_NEEDS = (
    "regimen", "title", "programmes", "formulations", "start", "usual", "most", "intakes", "weeks", "when", "is_label",
    "strength", "confidence", "sources",
)  # fmt: skip
TARGET_NEEDS = ("target", "mg_per_kg", "formulations", "buys", "does_not_buy", "strength", "confidence", "sources")
FOOD = ("with_meal", "with_or_without")
ADVICE_NEEDS = ("advice", "about", "says", "strength", "confidence", "sources")
ABOUT = ("missed_dose", "overdose", "food_with_meal", "food_with_or_without", "swallowing")
READ = ("in_full", "in_part", "not_seen")


def read_product(part: Part, programmes: Mapping[str, m.Programme], sources: Mapping[str, m.Source]) -> m.Product:
    """One entry of products/*.yaml."""
    fields = part.fields(needed=PRODUCT_NEEDS, optional=("remark",))
    strengths = _strengths(fields["strengths_mg"])
    if not strengths:
        raise fields["strengths_mg"].error("a product has at least one strength", mend="list the strengths in mg")
    if list(strengths) != sorted(set(strengths)):
        raise fields["strengths_mg"].error("strengths are out of order or repeated", mend="write each once, rising")
    return m.Product(
        id=fields["product"].name(),
        name=fields["name"].text(),
        programme=fields["programme"].one_of(programmes),
        formulation=fields["formulation"].one_of(codes(Formulation)),
        strengths_mg=strengths,
        food=fields["food"].one_of(FOOD),
        excipients=tuple(_excipient(item, strengths) for item in fields["excipients"].items()),
        excipients_read=fields["excipients_read"].one_of(READ),
        marketed=fields["marketed"].one_of(("yes", "not_confirmed")),
        confidence=fields["confidence"].one_of(m.CONFIDENCES),
        sources=read_sources(fields, sources, "an entry"),
        remark=fields.get("remark", Part.text, ""),
        where=part.where,
    )


def read_regimen(part: Part, programmes: Mapping[str, m.Programme], sources: Mapping[str, m.Source]) -> m.Regimen:
    """One entry of regimens/*.yaml. Doses are micrograms per kg and day, or `{mg: n}` whatever the weight."""
    fields = part.fields(needed=REGIMEN_NEEDS, optional=("remark",))
    weeks = [item.number() for item in fields["weeks"].items()]
    if len(weeks) != 2 or weeks[0] > weeks[1]:
        raise fields["weeks"].error("weeks are [least, most]", mend="write two numbers, the smaller first")
    sourced = read_sourced(part, fields, sources)
    start, usual, most = (_amount(fields[key]) for key in ("start", "usual", "most"))
    for low, high, key in ((start, usual, "usual"), (usual, most, "most")):
        if low.mg == high.mg is None and (low.ug_per_kg or 0) > (high.ug_per_kg or 0):
            raise fields[key].error(f"{key} is less than the dose before it", mend="start, usual and most rise")
    return m.Regimen(
        id=fields["regimen"].name(),
        title=fields["title"].text(),
        programmes=tuple(item.one_of(programmes) for item in fields["programmes"].items()),
        formulations=tuple(item.one_of(codes(Formulation)[:-1]) for item in fields["formulations"].items()),
        start=start,
        usual=usual,
        most=most,
        intakes=tuple(item.number() for item in fields["intakes"].items()),
        weeks=(weeks[0], weeks[1]),
        when=fields["when"].text(),
        is_label=fields["is_label"].truth(),
        **sourced,
    )


def with_more_programmes(
    part: Part, declared: Mapping[str, m.Regimen], programmes: Mapping[str, m.Programme]
) -> m.Regimen:
    """A regimen declared elsewhere, with the programmes an entry adds. Only clinic policy can be: the label of one
    country is not the next one's."""
    fields = part.fields(needed=("regimen", "programmes"))
    regimen = declared[fields["regimen"].one_of(declared)]
    if regimen.strength != "clinic_policy":
        raise fields["regimen"].error(
            f"{regimen.id!r} is a {regimen.strength} and holds where it was written",
            mend="write a regimen of its own, with its sources there",
        )
    more = tuple(item.one_of(programmes) for item in fields["programmes"].items())
    return replace(regimen, programmes=tuple(dict.fromkeys((*regimen.programmes, *more))))


def read_target(part: Part, programmes: Mapping[str, m.Programme], sources: Mapping[str, m.Source]) -> m.Target:
    """One entry of targets/*.yaml."""
    fields = part.fields(needed=TARGET_NEEDS, optional=("remark", "label_in"))
    sourced = read_sourced(part, fields, sources)
    label_in = tuple(item.one_of(programmes) for item in fields["label_in"].items()) if "label_in" in fields else ()
    if bool(label_in) != (sourced["strength"] == "label"):
        raise part.error(
            "a target is the label's in the programmes named, and nowhere else",
            mend="write label_in with strength: label, and only then",
        )
    return m.Target(
        id=fields["target"].name(),
        mg_per_kg=fields["mg_per_kg"].number(),
        label_in=label_in,
        formulations=tuple(item.one_of(codes(Formulation)[:-1]) for item in fields["formulations"].items()),
        buys=fields["buys"].text(),
        does_not_buy=fields["does_not_buy"].text(),
        **sourced,
    )


def read_advice(part: Part, programmes: Mapping[str, m.Programme], sources: Mapping[str, m.Source]) -> m.Advice:
    """One entry of advice/*.yaml."""
    fields = part.fields(needed=ADVICE_NEEDS, optional=("programmes", "remark"))
    sourced = read_sourced(part, fields, sources)
    named = fields["programmes"].items() if "programmes" in fields else []
    return m.Advice(
        id=fields["advice"].name(),
        about=fields["about"].one_of(ABOUT),
        programmes=tuple(item.one_of(programmes) for item in named),
        says=fields["says"].text(),
        **sourced,
    )


def _strengths(part: Part) -> tuple[Decimal, ...]:
    return tuple(Decimal(item.number()) for item in part.items())


def _excipient(part: Part, strengths: tuple[Decimal, ...]) -> m.Excipient:
    fields = part.fields(needed=("name",), optional=("allergen", "only_mg"))
    only = fields.get("only_mg", _strengths, strengths)
    for mg in only:
        if mg not in strengths:
            raise fields["only_mg"].error(
                f"{mg} mg is no strength of this product", allowed=", ".join(map(str, strengths))
            )
    allergen = fields.get("allergen", lambda given: given.one_of(codes(Allergen)), "")
    return m.Excipient(fields["name"].text(), allergen, only)


def _amount(part: Part) -> m.Amount:
    fields = part.fields(needed=(), optional=("ug_per_kg", "mg"))
    given = [key for key in ("ug_per_kg", "mg") if key in fields]
    if len(given) != 1:
        raise part.error("a dose is either by weight or a fixed one", allowed="{ug_per_kg: 500} or {mg: 10}")
    number = fields[given[0]].number()
    return m.Amount(number, None) if given[0] == "ug_per_kg" else m.Amount(None, number)
