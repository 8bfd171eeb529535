"""Generated faces for the tests of the pipeline, each rendered once, and what can be put on a face."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from isocourse.simulate.faces import Camera, Look, Person, Taken, Tone, course_series, photograph
from isocourse.skin.face import Face, Points
from isocourse.skin.light import Bytes
from isocourse.skin.regions import EYES


@cache
def generated(tone: Tone = "light", *, seed: int = 3, marks: bool = False, camera: Camera | None = None) -> Taken:
    look = course_series(seed, tone)[0] if marks else Look()
    return photograph(Person(seed, tone), look, camera or Camera(), seed=2)


def with_sunglasses(rgb: Bytes, face: Face) -> Bytes:
    worn = rgb.copy()
    for eye in EYES:
        points = face.points[list(eye), :2]
        middle, wide = points.mean(axis=0), float(np.ptp(points[:, 0]))
        cv2.ellipse(
            worn, _whole(middle), (int(0.95 * wide), int(0.75 * wide)), 0, 0, 360, (18, 18, 22), -1, cv2.LINE_AA
        )
    one, other = (face.points[list(eye), :2].mean(axis=0) for eye in EYES)
    cv2.line(worn, _whole(one), _whole(other), (18, 18, 22), max(int(0.03 * face.width), 2))
    return worn


def with_glasses(rgb: Bytes, face: Face, colour: tuple[int, int, int] = (40, 38, 42)) -> Bytes:
    """A thin frame around clear lenses."""
    worn, thick = rgb.copy(), max(int(0.012 * face.width), 2)
    middles, wide = [face.points[list(eye), :2].mean(axis=0) for eye in EYES], 0.0
    for eye, middle in zip(EYES, middles, strict=True):
        wide = float(np.ptp(face.points[list(eye), 0]))
        cv2.ellipse(worn, _whole(middle), (int(0.8 * wide), int(0.6 * wide)), 0, 0, 360, colour, thick, cv2.LINE_AA)
    inner = [middle + np.array([side * 0.8 * wide, 0.0]) for side, middle in zip((1, -1), middles, strict=True)]
    cv2.line(worn, _whole(inner[0]), _whole(inner[1]), colour, thick, cv2.LINE_AA)
    return worn


def with_brows_that_meet(rgb: Bytes, face: Face, *, seed: int = 1) -> Bytes:
    """Dark short hairs over the root of the nose, as dense as in the brows."""
    dice, grown = np.random.default_rng(seed), rgb.astype(np.float32)
    right, left = face.points[107, :2], face.points[336, :2]
    mm = face.width / 140
    hairs = np.zeros(rgb.shape[:2], np.float32)
    for _ in range(420):
        root = right + (left - right) * dice.uniform(0, 1) + np.array([0.0, dice.normal(9.0, 2.5) * mm])
        tip = root + np.array([dice.normal(0, 2.5), dice.normal(-3, 1.5)]) * mm
        one = np.zeros_like(hairs)
        cv2.line(one, _whole(root), _whole(tip), 1.0, 1, cv2.LINE_AA)
        hairs = np.maximum(hairs, one)
    share = np.asarray(cv2.GaussianBlur(hairs, (0, 0), 0.12 * mm))[..., None]
    return np.clip(grown * (1 - 0.8 * share), 0, 255).astype(np.uint8)


def without_eyes(rgb: Bytes, face: Face) -> Bytes:
    """The skin of a cheek where lids and eyes were."""
    left = rgb.copy()
    for eye, cheek in zip(EYES, (205, 425), strict=True):
        points = face.points[list(eye), :2]
        middle, wide = points.mean(axis=0), int(0.75 * np.ptp(points[:, 0]))
        (x, y), (u, v) = _whole(middle), _whole(face.points[cheek])
        disc = np.zeros((2 * wide, 2 * wide), np.float32)
        cv2.circle(disc, (wide, wide), int(0.85 * wide), 1.0, -1)
        share = np.asarray(cv2.GaussianBlur(disc, (0, 0), 0.08 * wide))[..., None]
        here, there = (np.s_[q - wide : q + wide, p - wide : p + wide] for p, q in ((x, y), (u, v)))
        left[here] = (left[here] * (1 - share) + rgb[there] * share).astype(np.uint8)
    return left


def with_beard(rgb: Bytes, face: Face, *, seed: int = 1) -> Bytes:
    """Dark strands over chin, jaw and upper lip."""
    dice = np.random.default_rng(seed)
    outline = face.points[[234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361,
                           323, 454, 425, 205], :2]  # fmt: skip
    where = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillPoly(where, [outline.astype(np.int32)], 1)
    cv2.fillPoly(where, [face.points[[61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181,
                                      91, 146], :2].astype(np.int32)], 0)  # fmt: skip
    strands = cv2.GaussianBlur(dice.normal(0, 1, where.shape).astype(np.float32), (0, 0), face.width / 400)
    dark = np.clip(0.28 + 0.12 * strands / strands.std(), 0.05, 0.7)[..., None]
    bearded = rgb * (dark * np.array([0.9, 0.8, 0.7]))
    return np.where(where[..., None] > 0, bearded, rgb).astype(np.uint8)


def as_drawing(rgb: Bytes) -> Bytes:
    """The picture in a few flat colours with lines around them."""
    small = cv2.pyrMeanShiftFiltering(cv2.resize(rgb, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), 8, 24)
    size = (rgb.shape[1], rgb.shape[0])
    flat = cv2.medianBlur((small // 24 * 24 + 12).astype(np.uint8), 7)
    return np.asarray(cv2.resize(flat, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _whole(point: Points) -> tuple[int, int]:
    return int(point[0]), int(point[1])
