"""Who signs in: the team of one's own clinic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from isocourse.care import people
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError
from isocourse.store.models import Clinic, OutboxMessage, User

ROLES = [(role, label) for role, label in User.Role.choices if role in people.TEAM]


def administration(request: Any) -> HttpResponse:
    """The team, and whether messages leave the house."""
    clinic: Clinic = request.user.clinic
    return render(
        request,
        "administration/administration.html",
        {"page": "administration", "tab": "people", "people": team(clinic), "outbox": _outbox(clinic)},
    )


def team(clinic: Clinic) -> Any:
    """The accounts of the team, with whether each has a second factor and is locked out just now."""
    second = Authenticator.objects.filter(user=OuterRef("pk"), type__in=["totp", "webauthn"])
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    wrong = AccessAttempt.objects.filter(
        username=OuterRef("username"), failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    rows = User.objects.filter(clinic=clinic, role__in=people.TEAM)
    rows = rows.annotate(second=Exists(second), locked=Exists(wrong))
    return rows.order_by("-is_active", "last_name", "first_name", "username")


def _outbox(clinic: Clinic) -> dict[str, int]:
    waiting = Count("pk", filter=Q(state=OutboxMessage.State.WAITING))
    failed = Count("pk", filter=Q(state=OutboxMessage.State.FAILED))
    return OutboxMessage.objects.filter(clinic=clinic).aggregate(waiting=waiting, failed=failed)


def person_new(request: Any) -> HttpResponse:
    """A new account; its one-time password is shown once."""
    if request.method != "POST":
        return _form(request, None, {"role": User.Role.NURSE})
    sent = request.POST
    try:
        opened = people.open_account(
            by=request.user, now=timezone.now(), name=sent.get("name", ""), role=sent.get("role", ""), fields=sent
        )
    except InputError as error:
        return _form(request, None, sent, error)
    return _password(request, opened)


def person(request: Any, code: str) -> HttpResponse:
    """One account: who it is, which role, and what can be done about it."""
    user = _found(request, code)
    if request.method != "POST":
        return _form(request, user, {name: getattr(user, name) for name in ("role", *people.FIELDS)})
    try:
        people.change_account(
            by=request.user, now=timezone.now(), user=user, role=request.POST.get("role", ""), fields=request.POST
        )
    except InputError as error:
        return _form(request, user, request.POST, error)
    messages.success(request, _("Saved."))
    return redirect("administration")


Acted = Callable[[Any, User], HttpResponse]


def _close(request: Any, user: User) -> HttpResponse:
    people.close_account(by=request.user, now=timezone.now(), user=user)
    return _done(request, _("Closed: {0} is signed out everywhere."), user)


def _reopen(request: Any, user: User) -> HttpResponse:
    return _password(request, people.reopen_account(by=request.user, now=timezone.now(), user=user))


def _new_password(request: Any, user: User) -> HttpResponse:
    return _password(request, people.new_one_time_password(by=request.user, now=timezone.now(), user=user))


def _reset(request: Any, user: User) -> HttpResponse:
    people.reset_second_factor(by=request.user, now=timezone.now(), user=user)
    return _done(request, _("The second factors of {0} are removed, and the person is signed out everywhere."), user)


def _unlock(request: Any, user: User) -> HttpResponse:
    people.unlock(by=request.user, now=timezone.now(), user=user)
    return _done(request, _("{0} can try to sign in at once."), user)


ACTS: dict[str, Acted] = {
    "close": _close,
    "reopen": _reopen,
    "password": _new_password,
    "second-factor": _reset,
    "unlock": _unlock,
}


@require_POST
def person_act(request: Any, code: str, act: str) -> HttpResponse:
    """Close, open again, give a new one-time password, remove second factors, unlock."""
    if act not in ACTS:
        raise Http404
    user = _found(request, code)
    try:
        return ACTS[act](request, user)
    except InputError as error:
        return _form(request, user, {name: getattr(user, name) for name in ("role", *people.FIELDS)}, error)


def _found(request: Any, code: str) -> Any:
    return get_object_or_404(team(request.user.clinic), code=code)


def _done(request: Any, says: str, user: User) -> HttpResponse:
    messages.success(request, says.format(user.shown_name))
    return redirect("administration")


def _form(request: Any, user: Any, typed: Any, error: InputError | None = None) -> HttpResponse:
    context = {
        "page": "administration",
        "person": user,
        "typed": typed,
        "roles": ROLES,
        "error": known(error) if error is not None else "",
        "wrong_field": error.where if error is not None else "",
    }
    return render(request, "administration/person.html", context, status=422 if error is not None else 200)


def _password(request: Any, opened: people.Opened) -> HttpResponse:
    """Shown in the answer to the act itself, once: loading the page again does not show it again."""
    return render(request, "administration/password.html", {"page": "administration", "opened": opened})
