"""What to expect, for the team and as a sheet for the patient."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from isocourse.care.permissions import may
from isocourse.care.photograph_trends import courses_of
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.overview import voice
from isocourse.doors.web.patient.reading import of_one_record, standing_of
from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.store.models import Photograph
from isocourse.words.expectations.draw import drawn
from isocourse.words.expectations.own import Figure, Mark
from isocourse.words.expectations.sheet import NOTES, PLACES, Row, Sheet, after_says, sheet_of, where_says
from isocourse.words.sentence import Sentence

# In this order the page goes through what is to be expected.
_GROUPS = ("now", "ahead", "past", "not_reached", "not_known")
_TITLES = {
    "now": "To be expected now",
    "ahead": "Still to come",
    "past": "The time for it is over",
    "not_reached": "The course ended before",
    "not_known": "No time is known",
}
_LATEST = 2  # entries of each thing on the patient's sheet


class Placed(NamedTuple):
    """An entry with where its day lies."""

    mark: Mark
    where: Sentence


class Shown(NamedTuple):
    """A row as the page shows it."""

    row: Row
    marks: list[Placed]
    stand: str
    place: str


@require_safe
@of_one_record
def expectations(request: PatientRequest) -> HttpResponse:
    """The picture, the week as it is, every range with what is on record, and whom to tell."""
    found = _sheet(request)
    shown = [_shown(row, found) for row in found.rows]
    groups = [(_TITLES[place], [each for each in shown if each.row.place == place]) for place in _GROUPS]
    picture = drawn(found, voice()).svg(
        title=_("What to expect, and what is on record"),
        description=_("{0} The table under the picture holds everything in it.").format(said(found.says)),
    )
    return render(
        request,
        "expectations/page.html",
        _context(request, found)
        | {
            "groups": [(title, rows) for title, rows in groups if rows],
            "shown": shown,
            "picture": picture,
            "urgent": any(mark.urgent for row in found.rows for mark in row.marks),
        },
    )


@require_safe
@of_one_record
def sheet(request: PatientRequest) -> HttpResponse:
    """The patient's sheet: plain words to print."""
    found = _sheet(request)
    rows = [_shown(row, found) for row in found.rows]
    return render(
        request,
        "expectations/sheet.html",
        _context(request, found)
        | {
            "now": [each._replace(marks=each.marks[-_LATEST:]) for each in rows if each.row.place == "now"],
            "coming": [each for each in rows if each.row.place == "ahead"],
            "unknown": [each for each in rows if each.row.place == "not_known" and found.clock.last_dose is not None],
        },
    )


def _sheet(request: PatientRequest) -> Sheet:
    patient = request.patient
    standing = standing_of(patient)
    figures: list[Figure] = []
    if may(request.user, "see_photographs", patient, now=timezone.now()):
        for course in courses_of(patient, Photograph.View.FRONTAL):
            figures += [
                Figure(course.what, course.unit, p.day.toordinal(), p.before, p.after, p.noise, p.verdict)
                for p in course.points
            ]
    return sheet_of(standing.edition, standing.evaluation, figures=figures)


def _shown(row: Row, found: Sheet) -> Shown:
    marks = [Placed(mark, where_says(mark, found.clock)) for mark in row.marks]
    return Shown(row, marks, row.stand_says, PLACES[row.place])


def _context(request: PatientRequest, found: Sheet) -> dict[str, Any]:
    return {
        "patient": request.patient,
        "tab": "expectations",
        "found": found,
        "since": after_says(found.clock),
        "notes": NOTES,
        "day": found.clock.as_of,
    }
