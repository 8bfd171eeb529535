"""Rules and tasks of one country reaching another: programmes added to what other files declare, and inherited ones
that a programme replaces by its own. Both keep a new programme to new files.

An entry that holds `programmes` alone adds them to the rule (or task) of that name:

    - rule: course_paused
      programmes: {xx: {from: xx-2024}}

A regulation of one country is not one of the next, so only clinic policy is added like that; for anything else the
entry says where it comes from there: `{from: xx-2024, strength: label, confidence: high, sources: [xx-label]}`, or
that it is borrowed, `{from: xx-2024, borrowed: [policy]}`: clinic policy there, for the reasons it has elsewhere.
`rules: [one, another]` (`tasks: [...]`) says the same of several at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import TypeVar

from isocourse.engine import model as m
from isocourse.engine.documents import Fields, Part
from isocourse.engine.read_rules import read_cited, read_span
from isocourse.errors import ProtocolError

_Item = TypeVar("_Item", m.Rule, m.Task)
CITED = ("strength", "confidence", "sources")
BORROWED = "medium"
_SEVERITY = {answer: rank for rank, answer in enumerate(("unaffected", *m.CAPSULES))}


def adds_programmes(part: Part, kind: str) -> bool:
    """Whether the entry adds programmes to a `kind` ("rule" or "task") declared elsewhere: it says nothing itself."""
    keys = {key.text() for key, _ in part.pairs()}
    names_some = not keys.isdisjoint((kind, f"{kind}s"))
    return names_some and "programmes" in keys and keys.isdisjoint(("says", "what", "when"))


def with_programmes(
    declared: Mapping[str, _Item],
    added: Iterable[tuple[Part, str]],
    kind: str,
    programmes: Mapping[str, m.Programme],
    sources: Iterable[str],
) -> dict[str, _Item]:
    """What is declared, with the programmes that `added` (entries with their topics) give it. Raises ProtocolError."""
    found = dict(declared)
    for part, topic in added:
        several = any(key.text() == f"{kind}s" for key, _ in part.pairs())
        fields = part.fields(needed=(f"{kind}s" if several else kind, "programmes"))
        names = listed(fields[f"{kind}s"], kind) if several else [fields[kind]]
        given = list(fields["programmes"].pairs())
        if not given:
            raise fields["programmes"].error("no programme is named here", allowed=", ".join(programmes))
        for name in names:
            item = _declared(name, found, kind, topic)
            for key, entry in given:
                item = _added(item, key, entry, programmes, sources)
            found[item.id] = item
    return found


def listed(part: Part, kind: str) -> list[Part]:
    """The names of a list that means something for each of them: at least one."""
    names = part.items()
    if not names:
        raise part.error(f"no {kind} is named here", mend="name at least one")
    return names


def _declared(name: Part, found: Mapping[str, _Item], kind: str, topic: str) -> _Item:
    item = found.get(name.name())
    if item is None:
        near = get_close_matches(name.name(), found, n=1)
        meant = f"did you mean {near[0]!r}? " if near else ""
        raise name.error(
            f"there is no {kind} {name.name()!r} to add programmes to",
            mend=f"{meant}A new {kind} also says what it is and when",
        )
    if item.topic != topic:
        raise name.error(
            f"{item.id!r} belongs to the topic {item.topic!r}",
            mend=f"write this in {kind}s/{item.topic}.<programme>.yaml",
        )
    return item


def _added(item: _Item, key: Part, entry: Part, programmes: Mapping[str, m.Programme], sources: Iterable[str]) -> _Item:
    programme = key.one_of(programmes)
    if programme in item.in_force:
        raise key.error(
            f"{item.id!r} already holds in programme {programme!r} (declared at {item.where})",
            mend="delete one of them",
        )
    fields = entry.fields(needed=("from",), optional=("until", *CITED, "borrowed"))
    span = read_span(fields, programmes[programme])
    elsewhere = m.Cited(item.strength, item.confidence if isinstance(item, m.Rule) else BORROWED, item.sources)
    cited = cited_there(fields, item.id, programme, elsewhere, sources)
    own = {programme: cited} if cited != elsewhere else {}
    return replace(item, in_force={**item.in_force, programme: span}, cited={**item.cited, **own})


def cited_there(fields: Fields, name: str, programme: str, elsewhere: m.Cited, sources: Iterable[str]) -> m.Cited:
    """Where something declared for others comes from in one more programme: what the entry cites; what it borrows
    (clinic policy, of confidence medium at most, for what is printed elsewhere is printed elsewhere); or, for what is
    clinic policy anyway, what it has elsewhere."""
    told = [key for key in CITED if key in fields]
    if told and "borrowed" in fields:
        raise fields["borrowed"].error("what is cited here is not borrowed", mend="leave out one of the two")
    if told and len(told) < len(CITED):
        lacking = ", ".join(key for key in CITED if key not in told)
        raise fields.part.error(f"it says {', '.join(told)} without {lacking}", mend=f"add {lacking}")
    if told:
        return read_cited(fields, sources)
    policy = elsewhere.strength == "clinic_policy"
    if "borrowed" in fields:
        if policy:
            raise fields["borrowed"].error(f"{name!r} is clinic policy everywhere", mend="leave out borrowed")
        first = tuple(item.one_of(sources) for item in listed(fields["borrowed"], "source"))
        weaker = max(elsewhere.confidence, BORROWED, key=m.CONFIDENCES.index)
        return m.Cited("clinic_policy", weaker, tuple(dict.fromkeys((*first, *elsewhere.sources))))
    if not policy:
        raise fields.part.error(
            f"{name!r} is a {elsewhere.strength} elsewhere; where it comes from in programme {programme!r} is not said",
            mend="add strength, confidence and sources, or borrowed: [policy]",
        )
    return elsewhere


def check_replacements(items: Mapping[str, _Item], programmes: Mapping[str, m.Programme], kind: str) -> None:
    """Refuse an `instead_of` that replaces nothing, leaves days uncovered, or is milder than what it replaces."""
    for item in items.values():
        if not item.instead_of:
            continue
        replaced = items.get(item.instead_of)
        if replaced is None or replaced is item:
            raise ProtocolError(
                f"there is no other {kind} {item.instead_of!r} to stand in for",
                where=item.where,
                mend="name one, or leave it out",
            )
        if replaced.topic != item.topic:
            raise ProtocolError(
                f"{replaced.id!r} belongs to the topic {replaced.topic!r}",
                where=item.where,
                mend="a replacement stands in the same topic, or one could be assessed without the other",
            )
        for programme in item.in_force:
            _check_replaced(item, replaced, programme, programmes)


def _check_replaced(item: _Item, replaced: _Item, programme: str, programmes: Mapping[str, m.Programme]) -> None:
    above, at = [], programmes[programme].inherits
    while at is not None:
        above.append(at)
        at = programmes[at].inherits
    if programme in replaced.in_force or not any(name in replaced.in_force for name in above):
        raise ProtocolError(
            f"programme {programme!r} does not inherit {replaced.id!r}, so there is nothing to stand in for",
            where=item.where,
            mend="leave out instead_of",
        )
    if item.in_force[programme] != (programmes[programme].versions[0].id, None):
        raise ProtocolError(
            f"on some days of programme {programme!r} neither it nor {replaced.id!r} would hold",
            where=item.where,
            mend=f"let it hold from {programmes[programme].versions[0].id}, without until",
        )
    if isinstance(item, m.Rule) and isinstance(replaced, m.Rule):
        for mine, other in ((item.then, replaced.then), (item.if_unknown, replaced.if_unknown)):
            if other.supply == "withhold" != mine.supply or _SEVERITY[mine.capsules] < _SEVERITY[other.capsules]:
                raise ProtocolError(
                    f"its effect is milder than that of {replaced.id!r}, for which it stands in",
                    where=item.where,
                    allowed=f"supply {other.supply}, capsules {other.capsules}, or stricter",
                )
