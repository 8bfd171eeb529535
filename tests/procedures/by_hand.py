"""Procedures once more, by hand: an independent oracle for `isocourse.record.procedures`.

Written from the specification: for each procedure every other event is asked whether it settles it or carries it out.
No epochs, no order of rows, no shared helper. The names are those a clinician would accept, typed here again.
"""

from __future__ import annotations

from typing import Any

from isocourse.record import events as ev

NAMES = {"Hot-wax": "waxing", "pulsed  dye laser": "vascular_laser", "laser": None, "thread": None, "Biopsy": "surgery"}


def kind(event: Any) -> str:
    named = NAMES[event.text]
    if event.what is None:
        return named or "unread"
    if event.what == "other":
        return "unread"
    return "unread" if named is not None and named != event.what else event.what


def _seen(event: Any, as_of: int) -> bool:
    on = event.happened_on
    return bool((on.first if isinstance(event, ev.Procedure) else on.last) <= as_of)


def began(events: list[Any]) -> int | None:
    """Go back from the latest dose or supply to the last stop before it; the first one after that began the course."""
    doses = [e for e in events if isinstance(e, ev.Dispensing | ev.CourseStarted)]
    if not doses:
        return None
    latest = max(e.happened_on.last for e in doses)
    stops = [e.happened_on.last for e in events if isinstance(e, ev.CourseStopped) and e.happened_on.last < latest]
    return min(e.happened_on.first for e in doses if all(e.happened_on.last > stop for stop in stops))


def _decision(procedure: Any, events: list[Any], start: int | None, roles: tuple[str, ...]) -> str:
    found = [
        e
        for e in events
        if isinstance(e, ev.ProcedureDecided) and procedure.id in e.procedures and e.author.role in roles
    ]
    if not found:
        return "none"
    last = max(found, key=lambda e: (e.happened_on.first, e.recorded_at))
    return "none" if start is not None and last.happened_on.first < start else last.decision


def _same(a: Any, b: Any) -> bool:
    if kind(a) == "unread":
        return a.text.lower().replace("-", " ").split() == b.text.lower().replace("-", " ").split()
    return kind(a) == kind(b)


def _done_since(plan: Any, events: list[Any]) -> bool:
    for e in events:
        if not isinstance(e, ev.Procedure) or e.stage != "done" or not _same(plan, e):
            continue
        if e.happened_on.first < plan.happened_on.last:
            continue
        if plan.planned_for is None or e.happened_on.last >= plan.planned_for.first:
            return True
    return False


def rows(all_events: list[Any], as_of: int, roles: tuple[str, ...]) -> set[tuple[Any, ...]]:
    """(id, kind, stage, first day, in the course, decision, open, stands) of every procedure seen by then."""
    events = [e for e in all_events if _seen(e, as_of)]
    start = began(events)
    found = set()
    for e in events:
        if not isinstance(e, ev.Procedure):
            continue
        decision = _decision(e, events, start, roles)
        planned = e.stage == "planned"
        stands = planned and not _done_since(e, events)
        first = e.planned_for.first if e.planned_for is not None else e.happened_on.first
        in_course = planned or (start is not None and e.happened_on.last >= start)
        open_ = decision == "none" and (stands or e.stage == "done")
        found.add((e.id, kind(e), e.stage, first, in_course, decision, open_, stands))
    return found
