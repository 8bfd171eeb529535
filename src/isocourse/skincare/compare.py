"""Two products side by side: which asks less of the skin during the course, and what only one of them has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from isocourse.skincare.judge import RANK, Checked, Judged

Better = Literal["first", "second", "same"]
Why = Literal["verdict", "avoid", "take_care", "unknown", "nothing"]


@dataclass(frozen=True)
class Compared:
    """`better`: the one with less to avoid, else less to take care with, else less that is unknown. `by`: which of
    these decided. What only one has is listed of what matters: avoid, take care, unknown."""

    first: Checked
    second: Checked
    better: Better
    by: Why
    only_first: tuple[Judged, ...]
    only_second: tuple[Judged, ...]
    shared: tuple[Judged, ...]


def compare(first: Checked, second: Checked) -> Compared:
    """Two lists that were checked for the same market; an empty one is never the better."""
    better, by = _better(first, second)
    names = {one.name for one in _telling(first)} & {one.name for one in _telling(second)}
    return Compared(
        first=first,
        second=second,
        better=better,
        by=by,
        only_first=tuple(one for one in _telling(first) if one.name not in names),
        only_second=tuple(one for one in _telling(second) if one.name not in names),
        shared=tuple(one for one in _telling(first) if one.name in names),
    )


def _better(first: Checked, second: Checked) -> tuple[Better, Why]:
    verdicts = [RANK[one.verdict] if one.judged else len(RANK) for one in (first, second)]
    counted: tuple[tuple[Why, int, int], ...] = (
        ("verdict", verdicts[0], verdicts[1]),
        ("avoid", len(first.of("avoid")), len(second.of("avoid"))),
        ("take_care", len(first.of("take_care")), len(second.of("take_care"))),
        ("unknown", len(first.unknown), len(second.unknown)),
    )
    for why, mine, other in counted:
        if mine != other:
            return ("first" if mine < other else "second"), why
    return "same", "nothing"


def _telling(checked: Checked) -> tuple[Judged, ...]:
    """What matters, each name once."""
    found = {one.name: one for one in reversed(checked.judged) if one.verdict != "use"}
    return tuple(one for one in checked.judged if found.get(one.name) is one)
