"""The first page of a patient: the decision and why, the course in one picture, what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from isocourse.care.deciding import current
from isocourse.care.overriding import covered_by
from isocourse.care.papers import Paper, papers_of
from isocourse.care.photographs import photographs_of
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import Standing, lab_units, of_one_record, standing_of
from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.plan.course import course_of
from isocourse.store.models import Override, Patient, Photograph
from isocourse.words.answer import Answer, Because, FindingWords
from isocourse.words.chart.draw import Voice, drawn
from isocourse.words.chart.gather import picture_of
from isocourse.words.chart.listed import listed
from isocourse.words.overriding import obstacles
from isocourse.words.plan import plan
from isocourse.words.plan_shape import Plan
from isocourse.words.reasons import Reasons, Todo, of_another_course, reasons_of, todo_list
from isocourse.words.sentence import Word
from isocourse.words.story_says import date_text, short

STATES = {
    "before": gettext_lazy("Before the first supply"),
    "treated": gettext_lazy("In treatment"),
    "paused": gettext_lazy("Paused"),
    "ended": gettext_lazy("Course ended"),
    "vanished": gettext_lazy("Has not come back"),
}


@of_one_record
def overview(request: PatientRequest) -> HttpResponse:
    patient, now = request.patient, timezone.now()
    decision = current(patient, now=now)
    answer = msgspec.convert(decision.answered, Answer)
    standing = standing_of(patient)
    made = plan(standing.edition, standing.record, standing.today)
    context = {
        "patient": patient,
        "tab": "overview",
        "decision": decision,
        "answer": answer,
        "look": look_of(answer),
        "overrides": overrides_in_force(patient, answer, now),
        **to_know_and_to_do(patient, answer, events_by_id(standing)),
        "state": STATES.get(patient.state, ""),
        "plan": made,
        "no_finish": no_finish(made),
        "now": now,
        **picture_context(patient, standing, answer, made),
    }
    return render(request, "patient/overview.html", context)


def look_of(answer: Answer) -> str:
    """How the headline looks: stop, withhold or proceed. The words say the same."""
    if answer.capsules_in_hand == "stop_now":
        return "stop"
    return "proceed" if answer.supply == "proceed" and answer.capsules_in_hand == "continue" else "withhold"


def events_by_id(standing: Standing) -> dict[str, Any]:
    return {event.id: event for event in standing.record.events}


# --- reasons --------------------------------------------------------------------------------------
def to_know_and_to_do(patient: Patient, answer: Answer, events: Mapping[str, Any]) -> dict[str, Any]:
    """Findings and tasks. After a course those apart that only another course would need."""
    later = of_another_course(answer) if patient.state == "ended" else frozenset()
    found = reasons_of(answer)
    apart = [each for each in found.withholding if each.rule in later]
    waiting = [group for group in found.undecided if all(each.rule in later for each in group.findings)]
    apart += [each for group in waiting for each in group.findings]
    now = found._replace(
        withholding=tuple(each for each in found.withholding if each.rule not in later),
        undecided=tuple(group for group in found.undecided if group not in waiting),
    )
    ours, patients = todo_list(answer)
    numbered = list(enumerate(ours, start=1))
    another = [each for each in numbered if each[1].task.why and later.issuperset(each[1].task.why)]
    return {
        "reasons": shown_reasons(now, events),
        "another": [shown_finding(each, events) for each in apart],
        "tasks": tasks_by_day([each for each in numbered if each not in another]),
        "another_tasks": another,
        "patient_tasks": patients,
    }


def shown_reasons(reasons: Reasons, events: Mapping[str, Any]) -> dict[str, Any]:
    """The groups of findings, with the entries of the record that they come from in words."""
    return {
        "withholding": [shown_finding(each, events) for each in reasons.withholding],
        "capsules": [shown_finding(each, events) for each in reasons.capsules],
        "undecided": [
            {"missing": group.missing, "findings": [shown_finding(each, events) for each in group.findings]}
            for group in reasons.undecided
        ],
        "advice": [shown_finding(each, events) for each in reasons.advice],
    }


def shown_finding(finding: FindingWords, events: Mapping[str, Any]) -> dict[str, Any]:
    return {"finding": finding, "because": [_because(each, events) for each in finding.because]}


def _because(because: Because, events: Mapping[str, Any]) -> dict[str, Any]:
    named = [
        (each, short(events[each], events), date_text(events[each].happened_on))
        for each in because.events
        if each in events
    ]
    return {
        "says": because.says,
        "value": because.value,
        "on": because.on if because.on != because.value else None,
        "events": named[:4],
        "more": len(named) - 4 if len(named) > 4 else 0,
        "made_of": [_because(part, events) for part in because.made_of],
    }


def overrides_in_force(patient: Patient, answer: Answer, now: datetime) -> list[dict[str, Any]]:
    """Signed departures: those that wait (for the second signature, or for their prescription), and those under which a
    prescription that still waits was written, as far as the same findings stand for the same reasons."""
    signed = list(patient.overrides.filter(withdrawn_at=None).select_related("by", "second_by").order_by("-at"))
    if not signed:
        return []
    rows = patient.documents.filter(override__in=signed).select_related("override")
    papers = {each.document.override_id: each for each in papers_of(patient, list(rows), now=now)}
    found = [(each, _covers(each, papers.get(each.pk), answer)) for each in signed]
    return [
        {"override": each, "says": says, "waits": _waits(each), "used": each.pk in papers}
        for each, says in found
        if says
    ]


def _covers(override: Override, paper: Paper | None, answer: Answer) -> list[str]:
    """The findings that a signature covers now, in words; none where its prescription waits no more."""
    covered = covered_by(override)
    if paper is None:
        return [each.says for each in covered]
    if paper.state not in ("waits", "held"):
        return []
    marks = {each.mark for each in obstacles(answer, paper.document.event_id)}
    return [each.says for each in covered if each.mark in marks]


def _waits(override: Override) -> bool:
    return override.needs_second and override.second_by_id is None


def no_finish(made: Plan) -> str:
    """Why no target can be projected, where it is the same for all of them."""
    why = {finish.why_not for finish in made.finishes if finish.by == "target" and not finish.reached}
    return why.pop() if len(why) == 1 and made.course.ended is None else ""


# --- tasks ----------------------------------------------------------------------------------------
HEADINGS = {
    "overdue": gettext_lazy("Overdue"),
    "today": gettext_lazy("Today"),
    "": gettext_lazy("From today on"),
    "later": gettext_lazy("Later"),
}


def tasks_by_day(numbered: Sequence[tuple[int, Todo]]) -> list[tuple[Any, list[tuple[int, Todo]]]]:
    """Tasks under headings, each with the number that the picture has for it."""
    return [(HEADINGS[when], list(group)) for when, group in groupby(numbered, lambda each: each[1].when)]


# --- the picture ---------------------------------------------------------------------------------
def voice() -> Voice:
    """Words and dates of the picture in the language of the page."""
    return Voice(
        say=said,
        day=lambda ordinal: date_format(date.fromordinal(ordinal), "DATE_FORMAT"),
        month=lambda first, year: date_format(first, "M Y" if year else "M"),
    )


def picture_context(patient: Patient, standing: Standing, answer: Answer, made: Plan) -> dict[str, Any]:
    """The picture as SVG and as a table; neither where there is nothing to draw. First and last photograph of the face
    stand under it."""
    photographs = list(photographs_of(patient))
    course = course_of(standing.edition, standing.evaluation)
    picture = picture_of(
        standing.edition,
        standing.evaluation,
        course,
        answer,
        made,
        units=lab_units(patient),
        weight_unit=patient.clinic.weight_units,
        photographs=Counter(each.day.toordinal() for each in photographs),
    )
    if picture.empty:
        return {"picture": None, "listed": []}
    svg = drawn(picture, voice()).svg(
        title=_("The course in one picture"),
        description=_("{0} The table under the picture holds everything in it.").format(said(made.headline)),
    )
    lanes: dict[str, list[Any]] = {}
    for row in listed(picture):
        lanes.setdefault(said(row.lane) if isinstance(row.lane, Word) else row.lane, []).append(row)
    faces = [each for each in photographs if each.view == Photograph.View.FRONTAL]
    ends = [faces[0], faces[-1]] if faces and faces[0].day < faces[-1].day else faces[:1]
    return {"picture": svg, "listed": list(lanes.items()), "earlier": picture.earlier, "faces": ends}
