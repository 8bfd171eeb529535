"""The pages for a WSGI server: `gunicorn isocourse.doors.web.wsgi`."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isocourse.doors.web.settings")
_log = logging.getLogger("isocourse.wsgi")
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, with a last resort: what even the error page did not survive is logged without what it quotes, for the
    server would print it in full."""
    try:
        return _django(environ, start_response)
    except Exception:
        _log.exception("the last resort")
        start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"Something went wrong here. Nothing of the last step was saved. Try again in a minute.\n"]
