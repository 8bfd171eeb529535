"""The loop of jobs: decide again what has run out, send what waits in the outbox. Each step is safe to repeat."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime

from django.db import DatabaseError, InterfaceError, close_old_connections

from isocourse.care.deciding import decide_again

PAUSE_SECONDS = 20.0
_log = logging.getLogger(__name__)


def once(now: datetime) -> int:
    """Everything that is due at a moment. How many things were done."""
    return decide_again(now=now)


def run(stop: threading.Event, *, pause: float = PAUSE_SECONDS) -> None:
    """Until told to stop. A database that is away for a while is no reason to end."""
    while not stop.is_set():
        close_old_connections()
        try:
            done = once(datetime.now(UTC))
        except (DatabaseError, InterfaceError):
            _log.exception("the database does not answer; trying again")
            done = 0
        if not done:
            stop.wait(pause)
