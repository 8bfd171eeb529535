"""A photograph of somebody who does not exist, with everything that is true about it.

The head is a surface around an axis (`shape`), with a sheet of skin over it (`skin`, `features`, `marks`). Rays find
what each pixel sees (`rays`), it is lit (`shading`), and the camera (`camera`) does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces.camera import Camera, View, exposed, view
from isocourse.simulate.faces.chart import paste_chart
from isocourse.simulate.faces.features import iris
from isocourse.simulate.faces.marks import Kind, Mark
from isocourse.simulate.faces.person import Person
from isocourse.simulate.faces.rays import Seen, follow
from isocourse.simulate.faces.shading import before_room, lit
from isocourse.simulate.faces.shape import Shape
from isocourse.simulate.faces.skin import Body, body, to_tangent, with_marks

Doubles = NDArray[np.float64]
Bytes = NDArray[np.uint8]

CAPTION = "synthetic face"
_SAME_PLACE_MM = 2.0
_ROOM = (0.20, 0.27, 0.33)


class Look(msgspec.Struct, frozen=True):
    """What is on somebody's skin on one day."""

    marks: tuple[Mark, ...] = ()


class SeenMark(msgspec.Struct, frozen=True):
    """A mark in the picture. `x`, `y` and `outline` are pixels; `area` is square millimetres of skin; `facing` the
    cosine between the skin there and the camera, below zero where it is turned away; `px_per_mm` of skin seen flat.
    `visible`: in the picture, and nothing of the head before it."""

    kind: Kind
    x: float
    y: float
    radius: float
    dose: float
    area: float
    facing: float
    px_per_mm: float
    visible: bool
    outline: tuple[tuple[float, float], ...]


class Truth(msgspec.Struct, frozen=True):
    """`px_per_mm` holds at the middle between the irises. `irises` are pixels, right of the person first. `colour` is
    the bare skin in linear sRGB under white light, `points` where the 468 points of the mesh are in the picture."""

    seed: int
    tone: str
    px_per_mm: float
    yaw: float
    pitch: float
    roll: float
    distance: float
    colour: tuple[float, float, float]
    irises: tuple[tuple[float, float], tuple[float, float]]
    marks: tuple[SeenMark, ...]
    points: tuple[tuple[float, float], ...]
    chart: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Taken:
    """`jpeg` holds the file where the camera writes one; `rgb` is what the file decodes to."""

    rgb: Bytes
    truth: Truth
    jpeg: bytes | None


def photograph(person: Person, look: Look | None = None, camera: Camera | None = None, *, seed: int = 0) -> Taken:
    """The picture and its truth. `seed` is of the sensor's noise only. The same arguments give the same bytes."""
    look, camera = look or Look(), camera or Camera()
    who = body(person)
    seen = view(camera, who.shape)
    where = follow(who.shape, camera, seen)
    linear = lit(who.shape, with_marks(who, look.marks), where, camera, seen)
    before_room(linear, where, camera, _ROOM)
    corners = paste_chart(linear, camera, seen.centre) if camera.chart else ()
    rgb = exposed(linear, camera, (person.seed, seed))
    _captioned(rgb)
    file = None
    if camera.jpeg is not None:
        done, encoded = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, camera.jpeg])
        assert done
        file = encoded.tobytes()
        rgb = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB), dtype=np.uint8)
    return Taken(rgb, _truth(person, look, camera, who, seen, where, corners), file)


def _truth(
    person: Person, look: Look, camera: Camera, who: Body, seen: View, where: Seen, chart: Sequence[Doubles]
) -> Truth:
    def pair(place: Doubles) -> tuple[float, float]:
        x, y = seen.pixels(who.shape.at(place[..., 0], place[..., 1]))
        return float(x), float(y)

    points = seen.pixels(who.shape.at(who.shape.points[:, 0], who.shape.points[:, 1]))
    red, green, blue = person.colour
    return Truth(
        seed=person.seed,
        tone=person.tone,
        px_per_mm=camera.px_per_mm,
        yaw=camera.yaw,
        pitch=camera.pitch,
        roll=camera.roll,
        distance=camera.distance,
        colour=(float(red), float(green), float(blue)),
        irises=(pair(iris(who.shape, 0)), pair(iris(who.shape, 1))),
        marks=tuple(_seen(mark, who.shape, seen, where) for mark in look.marks),
        points=tuple((float(x), float(y)) for x, y in points),
        chart=tuple((float(x), float(y)) for x, y in chart),
    )


def _seen(mark: Mark, shape: Shape, seen: View, where: Seen) -> SeenMark:
    place = np.array([mark.across, mark.down])
    here = shape.at(place[0], place[1])
    x, y = seen.pixels(here)
    flat = mark.outline() @ np.linalg.inv(to_tangent(shape, mark)).T + place
    outline = seen.pixels(shape.at(flat[:, 0], flat[:, 1]))
    before = seen.before(here)
    along, below = shape.tangents(place[0], place[1])
    outwards = seen.turn @ np.cross(below, along)
    facing = float(-(outwards @ before) / np.linalg.norm(outwards) / np.linalg.norm(before))
    return SeenMark(
        kind=mark.kind,
        x=float(x),
        y=float(y),
        radius=mark.radius,
        dose=mark.dose,
        area=mark.area,
        facing=facing,
        px_per_mm=float(seen.focal / before[2]),
        visible=_visible(mark, float(x), float(y), where),
        outline=tuple((float(a), float(b)) for a, b in outline),
    )


def _visible(mark: Mark, x: float, y: float, where: Seen) -> bool:
    row, column = round(y), round(x)
    if not (0 <= row < where.across.shape[0] and 0 <= column < where.across.shape[1]):
        return False
    apart = np.hypot(where.across[row, column] - mark.across, where.down[row, column] - mark.down)
    return bool(apart < _SAME_PLACE_MM and where.past[row, column] <= 0)


def _captioned(rgb: Bytes) -> None:
    """Says in the corner that nobody looks like this."""
    size = rgb.shape[0] / 2000
    thick = max(round(2 * size), 1)
    place = (round(24 * size), rgb.shape[0] - round(28 * size))
    for colour, wide in (((20, 20, 20), thick * 3), ((235, 235, 235), thick)):
        cv2.putText(rgb, CAPTION, place, cv2.FONT_HERSHEY_SIMPLEX, 1.1 * size, colour, wide, cv2.LINE_AA)
