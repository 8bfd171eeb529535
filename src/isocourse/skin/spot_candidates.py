"""Where marks may be: places darker than the skin around them in the colour of a pigment, at eight sizes.

The plain detector. Everything is in density (-ln of linear light), where exposure and white balance are one number
added to a whole channel and vanish in differences. At each size the differences of Gaussians of the three channels, of
that width and of those beside it, are weighted so that a disc of a pigment's own direction comes through at its full
strength while what this skin does everywhere (pores, relief, light, noise, JPEG) is held as low as it can be: the
weights of least variance (Capon 1969), from the skin's own covariance. So a wrinkle, which is grey, costs lightness its
weight and a brown mark does not lose by it; and shade, which goes on beyond a disc, is told by the widths beside.
Amplitudes stay in absolute units; what is a mark is decided by amplitude and by how rare it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Floats
from isocourse.skin.regions import Mask

Doubles = NDArray[np.float64]

DARKEST = 1e-3
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
# Density in R, G, B of what is looked for: melanin, blood, both; and melanin and blood as they look on dark skin,
# where light from the surface hides most of what happens in blue. Scaled so that luminance's share is one.
_PIGMENTS = (
    (0.438, 0.562, 0.701), (0.27, 0.71, 0.65), (0.354, 0.636, 0.676),
    (0.54, 0.63, 0.55), (0.62, 0.67, 0.40), (0.33, 0.78, 0.53),
)  # fmt: skip
TEMPLATES = tuple(np.array(each) / (LUMINANCE @ np.array(each)) for each in _PIGMENTS)

_STEP = float(np.sqrt(2.0))
_SMALLEST = 1.4  # pixels of a level: the narrower Gaussian of its first size
_CALM = 0.9  # of the skin, which tells how much it varies
_LEVELS = 4
_SAMPLES = 10_000  # places that are asked how the skin varies
_FINER, _COARSER = 1, 2  # how many widths beside a size's own are looked at
_SIGMAS = tuple(_SMALLEST * _STEP**at for at in range(-_FINER, _COARSER + 3))
_UNLIKE = 0.05  # of the variance: how unlike a disc's answers those of a mark may be
# A disc answers a difference of Gaussians (s, 1.41 s) most where its radius is 1.67 s, and then with a quarter.
_RADIUS, _GAIN = 2 * float(np.sqrt(np.log(2.0))), 4.0
_BACKGROUND_MM, _NEARER_MM, _SURE_MM = 5.0, 3.0, 1.0
_LINE = 5.0  # the larger curvature over the smaller from which on a place is on a line
_SQUARE = 24  # pixels of a level
_BRIGHTER = 0.10  # density: how far above the skin around it a pixel can count as bright, so that shine stays small
# What even perfect skin is taken to vary by in each size's answer, as density: every channel alone, all together.
_LEAST_NOISE, _LEAST_GREY = 0.003, 0.006


@dataclass(frozen=True)
class Candidate:
    """A place in pixels of the frame with the radius of the disc that answers best there. `score` is its amplitude
    over what this skin varies by at that size, around it and everywhere."""

    x: float
    y: float
    radius: float
    score: float


def candidates(linear: Floats, skin: Mask, *, amplitude: float, score: float) -> list[Candidate]:
    """All places at all sizes that reach both, the most outstanding first."""
    if min(skin.shape) < 32 or not skin.any():
        return []
    x0, y0, linear, skin = _cut_to(linear, skin)
    size = (linear.shape[1] // 2, linear.shape[0] // 2)
    small = np.asarray(cv2.resize(linear, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
    inside = cv2.resize(skin.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    level = _flattened(small, np.where(inside > 0.99, 1.0, 0.0).astype(np.float32))
    found: list[Candidate] = []
    scale = 2.0
    for _ in range(_LEVELS):
        seen = level[..., 3] > 0.5
        if np.count_nonzero(seen) > 200:
            answers = _answers(level, seen)
            for sigma, weights in _weighed(answers.values[:, answers.seen]):
                found += _peaks(answers, seen, scale, sigma, weights, (amplitude, score))
        if min(level.shape[:2]) < 24:
            break
        half = (level.shape[1] // 2, level.shape[0] // 2)
        level = np.asarray(cv2.resize(level, half, interpolation=cv2.INTER_AREA), dtype=np.float32)
        scale *= 2
    found = [replace(each, x=each.x + x0, y=each.y + y0) for each in found]
    return sorted(found, key=lambda each: -each.score)


def _cut_to(linear: Floats, skin: Mask) -> tuple[int, int, Floats, Mask]:
    """The part of the frame with skin in it, and its first pixel; as large as all levels divide without a rest."""
    x0, y0, width, height = cv2.boundingRect(skin.astype(np.uint8))
    right, below = -width % 2**_LEVELS, -height % 2**_LEVELS
    box = slice(y0, y0 + height), slice(x0, x0 + width)
    cut = cv2.copyMakeBorder(linear[box], 0, below, 0, right, cv2.BORDER_REPLICATE)
    return x0, y0, np.asarray(cut), np.pad(skin[box], ((0, below), (0, right)))


def _flattened(linear: Floats, inside: Floats) -> Floats:
    """Density less that of the wider surroundings, times the mask, and the mask as a fourth channel."""
    density = -np.asarray(cv2.log(np.maximum(linear, DARKEST)), dtype=np.float32)
    masked = np.dstack([density * inside[..., None], inside])
    coarse = cv2.resize(masked, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    wide, near = (_normalised(coarse, mm * PX_PER_MM / 16) for mm in (_BACKGROUND_MM, _NEARER_MM))
    # Once more without what shines, so that matt skin between two lights is no mark.
    level = coarse[..., :3] / np.maximum(coarse[..., 3:], 1e-3)
    coarse[..., :3] = np.maximum(level, wide) * coarse[..., 3:]
    wide = np.minimum(_normalised(coarse, _BACKGROUND_MM * PX_PER_MM / 16), wide + _BRIGHTER)
    size = (linear.shape[1], linear.shape[0])
    around, nearby = (cv2.resize(each, size, interpolation=cv2.INTER_LINEAR) for each in (wide, np.minimum(wide, near)))
    masked[..., :3] = (np.maximum(density, nearby - _BRIGHTER) - around) * inside[..., None]
    return np.asarray(masked, dtype=np.float32)


def _normalised(masked: NDArray[Any], sigma: float) -> Floats:
    """Gaussian means of the skin alone."""
    smooth = cv2.GaussianBlur(masked, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(smooth[..., :3] / np.maximum(smooth[..., 3:], 1e-3), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class _Answers:
    """The differences of Gaussians, `values` (3 per width, places), in `near`: skin and two pixels around it, all that
    is ever looked at. `seen` says which of the places are skin, `of` where in the list a pixel is."""

    values: Floats
    near: Mask
    seen: Mask
    of: NDArray[np.int32]


def _answers(level: Floats, seen: Mask) -> _Answers:
    near = cv2.dilate(seen.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    places = np.flatnonzero(near)
    planes, means, blurred = cv2.split(level), [], 0.0
    for sigma in _SIGMAS:
        more = float(np.sqrt(sigma**2 - blurred**2))
        planes = [cv2.GaussianBlur(each, (0, 0), more, borderType=cv2.BORDER_CONSTANT) for each in planes]
        *colours, share = (each.ravel()[places] for each in planes)
        np.maximum(share, np.float32(1e-3), out=share)
        means.append([each / share for each in colours])
        blurred = sigma
    values = np.empty((3 * (len(means) - 1), len(places)), np.float32)
    for at, (one, wider) in enumerate(pairwise(means)):
        for channel in range(3):
            np.subtract(one[channel], wider[channel], out=values[3 * at + channel])
    values *= np.float32(_GAIN)
    of = np.zeros(seen.shape, np.int32)
    of[near] = np.arange(len(places), dtype=np.int32)
    return _Answers(values, near, seen[near], of)


def _weighed(samples: NDArray[Any]) -> Iterator[tuple[float, list[tuple[Doubles, float]]]]:
    """For both sizes of a level, by the narrower Gaussian of each: the weights of the answers for every pigment and how
    precise they are (1 over the standard deviation of what they give). `samples` (answers, n) are of the skin."""
    widths = 3 * (_FINER + 1 + _COARSER)
    for own in (0, 1):
        mine = slice(3 * own, 3 * own + widths)
        sigma = _SMALLEST * _STEP**own
        inverse = np.linalg.inv(_loaded(covariance(samples[mine, :: max(samples.shape[1] // _SAMPLES, 1)].T)))
        shape = [_GAIN * (_inside(one, sigma) - _inside(wider, sigma)) for one, wider in pairwise(_SIGMAS)]
        weights = []
        for template in TEMPLATES:
            looks = np.concatenate([template * much for much in shape])[mine]
            precision = float(looks @ inverse @ looks)
            whole = np.zeros(len(samples))
            whole[mine] = inverse @ looks / precision
            weights.append((whole, float(np.sqrt(precision))))
        yield sigma, weights


def _inside(blur: float, sigma: float) -> float:
    """What a Gaussian of that blur gives in the middle of a disc that answers best at `sigma`."""
    return 1 - float(np.exp(-((_RADIUS * sigma) ** 2) / (2 * blur**2)))


def _loaded(found: Doubles) -> Doubles:
    """Marks are no perfect discs: weights that rest on fine differences between widths would lose them."""
    return np.asarray(found + _UNLIKE * np.diag(np.diag(found)))


def _peaks(
    answers: _Answers,
    seen: Mask,
    scale: float,
    sigma: float,
    weights: list[tuple[Doubles, float]],
    least: tuple[float, float],
) -> list[Candidate]:
    by_weight = np.array([weight for weight, _ in weights])
    precisions = np.array([precision for _, precision in weights])
    scores = (by_weight * precisions[:, None]).astype(np.float32) @ answers.values
    best_score = np.zeros(seen.shape, np.float32)
    best_score[answers.near] = scores.max(axis=0)
    # Small places are many more, and pores have long tails: they have to stand out more, and large ones less.
    ratio = _SURE_MM * PX_PER_MM / (_RADIUS * sigma * scale)
    strict = ratio if ratio > 1 else ratio**0.12
    best_score /= np.float32(strict) * _restlessness(best_score, seen)
    top = best_score >= cv2.dilate(best_score, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero(top & seen & (best_score > least[1]))
    round_ones = _is_round(best_score, rows, columns)
    rows, columns = rows[round_ones], columns[round_ones]
    amplitudes = by_weight @ answers.values[:, answers.of[rows, columns]]
    own = np.argmax(amplitudes * precisions[:, None], axis=0)
    return [
        Candidate(
            x=(float(x) + 0.5) * scale - 0.5,
            y=(float(y) + 0.5) * scale - 0.5,
            radius=_RADIUS * sigma * scale,
            score=float(best_score[y, x]),
        )
        for x, y, amplitude in zip(columns, rows, amplitudes[own, np.arange(len(rows))], strict=True)
        if amplitude > least[0]
    ]


def _is_round(score: NDArray[Any], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Mask:
    """Whether the score falls off to all sides; along a hair or a fold it does not."""
    wide = cv2.copyMakeBorder(score, 2, 2, 2, 2, cv2.BORDER_REPLICATE)

    def at(down: int, across: int) -> NDArray[Any]:
        return np.asarray(wide[rows + 2 + down, columns + 2 + across], dtype=np.float64)

    middle = at(0, 0)
    xx, yy = at(0, 2) + at(0, -2) - 2 * middle, at(2, 0) + at(-2, 0) - 2 * middle
    xy = (at(2, 2) + at(-2, -2) - at(2, -2) - at(-2, 2)) / 4
    round_ones: Mask = (xx * yy - xy * xy) * (_LINE + 1) ** 2 > _LINE * (xx + yy) ** 2
    return round_ones


def quantile(values: NDArray[Any], part: float) -> float:
    """The value that this part of a flat array lies under: numpy's own takes ten times as long over short ones."""
    at = min(int(part * len(values)), len(values) - 1)
    return float(np.partition(values, at)[at])


