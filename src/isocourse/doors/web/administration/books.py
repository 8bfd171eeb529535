"""What was done and who looked: the clinic's own chain of the audit, and the book of looks. Keys, never names of
patients: an administrator sees no patient."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from isocourse.care import audit as chain
from isocourse.doors.web.administration.acts import ACTS, act_words
from isocourse.doors.web.typed import day, whole
from isocourse.store.models import AuditEntry, AuditHead, BreakGlass, Clinic, Look, User

PAGE = 100
SPANS = (7, 30, 90, 365)


def audit(request: Any) -> HttpResponse:
    """The entries, newest first, by person, act and day."""
    clinic: Clinic = request.user.clinic
    names = _names(clinic)
    rows, asked = _asked(clinic, request.GET, names)
    if (before := whole(request.GET.get("before", ""))) >= 0:
        rows = rows.filter(number__lt=before)
    found = list(rows.order_by("-number")[: PAGE + 1])
    acts = AuditEntry.objects.filter(chain=clinic.key).order_by("act").values_list("act", flat=True).distinct()
    query = request.GET.copy()
    if len(found) > PAGE:
        query["before"] = str(found[PAGE - 1].number)
    context = {
        "page": "administration",
        "tab": "audit",
        "entries": [_row(entry, names) for entry in found[:PAGE]],
        "asked": asked,
        "people": sorted(names.items(), key=lambda item: item[1].lower()),
        "acts": [(act, act_words(act)) for act in acts],
        "older": query.urlencode() if len(found) > PAGE else "",
        "query": request.GET.urlencode(),
        "head": AuditHead.objects.filter(chain=clinic.key).first(),
    }
    return render(request, "administration/audit.html", context)


def _asked(clinic: Clinic, sent: Any, names: Mapping[str, str]) -> tuple[Any, dict[str, str]]:
    """The rows that a filter means, and the filter as it was understood: codes and days, for an export writes it down
    for ever."""
    asked = {name: sent.get(name, "").strip() for name in ("person", "act", "since", "until")}
    asked["person"] = asked["person"] if asked["person"] in names else ""
    asked["act"] = asked["act"] if asked["act"] in ACTS else ""
    rows = AuditEntry.objects.filter(chain=clinic.key)
    if asked["person"]:
        rows = rows.filter(by=asked["person"])
    if asked["act"]:
        rows = rows.filter(act=asked["act"])
    for name, days, lookup in (("since", 0, "at__gte"), ("until", 1, "at__lt")):
        first = day(asked[name])
        if first is None:
            asked[name] = ""
            continue
        start = datetime.combine(first + timedelta(days=days), time(), timezone.get_current_timezone())
        rows = rows.filter(**{lookup: start})
    return rows, asked


def _names(clinic: Clinic) -> dict[str, str]:
    names = {user.code: user.shown_name for user in User.objects.filter(clinic=clinic).exclude(role="patient")}
    return {**names, "system": "isocourse"}


def _row(entry: AuditEntry, names: dict[str, str]) -> dict[str, Any]:
    detail = {name: content for name, content in entry.detail.items() if content not in ("", [], None)}
    return {
        "entry": entry,
        "who": names.get(entry.by, entry.by),
        "act": act_words(entry.act),
        "about": names.get(entry.subject, entry.subject),
        "detail": [(name.replace("_", " "), _plain(content)) for name, content in detail.items()],
    }


def _plain(content: Any) -> str:
    return ", ".join(map(str, content)) if isinstance(content, list) else str(content)


@require_POST
def verify(request: Any) -> HttpResponse:
    """Whether an entry of the clinic's chain was changed or is missing."""
    found = list(chain.broken(request.user.clinic.key))
    head = AuditHead.objects.filter(chain=request.user.clinic.key).first()
    context = {"broken": found[:20], "count": head.number if head else 0, "at": timezone.now()}
    if "HX-Request" in request.headers:
        return render(request, "administration/verified.html", context)
    return render(request, "administration/verified_page.html", {**context, "page": "administration", "tab": "audit"})


def export(request: Any) -> HttpResponse | StreamingHttpResponse:
    """The filtered entries as CSV. The export is an act of its own."""
    clinic: Clinic = request.user.clinic
    names = _names(clinic)
    rows, asked = _asked(clinic, request.GET, names)
    last = AuditEntry.objects.filter(chain=clinic.key).aggregate(last=Max("number"))["last"] or 0
    with transaction.atomic():
        chain.write("export_audit", by=request.user, now=timezone.now(), detail=asked)
    answer = StreamingHttpResponse(_lines(rows.filter(number__lte=last), names), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="isocourse-audit.csv"'
    return answer


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(rows: Any, names: dict[str, str]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    columns = ["number", "at_utc", "by", "name", "role", "act", "subject", "detail", "before", "digest"]
    yield writer.writerow(columns)  # type: ignore[func-returns-value, misc]
    for each in rows.order_by("number").iterator():
        cells = [
            each.number,
            each.at.isoformat(),
            each.by,
            names.get(each.by, ""),
            each.role,
            each.act,
            each.subject,
            json.dumps(each.detail, sort_keys=True),
            each.before,
            each.digest,
        ]
        yield writer.writerow([_cell(cell) for cell in cells])  # type: ignore[func-returns-value, misc]


def _cell(content: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(content)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def looks(request: Any) -> HttpResponse:
    """Who looked at how many patients, and who broke the glass with which reason."""
    clinic: Clinic = request.user.clinic
    sent = request.GET.get("days", "")
    days = whole(sent) if whole(sent) in SPANS else 30
    since = timezone.now() - timedelta(days=days)
    rows = (
        Look.objects.filter(user__clinic=clinic, at__gte=since)
        .values("user")
        .annotate(looks=Count("pk"), patients=Count("patient", distinct=True), last=Max("at"))
        .order_by("-patients")
    )
    users = {user.pk: user for user in User.objects.filter(clinic=clinic)}
    broken = BreakGlass.objects.filter(Q(patient__clinic=clinic) | Q(user__clinic=clinic), at__gte=since)
    context = {
        "page": "administration",
        "tab": "looks",
        "days": days,
        "spans": SPANS,
        "rows": [(users[row["user"]], row) for row in rows],
        "broken": broken.select_related("user__clinic", "patient__clinic").order_by("-at")[:200],
    }
    return render(request, "administration/looks.html", context)
