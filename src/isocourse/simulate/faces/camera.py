"""Where the camera stands, and what lens, sensor and file do to the light.

The camera looks along z; x is to the right and y down in the picture, in millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces.chance import Floats, chance
from isocourse.simulate.faces.features import iris
from isocourse.simulate.faces.shape import AXIS, Shape

Doubles = NDArray[np.float64]
Bytes = NDArray[np.uint8]

Lighting = Literal["soft", "raking left", "raking right"]
_FULL_WELL = 9000.0  # electrons of a small sensor's pixel at white
_READ = 4.0
_TABLE = 4096


class Camera(msgspec.Struct, frozen=True, kw_only=True):
    """Angles in degrees: `yaw` turns the face to the right of the picture, `pitch` lifts the chin, `roll` turns it
    clockwise. `px_per_mm` holds at the middle between the irises, `distance` (mm) is from there to the lens; the
    focal length follows from both. `exposure` in stops, `white` gains of red, green and blue, `blur` a deviation in
    pixels, `noise` times that of an ordinary sensor. `jpeg` is a quality, None for no JPEG; `chart` a ColorChecker."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    distance: float = 900.0
    px_per_mm: float = 8.8
    width: int = 1720
    height: int = 2320
    exposure: float = 0.0
    white: tuple[float, float, float] = (1.0, 1.0, 1.0)
    blur: float = 0.6
    noise: float = 1.0
    jpeg: int | None = None
    chart: bool = False
    light: Lighting = "soft"
    falloff: float = 0.0  # how much darker it is at the right of the face than at the left, as a part; may be negative

    def __post_init__(self) -> None:
        for what, value, least, most in (
            ("yaw", self.yaw, -60, 60), ("pitch", self.pitch, -40, 40), ("roll", self.roll, -180, 180),
            ("distance", self.distance, 250, 10_000), ("px_per_mm", self.px_per_mm, 0.5, 40),
            ("width", self.width, 64, 8192), ("height", self.height, 64, 8192),
            ("exposure", self.exposure, -6, 6), ("blur", self.blur, 0, 50), ("noise", self.noise, 0, 100),
            ("jpeg", 90 if self.jpeg is None else self.jpeg, 1, 100), ("falloff", self.falloff, -1, 1),
            ("white", min(self.white), 0.05, 20), ("white", max(self.white), 0.05, 20),
        ):  # fmt: skip
            if not least <= value <= most:
                raise ValueError(f"{what} is {value}; it goes from {least} to {most}")

    @property
    def focal_px(self) -> float:
        return self.px_per_mm * self.distance


@dataclass(frozen=True, eq=False)
class View:
    """From the head to the picture. `turn` (3, 3) and `moved` (3,) bring places of the head before the camera."""

    turn: Doubles
    moved: Doubles
    focal: float
    centre: Doubles

    def before(self, places: Doubles) -> Doubles:
        """(..., 3): places of the head as the camera has them."""
        seen: Doubles = places @ self.turn.T + self.moved
        return seen

    def pixels(self, places: Doubles) -> Doubles:
        """(..., 2): where places of the head are in the picture; the middle of the first pixel is 0, 0."""
        seen = self.before(places)
        found: Doubles = seen[..., :2] / seen[..., 2:] * self.focal + self.centre
        return found


def view(camera: Camera, shape: Shape) -> View:
    """The head turned about its middle, its eyes at the wanted distance, its middle in the middle of the picture."""
    yaw, pitch, roll = np.radians([camera.yaw, camera.pitch, camera.roll])
    about_y = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    turn = about_z @ about_x @ about_y
    eyes = np.mean([shape.at(*iris(shape, side)) for side in (0, 1)], axis=0)
    pivot = np.array([0.0, 5.0, AXIS - 40.0])
    moved = -turn @ pivot
    moved[2] = camera.distance - (turn @ eyes)[2]
    centre = np.array([(camera.width - 1) / 2, (camera.height - 1) / 2])
    return View(turn, moved, camera.focal_px, centre)


def lights(camera: Camera) -> tuple[list[tuple[Doubles, float]], float]:
    """Directions towards the lights before the camera with their strengths, and the light from everywhere."""

    def towards(x: float, y: float, z: float) -> Doubles:
        way: Doubles = np.array([x, y, z]) / np.linalg.norm([x, y, z])
        return way

    if camera.light == "soft":
        return [(towards(-0.75, -0.45, -1.0), 0.60), (towards(0.75, -0.45, -1.0), 0.42)], 0.22
    side = -1.0 if camera.light == "raking left" else 1.0
    return [(towards(side * 1.0, -0.15, -0.42), 1.25)], 0.10


def exposed(linear: Floats, camera: Camera, seed: object) -> Bytes:
    """Lens, white balance, sensor and curve: light to sRGB bytes. The light is written over."""
    if camera.blur > 0:
        linear = np.asarray(cv2.GaussianBlur(linear, (0, 0), camera.blur), dtype=np.float32)
    linear *= np.float32(2.0**camera.exposure) * np.asarray(camera.white, dtype=np.float32)
    if camera.noise > 0:
        _noised(linear, camera.noise, seed)
    np.clip(linear, 0, 1, out=linear)
    linear *= _TABLE - 1
    rounded = linear.astype(np.uint16)
    return _CURVE[rounded]


def _noised(linear: Floats, much: float, seed: object) -> None:
    """Noise of counted light and of reading it out. Written into `linear`."""
    spread = np.maximum(linear, 0)
    spread *= np.float32((much**2) / _FULL_WELL)
    spread += np.float32((much * _READ / _FULL_WELL) ** 2)
    np.sqrt(spread, out=spread)
    spread *= chance(seed, "sensor").standard_normal(linear.shape, dtype=np.float32)
    linear += spread


def _curve() -> Bytes:
    v = (np.arange(_TABLE) + 0.5) / _TABLE
    encoded = np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * encoded), dtype=np.uint8)


_CURVE = _curve()
