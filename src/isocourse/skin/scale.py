"""How many pixels a millimetre has, and how sure that is. Never from the width of a face: faces differ too much."""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from isocourse.skin.face import Face

# The visible iris from side to side, 11.7 mm with a standard deviation of 0.5 mm between people.
IRIS_MM, IRIS_SD_MM = 11.7, 0.5
_RINGS = ((469, 471), (474, 476))  # the two sides of each iris in the mesh
_MOST_TILTED = 0.1  # of the chart's patches: turned by some 25 degrees
_MESH_ERROR = 0.5 * 1.5 / 256  # half a pixel of the square that the mesh looks at, as a part of the face


class Scale(msgspec.Struct, frozen=True):
    """`error` is one standard error as a part of `px_per_mm`; lengths carry it once, areas twice."""

    px_per_mm: float
    error: float
    how: Literal["iris", "given"]


def scale_from_iris(face: Face) -> Scale:
    """From the irises of both eyes. About 5 percent: people's irises, the mesh, and how far the two eyes disagree."""
    found = [float(np.linalg.norm(face.points[a, :2] - face.points[b, :2])) for a, b in _RINGS]
    mean = sum(found) / 2
    parts = (IRIS_SD_MM / IRIS_MM, abs(found[0] - found[1]) / 2 / mean, _MESH_ERROR * face.width / mean)
    return Scale(px_per_mm=mean / IRIS_MM, error=float(np.sqrt(sum(part**2 for part in parts))), how="iris")


def scale_from_length(pixels: float, millimetres: float, *, pixel_error: float = 1.0) -> Scale:
    """From something of known length in the plane of the skin: a sticker, a chart, a ruler. Raises ValueError."""
    if not (pixels > 0 and millimetres > 0):
        raise ValueError("a length in pixels and one in millimetres, both above zero")
    return Scale(px_per_mm=pixels / millimetres, error=pixel_error / pixels, how="given")


def scale_from_chart(across: float, down: float, millimetres: float) -> Scale | None:
    """From the distance of neighbouring patches of a chart in the plane of the face, in pixels along its rows and down
    its columns, where `millimetres` are both. None where these differ so much that the chart is tilted. Raises
    ValueError."""
    mean = (across + down) / 2
    if abs(across - down) > _MOST_TILTED * mean:
        return None
    error = float(np.hypot((across - down) / 2, 0.5)) / mean  # half a pixel of where a patch is
    return Scale(px_per_mm=scale_from_length(mean, millimetres).px_per_mm, error=error, how="given")
