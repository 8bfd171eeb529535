"""The page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def clinic_settings(request: HttpRequest) -> HttpResponse:
    return render(request, "clinic_settings/clinic_settings.html")
