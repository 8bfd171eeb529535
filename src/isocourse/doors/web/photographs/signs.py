"""The shape around a mark: it tells kind and state without colour, and shows where a mark of a few pixels is.

The same shapes and colours as on paper (`skin.draw`): square, circle, diamond.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from typing import NamedTuple

_SHAPES = {
    "brown": "square",
    "red": "circle",
    "uncertain": "diamond",
    "persistent": "circle",
    "faded": "diamond",
    "new": "square",
}
_AROUND = 0.006  # of the picture's width, between a mark and the shape around it
_IN_A_LINE = [(4.5, 4.5), (11.5, 4.5), (11.5, 11.5), (4.5, 11.5)]  # of a legend, 16 pixels square

Outline = Sequence[tuple[float, float]]


class Drawn(NamedTuple):
    """A mark on a picture: its kind or state, words to read, its outline in pixels of the picture, the shape around it
    as an SVG path."""

    kind: str
    title: str
    outline: Outline
    around: str


def drawn(kind: str, title: str, outline: Outline, *, width: float) -> Drawn:
    """A mark of a picture that is `width` pixels wide."""
    return Drawn(kind, title, outline, _around(outline, _SHAPES[kind], _AROUND * width))


def legend(kind: str) -> str:
    """The shape of a kind or state alone, in a square of 16 pixels."""
    return _around(_IN_A_LINE, _SHAPES[kind], 1.5 if _SHAPES[kind] != "diamond" else 0)


def _around(outline: Outline, shape: str, gap: float) -> str:
    xs, ys = zip(*outline, strict=True)
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    off = [(abs(a - x), abs(b - y)) for a, b in outline]
    if shape == "circle":
        r = max(hypot(*each) for each in off) + gap
        half = f"a{r:.1f},{r:.1f} 0 1 0"
        return f"M{x - r:.1f},{y:.1f}{half} {2 * r:.1f},0{half} {-2 * r:.1f},0z"
    if shape == "square":
        r = max(map(max, off)) + gap
        return f"M{x - r:.1f},{y - r:.1f}h{2 * r:.1f}v{2 * r:.1f}h{-2 * r:.1f}z"
    r = max(map(sum, off)) + 1.5 * gap
    return f"M{x:.1f},{y - r:.1f}l{r:.1f},{r:.1f}l{-r:.1f},{r:.1f}l{-r:.1f},{-r:.1f}z"
