"""Which way a head is turned, from the mesh: yaw, pitch and roll in degrees, good to some five degrees."""

from __future__ import annotations

import msgspec
import numpy as np

from isocourse.skin.face import LEFT_EYE_CORNER, RIGHT_EYE_CORNER, Face

_REST_PITCH = -6.0  # what the mesh's plane from forehead to chin leans when somebody looks straight ahead
_TOP, _CHIN, _RIGHT_EAR, _LEFT_EAR = 10, 152, 234, 454


class Pose(msgspec.Struct, frozen=True):
    """`yaw` is positive where the person turns to their own left, `pitch` where they look up, `roll` where the head
    leans to their own left."""

    yaw: float
    pitch: float
    roll: float


def pose(face: Face) -> Pose:
    """Of the plane through ears, forehead and chin, in the picture's own axes."""
    points = face.points
    across = (points[_LEFT_EAR] - points[_RIGHT_EAR]) + (points[LEFT_EYE_CORNER] - points[RIGHT_EYE_CORNER])
    up = points[_TOP] - points[_CHIN]
    roll = float(np.degrees(np.arctan2(across[1], across[0])))
    turn = np.radians(-roll)
    back = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    level_across, level_up = back @ across[:2], back @ up[:2]
    yaw = float(np.degrees(np.arctan2(across[2], level_across[0])))
    pitch = float(np.degrees(np.arctan2(up[2], -level_up[1])))
    return Pose(yaw=yaw, pitch=pitch - _REST_PITCH, roll=roll)
