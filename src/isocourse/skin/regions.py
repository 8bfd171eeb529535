"""Which pixels are bare skin, and of which part of the face. Right and left are the person's.

Everything is drawn at 2 pixels for each millimetre, which is finer than the mesh is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.colour import lab
from isocourse.skin.face import Points
from isocourse.skin.frame import PX_PER_MM, Frame
from isocourse.skin.light import Floats

Mask = NDArray[np.bool_]
Labels = NDArray[np.uint8]

NAMES = (
    "forehead", "right cheek", "left cheek", "nose", "chin", "right temple", "left temple", "right jaw", "left jaw",
    "upper lip",
)  # fmt: skip
_FOREHEAD, _RIGHT_CHEEK, _LEFT_CHEEK, _NOSE, _CHIN, _RIGHT_TEMPLE, _LEFT_TEMPLE, _RIGHT_JAW, _LEFT_JAW, _UPPER_LIP = (
    range(1, 11)
)

OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
EYES = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
)
_BROWS = ((46, 53, 52, 65, 55, 70, 63, 105, 66, 107), (276, 283, 282, 295, 285, 300, 293, 334, 296, 336))
_LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
_NOSTRILS = ((240, 97, 99, 60, 75, 166, 79, 238, 241), (460, 326, 328, 290, 305, 392, 309, 458, 461))
_WINGS = ((49, 102, 129, 64, 98, 219, 218), (279, 331, 358, 294, 327, 439, 438))  # and the folds beside them
_BETWEEN = (*_NOSTRILS[0], *_NOSTRILS[1])  # the skin between nostrils lies in the shade of both
_CORNERS = ((61,), (291,))  # of the mouth, where the lips' shade and fold go on
_NOSE_HULL = (168, 122, 351, 196, 419, 198, 420, 131, 360, 49, 279, 48, 278, 64, 294, 98, 327, 2, 94)
_BROW_TOPS = (70, 63, 105, 66, 107, 168, 336, 296, 334, 293, 300)  # and between them down to the bridge

COARSE = 2.0  # pixels for each millimetre
_SHRINK = int(PX_PER_MM / COARSE)
_EYES_MM, _BROWS_MM, _LIPS_MM, _NOSTRILS_MM, _WINGS_MM, _EDGE_MM = 3.0, 2.5, 2.0, 1.0, 2.0, 2.0
_CORNERS_MM = 4.0
_GLASSES_MM = (4.0, 9.0)
_FOREHEAD_MORE = 0.12  # of the height from the bridge of the nose to the top of the mesh

# What is no skin, against the face's own medians: too far in a* and b*, too dark, too many times as rough, or somewhat
# of each (as fair hair in the shade is), over more than 9 mm, so that no mark is taken for it. From few pictures.
_FAR, _DARKER, _ROUGHER, _WIDE_MM = 15.0, 28.0, 3.0, 9.0
_ROUGHEST = 4.0  # times the median, at one place: one deep mark does not make its surroundings rough
_ISLAND_MM2 = 150.0


@dataclass(frozen=True, eq=False)
class Regions:
    """`labels` is as large as the frame: 0 is no skin, n is `NAMES[n - 1]`. `bare` is the face's oval without eyes,
    brows, lips and nostrils; `covered` the part of it that is hair, beard, shadow, glasses or shine. `coarse` and
    `coarse_bare` are the same two at 2 pixels for each millimetre, on which everything wide is reckoned."""

    labels: Labels
    bare: Mask
    covered: float
    coarse: Labels
    coarse_bare: Mask

    @property
    def skin(self) -> Mask:
        """Bare skin of every part."""
        return np.asarray(self.labels > 0, dtype=np.bool_)

    def of(self, name: str) -> Mask:
        """Bare skin of one of `NAMES`."""
        return np.asarray(self.labels == NAMES.index(name) + 1, dtype=np.bool_)


def regions(frame: Frame) -> Regions:
    """Skin and its parts."""
    height, width = frame.linear.shape[:2]
    coarse = shrunk(frame.linear)
    size, points = (coarse.shape[1], coarse.shape[0]), coarse_points(frame, coarse)
    bare = oval(points, size) & ~features(points, size)
    skin = _without_islands(bare & ~_no_skin(coarse, bare)) & ~_shine(coarse, bare)
    covered = 1 - float(skin.sum()) / max(float(bare.sum()), 1.0)
    small = np.where(skin, parts(points, size), 0).astype(np.uint8)
    whole = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    return Regions(whole, _as_large(bare, whole), covered, small, bare)


def shrunk(picture: Floats) -> Floats:
    """A picture of the frame's size at `COARSE` pixels for each millimetre; averages in linear light."""
    size = (-(-picture.shape[1] // _SHRINK), -(-picture.shape[0] // _SHRINK))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def coarse_points(frame: Frame, coarse: Floats) -> Points:
    """The frame's points in pixels of its picture at `COARSE` pixels for each millimetre."""
    ratio = np.array([coarse.shape[1] / frame.linear.shape[1], coarse.shape[0] / frame.linear.shape[0]])
    return np.asarray((frame.points + 0.5) * ratio - 0.5)


def _filled(corners: NDArray[Any], size: tuple[int, int]) -> Mask:
    drawn = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillPoly(drawn, [np.rint(corners * 16).astype(np.int32)], 1, shift=4)
    return drawn.astype(bool)


def _grown(mask: Mask, millimetres: float) -> Mask:
    return cv2.dilate(mask.astype(np.uint8), _disc(millimetres)).astype(bool)


def _disc(millimetres: float) -> NDArray[np.uint8]:
    side = 2 * round(millimetres * COARSE) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), dtype=np.uint8)


