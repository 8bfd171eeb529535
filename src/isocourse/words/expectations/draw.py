"""The picture of what to expect: ranges as bars, today as a line, the person's own entries as marks on them.

Left the weeks of treatment, right the months since the last capsule: two axes, because a pause moves no week on. A row
for each thing; the table beside the picture says everything in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from isocourse.plan.treated import Treated
from isocourse.words.chart.draw import WIDTH, Drawing, Voice
from isocourse.words.chart.shapes import Bar, Box, Line, Mark, Shape, Text, fitted, overlap
from isocourse.words.expectations.sheet import Row, Sheet, range_says
from isocourse.words.sentence import told

LEFT, TURN, AFTER, RIGHT = 218.0, 512.0, 532.0, 746.0
HEAD, ROW, GAP, FOOT = 46.0, 23.0, 10.0, 24.0
LEAST_WEEKS, MOST_WEEKS = 28, 78
LEAST_MONTHS, MOST_MONTHS = 24, 60
_BEFORE = 12.0  # room for what was there before the first dose
_SMALL = 12.0
_HALF = 6.5  # of a bar
A_MONTH = 30.44


class Axes:
    """Where a week of treatment and a month after the last dose lie."""

    def __init__(self, clock: Treated) -> None:
        self.clock = clock
        self.weeks = min(max(LEAST_WEEKS, (clock.week_now or 0) + 3), MOST_WEEKS)
        since = clock.after(clock.as_of)
        self.months = min(max(LEAST_MONTHS, int((since or 0) / A_MONTH) + 3), MOST_MONTHS)

    def treated(self, days: float) -> float:
        """Where treated days end; what lies beyond the axis lies at its end."""
        share = min(max(days / (7 * self.weeks), 0.0), 1.0)
        return LEFT + _BEFORE + share * (TURN - LEFT - _BEFORE)

    def after(self, months: float) -> float:
        """Where a time after the last dose lies."""
        return AFTER + min(max(months / self.months, 0.0), 1.0) * (RIGHT - AFTER)

    def of(self, day: int) -> float:
        """Where a day lies: on the left up to the last dose, on the right after it."""
        since = self.clock.after(day)
        if since is not None and since > 0:
            return self.after(since / A_MONTH)
        days = self.clock.days(day)
        return self.treated(days - 0.5) if days else LEFT + _BEFORE / 2


def drawn(sheet: Sheet, voice: Voice) -> Drawing:
    """Every row, with today and the last capsule as lines behind them."""
    axes = Axes(sheet.clock)
    shapes: list[Shape] = []
    y = HEAD
    for rows in (sheet.course, sheet.after):
        for row in rows:
            shapes += _row(row, y, axes, voice)
            y += ROW
        y += GAP
    bottom = y - GAP
    of_course = HEAD + ROW * len(sheet.course)
    return Drawing(bottom + FOOT, (*_frame(axes, bottom, voice), *_lines(axes, of_course, bottom, voice), *shapes))


# --- rows -----------------------------------------------------------------------------------------
def _row(row: Row, y: float, axes: Axes, voice: Voice) -> Iterator[Shape]:
    middle = y + ROW / 2
    strong = " strong" if row.place == "now" else ""
    yield Line(4, y + ROW, RIGHT, y + ROW, "lane")
    yield Text(4, middle + 4, fitted(voice.say(row.entry.title), LEFT - 6, _SMALL), f"label{strong}", size=_SMALL)
    yield from _bar(row, middle, axes, voice)
    for mark in row.marks:
        title = f"{voice.day(mark.day)}: {told(mark.says, voice.say)}"
        yield Mark(axes.of(mark.day), middle, mark.form, mark.style, title)


def _bar(row: Row, middle: float, axes: Axes, voice: Voice) -> Iterator[Shape]:
    when = row.entry.when
    if when is None:
        words = told(range_says(row.entry), voice.say)
        yield Text(AFTER + 4, middle + 4, fitted(words, RIGHT - AFTER, _SMALL), "label quiet", size=_SMALL)
        return
    if when.clock == "treated_weeks":
        left = axes.treated(7 * (when.first - 1))
        right = axes.treated(7 * when.last) if when.last is not None else TURN
    else:
        unit = 7 / A_MONTH if when.clock == "after_weeks" else 1.0
        left, right = axes.after(when.first * unit), axes.after((when.last or 0) * unit)
    style = "range" + (" now" if row.place == "now" else "") + (" open" if when.last is None else "")
    title = f"{voice.say(row.entry.title)}: {told(range_says(row.entry), voice.say)}"
    yield Bar(left, middle - _HALF, max(right, left + 3), middle + _HALF, style, title)


# --- frame ----------------------------------------------------------------------------------------
def _frame(axes: Axes, bottom: float, voice: Voice) -> Iterator[Shape]:
    """The two axes with their names and numbers, above and below."""
    for left, right, name in (
        (LEFT + _BEFORE, TURN, voice.say("Weeks of treatment")),
        (AFTER, RIGHT, voice.say("Months after the last capsule")),
    ):
        yield Line(left, HEAD, right, HEAD, "axis")
        yield Line(left, bottom, right, bottom, "axis")
        yield Text(right, bottom + 20, fitted(name, right - left, _SMALL), "label quiet", "end", _SMALL)
    step = next(step for step in (4, 8, 13, 26) if axes.weeks / step <= 8)
    for week in range(step, axes.weeks + 1, step):
        yield from _tick(axes.treated(7 * week), bottom, str(week))
    step = 6 if axes.months <= 36 else 12
    for month in range(0, axes.months + 1, step):
        yield from _tick(axes.after(month), bottom, str(month))


def _tick(x: float, bottom: float, number: str) -> Iterator[Shape]:
    yield Line(x, HEAD, x, bottom, "month")
    yield Text(min(x, RIGHT - 8), HEAD - 5, number, "label quiet", "middle", _SMALL)


def _lines(axes: Axes, of_course: float, bottom: float, voice: Voice) -> Iterator[Shape]:
    """Today, and where treatment ended. Their words stand above the numbers, and never on each other."""
    clock = axes.clock
    found: list[tuple[float, str, str]] = []
    if clock.last_dose is not None:
        found.append((axes.of(clock.last_dose), "last-dose", voice.say("last capsule")))
    if clock.week_now is not None:
        found.append((axes.of(clock.as_of), "today", f"{voice.say('today')} {voice.day(clock.as_of)}"))
    taken: list[Box] = []
    for x, style, words in found:
        yield Line(x, HEAD - 20, x, bottom if x > AFTER else of_course, style)
        for text in (
            Text(x, HEAD - 26, words, "label strong", "middle", _SMALL),
            Text(min(x + 2, RIGHT), HEAD - 26, words, "label strong", "end", _SMALL),
            Text(x - 2, HEAD - 26, words, "label strong", "start", _SMALL),
        ):
            box = text.box
            if box[0] >= 0 and box[2] <= WIDTH and not any(overlap(box, other) for other in taken):
                taken.append(box)
                yield text
                break
