"""Two photographs of one view beside each other, laid on each other, with what changed and how sure that is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from isocourse.care import photographs as care
from isocourse.care.photograph_comparing import Mark, Pairing, pairing
from isocourse.care.photograph_pairs import compare as ask
from isocourse.care.photograph_pairs import pair_of
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.photographs.shown import PENDING
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.store.models import Photograph
from isocourse.words.photograph_change import STATES, notes, rows


@require_safe
@of_one_record
def compare(request: PatientRequest) -> HttpResponse:
    """The two, and their comparison where there is one."""
    before, after = _two(request, request.GET)
    row = pair_of(before, after)
    found = pairing(row) if row is not None else None
    context = {
        "patient": request.patient,
        "tab": "photographs",
        "before": before,
        "after": after,
        "row": row,
        "pending": row is not None and row.state in PENDING,
        "found": found,
        "laid": found is not None and bool(found.width),
        "marks": found.marks if found is not None else (),
        "states": _counted(found),
        "numbers": rows(found.comparison) if found is not None else [],
        "notes": notes(found.comparison) if found is not None else [],
        "others": [
            each for each in care.photographs_of(request.patient).filter(view=after.view) if each not in (before, after)
        ],
    }
    return render(request, "photographs/compare.html", context)


@require_POST
@of_one_record
def begin(request: PatientRequest) -> HttpResponse:
    """Somebody asks for a comparison that there is not."""
    before, after = _two(request, request.POST)
    try:
        ask(by=request.user, before=before, after=after, now=timezone.now())
    except InputError as error:
        messages.error(request, known(error))
    place = reverse("photograph_compare", args=[request.patient.key])
    return redirect(f"{place}?before={before.key}&after={after.key}")


def _two(request: PatientRequest, sent: Any) -> tuple[Photograph, Photograph]:
    """The photographs that are named, the earlier first."""
    found = [care.photograph_of(request.patient, sent.get(name, "")) for name in ("before", "after")]
    before, after = found
    if before is None or after is None or before.pk == after.pk or before.view != after.view:
        raise Http404
    if before.deleted_at is not None or after.deleted_at is not None:
        raise Http404
    first, second = sorted((before, after), key=lambda each: (each.day, each.repeat))
    return first, second


def _counted(found: Pairing | None) -> list[tuple[str, str, int]]:
    """Each state of a mark: code, words, how many."""
    marks: tuple[Mark, ...] = found.marks if found is not None else ()
    return [(state, title, sum(mark.state == state for mark in marks)) for state, title in STATES.items()]
