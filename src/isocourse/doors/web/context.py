"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from isocourse import __version__
from isocourse.care.permissions import acts_of


def clinic(request: HttpRequest) -> dict[str, Any]:
    """The clinic, what this person may do, and the version."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"version": __version__, "clinic": None, "may": frozenset(), "theme": "system"}
    # Who has to do something first sees no way past it.
    may = frozenset() if getattr(request, "gated", "") else acts_of(user)
    return {"version": __version__, "clinic": user.clinic, "may": may, "theme": user.theme}
