"""The pages for a WSGI server: `gunicorn isocourse.doors.web.wsgi`."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isocourse.doors.web.settings")
_log = logging.getLogger("isocourse.wsgi")
_django = get_wsgi_application()


def _warm() -> None:
    """Read the protocol before the first page is asked for, and before the server divides into processes that share it.
    A database that does not answer yet is no reason not to start."""
    from django.db import DatabaseError, connections

    from isocourse.care.editions import edition_for, library
    from isocourse.store.models import Clinic

    library()
    try:
        for clinic in Clinic.objects.all():
            edition_for(clinic)
    except DatabaseError:
        _log.exception("the database does not answer; the clinics' editions are read later")
    finally:
        connections.close_all()
    gc.freeze()  # what is shared stays out of the collector's way


_warm()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, with a last resort: what even the error page did not survive is logged without what it quotes, for the
    server would print it in full."""
    try:
        return _django(environ, start_response)
    except Exception:
        _log.exception("the last resort")
        start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"Something went wrong here. Nothing of the last step was saved. Try again in a minute.\n"]
