"""What there is to do: from the findings, from the way to the next supply, and from the course itself."""

from __future__ import annotations

from dataclasses import dataclass

from isocourse.engine import model as m
from isocourse.engine.decide import Decision, tasks_due
from isocourse.plan.earliest import Earliest, Step


@dataclass(frozen=True)
class Todo:
    """One thing to do. `earliest` and `due` are days, None where they are not known; `why` names rules or the task.
    What is `urgent` comes first: a rule that stops the capsules asks for it."""

    what: str
    who: str
    earliest: int | None
    due: int | None
    why: tuple[str, ...]
    arrangeable: bool = True
    urgent: bool = False


@dataclass(frozen=True)
class Window:
    """The span of days in which supply (or prescribing) may take place, both inclusive."""

    what: str
    opens: int
    last_day: int


def windows(decision: Decision) -> tuple[Window, ...]:
    """The windows open or about to open on the day of the decision."""
    return tuple(
        Window(task.what, opens, last)
        for task, opens, last in tasks_due(decision.edition, decision.evaluation)
        if task.window and opens is not None and last is not None
    )


def todos(decision: Decision, earliest: Earliest) -> tuple[Todo, ...]:
    """Everything to do, soonest first, each thing once with all its reasons."""
    found: dict[str, Todo] = {}
    for step in _merged(earliest.steps):
        _add(found, _from_step(step, decision, earliest))
    for finding in decision.findings:
        if not finding.withholds and finding.rule.mend is not None:
            _add(found, _from_mend(finding.rule, finding.rule.mend, decision.as_of))
    for task, begin, due in tasks_due(decision.edition, decision.evaluation):
        if not task.window:
            _add(found, Todo(task.what, task.who, begin, due, (task.id,)))
    return tuple(sorted(found.values(), key=lambda todo: (not todo.urgent, todo.earliest or 0, todo.due or 10**9)))


def _merged(steps: tuple[Step, ...]) -> list[Step]:
    """Steps done by the same fresh events become one: the later, or the one that asks for more."""
    kept: list[Step] = []
    for step in steps:
        if not any(other is not step and _covers(other, step, steps) for other in steps):
            kept.append(step)
    return kept


def _covers(other: Step, step: Step, steps: tuple[Step, ...]) -> bool:
    """Whether doing `other` also does `step`. Of two that cover each other the one named later stays."""
    if not step.fresh or not step.events or not step.events <= other.events:
        return False
    if other.events == step.events and other.earliest == step.earliest:
        return steps.index(other) > steps.index(step)
    return other.earliest >= step.earliest


def _from_step(step: Step, decision: Decision, earliest: Earliest) -> Todo:
    if step.rule.then.capsules == "stop_now":
        # To be acted on today, whenever what then clears it can be.
        today = decision.as_of
        return Todo(step.mend.says, step.mend.who, today, today, (step.rule.id,), step.mend.arrangeable, True)
    due = earliest.day if step.fresh or not step.mend.events else step.earliest
    return Todo(step.mend.says, step.mend.who, step.earliest, due, (step.rule.id,), step.mend.arrangeable)


def _from_mend(rule: m.Rule, mend: m.Mend, as_of: int) -> Todo:
    return Todo(mend.says, mend.who, as_of, as_of, (rule.id,), mend.arrangeable)


def _add(found: dict[str, Todo], todo: Todo) -> None:
    known = found.get(todo.what)
    if known is None:
        found[todo.what] = todo
        return
    urgent = known.urgent or todo.urgent
    pick = min if urgent else max
    begins = [day for day in (known.earliest, todo.earliest) if day is not None]
    earliest = pick(begins) if begins else None
    dues = [day for day in (known.due, todo.due) if day is not None]
    due = max(min(dues), earliest or 0) if dues else None
    arrangeable = known.arrangeable and todo.arrangeable
    found[todo.what] = Todo(todo.what, todo.who, earliest, due, (*known.why, *todo.why), arrangeable, urgent)
