"""Pairs of photographs whose alignment is known: generated skin on a head, and the same skin on the head turned.

Everything is made from a seed. The head's shape is the mesh of the astronaut's face; skin, marks, light and camera are
synthetic, so what is measured on them is synthetic too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from isocourse.skin.frame import PX_PER_MM, Frame
from isocourse.skin.light import Floats, to_linear, to_srgb
from isocourse.skin.regions import Mask, features, oval
from tests.skin.portraits import astronaut, finder

WIDTH, HEIGHT = 1240, 1640
_FACE_PX = 1060.0
_AWAY_MM = 700.0  # from the camera
_SKIN = np.array([0.46, 0.27, 0.18], np.float32)
_BROWN, _RED = np.array([0.41, 0.36, 0.84]), np.array([0.10, 0.68, 0.67])


@dataclass(frozen=True)
class View:
    """How the head is held (degrees), how the face is drawn (`grimace` in pixels), what light and camera do."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    size: float = 1.0
    grimace: float = 0.0
    exposure: float = 0.0
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    shade: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    quality: int | None = None


@dataclass(frozen=True, eq=False)
class Made:
    """A frame, its skin, and where each pixel of the straight head has come to lie (`at`, at a quarter of the size)."""

    frame: Frame
    skin: Mask
    at: NDArray[np.float64]


@cache
def _head() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points (478, 3) of a straight head in pixels of the frame; depth (towards the camera positive) of a quarter."""
    (face,) = finder()(astronaut())
    points = face.points * _FACE_PX / face.width
    across = points[263] - points[33]
    angle = np.arctan2(across[1], across[0])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    points[:, :2] = points[:, :2] @ turn.T
    middle = (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2
    points[:, :2] += [WIDTH / 2, HEIGHT / 2 + 60] - middle
    points[:, 2] = -(points[:, 2] - points[:, 2].mean())
    grid = _quarter()
    depth = RBFInterpolator(points[:468:2, :2], points[:468:2, 2], smoothing=300.0, neighbors=60)(grid.reshape(-1, 2))
    return points, np.clip(depth, points[:, 2].min() * 1.3, points[:, 2].max()).reshape(grid.shape[:2])


def _quarter() -> NDArray[np.float64]:
    x, y = np.arange(WIDTH // 4) * 4 + 1.5, np.arange(HEIGHT // 4) * 4 + 1.5
    return np.stack(np.meshgrid(x, y), axis=-1)


def _clouds(dice: np.random.Generator, width_px: float, shape: tuple[int, int] = (HEIGHT, WIDTH)) -> Floats:
    """Smooth noise of one width, standard deviation 1."""
    step = max(int(width_px // 2), 1)
    rough = dice.standard_normal((shape[0] // step + 8, shape[1] // step + 8)).astype(np.float32)
    smooth = cv2.GaussianBlur(rough, (0, 0), max(width_px / step, 0.6))
    grown = cv2.resize(smooth, (smooth.shape[1] * step, smooth.shape[0] * step), interpolation=cv2.INTER_CUBIC)
    found = grown[: shape[0], : shape[1]]
    return np.asarray((found - found.mean()) / found.std(), dtype=np.float32)


@cache
def skin_of(person: int, *, marks: int = 60) -> Floats:
    """The colour (linear) of somebody's skin spread on the straight head: mottling, pores, fine lines, marks."""
    dice = np.random.default_rng((person, 1))
    melanin = sum(weight * _clouds(dice, width) for width, weight in ((3, 0.02), (9, 0.03), (30, 0.04), (120, 0.05)))
    blood = sum(weight * _clouds(dice, width) for width, weight in ((6, 0.02), (25, 0.03), (150, 0.06)))
    pores = np.maximum(_clouds(dice, 4) - 1.6, 0) * 0.08
    lines = np.maximum(0.35 - np.abs(_clouds(dice, 10)), 0) * 0.10
    light = np.exp(-(np.multiply.outer(melanin, _BROWN) + np.multiply.outer(blood, _RED) + (pores + lines)[..., None]))
    linear = (_SKIN * light).astype(np.float32)
    return with_marks(linear, random_marks(dice, marks))


Mark = tuple[float, float, float, float, bool]  # x, y, radius in pixels, dose, whether brown


def random_marks(dice: np.random.Generator, count: int) -> list[Mark]:
    low, high = np.array([WIDTH * 0.15, HEIGHT * 0.15]), np.array([WIDTH * 0.85, HEIGHT * 0.9])
    return [
        (*dice.uniform(low, high), dice.uniform(4, 16), dice.uniform(0.15, 0.5), bool(dice.random() < 0.5))
        for _ in range(count)
    ]


