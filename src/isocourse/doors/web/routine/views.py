"""The routine of today, what other answers would make of it, and writing the answers down."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from isocourse.care.deciding import current
from isocourse.care.permissions import may
from isocourse.care.recording import MovedOn
from isocourse.care.skin_profile import keep_profile, read_answers
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import of_one_record, standing_of
from isocourse.doors.web.refused import not_written
from isocourse.doors.web.trouble import known
from isocourse.doors.web.typed import whole
from isocourse.engine.knowledge import Shelf, open_shelf
from isocourse.errors import InputError
from isocourse.skincare.facts import PROFILE
from isocourse.skincare.person import answering, person_of
from isocourse.skincare.read_routine import read_knowledge
from isocourse.skincare.routine import routine
from isocourse.skincare.routine_shape import Knowledge, Person
from isocourse.words.skin_routine import QUESTIONS, URGENT, Shown, answers_of, shown


class Question(NamedTuple):
    """A question of the form with its answers, each (code, words), and the one that stands."""

    name: str
    label: str
    answers: tuple[tuple[str, str], ...]
    given: str


@lru_cache(maxsize=1)
def _knowledge() -> tuple[Shelf, Knowledge]:
    shelf = open_shelf()
    return shelf, read_knowledge(shelf)


@require_safe
@of_one_record
def skin_care(request: PatientRequest) -> HttpResponse:
    """The routine with the questions it depends on."""
    return _page(request)


@require_POST
@of_one_record
def preview(request: PatientRequest) -> HttpResponse:
    """The routine as other answers would make it. Nothing is kept."""
    try:
        answers = read_answers(_typed(request))
    except InputError as error:
        return render(request, "routine/trouble.html", {"error": known(error)}, status=422)
    person, day = _person(request)
    other = answering(person, answers)
    context = _found(other, day) | {"patient": request.patient, "unsaved": other.facts != person.facts}
    return render(request, "routine/routine.html", context)


@require_POST
@of_one_record
def profile(request: PatientRequest) -> HttpResponse:
    """Write the answers down."""
    typed = _typed(request)
    try:
        keep_profile(
            by=request.user,
            patient=request.patient,
            answers=typed,
            now=timezone.now(),
            seen_seq=whole(request.POST.get("seen_seq", "")),
        )
    except (MovedOn, InputError) as error:
        says, status = not_written(error)
        return _page(request, typed=typed, error=says, status=status)
    messages.success(request, _("The answers are on record, and the routine follows them."))
    return redirect("skin_care", patient=request.patient.key)


@require_safe
@of_one_record
def sheet(request: PatientRequest) -> HttpResponse:
    """The patient's sheet: one page to print, in plain words."""
    person, day = _person(request)
    answered = current(request.patient, now=timezone.now()).answered
    context = {"patient": request.patient, "tab": "skin_care", "capsules_says": answered["capsules_says"], "day": day}
    return render(request, "routine/sheet.html", _found(person, day) | context)


def _typed(request: PatientRequest) -> dict[str, str]:
    return {name: str(request.POST.get(name, "")) for name in PROFILE}


def _person(request: PatientRequest) -> tuple[Person, int]:
    standing = standing_of(request.patient)
    return person_of(standing.edition, standing.evaluation, _knowledge()[1]), standing.today


def _found(person: Person, day: int) -> dict[str, Any]:
    shelf, knowledge = _knowledge()
    found: Shown = shown(routine(person, knowledge, as_of=day), person, shelf.sources)
    return {"found": found, "urgent": URGENT.get(found.urgency, ""), "content": shelf.content}


def _page(
    request: PatientRequest, *, typed: Mapping[str, str] | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    patient = request.patient
    person, day = _person(request)
    patient.refresh_from_db(fields=["last_seq"])
    context = _found(person, day) | {
        "patient": patient,
        "tab": "skin_care",
        "questions": [_question(name, typed or person.facts) for name in QUESTIONS],
        "asked_on": person.profile_day,
        "may_write": may(request.user, "write", patient, now=timezone.now()),
        "error": error,
    }
    return render(request, "routine/page.html", context, status=status)


def _question(name: str, given: Mapping[str, str]) -> Question:
    return Question(name, QUESTIONS[name], answers_of(name), given.get(name) or "unknown")
