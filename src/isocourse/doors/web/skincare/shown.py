"""An answer of the ingredient checker as the pages show it: the ingredients that matter first, in the list's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from isocourse.care.editions import library
from isocourse.skincare.judge import MARKETS, Checked, Judged
from isocourse.skincare.sunscreen import Protection
from isocourse.skincare.table import KINDS, Verdict, shipped
from isocourse.words import ingredient_check as words
from isocourse.words.sentence import Sentence, Word

LOOKS: Mapping[Verdict, tuple[str, str]] = {  # the tag's colour and its sign; the word beside says the same
    "avoid": ("stop", "✕"),
    "take_care": ("warn", "!"),
    "unknown": ("", "?"),
    "use": ("good", "✓"),
}


class Row(NamedTuple):
    """One ingredient."""

    one: Judged
    look: tuple[str, str]
    verdict: Word
    reasons: tuple[Word, ...]
    question: Sentence | None
    written: str
    percent: str
    trust: Sentence | None
    sources: tuple[Word, ...]
    comedogenic: Sentence | None


def shown(checked: Checked) -> dict[str, Any]:
    """What a page shows of one list."""
    return {
        "checked": checked,
        "look": LOOKS[checked.verdict],
        "headline": words.headline(checked),
        "beside": words.unknown_says(checked),
        "groups": [
            (words.VERDICT_WORDS[verdict], [row(one) for one in checked.of(verdict)])
            for verdict in ("avoid", "take_care", "unknown")
            if checked.of(verdict)
        ],
        "fine": [row(one) for one in checked.of("use")],
        "sun": sun(checked.protection) if checked.protection is not None else None,
        "comedogenic": [
            row(one) for one in checked.judged if one.comedogenic is not None and one.comedogenic.high >= 3
        ],
        "faults": words.COMEDOGENIC_FAULTS,
        "not_signed": words.NOT_SIGNED,
        "content": shipped().content,
    }


def row(one: Judged) -> Row:
    written = one.item.raw if words.written_otherwise(one) else ""
    return Row(
        one=one,
        look=LOOKS[one.verdict],
        verdict=words.VERDICT_WORDS[one.verdict],
        reasons=words.reasons(one),
        question=words.question(one),
        written=written,
        percent=words.plain(one.item.percent) if one.item.percent is not None else "",
        trust=words.trust(one),
        sources=words.source_titles(one, shipped().sources),
        comedogenic=words.comedogenic(one.comedogenic) if one.comedogenic is not None else None,
    )


def sun(protection: Protection) -> dict[str, Any]:
    return {
        "says": words.protection_says(protection),
        "filters": [(words.filter_says(held), words.limits_say(held)) for held in protection.filters],
        "limit": words.BREADTH_LIMIT,
    }


def choices() -> dict[str, Any]:
    """What can be chosen beside a list."""
    return {
        "kinds": [(kind, words.KIND_WORDS[kind]) for kind in KINDS],
        "markets": [(market, words.MARKETS[market]) for market in MARKETS],
    }


def market_of(programme: str) -> str:
    """Whose limits of UV filters belong to a clinic's programme; "" where none were read."""
    known = library().programmes
    found: str | None = programme
    while found is not None and found not in MARKETS:
        found = known[found].inherits
    return found or ""
