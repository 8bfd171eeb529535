"""Second signatures: what waits, signing, refusing, and the prescription that may then be written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from isocourse.care import overriding, prescribing
from isocourse.care.judging import Withheld
from isocourse.care.recording import MovedOn
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.prescription.told import tell
from isocourse.doors.web.typed import whole
from isocourse.errors import InputError
from isocourse.store.models import Override, User
from isocourse.words.dose import counted
from isocourse.words.overriding import GROUNDS
from isocourse.words.page import STRENGTH_WORDS


def shown(row: Override, user: User) -> dict[str, Any]:
    """An override that waits, for the templates: what it covers, what it is for, and what this person may do."""
    choice = overriding.choice_of(row)
    return {
        "override": row,
        "covered": [(each, STRENGTH_WORDS.get(each.strength, each.strength)) for each in overriding.covered_by(row)],
        "ground": GROUNDS.get(row.ground, row.ground),
        "dose": f"{choice.mg} mg a day, {counted(choice.days, 'day')}",
        "waits": row.second_at is None,
        "mine": row.by_id == user.pk,
    }


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Overrides of the clinic that wait for a second signature."""
    user = request.user
    assert isinstance(user, User)
    rows = Override.objects.filter(
        patient__clinic=user.clinic, patient__merged_into=None, needs_second=True, second_at=None, withdrawn_at=None
    )
    found = [shown(row, user) for row in rows.select_related("by", "patient").order_by("pk")]
    return render(request, "prescription/second_signatures.html", {"overrides": found})


def _override(request: PatientRequest, key: str) -> Override:
    row = Override.objects.filter(patient=request.patient, key=key).select_related("patient", "by").first()
    if row is None:
        raise Http404
    return row


@require_POST
def sign(request: PatientRequest, override: str) -> HttpResponse:
    """Sign as the second prescriber."""
    try:
        row = _override(request, override)
        overriding.sign_second(by=request.user, override=row, now=timezone.now())
        messages.success(request, _("Signed. The prescriber can now write the prescription."))
    except (InputError, Withheld) as error:
        tell(request, error)
    return redirect("prescriptions", patient=request.patient.key)


@require_POST
def withdraw(request: PatientRequest, override: str) -> HttpResponse:
    """Take an override back, or refuse it."""
    try:
        overriding.withdraw(by=request.user, override=_override(request, override), now=timezone.now())
        messages.success(request, _("The override is withdrawn. Nothing can be prescribed under it."))
    except InputError as error:
        tell(request, error)
    return redirect("prescriptions", patient=request.patient.key)


@require_POST
def prescribe(request: PatientRequest, override: str) -> HttpResponse:
    """Write the prescription that a signed override is for."""
    seen = whole(request.POST.get("seen_seq", ""))
    try:
        row = _override(request, override)
        issued = prescribing.prescribe_signed(by=request.user, override=row, now=timezone.now(), seen_seq=seen)
    except (InputError, Withheld, MovedOn) as error:
        tell(request, error)
        return redirect("prescriptions", patient=request.patient.key)
    messages.success(request, _("The prescription is written. Print it, or send the PDF."))
    return redirect("prescription_document", patient=request.patient.key, document=issued.document.key)
