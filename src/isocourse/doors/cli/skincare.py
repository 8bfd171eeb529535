"""`isocourse skincare`: what a product's ingredients mean during a course (the routine is in `skincare_routine`).
Nothing is kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from isocourse.doors.cli.files import read_bytes
from isocourse.doors.cli.options import Format, Output, in_one_message
from isocourse.doors.cli.printing import print_lines
from isocourse.errors import InputError

skincare_app = typer.Typer(no_args_is_help=True, help="Skin care: the routine of a person; a product's ingredients.")
LARGEST_BYTES = 200_000
ListPath = Annotated[
    Path, typer.Argument(help="A text file with the list of ingredients as it stands; - reads what is piped in.")
]
Kind = Annotated[
    str,
    typer.Option(
        "--kind",
        help="cleanser, moisturiser, sunscreen, toner, exfoliant, scrub, mask, lip, make-up, serum, oil, treatment, "
        "shampoo, body, other.",
    ),
]
Market = Annotated[str, typer.Option("--market", help="us, eu or uk: whose limits of UV filters to tell.")]


@skincare_app.command("check")
@in_one_message
def check_list(file: ListPath = Path("-"), kind: Kind = "", market: Market = "", output: Output = Format.TEXT) -> None:
    """Use, take care or avoid, for each ingredient of a list and for the product."""
    from isocourse.skincare.judge import check
    from isocourse.skincare.table import shipped
    from isocourse.words.ingredient_check import as_data, lines

    checked = check(_read(file), kind=_kind(kind), market=market)
    if output is Format.JSON:
        sys.stdout.write(json.dumps(as_data(checked, shipped()), indent=2, ensure_ascii=False) + "\n")
    else:
        print_lines(lines(checked, shipped()))


@skincare_app.command("compare")
@in_one_message
def compare_lists(
    first: Annotated[Path, typer.Argument(help="A text file with a list of ingredients.", metavar="A")],
    second: Annotated[Path, typer.Argument(help="Another one.", metavar="B")],
    kind: Kind = "",
    market: Market = "",
    output: Output = Format.TEXT,
) -> None:
    """Which of two products asks less of the skin during the course, and what each has that the other has not."""
    from isocourse.skincare.compare import compare
    from isocourse.skincare.judge import check
    from isocourse.skincare.table import shipped
    from isocourse.words.ingredient_compare import compared_data, compared_lines

    found = compare(*(check(_read(file), kind=_kind(kind), market=market) for file in (first, second)))
    if output is Format.JSON:
        sys.stdout.write(json.dumps(compared_data(found, shipped()), indent=2, ensure_ascii=False) + "\n")
    else:
        print_lines(compared_lines(found, (first.name, second.name)))


def _kind(typed: str) -> str:
    return typed.strip().lower().replace("-", "_")


def _read(file: Path) -> str:
    """The text of a file or of what is piped in. Raises InputError when it is none."""
    source = sys.stdin.buffer.read(LARGEST_BYTES + 1) if str(file) == "-" else read_bytes(file, most=LARGEST_BYTES)
    where = "what was piped in" if str(file) == "-" else str(file)
    if len(source) > LARGEST_BYTES:
        raise InputError("the text is too long for one list", where=where, mend="give one product's list")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("this is not UTF-8 text", where=where, mend="save the list as plain text (UTF-8)") from None
