"""A pasted list taken apart: sections, pieces between separators, marks and brackets. No name is known here.

What stands in a part that holds no ingredients (directions, "free from ...", footnotes) is set aside and told, never
dropped. Brackets that hold a list of their own come after what they belong to and share its position.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from isocourse.errors import InputError

LONGEST = 20_000
MOST_PIECES = 600

Section = Literal["list", "active", "inactive", "may_contain", "aside", "claims"]

_TAG = re.compile(r"<(/?)(br|p|li|ul|ol|div|tr|td|th|table|span|b|i|strong|em|a|font|h[1-6])\b[^<>]{0,300}>", re.I)
_BREAKING = frozenset("br p li ul ol div tr td th table h1 h2 h3 h4 h5 h6".split())
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(r"[ \t]+")  # in one run, so that no pattern below has to look through many
_WRAPPED = re.compile(r"(?<=[^\W\d_])-[ \t]*\n[ \t]*(?=[^\W\d_])")
_HEADERS: tuple[tuple[Section, str], ...] = (
    ("inactive", r"(?:inactive|other|non-?medicinal|non-?active) ingredients?|also contains|excipients?"),
    (
        "active",
        r"(?:active|medicinal) (?:ingredients?|substances?)|actives?|principes? actifs?|drug facts"
        r"|each (?:\d+(?:\.\d+)? ?)?(?:g|gram|ml) contains",
    ),
    ("may_contain", r"may (?:also )?contain|peut contenir|puede contener|pu[oò] contenere|kann enthalten|pode conter"),
    (
        "list",
        r"(?:full |complete |key |our |all |the )*(?:list of )?(?:ingredients?|inci)(?: list)?"
        r"(?: ?/ ?(?:ingr[eé]dients?|inci|ingredientes))*"
        r"|ingr[eé]dients?(?: ?/ ?ingredients?)?|inhaltsstoffe|bestandteile|ingredienti|ingredientes|ingredi[eë]nten"
        r"|composition|contains|what'?s in it",
    ),
    (
        "claims",
        r"(?:formulated )?(?:free (?:from|of)|without|does not contain|contains no|not made with|formulated without)",
    ),
    (
        "aside",
        r"directions(?: (?:for|of) use)?|how to use|instructions|warnings?|cautions?|uses?|usage|mode d'emploi"
        r"|other information|questions\??(?: or comments\??)?|storage|description|benefits|allergy alert|sunburn alert"
        r"|(?:made|manufactured|distributed|marketed) (?:in|by|for)|disclaimer|please note|note",
    ),
)  # fmt: skip
_HEADER = re.compile(
    r"(?:^|(?<=[\n.;,:/\])\[(]))[ \t*•#]*(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _HEADERS)
    + r")(?:[ \t]*\((?:inci|in each [^()\n]{1,30}|[^()\n,;]{0,20})\))?[ \t]*"
    + r"(?:[:：]|(?:purposes?[ \t]*)?(?=[ \t]*(?:\n|$))|(?<=contain)(?![\w])|(?<=contenir)(?![\w])"
    + r"|(?<=ingredients)(?=[ \t]*,)|(?<=gram contains)(?![\w])|(?<=\d g contains)(?![\w]))",
    re.I,
)
_PLUS_MINUS = re.compile(r"[\[(]?[ \t]*(?:\+[ \t]*/[ \t]*[-–—−]|±|\+[ \t]*\([ \t]*[-–—−][ \t]*\))[ \t]*[\])]?[ \t]*:?")
_AND = re.compile(r"[(\[][ \t]*(?:and|et|und|&|\+)[ \t]*[)\]]", re.I)
_SEPARATORS = ",;，、；•●▪◦‣∙·|¦\t"
# A comma within a name (1,2-Hexanediol) or a number (2,5 %).
_INNER_COMMA = re.compile(
    r"(?<![\d-])(\d{1,2}(?:[ \t]*,[ \t]?\d{1,2}){1,3})(?=[ \t]*[-–‐ ][ \t]*[^\W\d_]{3})"
    r"|(?<![\d,])(\d{1,2},\d{1,3})(?=[ \t]*[%％])"
    r"|(?<=[^\W\d_]-)(\d[ \t]*,[ \t]*\d)(?=[ \t]*-[ \t]*[^\W\d_]{0,20}(?:di|tri)ol)",
    re.I,
)
# The list's full stop or line end before a footnote.
_FOOTED = re.compile(r"(?<=[^\s.])[ \t]*[.\n][ \t\n]*(?=[*†‡]{1,4}[ \t]?\w)")
_AMOUNT_APART = re.compile(r",[ \t]*(?=\d{1,2}(?:[.,]\d{1,3})?[ \t]*[%％][ \t]*(?:[,;\n]|$))")  # Sulfur, 5 %
_KEPT_COMMA = "\ue000"


@dataclass(frozen=True)
class Piece:
    """What stands between two separators. `inside`: it was in the brackets of the piece before."""

    text: str
    section: Section = "list"
    inside: bool = False


def pieces(text: str) -> tuple[Piece, ...]:
    """A pasted list as its pieces, in order. Raises InputError when there is far more than one list."""
    if len(text) > LONGEST:
        raise InputError(
            f"the text has {len(text)} characters", allowed=f"at most {LONGEST}", mend="paste one product's list"
        )
    found = tuple(_pieces(_plain(text)))
    if len(found) > MOST_PIECES:
        raise InputError(
            f"the text has {len(found)} parts", allowed=f"at most {MOST_PIECES}", mend="paste one product's list"
        )
    return found


def _plain(text: str) -> str:
    """Text without markup and invisible letters, one kind of line break, wrapped words joined."""
    plain = html.unescape(_TAG.sub(lambda tag: "\n" if tag[2].lower() in _BREAKING else " ", text))
    plain = _INVISIBLE.sub("", plain.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    plain = unicodedata.normalize("NFC", plain.replace("\xa0", " "))
    plain = _SPACES.sub(lambda found: "\t" if "\t" in found[0] else " ", plain)
    return _WRAPPED.sub("-", plain)


def _pieces(text: str) -> Iterator[Piece]:
    for section, body in _sections(text):
        if section in ("aside", "claims"):
            if body.strip():
                yield Piece(_tidy(body), section)
            continue
        yield from _listed(body, section)


def _sections(text: str) -> Iterator[tuple[Section, str]]:
    """What stands before the first header belongs to the list: somebody may have pasted no header at all."""
    marks = _marks(text)
    named = {name for _, _, name in marks}
    section: Section = "active" if "inactive" in named and not {"active", "list"} & named else "list"
    at = 0
    for begin, end, name in marks:
        if begin >= at:
            yield from _of_section(section, text[at:begin])
            section, at = name, end
    yield from _of_section(section, text[at:])


def _of_section(section: Section, body: str) -> Iterator[tuple[Section, str]]:
    """What is said not to be in it goes to the end of its line: the list may follow without a header."""
    if section != "claims":
        yield section, body
        return
    claims, _, rest = body.partition("\n")
    yield section, claims
    yield "list", rest


def _marks(text: str) -> list[tuple[int, int, Section]]:
    found: list[tuple[int, int, Section]] = []
    for header in _HEADER.finditer(text):
        name = next(name for name, _ in _HEADERS if header[name])
        found.append((header.start(), header.end(), name))
    for mark in _PLUS_MINUS.finditer(text):
        found.append((mark.start(), mark.end(), "may_contain"))
    return sorted(found)


def _listed(body: str, section: Section) -> Iterator[Piece]:
    body = _FOOTED.sub(",", _AND.sub(",", body))
    body = _INNER_COMMA.sub(lambda number: number[0].replace(",", _KEPT_COMMA), body)
    body = _AMOUNT_APART.sub(" ", body)
    for text, inside in _split(body):
        piece = _tidy(text.replace(_KEPT_COMMA, ","))
        if any(letter.isalnum() for letter in piece):
            yield Piece(piece, section, inside)


def _split(body: str) -> Iterator[tuple[str, bool]]:
    """At separators; brackets that hold some are opened, what they hold being `inside` when they follow a name."""
    opened = _lists_in_brackets(body)
    start = 0
    inside: list[bool] = []
    fresh = False  # the next piece begins within brackets
    for at, letter in enumerate(body):
        if letter in _SEPARATORS:
            yield body[start:at], fresh
            start, fresh = at + 1, bool(inside) and inside[-1]
        elif at in opened:
            if letter in "([{":
                named = any(char.isalnum() for char in body[start:at])
                yield body[start:at], fresh
                inside.append(named or (bool(inside) and inside[-1]))
            else:
                yield body[start:at], fresh
                inside.pop()
            start, fresh = at + 1, bool(inside) and inside[-1]
    yield body[start:], fresh


def _lists_in_brackets(body: str) -> set[int]:
    """Places of the brackets that pair up and hold a separator."""
    waiting: list[int] = []
    found: set[int] = set()
    last = -1
    for at, letter in enumerate(body):
        if letter in _SEPARATORS:
            last = at
        elif letter in "([{":
            waiting.append(at)
        elif letter in ")]}" and waiting:
            begin = waiting.pop()
            if last > begin:
                found |= {begin, at}
    return found


def _tidy(text: str) -> str:
    """Spaces in order and no separators at the ends; line breaks stay, as they may separate."""
    lines = (" ".join(line.split()) for line in text.strip().split("\n"))
    tidy = "\n".join(line for line in lines if line).strip(" \n-–—:.")
    for opened, closed in ("()", "[]", "{}"):
        if closed in tidy and opened not in tidy:
            tidy = tidy.replace(closed, " ").strip()
    return tidy
