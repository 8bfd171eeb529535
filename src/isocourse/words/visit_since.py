"""What a visit begins and ends with: what is new since the last one, and what the answers change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from isocourse.record.events import Event
from isocourse.record.tables import Rows
from isocourse.words.answer import Answer, FindingWords
from isocourse.words.headline import spoken
from isocourse.words.sentence import Sentence
from isocourse.words.story_says import date_text, sentence_of

# What a visit itself consists of, and is no news.
_NO_NEWS = frozenset({"visit", "counselling", "symptoms_asked", "medicines_asked", "history_asked", "birth", "sex"})


class Line(NamedTuple):
    """One entry: what it says, its day, and the role that wrote it."""

    says: Sentence
    on: str
    by: str
    event_id: str


class Since(NamedTuple):
    """What is new since the last visit; `last` its day as people write it, empty before the first."""

    last: str
    lines: tuple[Line, ...]


class Changed(NamedTuple):
    """What answers change: findings that are settled, that now withhold supply, and that are only to be known."""

    settled: tuple[str, ...]
    withheld: tuple[str, ...]
    noted: tuple[str, ...]


def since_last_visit(rows: Rows, as_of: int) -> Since:
    """Everything that stands in the record and was written after the last visit was, newest first: also what came in
    later on its day."""
    visits: list[Any] = [event for event in rows.get("visit", []) if event.happened_on.last < as_of]
    if not visits:
        return Since("", ())
    last = max(visits, key=lambda event: (event.happened_on.last, event.recorded_at))
    known = {event.id: event for events in rows.values() for event in events}
    new = [
        event
        for kind, events in rows.items()
        if kind not in _NO_NEWS
        for event in events
        if event.recorded_at > last.recorded_at
    ]
    new.sort(key=lambda event: (event.happened_on.last, event.recorded_at), reverse=True)
    return Since(spoken(last.happened_on.last), tuple(line_of(event, known) for event in new))


def line_of(event: Event, known: Mapping[str, Event]) -> Line:
    """One entry as a line; `known` are the entries that it may name."""
    return Line(sentence_of(event, known), date_text(event.happened_on), event.author.role, event.id)


def last_of(rows: Rows, kind: str, known: Mapping[str, Event]) -> Line | None:
    """The latest entry of a kind."""
    events = rows.get(kind, [])
    return line_of(events[-1], known) if events else None


def changed(before: Answer, after: Answer) -> Changed:
    """What comes and what goes between two answers about one person."""
    was, now = _by_rule(before), _by_rule(after)
    return Changed(
        tuple(finding.says for rule, finding in was.items() if _holds(finding) and not _holds(now.get(rule))),
        tuple(finding.says for rule, finding in now.items() if _holds(finding) and not _holds(was.get(rule))),
        tuple(finding.says for rule, finding in now.items() if not _holds(finding) and rule not in was),
    )


class Told(NamedTuple):
    """What a patient is asked to do, and what it is about (empty where no finding says)."""

    about: str
    says: str


def for_the_patient(answer: Any) -> tuple[Told, ...]:
    """What the patient is asked to do, self-care among it. `answer` is an answer as stored (docs/answer.md)."""
    says = {finding["rule"]: finding["says"] for finding in answer["findings"]}
    return tuple(
        Told(" ".join(says[rule] for rule in task["why"] if rule in says), task["what"])
        for task in answer["tasks"]
        if task["who"] == "patient"
    )


def _by_rule(answer: Answer) -> dict[str, FindingWords]:
    return {finding.rule: finding for finding in answer.findings}


def _holds(finding: FindingWords | None) -> bool:
    return finding is not None and (
        finding.effect.supply == "withhold" or finding.effect.capsules_in_hand in ("stop_now", "ask_prescriber")
    )
