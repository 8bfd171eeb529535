"""What awaits sign-off, by the harm that a mistake in it could do, and within that the weakest source first.

The order is reckoned from the protocol, so that a new rule finds its place by itself: what withholds or stops for
pregnancy or a red flag; what else decides supply or capsules; advice, choices and what is only shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from isocourse.engine import model as m
from isocourse.words.handbook_text import effect_text, slug, value_shown, values_under

FIRST, SECOND, THIRD = 0, 1, 2
HARM = (
    "Pregnancy and red flags",
    "Other rules of supply and capsules",
    "Advice, choices and what is only shown",
)
WEAKEST_FIRST = ("memory", "low", "medium", "high")
_TITLE = {"memory": "from memory", "low": "low confidence", "medium": "medium confidence", "high": "high confidence"}
_PREGNANCY = ("pregnancy", "contraception")
# Topics in which capsules that stop, or wait for the prescriber, do so for what may be an emergency.
_RED_FLAGS = ("effects", "mood")


@dataclass(frozen=True)
class Waiting:
    """One thing to be signed: its harm (0 is the worst), the confidence in its source, and its line."""

    harm: int
    confidence: str
    line: str


def sign_off_page(library: m.Library) -> Iterator[str]:
    """The lines of the page."""
    waiting = list(in_order(library))
    groups = [
        (harm, word, [item.line for item in waiting if (item.harm, item.confidence) == (harm, word)])
        for harm in range(len(HARM))
        for word in WEAKEST_FIRST
    ]
    groups = [group for group in groups if group[2]]
    yield "# What awaits clinical sign-off\n"
    yield (
        "Nothing in this edition has been signed off by a clinician. Below stands what rests on clinic policy or on a "
        "source of less than high confidence: the worst that a mistake could do first, and there the weakest source "
        "first.\n"
    )
    yield "| what it is about | source | entries | together with those above |\n|---|---|---|---|"
    for (harm, word, lines), so_far in zip(groups, accumulate(len(lines) for *_, lines in groups), strict=True):
        yield f"| {HARM[harm]} | [{_TITLE[word]}](#{slug(_heading(harm, word))}) | {len(lines)} | {so_far} |"
    versions = list(_versions(library))
    if versions:
        yield f"\n[Versions not confirmed](#versions-not-confirmed): {len(versions)}."
    for harm, word, lines in groups:
        if harm not in {before for before, *_ in groups[: groups.index((harm, word, lines))]}:
            yield f"\n## {HARM[harm]}"
        yield f"\n### {_heading(harm, word)}\n"
        yield from lines
    if versions:
        yield "\n## Versions not confirmed\n"
        yield "They decide nothing until a clinic adopts them.\n"
        yield from versions


def in_order(library: m.Library) -> Iterator[Waiting]:
    """Everything that rests on clinic policy or on a source below high confidence, rules before values before the rest
    where harm and confidence are the same."""
    found = [*_rules(library), *_values(library), *_other(library)]
    yield from sorted(found, key=lambda item: (item.harm, WEAKEST_FIRST.index(item.confidence)))


def harm_of(rule: m.Rule) -> int:
    """FIRST for what withholds or stops for pregnancy or a red flag, SECOND for what else changes an answer."""
    effects = (rule.then, rule.if_unknown)
    halts = any(effect.capsules in ("stop_now", "ask_prescriber") for effect in effects)
    if not halts and not any(effect.supply == "withhold" for effect in effects):
        return THIRD
    speaks_of_it = "pregnan" in rule.says.lower().replace("cannot become pregnant", "")
    if rule.topic in _PREGNANCY or speaks_of_it:
        return FIRST
    stops = any(effect.capsules == "stop_now" for effect in effects)
    return FIRST if stops or (halts and rule.topic in _RED_FLAGS) else SECOND


def _heading(harm: int, word: str) -> str:
    return f"{HARM[harm]}, {_TITLE[word]}"


def _to_be_seen(strength: str, confidence: str) -> bool:
    return strength == "clinic_policy" or confidence != "high"


def _rules(library: m.Library) -> Iterator[Waiting]:
    for rule in library.rules.values():
        bases: dict[tuple[str, str], list[str]] = {}
        for programme in rule.in_force:
            own = rule.cited.get(programme, rule)
            if _to_be_seen(own.strength, own.confidence):
                bases.setdefault((own.strength, own.confidence), []).append(programme)
        for (strength, confidence), where in bases.items():
            says = f"{rule.says} *{effect_text(rule.then)}*"
            yield Waiting(harm_of(rule), confidence, _line(rule.id, where, strength, says))


def _values(library: m.Library) -> Iterator[Waiting]:
    worst: dict[str, int] = {}
    for rule in library.rules.values():
        for name in values_under(library, rule):
            worst[name] = min(harm_of(rule), worst.get(name, THIRD))
    for value in library.values.values():
        groups: dict[tuple[str, str, str], list[m.ValueStep]] = {}
        for step in value.steps:
            if _to_be_seen(step.strength, step.confidence):
                told = value_shown(step.value, value.kind)
                groups.setdefault((told, step.strength, step.confidence), []).append(step)
        for (told, strength, confidence), steps in groups.items():
            where = dict.fromkeys(step.programme for step in steps)
            remarks = dict.fromkeys(step.remark for step in steps if step.remark)
            says = f"{value.says} **{told}**{_after(' '.join(remarks))}"
            yield Waiting(_harm_of_value(value, worst), confidence, _line(value.name, where, strength, says))


def _harm_of_value(value: m.Value, worst: dict[str, int]) -> int:
    """That of the worst rule resting on it. What feeds an episode reaches rules by a way that conditions do not show:
    it is taken for one of its topic that decides something."""
    reached = worst.get(value.name, THIRD)
    if value.feeds:
        reached = min(reached, FIRST if value.topic in _PREGNANCY else SECOND)
    return reached


def _other(library: m.Library) -> Iterator[Waiting]:
    for place in library.reports.values():
        if _to_be_seen(place.strength, place.confidence):
            says = f"A place for reports: {place.title}.{_after(place.remark)}"
            yield Waiting(THIRD, place.confidence, _line(place.id, (place.programme,), place.strength, says))
    for regimen in library.regimens.values():
        if _to_be_seen(regimen.strength, regimen.confidence):
            says = f"A way to dose: {regimen.when}{_after(regimen.remark)}"
            yield Waiting(THIRD, regimen.confidence, _line(regimen.id, regimen.programmes, regimen.strength, says))
    for target in library.targets.values():
        if _to_be_seen(target.strength, target.confidence):
            says = f"A total: {target.mg_per_kg} mg/kg.{_after(target.remark)}"
            yield Waiting(THIRD, target.confidence, _line(target.id, target.label_in, target.strength, says))
    for advice in library.advice.values():
        if _to_be_seen(advice.strength, advice.confidence):
            says = f"What patients are told: {advice.says}{_after(advice.remark)}"
            yield Waiting(THIRD, advice.confidence, _line(advice.id, advice.programmes, advice.strength, says))


def _versions(library: m.Library) -> Iterator[str]:
    for programme in library.programmes.values():
        for version in programme.versions:
            if version.status == "unconfirmed":
                yield f"- `{version.id}`: {version.says}"


def _line(name: str, where: Iterable[str], strength: str, says: str) -> str:
    places = ", ".join(where) or "every programme"
    return f"- `{name}` ({places}; {strength.replace('_', ' ')}): {says}"


def _after(remark: str) -> str:
    return f" {remark}" if remark else ""
