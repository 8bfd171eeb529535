"""Writing down what was supplied, from wherever it came, and settling what that raised."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from isocourse.care import supplies as care
from isocourse.care.deciding import today_in
from isocourse.care.recording import MovedOn
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.prescription.told import tell, wrong_of
from isocourse.doors.web.typed import whole
from isocourse.errors import InputError
from isocourse.record.corrections import visible
from isocourse.record.events import Dispensing, Prescription
from isocourse.store.models import SupplyAlert
from isocourse.store.models.record import of_person
from isocourse.store.reading import record_of
from isocourse.words.dose import counted, mg_text, spoken_day

NAMES = ("happened_on", "days", "prescription", "product", "daily_dose_mg", "source", "note")
SHOWN = 4  # prescriptions to choose from, the newest


def supply(request: PatientRequest) -> HttpResponse:
    """Capsules were handed over: when, how many days, of which prescription, from where."""
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in NAMES}
        try:
            return _record(request, typed)
        except InputError as error:
            return _page(request, typed, wrong_of(error), status=422)
        except MovedOn as moved:
            request.patient.refresh_from_db()
            return _page(request, typed, {}, status=409, since=moved.since)
    today = today_in(request.patient.clinic, timezone.now()).isoformat()
    written = _prescriptions(request)
    supplied = _supplied(request)
    latest = written[0] if written else None
    typed = {"happened_on": today, "source": "pharmacy", "days": "", "prescription": ""}
    if latest is not None and latest.id not in supplied:
        typed |= {"prescription": latest.id, "days": str(latest.days)}
    return _page(request, typed, {})


def _record(request: PatientRequest, typed: dict[str, str]) -> HttpResponse:
    days = whole(typed["days"])
    if not 1 <= days <= 366:
        raise InputError("for how many days is not said", where="days", allowed="1 to 366 days")
    if not typed["happened_on"]:
        raise InputError("the day is not said", where="happened_on", mend="ask the pharmacy or the patient")
    fields: dict[str, Any] = {"happened_on": typed["happened_on"], "days": days, "note": typed["note"]}
    fields |= {name: typed[name] for name in ("prescription", "product", "daily_dose_mg") if typed[name]}
    made = care.record_supply(
        by=request.user,
        patient=request.patient,
        fields=fields,
        source=typed["source"],
        now=timezone.now(),
        seen_seq=whole(request.POST.get("seen_seq", "")),
    )
    if made.alert is None:
        messages.success(request, _("The supply is written down."))
    else:
        messages.warning(
            request, _("The supply is written down. A prescriber is told, for it has to be looked at now.")
        )
    return redirect("prescriptions", patient=request.patient.key)


def _prescriptions(request: PatientRequest) -> list[Prescription]:
    """The prescriptions on record, the newest first."""
    found = [event for event in visible(record_of(request.patient).events) if isinstance(event, Prescription)]
    return sorted(found, key=lambda event: event.happened_on.last, reverse=True)[:SHOWN]


def _supplied(request: PatientRequest) -> set[str]:
    """The prescriptions of which something was supplied."""
    events = visible(record_of(request.patient).events)
    return {event.prescription for event in events if isinstance(event, Dispensing) and event.prescription}


def _page(request: PatientRequest, typed: dict[str, str], wrong: dict[str, str], **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    supplied = _supplied(request)
    known = [
        (each.id, f"{spoken_day(each.happened_on.last)}: {_dose(each)}{counted(each.days, 'day')}", each.id in supplied)
        for each in _prescriptions(request)
    ]
    context = {
        "patient": request.patient,
        "tab": "prescriptions",
        "typed": typed,
        "wrong": wrong,
        "known": known,
        "sources": care.SOURCES.items(),
        "today": today_in(request.patient.clinic, timezone.now()),
        **more,
    }
    return render(request, "prescription/supply.html", context, status=status)


def _dose(written: Prescription) -> str:
    return f"{mg_text(written.daily_dose_mg)} mg a day, " if written.daily_dose_mg is not None else ""


@require_POST
def settle(request: PatientRequest, alert: str) -> HttpResponse:
    """A prescriber says what was done about a supply."""
    row = SupplyAlert.objects.filter(of_person(request.patient), key=alert).select_related("patient").first()
    if row is None:
        raise Http404
    try:
        care.settle(by=request.user, alert=row, how=request.POST.get("how", ""), now=timezone.now())
        messages.success(request, _("Settled, and kept with the record."))
    except InputError as error:
        tell(request, error)
    return redirect("prescriptions", patient=request.patient.key)
