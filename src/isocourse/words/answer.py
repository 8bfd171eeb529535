"""The answer: one decision with its plan, as documented, stable data.

`answer` builds it, `answer_json` writes it. Field names are a promise (docs/answer.md); fields may be added.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from isocourse.engine.because import Reason
from isocourse.engine.clinic import Departed
from isocourse.engine.decide import Decision, Finding, decide_prepared, prepare
from isocourse.engine.edition import Edition, Limit
from isocourse.plan.earliest import Earliest, earliest_supply
from isocourse.plan.tasks import Todo, Window, todos, windows
from isocourse.record.dates import iso
from isocourse.record.episode_rows import BEGINNING
from isocourse.record.record import Record
from isocourse.record.tables import Rows
from isocourse.words.headline import capsules_words, headline, spoken

NOT_SIGNED = "This protocol is not clinically signed off. It supports a prescriber's decision and takes none."
OVERDUE = "The clinical review of {0} is overdue ({1}). Until it is renewed, this protocol is not signed off."


class EffectWords(Struct, frozen=True):
    supply: str
    capsules_in_hand: str


class Because(Struct, frozen=True):
    """A fact that decided. `events` are ids in the record; `made_of` the facts it was worked out from."""

    fact: str
    says: str
    value: Any
    on: str | None
    events: tuple[str, ...]
    made_of: tuple[Because, ...] = ()


class LimitWords(Struct, frozen=True):
    """A value of the protocol; `unit` is days, months, number, day or codes."""

    value_name: str
    says: str
    value: Any
    unit: str
    strength: str
    confidence: str
    sources: tuple[str, ...]


class SourceWords(Struct, frozen=True):
    id: str
    title: str
    publisher: str
    at: str
    dated: str


class FindingWords(Struct, frozen=True):
    """A rule that fired, or (`decided` false) could not be decided because of what is `missing`."""

    rule: str
    topic: str
    effect: EffectWords
    decided: bool
    says: str
    why: str
    because: tuple[Because, ...]
    limits: tuple[LimitWords, ...]
    missing: tuple[str, ...]
    strength: str
    confidence: str
    sources: tuple[SourceWords, ...]
    would_change_it: str | None


class WindowWords(Struct, frozen=True):
    what: str
    opens: str
    last_day: str
    closes_at: str


class EarliestWords(Struct, frozen=True):
    """`on` is null when nothing that can be planned leads to a supply; then `in_the_way` names the rules."""

    on: str | None
    requires: tuple[str, ...]
    in_the_way: tuple[str, ...]


class TaskWords(Struct, frozen=True):
    what: str
    earliest: str | None
    due: str | None
    who: str
    why: tuple[str, ...]


class UnknownWords(Struct, frozen=True):
    fact: str
    says: str
    needed_by: tuple[str, ...]


class Answer(Struct, frozen=True):
    """Everything a person or a program needs to know about one decision."""

    isocourse_answer: str
    subject: str
    headline: str
    supply: str
    capsules_in_hand: str
    capsules_says: str
    complete: bool
    valid_until: str | None
    assessed: tuple[str, ...]
    not_assessed: tuple[str, ...]
    signed_off: bool
    as_of: str
    known_at: str | None
    edition: str
    programme: str
    versions: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    window: WindowWords | None
    earliest_supply: EarliestWords
    findings: tuple[FindingWords, ...]
    tasks: tuple[TaskWords, ...]
    unknown: tuple[UnknownWords, ...]
    not_read: tuple[Any, ...]
    notes: tuple[str, ...]


_ENCODER = msgspec.json.Encoder()


def assess(
    edition: Edition, record: Record, as_of: int, known_at: datetime | None = None, not_read: Sequence[Any] = ()
) -> Answer:
    """Decide, plan and put into words: from a record to the whole answer."""
    prepared = prepare(record, known_at)
    return answer(decide_prepared(edition, prepared, as_of, known_at), prepared, record.subject, not_read)


def answer(decision: Decision, prepared: Rows, subject: str, not_read: Sequence[Any] = ()) -> Answer:
    """Put a decision and its plan into words."""
    edition = decision.edition
    earliest = earliest_supply(edition, prepared, decision.evaluation)
    zone = ZoneInfo(edition.programme.time_zone)
    # A window is told only where nothing but steps stand between it and the supply.
    spans = windows(decision) if decision.capsules_in_hand == "continue" and not earliest.requires else ()
    return Answer(
        isocourse_answer="1",
        subject=subject,
        headline=headline(decision, earliest),
        supply=decision.supply,
        capsules_in_hand=decision.capsules_in_hand,
        capsules_says=capsules_words(decision),
        complete=decision.complete,
        valid_until=_midnight(decision.valid_until, zone),
        assessed=decision.assessed,
        not_assessed=decision.not_assessed,
        signed_off=edition.signed(decision.as_of).stands,
        as_of=iso(decision.as_of),
        known_at=decision.known_at.isoformat() if decision.known_at is not None else None,
        edition=edition.name,
        programme=edition.programme.id,
        versions=tuple(version.id for version in edition.versions_in_force(decision.as_of)),
        unconfirmed=tuple(version.id for version in edition.unconfirmed(decision.as_of)),
        window=_window(spans[0], zone) if spans else None,
        earliest_supply=_earliest(earliest),
        findings=tuple(finding_words(finding, edition) for finding in decision.findings),
        tasks=tuple(_task(todo) for todo in todos(decision, earliest)),
        unknown=_unknown(decision),
        not_read=tuple(not_read),
        notes=notes(decision),
    )


def answer_json(answer: Answer) -> bytes:
    """The answer as compact JSON."""
    return _ENCODER.encode(answer)


# --- the parts ------------------------------------------------------------------------------------
def plain(value: Any, kind: str) -> Any:
    """A value as JSON writes it: days as dates, decimals as text, lists of codes as lists."""
    if value is None or isinstance(value, bool):
        return value
    if kind == "day":
        return "start of record" if value == BEGINNING else iso(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if kind == "classes":
        return {method: sorted(classes) for method, classes in sorted(value.items())}
    return value


def _midnight(day: int | None, zone: ZoneInfo) -> str | None:
    """The first moment of a day in the programme's time zone."""
    return datetime.combine(date.fromordinal(day), time(0), zone).isoformat() if day is not None else None


