"""From a record as of a day, with its answer and plan, to what its picture holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from isocourse.engine.decide import Evaluation
from isocourse.engine.edition import Edition
from isocourse.plan.course import Course
from isocourse.plan.finish import shown
from isocourse.record.dates import day_of
from isocourse.record.events import Dispensing
from isocourse.record.intake import Spell, climb, weights
from isocourse.record.tables import Rows
from isocourse.words.answer import Answer, TaskWords
from isocourse.words.chart.marks import body_panels, lab_panels, mood_panels, pregnancy_strips, symptom_strips
from isocourse.words.chart.picture import Band, Climb, Panel, Picture, Span, Step, Strip, Tick
from isocourse.words.dose import mg_text
from isocourse.words.lab_units import LabUnits
from isocourse.words.plan_shape import FinishWords, Plan
from isocourse.words.reasons import todo_list
from isocourse.words.sentence import Sentence, Word, said, word

# What lies further back than this before the first supply, or further ahead of today, is in the tables alone.
MOST_BEFORE, MOST_AHEAD = 150, 400
LEAST_DAYS, AFTER_TODAY = 70, 14


def picture_of(
    edition: Edition,
    evaluation: Evaluation,
    course: Course,
    answer: Answer,
    plan: Plan,
    *,
    units: LabUnits,
    weight_unit: str,
    photographs: Mapping[int, int] | None = None,
) -> Picture:
    """Everything that can be drawn of this course, and the days between which it lies. `photographs` has how many were
    taken on a day: they are kept beside the record."""
    rows, today = evaluation.rows, evaluation.as_of
    # Nobody goes on with capsules that are to be stopped: no dose is drawn ahead.
    finish = _finish(plan) if answer.capsules_in_hand != "stop_now" else None
    coming = tuple(_coming(course, finish))
    steps = (*_steps(course.taken.spells), *coming)
    labs = tuple(lab_panels(rows, evaluation.episodes.get("graded_lab", ()), units))
    body = tuple(body_panels(rows, weight_unit))
    moods = tuple(mood_panels(rows))
    visits = (*_visits(rows), *_photographs(photographs or {}))
    pregnancy = tuple(pregnancy_strips(rows, answer, today))
    symptoms = tuple(symptom_strips(rows, today))
    plans = _plans(answer, today)
    climbs = tuple(_climbs(rows, course, coming))
    days = [*_strip_days(visits), *_strip_days(pregnancy), *_strip_days(symptoms), *_panel_days((*labs, *body, *moods))]
    days += [step.first for step in steps]
    ahead = [step.last for step in coming] + [span.last for span in plans.spans]
    first, last = _ends(course, days, ahead, today)
    return Picture(
        first=first,
        last=last,
        today=today,
        first_dose=course.first_dose,
        visits=visits,
        plans=plans,
        steps=steps,
        climbs=climbs,
        band=_band(edition),
        pregnancy=pregnancy,
        labs=labs,
        body=body,
        moods=moods,
        symptoms=symptoms,
        earlier=sum(1 for day in days if day < first),
    )


def _ends(course: Course, days: Sequence[int], ahead: Sequence[int], today: int) -> tuple[int, int]:
    begun = [day for day in (course.first_supply, course.first_dose) if day is not None]
    anchor = min(begun, default=min((day for day in days if day > today - MOST_BEFORE), default=today))
    after = course.began_after.happened_on.last if course.began_after is not None else 0
    oldest = max(anchor - MOST_BEFORE, after + 1)
    first = min((day for day in days if day >= oldest), default=anchor) - 3
    last = min(max([today + AFTER_TODAY, *(day + 7 for day in ahead)]), today + MOST_AHEAD)
    return min(first, last - LEAST_DAYS), last


def _strip_days(strips: Iterable[Strip]) -> Iterator[int]:
    for strip in strips:
        yield from (tick.day for tick in strip.ticks)
        yield from (span.first for span in strip.spans if not span.planned)


def _panel_days(panels: Iterable[Panel]) -> Iterator[int]:
    for panel in panels:
        yield from (value.day for value in panel.values)


# --- visits and plans -----------------------------------------------------------------------------
def _visits(rows: Rows) -> Iterator[Strip]:
    seen = [event for event in rows.get("visit", ()) if event.happened_on.exact]
    if seen:
        yield Strip(Word("Visits"), tuple(_visit(event) for event in seen))
    given = [event for event in rows.get("dispensing", ()) if isinstance(event, Dispensing)]
    if given:
        days = (said("Capsules handed over for {0} days", event.days) for event in given)
        ticks = (Tick(e.happened_on.last, "tick", "supplied", says) for e, says in zip(given, days, strict=True))
        yield Strip(Word("Supplies"), tuple(ticks))


def _photographs(taken: Mapping[int, int]) -> Iterator[Strip]:
    if taken:
        ticks = (Tick(day, "tick", "supplied", said("Photographs: {0}", count)) for day, count in sorted(taken.items()))
        yield Strip(Word("Photographs"), tuple(ticks))


def _visit(event: Any) -> Tick:
    form = "dot" if event.mode == "in_person" else "ring"
    return Tick(event.happened_on.last, form, "visited", said("Visit, {0}: {1}", word(event.mode), word(event.purpose)))  # type: ignore[arg-type]


def _plans(answer: Answer, today: int) -> Strip:
    """What is to do, by the number it has in the list of tasks; things of the same days share a bar."""
    by_days: dict[tuple[int, int], list[int]] = {}
    tasks = [todo.task for todo in todo_list(answer)[0]]
    for number, task in enumerate(tasks, start=1):
        known = [day_of(day) for day in (task.earliest, task.due) if day is not None]
        if known:
            by_days.setdefault((min(known), max(known)), []).append(number)
    return Strip(Word("To do"), spans=tuple(_plan(days, numbers, tasks, today) for days, numbers in by_days.items()))


def _plan(days: tuple[int, int], numbers: Sequence[int], tasks: Sequence[TaskWords], today: int) -> Span:
    first, last = days
    late = last < today
    says = said("{0}", tuple(Word(tasks[number - 1].what) for number in numbers))
    sign = ", ".join(map(str, numbers)) if len(numbers) < 4 else f"{numbers[0]}, {numbers[1]}, …"
    return Span(first, today if late else last, "late" if late else "todo", says, sign, planned=True)


# --- dose and total -------------------------------------------------------------------------------
def _steps(spells: Sequence[Spell]) -> Iterator[Step]:
    """Spells with the same dose, one right after the other, are one step."""
    merged: list[Spell] = []
    for spell in spells:
        last = merged[-1] if merged else None
        if last is not None and last.last_day + 1 == spell.first_day and last[2:4] == spell[2:4]:
            merged[-1] = last._replace(last_day=spell.last_day)
        else:
            merged.append(spell)
    for spell in merged:
        yield Step(spell.first_day, spell.last_day, spell.mg_a_day, _dose(spell.mg_a_day))


def _dose(mg: Fraction | None) -> Sentence:
    return said("{0} mg a day", mg_text(mg)) if mg is not None else said("dose not known")


def _finish(plan: Plan) -> FinishWords | None:
    """The next target that a projection reaches."""
    return next((f for f in plan.finishes if f.by == "target" and not f.reached and f.on is not None), None)


def _coming(course: Course, finish: FinishWords | None) -> Iterator[Step]:
    """The days to come, as the projection of the plan reckons them: what is in hand first, then the present dose."""
    if finish is None or finish.on is None or course.present is None:
        return
    day, end = course.as_of + 1, day_of(finish.on)
    for held in course.taken.in_hand:
        last = min(day + held.days - 1, end)
        if last >= day:
            yield Step(day, last, held.mg_a_day, _dose(held.mg_a_day), planned=True)
        day = last + 1
    if day <= end:
        yield Step(day, end, course.present.mg_a_day, _dose(course.present.mg_a_day), planned=True)


def _climbs(rows: Rows, course: Course, coming: Sequence[Step]) -> Iterator[Climb]:
    weighed = weights(rows)
    by_formulation: dict[str, list[Spell]] = {}
    for spell in course.taken.spells:
        by_formulation.setdefault(spell.formulation, []).append(spell)
    for formulation, spells in by_formulation.items():
        points = climb(spells, weighed)
        if not points:
            continue
        goes_on = coming and course.present is not None and course.present.formulation == formulation
        planned = _onwards(points[-1][1], course.kg, coming) if goes_on and course.kg is not None else []
        yield Climb(word(formulation), tuple(points), tuple(planned), said("{0} mg/kg so far", shown(points[-1][1])))


def _onwards(total: Fraction, kg: Fraction, coming: Sequence[Step]) -> list[tuple[int, Fraction]]:
    found = [(coming[0].first, total)]
    for step in coming:
        total += (step.mg or 0) * (step.last - step.first + 1) / kg
        found.append((step.last + 1, total))
    return found


def _band(edition: Edition) -> Band | None:
    """The two lowest targets: of the programme's own label where it names a total, else what is widely aimed at."""
    lineage = edition.library.lineage(edition.programme.id)
    targets = sorted(edition.library.targets.values(), key=lambda target: target.mg_per_kg)
    label = [t for t in targets if t.strength == "label" and any(programme in t.label_in for programme in lineage)]
    pair = [target.mg_per_kg for target in (label or targets)][:2]
    if len(pair) < 2:
        return None
    says = said("target of the label: {0} to {1} mg/kg", *pair)
    return Band(pair[0], pair[1], says if label else said("widely aimed at: {0} to {1} mg/kg", *pair))
