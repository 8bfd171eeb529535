"""Recall letters: choose, look at them, print. What is pressing is told by telephone and is left out unless ticked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import typst
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from isocourse.care import recall
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.store.models import Patient
from isocourse.words.recall import REASONS, Letter, reason_for

IN_SESSION = "letters"
PAPER = Path(__file__).parent.parent / "templates" / "worklist" / "letter.typ"


@require_POST
def preview(request: Any) -> HttpResponse:
    """The letters that would be printed, and whom to call instead."""
    try:
        patients = recall.chosen(by=request.user, keys=request.POST.getlist("patient"))
    except InputError as error:
        messages.error(request, known(error))
        return redirect("worklist")
    return _page(request, [_drawn(request, patient) for patient in patients])


def _drawn(request: Any, patient: Patient) -> dict[str, Any]:
    """One patient on the page before printing: the letter as it would be, and what speaks against it."""
    items = sorted(patient.work.all(), key=lambda item: item.rank)
    reason = request.POST.get(f"reason-{patient.key}") or reason_for(item.kind for item in items)
    call = any(item.risk == 0 for item in items)
    try:
        made = _letter(request, patient, reason)
    except InputError as error:
        return {"patient": patient, "reason": reason, "call": call, "wrong": known(error), "ticked": False}
    return {"patient": patient, "reason": reason, "call": call, "letter": made, "ticked": not call}


def _letter(request: Any, patient: Patient, reason: str) -> Letter:
    on = formats.date_format(timezone.localdate(), "DATE_FORMAT")
    return recall.letter(patient, by=request.user, reason=reason, on=on, say=_)


def _page(request: Any, drawn: Sequence[dict[str, Any]], wrong: str = "") -> HttpResponse:
    context = {
        "page": "worklist",
        "drawn": drawn,
        "wrong": wrong,
        "reasons": [(code, reason.label) for code, reason in REASONS.items()],
    }
    return render(request, "worklist/letters.html", context, status=422 if wrong else 200)


@require_POST
def make(request: Any) -> HttpResponse:
    """Print the ticked letters, and keep each with its patient."""
    try:
        patients = recall.chosen(by=request.user, keys=request.POST.getlist("patient"))
    except InputError as error:
        everybody = request.POST.getlist("listed")
        if not everybody:
            messages.error(request, known(error))
            return redirect("worklist")
        patients = recall.chosen(by=request.user, keys=everybody)
        return _page(request, [_drawn(request, patient) for patient in patients], known(error))
    letter = partial(_letter, request)
    try:
        letters = {patient: letter(patient, request.POST.get(f"reason-{patient.key}", "")) for patient in patients}
        pdf(list(letters.values()))  # what cannot be printed is not kept
    except InputError as error:
        return _page(request, [_drawn(request, patient) for patient in patients], known(error))
    kept = recall.keep(by=request.user, letters=letters, now=timezone.now())
    request.session[IN_SESSION] = [document.key for document in kept]
    return redirect("letters_done")


@require_GET
def done(request: Any) -> HttpResponse:
    """The letters that were just made, ready to be opened."""
    keys = request.session.get(IN_SESSION, [])
    return render(request, "worklist/letters_done.html", {"page": "worklist", "count": len(keys)})


@require_GET
def printed(request: Any) -> HttpResponse:
    """The letters that were just made, as one PDF with a page for each."""
    letters = recall.kept_letters(by=request.user, keys=request.session.get(IN_SESSION, []))
    if not letters:
        return redirect("worklist")
    response = HttpResponse(pdf(letters), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="letters.pdf"'
    return response


def pdf(letters: Sequence[Letter]) -> bytes:
    """The letters as PDF that can be read aloud (PDF/UA-1), one on a page. Raises InputError where no font on this
    machine shows every character of them."""
    data = json.dumps(msgspec.to_builtins(list(letters)))
    try:
        return typst.compile(PAPER.read_bytes(), format="pdf", pdf_standards="ua-1", sys_inputs={"letters": data})
    except typst.TypstError:
        # Its message quotes what cannot be shown: a name.
        raise InputError(
            "a letter has characters that no font on the server can show",
            mend="leave out one letter after the other to find it, and have a font for its script installed",
        ) from None
