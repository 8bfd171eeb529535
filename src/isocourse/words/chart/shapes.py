"""The few shapes a picture is made of, each with its box, and how they are written as SVG.

Colours are classes of the page's style sheet; every mark differs in shape as well.
"""

from __future__ import annotations

from html import escape
from typing import Literal, NamedTuple

TEXT_SIZE = 13.0
# The width of a character against the size of the text: wider than nearly all, so that what fits here fits in print.
_WIDE = 0.6
Box = tuple[float, float, float, float]  # left, top, right, bottom
Anchor = Literal["start", "middle", "end"]
Form = Literal["dot", "ring", "diamond", "square", "triangle", "cross", "tick"]
_HALF = 4.5


class Line(NamedTuple):
    x1: float
    y1: float
    x2: float
    y2: float
    style: str

    @property
    def box(self) -> Box:
        return min(self.x1, self.x2), min(self.y1, self.y2), max(self.x1, self.x2), max(self.y1, self.y2)

    def svg(self) -> str:
        place = f'x1="{_n(self.x1)}" y1="{_n(self.y1)}" x2="{_n(self.x2)}" y2="{_n(self.y2)}"'
        return f'<line class="{self.style}" {place}/>'


class Path(NamedTuple):
    """A line through points; `closed` to the first again."""

    points: tuple[tuple[float, float], ...]
    style: str
    title: str = ""
    closed: bool = False

    @property
    def box(self) -> Box:
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return min(xs), min(ys), max(xs), max(ys)

    def svg(self) -> str:
        name = "polygon" if self.closed else "polyline"
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in self.points)
        return f'<{name} class="{self.style}" points="{points}">{_title(self.title)}</{name}>'


class Bar(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    style: str
    title: str = ""

    @property
    def box(self) -> Box:
        return self.left, self.top, self.right, self.bottom

    def svg(self) -> str:
        size = f'width="{_n(self.right - self.left)}" height="{_n(self.bottom - self.top)}"'
        place = f'x="{_n(self.left)}" y="{_n(self.top)}" {size}'
        return f'<rect class="{self.style}" {place} rx="2">{_title(self.title)}</rect>'


class Mark(NamedTuple):
    """A sign at a point; its form says what its colour says."""

    x: float
    y: float
    form: Form
    style: str
    title: str = ""

    @property
    def box(self) -> Box:
        return self.x - _HALF, self.y - _HALF, self.x + _HALF, self.y + _HALF

    def svg(self) -> str:
        return f'<g class="{self.style} {self.form}">{_title(self.title)}{_FORMS[self.form](self.x, self.y)}</g>'


class Text(NamedTuple):
    """Words at a point, the base line at `y`."""

    x: float
    y: float
    text: str
    style: str
    anchor: Anchor = "start"
    size: float = TEXT_SIZE

    @property
    def box(self) -> Box:
        wide = text_width(self.text, self.size)
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return left, self.y - self.size * 0.8, left + wide, self.y + self.size * 0.25

    def svg(self) -> str:
        place = f'x="{_n(self.x)}" y="{_n(self.y)}" text-anchor="{self.anchor}" font-size="{_n(self.size)}"'
        return f'<text class="{self.style}" {place}>{escape(self.text)}</text>'


Shape = Line | Path | Bar | Mark | Text


def text_width(text: str, size: float = TEXT_SIZE) -> float:
    """How wide words are at most, in units."""
    return len(text) * size * _WIDE


def fitted(text: str, width: float, size: float = TEXT_SIZE) -> str:
    """The words, cut with … where they are wider than there is room."""
    room = int(width / (size * _WIDE))
    return text if len(text) <= room else text[: max(room - 1, 1)].rstrip() + "…"


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have more than an edge in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>" if text else ""


def _polygon(*points: tuple[float, float]) -> str:
    return f'<polygon points="{" ".join(f"{_n(x)},{_n(y)}" for x, y in points)}"/>'


_FORMS = {
    "dot": lambda x, y: f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3"/>',
    "ring": lambda x, y: f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3.5"/>',
    "diamond": lambda x, y: _polygon((x, y - _HALF), (x + _HALF, y), (x, y + _HALF), (x - _HALF, y)),
    "square": lambda x, y: f'<rect x="{_n(x - 3.5)}" y="{_n(y - 3.5)}" width="7" height="7"/>',
    "triangle": lambda x, y: _polygon((x, y - _HALF), (x + _HALF, y + 4), (x - _HALF, y + 4)),
    "cross": lambda x, y: (
        f'<path d="M{_n(x - 3.5)} {_n(y - 3.5)}L{_n(x + 3.5)} {_n(y + 3.5)}'
        f'M{_n(x - 3.5)} {_n(y + 3.5)}L{_n(x + 3.5)} {_n(y - 3.5)}"/>'
    ),
    "tick": lambda x, y: f'<path d="M{_n(x)} {_n(y - _HALF)}V{_n(y + _HALF)}"/>',
}
