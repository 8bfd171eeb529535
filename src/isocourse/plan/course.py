"""Where a course stands for a record: weight, present dose, what was taken, gaps, and what a plan goes on from.

A course goes from the end of the one before (a stop for a reason after which taking it again is a second course) to
its own. A stop for another reason, a pause or a gap in supply is part of the course that goes on after it. Nothing is
guessed: what is not on record is None, and a dose is present only when a prescription or a supply of this course says
it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from isocourse.engine.decide import Evaluation
from isocourse.engine.edition import Edition
from isocourse.engine.model import Product
from isocourse.plan.capsules import MOST_CAPSULES, Day, split
from isocourse.plan.dose import may_stop_early, second_course_from
from isocourse.plan.values import value_on
from isocourse.record.dose import capsule_content, dose_of, formulation_of, kilograms, latest_weight, prescription_of
from isocourse.record.events import CoursePaused, CourseStopped, Dispensing, Prescription, Weight
from isocourse.record.intake import Taken, taken
from isocourse.record.tables import Rows


@dataclass(frozen=True)
class Present:
    """The dose as of the day: the act that says it, mg a day, formulation, capsules of a day one by one and intakes.

    `supplied` is false for a prescription that waits. `silent` is a later supply that says no dose and names no
    prescription, so that the dose is the prescription's. None: not on record."""

    act: Prescription | Dispensing
    mg_a_day: Fraction
    formulation: str
    capsules: tuple[Decimal, ...] | None
    intakes: int | None
    supplied: bool
    silent: Dispensing | None


@dataclass(frozen=True)
class Nodules:
    """The counts before the first supply and now, and whether the fall is large enough. None: not on record."""

    before: Decimal | None
    before_day: int | None
    now: Decimal | None
    now_day: int | None
    enough: bool | None


@dataclass(frozen=True)
class Course:
    """A course as of a day. `ended` is the stop after which nothing was prescribed or supplied; `halted` a stop for
    another reason after which nothing was; `began_after` the stop of the course before; `resumed_after` stops inside
    this course; `first_supply` and `first_dose` its days; `paused` an open pause; `gaps` the spans without a dose
    between first dose and today (or the end); `earlier` what was taken before this course."""

    as_of: int
    weight: Weight | None
    kg: Fraction | None
    began_after: CourseStopped | None
    ended: CourseStopped | None
    halted: CourseStopped | None
    resumed_after: tuple[CourseStopped, ...]
    first_supply: int | None
    paused: CoursePaused | None
    present: Present | None
    prescription: Prescription | None
    taken: Taken
    earlier: Taken | None
    gaps: tuple[tuple[int, int], ...]
    nodules: Nodules
    second_from: int | None

    @property
    def first_dose(self) -> int | None:
        return self.taken.spells[0].first_day if self.taken.spells else None


def course_of(edition: Edition, evaluation: Evaluation) -> Course:
    """Where the course stands. `evaluation` is of the same edition."""
    rows, as_of = evaluation.rows, evaluation.as_of
    began_after, ended = _ends(edition, rows, as_of)
    from_day = began_after.happened_on.last + 1 if began_after is not None else 1
    acts = _acts(rows, from_day, ended)
    supplies = [act for act in acts if isinstance(act, Dispensing)]
    weight = latest_weight(rows)
    first_supply = supplies[0].happened_on.last if supplies else None
    own = taken(rows, as_of, from_day)
    return Course(
        as_of=as_of,
        weight=weight,
        kg=kilograms(weight.value, weight.unit) if weight is not None else None,
        began_after=began_after,
        ended=ended,
        halted=_halted(rows, from_day, ended, acts),
        resumed_after=tuple(_resumed(rows, from_day, ended, supplies)),
        first_supply=first_supply,
        paused=_paused(rows, first_supply) if ended is None and first_supply is not None else None,
        present=_present(rows, acts),
        prescription=next((act for act in reversed(acts) if isinstance(act, Prescription)), None),
        taken=own,
        earlier=_earlier(rows, as_of, from_day, own),
        gaps=_gaps(own, min(as_of, ended.happened_on.last) if ended is not None else as_of),
        nodules=_nodules(edition, evaluation),
        second_from=_second(edition, ended, as_of),
    )


