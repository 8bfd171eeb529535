"""`isocourse skin evaluate`: how well marks are found on generated skin. No photograph is read, nothing is kept."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Annotated

import typer

from isocourse.doors.cli.options import Format, Output, in_one_message
from isocourse.doors.cli.printing import console, print_lines

if TYPE_CHECKING:
    from isocourse.skin.colour import ToneClass
    from isocourse.skin.evaluation.scoring import Piece

_SMALL, _FULL = 2, 8  # pieces of every tone


@in_one_message
def evaluate(
    full: Annotated[bool, typer.Option("--full", help="Four times as much skin.")] = False,
    pieces: Annotated[
        int | None, typer.Option("--pieces", min=1, max=200, help="Pieces of skin of every tone (two are a face).")
    ] = None,
    processes: Annotated[int | None, typer.Option("--processes", min=1, help="Default: one for each core.")] = None,
    output: Output = Format.TEXT,
) -> None:
    """Marks of known place, size and contrast on generated skin of six tones: what is found and what is not."""
    from rich.progress import track

    from isocourse.skin.evaluation.scene import TONES
    from isocourse.skin.evaluation.summary import summarise
    from isocourse.words.skin_evaluation import evaluation_json, evaluation_lines

    seeds = range(pieces or (_FULL if full else _SMALL))
    wanted = [(tone, seed) for seed in seeds for tone in TONES]
    with ProcessPoolExecutor(processes) as pool:
        scored = pool.map(_score, wanted)
        done = list(track(scored, "Looking", total=len(wanted), console=console(error=True), transient=True))
    found = summarise(done)
    if output is Format.JSON:
        sys.stdout.write(evaluation_json(found).decode() + "\n")
    else:
        print_lines(evaluation_lines(found))


def _score(wanted: tuple[ToneClass, int]) -> Piece:
    from isocourse.skin.evaluation.scoring import score_piece

    return score_piece(*wanted)
