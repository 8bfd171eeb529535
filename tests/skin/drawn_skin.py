"""Skin drawn for tests and for tuning the detector: RGB densities, and marks with a known place, area and contrast.

Not the renderer that scores (`isocourse.skin.evaluation`): nothing is shared with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.colour import lab_of
from isocourse.skin.light import to_linear, to_srgb

PX_PER_MM = 8.0
# L*, a*, b* of the six classes of the typology angle, very light to dark.
TONES = {
    "very light": (72.0, 8.0, 14.0),
    "light": (66.0, 11.0, 16.0),
    "intermediate": (61.0, 12.0, 18.0),
    "tan": (56.0, 13.0, 19.5),
    "brown": (46.0, 13.0, 18.0),
    "dark": (33.0, 11.0, 13.0),
}
VEIL = 0.012  # light from the surface, which no pigment takes away
# Pigment is uneven by a part of what there is of it, so dark skin is more uneven in density.
UNEVEN = dict(zip(TONES, (0.7, 1.0, 1.2, 1.6, 2.2, 3.5), strict=True))
BROWNS = np.array([[0.414, 0.357, 0.837], [0.438, 0.562, 0.701], [0.434, 0.586, 0.685]])
REDS = np.array([[0.299, 0.684, 0.666], [0.188, 0.737, 0.650]])
Array = NDArray[np.float64]


@dataclass
class Mark:
    """A mark as it was drawn: `mask` is where it has at least half of its dose."""

    x: float
    y: float
    radius: float
    red: bool
    d_e: float
    mask: NDArray[np.bool_] = field(repr=False)

    @property
    def area(self) -> float:
        return float(np.count_nonzero(self.mask)) / PX_PER_MM**2


def base(tone: str) -> Array:
    """The tone's colour in linear light."""
    lightness, a, b = TONES[tone]
    fy = (lightness + 16) / 116
    f = np.array([fy + a / 500, fy, fy - b / 200])
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * np.array([0.95047, 1.0, 1.08883])
    matrix = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    return np.linalg.solve(matrix, xyz)


