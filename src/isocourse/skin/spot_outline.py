"""The outline of one mark and what it differs by from the ring of skin around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Floats
from isocourse.skin.regions import Mask
from isocourse.skin.spot_candidates import DARKEST, LUMINANCE, Candidate, covariance, quantile

Doubles = NDArray[np.float64]

_REACH = 2.8  # radii of the candidate that are looked at around it
# How far the picture is smoothed, and how narrow an arm or a gap is not the mark's, of its radius; and the same where
# pores and shine make that too ragged to be a mark.
_WAYS, _SMOOTH_LEAST = ((0.12, 0.2), (0.3, 0.3)), 1.0
# What stands out and runs into a fold, a shadow or hair is looked for once more, no further than so many radii from its
# middle; more of what is around it has to be skin then, so that a piece of the fold itself is no mark.
_LEAKING_SCORE, _LEAKING_REACH, _LEAKING_WAY, _LEAKING_CALM, _LEAKING_LONGEST = 5.0, 1.6, (0.12, 0.3), 0.85, 1.25
_EDGE = 0.5  # of the contrast
# How much of what is around is taken for even noise, which keeps the weights off JPEG's coarse colours alone.
_EVEN = 0.3
_FINE_ENOUGH = 12.0  # pixels of radius that an outline is drawn with at least
_ENOUGH = 600  # pixels of the surroundings that are looked at
_FULL = 0.92  # of what is inside the outline: that is taken as the mark's full contrast
_LONGEST, _ROUND_ENOUGH, _CALM = 2.6, 0.78, 0.75
_SECTORS = 8
_HALO = 0.25  # of a region that is another mark, from which on it is only what is left around that one
_GAP, _GAP_MM, _RING_MM = 0.3, 0.5, 1.0
_RING_LEAST = 0.3  # of the ring has to be bare skin


@dataclass(frozen=True, eq=False)
class Outlined:
    """A mark's pixels inside a box of the frame, whose first pixel is `x0`, `y0`."""

    x0: int
    y0: int
    mask: Mask
    outline: tuple[tuple[float, float], ...]
    area: float  # pixels
    area_error: float
    score: float
    cut: float  # how much of the outline runs along what is no skin

    @property
    def box(self) -> tuple[slice, slice]:
        return slice(self.y0, self.y0 + self.mask.shape[0]), slice(self.x0, self.x0 + self.mask.shape[1])


@dataclass(frozen=True, eq=False)
class _View:
    """What is around one candidate, each pixel of it `step` by `step` of the frame, whose first is `x0`, `y0`. `across`
    and `down` are its pixels from the candidate's middle, as `radius` is, `annulus` the skin around it."""

    x0: int
    y0: int
    step: int
    light: Floats
    free: Mask
    across: Floats  # (1, width)
    down: Floats  # (height, 1)
    inner: Mask
    annulus: Mask
    radius: float
    room: Mask  # where the mark may be
    calm: float = _CALM  # how much of all directions has to be skin again
    longest: float = _LONGEST  # how many times as long as wide it may be


def outlined(linear: Floats, skin: Mask, others: Mask, candidate: Candidate) -> Outlined | None:
    """The region around a candidate that has at least half its contrast; None where that is no mark: a line, an edge,
    something without an end. `others` are pixels of marks already found."""
    view = _view(linear, skin, others, candidate)
    if view is None:
        return None
    tries = [(view, *way) for way in _WAYS]
    if candidate.score >= _LEAKING_SCORE:
        disc = np.hypot(view.across, view.down) < _LEAKING_REACH * view.radius
        tries.append(
            (replace(view, room=view.free & disc, calm=_LEAKING_CALM, longest=_LEAKING_LONGEST), *_LEAKING_WAY)
        )
    heights: dict[float, Floats | None] = {}
    for room, smooth, trim in tries:
        if smooth not in heights:
            heights[smooth] = _height(view, _sigma(view, smooth))
        found = _region(room, heights[smooth], smooth, trim)
        if found is not None:
            mark = _cut_out(view, *found, candidate.score)
            halo = np.count_nonzero(mark.mask & others[mark.box]) > _HALO * mark.area
            return None if halo else replace(mark, cut=_cut(mark, skin))
    return None