def with_marks(linear: Floats, marks: list[Mark]) -> Floats:
    """Marks of given dose, with soft edges."""
    found = linear.copy()
    for x, y, radius, dose, brown in marks:
        reach = int(radius * 2) + 2
        x0, y0 = max(int(x) - reach, 0), max(int(y) - reach, 0)
        part = found[y0 : int(y) + reach, x0 : int(x) + reach]
        down, across = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
        away = np.hypot(across + x0 - x, down + y0 - y)
        soft = 1 / (1 + np.exp((away - radius) / (0.12 * radius)))
        part *= np.exp(-dose * soft[..., None] * (_BROWN if brown else _RED)).astype(np.float32)
    return found


def _forward(view: View, dice: np.random.Generator, places: NDArray[np.float64], z: NDArray[np.float64]) -> Floats:
    """Places (..., 2) of the straight head with their depths, after the head was turned before a camera."""
    yaw, pitch, roll = np.radians([view.yaw, view.pitch, view.roll])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    middle = np.array([WIDTH / 2, HEIGHT / 2 + 60, 0.0])
    whole = np.concatenate([places, z[..., None]], axis=-1) - middle
    turned = whole @ (about_z @ about_x @ about_y).T
    away = _AWAY_MM * PX_PER_MM
    flat = turned[..., :2] * (view.size * away / (away - turned[..., 2:])) + middle[:2]
    for _ in range(12 if view.grimace else 0):
        centre = dice.uniform([WIDTH * 0.2, HEIGHT * 0.2], [WIDTH * 0.8, HEIGHT * 0.85])
        width, push = dice.uniform(80, 200), dice.normal(0, view.grimace, 2)
        near = np.exp(-((places - centre) ** 2).sum(axis=-1) / (2 * width**2))
        flat = flat + near[..., None] * push
    return flat


def photographed(skin: Floats, view: View, seed: int = 0) -> Made:
    """Skin spread on the straight head, seen in a view."""
    points, depth = _head()
    dice = np.random.default_rng((seed, 2))
    state = dice.bit_generator.state
    grid = _quarter()
    at = _forward(view, dice, grid, depth)
    dice.bit_generator.state = state  # the same grimace for the points of the mesh
    seen = _forward(view, dice, points[:, :2], points[:, 2])
    back = _inverted(at - grid)
    bare = _straight_bare().astype(np.uint8)
    linear = cv2.remap(
        skin * np.exp(-_hair())[..., None], back[..., 0], back[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )
    there = cv2.remap(bare, back[..., 0], back[..., 1], cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT).astype(bool)
    mesh = seen + dice.normal(0, 6, (1, 2)) + dice.normal(0, 3, seen.shape)  # some millimetres of error
    return Made(Frame(_camera(np.maximum(linear, 1e-3), view, dice), mesh, 1.0, (0.0, 0.0)), there, at)


def _inverted(flow: NDArray[np.float64]) -> Floats:
    """Where each pixel of the picture comes from: the displacement solved for, then enlarged by `cv2.resize`."""
    grid = _quarter().astype(np.float32)
    moved = np.zeros_like(grid)
    field = flow.astype(np.float32)
    for _ in range(60):
        at = (grid - moved - 1.5) / 4
        moved = 0.3 * moved + 0.7 * cv2.remap(field, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    whole = np.asarray(cv2.resize(moved, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC))
    x, y = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    return np.stack([x, y], axis=-1) - whole


@cache
def _straight_bare() -> Mask:
    bare = oval(*_small()) & ~features(*_small())
    return np.asarray(cv2.resize(bare.astype(np.uint8), (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)).astype(bool)


def _small() -> tuple[NDArray[np.float64], tuple[int, int]]:
    return (_head()[0][:, :2] + 0.5) / 4 - 0.5, (WIDTH // 4, HEIGHT // 4)


@cache
def _hair() -> Floats:
    """Absorbance of eyes, brows and lips, and of hair around the face: what is alike between people."""
    dark = np.where(oval(*_small()), np.where(features(*_small()), 0.6, 0.0), 1.8).astype(np.float32)
    soft = cv2.resize(cv2.GaussianBlur(dark, (0, 0), 1.5), (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    return np.asarray(soft, dtype=np.float32)


def _camera(linear: Floats, view: View, dice: np.random.Generator) -> Floats:
    across = np.linspace(-1, 1, WIDTH, dtype=np.float32)[None, :, None]
    down = np.linspace(-1, 1, HEIGHT, dtype=np.float32)[:, None, None]
    lit = linear * np.exp(view.shade * (across + 0.4 * down)) * np.float32(2.0**view.exposure)
    lit = lit * np.array(view.balance, np.float32)
    if view.blur:
        lit = cv2.GaussianBlur(lit, (0, 0), view.blur)
    lit = lit + np.sqrt(np.maximum(lit, 0)) * dice.normal(0, view.noise, lit.shape) if view.noise else lit
    bytes_ = to_srgb(lit)
    if view.quality is not None:
        written = cv2.imencode(".jpg", bytes_[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, view.quality])[1]
        bytes_ = cv2.imdecode(written, cv2.IMREAD_COLOR)[..., ::-1]
    return to_linear(np.ascontiguousarray(bytes_))
