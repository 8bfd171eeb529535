"""The sheet over the face: pigments, height and shine of bare skin, hair and features over it, marks into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from isocourse.simulate.faces import canvas
from isocourse.simulate.faces import shape as surface
from isocourse.simulate.faces.canvas import Window
from isocourse.simulate.faces.chance import Floats, chance, noise
from isocourse.simulate.faces.features import Layer, features
from isocourse.simulate.faces.marks import Mark, layers
from isocourse.simulate.faces.optics import BLOODLESS, HAEMOGLOBIN, MELANIN
from isocourse.simulate.faces.person import Person
from isocourse.simulate.faces.shape import Shape, shape_of

Doubles = NDArray[np.float64]

_PUS = np.array([0.70, 0.56, 0.34], dtype=np.float32)
# Above `down` at |across| there is hair, on a head of the canonical size.
_TIED_BACK = (
    (0, 30, 55, 72, 85, 95, 102, 112, 121, 127, 133, 150),
    (-84, -82, -73, -56, -38, -30, -38, -46, -46, -30, 15, 30),
)
_SHORT_HAIR = (
    (0, 28, 52, 70, 83, 91, 97, 102, 112, 121, 127, 133, 150),
    (-84, -83, -75, -54, -28, -6, -12, -38, -46, -46, -30, 15, 40),
)
_HAIR_THICK = {True: 9.0, False: 7.0}
_BAND = (7.0, 33.0)  # from and to how many millimetres over the hairline a band holds the hair
_NECKLINE = 122.0
_CLOTHS = ((0.30, 0.32, 0.34), (0.07, 0.12, 0.16), (0.22, 0.30, 0.30), (0.42, 0.40, 0.37))
_WHITE_CLOTH = (0.55, 0.56, 0.56)
_EAR = (104.0, 0.0)


@dataclass(frozen=True, eq=False)
class Sheet:
    """As large as the canvas: `colour` in linear sRGB, and `relief`: slopes across and down, and how it shines."""

    colour: Floats
    relief: Floats


@dataclass(frozen=True, eq=False)
class Body:
    """What stays of a person, whatever is on the skin."""

    shape: Shape
    sheet: Sheet
    melanin: Floats
    haemoglobin: Floats
    height: Floats
    over: tuple[Layer, ...]


@lru_cache(maxsize=2)
def body(person: Person) -> Body:
    """Head and bare skin. Kept for the two people photographed last: about 200 MB each."""
    head = shape_of(person.seed)
    everywhere: Window = (slice(0, canvas.SHAPE[0]), slice(0, canvas.SHAPE[1]))
    across, down = canvas.grid(everywhere)
    melanin, haemoglobin = _pigments(person, head, across, down)
    height, gloss = _relief(person, head, across, down)
    hairy = _hair(person, across, down)
    over = (*features(person, head), _clothes(person, across, down), hairy, *_band(person, across, down))
    sheet = Sheet(
        colour=np.empty((*canvas.SHAPE, 3), np.float32),
        relief=np.empty((*canvas.SHAPE, 3), np.float32),
    )
    made = Body(_with_hair(person, head), sheet, melanin, haemoglobin, height, over)
    _painted(made, sheet, everywhere, melanin, haemoglobin, height, None)
    for layer in over:
        gloss[layer.part] += (layer.gloss - gloss[layer.part]) * layer.cover
    sheet.relief[..., 2] = gloss
    return made


def with_marks(who: Body, marks: Sequence[Mark]) -> Sheet:
    """The sheet with these marks in the skin, under hair and features."""
    sheet = who.sheet
    if not marks:
        return sheet
    drawn = Sheet(sheet.colour.copy(), sheet.relief.copy())
    melanin, haemoglobin, height = who.melanin.copy(), who.haemoglobin.copy(), who.height.copy()
    pale = np.zeros(canvas.SHAPE, np.float32)
    parts = []
    for mark in marks:
        reach = mark.radius * 3 + 1.0
        place = np.array([mark.across, mark.down])
        part = canvas.window(place - reach, place + reach)
        if part is None:
            continue
        across, down = canvas.grid(part)
        (a, b), (_, d) = to_tangent(who.shape, mark)
        x, y = across - np.float32(mark.across), down - np.float32(mark.down)
        found = layers(mark, np.float32(a) * x + np.float32(b) * y, np.float32(d) * y)
        melanin[part] += found.melanin
        haemoglobin[part] += found.haemoglobin
        height[part] += found.height
        pale[part] = np.maximum(pale[part], found.pale)
        parts.append(part)
    for part in parts:
        _painted(who, drawn, part, melanin[part], haemoglobin[part], height, pale[part])
    return drawn


def to_tangent(shape: Shape, mark: Mark) -> Doubles:
    """(2, 2): from millimetres of the sheet around a mark to millimetres on the skin's tangent plane there."""
    along, below = shape.tangents(np.asarray(mark.across), np.asarray(mark.down))
    metric = np.array([[along @ along, along @ below], [along @ below, below @ below]])
    upright: Doubles = np.linalg.cholesky(metric).T
    return upright


