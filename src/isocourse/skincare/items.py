"""Pieces of a list made out: each a known ingredient, a question, or unknown. Nothing is dropped on the way.

A piece is looked up whole, then without its brackets, then at whatever else separates (line breaks, full stops,
slashes, "and"), at last word by word where a separator is missing. What is left over is an unknown of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from isocourse.errors import InputError
from isocourse.skincare.label_words import DESCRIPTORS, FOOTNOTE_TELLS, FOOTNOTE_WORDS, TOO_COMMON
from isocourse.skincare.names import Names
from isocourse.skincare.reading import Piece, Section, pieces
from isocourse.skincare.spelling import key

MOST_WORDS = 9
MOST_ITEMS = 600
DEEPEST = 6
_AMOUNT = re.compile(
    r"[(\[]?[ \t]*(?:[<>≤≥~=]|up to|equivalent to)?[ \t]*(?<![\w.,])(\d{1,4}(?:[.,]\d{1,4})?)[ \t]*"
    r"(?:([%％])(?:[ \t]*\(?[wvm]/[wvm]\)?)?|(mg)[ \t]*(?:/|per)[ \t]*(?:1[ \t]?)?(?:g|ml)\b"
    r"|(?:mg|mcg|µg|µl|ml|g|ppm|iu|i\.u\.)\b)"
    r"[ \t]*[)\]]?",
    re.I,
)
_GLUED = re.compile(r"(?<=[^\W\d_]{3})\.?\d{1,2}(?![\w%])")  # a footnote's number without a space (Glycerin9)
_LEADERS = re.compile(r"\.{2,}|…|_{2,}| -{2,} ")
_SIGNS = re.compile(r"[®™©]")
_RAISED = frozenset("¹²³_")
_BRACKET = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_HALF_BRACKET = re.compile(r"[()\[\]{}]")
_BREAKS = (
    re.compile(r"\n"),
    re.compile(r"(?<!\bdenat)(?<!\bno)(?<!\bC\.I)\.(?:\s+|$)", re.I),
    re.compile(r"\s+(?:/|and|et|und|&|\+|or|ou|with|as)\s+|\s+[-–—]\s+", re.I),
    re.compile(r"[\\:]|\+|\s*&\s*"),
)  # fmt: skip
_CLAIM = re.compile(r"(?:\w+[\s-]+){1,4}free|(?:no|without|free (?:from|of))[\s-].{1,60}|0 ?% .{1,60}", re.I)
LONGEST_CLAIM = 80
# Looking for names that are nearly the same takes time; a list with more unknowns than this is no list.
MOST_NEAR = 120
_MARKED = re.compile(r"(?:[*†‡]{1,4}|[¹²³]|\([*†\d]\))\s*\S")


@dataclass(frozen=True)
class Item:
    """One ingredient as it stands. `name` None: not known; `asked`: what it may have been meant to be; `holds`: names
    that stand in whole words within it."""

    position: int
    raw: str
    name: str | None
    section: Section = "list"
    percent: Decimal | None = None
    asked: tuple[str, ...] = ()
    inside: bool = False
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Read:
    """A list made out: its items in order, what was set aside as no ingredient, and whether order tells anything."""

    items: tuple[Item, ...]
    aside: tuple[str, ...]
    by_alphabet: bool


def read_list(text: str, names: Names) -> Read:
    """Raises InputError when the text is far longer than one list."""
    reader = _Reader(names)
    items: list[Item] = []
    aside: list[str] = []
    for piece in _sentences(pieces(text), names):
        if piece.section == "claims" or _is_claim(piece.text, names):
            aside.append(piece.text)
        elif piece.section == "aside":
            aside.append(piece.text)
            items += _named_aside(piece.text, names)
        else:
            found = reader.made_out(piece.text)
            if _is_footnote(piece.text, found):
                aside.append(piece.text)
                continue
            items += [replace(item, section=piece.section, inside=piece.inside or item.inside) for item in found]
        if len(items) > MOST_ITEMS:
            raise InputError(
                f"the text has more than {MOST_ITEMS} parts", allowed="one list", mend="paste one product's list"
            )
    return Read(tuple(_numbered(items)), tuple(aside), _by_alphabet(items))


def _sentences(found: Iterable[Piece], names: Names) -> Iterator[Piece]:
    """A claim behind the list's last full stop (`..., Linalool. Fragrance free`) stands apart."""
    for piece in found:
        parts = piece.text.split(". ")
        if len(parts) > 1 and any(_is_claim(part.strip(), names) for part in parts):
            yield from (replace(piece, text=part.strip()) for part in parts if part.strip())
        else:
            yield piece


