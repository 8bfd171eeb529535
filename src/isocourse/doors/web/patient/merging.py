"""Two records of one person: find the other, look at both, and read them as one from then on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from isocourse.care import audit
from isocourse.care.patients import find, merge
from isocourse.care.permissions import check
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.store.models import Patient, StoredEvent

LEAST_REASON = 10  # characters


@require_POST
@of_one_record
def search(request: PatientRequest) -> HttpResponse:
    """Other patients of the clinic by name, number or birth date; the words stay out of the address."""
    words = request.POST.get("words", "").strip()
    found = [each for each in find(request.patient.clinic, words) if each != request.patient] if words else []
    context = {"patient": request.patient, "tab": "details", "words": words, "found": found}
    return render(request, "patient/merge_search.html", context)


@of_one_record
def confirm(request: PatientRequest, other: str) -> HttpResponse:
    """Both records beside each other; a POST merges the other one into this one."""
    twin = Patient.objects.select_related("clinic", "decision").filter(key=other).first()
    if twin is None or twin.pk == request.patient.pk:
        raise Http404
    now = timezone.now()
    check(request.user, "merge", twin, now=now)
    reason = request.POST.get("reason", "")
    if request.method != "POST":
        audit.looked(by=request.user, patient=twin, page="merge", now=now)
        return _page(request, twin, reason)
    try:
        if len(reason.strip()) < LEAST_REASON:
            raise InputError(_("the reason is too short"), where="reason", mend=_("write how you know"))
        merge(by=request.user, patient=twin, into=request.patient, now=now, reason=reason.strip())
    except InputError as error:
        return _page(request, twin, reason, error)
    messages.success(request, _("The two records are read as one from now on."))
    return redirect("patient", patient=request.patient.key)


def _page(request: PatientRequest, twin: Patient, reason: str, error: InputError | None = None) -> HttpResponse:
    context = {
        "patient": request.patient,
        "tab": "details",
        "other": twin,
        "sides": [_side(request.patient, _("Stays")), _side(twin, _("Is read with it"))],
        "reason": reason,
        "error": known(error) if error is not None else "",
    }
    return render(request, "patient/merge.html", context, status=422 if error is not None else 200)


def _side(patient: Patient, role: str) -> dict[str, Any]:
    own = StoredEvent.objects.filter(patient=patient)
    return {"patient": patient, "role": role, "events": own.count(), "last": own.order_by("-recorded_at").first()}
