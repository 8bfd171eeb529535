"""Reading plain names out of free text: words without accents, and the known names among them. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container

_APOSTROPHES = dict.fromkeys(map(ord, "'`\u2019\u02bc\u00b4"))


def plain_words(text: str) -> list[str]:
    """Lower case, without accents and apostrophes, at everything that is no letter or digit cut apart."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    kept = (char for char in plain if not unicodedata.combining(char))
    return "".join(char if char.isalnum() else " " for char in kept).split()


def names_in(
    words: list[str], names: Container[str], *, longest: int, says_nothing: Callable[[str], bool]
) -> tuple[list[str], bool]:
    """The known names among the words, the longest first at each place (`longest` in words), and whether a word was
    left over that says something."""
    found: list[str] = []
    left_over, at = False, 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            if phrase in names:
                found.append(phrase)
                at += length
                break
        else:
            left_over = left_over or not says_nothing(words[at])
            at += 1
    return found, left_over