def _is_claim(text: str, names: Names) -> bool:
    """`Fragrance free` and `no parabens` say what is not in it."""
    return len(text) <= LONGEST_CLAIM and _CLAIM.fullmatch(text) is not None and names.exact(text) is None


def _is_footnote(text: str, found: list[Item]) -> bool:
    """`*from organic farming`, or a marked sentence that tells where things come from and names none of them."""
    words = {key(word) for word in re.split(r"[\s'’/-]+", text)} - {""}
    marked = _MARKED.match(text) is not None
    if words <= FOOTNOTE_WORDS and (marked or words & FOOTNOTE_TELLS):
        return True
    return marked and bool(words & FOOTNOTE_TELLS) and not any(item.name or item.asked for item in found)


def _named_aside(text: str, names: Names) -> Iterator[Item]:
    """What is not part of the list and yet names an ingredient: a question, for whoever has the product to answer."""
    for part in re.split(r"[,;.:\n]|\band\b|\bor\b", text):
        name = names.exact(part) if part.strip() else None
        if name is not None:
            yield Item(0, part.strip(), None, "aside", asked=(name,))


def _numbered(items: list[Item]) -> Iterator[Item]:
    """Positions from 1; what stood in brackets shares the position of what it belongs to."""
    position = 0
    for item in items:
        if item.section == "aside":
            yield item
            continue
        position += 0 if item.inside and position else 1
        yield replace(item, position=position, raw=" ".join(item.raw.split()))


def _by_alphabet(items: list[Item]) -> bool:
    """Drug-facts labels list inactive ingredients by alphabet: there a late position says nothing about how much."""
    listed = [key(item.raw) for item in items if item.section in ("list", "inactive") and not item.inside]
    return len(listed) >= 6 and listed == sorted(listed)


