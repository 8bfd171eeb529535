"""Every figure over the visits, against the first, with its noise band and the visits without it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from isocourse.care.photograph_jobs import RAKING
from isocourse.care.photograph_trends import Course, Point, courses_of, hollows_of
from isocourse.care.photograph_trends import Gap as CourseGap
from isocourse.care.photographs import photographs_of
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.overview import voice
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.photographs.comparing import place_of
from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.doors.web.templatetags.patient_words import told
from isocourse.store.models import Photograph
from isocourse.words.chart.change import Gap, Visit, change_chart
from isocourse.words.photograph_change import FIRST, SURFACE, TREND_SAYS, UNITS, VERDICTS, number, titled


@require_safe
@of_one_record
def trend(request: PatientRequest) -> HttpResponse:
    """The figures of one view, and hollows; the first view that has any is shown at first."""
    views = dict.fromkeys(photographs_of(request.patient).order_by("pk").values_list("view", flat=True))
    named = [(code, title) for code, title in Photograph.View.choices if code in views and code not in RAKING]
    asked = request.GET.get("view", "")
    view = asked if asked in dict(named) else next((code for code, _title in named), "")
    courses = sorted(courses_of(request.patient, view), key=lambda course: course.what not in FIRST)
    hollows = hollows_of(request.patient)
    baseline = courses[0].baseline if courses else None
    first = [each for each in courses if each.what in FIRST]
    surface = [each for each in courses if each.what.startswith(SURFACE)]
    context = {
        "patient": request.patient,
        "tab": "photographs",
        "views": named,
        "view": view,
        "first": [_shown(course) for course in first],
        "surface": [_shown(course) for course in (*surface, *([hollows] if hollows is not None else []))],
        "rest": [_shown(course) for course in courses if course not in first and course not in surface],
        "baseline": baseline or (hollows.baseline if hollows is not None else None),
        "gaps": any(each.gaps for each in (*courses, hollows) if each is not None),
    }
    return render(request, "photographs/trend.html", context)


def _shown(course: Course) -> dict[str, Any]:
    """A course as the page shows it: chart and table."""
    title = told(titled(course.what))
    visits = [
        Visit(point.day.toordinal(), point.after - point.before, point.noise, point.verdict, _title(point))
        for point in course.points
    ]
    gaps = [Gap(gap.day.toordinal(), f"{_date(gap.day)}: {_('not measured')}") for gap in course.gaps]
    first = course.baseline.day
    svg = change_chart(
        first.toordinal(),
        visits,
        gaps,
        title=_("{0}: change against {1}").format(title, _date(first)),
        description=_("The table under the chart holds everything in it."),
        month=voice().month,
    )
    rows = [*(_row(course, point) for point in course.points), *(_gap_row(course, gap) for gap in course.gaps)]
    says = TREND_SAYS[course.trend.verdict] if course.trend is not None else ""
    return {
        "title": title,
        "unit": UNITS.get(course.unit, course.unit),
        "svg": svg,
        "rows": sorted(rows, key=lambda row: row["day"]),
        "says": says,
        "since": first,
    }


def _row(course: Course, point: Point) -> dict[str, Any]:
    return {
        "day": point.day,
        "place": _place(course, point.photograph),
        "before": number(point.before),
        "after": number(point.after),
        "noise": number(point.noise) if point.noise is not None else "",
        "says": VERDICTS[point.verdict],
    }


def _gap_row(course: Course, gap: CourseGap) -> dict[str, Any]:
    return {"day": gap.day, "place": _place(course, gap.photograph), "why": gap.why}


def _place(course: Course, photograph: Photograph) -> str:
    """Where a visit is seen: laid on the first one, or by itself where nothing is laid."""
    if photograph.view in RAKING or photograph.problem:
        return reverse("photograph", args=[photograph.patient.key, photograph.key])
    return place_of(photograph.patient, course.baseline, photograph)


def _title(point: Point) -> str:
    change = f"{number(point.before)} → {number(point.after)}"
    return f"{_date(point.day)}: {change}, {said(VERDICTS[point.verdict])}"


def _date(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
