"""How an ingredient's name is spelled, made comparable: one key for every way of writing the same name.

A key keeps letters and digits only, so case, spaces, hyphens, line wraps, dots and marks say nothing. It is compared
whole: no part of a name is ever looked for inside another ("alcohol" is not in "cetyl alcohol").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ω": "omega"}
_GREEK_PREFIX = re.compile(r"(?<![^\W\d_])([αβγδω])(?=[\s-]?[^\W\d_]{3})")
# Letters of other alphabets that look like Latin ones, as a copied or recognised text has them.
_LOOKALIKES = str.maketrans(
    "авсԁеһіјкмнпорԛгѕтухԝзαεικνορτυχ",
    "abcdehijkmhnopqrstyxw3aeiknoptux",
)  # fmt: skip
_LATIN = re.compile(r"[a-z]")
_WORD = re.compile(r"[^\W_]+")
# British and American spelling of the same name, and words that a law writes in full.
_SPELLINGS = (
    ("sulph", "sulf"),
    ("aluminium", "aluminum"),
    ("hydrolysed", "hydrolyzed"),
    ("glycerine", "glycerin"),
    ("colour", "color"),
    ("oestr", "estr"),
    ("caesium", "cesium"),
)
# What a scanned or photographed list confuses, each folded to one letter. Longer ones first.
_CONFUSED = (
    ("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("j", "l"), ("5", "s"), ("8", "b"),
)  # fmt: skip


@lru_cache(maxsize=8192)
def key(name: str) -> str:
    """The name without case, accents, spaces and marks; "" when nothing is left."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    folded = _GREEK_PREFIX.sub(lambda found: _GREEK[found[1]], folded)
    folded = _WORD.sub(_latin_word, folded)
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", folded) if letter.isalnum())
    for written, kept in _SPELLINGS:
        bare = bare.replace(written, kept)
    return bare


def _latin_word(found: re.Match[str]) -> str:
    """A word that mixes alphabets is a Latin word with lookalikes in it; one that does not stays as it is."""
    word = found[0]
    if word.isascii():
        return word
    return word.translate(_LOOKALIKES) if _LATIN.search(word) else word


@lru_cache(maxsize=8192)
def folded(bare: str) -> str:
    """A key with every letter that a scan confuses folded onto its twin."""
    for seen, meant in _CONFUSED:
        bare = bare.replace(seen, meant)
    return bare


def digits(bare: str) -> str:
    """The digits of a key, in order: Ceteareth-20 is no slip of Ceteareth-25."""
    return "".join(letter for letter in bare if letter.isdigit())


def apart(one: str, other: str, most: int) -> int:
    """How many letters have to be put in, left out, changed or swapped; `most + 1` where it is more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, last, row = row, before, [at] + [0] * len(other)
        for to, wanted in enumerate(other, start=1):
            row[to] = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if last and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                row[to] = min(row[to], last[to - 2] + 1)
        if min(row) > most and (not before or min(before) > most):
            return most + 1
    return min(row[-1], most + 1)
