"""Two editions over the same courses: who is decided otherwise, by which rule, and whether that is safer or looser.

Pure: it takes records with the days to decide for (made up or real) and keeps nothing of them but their names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from isocourse.engine import model as m
from isocourse.engine.decide import Evaluation, Finding, answers, evaluate, findings, prepare
from isocourse.engine.edition import Edition
from isocourse.engine.language import names_in
from isocourse.engine.python_backend import FIRED
from isocourse.engine.resolve import value_name
from isocourse.record.record import Record

Kind = Literal["appears", "vanishes", "changes"]
Direction = Literal["looser", "stricter", "same"]
_ORDER: dict[Direction, int] = {"looser": 0, "stricter": 1, "same": 2}


class Case(NamedTuple):
    """One course: its name, its record, and (day, moment of knowledge or None) to decide for."""

    name: str
    record: Record
    looks: tuple[tuple[int, datetime | None], ...]


class Answers(NamedTuple):
    """The two answers of one decision."""

    supply: str
    capsules: str


class Change(NamedTuple):
    """Both answers before and after."""

    before: Answers
    after: Answers

    @property
    def direction(self) -> Direction:
        """Looser when either answer protects less than before, even where the other protects more."""
        return _direction(self.moves)

    @property
    def moves(self) -> tuple[int, int]:
        """How much more supply and capsules are protected than before; negative is less."""
        return (
            m.SUPPLY.index(self.after.supply) - m.SUPPLY.index(self.before.supply),
            m.CAPSULES.index(self.after.capsules) - m.CAPSULES.index(self.before.capsules),
        )


def _direction(moves: tuple[int, ...]) -> Direction:
    return "looser" if min(moves) < 0 else "stricter" if max(moves) > 0 else "same"


class Example(NamedTuple):
    """One decision of a group, to look at: the findings of the rule under the old and the new edition."""

    course: str
    day: int
    change: Change
    before: Finding | None
    after: Finding | None


@dataclass
class Group:
    """What one rule does otherwise. `changes` counts decisions by answers before and after; another rule that differs
    on the same day may have had a part in them, or the whole."""

    rule: str
    says: str
    kind: Kind
    effects: tuple[m.Effect | None, m.Effect | None]
    courses: list[str] = field(default_factory=list)
    changes: Counter[Change] = field(default_factory=Counter)
    example: Example | None = None

    @property
    def decisions(self) -> int:
        return self.changes.total()

    @property
    def direction(self) -> Direction:
        """Where the rule had a part in an answer, the worst of those decisions; else what it does itself. A rule that
        only informs is the same."""
        found = {self.part_in(change) for change in self.changes} - {"same"}
        return min(found, key=_ORDER.__getitem__) if found else _direction(self._moves)

    @property
    def _moves(self) -> tuple[int, int]:
        before, after = (_weight(effect) for effect in self.effects)
        return after[0] - before[0], after[1] - before[1]

    def part_in(self, change: Change) -> Direction:
        """The direction of those answers that changed as the rule itself did; the same where it had no part."""
        shared = (moved if moved * own > 0 else 0 for moved, own in zip(change.moves, self._moves, strict=True))
        return _direction(tuple(shared))


@dataclass(frozen=True)
class Impact:
    """Two editions of one programme over a number of courses. `unreached` are rules that differ and changed nobody;
    `values` the names of values that differ, with the one before and the one after (None: not there)."""

    old: Edition
    new: Edition
    courses: int
    decisions: int
    not_in_force: int
    changes: Mapping[Change, int]
    courses_changed: tuple[str, ...]
    groups: tuple[Group, ...]
    unreached: tuple[str, ...]
    values: tuple[tuple[str, Any, Any], ...]

    @property
    def nobody(self) -> bool:
        return not self.groups


def compare(old: Edition, new: Edition, cases: Iterable[Case]) -> Impact:
    """Decide every look of every case under both editions of one programme, and group what differs by rule."""
    groups: dict[tuple[Any, ...], Group] = {}
    changes: Counter[Change] = Counter()
    changed: list[str] = []
    seen = decided = early = 0
    for case in cases:
        seen += 1
        for day, known_at in case.looks:
            if day < _first_day(old) or day < _first_day(new):
                early += 1
                continue
            decided += 1
            change = _look(old, new, case, (day, known_at), groups)
            changes[change] += 1
            if change.before != change.after and changed[-1:] != [case.name]:
                changed.append(case.name)
    reached = {group.rule for group in groups.values()}
    return Impact(
        old=old,
        new=new,
        courses=seen,
        decisions=decided,
        not_in_force=early,
        changes={change: count for change, count in changes.items() if change.direction != "same"},
        courses_changed=tuple(changed),
        groups=tuple(sorted(groups.values(), key=_rank)),
        unreached=tuple(name for name in differing_rules(old, new) if name not in reached),
        values=differing_values(old, new),
    )


def _rank(group: Group) -> tuple[int, int, str, str]:
    return _ORDER[group.direction], -len(group.courses), group.rule, group.kind


def _first_day(edition: Edition) -> int:
    return edition.programme.versions[0].from_day


def _look(
    old: Edition, new: Edition, case: Case, at: tuple[int, datetime | None], groups: dict[tuple[Any, ...], Group]
) -> Change:
    prepared = prepare(case.record, at[1])
    before, after = evaluate(old, prepared, at[0]), evaluate(new, prepared, at[0])
    change = Change(Answers(*answers(old, before)), Answers(*answers(new, after)))
    for rule, kind, effects in _differences(_effects(old, before), _effects(new, after)):
        key = (rule.id, kind, *effects)
        group = groups.get(key)
        if group is None:
            group = groups[key] = Group(rule.id, rule.says, kind, effects)
        if group.courses[-1:] != [case.name]:
            group.courses.append(case.name)
        if group.example is None or _ORDER[group.part_in(change)] < _ORDER[group.part_in(group.example.change)]:
            group.example = Example(
                case.name, at[0], change, _finding(old, before, rule.id), _finding(new, after, rule.id)
            )
        group.changes[change] += 1
    return change


_Speaking = Mapping[str, tuple[m.Rule, int, m.Effect]]


def _effects(edition: Edition, evaluation: Evaluation) -> _Speaking:
    """The rules that fired or could not be decided, with their state and what they do."""
    return {
        rule.id: (rule, state, rule.then if state == FIRED else rule.if_unknown)
        for rule, state in zip(edition.rules, evaluation.states, strict=False)
        if state
    }


def _differences(
    before: _Speaking, after: _Speaking
) -> Iterator[tuple[m.Rule, Kind, tuple[m.Effect | None, m.Effect | None]]]:
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old is None and new is not None:
            yield new[0], "appears", (None, new[2])
        elif new is None and old is not None:
            yield old[0], "vanishes", (old[2], None)
        elif old is not None and new is not None and old[1:] != new[1:]:
            yield new[0], "changes", (old[2], new[2])


def _finding(edition: Edition, evaluation: Evaluation, name: str) -> Finding | None:
    return next((found for found in findings(edition, evaluation) if found.rule.id == name), None)


def _weight(effect: m.Effect | None) -> tuple[int, int]:
    """How much a rule protects supply and capsules by itself; a rule that is silent, not at all."""
    if effect is None:
        return 0, 0
    supply = 1 if effect.supply == "withhold" else 0
    return supply, m.CAPSULES.index(effect.capsules) if effect.capsules in m.CAPSULES else 0


# --- what is written otherwise, whoever it reaches ------------------------------------------------
def same_rules(old: Edition, new: Edition) -> bool:
    """Whether the two decide alike by construction: the same code, values, policies, effects and first day."""
    return (
        (old.source, old.constants, old.policy, _first_day(old))
        == (new.source, new.constants, new.policy, _first_day(new))
        and [(r.id, r.then, r.if_unknown) for r in old.rules] == [(r.id, r.then, r.if_unknown) for r in new.rules]
    )  # fmt: skip


def differing_rules(old: Edition, new: Edition) -> tuple[str, ...]:
    """Rules of either edition whose condition, effects, days in force, facts or values are not the same."""
    before, after = _written(old), _written(new)
    return tuple(name for name in {**before, **after} if before.get(name) != after.get(name))


def _written(edition: Edition) -> dict[str, Any]:
    """Each rule with everything its condition reads, as text and numbers that can be compared."""
    facts: dict[str, Any] = {}
    reads: dict[str, frozenset[str]] = {}
    for fact in edition.facts:
        text = fact.reads.sql() if fact.reads is not None else ""
        facts[fact.name] = (fact.take, fact.column, fact.of, text, fact.keep_unknown_rows)
        names = names_in(fact.reads) if fact.reads is not None else ()
        reads[fact.name] = frozenset(names).union(*(reads.get(name, frozenset()) for name in names))
    found = {}
    for rule, condition in zip(edition.rules, edition.conditions, strict=False):
        near = {*names_in(condition.tree), condition.act}
        read = near.union(*(reads.get(name, ()) for name in near))
        what = {name: facts.get(name, edition.constants.get(name)) for name in read}
        span = (condition.from_day, condition.until_day, condition.act)
        found[rule.id] = (condition.tree.sql(), span, rule.then, rule.if_unknown, what)
    return found


def differing_values(old: Edition, new: Edition) -> tuple[tuple[str, Any, Any], ...]:
    """Values that are not the same for this programme, steps in their order; None where there is none."""
    before, after = _steps(old), _steps(new)
    return tuple(
        (name, before.get(name), after.get(name)) for name in {**before, **after} if before.get(name) != after.get(name)
    )


def _steps(edition: Edition) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for key, step in edition.value_steps.items():
        name = value_name(key)
        found[name] = (*found.get(name, ()), step.value)
    return found