# --- from where to where --------------------------------------------------------------------------
def _ends(edition: Edition, rows: Rows, as_of: int) -> tuple[CourseStopped | None, CourseStopped | None]:
    """The stop of the course before, and the stop of this one where nothing followed it."""
    value = value_on(edition, "finished_reasons", as_of)
    stops = [event for event in rows.get("course_stop", ()) if isinstance(event, CourseStopped)]
    ends = [stop for stop in stops if value is None or stop.reason in value.value]
    if not ends:
        return None, None
    last = ends[-1].happened_on.last
    if any(event.happened_on.last > last for kind in ("prescription", "dispensing") for event in rows.get(kind, ())):
        return ends[-1], None
    before = [stop for stop in ends if stop.happened_on.last < last]
    return (before[-1] if before else None), ends[-1]


def _acts(rows: Rows, from_day: int, ended: CourseStopped | None) -> list[Prescription | Dispensing]:
    """Prescriptions and supplies of this course in order; of one day the supply is later."""
    found = [
        event
        for kind in ("prescription", "dispensing")
        for event in rows.get(kind, ())
        if isinstance(event, Prescription | Dispensing)
        and event.happened_on.last >= from_day
        and (ended is None or event.happened_on.last <= ended.happened_on.last)
    ]
    return sorted(found, key=lambda act: (act.happened_on.last, isinstance(act, Dispensing)))


def _resumed(
    rows: Rows, from_day: int, ended: CourseStopped | None, supplies: list[Dispensing]
) -> Iterable[CourseStopped]:
    """Stops inside this course after which it was supplied again."""
    last = supplies[-1].happened_on.last if supplies else 0
    for stop in rows.get("course_stop", ()):
        if isinstance(stop, CourseStopped) and stop is not ended and from_day <= stop.happened_on.last < last:
            yield stop


def _halted(
    rows: Rows, from_day: int, ended: CourseStopped | None, acts: list[Prescription | Dispensing]
) -> CourseStopped | None:
    """The latest stop inside this course, when nothing was prescribed or supplied after it."""
    stops = [event for event in rows.get("course_stop", ()) if event.happened_on.last >= from_day]
    if ended is not None or not stops or not isinstance(stops[-1], CourseStopped):
        return None
    last = acts[-1].happened_on.last if acts else 0
    return stops[-1] if last <= stops[-1].happened_on.last else None


def _paused(rows: Rows, first_supply: int) -> CoursePaused | None:
    """The latest pause since the first supply of this course, when dosing has not gone on since."""
    pauses = [event for event in rows.get("course_pause", ()) if event.happened_on.last >= first_supply]
    if not pauses or not isinstance(pauses[-1], CoursePaused):
        return None
    since = pauses[-1].happened_on.last
    ends = [*rows.get("course_start", ()), *rows.get("course_stop", ())]
    return None if any(event.happened_on.last >= since for event in ends) else pauses[-1]


def _earlier(rows: Rows, as_of: int, from_day: int, own: Taken) -> Taken | None:
    if from_day == 1:
        return None
    whole = taken(rows, min(as_of, from_day - 1))
    return whole if whole.spells else None


def _gaps(own: Taken, last: int) -> tuple[tuple[int, int], ...]:
    """Runs of days without a dose, from the first dose to `last`, both included."""
    found: list[tuple[int, int]] = []
    at = own.spells[0].first_day if own.spells else last + 1
    for spell in own.spells:
        if spell.first_day > at:
            found.append((at, spell.first_day - 1))
        at = max(at, spell.last_day + 1)
    return (*found, (at, last)) if at <= last else tuple(found)


# --- the dose -------------------------------------------------------------------------------------
def _present(rows: Rows, acts: list[Prescription | Dispensing]) -> Present | None:
    """The dose of the latest act; of the latest prescription where a later supply is silent about it."""
    silent: Dispensing | None = None
    for act in reversed(acts):
        if silent is not None and isinstance(act, Dispensing):
            continue  # the dose of an earlier supply is not that of this one
        mg = dose_of(rows, act)
        if mg is not None:
            formulation = formulation_of(rows, act)
            if silent is not None and formulation == "unknown":
                formulation = formulation_of(rows, silent)
            written = act if isinstance(act, Prescription) else prescription_of(rows, act)
            return Present(
                act=act,
                mg_a_day=mg,
                formulation=formulation,
                capsules=_capsules(rows, act, mg),
                intakes=written.intakes if written is not None else None,
                supplied=silent is not None or isinstance(act, Dispensing),
                silent=silent,
            )
        if isinstance(act, Prescription) or prescription_of(rows, act) is not None:
            return None  # it should say the dose, and does not
        silent = act
    return None


