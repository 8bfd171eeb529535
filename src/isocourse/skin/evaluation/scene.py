"""A piece of generated skin with everything that a detector can be wrong about, and marks of known area and contrast.

Doses of melanin and blood, a height map that is lit, hairs, moles and freckles. 10 pixels for each millimetre, as a
telephone at arm's length gives; marks are soft, lobed and uneven inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.colour import ToneClass
from isocourse.skin.evaluation import optics
from isocourse.skin.light import Floats

Dice = np.random.Generator
Maps = NDArray[np.float32]

CAMERA = 10.0  # pixels for each millimetre
SIDE_MM = 100.0
AREA_CM2 = SIDE_MM**2 / 100
# Typology angles in the middle of the six classes (Chardon 1991, Del Bino 2006).
TONES: dict[ToneClass, float] = {
    "very light": 60.0, "light": 48.0, "intermediate": 34.0, "tan": 19.0, "brown": -8.0, "dark": -42.0,
}  # fmt: skip
_EDGE_MM = 6.0  # no mark is nearer to the edge than this


@dataclass(frozen=True, eq=False)
class Injected:
    """A mark: `dose` (height, width) is 0 to 1 from the camera's pixel `x0`, `y0` on; its edge is where it is a half.
    `d_e` is CIE 1976 on even skin of this tone."""

    x0: int
    y0: int
    dose: Floats
    red: bool
    diameter: float  # mm, of the circle of the same area
    d_e: float
    amount: float
    raised: float  # mm


@dataclass(frozen=True, eq=False)
class Scene:
    """Maps of bare skin at the camera's pixels, and the marks that can be added."""

    tone: ToneClass
    melanin: Maps
    blood: Maps
    height: Maps  # mm
    hair: Maps  # density over everything, of hairs and of what lies in pores
    own: NDArray[np.uint8]  # its moles and freckles
    marks: tuple[Injected, ...]
    lamp: tuple[float, float, float]


def scene(tone: ToneClass, seed: int, *, marks: int = 26) -> Scene:
    """One piece of skin; the same seed gives the same piece."""
    dice = np.random.default_rng([seed, list(TONES).index(tone), 77])
    side = round(SIDE_MM * CAMERA)
    base = optics.melanin_for(TONES[tone] + float(dice.uniform(-3, 3)))
    uneven = 0.05 * _clouds(dice, side, 1.6) + 0.05 * _clouds(dice, side, 0.9)
    melanin = (base * np.exp(uneven)).astype(np.float32)
    blood = optics.BLOOD * np.exp(0.12 * _clouds(dice, side, 1.4) + 0.10 * _clouds(dice, side, 0.7))
    height, pits = _relief(dice, side)
    blood *= 1 + 0.3 * pits
    own = _moles(dice, melanin, base)
    placed = _placed(dice, own, base, marks)
    # Little light comes out of a pore.
    hair = _hairs(dice, side) + np.float32(dice.uniform(0.1, 0.4)) * pits
    lamp = np.array([dice.uniform(-0.6, 0.6), dice.uniform(-0.7, 0.1), 1.0])
    lamp = lamp / np.linalg.norm(lamp)
    return Scene(
        tone=tone,
        melanin=melanin,
        blood=blood.astype(np.float32),
        height=height,
        hair=hair,
        own=own,
        marks=placed,
        lamp=(float(lamp[0]), float(lamp[1]), float(lamp[2])),
    )


def lit(found: Scene, *, marked: bool, shine: float = 1.0) -> Floats:
    """The light that reaches the sensor (height, width, 3), its own red, green and blue, without noise."""
    melanin, blood, height = found.melanin.copy(), found.blood.copy(), found.height.copy()
    for mark in found.marks if marked else ():
        rows, columns = _box(mark)
        if mark.red:
            blood[rows, columns] += mark.amount * mark.dose
            dome = optics.blurred(mark.dose, 0.15 * mark.diameter * CAMERA)
            height[rows, columns] += mark.raised * dome
        else:
            melanin[rows, columns] += mark.amount * mark.dose
    albedo = optics.sensed(melanin, blood)
    slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=CAMERA / 8)
    slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=CAMERA / 8)
    steep = np.sqrt(1 + slope_x**2 + slope_y**2)
    lamp = found.lamp
    # Light that went through skin is smoother than light on clay: half of it comes from all sides.
    facing = (lamp[2] - lamp[0] * slope_x - lamp[1] * slope_y) / steep
    shade = 0.45 + 0.55 * np.maximum(facing, 0) / lamp[2]
    half = np.array([lamp[0], lamp[1], lamp[2] + 1.0])
    half = half / np.linalg.norm(half)
    mirrored = np.maximum((half[2] - half[0] * slope_x - half[1] * slope_y) / steep, 0) ** 40
    light = albedo * shade[..., None] + np.float32(0.035 * shine) * mirrored[..., None]
    return np.asarray(light * np.exp(-found.hair)[..., None], dtype=np.float32)


