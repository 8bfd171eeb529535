"""The answer as lines a person reads at a desk: headline, clock, why, what to do next.

Lines carry a role ("headline", "stop", "good", "section", "item", "detail", "quiet"); a door turns roles into
colour or weight. Colour is never the only sign: the words say it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from isocourse.record.terminology import words_for
from isocourse.words.answer import Answer, Because, FindingWords, LimitWords, SourceWords
from isocourse.words.headline import listed

STRENGTH_WORDS = {
    "regulation": "regulation",
    "label": "label",
    "guideline": "guideline",
    "consensus": "consensus",
    "clinic_policy": "clinic policy",
}


class Line(NamedTuple):
    """One line: what it is, how far it stands in, and the words."""

    role: str
    indent: int
    text: str


def spoken(day: str | None) -> str:
    """An ISO date as people say it, with the weekday: Mon 9 Mar 2026."""
    if day is None:
        return "not known"
    on = date.fromisoformat(day)
    return f"{on.strftime('%a')} {on.day} {on.strftime('%b %Y')}"


def page(answer: Answer, *, now: datetime | None = None) -> Iterator[Line]:
    """The whole page. With `now` (aware) the clock to the end of the window runs in hours and minutes."""
    yield Line("good" if answer.supply == "proceed" else "stop", 0, answer.headline)
    yield Line("stop" if answer.capsules_in_hand != "continue" else "plain", 0, answer.capsules_says)
    yield Line("quiet", 0, _standing(answer))
    yield from _clock(answer, now)
    yield from _why(answer)
    yield from _next(answer)
    yield from _not_known(answer)
    yield from _not_read(answer)
    if answer.notes:
        yield Line("section", 0, "Please note")
        for note in answer.notes:
            yield Line("quiet", 1, note)


def _standing(answer: Answer) -> str:
    parts = [f"As of {spoken(answer.as_of)}", f"programme {answer.programme} ({' + '.join(answer.versions)})"]
    if answer.known_at is not None:
        parts.append(f"as known at {answer.known_at}")
    parts.append(f"edition {answer.edition}")
    return " · ".join(parts)


def _clock(answer: Answer, now: datetime | None) -> Iterator[Line]:
    if answer.window is not None:
        opens, last = date.fromisoformat(answer.window.opens), date.fromisoformat(answer.window.last_day)
        today = date.fromisoformat(answer.as_of)
        day = f"today is day {(today - opens).days + 1} of {(last - opens).days + 1}"
        yield Line("section", 0, "Window")
        yield Line(
            "item", 1, f"{spoken(answer.window.opens)} to {spoken(answer.window.last_day)}, both included; {day}"
        )
        yield Line("detail", 1, f"{answer.window.what} {_closes(answer.window.closes_at, today, last, now)}")
    if answer.valid_until is not None:
        yield Line("quiet", 1 if answer.window else 0, f"This answer holds until {answer.valid_until} at the latest.")


def _closes(closes_at: str, today: date, last: date, now: datetime | None) -> str:
    if now is None:
        left = (last - today).days
        when = {0: "today", 1: "tomorrow"}.get(left, f"the day in {left} days")
        return f"It closes at the end of {when}."
    left_minutes = int((datetime.fromisoformat(closes_at) - now).total_seconds() // 60)
    days, minutes = divmod(max(left_minutes, 0), 24 * 60)
    clock = f"{minutes // 60} h {minutes % 60} min"
    return f"It closes in {days} d {clock} ({closes_at})." if days else f"It closes in {clock} ({closes_at})."


def _why(answer: Answer) -> Iterator[Line]:
    decided = [finding for finding in answer.findings if finding.decided and finding.effect.supply == "withhold"]
    undecided = [finding for finding in answer.findings if not finding.decided]
    noted = [finding for finding in answer.findings if finding.decided and finding.effect.supply != "withhold"]
    if decided:
        yield Line("section", 0, "Why")
        for finding in sorted(decided, key=lambda f: f.effect.capsules_in_hand != "stop_now"):
            yield from finding_lines(finding)
    if undecided:
        yield Line("section", 0, "Cannot be decided yet")
        yield from _undecided(undecided, answer)
    if noted:
        yield Line("section", 0, "Also seen")
        for finding in noted:
            yield from finding_lines(finding)


def finding_lines(finding: FindingWords) -> Iterator[Line]:
    """A finding with its reasons, limits and sources."""
    mark = "!" if finding.effect.capsules_in_hand == "stop_now" else "-"
    yield Line("stop" if mark == "!" else "item", 1, f"{mark} {finding.says}  [{finding.rule}]")
    if finding.why:
        yield Line("detail", 2, finding.why)
    for reason in finding.because:
        yield Line("detail", 2, because_text(reason))
    for limit in finding.limits:
        yield Line("detail", 2, limit_text(limit))
    yield Line("quiet", 2, cited(finding.strength, finding.confidence, finding.sources))


def cited(strength: str, confidence: str, sources: Sequence[SourceWords]) -> str:
    """How strong something is, and where it was read."""
    return f"{STRENGTH_WORDS[strength]}, confidence {confidence}: {listed([source.title for source in sources])}"


def _undecided(undecided: list[FindingWords], answer: Answer) -> Iterator[Line]:
    """Grouped by what is missing, so that one unknown does not read like ten faults."""
    says = {unknown.fact: unknown.says for unknown in answer.unknown}
    groups: dict[tuple[str, ...], list[FindingWords]] = {}
    for finding in undecided:
        groups.setdefault(finding.missing, []).append(finding)
    for missing, findings in groups.items():
        words = "; ".join(says.get(name, name) for name in missing) or "more than is recorded"
        if len(findings) == 1:
            yield Line("item", 1, f"? {findings[0].says}  [{findings[0].rule}]")
            yield Line("detail", 2, f"not known: {words}")
        else:
            yield Line("item", 1, f"? Not known: {words}")
            yield Line("detail", 2, f"{len(findings)} rules wait for it: {', '.join(f.rule for f in findings)}")


def _next(answer: Answer) -> Iterator[Line]:
    if answer.supply == "withhold":
        earliest = answer.earliest_supply
        yield Line("section", 0, "Earliest supply")
        if earliest.on is None:
            yield Line("item", 1, "No day can be named; in the way:")
            says = {finding.rule: finding.says for finding in answer.findings}
            for rule in earliest.in_the_way:
                yield Line("detail", 2, f"{says.get(rule, 'what follows from the steps below')}  [{rule}]")
        else:
            before = "not before " if earliest.requires else ""
            yield Line("item", 1, f"{before}{spoken(earliest.on)}, if every step below is done by then")
        for requirement in earliest.requires:
            yield Line("detail", 1, f"requires: {requirement}")
    if answer.tasks:
        yield Line("section", 0, "To do")
        for task in answer.tasks:
            yield Line("item", 1, f"[ ] {task.what}")
            yield Line("detail", 2, f"{task.who}; {_span(task.earliest, task.due)}")


def _span(earliest: str | None, due: str | None) -> str:
    if earliest is not None and earliest == due:
        return f"on {spoken(due)}"
    parts = [f"from {spoken(earliest)}"] if earliest is not None else []
    return " ".join([*parts, f"by {spoken(due)}"]) if due is not None else " ".join(parts) or "no date yet"


def _not_known(answer: Answer) -> Iterator[Line]:
    if answer.unknown:
        yield Line("section", 0, "To find out")
        for unknown in answer.unknown:
            yield Line("item", 1, f"? {unknown.says}")


def _not_read(answer: Answer) -> Iterator[Line]:
    """In groups, questions first; `isocourse import` lists every one."""
    groups: dict[str, int] = {}
    for line in answer.not_read:
        if line["sort"] in ("question", "not_read", "in_part"):
            words = f"{line['resource']}: {line['why']}"
            groups[words] = groups.get(words, 0) + line["times"]
    if groups:
        yield Line("section", 0, "Not read, or read in part")
        for words, times in groups.items():
            yield Line("item", 1, f"- {words}{f' ({times} times)' if times > 1 else ''}")


def because_text(reason: Because) -> str:
    """A fact with its value, day and events."""
    text = f"{reason.says}: {value_text(reason.value)}"
    if reason.on is not None and reason.on != reason.value:
        text += f" ({spoken(reason.on)})"
    if reason.events:
        text += f"  from {', '.join(reason.events[:4])}{' ...' if len(reason.events) > 4 else ''}"
    return text


def limit_text(limit: LimitWords) -> str:
    """A limit with its value and unit."""
    if isinstance(limit.value, dict | list | tuple) and len(limit.value) > 6:
        return f"limit: {limit.says}"
    unit = f" {limit.unit}" if limit.unit in ("days", "months") else ""
    return f"limit {value_text(limit.value)}{unit}: {limit.says}"


def value_text(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(words_for(str(part)) for part in value) or "none"
    if isinstance(value, str):
        try:
            return spoken(value)
        except ValueError:
            return words_for(value)
    return str(value)