def _painted(
    who: Body, sheet: Sheet, part: Window, melanin: Floats, haemoglobin: Floats, height: Floats, pale: Floats | None
) -> None:
    for channel in range(3):
        thinned = melanin * -MELANIN[channel]
        thinned -= haemoglobin * HAEMOGLOBIN[channel]
        sheet.colour[part][..., channel] = cv2.exp(thinned) * BLOODLESS[channel]
    if pale is not None:
        sheet.colour[part] += (_PUS - sheet.colour[part]) * pale[..., None]
    grown = (slice(max(part[0].start - 1, 0), part[0].stop + 1), slice(max(part[1].start - 1, 0), part[1].stop + 1))
    inner = (
        slice(part[0].start - grown[0].start, part[0].stop - grown[0].start),
        slice(part[1].start - grown[1].start, part[1].stop - grown[1].start),
    )
    per = canvas.PX_PER_MM / 2
    own = height[grown]
    sheet.relief[part][..., 0] = cv2.Sobel(own, cv2.CV_32F, 1, 0, ksize=1, scale=per)[inner]
    sheet.relief[part][..., 1] = cv2.Sobel(own, cv2.CV_32F, 0, 1, ksize=1, scale=per)[inner]
    for layer in who.over:
        _laid_over(sheet, part, layer)


def _laid_over(sheet: Sheet, part: Window, layer: Layer) -> None:
    rows = slice(max(part[0].start, layer.part[0].start), min(part[0].stop, layer.part[0].stop))
    columns = slice(max(part[1].start, layer.part[1].start), min(part[1].stop, layer.part[1].stop))
    if rows.stop <= rows.start or columns.stop <= columns.start:
        return
    own = (
        slice(rows.start - layer.part[0].start, rows.stop - layer.part[0].start),
        slice(columns.start - layer.part[1].start, columns.stop - layer.part[1].start),
    )
    colour, cover = sheet.colour[rows, columns], layer.cover[own][..., None]
    colour += (layer.colour[own] - colour) * cover
    if layer.flat:
        sheet.relief[rows, columns, :2] *= 1 - cover


def _bump(across: Floats, down: Floats, place: Doubles, wide: float, tall: float) -> Floats:
    x, y = (across[:1] - np.float32(place[0])) / wide, (down[:, :1] - np.float32(place[1])) / tall
    return np.asarray(np.exp(-(y**2)) * np.exp(-(x**2)), dtype=np.float32)


def _pigments(person: Person, head: Shape, across: Floats, down: Floats) -> tuple[Floats, Floats]:
    dice = chance(person.seed, "pigments")
    scale, size = canvas.PX_PER_MM, canvas.SHAPE
    points = head.points
    more = 0.5 + person.melanin
    melanin = np.full(size, person.melanin, np.float32)
    for wide, much in ((35, 0.035), (9, 0.020), (2.5, 0.014), (0.7, 0.020), (0.22, 0.034)):
        melanin += noise(dice, size, wide * scale) * np.float32(much * more)
    haemoglobin = np.full(size, person.haemoglobin, np.float32)
    for wide, much in ((40, 0.020), (12, 0.016), (3.5, 0.012), (1.0, 0.018), (0.3, 0.022)):
        haemoglobin += noise(dice, size, wide * scale) * np.float32(much)
    flush = float(dice.uniform(0.03, 0.09))
    for index, wide, tall, much in ((50, 22, 20, 1.0), (280, 22, 20, 1.0), (4, 12, 12, 1.1), (152, 18, 12, 0.5)):
        haemoglobin += _bump(across, down, points[index], wide, tall) * np.float32(flush * much)
    for index in (145, 374):
        under = points[index] + [0, 7.0]
        melanin += _bump(across, down, under, 15, 5) * np.float32(0.05 * more)
        haemoglobin += _bump(across, down, under, 15, 5) * np.float32(0.05)
    for index in (159, 386):
        melanin += _bump(across, down, points[index] - [0, 4.0], 16, 6) * np.float32(0.05 * more)
        haemoglobin += _bump(across, down, points[index] - [0, 4.0], 16, 6) * np.float32(0.04)
    return melanin, np.maximum(haemoglobin, 0.02)


