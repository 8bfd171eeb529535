"""Who may open which page. A page that is not in the table is closed to everybody.

Each folder of pages says in its `urls.py` what each page needs (`needs.py`). The middleware looks the page up, finds
the patient it is about, checks the person, and writes down who looked. A view never has to remember it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from isocourse.care import audit
from isocourse.care.permissions import Denied, acts_of, may
from isocourse.doors.web import gate, trouble
from isocourse.doors.web.needs import Need
from isocourse.doors.web.patient import glass
from isocourse.doors.web.urls import NEEDS
from isocourse.store.models import Patient

METHODS = ("GET", "HEAD", "POST")


class AccessMiddleware:
    """Denies first: nobody is sent to sign in, everybody else sees what the table gives them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        match = request.resolver_match
        need = NEEDS.get(match.view_name) if match is not None else None
        if need is None:
            raise PermissionDenied
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if _has_nul(request):
            return trouble.bad_request(request)
        if need.anybody:
            return None
        if not request.user.is_authenticated:
            return gate.to_sign_in(request)
        stop = gate.stop_at(request, match.view_name)  # type: ignore[union-attr]
        if stop is not None:
            return stop
        if need.act is not None and need.act not in acts_of(request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        if need.heavy and gate.too_often(request):
            return trouble.too_often(request)
        if "patient" in kwargs:
            return self._about(request, need, kwargs.pop("patient"))
        return None

    def _about(self, request: Any, need: Need, key: str) -> HttpResponse | None:
        patient = Patient.objects.select_related("clinic", "decision").filter(key=key).first()
        if patient is None:
            raise Http404
        now = timezone.now()
        if need.act is None or not may(request.user, need.act, patient, now=now):
            if patient.clinic_id != request.user.clinic_id and "break_glass" in acts_of(request.user) and need.looks:
                return glass.ask(request, patient)
            raise PermissionDenied
        opens = need.looks and request.method != "POST"
        # Parts of a page, and answers to what is sent, hold the record too: nobody gets it without being in the book.
        if opens or not audit.looked_lately(by=request.user, patient=patient, now=now):
            audit.looked(by=request.user, patient=patient, page=request.resolver_match.view_name, now=now)
        request.patient = patient
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return trouble.forbidden(request) if isinstance(exception, Denied) else None


def _has_nul(request: HttpRequest) -> bool:
    """Whether a field holds the character that no keyboard types and PostgreSQL does not keep."""
    sent = [*request.GET.lists(), *(request.POST.lists() if request.method == "POST" else ())]
    return any("\0" in text for name, values in sent for text in (name, *values))