def noise(dice: np.random.Generator, size: tuple[int, int], millimetres: float) -> Array:
    """Smooth noise of unit spread, as fine as that."""
    sigma = millimetres * PX_PER_MM
    shrink = max(int(sigma / 3), 1)
    small = dice.normal(size=(size[0] // shrink + 8, size[1] // shrink + 8))
    small = cv2.GaussianBlur(small, (0, 0), sigma / shrink)
    whole = cv2.resize(small, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_CUBIC)[: size[0], : size[1]]
    return np.asarray((whole - whole.mean()) / whole.std())


def density(
    dice: np.random.Generator, size: tuple[int, int], *, pores: float = 1.0, hairs: int = 40, uneven: float = 1.0
) -> Array:
    """What bare skin adds to its base colour: pigment in clouds, relief, pores, hairs, folds, slopes of light."""
    brown, red = BROWNS[1], REDS[0]
    found = np.zeros((*size, 3))
    found += 0.03 * uneven * noise(dice, size, 5)[..., None] * brown
    found += 0.02 * uneven * noise(dice, size, 1.5)[..., None] * brown
    found += 0.03 * noise(dice, size, 4)[..., None] * red + 0.02 * noise(dice, size, 1.2)[..., None] * red
    grey = 0.012 * noise(dice, size, 0.9) + 0.015 * noise(dice, size, 0.35) + 0.02 * noise(dice, size, 0.12)
    grey += 0.25 * noise(dice, size, 40) + 0.05 * noise(dice, size, 12)
    area = size[0] * size[1] / PX_PER_MM**2 / 100
    where = noise(dice, size, 15)
    drawn = np.zeros(size, np.float32)
    for _ in range(int(180 * pores * area)):
        y, x = dice.integers(0, size[0]), dice.integers(0, size[1])
        if where[y, x] > dice.normal():
            centre = (int(x * 16 + dice.integers(0, 16)), int(y * 16 + dice.integers(0, 16)))
            cv2.circle(
                drawn, centre, int(dice.uniform(0.08, 0.25) * PX_PER_MM * 16), dice.uniform(0.1, 0.45), -1, shift=4
            )
    found += cv2.GaussianBlur(drawn, (0, 0), 1.0)[..., None] * np.array([0.9, 1.0, 1.1])
    drawn[:] = 0
    for _ in range(hairs):
        start = dice.uniform([0, 0], [size[1], size[0]])
        angle, bend, length = dice.uniform(0, 2 * np.pi), dice.normal(0, 0.02), dice.uniform(4, 25) * PX_PER_MM
        turns = angle + bend * np.linspace(0, length, 24) / PX_PER_MM
        steps = np.cumsum(np.column_stack([np.cos(turns), np.sin(turns)]) * length / 24, axis=0)
        cv2.polylines(
            drawn, [np.rint((start + steps) * 16).astype(np.int32)], False, dice.uniform(0.3, 1.2), 1, cv2.LINE_AA, 4
        )
    found += cv2.GaussianBlur(drawn, (0, 0), 0.7)[..., None] * np.array([0.95, 1.0, 1.05])
    drawn[:] = 0
    for _ in range(3):  # folds
        start = dice.uniform([0, 0], [size[1], size[0]])
        angle, length = dice.uniform(0, 2 * np.pi), dice.uniform(15, 50) * PX_PER_MM
        turns = angle + 0.6 * np.sin(np.linspace(0, 3, 40) + dice.uniform(0, 6))
        steps = np.cumsum(np.column_stack([np.cos(turns), np.sin(turns)]) * length / 40, axis=0)
        cv2.polylines(drawn, [np.rint((start + steps) * 16).astype(np.int32)], False, dice.uniform(0.2, 0.5), 3, 16, 4)
    found += cv2.GaussianBlur(drawn, (0, 0), 3.0)[..., None]
    found += grey[..., None]
    return found


def blob(dice: np.random.Generator, size: tuple[int, int], at: tuple[float, float], radius: float) -> Array:
    """A soft, irregular dose between 0 and 1 (radius in pixels)."""
    y, x = np.mgrid[: size[0], : size[1]].astype(float)
    y, x = y - at[1], x - at[0]
    angle, away = np.arctan2(y, x), np.hypot(x, y)
    edge = np.ones_like(away)
    for k in (2, 3, 4, 5):
        edge += dice.normal(0, 0.22 / k) * np.cos(k * angle + dice.uniform(0, 6.3))
    edge = np.maximum(edge, 0.4)
    soft = dice.uniform(0.06, 0.2)
    dose = 1 / (1 + np.exp((away / (radius * edge) - 1) / soft))
    return np.asarray(dose / dose.max())


def dose_for(colour: Array, direction: Array, d_e: float) -> float:
    """How much of a pigment makes that difference (CIE 1976) on that colour in linear light."""
    low, high = 0.0, 6.0
    for _ in range(40):
        middle = (low + high) / 2
        marked = VEIL + (colour - VEIL) * np.exp(-middle * direction)
        away = float(np.linalg.norm(lab_of(marked) - lab_of(colour)))
        low, high = (middle, high) if away < d_e else (low, middle)
    return low


def add_marks(
    found: Array, dice: np.random.Generator, tone: str, wanted: list[tuple[float, float, bool]]
) -> list[Mark]:
    """Marks of (radius in mm, dE, red), far from each other, added to a map of density."""
    size = found.shape[:2]
    marks: list[Mark] = []
    for radius_mm, d_e, red in wanted:
        radius = radius_mm * PX_PER_MM
        for _ in range(200):
            x, y = (
                dice.uniform(2.2 * radius, size[1] - 2.2 * radius),
                dice.uniform(2.2 * radius, size[0] - 2.2 * radius),
            )
            if all(np.hypot(x - m.x, y - m.y) > 2.5 * (radius + m.radius * PX_PER_MM) for m in marks):
                break
        else:
            continue
        reach = int(2.2 * radius)
        x0, y0 = int(x) - reach, int(y) - reach
        dose = blob(dice, (2 * reach, 2 * reach), (x - x0, y - y0), radius)
        many = REDS if red else BROWNS
        mix = dice.dirichlet(np.ones(len(many)))
        amount = dose_for(base(tone), mix @ many, d_e)
        found[y0 : y0 + 2 * reach, x0 : x0 + 2 * reach] += amount * dose[..., None] * (mix @ many)
        mask = np.zeros(size, bool)
        mask[y0 : y0 + 2 * reach, x0 : x0 + 2 * reach] = dose > 0.5
        marks.append(Mark(x, y, radius_mm, red, d_e, mask))
    return marks


def render(
    tone: str, found: Array, dice: np.random.Generator, *, ev: float = 0.0, balance: tuple[float, float] = (1.0, 1.0),
    blur: float = 0.6, grain: float = 0.004, jpeg: int | None = 92, shine: int | None = 0,
) -> NDArray[np.float32]:  # fmt: skip
    """The picture as linear light: shine (by its own seed), exposure, balance of red and blue, blur, grain, JPEG."""
    light = VEIL + (base(tone) - VEIL) * np.exp(-found)
    if shine is not None:
        lamp = np.random.default_rng(shine)
        size = found.shape[:2]
        gloss = np.maximum(noise(lamp, size, 14) - 1.0, 0) * 0.06 * (1 + 0.4 * noise(lamp, size, 0.3))
        light = light + np.maximum(gloss, 0)[..., None]
    light = light * 2**ev * np.array([balance[0], 1.0, balance[1]])
    light = cv2.GaussianBlur(light, (0, 0), blur)
    light = light + dice.normal(size=light.shape) * np.sqrt(grain**2 * np.maximum(light, 0) + 0.0015**2)
    coded = to_srgb(light)
    if jpeg is None:
        return to_linear(coded)
    written = cv2.imencode(".jpg", coded[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, jpeg])[1]
    return to_linear(np.ascontiguousarray(cv2.imdecode(written, cv2.IMREAD_COLOR)[..., ::-1]))
