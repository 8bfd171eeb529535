"""What a clinic's list says about one person: where the course stands, how pressing it is, and each thing to do.

From an answer and a plan, as data; nothing here decides, and no finding that touches the capsules in hand is left out.
Three things make the list shorter than the answer's tasks:

- What is to be done when the person is next seen is one thing to do, with its parts, due when the capsules run out.
  The answer plans the next supply anew every day, so that by itself nothing in it would ever be late.
- After the end of a course (and for somebody who has not come back) only what belongs after it is left: the way to a
  next supply is nobody's work.
- A finding about capsules that nobody can have in hand is for information, unless the person may be in danger
  whether or not any are taken (mood, unwanted effects, pregnancy).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from isocourse.plan.aftercare import ITEMS
from isocourse.words.answer import Answer, FindingWords, TaskWords
from isocourse.words.plan_shape import Plan

# How pressing: what is in danger today; what is late or due in the next days; what has its day; what is only to know.
ACT_NOW, TODAY, SOON, WAITS, KNOW = range(5)
# The parts of the list. Each thing to do is in one of them; `know` is on no list but the one that is asked for.
PLACES = ("now", "dated", "window", "waiting", "result", "vanished", "after", "know")
# Hours before its end from which an open window is acted on now.
CLOSES_NOW = timedelta(hours=24)
# Days after the last capsule in hand from which somebody who has not come back counts as vanished.
VANISHED_AFTER = 14
# Days after which what is late after a course is no longer run after. It stays on the patient's page.
AFTERCARE_LATE = 90
# Topics in which somebody may be in danger, whatever becomes of the capsules: before a course, and after it.
DANGER_BEFORE = frozenset({"mood", "effects"})
DANGER_AFTER = frozenset({"mood", "effects", "pregnancy", "bloods"})
# Rules that say where a course stands, and what everybody knows then: never alone a reason to drop everything.
ABOUT_THE_END, ABOUT_THE_PAUSE = "capsules_left_over", "course_paused"
# Rules about blood tests to be taken; every other rule of the topic is about a result that came in.
TO_TAKE = frozenset(
    {"bloods_baseline_missing", "baseline_not_fasting", "bloods_overdue", "schedule_not_label", "monitoring_escalated"}
)
AFTER = frozenset(item.origin for item in ITEMS if item.kind == "act")
TESTS_AFTER = frozenset({"end_test", "after_test"})
FOLLOW_UP = "blood_test"
_KINDS = {
    "mood": "mood",
    "bloods": "result",
    "pregnancy": "test",
    "contraception": "test",
    "effects": "effects",
    "aftercare": "aftercare",
    "reporting": "report",
    "medicines": "record",
    "suitability": "record",
}
# What waits for a person beside the decision (care.pending).
PENDING = ("second_signature", "signed_override", "supply_alert")
KINDS = (*dict.fromkeys(_KINDS.values()), "blood_test", "visit", "window", "vanished", *PENDING)
STATES = ("before", "treated", "paused", "ended", "vanished")


class Work(Struct, frozen=True):
    """One thing to do, or (`kind` window) to have done before it closes. Days are ISO dates. `why` has one sentence a
    line: the findings behind it, or for a visit what is to be done at it. `place` is the part of the list."""

    kind: str
    risk: int
    says: str
    why: str
    who: str
    earliest: str | None = None
    due: str | None = None
    closes_at: str | None = None
    place: str = "dated"


class Standing(Struct, frozen=True):
    """Where a course stands: `state` is before, treated, paused, ended or vanished; `week` of treatment; milligrams per
    kilogram as shown; what is to do, the most pressing first. `again_on`: the next day on which time alone makes the
    list another one (ISO)."""

    state: str
    risk: int
    week: int | None
    total: str | None
    last_capsule: str | None
    work: tuple[Work, ...]
    again_on: str | None = None


def standing(answer: Answer, plan: Plan, now: datetime) -> Standing:
    """Where a course stands and what it asks for, at a moment (aware)."""
    today = date.fromisoformat(answer.as_of)
    state, runs_out = _state(plan, today)
    urgent, said = _capsules(answer, state)
    work = [*urgent, *_window(answer, now), *_results(answer, state, said)]
    if state in ("ended", "vanished"):
        work += _after(answer, said, today, vanished=state == "vanished")
    else:
        work += _on_the_way(answer, state, runs_out, said)
    if state == "vanished":
        says = "Find out how the course ended, and record it."
        why = "Has not come back since the capsules ran out."
        work.append(Work("vanished", TODAY, says, why, "nurse", None, runs_out, place="vanished"))
    work.sort(key=lambda item: _pressing(item, answer.as_of))
    first = plan.course.first_dose
    week = (today - date.fromisoformat(first)).days // 7 + 1 if first and state in ("treated", "paused") else None
    total = plan.course.totals[0].mg_per_kg_shown if plan.course.totals else None
    risk = work[0].risk if work else KNOW
    return Standing(state, risk, week, total, runs_out, tuple(work), _again_on(work, state, runs_out, today))


def _pressing(item: Work, as_of: str) -> tuple[object, ...]:
    """Danger first, in the order of the findings, and a window that closes after it; then what is due or late before
    what has time; then the clock."""
    if item.risk == ACT_NOW:
        return False, False, item.kind == "window", item.closes_at or ""
    comes = item.due is not None and item.due > as_of
    return item.risk == KNOW, True, comes, item.risk, item.closes_at or "9", item.due or "9", item.says


def _state(plan: Plan, today: date) -> tuple[str, str | None]:
    """The state of the course, and the day for which the capsules suffice (or sufficed)."""
    course = plan.course
    if course.ended is not None or course.halted is not None:
        return "ended", None
    if course.first_supply is None and course.first_dose is None:
        return "before", None
    if course.paused is not None:
        return "paused", None
    # What is taken today is no longer in hand.
    if course.days_in_hand:
        return "treated", (today + timedelta(days=course.days_in_hand)).isoformat()
    if not course.gaps or date.fromisoformat(course.gaps[-1].last) < today:
        return "treated", today.isoformat() if course.first_dose is not None else None
    ran_out = date.fromisoformat(course.gaps[-1].first) - timedelta(days=1)
    return "vanished" if (today - ran_out).days > VANISHED_AFTER else "treated", ran_out.isoformat()


# --- what touches the capsules in hand --------------------------------------------------------------
def _capsules(answer: Answer, state: str) -> tuple[list[Work], frozenset[str]]:
    """Findings that stop the capsules, then those that ask the prescriber about them; and the rules that are said with
    it."""
    found, said = [], set()
    for finding in sorted(answer.findings, key=lambda each: each.effect.capsules_in_hand != "stop_now"):
        capsules = finding.effect.capsules_in_hand
        if capsules not in ("stop_now", "ask_prescriber"):
            continue
        risk, place = (ACT_NOW, "now") if capsules == "stop_now" else _asked(finding, state)
        if finding.rule == ABOUT_THE_END and any("return_capsules" in task.why for task in answer.tasks):
            continue  # the task says it, with its day
        if state == "before" and place != "now":
            continue  # nobody has capsules: it is part of the first visit
        task = next((task for task in answer.tasks if finding.rule in task.why), None)
        says = task.what if task is not None else finding.would_change_it or "Look at it with the prescriber."
        who = task.who if task is not None and task.who != "patient" else "prescriber"
        found.append(Work(_KINDS.get(finding.topic, "visit"), risk, says, finding.says, who, place=place))
        said.add(finding.rule)
    return found, frozenset(said)


def _asked(finding: FindingWords, state: str) -> tuple[int, str]:
    """How pressing a finding is that asks the prescriber about capsules, where there may be none."""
    if finding.rule == ABOUT_THE_END:
        return KNOW, "know"
    if state == "paused" and finding.rule == ABOUT_THE_PAUSE:
        return TODAY, "waiting"
    if state == "before":
        return (ACT_NOW, "now") if finding.topic in DANGER_BEFORE else (SOON, "waiting")
    if state in ("ended", "vanished"):
        if finding.topic not in DANGER_AFTER:
            return KNOW, "know"
        return (TODAY, "result") if finding.topic == "bloods" else (ACT_NOW, "now")
    return ACT_NOW, "now"


def _window(answer: Answer, now: datetime) -> list[Work]:
    window = answer.window
    if window is None or date.fromisoformat(window.opens) > date.fromisoformat(answer.as_of):
        return []
    left = datetime.fromisoformat(window.closes_at) - now
    if left < timedelta():
        return []
    risk, place = (ACT_NOW, "now") if left <= CLOSES_NOW else (SOON, "window")
    return [Work("window", risk, window.what, "", "nurse", window.opens, window.last_day, window.closes_at, place)]


def _results(answer: Answer, state: str, said: frozenset[str]) -> list[Work]:
    """Results that came in abnormal and leave the capsules as they are. After the course its own task says it."""
    found = []
    for finding in answer.findings:
        if finding.topic != "bloods" or finding.rule in TO_TAKE or finding.rule in said or state == "ended":
            continue
        risk = TODAY if finding.effect.supply == "withhold" else SOON
        says = finding.would_change_it or "Look at the result."
        found.append(Work("result", risk, says, finding.says, "prescriber", place="result"))
    return found


# --- on the way to a supply ---------------------------------------------------------------------------
def _on_the_way(answer: Answer, state: str, runs_out: str | None, said: frozenset[str]) -> Iterator[Work]:
    """The tests with days of their own, the reports, and one visit with all the rest."""
    findings = {finding.rule: finding for finding in answer.findings}
    overdue = any("bloods_overdue" in task.why for task in answer.tasks)
    visit: list[TaskWords] = []
    for task in answer.tasks:
        named = [findings[rule] for rule in task.why if rule in findings]
        topics = {finding.topic for finding in named}
        if task.who == "patient" or (named and all(_told(finding, said) for finding in named)):
            continue
        if "reporting" in topics:
            yield _report(task, named)
        elif state == "before":
            visit.append(task)
        elif FOLLOW_UP in task.why or "bloods_overdue" in task.why:
            if FOLLOW_UP in task.why or not overdue:
                due = _later(task.due, None if FOLLOW_UP in task.why else runs_out)
                yield _dated("blood_test", task, due, named, answer.as_of)
        elif topics & {"pregnancy", "contraception"}:
            yield _dated("test", task, _later(task.due, runs_out), named, answer.as_of)
        else:
            visit.append(task)
    if visit or answer.supply == "proceed":
        yield _visit(visit, answer, state, runs_out)


def _told(finding: FindingWords, said: frozenset[str]) -> bool:
    """Whether the list says it already, or it is a result (which has its own place)."""
    return finding.rule in said or (finding.topic == "bloods" and finding.rule not in TO_TAKE)


def _later(due: str | None, runs_out: str | None) -> str | None:
    """The day by which a step of the next supply is wanted: the last capsule, however early it might be done. Somebody
    whose capsules have run out is late since then."""
    return runs_out if runs_out is not None else due


def _dated(kind: str, task: TaskWords, due: str | None, named: list[FindingWords], as_of: str) -> Work:
    if due is not None and task.earliest is not None and due < task.earliest and task.earliest > as_of:
        due = task.earliest  # cannot be done before, so it is not late before
    risk = TODAY if due is not None and due <= as_of else WAITS if due is not None else SOON
    place = "dated" if due is not None else "waiting"
    return Work(kind, risk, task.what, _lines(named), task.who, task.earliest, due, place=place)


def _report(task: TaskWords, named: list[FindingWords]) -> Work:
    return Work("report", SOON, task.what, _lines(named), task.who, place="waiting")


def _visit(parts: list[TaskWords], answer: Answer, state: str, runs_out: str | None) -> Work:
    """Everything that waits for the person to be seen, as one thing."""
    why = "\n".join(dict.fromkeys(task.what for task in parts))
    who = "prescriber" if any(task.who == "prescriber" for task in parts) or not parts else "nurse"
    opens = answer.earliest_supply.on
    if state == "treated" and (runs_out or opens) is not None:
        due = runs_out or opens or answer.as_of
        risk = SOON if due <= answer.as_of else WAITS
        return Work("visit", risk, "See the person for the next supply.", why, who, opens, due)
    begins = min((task.earliest for task in parts if task.earliest is not None), default=answer.as_of)
    if begins > answer.as_of:
        says = "Go on with the preparation for the first supply."
        return Work("visit", WAITS, says, why, who, begins, begins)
    if state == "paused":
        return Work("visit", WAITS, "See the person before dosing goes on.", why, who, place="waiting")
    says = "Prepare the first supply." if parts else "The first supply can be prescribed."
    return Work("visit", SOON, says, why, who, opens, place="waiting")


def _lines(named: list[FindingWords]) -> str:
    return "\n".join(dict.fromkeys(finding.says for finding in named))


# --- after a course -----------------------------------------------------------------------------------
def _after(answer: Answer, said: frozenset[str], today: date, *, vanished: bool) -> Iterator[Work]:
    """What belongs after a course; of somebody who has not come back, the tests alone."""
    findings = {finding.rule: finding for finding in answer.findings}
    for task in answer.tasks:
        named = [findings[rule] for rule in task.why if rule in findings and rule not in said]
        if task.who == "patient":
            continue
        if any(finding.topic in ("reporting", "aftercare") and finding.rule != ABOUT_THE_END for finding in named):
            yield _report(task, named)
        elif AFTER & set(task.why) and (not vanished or TESTS_AFTER & set(task.why)):
            yield _aftercare(task, today)


def _aftercare(task: TaskWords, today: date) -> Work:
    kind = "test" if TESTS_AFTER & set(task.why) else "aftercare"
    late = (today - date.fromisoformat(task.due)).days if task.due else 0
    if late > AFTERCARE_LATE:
        return Work(kind, KNOW, task.what, "", task.who, task.earliest, task.due, place="know")
    risk = WAITS if late < 0 or task.due is None else TODAY if kind == "test" else SOON
    return Work(kind, risk, task.what, "", task.who, task.earliest, task.due, place="after")


# --- the clock ----------------------------------------------------------------------------------------
def _again_on(work: list[Work], state: str, runs_out: str | None, today: date) -> str | None:
    """The next day that changes the list by itself."""
    days = [date.fromisoformat(day) for item in work for day in (item.earliest, item.due) if day is not None]
    days += [
        date.fromisoformat(item.due) + timedelta(days=AFTERCARE_LATE + 1)
        for item in work
        if item.place == "after" and item.due is not None
    ]
    if state == "treated" and runs_out is not None:
        days.append(date.fromisoformat(runs_out) + timedelta(days=VANISHED_AFTER + 1))
    later = [day for day in days if day > today]
    return min(later).isoformat() if later else None


# --- in few words ---------------------------------------------------------------------------------------
_ASIDE = re.compile(r"\s*\([^()]*\)")
_ENDS = re.compile(r"(?<=[A-Za-z0-9)])[.;:!](?=\s)")


def in_short(text: str, most: int = 80) -> str:
    """A sentence for a list: without what stands in brackets, its first clause, at most so many characters. Where
    something was cut an ellipsis says so; the whole sentence is always one step away."""
    bare = _ASIDE.sub("", text).strip()
    first = _ENDS.split(bare, maxsplit=1)[0].rstrip(".")
    if len(first) > most:
        first = first[: most + 1].rsplit(", ", 1)[0] if ", " in first[20:most] else first[:most].rsplit(" ", 1)[0]
    return first if first == text.rstrip(".") else f"{first.rstrip(' ,')} …"
