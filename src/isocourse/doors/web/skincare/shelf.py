"""The shelf of a patient: what stands on it against what is known of the person; putting on and putting away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from isocourse.care import skin_shelf as care
from isocourse.care.permissions import may
from isocourse.care.recording import MovedOn
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import of_one_record, standing_of
from isocourse.doors.web.refused import not_written
from isocourse.doors.web.skincare.shown import LOOKS, choices, market_of, shown
from isocourse.doors.web.typed import whole
from isocourse.engine.knowledge import open_shelf
from isocourse.errors import InputError
from isocourse.skincare.person import person_of
from isocourse.skincare.read_routine import read_knowledge
from isocourse.skincare.routine_shape import Knowledge
from isocourse.skincare.shelf import check_shelf
from isocourse.words.ingredient_check import KIND_WORDS, VERDICT_WORDS
from isocourse.words.ingredient_shelf import person_says


@lru_cache(maxsize=1)
def _knowledge() -> Knowledge:
    return read_knowledge(open_shelf())


@require_safe
@of_one_record
def shelf(request: PatientRequest) -> HttpResponse:
    """Every product with its verdict for this person."""
    return _page(request)


@require_POST
@of_one_record
def put(request: PatientRequest) -> HttpResponse:
    """A product is put on the shelf."""
    typed = {name: request.POST.get(name, "") for name in ("name", "kind", "text")}
    try:
        care.put_on_shelf(
            by=request.user,
            patient=request.patient,
            **typed,
            now=timezone.now(),
            seen_seq=whole(request.POST.get("seen_seq", "")),
        )
    except (MovedOn, InputError) as error:
        return _refused(request, error, typed)
    messages.success(request, _("The product is on the shelf."))
    return redirect("skin_shelf", patient=request.patient.key)


@require_POST
@of_one_record
def away(request: PatientRequest) -> HttpResponse:
    """A product is put away."""
    try:
        care.put_away(
            by=request.user,
            patient=request.patient,
            name=request.POST.get("name", ""),
            now=timezone.now(),
            seen_seq=whole(request.POST.get("seen_seq", "")),
        )
    except (MovedOn, InputError) as error:
        return _refused(request, error)
    messages.success(request, _("The product is put away."))
    return redirect("skin_shelf", patient=request.patient.key)


def _refused(
    request: PatientRequest, error: MovedOn | InputError, typed: Mapping[str, str] | None = None
) -> HttpResponse:
    says, status = not_written(error)
    return _page(request, typed=typed, error=says, status=status)


def _page(
    request: PatientRequest, *, typed: Mapping[str, str] | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    patient = request.patient
    standing = standing_of(patient)
    person = person_of(standing.edition, standing.evaluation, _knowledge())
    found = check_shelf(care.on_shelf(standing.record.events), person.facts, market=market_of(patient.clinic.programme))
    patient.refresh_from_db(fields=["last_seq"])
    context: dict[str, Any] = {
        "patient": patient,
        "tab": "skin_care",
        "products": [
            {
                "one": each,
                "look": LOOKS[each.verdict],
                "verdict": VERDICT_WORDS[each.verdict],
                "kind": KIND_WORDS[each.product.kind],
                "answer": shown(each.checked),
            }
            for each in found.products
        ],
        "missing": [KIND_WORDS[kind] for kind in found.missing],
        "adding_up": found.adding_up,
        "person": person_says(person.facts),
        "may_write": may(request.user, "write", patient, now=timezone.now()),
        "typed": typed or {},
        "error": error,
        **choices(),
    }
    return render(request, "skincare/shelf.html", context, status=status)