def _relief(person: Person, head: Shape, across: Floats, down: Floats) -> tuple[Floats, Floats]:
    """Millimetres of height, and how oily the skin is."""
    dice = chance(person.seed, "relief")
    scale, size = canvas.PX_PER_MM, canvas.SHAPE
    points = head.points
    nose = _bump(across, down, points[4] - [0, 4.0], 20, 22)
    cheeks = _bump(across, down, points[50], 30, 26) + _bump(across, down, points[280], 30, 26)
    holes = noise(dice, size, 0.42 * scale)
    height = np.maximum(holes - np.float32(1.1), 0)
    height *= np.float32(-0.026) - np.float32(0.045) * nose - np.float32(0.035) * np.minimum(cheeks, 1)
    for wide, much in ((14, 0.10), (4, 0.022), (1.3, 0.010), (0.5, 0.006), (0.25, 0.0035)):
        height += noise(dice, size, wide * scale) * np.float32(much)
    lines = noise(dice, (size[0], size[1] // 8 + 1), 0.55 * scale)
    lines = np.asarray(cv2.resize(lines, (size[1], size[0]), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
    brow = float(points[105, 1] + points[334, 1]) / 2
    row, column = down[:, :1], across[:1]
    forehead = np.clip((brow - 4 - row) / 10, 0, 1)
    lines *= np.float32(0.004) * (1 + forehead)
    height += lines
    _frown(height, across, down, brow, noise(dice, (1, size[1]), 20 * scale))
    oil = np.float32(0.16) + np.float32(0.20) * nose + np.float32(0.16) * forehead * np.exp(-((column / 38) ** 2))
    oil *= np.clip(1 + np.float32(0.15) * noise(dice, size, 9 * scale), 0.4, 1.6)
    return height, np.minimum(oil, np.float32(0.6))


def _frown(height: Floats, across: Floats, down: Floats, brow: float, uneven: Floats) -> None:
    """Three faint furrows over the forehead. Written into `height`."""
    for between in (18.0, 27.0, 36.0):
        part = canvas.window(np.array([-60.0, brow - between - 8]), np.array([60.0, brow - between + 8]))
        if part is None:
            continue
        column = across[part][:1]
        wave = np.float32(brow - between) + 2.5 * np.cos(column / 28) + 0.8 * uneven[:, part[1]]
        depth = 0.05 * np.exp(-((column / 42) ** 4))
        height[part] -= (depth * np.exp(-(((down[part] - wave) / 0.8) ** 2))).astype(np.float32)


def hair_from(person: Person, across: Doubles) -> Doubles:
    """Above this `down` there is hair, at each `across`."""
    at, above = _TIED_BACK if person.tied_back else _SHORT_HAIR
    line: Doubles = np.interp(np.abs(across) / surface.SIZE, at, above) * surface.SIZE
    return line


def _hair(person: Person, across: Floats, down: Floats) -> Layer:
    dice = chance(person.seed, "hair strands")
    scale = canvas.PX_PER_MM
    angle = np.arctan2(across, np.maximum(40 - down, 25))  # combed back on the head, falling straight beside it
    strand = noise(dice, (64, 2048), 2.0)
    away = np.hypot(across, 40 - down)
    fine = cv2.remap(
        strand, (angle * 300 + 1024) % 2040, (away * 0.25) % 60, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
    )
    broad = noise(dice, (16, 256), 3.0)
    locks = cv2.remap(broad, (angle * 36 + 128) % 250, (away * 0.05) % 14, cv2.INTER_LINEAR)
    edge = hair_from(person, across[0].astype(np.float64)).astype(np.float32)
    ragged = edge + fine * 1.6 + noise(dice, (1, across.shape[1]), 4 * scale) * 1.5
    cover = 1 / (1 + np.exp(np.clip((down - ragged) / 1.3, -30, 30)))
    shine = np.exp(np.clip(0.30 * fine + 0.25 * locks, -1.2, 1.2))
    colour = np.asarray(person.hair, dtype=np.float32) * shine[..., None]
    everywhere: Window = (slice(0, canvas.SHAPE[0]), slice(0, canvas.SHAPE[1]))
    return Layer(everywhere, cover.astype(np.float32), colour.astype(np.float32), 0.10, flat=True)


def _band(person: Person, across: Floats, down: Floats) -> list[Layer]:
    if not person.tied_back:
        return []
    part: Window = (slice(0, int((20 - canvas.TOP) * canvas.PX_PER_MM)), slice(0, canvas.SHAPE[1]))
    least, most = _BAND
    column = across[0].astype(np.float64)
    along = gaussian_filter(hair_from(person, np.clip(column, -68, 68)), 8.0 * canvas.PX_PER_MM)
    above = along.astype(np.float32) - down[part]
    cover = np.clip((above - least) * 3, 0, 1) * np.clip((most - above) * 3, 0, 1)
    middle = (above - (least + most) / 2) / ((most - least) / 2)
    folds = 1 - 0.25 * np.abs(middle) ** 3 + 0.05 * np.sin(above * 1.7 + np.sin(across[part] / 9))
    colour = np.asarray(_WHITE_CLOTH, dtype=np.float32) * folds[..., None]
    return [Layer(part, cover.astype(np.float32), colour.astype(np.float32), 0.0, flat=True)]


def _clothes(person: Person, across: Floats, down: Floats) -> Layer:
    dice = chance(person.seed, "clothes")
    neckline = _NECKLINE + 7 * np.cos(across[0] / 34)
    top = int((_NECKLINE - 12 - canvas.TOP) * canvas.PX_PER_MM)
    part: Window = (slice(top, canvas.SHAPE[0]), slice(0, canvas.SHAPE[1]))
    cover = np.clip((down[part] - neckline) * 4, 0, 1)
    weave = 1 + 0.05 * np.sin(across[part] * 9) * np.sin(down[part] * 9)
    hem = 1 - 0.35 * np.exp(-(((down[part] - neckline - 3.0) / 0.8) ** 2))
    colour = np.asarray(_CLOTHS[int(dice.integers(len(_CLOTHS)))], dtype=np.float32) * (weave * hem)[..., None]
    return Layer(part, cover.astype(np.float32), colour.astype(np.float32), 0.02, flat=True)


def _with_hair(person: Person, head: Shape) -> Shape:
    """Hair has a thickness, and ears stand off where it leaves them bare."""
    down, across = np.mgrid[surface.TOP : surface.BOTTOM + 1, surface.LEFT : surface.RIGHT + 1].astype(np.float64)
    hairy = np.clip((hair_from(person, across) - down) / 10, 0, 1)
    crown = np.clip((down + 126) / 10, 0, 1)
    radius = head.radius + gaussian_filter(hairy, 3.0) * crown * _HAIR_THICK[person.tied_back]
    radius = radius + _ear(np.abs(across) - _EAR[0], down - _EAR[1])
    return replace(head, radius=radius)


def _ear(x: Doubles, y: Doubles) -> Doubles:
    """A shell that rises towards the back, with a rim and a hollow, in millimetres."""
    lean = x - 0.18 * -y
    half = 31.0 - 3.0 * np.clip(y / 30, -1, 1)
    wide = 11.0 - 3.5 * np.clip(y / 30, -1, 1)
    away = np.hypot((lean - 3) / wide, y / half)
    inside = np.clip((1.12 - away) / 0.24, 0, 1)
    rise = 9.0 + 8.0 * np.clip((lean + 8) / 16, 0, 1)
    hollow = 5.0 * np.exp(-(((lean + 4) / 4.0) ** 2) - ((y - 3) / 9) ** 2) + 2.5 * np.exp(
        -(((away - 0.72) / 0.12) ** 2)
    )
    lobe = 1 - 0.4 * np.clip((y - 14) / 16, 0, 1)
    ear: Doubles = gaussian_filter(inside * lobe * (rise - hollow), 0.8)
    return ear
