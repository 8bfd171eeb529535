"""What the database itself refuses, table by table, after every migration."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from isocourse.store.append_only import SIGNED, TABLES, guards
from isocourse.store.models import Clinic, Patient, StoredDecision, User
from tests.clinic.conftest import NOW, TODAY, House

pytestmark = pytest.mark.django_db
KEPT = (*TABLES, *SIGNED)
# Tables whose rows are changed, and why that is right.
CHANGED = {
    "store_clinic",  # a state; its history is store_clinicsettingsversion
    "store_user",
    "store_user_groups",
    "store_user_user_permissions",
    "store_patient",  # who somebody is now; the audit says that it was corrected
    "store_workitem",  # made anew with each decision
    "store_draft",
    "store_savedview",
    "store_sentform",
    "store_photographmeasurement",  # made anew by a later version; deleted with the photograph, as the patient asks
    "store_photographcomparison",  # the same
    "store_inboxresult",  # waiting, filed, aside; what filing writes are events
    "store_outboxmessage",
    "store_audithead",  # the end of a chain moves
}


def refused(statement: str) -> bool:
    """Whether the database refuses a statement as a change of what is kept."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


@pytest.fixture
def one_row_each(ours: House, patient: Patient) -> None:
    """A row in every table that is kept: a trigger of rows asks nothing of an empty table."""
    there = {Clinic: ours.clinic, User: ours.nurse, Patient: patient, StoredDecision: patient.decision}
    for model in apps.get_models():
        if model._meta.db_table in KEPT and not model._default_manager.exists():
            fields = [field for field in model._meta.concrete_fields if not field.primary_key]
            needed = [field for field in fields if not field.null and not field.has_default()]
            model._default_manager.create(**{field.name: filled(field, there) for field in needed})


def filled(field: Any, there: dict[Any, Any]) -> Any:
    if field.is_relation:
        return there[field.related_model]
    if field.get_internal_type() == "DateTimeField":
        return NOW
    if field.get_internal_type() == "BinaryField":
        return b"1"
    return TODAY if field.get_internal_type() == "DateField" else {} if field.get_internal_type() == "JSONField" else 1


def test_every_table_is_kept_or_is_known_to_change() -> None:
    ours = {name for name in connection.introspection.table_names() if name.startswith("store_")}
    assert ours == set(KEPT) | CHANGED


@pytest.mark.parametrize("table", KEPT)
def test_no_row_is_deleted(one_row_each: None, table: str) -> None:
    assert refused(f"DELETE FROM {table}")  # noqa: S608 - our own tables


@pytest.mark.parametrize("table", TABLES)
def test_no_column_is_changed(one_row_each: None, table: str) -> None:
    for column in columns_of(table):
        assert refused(f'UPDATE {table} SET "{column}" = "{column}"'), column  # noqa: S608


@pytest.mark.parametrize("table", SIGNED)
def test_of_what_was_signed_the_later_stamps_alone_are_changed(one_row_each: None, table: str) -> None:
    found = [name for name in columns_of(table) if refused(f'UPDATE {table} SET "{name}" = "{name}"')]  # noqa: S608
    assert set(found) == set(SIGNED[table].split())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", KEPT)
def test_no_table_is_emptied(table: str) -> None:
    assert refused(f"TRUNCATE {table} CASCADE")


def test_guards_can_be_set_again(one_row_each: None) -> None:
    """As a migration that alters one of these tables has to."""
    with connection.cursor() as cursor:
        for statement in guards(connection.vendor):
            cursor.execute(statement)
    assert all(refused(f"DELETE FROM {table}") for table in KEPT)  # noqa: S608


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
