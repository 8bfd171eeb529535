"""Photographs: the gallery, adding, one photograph, its picture, deleting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from isocourse.care import photographs as care
from isocourse.care.photograph_deleting import delete as delete_for_good
from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import of_one_record
from isocourse.doors.web.photographs.shown import about, context_of, page
from isocourse.doors.web.trouble import known
from isocourse.doors.web.typed import day
from isocourse.errors import InputError
from isocourse.store import vault
from isocourse.store.models import Photograph

MOST_FILES = 12


@require_safe
@of_one_record
def gallery(request: PatientRequest) -> HttpResponse:
    """Every visit with its photographs."""
    return page(request)


@require_POST
@of_one_record
def add(request: PatientRequest) -> HttpResponse:
    """Photographs were chosen, or taken in the browser. Each is kept or refused by itself, with its name."""
    files = request.FILES.getlist("files")
    typed = {"view": request.POST.get("view", ""), "day": request.POST.get("day", "")}
    wrong: list[str] = []
    if not files:
        wrong = [_("No photograph was chosen.")]
    if len(files) > MOST_FILES:
        files, wrong = [], [_("Choose at most {0} photographs at once.").format(MOST_FILES)]
    kept = 0
    for file in files:
        try:
            care.take(
                by=request.user,
                patient=request.patient,
                data=file.read(care.LARGEST_BYTES + 1),
                view=typed["view"],
                day=day(typed["day"]),
                now=timezone.now(),
            )
            kept += 1
        except InputError as error:
            says = known(error, allowed=False)  # the form says what is allowed, once and not for each file
            wrong.append(f"{file.name}: {says}" if len(files) > 1 else says)
    said = ngettext("{0} photograph is kept.", "{0} photographs are kept.", kept).format(kept)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"kept": kept, "wrong": wrong}, status=422 if wrong else 200)
    if wrong:
        return page(request, add_errors=[said, *wrong] if kept else wrong, add_typed=typed, status=422)
    messages.success(request, said)
    return redirect("photographs", patient=request.patient.key)


@require_safe
@of_one_record
def progress(request: PatientRequest) -> HttpResponse:
    """The gallery's visits again, while something is being measured."""
    only_today = request.GET.get("only") == "today"
    return render(request, "photographs/visits.html", context_of(request, only_today=only_today))


def found_photograph(request: PatientRequest, key: str) -> Photograph:
    """A photograph of the patient of this page, deleted or not."""
    found = care.photograph_of(request.patient, key)
    if found is None:
        raise Http404
    return found


@require_safe
@of_one_record
def photograph(request: PatientRequest, photograph: str) -> HttpResponse:
    """One photograph with what was measured in it."""
    return render(request, "photographs/photograph.html", about(request, found_photograph(request, photograph)))


@require_safe
def picture(request: PatientRequest, photograph: str, part: str) -> HttpResponse:
    """The bytes of a picture, checked and logged like a page."""
    if part not in (vault.ORIGINAL, vault.SCREEN, vault.THUMB):
        raise Http404
    return _file(request, found_photograph(request, photograph), part)


@require_safe
def laid(request: PatientRequest, photograph: str, before: str, part: str) -> HttpResponse:
    """A picture that comparing made: the frame of the earlier one, or of the later one laid on it."""
    found, earlier = found_photograph(request, photograph), found_photograph(request, before)
    if part == care.FRAME and found == earlier:
        return _file(request, found, part)
    if part not in (care.ALIGNED, care.MELANIN, care.REDNESS):
        raise Http404
    return _file(request, found, care.laid_part(part, earlier.key))


def _file(request: PatientRequest, found: Photograph, part: str) -> HttpResponse:
    try:
        content = care.opened(by=request.user, photograph=found, part=part, now=timezone.now())
    except (InputError, FileNotFoundError, vault.Tampered):
        raise Http404 from None
    kind = found.kind if part == vault.ORIGINAL else "jpeg"
    response = HttpResponse(content, content_type=f"image/{kind}")
    # The name of a file is seen by others: it says nothing about anybody.
    response["Content-Disposition"] = f'inline; filename="photograph-{found.key}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@of_one_record
def delete(request: PatientRequest) -> HttpResponse:
    """Ask for the reason, then delete what was chosen, or all."""
    sent: Any = request.POST if request.method == "POST" else request.GET
    keys = sent.getlist("photograph")
    chosen = [each for each in care.photographs_of(request.patient) if "all" in sent or each.key in keys]
    context = {"patient": request.patient, "tab": "photographs", "chosen": chosen, "all": "all" in sent}
    if request.method != "POST" or not chosen:
        return render(request, "photographs/delete.html", context)
    reason = request.POST.get("reason", "")
    try:
        count = delete_for_good(by=request.user, photographs=chosen, reason=reason, now=timezone.now())
    except InputError as error:
        context |= {"error": known(error), "reason": reason}
        return render(request, "photographs/delete.html", context, status=422)
    messages.success(
        request, ngettext("{0} photograph is deleted.", "{0} photographs are deleted.", count).format(count)
    )
    return redirect("photographs", patient=request.patient.key)


@require_POST
@of_one_record
def again(request: PatientRequest, photograph: str) -> HttpResponse:
    """Measure a photograph once more."""
    try:
        care.measure_again(by=request.user, photograph=found_photograph(request, photograph), now=timezone.now())
    except InputError as error:
        messages.error(request, known(error))
    return redirect("photograph", patient=request.patient.key, photograph=photograph)
