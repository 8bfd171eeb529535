"""Taking photographs in the browser, guided: the page, with the baseline of each view to be laid over the camera."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from isocourse.care import photographs as care
from isocourse.care.deciding import today_in
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.photographs.shown import context_of
from isocourse.store.models import Photograph

REPEATS_AT_BASELINE = 3  # so that the noise of this person's photographs is known


@require_safe
@of_one_record
def capture(request: PatientRequest) -> HttpResponse:
    """The camera, and what to take: each view with its first photograph and how many are there today."""
    patient, now = request.patient, timezone.now()
    today = today_in(patient.clinic, now)
    found = list(care.photographs_of(patient))
    views = []
    for code, title in Photograph.View.choices:
        own = [each for each in found if each.view == code]
        baseline = min(own, key=lambda each: (each.day, each.repeat), default=None)
        first = baseline is None or baseline.day == today
        views.append(
            {
                "code": code,
                "title": title,
                "ghost": baseline if baseline is not None and baseline.day != today else None,
                "taken": sum(each.day == today for each in own),
                "wanted": REPEATS_AT_BASELINE if first and code == Photograph.View.FRONTAL else 1,
            }
        )
    context = {**context_of(request, only_today=True), "views": views}
    return render(request, "photographs/capture.html", context)
