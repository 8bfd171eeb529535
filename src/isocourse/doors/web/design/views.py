"""The page of the design system."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TOKENS = (
    "paper surface sunken ink quiet line accent accent-soft stop stop-soft warn warn-soft good good-soft plan".split()
)


def design(request: HttpRequest) -> HttpResponse:
    """Tokens and components, drawn with the style sheet that every page uses."""
    return render(request, "design/design.html", {"tokens": TOKENS})
