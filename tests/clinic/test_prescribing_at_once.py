"""Two prescribers at the same moment, on real connections: one prescription, and one is told that the record moved on.

A process of its own, for the tests' transactions cannot see each other: SQLite in a file, or a PostgreSQL database made
for this test.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

RACE = """
import threading
from datetime import timedelta
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connections
from isocourse.care import audit
from isocourse.care.overriding import Departure
from isocourse.care.prescribing import prescribe
from isocourse.care.recording import MovedOn
from isocourse.store.models import Document, Patient, StoredEvent, User
from tests.clinic.conftest import house
from tests.clinic.courses import proceeding

ours = house("Our clinic")
for turn in range(TURNS):
    case = proceeding(ours)
    seen, gate, told = case.patient.last_seq, threading.Barrier(2), []

    def one(user):
        try:
            patient = Patient.objects.select_related("clinic").get(pk=case.patient.pk)
            gate.wait()
            prescribe(by=user, patient=patient, choice=case.choice, now=case.now, seen_seq=seen)
            told.append("written")
        except MovedOn as moved:
            told.append(f"moved {len(moved.since)}")
        except Exception as error:
            told.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(user,)) for user in (ours.prescriber, ours.second)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(told) == ["moved 1", "written"], told
    papers = Document.objects.filter(patient=case.patient)
    assert papers.count() == 1
    assert StoredEvent.objects.filter(patient=case.patient, event_id=papers.get().event_id).count() == 1
assert list(audit.broken()) == []
print("whole")
"""
TURNS = 5


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, empty for SQLite in the home."""
    known = settings.DATABASES["default"]
    if "sqlite" in known["ENGINE"]:
        yield ""
        return
    import psycopg

    name = f"race_{os.getpid()}"
    whole = os.environ["ISOCOURSE_DATABASE_URL"]
    with psycopg.connect(whole, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield psycopg.conninfo.make_conninfo(whole, dbname=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_two_prescribers_at_once(database: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "ISOCOURSE_HOME": str(tmp_path),
        "ISOCOURSE_INSECURE": "1",
        "ISOCOURSE_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "isocourse.doors.web.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    start = f"import django; django.setup(); TURNS = {TURNS}\n"
    done = subprocess.run(
        [sys.executable, "-c", start + RACE], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().endswith("whole")
