"""Two people at the same moment, on real connections: nothing is written twice, nothing is decided on what was.

Each story is a process of its own, for the tests' transactions cannot see each other: SQLite in a file, or a PostgreSQL
database made for this test.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

START = """
import django
django.setup()
import threading, time
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection, connections, transaction
from isocourse.care import audit
from isocourse.store.models import Document, Patient, StoredEvent
from tests.clinic.conftest import NOW, house
from tests.clinic.courses import proceeding

ours = house("Our clinic")

def together(*acts):
    told = []
    def run(act):
        try:
            told.append(act())
        except Exception as error:
            told.append(repr(error))
        finally:
            connections.close_all()
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return told

def somebody_waits():
    "Until another connection waits for a row. SQLite's writers wait for each other before they have read anything."
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
"""
TWO_PRESCRIBERS = """
from isocourse.care.prescribing import prescribe
from isocourse.care.recording import MovedOn

for turn in range(5):
    case = proceeding(ours)
    seen, gate = case.patient.last_seq, threading.Barrier(2)

    def one(user):
        patient = Patient.objects.select_related("clinic").get(pk=case.patient.pk)
        gate.wait()
        try:
            prescribe(by=user, patient=patient, choice=case.choice, now=case.now, seen_seq=seen)
        except MovedOn as moved:
            return f"moved {len(moved.since)}"
        return "written"

    told = together(lambda: one(ours.prescriber), lambda: one(ours.second))
    assert sorted(told) == ["moved 1", "written"], told
    papers = Document.objects.filter(patient=case.patient)
    assert papers.count() == 1
    assert StoredEvent.objects.filter(patient=case.patient, event_id=papers.get().event_id).count() == 1
assert list(audit.broken()) == []
"""
SETTINGS_MEANWHILE = """
from isocourse.care.deciding import current, decide, locked_patient
from isocourse.care.prescribing import prescribe
from isocourse.store.models import Clinic, StoredDecision

case = proceeding(ours)
held = threading.Event()

def first():
    with transaction.atomic():
        patient = locked_patient(case.patient.pk)
        held.set()
        somebody_waits()
        Clinic.objects.filter(pk=patient.clinic_id).update(second_signature=True)
        return decide(patient, now=case.now, trigger="event").pk

def second():
    held.wait()
    with transaction.atomic():
        patient = locked_patient(case.patient.pk)
        assert patient.clinic.second_signature, "the clinic as it was before the wait"
        assert patient.decision is not None, "no decision where there is one"
        return patient.decision.pk

one, other = together(first, second)
assert one == other, (one, other)
"""
TWO_WHO_FILE = """
from isocourse.care.inbox import AlreadyFiled, file_results, receive
from isocourse.care.patients import register
from isocourse.store.models import InboxResult

who = {"number": "0412", "given_name": "Ada", "family_name": "Example"}
patient = register(by=ours.nurse, now=NOW, who=who)
raw = b"mrn,family,given,test,result,unit,collected\\n0412,Example,Ada,ALT,30,U/L,2026-11-20\\n"
result = receive(by=ours.nurse, raw=raw, now=NOW).report.results.get()
gate = threading.Barrier(2)

def files(by):
    mine, whose = InboxResult.objects.get(pk=result.pk), Patient.objects.get(pk=patient.pk)
    gate.wait()
    try:
        file_results(by=by, result=mine, patient=whose, now=NOW, rows=[0], words="asked at the front desk")
    except AlreadyFiled as first:
        return f"told of {first.result.by.role}"
    return f"filed by {by.role}"

told = sorted(together(lambda: files(ours.nurse), lambda: files(ours.prescriber)))
filed, first = told[0].removeprefix("filed by "), told[1].removeprefix("told of ")
assert filed == first, told
assert StoredEvent.objects.filter(patient=patient, kind="lab_result").count() == 1
"""
THE_AUDIT = """
def writes():
    for number in range(15):
        with transaction.atomic():
            audit.write("write", by=ours.nurse, now=NOW, detail={"number": number})

def verifies():
    found = [list(audit.broken()) for turn in range(15)]
    assert not any(found), found

told = together(writes, verifies, writes, verifies, writes)
assert told == [None] * 5, told
assert list(audit.broken()) == []
from isocourse.store.models import AuditEntry, AuditHead
assert AuditEntry.objects.count() == AuditHead.objects.get(chain=ours.clinic.key).number == 45
"""
STORIES = {
    "two prescribers": TWO_PRESCRIBERS,
    "settings meanwhile": SETTINGS_MEANWHILE,
    "two who file": TWO_WHO_FILE,
    "the audit": THE_AUDIT,
}


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


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_at_once(database: str, tmp_path: Path, story: str) -> None:
    environment = {
        **os.environ,
        "ISOCOURSE_HOME": str(tmp_path),
        "ISOCOURSE_INSECURE": "1",
        "ISOCOURSE_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "isocourse.doors.web.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    whole = f"{START}\n{story}\nprint('whole')\n"
    done = subprocess.run([sys.executable, "-c", whole], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().endswith("whole")
