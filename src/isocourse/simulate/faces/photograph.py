"""A photograph of somebody who does not exist, with everything that is true about it.

The head is a surface around an axis (`shape`): each ray is followed until it goes through; what lies on the sheet
there (`skin`) is lit, and the camera (`camera`) does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces import canvas
from isocourse.simulate.faces.camera import Camera, View, exposed, lights, view
from isocourse.simulate.faces.chance import Floats, chance
from isocourse.simulate.faces.chart import paste_chart
from isocourse.simulate.faces.features import iris
from isocourse.simulate.faces.marks import Kind, Mark
from isocourse.simulate.faces.person import Person
from isocourse.simulate.faces.shape import AROUND, AXIS, Shape
from isocourse.simulate.faces.skin import Body, Sheet, body, to_tangent, with_marks

Doubles = NDArray[np.float64]
Bytes = NDArray[np.uint8]

CAPTION = "synthetic face"
_STEP = 8  # rays are followed for every eighth pixel: the head is smooth
_NEAR, _FAR, _STRIDE = 150.0, 160.0, 7.0  # millimetres before and behind the eyes, and from look to look
_ROOM = np.array([0.20, 0.27, 0.33], dtype=np.float32)


class Look(msgspec.Struct, frozen=True):
    """What is on somebody's skin on one day."""

    marks: tuple[Mark, ...] = ()


class SeenMark(msgspec.Struct, frozen=True):
    """A mark in the picture. `x`, `y` and `outline` are pixels; `area` is square millimetres of skin; `facing` the
    cosine between the skin there and the camera, below zero where it is turned away; `px_per_mm` of skin seen flat."""

    kind: Kind
    x: float
    y: float
    radius: float
    dose: float
    area: float
    facing: float
    px_per_mm: float
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
    linear = _lit(who.shape, with_marks(who, look.marks), camera, seen, person)
    corners = paste_chart(linear, camera, seen.centre) if camera.chart else ()
    rgb = exposed(linear, camera, (person.seed, seed))
    _captioned(rgb)
    file = None
    if camera.jpeg is not None:
        done, encoded = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, camera.jpeg])
        assert done
        file = encoded.tobytes()
        rgb = np.ascontiguousarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR)[..., ::-1])
    return Taken(rgb, _truth(person, look, camera, who, seen, corners), file)


def _truth(person: Person, look: Look, camera: Camera, who: Body, seen: View, chart: Sequence[Doubles]) -> Truth:
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
        marks=tuple(_seen(mark, who.shape, seen) for mark in look.marks),
        points=tuple((float(x), float(y)) for x, y in points),
        chart=tuple((float(x), float(y)) for x, y in chart),
    )


def _seen(mark: Mark, shape: Shape, seen: View) -> SeenMark:
    place = np.array([mark.across, mark.down])
    here = shape.at(place[0], place[1])
    x, y = seen.pixels(here)
    flat = mark.outline() @ np.linalg.inv(to_tangent(shape, mark)).T + place
    outline = seen.pixels(shape.at(flat[:, 0], flat[:, 1]))
    before = seen.before(here)
    along, below = shape.tangents(place[0], place[1])
    outwards = seen.turn @ np.cross(below, along)
    facing = float(outwards @ before / np.linalg.norm(outwards) / np.linalg.norm(before))
    return SeenMark(
        kind=mark.kind,
        x=float(x),
        y=float(y),
        radius=mark.radius,
        dose=mark.dose,
        area=mark.area,
        facing=abs(facing) if _towards(outwards, before) else -abs(facing),
        px_per_mm=float(seen.focal / before[2]),
        outline=tuple((float(a), float(b)) for a, b in outline),
    )


def _towards(outwards: Doubles, before: Doubles) -> bool:
    return bool(outwards @ before < 0)


@dataclass(frozen=True, eq=False)
class _Hits:
    """For every eighth pixel: place on the skin, and how far (mm) the ray goes past the head (negative: through)."""

    across: Doubles
    down: Doubles
    past: Doubles


def _followed(shape: Shape, camera: Camera, seen: View) -> _Hits:
    """Each ray until it goes through the head, or to where it comes nearest."""
    us = np.arange(0, camera.width + _STEP, _STEP)
    vs = np.arange(0, camera.height + _STEP, _STEP)
    u, v = np.meshgrid((us - seen.centre[0]) / seen.focal, (vs - seen.centre[1]) / seen.focal)
    way = np.stack([u, v, np.ones_like(u)], axis=-1) @ seen.turn
    start = -seen.moved @ seen.turn

    def beyond(t: Doubles) -> tuple[Doubles, Doubles, Doubles]:
        x, y, z = (start[i] + t * way[..., i] for i in range(3))
        back = AXIS - z
        across = np.arctan2(x, back) * AROUND
        return np.hypot(x, back) - shape.radii(across, y), across, y

    before, t = np.full(u.shape, np.inf), np.full(u.shape, camera.distance - _NEAR)
    low, nearest, at_nearest = t.copy(), np.full(u.shape, np.inf), t.copy()
    through = np.zeros(u.shape, bool)
    for step in np.arange(camera.distance - _NEAR, camera.distance + _FAR, _STRIDE):
        now, _, _ = beyond(np.full(u.shape, step))
        fresh = ~through & (now <= 0) & (before > 0)
        low[fresh] = step - _STRIDE
        through |= fresh
        closer = ~through & (now < nearest)
        nearest[closer], at_nearest[closer] = now[closer], step
        before = now
    high = low + _STRIDE
    for _ in range(14):
        middle = (low + high) / 2
        outside = beyond(middle)[0] > 0
        low, high = np.where(outside, middle, low), np.where(outside, high, middle)
    _, across, down = beyond(np.where(through, high, at_nearest))
    return _Hits(across, down, np.where(through, -np.maximum(_deepest(beyond, high), 0.01), nearest))


