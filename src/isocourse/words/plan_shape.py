"""The shape of a plan: documented, stable data. Field names are a promise (docs/plan.md); fields may be added.

Amounts are text: mg and mg/kg exactly (a fraction like 300/7 where the decimal number does not end); what ends in
`_shown` is rounded down for people.
"""

from __future__ import annotations

from msgspec import Struct

from isocourse.words.answer import SourceWords


class Cited(Struct, frozen=True):
    """How strong something is, how sure, and the ids of its sources (titles in the plan's `sources`)."""

    strength: str
    confidence: str
    sources: tuple[str, ...]


class WeightWords(Struct, frozen=True):
    """The latest weight. `good_until` is null where the programme says no number."""

    kg: str
    as_written: str
    on: str
    days_old: int
    good_until: str | None
    old: bool
    event: str
    cited: Cited | None


class Capsules(Struct, frozen=True):
    mg: str
    count: int


class PresentWords(Struct, frozen=True):
    """The dose as prescribed or supplied (`act`: prescription or dispensing). `capsules` are those of one day; empty
    where they are not known."""

    mg_a_day: str
    mg_per_kg: str | None
    mg_per_kg_shown: str | None
    formulation: str
    intakes: int | None
    capsules: tuple[Capsules, ...]
    from_event: str
    act: str
    on: str
    supplied: bool
    says: tuple[str, ...]
    against_label: str
    cited: Cited | None


class TotalWords(Struct, frozen=True):
    """What was taken of one formulation; never added to another. `mg_per_kg` is null without any weight."""

    formulation: str
    mg: str
    mg_per_kg: str | None
    mg_per_kg_shown: str | None
    days: int
    days_unknown: int
    says: str


class Gap(Struct, frozen=True):
    """Days without a dose, both ends included."""

    first: str
    last: str
    days: int


class CourseWords(Struct, frozen=True):
    """The course so far. `halted`: the day of a stop after which it may go on. `complete` is false when the true total
    is larger than the one shown."""

    after: str | None
    first_supply: str | None
    first_dose: str | None
    ended: str | None
    halted: str | None
    paused: str | None
    totals: tuple[TotalWords, ...]
    earlier: tuple[TotalWords, ...]
    complete: bool
    incomplete: tuple[str, ...]
    gaps: tuple[Gap, ...]
    days_in_hand: int


class StepWords(Struct, frozen=True):
    """A daily dose in capsules that exist, intake by intake."""

    mg: str
    mg_per_kg_shown: str
    intakes: tuple[tuple[Capsules, ...], ...]
    says: str


class RegimenWords(Struct, frozen=True):
    """A named way to dose. `start_mg`, `usual_mg`, `most_mg` are what it asks for at this weight, exactly; `steps` what
    the capsules of the product make of it, from the start to the usual top. `why_not` says why there are none."""

    regimen: str
    title: str
    chosen: bool
    is_label: bool
    when: str
    departs: str
    weeks: tuple[int, int]
    start_mg: str | None
    usual_mg: str | None
    most_mg: str | None
    product: str | None
    formulation: str
    steps: tuple[StepWords, ...]
    notes: tuple[str, ...]
    why_not: str
    cited: Cited


class PrescriptionDays(Struct, frozen=True):
    """The most days one prescription may cover, by which those to come are counted."""

    days: int
    cited: Cited


class FinishWords(Struct, frozen=True):
    """A projected end: `by` is target, label or date. `on` is null when there is no projection (`why_not`) or when it
    is reached or past. `capsules` and `prescriptions` are those still to come."""

    by: str
    name: str
    target_mg_per_kg: int | None
    on: str | None
    reached: bool
    days: int | None
    mg: str | None
    mg_per_kg: str | None
    capsules: tuple[Capsules, ...]
    prescriptions: int | None
    says: str
    why_not: str
    buys: str
    does_not_buy: str
    cautions: tuple[str, ...]
    cited: Cited | None


class EarlyStop(Struct, frozen=True):
    """`may` is null when it cannot be said."""

    may: bool | None
    says: str
    nodules_before: str | None
    nodules_now: str | None
    cited: Cited | None


class SecondCourse(Struct, frozen=True):
    earliest: str | None
    says: str
    cited: tuple[Cited, ...]


class AdviceWords(Struct, frozen=True):
    about: str
    says: str
    cited: Cited


class PrescriptionText(Struct, frozen=True):
    """The latest prescription in words; `text` is null and `asks` says why, where it cannot be written."""

    prescription: str
    on: str
    text: str | None
    asks: str


class Plan(Struct, frozen=True):
    """Where a course stands and how it may go on. It decides nothing: `isocourse assess` says whether to supply."""

    isocourse_plan: str
    subject: str
    as_of: str
    known_at: str | None
    edition: str
    programme: str
    signed_off: bool
    headline: str
    weight: WeightWords | None
    product: str | None
    course: CourseWords
    dose: PresentWords | None
    regimens: tuple[RegimenWords, ...]
    projection: str
    prescription_days: PrescriptionDays | None
    finishes: tuple[FinishWords, ...]
    early_stop: EarlyStop
    second_course: SecondCourse
    advice: tuple[AdviceWords, ...]
    prescription_text: PrescriptionText | None
    unknown: tuple[str, ...]
    sources: tuple[SourceWords, ...]
    notes: tuple[str, ...]


class Choices(Struct, frozen=True):
    """What a person chose: a regimen, a product, targets (mg/kg; none: all), a last day."""

    regimen: str | None = None
    product: str | None = None
    targets: tuple[int, ...] = ()
    finish: int | None = None
