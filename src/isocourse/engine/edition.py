"""One programme of the protocol, with what the clinic has adopted: dated, resolved and compiled.

A version whose go-live is not confirmed governs beside the old one from its scheduled day (so the stricter of
the two holds) until the clinic records the day it adopted it; from then on it replaces the old one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from isocourse.engine import model as m
from isocourse.engine.clinic import Clinic, Departed, check_programme, rules_off, set_values
from isocourse.engine.language import names_in
from isocourse.engine.meaning import Node, meaning
from isocourse.engine.policy import policy_of
from isocourse.engine.python_backend import (
    CompiledCondition,
    Later,
    RowFilter,
    Run,
    compile_later,
    compile_run,
    generate,
    generate_later,
    row_filter,
    row_places,
)
from isocourse.engine.resolve import Resolver, Span, value_name
from isocourse.engine.signoff import SignOff, sign_off
from isocourse.engine.steps import Steps, begins_of, check_adopted, steps_of
from isocourse.errors import InputError, NotInForce
from isocourse.record.dates import iso
from isocourse.record.policy import Policy


@dataclass(frozen=True)
class Limit:
    """A value of the protocol that a fact was held against."""

    name: str
    value: Any
    kind: str
    says: str
    strength: str
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Edition:
    """A compiled programme. Make it with `edition_of`; it is immutable and safe to keep and share."""

    library: m.Library
    programme: m.Programme
    adopted: Mapping[str, int]
    facts: tuple[m.Fact, ...]
    rules: tuple[m.Rule, ...]
    tasks: tuple[m.Task, ...]
    conditions: tuple[CompiledCondition, ...]
    constants: Mapping[str, Any]
    value_steps: Mapping[str, m.ValueStep]
    policy: Policy
    cut_days: tuple[int, ...]
    source: str
    fact_index: Mapping[str, int] = field(default_factory=dict)
    dated_values: Mapping[str, Steps] = field(default_factory=dict)
    clinic: Clinic | None = None
    departed: tuple[Departed, ...] = ()

    @cached_property
    def run(self) -> Run:
        return compile_run(self.source, self.constants)

    @cached_property
    def row_places(self) -> tuple[int, ...]:
        """By place of a fact: where among the rows that `run` found its own is."""
        return tuple(row_places(self.facts, self.constants).values())

    @cached_property
    def later_source(self) -> tuple[str, tuple[int, ...]]:
        """The generated `later`, and the places of the rules and tasks that time alone can change."""
        return generate_later(self.facts, self.conditions, self.constants)

    @cached_property
    def later(self) -> Later:
        return compile_later(self.later_source[0], self.constants)

    @cached_property
    def effects(self) -> tuple[tuple[tuple[bool, int], tuple[bool, int]], ...]:
        """What each rule does to the two answers when it cannot be decided, and when it fired: whether it withholds the
        supply, and the place of what it says of capsules in hand in `CAPSULES` (0 for nothing)."""
        return tuple((_effect(rule.if_unknown), _effect(rule.then)) for rule in self.rules)

    @cached_property
    def day_facts(self) -> tuple[int, ...]:
        """The places of the facts that are days and do not move with as_of: where time can change an answer."""
        return tuple(i for i, fact in enumerate(self.facts) if fact.type.kind == "day" and not fact.moving)

    @cached_property
    def episodes_needed(self) -> frozenset[str]:
        """The kinds of rows that facts of this edition read."""
        return frozenset(fact.of for fact in self.facts if fact.take)

    @cached_property
    def meanings(self) -> Mapping[str, Node]:
        """The expressions of facts as nested tuples, for reasons."""
        return {fact.name: meaning(fact.expression) for fact in self.facts if fact.expression is not None}

    @cached_property
    def limits(self) -> Mapping[str, Limit]:
        """Every value by the name that conditions read it under (a value that changed has several)."""
        return {name: self._limit(value_name(name), step) for name, step in self.value_steps.items()}

    def _limit(self, name: str, step: m.ValueStep) -> Limit:
        declared = self.library.values[name]
        return Limit(name, step.value, declared.kind, declared.says, step.strength, step.confidence, step.sources)

    @cached_property
    def _dated_limits(self) -> Mapping[str, tuple[tuple[int, Limit], ...]]:
        """The values that change with time: each limit with the day from which it holds."""
        return {
            name: tuple((day, self._limit(name, step)) for day, step in steps)
            for name, steps in self.dated_values.items()
            if len(steps) > 1
        }

    def limit_on(self, limit: Limit, day: int) -> Limit:
        """What a value says on a day; its first step reaches back without limit."""
        dated = self._dated_limits.get(limit.name)
        if dated is None:
            return limit
        return next((step for begins, step in reversed(dated) if begins <= day), dated[0][1])

    @cached_property
    def limits_read(self) -> Mapping[str, tuple[Limit, ...]]:
        """The values each fact reads in its own expression or filter."""
        return {
            fact.name: tuple(self.limits[name] for name in names_in(fact.reads) if name in self.limits)
            if fact.reads is not None
            else ()
            for fact in self.facts
        }

    @cached_property
    def _row_filters(self) -> dict[str, RowFilter]:
        return {}

    def row_filter(self, name: str) -> RowFilter:
        """What tells the rows that a fact counted from those it did not; made when first asked for."""
        known = self._row_filters.get(name)
        if known is None:
            fact = self.facts[self.fact_index[name]]
            known = self._row_filters[name] = row_filter(fact, self.facts, self.constants)
        return known

    @cached_property
    def assessed(self) -> tuple[str, ...]:
        """The topics that rules of this edition stand behind."""
        return tuple(dict.fromkeys(rule.topic for rule in self.rules))

    @property
    def name(self) -> str:
        """The edition's name and content hash, with the adoptions that were told to it."""
        told = "".join(f"+{version}={iso(day)}" for version, day in sorted(self.adopted.items()))
        own = f"+clinic={self.clinic.content}" if self.clinic is not None else ""
        return f"{self.library.name}-{self.library.content}{told}{own}"

    def unconfirmed(self, as_of: int) -> tuple[m.Version, ...]:
        """Versions that are due by `as_of`, not confirmed, and not recorded as adopted."""
        return tuple(
            version
            for version in self.programme.versions
            if version.status == "unconfirmed" and version.id not in self.adopted and version.from_day <= as_of
        )

    def versions_in_force(self, as_of: int) -> tuple[m.Version, ...]:
        """The latest version in force on a day, and any unconfirmed one that governs beside it."""
        in_force = [v for v in self.programme.versions if (day := self._effective(v)) is not None and day <= as_of]
        return (*in_force[-1:], *self.unconfirmed(as_of))

    def _effective(self, version: m.Version) -> int | None:
        if version.status == "in_force":
            return version.from_day
        return self.adopted.get(version.id)

    def departures_on(self, day: int) -> tuple[Departed, ...]:
        """What the clinic's settings depart from on a day."""
        return tuple(each for each in self.departed if each.from_day <= day)

    def signed(self, as_of: int) -> SignOff:
        """Who has signed this edition's rules, as of a day. It changes only when a day of review has passed."""
        passed = bisect_left(self._review_days, as_of)
        known = self._sign_offs.get(passed)
        if known is None:
            known = self._sign_offs[passed] = sign_off(self.rules, as_of)
        return known

    @cached_property
    def _review_days(self) -> list[int]:
        return sorted({rule.next_review for rule in self.rules})

    @cached_property
    def _sign_offs(self) -> dict[int, SignOff]:
        return {}

    def check_in_force(self, as_of: int) -> None:
        """Raises NotInForce for a day before the programme's first version."""
        first = self.programme.versions[0]
        if as_of < first.from_day:
            raise NotInForce(
                f"no rules of programme {self.programme.id!r} are known for {iso(as_of)}",
                allowed=f"{iso(first.from_day)} or later",
                mend="ask for a later date, or add the older rules with their source",
            )


