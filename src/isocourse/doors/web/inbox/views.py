"""The results inbox: what waits, one report, one person's results beside the patient, filing and undoing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from isocourse.care import audit
from isocourse.care import inbox as care
from isocourse.care.matching import compare, needs_words
from isocourse.care.patients import find as find_patients
from isocourse.doors.web.inbox import shown
from isocourse.doors.web.trouble import known
from isocourse.doors.web.typed import whole
from isocourse.errors import InputError
from isocourse.exchange.report_source import LARGEST_BYTES
from isocourse.store.models import InboxReport, InboxResult, Patient, User

MOST_FILES = 20


class TeamRequest(HttpRequest):
    """A request of somebody who may see the inbox."""

    user: User  # type: ignore[assignment]


# --- the list, and what comes in ------------------------------------------------------------------
@require_safe
def inbox(request: TeamRequest) -> HttpResponse:
    """What waits, what is kept aside, what was filed today."""
    return _list(request)


def _list(request: TeamRequest, *, error: str = "", pasted: str = "", status: int = 200) -> HttpResponse:
    clinic, now = request.user.clinic, timezone.now()
    assert clinic is not None
    asked = request.GET.get("show", "waiting")
    show = asked if asked in shown.SHOWS else "waiting"
    context = {
        "page": "inbox",
        "show": show,
        "counts": shown.counts(clinic, now),
        "items": shown.items(shown.of(clinic, show, now), show),
        "most": shown.MOST_SHOWN,
        "error": error,
        "pasted": pasted,
    }
    return render(request, "inbox/inbox.html", context, status=status)


@require_POST
def receive(request: TeamRequest) -> HttpResponse:
    """Reports were pasted or uploaded."""
    pasted = request.POST.get("pasted", "")
    files = request.FILES.getlist("files")
    if len(files) > MOST_FILES:
        return _list(request, error=_("Choose at most {0} files at once.").format(MOST_FILES), status=422)
    came: list[care.Received] = []
    errors: list[str] = []
    for raw in _raws(pasted, files):
        try:
            came.append(care.receive(by=request.user, raw=raw, now=timezone.now()))
        except InputError as error:
            errors.append(known(error))
    for received in came:
        _say_received(request, received)
    if errors:
        return _list(request, error=" ".join(dict.fromkeys(errors)), pasted=pasted, status=422)
    if len(came) != 1:
        return redirect("inbox")
    results = list(came[0].report.results.all()[:2])
    if len(results) == 1:
        return redirect("inbox_result", result=results[0].key)
    return redirect("inbox_report", report=came[0].report.key)


def _raws(pasted: str, files: Iterable[UploadedFile]) -> Iterable[bytes]:
    """The bytes of each report. Of a file that is too large only as much as shows that it is."""
    files = list(files)
    if pasted.strip() or not files:
        yield pasted.encode("utf-8", "replace")
    for file in files:
        yield file.read(LARGEST_BYTES + 1)


def _say_received(request: TeamRequest, received: care.Received) -> None:
    report = received.report
    if not received.again:
        return
    when = date_format(timezone.localtime(report.came_at), "DATETIME_FORMAT")
    who = report.by.shown_name if report.by is not None else _("isocourse")
    text = _("This report came before, on {0}, by {1}. It was not kept a second time.").format(when, who)
    messages.warning(request, text)


@require_safe
def report(request: TeamRequest, report: str) -> HttpResponse:
    """One report: whom it names, what was read of it, what was not."""
    found = InboxReport.objects.select_related("by").filter(clinic=request.user.clinic, key=report).first()
    if found is None:
        raise Http404
    results = found.results.select_related("suggested", "patient", "by").order_by("pk")
    context = {
        "page": "inbox",
        "report": found,
        "items": [(shown.item_of(one), shown.lines_of(one, None)) for one in results],
        "unread": found.not_read,
    }
    return render(request, "inbox/report.html", context)


# --- one person's results -------------------------------------------------------------------------
def _result_of(request: TeamRequest, key: str) -> InboxResult:
    """Raises Http404 for a result that is not of one's own clinic."""
    rows = InboxResult.objects.select_related("report", "report__by", "clinic", "suggested", "patient", "by")
    found = rows.filter(clinic=request.user.clinic, key=key).first()
    if found is None:
        raise Http404
    return found


def _patient_of(request: TeamRequest, key: str) -> Patient | None:
    return Patient.objects.filter(clinic=request.user.clinic, merged_into=None, key=key).first() if key else None


@require_safe
def result(request: TeamRequest, result: str) -> HttpResponse:
    """One person's results in a report, beside the patient they may belong to."""
    held = _result_of(request, result)
    if held.state == "filed":
        return _filed(request, held)
    asked = request.GET.get("patient", "")
    return _compared(request, held, _patient_of(request, asked) if asked else held.suggested)


