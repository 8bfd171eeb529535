"""What happens around every page: nothing too large is read; the clinic's language and time zone."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from isocourse.care.editions import zone_of
from isocourse.doors.web import trouble
from isocourse.doors.web.typed import whole

MOST_LENGTH = 10**9  # a length that cannot be read is too large
Answered = Callable[[HttpRequest], HttpResponse]


class SizeMiddleware:
    """Refuses what is larger than any report or record, files included, which Django's own limit leaves out. Without
    a length nothing is read."""

    def __init__(self, get_response: Answered) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = whole(request.META.get("CONTENT_LENGTH") or "0", MOST_LENGTH)
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return trouble.too_large(request)
        return self.get_response(request)


class ClinicMiddleware:
    """Pages speak the clinic's language and show its time; nothing is cached outside the browser window."""

    def __init__(self, get_response: Answered) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        clinic = getattr(request.user, "clinic", None) if request.user.is_authenticated else None
        if clinic is None:
            return self._private(self.get_response(request))
        with translation.override(clinic.language), timezone.override(ZoneInfo(zone_of(clinic))):
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            return self._private(self.get_response(request))

    def _private(self, response: HttpResponse) -> HttpResponse:
        response.setdefault("Cache-Control", "no-store, private")
        response.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=()")
        return response
