"""A measurement or a comparison in words and rounded numbers, the same for the web page and for the PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from isocourse.skin.change import DARK_SPOTS, RED_MARKS
from isocourse.skin.figures import AREA, BURDEN, DEGREES, LIGHTNESS, MARKS, PART, Figure, Spread, figures, spread
from isocourse.skin.findings import Compared, Comparison, Gate, Measurement
from isocourse.skin.frame import PX_PER_MM
from isocourse.words.photograph_change import number as digits

NOT_VALIDATED = (
    "Not validated. It was tried on made-up pictures only, and never held against the counts of a dermatologist or a "
    "meter for colour. It is not a diagnosis. It says nothing about causes, and compares no person with another."
)
NOT_KNOWN = "not known: take two or three at one visit"
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
VERDICTS: Mapping[str, str] = {
    "improved": "▼ improved",
    "within noise": "= within noise",
    "worse": "▲ worse",
    "not known": "? not known",
}


class Check(Struct, frozen=True):
    """A check of quality: `state` is good, take care, or stops."""

    name: str
    state: str
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
    """Two photographs."""

    says: str
    refused: str
    rows: tuple[Change, ...]
    notes: tuple[str, ...]
    facts: tuple[str, ...]


def sheet(measured: Measurement, title: str, shots: Sequence[Measurement] = ()) -> Sheet:
    """One photograph as people read it. `shots` are photographs of one visit, for what another one would give."""
    all_of = figures(measured)
    spread_of = spread(measured, shots)
    parts = [figure for figure in all_of if figure.region]
    heads, regions = _regions(parts)
    return Sheet(
        title=title,
        says=_says(measured),
        refused=measured.refused,
        checks=tuple(_check(gate) for gate in measured.gates),
        rows=tuple(row for figure in all_of if not figure.region for row in _rows(figure, spread_of))
        if not measured.refused
        else (),
        region_heads=heads,
        regions=regions,
        facts=_facts(measured),
    )


def change_sheet(found: Comparison) -> ChangeSheet:
    """Two photographs as people read it."""
    facts = []
    if not found.refused:
        states = [pair.state for pair in found.pairs]
        facts.append(
            f"Marks in the skin that both photographs show: {states.count('persistent')} are in both, "
            f"{states.count('new')} only in the follow-up, {states.count('faded')} only in the baseline."
        )
        facts.append(f"Both photographs validly show {100 * found.seen:.0f} % of the baseline's skin.")
        if found.consistency is not None:
            off = found.consistency / PX_PER_MM
            far = "less than 0.01" if off < 0.01 else f"{off:.2f}"
            facts.append(f"There and back again, the alignment is off by {far} mm (median).")
    rows = tuple(_change(number) for number in found.numbers)
    return ChangeSheet(_changed(found), found.refused, rows, tuple(map(str, found.notes)), tuple(facts))


def _changed(found: Comparison) -> str:
    """What changed, for the patient: dark spots first, then red marks."""
    told = {each.what: _told(each) for each in found.numbers}
    return " ".join(told[what] for what in (DARK_SPOTS, RED_MARKS) if what in told) or found.says


def _told(each: Compared) -> str:
    begin = f"{each.what.capitalize()}: {number(each.before)} before, {number(each.after)} now."
    if each.noise is None:
        return f"{begin} Whether two photographs of the same skin would differ as much is not known yet."
    differ = f"than photographs of the same skin differ by ({digits(each.noise)} either way)"
    if each.verdict == "within noise":
        return f"{begin} That is no more {differ}."
    return f"{begin} That is {'fewer' if each.verdict == 'improved' else 'more'}, by more {differ}."


def number(value: float) -> str:
    """Three digits at most: nothing here is exact to more."""
    if value == round(value) or abs(value) >= 100:
        return f"{value:.0f}".replace("-", "−")
    return f"{value:.3g}".replace("-", "−")


def _says(measured: Measurement) -> str:
    if measured.refused:
        return measured.refused
    if measured.px_per_mm is None and measured.relief is not None:
        return (
            f"The depth of hollows is {digits(measured.relief.index)}, from two photographs with light from either "
            "side. It is a relative number: only later photographs in the same light can show whether it changes."
        )
    brown, red, other = (len(measured.of(kind)) for kind in ("brown", "red", "uncertain"))
    return (
        f"The program counted {_counted(brown, 'dark spot')}, {_counted(red, 'red mark')} and "
        f"{_counted(other, 'mark')} of uncertain kind. Only a later photograph can show whether that changes."
    )


def _counted(many: int, what: str) -> str:
    return f"{many} {what}" if many == 1 else f"{many} {what}s"


def _check(gate: Gate) -> Check:
    value = "not known" if gate.value is None else f"{number(gate.value)} {gate.unit}".strip()
    if gate.limit is not None:
        value += f" (limit {number(gate.limit)})"
    return Check(gate.code, "good" if gate.passed else "stops" if gate.stops else "take care", value, gate.says)


def _rows(figure: Figure, known: Spread) -> tuple[Row, ...]:
    if figure.parts:
        return tuple(
            Row(
                f"{figure.name}, {_band(band.from_mm, band.to_mm)}",
                _with_unit(band.value, figure.unit),
                _error(None, figure.unit, known.get((figure.code, band.from_mm, band.to_mm))),
            )
            for band in figure.parts
        )
    if figure.value is None:
        return (Row(figure.name, "not measured", figure.why),)
    told = _error(figure.error, figure.unit, known.get((figure.code,)))
    return (Row(figure.name, _with_unit(figure.value, figure.unit), told),)


def _error(own: float | None, unit: str, between: tuple[float, int] | None) -> str:
    """What another photograph would give, where that is known; else the error within this one, said to be no more."""
    if between is not None:
        return f"± {_in_unit(digits(between[0]), unit)} between {between[1]} photographs"
    return NOT_KNOWN if own is None else f"± {_in_unit(digits(own), unit)} within this photograph"


def _band(low: float, high: float) -> str:
    return f"{low:g}–{high:g} mm"


def _with_unit(value: float, unit: str) -> str:
    return _in_unit(number(value), unit)


def _in_unit(told: str, unit: str) -> str:
    shown = _UNITS[unit]
    return f"{told}{'' if shown in ('°', '') else ' '}{shown}"


_REGION_COLUMNS = (
    ("skin-area", "skin seen, mm²"),
    ("dark-spots-count", "dark spots"),
    ("dark-spots-area", "their area, mm²"),
    ("red-marks-count", "red marks"),
    ("red-marks-area", "their area, mm²"),
    ("marks-of-uncertain-kind-count", "uncertain"),
    ("ita", "typology angle, °"),
)


def _regions(parts: list[Figure]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """A row for each part of the face; a dash where nothing was measured, and no column of dashes only."""
    found = {(figure.region, figure.code): figure.value for figure in parts}
    kept = [
        (code, head) for code, head in _REGION_COLUMNS if any(found.get((f.region, code)) is not None for f in parts)
    ]
    rows = []
    for region in dict.fromkeys(figure.region for figure in parts):
        values = [found.get((region, code)) for code, _ in kept]
        rows.append((region, *("–" if value is None else number(value) for value in values)))
    return ("part of the face", *(head for _, head in kept)), tuple(rows)


def _facts(measured: Measurement) -> tuple[str, ...]:
    facts = []
    if measured.px_per_mm is not None:
        how = "the irises, taken as 11.7 mm" if measured.scale_how == "iris" else "a given length"
        error = "" if measured.scale_error is None else f", one standard error {100 * measured.scale_error:.0f} %"
        facts.append(f"Scale: {measured.px_per_mm:.1f} pixels for each millimetre, from {how}{error}.")
    if measured.colour is not None:
        facts.append(measured.colour.says)
    if measured.relief is not None:
        facts.append(f"Relief: {number(measured.relief.index)}. {measured.relief.says}")
    if measured.width:
        facts.append(f"The photograph has {measured.width} × {measured.height} pixels.")
    facts.append(f"Method {measured.method}; figures of two methods are not compared.")
    return tuple(facts)


def _change(each: Compared) -> Change:
    unit = _COMPARED_UNITS.get(each.unit, each.unit)
    name = f"{each.what}, {unit}" if unit else each.what
    noise = "not known" if each.noise is None else f"± {digits(each.noise)}{'' if each.own else ', of other faces'}"
    return Change(name, number(each.before), number(each.after), noise, VERDICTS[each.verdict], each.verdict)