def oval(points: Points, size: tuple[int, int]) -> Mask:
    """The face without ears, a little further up than the mesh goes and a little in from its edge."""
    outline = points[list(OVAL)].copy()
    up = points[10] - points[168]
    top = (outline - points[168]) @ up > 0.5 * float(up @ up)
    outline[top] += _FOREHEAD_MORE * up
    return cv2.erode(_filled(outline, size).astype(np.uint8), _disc(_EDGE_MM)).astype(bool)


def features(points: Points, size: tuple[int, int]) -> Mask:
    """Eyes, upper lids, brows, lips, nostrils and the wings of the nose, with the margin that each needs: the fold
    beside a wing is dark without being a mark."""
    found = np.zeros((size[1], size[0]), bool)
    lids = tuple((*eye, *brow) for eye, brow in zip(EYES, _BROWS, strict=True))  # upper lids are no place to count
    groups = (
        (lids, _BROWS_MM), (EYES, _EYES_MM), ((_LIPS,), _LIPS_MM), (_CORNERS, _CORNERS_MM),
        ((_BETWEEN,), _NOSTRILS_MM), (_WINGS, _WINGS_MM),
    )  # fmt: skip
    for indices, margin in groups:
        for each in indices:
            found |= _grown(_filled(cv2.convexHull(points[list(each)].astype(np.float32))[:, 0], size), margin)
    return found


def _as_large(mask: Mask, like: Labels) -> Mask:
    size = (like.shape[1], like.shape[0])
    return cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)


def open_skin(found: Regions) -> Mask:
    """Skin without folds: 3 mm from every edge, 9 mm from nose and upper lip, where any light casts shade."""
    folded = np.isin(found.coarse, (_NOSE, _UPPER_LIP))
    flat = cv2.erode((found.coarse > 0).astype(np.uint8), _disc(3.0)).astype(bool)
    return _as_large(flat & ~_grown(np.asarray(folded, dtype=np.bool_), 9.0), found.labels)


def beside_eyes(points: Points, size: tuple[int, int]) -> Mask:
    """The skin from 4 to 9 mm around both eyes, where glasses are; without brows."""
    eyes = [_filled(cv2.convexHull(points[list(eye)].astype(np.float32))[:, 0], size) for eye in EYES]
    both = eyes[0] | eyes[1]
    return _grown(both, _GLASSES_MM[1]) & ~_grown(both, _GLASSES_MM[0]) & ~features(points, size)


