"""The findings of an answer in the order in which somebody at a desk needs them.

First what withholds, then what is asked of the capsules in hand, then what cannot be decided (by what is missing, so
that one unknown does not read like ten faults), then advice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from isocourse.words.answer import Answer, FindingWords, TaskWords
from isocourse.words.work import TO_TAKE

SAYS_ENOUGH = 32  # characters
_SEVERITY = {"stop_now": 0, "ask_prescriber": 1}
_STANDS_AFTER = frozenset({"aftercare", "reporting"})
# Topics whose rules are about somebody's state now, but for these, which say that nobody has asked or tested.
_OF_NOW = frozenset({"mood", "effects", "bloods"})
_TO_ASK = TO_TAKE | {
    "psychiatric_history_missing",
    "mood_baseline_missing",
    "mood_baseline_missing_uk",
    "mood_baseline_missing_us",
    "mood_follow_up_missing",
    "mood_follow_up_missing_uk",
    "mood_follow_up_missing_us",
    "sexual_baseline_missing",
    "sexual_follow_up_missing",
    "effects_not_asked",
}


class Undecided(NamedTuple):
    """What is not known, in words, and the findings that wait for it."""

    missing: tuple[str, ...]
    findings: tuple[FindingWords, ...]


class Reasons(NamedTuple):
    withholding: tuple[FindingWords, ...]
    capsules: tuple[FindingWords, ...]
    undecided: tuple[Undecided, ...]
    advice: tuple[FindingWords, ...]


def reasons_of(answer: Answer) -> Reasons:
    """Every finding in exactly one group."""
    decided = sorted((f for f in answer.findings if f.decided), key=_pressing)
    withholding = [f for f in decided if f.effect.supply == "withhold"]
    capsules = [f for f in decided if f.effect.supply != "withhold" and _pressing(f) < 2]
    advice = [f for f in decided if f.effect.supply != "withhold" and _pressing(f) >= 2]
    return Reasons(tuple(withholding), tuple(capsules), tuple(_undecided(answer)), tuple(advice))


def of_another_course(answer: Answer) -> frozenset[str]:
    """The rules that after a course say only what another one would need first. Whatever touches capsules, how somebody
    is now, a result that came in, and what belongs after a course are none of them."""
    return frozenset(
        finding.rule
        for finding in answer.findings
        if finding.effect.supply == "withhold"
        and _pressing(finding) == 2
        and finding.topic not in _STANDS_AFTER
        and (finding.topic not in _OF_NOW or finding.rule in _TO_ASK)
    )


def _pressing(finding: FindingWords) -> int:
    return _SEVERITY.get(finding.effect.capsules_in_hand, 2)


def _undecided(answer: Answer) -> Iterator[Undecided]:
    says = {unknown.fact: unknown.says for unknown in answer.unknown}
    groups: dict[tuple[str, ...], list[FindingWords]] = {}
    for finding in sorted((f for f in answer.findings if not f.decided), key=_pressing):
        groups.setdefault(finding.missing, []).append(finding)
    for missing, findings in groups.items():
        yield Undecided(tuple(says.get(name, name) for name in missing), tuple(findings))


class Todo(NamedTuple):
    """A task with how it stands to the day of the answer: overdue, today, later, or empty (it can be done now).
    `why` is the finding that asks for it, where the task says too little by itself."""

    task: TaskWords
    when: str
    why: str


def todo_list(answer: Answer) -> tuple[list[Todo], list[Todo]]:
    """What the clinic does, the most pressing first, and what the patient is asked or told to do."""
    says = {finding.rule: finding.says for finding in answer.findings}
    found = [Todo(task, _when(task, answer.as_of), _why(task, says)) for task in answer.tasks]
    found.sort(key=lambda todo: (_WHEN.index(todo.when), todo.task.due or "9", todo.task.earliest or "9"))
    return [each for each in found if each.task.who != "patient"], [
        each for each in found if each.task.who == "patient"
    ]


def _why(task: TaskWords, says: Mapping[str, str]) -> str:
    """The finding that asks for a task which says too little by itself."""
    if len(task.what) >= SAYS_ENOUGH:
        return ""
    return next((says[rule] for rule in task.why if rule in says), "")


_WHEN = ("overdue", "today", "", "later")


def _when(task: TaskWords, today: str) -> str:
    earliest, due = task.earliest, task.due
    if due is not None and due < today:
        return "overdue"
    if due == today or (due is None and earliest is not None and earliest <= today):
        return "today"
    return "later" if earliest is not None and earliest > today else ""
