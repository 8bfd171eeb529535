"""The pictures of a report: what was measured, drawn where it was measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from isocourse.skin import change_map, draw
from isocourse.skin.change import Laid
from isocourse.skin.findings import Spot
from isocourse.skin.measure import Look
from isocourse.skin.picture import decode
from isocourse.skin.tone import maps
from isocourse.words.sentence import Say, Sentence, said, told

WIDE, NARROW = 860, 420
_QUALITY = 88
_MARKS_SAY = (
    "Marks: squares around dark spots, circles around red marks, diamonds where the kind is uncertain. The thin "
    "line is the outline that was measured."
)


class Shown(Struct, frozen=True):
    """A JPEG. `caption` stands below it, `alt` in its place for whoever does not see it."""

    jpeg: bytes
    width: int
    height: int
    caption: str
    alt: str


def pictures(look: Look, *, width: int = WIDE, many: bool = False) -> tuple[Shown, ...]:
    """The marks, and with room for them the parts of the face and the two maps. Of a refused photograph itself, where
    it could be read at all."""
    if look.picture is None:
        return ()
    if look.frame is None or look.regions is None or look.calibrated is None:
        return (shown(look.picture.rgb, "The photograph; nothing was measured.", "The photograph.", width=width),)
    photograph = draw.photograph_of(look.frame.linear)
    spots = look.measurement.spots
    marks = shown(
        draw.spots_drawn(photograph, spots),
        _MARKS_SAY,
        _spots_alt(spots),
        width=width,
    )
    if many:
        return (marks,)
    found = maps(look.calibrated.linear)
    skin = look.regions.skin
    return (
        marks,
        shown(
            draw.regions_drawn(photograph, look.regions),
            "The parts of the face. What is not tinted was not measured.",
            "The photograph with each part of the face in a tint of its own.",
            width=width,
        ),
        shown(
            draw.map_drawn(photograph, found.melanin, skin, name="melanin"),
            "Melanin, in arbitrary units, against the rest of this photograph only.",
            "A map of brown pigment over the skin; yellow is more.",
            width=width,
        ),
        shown(
            draw.map_drawn(photograph, found.haemoglobin, skin, name="haemoglobin"),
            "Haemoglobin, in arbitrary units, against the rest of this photograph only.",
            "A map of redness by blood over the skin; yellow is more.",
            width=width,
        ),
    )


def pair(baseline: Look, follow_up: Look, *, width: int = WIDE) -> tuple[Shown, ...]:
    """The two photographs beside each other, with their marks where they were measured."""
    found = []
    for name, look in (("Baseline", baseline), ("Follow-up", follow_up)):
        if look.picture is None:
            continue
        if look.frame is None or look.measurement.refused:
            found.append(shown(look.picture.rgb, f"{name}; not measured.", f"{name}.", width=width))
            continue
        drawn = draw.spots_drawn(draw.photograph_of(look.frame.linear), look.measurement.spots)
        found.append(shown(drawn, name, f"{name}. {_spots_alt(look.measurement.spots)}", width=width))
    return tuple(found)


def change_pictures(baseline: Look, follow_up: Look, laid: Laid, *, width: int = WIDE) -> tuple[Shown, ...]:
    """Where pigment and redness changed; nothing where the two were not laid on each other."""
    if laid.alignment is None or laid.alignment.refused or not (baseline.calibrated and follow_up.calibrated):
        return ()
    before = baseline.calibrated.linear
    found = change_map.change_maps(before, follow_up.calibrated.linear, laid.alignment)
    says = "blue where there is less in the follow-up, orange where there is more, against the rest of the skin; dark"
    return tuple(
        shown(
            change_map.drawn(before, values, full),
            f"{name}: {says} where nothing can be said. A map of colour, not a verdict.",
            f"The baseline with the change of {name.lower()} painted on it.",
            width=width,
        )
        for name, values, full in (
            ("Melanin", found.melanin, change_map.MELANIN_RANGE),
            ("Redness", found.erythema, change_map.ERYTHEMA_RANGE),
        )
    )


def of_file(data: bytes, caption: str, alt: str, *, width: int = WIDE) -> Shown:
    """A photograph as it is, without what its file says besides. Raises InputError as `decode` does."""
    return shown(decode(data).rgb, caption, alt, width=width)


class Place(NamedTuple):
    """Where a frame lies in its photograph: a pixel of the frame, times `step`, plus `origin`, is one of the upright
    photograph. `size` is the frame's width and height, 0 and 0 where it is not known: the whole photograph then."""

    step: float
    origin: tuple[float, float]
    size: tuple[int, int] = (0, 0)