def _deepest(beyond, high: Doubles) -> Doubles:  # type: ignore[no-untyped-def]
    """How far inside the head the ray comes within the next millimetres: the edge is where that goes to zero."""
    return np.maximum(-beyond(high + 3.0)[0], -beyond(high + 9.0)[0])


def _up(coarse: Doubles, camera: Camera) -> Floats:
    """A field of every eighth pixel, for every pixel."""
    rows, columns = coarse.shape
    matrix = np.array([[1 / _STEP, 0, 0], [0, 1 / _STEP, 0]], dtype=np.float64)
    return np.asarray(
        cv2.warpAffine(
            coarse.astype(np.float32),
            matrix,
            (camera.width, camera.height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.float32,
    )


def _lit(shape: Shape, sheet: Sheet, camera: Camera, seen: View, person: Person) -> Floats:
    hits = _followed(shape, camera, seen)
    across, down = _up(hits.across, camera), _up(hits.down, camera)
    x = (across - canvas.LEFT) * canvas.PX_PER_MM - 0.5
    y = (down - canvas.TOP) * canvas.PX_PER_MM - 0.5
    colour, slope_across, slope_down, gloss = (
        cv2.remap(each, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for each in (sheet.colour, sheet.slope_across, sheet.slope_down, sheet.gloss)
    )
    along, below = shape.tangents(hits.across, hits.down)
    normal = np.cross(below, along)
    for each in (along, below, normal):
        each /= np.linalg.norm(each, axis=-1, keepdims=True)
    towards_camera = -np.stack([hits.across * 0, hits.down * 0, hits.down * 0 + 1], axis=-1)
    normal, along, below = (each @ seen.turn.T for each in (normal, along, below))
    if float(np.median(normal[..., 2][hits.past < 0])) > 0:
        normal = -normal
    sources, everywhere = lights(camera)
    usual = everywhere + sum(strength * _wrapped(-way[2]) for way, strength in sources)
    hollow = _hollow(shape, hits)
    base = everywhere * (1 - 0.25 * normal[..., 1]) * hollow
    lean_across, lean_down = np.zeros_like(base), np.zeros_like(base)
    shine = np.zeros((camera.height, camera.width), np.float32)
    for way, strength in sources:
        facing = normal @ way
        lit = np.maximum(_wrapped(facing), 0) * (0.35 + 0.65 * hollow)
        base += strength * lit
        lean_across -= strength * (along @ way) * (facing > -0.2)
        lean_down -= strength * (below @ way) * (facing > -0.2)
        half = way + towards_camera
        half = half / np.linalg.norm(half, axis=-1, keepdims=True)
        sharp = _up(np.sum(normal * half, axis=-1), camera)
        sharp -= slope_across * _up(np.sum(along * half, axis=-1), camera)
        sharp -= slope_down * _up(np.sum(below * half, axis=-1), camera)
        np.clip(sharp, 0, 1, out=sharp)
        glow = cv2.pow(sharp, 9) * np.float32(0.10) + cv2.pow(sharp, 38) * np.float32(0.42)
        shine += glow * np.float32(strength)
    light = _up(base / usual, camera)
    relief = slope_across * _up(lean_across / usual, camera)
    relief += slope_down * _up(lean_down / usual, camera)
    shine *= gloss
    # Red light wanders furthest through skin and softens what is small; blue hardly does.
    for channel, keeps in enumerate((0.55, 0.8, 0.9)):
        amount = light + np.float32(keeps) * relief
        np.maximum(amount, np.float32(0.25) * light, out=amount)
        colour[..., channel] *= amount
        colour[..., channel] += shine * np.float32(0.55)
    if camera.falloff:
        ramp = 1 + camera.falloff * np.linspace(0.5, -0.5, camera.width, dtype=np.float32)
        colour *= ramp[None, :, None]
    return _before_the_room(colour, hits, camera, person)


def _wrapped(facing):  # type: ignore[no-untyped-def]
    """Soft light reaches a little around the edge."""
    return (facing + 0.25) / 1.25


def _hollow(shape: Shape, hits: _Hits) -> Doubles:
    from scipy.ndimage import gaussian_filter, map_coordinates

    from isocourse.simulate.faces.shape import LEFT, TOP

    deep = np.zeros_like(shape.radius)
    for wide, much in ((5, 0.055), (14, 0.03)):
        deep += much * np.maximum(gaussian_filter(shape.radius, wide) - shape.radius, 0)
    dark = map_coordinates(1 / (1 + deep), [hits.down - TOP, hits.across - LEFT], order=1, mode="nearest")
    return dark


def _before_the_room(colour: Floats, hits: _Hits, camera: Camera, person: Person) -> Floats:
    past = _up(hits.past, camera)
    cover = np.clip(0.5 - past * np.float32(camera.px_per_mm * 0.5), 0, 1)
    rows = np.linspace(1.1, 0.85, camera.height, dtype=np.float32)[:, None, None]
    room = _ROOM * rows
    colour -= room
    colour *= cover[..., None]
    colour += room
    return colour


def _captioned(rgb: Bytes) -> None:
    """Says in the corner that nobody looks like this."""
    size = rgb.shape[0] / 2000
    thick = max(round(2 * size), 1)
    place = (round(24 * size), rgb.shape[0] - round(28 * size))
    for colour, wide in (((20, 20, 20), thick * 3), ((235, 235, 235), thick)):
        cv2.putText(rgb, CAPTION, place, cv2.FONT_HERSHEY_SIMPLEX, 1.1 * size, colour, wide, cv2.LINE_AA)
