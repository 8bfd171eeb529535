"""Where a course stands, as data: weight, totals kept apart, gaps, the dose now and how it stands to the label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from isocourse.engine import model as m
from isocourse.engine.edition import Edition
from isocourse.plan.course import Course, Present
from isocourse.plan.dose import bounds
from isocourse.plan.finish import shown
from isocourse.plan.values import value_on
from isocourse.record.dates import iso
from isocourse.record.events import kind_of
from isocourse.record.intake import Total
from isocourse.words.dose import counted, exact_text, mg_text, spoken_day, total_text
from isocourse.words.plan_shape import (
    Capsules,
    Cited,
    CourseWords,
    Gap,
    PrescriptionDays,
    PresentWords,
    TotalWords,
    WeightWords,
)


def weight_words(edition: Edition, course: Course) -> WeightWords | None:
    if course.weight is None or course.kg is None:
        return None
    day = course.weight.happened_on.last
    good = value_on(edition, "weight_good_for", course.as_of)
    until = day + good.value if good is not None else None
    return WeightWords(
        kg=exact_text(course.kg),
        as_written=f"{course.weight.value} {course.weight.unit}",
        on=str(course.weight.happened_on),
        days_old=course.as_of - day,
        good_until=iso(until) if until is not None else None,
        old=until is not None and course.as_of > until,
        event=course.weight.id,
        cited=cited_of(good) if good is not None else None,
    )


def course_words(course: Course) -> CourseWords:
    earlier = course.earlier.totals if course.earlier is not None else ()
    return CourseWords(
        after=iso(course.began_after.happened_on.last) if course.began_after is not None else None,
        first_supply=iso(course.first_supply) if course.first_supply is not None else None,
        first_dose=iso(course.first_dose) if course.first_dose is not None else None,
        ended=iso(course.ended.happened_on.last) if course.ended is not None else None,
        halted=iso(course.halted.happened_on.last) if course.halted is not None else None,
        paused=iso(course.paused.happened_on.last) if course.paused is not None else None,
        totals=tuple(_total(total) for total in course.taken.totals),
        earlier=tuple(_total(total) for total in earlier),
        complete=course.taken.complete,
        incomplete=tuple(_incomplete(course)),
        gaps=tuple(Gap(iso(first), iso(last), last - first + 1) for first, last in course.gaps),
        days_in_hand=course.taken.days_in_hand,
    )


def _total(total: Total) -> TotalWords:
    by_weight = total.mg_per_kg
    return TotalWords(
        formulation=total.formulation,
        mg=exact_text(total.mg),
        mg_per_kg=exact_text(by_weight) if by_weight is not None else None,
        mg_per_kg_shown=shown(by_weight) if by_weight is not None else None,
        days=total.days,
        days_unknown=total.days_unknown,
        says=total_text(total),
    )


def _incomplete(course: Course) -> Iterator[str]:
    unknown = sum(total.days_unknown for total in course.taken.totals)
    if unknown:
        yield f"The dose of {counted(unknown, 'day')} is not known; the true total is larger."
    elif not course.taken.complete:
        yield "A dose was taken before the first supply on record; the true total is larger."
    if len(course.taken.totals) > 1:
        yield "Milligrams of different formulations cannot be added. The totals are shown apart."
    if any(total.formulation == "unknown" for total in course.taken.totals):
        yield "The formulation of a supply is not known; its milligrams are kept apart."
    for stop in course.resumed_after:
        yield f"A stop on {spoken_day(stop.happened_on.last)} is counted inside this course, for it went on after it."


def present_words(edition: Edition, course: Course) -> PresentWords | None:
    if course.present is None or course.ended is not None:
        return None
    now = course.present
    by_weight = now.mg_a_day / course.kg if course.kg is not None else None
    against, cited = _against_label(edition, course, now)
    counts = {mg: (now.capsules or ()).count(mg) for mg in now.capsules or ()}
    return PresentWords(
        mg_a_day=exact_text(now.mg_a_day),
        mg_per_kg=exact_text(by_weight) if by_weight is not None else None,
        mg_per_kg_shown=shown(by_weight, 2) if by_weight is not None else None,
        formulation=now.formulation,
        intakes=now.intakes,
        capsules=capsules_of(counts.items()),
        from_event=now.act.id,
        act=kind_of(now.act),
        on=iso(now.act.happened_on.last),
        supplied=now.supplied,
        says=tuple(_present_says(now)),
        against_label=against,
        cited=cited,
    )


def _against_label(edition: Edition, course: Course, now: Present) -> tuple[str, Cited | None]:
    """How the dose stands to the label's range for the weight; empty where there is none to compare with."""
    lineage = edition.library.lineage(edition.programme.id)
    for regimen in edition.library.regimens.values():
        by_weight = regimen.is_label and regimen.start.ug_per_kg is not None and now.formulation in regimen.formulations
        if not by_weight or course.kg is None or not any(programme in regimen.programmes for programme in lineage):
            continue
        limits = bounds(regimen, course.kg)
        span = f"{shown(limits.start)} to {shown(limits.usual)} mg a day for this weight"
        if now.mg_a_day < limits.start:
            says = f"Below the label's range, {span}."
        elif now.mg_a_day <= limits.usual:
            says = f"Within the label's range, {span}."
        elif now.mg_a_day <= limits.most:
            most = f"the most, in adults with very severe acne, is {shown(limits.most)} mg"
            says = f"Above the label's usual range, {span}; {most}."
        else:
            says = f"Above the most that the label names, {shown(limits.most)} mg a day for this weight."
        return says, cited_of(regimen)
    return "", None


def prescription_days(edition: Edition, course: Course) -> PrescriptionDays | None:
    limit = value_on(edition, "supply_limit", course.as_of)
    return PrescriptionDays(limit.value, cited_of(limit)) if limit is not None and limit.value else None


def _present_says(now: Present) -> Iterator[str]:
    if now.capsules is None:
        yield "Which capsules make this dose is not on record."
    if now.intakes is None:
        yield "How often a day it is taken is not on record."
    if not now.supplied:
        yield "This prescription has not been supplied yet."
    if now.silent is not None:
        yield "The supply after it does not say its dose; the dose is the prescription's."


def capsules_of(counts: Iterable[tuple[Decimal, int]]) -> tuple[Capsules, ...]:
    return tuple(Capsules(mg_text(mg), count) for mg, count in counts)


def cited_of(item: m.ValueStep | m.Regimen | m.Advice) -> Cited:
    return Cited(item.strength, item.confidence, item.sources)
