"""Finding a patient by number, birth date or the beginnings of names. What is looked for is never in an address."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from isocourse.care.patients import find
from isocourse.store.models import Patient

MOST = 12


@require_POST
def find_patient(request: Any) -> HttpResponse:
    """While typing, the patients found; sent with Enter (or by a scanner), an exact number opens its patient at once,
    and so does the only one found."""
    words = request.POST.get("sought", "")[:100].strip()
    found = list(find(request.user.clinic, words, most=MOST + 1)) if words else []
    sent = not request.htmx or request.htmx.trigger == "search"
    if sent and (one := _meant(found, words)) is not None:
        address = reverse("patient", args=[one.key])
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    context = {"found": found[:MOST], "more": len(found) > MOST, "words": words}
    return render(request, "worklist/found.html" if request.htmx else "worklist/find.html", context)


def _meant(found: list[Patient], words: str) -> Patient | None:
    """The one patient that is meant: whose number it is, or the only one there is."""
    exact = [patient for patient in found if patient.number.casefold() == words.casefold()]
    if exact:
        return exact[0]
    return found[0] if len(found) == 1 else None
