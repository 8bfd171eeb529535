"""Every figure over the visits, against the first, with its noise band."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from isocourse.care.photograph_trends import Course, Point, courses_of
from isocourse.care.photographs import photographs_of
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.overview import voice
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.doors.web.templatetags.patient_words import told
from isocourse.store.models import Photograph
from isocourse.words.chart.change import Visit, change_chart
from isocourse.words.photograph_change import FIRST, TREND_SAYS, UNITS, VERDICTS, number, titled


@require_safe
@of_one_record
def trend(request: PatientRequest) -> HttpResponse:
    """The figures of one view; the first view that has any is shown at first."""
    views = dict.fromkeys(photographs_of(request.patient).order_by("pk").values_list("view", flat=True))
    named = [(code, title) for code, title in Photograph.View.choices if code in views]
    asked = request.GET.get("view", "")
    view = asked if asked in views else next((code for code, _title in named), "")
    courses = courses_of(request.patient, view)
    courses.sort(key=lambda course: course.what not in FIRST)
    context = {
        "patient": request.patient,
        "tab": "photographs",
        "views": named,
        "view": view,
        "first": [_shown(course) for course in courses if course.what in FIRST],
        "rest": [_shown(course) for course in courses if course.what not in FIRST],
        "baseline": courses[0].baseline if courses else None,
    }
    return render(request, "photographs/trend.html", context)


def _shown(course: Course) -> dict[str, Any]:
    """A course as the page shows it: chart and table."""
    title = told(titled(course.what))
    visits = [
        Visit(point.day.toordinal(), point.after - point.before, point.noise, point.verdict, _title(point))
        for point in course.points
    ]
    first = course.baseline.day
    svg = change_chart(
        first.toordinal(),
        visits,
        title=_("{0}: change against {1}").format(title, date_format(first, "DATE_FORMAT")),
        description=_("The table under the chart holds everything in it."),
        month=voice().month,
    )
    rows = [
        {
            "point": point,
            "before": number(point.before),
            "after": number(point.after),
            "noise": number(point.noise) if point.noise is not None else "",
            "says": VERDICTS[point.verdict],
        }
        for point in course.points
    ]
    says = TREND_SAYS[course.trend.verdict] if course.trend is not None else ""
    return {"title": title, "unit": UNITS.get(course.unit, course.unit), "svg": svg, "rows": rows, "says": says}


def _title(point: Point) -> str:
    change = f"{number(point.before)} → {number(point.after)}"
    return f"{date_format(point.day, 'DATE_FORMAT')}: {change}, {said(VERDICTS[point.verdict])}"
