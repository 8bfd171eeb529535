"""The evaluation of the detector in words: tables for reading, which docs/skin-evaluation.md holds as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from isocourse.skin.evaluation.face_summary import Faces, RealFace
from isocourse.skin.evaluation.shares import STRENGTHS, Change
from isocourse.skin.evaluation.summary import SIZES, Aim, Cell, Colours, Evaluation
from isocourse.words.page import Line

_SAYS = (
    "All skin here is generated but for the real faces at the end, so equity between tones is measured on generated "
    "skin, and nothing here was compared with a dermatologist. Contrast is CIE 1976 delta E on even skin; marks are "
    "found where outline and truth share 0.3 of what both cover. False is what is no mark and was not found without "
    "the marks; new is what of it a comparison of the two pictures would call new."
)
_REAL_SAYS = (
    "A small portrait in the public domain: its pores are lost, the grain of its camera is as wide as marks are, and "
    "the edges of the eyes are drawn. One face of one tone is no sample."
)


def evaluation_json(found: Evaluation) -> bytes:
    """All figures."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2)


def evaluation_lines(found: Evaluation) -> Iterator[Line]:
    """The page to read."""
    yield Line("headline", 0, "Marks on generated skin")
    yield _detail(
        f"{found.pieces} pieces of {found.piece_mm:.0f} mm square ({found.faces:g} faces of 200 cm2), {found.marks} "
        f"marks, {found.pictures} pairs of pictures, {found.px_per_mm:g} px/mm.",
        depth=0,
    )
    yield Line("quiet", 0, _SAYS)
    yield Line("section", 0, "Aims")
    for aim in found.aims:
        yield Line({True: "good", False: "stop", None: "quiet"}[aim.met], 1, _aim(aim))
    yield Line("section", 0, "Recall by kind, size (mm) and contrast, over all ways of photographing")
    yield from _recalls(found.cells, "every tone")
    yield Line("section", 0, "The same marks looked for in lightness alone, plain pictures")
    yield from _recalls(found.lightness, "every tone")
    yield Line("section", 0, "By tone: recall of the marks of the aims; a face: false marks, of them called new")
    yield from _table([("", "marks", "recall", "false", "new"), *(
        (tone.tone, str(tone.marks), _part(tone.recall), f"{tone.false:.2f}", f"{tone.new:.2f}") for tone in found.tones
    )])  # fmt: skip
    yield Line("section", 0, "By way of photographing: clutter is what is found on skin without marks, a face")
    yield from _table([
        ("", "recall", "false", "new", "clutter", "count", "drift", "area off"),
        *(
            (shot.shot, _part(shot.recall), f"{shot.false:.2f}", f"{shot.new:.2f}", f"{shot.clutter:.2f}",
             f"{shot.count_change:+.1%}", f"{shot.count_drift:.1%}", _part(shot.area_error))
            for shot in found.shots
        ),
    ])  # fmt: skip
    yield Line("section", 0, "Area, contrast and kind of the marks of the aims that were found")
    yield from _errors(found)
    yield Line("section", 0, "Smallest detectable change of one face between two pictures (95 %)")
    yield from _changes(found.changes)
    yield from _colours(found.colours)
    if found.whole is not None:
        yield from _faces(found.whole)
    for real in found.real:
        if real.times > 1:
            yield from _enlarged(real)
    yield from _as_they_are([real for real in found.real if real.times == 1], found.sharp)
    yield Line("section", 0, "Recall by tone (marks)")
    for kind in ("brown", "red"):
        for tone in (each.tone for each in found.tones):
            yield _detail(tone, depth=0)
            yield from _recalls([cell for cell in found.cells if cell.kind == kind], tone)


def _changes(changes: Sequence[Change]) -> Iterator[Line]:
    yield from _table([("", "mean", "change", "of the mean"), *(
        (f"{each.what} ({each.unit})" if each.unit else each.what, _number(each.mean), _number(each.sdc),
         "-" if each.part is None else f"{each.part:.0%}")
        for each in changes
    )])  # fmt: skip


def _colours(found: Colours) -> Iterator[Line]:
    yield Line("section", 0, "Skin's own colour by a chart of 200 to 240 px, delta E00")
    yield _detail(
        f"{found.pictures} pictures: {found.before:.1f} before; after it median {found.after:.2f}, nine in ten under "
        f"{found.after_p90:.2f}; charts not used: {found.not_used}"
    )


