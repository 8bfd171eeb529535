"""Days, months and dates of which only a part is known, held against independent reckonings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.record.dates import add_months, day_of, exact, iso, last_of_month, partial_date

LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def by_hand(start: date, months: int) -> date:
    """Month by month on a calendar, without division: the day is clamped once, at the end."""
    year, month = start.year, start.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    length = 29 if month == 2 and leap(year) else LENGTHS[month - 1]
    return date(year, month, start.day if start.day <= length else length)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2000-01-31", 1, "2000-02-29"),
        ("1900-01-31", 1, "1900-02-28"),
        ("2100-01-29", 1, "2100-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-05-31", 0, "2026-05-31"),
        ("2008-02-29", 216, "2026-02-28"),
        ("2008-03-01", 216, "2026-03-01"),
        ("2026-02-28", 1, "2026-03-28"),
    ],
)
def test_months_end_where_the_month_does(start: str, months: int, end: str) -> None:
    assert iso(add_months(day_of(start), months)) == end


def test_one_month_on_every_day_of_four_hundred_years() -> None:
    day, last = date(1900, 1, 1), date(2299, 12, 31)
    step = timedelta(days=1)
    while day <= last:
        assert date.fromordinal(add_months(day.toordinal(), 1)) == by_hand(day, 1)
        day += step


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(-600, 1300))
def test_any_number_of_months(start: date, months: int) -> None:
    assert date.fromordinal(add_months(start.toordinal(), months)) == by_hand(start, months)


@given(st.dates(date(1900, 1, 1), date(2150, 1, 1)), st.dates(date(1900, 1, 1), date(2150, 1, 1)), st.integers(0, 400))
def test_months_keep_the_order_of_days(one: date, other: date, months: int) -> None:
    early, late = sorted((one.toordinal(), other.toordinal()))
    assert add_months(early, months) <= add_months(late, months)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_an_exact_date_is_one_day(day: date) -> None:
    read = partial_date(day.isoformat())
    assert (read.first, read.last, read.exact) == (day.toordinal(), day.toordinal(), True)
    assert exact(day.toordinal()) == read
    assert day_of(day.isoformat()) == day.toordinal()
    assert iso(day.toordinal()) == str(read) == day.isoformat()


@given(st.integers(1900, 2199), st.integers(1, 12))
def test_a_month_runs_from_its_first_to_its_last_day(year: int, month: int) -> None:
    read = partial_date(f"{year}-{month:02}")
    assert not read.exact
    first, last = date.fromordinal(read.first), date.fromordinal(read.last)
    assert (first.day, first.month, last.month) == (1, month, month)
    assert (last + timedelta(days=1)).day == 1
    assert last == last_of_month(year, month)
    assert last.day == (29 if month == 2 and leap(year) else LENGTHS[month - 1])


@given(st.integers(1900, 2199))
def test_a_year_runs_from_january_to_december(year: int) -> None:
    read = partial_date(str(year))
    assert (iso(read.first), iso(read.last), read.exact) == (f"{year}-01-01", f"{year}-12-31", False)


def test_equal_are_dates_written_alike() -> None:
    assert partial_date("2026-03") == partial_date("2026-03")
    assert partial_date("2026-03") != partial_date("2026-03-01")
    assert len({partial_date("2026"), partial_date("2026"), partial_date("2026-01")}) == 2
    assert repr(partial_date("2026-03")) == "PartialDate('2026-03')"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "26",
        "2026-1",
        "2026-1-1",
        "2026-13",
        "2026-00",
        "2026-02-30",
        "2026-02-29",
        "1900-02-29",
        "2026-04-31",
        "2026-01-00",
        "2026-01-32",
        "1899-12-31",
        "2200-01-01",
        "0001-01-01",
        "99999",
        "-2026-01-01",
        "2026/01/01",
        "01.02.2026",
        "20260101",
        "2026-W01-1",
        "2026-001",
        " 2026-01-01",
        "2026-01-01 ",
        "2026-01-01\n",
        "2026-01-01T00:00",
        "２０２６-01-01",
        "٢٠٢٦-01-01",
        "2026-01-01Z",
        "today",
        "x" * 1000,
    ],
)
def test_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|year|calendar") as caught:
        partial_date(text)
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize("text", ["2026", "2026-03"])
def test_part_of_a_date_is_no_single_day(text: str) -> None:
    with pytest.raises(ValueError, match="names no single day; write YYYY-MM-DD"):
        day_of(text)


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        read = partial_date(text)
    except ValueError:
        return
    assert read.first <= read.last
    assert read.text == text and text.isascii()


@pytest.mark.parametrize("month", [0, 13, -1])
def test_there_is_no_such_month(month: int) -> None:
    with pytest.raises(ValueError, match="1 to 12"):
        last_of_month(2026, month)
