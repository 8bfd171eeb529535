"""What the protocol holds, in words: an overview, and one rule, fact, value, topic or programme in full."""

from __future__ import annotations

from collections.abc import Iterator

from isocourse.engine import model as m
from isocourse.record.dates import iso
from isocourse.words.answer import plain
from isocourse.words.page import Line, value_text


def overview(library: m.Library) -> Iterator[Line]:
    """Topics with their rules, and the programmes with their versions."""
    yield Line("headline", 0, f"Edition {library.name}-{library.content}")
    yield Line("section", 0, "Programmes")
    for programme in library.programmes.values():
        yield Line("item", 1, f"{programme.id}: {programme.title}")
        for version in programme.versions:
            yield Line("detail", 2, f"{version.id} from {iso(version.from_day)} ({version.status})")
    for topic in library.topics.values():
        rules = [rule for rule in library.rules.values() if rule.topic == topic.word]
        yield Line(
            "section", 0, f"{topic.title} ({topic.word}): {len(rules)} rules" if rules else f"{topic.title}: none yet"
        )
        for rule in rules:
            yield Line("item", 1, f"{rule.id} [{', '.join(rule.in_force)}]: {rule.says}")


def show(library: m.Library, name: str) -> Iterator[Line]:
    """Everything called `name`; nothing when there is no such thing."""
    if name in library.rules:
        yield from _rule(library, library.rules[name])
    if name in library.facts:
        yield from _fact(library.facts[name])
    if name in library.values:
        yield from _value(library.values[name])
    if name in library.topics:
        for rule in library.rules.values():
            if rule.topic == name:
                yield from _rule(library, rule)
    if name in library.programmes:
        programme = library.programmes[name]
        yield Line("headline", 0, programme.title)
        for version in programme.versions:
            yield Line("item", 1, f"{version.id} from {iso(version.from_day)} ({version.status}): {version.says}")
    if name in library.sources:
        source = library.sources[name]
        yield Line("headline", 0, source.title)
        yield Line("item", 1, f"{source.publisher}, {source.dated}; {source.at}; read {source.read}")


def _rule(library: m.Library, rule: m.Rule) -> Iterator[Line]:
    yield Line("headline", 0, f"{rule.id}: {rule.says}")
    for programme, (begin, end) in rule.in_force.items():
        yield Line("item", 1, f"{programme} from {begin}{f' until {end}' if end else ''}, by the day in {rule.act}")
    yield Line("item", 1, f"when: {rule.text}")
    yield Line("item", 1, f"then: supply {rule.then.supply}, capsules {rule.then.capsules}")
    yield Line("item", 1, f"if unknown: supply {rule.if_unknown.supply}, capsules {rule.if_unknown.capsules}")
    yield Line("quiet", 1, f"{rule.strength}, confidence {rule.confidence}; {rule.where}")
    for source in (library.sources[s] for s in rule.sources):
        yield Line("quiet", 1, f"{source.title}. {source.publisher}, {source.dated}")
    for programme, own in rule.cited.items():
        yield Line("quiet", 1, f"in {programme}: {own.strength}, confidence {own.confidence}; {', '.join(own.sources)}")


def _fact(fact: m.Fact) -> Iterator[Line]:
    yield Line("headline", 0, f"{fact.name}: {fact.says}")
    yield Line("item", 1, f"{fact.type.kind}: {fact.text}")
    yield Line("quiet", 1, fact.where)


def _value(value: m.Value) -> Iterator[Line]:
    yield Line("headline", 0, f"{value.name}: {value.says}")
    stricter = "nothing says which way is stricter" if value.stricter == "none" else f"{value.stricter} is stricter"
    yield Line("quiet", 1, f"{value.kind}; {stricter}{f'; feeds {value.feeds}' if value.feeds else ''}")
    for step in value.steps:
        shown = value_text(plain(step.value, value.kind))
        yield Line("item", 1, f"{step.programme} from {step.version}: {shown} ({step.strength}, {step.confidence})")
        yield Line("quiet", 2, ", ".join(step.sources) + (f". {step.remark}" if step.remark else ""))
