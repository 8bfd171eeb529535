"""Printing: roles of lines become colour and weight; nothing is said by colour alone."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from isocourse.words.answer import Answer
from isocourse.words.page import Line, page

_STYLES = {
    "headline": "bold",
    "stop": "bold red",
    "good": "bold green",
    "section": "bold underline",
    "quiet": "dim",
}
WIDTH = 110


def console(*, error: bool = False) -> Console:
    """A console that never wraps mid-word, never interprets patient text as markup, and is readable in a pipe."""
    made = Console(stderr=error, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made.width = WIDTH
    return made


def say(text: str, *, error: bool = False) -> None:
    """One message, plain."""
    stream = sys.stderr if error else sys.stdout
    stream.write(text + "\n")
    stream.flush()  # an address that waits in a buffer is no help to who started a server


def print_lines(lines: Iterable[Line]) -> None:
    """Lines with their roles."""
    out = console()
    for line in lines:
        if line.role == "section":
            out.print()
        hang = 2 if line.text[:2] in ("- ", "! ", "? ") else 4 if line.text.startswith("[ ]") else 0
        text = Text(line.text, style=_STYLES.get(line.role, ""), overflow="fold")
        width = min(out.width, WIDTH) - 2 * line.indent
        wrapped = text.wrap(out, max(width - hang, 30))
        for index, part in enumerate(wrapped):
            out.print(Padding(part, (0, 0, 0, 2 * line.indent + (hang if index else 0)), expand=False))


def print_answer(answer: Answer, *, now: datetime | None = None) -> None:
    """An answer as a page."""
    print_lines(page(answer, now=now))
