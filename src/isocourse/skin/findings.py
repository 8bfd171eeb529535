"""What a photograph was measured to show, as data: what every other room, page and file sees of this one.

Lengths in millimetres, areas in square millimetres, colours in CIELAB (D65, 2 degrees), angles in degrees. Places are
pixels of the working frame (8 for each millimetre, `frame.Frame`), x to the right and y down. Right and left are the
person's. What could not be measured is None, never zero.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["brown", "red", "uncertain"]
Rung = Literal["chart", "grey card", "own baseline", "none"]


class Gate(msgspec.Struct, frozen=True):
    """One check of quality. `stops`: nothing is measured while it fails. `says` is for whoever holds the camera."""

    code: str
    passed: bool
    stops: bool
    value: float | None
    limit: float | None
    unit: str = ""
    says: str = ""


class Spot(msgspec.Struct, frozen=True):
    """One mark. Differences are the mark's median less that of the ring of skin around it: darker is a negative `d_l`.

    `melanin` and `haemoglobin` are differences of density in the units of `colour.pigments`; `d_ita` is None where b*
    of either is not above zero. `outline` is a closed polygon, `score` the detector's own scale (not a probability).
    """

    x: float
    y: float
    area: float
    area_error: float
    kind: Kind
    d_l: float
    d_a: float
    d_b: float
    d_e: float
    d_ita: float | None
    melanin: float
    haemoglobin: float
    score: float
    region: str
    outline: tuple[tuple[float, float], ...]


class Band(msgspec.Struct, frozen=True):
    """Roughness of lightness within a band of widths in millimetres: a robust spread of L*, not a height."""

    from_mm: float
    to_mm: float
    value: float


class Tone(msgspec.Struct, frozen=True):
    """Colour of bare skin outside the marks: medians, and the angle with one standard error and its class."""

    lightness: float
    a: float
    b: float
    ita: float | None
    ita_error: float | None
    tone_class: str | None
    melanin_index: float
    erythema_index: float


class RegionFigures(msgspec.Struct, frozen=True):
    """One part of the face. `area` is the bare skin that was seen; burden is the sum of area times |dL*|."""

    name: str
    area: float
    tone: Tone | None
    brown: int
    red: int
    uncertain: int
    brown_area: float
    red_area: float
    brown_burden: float
    red_burden: float
    texture: tuple[Band, ...]


class ColourFit(msgspec.Struct, frozen=True):
    """Which rung of the ladder the colours stand on. `error` is the mean leave-one-out delta E00 of its patches."""

    rung: Rung
    error: float | None
    patches: int
    says: str


class Relief(msgspec.Struct, frozen=True):
    """Relative depth of hollows. `how` is "raking light" (a relative index), or "shading" (a weak proxy, labelled, that
    counts no hollows)."""

    how: Literal["raking light", "shading"]
    index: float
    hollows: int | None
    area: float | None
    says: str


class Measurement(msgspec.Struct, frozen=True):
    """Everything about one photograph. Where `refused` is not empty nothing below `gates` is there.

    `method` names the version of the whole pipeline: figures of two methods are not compared. `brightness` is the
    median L* of bare skin in the colours that the figures are of: without a reference it says how much light the
    camera took, not what the skin is like.
    """

    method: str
    width: int
    height: int
    gates: tuple[Gate, ...]
    refused: str = ""
    px_per_mm: float | None = None
    scale_how: str = ""
    scale_error: float | None = None
    colour: ColourFit | None = None
    covered: float | None = None
    brightness: float | None = None
    tone: Tone | None = None
    regions: tuple[RegionFigures, ...] = ()
    spots: tuple[Spot, ...] = ()
    texture: tuple[Band, ...] = ()
    relief: Relief | None = None

    def of(self, kind: Kind) -> tuple[Spot, ...]:
        """The marks of one kind."""
        return tuple(spot for spot in self.spots if spot.kind == kind)


class Compared(msgspec.Struct, frozen=True):
    """One number at two visits. `noise` is the smallest detectable change at 95 percent, of this person's photographs
    where `own`; else what chance alone makes of counts as large, and photographs make more."""

    what: str
    unit: str
    before: float
    after: float
    noise: float | None
    own: bool
    verdict: Literal["improved", "within noise", "worse", "not known"]


class Pair(msgspec.Struct, frozen=True):
    """One mark of the baseline beside its own of the follow-up, by index; None where none is counted. A persistent one
    that only one of them counts is there in the other too, under the limit from which on marks count."""

    before: int | None
    after: int | None
    state: Literal["new", "persistent", "faded"]


class Note(msgspec.Struct, frozen=True):
    """A sentence as its pattern and what stands in it, so that a page can translate it."""

    pattern: str
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.pattern.format(*self.parts)


def note(pattern: str, *parts: str) -> Note:
    """A note from its pattern."""
    return Note(pattern, parts)


class Comparison(msgspec.Struct, frozen=True):
    """A follow-up laid on its baseline. Where `refused` is not empty nothing was compared.

    `seen` is the part of the baseline's skin where the two agree; `consistency` the median distance in pixels of the
    frame between there and back again. `notes` say what was not compared and why, and how sure the noise is; those kept
    before notes had a pattern are whole sentences.
    """

    refused: str = ""
    seen: float = 0.0
    consistency: float | None = None
    pairs: tuple[Pair, ...] = ()
    numbers: tuple[Compared, ...] = ()
    notes: tuple[Note | str, ...] = ()
