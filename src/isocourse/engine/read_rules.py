"""Reading one rule or one task, strictly: every key known, every name declared, every source listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from isocourse.engine import model as m
from isocourse.engine.documents import Fields, Part
from isocourse.engine.language import Scope, Type, check_condition, parse
from isocourse.errors import InputError
from isocourse.record.events import KINDS
from isocourse.record.record import event_from
from isocourse.record.roles import PLANNER

RULE_NEEDS = (
    "rule", "programmes", "says", "when", "then", "if_unknown", "act",
    "strength", "confidence", "sources", "author", "reviewed_by", "next_review",
)  # fmt: skip
RULE_MAY = ("why", "unknown_says", "asks", "mend", "instead_of")
TASK_NEEDS = ("task", "programmes", "what", "when", "earliest", "due", "who", "strength", "sources")


def read_rule(
    part: Part,
    topic: str,
    programmes: dict[str, m.Programme],
    sources: dict[str, m.Source],
    names: Mapping[str, Type],
) -> m.Rule:
    """One entry of rules/<topic>.yaml."""
    fields = part.fields(needed=RULE_NEEDS, optional=RULE_MAY)
    asks = fields.get("asks", Part.truth, False)
    text = fields["when"].text()
    tree = parse(text, fields["when"].where)
    check_condition(tree, Scope(names, fields["when"].where, asks=asks))
    cited = read_cited(fields, sources)
    return m.Rule(
        id=fields["rule"].name(),
        topic=topic,
        says=fields["says"].text(),
        why=fields.get("why", Part.text, ""),
        condition=tree,
        text=text,
        asks=asks,
        then=_effect(fields["then"]),
        if_unknown=_effect(fields["if_unknown"]),
        unknown_says=fields.get("unknown_says", Part.text, ""),
        in_force=_in_force(fields["programmes"], programmes),
        act=_day_name(fields["act"], names),
        strength=cited.strength,
        confidence=cited.confidence,
        sources=cited.sources,
        mend=fields.get("mend", lambda given: _mend(given, names), None),
        author=fields["author"].text(),
        reviewed_by=fields["reviewed_by"].text_or_empty(),
        next_review=fields["next_review"].day(),
        where=part.where,
        instead_of=fields.get("instead_of", Part.name, ""),
    )


def read_task(
    part: Part,
    topic: str,
    programmes: dict[str, m.Programme],
    sources: dict[str, m.Source],
    names: Mapping[str, Type],
) -> m.Task:
    """One entry of tasks/<topic>.yaml."""
    fields = part.fields(needed=TASK_NEEDS, optional=("why", "window", "instead_of"))
    text = fields["when"].text()
    tree = parse(text, fields["when"].where)
    check_condition(tree, Scope(names, fields["when"].where))
    return m.Task(
        id=fields["task"].name(),
        topic=topic,
        what=fields["what"].text(),
        why=fields.get("why", Part.text, ""),
        condition=tree,
        text=text,
        in_force=_in_force(fields["programmes"], programmes),
        earliest=_day_name(fields["earliest"], names),
        due=_day_name(fields["due"], names),
        who=fields["who"].one_of(m.WHO),
        window=fields.get("window", Part.truth, False),
        strength=fields["strength"].one_of(m.STRENGTHS),
        sources=read_sources(fields, sources),
        where=part.where,
        instead_of=fields.get("instead_of", Part.name, ""),
    )


def read_cited(fields: Fields, sources: Iterable[str], what: str = "a rule") -> m.Cited:
    """Strength, confidence and sources. What is remembered or weak is never more than clinic policy."""
    strength, confidence = fields["strength"].one_of(m.STRENGTHS), fields["confidence"].one_of(m.CONFIDENCES)
    if confidence in ("low", "memory") and strength != "clinic_policy":
        raise fields["confidence"].error(
            f"{what} of confidence {confidence!r} cannot be a {strength}",
            mend="ship it as strength: clinic_policy, awaiting sign-off, or find a second source",
        )
    return m.Cited(strength, confidence, read_sources(fields, sources, what))


def read_sourced(part: Part, fields: Fields, sources: Iterable[str]) -> dict[str, Any]:
    """The fields of `model.Sourced`, by name."""
    cited = read_cited(fields, sources, "an entry")
    return {
        "strength": cited.strength,
        "confidence": cited.confidence,
        "sources": cited.sources,
        "remark": fields.get("remark", Part.text, ""),
        "where": part.where,
    }


def read_sources(fields: Fields, sources: Iterable[str], what: str = "a rule") -> tuple[str, ...]:
    """The sources that are named; at least one. Raises ProtocolError."""
    listed = fields["sources"].items()
    if not listed:
        raise fields["sources"].error(f"{what} without a source cannot be checked", mend="name at least one")
    return tuple(item.one_of(sources) for item in listed)


def _effect(part: Part) -> m.Effect:
    fields = part.fields(needed=("supply", "capsules"))
    return m.Effect(
        fields["supply"].one_of(("withhold", "unaffected")), fields["capsules"].one_of((*m.CAPSULES, "unaffected"))
    )


def _in_force(part: Part, programmes: dict[str, m.Programme]) -> dict[str, tuple[str, str | None]]:
    found: dict[str, tuple[str, str | None]] = {}
    for key, given in part.pairs():
        programme = key.one_of(programmes)
        found[programme] = read_span(given.fields(needed=("from",), optional=("until",)), programmes[programme])
    if not found:
        raise part.error("a rule belongs to at least one programme", allowed=", ".join(programmes))
    return found


def read_span(fields: Fields, programme: m.Programme) -> tuple[str, str | None]:
    """From which version of a programme something is in force, and until which."""
    versions = [version.id for version in programme.versions]
    begin = fields["from"].one_of(versions)
    end = fields["until"].one_of(versions) if "until" in fields else None
    if end is not None and versions.index(end) <= versions.index(begin):
        raise fields.part.error(
            f"it ends with {end!r}, which is not after {begin!r}", mend="until names a later version, or is left out"
        )
    return begin, end


def _day_name(part: Part, names: Mapping[str, Type]) -> str:
    name = part.text()
    if name not in names:
        return part.one_of(sorted(known for known, of in names.items() if of.kind == "day"))
    if names[name].kind != "day":
        raise part.error(f"{name!r} is a {names[name].kind}, not a day", mend="name as_of or a fact that is a day")
    return name


def _mend(part: Part, names: Mapping[str, Type]) -> m.Mend:
    fields = part.fields(needed=("says", "who"), optional=("events", "not_before", "arrangeable"))
    not_before = fields.get("not_before", lambda given: _day_name(given, names), None)
    events = tuple(_planned(item) for item in fields["events"].items()) if "events" in fields else ()
    return m.Mend(
        fields["says"].text(),
        fields["who"].one_of(m.WHO),
        events,
        not_before,
        fields.get("arrangeable", Part.truth, True),
    )


def _planned(part: Part) -> m.PlannedEvent:
    fields = part.fields(needed=("event", "on"), optional=("with", "names_events_of", "one_for_each", "first_as"))
    kind = fields["event"].one_of(KINDS)
    known = KINDS[kind].__struct_fields__
    given: dict[str, object] = {}
    if "with" in fields:
        for key, value in fields["with"].pairs():
            given[key.one_of(known)] = _typed(value)
    named, each = _facts_for(fields, "names_events_of", known), _facts_for(fields, "one_for_each", known)
    ids: dict[str, object] = {**{name: ["planned"] for name in named}, **dict.fromkeys(each, "planned")}
    _refuse_impossible(part, kind, {**given, **ids})
    first_as = fields.get("first_as", Part.text, None)
    return m.PlannedEvent(kind, given, fields["on"].one_of(("supply_day", "soonest")), named, first_as, each)


def _facts_for(fields: Fields, key: str, known: tuple[str, ...]) -> dict[str, str]:
    if key not in fields:
        return {}
    return {field.one_of(known): fact.text() for field, fact in fields[key].pairs()}


def _refuse_impossible(part: Part, kind: str, given: dict[str, object]) -> None:
    """The event must be one that a record could hold, or a plan would fail on the day it is needed."""
    plain = {
        "id": "planned",
        "happened_on": "2026-01-01",
        "recorded_at": "2026-01-01T12:00:00+00:00",
        "author": {"id": "planned", "role": PLANNER},
    }
    try:
        event_from({"kind": kind, **plain, **given})
    except InputError as error:
        raise part.error(
            f"no such event can be written down: {error.found}", mend="`isocourse schema record` shows its fields"
        ) from None


def _typed(part: Part) -> object:
    return _of_text(part.plain())


def _of_text(plain: object) -> object:
    """Text as what it stands for: true, false, a whole number; in lists too."""
    if isinstance(plain, list):
        return [_of_text(item) for item in plain]
    if plain in ("true", "false"):
        return plain == "true"
    if isinstance(plain, str) and plain.isascii() and plain.isdigit():
        return int(plain)
    return plain
