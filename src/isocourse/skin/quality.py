"""Whether a photograph is good enough, asked in the order in which photographs fail: focus first.

Every check has a figure, a limit and a plain sentence to whoever holds the camera. One that stops, stops everything;
the others stay beside the figures. Limits come from published practice and a few pictures, not from a trial; they
belong to `measure.METHOD`, which changes with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import cv2
import numpy as np

from isocourse.skin.colour import lab
from isocourse.skin.eyes import bridge_line, iris_depth
from isocourse.skin.face import Face
from isocourse.skin.findings import Gate
from isocourse.skin.focus import blur_mm
from isocourse.skin.frame import PX_PER_MM, Frame
from isocourse.skin.jpeg import Jpeg
from isocourse.skin.light import Bytes, Floats, to_linear
from isocourse.skin.picture import Picture
from isocourse.skin.pose import pose
from isocourse.skin.regions import COARSE, NAMES, Mask, Regions, beside_eyes, coarse_points, oval, shrunk
from isocourse.skin.scale import Scale

View = Literal["frontal", "right", "left"]
VIEW_YAW = {"frontal": 0.0, "right": 45.0, "left": -45.0}  # the side that is seen: the head turns the other way

SOFT_MM, BLURRED_MM = 0.23, 0.32  # lashes and lids of a sharp picture have 0.15
_PIXELS_BLUR = 1.2  # pixels of the photograph
DARK, BRIGHT = 0.025, 0.85  # of linear light, the brightest channel of the median skin
CLIPPED, MUCH_CLIPPED = 0.01, 0.10
JPEG_GOOD, JPEG_BAD = 85, 65
COLOUR_PX_PER_MM = 4.0
TURNED, FAR_TURNED = 12.0, 25.0
NODDED, FAR_NODDED = 20.0, 32.0
LEANING, FAR_LEANING = 12.0, 30.0
FEWEST_PX_PER_MM = 4.0
FINE_PX_PER_MM = 6.0  # for the finest band of texture
UNEQUAL, VERY_UNEQUAL = 4.0, 20.0
COVERED, MUCH_COVERED = 0.25, 0.6
GLASSES = 0.5
# Delta E across the bridge: frames of five real people had 14 to 34, 39 others without any 1 to 8.5.
FRAME, CLEAR_FRAME = 10.0, 12.0
EYES = 6.0  # L*: irises of 44 real people had 25 and more, a planet that was taken for a face none
INSIDE = 0.97
FLAT = 0.6
_EVERY = 5
_PALEST, _HUES = 3.0, (-25.0, 100.0)  # of the median skin, whatever the light

_BLACK, _WHITE = (float(to_linear(np.array([[[v, v, v]]], np.uint8))[0, 0, 0]) for v in (5, 250))


def face_gate(faces: tuple[Face, ...]) -> Gate:
    """Exactly one face."""
    says = ""
    if not faces:
        says = (
            "No face was found: hold the phone so that the whole face is in the picture, from the front, in good light."
        )
    if len(faces) > 1:
        says = "There is more than one face in the picture: take it with one person only."
    return Gate("faces", len(faces) == 1, True, float(len(faces)), 1.0, "", says)


def whole_gate(face: Face, picture: Picture) -> Gate:
    """Nearly all of the mesh lies inside the picture."""
    points = face.points[:, :2]
    inside = (points >= 0) & (points <= [picture.width - 1, picture.height - 1])
    share = float(np.mean(inside.all(axis=1)))
    says = "The face does not fit into the picture: hold the phone further away."
    return _at_least("whole face", share, INSIDE, INSIDE, "", says)


def gates(picture: Picture, face: Face, scale: Scale, frame: Frame, regions: Regions, view: View) -> tuple[Gate, ...]:
    """All the checks of a picture with one whole face, in order."""
    coarse = shrunk(frame.linear)
    return (
        _focus(frame, scale),
        *_exposure(frame, coarse, regions),
        *_jpeg(picture.jpeg, scale),
        *_pose(face, view),
        _scale(scale),
        _irises(scale),
        _light(coarse, regions, view),
        _covered(regions),
        _glasses(frame, coarse, regions),
        _frame_of_glasses(frame),
        _eyes(frame, coarse, regions),
        *_drawing(picture.rgb, frame, coarse, regions),
    )


def first_stop(found: tuple[Gate, ...]) -> str:
    """What the first failed check that stops says; empty where nothing stops."""
    return next((gate.says for gate in found if gate.stops and not gate.passed), "")


def _at_most(code: str, value: float | None, limit: float, stop: float, unit: str, says: str) -> Gate:
    """A check of how much: it fails above `limit` and stops everything above `stop`."""
    if value is None:
        return Gate(code, True, False, None, limit, unit)
    passed = value <= limit
    return Gate(code, passed, value > stop, round(value, 4), limit, unit, "" if passed else says)


def _at_least(code: str, value: float | None, limit: float, stop: float, unit: str, says: str) -> Gate:
    if value is None:
        return Gate(code, True, False, None, limit, unit)
    passed = value >= limit
    return Gate(code, passed, value < stop, round(value, 4), limit, unit, "" if passed else says)


def _focus(frame: Frame, scale: Scale) -> Gate:
    blur = blur_mm(frame)
    if blur is None:  # no edge at the eyes at all
        says = "The eyes cannot be made out: take off dark glasses, hold the phone still and tap on the face to focus."
        return Gate("focus", False, True, None, SOFT_MM, "mm", says)
    says = "The picture is blurred: hold the phone still, tap on the face to focus, and take it again."
    pixels = _PIXELS_BLUR / scale.px_per_mm  # what a small picture has anyway, about which `_scale` speaks
    return _at_most("focus", blur, max(SOFT_MM, pixels), max(BLURRED_MM, pixels), "mm", says)


def _exposure(frame: Frame, coarse: Floats, regions: Regions) -> Iterator[Gate]:
    bare = regions.coarse_bare
    if not bare.any():
        yield Gate("exposure", False, True, None, DARK, "", "No skin can be seen in this picture.")
        return
    brightest = float(np.median(coarse[bare].max(axis=1)))
    if brightest < DARK:
        yield Gate("exposure", False, True, round(brightest, 4), DARK, "", "The picture is too dark: face a window.")
    else:
        too_bright = "The picture is too bright: move out of the sun, or tap on the face before you take it."
        yield _at_most("exposure", brightest, BRIGHT, BRIGHT, "", too_bright)
    seen = regions.bare
    below_white = _all_under(frame.linear, _WHITE)
    lost = int(np.count_nonzero(seen & (~below_white | _all_under(frame.linear, _BLACK))))
    share = lost / max(int(np.count_nonzero(seen)), 1)
    says = (
        "Parts of the face are so bright or so dark that nothing is left to see: use soft light, without flash or sun."
    )
    yield _at_most("clipping", share, CLIPPED, MUCH_CLIPPED, "", says)


def _all_under(linear: Floats, limit: float) -> Mask:
    return np.asarray(cv2.inRange(linear, (-1.0,) * 3, (limit,) * 3), dtype=np.bool_)


def _jpeg(jpeg: Jpeg | None, scale: Scale) -> Iterator[Gate]:
    sent = "The file was made smaller on its way: send the photograph as the camera wrote it, not through a messenger."
    yield _at_least("jpeg quality", float(jpeg.quality) if jpeg else None, JPEG_GOOD, JPEG_BAD, "", sent)
    colour = colour_px_per_mm(jpeg, scale)
    says = "The file keeps too little colour for small marks: come closer, or send it as the camera wrote it."
    yield _at_least("thinned colour", colour, COLOUR_PX_PER_MM, 0.0, "px/mm", says)


def colour_px_per_mm(jpeg: Jpeg | None, scale: Scale) -> float:
    """How many pixels of colour a millimetre has: a JPEG may keep one for two or four of lightness."""
    thinned = {"4:4:4": 1.0, "none": 1.0}.get(jpeg.subsampling, 2.0) if jpeg else 1.0
    return scale.px_per_mm / (4.0 if jpeg and jpeg.subsampling == "4:1:1" else thinned)


def smallest_mm(jpeg: Jpeg | None, scale: Scale) -> float:
    """The diameter of the smallest mark that a photograph can show: six pixels of lightness and four of colour."""
    return max(6.0 / scale.px_per_mm, 4.0 / colour_px_per_mm(jpeg, scale))


def _pose(face: Face, view: View) -> Iterator[Gate]:
    found = pose(face)
    off = found.yaw - VIEW_YAW[view]
    wanted = {
        "frontal": "Look straight into the camera.",
        "right": "Turn the head to the left, until the right cheek faces the camera.",
        "left": "Turn the head to the right, until the left cheek faces the camera.",
    }[view]
    yield _at_most("turned", abs(off), TURNED, FAR_TURNED, "degrees", wanted)
    nod = "Hold the phone at the height of the eyes, and do not look " + ("up." if found.pitch > 0 else "down.")
    yield _at_most("tilted", abs(found.pitch), NODDED, FAR_NODDED, "degrees", nod)
    yield _at_most("leaning", abs(found.roll), LEANING, FAR_LEANING, "degrees", "Hold head and phone upright.")


def _scale(scale: Scale) -> Gate:
    too_far = "The face is too small in the picture: come closer, or use the camera on the back of the phone."
    if scale.px_per_mm >= FEWEST_PX_PER_MM:
        too_far = (
            f"The face is small in the picture: marks under {6.0 / scale.px_per_mm:.1f} mm are not counted"
            f"{' and fine texture is not measured' if scale.px_per_mm < FINE_PX_PER_MM else ''}. Come closer for more."
        )
    return _at_least("scale", scale.px_per_mm, PX_PER_MM, FEWEST_PX_PER_MM, "px/mm", too_far)


def _irises(scale: Scale) -> Gate:
    says = "The two eyes give different sizes: look straight into the camera with both eyes open."
    return _at_most("size", scale.error, 0.12, 0.25, "", says)


def _light(coarse: Floats, regions: Regions, view: View) -> Gate:
    cheeks = [regions.coarse == NAMES.index(f"{side} cheek") + 1 for side in ("right", "left")]
    says = "One side of the face is darker than the other: turn towards the light."
    if view != "frontal" or min(int(cheek.sum()) for cheek in cheeks) < 100 * COARSE**2:
        return _at_most("light", None, UNEQUAL, VERY_UNEQUAL, "L*", says)
    colours = lab(coarse)[..., 0]
    right, left = (float(np.median(colours[cheek])) for cheek in cheeks)
    return _at_most("light", abs(right - left), UNEQUAL, VERY_UNEQUAL, "L*", says)


def _covered(regions: Regions) -> Gate:
    says = "Much of the skin is covered or shines: tie the hair back, take off glasses and make-up, avoid flash."
    return _at_most("covered", regions.covered, COVERED, MUCH_COVERED, "", says)


def _glasses(frame: Frame, coarse: Floats, regions: Regions) -> Gate:
    """The skin close around both eyes is not like the rest of the face."""
    size, points = (coarse.shape[1], coarse.shape[0]), coarse_points(frame, coarse)
    around = beside_eyes(points, size) & oval(points, size)
    return _at_most(
        "glasses",
        _unlike(coarse, around, regions),
        GLASSES,
        GLASSES,
        "",
        "Take off the glasses: the eyes must be seen.",
    )


def _frame_of_glasses(frame: Frame) -> Gate:
    says = "Take off the glasses: the skin under and behind them cannot be measured."
    return _at_most("frame of glasses", bridge_line(frame), FRAME, CLEAR_FRAME, "", says)


def _eyes(frame: Frame, coarse: Floats, regions: Regions) -> Gate:
    says = "No eyes can be made out in this face: look straight into the camera with both eyes open."
    depth = iris_depth(coarse, coarse_points(frame, coarse), np.asarray(regions.coarse > 0, dtype=np.bool_))
    return _at_least("eyes", depth, EYES, EYES, "L*", says)


def _unlike(coarse: Floats, around: Mask, regions: Regions) -> float | None:
    skin = regions.coarse > 0
    if not around.any() or not skin.any():
        return None
    colours = lab(coarse)
    away = colours[around] - np.median(colours[skin], axis=0)
    far = (np.hypot(away[:, 1], away[:, 2]) > 15) | (away[:, 0] < -25)
    return float(np.mean(far))


def _drawing(rgb: Bytes, frame: Frame, coarse: Floats, regions: Regions) -> Iterator[Gate]:
    says = "This looks like a drawing or a picture that was painted over: send a photograph as the camera wrote it."
    yield _at_most("drawing", _flat(rgb, frame, regions), FLAT, FLAT, "", says)
    skin = regions.coarse > 0
    if not skin.any():
        return
    _, a, b = np.median(lab(coarse)[skin], axis=0)
    hue = float(np.degrees(np.arctan2(b, a)))
    like = np.hypot(a, b) >= _PALEST and _HUES[0] <= hue <= _HUES[1]
    grey = "The colours are not those of skin: take the picture in daylight or white light, without a filter."
    yield Gate("skin colour", bool(like), not like, round(hue, 1), _HUES[1], "degrees", "" if like else grey)


def _flat(rgb: Bytes, frame: Frame, regions: Regions) -> float | None:
    """The part of the skin whose pixels equal their neighbours: a camera leaves noise, a drawing flat areas."""
    height, width = regions.bare.shape
    x0, y0 = (max(round(at), 0) for at in frame.origin)
    grey = rgb[y0 : y0 + round(height * frame.step), x0 : x0 + round(width * frame.step), 1]
    row, below = grey[:-1:_EVERY], grey[1::_EVERY]  # some rows are enough
    if min(row.shape) < 3:
        return None
    here = row[:, 1:-1]
    flat = (here == row[:, 2:]) & (here == row[:, :-2]) & (here == below[:, 1:-1]) & (here < 250)
    size = (flat.shape[1], flat.shape[0])
    where = cv2.resize(regions.bare.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)
    return float(np.mean(flat[where])) if where.any() else None
