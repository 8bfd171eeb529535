"""How much treatment there was up to a day: treated days and weeks, and the time since the last dose.

A week of treatment is seven days on which a dose was taken, as far as supplies, pauses and missed days on record say.
A pause or a gap moves no week on. Nothing is guessed: without a supply there is no week.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from isocourse.plan.course import Course
from isocourse.record.dates import add_months
from isocourse.record.tables import Rows

State = Literal["not_begun", "going_on", "no_supply", "paused", "halted", "ended"]


@dataclass(frozen=True)
class Treated:
    """The treated days of a course as of a day.

    `spans` are days with a dose, both ends included, apart and in order. `last_dose` is the day of the stop after which
    nothing was prescribed or supplied, `exact` whether that day is known to the day; None while the course goes on.
    `at_least`: a dose was taken before the first supply on record, so that there may be more weeks. This course begins
    on `from_day`: what lies before belongs to an earlier one.
    """

    as_of: int
    state: State
    spans: tuple[tuple[int, int], ...]
    last_dose: int | None
    exact: bool
    at_least: bool
    from_day: int

    def days(self, day: int) -> int:
        """Days with a dose up to a day, which counts."""
        return sum(max(0, min(last, day) - first + 1) for first, last in self.spans)

    def week(self, day: int) -> int | None:
        """The week of treatment of a day, 1 for the first; of a day in a pause the week before it. None before the
        first dose."""
        days = self.days(day)
        return None if days == 0 else (days + 6) // 7

    @property
    def first_dose(self) -> int | None:
        return self.spans[0][0] if self.spans else None

    @property
    def week_now(self) -> int | None:
        return self.week(self.as_of)

    def after(self, day: int) -> int | None:
        """Days since the last dose, 0 on its day; None before it and while the course goes on."""
        return None if self.last_dose is None or day < self.last_dose else day - self.last_dose


def whole_months(first: int, day: int) -> int:
    """Calendar months that have passed from `first` to `day`, counted as the protocol counts them."""
    months = 0
    while add_months(first, months + 1) <= day:
        months += 1
    return months


def treated(course: Course, rows: Rows) -> Treated:
    """The treated days of a course. `rows` are those that it was made from."""
    stop = course.ended or course.halted
    from_day = course.began_after.happened_on.last + 1 if course.began_after is not None else 1
    spans = _merged([(spell.first_day, spell.last_day) for spell in course.taken.spells])
    return Treated(
        as_of=course.as_of,
        state=_state(course, spans),
        spans=spans,
        last_dose=stop.happened_on.last if stop is not None else None,
        exact=stop is None or stop.happened_on.exact,
        at_least=course.first_supply is not None
        and any(from_day <= event.happened_on.last < course.first_supply for event in rows.get("course_start", ())),
        from_day=from_day,
    )


def _state(course: Course, spans: tuple[tuple[int, int], ...]) -> State:
    if course.ended is not None:
        return "ended"
    if course.halted is not None:
        return "halted"
    if not spans:
        return "not_begun"
    if course.paused is not None:
        return "paused"
    return "going_on" if spans[-1][1] >= course.as_of else "no_supply"


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans that touch or overlap as one: a day counts once whatever was taken on it."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)
