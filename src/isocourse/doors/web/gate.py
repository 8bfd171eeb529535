"""Between signing in and anything else: the end of a session, a one-time password, a second factor that is missing.

A session ends after half an hour without a request (Django, SESSION_COOKIE_AGE) and twelve hours after its beginning.
It is written at most once a minute, so that idle time is measured without a write for every request.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from isocourse.care.people import has_second_factor, needs_second_factor

LONGEST_SECONDS = 12 * 3600
WRITTEN_EVERY_SECONDS = 60
FRESH_SECONDS = 300
HEAVY_A_MINUTE = 240  # for each person and each process of the server: four times a second, as fast as one types
_BEGAN, _SEEN, _SECOND = "began", "seen", "second_factor"
# What somebody may open before the password is changed, and (with this) before there is a second factor.
_FOR_PASSWORD = frozenset({"account_change_password", "account_logout", "theme"})
_FOR_SECOND_FACTOR = _FOR_PASSWORD | {"account_reauthenticate"}


def begin(request: HttpRequest) -> None:
    """A session begins."""
    request.session[_BEGAN] = request.session[_SEEN] = int(time.time())


def just_began(request: HttpRequest) -> bool:
    """Whether somebody signed in a few minutes ago, with everything that asks for."""
    return int(time.time()) - request.session.get(_BEGAN, 0) < FRESH_SECONDS


def forget_second_factor(request: HttpRequest) -> None:
    """Look again whether there is a second factor."""
    request.session.pop(_SECOND, None)


def stop_at(request: Any, page: str) -> HttpResponse | None:
    """Where somebody who is signed in has to go first; None when the way is free."""
    now = int(time.time())
    session = request.session
    if now - session.setdefault(_BEGAN, now) >= LONGEST_SECONDS:
        logout(request)
        return to_sign_in(request)
    if now - session.get(_SEEN, 0) >= WRITTEN_EVERY_SECONDS:
        session[_SEEN] = now
    if request.user.must_change_password:
        request.gated = "password"
        return None if page in _FOR_PASSWORD else _to(request, "account_change_password")
    if not needs_second_factor(request.user) or session.get(_SECOND):
        return None
    if has_second_factor(request.user):
        session[_SECOND] = True
        return None
    request.gated = "second_factor"
    free = page in _FOR_SECOND_FACTOR or page.startswith("mfa_")
    return None if free else _to(request, "mfa_index")


def too_often(request: Any) -> bool:
    """Whether this person has asked for costly pages more often in this minute than people do."""
    key = f"heavy-{request.user.pk}-{int(time.time()) // 60}"
    cache.add(key, 0, 120)
    return cache.incr(key) > HEAVY_A_MINUTE


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the page for signing in. A part of a page that is fetched gets no page instead: what was typed stays where it
    is, and the page says that one is signed out (clinic.js)."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())


def _to(request: HttpRequest, page: str) -> HttpResponse:
    answer = redirect(page)
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": answer.url})
    return answer