def parts(points: Points, size: tuple[int, int]) -> Labels:
    """Every pixel's part of the face, as lines through points of the mesh divide it."""
    across, down = np.meshgrid(np.arange(size[0], dtype=np.float64), np.arange(size[1], dtype=np.float64))
    right, left, chin, bridge = points[33], points[263], points[152], points[168]
    x_axis = (left - right) / np.linalg.norm(left - right)
    y_axis = np.array([-x_axis[1], x_axis[0]])

    def along(axis: Points, index: int) -> float:
        return float((points[index] - bridge) @ axis)

    x = (across - bridge[0]) * x_axis[0] + (down - bridge[1]) * x_axis[1]
    y = (across - bridge[0]) * y_axis[0] + (down - bridge[1]) * y_axis[1]
    # The middle line, which leans where the head is turned.
    lean = float((chin - bridge) @ x_axis) / max(float((chin - bridge) @ y_axis), 1.0)
    of_left = x - lean * y > 0
    brow_x = np.array([along(x_axis, index) for index in _BROW_TOPS])
    brow_y = np.array([along(y_axis, index) for index in _BROW_TOPS])
    above_brows = y < np.interp(x, brow_x, brow_y)
    outside = (x < along(x_axis, 70)) | (x > along(x_axis, 300))
    beside_eyes = (x < along(x_axis, 33)) | (x > along(x_axis, 263))
    under_eyes = y > (along(y_axis, 116) + along(y_axis, 345)) / 2
    mouth = (along(y_axis, 61) + along(y_axis, 291)) / 2
    inside_mouth = (x > along(x_axis, 61)) & (x < along(x_axis, 291))
    under_nose = y > along(y_axis, 2)

    found = np.where(of_left, _LEFT_CHEEK, _RIGHT_CHEEK)
    found = np.where(y > mouth, np.where(of_left, _LEFT_JAW, _RIGHT_JAW), found)
    found = np.where(inside_mouth & under_nose, np.where(y > mouth, _CHIN, _UPPER_LIP), found)
    found = np.where(beside_eyes & ~under_eyes, np.where(of_left, _LEFT_TEMPLE, _RIGHT_TEMPLE), found)
    found = np.where(above_brows & ~outside, _FOREHEAD, found)
    between_eyes = (x > along(x_axis, 133)) & (x < along(x_axis, 362)) & (y < along(y_axis, 133)) & ~above_brows
    nose = between_eyes | _filled(cv2.convexHull(points[list(_NOSE_HULL)].astype(np.float32))[:, 0], size)
    labels: Labels = np.where(nose, _NOSE, found).astype(np.uint8)
    return labels


def _no_skin(coarse: Floats, bare: Mask) -> Mask:
    """Hair, beard, glasses, deep shadow: wide areas unlike the rest of this face. Single marks are too small for it."""
    if not bare.any():
        return np.zeros_like(bare)
    colours = lab(coarse)
    smooth = np.asarray(cv2.GaussianBlur(colours, (0, 0), 1.5 * COARSE), dtype=np.float32)
    middle = np.median(smooth[bare], axis=0)
    away = smooth - middle
    uneven = np.abs(colours[..., 0] - smooth[..., 0])
    usual = max(float(np.median(uneven[bare])), 0.3)
    rough = np.asarray(cv2.GaussianBlur(np.minimum(uneven, _ROUGHEST * usual), (0, 0), 2 * COARSE))
    coloured = (away[..., 1] ** 2 + away[..., 2] ** 2) / _FAR**2
    darker = (np.minimum(away[..., 0], 0.0) / _DARKER) ** 2
    rougher = (np.maximum(rough / max(float(np.median(rough[bare])), 0.5) - 1, 0.0) / (_ROUGHER - 1)) ** 2
    strange = coloured + darker + rougher > 1
    wide = cv2.morphologyEx(strange.astype(np.uint8), cv2.MORPH_OPEN, _disc(_WIDE_MM / 2)).astype(bool)
    ragged = _grown(wide, _WIDE_MM / 2) & strange  # the strands at the edge of what is wide
    return _grown(ragged | wide, 2.0)


def _without_islands(skin: Mask) -> Mask:
    """Without scraps of what looks like skin in the middle of hair."""
    _, labelled, figures, _ = cv2.connectedComponentsWithStats(skin.astype(np.uint8), connectivity=4)
    large = figures[:, cv2.CC_STAT_AREA] >= _ISLAND_MM2 * COARSE**2
    large[0] = False
    return np.asarray(large[labelled], dtype=np.bool_)


def _shine(coarse: Floats, bare: Mask) -> Mask:
    """Mirror-like light: much brighter than this skin and paler, or clipped."""
    if not bare.any():
        return np.zeros_like(bare)
    dullest, brightest = coarse.min(axis=2), coarse.max(axis=2)
    pale = dullest / np.maximum(brightest, 1e-3)
    usual, usual_pale = np.median(dullest[bare]), np.median(pale[bare])
    shining = (dullest > 2.2 * usual) & (pale > usual_pale + 0.15)
    shining |= brightest >= 0.985
    return _grown(shining & bare, 0.5)