def _effect(effect: m.Effect) -> tuple[bool, int]:
    capsules = effect.capsules
    return effect.supply == "withhold", 0 if capsules == "unaffected" else m.CAPSULES.index(capsules)


def edition_of(
    library: m.Library,
    programme: str,
    adopted: Mapping[str, int] | None = None,
    topics: Collection[str] | None = None,
    clinic: Clinic | None = None,
) -> Edition:
    """Resolve and compile one programme under a clinic's settings, or only some of its topics (the others then count
    as not assessed).

    Raises InputError for an unknown programme or adoption, ProtocolError when a rule reads a value that the
    programme does not have, or when the clinic sets what it may not.
    """
    if programme not in library.programmes:
        raise InputError(f"{programme!r} is not a programme", allowed=", ".join(library.programmes))
    adopted = dict(adopted or {})
    chosen = library.programmes[programme]
    check_adopted(chosen, adopted)
    begins = begins_of(library, programme, adopted)
    values = {name: steps_of(value, library.lineage(programme), begins) for name, value in library.values.items()}
    values = {name: _speaking(library, programme, steps) for name, steps in values.items() if steps}
    departed: tuple[Departed, ...] = ()
    if clinic is not None:
        check_programme(clinic, programme)
        values, departed = set_values(clinic, library.values, values)
    resolver = Resolver(values)
    facts = resolver.facts(library)
    rules = _governing(library, library.rules.values(), programme)
    tasks = _governing(library, library.tasks.values(), programme)
    off: dict[str, int] = {}
    if clinic is not None:
        off, without = rules_off(clinic, [rule for rule, _ in rules])
        departed += without
    if topics is not None:
        rules = [(rule, span) for rule, span in rules if rule.topic in topics]
        tasks = [(task, span) for task, span in tasks if task.topic in topics]
    conditions = []
    governing: list[tuple[m.Rule | m.Task, Span]] = [*rules, *tasks]
    for item, span in governing:
        resolver.check_available(item.condition, item.where, programme)
        conditions.append(resolver.condition(item, span, begins, off.get(item.id)))
    facts = _needed(facts, conditions, [task for task, _ in tasks], _days_of_mends(rule for rule, _ in rules))
    cuts = {day for c in conditions for day in (c.from_day, c.until_day) if day is not None}
    cuts |= {day for steps in values.values() for day, _ in steps[1:]}
    return Edition(
        library=library,
        programme=chosen,
        adopted=adopted,
        facts=tuple(facts),
        rules=tuple(rule for rule, _ in rules),
        tasks=tuple(task for task, _ in tasks),
        conditions=tuple(conditions),
        constants=resolver.constants,
        value_steps=resolver.value_steps,
        policy=policy_of(library, programme, values),
        cut_days=tuple(sorted(cuts)),
        source=generate(facts, conditions, resolver.constants),
        fact_index={fact.name: index for index, fact in enumerate(facts)},
        dated_values=values,
        clinic=clinic,
        departed=departed,
    )


