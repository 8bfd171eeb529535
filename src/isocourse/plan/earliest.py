"""When is the earliest day on which this could be supplied, and what has to happen by then?

Each rule names the events that would mend it. They are added hypothetically, the decision is made again, and so
on, until nothing withholds: what can be done at once is put on the soonest day, what has to be fresh (the test,
the prescription) on the day of supply itself, and a waiting time moves that day. What nobody can arrange (a
period, a prescriber's judgement) is added too, and named: the answer is then "not before, and requires ...".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from datetime import date as calendar_date
from functools import lru_cache
from typing import Any

from isocourse.engine import model as m
from isocourse.engine.decide import Evaluation, evaluate, explainer, fact_of, standing
from isocourse.engine.edition import Edition
from isocourse.engine.python_backend import FIRED, UNKNOWN
from isocourse.record.dates import iso
from isocourse.record.events import Event
from isocourse.record.record import event_from
from isocourse.record.roles import PLANNER
from isocourse.record.tables import Rows, with_events

MOST_ROUNDS = 24
# On one day the unsafe of two observations counts, so a mend may have to wait for the day after the event it mends.
# A row still to come may overrule it again: then it waits for the day of supply, and once more for the day after.
MOST_SHIFTS = 3
PLANNED = "planned"


@dataclass(frozen=True)
class Step:
    """Something that has to happen before supply: from which day, and whether on the day of supply itself. `events`
    names what is planned for it."""

    rule: m.Rule
    mend: m.Mend
    earliest: int
    fresh: bool
    events: frozenset[str]


@dataclass(frozen=True)
class Earliest:
    """The earliest day of supply if every step is done. `day` is None when no steps lead there; `stuck` then names
    the rules in the way. `requires` names what has to happen and cannot be arranged; `planned` are the events that
    were added hypothetically."""

    day: int | None
    steps: tuple[Step, ...]
    requires: tuple[str, ...]
    stuck: tuple[str, ...] = ()
    planned: tuple[Event, ...] = ()


@dataclass
class _Planned:
    event: m.PlannedEvent
    fields: Mapping[str, Any]
    day: int | None  # None: on the day of supply


def earliest_supply(edition: Edition, prepared: Rows, evaluation: Evaluation) -> Earliest:
    """Work out the earliest day, starting from the evaluation of today."""
    as_of = day = evaluation.as_of
    planned: dict[tuple[str, str, str], _Planned] = {}
    steps: dict[str, Step] = {}
    shifts = 0
    for _ in range(MOST_ROUNDS):
        fired, undecided = _blocking(edition, evaluation)
        if not fired and not undecided:
            return _found(day, steps, _events(planned, day))
        before, known = _state(day, planned), set(planned)
        # What is certain first: it may settle what cannot be decided yet.
        for rules in (fired, undecided):
            for rule in rules:
                if rule.mend is not None:
                    day = max(day, _apply(edition, evaluation, rule, rule.mend, planned, known, steps, as_of))
            if _state(day, planned) != before:
                break
        else:
            if shifts == MOST_SHIFTS:
                return _stuck(steps, fired + undecided)
            shifts += 1
            day = _shift(day, fired + undecided, planned, steps, to_supply=shifts == 2)
        evaluation = evaluate(edition, with_events(prepared, _events(planned, day)), day, evaluation)
    return _stuck(steps, [rule for rules in _blocking(edition, evaluation) for rule in rules])


def _state(day: int, planned: Mapping[tuple[str, str, str], _Planned]) -> tuple[int, tuple[object, ...]]:
    return day, tuple((key, plan.day, len(plan.fields)) for key, plan in planned.items())


def _blocking(edition: Edition, evaluation: Evaluation) -> tuple[list[m.Rule], list[m.Rule]]:
    """The rules that withhold: those that fired, and those that cannot be decided."""
    fired: list[m.Rule] = []
    undecided: list[m.Rule] = []
    for place in standing(edition, evaluation):
        rule, state = edition.rules[place], evaluation.states[place]
        if state == FIRED and rule.then.supply == "withhold":
            fired.append(rule)
        elif state == UNKNOWN and rule.if_unknown.supply == "withhold":
            undecided.append(rule)
    return fired, undecided


def _apply(
    edition: Edition,
    evaluation: Evaluation,
    rule: m.Rule,
    mend: m.Mend,
    planned: dict[tuple[str, str, str], _Planned],
    known_before: set[tuple[str, str, str]],
    steps: dict[str, Step],
    as_of: int,
) -> int:
    """Plan the rule's mend; gives the first day on which supply could then be."""
    not_before = fact_of(edition, evaluation, mend.not_before) if mend.not_before is not None else None
    earliest = max(as_of, not_before) if not_before is not None else as_of
    known = steps.get(rule.id)
    fresh = any(event.on == "supply_day" for event in mend.events)
    if known is None or earliest > known.earliest:
        names = frozenset(f"{event.kind} {event.on} {sorted(event.fields.items())}" for event in mend.events)
        steps[rule.id] = Step(rule, mend, earliest, fresh, names)
    for event in mend.events:
        for fields in fields_of(edition, evaluation, event):
            on_day = earliest if event.on == "soonest" else None
            key = _twin(event, fields, planned)
            if event.first_as is not None and key in known_before:
                first = edition.library.rules[event.first_as]
                if first.mend is not None:
                    _apply(edition, evaluation, first, first.mend, planned, set(), steps, as_of)
            if key is None:
                planned[event.kind, event.on, repr(sorted(fields.items()))] = _Planned(event, fields, on_day)
                continue
            known_day = planned[key].day
            if on_day is not None and on_day > (known_day or 0):
                known_day = on_day
            planned[key] = _Planned(event, {**planned[key].fields, **fields}, known_day)
    return earliest


