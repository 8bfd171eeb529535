"""Ways to dose and ways to the end, as data: regimens in capsules that exist, projected finishes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import msgspec

from isocourse.engine import model as m
from isocourse.engine.edition import Edition
from isocourse.errors import InputError
from isocourse.plan.capsules import Day
from isocourse.plan.course import Course, day_of_capsules, product_named, products_of
from isocourse.plan.dose import DosePlan, amount_mg, departure, dose_plan
from isocourse.plan.finish import Finish, Now, Refusal, finish_by_date, finish_by_target, shown
from isocourse.plan.values import value_on
from isocourse.record.dates import iso
from isocourse.words.dose import day_text, exact_text, finish_text, formulation_text, spoken_day
from isocourse.words.plan_now import capsules_of, cited_of
from isocourse.words.plan_shape import Choices, Cited, FinishWords, RegimenWords, StepWords


def product_of(edition: Edition, course: Course, chosen: Choices) -> m.Product | None:
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


def regimen_words(
    edition: Edition, course: Course, product: m.Product | None, chosen: Choices
) -> Iterator[RegimenWords]:
    """The regimens of the country that fit the formulation: the chosen one, then the label's, then those written for
    the country before those added to it."""
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
    for regimen in sorted(fit, key=lambda r: (r.id != chosen.regimen, not r.is_label, r.programmes[0] not in lineage)):
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
        cited=cited_of(regimen),
    )


def _step(mg: Decimal, day: Day, kg: Fraction) -> StepWords:
    return StepWords(
        mg=exact_text(mg),
        mg_per_kg_shown=shown(Fraction(mg) / kg, 2),
        intakes=tuple(capsules_of(intake.capsules) for intake in day.intakes),
        says=day_text(day),
    )


# --- ways to the end ------------------------------------------------------------------------------
def finish_words(
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
    for name, length in (("course_days_least", "shortest"), ("course_days_usual", "usual")):
        value = value_on(edition, name, course.as_of)
        if value is not None and course.first_supply is not None:
            whose = "the label's" if value.strength == "label" else "other countries' labels'"
            weeks = f"{whose} {length} course, {value.value // 7} weeks from the first supply"
            yield _by_date(course, now, course.first_supply + value.value, "label", weeks, cited_of(value))
    if chosen.finish is not None:
        yield _by_date(course, now, chosen.finish, "date", "the day chosen", None)


def _now(edition: Edition, course: Course, regimens: tuple[RegimenWords, ...]) -> Now | Refusal:
    """What a projection goes on from. Before any dose is on record: the top of a regimen chosen by name."""
    if course.halted is not None:
        return Refusal(f"The course was stopped on {spoken_day(course.halted.happened_on.last)}.")
    if course.kg is None:
        return Refusal("No weight is on record.")
    limit = value_on(edition, "supply_limit", course.as_of)
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


def projection(course: Course, regimens: tuple[RegimenWords, ...]) -> str:
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
        capsules=capsules_of(finish.capsules),
        prescriptions=finish.prescriptions,
        says=finish_text(finish),
        why_not="",
        buys="",
        does_not_buy="",
        cautions=(*cautions, *finish.cautions),
        cited=None,
    )
