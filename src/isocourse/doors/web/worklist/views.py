"""The list: of today in sections, or what a filter leaves; and the views that somebody keeps."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from isocourse.care import worklist as care
from isocourse.care.worklist import MOST_SHOWN, SHOWN, Filters
from isocourse.doors.web.trouble import known
from isocourse.doors.web.typed import whole
from isocourse.doors.web.worklist import labels
from isocourse.errors import InputError


@require_GET
def worklist(request: Any) -> HttpResponse:
    """The list of today; with a filter in the address, what it leaves. Asked by htmx, the list alone."""
    now = timezone.now()
    filters = Filters.read(request.GET)
    context: dict[str, Any] = {
        "page": "worklist",
        "filters": filters,
        "choices": labels.choices(filters),
        "labels": labels,
        "now": now,
        "address": _address(filters, request.GET.get("shown", "")),
    }
    if filters:
        shown = _shown(request.GET.get("shown", ""))
        section = care.filtered(request.user.clinic, filters, now, shown=shown)
        more = section.count > len(section.rows)
        context |= {
            "section": section,
            "title": labels.title_of(filters) or _("Everything there is to do"),
            "more": _address(filters, str(shown + SHOWN)) if more and shown < MOST_SHOWN else "",
            "cut": more and shown >= MOST_SHOWN,
            "stale": care.stale_count(request.user.clinic, now),
        }
    else:
        today = care.today_list(request.user.clinic, now)
        context |= {"sections": today.sections, "stale": today.stale, "inbox": today.inbox}
    if request.htmx:
        return render(request, "worklist/list.html", context)
    context["views"] = [(view, view.query == filters.query) for view in request.user.views.all()]
    return render(request, "worklist/worklist.html", context)


def _shown(given: str) -> int:
    return min(whole(given, SHOWN), MOST_SHOWN)


def _address(filters: Filters, shown: str) -> str:
    query = filters.query + (f"&shown={_shown(shown)}" if shown and filters else "")
    return reverse("worklist") + (f"?{query}" if query else "")


@require_POST
def keep_view(request: Any) -> HttpResponse:
    """Keep the filter of the page under a name."""
    given = {name: values[0] for name, values in parse_qs(request.POST.get("query", "")[:500]).items()}
    filters = Filters.read(given)
    try:
        view = care.keep_view(by=request.user, name=request.POST.get("name", ""), filters=filters)
    except InputError as error:
        messages.error(request, known(error))
    else:
        messages.success(request, _("Kept as “{0}”.").format(view.name))
    return redirect(_address(filters, ""))


@require_POST
def drop_view(request: Any) -> HttpResponse:
    """Forget a view."""
    care.drop_view(by=request.user, pk=whole(request.POST.get("view", "")))
    return redirect("worklist")
