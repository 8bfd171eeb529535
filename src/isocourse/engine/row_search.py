"""The lines of generated code that look rows up, each kind of row in as few passes as can be.

Facts of one kind share what they ask of a row ("this course", "not yet looked at"). Rows that pass a shared test are
listed once, and the facts that share it search that shorter list; where a list is empty, all of them are settled at
once without a search, for every fact begins as what it is when there is no row:

    t_graded_lab_1 = [r for r in t_graded_lab if r.current]
    if t_graded_lab_1:
        ...

Where many facts each ask for another code of one column, the rows are put by their code once, and what asks for a
code that no row has is settled without a search:

    by_open_red_flag_1 = {}
    for r in t_open_red_flag:
        by_open_red_flag_1.setdefault(r.flag, []).append(r)
    if 'vision' in by_open_red_flag_1:
        found[132] = r = by_open_red_flag_1['vision'][-1]
        f_vision_flag = True

Which rows pass does not depend on the order of the tests, so a fact finds the same row as if it searched alone.

Facts that look for the same row find it once. It is kept in `found`, at the place of the first of them; most find none.

Looking from the latest row on, where several facts do, goes through one list turned round (`down_...`): Python takes
four times as long to begin with `reversed`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

ONE_ROW = ("latest", "earliest", "exists")
# How many facts have to share a test, or ask for different codes of a column: with fewer, listing the rows, or putting
# them by code, costs more than it saves (measured).
WORTH_A_LIST = 4
WORTH_CODES = 3


@dataclass(frozen=True)
class RowTest:
    """A Python condition on a row `r`. Where it only asks that a column be one of a few codes, `column` is the Python
    of that column and `codes` are those."""

    python: str
    column: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """One aggregate: `tests` all have to hold; `value` is the Python of the column of a row `{r}`, empty for count and
    exists. `place` is where in `found` its row is kept, the same for all that look for the same row."""

    fact: str
    place: int
    take: str
    tests: tuple[RowTest, ...]
    value: str

    @property
    def of_row(self) -> str:
        """Python of its value once it found the row `r`."""
        return "True" if self.take == "exists" else self.value.format(r="r")

    @property
    def looks_for(self) -> tuple[str, frozenset[RowTest]]:
        """The same for all that look for the same row of a table."""
        return self.end or self.fact, frozenset(self.tests)

    @property
    def end(self) -> str:
        """From which end it takes one row; empty for what takes all of them."""
        return ("first" if self.take == "earliest" else "last") if self.take in ONE_ROW else ""


def nothing_of(take: str) -> str:
    """Python of what a fact is when there is no row. It is that from the beginning of the function."""
    return {"exists": "False", "count": "0"}.get(take, "None")


@dataclass
class RowCode:
    """Writes the searches of one function."""

    _known: set[tuple[str, str, frozenset[RowTest]]] = field(default_factory=set)
    _lists: dict[tuple[str, str], str] = field(default_factory=dict)

    def block(self, table: str, searches: Sequence[Search], given: str = "") -> list[str]:
        """The lines that settle these searches in one table of rows. `given` is the Python of whether it has any rows,
        the table itself without it."""
        lines: list[str] = []
        fresh: dict[tuple[str, str, frozenset[RowTest]], list[Search]] = {}
        for search in searches:
            key = (table, *search.looks_for)
            if key in self._known:
                lines += _again(search)
            else:
                fresh.setdefault(key, []).append(search)
        self._known.update(fresh)
        return lines + self._guarded(table, list(fresh.values()), given) if fresh else lines

    def _guarded(self, table: str, groups: list[list[Search]], given: str = "") -> list[str]:
        return [f"if {given or table}:", *_indented(self._in_rows(table, groups))]

    def _in_rows(self, table: str, groups: list[list[Search]]) -> Iterable[str]:
        """With at least one row in the table."""
        waiting = groups
        while True:
            (shared, sharing), (column, asking) = _most_shared(waiting), _most_asked(waiting)
            if column and asking >= sharing:
                inside = [alike for alike in waiting if _asks(alike, column) is not None]
                waiting = [alike for alike in waiting if _asks(alike, column) is None]
                yield from self._by_code(table, column, inside)
            elif shared is not None:
                inside = [alike for alike in waiting if shared in alike[0].tests]
                waiting = [alike for alike in waiting if shared not in alike[0].tests]
                name = self._name(table, shared.python)
                if name is None:
                    name = self._named("t", table, shared.python)
                    yield f"{name} = [r for r in {table} if {shared.python}]"
                yield from self._guarded(name, [_without(alike, shared) for alike in inside])
            else:
                break
        yield from self._searches(table, waiting)

    def _searches(self, table: str, groups: list[list[Search]]) -> Iterable[str]:
        """With at least one row in the table: each search by itself."""
        down = f"{table}[::-1]"
        if sum(_looks_down(alike[0]) for alike in groups) > 1:
            name = self._named("down", table, down)
            yield f"{name} = {down}"
            down = name
        for alike in groups:
            yield from _search(table, down, alike)

    def _by_code(self, table: str, column: str, groups: list[list[Search]]) -> Iterable[str]:
        """With at least one row in the table: searches that each ask for some code of one column."""
        by = self._name(table, column)
        if by is None:
            by = self._named("by", table, column)
            yield f"{by} = {{}}"
            yield f"for r in {table}:"
            yield f"    {by}.setdefault({column}, []).append(r)"
        asked: dict[RowTest, list[list[Search]]] = {}
        for alike in groups:
            test = _asks(alike, column)
            assert test is not None
            asked.setdefault(test, []).append(alike)
        for test, those in asked.items():
            yield f"if {' or '.join(f'{code!r} in {by}' for code in test.codes)}:"
            if len(test.codes) == 1:
                inside = self._in_rows(f"{by}[{test.codes[0]!r}]", [_without(alike, test) for alike in those])
            else:  # their order is that of the table
                inside = self._searches(table, those)
            yield from _indented(inside)

    def _name(self, table: str, what: str) -> str | None:
        return self._lists.get((table, what))

    def _named(self, prefix: str, table: str, what: str) -> str:
        kind = re.sub(r"^(t|by)_|\[.*|(_\d+)", "", table)
        self._lists[table, what] = name = f"{prefix}_{kind}_{len(self._lists) + 1}"
        return name


def _most_shared(groups: list[list[Search]]) -> tuple[RowTest | None, int]:
    """The test that most groups share and their number, where that is worth a list."""
    counted = Counter(test for alike in groups for test in alike[0].tests)
    test, number = counted.most_common(1)[0] if counted else (None, 0)
    return (test, number) if number >= WORTH_A_LIST else (None, 0)


def _most_asked(groups: list[list[Search]]) -> tuple[str, int]:
    """The column of which most groups ask for a code and their number, where that is worth putting rows by code: when
    they ask for different ones."""
    asked: dict[str, list[RowTest]] = {}
    for alike in groups:
        for column in dict.fromkeys(test.column for test in alike[0].tests if test.codes):
            test = _asks(alike, column)
            assert test is not None
            asked.setdefault(column, []).append(test)
    worth = {column: len(tests) for column, tests in asked.items() if len(set(tests)) >= WORTH_CODES}
    return max(worth.items(), key=lambda item: item[1], default=("", 0))


def _asks(alike: list[Search], column: str) -> RowTest | None:
    """The test by which a group asks for a code of the column."""
    return next((test for test in alike[0].tests if test.codes and test.column == column), None)


def _without(alike: list[Search], test: RowTest) -> list[Search]:
    return [replace(search, tests=tuple(one for one in search.tests if one != test)) for search in alike]


def _looks_down(search: Search) -> bool:
    """Whether it looks at the latest row first, and then at those before it."""
    return search.end == "last" and bool(search.tests)


def _search(table: str, down: str, alike: list[Search]) -> list[str]:
    """The lines of searches for one row; `down` is the Python of the table from the latest row on."""
    first = alike[0]
    test = " and ".join(one.python for one in first.tests)
    if not first.end:
        return [line for search in alike for line in _all_rows(table, search, test)]
    values = [f"f_{search.fact} = {search.of_row}" for search in alike]
    if not test:
        return [f"found[{first.place}] = r = {table}[{0 if first.end == 'first' else -1}]", *values]
    return [
        f"for r in {table if first.end == 'first' else down}:",
        f"    if {test}:",
        *_indented(_indented([f"found[{first.place}] = r", *values, "break"])),
    ]


def _again(search: Search) -> list[str]:
    """The lines of a fact whose row was looked for before, for another fact."""
    return [f"r = found[{search.place}]", "if r is not None:", f"    f_{search.fact} = {search.of_row}"]


def _all_rows(table: str, search: Search, test: str) -> list[str]:
    """Minimum, maximum, sum and count. The sum over no row, or with an unknown part, is unknown."""
    name, value, only = f"f_{search.fact}", search.value.format(r="r"), f" if {test}" if test else ""
    if search.take == "count":
        return [f"{name} = sum(1 for r in {table}{only})" if test else f"{name} = len({table})"]
    if search.take == "sum":
        return [f"x = [{value} for r in {table}{only}]", f"{name} = sum(x) if x and None not in x else None"]
    operator = "<" if search.take == "min" else ">"
    return [
        f"for r in {table}:",
        *([f"    if not ({test}):", "        continue"] if test else []),
        f"    x = {value}",
        f"    if x is not None and ({name} is None or x {operator} {name}):",
        f"        {name} = x; found[{search.place}] = r",
    ]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
