"""Whole generated faces, through the whole measurement: marks, noise between photographs, and laying one on another.

Who renders them is somebody else (`simulate.faces.evaluated`): here are only files and what is true about them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.align import align
from isocourse.skin.calibrate import Calibration
from isocourse.skin.change import figures_of
from isocourse.skin.colour import ToneClass
from isocourse.skin.evaluation.scoring import called_new, matched, same
from isocourse.skin.face import FindFaces, Points
from isocourse.skin.findings import Measurement, Spot
from isocourse.skin.frame import PX_PER_MM, Frame
from isocourse.skin.light import Floats
from isocourse.skin.measure import Look, Settings, look
from isocourse.skin.regions import Mask

_FACING = 0.5  # the cosine of sixty degrees: marks turned further away are hardly seen, and neither wanted nor false
_EVERY = 6  # pixels of the frame between places whose registration is looked at


@dataclass(frozen=True, eq=False)
class TrueMark:
    """A mark that can be seen. `outline` (n, 2) in pixels of the photograph; `diameter` in millimetres; `d_e` is CIE
    1976 on even skin; `facing` the cosine between the skin there and the camera."""

    outline: Points
    red: bool
    diameter: float
    d_e: float
    facing: float


@dataclass(frozen=True, eq=False)
class GeneratedFace:
    """Files of one face, a chart beside it: `bare` without marks; `again` the first photograph and those taken at once
    after it, `marks` as the first shows them; `later` from elsewhere in other light. `where` brings pixels of the first
    to pixels of the later one, and says which of them both photographs show."""

    tone: ToneClass
    bare: bytes
    again: tuple[bytes, ...]
    marks: tuple[TrueMark, ...]
    later: bytes
    where: Callable[[Points], tuple[Points, NDArray[np.bool_]]]


class FaceMark(msgspec.Struct, frozen=True):
    """One mark on skin that was measured. Of one that was found: its area over what the picture shows of it, in pixels
    of the frame, and over that of the skin itself, in square millimetres, which the camera sees foreshortened."""

    red: bool
    diameter: float
    d_e: float
    found: bool
    area_seen: float | None = None
    area_of_skin: float | None = None


class WholeFace(msgspec.Struct, frozen=True):
    """What came of one. `false`, `new` and `clutter` as `scoring.Picture` has them. `off` are distances in pixels of
    the frame, empty where the later photograph was refused; `repeats` has the figures of each photograph in `again`,
    by name. `refused` is why one was not measured."""

    tone: ToneClass
    marks: tuple[FaceMark, ...] = ()
    false: int = 0
    new: int = 0
    clutter: int = 0
    off: tuple[float, ...] = ()
    repeats: tuple[dict[str, float], ...] = ()
    refused: str = ""


def score_face(face: GeneratedFace, find_faces: FindFaces) -> WholeFace:
    """Measure every file and hold it against the truth."""

    def seen(data: bytes) -> Look:
        return look(data, Calibration(chart=True), Settings(), find_faces)

    bare, first, later = seen(face.bare), seen(face.again[0]), seen(face.later)
    measured = [first.measurement, *(seen(data).measurement for data in face.again[1:])]
    refused = next((each.refused for each in (bare.measurement, later.measurement, *measured) if each.refused), "")
    if refused:
        return WholeFace(face.tone, refused=refused)
    marks, false, new = _marks(face.marks, first, bare)
    return WholeFace(
        face.tone,
        marks,
        false,
        new,
        len(bare.measurement.spots),
        off=_off(face, first, later),
        repeats=tuple(_figures(each) for each in measured),
    )


def _figures(measured: Measurement) -> dict[str, float]:
    return {name: figure.value for name, figure in figures_of(measured, measured.spots).items()}


def _marks(true: tuple[TrueMark, ...], first: Look, bare: Look) -> tuple[tuple[FaceMark, ...], int, int]:
    """The marks whose middle lies on measured skin that faces the camera; how many outlines are nobody's and were not
    found before, and how many of these would be called new."""
    frame = _frame(first)
    assert first.regions is not None
    height, width = frame.linear.shape[:2]
    drawn = np.zeros((height, width), np.int32)
    wanted = []
    for number, mark in enumerate(true, 1):
        outline = (mark.outline - frame.origin) / frame.step
        cv2.fillPoly(drawn, [np.rint(outline * 16).astype(np.int32)], number, shift=4)
        x, y = np.rint(outline.mean(axis=0)).astype(int)
        inside = 0 <= y < height and 0 <= x < width
        wanted.append(bool(mark.facing >= _FACING and inside and first.regions.skin[y, x]))
    areas = np.bincount(drawn.ravel(), minlength=len(true) + 1)
    pairs, left = matched(drawn, areas, first.measurement.spots)
    false, new = false_and_new(left, first, bare)
    found = tuple(_held(mark, pairs.get(number), frame) for number, mark in enumerate(true, 1) if wanted[number - 1])
    return found, false, new


def false_and_new(left: Sequence[Spot], marked: Look, bare: Look) -> tuple[int, int]:
    """How many outlines that are nobody's were not found in the photograph without marks, and how many of these would
    be called new. Both photographs were taken without moving, but each has a frame of its own."""
    frame, before = _frame(marked), _frame(bare)
    known = moved_onto(frame, bare.measurement.spots, before)
    false = [spot for spot in left if not any(same(spot, other) for other in known)]
    return len(false), called_new(
        false,
        _skin(marked),
        _skin(bare),
        lambda places: (places * frame.step + frame.origin - before.origin) / before.step,
    )


def _skin(seen: Look) -> tuple[Floats, Mask]:
    assert seen.calibrated is not None and seen.regions is not None
    return seen.calibrated.linear, seen.regions.skin


def _held(mark: TrueMark, spot: Spot | None, frame: Frame) -> FaceMark:
    if spot is None:
        return FaceMark(mark.red, mark.diameter, mark.d_e, found=False)
    x, y = (mark.outline / frame.step).T
    shown = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    return FaceMark(
        mark.red,
        mark.diameter,
        mark.d_e,
        found=True,
        area_seen=float(spot.area * PX_PER_MM**2 / shown),
        area_of_skin=float(spot.area / (np.pi * mark.diameter**2 / 4)),
    )


def moved_onto(frame: Frame, spots: Sequence[Spot], before: Frame) -> list[Spot]:
    """Marks on another frame of a picture that was taken without moving: their middles alone."""
    times = before.step / frame.step
    x, y = (np.array(before.origin) - frame.origin) / frame.step
    return [msgspec.structs.replace(spot, x=spot.x * times + x, y=spot.y * times + y) for spot in spots]


def _off(face: GeneratedFace, first: Look, later: Look) -> tuple[float, ...]:
    """How far from its true place skin that both photographs show was laid."""
    one, other = _frame(first), _frame(later)
    assert first.regions is not None and later.regions is not None
    alignment = align(one, other, baseline_skin=first.regions.skin, follow_up_skin=later.regions.skin)
    if alignment.refused:
        return ()
    height, width = one.linear.shape[:2]
    x, y = np.meshgrid(np.arange(0, width, _EVERY), np.arange(0, height, _EVERY))
    places = np.stack([x, y], axis=-1).reshape(-1, 2).astype(np.float64)
    there, both = face.where(places * one.step + one.origin)
    both = both & alignment.seen(places)
    true = (there[both] - other.origin) / other.step
    return tuple(float(each) for each in np.linalg.norm(alignment.to_follow_up(places[both]) - true, axis=1))


def _frame(seen: Look) -> Frame:
    assert seen.frame is not None, "measured, so all there"
    return seen.frame
