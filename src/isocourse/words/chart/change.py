"""One figure over visits, against the first: points, the line between them, and the band in which a change is noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from html import escape
from typing import NamedTuple

from isocourse.words.chart.scale import Across, Up, nice_top
from isocourse.words.chart.shapes import Form, Line, Mark, Path, Shape, Text

WIDTH, HEIGHT = 640.0, 220.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 12.0, 24.0, 30.0
_FORMS: dict[str, tuple[Form, str]] = {
    "improved": ("dot", "good"),
    "worse": ("triangle", "stop"),
    "within noise": ("ring", "plain"),
    "not known": ("square", "quiet"),
}


class Visit(NamedTuple):
    """A later visit: its day, the change against the first, how far noise reaches, and how it was judged."""

    day: int
    change: float
    noise: float | None
    verdict: str
    title: str


class Gap(NamedTuple):
    """A later visit at which there was nothing to measure."""

    day: int
    title: str


def change_chart(
    first: int,
    visits: Sequence[Visit],
    gaps: Sequence[Gap] = (),
    *,
    title: str,
    description: str,
    month: Callable[[date, bool], str],
) -> str:
    """The chart as SVG. `first` is the day of the first visit, which is zero; `month` writes the first of a month. At a
    gap a cross stands at the foot, and no line leads to it."""
    last = max([*(visit.day for visit in visits), *(gap.day for gap in gaps)])
    across = Across(first - 3, last + 3, _LEFT, WIDTH - _RIGHT)
    most = nice_top(
        Fraction(max((max(abs(visit.change), visit.noise or 0) for visit in visits), default=1)).limit_denominator(
            10**6
        )
    )
    up = Up(most, _TOP, HEIGHT - _BOTTOM, -most)
    shapes = [*_band(across, up, visits), *_axes(across, up, month), *_line(across, up, first, visits)]
    shapes += [Mark(across.middle(gap.day), HEIGHT - _BOTTOM - 8, "cross", "quiet", gap.title) for gap in gaps]
    inner = "".join(shape.svg() for shape in shapes)
    return (
        f'<svg class="change-chart" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(title)}">'
        f"<desc>{escape(description)}</desc>{inner}</svg>"
    )


def _band(across: Across, up: Up, visits: Sequence[Visit]) -> Iterator[Shape]:
    """Around no change, as wide at each visit as its own noise."""
    known = [(across.middle(visit.day), visit.noise) for visit in visits if visit.noise is not None]
    if not known:
        return
    edges = [(across.left, known[0][1]), *known, (across.right, known[-1][1])]
    top = [(x, _y(up, noise)) for x, noise in edges]
    bottom = [(x, _y(up, -noise)) for x, noise in reversed(edges)]
    yield Path(tuple(top + bottom), "noise-band", closed=True)


def _axes(across: Across, up: Up, month: Callable[[date, bool], str]) -> Iterator[Shape]:
    foot = HEIGHT - _BOTTOM
    for step in (-up.top_value, Fraction(0), up.top_value):
        y = up.y(step)
        yield Line(_LEFT, y, WIDTH - _RIGHT, y, "lane" if step else "axis")
        yield Text(_LEFT - 6, y + 4, f"{float(step):+g}".replace("-", "−") if step else "0", "label quiet", "end")
    year = 0
    for day in across.months(56.0):
        x = across.x(day.toordinal())
        yield Line(x, foot, x, foot + 5, "axis")
        yield Text(x, foot + 20, month(day, day.year != year), "label quiet", "middle")
        year = day.year


def _line(across: Across, up: Up, first: int, visits: Sequence[Visit]) -> Iterator[Shape]:
    points = [(across.middle(first), up.y(0)), *((across.middle(each.day), _y(up, each.change)) for each in visits)]
    yield Path(tuple(points), "trace")
    yield Mark(*points[0], "diamond", "plain")
    for (x, y), visit in zip(points[1:], visits, strict=True):
        form, style = _FORMS[visit.verdict]
        yield Mark(x, y, form, style, visit.title)


def _y(up: Up, value: float) -> float:
    return up.y(Fraction(value).limit_denominator(10**6))
