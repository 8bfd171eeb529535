"""Hints while a photograph is being taken: whether the face is there, near enough and turned as wanted.

The small picture that a hint comes from is looked at in memory and kept nowhere.
"""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

from isocourse.care.permissions import check
from isocourse.care.photograph_jobs import RAKING, SIDES
from isocourse.care.photographs import refuse_without_consent
from isocourse.store.models import Patient, User

_OF_THREAD = threading.local()  # a finder keeps buffers: one for each thread


def hint(*, by: User, patient: Patient, data: bytes, view: str, times: float, now: datetime) -> str:
    """A code of `skin.aim.Aim`, empty where it is good or the view shows no face. Raises Denied, or InputError where
    there is no consent, or the picture is none."""
    # The networks are loaded by servers that are asked for a hint.
    from isocourse.skin.aim import aim, seen

    check(by, "take_photographs", patient, now=now)
    refuse_without_consent(patient, now)
    side: Any = "frontal" if view in RAKING else SIDES.get(view)
    if side is None:
        return ""
    rgb = seen(data)
    return aim(_finder()(rgb), width=rgb.shape[1], height=rgb.shape[0], times=times, view=side)


def _finder() -> Any:
    if not hasattr(_OF_THREAD, "finder"):
        from isocourse.skin.face import face_finder
        from isocourse.skin.face_model import load_face_model

        _OF_THREAD.finder = face_finder(load_face_model())
    return _OF_THREAD.finder
