"""The page on which a prescription is chosen, judged as it is typed, and written."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from isocourse.care.judging import Judged, Withheld, judge
from isocourse.care.overriding import Departure, ask
from isocourse.care.papers import Paper, papers_of
from isocourse.care.prescribing import prescribe
from isocourse.care.recording import MovedOn
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.prescription.choosing import Chooser, choice_of, chooser
from isocourse.doors.web.prescription.told import judged_words, wrong_of
from isocourse.doors.web.typed import whole
from isocourse.errors import InputError
from isocourse.store.models import Document, Patient
from isocourse.store.models.record import of_person
from isocourse.words.overriding import GROUNDS, LEAST_REASON, LONGEST_REASON
from isocourse.words.prescription import FORMULATIONS


def prescription(request: PatientRequest) -> HttpResponse:
    """Choose and see; write where nothing is in the way, or under a signed departure."""
    if request.method != "POST":
        found = chooser(request.patient, None, timezone.now())
        return _page(request, found, _judged(request, found))
    act = request.POST.get("act", "preview")
    found = chooser(request.patient, request.POST, timezone.now())
    if act not in ("prescribe", "override"):
        return _page(request, found, _judged(request, found))
    if _unread(request, found):
        return _page(request, found, _judged(request, found), status=409, unread=True)
    try:
        return _write(request, found, act)
    except InputError as error:
        found.wrong.update(wrong_of(error))
        return _page(request, found, _judged(request, found), status=422)
    except MovedOn as moved:
        request.patient.refresh_from_db()
        found = chooser(request.patient, request.POST, timezone.now())
        return _page(request, found, _judged(request, found), status=409, since=moved.since)
    except Withheld as withheld:
        return _page(request, found, withheld.judged, status=409, changed=withheld.changed, withheld=True)


def _unread(request: PatientRequest, found: Chooser) -> bool:
    """Whether the text on the page was another than would be printed: something was typed a moment before. Where
    somebody wrote to the record in between, that is told instead."""
    read, judged = request.POST.get("read"), _judged(request, found)
    if read is None or judged is None or whole(request.POST.get("seen_seq", "")) != request.patient.last_seq:
        return False
    return read != judged.said.text


def _write(request: PatientRequest, found: Chooser, act: str) -> HttpResponse:
    now, patient = timezone.now(), request.patient
    about: dict[str, Any] = {
        "by": request.user,
        "patient": patient,
        "choice": choice_of(found.typed),
        "now": now,
        # A number that cannot be read is no record's.
        "seen_seq": whole(request.POST.get("seen_seq", "")),
    }
    if act == "prescribe":
        issued = prescribe(**about)
    elif patient.clinic.second_signature:
        ask(**about, departure=_departure(request))
        messages.success(
            request, _("Signed. Another prescriber has to sign as well before the prescription can be written.")
        )
        return redirect("prescriptions", patient=patient.key)
    else:
        issued = prescribe(**about, departure=_departure(request))
    messages.success(request, _("The prescription is written. Print it, or send the PDF."))
    return redirect("prescription_document", patient=patient.key, document=issued.document.key)


def _departure(request: PatientRequest) -> Departure:
    return Departure(
        marks=frozenset(request.POST.getlist("marks")),
        ground=request.POST.get("ground", ""),
        reason=request.POST.get("reason", ""),
    )


def _judged(request: PatientRequest, found: Chooser) -> Judged | None:
    """What is decided about the choice; None where it is not possible, with the field that is wrong."""
    try:
        return judge(request.patient, choice_of(found.typed), by=request.user, now=timezone.now())
    except InputError as error:
        if request.method == "POST":
            found.wrong.update({**wrong_of(error), **found.wrong})
        return None


@require_POST
def preview(request: PatientRequest) -> HttpResponse:
    """The part of the page that follows from the choice, while it is being made."""
    found = chooser(request.patient, request.POST, timezone.now())
    judged = _judged(request, found)
    context = _context(request, found, judged)
    if (
        judged is not None
        and request.POST.get("shown") == context["shown"]
        and request.POST.get("listed") == found.listed
    ):
        return HttpResponse(status=204)  # nothing new: what was ticked or typed since stays as it is
    context["doses_too"] = request.POST.get("listed") != found.listed
    return render(request, "prescription/preview.html", context)


def _page(request: PatientRequest, found: Chooser, judged: Judged | None, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    context = {**_context(request, found, judged), **more}
    return render(request, "prescription/prescription.html", context, status=status)


def _context(request: PatientRequest, found: Chooser, judged: Judged | None) -> dict[str, Any]:
    patient = request.patient
    return {
        "patient": patient,
        "tab": "prescriptions",
        "found": found,
        "typed": found.typed,
        "wrong": found.wrong,
        "formulations": FORMULATIONS,
        "grounds": GROUNDS.items(),
        "least_reason": LEAST_REASON,
        "longest_reason": LONGEST_REASON,
        "marked": request.POST.getlist("marks"),
        "ground": request.POST.get("ground", ""),
        "reason": request.POST.get("reason", ""),
        "second": patient.clinic.second_signature,
        "waiting": _waiting(patient),
        "shown": _shown(judged),
        **judged_words(judged),
    }


def _shown(judged: Judged | None) -> str:
    """A digest of what a judgement shows; empty without one."""
    if judged is None:
        return ""
    parts = [judged.said.text, judged.valid.through or "", judged.assessed.answer.headline]
    return hashlib.sha256("\n".join([*parts, *(each.mark for each in judged.in_the_way)]).encode()).hexdigest()[:16]


def _waiting(patient: Patient) -> Paper | None:
    """The latest prescription that could still be dispensed: another one puts it out of use nowhere but in the record,
    and the patient would have two."""
    rows = Document.objects.filter(of_person(patient), kind=Document.Kind.PRESCRIPTION, voided_at=None)
    latest = list(rows.select_related("override").order_by("-at")[:4])
    found = papers_of(patient, latest, now=timezone.now()) if latest else []
    return next((each for each in found if each.state in ("waits", "held")), None)
