"""Skin scores in words: what a total is called and means, what a change of it says, and the page of all scales.

A band and a change are told only as far as the scale goes: no band that was never published, and "better" or "worse"
only where the noise of the scale is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from isocourse.record.skin_scores import RANGES, outside
from isocourse.skin.scales.change import Change, change
from isocourse.skin.scales.library import SCALES
from isocourse.skin.scales.model import Confidence, Item, Scale
from isocourse.skin.scales.score import Score, band_of, flags_of
from isocourse.words.lab_units import rounded
from isocourse.words.page import Line
from isocourse.words.sentence import Sentence, Word, said, word

_TRUST: Mapping[Confidence, str] = {
    "high": "high",
    "medium": "medium: the structure was read, some figures are recalled",
    "low": "low: partly recalled only, so it decides nothing",
}


# --- on the clinic's pages ------------------------------------------------------------------------
def title(scale: str) -> Word:
    """What people call a scale."""
    return Word("other scale") if scale == "other" else word(scale)


def range_text(scale: str) -> str:
    """From where to where totals go, where they have an end."""
    scored = SCALES.get(scale)
    if scored is None or scored.counted or scored.confidence == "low":
        return ""
    low, high = (0 if RANGES[scale].or_none else RANGES[scale].low), RANGES[scale].high
    return f"{low}–{high}"


def meaning(scale: str, value: Decimal) -> Sentence | None:
    """The band of a total, with a remark where there is one; that it cannot be, of a number outside the scale."""
    scored = SCALES.get(scale)
    if scored is None:
        return None
    if outside(scale, value):
        return said("outside the range of the scale")
    total = Fraction(value)
    band, flags = band_of(scored, total), flags_of(scored, total)
    if band and flags:
        return said("{0}; {1}", Word(band), tuple(map(Word, flags)))
    return said("{0}", Word(band)) if band else None


def told(scale: str, value: Decimal, *, before: Decimal | None) -> Sentence | None:
    """What a total means, and how it moved since the one before."""
    meant = meaning(scale, value)
    scored = SCALES.get(scale)
    if scored is None or before is None or outside(scale, value) or outside(scale, before):
        return meant
    moved = change_says(scored, change(scored, Fraction(before), Fraction(value)))
    return said("{0}; {1}", meant, moved) if meant is not None else moved


def change_says(scale: Scale, moved: Change) -> Sentence:
    """A change in words: first whether it is more than noise, then whether it matters."""
    by = _signed(moved.difference)
    noise = Word("the noise of counting") if scale.counted else Word("the disagreement of raters")
    match moved.verdict:
        case "improved":
            first = said("{0}, better by more than {1}", by, noise)
        case "worse":
            first = said("{0}, worse by more than {1}", by, noise)
        case "within_noise":
            first = said("{0}, within {1}", by, noise)
        case "same":
            return said("no change")
        case _:
            first = said("{0}, noise not known", by)
    if moved.matters is None or scale.matters is None:
        return first
    least = rounded(scale.matters.value, 2)
    if moved.matters:
        return said("{0}; at least {1}, which patients notice", first, least)
    return said("{0}; less than {1}, which patients notice", first, least)


def _signed(number: Fraction) -> str:
    return f"{'−' if number < 0 else '+'}{rounded(abs(number), 2)}"


# --- one score, for the command line --------------------------------------------------------------
def score_lines(found: Score) -> Iterator[Line]:
    """A score with its band, what is missing and where the scale comes from."""
    scale = found.scale
    low, high = RANGES[scale.name].low, RANGES[scale.name].high
    if found.total is None:
        yield Line("stop", 0, f"{scale.title}: no total, for {len(found.missing)} of {len(scale.items)} are missing")
        for name in found.missing:
            yield Line("item", 1, f"- {name}: {scale.item(name).says} ({scale.item(name).range_text()})")
    else:
        ends = "" if scale.counted or scale.confidence == "low" else f" ({low} to {high})"
        yield Line(
            "headline", 0, f"{scale.title} {rounded(found.total, 2)}{ends}{': ' + found.band if found.band else ''}"
        )
    for flag in found.flags:
        yield Line("stop", 1, f"! {flag}")
    yield from _about(scale)


def change_lines(scale: Scale, before: Fraction, after: Fraction) -> Iterator[Line]:
    """A change between two totals."""
    moved = change(scale, before, after)
    percent = "" if moved.percent is None else f" ({_signed(moved.percent)} %)"
    yield Line("headline", 0, f"{scale.title} {rounded(before, 2)} to {rounded(after, 2)}{percent}")
    yield Line("plain", 1, f"{change_says(scale, moved)}.")
    for least, what in ((scale.noise, "Noise"), (scale.matters, "What patients notice")):
        if least is not None:
            yield Line("quiet", 1, f"{what}: {rounded(least.value, 2)} ({least.source}; {least.confidence})")
    yield Line("quiet", 1, "A change says nothing about its cause.")


def _about(scale: Scale) -> Iterator[Line]:
    yield Line("quiet", 1, f"Formula: {scale.formula}.")
    yield Line("quiet", 1, f"Source: {scale.source}.")
    yield Line("quiet", 1, f"Confidence: {_TRUST[scale.confidence]}.")
    for remark in (*scale.may_not, *scale.recalled, *([scale.licence] if scale.licence else [])):
        yield Line("quiet", 1, f"- {remark}")


def score_json(found: Score) -> bytes:
    """The same for programs; exact numbers as text."""
    scale = found.scale
    return msgspec.json.encode(
        {
            "scale": scale.name,
            "title": scale.title,
            "total": None if found.total is None else rounded(found.total, 6),
            "band": found.band or None,
            "missing": found.missing,
            "flags": found.flags,
            "points": {name: rounded(points, 6) for name, points in found.points.items()},
            "confidence": scale.confidence,
            "source": scale.source,
            "licence": scale.licence or None,
            "may_not_be_claimed": scale.may_not,
            "recalled_only": scale.recalled,
        }
    )


def change_json(scale: Scale, before: Fraction, after: Fraction) -> bytes:
    """A change for programs."""
    moved = change(scale, before, after)
    made: dict[str, Any] = {
        "scale": scale.name,
        "difference": rounded(moved.difference, 6),
        "percent": None if moved.percent is None else rounded(moved.percent, 6),
        "verdict": moved.verdict,
        "matters": moved.matters,
    }
    return msgspec.json.encode(made)


def list_lines() -> Iterator[Line]:
    """Every scale with its items."""
    for scale in SCALES.values():
        yield Line("headline", 0, f"{scale.name}: {scale.title}, {scale.measures}")
        for item in scale.items:
            yield Line("item", 1, f"- {item.name}: {item.says} ({item.range_text()})")


# --- the page of all scales -----------------------------------------------------------------------
def scales_page() -> str:
    """Every scale as Markdown: range, items, bands, source, confidence, what may not be claimed."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Skin scores\n"
    yield "Made from `src/isocourse/skin/scales`; do not edit. Not clinically signed off. Nothing here decides."
    yield ""
    yield (
        "A total needs every item: what is missing or unknown is never 0. A clinician's total and a number of "
        "software's are different things; neither takes the place of the other. A change is called better or worse "
        "only where the noise of the scale is known, and never put down to a cause. What was recalled only is printed "
        "here and used nowhere.\n"
    )
    yield "| scale | code | range | measures | confidence |"
    yield "|---|---|---|---|---|"
    for scale in SCALES.values():
        link = f"[{scale.title}](#{scale.name})"
        yield f"| {link} | `{scale.name}` | {_ends(scale)} | {scale.measures} | {scale.confidence} |"
    for scale in SCALES.values():
        yield from _section(scale)


