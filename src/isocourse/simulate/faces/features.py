"""Eyes, brows, lashes, lips, nostrils and hair, drawn on the sheet over the skin, where the mesh has them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

from isocourse.simulate.faces import canvas
from isocourse.simulate.faces.canvas import Window
from isocourse.simulate.faces.chance import Floats, chance, noise
from isocourse.simulate.faces.person import Person
from isocourse.simulate.faces.shape import LOWER_INNER, LOWER_LIDS, UPPER_INNER, UPPER_LIDS, Shape

Doubles = NDArray[np.float64]

IRIS_MM = 11.7
_FINE_HAIRS = 1800
# Brows, from the inner end to the outer.
_BROW_TOPS = ((107, 66, 105, 63, 70), (336, 296, 334, 293, 300))
_BROW_BOTTOMS = ((55, 65, 52, 53, 46), (285, 295, 282, 283, 276))
_UPPER_LIP = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
_LOWER_LIP = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
_CREASE = (0.5, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 0.8, 0.3)  # how far over the upper lid its fold lies
_NOSTRILS = ((79, 238, 241, 97, 99, 60, 75, 166), (309, 458, 461, 326, 328, 290, 305, 392))
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Layer:
    """Something over the skin: within `part`, `colour` covers `cover` of it; `gloss` is how it shines, 0 to 1.
    `flat`: it hides the relief of the skin under it."""

    part: Window
    cover: Floats
    colour: Floats
    gloss: float
    flat: bool = False


def features(person: Person, shape: Shape) -> list[Layer]:
    """From the lowest to the topmost."""
    found = [_fine_hair(person), _lips(person, shape), _mouth_line(person, shape)]
    for side in (0, 1):
        found += [*_eye(person, shape, side), _brow_shadow(person, shape, side), _brow(person, shape, side)]
        found.append(_nostril(person, shape, side))
    return found


def iris(shape: Shape, side: int) -> Doubles:
    """The middle of an iris (0 right, 1 left of the person)."""
    upper, lower = shape.points[list(UPPER_LIDS[side])], shape.points[list(LOWER_LIDS[side])]
    middle: Doubles = (upper[3:6].mean(axis=0) + lower[3:6].mean(axis=0)) / 2
    return middle


def smooth(points: Doubles, steps: int = 60) -> Doubles:
    """A smooth line through these points."""
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    line: Doubles = CubicSpline(along, points)(np.linspace(0, along[-1], steps))
    return line


def _flat(colour: ArrayLike, cover: Floats) -> Floats:
    return np.broadcast_to(np.asarray(colour, dtype=np.float32), (*cover.shape, 3))


def _fine_hair(person: Person) -> Layer:
    dice = chance(person.seed, "fine hair")
    roots = np.stack([dice.uniform(-72, 72, _FINE_HAIRS), dice.uniform(-66, 82, _FINE_HAIRS)], axis=-1)
    outwards = np.clip(roots[:, 0] / 60, -1, 1) + dice.normal(0, 0.3, _FINE_HAIRS)
    lines = []
    for root, aside in zip(roots, outwards, strict=True):
        way = np.array([aside, 1.0]) / np.hypot(aside, 1.0) * dice.uniform(1.0, 2.6)
        lines.append(np.array([root, root + way * [0.35, 0.55], root + way]))
    strengths = [float(each) for each in dice.uniform(0.2, 1.0, _FINE_HAIRS)]
    part, cover = canvas.strokes(lines, 0.1, 0.05, strengths=strengths)
    return Layer(part, cover * np.float32(0.16), _flat(np.multiply(person.hair, 1.6), cover), 0.2)


def _lips(person: Person, shape: Shape) -> Layer:
    outline = np.concatenate([smooth(shape.points[list(_UPPER_LIP)]), smooth(shape.points[list(_LOWER_LIP)])[::-1]])
    part, cover = canvas.filled(outline, 0.7)
    dice = chance(person.seed, "lips")
    folds = noise(dice, (cover.shape[0] // 12 + 1, cover.shape[1]), 7)
    folds = cv2.resize(folds, (cover.shape[1], cover.shape[0]), interpolation=cv2.INTER_LINEAR)
    density = 0.45 + 0.05 * folds + 0.04 * noise(dice, folds.shape, 3)
    tint = np.array([0.35, 1.0, 0.80], dtype=np.float32) * np.float32(0.9 if person.melanin < 0.9 else 0.55)
    base = person.colour.astype(np.float32) * (0.95 if person.melanin < 0.9 else 0.85)
    colour = base * np.exp(-density[..., None] * tint)
    return Layer(part, cover * np.float32(0.92), colour.astype(np.float32), 0.35)


def _mouth_line(person: Person, shape: Shape) -> Layer:
    middle = (shape.points[list(UPPER_INNER)] + shape.points[list(LOWER_INNER)]) / 2
    ends = shape.points[[61, 291]]
    line = smooth(np.concatenate([ends[:1], middle, ends[1:]]))
    part, cover = canvas.strokes([line], 0.9, 0.45)
    return Layer(part, np.minimum(cover * 1.1, 0.9), _flat(person.colour * [0.20, 0.13, 0.13], cover), 0.1)


def _eye(person: Person, shape: Shape, side: int) -> list[Layer]:
    upper, lower = smooth(shape.points[list(UPPER_LIDS[side])]), smooth(shape.points[list(LOWER_LIDS[side])])
    opening = np.concatenate([upper, lower[::-1]])
    part, open_ = canvas.filled(opening, 0.15)
    across, down = canvas.grid(part)
    middle = iris(shape, side)
    # Eyes look at the camera while the lids slant: as seen from the front the iris is round and as wide as it is.
    off = (shape.at(across, down) - shape.at(*middle)).astype(np.float32)
    x, y = off[..., 0], off[..., 1]
    colour = _eyeball(person, x, y)
    lid = np.interp(across[0], *_increasing(upper))
    shade = 1 - 0.55 * np.exp(-np.maximum(down - lid.astype(np.float32), 0) / 1.6)
    corner = np.minimum(across[0] - opening[:, 0].min(), opening[:, 0].max() - across[0])
    shade = shade * (1 - 0.35 * np.exp(-np.maximum(corner, 0) / 3.0)).astype(np.float32)
    colour = colour * shade[..., None]
    light = np.exp(-((((x + 1.4) / 0.75) ** 2 + ((y + 1.6) / 0.75) ** 2) ** 2))
    colour = colour + light[..., None] * np.float32(0.8)
    layers = [Layer(part, open_, colour.astype(np.float32), 0.25, flat=True)]
    crease = smooth(shape.points[list(UPPER_LIDS[side])] - np.outer(_CREASE, [0.0, 3.2]))
    part, cover = canvas.strokes([crease], 0.6, 0.45)
    layers.append(Layer(part, cover * np.float32(0.55), _flat(person.colour * [0.45, 0.33, 0.32], cover), 0.0))
    part, cover = canvas.strokes([upper], 0.8, 0.2)
    layers.append(Layer(part, cover * np.float32(0.75), _flat(np.multiply(person.hair, 0.5), cover), 0.0))
    part, cover = canvas.strokes([lower], 0.45, 0.25)
    layers.append(Layer(part, cover * np.float32(0.4), _flat(person.colour * [0.55, 0.35, 0.33], cover), 0.1))
    layers.append(_lashes(person, upper, lower, side))
    return layers


def _increasing(line: Doubles) -> tuple[Doubles, Doubles]:
    order = np.argsort(line[:, 0])
    return line[order, 0], line[order, 1]


def _eyeball(person: Person, x: Floats, y: Floats) -> Floats:
    away = np.hypot(x, y)
    angle = np.arctan2(y, x)
    dice = chance(person.seed, "eyes")
    streaks = sum(
        dice.normal() * np.cos(n * angle + dice.uniform(0, 6.28) + 0.3 * away) for n in (9, 14, 23, 31)
    ) / np.float32(2.0)
    iris_colour = np.asarray(person.iris, dtype=np.float32) * (1 + 0.22 * streaks + 0.25 * (away < 3.2))[..., None]
    white = np.array([0.62, 0.55, 0.51], dtype=np.float32) * (1 - 0.02 * np.maximum(away - 6, 0))[..., None]
    rim = IRIS_MM / 2
    inside = 1 / (1 + np.exp(np.minimum((away - rim) / 0.10, 60)))
    ring = np.exp(-(((away - rim + 0.45) / 0.55) ** 2))
    colour = white + (iris_colour * (1 - 0.6 * ring)[..., None] - white) * inside[..., None]
    pupil = 1 / (1 + np.exp(np.minimum((away - 1.9) / 0.09, 60)))
    return np.asarray(colour * (1 - 0.97 * pupil)[..., None], dtype=np.float32)


def _lashes(person: Person, upper: Doubles, lower: Doubles, side: int) -> Layer:
    dice = chance(person.seed, "lashes", side)
    outwards = -1.0 if side == 0 else 1.0
    lines = []
    for line, count, length, up in ((upper, 70, 3.4, -1.0), (lower, 36, 1.6, 1.0)):
        for where in dice.uniform(0.02, 0.93, count):
            root = line[int(where * (len(line) - 1))]
            lean = outwards * (0.9 - 1.1 * where)
            reach = length * dice.uniform(0.6, 1.1) * (1.15 - 0.6 * where)
            tip = np.array([lean + dice.normal(0, 0.12), 0.75 * up]) * reach
            lines.append(np.array([root, root + tip * [0.35, 0.65], root + tip]))
    part, cover = canvas.strokes(lines, 0.12, 0.06)
    return Layer(part, cover * np.float32(0.8), _flat(np.multiply(person.hair, 0.35), cover), 0.0)


def _brow_edges(shape: Shape, side: int) -> tuple[Doubles, Doubles]:
    return smooth(shape.points[list(_BROW_TOPS[side])], 100), smooth(shape.points[list(_BROW_BOTTOMS[side])], 100)


def _brow_shadow(person: Person, shape: Shape, side: int) -> Layer:
    top, bottom = _brow_edges(shape, side)
    part, cover = canvas.filled(np.concatenate([top * 0.7 + bottom * 0.3, (bottom * 0.85 + top * 0.15)[::-1]]), 1.3)
    return Layer(part, cover * np.float32(0.45), _flat(person.hair, cover), 0.0)


def _brow(person: Person, shape: Shape, side: int) -> Layer:
    top, bottom = _brow_edges(shape, side)
    dice = chance(person.seed, "brows", side)
    outwards = -1.0 if side == 0 else 1.0
    lines = []
    for _ in range(700):
        where, height = dice.uniform(0, 1) ** 0.9, dice.uniform(0.05, 0.85)
        at = int(where * 99)
        root = bottom[at] + height * (top[at] - bottom[at])
        slope = np.pi / 2 * (0.62 - 0.72 * min(where * 1.3, 1.0)) + dice.normal(0, 0.15) - 0.5 * (height - 0.4)
        ahead = (top + bottom)[min(at + 5, 99)] - (top + bottom)[max(at - 5, 0)]
        tangent = ahead / max(float(np.linalg.norm(ahead)), 1e-6)
        normal = np.array([tangent[1], -tangent[0]]) * outwards
        way = np.cos(slope) * tangent + np.sin(slope) * normal
        length = dice.uniform(3.5, 7.0) * (1 - 0.45 * where)
        bend = 0.12 * length * tangent
        lines.append(np.array([root, root + 0.5 * length * way, root + length * way + bend]))
    strengths = [float(each) for each in dice.uniform(0.25, 1.0, len(lines))]
    part, cover = canvas.strokes(lines, 0.12, 0.07, strengths=strengths)
    return Layer(part, cover * np.float32(0.9), _flat(np.multiply(person.hair, 0.7), cover), 0.05)


def _nostril(person: Person, shape: Shape, side: int) -> Layer:
    corners = shape.points[list(_NOSTRILS[side])]
    middle = corners.mean(axis=0)
    part, cover = canvas.filled(middle + (cv2.convexHull(corners.astype(np.float32))[:, 0] - middle) * 0.75, 0.7)
    return Layer(part, np.minimum(cover, 0.92), _flat(person.colour * [0.12, 0.06, 0.06], cover), 0.0)