def _twin(
    event: m.PlannedEvent, fields: Mapping[str, Any], planned: Mapping[tuple[str, str, str], _Planned]
) -> tuple[str, str, str] | None:
    """What is already planned and can be the same event: one prescription that is new and states the dose, not one
    of each, of which the later would hide the other."""
    for key, plan in planned.items():
        if key[:2] == (event.kind, event.on) and all(
            plan.fields.get(name, value) == value for name, value in fields.items()
        ):
            return key
    return None


def _shift(
    day: int,
    blocking: list[m.Rule],
    planned: Mapping[tuple[str, str, str], _Planned],
    steps: dict[str, Step],
    *,
    to_supply: bool,
) -> int:
    """Everything planned for the rules in the way, a day later. Gives the first day on which supply could then be."""
    events = [event for rule in blocking if rule.mend is not None for event in rule.mend.events]
    kinds = {event.kind for event in events}
    for plan in planned.values():
        if plan.event.kind in kinds and plan.day is not None:
            plan.day = day if to_supply and plan.day < day else plan.day + 1
            day = max(day, plan.day)
    for rule in blocking:
        if rule.id in steps and rule.mend is not None:
            own = {(event.kind, event.on) for event in rule.mend.events}
            days = [plan.day for key, plan in planned.items() if key[:2] in own and plan.day is not None]
            earliest = max(days, default=steps[rule.id].earliest + 1)
            steps[rule.id] = replace(steps[rule.id], earliest=earliest)
    return day + 1 if any(event.on == "supply_day" for event in events) else day


def fields_of(edition: Edition, evaluation: Evaluation, event: m.PlannedEvent) -> list[dict[str, Any]]:
    """The fields of the event; of several, where it is wanted once for each event that a fact counted."""
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in event.fields.items()}
    for field, fact in event.names_events_of.items():
        fields[field] = _counted(edition, evaluation, fact)
    found = [fields]
    for field, fact in event.one_for_each.items():
        ids = _counted(edition, evaluation, fact)
        found = [{**given, field: event_id} for given in found for event_id in ids]
    return found


def _counted(edition: Edition, evaluation: Evaluation, fact: str) -> tuple[str, ...]:
    why = explainer(edition, evaluation)
    return tuple(dict.fromkeys(event_id for row in why.matching(fact) for event_id in row.events))


def _events(planned: Mapping[tuple[str, str, str], _Planned], supply_day: int) -> list[Event]:
    plans = list(planned.values())
    alike: dict[str, list[_Planned]] = {}
    for plan in plans:
        alike.setdefault(plan.event.kind, []).append(plan)
    return [
        _event(plan.event.kind, index, plan.day if plan.day is not None else supply_day, tuple(plan.fields.items()))
        for index, plan in enumerate(plans)
        if not any(_says_more(other, plan) for other in alike[plan.event.kind])
    ]


def _says_more(other: _Planned, plan: _Planned) -> bool:
    """Whether another plan of this kind is the same act on the same day with more said about it (a prescription with
    its dose)."""
    return (
        other.day == plan.day and len(other.fields) > len(plan.fields) and plan.fields.items() <= other.fields.items()
    )


@lru_cache(maxsize=4096)
def _event(kind: str, index: int, day: int, fields: tuple[tuple[str, Any], ...]) -> Event:
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in fields}
    return event_from(
        {
            "kind": kind,
            "id": f"{PLANNED}-{index}",
            "happened_on": iso(day),
            "recorded_at": datetime.combine(calendar_date.fromordinal(day), time(23, 59), UTC),
            "author": {"id": PLANNED, "role": PLANNER},
            **plain,
        }
    )


def _found(day: int, steps: Mapping[str, Step], planned: list[Event]) -> Earliest:
    requires = dict.fromkeys(step.mend.says for step in steps.values() if not step.mend.arrangeable)
    settled = (replace(step, earliest=min(step.earliest, day)) for step in steps.values())
    return Earliest(day, tuple(settled), tuple(requires), planned=tuple(planned))


def _stuck(steps: Mapping[str, Step], blocking: list[m.Rule]) -> Earliest:
    requires = dict.fromkeys(step.mend.says for step in steps.values() if not step.mend.arrangeable)
    return Earliest(None, tuple(steps.values()), tuple(requires), tuple(rule.id for rule in blocking))
