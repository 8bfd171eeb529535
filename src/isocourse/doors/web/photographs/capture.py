"""Taking photographs in the browser, guided: the page, with the baseline of each view to be laid over the camera, and
what to change while one aims."""

from __future__ import annotations

from math import isfinite

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from isocourse.care import photograph_aim
from isocourse.care import photographs as care
from isocourse.care.deciding import today_in
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.photographs.shown import context_of
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.skin.aim import LARGEST_BYTES
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


@require_POST
@of_one_record
def aim(request: PatientRequest) -> JsonResponse:
    """What to change before the photograph is taken, from a small picture of what the camera sees."""
    file = request.FILES.get("frame")
    data = file.read(LARGEST_BYTES + 1) if file is not None else b""
    try:
        found = photograph_aim.hint(
            by=request.user,
            patient=request.patient,
            data=data,
            view=request.POST.get("view", ""),
            times=_times(request.POST.get("times", "")),
            now=timezone.now(),
        )
    except InputError as error:
        return JsonResponse({"wrong": known(error)}, status=422)
    return JsonResponse({"aim": found})


def _times(typed: str) -> float:
    """How many of the camera's pixels are one of the small picture's."""
    try:
        found = float(typed)
    except ValueError:
        found = 0.0
    if not (isfinite(found) and 0 < found <= 100):
        raise InputError("this is no number of pixels", mend="load the page again")
    return found