def _window(window: Window, zone: ZoneInfo) -> WindowWords:
    closes = datetime.combine(date.fromordinal(window.last_day), time(23, 59), zone)
    return WindowWords(window.what, iso(window.opens), iso(window.last_day), closes.isoformat())


def _earliest(earliest: Earliest) -> EarliestWords:
    return EarliestWords(iso(earliest.day) if earliest.day is not None else None, earliest.requires, earliest.stuck)


def because_of(reason: Reason) -> Because:
    return Because(
        reason.fact,
        reason.says,
        plain(reason.value, reason.kind),
        iso(reason.on) if reason.on is not None else None,
        reason.events,
        tuple(because_of(part) for part in reason.made_of),
    )


def limit_of(limit: Limit) -> LimitWords:
    return LimitWords(
        limit.name,
        limit.says,
        plain(limit.value, limit.kind),
        limit.kind,
        limit.strength,
        limit.confidence,
        limit.sources,
    )


def source_words(edition: Edition, named: Sequence[str]) -> tuple[SourceWords, ...]:
    """Sources by id, in full."""
    sources = (edition.library.sources[name] for name in named)
    return tuple(SourceWords(s.id, s.title, s.publisher, s.at, s.dated) for s in sources)


def finding_words(finding: Finding, edition: Edition) -> FindingWords:
    """A finding as data, with its sources in full."""
    rule = finding.rule
    says = rule.says if finding.decided or not rule.unknown_says else rule.unknown_says
    if not finding.decided and not rule.unknown_says:
        says = f"Cannot be decided: {rule.says[0].lower()}{rule.says[1:]}"
    return FindingWords(
        rule=rule.id,
        topic=rule.topic,
        effect=EffectWords(finding.effect.supply, finding.effect.capsules),
        decided=finding.decided,
        says=says,
        why=rule.why,
        because=tuple(because_of(reason) for reason in finding.reasons),
        limits=tuple(limit_of(limit) for limit in finding.limits),
        missing=finding.missing,
        strength=rule.strength,
        confidence=rule.confidence,
        sources=source_words(edition, rule.sources),
        would_change_it=rule.mend.says if rule.mend is not None else None,
    )


def _task(todo: Todo) -> TaskWords:
    return TaskWords(
        todo.what,
        iso(todo.earliest) if todo.earliest is not None else None,
        iso(todo.due) if todo.due is not None else None,
        todo.who,
        todo.why,
    )


def _unknown(decision: Decision) -> tuple[UnknownWords, ...]:
    """The facts that are not known and that some rule needed, each once."""
    needed: dict[str, list[str]] = {}
    for finding in decision.findings:
        for name in finding.missing:
            needed.setdefault(name, []).append(finding.rule.id)
    facts = decision.edition.library.facts
    return tuple(UnknownWords(name, facts[name].says, tuple(rules)) for name, rules in needed.items())


def departure_words(each: Departed, edition: Edition) -> str:
    """A clinic's departure in a sentence: what, from what, since when, signed by whom, and why."""
    assert edition.clinic is not None
    signed = each.departure
    return (
        f"{edition.clinic.name} departs from {each.strength.replace('_', ' ')}: {each.says}, from "
        f"{iso(each.from_day)}. Signed by {signed.signed_by} on {iso(signed.on)}: {signed.reason}"
    )


def notes(decision: Decision) -> tuple[str, ...]:
    """What has to be said beside every answer: whether it is signed off, the registry, the clinic's departures,
    versions not confirmed."""
    edition = decision.edition
    signed = edition.signed(decision.as_of)
    found = [NOT_SIGNED] if signed.unsigned else []
    if signed.overdue:
        count = len(signed.overdue)
        found.append(OVERDUE.format("1 rule" if count == 1 else f"{count} rules", ", ".join(signed.overdue[:3])))
    if edition.programme.registry_note:
        found.append(edition.programme.registry_note)
    found.extend(departure_words(each, edition) for each in edition.departures_on(decision.as_of))
    for version in edition.unconfirmed(decision.as_of):
        found.append(
            f"Version {version.id} was due on {spoken(version.from_day)} and is not confirmed. Until the clinic "
            "records its adoption, the stricter of old and new governs."
        )
    return tuple(found)
