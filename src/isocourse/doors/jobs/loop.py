"""The loop of jobs: decide again what has run out, send what waits in the outbox, clear ended sessions.

Each step is safe to repeat.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, InterfaceError, close_old_connections

from isocourse.care import outbox, photographs
from isocourse.care.deciding import decide_again, mark_outdated
from isocourse.care.photograph_comparing import compare_due
from isocourse.care.photograph_jobs import analyse_due

PAUSE_SECONDS = 20.0
# After how many rounds to look for decisions of another edition; the first round always does, after an upgrade.
LOOK_FOR_OUTDATED_EVERY = 15
_log = logging.getLogger(__name__)


def once(now: datetime, *, look_for_outdated: bool = True) -> int:
    """Everything that is due at a moment. How many things were done."""
    if look_for_outdated:
        mark_outdated(now=now)
        SessionStore.clear_expired()
        photographs.sweep(now=now)
    return decide_again(now=now) + outbox.send_due(now=now) + analyse_due(now=now) + compare_due(now=now)


def run(stop: threading.Event, *, pause: float = PAUSE_SECONDS) -> None:
    """Until told to stop. A database that is away for a while is no reason to end."""
    rounds = 0
    while not stop.is_set():
        close_old_connections()
        try:
            done = once(datetime.now(UTC), look_for_outdated=rounds % LOOK_FOR_OUTDATED_EVERY == 0)
            rounds += 1
        except (DatabaseError, InterfaceError):
            _log.exception("the database does not answer; trying again")
            done = 0
        if not done:
            stop.wait(pause)