def _days_of_mends(rules: Iterable[m.Rule]) -> set[str]:
    """The day facts that say from when rules can be mended."""
    days = {rule.mend.not_before for rule in rules if rule.mend is not None}
    return {day for day in days if day is not None}


def _needed(
    facts: list[m.Fact], conditions: list[CompiledCondition], tasks: list[m.Task], mended_from: set[str]
) -> list[m.Fact]:
    """The facts that some rule or task of the programme reads, directly or through others, in their order; and
    those that say from when a finding can be mended."""
    wanted = {name for condition in conditions for name in [condition.act, *names_in(condition.tree)]}
    wanted |= {name for task in tasks for name in (task.earliest, task.due)} | mended_from
    for fact in reversed(facts):
        if fact.name in wanted and fact.reads is not None:
            wanted.update(names_in(fact.reads))
    return [fact for fact in facts if fact.name in wanted]


_Item = TypeVar("_Item", m.Rule, m.Task)


def _governing(library: m.Library, items: Iterable[_Item], programme: str) -> list[tuple[_Item, Span]]:
    """The rules (or tasks) of a programme with their spans, each with the sources that speak there; the nearest
    programme of the lineage speaks, and what one of them stands in for is silent."""
    found = []
    for item in items:
        nearest = next((name for name in library.lineage(programme) if name in item.in_force), None)
        if nearest is not None:
            cited = item.as_in(nearest)
            sources = library.sources_in(programme, cited.sources)
            found.append((replace(cited, sources=sources), item.in_force[nearest]))
    replaced = {item.instead_of for item, _ in found}
    return [(item, span) for item, span in found if item.id not in replaced]


def _speaking(library: m.Library, programme: str, steps: Steps) -> Steps:
    """The steps with the sources that speak in the programme."""
    return [(day, replace(step, sources=library.sources_in(programme, step.sources))) for day, step in steps]
