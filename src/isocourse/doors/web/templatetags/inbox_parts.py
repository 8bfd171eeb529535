"""Parts of lists that the inbox's templates show apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template

register = template.Library()
MOST_OF_SOURCE = 200_000
Lines = Iterable[Mapping[str, str]]


@register.filter
def questions(lines: Lines) -> list[Mapping[str, str]]:
    """What a person has to look at."""
    return [line for line in lines if line["sort"] == "question"]


@register.filter
def others(lines: Lines) -> list[Mapping[str, str]]:
    """The rest of what was not read, or only in part."""
    return [line for line in lines if line["sort"] != "question" and not line.get("by_hand")]


@register.filter
def remarks(lines: Lines) -> list[Mapping[str, str]]:
    """What the laboratory wrote for people."""
    return [line for line in lines if line.get("by_hand")]


@register.filter
def readable(source: str) -> str:
    """A report for reading: every segment on its own line, framing left out, and not more than a page can hold."""
    plain = source.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "").replace("\x1c", "")
    return plain if len(plain) <= MOST_OF_SOURCE else f"{plain[:MOST_OF_SOURCE]}\n…"


@register.filter
def length_with(one: list[object], other: list[object]) -> int:
    """How many there are in both."""
    return len(one) + len(other)
