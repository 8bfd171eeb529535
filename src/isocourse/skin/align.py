"""A follow-up laid on its baseline, so that one mark can be told from the next; or one sentence that says why not.

Two starts (features with a homography; the mesh), each refined by dense flow on the skin's own texture; the one that
agrees better with its way back is kept. Where the two ways disagree, the skin is stretched or either photograph shows
no skin, nothing is compared. Features: Alcantarilla 2013 (AKAZE); MAGSAC++: Barath 2020; flow: Kroeger 2016 (DIS).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from isocourse.skin.face import LEFT_EYE_CORNER, RIGHT_EYE_CORNER, Points
from isocourse.skin.frame import Frame
from isocourse.skin.light import Bytes, Floats
from isocourse.skin.regions import Mask

_LONG_SIDE = 1024  # where the flow is worked out; more buys little for much time
_DARKEST = 1e-3
_GREY = 128
_CONTRAST_PX, _FLAT = 3.0, 0.02  # width of local contrast; the contrast (of log light) below which it is noise
_SHRUNK = 4
_SMOOTH_PX = 6.0  # skin moves smoothly; flow on skin does not where texture is faint or a mark is new
_VARIATIONAL = 10  # rounds that make the flow smooth
_FAINTEST = 1e-4  # of a feature's response: some hundreds of them on a face at half the working size
_FEWEST = 12  # agreeing features that a homography is believed for
_MESH_GRID, _MESH_SMOOTHING, _MESH_STEP = 24, 1.0, 2
_THERE_AND_BACK, _ROUGH = 1.0, 1.0  # pixels of the working size
_ALIKE, _ALIKE_PX = 0.3, 8.0  # correlation of texture around a pixel
_MARK_PX = 32  # of the working size: valid skin reaches over a mark that is in one photograph only
_STRETCH = (0.75, 1.35)  # local change of area, against that of the whole face
_STRETCH_PX = 8.0

# What refuses. Flow lays a stranger's skin over as well, and even finds the way back; once it is smoothed as skin
# moves, a stranger's texture is no longer alike (generated skin: 0.3 of it, against 0.9 and more of the same skin).
_MOST_TURN = 0.4
_LEAST_COMMON = 0.25
_LEAST_AGREES = 0.55

ANOTHER_VIEW = "The two photographs show the face from different sides: take it again from the side of the first one."
TOO_LITTLE = "The two photographs have too little skin in common: take it again with the same part of the face in view."
NO_MATCH = "The skin in the two photographs does not match: check that both are of the same person, in focus and calm."


@dataclass(frozen=True, eq=False)
class Alignment:
    """Where each pixel of the baseline's frame lies in the follow-up's: itself plus `flow` (height, width, 2), x first.

    `valid` is the skin that both show and where the alignment can be trusted; `agrees` the part of the common skin
    where there and back meet, the flow is smooth and the texture alike, `consistency` the median distance in pixels of
    the frame between there and back. Where `refused` is not empty `valid` is all false.
    """

    flow: Floats
    valid: Mask
    agrees: float
    consistency: float | None
    start: str
    refused: str = ""

    def to_follow_up(self, points: Points) -> Points:
        """Places of the baseline (n, 2) in the follow-up."""
        return points + sampled(self.flow, points)

    def to_baseline(self, points: Points) -> Points:
        """Places of the follow-up (n, 2) in the baseline; meaningful where `seen` says so of the answer."""
        found = points - sampled(self.flow, points)
        for _ in range(30):  # each round leaves at most the field's slope of the error, a tenth or so
            found = found + 0.8 * (points - self.to_follow_up(found))
        return found

    def seen(self, points: Points) -> NDArray[np.bool_]:
        """Whether places of the baseline (n, 2) are validly seen in both photographs."""
        height, width = self.valid.shape
        at = np.rint(points).astype(int)
        inside = ((at >= 0) & (at < [width, height])).all(axis=1)
        at = np.clip(at, 0, [width - 1, height - 1])
        return np.asarray(inside & self.valid[at[:, 1], at[:, 0]])

    def laid(self, follow_up: Floats) -> Floats:
        """A picture of the follow-up's frame as it lies on the baseline's."""
        return np.asarray(_warped(follow_up, self.flow, cv2.INTER_CUBIC), dtype=np.float32)


def align(baseline: Frame, follow_up: Frame, *, baseline_skin: Mask, follow_up_skin: Mask) -> Alignment:
    """Lay a follow-up on its baseline. The masks are as large as their frames."""
    if abs(turn(baseline.points) - turn(follow_up.points)) > _MOST_TURN:
        return _refused(baseline, ANOTHER_VIEW)
    shrink = min(1.0, _LONG_SIDE / max(*baseline.linear.shape[:2], *follow_up.linear.shape[:2]))
    before, after = _small(baseline, baseline_skin, shrink), _small(follow_up, follow_up_skin, shrink)
    coarse = [_refined(before.half(), after.half(), start) for start in _starts(before.half(), after.half())]
    best = max(coarse, key=lambda each: each.agrees)
    height, width = before.grey.shape
    start = np.asarray(cv2.resize(best.flow, (width, height), interpolation=cv2.INTER_LINEAR), np.float32) * np.float32(
        2
    )
    fine = _refined(before, after, _Start(best.start, start), rounds=2)

    if fine.common < _LEAST_COMMON:
        return _refused(baseline, TOO_LITTLE)
    if fine.agrees < _LEAST_AGREES:
        return _refused(baseline, NO_MATCH, agrees=fine.agrees)
    return _enlarged(fine, before, after, baseline)


def turn(points: Points) -> float:
    """How far the head is turned, as the place of the nose between the sides of the face: 0 straight, -0.5 to 0.5."""
    across = points[LEFT_EYE_CORNER, :2] - points[RIGHT_EYE_CORNER, :2]
    right, left, nose = (float(points[index, :2] @ across) for index in (234, 454, 1))
    return (nose - right) / max(left - right, 1e-9) - 0.5


def sampled(field: Floats, points: Points) -> Points:
    """A field (height, width, n) at places (m, 2) between its pixels; beyond its edge as at the edge."""
    height, width = field.shape[:2]
    at = np.clip(points, 0, [width - 1, height - 1])
    low = np.minimum(np.floor(at).astype(int), [max(width - 2, 0), max(height - 2, 0)])
    part = at - low
    x0, y0 = low[:, 0], low[:, 1]
    x1, y1 = np.minimum(x0 + 1, width - 1), np.minimum(y0 + 1, height - 1)
    fx, fy = part[:, :1], part[:, 1:]
    top = field[y0, x0] * (1 - fx) + field[y0, x1] * fx
    bottom = field[y1, x0] * (1 - fx) + field[y1, x1] * fx
    return np.asarray(top * (1 - fy) + bottom * fy, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Small:
    """A frame at the working size: `grey` is normalised texture, `ratio` (x, y) its size against the frame's."""

    grey: Bytes
    skin: Bytes
    points: Points
    ratio: NDArray[np.float64]

    def half(self) -> _Small:
        size = (max(self.grey.shape[1] // 2, 1), max(self.grey.shape[0] // 2, 1))
        by = np.array(size) / self.grey.shape[1::-1]
        return _Small(
            np.asarray(cv2.resize(self.grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8),
            np.asarray(cv2.resize(self.skin, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8),
            (self.points + 0.5) * by - 0.5,
            self.ratio * by,
        )


@dataclass(frozen=True, eq=False)
class _Start:
    name: str
    flow: Floats


@dataclass(frozen=True, eq=False)
class _Refined:
    """`common`: the skin of both as a part of the baseline's; `agrees` as in `Alignment`, `apart` there and back,
    `trusted` where they meet, the flow is smooth and the texture alike."""

    start: str
    flow: Floats
    apart: Floats
    trusted: Mask
    both: Mask
    common: float
    agrees: float


def _small(frame: Frame, skin: Mask, shrink: float) -> _Small:
    height, width = frame.linear.shape[:2]
    size = (max(round(width * shrink), 1), max(round(height * shrink), 1))
    light = cv2.resize(frame.linear, size, interpolation=cv2.INTER_AREA)
    grey = cv2.log(np.maximum(cv2.transform(light, np.array([[0.25, 0.65, 0.10]], np.float32)), _DARKEST))
    mask = cv2.resize(skin.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    ratio = np.array([size[0] / width, size[1] / height])
    return _Small(
        _normalised(np.asarray(grey, dtype=np.float32).reshape(size[1], size[0])),
        np.asarray(mask, dtype=np.uint8),
        (frame.points[:, :2] + 0.5) * ratio - 0.5,
        ratio,
    )


def _normalised(grey: Floats) -> Bytes:
    """Log grey less its surroundings, over their contrast: light, shade and white balance leave no trace in it."""
    away = grey - cv2.GaussianBlur(grey, (0, 0), _CONTRAST_PX)
    contrast = cv2.sqrt(cv2.GaussianBlur(away * away, (0, 0), 2 * _CONTRAST_PX)) + _FLAT
    return np.asarray(np.clip(away / contrast * 40 + _GREY, 0, 255), dtype=np.uint8)


def _starts(before: _Small, after: _Small) -> list[_Start]:
    by_features = _homography(before, after)
    mesh = _Start("mesh", _by_mesh(before, after))
    return [mesh] if by_features is None else [_Start("features", by_features), mesh]


def _homography(before: _Small, after: _Small) -> Floats | None:
    """From features of the skin; None where too few agree."""
    features = cv2.AKAZE_create(threshold=_FAINTEST)  # type: ignore[attr-defined]
    at1, what1 = features.detectAndCompute(before.grey, before.skin)
    at2, what2 = features.detectAndCompute(after.grey, after.skin)
    if len(at1) < _FEWEST or len(at2) < _FEWEST:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(what1, what2)
    if len(pairs) < _FEWEST:
        return None
    one = np.array([at1[pair.queryIdx].pt for pair in pairs])
    other = np.array([at2[pair.trainIdx].pt for pair in pairs])
    matrix, kept = cv2.findHomography(one, other, cv2.USAC_MAGSAC, 3.0, maxIters=5000, confidence=0.999)
    if matrix is None or int(np.asarray(kept).sum()) < _FEWEST:
        return None
    height, width = before.grey.shape
    grid = _grid(height, width)
    flat = np.asarray(cv2.perspectiveTransform(grid.reshape(-1, 1, 2), matrix), dtype=np.float32)
    return flat.reshape(height, width, 2) - grid


def _by_mesh(before: _Small, after: _Small) -> Floats:
    """A thin plate through the points of the mesh, which are exact to some millimetres only: so it is smoothed."""
    height, width = before.grey.shape
    down, across = _MESH_GRID, max(round(_MESH_GRID * width / height), 2)
    x = (np.arange(across) + 0.5) * width / across - 0.5
    y = (np.arange(down) + 0.5) * height / down - 0.5
    at = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    points, moved = before.points[:468:_MESH_STEP], after.points[:468:_MESH_STEP]
    plate = RBFInterpolator(points, moved - points, smoothing=_MESH_SMOOTHING * height)
    field = plate(at).reshape(down, across, 2).astype(np.float32)
    return np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _refined(before: _Small, after: _Small, start: _Start, *, rounds: int = 1) -> _Refined:
    """The start, corrected by dense flow; and where that can be trusted."""
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)  # type: ignore[attr-defined]
    dis.setVariationalRefinementIterations(_VARIATIONAL)
    skin = before.skin.astype(np.float32)
    flow = start.flow
    for _ in range(rounds - 1):
        laid = _warped(after.grey, flow, cv2.INTER_CUBIC, outside=_GREY)
        flow = _smoothed(_after(flow, dis.calc(before.grey, laid, None)), skin)
    laid = _warped(after.grey, flow, cv2.INTER_CUBIC, outside=_GREY)
    there = np.asarray(dis.calc(before.grey, laid, None), dtype=np.float32)
    back = dis.calc(laid, before.grey, None)
    apart = _length(there + _warped(back, there, cv2.INTER_LINEAR))
    rough = _after(flow, there)
    trusted = (apart <= _THERE_AND_BACK) & (_length(rough - _smoothed(rough, skin)) <= _ROUGH)
    flow = _smoothed(rough, skin * trusted)
    trusted &= _alike(before.grey, _warped(after.grey, flow, cv2.INTER_CUBIC, outside=_GREY)) >= _ALIKE
    seen = before.skin.astype(bool)
    both = seen & _warped(after.skin, flow, cv2.INTER_NEAREST, outside=0).astype(bool)
    agrees = float(trusted[both].mean()) if both.any() else 0.0
    return _Refined(start.name, flow, apart, trusted, both, float(both.sum()) / max(float(seen.sum()), 1.0), agrees)


def _alike(one: Bytes, other: Bytes) -> Floats:
    """Correlation of two pictures around each pixel, -1 to 1."""

    def mean(picture: NDArray[Any]) -> Floats:
        return _mean(picture, _ALIKE_PX)

    x, y = one.astype(np.float32) - _GREY, other.astype(np.float32) - _GREY
    of_x, of_y = mean(x), mean(y)
    spread = np.maximum(mean(x * x) - of_x**2, 1) * np.maximum(mean(y * y) - of_y**2, 1)
    return np.asarray((mean(x * y) - of_x * of_y) / np.sqrt(spread), dtype=np.float32)


def _smoothed(flow: Floats, weight: Floats) -> Floats:
    """Means of the neighbourhood, from where the weight is; elsewhere from afar."""
    weight = weight + np.float32(1e-4)
    around = _mean(weight, _SMOOTH_PX)
    return np.asarray(_mean(flow * weight[..., None], _SMOOTH_PX) / around[..., None])


def _mean(field: Floats, sigma: float) -> Floats:
    """A Gaussian mean wider than a few pixels: on a picture shrunk by four, in a tenth of the time."""
    height, width = field.shape[:2]
    size = (max(round(width / _SHRUNK), 1), max(round(height / _SHRUNK), 1))
    small = cv2.GaussianBlur(cv2.resize(field, size, interpolation=cv2.INTER_AREA), (0, 0), sigma / _SHRUNK)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _length(field: NDArray[Any]) -> Floats:
    return np.asarray(cv2.magnitude(field[..., 0], field[..., 1]), dtype=np.float32)


def _after(flow: Floats, step: Floats) -> Floats:
    """First a step on the baseline, then the flow from there."""
    return np.asarray(step + _warped(flow, step, cv2.INTER_LINEAR), dtype=np.float32)


def _warped(picture: NDArray[Any], flow: Floats, how: int, *, outside: int | None = None) -> NDArray[Any]:
    """A picture seen through a flow. OpenCV rounds the places to 1/32 pixel: harmless for pictures, and for flows that
    change by less than a tenth of a pixel from one pixel to the next; never used to enlarge a field."""
    at = flow + _grid(*flow.shape[:2])
    border = cv2.BORDER_REPLICATE if outside is None else cv2.BORDER_CONSTANT
    value = 0 if outside is None else outside
    return np.asarray(cv2.remap(picture, at, None, how, borderMode=border, borderValue=value))  # type: ignore[call-overload]


def _grid(height: int, width: int) -> Floats:
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.stack([x, y], axis=-1)


def _enlarged(fine: _Refined, before: _Small, after: _Small, baseline: Frame) -> Alignment:
    """From the working size to the frame's."""
    height, width = baseline.linear.shape[:2]
    grid = _grid(*fine.flow.shape[:2])
    moved = (fine.flow + grid + 0.5) / after.ratio - (grid + 0.5) / before.ratio
    flow = cv2.resize(moved.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    good = fine.both & _filled(fine.trusted & fine.both) & _unstretched(fine.flow, fine.both)
    valid = cv2.resize(good.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    consistency = float(np.median(fine.apart[fine.both])) / float(before.ratio.mean())
    return Alignment(
        np.asarray(flow, dtype=np.float32), np.asarray(valid).astype(bool), fine.agrees, consistency, fine.start
    )


def _filled(good: Mask) -> Mask:
    """Single pixels out, holes as small as a mark in: a mark that is new has no counterpart, but skin around it has."""
    mark = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_MARK_PX + 1, _MARK_PX + 1))
    opened = cv2.morphologyEx(good.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return np.asarray(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, mark)).astype(bool)


def _unstretched(flow: Floats, skin: Mask) -> Mask:
    """Where the area changes about as it does over the whole face."""
    smooth = _mean(flow, _STRETCH_PX)
    dx = np.gradient(smooth, axis=1)
    dy = np.gradient(smooth, axis=0)
    area = (1 + dx[..., 0]) * (1 + dy[..., 1]) - dx[..., 1] * dy[..., 0]
    usual = float(np.median(area[skin])) if skin.any() else 1.0
    return np.asarray((area > _STRETCH[0] * usual) & (area < _STRETCH[1] * usual))


def _refused(baseline: Frame, says: str, *, agrees: float = 0.0) -> Alignment:
    height, width = baseline.linear.shape[:2]
    nothing = np.zeros((height, width), bool)
    return Alignment(np.zeros((height, width, 2), np.float32), nothing, agrees, None, "", says)