def _faces(found: Faces) -> Iterator[Line]:
    yield Line("section", 0, "Whole faces, through the whole measurement")
    yield _detail(
        f"{found.faces} faces, {found.refused} not measured; recall of {found.marks} marks of the aims: brown "
        f"{_part(found.brown_recall)}, red {_part(found.red_recall)}"
    )
    yield _detail(
        f"a face: false marks {found.false:.2f}, of them called new {found.new:.2f}; "
        f"found without marks {found.clutter:.2f}"
    )
    yield _detail(
        f"area over what the picture shows {_part(found.area_seen)}, off by {_part(found.area_off)}; over that of the "
        f"skin, which the camera sees foreshortened, {_part(found.area_of_skin)}"
    )
    yield _detail(
        f"registration, px: median {_part(found.off_median)}, nine in ten under {_part(found.off_p90)}; pairs not laid "
        f"on each other: {found.not_laid}"
    )
    yield Line("section", 0, "Smallest detectable change between two photographs of a whole face (95 %)")
    yield from _changes(found.changes)


def _enlarged(found: RealFace) -> Iterator[Line]:
    grain = f", smoothed by {found.smoothed:g} of its pixels" if found.smoothed else ""
    name = f" ({found.name})" if found.name else ""
    yield Line("section", 0, f"One real face{name}, enlarged {found.times} times{grain}, through the whole measurement")
    if not found.smoothed:
        yield _detail(_REAL_SAYS)
    yield _detail(
        f"{found.sets} sets of marks, {found.refused} not measured; recall of {found.marks} marks of the aims: brown "
        f"{_part(found.brown_recall)}, red {_part(found.red_recall)}"
    )
    yield _detail(
        f"of those under delta E 10 {_part(found.weak_recall)}, of those from 10 on {_part(found.strong_recall)}"
    )
    yield _detail(
        f"a picture: false marks {found.false:.2f}, of them called new {found.new:.2f}; found on the face as it is "
        f"{found.clutter:.2f}; area off by {_part(found.area_off)}; right kind where one was said: "
        f"{_part(found.right_kind)}"
    )


def _as_they_are(faces: Sequence[RealFace], together: RealFace | None) -> Iterator[Line]:
    if not faces:
        return
    yield Line("section", 0, "Real faces as they were photographed, marks drawn on them, through the whole measurement")
    yield _detail(
        "Recall of the marks of the aims; a picture: false marks, of them called new, and what is found on the face as "
        "it is, its own marks included."
    )
    rows = [*(each for each in faces if each.refused < each.sets), *([together] if together is not None else [])]
    yield from _table([
        ("", "marks", "brown", "red", "dE < 10", "dE >= 10", "false", "new", "as it is", "area off", "right kind"),
        *(
            (each.name, str(each.marks), _part(each.brown_recall), _part(each.red_recall), _part(each.weak_recall),
             _part(each.strong_recall), f"{each.false:.2f}", f"{each.new:.2f}", f"{each.clutter:.2f}",
             _part(each.area_off), _part(each.right_kind))
            for each in rows
        ),
    ])  # fmt: skip
    for each in faces:
        if each.refused:
            yield _detail(f"{each.name}: {each.refused} of {each.sets} not measured. {each.why}")


def _number(value: float) -> str:
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def _detail(text: str, *, depth: int = 1) -> Line:
    return Line("detail", depth, text)


def _aim(aim: Aim) -> str:
    value = "not measured" if aim.value is None else f"{aim.value:.3f}"
    verdict = {True: "met", False: "MISSED", None: "-"}[aim.met]
    return f"{verdict:<7} {aim.name}: {value} (wanted {aim.wanted})"


def _errors(found: Evaluation) -> Iterator[Line]:
    if found.area_quartiles is not None:
        low, middle, high = found.area_quartiles
        yield _detail(
            f"area over truth: {middle:.2f} (quartiles {low:.2f} to {high:.2f}), off by {_part(found.area_off)}"
        )
        yield _detail(f"area within two of its own errors: {_part(found.area_within_error)}")
    if found.contrast_off is not None:
        yield _detail(f"contrast (delta E00) off by {found.contrast_off:.2f}, bias {found.contrast_bias or 0:+.2f}")
    yield _detail(
        f"right kind where one was said: {_part(found.right_kind)}; wrong kind of all: {_part(found.wrong_kind)}"
    )


def _recalls(cells: Sequence[Cell], tone: str) -> Iterator[Line]:
    rows = [("", *(f"dE {low:g}-{high:g}" for low, high in STRENGTHS))]
    for kind in dict.fromkeys(cell.kind for cell in cells):
        for size in SIZES:
            own = {c.d_e: c for c in cells if c.kind == kind and c.tone == tone and c.size == size}
            rows.append((f"{kind} {size[0]:g}-{size[1]:g} mm", *(_recall(own[strength]) for strength in STRENGTHS)))
    yield from _table(rows)


def _recall(cell: Cell) -> str:
    return "-" if cell.recall is None else f"{cell.recall:.2f} ({cell.marks})"


def _part(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[Line]:
    first = max(len(row[0]) for row in rows)
    for row in rows:
        yield _detail((row[0].ljust(first) + "".join(cell.rjust(14) for cell in row[1:])).rstrip())
