"""What was prescribed: the list with its reconciliation, one paper on screen and as PDF, voiding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from isocourse.care import prescribing
from isocourse.care.deciding import current, today_in
from isocourse.care.editions import edition_for
from isocourse.care.papers import papers_of
from isocourse.care.pending import unused_overrides
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.prescription import paper
from isocourse.doors.web.prescription.signatures import shown
from isocourse.doors.web.prescription.told import tell
from isocourse.errors import InputError
from isocourse.store.models import Document, SupplyAlert
from isocourse.store.models.record import of_person
from isocourse.store.reading import record_of
from isocourse.words.reconcile import reconciliation


@require_GET
def prescriptions(request: PatientRequest) -> HttpResponse:
    """Everything prescribed and supplied in this course, held against each other, and what waits for a person."""
    patient, now = request.patient, timezone.now()
    decision = current(patient, now=now)
    record = record_of(patient)
    made = reconciliation(edition_for(patient.clinic), record, today_in(patient.clinic, now).toordinal())
    rows = Document.objects.filter(of_person(patient), kind=Document.Kind.PRESCRIPTION).select_related(
        "by", "voided_by", "override"
    )
    supplied = {pair.prescription: pair for pair in made.pairs}
    documents = [
        {"document": each.document, "pair": supplied.get(each.document.event_id), "state": each.state}
        for each in papers_of(patient, list(rows), now=now)
    ]
    alerts = list(SupplyAlert.objects.filter(of_person(patient)).select_related("by", "settled_by"))
    what = {supply.event: supply for pair in made.pairs for supply in pair.supplies}
    context = {
        "patient": patient,
        "tab": "prescriptions",
        "decision": decision,
        "documents": documents,
        "reconciled": made,
        "open_alerts": [(alert, what.get(alert.event_id)) for alert in alerts if alert.settled_at is None],
        "settled_alerts": [alert for alert in alerts if alert.settled_at is not None],
        "overrides": [shown(row, request.user) for row in unused_overrides(patient)],
    }
    return render(request, "prescription/prescriptions.html", context)


def _document(request: PatientRequest, key: str) -> Document:
    rows = Document.objects.filter(of_person(request.patient), kind=Document.Kind.PRESCRIPTION, key=key)
    found = rows.select_related("by", "voided_by", "decision", "override").first()
    if found is None:
        raise Http404
    return found


@require_GET
def document(request: PatientRequest, document: str) -> HttpResponse:
    """One prescription as it was written."""
    found = _document(request, document)
    return render(request, "prescription/document.html", _about(request, found))


def _about(request: PatientRequest, found: Document, **more: Any) -> dict[str, Any]:
    (now,) = papers_of(request.patient, [found], now=timezone.now())
    return {
        "patient": request.patient,
        "tab": "prescriptions",
        "document": found,
        "paper": found.content,
        "now": now,
        **more,
    }


@require_GET
def pdf(request: PatientRequest, document: str) -> HttpResponse:
    """One prescription as PDF, to be printed or sent."""
    found = _document(request, document)
    try:
        (now,) = papers_of(request.patient, [found], now=timezone.now())
        made = paper.pdf(now)
    except InputError as error:
        tell(request, error)
        return redirect("prescription_document", patient=request.patient.key, document=found.key)
    response = HttpResponse(made, content_type="application/pdf")
    # The name of a file is seen by others: it says nothing about anybody.
    response["Content-Disposition"] = f'inline; filename="prescription-{found.key}.pdf"'
    return response


@require_POST
def void(request: PatientRequest, document: str) -> HttpResponse:
    """Void a prescription that was not dispensed."""
    found = _document(request, document)
    try:
        reason = request.POST.get("reason", "")
        prescribing.void(by=request.user, document=found, reason=reason, now=timezone.now())
    except InputError as error:
        tell(request, error)
        context = _about(request, found, reason=request.POST.get("reason", ""))
        return render(request, "prescription/document.html", context, status=422)
    messages.success(request, _("The prescription is void. If it was handed out, ask for it back."))
    return redirect("prescription_document", patient=request.patient.key, document=found.key)
