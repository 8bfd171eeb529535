"""Procedures as rules see them: which kind, for when, in which course, and what the dermatologist decided. Pure.

A plan stands until a decision names it or the same procedure is done. A decision counts when somebody who may decide
made it, and not before the course now in question began: what was settled for one course is asked again in the next.
A date of which only a part is known is read to the side on which the procedure comes too early.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from isocourse.record import terminology as t
from isocourse.record.policy import Policy
from isocourse.record.procedure_codes import plain_name, read_procedure
from isocourse.record.tables import Rows

_NONE: list[Any] = []
SeenKind = Literal[t.ProcedureKind, "unread"]
Decided = Literal[t.ProcedureDecision, "none"]


class ProcedureSeen(Struct, frozen=True, gc=False):
    """One procedure, planned or done.

    `on_day` is the first day it may be done (or may have been). `in_course`: done on or after the first dose of the
    latest course, or planned. `decision` is the latest that counts, "none" without one; `is_open` while there is none
    and a plan has not been carried out. `stands`: planned and not yet carried out.
    """

    day: int
    procedure_kind: SeenKind
    procedure_name: str
    stage: t.ProcedureStage
    on_day: int
    in_course: bool
    decision: Decided
    is_open: bool
    stands: bool
    events: tuple[str, ...]


def procedures_seen(rows: Rows, epoch_days: list[int], exposed_day: int | None, policy: Policy) -> list[ProcedureSeen]:
    """Every procedure on record. `epoch_days` are the ends of courses, `exposed_day` the latest supply or first dose
    (None: never exposed)."""
    recorded = rows.get("procedure", _NONE)
    if not recorded:
        return _NONE
    began = course_began(rows, epoch_days, exposed_day)
    done = [event for event in recorded if event.stage == "done"]
    found = []
    for event in recorded:
        decision = _decision(event, rows, began, policy)
        planned = event.stage == "planned"
        stands = planned and not any(_carried_out(event, other) for other in done)
        found.append(
            ProcedureSeen(
                day=event.happened_on.last,
                procedure_kind=read_procedure(event.text, event.what),
                procedure_name=event.text,
                stage=event.stage,
                on_day=(event.planned_for or event.happened_on).first,
                in_course=planned or (began is not None and event.happened_on.last >= began),
                decision="none" if decision is None else decision.decision,
                is_open=decision is None and (stands or not planned),
                stands=stands,
                events=(event.id,) if decision is None else (event.id, decision.id),
            )
        )
    return found


def course_began(rows: Rows, epoch_days: list[int], exposed_day: int | None) -> int | None:
    """The first day of the course to which the latest exposure belongs; None without any exposure."""
    if exposed_day is None:
        return None
    ended = max(day for day in epoch_days if day < exposed_day)
    days: list[int] = [
        event.happened_on.first
        for kind in ("dispensing", "course_start")
        for event in rows.get(kind, _NONE)
        if event.happened_on.last > ended
    ]
    return min(days)


def _decision(event: Any, rows: Rows, began: int | None, policy: Policy) -> Any | None:
    """The latest decision that names this very entry; of an amended one nobody has judged the new words."""
    for decided in reversed(rows.get("procedure_decided", _NONE)):
        if event.id not in decided.procedures or decided.author.role not in policy.procedure_deciding_roles:
            continue
        return decided if began is None or decided.happened_on.last >= began else None
    return None


def _carried_out(plan: Any, done: Any) -> bool:
    """Whether what was done is certainly later than the plan, the same, and not earlier than the day agreed."""
    if done.happened_on.first < plan.happened_on.last:
        return False
    if plan.planned_for is not None and plan.planned_for.first > done.happened_on.last:
        return False
    kind = read_procedure(plan.text, plan.what)
    if kind == "unread":
        return plain_name(plan.text) == plain_name(done.text)
    return kind == read_procedure(done.text, done.what)
