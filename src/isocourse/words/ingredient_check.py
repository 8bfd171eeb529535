"""What the ingredient checker found, in words: for the pages, the command line and programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from isocourse.engine import model as m
from isocourse.skincare.judge import Checked, Judged, Note
from isocourse.skincare.spelling import key
from isocourse.skincare.sunscreen import Held, Protection
from isocourse.skincare.table import Comedogenic, Table, Verdict
from isocourse.words.page import STRENGTH_WORDS, Line
from isocourse.words.sentence import Sentence, Word, said

VERDICT_WORDS: Mapping[Verdict, Word] = {
    "avoid": Word("Avoid during the course"),
    "take_care": Word("Take care"),
    "use": Word("Use"),
    "unknown": Word("Not known"),
}
STRENGTHS: Mapping[str, Word] = {
    **{name: Word(words) for name, words in STRENGTH_WORDS.items()},
    "naming": Word("what the name stands for"),
}
NOTES: Mapping[Note, Word] = {
    "needs_percent": Word("No percentage is given: look for it on the product."),
    "order_says_nothing": Word("This list is by alphabet, so its order does not say how much there is."),
    "may_contain": Word("May be in it (a shade or a trace)."),
    "outside_the_list": Word("Named beside the list: is it in the product?"),
    "kind_not_said": Word("Judged as for the face: say what kind of product it is."),
}
KIND_WORDS: Mapping[str, Word] = {
    "cleanser": Word("Cleanser"),
    "moisturiser": Word("Moisturiser"),
    "sunscreen": Word("Sunscreen"),
    "toner": Word("Toner"),
    "exfoliant": Word("Exfoliant or peel"),
    "scrub": Word("Scrub"),
    "mask": Word("Mask"),
    "lip": Word("Lip care"),
    "make_up": Word("Make-up"),
    "serum": Word("Serum"),
    "oil": Word("Face oil"),
    "treatment": Word("Treatment for spots"),
    "shampoo": Word("Shampoo"),
    "body": Word("Body care"),
    "other": Word("Something else"),
}
MARKETS: Mapping[str, Word] = {
    "us": Word("United States"),
    "eu": Word("European Union"),
    "uk": Word("United Kingdom"),
}
LIMITS: Mapping[str, str] = {
    "within": "{0}: within the limit of {1} %",
    "above": "{0}: above the limit of {1} %",
    "not_permitted": "{0}: not a permitted filter",
    "no_percentage": "{0}: limit {1} %, and the list gives no percentage",
    "not_known": "{0}: limit not known",
}
BASIS: Mapping[str, Word] = {
    "read": Word("read in the paper or a text that quotes it"),
    "lists": Word("from lists that copy one another"),
    "memory": Word("from memory"),
}
COMEDOGENIC_FAULTS = Word(
    "These figures are weak: they come from tests on rabbits' ears, of single ingredients at strengths that no product"
    " has, and other laboratories got other figures. Products with such ingredients did not always block pores on"
    " people's backs. During a course the skin makes little fat. They change no verdict."
)
BREADTH_LIMIT = Word(
    "This is what the filters named can take up, not what the product does: only its tested SPF and UVA mark tell that."
)
NOT_SIGNED = Word("No clinician has reviewed these tables. Ask the team that treats you when in doubt.")


def headline(checked: Checked) -> Sentence:
    """The verdict on the product in one sentence; never a bare "use" where something is not known."""
    read, unknown = len(checked.judged), len(checked.unknown)
    if not checked.judged:
        return said("No ingredients were found in this text")
    if checked.verdict == "avoid":
        return said("Avoid during the course: {0}", _named(checked.of("avoid")))
    if checked.verdict == "take_care":
        return said("Take care: {0}", _named(checked.of("take_care")))
    if checked.verdict == "unknown":
        return said(
            "Nothing to avoid found in {0} of {1} ingredients read; {2} not known", read - unknown, read, unknown
        )
    return said("Nothing to avoid found; all {0} ingredients are known", read)


def unknown_says(checked: Checked) -> Sentence | None:
    """What is not known, beside a verdict that does not say it yet."""
    read, unknown = len(checked.judged), len(checked.unknown)
    if not unknown or checked.verdict == "unknown":
        return None
    return said("{0} of {1} ingredients read are known, {2} not", read - unknown, read, unknown)


def _named(judged: Sequence[Judged]) -> tuple[str, ...]:
    names = dict.fromkeys(one.name for one in judged)
    return (*list(names)[:4], *(("…",) if len(names) > 4 else ()))


def written_otherwise(judged: Judged) -> bool:
    """Whether the list writes the name in another way, marks and capitals aside."""
    return key(judged.name) != key(judged.item.raw)


def question(judged: Judged) -> Sentence | None:
    """What was perhaps meant, as a question."""
    return said("Did you mean {0}?", judged.readings) if judged.readings else None


def reasons(judged: Judged) -> tuple[Word, ...]:
    """Why an ingredient has its verdict, and what else belongs to it."""
    said_of = [NOTES[note] for note in judged.said]
    if judged.group is None:
        why = (
            []
            if judged.readings
            else [Word("In none of our tables: this says neither that it is harmless nor that it is not.")]
        )
    elif judged.verdict != "use" or judged.group.verdict == "use":
        why = [Word(judged.group.reason)]
    else:
        why = []
    return (*why, *([Word(judged.note)] if judged.note else ()), *said_of)


def trust(judged: Judged) -> Sentence | None:
    """How far the advice is backed: its strength and confidence."""
    if judged.group is None:
        return None
    return said("{0}, confidence {1}", STRENGTHS[judged.group.strength], Word(judged.group.confidence))


def source_titles(judged: Judged, sources: Mapping[str, m.Source]) -> tuple[Word, ...]:
    return tuple(Word(sources[name].title) for name in judged.group.sources) if judged.group is not None else ()


def comedogenic(one: Comedogenic) -> Sentence:
    figure = str(one.low) if one.low == one.high else f"{one.low}–{one.high}"
    return said("{0} of 5 ({1})", figure, BASIS[one.basis])


# --- sunscreens -----------------------------------------------------------------------------------
def protection_says(protection: Protection) -> tuple[Sentence, ...]:
    """What the filters cover, of which kind they are, and visible light."""
    kinds = {
        "mineral": Word("mineral filters"),
        "organic": Word("organic filters"),
        "both": Word("mineral and organic filters"),
    }
    first = said("{0}; they cover {1}", kinds[protection.kind], protection.covered or (Word("nothing that is known"),))
    missing = said("Not covered by any filter named: {0}", protection.not_covered) if protection.not_covered else None
    light = (
        said("With iron oxides, which take up visible light as well")
        if protection.iron_oxides
        else said("No iron oxides: visible light passes, which matters to skin that marks darkly")
    )
    return tuple(sentence for sentence in (first, missing, light) if sentence is not None)


def filter_says(held: Held) -> Sentence:
    """A filter with its percentage."""
    name = (
        f"{held.filter.name} ({held.filter.us_name})"
        if held.filter.us_name.casefold() not in ("", held.filter.name.casefold())
        else held.filter.name
    )
    if held.percent is None:
        return said("{0}, percentage not given", name)
    return said("{0}, {1} %", name, plain(held.percent))


def limits_say(held: Held) -> tuple[Sentence, ...]:
    """How its percentage stands to the limit of each market, with what the limit says of itself."""
    told = []
    for market, most, limit, says in held.limits:
        sentence = said(LIMITS[limit], MARKETS[market], plain(most) if most is not None else "")
        told.append(said("{0} ({1})", sentence, Word(says)) if says else sentence)
    return tuple(told)


def plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


# --- the command line -----------------------------------------------------------------------------
def lines(checked: Checked, table: Table) -> Iterator[Line]:
    """The whole answer, the ingredients that matter first."""
    role = {"avoid": "stop", "take_care": "headline", "unknown": "headline", "use": "good"}[checked.verdict]
    yield Line(role, 0, str(headline(checked)))
    beside = unknown_says(checked)
    if beside is not None:
        yield Line("plain", 0, str(beside))
    for verdict in ("avoid", "take_care", "unknown"):
        found = checked.of(verdict)
        if found:
            yield Line("section", 0, VERDICT_WORDS[verdict])
            for one in found:
                yield from _ingredient(one, table)
    if checked.protection is not None:
        yield from _protection_lines(checked.protection)
    if checked.of("use"):
        yield Line("section", 0, VERDICT_WORDS["use"])
        for one in checked.of("use"):
            yield Line("item", 1, f"{_position(one)} {one.name}: {one.group.title if one.group else ''}")
    yield from _comedogenic_lines(checked)
    if checked.aside:
        yield Line("section", 0, "Not read as ingredients")
        for text in checked.aside:
            yield Line("quiet", 1, " ".join(text.split())[:200])
    yield Line("quiet", 0, "")
    yield Line("quiet", 0, NOT_SIGNED)


def _position(one: Judged) -> str:
    return f"{one.item.position}." if one.item.position else "-"


def _ingredient(one: Judged, table: Table) -> Iterator[Line]:
    written = f" (written {one.item.raw!r})" if written_otherwise(one) else ""
    title = f": {one.group.title}" if one.group is not None else ""
    percent = f", {plain(one.item.percent)} %" if one.item.percent is not None else ""
    yield Line("item", 1, f"{_position(one)} {one.name}{percent}{title}{written}")
    asked = question(one)
    if asked is not None:
        yield Line("item", 2, str(asked))
    for reason in reasons(one):
        yield Line("detail", 2, reason)
    backed = trust(one)
    if backed is not None:
        yield Line("quiet", 2, f"{backed}: {'; '.join(source_titles(one, table.sources))}")


def _protection_lines(protection: Protection) -> Iterator[Line]:
    yield Line("section", 0, "Protection from the sun")
    for sentence in protection_says(protection):
        yield Line("item", 1, str(sentence))
    for held in protection.filters:
        yield Line("item", 1, str(filter_says(held)))
        for limit in limits_say(held):
            yield Line("detail", 2, str(limit))
    yield Line("quiet", 1, BREADTH_LIMIT)


def _comedogenic_lines(checked: Checked) -> Iterator[Line]:
    rated = [one for one in checked.judged if one.comedogenic is not None and one.comedogenic.high >= 3]
    if not rated:
        return
    yield Line("section", 0, "Said to block pores (weak)")
    for one in rated:
        if one.comedogenic is not None:
            yield Line("quiet", 1, f"{one.name}: {comedogenic(one.comedogenic)}")
    yield Line("quiet", 1, COMEDOGENIC_FAULTS)


# --- for programs ---------------------------------------------------------------------------------
def as_data(checked: Checked, table: Table) -> dict[str, Any]:
    """The answer as plain data."""
    return {
        "verdict": checked.verdict,
        "says": str(headline(checked)),
        "kind": checked.kind,
        "market": checked.market,
        "read": len(checked.judged),
        "unknown": len(checked.unknown),
        "knowledge": table.content,
        "ingredients": [_ingredient_data(one, table) for one in checked.judged],
        "not_ingredients": list(checked.aside),
        "protection": _protection_data(checked.protection) if checked.protection is not None else None,
    }


def _ingredient_data(one: Judged, table: Table) -> dict[str, Any]:
    return {
        "position": one.item.position,
        "written": one.item.raw,
        "name": one.name if one.group is not None else None,
        "percent": plain(one.item.percent) if one.item.percent is not None else None,
        "section": one.item.section,
        "verdict": one.verdict,
        "class": one.group.id if one.group is not None else None,
        "reasons": [str(reason) for reason in reasons(one)],
        "strength": one.group.strength if one.group is not None else None,
        "confidence": one.group.confidence if one.group is not None else None,
        "sources": list(one.group.sources) if one.group is not None else [],
        "did_you_mean": list(one.readings),
        "eu_fragrance_allergen": one.allergen or None,
        "comedogenicity": (
            {"low": one.comedogenic.low, "high": one.comedogenic.high, "basis": one.comedogenic.basis}
            if one.comedogenic is not None
            else None
        ),
    }


def _protection_data(protection: Protection) -> dict[str, Any]:
    return {
        "kind": protection.kind,
        "covered": list(protection.covered),
        "not_covered": list(protection.not_covered),
        "iron_oxides": protection.iron_oxides,
        "filters": [
            {
                "name": held.filter.name,
                "percent": plain(held.percent) if held.percent is not None else None,
                "limits": {market: limit for market, _, limit, _ in held.limits},
                "most": {market: plain(most) for market, most, _, _ in held.limits if most is not None},
            }
            for held in protection.filters
        ],
    }
