"""What is set, at a glance; what changes at once; and the history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from isocourse.care import clinic_settings as care
from isocourse.care.deciding import outdated, today_in
from isocourse.care.editions import edition_for, library
from isocourse.care.people import TEAM, has_second_factor
from isocourse.care.settable import SCHEDULES, policy_rules, settables, shipped, waiting_versions
from isocourse.doors.web.clinic_settings.shown import proposal_words, version_words
from isocourse.doors.web.settings import LANGUAGES
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.plan.course import products_of
from isocourse.store.models import Clinic, ClinicSettingsVersion, Patient, SettingsProposal, User


def clinic_settings(request: Any) -> HttpResponse:
    """Everything on one page: what waits for a signature first."""
    clinic: Clinic = request.user.clinic
    today = today_in(clinic, timezone.now())
    values = list(settables(clinic, today))
    edition = edition_for(clinic)
    waiting = clinic.proposals.filter(state=SettingsProposal.State.WAITING).select_related("by")
    return render(
        request,
        "clinic_settings/clinic_settings.html",
        {
            "page": "settings",
            "programme": edition.programme,
            "fixed": Patient.objects.filter(clinic=clinic).exists(),
            "versions": [(each, clinic.adopted.get(each.id)) for each in waiting_versions(clinic)],
            "in_force": edition.versions_in_force(today.toordinal()),
            "edition": edition.name,
            "schedules": [each for each in values if each.name in SCHEDULES],
            "own": [each for each in values if each.own is not None and each.name not in SCHEDULES],
            "settable_count": len(values),
            "off": [each for each in policy_rules(clinic) if each.off is not None],
            "products": [each for each in products_of(edition) if each.id in clinic.products],
            "roles": [label for role, label in User.Role.choices if role in clinic.second_factor_roles],
            "waiting": [proposal_words(each) for each in waiting],
            "language": dict(LANGUAGES).get(clinic.language, clinic.language),
            "departed": edition.departures_on(today.toordinal()),
            **_progress(clinic),
        },
    )


def progress(request: Any) -> HttpResponse:
    """How far deciding anew has come, as a part of the page."""
    return render(request, "clinic_settings/progress.html", _progress(request.user.clinic))


def _progress(clinic: Clinic) -> dict[str, int]:
    left = outdated(clinic).count()
    total = Patient.objects.filter(clinic=clinic, merged_into=None).count() if left else 0
    return {"left": left, "total": total, "done": total - left}


# --- what changes at once ---------------------------------------------------------------------------
PARTS = ("letters", "units", "products", "sign-in", "programme")


def house(request: Any, part: str) -> HttpResponse:
    """One part of what changes at once."""
    if part not in PARTS:
        raise Http404
    clinic: Clinic = request.user.clinic
    error = ""
    if request.method == "POST":
        try:
            if _change(request, part):
                messages.success(request, _("Saved."))
            return redirect("clinic_settings")
        except InputError as wrong:
            error = known(wrong)
    return render(
        request,
        f"clinic_settings/{part.replace('-', '_')}.html",
        {
            "page": "settings",
            "error": error,
            "typed": request.POST or {name: getattr(clinic, name) for name in care.OF_THE_HOUSE},
            "languages": LANGUAGES,
            "lab_units": Clinic.LabUnits.choices,
            "weight_units": Clinic.WeightUnits.choices,
            "products": [(each, each.id in clinic.products) for each in products_of(shipped(clinic))],
            "roles": [(role, label, role in clinic.second_factor_roles) for role, label in User.Role.choices[:3]],
            "have_one": has_second_factor(request.user),
            "programmes": library().programmes.values(),
            "fixed": Patient.objects.filter(clinic=clinic).exists(),
        },
    )


def _change(request: Any, part: str) -> bool:
    now, sent = timezone.now(), request.POST
    if part == "programme":
        care.choose_programme(by=request.user, now=now, programme=sent.get("programme", ""))
        return True
    return bool(care.change_house(by=request.user, now=now, fields=_fields(request.user.clinic, part, sent)))


def _fields(clinic: Clinic, part: str, sent: Any) -> dict[str, Any]:
    match part:
        case "letters":
            texts = {"name": 200, "letterhead": 1000, "phone": 40}
            fields = {name: sent.get(name, "").replace("\r\n", "\n").strip() for name in texts}
            for name, most in texts.items():
                if len(fields[name]) > most:
                    raise InputError("this is too long", where=name, allowed=f"{most} characters")
            if not fields["name"]:
                raise InputError("the clinic's name is missing", where="name")
            return fields
        case "units":
            allowed: dict[str, dict[str, Any]] = {
                "language": dict(LANGUAGES),
                "lab_units": dict(Clinic.LabUnits.choices),
                "weight_units": dict(Clinic.WeightUnits.choices),
            }
            for name, choices in allowed.items():
                if sent.get(name) not in choices:
                    raise InputError("choose one of the list", where=name)
            return {name: sent[name] for name in allowed}
        case "products":
            sold = [each.id for each in products_of(shipped(clinic))]
            return {"products": [each for each in sold if each in sent.getlist("products")]}
        case _:
            return {"second_factor_roles": [role for role in TEAM if role in sent.getlist("roles")]}


@require_POST
def letter_preview(request: Any) -> HttpResponse:
    """How the head of a letter would look with what is typed."""
    return render(request, "clinic_settings/letter_head.html", {"typed": request.POST})


# --- history ----------------------------------------------------------------------------------------
def history(request: Any) -> HttpResponse:
    """Every state of the settings, newest first."""
    rows = request.user.clinic.settings_versions.select_related("by", "signed_by")
    closed = (
        request.user.clinic.proposals.filter(state=SettingsProposal.State.WITHDRAWN)
        .select_related("by", "closed_by")
        .order_by("-closed_at")[:50]
    )
    context = {"page": "settings", "versions": rows, "withdrawn": [proposal_words(each) for each in closed]}
    return render(request, "clinic_settings/history.html", context)


def version(request: HttpRequest, number: int) -> HttpResponse:
    """One state of the settings, beside the one before."""
    rows = ClinicSettingsVersion.objects.select_related("by", "signed_by")
    row = get_object_or_404(rows, clinic=request.user.clinic, number=number)  # type: ignore[union-attr]
    before = rows.filter(clinic=row.clinic, number=number - 1).first()
    context = {"page": "settings", "state": row, "rows": version_words(row, before)}
    return render(request, "clinic_settings/version.html", context)
