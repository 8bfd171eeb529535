"""Looking for weak places in the protocol: what nothing reads, what no example shows, what waits for a person.

The proofs that a rule can never fire, always fires or holds a condition that never matters are made in the tests
(`tests/proofs`), where a solver is at hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from isocourse.engine import model as m
from isocourse.engine.language import names_in
from isocourse.engine.signoff import sign_off
from isocourse.record.dates import iso

SOON_DAYS = 60


@dataclass(frozen=True)
class Remark:
    """Something to look at. `serious` remarks fail `isocourse protocol lint`."""

    serious: bool
    where: str
    says: str


def lint(library: m.Library, on: int, fired: Mapping[str, set[bool]]) -> Iterator[Remark]:
    """Remarks on a day. `fired` says, by rule, whether the examples saw it fire (True) and not fire (False)."""
    yield from _unread(library)
    yield from _unshown(library, fired)
    yield from _reviews(library, on)
    yield from _weak(library, on)


def _unread(library: m.Library) -> Iterator[Remark]:
    read: set[str] = set()
    for rule in library.rules.values():
        read.update([*names_in(rule.condition), rule.act])
        if rule.mend is not None:
            read.update(name for name in [rule.mend.not_before] if name is not None)
            read.update(name for event in rule.mend.events for name in event.names_events_of.values())
            read.update(name for event in rule.mend.events for name in event.one_for_each.values())
    for task in library.tasks.values():
        read.update([*names_in(task.condition), task.earliest, task.due])
    for fact in library.facts.values():
        if fact.reads is not None:
            read.update(names_in(fact.reads))
    for fact in library.facts.values():
        if fact.name not in read:
            yield Remark(True, fact.where, f"nothing reads the fact {fact.name}")
    for value in library.values.values():
        if value.name not in read and not value.feeds:
            yield Remark(True, value.where, f"nothing reads the value {value.name}")
    cited = {source for rule in library.rules.values() for source in rule.sources}
    cited |= {source for task in library.tasks.values() for source in task.sources}
    items: tuple[m.Rule | m.Task, ...] = (*library.rules.values(), *library.tasks.values())
    cited |= {source for item in items for own in item.cited.values() for source in own.sources}
    cited |= {source for value in library.values.values() for step in value.steps for source in step.sources}
    cited |= {s for programme in library.programmes.values() for version in programme.versions for s in version.sources}
    tables = (library.products, library.regimens, library.targets, library.reports, library.advice)
    cited |= {source for table in tables for entry in table.values() for source in entry.sources}
    for source in library.sources.values():
        if source.id not in cited:
            yield Remark(True, source.where, f"nothing cites the source {source.id}")


def _unshown(library: m.Library, fired: Mapping[str, set[bool]]) -> Iterator[Remark]:
    for rule in library.rules.values():
        seen = fired.get(rule.id, set())
        for side, words in ((True, "fires"), (False, "does not fire")):
            if side not in seen:
                yield Remark(True, rule.where, f"no example shows a case in which {rule.id} {words}")


def _reviews(library: m.Library, on: int) -> Iterator[Remark]:
    for rule in library.rules.values():
        if rule.next_review < on:
            yield Remark(True, rule.where, f"the review of {rule.id} was due on {iso(rule.next_review)}")
        elif rule.next_review < on + SOON_DAYS:
            yield Remark(False, rule.where, f"the review of {rule.id} is due on {iso(rule.next_review)}")


def _weak(library: m.Library, on: int) -> Iterator[Remark]:
    unsigned = sign_off(library.rules.values(), on).unsigned
    if unsigned:
        yield Remark(False, "rules/", f"{len(unsigned)} of {len(library.rules)} rules are not clinically signed off")
    for rule in library.rules.values():
        if rule.strength == "clinic_policy":
            yield Remark(False, rule.where, f"{rule.id} is clinic policy ({rule.confidence}) and awaits sign-off")
    for value in library.values.values():
        for step in value.steps:
            if step.confidence in ("low", "memory"):
                yield Remark(False, step.where, f"{value.name} ({step.programme}) rests on a {step.confidence} source")
