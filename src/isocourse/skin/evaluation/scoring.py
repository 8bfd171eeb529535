"""What was found held against what is there, on one piece of generated skin under every way of photographing it.

A mark counts as found where an outline and the truth share at least 0.3 of what both cover together, one outline to a
mark. Whatever else is found, and was not found on the same skin without the marks, is false; so is a second outline on
one mark. It is a new false mark where a comparison of the two pictures would call it new: found or not, a place that is
nearly as dark without the marks is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.skin import colour
from isocourse.skin.alone import STILL, share_at
from isocourse.skin.colour import ToneClass
from isocourse.skin.evaluation.camera import PLAIN, SHOTS, Shot, ideal, on_frame, photographed, truth_on_frame
from isocourse.skin.evaluation.charted import Charted, chart_error
from isocourse.skin.evaluation.scene import CAMERA, TONES, Scene, lit, scene
from isocourse.skin.face import Points
from isocourse.skin.findings import Kind, Spot
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Bytes, Floats
from isocourse.skin.regions import Mask
from isocourse.skin.spot_outline import medians, ring_of
from isocourse.skin.spots import find_spots

SHARED = 0.3
_REPEATS = 3
_EDGE = 12  # pixels of the frame that are left out all around


class Mark(msgspec.Struct, frozen=True):
    """One mark in one picture. Errors are None where it was not found; `contrast_error` is delta E00 as measured less
    as it is without a camera, in the plain picture only."""

    tone: ToneClass
    shot: str
    red: bool
    diameter: float
    d_e: float
    found: bool
    area_ratio: float | None = None
    within_error: bool | None = None
    contrast: float | None = None
    contrast_error: float | None = None
    kind: Kind | None = None


class Picture(msgspec.Struct, frozen=True):
    """One way of photographing one piece. `count` is of all that was found on the skin with marks; `false` of what is
    no mark and was not found without them, `new` of those of it that a comparison would call new; `clutter` of what was
    found without them and is neither mole nor freckle."""

    tone: ToneClass
    shot: str
    count: int
    false: int
    new: int
    clutter: int


class Repeat(msgspec.Struct, frozen=True):
    """One of several plain pictures of the same piece, held a little differently each time."""

    count: int
    brown_area: float
    red_area: float
    burden: float


class Piece(msgspec.Struct, frozen=True):
    """Everything about one piece of skin. `lightness` are the same marks, looked for in lightness alone; `charted` is
    its own colour after calibration by a chart."""

    tone: ToneClass
    seed: int
    marks: tuple[Mark, ...]
    pictures: tuple[Picture, ...]
    repeats: tuple[Repeat, ...]
    lightness: tuple[Mark, ...]
    lightness_picture: Picture
    charted: Charted


def score_piece(tone: ToneClass, seed: int, *, shots: tuple[Shot, ...] = SHOTS) -> Piece:
    """Render, photograph, look, compare. The same arguments give the same figures."""
    there = scene(tone, seed)
    bare, full = lit(there, marked=False), lit(there, marked=True)
    marks: list[Mark] = []
    pictures: list[Picture] = []
    for index, shot in enumerate(shots):
        pair = _pair(bare, full, shot, 1000 * seed + 2 * index)
        found, picture = _compared(there, full, shot, (on_frame(pair[0]), on_frame(pair[1])))
        marks += found
        pictures.append(picture)
    pair = _pair(bare, full, PLAIN, 1000 * seed)
    grey = (_lightness(on_frame(pair[0])), _lightness(on_frame(pair[1])))
    lightness, lightness_picture = _compared(there, full, PLAIN, grey)
    return Piece(
        tone=tone,
        seed=seed,
        marks=tuple(marks),
        pictures=tuple(pictures),
        repeats=tuple(_repeat(full, seed, index) for index in range(_REPEATS)),
        lightness=lightness,
        lightness_picture=lightness_picture,
        charted=chart_error(bare, (seed, list(TONES).index(tone), 5)),
    )


def _pair(bare: Floats, full: Floats, shot: Shot, seed: int) -> tuple[Bytes, Bytes]:
    """Without and with marks, each with grain of its own, as two pictures have."""
    return photographed(bare, shot, seed), photographed(full, shot, seed + 1)


def look(linear: Floats) -> tuple[Spot, ...]:
    """The detector on a piece that is skin all over."""
    skin = _skin(linear)
    return find_spots(linear, skin, skin.astype(np.uint8))


def _skin(linear: Floats) -> Mask:
    skin = np.zeros(linear.shape[:2], bool)
    skin[_EDGE:-_EDGE, _EDGE:-_EDGE] = True
    # Where the picture ends behind a turned piece there is no skin.
    skin &= cv2.erode((linear.max(axis=2) > 0.002).astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
    return skin


def _lightness(linear: Floats) -> Floats:
    grey = linear @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
    return np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2))


def _repeat(full: Floats, seed: int, index: int) -> Repeat:
    dice = np.random.default_rng([seed, index, 9])
    shot = Shot(
        ev=float(dice.normal(0, 0.1)),
        red=float(np.exp(dice.normal(0, 0.03))),
        blue=float(np.exp(dice.normal(0, 0.03))),
        blur=0.7 + float(dice.uniform(0, 0.3)),
        yaw=float(dice.normal(0, 2)),
        pitch=float(dice.normal(0, 2)),
    )
    spots = look(on_frame(photographed(full, shot, 7000 + 10 * seed + index)))
    return Repeat(
        count=len(spots),
        brown_area=sum(spot.area for spot in spots if spot.kind == "brown"),
        red_area=sum(spot.area for spot in spots if spot.kind == "red"),
        burden=sum(spot.area * abs(spot.d_l) for spot in spots),
    )


def truth_of(there: Scene, shot: Shot) -> NDArray[np.int32]:
    """Which mark every pixel of the frame belongs to: 0 is none, n is `marks[n - 1]`."""
    side = round(there.melanin.shape[0] * PX_PER_MM / CAMERA)
    found = np.zeros((side, side), np.int32)
    for number, mark in enumerate(there.marks, 1):
        dose = np.zeros(there.melanin.shape, np.float32)
        dose[mark.y0 : mark.y0 + mark.dose.shape[0], mark.x0 : mark.x0 + mark.dose.shape[1]] = mark.dose
        found[truth_on_frame(dose, shot) >= 0.5] = number
    return found


def _compared(
    there: Scene, full: Floats, shot: Shot, pictures: tuple[Floats, Floats]
) -> tuple[tuple[Mark, ...], Picture]:
    truth = truth_of(there, shot)
    areas = np.bincount(truth.ravel(), minlength=len(there.marks) + 1)
    before, after = look(pictures[0]), look(pictures[1])
    pairs, left = matched(truth, areas, after)
    clean = ideal(full) if shot == PLAIN else None
    marks = tuple(
        _mark(there, shot, number, areas[number] / PX_PER_MM**2, pairs.get(number), truth, clean)
        for number in range(1, len(there.marks) + 1)
        if areas[number]
    )
    own = truth_on_frame(there.own.astype(np.float32), shot) > 0
    clutter = sum(1 for spot in before if not own[_near(spot.y), _near(spot.x)].any())
    false = [spot for spot in left if not any(same(spot, other) for other in before)]
    new = called_new(false, (pictures[1], _skin(pictures[1])), (pictures[0], _skin(pictures[0])))
    return marks, Picture(there.tone, shot.name, len(after), len(false), new, clutter)


def _near(place: float) -> slice:
    return slice(max(round(place) - 4, 0), round(place) + 5)


def same(spot: Spot, other: Spot) -> bool:
    """Whether two outlines of two pictures lie on each other."""
    return float(np.hypot(spot.x - other.x, spot.y - other.y)) < max(
        6.0, PX_PER_MM * float(np.sqrt(other.area / np.pi))
    )


def called_new(
    spots: Sequence[Spot],
    own: tuple[Floats, Mask],
    other: tuple[Floats, Mask],
    moves: Callable[[Points], Points] = lambda places: places,
) -> int:
    """How many of the spots a comparison would call new: see `alone.share_at` for the arguments."""
    shares = (share_at(spot, own, other, moves) for spot in spots)
    return sum(1 for share in shares if share is None or share < STILL)


def matched(
    truth: NDArray[np.int32], areas: NDArray[np.intp], spots: tuple[Spot, ...]
) -> tuple[dict[int, Spot], list[Spot]]:
    """The outline that shares most with each mark, and the spots that are nobody's."""
    shared: list[tuple[float, int, int]] = []
    for index, spot in enumerate(spots):
        drawn = np.zeros(truth.shape, np.uint8)
        line = np.rint(np.array(spot.outline) * 16).astype(np.int32)
        cv2.fillPoly(drawn, [line], 1, shift=4)
        inside = np.bincount(truth[drawn > 0], minlength=len(areas))
        inside[0] = 0
        number = int(np.argmax(inside))
        part = inside[number] / (areas[number] + np.count_nonzero(drawn) - inside[number]) if inside[number] else 0.0
        if part >= SHARED:
            shared.append((float(part), number, index))
    pairs: dict[int, Spot] = {}
    used: set[int] = set()
    for _, number, index in sorted(shared, reverse=True):
        if number not in pairs:
            pairs[number] = spots[index]
            used.add(index)
    return pairs, [spot for index, spot in enumerate(spots) if index not in used]


def _mark(
    there: Scene,
    shot: Shot,
    number: int,
    area: float,
    spot: Spot | None,
    truth: NDArray[np.int32],
    clean: Floats | None,
) -> Mark:
    mark = there.marks[number - 1]
    plain = Mark(there.tone, shot.name, mark.red, mark.diameter, mark.d_e, spot is not None)
    if spot is None:
        return plain
    contrast = _contrast(truth, number, clean) if clean is not None else None
    return msgspec.structs.replace(
        plain,
        area_ratio=float(spot.area / area),
        within_error=bool(abs(spot.area - area) <= 2 * spot.area_error),
        contrast=contrast,
        contrast_error=None if contrast is None else spot.d_e - contrast,
        kind=spot.kind,
    )


def _contrast(truth: NDArray[np.int32], number: int, clean: Floats) -> float | None:
    mask = truth == number
    ring = ring_of(mask, truth == 0)
    if not ring.any():
        return None
    return float(colour.delta_e00(colour.lab_of(medians(clean[mask])), colour.lab_of(medians(clean[ring]))))
