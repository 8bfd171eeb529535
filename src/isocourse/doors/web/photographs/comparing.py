"""Two photographs of one view beside each other, laid on each other, with what changed and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from isocourse.care import photographs as care
from isocourse.care.photograph_comparing import Mark, Pairing, pairing
from isocourse.care.photograph_jobs import SIDES
from isocourse.care.photograph_pairs import compare as ask
from isocourse.care.photograph_pairs import pair_of
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.photographs.shown import PENDING, scores
from isocourse.doors.web.photographs.signs import drawn, legend
from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.skin.findings import Comparison
from isocourse.store.models import Patient, Photograph
from isocourse.words.photograph_change import STATES, notes, rows
from isocourse.words.skin_report.sheet import change_sheet

View = Callable[[PatientRequest, Photograph, Photograph], HttpResponse]


def of_two(view: View) -> Callable[[PatientRequest], HttpResponse]:
    """A page about two photographs of one view, the earlier first. Where one of them was deleted, perhaps in another
    window while this one was open, it leads to those that are left and says so."""

    @wraps(view)
    def page(request: PatientRequest) -> HttpResponse:
        sent = request.POST if request.method == "POST" else request.GET
        before, after = (care.photograph_of(request.patient, sent.get(name, "")) for name in ("before", "after"))
        if before is None or after is None or before.pk == after.pk or before.view != after.view:
            raise Http404
        if before.deleted_at is not None or after.deleted_at is not None:
            messages.warning(request, _("One of the two photographs was deleted, so they are not compared."))
            return redirect("photographs", patient=request.patient.key)
        first, second = sorted((before, after), key=lambda each: (each.day, each.repeat))
        return view(request, first, second)

    return page


@require_safe
@of_one_record
@of_two
def compare(request: PatientRequest, before: Photograph, after: Photograph) -> HttpResponse:
    """The two, and their comparison where there is one."""
    row = pair_of(before, after)
    found = pairing(row) if row is not None else None
    kept = care.photographs_of(request.patient)
    context = {
        "patient": request.patient,
        "tab": "photographs",
        "before": before,
        "after": after,
        "row": row,
        "comparable": after.view in SIDES,
        "pending": row is not None and row.state in PENDING,
        "found": found,
        "laid": found is not None and bool(found.width),
        "marks": [drawn(each.state, "", each.outline, width=found.width) for each in found.marks] if found else [],
        "states": _counted(found),
        "consent": care.consent_of(request.patient, now=timezone.now()),
        "scores": scores(request.patient, before, after),
        "numbers": rows(found.comparison) if found is not None else [],
        "patient_reads": _patient_reads(found.comparison) if found is not None else "",
        "notes": notes(found.comparison) if found is not None else [],
        "others": [each for each in kept.filter(view=after.view) if each not in (before, after)],
        "no_key": care.no_key(kept),
    }
    return render(request, "photographs/compare.html", context)


@require_POST
@of_one_record
@of_two
def begin(request: PatientRequest, before: Photograph, after: Photograph) -> HttpResponse:
    """Somebody asks for a comparison that there is not."""
    try:
        ask(by=request.user, before=before, after=after, now=timezone.now())
    except InputError as error:
        messages.error(request, known(error))
    return redirect(place_of(request.patient, before, after))


def _patient_reads(found: Comparison) -> str:
    """The sentence for the patient, as on the paper; none where nothing was compared."""
    return change_sheet(found, say=said).says if found.numbers else ""


def place_of(patient: Patient, before: Photograph, after: Photograph) -> str:
    """The address of a comparison."""
    return f"{reverse('photograph_compare', args=[patient.key])}?before={before.key}&after={after.key}"


def _counted(found: Pairing | None) -> list[tuple[str, str, int, str]]:
    """Each state of a mark: code, words, how many, its sign."""
    marks: tuple[Mark, ...] = found.marks if found is not None else ()
    return [
        (state, title, sum(mark.state == state for mark in marks), legend(state)) for state, title in STATES.items()
    ]
