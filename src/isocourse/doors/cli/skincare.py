"""`isocourse skincare`: what the ingredients of a product mean during a course. Nothing is kept."""

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

skincare_app = typer.Typer(no_args_is_help=True, help="Skin care: what a product's ingredients mean during a course.")
LARGEST_BYTES = 200_000
ListPath = Annotated[
    Path, typer.Argument(help="A text file with the list of ingredients as it stands; - reads what is piped in.")
]
Kind = Annotated[
    str,
    typer.Option(
        "--kind",
        help="cleanser, moisturiser, sunscreen, toner, exfoliant, lip, make-up, serum, treatment, shampoo, body.",
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

    checked = check(_read(file), kind=kind, market=market)
    if output is Format.JSON:
        sys.stdout.write(json.dumps(as_data(checked, shipped()), indent=2, ensure_ascii=False) + "\n")
    else:
        print_lines(lines(checked, shipped()))


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
