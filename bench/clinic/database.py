"""Fill a database with many courses: simulated ones, each copied often enough, with keys and event ids of their own.

Copies are made inside the database (INSERT ... SELECT), so that three million events take a minute or two on SQLite and
on PostgreSQL. A copy has the events, the decision and the work of its original.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from isocourse.care import demonstration
from isocourse.store.models import Clinic, Patient, StoredDecision, StoredEvent, WorkItem

ORIGINALS = 300
_STRIDE = 1_000_000  # ids of a copy begin this far from those of the copy before


def fill(*, courses: int, now: datetime, passwords: str) -> Clinic:
    """A clinic of about `courses` courses, and its team."""
    clinic = demonstration.clinic_for("us")
    demonstration.people_of(clinic, iter(lambda: passwords, ""))
    originals = min(ORIGINALS, courses)
    for _ in demonstration.seed(clinic, now=now, seed=3, courses=originals):
        pass
    copies = courses // originals - 1
    if copies > 0:
        copy(copies)
    return clinic


def copy(times: int) -> None:
    """Every patient, with all that belongs to it, `times` more."""
    number = "CAST(n.i AS varchar(9))" if connection.vendor == "postgresql" else "CAST(n.i AS text)"
    event_prefix = f"'\"c' || {number} || 'demo-'"
    with transaction.atomic(), connection.cursor() as cursor:
        _copy(
            cursor,
            Patient,
            times,
            {
                "key": f"'k' || {number} || 'x' || substr(t.key, 1, 16)",
                "number": f"{number} || '-' || t.number",
                "decision_id": "NULL",
            },
        )
        _copy(cursor, StoredDecision, times, {"patient_id": f"t.patient_id + n.i * {_STRIDE}"})
        moved = {"patient_id": f"t.patient_id + n.i * {_STRIDE}"}
        _copy(
            cursor,
            StoredEvent,
            times,
            {
                **moved,
                "event_id": f"'c' || {number} || t.event_id",
                # As every id of the demonstration begins, also where one event names another.
                "body": f"replace(t.body, '\"demo-', {event_prefix})",
            },
        )
        _copy(cursor, WorkItem, times, moved)
        cursor.execute(
            f"UPDATE store_patient SET decision_id = (SELECT max(d.id) FROM store_storeddecision d "  # noqa: S608
            f"WHERE d.patient_id = store_patient.id) WHERE id > {_STRIDE}"
        )
        if connection.vendor == "postgresql":
            for model in (Patient, StoredDecision, StoredEvent, WorkItem):
                table = model._meta.db_table
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What the server does by itself some minutes after so many rows: not while people are timed.
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("ANALYZE")


def _copy(cursor: Any, model: Any, times: int, own: dict[str, str]) -> None:
    """Copy all rows of a table `times` times; `own` are expressions for columns that differ."""
    columns = [field.column for field in model._meta.concrete_fields]
    chosen = {column: f"t.{column}" for column in columns} | {"id": f"t.id + n.i * {_STRIDE}"} | own
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "  # noqa: S608
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {int(times)}) "
        f"SELECT {', '.join(chosen[column] for column in columns)} FROM {model._meta.db_table} t CROSS JOIN n"
    )
