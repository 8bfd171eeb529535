"""The plan of a course: dose, totals, regimens in real capsules, finishes, as documented, stable data.

`plan` builds it, `plan_json` writes it; its shape stands in `plan_shape.py`, its parts are made in
`plan_now.py` and `plan_ways.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from isocourse.engine import model as m
from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.edition import Edition
from isocourse.plan.course import Course, course_of, products_of
from isocourse.plan.values import value_on
from isocourse.record.dates import iso
from isocourse.record.record import Record
from isocourse.record.terminology import words_for
from isocourse.words.answer import NOT_SIGNED, SourceWords
from isocourse.words.dose import counted, exact_text, spoken_day
from isocourse.words.plan_now import cited_of, course_words, prescription_days, present_words, weight_words
from isocourse.words.plan_shape import AdviceWords, Choices, Cited, EarlyStop, Plan, PrescriptionText, SecondCourse
from isocourse.words.plan_ways import finish_words, product_of, projection, regimen_words
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
    product = product_of(edition, course, chosen)
    regimens = tuple(regimen_words(edition, course, product, chosen))
    made = Plan(
        isocourse_plan="1",
        subject=record.subject,
        as_of=iso(as_of),
        known_at=known_at.isoformat() if known_at is not None else None,
        edition=edition.name,
        programme=edition.programme.id,
        signed_off=all(rule.reviewed_by for rule in edition.rules),
        headline=_headline(course),
        weight=weight_words(edition, course),
        product=product.name if product is not None else None,
        course=course_words(course),
        dose=present_words(edition, course),
        regimens=regimens,
        projection=projection(course, regimens),
        prescription_days=prescription_days(edition, course),
        finishes=tuple(finish_words(edition, course, chosen, regimens)),
        early_stop=_early_stop(edition, course),
        second_course=_second(edition, course),
        advice=tuple(_advice(edition, course, product)),
        prescription_text=_text(course, product),
        unknown=tuple(_unknown(edition, course, product)),
        sources=(),
        notes=(NOT_SIGNED, "A plan says nothing about whether capsules may be supplied: isocourse assess does."),
    )
    return msgspec.structs.replace(made, sources=_sources(edition, made))


def plan_json(made: Plan) -> bytes:
    """The plan as compact JSON."""
    return _ENCODER.encode(made)


def _headline(course: Course) -> str:
    if course.ended is not None:
        return f"The course ended on {spoken_day(course.ended.happened_on.last)}."
    if course.halted is not None:
        return f"Stopped on {spoken_day(course.halted.happened_on.last)} ({words_for(course.halted.reason)})."
    if course.first_dose is None:
        return "No capsule of this course is known to have been taken."
    day = course.as_of - course.first_dose + 1
    state = f"; paused since {spoken_day(course.paused.happened_on.last)}" if course.paused is not None else ""
    return f"Day {day} of the course, which began on {spoken_day(course.first_dose)}{state}."


# --- the end, and what a patient is told ----------------------------------------------------------
def _early_stop(edition: Edition, course: Course) -> EarlyStop:
    fall = value_on(edition, "early_stop_fall", course.as_of)
    seen = course.nodules
    before, now = (exact_text(count) if count is not None else None for count in (seen.before, seen.now))
    if fall is None:
        return EarlyStop(None, "This programme names no count of nodules for stopping early.", before, now, None)
    first, last = _count(before, seen.before_day), _count(now, seen.now_day)
    counts = f"before the first supply {first}, since then {last}"
    if seen.enough is None:
        says = f"Not known: a fall in the count of nodules by more than {fall.value} % would be needed ({counts})."
    elif seen.enough:
        says = f"The label allows it: nodules fell by more than {fall.value} % ({counts}). The prescriber judges."
    else:
        says = f"Not yet by the label: nodules have not fallen by more than {fall.value} % ({counts})."
    return EarlyStop(seen.enough, says, before, now, cited_of(fall))


def _count(count: str | None, day: int | None) -> str:
    return f"{count} on {spoken_day(day)}" if count is not None and day is not None else "no count"


def _second(edition: Edition, course: Course) -> SecondCourse:
    months = value_on(edition, "second_course_months", course.as_of)
    days = value_on(edition, "second_course_days", course.as_of)
    steps = [step for step in (months, days) if step is not None and step.value]
    if not steps:
        return SecondCourse(None, "This programme names no interval before a second course.", ())
    told = [counted(step.value, "month" if step is months else "day") for step in steps]
    after = f"{' or '.join(told)} after the last dose{', whichever is later' if len(told) > 1 else ''}"
    earliest = course.second_from
    if earliest is None:
        return SecondCourse(None, f"Not before {after}.", tuple(cited_of(step) for step in steps))
    says = f"Not before {spoken_day(earliest)} ({after})."
    return SecondCourse(iso(earliest), says, tuple(cited_of(step) for step in steps))


def _food(edition: Edition, course: Course, product: m.Product | None) -> tuple[str, ...]:
    """How the product is taken with regard to meals; without one, as all products of the formulation sold are."""
    if product is not None:
        return (product.food,)
    known = course.present.formulation if course.present is not None else "unknown"
    sold = {each.food for each in products_of(edition) if each.formulation == known != "unknown"}
    return tuple(sold) if len(sold) == 1 else ()


def _advice(edition: Edition, course: Course, product: m.Product | None) -> Iterator[AdviceWords]:
    food = [f"food_{said}" for said in _food(edition, course, product)]
    for about in (*food, "swallowing", "missed_dose", "overdose"):
        for advice in edition.library.advice_on(about, edition.programme.id):
            yield AdviceWords("food" if about in food else about, advice.says, cited_of(advice))


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


def _sources(edition: Edition, made: Plan) -> tuple[SourceWords, ...]:
    """Every source that some part of the plan cites, each once."""
    found: dict[str, None] = {}

    def collect(part: object) -> None:
        if isinstance(part, Cited):
            found.update(dict.fromkeys(part.sources))
        elif isinstance(part, Struct):
            for name in part.__struct_fields__:
                collect(getattr(part, name))
        elif isinstance(part, tuple):
            for each in part:
                collect(each)

    collect(made)
    cited = (edition.library.sources[source] for source in found)
    return tuple(SourceWords(s.id, s.title, s.publisher, s.at, s.dated) for s in cited)
