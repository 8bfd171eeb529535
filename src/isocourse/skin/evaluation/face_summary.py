"""The figures of whole faces, generated ones and real ones."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from isocourse.skin.evaluation.faces import WholeFace
from isocourse.skin.evaluation.portraits import Portrait
from isocourse.skin.evaluation.shares import STRENGTHS, Change, aimed, change, middle, off_one, share


class Faces(msgspec.Struct, frozen=True):
    """Whole faces through the whole measurement: how many, how many of them were refused and how many pairs were not
    laid on each other; the marks of the aims, their recall by kind; false marks, those that would be called new, and
    clutter a face; the area of marks (see `FaceMark`), medians; registration in pixels of the frame, median and nine in
    ten; and what two photographs of one face differ by."""

    faces: int
    refused: int
    not_laid: int
    marks: int
    brown_recall: float | None
    red_recall: float | None
    false: float
    new: float
    clutter: float
    area_off: float | None
    area_seen: float | None
    area_of_skin: float | None
    off_median: float | None
    off_p90: float | None
    changes: tuple[Change, ...]


class RealFace(msgspec.Struct, frozen=True):
    """One real face by its name, `smoothed` by a Gaussian of so many of its pixels and enlarged so many `times`: how
    many sets of marks and how many of them were refused, and why; the marks of the aims, their recall by kind and
    strength of contrast (`weak` under delta E 10); false marks, those that would be called new, and what is found on
    the face as it is, each on average; median error of area."""

    name: str
    times: int
    smoothed: float
    sets: int
    refused: int
    why: str
    marks: int
    brown_recall: float | None
    red_recall: float | None
    weak_recall: float | None
    strong_recall: float | None
    false: float
    new: float
    clutter: float
    area_off: float | None
    right_kind: float | None


def of_faces(faces: Sequence[WholeFace]) -> Faces:
    """Generated ones."""
    measured = [face for face in faces if not face.refused]
    wanted = [mark for face in measured for mark in face.marks if aimed(mark)]
    off = np.array([each for face in measured for each in face.off])
    seen = max(len(measured), 1)
    return Faces(
        faces=len(faces),
        refused=len(faces) - len(measured),
        not_laid=sum(1 for face in measured if not face.off),
        marks=len(wanted),
        brown_recall=share([mark.found for mark in wanted if not mark.red]),
        red_recall=share([mark.found for mark in wanted if mark.red]),
        false=sum(face.false for face in measured) / seen,
        new=sum(face.new for face in measured) / seen,
        clutter=sum(face.clutter for face in measured) / seen,
        area_off=off_one([mark.area_seen for mark in wanted]),
        area_seen=middle([mark.area_seen for mark in wanted]),
        area_of_skin=middle([mark.area_of_skin for mark in wanted]),
        off_median=float(np.median(off)) if len(off) else None,
        off_p90=float(np.percentile(off, 90)) if len(off) else None,
        changes=_face_changes(measured),
    )


def of_portraits(portraits: Sequence[Portrait]) -> tuple[RealFace, ...]:
    """Each real one, and as it was smoothed."""
    each = dict.fromkeys((one.name, one.smoothed) for one in portraits)
    return tuple(of_sets([one for one in portraits if (one.name, one.smoothed) == which]) for which in each)


def of_sharp(portraits: Sequence[Portrait]) -> RealFace | None:
    """All that were taken as they are, together; None where there is none."""
    sharp = [each for each in portraits if each.times == 1 and not each.refused]
    return msgspec.structs.replace(of_sets(sharp), name="all of them") if sharp else None


def of_sets(sets: Sequence[Portrait]) -> RealFace:
    """Sets of marks as one. Raises IndexError for none."""
    measured = [each for each in sets if not each.refused]
    wanted = [mark for each in measured for mark in each.marks if aimed(mark)]
    kinds = [mark.kind == ("red" if mark.red else "brown") for mark in wanted if mark.kind not in (None, "uncertain")]
    seen = max(len(measured), 1)
    return RealFace(
        name=sets[0].name,
        times=max(each.times for each in sets),
        smoothed=sets[0].smoothed,
        sets=len(sets),
        refused=len(sets) - len(measured),
        why=next((each.refused for each in sets if each.refused), ""),
        marks=len(wanted),
        brown_recall=share([mark.found for mark in wanted if not mark.red]),
        red_recall=share([mark.found for mark in wanted if mark.red]),
        weak_recall=share([mark.found for mark in wanted if mark.d_e < STRENGTHS[-1][0]]),
        strong_recall=share([mark.found for mark in wanted if mark.d_e >= STRENGTHS[-1][0]]),
        false=sum(each.false for each in measured) / seen,
        new=sum(each.new for each in measured) / seen,
        clutter=sum(each.clutter for each in measured) / seen,
        area_off=off_one([mark.area_ratio for mark in wanted]),
        right_kind=share(kinds),
    )


def _face_changes(faces: Sequence[WholeFace]) -> tuple[Change, ...]:
    """Of every figure that each photograph of these faces has; none with fewer than two faces."""
    if len(faces) < 2:
        return ()
    shots = [shot for face in faces for shot in face.repeats]
    common = [name for name in shots[0] if all(name in shot for shot in shots)]
    return tuple(change(name, "", [[shot[name] for shot in face.repeats] for face in faces]) for name in common)