@dataclass
class _Reader:
    """Makes pieces out. Looking for near names has a budget, so that a text that is no list ends soon."""

    names: Names
    near_left: int = MOST_NEAR
    _near: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def made_out(self, text: str, depth: int = 0) -> list[Item]:
        """A piece as its items, in order; an empty list when it only describes ("organic", "sunscreen")."""
        bare = _bare(text)
        if not key(bare) or key(bare) in DESCRIPTORS:
            return []
        known = next(filter(None, map(self.names.exact, (bare, _unnumbered(bare), _GLUED.sub("", bare)))), None)
        if known is not None:
            return [Item(0, text, known)]
        if depth <= DEEPEST:
            for way in (
                self._by_amount,
                self._by_bracket,
                self._confused,
                self._by_breaks,
                self._by_slash,
                self._by_words,
            ):
                found = way(bare, depth)
                if found is not None:
                    return found
        return [Item(0, text, None)]

    def _by_amount(self, text: str, depth: int) -> list[Item] | None:
        """Each amount goes to the name before it, or to the one behind when the text begins with one."""
        marks = list(_AMOUNT.finditer(text))
        if not marks:
            return None
        begins, ends = [0, *(mark.end() for mark in marks)], [*(mark.start() for mark in marks), len(text)]
        parts = [text[begin:end] for begin, end in zip(begins, ends, strict=True)]
        leads = not key(parts[0])
        found: list[Item] = []
        for at, part in enumerate(parts):
            made = self.made_out(part, depth + 1)
            mark = at - 1 if leads else at
            if made and 0 <= mark < len(marks):
                which = 0 if leads else -1
                made[which] = replace(made[which], percent=_percent(marks[mark]))
            found += made
        return [replace(found[0], raw=text)] if len(found) == 1 else found or None

    def _by_bracket(self, text: str, depth: int) -> list[Item] | None:
        """`Butyrospermum Parkii (Shea) Butter`, `Aqua (Water)`, `Jojoba (Simmondsia Chinensis) Seed Oil`."""
        bracket = _BRACKET.search(text)
        if bracket is None:
            return None
        before, inner, after = text[: bracket.start()], bracket[1], text[bracket.end() :]
        outer = f"{before} {after}".strip()
        named = self.names.exact(outer) or (self.names.exact(f"{inner} {after}") if key(after) else None)
        within = [replace(item, inside=True) for item in self.made_out(inner, depth + 1)]
        if named is not None:
            other = [
                item for item in within if item.name not in (None, named) or (item.asked and named not in item.asked)
            ]
            return [Item(0, text, named), *other]
        rest = self.made_out(outer, depth + 1)
        if any(item.name or item.asked for item in within) and [item.name for item in rest] != [within[0].name]:
            return [*rest, *within]
        if len(rest) == 1 and rest[0].name is None and not rest[0].asked:
            return None if any(pattern.search(text) for pattern in _BREAKS) else [Item(0, text, None)]
        return [replace(rest[0], raw=text), *rest[1:]] if rest else within or None

    def _confused(self, text: str, depth: int) -> list[Item] | None:
        """Only letters that a scan confuses are different: a question already before anything is split."""
        found = self.names.confused(text)
        return [Item(0, text, None, asked=found)] if found else None

    def _by_breaks(self, text: str, depth: int) -> list[Item] | None:
        """At line breaks, full stops, slashes, "and": where at least one part is a name."""
        for pattern in _BREAKS:
            parts = [part for part in pattern.split(text) if part and key(part)]
            if len(parts) == 1 and parts[0] != text:
                return self.made_out(parts[0], depth + 1)
            if len(parts) < 2:
                continue
            made = [item for part in self._rejoined(parts) for item in self.made_out(part, depth + 1)]
            if any(item.name for item in made):
                return _once(made, text)
            if len(made) > MOST_ITEMS:
                return made
        return None

    def _by_slash(self, text: str, depth: int) -> list[Item] | None:
        """`Aqua/Water/Eau`: names of one thing, or several. One that nobody knows among them may make it one unknown
        name (`Foo/Water Copolymer`), so the known ones are not taken for granted, nor left out."""
        parts = [part for part in text.split("/") if key(part)]
        if len(parts) < 2:
            return None
        names = [self.names.exact(_bare(part)) for part in parts]
        known = tuple(dict.fromkeys(name for name in names if name))
        if len(known) == 1 and len(names) - names.count(None) >= min(2, len(names)):
            return [Item(0, text, known[0])]
        if None not in names:
            return [Item(0, part, name) for part, name in zip(parts, names, strict=True)]
        return [Item(0, text, None, holds=known)] if known and len(parts) <= 4 else None

    def _rejoined(self, parts: list[str]) -> Iterator[str]:
        """Lines that are one name together stay together: a name may have been wrapped."""
        at = 0
        while at < len(parts):
            many = next(
                (
                    many
                    for many in (4, 3, 2)
                    if len(parts[at : at + many]) == many and self._is_name(parts[at : at + many])
                ),
                1,
            )
            yield " ".join(parts[at : at + many])
            at += many

    def _is_name(self, parts: list[str]) -> bool:
        return self.names.exact(" ".join(parts)) is not None

    def _by_words(self, text: str, depth: int) -> list[Item] | None:
        """Names without a separator between them, where they cover the text; a near name; names that cover most of it;
        one that stands in whole words within something unknown (`Encapsulated Retinol`): a question."""
        segments = self._segments(text.split())
        if len(segments) > 1 and all(name is not None for _, name in segments):
            return [Item(0, words, name) for words, name in segments if name]
        held = tuple(dict.fromkeys(name for words, name in segments if name and key(words) not in TOO_COMMON))
        known = [words for words, name in segments if name and key(words) not in TOO_COMMON]
        if len(known) >= 2 and 2 * sum(len(words.split()) for words in known) >= len(text.split()):
            return [item for words, name in segments for item in self._segment(words, name, depth)]
        asked = self._nearly(text)
        return [Item(0, text, None, asked=asked, holds=held)] if asked or held else None

    def _segment(self, words: str, name: str | None, depth: int) -> list[Item]:
        if name is None:
            return self.made_out(words, depth + 1)
        return [Item(0, words, name)] if name else []

    def _nearly(self, text: str) -> tuple[str, ...]:
        if text not in self._near:
            if self.near_left <= 0:
                return ()
            self.near_left -= 1
            self._near[text] = self.names.near(text)
        return self._near[text]

    def _segments(self, words: list[str]) -> list[tuple[str, str | None]]:
        """The words as known names ("" for descriptors) with as few words left over (None) as can be, those in one
        run."""
        bare = [key(word) for word in words]
        best: list[tuple[int, int]] = [(0, 0)]
        came: list[tuple[int, str | None]] = [(0, None)]
        for end in range(1, len(words) + 1):
            options: list[tuple[tuple[int, int], int, str | None]] = [
                ((best[end - 1][0] + bool(bare[end - 1]), best[end - 1][1]), end - 1, None)
            ]
            for begin in range(max(0, end - MOST_WORDS), end):
                joined = "".join(bare[begin:end])
                name = self.names.exact_key(joined) or ("" if joined in DESCRIPTORS else None)
                if name is not None:
                    options.append(((best[begin][0], best[begin][1] + 1), begin, name))
            score, begin, name = min(options, key=lambda option: option[0])
            best.append(score)
            came.append((begin, name))
        return _joined(words, came)


