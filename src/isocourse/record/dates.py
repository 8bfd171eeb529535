"""Calendar arithmetic on whole days, and dates of which only a part is known.

Inside the engine a day is a plain integer, Python's proleptic Gregorian ordinal (day 1 is
0001-01-01), so that comparing, sorting and counting mean the same in Python and in SQL.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")


class PartialDate:
    """A calendar date known to the day ("2026-03-09"), the month ("2026-03") or the year ("2026").

    `first` and `last` are the earliest and the latest day it can mean (ordinals). Which of the two a
    question uses is decided where the question is asked, always to the unsafe side.
    """

    __slots__ = ("exact", "first", "last", "text")

    def __init__(self, text: str, first: int, last: int) -> None:
        self.text = text
        self.first = first
        self.last = last
        self.exact = first == last

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PartialDate) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"PartialDate({self.text!r})"

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=65536)
def partial_date(text: str) -> PartialDate:
    """Read "YYYY", "YYYY-MM" or "YYYY-MM-DD". Raises ValueError with a mend for anything else."""
    match = _PARTIAL.match(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is not a date; write YYYY-MM-DD, or YYYY-MM or YYYY if that is all you know")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"{text!r} has an impossible year; allowed are {EARLIEST_YEAR} to {LATEST_YEAR}")
    try:
        if month is None:
            return PartialDate(text, date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
        if day is None:
            return PartialDate(text, date(year, month, 1).toordinal(), last_of_month(year, month).toordinal())
        exact = date(year, month, day).toordinal()
        return PartialDate(text, exact, exact)
    except ValueError:
        raise ValueError(f"{text!r} is not a day in the calendar; check day and month") from None


def last_of_month(year: int, month: int) -> date:
    """The last calendar day of a month. Raises ValueError for a month outside 1 to 12."""
    if not 1 <= month <= 12:
        raise ValueError(f"month {month} is not in 1 to 12")
    return date(year, month, monthrange(year, month)[1])


def exact(day: int) -> PartialDate:
    """The exact date of a day number."""
    return partial_date(date.fromordinal(day).isoformat())


@lru_cache(maxsize=65536)
def add_months(day: int, months: int) -> int:
    """The same day of the month, `months` later (or earlier), clamped to the month's end.

    31 January plus one month is 28 February (29 in a leap year), as DuckDB's and PostgreSQL's
    INTERVAL month addition has it, so that both back ends agree.
    """
    start = date.fromordinal(day)
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1])).toordinal()


@lru_cache(maxsize=65536)
def iso(day: int) -> str:
    """A day number as YYYY-MM-DD."""
    return date.fromordinal(day).isoformat()


def day_of(text: str) -> int:
    """The day number of an exact YYYY-MM-DD. Raises ValueError when it is partial or impossible."""
    parsed = partial_date(text)
    if not parsed.exact:
        raise ValueError(f"{text!r} names no single day; write YYYY-MM-DD")
    return parsed.first
