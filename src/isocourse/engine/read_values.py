"""Reading one value: every number, list or table of a protocol, dated and cited per programme."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from isocourse.engine import model as m
from isocourse.engine.documents import Fields, Part
from isocourse.engine.extend import CITED, cited_there, listed
from isocourse.errors import ProtocolError
from isocourse.record.policy import Policy

VALUE_KINDS = ("days", "months", "number", "day", "code", "codes", "classes", "combinations")
STRICTER = ("lower", "higher", "fewer", "none")


def read_value(
    part: Part,
    topic: str,
    programmes: dict[str, m.Programme],
    sources: dict[str, m.Source],
    earlier: dict[str, m.Value],
) -> m.Value:
    """A new value, or (without `type` and `says`) more programmes for one already declared."""
    fields = part.fields(needed=("value", "programmes"), optional=("type", "says", "stricter", "feeds"))
    name = fields["value"].name()
    known = earlier.get(name)
    if known is not None:
        if "type" in fields or "says" in fields:
            raise part.error(
                f"{name!r} is declared twice (first at {known.where})",
                mend="leave out type and says to add programmes to it",
            )
        steps = _steps(fields, known.kind, programmes, sources, may_end=bool(known.feeds))
        _refuse_twice(known.steps + steps)
        return replace(known, steps=known.steps + steps)
    for key in ("type", "says", "stricter"):
        if key not in fields:
            raise part.error(f"the key {key!r} is missing", mend=f"add {key}:")
    kind = fields["type"].one_of(VALUE_KINDS)
    feeds = fields.get("feeds", lambda given: given.one_of(Policy._fields), "")
    steps = _steps(fields, kind, programmes, sources, may_end=bool(feeds))
    _refuse_twice(steps)
    return m.Value(
        name,
        topic,
        kind,
        fields["says"].text(),
        fields["stricter"].one_of(STRICTER),
        feeds,
        steps,
        part.where,
    )


def read_alike(
    part: Part,
    topic: str,
    programmes: dict[str, m.Programme],
    sources: dict[str, m.Source],
    earlier: dict[str, m.Value],
) -> list[m.Value]:
    """Values already declared, with the number that the programme `like` has given to further programmes:

    - values: [one, another]
      like: xx
      programmes: {yy: {from: yy-2024}}

    What is no clinic policy in `like` says where it comes from, or that it is borrowed (as in `extend.py`). A number
    that changes with the versions of `like` is written out instead: its days are not those of another programme.
    """
    fields = part.fields(needed=("values", "like", "programmes"))
    like = fields["like"].one_of(programmes)
    given = list(fields["programmes"].pairs())
    if not given:
        raise fields["programmes"].error("no programme is named here", allowed=", ".join(programmes))
    found: dict[str, m.Value] = {}
    for place in listed(fields["values"], "value"):
        name = place.one_of(earlier)
        value = found.get(name, earlier[name])
        if value.topic != topic:
            raise place.error(
                f"{name!r} belongs to the topic {value.topic!r}",
                mend=f"write this in values/{value.topic}.<programme>.yaml",
            )
        steps = [step for step in value.steps if step.programme == like]
        if len(steps) != 1:
            has = "changes with the versions of" if steps else "has no number for"
            raise place.error(f"{name!r} {has} programme {like!r}", mend="write it out")
        further = tuple(_alike(steps[0], name, place, key, entry, programmes, sources) for key, entry in given)
        _refuse_twice(value.steps + further)
        found[name] = replace(value, steps=value.steps + further)
    return list(found.values())


def _alike(
    step: m.ValueStep,
    name: str,
    place: Part,
    key: Part,
    entry: Part,
    programmes: dict[str, m.Programme],
    sources: dict[str, m.Source],
) -> m.ValueStep:
    programme = key.one_of(programmes)
    fields = entry.fields(needed=("from",), optional=(*CITED, "borrowed"))
    version = fields["from"].one_of(version.id for version in programmes[programme].versions)
    elsewhere = m.Cited(step.strength, step.confidence, step.sources)
    cited = cited_there(fields, name, programme, elsewhere, sources)
    return replace(
        step,
        programme=programme,
        version=version,
        strength=cited.strength,
        confidence=cited.confidence,
        sources=cited.sources,
        where=place.where,
    )


def _refuse_twice(steps: tuple[m.ValueStep, ...]) -> None:
    first: dict[tuple[str, str], m.ValueStep] = {}
    for step in steps:
        if (step.programme, step.version) in first:
            known = first[step.programme, step.version]
            raise ProtocolError(
                f"{step.programme!r} is given this value twice from {step.version!r} (first at {known.where})",
                where=step.where,
                mend="delete one of them",
            )
        first[step.programme, step.version] = step


def _steps(
    fields: Fields, kind: str, programmes: dict[str, m.Programme], sources: dict[str, m.Source], *, may_end: bool
) -> tuple[m.ValueStep, ...]:
    steps: list[m.ValueStep] = []
    for key, steps_of in fields["programmes"].pairs():
        programme = key.one_of(programmes)
        for part in steps_of.items():
            steps.append(_step(part, programme, kind, programmes, sources, may_end))
    return tuple(steps)


def _step(
    part: Part,
    programme: str,
    kind: str,
    programmes: dict[str, m.Programme],
    sources: dict[str, m.Source],
    may_end: bool,
) -> m.ValueStep:
    fields = part.fields(needed=("is", "from", "strength", "confidence", "sources"), optional=("remark",))
    version = fields["from"].one_of(version.id for version in programmes[programme].versions)
    if not fields["sources"].items():
        raise fields["sources"].error("a value without a source cannot be checked", mend="name at least one")
    for source in fields["sources"].items():
        source.one_of(sources)
    return m.ValueStep(
        programme,
        version,
        _content(fields["is"], kind, may_end),
        fields["strength"].one_of(m.STRENGTHS),
        fields["confidence"].one_of(m.CONFIDENCES),
        fields["sources"].texts(),
        fields.get("remark", Part.text, ""),
        part.where,
    )


def _content(part: Part, kind: str, may_end: bool) -> Any:
    if kind in ("days", "months", "number"):
        if part.text() != "ended":
            return part.number()
        if not may_end:
            raise part.error(
                "only a value that feeds an episode can be ended: a condition would have nothing to compare with",
                mend="write a number, or end the rule with until",
            )
        return None
    if kind == "day":
        return part.day()
    if kind == "code":
        return part.text()
    if kind == "codes":
        return part.texts()
    if kind == "classes":
        return {key.text(): frozenset(value.texts()) for key, value in part.pairs()}
    if kind == "combinations":
        return tuple(item.texts() for item in part.items())
    raise ProtocolError(f"{kind} is not a kind of value", where=part.where)
