"""Reading one rule or one task, strictly: every key known, every name declared, every source listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from isocourse.engine import model as m
from isocourse.engine.documents import Fields, Part
from isocourse.engine.language import Scope, Type, check_condition, parse
from isocourse.errors import InputError
from isocourse.record.events import KINDS
from isocourse.record.record import event_from

RULE_NEEDS = (
    "rule", "programmes", "says", "when", "then", "if_unknown", "act",
    "strength", "confidence", "sources", "author", "reviewed_by", "next_review",
)  # fmt: skip
RULE_MAY = ("why", "unknown_says", "asks", "mend")
TASK_NEEDS = ("task", "programmes", "what", "when", "earliest", "due", "who", "strength", "sources")
PROTECTED = ("regulation", "label", "guideline", "consensus")


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
    strength, confidence = fields["strength"].one_of(m.STRENGTHS), fields["confidence"].one_of(m.CONFIDENCES)
    if confidence in ("low", "memory") and strength != "clinic_policy":
        raise fields["confidence"].error(
            f"a rule of confidence {confidence!r} cannot be a {strength}",
            mend="ship it as strength: clinic_policy, awaiting sign-off, or find a second source",
        )
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
        strength=strength,
        confidence=confidence,
        sources=_sources(fields, sources),
        mend=fields.get("mend", lambda given: _mend(given, names), None),
        author=fields["author"].text(),
        reviewed_by=fields["reviewed_by"].text_or_empty(),
        next_review=fields["next_review"].day(),
        where=part.where,
    )


def read_task(
    part: Part,
    topic: str,
    programmes: dict[str, m.Programme],
    sources: dict[str, m.Source],
    names: Mapping[str, Type],
) -> m.Task:
    """One entry of tasks/<topic>.yaml."""
    fields = part.fields(needed=TASK_NEEDS, optional=("why", "window"))
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
        sources=_sources(fields, sources),
        where=part.where,
    )


def _sources(fields: Fields, sources: Iterable[str]) -> tuple[str, ...]:
    listed = fields["sources"].items()
    if not listed:
        raise fields["sources"].error("a rule without a source cannot be checked", mend="name at least one")
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
        versions = [version.id for version in programmes[programme].versions]
        fields = given.fields(needed=("from",), optional=("until",))
        begin = fields["from"].one_of(versions)
        end = fields.get("until", lambda until: until.one_of(versions), None)
        if end is not None and versions.index(end) <= versions.index(begin):
            raise given.error(
                f"it ends with {end!r}, which is not after {begin!r}", mend="until names a later version, or is left out"
            )
        found[programme] = (begin, end)
    if not found:
        raise part.error("a rule belongs to at least one programme", allowed=", ".join(programmes))
    return found


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
    events = fields.get("events", lambda given: tuple(_planned(item) for item in given.items()), ())
    return m.Mend(
        fields["says"].text(),
        fields["who"].one_of(m.WHO),
        events,
        not_before,
        fields.get("arrangeable", Part.truth, True),
    )


def _planned(part: Part) -> m.PlannedEvent:
    fields = part.fields(needed=("event", "on"), optional=("with", "names_events_of"))
    kind = fields["event"].one_of(KINDS)
    known = KINDS[kind].__struct_fields__
    given: dict[str, object] = {}
    if "with" in fields:
        for key, value in fields["with"].pairs():
            given[key.one_of(known)] = _typed(value)
    named: dict[str, str] = {}
    if "names_events_of" in fields:
        for key, value in fields["names_events_of"].pairs():
            named[key.one_of(known)] = value.text()
    _refuse_impossible(part, kind, given, named)
    return m.PlannedEvent(kind, given, fields["on"].one_of(("supply_day", "soonest")), named)


def _refuse_impossible(part: Part, kind: str, given: dict[str, object], named: dict[str, str]) -> None:
    """The event must be one that a record could hold, or a plan would fail on the day it is needed."""
    plain = {
        "id": "planned",
        "happened_on": "2026-01-01",
        "recorded_at": "2026-01-01T12:00:00+00:00",
        "author": {"id": "planned", "role": "prescriber"},
    }
    try:
        event_from({"kind": kind, **plain, **given, **{field: ["planned"] for field in named}})
    except InputError as error:
        raise part.error(
            f"no such event can be written down: {error.found}", mend="`isocourse schema record` shows its fields"
        ) from None


def _typed(part: Part) -> object:
    plain = part.plain()
    if plain in ("true", "false"):
        return plain == "true"
    if isinstance(plain, str) and plain.isascii() and plain.isdigit():
        return int(plain)
    return plain
