"""Every number of a measurement in one list: its name, unit and error, or why there is none.

What leaves the house (FHIR, the report, the command line's JSON) reads this list, so that all of them say the same.
Units are those of UCUM.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import hypot, sqrt
from statistics import stdev

import msgspec

from isocourse.skin.findings import Band, Kind, Measurement, Spot, Tone

MARKS, AREA, BURDEN, LIGHTNESS, DEGREES, PLAIN, PART = (
    "{mark}", "mm2", "mm2.{L*}", "{L*}", "deg", "1", "%",
)  # fmt: skip
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("brown", "dark spots"),
    ("red", "red marks"),
    ("uncertain", "marks of uncertain kind"),
)
NO_COLOUR = "needs a colour chart or a grey card in the photograph"
NO_TEXTURE = "the photograph is not sharp enough, or too little skin is seen"
NO_SKIN = "too little bare skin is seen"
NO_ANGLE = "the skin is not yellow enough for an angle"
NOT_LOOKED_FOR = "not looked for in photographs with light from the side"
NO_RELIEF = "needs two photographs with light from either side"


# By code, of bands with their widths: one standard deviation, and between how many photographs.
Spread = Mapping[tuple[str | float, ...], tuple[float, int]]


class Figure(msgspec.Struct, frozen=True):
    """One number. `error` is one standard error, None where it is not known; `parts` are bands of widths, each a number
    of its own; `region` is empty for the whole face. Where `value` is None and there are no parts, `why` says why."""

    code: str
    name: str
    unit: str
    value: float | None
    error: float | None = None
    region: str = ""
    parts: tuple[Band, ...] = ()
    why: str = ""


def figures(measured: Measurement) -> tuple[Figure, ...]:
    """All of a measurement, the whole face first. A refused one has the figures of the whole face, without values."""
    return (*_whole(measured), *_regions(measured))


def spread(measured: Measurement, shots: Sequence[Measurement]) -> Spread:
    """The standard deviation of each figure of the whole face between photographs of one visit, and of how many: of
    those that were measured alike and differ at all. It is what another photograph would give."""
    values: dict[tuple[str | float, ...], list[float]] = {}
    for each in shots:
        if each.refused or each.method != measured.method:
            continue
        for figure in _whole(each):
            if figure.value is not None:
                values.setdefault((figure.code,), []).append(figure.value)
            for band in figure.parts:
                values.setdefault((figure.code, band.from_mm, band.to_mm), []).append(band.value)
    found = {name: (stdev(own), len(own)) for name, own in values.items() if len(own) > 1}
    return {name: each for name, each in found.items() if each[0] > 0}


def _whole(measured: Measurement) -> Iterator[Figure]:
    refused = measured.refused
    # Of two photographs with light from either side hollows alone are looked for: no mark is not none.
    unlooked = refused or (NOT_LOOKED_FOR if measured.px_per_mm is None else "")
    yield from _marks(measured, measured.spots, region="", why=unlooked)
    yield from _tone(measured.tone, region="", why=unlooked or NO_COLOUR)
    yield _roughness(measured.texture, region="", why=unlooked or NO_TEXTURE)
    raking = measured.relief if measured.relief is not None and measured.relief.how == "raking light" else None
    yield Figure("hollows-index", "depth of hollows, relative", PLAIN, raking.index if raking else None,
                 why="" if raking else refused or NO_RELIEF)  # fmt: skip
    share = None if refused or measured.covered is None else 100 * measured.covered
    yield Figure(
        "covered", "part of the face that is covered or shines", PART, share, why="" if share is not None else unlooked
    )


def _regions(measured: Measurement) -> Iterator[Figure]:
    if measured.refused:
        return
    for part in measured.regions:
        own = [spot for spot in measured.spots if spot.region == part.name]
        unseen = "" if part.area > 0 else NO_SKIN
        yield Figure(
            "skin-area", "bare skin that was seen", AREA, part.area, _scaled(measured, part.area, 0.0), part.name
        )
        yield from _marks(measured, own, region=part.name, why=unseen)
        yield from _tone(part.tone, region=part.name, why=unseen or NO_COLOUR)
        yield _roughness(part.texture, region=part.name, why=unseen or NO_TEXTURE)


def _marks(measured: Measurement, spots: Sequence[Spot], *, region: str, why: str) -> Iterator[Figure]:
    for kind, name in _KINDS:
        own = [spot for spot in spots if spot.kind == kind]
        slug = name.replace(" ", "-")
        yield Figure(f"{slug}-count", f"{name}, number", MARKS, None if why else len(own), region=region, why=why)
        if kind == "uncertain":
            continue
        area, burden = sum(spot.area for spot in own), sum(spot.area * abs(spot.d_l) for spot in own)
        outline = sqrt(sum(spot.area_error**2 for spot in own))
        burden_outline = sqrt(sum((spot.area_error * spot.d_l) ** 2 for spot in own))
        for code, told, unit, value, error in (
            ("area", "area", AREA, area, outline),
            ("burden", "area times darkness", BURDEN, burden, burden_outline),
        ):
            both = None if why else _scaled(measured, value, error)
            yield Figure(f"{slug}-{code}", f"{name}, {told}", unit, None if why else value, both, region, why=why)


def _scaled(measured: Measurement, area: float, outline: float) -> float | None:
    """The error of an area: that of the outlines, and that of the scale twice. None where the scale's is not known."""
    return None if measured.scale_error is None else hypot(outline, 2 * measured.scale_error * area)


def _tone(tone: Tone | None, *, region: str, why: str) -> Iterator[Figure]:
    rows = (
        ("ita", "individual typology angle", DEGREES),
        ("lightness", "lightness L* of the skin", LIGHTNESS),
        ("erythema_index", "erythema index, 100 log10(R/G)", PLAIN),
        ("melanin_index", "melanin index", PLAIN),
    )
    for field, name, unit in rows:
        value: float | None = getattr(tone, field, None)
        error = tone.ita_error if tone is not None and field == "ita" else None
        missing = "" if value is not None else NO_ANGLE if tone is not None else why
        yield Figure(field.replace("_", "-"), name, unit, value, error, region, why=missing)


def _roughness(bands: tuple[Band, ...], *, region: str, why: str) -> Figure:
    return Figure("roughness", "roughness of lightness", LIGHTNESS, None, region=region, parts=bands,
                  why="" if bands else why)  # fmt: skip


def scale_told(measured: Measurement) -> str:
    """How the scale was found and how sure that is; empty where there is none."""
    if measured.px_per_mm is None:
        return ""
    how = "irises taken as 11.7 mm" if measured.scale_how == "iris" else "a given length"
    return f"{how}, standard error {100 * (measured.scale_error or 0):.0f} %"