def _ends(scale: Scale) -> str:
    if scale.counted:
        return "from 0"
    if scale.confidence == "low":
        return "from 0; the upper end was not confirmed"
    return RANGES[scale.name].text()


def _section(scale: Scale) -> Iterator[str]:
    yield f'\n<a id="{scale.name}"></a>\n'
    yield f"## {scale.title}\n"
    yield f"- Measures: {scale.measures}."
    yield f"- Range: {_ends(scale)}; {scale.better} is better."
    yield f"- Formula: {scale.formula}."
    yield f"- Bands: {_bands(scale)}."
    if scale.nothing:
        yield f"- Missing: no total, except that a `{scale.nothing}` of 0 alone makes the total 0."
    else:
        yield "- Missing: no total while an item is missing."
    yield f"- Noise: {_noise(scale)}."
    if scale.matters is not None:
        least = f"{rounded(scale.matters.value, 2)} ({scale.matters.source}; {scale.matters.confidence})"
        yield f"- Least difference that patients notice: {least}."
    yield f"- Validated: {scale.validated}."
    yield f"- Source: {scale.source}."
    yield f"- Confidence: {_TRUST[scale.confidence]}."
    if scale.licence:
        yield f"- Licence: {scale.licence}"
    for remark in (*scale.flags.values(), *scale.may_not):
        yield f"- {remark}"
    for recalled in scale.recalled:
        yield f"- Recalled only (low): {recalled}"
    yield "\n| item | what | allowed | words |"
    yield "|---|---|---|---|"
    for item in scale.items:
        yield f"| `{item.name}` | {item.says} | {item.range_text()} | {_levels(item)} |"


def _bands(scale: Scale) -> str:
    def one(low: int, high: int | None, says: str) -> str:
        return f"{says} {low}" if low == high else f"{says} {low}–{high}" if high is not None else f"{says} from {low}"

    return ", ".join(one(band.low, band.high, band.says) for band in scale.bands) or "none published"


def _noise(scale: Scale) -> str:
    if scale.noise is not None:
        return f"less than {rounded(scale.noise.value, 2)} ({scale.noise.source}; {scale.noise.confidence})"
    if scale.counted:
        return "at least that of counting: both as Poisson counts, by their roots, and exactly where they are small"
    return "no figure was read, so a change is not called better or worse"


def _levels(item: Item) -> str:
    return "; ".join(f"{item.low + place} {says}" for place, says in enumerate(item.levels))
