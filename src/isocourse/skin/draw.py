"""Every stage as a picture to look at: regions, marks, maps with their legend, the checks of quality.

Pictures are sRGB bytes (height, width, 3). Kinds of marks differ in shape as well as in colour, for eyes that do not
tell colours apart. A mark is drawn exactly where it was measured: its outline is the one its area comes from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.findings import Gate, Kind, Spot
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Bytes, Floats, to_srgb
from isocourse.skin.regions import NAMES, Mask, Regions

Colour = tuple[int, int, int]

Shape = Literal["circle", "square", "diamond"]
State = Literal["new", "persistent", "faded"]
Outline = Sequence[tuple[float, float]]


class _Sign(NamedTuple):
    name: str
    shape: Shape
    colour: Colour


# Okabe and Ito's colours, which differ for all common kinds of colour vision.
_KINDS: dict[Kind, _Sign] = {
    "brown": _Sign("brown", "square", (86, 180, 233)),
    "red": _Sign("red", "circle", (240, 228, 66)),
    "uncertain": _Sign("uncertain", "diamond", (255, 255, 255)),
}
_PARTS: tuple[Colour, ...] = (
    (230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66), (204, 121, 167), (0, 114, 178), (213, 94, 0),
    (120, 190, 90), (150, 120, 210), (240, 240, 240),
)  # fmt: skip
# What became of a mark: in words, its shape, its colour.
_STATES: dict[State, _Sign] = {
    "persistent": _Sign("still there", "circle", (255, 255, 255)),
    "faded": _Sign("gone", "diamond", (86, 180, 233)),
    "new": _Sign("new", "square", (240, 228, 66)),
}
_SAMPLE = np.array([[-4.0, -4.0], [4.0, -4.0], [4.0, 4.0], [-4.0, 4.0]])
_INK: Colour = (20, 20, 20)
_PAPER: Colour = (250, 250, 248)
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_LINE = 34
_GRAIN = 0.25 * PX_PER_MM  # maps are drawn a little smoother than they are: noise hides what is to be seen
_AROUND = 5.0  # pixels between a mark and the shape around it


def regions_drawn(photograph: Bytes, regions: Regions) -> Bytes:
    """The parts of the face tinted, with their names; what is not skin stays as it is."""
    tints = np.vstack([np.zeros((1, 3), np.uint8), np.array(_PARTS, np.uint8)])[regions.labels]
    mixed = cv2.addWeighted(photograph, 0.62, tints, 0.38, 0)
    drawn = np.where(regions.skin[..., None], mixed, photograph).astype(np.uint8)
    edges = cv2.morphologyEx(regions.labels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    drawn[edges] = _PAPER
    for name in NAMES:
        where = regions.of(name)
        if where.any():
            _name(drawn, name, _middle(where))
    return np.concatenate([drawn, _scale_bar(drawn.shape[1])])


def spots_drawn(photograph: Bytes, spots: Sequence[Spot], *, legend: bool = True) -> Bytes:
    """Every mark's outline, and around it the shape of its kind; in the legend below how many of each."""
    drawn = photograph.copy()
    for halo in (True, False):
        for spot in spots:
            _outlined(drawn, spot.outline, _KINDS[spot.kind], halo=halo)
    if not legend:
        return drawn
    counted = [(sign, sum(spot.kind == kind for spot in spots)) for kind, sign in _KINDS.items()]
    return np.concatenate([drawn, _legend(drawn.shape[1], counted)])


def states_drawn(photograph: Bytes, marks: Sequence[tuple[State, Outline]]) -> Bytes:
    """Marks of two visits on one picture, each with the shape of what became of it."""
    drawn = photograph.copy()
    for halo in (True, False):
        for state, outline in marks:
            _outlined(drawn, outline, _STATES[state], halo=halo)
    return drawn


