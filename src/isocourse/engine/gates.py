"""The lines of generated code that ask once what many statements ask first.

Most rules have not fired on most days, and most of them for one of a few reasons: the course has not begun, nothing
was supplied, nothing waits for a supply. Statements that share such a test stand under it together, so that one test
settles all of them:

    if f_treatment_over:
        if not f_capsules_back:
            states[204] = 1
        if not f_eyes_asked:
            states[205] = 1

A statement is carried out exactly when all its tests hold, whatever their order: they only compare, and none fails on
what is unknown. What is not carried out leaves what it would set as it was, so that has to be set before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Gated(NamedTuple):
    """A statement, and the Python tests that all have to hold for it."""

    tests: tuple[str, ...]
    statement: str


def nested(waiting: Sequence[Gated]) -> Iterator[str]:
    """The lines of these statements, those that share a test under it; the test that most of them share comes first."""
    while True:
        counted = Counter(test for each in waiting for test in dict.fromkeys(each.tests))
        shared, number = counted.most_common(1)[0] if counted else ("", 0)
        if number < 2:
            break
        yield f"if {shared}:"
        yield from _indented(nested([_without(each, shared) for each in waiting if shared in each.tests]))
        waiting = [each for each in waiting if shared not in each.tests]
    for each in waiting:
        if each.tests:
            yield f"if {' and '.join(each.tests)}:"
            yield f"    {each.statement}"
        else:
            yield each.statement


def _without(each: Gated, test: str) -> Gated:
    return Gated(tuple(one for one in each.tests if one != test), each.statement)


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)
