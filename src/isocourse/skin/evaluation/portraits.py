"""Marks of known place, size and contrast on a photograph of a real face, through the whole measurement.

Light and shade, hair, folds, pores and what is uneven about the skin are the person's. A photograph of at least
`FEWEST_PX_PER_MM` is taken as it is. A smaller portrait is enlarged: its pores are lost, the grain of its camera
becomes as wide as marks are, and the edges of the eyes are drawn sharp, without which it is refused as blurred.
Marks multiply linear light by what more melanin or more blood lets through on skin of this tone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.skin import colour
from isocourse.skin.calibrate import Calibration
from isocourse.skin.evaluation import optics
from isocourse.skin.evaluation.camera import PLAIN, photographed
from isocourse.skin.evaluation.faces import false_and_new
from isocourse.skin.evaluation.scene import CAMERA, mark_shape
from isocourse.skin.evaluation.scoring import matched
from isocourse.skin.face import Face, FindFaces
from isocourse.skin.findings import Kind
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Bytes, Floats, to_linear
from isocourse.skin.measure import Look, Settings, look
from isocourse.skin.quality import FEWEST_PX_PER_MM, face_gate
from isocourse.skin.regions import EYES
from isocourse.skin.scale import scale_from_iris

MARKS = 12
_ENLARGED = 9.0  # pixels for each millimetre that a small portrait comes to
_BESIDE, _ABOVE, _BELOW = 0.35, 0.45, 0.3  # of the face, kept around it
_DIAMETERS, _CONTRASTS = (2.0, 6.0), (6.0, 14.0)  # mm; CIE 1976 on the face's own median skin
_TRIES = 400
_LEVELS = 64


class PortraitMark(msgspec.Struct, frozen=True):
    """One mark. `area_ratio` is the area found over the true one, both in the plane of the picture; None where it was
    not found, as `kind` is."""

    red: bool
    diameter: float
    d_e: float
    found: bool
    area_ratio: float | None = None
    kind: Kind | None = None


class Portrait(msgspec.Struct, frozen=True):
    """One set of marks on the face of that `name`, enlarged so many `times`. `false` and `new` as `scoring.Picture` has
    them; `clutter` is what was found without marks, the person's own ones included. `refused` is why it was not
    measured."""

    marks: tuple[PortraitMark, ...] = ()
    false: int = 0
    new: int = 0
    clutter: int = 0
    refused: str = ""
    smoothed: float = 0.0
    name: str = ""
    times: int = 1


@dataclass(frozen=True, eq=False)
class _Placed:
    """A mark on the picture: `dose` from its pixel `x0`, `y0` on, and `through` (64, 3), the light that it lets through
    at doses of 0 to `most`."""

    x0: int
    y0: int
    dose: Floats
    through: NDArray[np.float64]
    most: float
    red: bool
    d_e: float

    @property
    def box(self) -> tuple[slice, slice]:
        return slice(self.y0, self.y0 + self.dose.shape[0]), slice(self.x0, self.x0 + self.dose.shape[1])


def score_portrait(
    picture: Bytes, seed: int, find_faces: FindFaces, *, smoothed: float = 0.0, name: str = ""
) -> Portrait:
    """Photograph a face without marks and with `MARKS` of them, and hold what is found against what is there. The same
    arguments give the same figures.

    `smoothed` is the Gaussian, in pixels of a small portrait, that takes the grain of its camera off first: that grain
    is as wide as marks are when it is enlarged, and no photograph of a face at 8 px/mm has any like it."""
    faces = find_faces(picture)
    if len(faces) != 1:
        return Portrait(refused=face_gate(faces).says, smoothed=smoothed, name=name)
    face = faces[0]
    px_per_mm = scale_from_iris(face).px_per_mm
    times = 1 if px_per_mm >= FEWEST_PX_PER_MM else round(_ENLARGED / px_per_mm)
    box = _head(face, picture)
    small, points = np.ascontiguousarray(picture[box]), face.points.copy()
    points[:, :2] -= (box[1].start, box[0].start)
    calm = np.asarray(cv2.GaussianBlur(small, (0, 0), smoothed), dtype=np.uint8) if smoothed else small
    found = _scored(calm, replace(face, points=points), times, seed, find_faces)
    return msgspec.structs.replace(found, smoothed=smoothed, name=name, times=times)


def _head(face: Face, picture: Bytes) -> tuple[slice, slice]:
    low, high = face.points[:, :2].min(axis=0), face.points[:, :2].max(axis=0)
    x0, y0 = np.maximum(low - (high - low) * [_BESIDE, _ABOVE], 0).astype(int)
    x1, y1 = np.minimum(high + (high - low) * [_BESIDE, _BELOW], picture.shape[1::-1]).astype(int)
    return slice(int(y0), int(y1)), slice(int(x0), int(x1))


def _scored(small: Bytes, face: Face, times: int, seed: int, find_faces: FindFaces) -> Portrait:
    light = enlarged(small, times)
    if times > 1:
        light *= drawn_eyes(face, small, times)[..., None]
    bare = _seen(light, 2 * seed, find_faces)
    if bare.measurement.refused:
        return Portrait(refused=bare.measurement.refused)
    marks = _placed(bare, light, np.random.default_rng([seed, 31]))
    for mark in marks:
        light[mark.box] *= _through(mark)
    full = _seen(light, 2 * seed + 1, find_faces)
    if full.measurement.refused:
        return Portrait(refused=full.measurement.refused)
    return _held(marks, bare, full, light.shape[:2])


def enlarged(small: Bytes, times: int) -> Floats:
    """A picture in linear light, so many times as large."""
    if times == 1:
        return to_linear(small)
    size = (small.shape[1] * times, small.shape[0] * times)
    large = cv2.resize(to_linear(small), size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.maximum(large, 0), dtype=np.float32)


def drawn_eyes(face: Face, small: Bytes, times: int) -> Floats:
    """What is dark and sharp about an eye, as a factor of light: lashes, the rim of the iris, the pupil."""
    points = (face.points[:, :2] + 0.5) * times - 0.5
    drawn = np.ones((small.shape[0] * times, small.shape[1] * times), np.float32)
    for eye in EYES:
        for index in eye:
            x, y = points[index]
            for lean in (-14, -4, 6):
                cv2.line(drawn, (int(x), int(y)), (int(x) + lean, int(y) - 40), 0.35, 4, cv2.LINE_AA)
    for middle, side in ((468, 469), (473, 474)):
        radius = int(np.linalg.norm(points[middle] - points[side]))
        at = (int(points[middle][0]), int(points[middle][1]))
        cv2.circle(drawn, at, radius // 2, 0.1, -1, cv2.LINE_AA)
        cv2.circle(drawn, at, radius, 0.4, 4, cv2.LINE_AA)
    return drawn


def _seen(light: Floats, seed: int, find_faces: FindFaces) -> Look:
    """Through the evaluation's telephone, with grain of its own, and through the measurement."""
    sensed = np.maximum(light @ np.linalg.inv(optics.TO_SRGB), 0).astype(np.float32)
    done, file = cv2.imencode(".png", photographed(sensed, PLAIN, seed)[..., ::-1])
    assert done
    return look(file.tobytes(), Calibration(), Settings(), find_faces)


