"""Searches written together find what each would find alone, whatever the rows and whichever tests they share."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

import pytest

from isocourse.engine import row_search
from isocourse.engine.row_search import RowCode, RowTest, Search, nothing_of

CODES = ("lips", "skin", "eyes", "nose", "mouth")
TAKES = ("latest", "earliest", "exists", "min", "max", "sum", "count")


class Row(NamedTuple):
    code: str
    open: bool
    day: int | None


def a_test(dice: Random) -> RowTest:
    match dice.randrange(4):
        case 0:
            return RowTest("r.open")
        case 1:
            codes = tuple(dice.sample(CODES, 2))
            return RowTest(f"(r.code in {codes!r})", "r.code", codes)
        case _:
            code = dice.choice(CODES)
            return RowTest(f"(r.code == {code!r})", "r.code", (code,))


def a_search(place: int, dice: Random) -> Search:
    take = dice.choice(TAKES)
    tests = tuple(dict.fromkeys(a_test(dice) for _ in range(dice.randrange(3))))
    return Search(f"n{place}", place, take, tests, "" if take in ("count", "exists") else "{r}.day")


def together(blocks: list[list[Search]], rows: list[Row]) -> tuple[list[Any], list[Any]]:
    """Values and rows by the generated code; each block of searches is written after the one before."""
    code, number = RowCode(), sum(map(len, blocks))
    unset = [f"f_{search.fact} = {nothing_of(search.take)}" for block in blocks for search in block]
    kept: dict[Any, int] = {}
    for search in (search for block in blocks for search in block):
        kept.setdefault(search.looks_for, search.place)
    written = [[replace(search, place=kept[search.looks_for]) for search in block] for block in blocks]
    lines = [f"found = [None] * {number}", *unset, *(line for block in written for line in code.block("t_row", block))]
    space: dict[str, Any] = {"t_row": rows}
    exec("\n".join(lines), space)  # noqa: S102 - our own source
    places = [search.place for block in written for search in block]
    return [space[f"f_n{place}"] for place in range(number)], [space["found"][place] for place in places]


def alone(search: Search, rows: list[Row]) -> tuple[Any, Any]:
    """The same by the words of what each takes. A sum or a count is from no one row."""
    tests = [eval(f"lambda r: {test.python}") for test in search.tests]  # noqa: S307 - our own source
    passing = [row for row in rows if all(test(row) for test in tests)]
    days = [row.day for row in passing if row.day is not None]
    match search.take:
        case "count":
            return len(passing), None
        case "sum":
            return (sum(days) if days and len(days) == len(passing) else None), None
        case "min" | "max":
            best = (min if search.take == "min" else max)(days, default=None)
            return best, next((row for row in passing if best is not None and row.day == best), None)
    row = passing[0 if search.take == "earliest" else -1] if passing else None
    return (row is not None if search.take == "exists" else row and row.day), row


def wrong(rounds: int) -> list[str]:
    dice, bad = Random(20261128), []
    for _ in range(rounds):
        rows = [
            Row(dice.choice(CODES), dice.random() < 0.5, dice.choice((None, 1, 2, 3))) for _ in range(dice.randrange(7))
        ]
        searches = [a_search(place, dice) for place in range(dice.randrange(1, 30))]
        half = dice.randrange(len(searches) + 1)
        values, found = together([searches[:half], searches[half:]], rows)
        for search, value, row in zip(searches, values, found, strict=True):
            wanted, its_row = alone(search, rows)
            if value != wanted or row is not its_row:
                bad.append(f"{search} of {rows}: {value} from {row}, alone {wanted} from {its_row}")
    return bad


def test_together_is_as_alone() -> None:
    assert wrong(1000) == []


def test_every_way_of_sharing_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    met = set()
    by_code, again = RowCode._by_code, row_search._again

    def seen(self: RowCode, table: str, column: str, groups: list[list[Search]]) -> Any:
        met.add(f"by code in {table.partition('_')[0]}")
        return by_code(self, table, column, groups)

    def looked_for(search: Search) -> list[str]:
        met.add("again")
        return again(search)

    monkeypatch.setattr(RowCode, "_by_code", seen)
    monkeypatch.setattr(row_search, "_again", looked_for)
    assert wrong(200) == []
    assert met == {"by code in t", "by code in by", "again"}


@pytest.mark.parametrize("fault", ["first code alone", "a test forgotten"])
def test_a_planted_fault_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "first code alone":
        asks = row_search._asks

        def first_alone(alike: list[Search], column: str) -> RowTest | None:
            test = asks(alike, column)
            return test and RowTest(test.python, test.column, test.codes[:1])

        monkeypatch.setattr(row_search, "_asks", first_alone)
    else:
        monkeypatch.setattr(
            row_search, "_without", lambda alike, test: [row_search.replace(s, tests=()) for s in alike]
        )
    assert wrong(200)