def _cut(mark: Outlined, skin: Mask) -> float:
    """How much of the outline runs along what is no skin, where nobody knows whether the mark ends. All of it where
    two opposite sides do: skin between two nostrils is no mark."""
    rows, columns = mark.box
    top, left = max(rows.start - 3, 0), max(columns.start - 3, 0)
    seen = skin[top : rows.stop + 3, left : columns.stop + 3]
    own = np.zeros(seen.shape, np.uint8)
    own[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = mark.mask
    edge = (cv2.dilate(own, np.ones((5, 5), np.uint8)) > 0) & (own == 0)
    down, across = np.nonzero(edge & ~seen)
    if not len(down):
        return 0.0
    middle = [float(each.mean()) for each in np.nonzero(own)]
    sides = np.bincount(_sectors(down - middle[0], across - middle[1]), minlength=_SECTORS) > 0
    return 1.0 if (sides & np.roll(sides, _SECTORS // 2)).any() else len(down) / np.count_nonzero(edge)


def _view(linear: Floats, skin: Mask, others: Mask, candidate: Candidate) -> _View | None:
    step = max(int(candidate.radius / _FINE_ENOUGH), 1)
    reach = _REACH * candidate.radius + 4
    y0, y1 = _span(candidate.y, reach, linear.shape[0], step)
    x0, x1 = _span(candidate.x, reach, linear.shape[1], step)
    light, here = linear[y0:y1, x0:x1], skin[y0:y1, x0:x1] & ~others[y0:y1, x0:x1]
    if step > 1 and here.size:
        size = (here.shape[1] // step, here.shape[0] // step)
        light = np.asarray(cv2.resize(light, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
        here = np.asarray(here.reshape(size[1], step, size[0], step).all(axis=(1, 3)), dtype=np.bool_)
    radius, half = candidate.radius / step, (step - 1) / 2
    across = ((np.arange(x0, x1, step) + half - candidate.x) / step).astype(np.float32)[None]
    down = ((np.arange(y0, y1, step) + half - candidate.y) / step).astype(np.float32)[:, None]
    distance = np.hypot(across, down) / radius
    inner, annulus = distance < 0.6, (distance > 1.6) & here
    if not here[inner].any() or np.count_nonzero(annulus) < 40:
        return None
    return _View(x0, y0, step, light, here, across, down, inner, annulus, radius, here)


def _sigma(view: _View, smooth: float) -> float:
    return max(smooth * view.radius, _SMOOTH_LEAST)


def _region(view: _View, height: Floats | None, smooth: float, trim: float) -> tuple[Mask, float] | None:
    """The mark's pixels and one standard error of their number."""
    if height is None:
        return None
    calm = _trimmed(np.where(view.free, height, np.float32(0)), trim * view.radius)
    # On the round edge of a blurred disc there is less than half of it.
    edge = _EDGE - 0.2 * min(_sigma(view, smooth) / view.radius, 1.0)
    found = _half_way(height, calm, view, edge)
    if found is None:
        return None
    mask, level = found
    if _touches_edge(mask) or not _is_mark(mask, height, level, view):
        return None
    wider, narrower = (_part(height, calm, view, part * level) for part in (0.8, 1.2))
    spread = (np.count_nonzero(wider) - np.count_nonzero(narrower)) / 4
    return mask, float(np.hypot(spread, 0.5 * np.sqrt(np.count_nonzero(mask))))


def _height(view: _View, sigma: float) -> Floats | None:
    """Density in the mark's own colour, weighed against what varies around it, above the skin's own plane; one where
    it is as dense as the mark's middle. None where the middle is not darker than what is around."""
    smooth = cv2.GaussianBlur(view.light, (0, 0), sigma)
    density = -np.asarray(cv2.log(np.maximum(smooth, DARKEST)), dtype=np.float32)
    around = density[view.annulus][:: max(np.count_nonzero(view.annulus) // _ENOUGH, 1)]
    usual = medians(around)
    own = medians(density[view.inner & view.free]) - usual
    if not float(LUMINANCE @ own) > 0:
        return None
    clutter = covariance(around - usual)
    weights = np.linalg.solve(clutter + _EVEN * np.trace(clutter) / 3 * np.eye(3), own)
    height = density @ (weights / (weights @ own)).astype(np.float32)
    return np.asarray(height - _plane(height, view), dtype=np.float32)


def _cut_out(view: _View, mask: Mask, area_error: float, score: float) -> Outlined:
    step = view.step
    if step > 1:
        size = (mask.shape[1] * step, mask.shape[0] * step)
        mask = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) >= 0.5
    rows, columns = np.nonzero(mask)
    top, left = int(rows.min()), int(columns.min())
    own = mask[top : int(rows.max()) + 1, left : int(columns.max()) + 1]
    return Outlined(
        x0=view.x0 + left,
        y0=view.y0 + top,
        mask=own,
        outline=outline_of(own, view.x0 + left, view.y0 + top),
        area=float(np.count_nonzero(mask)),
        area_error=step**2 * area_error,
        score=score,
        cut=0.0,
    )


def _span(middle: float, reach: float, end: int, step: int) -> tuple[int, int]:
    first, last = max(int(middle - reach), 0), min(int(middle + reach) + 2, end)
    return first, last - (last - first) % step


def _plane(height: Floats, view: _View) -> Floats:
    """What the skin around goes on as, so that a slope of light is no mark. Other marks in it are left out."""
    step = max(np.count_nonzero(view.annulus) // _ENOUGH, 1)
    rows, columns = (each[::step] for each in np.nonzero(view.annulus))
    values = height[rows, columns].astype(np.float64)
    known = np.column_stack([np.ones(len(values)), view.across[0, columns], view.down[rows, 0]])
    fit = np.array([quantile(values, 0.5), 0.0, 0.0])
    for _ in range(3):
        away = values - known @ fit
        middle = quantile(away, 0.5)
        spread = 1.4826 * quantile(np.abs(away - middle), 0.5) + 1e-6
        kept = np.abs(away - middle) < 2 * spread
        fit = np.linalg.solve(known[kept].T @ known[kept] + 1e-9 * np.eye(3), known[kept].T @ values[kept])
    slope: Floats = np.float32(fit[0]) + np.float32(fit[1]) * view.across + np.float32(fit[2]) * view.down
    return slope


def _trimmed(height: Floats, radius: float) -> Floats:
    """Without gaps as narrow as that (a light hair, shine in a pore), then without arms (a dark hair, a pore)."""
    side = 2 * round(radius) + 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    closed = cv2.morphologyEx(height, cv2.MORPH_CLOSE, brush)
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, brush), dtype=np.float32)


def _half_way(height: Floats, calm: Floats, view: _View, edge: float) -> tuple[Mask, float] | None:
    full = quantile(calm[view.inner & view.free], 0.5)
    mask = None
    for _ in range(3):
        mask = _part(height, calm, view, edge * full)
        if np.count_nonzero(mask) < 9:
            return None
        full = quantile(calm[mask], _FULL)
    assert mask is not None
    return mask, edge * full


def _part(height: Floats, calm: Floats, view: _View, level: float) -> Mask:
    """The connected part above the level that holds most of the middle, its holes filled."""
    trimmed = (calm > level).astype(np.uint8)
    # A brush cannot follow every curve: by one pixel the outline may.
    above = (cv2.dilate(trimmed, np.ones((3, 3), np.uint8)) > 0) & ((height > level) | (trimmed > 0)) & view.room
    _, parts = cv2.connectedComponents(above.astype(np.uint8), connectivity=4)
    inside = np.bincount(parts[view.inner].ravel())
    if len(inside) < 2 or not inside[1:].any():
        return np.zeros_like(view.free)
    own = (parts == int(np.argmax(inside[1:])) + 1).astype(np.uint8)
    contours, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(own, contours, -1, 1, cv2.FILLED)
    filled: Mask = own > 0
    return filled


def _touches_edge(mask: Mask) -> bool:
    return bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())


def _is_mark(mask: Mask, height: Floats, level: float, view: _View) -> bool:
    """Neither long as a hair or a fold, nor ragged, nor open to a side as the edge of a shadow is."""
    rows, columns = np.nonzero(mask)
    spread = np.linalg.eigvalsh(np.cov(np.vstack([rows, columns])) + np.eye(2) / 12)
    if np.sqrt(spread[1] / spread[0]) > view.longest:
        return False
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points = np.vstack(contours)
    hull = np.zeros(mask.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
    if np.count_nonzero(mask) < _ROUND_ENOUGH * np.count_nonzero(hull):
        return False
    return _surrounded(mask, height, level, view)


def _surrounded(mask: Mask, height: Floats, level: float, view: _View) -> bool:
    away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 3)
    radius = np.sqrt(np.count_nonzero(mask) / np.pi)
    near = (away > max(0.3 * radius, 2)) & (away <= max(0.9 * radius, 6)) & view.free
    rows, columns = np.nonzero(near)
    if len(rows) < 16:
        return False
    middle = [float(each.mean()) for each in np.nonzero(mask)]
    sector = _sectors(rows - middle[0], columns - middle[1])
    sums = np.bincount(sector, height[near], _SECTORS)
    seen = np.bincount(sector, minlength=_SECTORS)
    calm = sums[seen > 0] / seen[seen > 0] < 0.8 * level
    return bool(calm.mean() >= view.calm)


def _sectors(down: NDArray[Any], across: NDArray[Any]) -> NDArray[np.intp]:
    """Which of the sectors around a middle each of these places lies in."""
    turns = (np.arctan2(down, across) + np.pi) / (2 * np.pi)
    return np.asarray((turns * _SECTORS).astype(np.intp) % _SECTORS, dtype=np.intp)


def outline_of(mask: Mask, x0: int, y0: int) -> tuple[tuple[float, float], ...]:
    """The closed line along the edges of the mask's pixels, smoothed, in pixels of the frame."""
    grown = 4 if max(mask.shape) < 128 else 2
    padded = np.pad(mask.astype(np.float32), 2)
    size = (padded.shape[1] * grown, padded.shape[0] * grown)
    fine = cv2.GaussianBlur(cv2.resize(padded, size, interpolation=cv2.INTER_LINEAR), (0, 0), 0.6 * grown)
    contours, _ = cv2.findContours((fine > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return ()
    longest = max(contours, key=cv2.contourArea)
    points = cv2.approxPolyDP(longest, 0.25 * grown, closed=True)[:, 0].astype(np.float64)
    points = (points + 0.5) / grown - 0.5 - 2
    return tuple((round(float(x) + x0, 2), round(float(y) + y0, 2)) for x, y in points)


def ring_of(mask: Mask, free: Mask) -> Mask:
    """Skin from 0.3 radii (at least 0.5 mm) outside the mask on, for one radius (at least 1 mm)."""
    radius = float(np.sqrt(np.count_nonzero(mask) / np.pi))
    gap, width = max(_GAP * radius, _GAP_MM * PX_PER_MM), max(radius, _RING_MM * PX_PER_MM)
    away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
    whole = (away > gap) & (away <= gap + width)
    ring: Mask = whole & free
    return ring if np.count_nonzero(ring) >= _RING_LEAST * np.count_nonzero(whole) else np.zeros_like(mask)


def medians(samples: NDArray[Any]) -> Doubles:
    """The middle of each channel of (n, channels)."""
    return np.array([quantile(channel, 0.5) for channel in samples.T])