def of_marks(data: bytes, spots: Sequence[Spot], place: Place, *, width: int = WIDE, say: Say = str) -> Shown:
    """The face of a photograph's file with the marks that were measured in it; `say` puts a sentence of ours into the
    reader's language. Raises InputError as `decode` does."""
    rgb, (left, top) = _face(decode(data).rgb, place)
    moved = [_moved(spot, left, top) for spot in spots]
    says = said(
        "Dark spots (squares): {0}. Red marks (circles): {1}. Of uncertain kind (diamonds): {2}. The thin line is the "
        "outline that was measured.",
        *_counts(spots),
    )
    return shown(draw.spots_drawn(rgb, moved, legend=False), told(says, say), _spots_alt(spots, say), width=width)


def _face(rgb: NDArray[Any], place: Place) -> tuple[NDArray[Any], tuple[float, float]]:
    """The frame as it was measured, and the pixel of the frame at its upper left."""
    if place.size == (0, 0):
        left, top = 0, 0
        right, bottom = rgb.shape[1], rgb.shape[0]
    else:
        # A pixel's middle is where it is: the corner lies half a pixel of the frame before the origin.
        left, top = (round(at - (place.step - 1) / 2) for at in place.origin)
        right, bottom = left + round(place.size[0] * place.step), top + round(place.size[1] * place.step)
    cut = rgb[max(top, 0) : bottom, max(left, 0) : right]
    how = cv2.INTER_AREA if place.step > 1 else cv2.INTER_LINEAR
    frame = cv2.resize(cut, None, fx=1 / place.step, fy=1 / place.step, interpolation=how)
    shift = (place.step - 1) / 2
    corner = (
        (max(left, 0) + shift - place.origin[0]) / place.step,
        (max(top, 0) + shift - place.origin[1]) / place.step,
    )
    return frame, corner


def _moved(spot: Spot, left: float, top: float) -> Spot:
    outline = tuple((x - left, y - top) for x, y in spot.outline)
    return replace(spot, x=spot.x - left, y=spot.y - top, outline=outline)


def of_states(
    data: bytes,
    marks: Sequence[tuple[draw.State, draw.Outline]],
    caption: str,
    *,
    width: int = WIDE,
    say: Say = str,
) -> Shown:
    """A frame's file with marks by what became of them; `say` as for `of_marks`. Raises InputError as `decode` does."""
    states = [state for state, _ in marks]
    counted = " ".join(told(_state_says(state, states.count(state)), say) for state in _ORDER if state in states)
    says = f"{caption}. {counted}".strip()
    alt = told(said("The face with outlines around its marks: {0}", says), say)
    return shown(draw.states_drawn(decode(data).rgb, marks), says, alt, width=width)


_ORDER: tuple[draw.State, ...] = ("persistent", "faded", "new")


def _state_says(state: draw.State, many: int) -> Sentence:
    match state:
        case "persistent":
            return said("Still there (circles): {0}.", many)
        case "faded":
            return said("Gone (diamonds): {0}.", many)
        case "new":
            return said("New (squares): {0}.", many)


def shown(rgb: NDArray[Any], caption: str, alt: str, *, width: int = WIDE) -> Shown:
    """A picture (sRGB bytes) as a JPEG no wider than asked, and no higher than twice that."""
    scale = min(1.0, width / rgb.shape[1], 2 * width / rgb.shape[0])
    size = (max(round(rgb.shape[1] * scale), 1), max(round(rgb.shape[0] * scale), 1))
    small = np.ascontiguousarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)[..., ::-1])
    done, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    assert done
    return Shown(encoded.tobytes(), size[0], size[1], caption, alt)


def _spots_alt(spots: Sequence[Spot], say: Say = str) -> str:
    return told(
        said(
            "The face with outlines around {0} dark spots, {1} red marks and {2} marks of uncertain kind.",
            *_counts(spots),
        ),
        say,
    )


def _counts(spots: Sequence[Spot]) -> list[int]:
    kinds = [spot.kind for spot in spots]
    return [kinds.count(kind) for kind in ("brown", "red", "uncertain")]
