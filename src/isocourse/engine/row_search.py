"""The lines of generated code that look rows up, each kind of row in as few passes as can be.

Facts of one kind share what they ask of a row ("this course", "not yet looked at"). Rows that pass a shared test are
listed once, and the facts that share it search that shorter list; where a list is empty, all of them are settled at
once without a search:

    t_graded_lab_1 = [r for r in t_graded_lab if r.current]
    if t_graded_lab_1:
        ...
    else:
        f_stop_decided = f_hold_decided = False

Which rows pass does not depend on the order of the tests, so a fact finds the same row as if it searched alone.

The row that a fact of one row was found in is kept in `found`, under the fact's place; most facts find none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

ONE_ROW = ("latest", "earliest", "exists")
WORTH_A_LIST = 4  # facts that share a test; with fewer, listing the rows costs more than it saves (measured)
LINE = 110


@dataclass(frozen=True)
class Search:
    """One aggregate: `tests` are Python conditions on a row `r` that all have to hold; `value` is the Python of the
    column of a row `{r}`, empty for count and exists. `place` is the fact's among all facts."""

    fact: str
    place: int
    take: str
    tests: tuple[str, ...]
    value: str

    @property
    def nothing(self) -> str:
        """What it is when there is no row."""
        return {"exists": "False", "count": "0"}.get(self.take, "None")

    @property
    def of_row(self) -> str:
        """Python of its value once it found the row `r`."""
        return "True" if self.take == "exists" else self.value.format(r="r")

    @property
    def end(self) -> str:
        """From which end it takes one row; empty for what takes all of them."""
        return ("first" if self.take == "earliest" else "last") if self.take in ONE_ROW else ""


@dataclass
class RowCode:
    """Writes the searches of one function."""

    _known: dict[tuple[str, str, frozenset[str]], int] = field(default_factory=dict)
    _lists: dict[tuple[str, str], str] = field(default_factory=dict)

    def block(self, table: str, searches: Sequence[Search]) -> list[str]:
        """The lines that settle these searches in one table of rows."""
        lines: list[str] = []
        fresh: dict[tuple[str, str, frozenset[str]], list[Search]] = {}
        for search in searches:
            key = (table, search.end or search.fact, frozenset(search.tests))
            if key in self._known:
                lines += _again(search, self._known[key])
            else:
                fresh.setdefault(key, []).append(search)
        for key, alike in fresh.items():
            self._known[key] = alike[0].place
        return lines + self._guarded(table, list(fresh.values())) if fresh else lines

    def _guarded(self, table: str, groups: list[list[Search]]) -> list[str]:
        flat = [search for alike in groups for search in alike]
        return [f"if {table}:", *_indented(self._in_rows(table, groups)), "else:", *_indented(_nothing(flat))]

    def _in_rows(self, table: str, groups: list[list[Search]]) -> Iterable[str]:
        """With at least one row in the table."""
        waiting = groups
        while (shared := _most_shared(waiting)) is not None:
            inside = [alike for alike in waiting if shared in alike[0].tests]
            waiting = [alike for alike in waiting if shared not in alike[0].tests]
            if (table, shared) not in self._lists:
                self._lists[table, shared] = name = f"{table.rstrip('_0123456789')}_{len(self._lists) + 1}"
                yield f"{name} = [r for r in {table} if {shared}]"
            yield from self._guarded(self._lists[table, shared], [_without(alike, shared) for alike in inside])
        for alike in waiting:
            yield from _search(table, alike)


def _most_shared(groups: list[list[Search]]) -> str | None:
    counted = Counter(test for alike in groups for test in alike[0].tests)
    shared = counted.most_common(1)
    return shared[0][0] if shared and shared[0][1] >= WORTH_A_LIST else None


def _without(alike: list[Search], test: str) -> list[Search]:
    return [replace(search, tests=tuple(one for one in search.tests if one != test)) for search in alike]


def _search(table: str, alike: list[Search]) -> list[str]:
    first = alike[0]
    test = " and ".join(first.tests)
    if not first.end:
        return [line for search in alike for line in _all_rows(table, search, test)]
    keep = " = ".join([*(f"found[{search.place}]" for search in alike), "r"])
    values = [f"f_{search.fact} = {search.of_row}" for search in alike]
    if not test:
        return [f"{keep.removesuffix(' = r')} = r = {table}[{0 if first.end == 'first' else -1}]", *values]
    return [
        *_nothing(alike),
        f"for r in {table}:" if first.end == "first" else f"for r in reversed({table}):",
        f"    if {test}:",
        *_indented(_indented([keep, *values, "break"])),
    ]


def _again(search: Search, place: int) -> list[str]:
    """The lines of a fact whose row was looked for before, for the fact at `place`."""
    return [
        f"f_{search.fact} = {search.nothing}",
        f"r = found.get({place})",
        "if r is not None:",
        f"    found[{search.place}] = r",
        f"    f_{search.fact} = {search.of_row}",
    ]


def _nothing(searches: Sequence[Search]) -> list[str]:
    """The lines of facts that found no row."""
    empty: dict[str, list[str]] = {}
    for search in searches:
        empty.setdefault(search.nothing, []).append(f"f_{search.fact}")
    return [line for value, names in empty.items() for line in _all_are(names, value)]


def _all_rows(table: str, search: Search, test: str) -> list[str]:
    """Minimum, maximum, sum and count. The sum over no row, or with an unknown part, is unknown."""
    name, value, only = f"f_{search.fact}", search.value.format(r="r"), f" if {test}" if test else ""
    if search.take == "count":
        return [f"{name} = sum(1 for r in {table}{only})" if test else f"{name} = len({table})"]
    if search.take == "sum":
        return [f"x = [{value} for r in {table}{only}]", f"{name} = sum(x) if x and None not in x else None"]
    operator = "<" if search.take == "min" else ">"
    return [
        f"{name} = None",
        f"for r in {table}:",
        *([f"    if not ({test}):", "        continue"] if test else []),
        f"    x = {value}",
        f"    if x is not None and ({name} is None or x {operator} {name}):",
        f"        {name} = x; found[{search.place}] = r",
    ]


def _all_are(names: Sequence[str], value: str) -> list[str]:
    """Lines that give all these names one value."""
    lines: list[str] = []
    for name in names:
        if lines and len(lines[-1]) + len(name) + 10 < LINE:
            lines[-1] += f" = {name}"
        else:
            lines.append(name)
    return [f"{line} = {value}" for line in lines]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
