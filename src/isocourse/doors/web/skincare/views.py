"""Ingredients of a product, and two products side by side. No patient, nothing kept, nothing logged."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from isocourse.doors.web.skincare.shown import choices, market_of, row, shown
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.skincare.compare import compare
from isocourse.skincare.judge import Checked, check
from isocourse.skincare.table import KINDS
from isocourse.words.ingredient_compare import NO_RECOMMENDATION, compared_says

MOST_ANSWERS = 200


def check_list(request: HttpRequest) -> HttpResponse:
    """Paste a list; the answer comes beside it, as one types where there is JavaScript."""
    typed = {
        "text": request.POST.get("text", ""),
        "kind": request.POST.get("kind", ""),
        "market": request.POST.get("market", _own_market(request)),
    }
    context: dict[str, Any] = {"typed": typed, "page": "skincare", **choices()}
    if typed["text"].strip():
        try:
            answers = _answers(request)
            context |= shown(_checked(typed, answers=answers)) | {"answered": list(answers.items())}
        except InputError as error:
            context["error"] = known(error)
    if request.headers.get("HX-Request"):
        return render(request, "skincare/answer.html", context)
    return render(request, "skincare/check.html", context, status=422 if "error" in context else 200)


def compare_lists(request: HttpRequest) -> HttpResponse:
    """Two lists side by side."""
    names = ("first", "second")
    typed = {name: request.POST.get(name, "") for name in names} | {
        "kind": request.POST.get("kind", ""),
        "market": request.POST.get("market", _own_market(request)),
    }
    context: dict[str, Any] = {"typed": typed, "page": "skincare", **choices()}
    if all(typed[name].strip() for name in names):
        try:
            found = compare(*(_checked({**typed, "text": typed[name]}) for name in names))
        except InputError as error:
            return render(request, "skincare/compare.html", {**context, "error": known(error)}, status=422)
        titles = (_("The first product"), _("The second product"))
        context |= {
            "compared": compared_says(found, titles),
            "sides": [
                (titles[0], shown(found.first), [row(one) for one in found.only_first], found.better == "first"),
                (titles[1], shown(found.second), [row(one) for one in found.only_second], found.better == "second"),
            ],
            "shared": [row(one) for one in found.shared],
            "no_recommendation": NO_RECOMMENDATION,
        }
    elif request.method == "POST":
        context["error"] = _("Paste the lists of both products.")
    return render(request, "skincare/compare.html", context)


def _checked(typed: dict[str, str], answers: dict[str, str] | None = None) -> Checked:
    kind = typed["kind"] if typed["kind"] in KINDS else ""
    market = typed["market"] if typed["market"] in ("us", "eu", "uk") else ""
    return check(typed["text"], kind=kind, market=market, answers=answers)


def _answers(request: HttpRequest) -> dict[str, str]:
    """What was answered to the questions of the page: what stood there, and the name chosen ("" for none of them)."""
    found = {}
    for place, raw in enumerate(request.POST.getlist("raw")[:MOST_ANSWERS]):
        meant = request.POST.get(f"meant-{place}")
        if meant is not None:
            found[raw] = meant
    return found


def _own_market(request: HttpRequest) -> str:
    clinic = getattr(request.user, "clinic", None)
    return market_of(clinic.programme) if clinic is not None else ""
