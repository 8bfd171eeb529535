"""Rows searched together, and a later day worked out in part, give what searching one by one and anew give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from isocourse.engine import row_search
from isocourse.engine.columns import COLUMNS
from isocourse.engine.decide import evaluate, explainer, prepare
from isocourse.engine.python_backend import compile_run, generate
from tests.generative.courses import SUITE, Case, cases, edition

PICKED = cases(SUITE)[::5]


def one_by_one(take: str, rows: list[Any], value: Any) -> tuple[Any, Any]:
    """The fact and the row it is from, from all rows that pass its filter, by the words of its definition."""
    values = [value(row) for row in rows]
    known = [one for one in values if one is not None]
    match take:
        case "count":
            return len(rows), None
        case "exists":
            return bool(rows), rows[-1] if rows else None
        case "sum":
            return (sum(values) if values and len(known) == len(values) else None), None
        case "latest" | "earliest":
            place = -1 if take == "latest" else 0
            return (values[place], rows[place]) if rows else (None, None)
    best = (min if take == "min" else max)(known, default=None)
    return best, rows[values.index(best)] if known else None


def differences(case: Case) -> Iterator[str]:
    evaluation = evaluate(case.whole, prepare(case.record), case.as_of)
    why = explainer(case.whole, evaluation)
    for fact, found, kept in zip(case.whole.facts, evaluation.facts, case.whole.row_places, strict=True):
        picked = evaluation.found[kept]
        if fact.take:
            read = COLUMNS[fact.of][fact.column].python.format(r="r") if fact.column else "True"
            wanted, row = one_by_one(fact.take, list(why.matching(fact.name)), eval(f"lambda r: {read}"))  # noqa: S307
            if found != wanted or picked is not row:
                yield f"{fact.name}: {found}, one by one {wanted}"


def test_facts_found_together_are_those_found_one_by_one() -> None:
    for case in PICKED:
        assert list(differences(case)) == [], case.told()


def test_a_later_day_in_part_is_the_later_day() -> None:
    moved = 0
    for case in PICKED:
        edition = case.whole
        today = evaluate(edition, prepare(case.record), case.as_of)
        _, places = edition.later_source
        for days in (1, 7, 31, 200):
            day = case.as_of + days
            _, _, wanted = edition.run(today.rows, today.episodes, day)
            found = edition.later(today.rows, today.episodes, today.facts, day)
            assert found == tuple(wanted[place] for place in places), case.told()
            rest = [(a, b) for n, (a, b) in enumerate(zip(today.states, wanted, strict=True)) if n not in places]
            assert all(a == b for a, b in rest), case.told()
            moved += wanted != today.states
    assert moved > 100


# --- planted fault --------------------------------------------------------------------------------
def caught(monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether some case shows that what is generated now is wrong."""
    of = edition("us", None, whole=True)
    source = generate(of.facts, of.conditions, of.constants)
    monkeypatch.setitem(of.__dict__, "run", compile_run(source, of.constants))
    return any(list(differences(case)) for case in cases(SUITE)[:400] if case.whole is of)


def test_a_row_from_the_wrong_end_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_search.Search, "end", property(lambda self: "first" if self.take != "count" else ""))
    assert caught(monkeypatch)


def test_rows_of_another_code_taken_in_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if rows were all put under one code."""
    put = row_search.RowCode._by_code
    monkeypatch.setattr(
        row_search.RowCode,
        "_by_code",
        lambda self, table, column, groups: (
            line.replace(f"setdefault({column}, ", "setdefault('headache', ")
            for line in put(self, table, column, groups)
        ),
    )
    assert caught(monkeypatch)
