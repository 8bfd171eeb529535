"""The plan as lines a person reads at a desk: where the course stands, ways to dose, ways to the end, what to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from isocourse.words.dose import counted, formulation_text
from isocourse.words.headline import listed
from isocourse.words.page import STRENGTH_WORDS, Line, spoken
from isocourse.words.plan_shape import Cited, FinishWords, Plan, RegimenWords, StepWords, WeightWords

MOST_GAPS = 4
Numbers = Mapping[str, int]
_ABOUT = {"food": "Food", "swallowing": "Swallowing", "missed_dose": "Missed dose", "overdose": "Too many capsules"}


def plan_page(plan: Plan) -> Iterator[Line]:
    """The whole page."""
    numbers = {source.id: number for number, source in enumerate(plan.sources, start=1)}
    yield Line("headline", 0, plan.headline)
    yield Line("quiet", 0, f"As of {spoken(plan.as_of)} · programme {plan.programme} · edition {plan.edition}")
    yield from _now(plan, numbers)
    yield from _taken(plan)
    yield from _finishes(plan, numbers)
    yield from _end(plan, numbers)
    yield from _regimens(plan, numbers)
    yield from _patient(plan, numbers)
    if plan.unknown:
        yield Line("section", 0, "Not known")
        for unknown in plan.unknown:
            yield Line("item", 1, f"? {unknown}")
    yield Line("section", 0, "Please note")
    for note in plan.notes:
        yield Line("quiet", 1, note)
    yield Line("section", 0, "Sources")
    for source in plan.sources:
        yield Line("quiet", 1, f"{numbers[source.id]}. {source.title}. {source.publisher}, {source.dated}")


def _cited(cited: Cited | None, numbers: Numbers) -> str:
    """Strength, confidence and the numbers of the sources, in brackets; empty for what comes from the record alone."""
    if cited is None:
        return ""
    told = ", ".join(str(numbers[source]) for source in cited.sources)
    return f"  [{STRENGTH_WORDS[cited.strength]}, {cited.confidence}; {told}]"


# --- where it stands ------------------------------------------------------------------------------
def _now(plan: Plan, numbers: Numbers) -> Iterator[Line]:
    yield Line("section", 0, "Now")
    if plan.weight is None:
        yield Line("item", 1, "? Weight  not on record")
    else:
        yield Line("item", 1, f"Weight  {_weight(plan.weight)}")
        if plan.weight.old:
            until = f"It was good until {spoken(plan.weight.good_until)}. Weigh again."
            yield Line("detail", 2, until + _cited(plan.weight.cited, numbers))
    dose = plan.dose
    if dose is None and plan.course.ended is None:
        yield Line("item", 1, "? Dose  not on record")
    elif dose is not None:
        by_weight = f", {dose.mg_per_kg_shown} mg/kg" if dose.mg_per_kg_shown is not None else ""
        yield Line("item", 1, f"Dose  {dose.mg_a_day} mg a day{by_weight}; {formulation_text(dose.formulation)}")
        capsules = " + ".join(f"{part.count} x {part.mg} mg" for part in dose.capsules)
        often = {1: "once a day", 2: "in two intakes", 3: "in three intakes"}.get(dose.intakes or 0, "")
        made = ", ".join(part for part in (capsules, often) if part)
        act = "supplied" if dose.act == "dispensing" else "prescribed"
        yield Line("detail", 2, f"{made + '; ' if made else ''}{act} {spoken(dose.on)}  from {dose.from_event}")
        for says in dose.says:
            yield Line("detail", 2, says)
        if dose.against_label:
            yield Line("detail", 2, dose.against_label + _cited(dose.cited, numbers))
    text = plan.prescription_text
    if text is not None and text.text is not None:
        yield Line("item", 1, f"Prescription text  ({spoken(text.on)}, {text.prescription})")
        yield Line("detail", 2, text.text)
    elif text is not None:
        yield Line("item", 1, f"? The prescription ({spoken(text.on)}, {text.prescription}) cannot be put into words.")
        yield Line("detail", 2, text.asks)


def _weight(weight: WeightWords) -> str:
    age = {0: "today", 1: "yesterday"}.get(weight.days_old, f"{weight.days_old} days ago")
    written = f" (written {weight.as_written})" if not weight.as_written.endswith(" kg") else ""
    return f"{_decimal(weight.kg)} kg{written}, {spoken_or_text(weight.on)}, {age}  from {weight.event}"


def _decimal(exact: str) -> str:
    """A weight to the gram: pounds do not end within a gram."""
    whole, _, rest = exact.partition(".")
    return f"{whole}.{rest[:3]}" if len(rest) > 3 else exact


def spoken_or_text(day: str) -> str:
    """A whole date as people say it; a partial one as it is written."""
    return spoken(day) if len(day) == len("2026-03-09") else day


def _taken(plan: Plan) -> Iterator[Line]:
    course = plan.course
    if not course.totals and not course.earlier:
        return
    yield Line("section", 0, "Taken in this course")
    for total in course.totals:
        yield Line("item", 1, f"- {total.says}")
    for says in course.incomplete:
        yield Line("detail", 2, says)
    if course.gaps:
        days = sum(gap.days for gap in course.gaps)
        told = [f"{_span(gap.first, gap.last)}" for gap in course.gaps[-MOST_GAPS:]]
        before = "earlier ones and " if len(course.gaps) > MOST_GAPS else ""
        yield Line("item", 1, f"- Without a dose: {counted(days, 'day')} ({before}{', '.join(told)}).")
    if plan.course.ended is None:
        yield Line("item", 1, f"- In hand: capsules for {counted(course.days_in_hand, 'day')}.")
    for total in course.earlier:
        yield Line("quiet", 1, f"Before this course (until {spoken(course.after)}): {total.says}")


def _span(first: str, last: str) -> str:
    return spoken(first) if first == last else f"{spoken(first)} to {spoken(last)}"


# --- ways to dose, ways to the end ----------------------------------------------------------------
def _regimens(plan: Plan, numbers: Numbers) -> Iterator[Line]:
    if not plan.regimens:
        return
    told = f" in capsules of {plan.product}" if plan.product is not None else ""
    yield Line("section", 0, f"Ways to dose{told}")
    for why in dict.fromkeys(regimen.why_not for regimen in plan.regimens if regimen.why_not):
        yield Line("item", 1, f"? {why}")
    for regimen in plan.regimens:
        mark = "> " if regimen.chosen else "- "
        weeks = listed([str(week) for week in dict.fromkeys(regimen.weeks)]).replace(" and ", " to ")
        yield Line("item", 1, f"{mark}{regimen.title}, {weeks} weeks: {regimen.regimen}")
        yield Line("detail", 2, regimen.when + _cited(regimen.cited, numbers))
        yield from _steps(regimen)
        if regimen.departs:
            yield Line("stop", 2, regimen.departs)
        for note in regimen.notes:
            yield Line("detail", 2, note)


def _steps(regimen: RegimenWords) -> Iterator[Line]:
    if regimen.start_mg is not None and regimen.usual_mg is not None and regimen.most_mg is not None:
        asked = f"start {_short(regimen.start_mg)}, usual top {_short(regimen.usual_mg)}"
        more = f", at most {_short(regimen.most_mg)}" if regimen.most_mg != regimen.usual_mg else ""
        one = f"{_short(regimen.start_mg)}" if regimen.start_mg == regimen.usual_mg else f"{asked}{more}"
        yield Line("detail", 2, f"For this weight, mg a day: {one}")
    steps = regimen.steps
    if len(steps) == 1:
        yield Line("detail", 2, f"Dose   {_step(steps[0])}")
    elif steps:
        yield Line("detail", 2, f"Start  {_step(steps[0])}")
        if len(steps) > 2:
            yield Line("detail", 2, f"Steps  {', '.join(step.mg for step in steps[1:-1])} mg can be made")
        yield Line("detail", 2, f"Top    {_step(steps[-1])}")


def _short(exact: str) -> str:
    """An exact amount for a line: decimals cut after the second."""
    if "/" in exact:
        over, under = map(int, exact.split("/"))
        return f"{over * 100 // under / 100:.2f}"
    whole, _, rest = exact.partition(".")
    return f"{whole}.{rest[:2]}" if rest else whole


def _step(step: StepWords) -> str:
    return f"{step.mg} mg ({step.mg_per_kg_shown} mg/kg): {step.says}"


def _finishes(plan: Plan, numbers: Numbers) -> Iterator[Line]:
    if not plan.finishes:
        return
    yield Line("section", 0, "Ways to the end")
    if all(finish.why_not for finish in plan.finishes):
        for why in dict.fromkeys(finish.why_not for finish in plan.finishes):
            yield Line("item", 1, f"? No projection. {why}")
    else:
        yield Line("quiet", 1, plan.projection)
        if plan.prescription_days is not None:
            limit = plan.prescription_days
            yield Line("quiet", 1, f"Prescriptions of up to {limit.days} days.{_cited(limit.cited, numbers)}")
        for finish in plan.finishes:
            yield from _finish(finish, numbers)
    targets = [finish for finish in plan.finishes if finish.by == "target"]
    if targets:
        yield Line("section", 0, "What reaching a total does and does not buy")
    for finish in targets:
        yield Line("item", 1, f"- {finish.name}{_cited(finish.cited, numbers)}")
        yield Line("detail", 2, f"Buys: {finish.buys}")
        yield Line("detail", 2, f"Does not buy: {finish.does_not_buy}")


def _finish(finish: FinishWords, numbers: Numbers) -> Iterator[Line]:
    cited = _cited(finish.cited, numbers) if finish.by != "target" else ""
    name = f"- {_capital(finish.name)}:"
    if finish.reached and finish.by != "target":
        yield Line("item", 1, f"{name} {finish.why_not or 'today.'}{cited}")
    elif finish.why_not:
        yield Line("item", 1, f"{name} no projection. {finish.why_not}{cited}")
    elif finish.reached:
        yield Line("item", 1, f"{name} reached, with {finish.says.split(';')[0]}.")
    else:
        yield Line("item", 1, f"{name} {spoken(finish.on)}, {counted(finish.days or 0, 'more day')}{cited}")
        yield Line("detail", 2, f"{finish.says}.")
    for caution in finish.cautions:
        yield Line("detail", 2, caution)


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _end(plan: Plan, numbers: Numbers) -> Iterator[Line]:
    yield Line("section", 0, "Stopping early, and a second course")
    yield Line("item", 1, f"- {plan.early_stop.says}{_cited(plan.early_stop.cited, numbers)}")
    told = "".join(_cited(cited, numbers) for cited in _merged(plan.second_course.cited))
    yield Line("item", 1, f"- Second course: {_lower(plan.second_course.says)}{told}")


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"


def _merged(cited: Iterable[Cited]) -> list[Cited]:
    """Citations of one strength as one."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in cited:
        found.setdefault((each.strength, each.confidence), []).extend(each.sources)
    return [Cited(*basis, tuple(dict.fromkeys(sources))) for basis, sources in found.items()]


def _patient(plan: Plan, numbers: Numbers) -> Iterator[Line]:
    if plan.advice:
        yield Line("section", 0, "To tell the patient")
    before = ""
    for advice in plan.advice:
        says = advice.says + _cited(advice.cited, numbers)
        if advice.about == before:
            yield Line("detail", 2, says)
        else:
            yield Line("item", 1, f"- {_ABOUT[advice.about]}: {says}")
        before = advice.about
