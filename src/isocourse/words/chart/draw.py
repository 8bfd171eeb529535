"""The picture drawn: lanes one under the other on one time axis, as shapes inside a frame, then as SVG.

The drawing is `WIDTH` units wide and as high as its lanes. Words are placed where they overlap no other words, or left
out: the mark still says its sort by its form, and the table says everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from html import escape
from typing import NamedTuple

from isocourse.plan.finish import shown
from isocourse.words.chart.picture import Band, Climb, Panel, Picture, Span, Step, Strip, Value
from isocourse.words.chart.scale import Across, Up, nice_top, weeks
from isocourse.words.chart.shapes import Bar, Box, Line, Mark, Path, Shape, Text, fitted, overlap, text_width
from isocourse.words.dose import mg_text
from isocourse.words.sentence import Sentence, told

WIDTH, LEFT, RIGHT = 760.0, 140.0, 746.0
HEAD, FOOT = 40.0, 26.0
ROW = 18.0
MOST_SYMPTOMS = 6
_SMALL = 12.0
_TICKS_AT = LEFT - 6
_TITLE_ROOM = LEFT - 8


class Voice(NamedTuple):
    """How words and dates are said: `say` translates our own words, `day` writes a day number, `month` the first day of
    a month (with its year where it is asked for)."""

    say: Callable[[str], str] = str
    day: Callable[[int], str] = lambda day: date.fromordinal(day).isoformat()
    month: Callable[[date, bool], str] = lambda day, year: day.strftime("%b %Y" if year else "%b")


class Drawing(NamedTuple):
    """Shapes inside a frame of `WIDTH` by `height`."""

    height: float
    shapes: tuple[Shape, ...]

    def svg(self, *, title: str, description: str) -> str:
        """The drawing as an SVG element; title and description are its text for whoever does not see it."""
        body = "\n".join(shape.svg() for shape in self.shapes)
        return (
            f'<svg class="course-chart picture" viewBox="0 0 {WIDTH:.0f} {self.height:.0f}" role="img" '
            f'aria-labelledby="picture-title picture-description">\n<title id="picture-title">{escape(title)}</title>\n'
            f'<desc id="picture-description">{escape(description)}</desc>\n{body}\n</svg>'
        )


def drawn(picture: Picture, voice: Voice) -> Drawing:
    """Every lane that has something in it."""
    across = Across(picture.first, picture.last, LEFT, RIGHT)
    pen = _Pen(across, voice, picture)
    for strip in picture.visits:
        pen.strip(strip)
    if picture.plans.spans:
        pen.strip(picture.plans)
    if picture.steps:
        pen.doses(picture.steps)
    if picture.climbs:
        pen.totals(picture.climbs, picture.band)
    for strip in picture.pregnancy:
        pen.strip(strip)
    for panel in (*picture.labs, *picture.body, *picture.moods):
        pen.panel(panel)
    for strip in picture.symptoms[:MOST_SYMPTOMS]:
        pen.strip(strip)
    if len(picture.symptoms) > MOST_SYMPTOMS:
        more = voice.say("and {0} more in the table").format(len(picture.symptoms) - MOST_SYMPTOMS)
        pen.words(Text(LEFT, pen.y + 12, more, "label quiet", size=_SMALL))
        pen.y += ROW
    return pen.finished()


class _Pen:
    """Draws lane under lane. `y` is where the next lane begins."""

    def __init__(self, across: Across, voice: Voice, picture: Picture) -> None:
        self.across, self.voice, self.picture = across, voice, picture
        self.y = HEAD
        self.shapes: list[Shape] = []
        self.taken: list[Box] = []
        self.separators: list[float] = []

    # --- words ------------------------------------------------------------------------------------
    def words(self, *wanted: Text) -> bool:
        """The first of these that lies inside the frame and on no other words; none where all do."""
        for text in wanted:
            box = text.box
            inside = box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0
            if inside and not any(overlap(box, other) for other in self.taken):
                self.taken.append(box)
                self.shapes.append(text)
                return True
        return False

    def title(self, text: object, y: float, under: str = "") -> None:
        """The name of a lane, with its unit under it."""
        room = _TITLE_ROOM - (30 if under else 0)
        self.words(Text(4, y, fitted(told(text, self.voice.say), room), "label"))
        if under:
            self.words(Text(4, y + 14, fitted(under, room, _SMALL), "label quiet", size=_SMALL))

    def says(self, day: int, text: Sentence) -> str:
        return f"{self.voice.day(day)}: {told(text, self.voice.say)}"

    # --- rows of marks and bars -------------------------------------------------------------------
    def strip(self, strip: Strip) -> None:
        """One row; bars that would lie on each other get rows of their own under it."""
        rows: list[float] = []
        top = self.y
        for span in sorted(strip.spans, key=lambda each: each.first):
            held = self.across.clipped(span.first, span.last)
            if held is None:
                continue
            left, right = self.across.x(held[0]), max(self.across.x(held[1] + 1), self.across.x(held[0]) + 3)
            right = min(right, RIGHT)
            sign = span.sign
            until = right + (len(sign) * _SMALL * 0.6 + 6 if sign else 2)
            row = next((index for index, end in enumerate(rows) if end <= left), len(rows))
            rows[row : row + 1] = [until]
            self.bar(span, left, right, top + row * ROW)
        for tick in strip.ticks:
            if self.across.inside(tick.day):
                x, y = self.across.middle(tick.day), top + ROW / 2
                self.shapes.append(Mark(x, y, tick.form, tick.style, self.says(tick.day, tick.says)))
                if tick.sign:
                    self.beside(x, y, tick.sign)
        self.title(strip.title, top + 13)
        self.end_of_lane(top + max(len(rows), 1) * ROW)

    def bar(self, span: Span, left: float, right: float, top: float) -> None:
        style = f"span {span.style}{' planned' if span.planned else ''}{' open' if span.goes_on else ''}"
        last = self.voice.day(span.last) if not span.goes_on else "…"
        title = f"{self.voice.day(span.first)} – {last}: {told(span.says, self.voice.say)}"
        self.shapes.append(Bar(left, top + 5, right, top + ROW - 5, style, title))
        if span.sign:
            y = top + 13
            self.words(
                Text(right + 3, y, span.sign, "label sign", size=_SMALL),
                Text(left - 3, y, span.sign, "label sign", "end", size=_SMALL),
            )

    def beside(self, x: float, y: float, sign: str) -> None:
        """A sign beside a mark: above, right, left or under it, wherever there is room."""
        sign = told(sign, self.voice.say)
        self.words(
            Text(x, y - 6, sign, "label sign", "middle", _SMALL),
            Text(x + 6, y + 4, sign, "label sign", "start", _SMALL),
            Text(x - 6, y + 4, sign, "label sign", "end", _SMALL),
            Text(x, y + 14, sign, "label sign", "middle", _SMALL),
        )

    # --- dose and total ---------------------------------------------------------------------------
    def doses(self, steps: Sequence[Step]) -> None:
        """Daily doses as steps, those to come dashed."""
        top, bottom = self.y + 16, self.y + 78
        up = Up(nice_top(max((step.mg for step in steps if step.mg is not None), default=Fraction(1))), top, bottom)
        self.title("", top)
        self.title(self.voice.say("Dose"), top + 6, self.voice.say("mg a day"))
        self.scale(up, LEFT, [Fraction(0), up.top_value])
        shown_mg: Fraction | None = None
        for step in steps:
            held = self.across.clipped(step.first, step.last)
            if held is None:
                continue
            left, right = self.across.x(held[0]), self.across.x(held[1] + 1)
            title = f"{self.voice.day(step.first)} – {self.voice.day(step.last)}: {told(step.says, self.voice.say)}"
            y = up.y(step.mg) if step.mg is not None else up.y(up.top_value / 2)
            style = "dose unknown" if step.mg is None else "dose planned" if step.planned else "dose"
            self.shapes.append(Bar(left, y, right, bottom, style, title))
            self.shapes.append(Line(left, y, right, y, f"{style} edge"))
            label = "?" if step.mg is None else mg_text(step.mg)
            if step.mg != shown_mg or step.mg is None:
                middle = (left + right) / 2
                if self.words(Text(middle, y - 4, label, "label", "middle"), Text(left + 2, y - 4, label, "label")):
                    shown_mg = step.mg
        self.end_of_lane(bottom + 8)

    def totals(self, climbs: Sequence[Climb], band: Band | None) -> None:
        """Totals in mg/kg, each formulation by itself, climbing against the band that is aimed at."""
        top, bottom = self.y + 14, self.y + 126
        reached = [value for climb in climbs for _, value in (*climb.points, *climb.planned)]
        most = max([*reached, Fraction(band.high if band is not None else 0)])
        up = Up(nice_top(most * Fraction(21, 20)), top, bottom)
        self.title(self.voice.say("Total"), top + 6, "mg/kg")
        ticks = [Fraction(0), up.top_value]
        if band is not None:
            ticks = [Fraction(0), Fraction(band.low), Fraction(band.high)]
            title = told(band.says, self.voice.say)
            self.shapes.append(Bar(LEFT, up.y(band.high), RIGHT, up.y(band.low), "band", title))
            self.shapes += [Line(LEFT, up.y(edge), RIGHT, up.y(edge), "band-edge") for edge in (band.low, band.high)]
            self.words(
                Text(LEFT + 6, (up.y(band.low) + up.y(band.high)) / 2 + 4, title, "label band-label", size=_SMALL)
            )
        self.scale(up, LEFT, ticks)
        for climb in climbs:
            self.climb(climb, up, several=len(climbs) > 1)
        self.end_of_lane(bottom + 8)

    def climb(self, climb: Climb, up: Up, *, several: bool) -> None:
        title = told(climb.says, self.voice.say)
        for points, style in ((climb.planned, "total planned"), (climb.points, "total")):
            line = self.clipped_line(points, up)
            if len(line) > 1:
                self.shapes.append(Path(tuple(line), style, title))
        day, value = climb.points[-1]
        if self.across.first <= day <= self.across.last + 1:
            x, y = self.across.x(day), up.y(value)
            name = f" {told(climb.formulation, self.voice.say)}" if several else ""
            label = f"{shown(value)}{name}"
            self.shapes.append(Mark(min(x, RIGHT - 5), y, "dot", "total-now", title))
            self.words(
                Text(x - 7, y - 5, label, "label strong", "end"),
                Text(x + 7, y + 14, label, "label strong"),
                Text(x - 7, y + 14, label, "label strong", "end"),
            )

        self.landing(climb, up)

    def landing(self, climb: Climb, up: Up) -> None:
        """Where the projection arrives, and when."""
        if not climb.planned or climb.planned[-1][0] > self.across.last + 1:
            return
        day, value = climb.planned[-1]
        x, y = self.across.x(day), up.y(value)
        label = self.voice.day(day - 1)
        self.shapes.append(Mark(min(x, RIGHT - 5), y, "ring", "quiet", label))
        self.words(
            Text(min(x, RIGHT) - 6, y - 5, label, "label quiet", "end", _SMALL),
            Text(x + 7, y + 14, label, "label quiet", size=_SMALL),
            Text(min(x, RIGHT), y + 16, label, "label quiet", "end", _SMALL),
            Text(min(x, RIGHT), y + 28, label, "label quiet", "end", _SMALL),
        )

    def clipped_line(self, points: Sequence[tuple[int, Fraction]], up: Up) -> list[tuple[float, float]]:
        """The points on the axis, and where the line between two of them crosses its ends."""
        found: list[tuple[float, float]] = []
        ends = (self.across.first, self.across.last + 1)
        for index, (day, value) in enumerate(points):
            if index:
                before, was = points[index - 1]
                for end in ends:
                    if before < end < day:
                        found.append((self.across.x(end), up.y(was + (value - was) * (end - before) / (day - before))))
            if ends[0] <= day <= ends[1]:
                found.append((self.across.x(day), up.y(value)))
        return sorted(found)

    def scale(self, up: Up, at: float, ticks: Sequence[Fraction]) -> None:
        """The axis of values: a line, and numbers left of it."""
        self.shapes.append(Line(at, up.top, at, up.bottom, "axis"))
        for tick in ticks:
            y = up.y(tick)
            self.shapes.append(Line(at - 3, y, at, y, "axis"))
            self.words(Text(_TICKS_AT, y + 4, mg_text(tick), "label quiet", "end", _SMALL))

    # --- panels -----------------------------------------------------------------------------------
    def panel(self, panel: Panel) -> None:
        """A small graph with its limit and its values."""
        top, bottom = self.y + 12, self.y + 50
        inside = [value for value in panel.values if self.across.inside(value.day)]
        if not inside:
            return
        up = self.panel_scale(panel, inside, top, bottom)
        self.title(panel.title, top + 8, panel.unit)
        self.scale(up, LEFT, [up.base, up.top_value])
        self.limits(panel, up)
        points = tuple((self.across.middle(value.day), up.y(value.value)) for value in inside)
        if len(points) > 1:
            self.shapes.append(Path(points, "trace"))
        for value, (x, y) in zip(inside, points, strict=True):
            self.shapes.append(Mark(x, y, value.form, f"value {value.style}", self.says(value.day, value.says)))
        self.signs(inside, points)
        self.end_of_lane(bottom + 8)

    def panel_scale(self, panel: Panel, inside: Sequence[Value], top: float, bottom: float) -> Up:
        if panel.most is not None:
            return Up(Fraction(panel.most), top, bottom)
        values = [value.value for value in inside]
        if not panel.from_zero:
            low, high = (min(values) * Fraction(19, 20)) // 5 * 5, (max(values) * Fraction(21, 20)) // 5 * 5 + 5
            return Up(Fraction(high), top, bottom, Fraction(low))
        limits = [limit for _, limit, _ in panel.limits]
        return Up(nice_top(max([*values, *limits]) * Fraction(11, 10)), top, bottom)

    def signs(self, inside: Sequence[Value], points: Sequence[tuple[float, float]]) -> None:
        """Grades and bounds beside their marks, then the latest value as a number."""
        for value, (x, y) in zip(inside, points, strict=True):
            if value.sign:
                self.beside(x, y, value.sign)
        x, y = points[-1]
        text = inside[-1].text
        self.words(
            Text(x + 7, y + 4, text, "label strong", size=_SMALL),
            Text(x, y - 7, text, "label strong", "middle", _SMALL),
            Text(x, y + 15, text, "label strong", "middle", _SMALL),
            Text(x - 7, y + 4, text, "label strong", "end", _SMALL),
        )

    def limits(self, panel: Panel, up: Up) -> None:
        """The laboratory's upper limit, from each result to the next."""
        for place, (day, limit, text) in enumerate(panel.limits):
            until = panel.limits[place + 1][0] if place + 1 < len(panel.limits) else self.across.last + 1
            begin = day if place else self.across.first
            if until <= self.across.first or begin > self.across.last:
                continue
            y = up.y(limit)
            self.shapes.append(Line(self.across.x(max(begin, self.across.first)), y, self.across.x(until), y, "limit"))
            if place == len(panel.limits) - 1:
                label = self.voice.say("limit {0}").format(text)
                self.words(Text(RIGHT, y - 3, label, "label quiet", "end", _SMALL))

    # --- frame ------------------------------------------------------------------------------------
    def end_of_lane(self, bottom: float) -> None:
        self.separators.append(bottom)
        self.y = bottom + 4

    def finished(self) -> Drawing:
        """The lanes with what lies behind them: months, lanes' edges, today."""
        bottom = self.y
        behind: list[Shape] = [Line(4, y, RIGHT, y, "lane") for y in self.separators]
        behind += self.months(bottom)
        self.weeks(bottom)
        today = self.picture.today
        if self.across.inside(today):
            x = self.across.middle(today)
            behind.append(Line(x, HEAD - 18, x, bottom, "today"))
            label = f"{self.voice.say('today')} {self.voice.day(today)}"
            self.words(
                Text(x, 11, label, "label strong", "middle", _SMALL),
                Text(min(x, RIGHT), 11, label, "label strong", "end", _SMALL),
                Text(x, 11, label, "label strong", "start", _SMALL),
            )
        return Drawing(bottom + FOOT, (*behind, *self.shapes))

    def months(self, bottom: float) -> list[Shape]:
        found: list[Shape] = []
        named = False
        for month in self.across.months(40):
            x = self.across.x(month.toordinal())
            found.append(Line(x, HEAD - 8, x, bottom, "month"))
            room = self.across.x(month.toordinal() + 30) - x
            with_year = (not named or month.month == 1) and text_width(self.voice.month(month, True), _SMALL) < room
            long = Text(x + 2, HEAD - 14, self.voice.month(month, True), "label quiet", size=_SMALL)
            brief = Text(x + 2, HEAD - 14, self.voice.month(month, False), "label quiet", size=_SMALL)
            self.words(long if with_year else brief)
            named |= with_year
        return found

    def weeks(self, bottom: float) -> None:
        """Weeks of treatment under the lanes."""
        if self.picture.first_dose is None:
            return
        self.words(Text(4, bottom + 14, fitted(self.voice.say("Week"), _TITLE_ROOM), "label quiet", size=_SMALL))
        for week, day in weeks(self.picture.first_dose, self.across, 30):
            x = self.across.x(day)
            self.shapes.append(Line(x, bottom, x, bottom + 4, "axis"))
            self.words(Text(x, bottom + 14, str(week), "label quiet", "middle", _SMALL))
