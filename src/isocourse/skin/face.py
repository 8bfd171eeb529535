"""Where the face is: BlazeFace, then 478 points of the MediaPipe face mesh, run by OpenCV.

The points are good to some millimetres: enough for regions, too coarse to match single marks between photographs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.skin.face_model import FaceModel
from isocourse.skin.light import Bytes

Points = NDArray[np.float64]

# The study's settings: 175 of 197 extreme half-profiles and all portraits found, no false face on 17 other pictures.
_SCORE, _PRESENCE, _OVERLAP = 0.3, 0.5, 0.3
_LONG_SIDE = 640  # the networks look at 128 and 256 px; more only costs time
_DETECTOR_PX, _MESH_PX = 128, 256
_CROP = 1.5  # the mesh was trained on a square half as large again as the face
_PAD = 1 / 3
RIGHT_EYE_CORNER, LEFT_EYE_CORNER = 33, 263  # outer corners; right and left are the person's


@dataclass(frozen=True, eq=False)
class Face:
    """`points` is (478, 3) in pixels of the upright picture, z towards the camera negative; `presence` 0 to 1."""

    points: Points
    presence: float

    @property
    def width(self) -> float:
        """From ear to ear in pixels, as the mesh has it."""
        return float(np.linalg.norm(self.points[454, :2] - self.points[234, :2]))


FindFaces = Callable[[Bytes], tuple[Face, ...]]


def face_finder(model: FaceModel) -> FindFaces:
    """A function from a picture to its faces, largest first. Its networks keep buffers: one finder per thread."""
    detector = cv2.dnn.readNetFromTFLite(np.frombuffer(model.detector, np.uint8))
    mesh = cv2.dnn.readNetFromTFLite(np.frombuffer(model.mesh, np.uint8))

    def find(rgb: Bytes) -> tuple[Face, ...]:
        scale = min(1.0, _LONG_SIDE / max(rgb.shape[:2]))
        size = (max(round(rgb.shape[1] * scale), 1), max(round(rgb.shape[0] * scale), 1))
        small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        found = _faces(detector, mesh, small)
        if not found:  # a face that fills the picture is found when there is something around it
            pad = round(_PAD * max(small.shape[:2]))
            wider = np.asarray(cv2.copyMakeBorder(small, pad, pad, pad, pad, cv2.BORDER_CONSTANT), dtype=np.uint8)
            found = [Face(face.points - [pad, pad, 0], face.presence) for face in _faces(detector, mesh, wider)]
        back = np.array([rgb.shape[1] / size[0], rgb.shape[0] / size[1], rgb.shape[1] / size[0]])
        centre = np.array([0.5, 0.5, 0.0])  # a pixel's middle stays its middle
        whole = [Face((face.points + centre) * back - centre, face.presence) for face in found]
        return tuple(sorted(whole, key=lambda face: -face.width))

    return find


def _faces(detector: cv2.dnn.Net, mesh: cv2.dnn.Net, rgb: Bytes) -> list[Face]:
    faces: list[Face] = []
    for eyes, box in _detected(detector, rgb):
        face = _meshed(mesh, rgb, _square(eyes[0], eyes[1], box))
        if face is not None:  # again, on a square laid around the points themselves
            face = _meshed(mesh, rgb, _square(*_eye_corners(face), _bounds(face.points))) or face
        if face is not None and not any(_same(face, other) for other in faces):
            faces.append(face)
    return faces


def _eye_corners(face: Face) -> tuple[Points, Points]:
    return face.points[RIGHT_EYE_CORNER, :2], face.points[LEFT_EYE_CORNER, :2]


def _bounds(points: Points) -> Points:
    return np.concatenate([points[:, :2].min(axis=0), points[:, :2].max(axis=0)])


def _same(one: Face, other: Face) -> bool:
    apart = np.linalg.norm(one.points[:, :2].mean(axis=0) - other.points[:, :2].mean(axis=0))
    return bool(apart < 0.5 * max(one.width, other.width))


def _anchors() -> Points:
    """The centres the detector counts from: two on each cell of 16 x 16, six on each of 8 x 8."""
    grids = []
    for cells, each in ((16, 2), (8, 6)):
        at = (np.arange(cells) + 0.5) / cells
        across, down = np.meshgrid(at, at)
        grids.append(np.repeat(np.stack([across.ravel(), down.ravel()], axis=1), each, axis=0))
    return np.concatenate(grids)


_ANCHORS = _anchors()


def _detected(detector: cv2.dnn.Net, rgb: Bytes) -> list[tuple[Points, Points]]:
    """For each face the centres of its two eyes (2, 2) and its box (left, top, right, bottom), in pixels."""
    side = max(rgb.shape[:2])
    left, top = (side - rgb.shape[1]) // 2, (side - rgb.shape[0]) // 2
    square = cv2.copyMakeBorder(
        rgb, top, side - rgb.shape[0] - top, left, side - rgb.shape[1] - left, cv2.BORDER_CONSTANT
    )
    blob = cv2.dnn.blobFromImage(square, 1 / 127.5, (_DETECTOR_PX, _DETECTOR_PX), (127.5, 127.5, 127.5))
    detector.setInput(blob)
    scores, regressed = detector.forward(["classificators", "regressors"])
    certain = 1 / (1 + np.exp(-np.clip(np.asarray(scores).ravel(), -80, 80)))
    likely = np.flatnonzero(certain >= _SCORE)
    if likely.size == 0:
        return []
    numbers = np.asarray(regressed).reshape(-1, 8, 2)[likely].astype(np.float64) / _DETECTOR_PX
    centres = numbers[:, 0] + _ANCHORS[likely]
    sizes = numbers[:, 1]
    eyes = (numbers[:, 2:4] + _ANCHORS[likely][:, None]) * side - [left, top]
    corners = np.concatenate([centres - sizes / 2, centres + sizes / 2], axis=1) * side - [left, top, left, top]
    boxes = [[float(x0), float(y0), float(x1 - x0), float(y1 - y0)] for x0, y0, x1, y1 in corners]
    kept = cv2.dnn.NMSBoxes(boxes, certain[likely].tolist(), _SCORE, _OVERLAP)
    return [(eyes[index], corners[index]) for index in np.asarray(kept).ravel()]


def _square(right_eye: Points, left_eye: Points, box: Points) -> Points:
    """From pixels of a mesh crop to pixels of the picture (2, 3): a square around the box, turned with the eyes."""
    across = left_eye - right_eye
    angle = float(np.arctan2(across[1], across[0]))
    middle = (box[:2] + box[2:]) / 2
    step = float((box[2:] - box[:2]).max()) * _CROP / _MESH_PX
    turn = step * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.column_stack([turn, middle - turn @ [_MESH_PX / 2, _MESH_PX / 2]])


def _meshed(mesh: cv2.dnn.Net, rgb: Bytes, square: Points) -> Face | None:
    crop = cv2.warpAffine(rgb, square, (_MESH_PX, _MESH_PX), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    mesh.setInput(cv2.dnn.blobFromImage(crop, 1 / 255))
    flat, logit = mesh.forward(["Identity", "Identity_1"])
    presence = float(1 / (1 + np.exp(-np.clip(np.asarray(logit).ravel()[0], -80, 80))))
    if presence <= _PRESENCE:
        return None
    points = np.asarray(flat).reshape(-1, 3).astype(np.float64)
    placed = points[:, :2] @ square[:, :2].T + square[:, 2]
    depth = points[:, 2:] * np.hypot(square[0, 0], square[1, 0])
    return Face(np.column_stack([placed, depth]), presence)