def _capsules(rows: Rows, act: Prescription | Dispensing, mg: Fraction) -> tuple[Decimal, ...] | None:
    """The capsules of a day one by one, as the act or the prescription it names has them."""
    own = capsules_a_day(act, mg)
    written = prescription_of(rows, act) if isinstance(act, Dispensing) and not act.strengths else None
    return capsules_a_day(written, mg) if written is not None else own


def capsules_a_day(act: Prescription | Dispensing, mg: Fraction) -> tuple[Decimal, ...] | None:
    """The capsules of one day, largest first, where the act leaves no choice: their numbers are known and the same
    every day, or there is one strength. None otherwise, and where they do not make the dose."""
    content = capsule_content(act.strengths)
    if content is not None:
        if content != mg * act.days or any((part.capsules or 0) % act.days for part in act.strengths):
            return None
        counts = [(part.mg, (part.capsules or 0) // act.days) for part in act.strengths]
    elif len(act.strengths) == 1 and (mg / Fraction(act.strengths[0].mg)).denominator == 1:
        counts = [(act.strengths[0].mg, int(mg / Fraction(act.strengths[0].mg)))]
    else:
        return None
    chosen = tuple(sorted((strength for strength, count in counts for _ in range(count)), reverse=True))
    return chosen if 0 < len(chosen) <= MOST_CAPSULES else None


def day_of_capsules(chosen: tuple[Decimal, ...], intakes: int) -> Day | None:
    """The capsules of a day over its intakes: as evenly as they allow over two, equally or not at all over more."""
    if len(chosen) < intakes:
        return None
    if intakes <= 2:
        return split(chosen, intakes)
    counts = {mg: chosen.count(mg) for mg in chosen}
    if any(count % intakes for count in counts.values()):
        return None
    each = split(tuple(mg for mg, count in counts.items() for _ in range(count // intakes)), 1).intakes[0]
    return Day((each,) * intakes)


# --- the end --------------------------------------------------------------------------------------
def _nodules(edition: Edition, evaluation: Evaluation) -> Nodules:
    facts: dict[str, Any] = dict(zip(edition.fact_index, evaluation.facts, strict=True))
    before, now = facts.get("nodules_before"), facts.get("nodules_now")
    fall = value_on(edition, "early_stop_fall", evaluation.as_of)
    enough = None
    if fall is not None and before is not None and now is not None:
        enough = may_stop_early(before, now, fall.value)
    return Nodules(before, facts.get("nodules_before_day"), now, facts.get("nodules_now_day"), enough)


def _second(edition: Edition, ended: CourseStopped | None, as_of: int) -> int | None:
    """The first day of a second course, when the first has ended and the programme says how long to wait."""
    months = value_on(edition, "second_course_months", as_of)
    days = value_on(edition, "second_course_days", as_of)
    if ended is None or days is None:
        return None
    return second_course_from(ended.happened_on.last, months.value if months is not None else 0, days.value)


# --- the product ----------------------------------------------------------------------------------
def products_of(edition: Edition) -> tuple[Product, ...]:
    """The products of the programme and those it inherits from, the nearest first."""
    lineage = edition.library.lineage(edition.programme.id)
    sold = edition.library.products.values()
    return tuple(product for programme in lineage for product in sold if product.programme == programme)


def product_named(edition: Edition, name: str, formulation: str) -> Product | None:
    """The one product that a name on a prescription means (the formulation decides between several of one name);
    None when there is none, or more than one."""
    words = f" {' '.join(name.lower().replace(',', ' ').split())} "
    called = [(_called(product), product) for product in products_of(edition)]
    longest = max((len(alias) for alias, _ in called if f" {alias} " in words), default=None)
    found = [product for alias, product in called if len(alias) == longest and f" {alias} " in words]
    if formulation != "unknown":
        found = [product for product in found if product.formulation == formulation]
    return found[0] if len(found) == 1 else None


def _called(product: Product) -> str:
    return product.name.split(" (")[0].lower()
