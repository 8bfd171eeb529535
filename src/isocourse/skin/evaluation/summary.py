"""From scored pieces to the figures that are printed: tables, aims, what the figures stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec
import numpy as np

from isocourse.skin.evaluation.camera import PLAIN
from isocourse.skin.evaluation.face_summary import Faces, RealFace, of_faces, of_portraits, of_sharp
from isocourse.skin.evaluation.faces import WholeFace
from isocourse.skin.evaluation.portraits import Portrait
from isocourse.skin.evaluation.scene import AREA_CM2, SIDE_MM, TONES
from isocourse.skin.evaluation.scoring import Mark, Picture, Piece, Repeat
from isocourse.skin.evaluation.shares import STRENGTHS, Change, change, share
from isocourse.skin.evaluation.shares import aimed as is_aimed
from isocourse.skin.frame import PX_PER_MM

FACE_CM2 = 200.0  # of the skin of a face, what one picture from the front shows
SIZES = ((0.0, 2.0), (2.0, 4.0), (4.0, 20.0))  # mm across
LIGHTS = ("exposure -0.7 EV", "exposure +0.3 EV", "white balance +15 %", "white balance -15 %")


class Cell(msgspec.Struct, frozen=True):
    """Recall of one kind, size, contrast (and tone, or every tone) over all pictures. None where there is no mark."""

    kind: str
    tone: str
    size: tuple[float, float]
    d_e: tuple[float, float]
    marks: int
    recall: float | None


class ByShot(msgspec.Struct, frozen=True):
    """One way of photographing: recall of the marks of the aims; false marks a face, and those that a comparison would
    call new; change of count beside the plain picture of the same face (mean, and mean of its size), median error of
    area."""

    shot: str
    recall: float | None
    false: float
    new: float
    clutter: float
    count_change: float
    count_drift: float
    area_error: float | None


class ByTone(msgspec.Struct, frozen=True):
    """One class of tone, over all pictures: recall of the marks of the aims, false marks a face, and those that a
    comparison would call new."""

    tone: str
    marks: int
    recall: float | None
    false: float
    new: float


class Colours(msgspec.Struct, frozen=True):
    """Skin's own colour by a chart of 200 to 240 px: delta E00 before, after (median, nine in ten), and how many
    charts were not used."""

    pictures: int
    not_used: int
    before: float
    after: float
    after_p90: float


class Aim(msgspec.Struct, frozen=True):
    """What was wanted and what came out. `met` is None where it was not measured."""

    name: str
    wanted: str
    value: float | None
    met: bool | None


class Evaluation(msgspec.Struct, frozen=True):
    """All figures, of generated skin but for `real` and `sharp`, which is all real faces together that were taken as
    they are; `faces` is the skin looked at, in faces of `FACE_CM2`."""

    px_per_mm: float
    pieces: int
    piece_mm: float
    faces: float
    marks: int
    pictures: int
    cells: tuple[Cell, ...]
    shots: tuple[ByShot, ...]
    tones: tuple[ByTone, ...]
    lightness: tuple[Cell, ...]
    area_off: float | None
    area_quartiles: tuple[float, float, float] | None
    area_within_error: float | None
    contrast_off: float | None
    contrast_bias: float | None
    right_kind: float | None
    wrong_kind: float | None
    changes: tuple[Change, ...]
    colours: Colours
    whole: Faces | None
    real: tuple[RealFace, ...]
    sharp: RealFace | None
    aims: tuple[Aim, ...]


def summarise(
    pieces: Sequence[Piece], faces: Sequence[WholeFace] = (), portraits: Sequence[Portrait] = ()
) -> Evaluation:
    """Raises ValueError without pieces."""
    if not pieces:
        raise ValueError("nothing was evaluated")
    marks = [mark for piece in pieces for mark in piece.marks]
    pictures = [picture for piece in pieces for picture in piece.pictures]
    aimed = [mark for mark in marks if is_aimed(mark)]
    found = [mark for mark in aimed if mark.area_ratio is not None]
    ratios = np.array([mark.area_ratio for mark in found], dtype=np.float64)
    errors = np.array([m.contrast_error for m in marks if m.contrast_error is not None], dtype=np.float64)
    kinds = [mark.kind == ("red" if mark.red else "brown") for mark in found if mark.kind != "uncertain"]
    shots = tuple(_shot(name, pieces) for name in _names(pictures))
    tones = tuple(_tone(tone, marks, pictures) for tone in TONES if any(mark.tone == tone for mark in marks))
    colours, whole, sharp = _colours(pieces), of_faces(faces) if faces else None, of_sharp(portraits)
    area_off = float(np.median(np.abs(ratios - 1))) if len(ratios) else None
    return Evaluation(
        px_per_mm=PX_PER_MM,
        pieces=len(pieces),
        piece_mm=SIDE_MM,
        faces=len(pieces) * AREA_CM2 / FACE_CM2,
        marks=sum(1 for mark in marks if mark.shot == PLAIN.name),
        pictures=len(pictures),
        cells=_cells(marks, (*(tone for tone in TONES), "every tone")),
        shots=shots,
        tones=tones,
        lightness=_cells([mark for piece in pieces for mark in piece.lightness], ("every tone",)),
        area_off=area_off,
        area_quartiles=_quartiles(ratios),
        area_within_error=share([mark.within_error is True for mark in found]),
        contrast_off=float(np.median(np.abs(errors))) if len(errors) else None,
        contrast_bias=float(np.median(errors)) if len(errors) else None,
        right_kind=share(kinds),
        wrong_kind=sum(1 for right in kinds if not right) / len(found) if found else None,
        changes=_changes(pieces),
        colours=colours,
        whole=whole,
        real=of_portraits(portraits),
        sharp=sharp,
        aims=_aims(aimed, pictures, shots, tones, area_off) + _aims_elsewhere(colours, whole) + _aims_of_real(sharp),
    )


def _colours(pieces: Sequence[Piece]) -> Colours:
    found = [piece.charted for piece in pieces]
    after = np.array([each.after for each in found])
    return Colours(
        pictures=len(found),
        not_used=sum(1 for each in found if each.rung != "chart"),
        before=float(np.median([each.before for each in found])),
        after=float(np.median(after)),
        after_p90=float(np.percentile(after, 90)),
    )


def _quartiles(ratios: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float, float] | None:
    if not len(ratios):
        return None
    low, middle, high = (float(v) for v in np.percentile(ratios, [25, 50, 75]))
    return low, middle, high


def _names(pictures: Iterable[Picture]) -> list[str]:
    return list(dict.fromkeys(picture.shot for picture in pictures))


def _a_face(total: int, pictures: int) -> float:
    return total / max(pictures, 1) * FACE_CM2 / AREA_CM2


def _cells(marks: Sequence[Mark], tones: Iterable[str]) -> tuple[Cell, ...]:
    def cell(kind: str, tone: str, size: tuple[float, float], strength: tuple[float, float]) -> Cell:
        those = [
            mark.found
            for mark in marks
            if mark.red == (kind == "red")
            and tone in (mark.tone, "every tone")
            and size[0] <= mark.diameter < size[1]
            and strength[0] <= mark.d_e < strength[1]
        ]
        return Cell(kind, tone, size, strength, len(those), share(those))

    return tuple(
        cell(kind, tone, size, strength)
        for kind in ("brown", "red")
        for tone in tones
        for size in SIZES
        for strength in STRENGTHS
    )


def _shot(name: str, pieces: Sequence[Piece]) -> ByShot:
    marks = [mark for piece in pieces for mark in piece.marks if mark.shot == name]
    pictures = [picture for piece in pieces for picture in piece.pictures if picture.shot == name]
    ratios = [mark.area_ratio for mark in marks if is_aimed(mark) and mark.area_ratio is not None]
    counts, usual = _counts(pieces, name), _counts(pieces, PLAIN.name)
    changes = [counts[face] / usual[face] - 1 for face in counts if usual.get(face)]
    return ByShot(
        shot=name,
        recall=share([mark.found for mark in marks if is_aimed(mark)]),
        false=_a_face(sum(picture.false for picture in pictures), len(pictures)),
        new=_a_face(sum(picture.new for picture in pictures), len(pictures)),
        clutter=_a_face(sum(picture.clutter for picture in pictures), len(pictures)),
        count_change=float(np.mean(changes)) if changes else 0.0,
        count_drift=float(np.mean(np.abs(changes))) if changes else 0.0,
        area_error=float(np.median(np.abs(np.array(ratios) - 1))) if ratios else None,
    )


def _faces(pieces: Sequence[Piece]) -> dict[tuple[str, int], list[Piece]]:
    """As many pieces of one tone together as a face has; the last of a tone may have fewer."""
    found: dict[tuple[str, int], list[Piece]] = {}
    for piece in pieces:
        found.setdefault((piece.tone, piece.seed // round(FACE_CM2 / AREA_CM2)), []).append(piece)
    return found


def _counts(pieces: Sequence[Piece], shot: str) -> dict[tuple[str, int], int]:
    """Of every face."""
    return {
        face: sum(picture.count for piece in own for picture in piece.pictures if picture.shot == shot)
        for face, own in _faces(pieces).items()
    }


def _tone(tone: str, marks: Sequence[Mark], pictures: Sequence[Picture]) -> ByTone:
    those = [mark.found for mark in marks if mark.tone == tone and is_aimed(mark)]
    seen = [picture for picture in pictures if picture.tone == tone]
    false, new = sum(picture.false for picture in seen), sum(picture.new for picture in seen)
    return ByTone(tone, len(those), share(those), _a_face(false, len(seen)), _a_face(new, len(seen)))


def _changes(pieces: Sequence[Piece]) -> tuple[Change, ...]:
    """From the repeats of each face; none with fewer than two faces."""
    faces = _faces(pieces)
    if len(faces) < 2:
        return ()
    share = FACE_CM2 / AREA_CM2

    def of_repeats(what: str, unit: str, of: Callable[[Repeat], float]) -> Change:
        table = [
            [
                share * sum(of(repeat) for repeat in column) / len(own)
                for column in zip(*(p.repeats for p in own), strict=True)
            ]
            for own in faces.values()
        ]
        return change(what, unit, table)

    return (
        of_repeats("marks", "", lambda repeat: repeat.count),
        of_repeats("brown area", "mm2", lambda repeat: repeat.brown_area),
        of_repeats("red area", "mm2", lambda repeat: repeat.red_area),
        of_repeats("burden", "mm2 L*", lambda repeat: repeat.burden),
    )


def _aims(
    aimed: Sequence[Mark],
    pictures: Sequence[Picture],
    shots: Sequence[ByShot],
    tones: Sequence[ByTone],
    area_off: float | None,
) -> tuple[Aim, ...]:
    brown = share([mark.found for mark in aimed if not mark.red])
    red = share([mark.found for mark in aimed if mark.red])
    false = _a_face(sum(picture.false for picture in pictures), len(pictures))
    drifts = [shot.count_drift for shot in shots if shot.shot in LIGHTS]
    drift = max(drifts) if drifts else None
    recalls = [tone.recall for tone in tones if tone.recall is not None]
    gap = max(recalls) - min(recalls) if len(recalls) > 1 else None
    return (
        _aim("recall of brown marks of 2 mm and delta E 6 or more", ">= 0.9", brown, lambda v: v >= 0.9),
        _aim("recall of red marks of 2 mm and delta E 6 or more", ">= 0.9", red, lambda v: v >= 0.9),
        _aim("false marks a face", "<= 1", false, lambda v: v <= 1),
        _aim("median error of area", "<= 0.10", area_off, lambda v: v <= 0.10),
        _aim("largest mean drift of the count over exposure and white balance", "<= 0.08", drift, lambda v: v <= 0.08),
        _aim("recall of the best tone less that of the worst", "<= 0.1", gap, lambda v: v <= 0.1),
    )


def _aim(name: str, wanted: str, value: float | None, met: Callable[[float], bool]) -> Aim:
    return Aim(name, wanted, value, None if value is None else met(value))


def _aims_elsewhere(colours: Colours, whole: Faces | None) -> tuple[Aim, ...]:
    median, p90 = (whole.off_median, whole.off_p90) if whole is not None else (None, None)
    false, changes = (whole.false, whole.changes) if whole is not None else (None, ())
    noise = next((change.part for change in changes if change.what == "burden of dark spots"), None)
    return (
        _aim("false marks on a whole face", "<= 1", false, lambda v: v <= 1),
        _aim("smallest change of the burden of dark spots on it, of its mean", "<= 0.4", noise, lambda v: v <= 0.4),
        _aim("registration error on whole faces, median", "<= 0.3 px", median, lambda v: v <= 0.3),
        _aim("registration error on whole faces, nine in ten", "<= 1.5 px", p90, lambda v: v <= 1.5),
        _aim("skin delta E00 after a chart of 200 px, median", "<= 1", colours.after, lambda v: v <= 1),
    )


def _aims_of_real(sharp: RealFace | None) -> tuple[Aim, ...]:
    if sharp is None:
        return ()
    return (
        _aim("recall of such brown marks on real faces", ">= 0.9", sharp.brown_recall, lambda v: v >= 0.9),
        _aim("recall of such red marks on real faces", ">= 0.9", sharp.red_recall, lambda v: v >= 0.9),
        _aim("false marks on a real face that a comparison would call new", "<= 1", sharp.new, lambda v: v <= 1),
        _aim("median error of area on real faces", "<= 0.10", sharp.area_off, lambda v: v <= 0.10),
    )
