"""A sentence as a pattern with its parts, so that a page can put both into its own language.

`Word` marks a part that has a translation (a code in words); every other part is a number or what somebody typed, and
is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from isocourse.record.terminology import words_for

Say = Callable[[str], str]  # puts a sentence of ours into another language


class Word(str):
    """Words of ours inside a sentence."""

    __slots__ = ()


class Sentence(NamedTuple):
    """A pattern such as "Weight {0} {1}" and what stands in it. A tuple among the parts is a list: a, b, c."""

    pattern: str
    parts: tuple[object, ...] = ()

    def __str__(self) -> str:
        return told(self)


def said(pattern: str, *parts: object) -> Sentence:
    """A sentence from its pattern."""
    return Sentence(pattern, parts)


def word(code: str) -> Word:
    """One of our codes in words."""
    return Word(words_for(code))


def words(codes: Iterable[str]) -> tuple[Word, ...]:
    """Several codes in words."""
    return tuple(word(code) for code in codes)


def told(part: object, say: Say = str) -> str:
    """A sentence, word or list as text; `say` puts our own words into another language."""
    if isinstance(part, Sentence):
        pattern = say(part.pattern) if part.pattern else ""
        return pattern.format(*(told(each, say) for each in part.parts))
    if isinstance(part, tuple):
        return ", ".join(told(each, say) for each in part)
    return say(part) if isinstance(part, Word) and part else str(part)
