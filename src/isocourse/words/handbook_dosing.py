"""The handbook's page of what is sold, how it may be dosed, what a total buys, and what patients are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from isocourse.engine import model as m
from isocourse.words.dose import formulation_text

_PRODUCT_HEADS = (
    "product", "programme", "formulation", "strengths, mg", "food", "remark", "confidence", "sources",
)  # fmt: skip
_REGIMEN_HEADS = (
    "regimen", "programmes", "formulations", "start", "usual top", "most", "intakes", "weeks", "when", "basis",
    "sources",
)  # fmt: skip
_TARGET_HEADS = ("mg/kg", "the label's in", "written for", "buys", "does not buy", "basis", "sources")


def dosing_page(library: m.Library) -> Iterator[str]:
    """Products, ways to dose, totals and advice with their sources, as lines of Markdown."""
    yield "# Products, ways to dose, totals, advice\n"
    yield "What `isocourse plan` reckons with. Not clinically signed off.\n"
    yield "## Products\n"
    yield from _table(_PRODUCT_HEADS, map(_product, library.products.values()))
    yield "\n## Ways to dose\n"
    yield from _table(_REGIMEN_HEADS, map(_regimen, library.regimens.values()))
    yield "\n## Totals\n"
    yield from _table(_TARGET_HEADS, map(_target, library.targets.values()))
    yield "\n## What patients are told\n"
    yield from _table(("about", "programmes", "says", "basis", "sources"), map(_advice, library.advice.values()))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _product(product: m.Product) -> Sequence[str]:
    return (
        f"`{product.id}`: {product.name}",
        product.programme,
        formulation_text(product.formulation),
        ", ".join(map(str, product.strengths_mg)),
        product.food.replace("_", " "),
        _remark(product),
        product.confidence,
        ", ".join(product.sources),
    )


def _regimen(regimen: m.Regimen) -> Sequence[str]:
    return (
        f"`{regimen.id}`: {regimen.title}",
        ", ".join(regimen.programmes),
        ", ".join(map(formulation_text, regimen.formulations)),
        *(_amount(amount) for amount in (regimen.start, regimen.usual, regimen.most)),
        " or ".join(map(str, regimen.intakes)),
        " to ".join(map(str, dict.fromkeys(regimen.weeks))),
        regimen.when + (f"<br>{regimen.remark}" if regimen.remark else ""),
        _basis(regimen),
        ", ".join(regimen.sources),
    )


def _target(target: m.Target) -> Sequence[str]:
    return (
        str(target.mg_per_kg),
        ", ".join(target.label_in) or "no programme",
        ", ".join(map(formulation_text, target.formulations)),
        target.buys,
        target.does_not_buy,
        _basis(target),
        ", ".join(target.sources),
    )


def _advice(advice: m.Advice) -> Sequence[str]:
    programmes = ", ".join(advice.programmes) or "all"
    return advice.about.replace("_", " "), programmes, advice.says, _basis(advice), ", ".join(advice.sources)


def _remark(product: m.Product) -> str:
    market = "" if product.marketed == "yes" else "Not confirmed as sold. "
    allergens = ", ".join(dict.fromkeys(excipient.name for excipient in product.excipients if excipient.allergen))
    read = {"in_full": "", "in_part": " (list read in part)", "not_seen": " (list not seen)"}[product.excipients_read]
    holds = f"Holds {allergens}{read}. " if allergens else ""
    return f"{market}{holds}{product.remark}".strip()


def _amount(amount: m.Amount) -> str:
    if amount.mg is not None:
        return f"{amount.mg} mg"
    assert amount.ug_per_kg is not None
    return f"{amount.ug_per_kg} µg/kg"


def _basis(item: m.Regimen | m.Target | m.Advice) -> str:
    return f"{item.strength.replace('_', ' ')}, {item.confidence}"
