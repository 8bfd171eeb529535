"""The loop of jobs: decide again what has run out, send what waits in the outbox, measure and compare photographs,
clear ended sessions and files that nobody can open any more.

Each step is safe to repeat.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, InterfaceError, close_old_connections

from isocourse.care import outbox, photograph_deleting, photograph_jobs
from isocourse.care.deciding import decide_again, mark_outdated
from isocourse.care.photograph_comparing import compare_due

PAUSE_SECONDS = 20.0
LOOK_SECONDS = 2.0
# After how many rounds to look for decisions of another edition; the first round always does, after an upgrade.
LOOK_FOR_OUTDATED_EVERY = 15
_log = logging.getLogger(__name__)


def once(now: datetime, *, look_for_outdated: bool = True) -> int:
    """Everything that is due at a moment. How many things were done."""
    if look_for_outdated:
        mark_outdated(now=now)
        SessionStore.clear_expired()
        photograph_deleting.sweep(now=now)
        photograph_jobs.take_up_again(now=now)
    return (
        decide_again(now=now) + outbox.send_due(now=now) + photograph_jobs.analyse_due(now=now) + compare_due(now=now)
    )


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
            _wait(stop, pause)


def _wait(stop: threading.Event, pause: float) -> None:
    """A pause, which ends when a photograph comes: somebody looks on until it is measured."""
    until = time.monotonic() + pause
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        try:
            if photograph_jobs.anything_waits():
                return
        except (DatabaseError, InterfaceError):
            pass  # the round says so, and tries again
        stop.wait(min(left, LOOK_SECONDS))
