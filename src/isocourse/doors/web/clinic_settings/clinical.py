"""What decides about patients: looked at by the team, proposed by an administrator, signed by a prescriber."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from isocourse.care import clinic_settings as care
from isocourse.care.deciding import today_in
from isocourse.care.editions import library
from isocourse.care.permissions import acts_of
from isocourse.care.settable import PolicyRule, Settable, content_of, policy_rule, policy_rules, settable, settables
from isocourse.care.settable import waiting_versions as waiting_of
from isocourse.doors.web.clinic_settings.shown import STRENGTHS, STRICTER, UNITS, proposal_words, shown, words_of
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError, IsocourseError
from isocourse.store.models import Clinic, SettingsProposal


def limits(request: Any) -> HttpResponse:
    """Every value that can be set, by topic."""
    clinic = request.user.clinic
    topics: dict[str, list[dict[str, Any]]] = {}
    for value in settables(clinic, today_in(clinic, timezone.now())):
        topics.setdefault(value.topic, []).append(_row(value))
    found = [(library().topics[topic].title, rows) for topic, rows in topics.items()]
    return render(request, "clinic_settings/limits.html", {"page": "settings", "topics": found})


def _row(value: Settable) -> dict[str, Any]:
    return {
        "value": value,
        "shipped": shown(value.shipped, value.kind),
        "own": shown(value.own, value.kind) if value.own is not None else "",
        "strength": STRENGTHS[value.step.strength],
        "stricter": STRICTER[value.stricter],
        "unit": UNITS.get(value.kind, ""),
    }


def rules(request: Any) -> HttpResponse:
    """Every rule of clinic policy that can be switched off, by topic."""
    topics: dict[str, list[PolicyRule]] = {}
    for each in policy_rules(request.user.clinic):
        topics.setdefault(each.rule.topic, []).append(each)
    found = [(library().topics[topic].title, rows) for topic, rows in topics.items()]
    return render(request, "clinic_settings/rules.html", {"page": "settings", "topics": found})


# --- proposing --------------------------------------------------------------------------------------
def change(request: Any, kind: str, target: str) -> HttpResponse:
    """What one setting means; and for who may, the form that proposes another."""
    clinic: Clinic = request.user.clinic
    today = today_in(clinic, timezone.now())
    about = _about(clinic, kind, target, today)
    error, wrong_field = "", ""
    if request.method == "POST":
        try:
            asked = care.Change(kind, target, _content(about, request.POST), *_when_and_why(request.POST, today))
            row = care.propose(by=request.user, now=timezone.now(), change=asked)
            messages.success(request, _("Proposed. It is in force when a prescriber of the clinic has signed it."))
            return redirect("settings_proposal", key=row.key)
        except IsocourseError as found:
            error, wrong_field = known(found), found.where
    typed = request.POST or {"from_day": today.isoformat()}
    waiting = clinic.proposals.filter(kind=kind, target=target, state=SettingsProposal.State.WAITING).first()
    context = {
        "page": "settings",
        "kind": kind,
        "target": target,
        "typed": typed,
        "error": error,
        "wrong_field": wrong_field,
        "waiting": waiting,
        "today": today.isoformat(),
        **about,
    }
    if request.POST:
        context["ticked"] = request.POST.getlist("content")
    return render(request, f"clinic_settings/change_{kind}.html", context)


def _about(clinic: Clinic, kind: str, target: str, today: date) -> dict[str, Any]:
    if kind == "value" and (value := settable(clinic, target, today)) is not None:
        content = value.shipped if value.own is None else value.own
        sources = [library().sources[name] for name in value.step.sources]
        choices = [(code, words_of(code)) for code in value.choices]
        ticked = list(content) if isinstance(content, tuple) else [str(content)]
        return {
            **_row(value),
            "now": shown(content, value.kind),
            "sources": sources,
            "choices": choices,
            "ticked": ticked,
        }
    if kind == "rule" and (rule := policy_rule(clinic, target)) is not None:
        return {"each": rule, "sources": [library().sources[name] for name in rule.rule.sources]}
    if kind == "adoption":
        version = next((each for each in waiting_of(clinic) if each.id == target), None)
        if version is not None:
            scheduled = date.fromordinal(version.from_day)
            return {"adoptable": version, "scheduled": scheduled, "adopted": clinic.adopted.get(target)}
    if kind == "second_signature" and target == "second_signature":
        return {"wanted": clinic.second_signature}
    raise Http404


def _content(about: dict[str, Any], sent: Any) -> Any:
    """What is proposed; None for what the programme says."""
    if "back" in sent:
        return None
    if "value" in about:
        return content_of(about["value"], sent.getlist("content"))
    if "adoptable" in about:
        return _day(sent.get("content", ""), "content").isoformat()
    return not about["wanted"] if "wanted" in about else "off"


def _when_and_why(sent: Any, today: date) -> tuple[date, str]:
    text = sent.get("from_day", "")
    return (_day(text, "from_day") if text else today), sent.get("reason", "").strip()[:2000]


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("this is no day", where=where, mend="choose a day") from None


# --- signing ----------------------------------------------------------------------------------------
def proposal(request: Any, key: str) -> HttpResponse:
    """A proposal: what it changes; to be signed with one's password, or taken back."""
    rows = SettingsProposal.objects.select_related("by", "closed_by", "clinic")
    row = get_object_or_404(rows, key=key, clinic=request.user.clinic)
    error = ""
    if request.method == "POST":
        try:
            return _settle(request, row)
        except IsocourseError as wrong:
            error = known(wrong)
    context = {
        "page": "settings",
        "proposed": proposal_words(row),
        "row": row,
        "error": error,
        "waiting": row.state == SettingsProposal.State.WAITING,
        "can_sign": "sign_settings" in acts_of(request.user),
        "can_withdraw": bool({"sign_settings", "change_settings"} & acts_of(request.user)),
        "now_says": _says_now(row),
    }
    return render(request, "clinic_settings/proposal.html", context)


def _settle(request: Any, row: SettingsProposal) -> HttpResponse:
    if request.POST.get("act") == "withdraw":
        care.withdraw_proposal(by=request.user, now=timezone.now(), proposal=row)
        messages.success(request, _("Withdrawn. Nothing changes."))
        return redirect("clinic_settings")
    # Signing asks for the password each time, whoever signed in at this desk. Wrong ones count towards the lock.
    signed = authenticate(request, username=request.user.username, password=request.POST.get("password", ""))
    if signed is None or signed.pk != request.user.pk:
        raise InputError("the password is wrong", where="password", mend="type it again; nothing was signed")
    care.sign_proposal(by=request.user, now=timezone.now(), proposal=row)
    messages.success(request, _("Signed and in force. Everybody is decided about anew."))
    return redirect("clinic_settings")


def _says_now(row: SettingsProposal) -> str:
    clinic = row.clinic
    match row.kind:
        case "value":
            value = settable(clinic, row.target, today_in(clinic, timezone.now()))
            return shown(value.shipped if value.own is None else value.own, value.kind) if value else ""
        case "rule":
            rule = policy_rule(clinic, row.target)
            return _("switched off") if rule is not None and rule.off is not None else _("in force")
        case "adoption":
            return clinic.adopted.get(row.target, _("not adopted"))
    return _("wanted") if clinic.second_signature else _("not wanted")
