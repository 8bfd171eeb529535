"""The routine for a person on a day, from the knowledge. Pure: no clock, no file, the same in the same out.

    found = routine(person_of(edition, evaluation), shipped(), as_of=day)

Of each step the first variant whose conditions hold is taken; a fact that nobody has asked about has a value of its
own (`facts`), so it is decided on and never guessed. What to stop returns on a day reckoned from the last dose, with
the edition's numbers; never earlier than the protocol's own rules on procedures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from isocourse.record.dates import add_months
from isocourse.skincare.facts import FACTS, PROFILE, UNANSWERED
from isocourse.skincare.routine_shape import (
    Cited,
    Knowledge,
    Limit,
    Person,
    Routine,
    Step,
    StepKnown,
    Stop,
    StopKnown,
    StopState,
    Until,
    Variant,
)

# With what is on record, skin may bear an irritant again; where nobody has asked, the words say "once it is calm".
CALM = frozenset({"none", "not_asked"})


def routine(person: Person, knowledge: Knowledge, *, as_of: int) -> Routine:
    """The steps and stops of a day. `person` has a value for every fact; raises KeyError for one without."""
    steps = tuple(step for known in knowledge.steps if (step := _step(known, person, knowledge)) is not None)
    asked_for = {fact for step in steps for fact in step.not_asked}
    asked_for |= {fact for fact in PROFILE if person.facts[fact] in UNANSWERED}
    return Routine(
        as_of=as_of,
        stage=person.facts["stage"],
        steps=steps,
        stops=tuple(_stop(known, person, knowledge, as_of) for known in knowledge.stops),
        alerts=person.alerts,
        capsules=person.capsules,
        not_asked=tuple(fact for fact in FACTS if fact in asked_for),
    )


# --- steps ----------------------------------------------------------------------------------------
def chosen(known: StepKnown, facts: Mapping[str, str]) -> Variant | None:
    """The first variant whose conditions all hold; None only for an optional step."""
    return next((variant for variant in known.variants if holds(variant, facts)), None)


def holds(variant: Variant, facts: Mapping[str, str]) -> bool:
    """Whether every fact that a variant names has one of the values it names."""
    return all(facts[fact] in values for fact, values in variant.when.items())


def _step(known: StepKnown, person: Person, knowledge: Knowledge) -> Step | None:
    facts = person.facts
    variant = chosen(known, facts)
    if variant is None:
        return None
    read = dict.fromkeys(fact for each in known.variants for fact in each.when)
    open_facts = tuple(fact for fact in read if facts[fact] in UNANSWERED and _matters(known, facts, fact, variant))
    because = tuple((fact, facts[fact]) for fact in variant.when if facts[fact] not in UNANSWERED)
    cited = cited_in(variant.cited, person.lineage, knowledge.text_of)
    return Step(known.name, known.slot, known.part, variant, cited, because, open_facts)


def _matters(known: StepKnown, facts: Mapping[str, str], fact: str, variant: Variant) -> bool:
    """Whether another answer about a fact would lead to other words."""
    return any(chosen(known, {**facts, fact: value}) is not variant for value in FACTS[fact])


def cited_in(cited: Cited, lineage: Sequence[str], text_of: Mapping[str, tuple[str, ...]]) -> Cited:
    """How firmly something is said in a programme. Where it has a text of its own, those of other countries are left
    out; where it has none, a label of other countries is clinic policy."""
    theirs = [name for name in cited.sources if text_of.get(name)]
    own = [name for name in theirs if set(lineage) & set(text_of[name])]
    if own:
        return replace(cited, sources=tuple(name for name in cited.sources if name not in theirs or name in own))
    if theirs and cited.strength in ("label", "regulation"):
        return replace(cited, strength="clinic_policy")
    return cited


# --- stops ----------------------------------------------------------------------------------------
def returns_on(until: Until, last_dose: int, limits: Mapping[str, Limit]) -> int | None:
    """The first day, counted from the day of the last dose, on which something may come back; None where there is no
    such day, or the programme does not hold the number. Calendar months end on the month's last day where it is
    shorter; of months and days the later counts."""
    if until.never or any(name and name not in limits for name in (until.months, until.days)):
        return None
    days = []
    if until.months:
        days.append(add_months(last_dose, limits[until.months].value))
    if until.days:
        days.append(last_dose + limits[until.days].value)
    return max(days, default=None)


def _stop(known: StopKnown, person: Person, knowledge: Knowledge, as_of: int) -> Stop:
    day = returns_on(known.until, person.last_dose, person.limits) if person.last_dose is not None else None
    rule = next((name for name in known.rules if name in person.rules), "")
    return Stop(
        known=known,
        state=_state(known, person, day, as_of),
        returns_on=day,
        months=_number(known.until.months, person.limits),
        days=_number(known.until.days, person.limits),
        by_days=_number(known.until.by, person.limits),
        rule=rule,
        cited=person.rules.get(rule) or cited_in(known.cited, person.lineage, knowledge.text_of),
    )


def _state(known: StopKnown, person: Person, day: int | None, as_of: int) -> StopState:
    if person.cleared and set(known.kinds) & person.cleared:
        return "decided"
    if day is None:
        return "stopped"
    still_dry = known.until.by and person.facts["skin"] not in CALM
    return "may_return" if as_of >= day and not still_dry else "waits"


def _number(name: str, limits: Mapping[str, Limit]) -> int | None:
    return limits[name].value if name in limits else None