def _box(mark: Injected) -> tuple[slice, slice]:
    return slice(mark.y0, mark.y0 + mark.dose.shape[0]), slice(mark.x0, mark.x0 + mark.dose.shape[1])


def _clouds(dice: Dice, side: int, falls: float) -> Floats:
    """Noise whose amplitude falls with frequency to that power, of unit spread, without what is wider than 25 mm."""
    spectrum = np.fft.rfft2(dice.standard_normal((side, side)))
    fy, fx = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :]
    frequency = np.hypot(fy, fx)
    lowest = 1 / (25 * CAMERA)
    spectrum *= np.where(frequency < lowest, 0.0, np.maximum(frequency, lowest) ** -falls)
    made = np.fft.irfft2(spectrum, s=(side, side))
    return np.asarray(made / made.std(), dtype=np.float32)


def _relief(dice: Dice, side: int) -> tuple[Floats, Floats]:
    """Height in millimetres: the curve of a cheek, a net of furrows, folds and pores; and the pores alone, 0 to 1."""
    y, x = np.mgrid[:side, :side].astype(np.float32) / np.float32(CAMERA)
    middle = SIDE_MM / 2 + dice.uniform(-15, 15, 2)
    curve = -((x - middle[0]) ** 2 / 2 / dice.uniform(75, 140) + (y - middle[1]) ** 2 / 2 / dice.uniform(90, 180))
    points = np.full((side, side), 255, np.uint8)
    where = dice.integers(0, side, (int(AREA_CM2 * 100 / 0.45), 2))
    points[where[:, 0], where[:, 1]] = 0
    cells = cv2.distanceTransform(points, cv2.DIST_L2, 5) / np.float32(CAMERA)
    net = optics.blurred(-cells * 0.02, 1.0)
    folds = np.zeros((side, side), np.float32)
    for _ in range(int(dice.integers(1, 5))):
        corners = dice.uniform(0, side, 2) + np.cumsum(dice.normal(0, 35, (14, 2)) + dice.normal(0, 30, 2), axis=0)
        cv2.polylines(folds, [np.rint(corners * 16).astype(np.int32)], False, float(dice.uniform(0.3, 1)), 4, 16, 4)
    folds = optics.blurred(folds, 4.0)
    pores = np.zeros((side, side), np.float32)
    crowd = _clouds(dice, side, 2.5)
    for row, column in dice.integers(2, side - 2, (int(AREA_CM2 * dice.choice([40, 90, 160])), 2)):
        if crowd[row, column] > dice.normal():
            axes = (max(int(dice.gamma(6, 0.02) * CAMERA * 16), 8), max(int(dice.gamma(6, 0.02) * CAMERA * 16), 8))
            place = (int(column) * 16, int(row) * 16)
            cv2.ellipse(pores, place, axes, float(dice.uniform(0, 180)), 0, 360, float(dice.uniform(0.3, 1)), -1, 16, 4)
    pores = optics.blurred(pores, 0.8)
    height = curve + net - 0.12 * folds - 0.05 * pores
    return np.asarray(height, dtype=np.float32), pores


def _hairs(dice: Dice, side: int) -> Floats:
    """Density of single hairs, and in one corner of some pieces of stubble."""
    drawn = np.zeros((side, side), np.float32)
    for _ in range(int(dice.integers(5, 35))):
        start, reach = dice.uniform(0, side, 2), dice.uniform(40, 250)
        bend = start + dice.normal(0, 0.5, 2) * reach
        end = bend + dice.normal(0, 0.5, 2) * reach
        t = np.linspace(0, 1, 24)[:, None]
        curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end
        cv2.polylines(drawn, [np.rint(curve * 16).astype(np.int32)], False, float(dice.uniform(0.3, 1.6)), 1, 16, 4)
    if dice.random() < 0.3:
        corner, reach = dice.uniform(0.2, 0.8, 2) * side, 220
        for _ in range(int(dice.integers(100, 400))):
            start = corner + dice.normal(0, reach / 2, 2)
            end = start + dice.normal(0, 1, 2) * 5 + [0, 6]
            both = np.rint(np.array([start, end]) * 16).astype(np.int32)
            cv2.polylines(drawn, [both], False, float(dice.uniform(0.3, 1.2)), 1, 16, 4)
    return optics.blurred(drawn, 0.6)


