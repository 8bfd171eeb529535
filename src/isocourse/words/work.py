"""What a clinic's list says about one person: where the course stands, how pressing it is, and each thing to do.

From an answer and a plan, as data; nothing here decides. `risk` orders the list: 0 act now, 1 today, 2 soon, 3 waits,
4 for information. What a finished course no longer needs (the steps of a next supply) is left out.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec import Struct

from isocourse.words.answer import Answer, FindingWords, TaskWords
from isocourse.words.plan_shape import Plan

ACT_NOW, TODAY, SOON, WAITS, KNOW = range(5)
CLOSES_SOON_HOURS = 48
# Days after the last capsule in hand from which somebody who has not come back counts as vanished.
VANISHED_AFTER = 14
# Kinds of the list, from the topic of the rule that asks.
KINDS = {
    "mood": "mood",
    "bloods": "bloods",
    "pregnancy": "test",
    "contraception": "test",
    "effects": "effects",
    "aftercare": "aftercare",
    "supply": "supply",
    "consent": "supply",
    "dose": "supply",
    "medicines": "record",
    "suitability": "record",
    "procedures": "record",
    "reporting": "report",
}


class Work(Struct, frozen=True):
    """One thing to do, or (`kind` window) to have done before it closes. Days are ISO dates."""

    kind: str
    risk: int
    says: str
    why: str
    who: str
    earliest: str | None = None
    due: str | None = None
    closes_at: str | None = None


class Standing(Struct, frozen=True):
    """Where a course stands: `state` is new, before, treated, paused, ended or vanished; `week` of treatment;
    milligrams per kilogram as shown; what is to do."""

    state: str
    risk: int
    week: int | None
    total: str | None
    last_capsule: str | None
    work: tuple[Work, ...]


def standing(answer: Answer, plan: Plan, now: datetime) -> Standing:
    """Where a course stands and what it asks for, at a moment (aware)."""
    today = date.fromisoformat(answer.as_of)
    state, runs_out = _state(plan, today)
    work = [*_urgent(answer), *_window(answer, now), *_tasks(answer, state, today)]
    if state == "vanished":
        says = "Has not come back since the capsules ran out. Find out how the course ended, and record it."
        work.append(Work("vanished", TODAY, says, "", "nurse", None, runs_out))
    work.sort(key=lambda item: (item.risk, item.closes_at or "9", item.due or "9", item.says))
    first = plan.course.first_dose
    week = (today - date.fromisoformat(first)).days // 7 + 1 if first and state in ("treated", "paused") else None
    total = plan.course.totals[0].mg_per_kg_shown if plan.course.totals else None
    return Standing(state, work[0].risk if work else KNOW, week, total, runs_out, tuple(work))


def _state(plan: Plan, today: date) -> tuple[str, str | None]:
    """The state of the course, and the day for which the capsules suffice (or sufficed)."""
    course = plan.course
    if course.ended is not None or course.halted is not None:
        return "ended", None
    if course.first_supply is None and course.first_dose is None:
        return "before", None
    if course.paused is not None:
        return "paused", None
    if course.days_in_hand:
        return "treated", (today + timedelta(days=course.days_in_hand - 1)).isoformat()
    if not course.gaps:
        return "treated", None
    ran_out = date.fromisoformat(course.gaps[-1].first) - timedelta(days=1)
    return "vanished" if (today - ran_out).days > VANISHED_AFTER else "treated", ran_out.isoformat()


def _urgent(answer: Answer) -> list[Work]:
    """Findings that stop the capsules, or ask the prescriber about them: to act on now."""
    found = []
    for finding in answer.findings:
        capsules = finding.effect.capsules_in_hand
        if capsules in ("stop_now", "ask_prescriber"):
            says = finding.would_change_it or "Look at it with the prescriber."
            found.append(
                Work(KINDS.get(finding.topic, "record"), ACT_NOW, says, finding.says, "prescriber", None, answer.as_of)
            )
    return found


def _window(answer: Answer, now: datetime) -> list[Work]:
    window = answer.window
    if window is None or date.fromisoformat(window.opens) > date.fromisoformat(answer.as_of):
        return []
    closes = datetime.fromisoformat(window.closes_at)
    hours = (closes - now).total_seconds() / 3600
    if hours < 0:
        return []
    risk = ACT_NOW if hours <= CLOSES_SOON_HOURS else SOON
    return [Work("window", risk, window.what, "", "nurse", window.opens, window.last_day, window.closes_at)]


def _tasks(answer: Answer, state: str, today: date) -> list[Work]:
    findings = {finding.rule: finding for finding in answer.findings}
    found = []
    for task in answer.tasks:
        kind = _kind(task, findings)
        if state == "ended" and kind not in ("aftercare", "test", "report", "mood"):
            continue
        if task.who == "patient" or _said_as_urgent(task, findings):
            continue
        found.append(
            Work(kind, _risk(task, kind, today), task.what, _why(task, findings), task.who, task.earliest, task.due)
        )
    return found


def _kind(task: TaskWords, findings: dict[str, FindingWords]) -> str:
    for rule in task.why:
        if rule in findings:
            return KINDS.get(findings[rule].topic, "record")
    return "aftercare" if task.earliest is None else "visit"


def _said_as_urgent(task: TaskWords, findings: dict[str, FindingWords]) -> bool:
    named = [findings[rule] for rule in task.why if rule in findings]
    return bool(named) and all(f.effect.capsules_in_hand in ("stop_now", "ask_prescriber") for f in named)


def _why(task: TaskWords, findings: dict[str, FindingWords]) -> str:
    return " ".join(findings[rule].says for rule in task.why if rule in findings)


def _risk(task: TaskWords, kind: str, today: date) -> int:
    due = date.fromisoformat(task.due) if task.due else None
    if due is None or due > today:
        return WAITS
    return TODAY if kind in ("mood", "bloods", "test", "effects") else SOON
