"""A measurement or a comparison in words and rounded numbers, the same for the web page and for the PDF.

`say` puts a sentence of ours into the reader's language; sentences that came with the figures pass through it as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from isocourse.skin.change import DARK_SPOTS, RED_MARKS
from isocourse.skin.figures import AREA, BURDEN, DEGREES, LIGHTNESS, MARKS, PART, Figure, Spread, figures, spread
from isocourse.skin.findings import Compared, Comparison, Gate, Measurement
from isocourse.skin.frame import PX_PER_MM
from isocourse.words.photograph import GATES, REGIONS
from isocourse.words.photograph_change import notes, titled
from isocourse.words.photograph_change import number as digits
from isocourse.words.sentence import Say, Sentence, Word, said, told

NOT_VALIDATED = (
    "Not validated. It was tried on made-up faces, and on photographs of real ones with marks drawn on them. It was "
    "never held against the counts of a dermatologist or a meter for colour. Some of what it counts is shade or hair. "
    "It is not a diagnosis. It says nothing about causes, and compares no person with another."
)
NOT_KNOWN = "not known: take two or three at one visit"
# Figures of a photograph by their code (`skin.figures`); roughness has its widths behind it.
TITLES: Mapping[str, str] = {
    "dark-spots-count": "Dark spots, number",
    "dark-spots-area": "Dark spots, area",
    "dark-spots-burden": "Dark spots, area times darkness",
    "red-marks-count": "Red marks, number",
    "red-marks-area": "Red marks, area",
    "red-marks-burden": "Red marks, area times darkness",
    "marks-of-uncertain-kind-count": "Marks of uncertain kind, number",
    "ita": "Individual typology angle",
    "lightness": "Lightness L* of the skin",
    "erythema-index": "Erythema index, 100 log10(R/G)",
    "melanin-index": "Melanin index",
    "roughness": "Roughness of lightness",
    "hollows-index": "Depth of hollows, relative",
    "covered": "Part of the face that is covered or shines",
}
_UNITS: Mapping[str, str] = {
    MARKS: "",
    AREA: "mm²",
    BURDEN: "mm² × L*",
    LIGHTNESS: "L*",
    DEGREES: "°",
    PART: "%",
    "1": "",
}
# Units as `Compared` has them.
_COMPARED_UNITS: Mapping[str, str] = {"mm2": "mm²", "mm2 L*": "mm² × L*"}
VERDICTS: Mapping[str, Word] = {
    "improved": Word("▼ improved"),
    "within noise": Word("= within noise"),
    "worse": Word("▲ worse"),
    "not known": Word("? not known"),
}
_STATES: Mapping[str, Word] = {"good": Word("good"), "take care": Word("take care"), "stops": Word("stops")}


class Check(Struct, frozen=True):
    """A check of quality: `state` is good, take care, or stops; `told` is that in words."""

    name: str
    state: str
    told: str
    value: str
    says: str


class Row(Struct, frozen=True):
    """`value` is "not measured" where there is none, `error` one standard error, or why there is no value."""

    name: str
    value: str
    error: str


class Sheet(Struct, frozen=True):
    """One photograph. `regions` are rows of as many cells as `region_heads`."""

    title: str
    says: str
    refused: str
    checks: tuple[Check, ...]
    rows: tuple[Row, ...]
    region_heads: tuple[str, ...]
    regions: tuple[tuple[str, ...], ...]
    facts: tuple[str, ...]


class Change(Struct, frozen=True):
    """A number at two visits: the smallest change that is more than noise, and which of the three states it is in."""

    what: str
    before: str
    after: str
    noise: str
    verdict: str
    state: str


class ChangeSheet(Struct, frozen=True):
    """Two photographs. `says` is for the patient: what changed, never why."""

    says: str
    refused: str
    rows: tuple[Change, ...]
    notes: tuple[str, ...]
    facts: tuple[str, ...]


def sheet(measured: Measurement, title: str, shots: Sequence[Measurement] = (), *, say: Say = str) -> Sheet:
    """One photograph as people read it. `shots` are photographs of one visit, for what another one would give."""
    all_of = figures(measured)
    spread_of = spread(measured, shots)
    whole = () if measured.refused else tuple(figure for figure in all_of if not figure.region)
    heads, regions = _regions([figure for figure in all_of if figure.region], say)
    return Sheet(
        title=title,
        says=told(_says(measured), say),
        refused=say(measured.refused) if measured.refused else "",
        checks=tuple(_check(gate, say) for gate in measured.gates),
        rows=tuple(row for figure in whole for row in _rows(figure, spread_of, say)),
        region_heads=heads,
        regions=regions,
        facts=tuple(told(fact, say) for fact in _facts(measured)),
    )


def change_sheet(found: Comparison, *, say: Say = str) -> ChangeSheet:
    """Two photographs as people read it."""
    return ChangeSheet(
        says=_changed(found, say),
        refused=say(found.refused) if found.refused else "",
        rows=tuple(_change(number, say) for number in found.numbers),
        notes=tuple(told(note, say) for note in notes(found)),
        facts=tuple(told(fact, say) for fact in _pair_facts(found)),
    )


def _pair_facts(found: Comparison) -> Iterator[Sentence]:
    if found.refused:
        return
    states = [pair.state for pair in found.pairs]
    yield said(
        "Marks in the skin that both photographs show: {0} are in both, {1} only in the follow-up, {2} only in the "
        "baseline.",
        *(states.count(state) for state in ("persistent", "new", "faded")),
    )
    faint = sum(1 for pair in found.pairs if pair.state == "persistent" and None in (pair.before, pair.after))
    if faint:
        yield said("Of those in both, {0} are too faint in one of them to be counted there.", faint)
    yield said("Both photographs validly show {0} % of the baseline's skin.", format(100 * found.seen, ".0f"))
    if found.consistency is not None:
        off = found.consistency / PX_PER_MM
        if off < 0.01:
            yield said("There and back again, the alignment is off by less than {0} mm (median).", "0.01")
        else:
            yield said("There and back again, the alignment is off by {0} mm (median).", format(off, ".2f"))


def _changed(found: Comparison, say: Say) -> str:
    """What changed, for the patient: of the two counts that were chosen beforehand, whatever came of them."""
    of = {each.what: _told(each) for each in found.numbers}
    says = [of[what] for what in (DARK_SPOTS, RED_MARKS) if what in of] or notes(found)[:1]
    return " ".join(told(each, say) for each in says) or say(found.refused)


def _told(each: Compared) -> Sentence:
    if not each.before and not each.after:
        return said("{0}: none before, none now.", titled(each.what))
    from_to = (titled(each.what), number(each.before), number(each.after))
    if each.noise is None:
        return said(
            "{0}: {1} before, {2} now. Whether two photographs of the same skin would differ as much is not known yet.",
            *from_to,
        )
    noise = digits(each.noise)
    match each.verdict:
        case "improved":
            return said(
                "{0}: {1} before, {2} now. That is fewer. Two photographs of the same skin can differ by {3}, and this "
                "is more than that.",
                *from_to,
                noise,
            )
        case "within noise":
            return said(
                "{0}: {1} before, {2} now. That can be chance: two photographs of the same skin can differ by {3}.",
                *from_to,
                noise,
            )
        case _:
            return said(
                "{0}: {1} before, {2} now. That is more. Two photographs of the same skin can differ by {3}, and this "
                "is more than that.",
                *from_to,
                noise,
            )


def number(value: float) -> str:
    """Three digits at most: nothing here is exact to more."""
    if value == round(value) or abs(value) >= 100:
        return f"{value:.0f}".replace("-", "−")
    return f"{value:.3g}".replace("-", "−")


def _says(measured: Measurement) -> Sentence | Word:
    if measured.refused:
        return Word(measured.refused)
    if measured.px_per_mm is None and measured.relief is not None:
        return said(
            "The depth of hollows is {0}, from two photographs with light from either side. It is a relative number: "
            "only later photographs in the same light can show whether it changes.",
            digits(measured.relief.index),
        )
    return said(
        "The program counted these marks. Dark spots: {0}. Red marks: {1}. Of uncertain kind: {2}. Only a later "
        "photograph can show whether that changes.",
        *(len(measured.of(kind)) for kind in ("brown", "red", "uncertain")),
    )


def _check(gate: Gate, say: Say) -> Check:
    state = "good" if gate.passed else "stops" if gate.stops else "take care"
    value: object = Word("not known")
    if gate.value is not None:
        value = f"{number(gate.value)} {gate.unit}".strip()
    if gate.limit is not None:
        value = said("{0} (limit {1})", value, number(gate.limit))
    name = say(GATES.get(gate.code, gate.code))
    return Check(name, state, told(_STATES[state], say), told(value, say), say(gate.says) if gate.says else "")


def _rows(figure: Figure, known: Spread, say: Say) -> Iterator[Row]:
    title = say(TITLES[figure.code])
    for band in figure.parts:
        yield Row(
            told(said("{0}, {1} to {2} mm wide", title, format(band.from_mm, "g"), format(band.to_mm, "g")), say),
            _with_unit(band.value, figure.unit),
            told(_error(None, figure.unit, known.get((figure.code, band.from_mm, band.to_mm))), say),
        )
    if figure.parts:
        return
    if figure.value is None:
        yield Row(title, say("not measured"), say(figure.why))
        return
    error = _error(figure.error, figure.unit, known.get((figure.code,)))
    yield Row(title, _with_unit(figure.value, figure.unit), told(error, say))


def _error(own: float | None, unit: str, between: tuple[float, int] | None) -> Sentence | Word:
    """What another photograph would give, where that is known; else the error within this one, said to be no more."""
    if between is not None:
        return said("± {0} between {1} photographs", _in_unit(digits(between[0]), unit), between[1])
    return Word(NOT_KNOWN) if own is None else said("± {0} within this photograph", _in_unit(digits(own), unit))


def _with_unit(value: float, unit: str) -> str:
    return _in_unit(number(value), unit)


def _in_unit(value: str, unit: str) -> str:
    shown = _UNITS[unit]
    return f"{value}{'' if shown in ('°', '') else ' '}{shown}"


_REGION_COLUMNS = (
    ("skin-area", Word("skin seen, mm²")),
    ("dark-spots-count", Word("dark spots")),
    ("dark-spots-area", Word("their area, mm²")),
    ("red-marks-count", Word("red marks")),
    ("red-marks-area", Word("their area, mm²")),
    ("marks-of-uncertain-kind-count", Word("uncertain")),
    ("ita", Word("typology angle, °")),
)


def _regions(parts: list[Figure], say: Say) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """A row for each part of the face; a dash where nothing was measured, and no column of dashes only."""
    found = {(figure.region, figure.code): figure.value for figure in parts}
    kept = [
        (code, head) for code, head in _REGION_COLUMNS if any(found.get((f.region, code)) is not None for f in parts)
    ]
    rows = []
    for region in dict.fromkeys(figure.region for figure in parts):
        values = [found.get((region, code)) for code, _ in kept]
        rows.append((say(REGIONS.get(region, region)), *("–" if value is None else number(value) for value in values)))
    return (say("part of the face"), *(say(head) for _, head in kept)), tuple(rows)


def _facts(measured: Measurement) -> Iterator[Sentence | Word]:
    if measured.px_per_mm is not None:
        how = Word("the irises, taken as 11.7 mm") if measured.scale_how == "iris" else Word("a given length")
        yield said("Scale: {0} pixels for each millimetre, from {1}.", format(measured.px_per_mm, ".1f"), how)
        if measured.scale_error is not None:
            yield said("One standard error of the scale is {0} %.", format(100 * measured.scale_error, ".0f"))
    if measured.colour is not None:
        yield Word(measured.colour.says)
    if measured.relief is not None:
        yield said("Relief: {0}. {1}", number(measured.relief.index), Word(measured.relief.says))
    if measured.width:
        yield said("The photograph has {0} × {1} pixels.", measured.width, measured.height)
    yield said("Method {0}; figures of two methods are not compared.", measured.method)


def _change(each: Compared, say: Say) -> Change:
    unit = _COMPARED_UNITS.get(each.unit, each.unit)
    title = told(titled(each.what), say)
    noise: object = Word("not known")
    if each.noise is not None:
        limit = f"± {digits(each.noise)}"
        noise = limit if each.own else said("{0} by chance alone", limit)
    return Change(
        what=f"{title}, {unit}" if unit else title,
        before=number(each.before),
        after=number(each.after),
        noise=told(noise, say),
        verdict=told(VERDICTS[each.verdict], say),
        state=each.verdict,
    )
