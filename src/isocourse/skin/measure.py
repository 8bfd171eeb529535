"""One photograph, from the bytes of its file to everything that can be said about it.

`measure` gives the figures; `look` gives every stage beside them, for drawing and for laying visits on each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import msgspec
import numpy as np

from isocourse.errors import InputError
from isocourse.skin.calibrate import Calibrated, Calibration, calibrated
from isocourse.skin.colour import lab
from isocourse.skin.face import Face, FindFaces
from isocourse.skin.findings import Band, Gate, Measurement, RegionFigures, Relief, Spot, Tone
from isocourse.skin.focus import blur_mm, lens_blur
from isocourse.skin.frame import PX_PER_MM, Frame, framed
from isocourse.skin.picture import Picture, decode
from isocourse.skin.quality import (
    BLURRED_MM,
    FINE_PX_PER_MM,
    View,
    face_gate,
    first_stop,
    gates,
    smallest_mm,
    whole_gate,
)
from isocourse.skin.regions import COARSE, NAMES, Mask, Regions, open_skin, regions, shrunk
from isocourse.skin.relief import raking_light, shading_proxy
from isocourse.skin.scale import Scale, scale_from_iris
from isocourse.skin.spots import find_spots
from isocourse.skin.texture import BANDS, BandMap, band_maps, bands
from isocourse.skin.tone import tone

METHOD = "2026.11-7"
"""The version of everything that changes a figure, limits included. Figures of two methods are not compared."""


_MOVED_MM = 2.5  # the mesh itself moves by one when the light comes from the other side
# Light from one side fails the others.
_OF_RAKED = ("focus", "clipping", "jpeg quality", "scale", "size", "glasses", "frame of glasses", "eyes")


class Settings(msgspec.Struct, frozen=True):
    """`view` is the side that the photograph is meant to show. `smallest` is the diameter in millimetres of the
    smallest mark that counts; photographs with few pixels count from a larger one (`quality.smallest_mm`). Two
    photographs that are compared should count from the same."""

    view: View = "frontal"
    smallest: float = 1.0


@dataclass(frozen=True, eq=False)
class Look:
    """Every stage of one photograph. What comes after a check that stopped is None.

    `calibrated.linear` is the frame in calibrated linear light, `spotless` bare skin without the marks.
    """

    measurement: Measurement
    picture: Picture | None = None
    face: Face | None = None
    scale: Scale | None = None
    frame: Frame | None = None
    regions: Regions | None = None
    calibrated: Calibrated | None = None
    spotless: Mask | None = None
    band_maps: tuple[BandMap, ...] = ()


def measure(data: bytes, calibration: Calibration, settings: Settings, find_faces: FindFaces) -> Measurement:
    """What a photograph shows. Never raises for what is in the file: `refused` says why nothing was measured."""
    return look(data, calibration, settings, find_faces).measurement


def look(data: bytes, calibration: Calibration, settings: Settings, find_faces: FindFaces) -> Look:
    """`measure` with all of its stages."""
    try:
        picture = decode(data)
    except InputError as error:
        says = f"{error.found[:1].upper()}{error.found[1:]}: {error.mend}."
        gate = Gate("file", False, True, None, None, "", says)
        return Look(Measurement(method=METHOD, width=0, height=0, gates=(gate,), refused=says))
    faces = find_faces(picture.rgb)
    asked: tuple[Gate, ...] = (face_gate(faces),)
    if len(faces) == 1:
        asked = (*asked, whole_gate(faces[0], picture))
    if first_stop(asked):
        return Look(_refused(picture, asked), picture, faces[0] if len(faces) == 1 else None)
    face = faces[0]
    scale = calibration.scale(picture.rgb) or scale_from_iris(face)
    frame = framed(picture.rgb, face, scale)
    where = regions(frame)
    asked = (*asked, *gates(picture, face, scale, frame, where, settings.view))
    if first_stop(asked):
        return Look(_refused(picture, asked), picture, face, scale, frame, where)
    return _measured(Look(_refused(picture, asked), picture, face, scale, frame, where), calibration, settings)


def measure_relief(left: bytes, right: bytes, settings: Settings, find_faces: FindFaces) -> Relief:
    """Hollows from two photographs with a lamp from the picture's left and from its right, nothing else changed.

    Raises InputError, with one sentence, where one of them cannot be used or the head moved between them.
    """
    (one, face), (other, moved) = _raked(left, find_faces), _raked(right, find_faces)
    if (one.width, one.height) != (other.width, other.height):
        raise InputError("the two photographs differ in size", mend="take both with one camera that does not move")
    scale = scale_from_iris(face)
    shift = float(np.median(np.linalg.norm(face.points[:, :2] - moved.points[:, :2], axis=1))) / scale.px_per_mm
    if shift > _MOVED_MM:
        raise InputError(
            f"the head moved by {shift:.0f} mm between the two photographs",
            mend="rest the head, put the phone on a stand and only move the lamp",
        )
    lit_left, lit_right = framed(one.rgb, face, scale), framed(other.rgb, face, scale)
    for picture, frame in ((one, lit_left), (other, lit_right)):
        where = regions(frame)
        stopped = [gate for gate in gates(picture, face, scale, frame, where, settings.view) if gate.code in _OF_RAKED]
        if first_stop(tuple(stopped)):
            raise InputError(first_stop(tuple(stopped)), mend="take both photographs again")
    both = replace(lit_left, linear=cv2.addWeighted(lit_left.linear, 0.5, lit_right.linear, 0.5, 0).astype(np.float32))
    return raking_light(lit_left.linear, lit_right.linear, open_skin(regions(both)))


def _raked(data: bytes, find_faces: FindFaces) -> tuple[Picture, Face]:
    picture = decode(data)
    faces = find_faces(picture.rgb)
    asked = (face_gate(faces), *(whole_gate(face, picture) for face in faces[:1]))
    if first_stop(asked):
        raise InputError(first_stop(asked), mend="take both photographs again")
    return picture, faces[0]


def _refused(picture: Picture, asked: tuple[Gate, ...]) -> Measurement:
    return Measurement(
        method=METHOD, width=picture.width, height=picture.height, gates=asked, refused=first_stop(asked)
    )


def _measured(seen: Look, calibration: Calibration, settings: Settings) -> Look:
    picture, scale, frame, where = seen.picture, seen.scale, seen.frame, seen.regions
    assert picture is not None and scale is not None and frame is not None and where is not None
    colours = calibrated(picture.rgb, frame.linear, shrunk(frame.linear)[where.coarse > 0], calibration)
    skin = where.skin
    smallest = max(settings.smallest, smallest_mm(picture.jpeg, scale))
    least = np.pi / 4 * smallest**2
    spots = tuple(spot for spot in find_spots(colours.linear, skin, where.labels) if spot.area >= least)
    spotless = _without(skin, spots)
    coarse = shrunk(colours.linear)
    coarse_spotless = shrunk(spotless.astype(np.float32)) > 0.99
    bare = coarse[coarse_spotless]
    blur = lens_blur(blur_mm(frame) or BLURRED_MM)
    finest = BANDS[0][0] if scale.px_per_mm >= FINE_PX_PER_MM else BANDS[1][0]
    rough = band_maps(lab(colours.linear)[..., 0], spotless, blur=blur, finest=finest)
    whole = bands(rough, spotless)
    parts = tuple(
        _part(
            name,
            where,
            spots,
            tone(coarse, coarse_spotless & (where.coarse == number), colours.fit),
            bands(rough, spotless & where.of(name)),
        )
        for number, name in enumerate(NAMES, start=1)
    )
    measurement = msgspec.structs.replace(
        seen.measurement,
        px_per_mm=scale.px_per_mm,
        scale_how=scale.how,
        scale_error=scale.error,
        colour=colours.fit,
        covered=where.covered,
        brightness=float(np.median(lab(bare[None])[..., 0])) if len(bare) else None,
        tone=tone(coarse, coarse_spotless, colours.fit),
        regions=parts,
        spots=spots,
        texture=whole,
        relief=shading_proxy(whole),
    )
    return replace(seen, measurement=measurement, calibrated=colours, spotless=spotless, band_maps=rough)


def _without(skin: Mask, spots: tuple[Spot, ...]) -> Mask:
    """Bare skin without the marks and half a millimetre around them."""
    drawn = skin.astype(np.uint8)
    for spot in spots:
        outline = np.rint(np.array(spot.outline) * 16).astype(np.int32)
        cv2.fillPoly(drawn, [outline], 0, shift=4)
        cv2.polylines(drawn, [outline], True, 0, thickness=int(PX_PER_MM), shift=4)
    return np.asarray(drawn > 0, dtype=np.bool_)


def _part(
    name: str, where: Regions, spots: tuple[Spot, ...], colour: Tone | None, rough: tuple[Band, ...]
) -> RegionFigures:
    own = [spot for spot in spots if spot.region == name]
    brown, red = ([spot for spot in own if spot.kind == kind] for kind in ("brown", "red"))
    return RegionFigures(
        name=name,
        area=float((where.coarse == NAMES.index(name) + 1).sum()) / COARSE**2,
        tone=colour,
        brown=len(brown),
        red=len(red),
        uncertain=len(own) - len(brown) - len(red),
        brown_area=sum(spot.area for spot in brown),
        red_area=sum(spot.area for spot in red),
        brown_burden=sum(spot.area * abs(spot.d_l) for spot in brown),
        red_burden=sum(spot.area * abs(spot.d_l) for spot in red),
        texture=rough,
    )