def covariance(samples: NDArray[Any]) -> Doubles:
    """Of the calm nine tenths of the samples (n, channels of one or several widths) about zero, made up for those left
    out, and never nothing."""
    values = samples.astype(np.float64)
    many = values.shape[1]
    least = np.kron(np.eye(many // 3), _LEAST_NOISE**2 * np.eye(3) + _LEAST_GREY**2 * np.ones((3, 3)))
    spread = np.array([1.4826 * quantile(np.abs(channel), 0.5) for channel in values.T])
    found = np.diag(np.maximum(spread, _LEAST_NOISE) ** 2)
    for _ in range(3):
        distance = (values @ np.linalg.inv(found) * values).sum(axis=1)
        calm = values[distance < quantile(distance, _CALM)]
        found = calm.T @ calm / max(len(calm), 1) / _calm_part(many) + least
    return np.asarray(found)


@cache
def _calm_part(dimensions: int) -> float:
    """The covariance of a Gaussian cloud's inner nine tenths over that of the whole: 0.77 in three dimensions."""
    return float(chi2.cdf(chi2.ppf(_CALM, dimensions), dimensions + 2)) / _CALM


def _restlessness(score: NDArray[Any], seen: Mask) -> Floats:
    """How much more the scores scatter here than over the whole skin; never under one. A quantile over squares many
    times as large as a mark at this size, so that single marks do not count but stubble and a shining nose do."""
    height, width = (-(-side // _SQUARE) for side in seen.shape)
    more = ((0, height * _SQUARE - seen.shape[0]), (0, width * _SQUARE - seen.shape[1]))
    values = np.pad(np.where(seen, np.abs(score), np.float32(np.nan)), more, constant_values=np.nan)
    squares = values.reshape(height, _SQUARE, width, _SQUARE)[:, ::2, :, ::2].transpose(0, 2, 1, 3)
    ordered = np.sort(squares.reshape(height, width, -1), axis=2)  # NaN last
    known = np.count_nonzero(~np.isnan(ordered), axis=2)
    at = np.minimum((known * 0.7).astype(int), ordered.shape[2] - 1)
    local = np.take_along_axis(ordered, at[..., None], axis=2)[..., 0]
    local = np.where(known < 12, 1.0, local / 1.036).astype(np.float32)  # 1.036: of a Gaussian's absolute values
    whole = cv2.resize(local, (width * _SQUARE, height * _SQUARE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.maximum(whole[: seen.shape[0], : seen.shape[1]], 1.0), dtype=np.float32)
