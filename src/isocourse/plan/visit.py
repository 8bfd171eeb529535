"""What the protocol wants written down now: every event that would mend a finding, with the rules that ask for it.

Nothing is asked that no rule and no task asks for. Rules name the events that mend them; here they are gathered from
the findings of today and from the way to the next supply. Which form such an event is typed into is told in `words`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from datetime import date as calendar_date
from typing import Any

from isocourse.engine import model as m
from isocourse.engine.decide import Decision, Evaluation, evaluate, fact_of, standing, tasks_due
from isocourse.engine.edition import Edition
from isocourse.engine.python_backend import FIRED
from isocourse.plan.earliest import Earliest, fields_of
from isocourse.record.dates import iso
from isocourse.record.events import Event
from isocourse.record.record import event_from
from isocourse.record.tables import Rows, with_events


@dataclass(frozen=True)
class Wanted:
    """An event that would mend a rule. `fields` are the plan's own, ids of the record filled in. `today` False: it
    counts only from a later day on. `withholds`: the next supply waits for it."""

    kind: str
    fields: Mapping[str, Any]
    rule: str
    says: str
    mend: str
    who: str
    withholds: bool
    today: bool


def wanted(decision: Decision, earliest: Earliest) -> tuple[Wanted, ...]:
    """Everything that findings and the next supply ask to be written down, what withholds first."""
    found = [
        each
        for finding in decision.findings
        for each in _of_rule(decision, finding.rule, withholds=finding.withholds, following=False)
    ]
    fired = {finding.rule.id for finding in decision.findings}
    for step in earliest.steps:
        if step.rule.id not in fired and step.earliest <= decision.as_of:
            found.extend(_of_rule(decision, step.rule, withholds=True, following=True))
    return tuple(sorted(found, key=lambda each: not each.withholds))


def _of_rule(decision: Decision, rule: m.Rule, *, withholds: bool, following: bool) -> Iterator[Wanted]:
    mend, evaluation = rule.mend, decision.evaluation
    if mend is None:
        return
    from_day = fact_of(decision.edition, evaluation, mend.not_before) if mend.not_before is not None else None
    today = from_day is None or from_day <= decision.as_of
    for event in mend.events:
        # What does not fire yet may name events that the plan made up: there is nothing to show.
        if following and (event.names_events_of or event.one_for_each):
            continue
        for fields in fields_of(decision.edition, evaluation, event):
            yield Wanted(event.kind, fields, rule.id, rule.says, mend.says, mend.who, withholds, today)


def tasks_now(decision: Decision) -> tuple[str, ...]:
    """The protocol's own tasks that may be done today, by their ids."""
    return tuple(
        task.id
        for task, begins, _ in tasks_due(decision.edition, decision.evaluation)
        if not task.window and (begins is None or begins <= decision.as_of)
    )


def settled_by(role: str, each: Wanted, edition: Edition, prepared: Rows, evaluation: Evaluation) -> bool:
    """Whether the wanted event settles its rule when somebody of this role writes it: it is tried, so the protocol
    alone says who may decide what."""
    made = _tried(role, each, evaluation.as_of)
    after = evaluate(edition, with_events(prepared, [made]), evaluation.as_of, evaluation)
    return each.rule not in _blocking(edition, after)


def _tried(role: str, each: Wanted, day: int) -> Event:
    at = datetime.combine(calendar_date.fromordinal(day), time(23, 59), UTC)
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in each.fields.items()}
    return event_from(
        {
            "id": "tried",
            "kind": each.kind,
            "happened_on": iso(day),
            "recorded_at": at,
            "author": {"id": "tried", "role": role},
            **plain,
        }
    )


def _blocking(edition: Edition, evaluation: Evaluation) -> frozenset[str]:
    found = set()
    for place in standing(edition, evaluation):
        rule = edition.rules[place]
        effect = rule.then if evaluation.states[place] == FIRED else rule.if_unknown
        if effect.supply == "withhold":
            found.add(rule.id)
    return frozenset(found)
