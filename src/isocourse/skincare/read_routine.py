"""Reading the knowledge of routines: `skincare/routine.yaml`, `stops.yaml` and `stages.yaml`.

As strict as a rule: every key and value is known, every step ends in a variant that always holds (unless it is
optional), no variant stands behind one that always takes its place, and nothing that is recommended names what is
stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, cast

from isocourse.engine import model as m
from isocourse.engine.documents import Fields, Part
from isocourse.engine.knowledge import Shelf, open_shelf
from isocourse.engine.read_rules import read_cited
from isocourse.errors import ProtocolError
from isocourse.record.terminology import ProcedureKind, codes
from isocourse.skincare import routine_shape as shape
from isocourse.skincare.facts import FACTS, STAGES

_VARIANT_NEEDS = (
    "variant", "protects", "function", "says", "short", "often", "reason", "why", "strength", "confidence", "sources",
)  # fmt: skip
_STOP_NEEDS = (
    "stop", "says", "reason", "why", "until", "asks", "rules", "words", "strength", "confidence", "sources",
)  # fmt: skip
LONGEST_SHORT = 110  # two or three lines of a column on the sheet, which is one page
_UNTIL = ("months", "days", "by", "never")


@lru_cache(maxsize=1)
def shipped() -> shape.Knowledge:
    """The knowledge that comes with isocourse. Raises ProtocolError with file and line."""
    return read_knowledge(open_shelf())


def read_knowledge(shelf: Shelf) -> shape.Knowledge:
    """Everything that a routine is made of. Raises ProtocolError with file and line."""
    steps = _named("step", [(part, _step(part, shelf.sources)) for part in shelf.entries("skincare", "routine")])
    stops = _named("stop", [(part, _stop(part, shelf.sources)) for part in shelf.entries("skincare", "stops")])
    for step in steps:
        for variant in step.variants:
            _refuse_stopped(variant, stops)
    (first_weeks,) = [_stage(part, shelf.sources) for part in shelf.entries("skincare", "stages")]
    text_of = {source.id: source.of for source in shelf.sources.values()}
    return shape.Knowledge(tuple(steps), tuple(stops), first_weeks, text_of)


def _named(what: str, read: list[tuple[Part, Any]]) -> list[Any]:
    seen: dict[str, str] = {}
    for part, entry in read:
        if entry.name in seen:
            raise part.error(f"the {what} {entry.name!r} stands twice (first at {seen[entry.name]})", mend="rename it")
        seen[entry.name] = entry.where
    return [entry for _, entry in read]


# --- steps ----------------------------------------------------------------------------------------
def _step(part: Part, sources: Mapping[str, m.Source]) -> shape.StepKnown:
    fields = part.fields(needed=("step", "slot", "part", "variants"), optional=("optional",))
    optional = fields.get("optional", Part.truth, False)
    variants = tuple(_variant(item, sources) for item in fields["variants"].items())
    if not variants:
        raise fields["variants"].error("a step needs a variant", mend="write at least one")
    for place, variant in enumerate(variants):
        last = place == len(variants) - 1
        if not variant.when and (not last or optional):
            raise part.error(
                f"the variant {variant.name!r} of {fields['step'].text()!r} always holds",
                mend="put it last, in a step that is not optional; or say when it holds",
            )
        if last and variant.when and not optional:
            raise part.error(
                f"no variant of {fields['step'].text()!r} is left when none of the conditions holds",
                mend="end with a variant that has no `when`, or write optional: true",
            )
    return shape.StepKnown(
        name=fields["step"].name(),
        slot=cast(shape.Slot, fields["slot"].one_of(codes(shape.Slot))),
        part=cast(shape.Part, fields["part"].one_of(codes(shape.Part))),
        optional=optional,
        variants=variants,
        where=part.where,
    )


def _variant(part: Part, sources: Mapping[str, m.Source]) -> shape.Variant:
    fields = part.fields(needed=_VARIANT_NEEDS, optional=("when", "look_for", "leave", "low_cost"))
    return shape.Variant(
        name=fields["variant"].name(),
        when=fields.get("when", _when, {}),
        protects=fields["protects"].number(),
        function=cast(shape.Function, fields["function"].one_of(codes(shape.Function))),
        says=fields["says"].text(),
        short=_short(fields["short"]),
        often=fields["often"].text(),
        reason=fields["reason"].text(),
        why=fields["why"].text(),
        look_for=fields.get("look_for", Part.texts, ()),
        leave=fields.get("leave", Part.texts, ()),
        low_cost=fields.get("low_cost", Part.text, ""),
        cited=_cited(fields, sources),
        where=part.where,
    )


def _short(part: Part) -> str:
    text = part.text()
    if len(text) > LONGEST_SHORT:
        raise part.error(f"{len(text)} letters are too many for the sheet", allowed=f"{LONGEST_SHORT} at most")
    return text


def _when(part: Part) -> dict[str, tuple[str, ...]]:
    found = {}
    for key, value in part.pairs():
        fact = key.one_of(FACTS)
        found[fact] = tuple(item.one_of(FACTS[fact]) for item in value.items())
        if not found[fact]:
            raise value.error("no value is named, so it never holds", mend="name the values with which it holds")
    if not found:
        raise part.error("an empty condition", mend="leave `when` out for a variant that always holds")
    return found


def _cited(fields: Fields, sources: Iterable[str]) -> shape.Cited:
    cited = read_cited(fields, sources, "what is advised")
    return shape.Cited(cited.strength, cited.confidence, cited.sources)


# --- stops ----------------------------------------------------------------------------------------
def _stop(part: Part, sources: Mapping[str, m.Source]) -> shape.StopKnown:
    fields = part.fields(needed=_STOP_NEEDS, optional=("instead", "kinds", "pregnancy"))
    words = fields["words"].texts()
    if not words:
        raise fields["words"].error("no word is named", mend="name the words that no recommendation may hold")
    return shape.StopKnown(
        name=fields["stop"].name(),
        says=fields["says"].text(),
        instead=fields.get("instead", Part.text, ""),
        reason=fields["reason"].text(),
        why=fields["why"].text(),
        pregnancy=fields.get("pregnancy", Part.text, ""),
        kinds=fields.get("kinds", _kinds, ()),
        until=_until(fields["until"]),
        asks=cast(shape.Asks, fields["asks"].one_of(codes(shape.Asks))),
        rules=tuple(item.name() for item in fields["rules"].items()),
        words=words,
        cited=_cited(fields, sources),
        where=part.where,
    )


def _kinds(part: Part) -> tuple[ProcedureKind, ...]:
    return tuple(cast(ProcedureKind, item.one_of(codes(ProcedureKind))) for item in part.items())


def _until(part: Part) -> shape.Until:
    fields = part.fields(needed=(), optional=_UNTIL)
    named = {name: fields[name].name() for name in ("months", "days", "by") if name in fields}
    never = fields.get("never", Part.truth, False)
    if never == ("months" in named or "days" in named):
        raise part.error("either there is a time after the last dose, or never", mend="name months or days, or never")
    if "by" in named and "days" not in named:
        raise part.error("`by` ends a span that `days` begins", mend="name days as well")
    return shape.Until(**named, never=never)


def _refuse_stopped(variant: shape.Variant, stops: Iterable[shape.StopKnown]) -> None:
    """What is recommended never names what is stopped; what to leave may."""
    told = " ".join((variant.says, variant.short, variant.low_cost, *variant.look_for)).lower()
    for stop in stops:
        for word in stop.words:
            if re.search(rf"\b{re.escape(word.lower())}(s|es)?\b", told):
                raise ProtocolError(
                    f"the variant {variant.name!r} recommends {word!r}, which is stopped ({stop.name})",
                    where=variant.where,
                    mend="say it in `leave`, or take the word out",
                )


def _stage(part: Part, sources: Mapping[str, m.Source]) -> int:
    fields = part.fields(needed=("stage", "days", "says", "strength", "confidence", "sources"))
    fields["stage"].one_of(stage for stage in STAGES if stage == "first_weeks")
    _cited(fields, sources)
    return fields["days"].number()
