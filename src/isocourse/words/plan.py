"""The plan of a course: dose, totals, regimens in real capsules, finishes, as documented, stable data.

`plan` builds it, `plan_json` writes it; its shape stands in `plan_shape.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
from msgspec import Struct

from isocourse.engine import model as m
from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.edition import Edition
from isocourse.errors import InputError
from isocourse.plan.capsules import Day
from isocourse.plan.course import Course, Present, course_of, day_of_capsules, product_named, products_of
from isocourse.plan.dose import DosePlan, amount_mg, bounds, departure, dose_plan
from isocourse.plan.finish import Finish, Now, Refusal, finish_by_date, finish_by_target, shown
from isocourse.record.dates import iso
from isocourse.record.events import kind_of
from isocourse.record.intake import Total
from isocourse.record.record import Record
from isocourse.words.answer import NOT_SIGNED, SourceWords
from isocourse.words.dose import (
    counted,
    day_text,
    exact_text,
    finish_text,
    formulation_text,
    mg_text,
    spoken_day,
    total_text,
)
from isocourse.words.plan_shape import (
    AdviceWords,
    Capsules,
    Choices,
    Cited,
    CourseWords,
    EarlyStop,
    FinishWords,
    Gap,
    Plan,
    PrescriptionDays,
    PrescriptionText,
    PresentWords,
    RegimenWords,
    SecondCourse,
    StepWords,
    TotalWords,
    WeightWords,
)
from isocourse.words.prescribed import sig_of_prescription
from isocourse.words.sig import Question, write_sig

_ENCODER = msgspec.json.Encoder()


def plan(
    edition: Edition, record: Record, as_of: int, *, known_at: datetime | None = None, chosen: Choices | None = None
) -> Plan:
    """Reckon the course and put it into words. Raises InputError for a choice that the programme does not have."""
    edition.check_in_force(as_of)
    chosen = chosen or Choices()
    course = course_of(edition, evaluate(edition, prepare(record, known_at), as_of))
    product = _product(edition, course, chosen)
    regimens = tuple(_regimens(edition, course, product, chosen))
    finishes = tuple(_finishes(edition, course, chosen, regimens))
    early, second, advice = _early_stop(edition, course), _second(edition, course), tuple(_advice(edition, product))
    weight, dose, limit = _weight(edition, course), _present(edition, course), _prescription_days(edition, course)
    parts = (weight, dose, limit, regimens, finishes, early, second, advice)
    return Plan(
        isocourse_plan="1",
        subject=record.subject,
        as_of=iso(as_of),
        known_at=known_at.isoformat() if known_at is not None else None,
        edition=edition.name,
        programme=edition.programme.id,
        signed_off=all(rule.reviewed_by for rule in edition.rules),
        headline=_headline(course),
        weight=weight,
        product=product.name if product is not None else None,
        course=_course(course),
        dose=dose,
        regimens=regimens,
        projection=_projection(course, regimens),
        prescription_days=limit,
        finishes=finishes,
        early_stop=early,
        second_course=second,
        advice=advice,
        prescription_text=_text(course, product),
        unknown=tuple(_unknown(edition, course, product)),
        sources=_sources(edition, parts),
        notes=(NOT_SIGNED, "A plan says nothing about whether capsules may be supplied: isocourse assess does."),
    )


def plan_json(made: Plan) -> bytes:
    """The plan as compact JSON."""
    return _ENCODER.encode(made)


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of a plan."""
    return msgspec.json.schema(Plan)


# --- where it stands ------------------------------------------------------------------------------
def _headline(course: Course) -> str:
    if course.ended is not None:
        return f"The course ended on {spoken_day(course.ended.happened_on.last)}."
    if course.first_dose is None:
        return "No capsule of this course is known to have been taken."
    day = course.as_of - course.first_dose + 1
    state = f"; paused since {spoken_day(course.paused.happened_on.last)}" if course.paused is not None else ""
    return f"Day {day} of the course, which began on {spoken_day(course.first_dose)}{state}."


