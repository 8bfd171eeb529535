"""`isocourse skin`: scores on the clinician's scales; `main.py` adds what is done with photographs. Nothing is kept."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated

import typer

from isocourse.doors.cli.options import Format, Output, in_one_message
from isocourse.doors.cli.printing import print_lines
from isocourse.errors import InputError

skin_app = typer.Typer(no_args_is_help=True, help="The skin: scores on the scales of the clinician; photographs.")
_UNKNOWN = frozenset({"", "?", "unknown"})
ScaleName = Annotated[str, typer.Argument(help="A scale; `isocourse skin scales` lists them.", metavar="SCALE")]


@skin_app.command("scales")
@in_one_message
def scales() -> None:
    """Every scale with its items and what each may be."""
    from isocourse.words.skin_scores import list_lines

    print_lines(list_lines())


@skin_app.command("score")
@in_one_message
def score(
    scale: ScaleName,
    items: Annotated[
        list[str] | None,
        typer.Option("--items", help="name=number, several with commas; ? where unknown.", metavar="ITEMS"),
    ] = None,
    output: Output = Format.TEXT,
) -> None:
    """The total of a scale from its items, with its band; exit code 1 while an item is missing."""
    from isocourse.skin.scales import score as reckon
    from isocourse.skin.scales.library import scale_named
    from isocourse.words.skin_scores import score_json, score_lines

    found = reckon.score(scale_named(scale), given(items or ()))
    if output is Format.JSON:
        sys.stdout.write(score_json(found).decode() + "\n")
    else:
        print_lines(score_lines(found))
    if found.total is None:
        raise typer.Exit(1)


@skin_app.command("change")
@in_one_message
def change(
    scale: ScaleName,
    before: Annotated[str, typer.Argument(help="The earlier total.", metavar="BEFORE")],
    after: Annotated[str, typer.Argument(help="The later total.", metavar="AFTER")],
    output: Output = Format.TEXT,
) -> None:
    """Whether a change of a total is more than noise, and whether it matters; never why."""
    from isocourse.record.skin_scores import outside
    from isocourse.skin.scales.library import scale_named
    from isocourse.words.skin_scores import change_json, change_lines

    chosen = scale_named(scale)
    totals = [_number(text, where) for text, where in ((before, "BEFORE"), (after, "AFTER"))]
    for total, where in zip(totals, ("BEFORE", "AFTER"), strict=True):
        if wrong := outside(chosen.name, total):
            raise InputError(wrong, where=where)
    first, last = map(Fraction, totals)
    if output is Format.JSON:
        sys.stdout.write(change_json(chosen, first, last).decode() + "\n")
    else:
        print_lines(change_lines(chosen, first, last))


def given(items: Iterable[str]) -> dict[str, Decimal | None]:
    """The items as typed: "a=1,b=2". Raises InputError for a name that stands twice, or something that is no number."""
    found: dict[str, Decimal | None] = {}
    for part in (part.strip() for text in items for part in text.split(",")):
        name, sign, number = (each.strip() for each in part.partition("="))
        if not sign or not name:
            raise InputError(f"{part[:40]!r} is not an item", where="--items", mend="--items forehead=2,nose=1")
        if name in found:
            raise InputError(f"{name[:40]} stands twice", where="--items", mend="leave one of the two out")
        found[name] = None if number in _UNKNOWN else _number(number, f"--items {name[:40]}")
    return found


def _number(text: str, where: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > 10**9:
        raise InputError(f"{text[:20]!r} is not a number", where=where, mend="write digits, with a point for decimals")
    return number
