"""What a routine depends on, read from a record that the edition has evaluated. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from isocourse.engine.decide import Evaluation, answers, fact_of, standing
from isocourse.engine.edition import Edition
from isocourse.engine.python_backend import FIRED
from isocourse.record.procedures import course_began
from isocourse.skincare.facts import PROFILE, SYMPTOMS
from isocourse.skincare.routine_shape import Alert, Cited, Knowledge, Limit, Person

# The rule that speaks of no symptom: that nobody has asked since the last supply.
NO_SYMPTOM = "effects_not_asked"
# Grades of CTCAE v5.0; what is worse than severe is severe here too.
_GRADES = ("none", "mild", "moderate", "severe")
_WORST = {name: place for place, name in enumerate((*_GRADES[:3], "ungraded", "severe"))}


def person_of(edition: Edition, evaluation: Evaluation, knowledge: Knowledge) -> Person:
    """The facts of a person on the day of the evaluation."""
    over = fact_of(edition, evaluation, "treatment_over") is True
    profile = _latest(evaluation.rows.get("skin_profile", []))
    facts = {
        "stage": _stage(edition, evaluation, knowledge.first_weeks_days),
        **_symptoms(edition, evaluation),
        "pregnancy_possible": _known(fact_of(edition, evaluation, "can_become_pregnant")),
        **{name: getattr(profile, name) if profile is not None else "unknown" for name in PROFILE},
    }
    facts["contact_lenses"] = _lenses(facts["contact_lenses"], profile, evaluation.rows)
    return Person(
        facts=facts,
        last_dose=fact_of(edition, evaluation, "recorded_last_dose_day") if over else None,
        limits=_limits(edition, evaluation.as_of),
        rules={rule.id: Cited(rule.strength, rule.confidence, rule.sources) for rule in edition.rules},
        lineage=edition.library.lineage(edition.programme.id),
        alerts=tuple(_alerts(edition, evaluation)),
        cleared=frozenset(
            row.procedure_kind
            for row in evaluation.episodes.get("procedure_seen", [])
            if row.decision == "go_ahead" and row.stands
        ),
        profile_day=profile.happened_on.first if profile is not None else None,
        capsules=answers(edition, evaluation)[1],
    )


def answering(person: Person, answers: Mapping[str, str]) -> Person:
    """The person with other answers to the profile: what a page shows before anything is written down. Contact lenses
    that are known from elsewhere stay known."""
    given = {name: answers.get(name, "unknown") for name in PROFILE}
    if given["contact_lenses"] == "unknown":
        given["contact_lenses"] = person.facts["contact_lenses"]
    return replace(person, facts={**person.facts, **given})


def _latest(rows: list[Any]) -> Any | None:
    return rows[-1] if rows else None


def _known(truth: bool | None) -> str:
    return "unknown" if truth is None else "yes" if truth else "no"


def _lenses(answer: str, profile: Any | None, rows: Mapping[str, list[Any]]) -> str:
    """Contact lenses are asked about in daily life too: the later answer counts, and of one day that they are worn."""
    asked = _latest(rows.get("circumstances_asked", []))
    if asked is None:
        return answer
    other = "yes" if "contact_lenses" in asked.present else "no"
    if profile is None or answer == "unknown":
        return other
    mine, theirs = profile.happened_on.first, asked.happened_on.last
    if mine == theirs:
        return "yes" if "yes" in (answer, other) else "no"
    return answer if mine > theirs else other


# --- the course -----------------------------------------------------------------------------------
def _stage(edition: Edition, evaluation: Evaluation, first_weeks_days: int) -> str:
    if fact_of(edition, evaluation, "treatment_over") is True:
        return "after"
    if fact_of(edition, evaluation, "exposed") is False:
        return "before"
    began = _began(evaluation)
    if began is None:
        return "unknown"
    return "first_weeks" if evaluation.as_of - began < first_weeks_days else "later"


def _began(evaluation: Evaluation) -> int | None:
    """The first day of the course to which the latest exposure belongs; None without any."""
    exposures = evaluation.episodes.get("exposure", [])
    epochs = [row.day for row in evaluation.episodes["epoch"]]
    return course_began(evaluation.rows, epochs, exposures[-1].day if exposures else None)


# --- symptoms -------------------------------------------------------------------------------------
def _symptoms(edition: Edition, evaluation: Evaluation) -> dict[str, str]:
    """The worst that stands of each class in this course, or in the one that is over. Ungraded is worse than moderate:
    nobody has said that it is not severe. Without any, `none` needs that somebody has asked since it began."""
    epoch = evaluation.episodes["epoch"][-1].day
    began = _began(evaluation) if fact_of(edition, evaluation, "treatment_over") is True else None
    since = epoch + 1 if began is None else began
    asked = any(event.happened_on.last > epoch for event in evaluation.rows.get("symptoms_asked", []))
    found = dict.fromkeys(SYMPTOMS, "none" if asked else "not_asked")
    for row in evaluation.episodes.get("graded_symptom", []):
        if row.effect_class not in found or row.ended or row.day < since:
            continue
        name = "ungraded" if row.worst_grade is None else _GRADES[min(row.worst_grade, 3)]
        before = found[row.effect_class]
        if before == "not_asked" or _WORST[name] > _WORST[before]:
            found[row.effect_class] = name
    return found


def _alerts(edition: Edition, evaluation: Evaluation) -> list[Alert]:
    """The rules on side effects that stand and are about more than care: those that hold back a supply or say
    something about the capsules."""
    found = []
    for place in standing(edition, evaluation):
        rule = edition.rules[place]
        decided = evaluation.states[place] == FIRED
        effect = rule.then if decided else rule.if_unknown
        acts = effect.supply != "unaffected" or effect.capsules != "unaffected"
        if rule.topic == "effects" and rule.id != NO_SYMPTOM and acts:
            mend = rule.mend.says if rule.mend is not None else ""
            says = rule.says if decided else rule.unknown_says or rule.says
            found.append(Alert(rule.id, says, mend, effect.capsules))
    return found


# --- the edition ----------------------------------------------------------------------------------
def _limits(edition: Edition, as_of: int) -> dict[str, Limit]:
    """The whole numbers of the edition as they hold on a day."""
    found = {}
    for name, limit in edition.limits.items():
        if limit.name != name or not isinstance(limit.value, int):
            continue
        on_day = edition.limit_on(limit, as_of)
        found[name] = Limit(on_day.value, on_day.strength, on_day.confidence, on_day.sources)
    return found
