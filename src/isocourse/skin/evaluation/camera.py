"""A telephone's picture of a scene: distance and tilt, exposure, balance, lens, grain, sharpening, JPEG; then what the
working frame makes of it, and where the truth lies on that."""

from __future__ import annotations

from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.evaluation import optics
from isocourse.skin.evaluation.scene import CAMERA
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Bytes, Floats, to_linear, to_srgb


class Shot(msgspec.Struct, frozen=True):
    """How one picture was taken. `red` and `blue` are gains of the sensor beside green, angles are in degrees."""

    name: str = "as it is"
    ev: float = 0.0
    red: float = 1.0
    blue: float = 1.0
    blur: float = 0.7  # pixels of the camera, one standard deviation
    jpeg: int = 90
    thinned: bool = True  # colour at half resolution
    grain: float = 1.0
    yaw: float = 0.0
    pitch: float = 0.0


PLAIN = Shot()
SHOTS = (
    PLAIN,
    Shot("exposure -0.7 EV", ev=-0.7),
    Shot("exposure +0.3 EV", ev=0.3),
    Shot("white balance +15 %", red=1.15, blue=1 / 1.15),
    Shot("white balance -15 %", red=1 / 1.15, blue=1.15),
    Shot("blur 0.2 mm", blur=2.0),
    Shot("JPEG 60", jpeg=60),
    Shot("JPEG 85", jpeg=85),
    Shot("JPEG 95", jpeg=95, thinned=False),
    Shot("three times the grain", grain=3.0),
    Shot("turned by 12 degrees", yaw=12.0, pitch=5.0),
)


def photographed(light: Floats, shot: Shot, seed: int) -> Bytes:
    """The telephone's picture as sRGB bytes, decoded from its JPEG."""
    dice = np.random.default_rng([seed, 4])
    seen = cv2.warpPerspective(light, pose(shot, light.shape[1]), light.shape[1::-1], flags=cv2.INTER_LINEAR)
    seen = optics.blurred(seen, shot.blur) * np.float32(2**shot.ev)
    # Photons and reading, at about ISO 100 of a small sensor; then what its maker does about them.
    spread = shot.grain * np.sqrt(np.maximum(seen, 0) * 2.2e-5 + 1.2e-6)
    seen = seen + spread * dice.standard_normal(seen.shape, dtype=np.float32)
    seen = np.clip(optics.blurred(seen, 0.6), 0, 1)
    seen = seen * np.array([shot.red, 1.0, shot.blue], dtype=np.float32)
    rgb = np.clip(seen @ optics.TO_SRGB.astype(np.float32), 0, 1)
    coded = to_srgb(rgb)
    coded = np.asarray(cv2.addWeighted(coded, 1.3, cv2.GaussianBlur(coded, (0, 0), 1.5), -0.3, 0), dtype=np.uint8)
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420 if shot.thinned else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
    options = [cv2.IMWRITE_JPEG_QUALITY, shot.jpeg, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    written = cv2.imencode(".jpg", coded[..., ::-1], options)[1]
    read = cv2.imdecode(written, cv2.IMREAD_COLOR)
    assert read is not None, "OpenCV reads what it wrote"
    return np.ascontiguousarray(read[..., ::-1]).astype(np.uint8)


def pose(shot: Shot, side: int) -> NDArray[np.float64]:
    """The homography of a flat piece turned about its middle, 300 mm from the lens."""
    yaw, pitch = np.radians([shot.yaw, shot.pitch])
    middle, away = side / 2 - 0.5, 300 * CAMERA
    turn_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    turn_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    turn = turn_y @ turn_x
    lens = np.array([[away, 0, middle], [0, away, middle], [0, 0, 1.0]])
    plane = np.column_stack([turn[:, 0], turn[:, 1], [0, 0, away]])
    to_middle = np.array([[1, 0, -middle], [0, 1, -middle], [0, 0, 1.0]])
    found = lens @ plane @ to_middle
    return np.asarray(found / found[2, 2])


def on_frame(picture: Bytes) -> Floats:
    """As `frame.framed` brings a face to 8 px/mm."""
    side = round(picture.shape[0] * PX_PER_MM / CAMERA)
    return np.asarray(cv2.resize(to_linear(picture), (side, side), interpolation=cv2.INTER_AREA), dtype=np.float32)


def truth_on_frame(values: NDArray[Any], shot: Shot) -> Floats:
    """A map at the camera's pixels, as it lies on the frame of that picture."""
    seen = cv2.warpPerspective(values.astype(np.float32), pose(shot, values.shape[1]), values.shape[1::-1])
    side = round(values.shape[0] * PX_PER_MM / CAMERA)
    return np.asarray(cv2.resize(seen, (side, side), interpolation=cv2.INTER_AREA), dtype=np.float32)


def ideal(light: Floats) -> Floats:
    """The scene without camera faults, on the frame, in linear sRGB: what contrasts are held against."""
    side = round(light.shape[0] * PX_PER_MM / CAMERA)
    return np.asarray(cv2.resize(ideal_colour(light), (side, side), interpolation=cv2.INTER_AREA), dtype=np.float32)


def ideal_colour(light: Floats) -> Floats:
    """`ideal` at the camera's own pixels."""
    return np.asarray(np.clip(light @ optics.TO_SRGB.astype(np.float32), 0, 1), dtype=np.float32)
