"""The page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def prescription(request: HttpRequest) -> HttpResponse:
    return render(request, "prescription/prescription.html")
