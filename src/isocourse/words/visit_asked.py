"""Which sections of the visit are asked now, why, and about which entries of the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from isocourse.engine.decide import Decision
from isocourse.plan.earliest import Earliest
from isocourse.plan.visit import Wanted, settled_by, tasks_now, wanted
from isocourse.record.tables import Rows
from isocourse.words.visit_form import (
    BY_NAME,
    ELSEWHERE,
    FORMS,
    RULE_ASKS,
    SECTION_OF,
    SECTIONS,
    TASK_ASKS,
    VISIT,
)
from isocourse.words.visit_shape import Form

_ENDS = frozenset({"end_of_course", "after_course"})
# Tasks of the way to a supply.
_BEFORE_A_SUPPLY = frozenset({"mood_before_start", "mood_each_visit", "review_course_length", "review_early_stop"})
_ADULT_DAYS = 18 * 365 + 5  # days of eighteen years, leap days included at the most


@dataclass
class Asked:
    """One section that is asked. `why` are the sentences of the rules; `wanted` their events; `waits`: the next supply
    waits for it. `for_prescriber`: the protocol takes the answer from a prescriber alone."""

    section: str
    why: dict[str, None] = field(default_factory=dict)
    wanted: list[Wanted] = field(default_factory=list)
    waits: bool = False
    for_prescriber: bool = False


@dataclass(frozen=True)
class Asking:
    """What the visit asks: sections by name in the order of the form; the entries that forms ask about, by form; and
    whether a prescription is what is missing."""

    sections: Mapping[str, Asked]
    targets: Mapping[str, tuple[str, ...]]
    prescription: bool


def asking(decision: Decision, prepared: Rows, earliest: Earliest, *, role: str, purpose: str = "") -> Asking:
    """What the protocol needs now. `purpose` is that of the visit, where somebody chose one: when a course ends or is
    over, what only a next supply would need is left out, unless the visit is the first of another."""
    found: dict[str, Asked] = {VISIT.name: Asked(VISIT.name)}
    targets: dict[str, dict[str, None]] = {}
    prescription = False
    minor = is_minor(prepared, decision.as_of)
    ends = purpose in _ENDS or (decision.fact("treatment_over") and purpose != "first")
    if purpose == "end_of_course":
        for name in ("end", "capsules", "aftercare"):
            found[name] = Asked(name)
    for each in wanted(decision, earliest):
        if ends and not _after_the_end(decision, each):
            continue
        if each.kind in ELSEWHERE:
            prescription = prescription or each.withholds
            continue
        if not each.today:
            continue
        key = form_for(each, minor=minor)
        asked = found.setdefault(SECTION_OF[key], Asked(SECTION_OF[key]))
        asked.why[each.says] = None
        asked.wanted.append(each)
        asked.waits = asked.waits or each.withholds
        _about(FORMS[key], each, targets)
        if role != "prescriber" and each.withholds and not asked.for_prescriber:
            asked.for_prescriber = settled_by("prescriber", each, decision.edition, prepared, decision.evaluation) and (
                not settled_by(role, each, decision.edition, prepared, decision.evaluation)
            )
    for finding in decision.findings if not ends else ():
        if finding.rule.id in RULE_ASKS:
            _add(found, RULE_ASKS[finding.rule.id], finding.rule.says)
    for task in tasks_now(decision):
        if ends and task in _BEFORE_A_SUPPLY:
            continue
        for name in TASK_ASKS.get(task, ()):
            _add(found, _of_age(name, minor=minor), decision.edition.library.tasks[task].what)
    _one_screen(found)
    sections = {section.name: found[section.name] for section in SECTIONS if section.name in found}
    return Asking(sections, {key: tuple(ids) for key, ids in targets.items()}, prescription)


def together(before: Asking, after: Asking) -> Asking:
    """What was asked at first and what answers brought up: a question does not go away because it was answered."""
    names = [section.name for section in SECTIONS if section.name in before.sections or section.name in after.sections]
    sections = {name: before.sections.get(name) or after.sections[name] for name in names}
    keys = dict.fromkeys([*before.targets, *after.targets])
    targets = {key: tuple(dict.fromkeys([*before.targets.get(key, ()), *after.targets.get(key, ())])) for key in keys}
    return Asking(sections, targets, after.prescription)


def _after_the_end(decision: Decision, each: Wanted) -> bool:
    """Whether a wanted event matters without a next supply: its finding is about the capsules in hand or the person."""
    return any(
        finding.rule.id == each.rule and finding.effect.capsules in ("stop_now", "ask_prescriber")
        for finding in decision.findings
    )


def form_for(each: Wanted, *, minor: bool) -> str:
    """The form in which a wanted event is typed."""
    return _of_age(str(each.fields["name"]), minor=minor) if each.kind == "questionnaire" else each.kind


def is_minor(prepared: Rows, as_of: int) -> bool:
    """Whether the person is under 18: then the PHQ-A is asked. Not known counts as adult; the items are alike."""
    births: list[Any] = prepared.get("birth", [])
    return bool(births) and as_of - births[-1].happened_on.last < _ADULT_DAYS


def open_symptoms(decision: Decision) -> tuple[str, ...]:
    """The entries of symptoms that are not over, oldest first."""
    rows: Iterable[Any] = decision.evaluation.episodes.get("graded_symptom", ())
    return tuple(dict.fromkeys(row.events[0] for row in rows if not row.ended))


def taken_medicines(decision: Decision) -> tuple[str, ...]:
    """The entries of other medicines that are taken now."""
    rows: Iterable[Any] = decision.evaluation.episodes.get("current_medicine", ())
    return tuple(dict.fromkeys(row.events[0] for row in rows if row.taken))


def as_before_is_safe(decision: Decision) -> bool:
    """Whether "as last time" may be answered about side effects: nothing there waits for a decision."""
    return not any(
        finding.withholds and finding.rule.topic == "effects" and finding.rule.mend is not None
        and any(event.kind == "symptom_assessed" for event in finding.rule.mend.events)
        for finding in decision.findings
    )  # fmt: skip


def _of_age(name: str, *, minor: bool) -> str:
    return "phqa" if minor and name == "phq9" else name


def _add(found: dict[str, Asked], name: str, why: str) -> None:
    asked = found.setdefault(BY_NAME[name].name, Asked(name))
    asked.why[why] = None


def _about(form: Form, each: Wanted, targets: dict[str, dict[str, None]]) -> None:
    if not form.names:
        return
    named = each.fields.get(form.names, ())
    for target in (named,) if isinstance(named, str) else named:
        targets.setdefault(form.key, {})[target] = None


def _one_screen(found: dict[str, Asked]) -> None:
    """The nine items hold the two."""
    for longer in ("phq9", "phqa"):
        if longer in found and "phq2" in found:
            found[longer].why |= found.pop("phq2").why