def _bare(text: str) -> str:
    """Without marks at the ends, dotted leaders and halves of brackets."""
    bare = _stripped(_SIGNS.sub("", _LEADERS.sub(" ", text)))
    opened, closed = (sum(bare.count(letter) for letter in half) for half in ("([{", ")]}"))
    return bare if opened == closed else _stripped(_HALF_BRACKET.sub(" ", bare))


def _stripped(text: str) -> str:
    begin, end = 0, len(text)
    while begin < end and _is_mark(text[begin], "([{"):
        begin += 1
    while end > begin and _is_mark(text[end - 1], ")]}%"):
        end -= 1
    return text[begin:end]


def _is_mark(letter: str, kept: str) -> bool:
    return letter in _RAISED or not (letter.isalnum() or letter in kept)


def _unnumbered(text: str) -> str:
    return re.sub(r"^\d{1,3}[.)][ \t]+", "", text)


def _percent(mark: re.Match[str]) -> Decimal | None:
    """The amount in percent; None where its unit is none of a share."""
    number = Decimal(mark[1].replace(",", "."))
    return number if mark[2] else number / 10 if mark[3] else None


def _once(made: list[Item], text: str) -> list[Item]:
    """`Aqua/Water/Eau` is one ingredient in three languages."""
    named = {item.name for item in made}
    return [replace(made[0], raw=text)] if len(made) > 1 and len(named) == 1 and None not in named else made


def _joined(words: list[str], came: list[tuple[int, str | None]]) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    end = len(words)
    while end > 0:
        begin, name = came[end]
        text = " ".join(words[begin:end])
        if name is None and found and found[-1][1] is None:
            found[-1] = (f"{text} {found[-1][0]}", None)
        else:
            found.append((text, name))
        end = begin
    return found[::-1]
