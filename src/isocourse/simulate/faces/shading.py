"""Light on the head: soft lights that reach a little around edges, hollows that see less of them, and shine.

Everything smooth is worked out on the surface's own grid of a millimetre; the sheet's fine slopes lean the skin
towards or away from each light.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from isocourse.simulate.faces import canvas
from isocourse.simulate.faces.camera import Camera, View, lights
from isocourse.simulate.faces.chance import Floats
from isocourse.simulate.faces.rays import Seen
from isocourse.simulate.faces.shape import BOTTOM, LEFT, RIGHT, TOP, Shape
from isocourse.simulate.faces.skin import Sheet

Doubles = NDArray[np.float64]

_AROUND = 0.25  # soft light reaches this far behind the edge
_BROAD, _SHARP = (9.0, 0.07), (38.0, 0.30)  # exponents and strengths of the two lobes of shine
# Red light wanders furthest through skin and softens what is small; blue hardly does.
_KEEPS_RELIEF = (0.55, 0.80, 0.90)
_GLITTER = np.float32(0.7)  # the oil on skin is smoother than the skin
_METERED = 1.06  # so that cheeks and forehead, shine included, come out as bright as the skin is
_WARM = (0.16, -0.05, -0.12)  # and so it fills the shadows
_HOLLOWS = ((4.0, 0.060), (12.0, 0.030))  # widths in millimetres, and how much a millimetre of depth darkens


def lit(shape: Shape, sheet: Sheet, seen: Seen, camera: Camera, view: View) -> Floats:
    """(height, width, 3): the light that comes from the head. White held flat towards the camera would be 1."""
    x = (seen.across - canvas.LEFT) * np.float32(canvas.PX_PER_MM) - np.float32(0.5)
    y = (seen.down - canvas.TOP) * np.float32(canvas.PX_PER_MM) - np.float32(0.5)
    colour, relief = _looked_up(sheet.colour, x, y), _looked_up(sheet.relief, x, y)
    across, down, gloss = relief[..., 0], relief[..., 1], relief[..., 2]
    x, y = seen.across - np.float32(LEFT), seen.down - np.float32(TOP)
    even, shines = _fields(shape, camera, view)
    field = _looked_up(even, x, y)
    leaning = across * field[..., 1] + down * field[..., 2]
    shine = np.zeros(across.shape, np.float32)
    for each, strength in shines:
        half = _looked_up(each, x, y)
        facing = half[..., 0] + _GLITTER * (across * half[..., 1] + down * half[..., 2])
        np.clip(facing, 0, 1, out=facing)
        for exponent, much in (_BROAD, _SHARP):
            shine += np.asarray(cv2.pow(facing, exponent), dtype=np.float32) * np.float32(much * strength)
    shine *= gloss
    least = np.float32(0.25) * field[..., 0]
    planes: list[Floats] = list(cv2.split(colour))
    for channel, keeps in enumerate(_KEEPS_RELIEF):
        amount = leaning * np.float32(keeps)
        amount += field[..., 0]
        np.maximum(amount, least, out=amount)
        amount *= 1 + np.float32(_WARM[channel]) * (1 - amount)
        planes[channel] *= amount
        planes[channel] += shine
    colour = np.asarray(cv2.merge(planes), dtype=np.float32)
    if camera.falloff:
        colour *= (1 + camera.falloff * np.linspace(0.5, -0.5, camera.width)).astype(np.float32)[None, :, None]
    return colour


def _looked_up(field: Floats, x: Floats, y: Floats) -> Floats:
    return np.asarray(cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.float32)


def _fields(shape: Shape, camera: Camera, view: View) -> tuple[Floats, list[tuple[Floats, float]]]:
    """On the surface's grid: light and its changes with slopes across and down; the same of each light's mirror."""
    down, across = np.mgrid[TOP : BOTTOM + 1, LEFT : RIGHT + 1].astype(np.float64)
    along, below = shape.tangents(across, down)
    normal = np.cross(below, along)
    normal, along, below = (_unit(each) @ view.turn.T for each in (normal, along, below))
    sources, everywhere = lights(camera)
    open_ = _openness(shape)
    light = everywhere * (1 - 0.25 * normal[..., 1]) * open_
    by_across, by_down = np.zeros_like(light), np.zeros_like(light)
    shines = []
    for way, strength in sources:
        facing = normal @ way
        light += strength * np.maximum(_wrapped(facing), 0) * (0.35 + 0.65 * open_)
        reached = strength * np.clip(facing * 4 + 1, 0, 1)
        by_across -= reached * (along @ way)
        by_down -= reached * (below @ way)
        half = _unit(way - np.array([0.0, 0.0, 1.0]))
        mirror = [normal @ half, -(along @ half), -(below @ half)]
        shines.append((np.stack(mirror, axis=-1).astype(np.float32), strength))
    flat = everywhere + sum(strength * float(_wrapped(-way[2])) for way, strength in sources)
    return (np.stack([light, by_across, by_down], axis=-1) / (flat * _METERED)).astype(np.float32), shines


def _unit(ways: Doubles) -> Doubles:
    scaled: Doubles = ways / np.maximum(np.linalg.norm(ways, axis=-1, keepdims=True), 1e-9)
    return scaled


def _wrapped(facing: Doubles) -> Doubles:
    return (facing + _AROUND) / (1 + _AROUND)


def _openness(shape: Shape) -> Doubles:
    """How much of the light from everywhere reaches a place, 0 to 1: less where it lies deeper than around it."""
    deep = np.zeros_like(shape.radius)
    for wide, much in _HOLLOWS:
        deep += much * np.maximum(gaussian_filter(shape.radius, wide) - shape.radius, 0)
    return np.asarray(1 / (1 + deep))


def before_room(colour: Floats, seen: Seen, camera: Camera, room: Sequence[float]) -> None:
    """Puts the plain background where no head is. Written into `colour`."""
    cover = np.clip(np.float32(0.5) - seen.past * np.float32(camera.px_per_mm * 0.5), 0, 1)
    rows = np.linspace(1.1, 0.85, camera.height, dtype=np.float32)[:, None, None]
    wall = np.asarray(room, dtype=np.float32) * rows
    colour -= wall
    colour *= cover[..., None]
    colour += wall
