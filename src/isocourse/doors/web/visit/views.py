"""The visit: the page, what an answer would change, drafts, saving, and the sheet at the end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from isocourse.care import visits
from isocourse.care.deciding import current
from isocourse.care.permissions import acts_of
from isocourse.care.recording import MovedOn
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.trouble import known
from isocourse.doors.web.typed import whole
from isocourse.doors.web.visit.shown import SectionView, Shown
from isocourse.errors import InputError
from isocourse.record.record import event_from
from isocourse.store.keys import KEY_LENGTH, KEY_LETTERS
from isocourse.store.models import Patient, SentForm, StoredEvent, User
from isocourse.words.plan import plan
from isocourse.words.questionnaires import LEAD
from isocourse.words.visit_read import Problem
from isocourse.words.visit_since import changed, for_the_patient, line_of, since_last_visit


@require_http_methods(["GET", "POST"])
def visit(request: PatientRequest) -> HttpResponse:
    """The page, or the whole visit sent to be saved."""
    if request.method == "POST":
        return _save(request)
    begun = visits.begin(by=request.user, patient=request.patient)
    return render(request, "visit/visit.html", _page(request, begun))


def _page(request: PatientRequest, begun: visits.Begun) -> dict[str, Any]:
    """The page with what is asked. Everything else that can be recorded comes after it (`more`), or with it for a
    browser without scripts."""
    found = _previewed(request, begun)
    shown = _shown(request, begun, found)
    return {
        "patient": request.patient,
        "tab": "visit",
        "begun": begun,
        "lead": LEAD,
        "stamp": begun.kept_at.isoformat() if begun.kept_at is not None else "",
        "asked": shown.sections(more=False),
        "groups": _grouped(shown.sections(more=True)) if "more" in request.GET else None,
        "since": since_last_visit(found.before.rows, found.before.decision.as_of),
        **_effect(found),
    }


@require_GET
def more(request: PatientRequest) -> HttpResponse:
    """Everything that can be recorded. The page takes what it does not have: what is asked, and what a draft holds, may
    have changed since it was made."""
    begun = visits.begin(by=request.user, patient=request.patient)
    shown = _shown(request, begun, _previewed(request, begun))
    return render(request, "visit/more.html", {"groups": _grouped(shown.every()), "lead": LEAD})


def _previewed(request: PatientRequest, begun: visits.Begun) -> visits.Previewed:
    return visits.preview(
        by=request.user, patient=request.patient, typed=begun.typed, token=begun.token, now=timezone.now()
    )


def _shown(request: PatientRequest, begun: visits.Begun, found: visits.Previewed) -> Shown:
    prescribers = User.objects.filter(clinic_id=request.patient.clinic_id, role="prescriber", is_active=True)
    saved = {event.id for event in found.before.record.events}
    return Shown(
        first=found.before,
        asking=found.asking,
        begun=begun,
        patient=request.patient,
        user=request.user,
        prescribers=[(user.code, user.shown_name) for user in prescribers],
        unsaved=[event for event in found.after.record.events if event.id not in saved],
    )


def _grouped(sections: list[SectionView]) -> list[tuple[str, list[SectionView]]]:
    groups: dict[str, list[SectionView]] = {}
    for section in sections:
        groups.setdefault(section.group, []).append(section)
    return list(groups.items())


def _effect(found: visits.Previewed) -> dict[str, Any]:
    """The decision as it would be, and what changes."""
    asked = [name for name in found.asking.sections if name != "visit"]
    answered = [name for name in asked if name in found.read.answered]
    return {
        "before": found.before.answer,
        "after": found.after.answer,
        "tone": _tone(found.after.answer.supply, found.after.answer.capsules_in_hand),
        "changed": changed(found.before.answer, found.after.answer),
        "differs": found.after.answer.headline != found.before.answer.headline,
        "asked_names": " ".join(asked),
        "answered_names": " ".join(sorted(found.read.answered)),
        "count": {"answered": len(answered), "asked": len(asked)},
        "problems": [
            {"field": problem.field, "says": _(problem.says), "doubt": problem.doubt} for problem in found.problems
        ],
        "prescription_needed": found.after.asking.prescription,
    }


def _tone(supply: str, capsules: str) -> str:
    if capsules == "stop_now":
        return "stop"
    return "proceed" if (supply, capsules) == ("proceed", "continue") else "withhold"


# --- while it is typed ----------------------------------------------------------------------------
@require_POST
def preview(request: PatientRequest) -> HttpResponse:
    """What saving would change. Nothing is written."""
    begun = _sent(request)
    found = _previewed(request, begun)
    context = {"patient": request.patient, **_effect(found), "naming": _shown(request, begun, found).naming()}
    return render(request, "visit/preview.html", context)


@require_POST
def draft(request: PatientRequest) -> HttpResponse:
    """Keep what was typed."""
    begun = _sent(request)
    now = timezone.now()
    try:
        kept = visits.keep(
            by=request.user, patient=request.patient, typed=begun.typed, token=begun.token,
            seen_seq=begun.seen_seq, now=now,
        )  # fmt: skip
    except InputError as error:
        return JsonResponse({"says": known(error)}, status=422)
    stamp = kept.updated_at.isoformat() if kept is not None else ""
    return JsonResponse({"stamp": stamp, "at": timezone.localtime(now).strftime("%H:%M")})


@require_POST
def discard(request: PatientRequest) -> HttpResponse:
    """Throw the draft away and begin anew."""
    visits.discard(by=request.user, patient=request.patient, now=timezone.now())
    return redirect("visit", patient=request.patient.key)


def _sent(request: PatientRequest) -> visits.Begun:
    """The form as it was sent. A token that is none becomes a 404: it was not made here."""
    token, seen = request.POST.get("token", ""), whole(request.POST.get("seen_seq", ""))
    if len(token) != KEY_LENGTH or not set(token) <= set(KEY_LETTERS) or seen < 0:
        raise Http404
    typed = {name: list(values) for name, values in request.POST.lists() if "." in name}
    return visits.Begun(token, typed, seen, None)


# --- saving ---------------------------------------------------------------------------------------
def _save(request: PatientRequest) -> HttpResponse:
    begun = _sent(request)
    try:
        sent = visits.save(
            by=request.user, patient=request.patient, typed=begun.typed, token=begun.token,
            seen_seq=begun.seen_seq, now=timezone.now(),
        )  # fmt: skip
    except visits.NotYet as wrong:
        return _unsaved(request, begun, problems=wrong.problems)
    except InputError as error:
        return _unsaved(request, begun, problems=[Problem("", known(error))])
    except MovedOn as moved:
        return _unsaved(request, begun, moved=moved)
    address = reverse("visit_sheet", kwargs={"patient": request.patient.key, "token": sent.token})
    if request.htmx:  # type: ignore[attr-defined]
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def _unsaved(
    request: PatientRequest,
    begun: visits.Begun,
    *,
    problems: Any = (),
    moved: MovedOn | None = None,
) -> HttpResponse:
    """Nothing was saved, nothing typed is lost: what stands in the way, beside the form."""
    patient = Patient.objects.get(pk=request.patient.pk)
    seen = patient.last_seq if moved is not None else begun.seen_seq
    trouble = {
        "wrong": [{"field": p.field, "says": _(p.says), "doubt": p.doubt} for p in problems],
        "written": _written(request, moved.since) if moved is not None else [],
        "seen_seq": seen,
        "patient": patient,
    }
    status = 409 if moved is not None else 422
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "visit/trouble.html", {**trouble, "live": True}, status=status)
    again = visits.Begun(begun.token, begun.typed, seen, None)
    return render(request, "visit/visit.html", {**_page(request, again), **trouble}, status=status)


def _written(request: PatientRequest, since: Sequence[StoredEvent]) -> list[dict[str, Any]]:
    """What others wrote in the meantime."""
    looked = visits.look(by=request.user, patient=request.patient, now=timezone.now())
    known = {event.id: event for event in looked.record.events}
    return [
        {**line_of(event_from(json.loads(event.body)), known)._asdict(), "by": event.by, "at": event.recorded_at}
        for event in since
    ]


# --- the sheet at the end -------------------------------------------------------------------------
@require_GET
def sheet(request: PatientRequest, token: str) -> HttpResponse:
    """What came of a visit, on one page."""
    sent = SentForm.objects.filter(token=token, patient=request.patient).select_related("decision", "user").first()
    if sent is None:
        raise Http404
    now = timezone.now()
    standing = current(request.patient, now=now)
    looked = visits.look(by=request.user, patient=request.patient, now=now)
    answer = sent.decision.answered
    events = {event.id: event for event in looked.record.events}
    written = [line_of(events[each], events) for each in sent.events if each in events]
    projected = plan(looked.edition, looked.record, sent.decision.as_of.toordinal())
    over = bool(looked.decision.fact("treatment_over"))
    context = {
        "patient": request.patient,
        "tab": "visit",
        "sent": sent,
        "answer": answer,
        "tone": _tone(answer["supply"], answer["capsules_in_hand"]),
        "holding": [f for f in answer["findings"] if f["effect"]["supply"] == "withhold"],
        "dates": _dates(answer),
        "told": for_the_patient(answer),
        # Nobody is told how to take capsules that are not to be taken.
        "advice": _advice(projected.advice) if answer["capsules_in_hand"] == "continue" and not over else (),
        "written": written,
        "later": standing if standing.pk != sent.decision_id else None,
        "later_stops": standing.capsules_in_hand == "stop_now",
        "prescribe": "prescribe" in acts_of(request.user) and request.patient.clinic_id == request.user.clinic_id,
    }
    return render(request, "visit/sheet.html", context)


_ABOUT = {
    "food": _noop("With food"),
    "swallowing": _noop("Swallowing"),
    "missed_dose": _noop("A missed dose"),
    "overdose": _noop("Too many capsules"),
}


def _advice(advice: Any) -> list[tuple[str, str]]:
    """What is said to everybody who takes the capsules, by what it is about."""
    found: dict[str, list[str]] = {}
    for each in advice:
        found.setdefault(each.about, []).append(each.says)
    return [(_ABOUT.get(about, about), " ".join(map(_, says))) for about, says in found.items()]


def _dates(answer: Any) -> list[dict[str, Any]]:
    """What comes next for the clinic, soonest first."""
    found = [
        {"on": _day(task["due"]) or _day(task["earliest"]), "what": task["what"], "who": task["who"]}
        for task in answer["tasks"]
        if task["who"] != "patient"
    ]
    if answer["window"] is not None:
        window = answer["window"]
        found.append(
            {"on": _day(window["opens"]), "until": _day(window["last_day"]), "what": window["what"], "who": ""}
        )
    return sorted(found, key=lambda line: line["on"] or date.max)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