def _moles(dice: Dice, melanin: Floats, base: float) -> NDArray[np.uint8]:
    """Adds moles and freckles to the melanin; says where at least half of their dose is."""
    side = melanin.shape[0]
    own = np.zeros((side, side), np.uint8)
    freckles = int(dice.choice([0, 0, 12, 40])) if base < 1.0 else int(dice.choice([0, 0, 6]))
    wanted = [(dice.uniform(1.0, 2.5), dice.uniform(0.8, 2.0)) for _ in range(int(dice.integers(1, 5)))]
    wanted += [(dice.uniform(0.4, 1.0), dice.uniform(0.12, 0.35)) for _ in range(freckles)]
    for radius, dose in wanted:
        x, y = dice.uniform(30, side - 30, 2)
        reach = int(radius * CAMERA * 2)
        rows = slice(max(int(y) - reach, 0), int(y) + reach)
        columns = slice(max(int(x) - reach, 0), int(x) + reach)
        down, across = np.mgrid[rows.start : min(rows.stop, side), columns.start : min(columns.stop, side)]
        away = np.hypot((across - x) * dice.uniform(0.85, 1.15), down - y) / (radius * CAMERA)
        lens = np.exp(-(away**4) * np.log(2)).astype(np.float32)
        melanin[rows, columns] += np.float32(dose) * lens
        own[rows, columns] |= (lens >= 0.5).astype(np.uint8)
    return own


def _placed(dice: Dice, own: NDArray[np.uint8], base: float, wanted: int) -> tuple[Injected, ...]:
    side = own.shape[0]
    margin = int(_EDGE_MM * CAMERA)
    busy = cv2.dilate(own, np.ones((31, 31), np.uint8))
    found: list[Injected] = []
    for index in range(wanted):
        red = bool(index % 2)
        # As many small ones as large ones, as many weak ones as strong ones.
        diameter = float(np.exp(dice.uniform(np.log(1.0), np.log(8.0))))
        d_e = float(np.exp(dice.uniform(np.log(3.0), np.log(16.0))))
        amount = optics.dose_for(base, d_e, red=red)
        dose = mark_shape(dice, diameter)
        height, width = dose.shape
        for _ in range(100):
            x0, y0 = (int(dice.integers(margin, side - margin - size)) for size in (width, height))
            if not busy[y0 : y0 + height, x0 : x0 + width].any():
                break
        else:
            continue
        busy[y0 : y0 + height, x0 : x0 + width] = 1
        area = float(np.count_nonzero(dose >= 0.5)) / CAMERA**2
        raised = float(dice.uniform(0.02, 0.05) * diameter) if red and dice.random() < 0.3 else 0.0
        found.append(
            Injected(
                x0=x0,
                y0=y0,
                dose=dose,
                red=red,
                diameter=2 * float(np.sqrt(area / np.pi)),
                d_e=optics.made_by(base, amount, red=red),
                amount=amount,
                raised=raised,
            )
        )
    return tuple(found)


def mark_shape(dice: Dice, diameter: float) -> Floats:
    """A union of discs of about that area, its edge blurred, uneven inside; 0 to 1."""
    radius = diameter * CAMERA / 2
    reach = int(1.9 * radius + 8)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    inside = np.zeros(x.shape, np.float32)
    for _ in range(int(dice.integers(1, 5))):
        at, size = dice.normal(0, 0.28, 2) * radius, radius * dice.uniform(0.6, 0.95)
        inside = np.maximum(inside, (np.hypot(x - at[0], y - at[1]) <= size).astype(np.float32))
    soft = float(dice.uniform(0.06, 0.22)) * radius + 0.5
    dose = optics.blurred(inside, soft)
    uneven: NDArray[Any] = optics.blurred(dice.standard_normal(x.shape).astype(np.float32), 0.3 * radius)
    uneven = uneven / max(float(np.abs(uneven).max()), 1e-6)
    # Uneven inside only: where the dose is a half it stays a half.
    return np.asarray(dose * (1 + 0.12 * uneven * np.clip(2 * dose - 1, 0, 1)), dtype=np.float32)