def _compared(
    request: TeamRequest, held: InboxResult, patient: Patient | None, status: int = 200, **more: Any
) -> HttpResponse:
    if patient is not None:
        audit.looked(by=request.user, patient=patient, page="inbox_result", now=timezone.now())
    named = care.named_in(held)
    compared = compare(named, patient) if patient is not None else ()
    lines = shown.lines_of(held, patient)
    context = {
        "page": "inbox",
        "result": held,
        "named": named,
        "candidate": patient,
        "compared": compared,
        "words_needed": patient is not None and needs_words(compared),
        "differs": any(one.same is False for one in compared),
        "lines": lines,
        "nothing_new": patient is not None and bool(lines) and all(line.repeated for line in lines),
        "unread": held.not_read,
        "of_report": held.report.not_read,
        **more,
    }
    return render(request, "inbox/result.html", context, status=status)


def _filed(request: TeamRequest, held: InboxResult) -> HttpResponse:
    now = timezone.now()
    assert held.patient is not None
    patient = held.patient.merged_into or held.patient
    audit.looked(by=request.user, patient=patient, page="inbox_result", now=now)
    waiting = shown.items(shown.of(held.clinic, "waiting", now), "waiting")
    context = {
        "page": "inbox",
        "result": held,
        "named": care.named_in(held),
        "candidate": patient,
        "outcome": shown.outcome_of(held, patient, now),
        "lines": shown.lines_of(held, None),
        "unread": held.not_read,
        "of_report": held.report.not_read,
        "next": waiting[0].result if waiting else None,
    }
    return render(request, "inbox/filed.html", context)


@require_POST
def find(request: TeamRequest, result: str) -> HttpResponse:
    """Patients by name, number or birth date. The words are sent in the body, never in an address."""
    held = _result_of(request, result)
    words = request.POST.get("words", "")[:100]
    assert request.user.clinic is not None
    patients = list(find_patients(request.user.clinic, words, most=10)) if words.strip() else []
    context: dict[str, Any] = {"result": held, "patients": patients, "searched": bool(words.strip()), "sought": words}
    if getattr(request, "htmx", False):
        return render(request, "inbox/found.html", context)
    return _compared(request, held, None, **context)


# --- acts -----------------------------------------------------------------------------------------
def _places(values: Iterable[str]) -> list[int]:
    return [whole(value) for value in values if whole(value) >= 0]


@require_POST
def file(request: TeamRequest, result: str) -> HttpResponse:
    """A person confirmed whose results these are."""
    held = _result_of(request, result)
    patient = _patient_of(request, request.POST.get("patient", ""))
    if patient is None:
        raise Http404
    words = request.POST.get("words", "")
    rows, insist = _places(request.POST.getlist("row")), _places(request.POST.getlist("insist"))
    try:
        filed = care.file_results(
            by=request.user, result=held, patient=patient, now=timezone.now(), rows=rows, insist=insist, words=words
        )
    except care.AlreadyFiled as first:
        return _told(request, first)
    except InputError as error:
        typed = {"error": known(error), "where": error.where, "words": words, "kept": {*rows, *insist}}
        return _compared(request, held, patient, status=422, **typed)
    if filed.repeated:
        text = ngettext(
            "{0} result was in the record already and was not written again.",
            "{0} results were in the record already and were not written again.",
            len(filed.repeated),
        )
        messages.info(request, text.format(len(filed.repeated)))
    return redirect("inbox_result", result=held.key)


def _told(request: TeamRequest, first: care.AlreadyFiled) -> HttpResponse:
    """Somebody else was first."""
    who = first.result.by.shown_name if first.result.by is not None else ""
    text = _("{0} filed these results before you did. Nothing of yours was written; this is how they stand.")
    messages.warning(request, text.format(who))
    return redirect("inbox_result", result=first.result.key)


@require_POST
def aside(request: TeamRequest, result: str) -> HttpResponse:
    """Keep them aside, with a remark."""
    held, remark = _result_of(request, result), request.POST.get("remark", "")
    try:
        care.put_aside(by=request.user, result=held, now=timezone.now(), remark=remark)
    except care.AlreadyFiled as first:
        return _told(request, first)
    except InputError as error:
        typed = {"error": known(error), "where": error.where, "remark": remark}
        return _compared(request, held, held.suggested, status=422, **typed)
    messages.success(request, _("Kept aside. It stays in the list “Kept aside” until somebody takes it up."))
    return redirect("inbox")


@require_POST
def take_up(request: TeamRequest, result: str) -> HttpResponse:
    """Take up what was kept aside."""
    held = _result_of(request, result)
    try:
        care.take_up(by=request.user, result=held, now=timezone.now())
    except care.AlreadyFiled as first:
        return _told(request, first)
    return redirect("inbox_result", result=held.key)


@require_POST
def undo(request: TeamRequest, result: str) -> HttpResponse:
    """A wrong match is taken back."""
    held, reason = _result_of(request, result), request.POST.get("reason", "")
    try:
        undone = care.undo(by=request.user, result=held, now=timezone.now(), reason=reason)
    except InputError as error:
        messages.error(request, known(error))
        return redirect("inbox_result", result=held.key)
    text = ngettext(
        "{0} result was withdrawn from the record. The report waits for a new match.",
        "{0} results were withdrawn from the record. The report waits for a new match.",
        undone.withdrawn,
    )
    messages.success(request, text.format(undone.withdrawn))
    if undone.left:
        messages.warning(
            request,
            _("A later correction of one of them still stands in that record: look at it, and withdraw it too."),
        )
    return redirect("inbox_result", result=held.key)