def _weight(edition: Edition, course: Course) -> WeightWords | None:
    if course.weight is None or course.kg is None:
        return None
    day = course.weight.happened_on.last
    good = edition.value_on("weight_good_for", course.as_of)
    until = day + good.value if good is not None else None
    return WeightWords(
        kg=exact_text(course.kg),
        as_written=f"{course.weight.value} {course.weight.unit}",
        on=str(course.weight.happened_on),
        days_old=course.as_of - day,
        good_until=iso(until) if until is not None else None,
        old=until is not None and course.as_of > until,
        event=course.weight.id,
        cited=_cited(good) if good is not None else None,
    )


def _course(course: Course) -> CourseWords:
    earlier = course.earlier.totals if course.earlier is not None else ()
    return CourseWords(
        after=iso(course.began_after.happened_on.last) if course.began_after is not None else None,
        first_supply=iso(course.first_supply) if course.first_supply is not None else None,
        first_dose=iso(course.first_dose) if course.first_dose is not None else None,
        ended=iso(course.ended.happened_on.last) if course.ended is not None else None,
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


def _present(edition: Edition, course: Course) -> PresentWords | None:
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
        capsules=_capsules(counts.items()),
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
        return says, _cited(regimen)
    return "", None


def _prescription_days(edition: Edition, course: Course) -> PrescriptionDays | None:
    limit = edition.value_on("supply_limit", course.as_of)
    return PrescriptionDays(limit.value, _cited(limit)) if limit is not None and limit.value else None


def _present_says(now: Present) -> Iterator[str]:
    if now.capsules is None:
        yield "Which capsules make this dose is not on record."
    if now.intakes is None:
        yield "How often a day it is taken is not on record."
    if not now.supplied:
        yield "This prescription has not been supplied yet."
    if now.silent is not None:
        yield "The supply after it does not say its dose; the dose is the prescription's."


def _capsules(counts: Iterable[tuple[Decimal, int]]) -> tuple[Capsules, ...]:
    return tuple(Capsules(mg_text(mg), count) for mg, count in counts)


def _cited(item: m.ValueStep | m.Regimen | m.Advice) -> Cited:
    return Cited(item.strength, item.confidence, item.sources)


# --- regimens -------------------------------------------------------------------------------------
def _product(edition: Edition, course: Course, chosen: Choices) -> m.Product | None:
    """The product chosen, or the one that the latest prescription names."""
    if chosen.product is not None:
        sold = {product.id: product for product in products_of(edition)}
        if chosen.product not in sold:
            raise InputError(
                f"{chosen.product!r} is no product of programme {edition.programme.id!r}",
                where="--product",
                allowed=", ".join(sold) or "none is known with its strengths",
            )
        return sold[chosen.product]
    act = course.prescription
    if act is None:
        return None
    known = course.present.formulation if course.present is not None else act.formulation
    return product_named(edition, act.product, known)


def _regimens(edition: Edition, course: Course, product: m.Product | None, chosen: Choices) -> Iterator[RegimenWords]:
    """The regimens of the country that fit the formulation, the chosen one first, then the label's."""
    lineage = edition.library.lineage(edition.programme.id)
    own = {
        regimen.id: regimen
        for regimen in edition.library.regimens.values()
        if any(programme in regimen.programmes for programme in lineage)
    }
    if chosen.regimen is not None and chosen.regimen not in own:
        raise InputError(
            f"{chosen.regimen!r} is no regimen of programme {edition.programme.id!r}",
            where="--regimen",
            allowed=", ".join(own) or "none is known",
        )
    formulation = product.formulation if product is not None else "unknown"
    if formulation == "unknown" and course.present is not None:
        formulation = course.present.formulation
    fit = [r for r in own.values() if r.id == chosen.regimen or formulation in r.formulations]
    for regimen in sorted(fit, key=lambda r: (r.id != chosen.regimen, not r.is_label)):
        yield _regimen(regimen, course.kg, product, regimen.id == chosen.regimen)


def _regimen(regimen: m.Regimen, kg: Fraction | None, product: m.Product | None, chosen: bool) -> RegimenWords:
    made: DosePlan | None = None
    why_not = ""
    if kg is None:
        why_not = "Without a weight no dose can be reckoned."
    elif product is None:
        why_not = "Which product, and so which capsules, is not known. Choose one with --product."
    else:
        try:
            made = dose_plan(regimen, product, kg, raise_by_mg=Decimal(0))
        except InputError as error:
            why_not = f"{error.found[0].upper()}{error.found[1:]}."
    amounts = [amount_mg(a, kg) if kg is not None else None for a in (regimen.start, regimen.usual, regimen.most)]
    start, usual, most = (exact_text(amount) if amount is not None else None for amount in amounts)
    return RegimenWords(
        regimen=regimen.id,
        title=regimen.title,
        chosen=chosen,
        is_label=regimen.is_label,
        when=regimen.when,
        departs=made.departs if made is not None else departure(regimen, regimen.intakes[0]),
        weeks=regimen.weeks,
        start_mg=start,
        usual_mg=usual,
        most_mg=most,
        product=product.name if product is not None and made is not None else None,
        formulation=product.formulation if product is not None and made is not None else "unknown",
        steps=tuple(_step(step.mg, step.day, kg) for step in made.steps) if made is not None and kg else (),
        notes=(*(made.notes if made is not None else ()), *([regimen.remark] if regimen.remark else [])),
        why_not=why_not,
        cited=_cited(regimen),
    )


def _step(mg: Decimal, day: Day, kg: Fraction) -> StepWords:
    return StepWords(
        mg=exact_text(mg),
        mg_per_kg_shown=shown(Fraction(mg) / kg, 2),
        intakes=tuple(_capsules(intake.capsules) for intake in day.intakes),
        says=day_text(day),
    )


# --- finishes -------------------------------------------------------------------------------------
def _finishes(
    edition: Edition, course: Course, chosen: Choices, regimens: tuple[RegimenWords, ...]
) -> Iterator[FinishWords]:
    known = sorted(edition.library.targets.values(), key=lambda target: target.mg_per_kg)
    asked = chosen.targets or tuple(target.mg_per_kg for target in known)
    numbers = [target.mg_per_kg for target in known]
    for number in asked:
        if number not in numbers:
            raise InputError(f"{number} mg/kg is no target", where="--target", allowed=", ".join(map(str, numbers)))
    if chosen.finish is not None and chosen.finish < course.as_of:
        raise InputError("the day has passed", where="--finish", mend="choose today or a later day")
    if course.ended is not None:
        return
    now = _now(edition, course, regimens)
    for target in known:
        if target.mg_per_kg in asked:
            yield _by_target(edition, course, target, now)
    for name, says in (("course_days_least", "the label's shortest"), ("course_days_usual", "the label's usual")):
        value = edition.value_on(name, course.as_of)
        if value is not None and course.first_supply is not None:
            weeks = f"{says} course, {value.value // 7} weeks from the first supply"
            yield _by_date(course, now, course.first_supply + value.value, "label", weeks, _cited(value))
    if chosen.finish is not None:
        yield _by_date(course, now, chosen.finish, "date", f"the day chosen, {spoken_day(chosen.finish)}", None)


def _now(edition: Edition, course: Course, regimens: tuple[RegimenWords, ...]) -> Now | Refusal:
    """What a projection goes on from. Before any dose is on record: the top of a regimen chosen by name."""
    if course.kg is None:
        return Refusal("No weight is on record.")
    limit = edition.value_on("supply_limit", course.as_of)
    top = next((r.steps[-1] for r in regimens if r.chosen and r.steps), None)
    if course.present is not None:
        mg, formulation, capsules = course.present.mg_a_day, course.present.formulation, course.present.capsules
        days = limit.value if limit is not None and limit.value else course.present.act.days
    elif top is not None and limit is not None and limit.value:
        chosen = next(r for r in regimens if r.chosen)
        mg, formulation, days = Fraction(top.mg), chosen.formulation, limit.value
        capsules = tuple(Decimal(part.mg) for intake in top.intakes for part in intake for _ in range(part.count))
    else:
        return Refusal("The daily dose is not on record. Choose a regimen and a product to see what it would come to.")
    return Now(
        as_of=course.as_of,
        kg=course.kg,
        mg_a_day=mg,
        day=day_of_capsules(capsules, 1) if capsules is not None else None,
        formulation=formulation,
        in_hand=course.taken.in_hand,
        days_a_prescription=days,
    )


def _projection(course: Course, regimens: tuple[RegimenWords, ...]) -> str:
    """What every finish assumes."""
    chosen = next((regimen for regimen in regimens if regimen.chosen and regimen.steps), None)
    if course.present is None and chosen is not None:
        return (
            f"If the course began tomorrow with {chosen.steps[-1].mg} mg, the top of {chosen.title} (from a lower "
            "start it takes longer), the weight stays as it is and no day is missed."
        )
    goes_on = "dosing goes on tomorrow, " if course.paused is not None else ""
    return f"If {goes_on}weight and dose stay as they are and no day is missed from tomorrow on."


def _by_target(edition: Edition, course: Course, target: m.Target, now: Now | Refusal) -> FinishWords:
    finish = now if isinstance(now, Refusal) else finish_by_target(course.taken, now, target.mg_per_kg)
    lineage = edition.library.lineage(edition.programme.id)
    label = target.strength == "label" and any(programme in target.label_in for programme in lineage)
    cautions: tuple[str, ...] = ()
    if isinstance(now, Now) and now.formulation not in (*target.formulations, "unknown"):
        cautions = (
            f"The number was written for {formulation_text(target.formulations[0])} capsules; a milligram of "
            f"{formulation_text(now.formulation)} is not a milligram of theirs.",
        )
    made = _finish_words(finish, "target", f"{target.mg_per_kg} mg/kg", cautions)
    return msgspec.structs.replace(
        made,
        target_mg_per_kg=target.mg_per_kg,
        buys=target.buys,
        does_not_buy=target.does_not_buy,
        cited=Cited(target.strength if label else "clinic_policy", target.confidence, target.sources),
    )


def _by_date(course: Course, now: Now | Refusal, last_day: int, by: str, name: str, cited: Cited | None) -> FinishWords:
    if last_day < course.as_of:
        passed = _finish_words(Refusal(f"It was on {spoken_day(last_day)}."), by, name, ())
        return msgspec.structs.replace(passed, reached=True, on=iso(last_day), cited=cited)
    finish = now if isinstance(now, Refusal) else finish_by_date(course.taken, now, last_day)
    made = _finish_words(finish, by, name, ())
    return msgspec.structs.replace(made, on=iso(last_day), cited=cited)


def _finish_words(finish: Finish | Refusal, by: str, name: str, cautions: tuple[str, ...]) -> FinishWords:
    if isinstance(finish, Refusal):
        return FinishWords(
            by, name, None, None, False, None, None, None, (), None, "no projection", finish.why, "", "", cautions, None
        )
    return FinishWords(
        by=by,
        name=name,
        target_mg_per_kg=None,
        on=iso(finish.last_day) if finish.days else None,
        reached=finish.days == 0,
        days=finish.days,
        mg=exact_text(finish.mg),
        mg_per_kg=exact_text(finish.mg_per_kg),
        capsules=_capsules(finish.capsules),
        prescriptions=finish.prescriptions,
        says=finish_text(finish),
        why_not="",
        buys="",
        does_not_buy="",
        cautions=(*cautions, *finish.cautions),
        cited=None,
    )


# --- the end, and what a patient is told ----------------------------------------------------------
def _early_stop(edition: Edition, course: Course) -> EarlyStop:
    fall = edition.value_on("early_stop_fall", course.as_of)
    seen = course.nodules
    before, now = (exact_text(count) if count is not None else None for count in (seen.before, seen.now))
    if fall is None:
        return EarlyStop(None, "This programme names no count of nodules for stopping early.", before, now, None)
    counts = f"{before or 'no count'} before the first supply, {now or 'no count'} since"
    if seen.enough is None:
        says = f"Not known: a fall in the count of nodules by more than {fall.value} % would be needed ({counts})."
    elif seen.enough:
        says = f"The label allows it: nodules fell by more than {fall.value} % ({counts}). The prescriber judges."
    else:
        says = f"Not yet by the label: nodules have not fallen by more than {fall.value} % ({counts})."
    return EarlyStop(seen.enough, says, before, now, _cited(fall))


def _second(edition: Edition, course: Course) -> SecondCourse:
    months = edition.value_on("second_course_months", course.as_of)
    days = edition.value_on("second_course_days", course.as_of)
    steps = [step for step in (months, days) if step is not None and step.value]
    if not steps:
        return SecondCourse(None, "This programme names no interval before a second course.", ())
    told = [counted(step.value, "month" if step is months else "day") for step in steps]
    after = f"{' or '.join(told)} after the last dose{', whichever is later' if len(told) > 1 else ''}"
    earliest = course.second_from
    if earliest is None:
        return SecondCourse(None, f"Not before {after}.", tuple(_cited(step) for step in steps))
    says = f"Not before {spoken_day(earliest)} ({after})."
    return SecondCourse(iso(earliest), says, tuple(_cited(step) for step in steps))


def _advice(edition: Edition, product: m.Product | None) -> Iterator[AdviceWords]:
    food = [f"food_{product.food}"] if product is not None else []
    for about in (*food, "swallowing", "missed_dose", "overdose"):
        for advice in edition.library.advice_on(about, edition.programme.id):
            yield AdviceWords("food" if about in food else about, advice.says, _cited(advice))


def _text(course: Course, product: m.Product | None) -> PrescriptionText | None:
    written = course.prescription
    if written is None:
        return None
    found = sig_of_prescription(written, product)
    asks = found.asks if isinstance(found, Question) else ""
    text = None if isinstance(found, Question) else write_sig(found)
    return PrescriptionText(written.id, iso(written.happened_on.last), text, asks)


def _unknown(edition: Edition, course: Course, product: m.Product | None) -> Iterator[str]:
    if course.weight is None:
        yield "No weight is on record: no dose per kilogram, and no projection."
    if course.ended is not None:
        return
    if course.present is None:
        yield "No daily dose of this course is on record."
    elif course.present.formulation == "unknown":
        yield "The formulation is not on record. Milligrams of one are not milligrams of another."
    if product is None:
        sold = ", ".join(product.id for product in products_of(edition))
        if sold:
            yield f"The product is not known for certain. For capsules and food, choose --product: {sold}."
        else:
            yield "No product with its strengths is known for this programme, so no capsules can be named."


def _sources(edition: Edition, parts: tuple[Any, ...]) -> tuple[SourceWords, ...]:
    """Every source that some part cites, each once."""
    found: dict[str, None] = {}

    def collect(part: Any) -> None:
        if isinstance(part, Cited):
            found.update(dict.fromkeys(part.sources))
        elif isinstance(part, Struct):
            for name in part.__struct_fields__:
                collect(getattr(part, name))
        elif isinstance(part, tuple):
            for each in part:
                collect(each)

    collect(parts)
    cited = (edition.library.sources[source] for source in found)
    return tuple(SourceWords(s.id, s.title, s.publisher, s.at, s.dated) for s in cited)
