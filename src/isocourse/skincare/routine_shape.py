"""The shapes of a routine: what the knowledge says (variants, stops), and what it comes to for one person.

Texts are sentences of ours; days are day numbers (`record.dates`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from isocourse.record.terminology import ProcedureKind

Slot = Literal["morning", "day", "night", "body", "as_needed"]
Part = Literal["cleanse", "moisturise", "protect", "lips", "eyes", "nose", "make_up", "body", "shaving"]
Function = Literal[
    "water", "cleanser", "moisturiser", "ointment", "sunscreen", "clothing_and_shade", "lip_balm", "eye_drops",
    "nose_ointment", "make_up_remover", "emollient", "shaving_aid", "preparation",
]  # fmt: skip
Asks = Literal["dermatologist", "prescriber", "nobody"]
# stopped: no day for its return is known; waits: until `returns_on`; may_return: that day has come; decided: the
# dermatologist has cleared every kind of it that is planned.
StopState = Literal["stopped", "waits", "may_return", "decided"]


@dataclass(frozen=True)
class Cited:
    """How firmly something is said, and where it was read."""

    strength: str
    confidence: str
    sources: tuple[str, ...]


# --- the knowledge --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Variant:
    """One way to do a step. `when` names for each fact the values with which it holds; all of them have to.

    `says`, `often`, `reason` and `low_cost` are the patient's words, `short` those for the sheet to print, `why` the
    clinician's. `protects` ranks the variants of one step.
    """

    name: str
    when: Mapping[str, tuple[str, ...]]
    protects: int
    function: Function
    says: str
    short: str
    often: str
    reason: str
    why: str
    look_for: tuple[str, ...]
    leave: tuple[str, ...]
    low_cost: str
    cited: Cited
    where: str


@dataclass(frozen=True)
class StepKnown:
    """A step with its variants, of which the first that holds is taken. Optional ones may have none that does."""

    name: str
    slot: Slot
    part: Part
    optional: bool
    variants: tuple[Variant, ...]
    where: str


@dataclass(frozen=True)
class Until:
    """How long something stays away: names of values, in months and days after the last dose. The later counts; `by`
    names the end of the span in which dryness settles. `never`: there is no day for its return."""

    months: str = ""
    days: str = ""
    by: str = ""
    never: bool = False


@dataclass(frozen=True)
class StopKnown:
    """Something to stop. `kinds` are the procedures of the record that it means, `rules` the protocol's that say so,
    `words` what may stand in nothing that a routine recommends. `pregnancy` is added unless pregnancy is excluded."""

    name: str
    says: str
    instead: str
    reason: str
    why: str
    pregnancy: str
    kinds: tuple[ProcedureKind, ...]
    until: Until
    asks: Asks
    rules: tuple[str, ...]
    words: tuple[str, ...]
    cited: Cited
    where: str


@dataclass(frozen=True)
class Knowledge:
    """What a routine is made of. `first_weeks_days`: days after the first dose that count as the first weeks.
    `text_of`: by source, the countries whose own text it is."""

    steps: tuple[StepKnown, ...]
    stops: tuple[StopKnown, ...]
    first_weeks_days: int
    text_of: Mapping[str, tuple[str, ...]]


# --- one person -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Alert:
    """A rule of the protocol on side effects that stands for this person and is about more than care: it speaks of the
    capsules (`capsules`), or holds back the supply until somebody has asked."""

    rule: str
    says: str
    mend: str
    capsules: str


@dataclass(frozen=True)
class Limit:
    """A value of the edition as it holds on the day."""

    value: int
    strength: str
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """What a routine depends on, each fact with a value of its own (`facts.FACTS`).

    `last_dose` is the recorded day of the last dose once the course is over, else None. `limits` and `rules` are the
    edition's; `lineage` is the programme with those it inherits from. `cleared` are the kinds of procedures that a
    dermatologist let go ahead and that are still planned. `profile_day` is the day on which the profile was asked.
    `capsules` is the edition's answer about those in hand.
    """

    facts: Mapping[str, str]
    last_dose: int | None
    limits: Mapping[str, Limit]
    rules: Mapping[str, Cited]
    lineage: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    cleared: frozenset[str] = frozenset()
    profile_day: int | None = None
    capsules: str = "continue"


# --- what comes out -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """A step for this person, cited as in the programme. `because` are the facts that chose the variant, `not_asked`
    those whose answer could choose another."""

    name: str
    slot: Slot
    part: Part
    variant: Variant
    cited: Cited
    because: tuple[tuple[str, str], ...]
    not_asked: tuple[str, ...]


@dataclass(frozen=True)
class Stop:
    """Something to stop, for this person: its state, the day from which it may return, the months or days that say so
    and the end of the span, and whose rule it is ("" where it is the clinic's own)."""

    known: StopKnown
    state: StopState
    returns_on: int | None
    months: int | None
    days: int | None
    by_days: int | None
    rule: str
    cited: Cited


@dataclass(frozen=True)
class Routine:
    """The routine of a day: steps in their order, stops, what goes to the prescriber first, and what was not asked."""

    as_of: int
    stage: str
    steps: tuple[Step, ...]
    stops: tuple[Stop, ...]
    alerts: tuple[Alert, ...]
    capsules: str
    not_asked: tuple[str, ...]

    def of(self, slot: Slot) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.slot == slot)
