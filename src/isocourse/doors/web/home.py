"""The way in, the health check, and light or dark."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from isocourse.care.permissions import acts_of
from isocourse.store.models import User


def home(request: HttpRequest) -> HttpResponse:
    """To the first page of one's role."""
    may = acts_of(request.user)  # type: ignore[arg-type]
    if "see_worklist" in may:
        return redirect("worklist")
    if "manage_users" in may:
        return redirect("administration")
    return render(request, "home.html")


def health(request: HttpRequest) -> HttpResponse:
    """Whether the database answers. Says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device says."""
    wanted = request.POST.get("theme", "")
    if wanted in ("light", "dark", "system"):
        User.objects.filter(pk__in=[request.user.pk]).update(theme=wanted)
    return redirect("home")
