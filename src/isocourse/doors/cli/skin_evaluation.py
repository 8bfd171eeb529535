"""`isocourse skin evaluate`: how well marks are found on generated skin, on one face in the public domain that comes
with a library for development, and on photographs that one has. Nothing is kept."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from isocourse.doors.cli.options import Format, Output, in_one_message
from isocourse.doors.cli.printing import console, print_lines, say

if TYPE_CHECKING:
    from isocourse.skin.colour import ToneClass
    from isocourse.skin.evaluation.faces import WholeFace
    from isocourse.skin.evaluation.portraits import Portrait
    from isocourse.skin.evaluation.scoring import Piece

_SMALL, _FULL = 2, 8  # pieces of every tone
_SETS = 8  # of marks on the real face
_SMOOTHED = (0.0, 1.0)  # of its pixels: as it is, and without the grain of its camera
_SETS_OF_FILE = 3


@in_one_message
def evaluate(
    full: Annotated[bool, typer.Option("--full", help="Four times as much skin.")] = False,
    pieces: Annotated[
        int | None, typer.Option("--pieces", min=1, max=200, help="Pieces of skin of every tone (two are a face).")
    ] = None,
    faces: Annotated[
        int | None,
        typer.Option("--faces", min=0, max=100, help="Whole faces of every tone. Default: one for two pieces of skin."),
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Plain pictures, no whole faces and no real one, for a first look.")
    ] = False,
    portrait: Annotated[
        list[Path] | None,
        typer.Option(
            "--portrait",
            help="A photograph of one real face, or a folder of them: marks are drawn on it and looked for.",
        ),
    ] = None,
    processes: Annotated[int | None, typer.Option("--processes", min=1, help="Default: one for each core.")] = None,
    output: Output = Format.TEXT,
) -> None:
    """Marks of known place, size and contrast on generated skin of six tones: what is found and what is not."""
    from rich.progress import track

    from isocourse.skin.evaluation.scene import TONES
    from isocourse.skin.evaluation.summary import summarise
    from isocourse.words.skin_evaluation import evaluation_json, evaluation_lines

    many = pieces or (_FULL if full else _SMALL)
    people = (0 if plain else max(many // 2, 1)) if faces is None else faces
    wanted = [(tone, seed, plain) for seed in range(many) for tone in TONES]
    whole = [(tone, seed) for seed in range(people) for tone in TONES]
    sets = [*([] if plain else _sets()), *_given(portrait or [])]
    # Not forked: OpenCV's threads do not survive that.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        looks, scored, real = pool.map(_score_face, whole), pool.map(_score, wanted), pool.map(_score_portrait, sets)
        bar = partial(track, console=console(error=True), transient=True)
        faces_done = list(bar(looks, "Whole faces", total=len(whole)))
        done = list(bar(scored, "Pieces of skin", total=len(wanted)))
        portraits = list(bar(real, "Real faces", total=len(sets)))
    found = summarise(done, faces_done, portraits)
    if output is Format.JSON:
        sys.stdout.write(evaluation_json(found).decode() + "\n")
    else:
        print_lines(evaluation_lines(found))


class _Set(NamedTuple):
    """Marks to draw on a real face: the astronaut, or the photograph in a file."""

    seed: int
    smoothed: float = 0.0
    path: Path | None = None


def _sets() -> list[_Set]:
    """Those of the astronaut, as it is and smoothed; none where it is not installed."""
    if find_spec("skimage") is not None:
        return [_Set(seed, smoothed) for smoothed in _SMOOTHED for seed in range(_SETS)]
    say("Without scikit-image there is no real face here: that part is left out.", error=True)
    return []


def _given(paths: list[Path]) -> list[_Set]:
    from isocourse.doors.cli.skin_files import photographs_in

    return [_Set(seed, path=path) for path in (photographs_in(paths) if paths else []) for seed in range(_SETS_OF_FILE)]


def _score(wanted: tuple[ToneClass, int, bool]) -> Piece:
    from isocourse.skin.evaluation.camera import PLAIN, SHOTS
    from isocourse.skin.evaluation.scoring import score_piece

    tone, seed, plain = wanted
    return score_piece(tone, seed, shots=(PLAIN,) if plain else SHOTS)


def _score_face(wanted: tuple[ToneClass, int]) -> WholeFace:
    from isocourse.doors.cli.skin_files import finder
    from isocourse.simulate.faces.evaluated import generated_face
    from isocourse.skin.evaluation.faces import score_face

    tone, seed = wanted
    return score_face(generated_face(tone, seed), finder())


def _score_portrait(wanted: _Set) -> Portrait:
    import numpy as np

    from isocourse.doors.cli.files import read_bytes
    from isocourse.doors.cli.skin_files import finder, one_line
    from isocourse.errors import InputError
    from isocourse.skin.evaluation.portraits import Portrait, score_portrait
    from isocourse.skin.picture import decode

    if wanted.path is None:
        from skimage import data

        return score_portrait(np.asarray(data.astronaut()), wanted.seed, finder(), smoothed=wanted.smoothed)
    name = wanted.path.name
    try:
        picture = decode(read_bytes(wanted.path)).rgb
    except InputError as error:
        return Portrait(refused=one_line(error), name=name)
    return score_portrait(picture, wanted.seed, finder(), name=name)
