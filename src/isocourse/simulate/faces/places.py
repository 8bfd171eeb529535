"""Places on bare skin: inside the face's oval, away from eyes, brows, lips, nostrils and hair."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces.features import OVAL
from isocourse.simulate.faces.person import Person
from isocourse.simulate.faces.shape import LOWER_LIDS, UPPER_LIDS, shape_of
from isocourse.simulate.faces.skin import hair_from

_LEFT, _TOP, _SIZE = -90, -90, 200  # one pixel for each millimetre
_EDGE_MM, _AWAY_MM = 9, 5
_LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
_BROWS = ((46, 53, 52, 65, 55, 70, 63, 105, 66, 107), (276, 283, 282, 295, 285, 300, 293, 334, 296, 336))
_NOSE_END = (79, 238, 241, 97, 99, 60, 75, 166, 309, 458, 461, 326, 328, 290, 305, 392)


def bare_places(person: Person, dice: np.random.Generator, count: int) -> list[tuple[float, float]]:
    """Places (across, down) in millimetres, more of them on cheeks and chin than elsewhere."""
    likely = _likely(person)
    chosen = dice.choice(likely.size, size=count, p=likely.ravel())
    rows, columns = np.divmod(chosen, likely.shape[1])
    nudge = dice.uniform(-0.5, 0.5, (count, 2))
    return [(float(x + _LEFT + a), float(y + _TOP + b)) for x, y, (a, b) in zip(columns, rows, nudge, strict=True)]


@lru_cache(maxsize=8)
def _likely(person: Person) -> NDArray[np.float64]:
    points = shape_of(person.seed).points

    def filled(indices: tuple[int, ...]) -> NDArray[np.uint8]:
        drawn = np.zeros((_SIZE, _SIZE - 20), np.uint8)
        hull = cv2.convexHull((points[list(indices)] - [_LEFT, _TOP]).astype(np.float32))[:, 0]
        cv2.fillPoly(drawn, [np.rint(hull).astype(np.int32)], 1)
        return drawn

    def disc(reach: int) -> NDArray[np.uint8]:
        return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)), dtype=np.uint8)

    bare = cv2.erode(filled(OVAL), disc(_EDGE_MM))
    groups = [_LIPS, *_BROWS, _NOSE_END, *((*UPPER_LIDS[i], *LOWER_LIDS[i]) for i in (0, 1))]
    for indices in groups:
        bare[cv2.dilate(filled(indices), disc(_AWAY_MM)) > 0] = 0
    down, across = np.mgrid[_TOP : _TOP + _SIZE, _LEFT : _LEFT + _SIZE - 20].astype(np.float64)
    bare[down < hair_from(person, across) + _AWAY_MM] = 0
    cheeks = sum(np.exp(-(((across - points[i, 0]) / 24) ** 2) - ((down - points[i, 1]) / 24) ** 2) for i in (50, 280))
    chin = np.exp(-(((across - points[152, 0]) / 26) ** 2) - ((down - points[152, 1] + 8) / 14) ** 2)
    likely = bare * (0.25 + cheeks + 0.7 * chin)
    return np.asarray(likely / likely.sum())
