"""When something goes wrong: one clear page, one plain line in the log, and no patient data in either."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from isocourse.doors.web.templatetags.clinic_words import said


class PlainFormatter(logging.Formatter):
    """Kind and place of an error. Messages of exceptions, arguments and local values are left out: they may quote what
    somebody typed about a patient."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{self.formatTime(record)} {record.levelname} {record.name}"
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            frames = traceback.extract_tb(error.__traceback__)
            place = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
            return f"{line} {type(error).__name__} in {place}"
        status = getattr(record, "status_code", None)
        return f"{line} {status if status is not None else record.msg}"


def page(request: HttpRequest, status: int, title: str, says: str, mend: str) -> HttpResponse:
    """A page for an error. It needs neither the database nor a session."""
    context = {"title": title, "says": says, "mend": mend, "status": status}
    return render(request, "trouble.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(
        request, 400, _("This cannot be read"), _("The request was not understood."), _("Go back and try again.")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(
        request,
        403,
        _("This is not open to you"),
        _("Your role or your clinic does not include this page."),
        _("Ask an administrator of your clinic if it should."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(
        request,
        404,
        _("There is no such page"),
        _("The address may be mistyped, or what it showed is not there."),
        _("Go to the worklist and find the patient by name or number."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Whatever nobody caught. Django calls it while the error is being handled, wherever it came from: a view, or the
    session before any view."""
    if isinstance(sys.exc_info()[1], DatabaseError | InterfaceError):
        return unavailable()
    return page(
        request,
        500,
        _("Something went wrong here"),
        _("Nothing was saved by the last step; what was saved before is safe, and what you typed is kept as a draft."),
        _("Try again. If it happens again, tell whoever runs isocourse the time of day; the log names the place."),
    )


def unavailable() -> HttpResponse:
    """The database is away, locked or full. Nothing on this page asks it anything, not even who is signed in."""
    context = {
        "title": _("The records cannot be reached just now"),
        "says": _(
            "The database is busy, full or away. Nothing of your last step was saved; nothing saved before is lost."
        ),
        "mend": _("Keep this page open and try again in a minute. Until then use the clinic's paper process."),
    }
    return HttpResponse(render_to_string("trouble.html", context), status=503, headers={"Retry-After": "30"})


def too_often(request: HttpRequest) -> HttpResponse:
    response = page(
        request,
        429,
        _("That was too often"),
        _("This was asked for more often in a minute than somebody at a screen does."),
        _("Wait a minute and go on; what you typed is kept as a draft."),
    )
    response["Retry-After"] = "60"
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        413,
        _("This is too large"),
        _("What was sent is larger than any report or record. Nothing of it was read."),
        _("Choose fewer or smaller files."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(
        request,
        403,
        _("This page was open for too long"),
        _("For safety it has to be loaded again before it can be sent."),
        _("Go back, reload, and send again; what you typed is kept as a draft."),
    )


def known(error: Any, *, allowed: bool = True) -> str:
    """An error of ours as a sentence for the person at the screen. `allowed` False where the page says that already."""
    parts = [said(error.found)]
    if error.allowed and allowed:
        parts.append(_("Allowed: {0}").format(said(error.allowed)))
    if error.mend:
        parts.append(said(error.mend))
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts)