def map_drawn(photograph: Bytes, values: Floats, skin: Mask, *, name: str, unit: str = "") -> Bytes:
    """One map over the skin, from its 2nd to its 98th percentile, with a bar that says what the colours mean."""
    shown = skin & np.isfinite(values)
    values = np.asarray(cv2.GaussianBlur(np.where(shown, values, np.float32(np.nanmedian(values))), (0, 0), _GRAIN))
    low, high = (float(v) for v in np.percentile(values[shown], [2, 98])) if shown.any() else (0.0, 1.0)
    span = max(high - low, 1e-6)
    scaled = np.clip((np.nan_to_num(values, nan=low) - low) / span * 255, 0, 255).astype(np.uint8)
    coloured = cv2.applyColorMap(scaled, cv2.COLORMAP_VIRIDIS)[..., ::-1]
    pale = cv2.cvtColor(cv2.cvtColor(photograph, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    drawn = np.where(shown[..., None], coloured, pale).astype(np.uint8)
    return np.concatenate([drawn, _bar(drawn.shape[1], low, high, name, unit)])


def gates_drawn(gates: Sequence[Gate], width: int = 1100) -> Bytes:
    """The checks as a list: a tick, an exclamation mark or a cross, the figure and its limit, and the sentence."""
    rows: list[Bytes] = []
    for gate in gates:
        rows.append(_gate_row(gate, width))
        rows += [_text_row(line, width, indent=60, small=True) for line in _wrapped(gate.says, width - 80)]
    return np.concatenate(rows) if rows else _blank(width, _LINE)


def photograph_of(linear: Floats) -> Bytes:
    """A frame as it looks."""
    return to_srgb(linear)


# --- marks ----------------------------------------------------------------------------------------
def _outlined(drawn: Bytes, outline: Outline, sign: _Sign, *, halo: bool) -> None:
    """An outline where it was measured, and the shape of its sign around it: that first as a dark halo. The outline has
    none, which would hide a small mark."""
    points = np.array(outline, dtype=np.float64)
    colour, thick = (_INK, 4) if halo else (sign.colour, 2)
    if not halo:
        inner = np.asarray(np.rint(points * 16), dtype=np.int32)
        cv2.polylines(drawn, [inner], True, colour, 1, cv2.LINE_AA, shift=4)
    cv2.polylines(drawn, [_around(points, sign.shape)], True, colour, thick, cv2.LINE_AA, shift=4)


def _around(points: NDArray[np.float64], shape: Shape) -> NDArray[np.int32]:
    """A shape large enough to hold an outline."""
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    if shape == "circle":
        radius = float(np.linalg.norm(points - middle, axis=1).max()) + _AROUND
        turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        corners = middle + radius * np.column_stack([np.cos(turn), np.sin(turn)])
    elif shape == "square":
        reach = float(np.abs(points - middle).max()) + _AROUND
        corners = middle + reach * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    else:
        reach = float(np.abs(points - middle).sum(axis=1).max()) + _AROUND * 1.5
        corners = middle + reach * np.array([[0, -1], [1, 0], [0, 1], [-1, 0]])
    return np.asarray(np.rint(corners * 16), dtype=np.int32)


def _legend(width: int, counted: Sequence[tuple[_Sign, int]]) -> Bytes:
    """A strip with each sign and how many there are of it."""
    strip = _scale_bar(width)
    x = 20
    for sign, number in counted:
        sample = _around(_SAMPLE + np.array([x + 14, 27]), sign.shape)
        cv2.polylines(strip, [sample], True, _INK, 5, cv2.LINE_AA, shift=4)
        cv2.polylines(strip, [sample], True, sign.colour, 2, cv2.LINE_AA, shift=4)
        x = _write(strip, f"{number} {sign.name}", x + 36, 35) + 30
    return strip


# --- text, bars -----------------------------------------------------------------------------------
def _blank(width: int, height: int) -> Bytes:
    return np.full((height, width, 3), _PAPER, np.uint8)


def _write(on: Bytes, text: str, x: int, y: int, *, size: float = 0.7, colour: Colour = _INK) -> int:
    """Text with its base line at y; where it ends."""
    cv2.putText(on, text, (x, y), _FONT, size, colour, 1 if size < 0.7 else 2, cv2.LINE_AA)
    return x + int(cv2.getTextSize(text, _FONT, size, 1)[0][0])


def _name(drawn: Bytes, text: str, middle: tuple[int, int]) -> None:
    wide = int(cv2.getTextSize(text, _FONT, 0.7, 2)[0][0])
    at = (int(np.clip(middle[0] - wide // 2, 4, max(drawn.shape[1] - wide - 4, 4))), middle[1] + 8)
    cv2.putText(drawn, text, at, _FONT, 0.7, _PAPER, 6, cv2.LINE_AA)
    cv2.putText(drawn, text, at, _FONT, 0.7, _INK, 2, cv2.LINE_AA)


def _middle(where: Mask) -> tuple[int, int]:
    """The place inside a mask that is furthest from its edge."""
    small = where[::4, ::4].astype(np.uint8)
    _, _, _, at = cv2.minMaxLoc(cv2.distanceTransform(small, cv2.DIST_L2, 3))
    return int(at[0]) * 4, int(at[1]) * 4


def _scale_bar(width: int) -> Bytes:
    """A strip with a bar of 10 mm at its right."""
    strip = _blank(width, 54)
    long = round(10 * PX_PER_MM)
    x = width - long - 110
    cv2.line(strip, (x, 27), (x + long, 27), _INK, 3)
    for end in (x, x + long):
        cv2.line(strip, (end, 20), (end, 34), _INK, 3)
    _write(strip, "10 mm", x + long + 14, 35)
    return strip


def _bar(width: int, low: float, high: float, name: str, unit: str) -> Bytes:
    strip = _blank(width, 92)
    long = width - 40
    ramp = np.tile(np.linspace(0, 255, long).astype(np.uint8), (22, 1))
    strip[40:62, 20 : 20 + long] = cv2.applyColorMap(ramp, cv2.COLORMAP_VIRIDIS)[..., ::-1]
    _write(strip, f"{name} ({unit})" if unit else name, 20, 28)
    _write(strip, f"{low:.3g}", 20, 84, size=0.6)
    right = f"{high:.3g}"
    _write(strip, right, 20 + long - int(cv2.getTextSize(right, _FONT, 0.6, 1)[0][0]), 84, size=0.6)
    return strip


def _gate_row(gate: Gate, width: int) -> Bytes:
    row = _blank(width, _LINE)
    if gate.passed:
        cv2.polylines(row, [np.array([[20, 18], [27, 26], [40, 8]], np.int32)], False, (0, 120, 80), 3, cv2.LINE_AA)
    elif gate.stops:
        cv2.line(row, (21, 8), (39, 26), (190, 30, 30), 3, cv2.LINE_AA)
        cv2.line(row, (39, 8), (21, 26), (190, 30, 30), 3, cv2.LINE_AA)
    else:
        cv2.line(row, (30, 7), (30, 19), (190, 110, 0), 4, cv2.LINE_AA)
        cv2.circle(row, (30, 26), 2, (190, 110, 0), -1, cv2.LINE_AA)
    _write(row, gate.code, 60, 25)
    value = "not known" if gate.value is None else f"{gate.value:.3g} {gate.unit}".strip()
    _write(row, value, 300, 25, size=0.6)
    if gate.limit is not None:
        _write(row, f"limit {gate.limit:.3g}", 520, 25, size=0.6)
    _write(row, "good" if gate.passed else "stops" if gate.stops else "take care", 700, 25, size=0.6)
    return row


def _text_row(text: str, width: int, *, indent: int, small: bool) -> Bytes:
    row = _blank(width, 28)
    _write(row, text, indent, 19, size=0.55 if small else 0.7, colour=(90, 60, 20))
    return row


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and int(cv2.getTextSize(longer, _FONT, 0.55, 1)[0][0]) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