def _placed(bare: Look, light: Floats, dice: np.random.Generator) -> list[_Placed]:
    """Brown and red in turn, each whole on measured skin and apart from the others."""
    assert bare.frame is not None and bare.regions is not None and bare.scale is not None
    frame, px_per_mm = bare.frame, bare.scale.px_per_mm
    size = (round(frame.linear.shape[1] * frame.step), round(frame.linear.shape[0] * frame.step))
    free = cv2.resize(bare.regions.skin.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    left, top = (round(at - (frame.step - 1) / 2) for at in frame.origin)
    skin = np.median(frame.linear[bare.regions.skin], axis=0).astype(np.float64)
    lightness, _, b = colour.lab_of(skin)
    base = optics.melanin_for(colour.ita(float(lightness), float(b)) or 0.0)
    found: list[_Placed] = []
    for _ in range(_TRIES):
        red = bool(len(found) % 2)
        diameter, d_e = (float(np.exp(dice.uniform(*np.log(each)))) for each in (_DIAMETERS, _CONTRASTS))
        dose = mark_shape(dice, diameter * px_per_mm / CAMERA)
        height, width = dose.shape
        x, y = (int(dice.integers(0, most - own)) for most, own in ((size[0], width), (size[1], height)))
        box = np.s_[y : y + height, x : x + width]
        if not free[box].all():
            continue
        free[box] = 0
        amount, most = optics.dose_for(base, d_e, red=red), max(float(dose.max()), 1.0)
        through = _passes(base, amount * np.linspace(0, most, _LEVELS), red=red)
        at_one = np.array([np.interp(1.0, np.linspace(0, most, _LEVELS), channel) for channel in through.T])
        unlike = float(np.linalg.norm(colour.lab_of(skin * at_one) - colour.lab_of(skin)))
        found.append(_Placed(left + x, top + y, dose, through, most, red, unlike))
        if len(found) == MARKS:
            break
    return found


def _passes(base: float, doses: NDArray[np.float64], *, red: bool) -> NDArray[np.float64]:
    """The part of light (n, 3), in linear sRGB, that skin of this tone gives back with so much more of either."""
    none = np.zeros_like(doses)
    melanin, blood = (none, doses) if red else (doses, none)
    seen = optics.reflectance(base + melanin, optics.BLOOD + blood).astype(np.float64) @ optics.SENSOR @ optics.TO_SRGB
    return np.asarray(seen / seen[0])


def _through(mark: _Placed) -> Floats:
    levels = np.linspace(0, mark.most, _LEVELS)
    channels = [np.interp(mark.dose, levels, channel) for channel in mark.through.T]
    return np.asarray(np.stack(channels, axis=-1), dtype=np.float32)


def _held(marks: list[_Placed], bare: Look, full: Look, size: tuple[int, ...]) -> Portrait:
    assert bare.frame is not None and full.frame is not None
    frame = full.frame
    height, width = frame.linear.shape[:2]
    truth = np.zeros((height, width), np.int32)
    onto = np.array([[1, 0, -frame.origin[0]], [0, 1, -frame.origin[1]]]) / frame.step
    for number, mark in enumerate(marks, 1):
        drawn = np.zeros(size, np.float32)
        drawn[mark.box] = mark.dose
        truth[cv2.warpAffine(drawn, onto, (width, height)) >= 0.5] = number
    areas = np.bincount(truth.ravel(), minlength=len(marks) + 1)
    pairs, left = matched(truth, areas, full.measurement.spots)
    found = []
    for number, mark in enumerate(marks, 1):
        spot, area = pairs.get(number), areas[number] / PX_PER_MM**2
        plain = PortraitMark(mark.red, 2 * float(np.sqrt(area / np.pi)), mark.d_e, spot is not None)
        if spot is not None:
            plain = msgspec.structs.replace(plain, area_ratio=float(spot.area / area), kind=spot.kind)
        found.append(plain)
    return Portrait(tuple(found), *false_and_new(left, full, bare), len(bare.measurement.spots))
