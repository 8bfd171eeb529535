"""Tables that the database itself refuses to change: no update, no delete, whoever asks; and tables of which it lets
only the stamps that come later (a second signature, a voiding) be filled in.

SQLite drops a table's triggers when a migration alters the table, for it makes the table anew. A migration that touches
one of these ends with `migrations.RunPython(guard, unguard)`; a test tries every table after all migrations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

TABLES = (
    "store_storedevent",
    "store_storeddecision",
    "store_auditentry",
    "store_look",
    "store_breakglass",
    "store_clinicsettingsversion",
    "store_inboxreport",
)
# Of these the columns named are never changed, and no row is deleted.
SIGNED = {
    "store_override": "key decision_id patient_id rules proposal ground reason by_id at needs_second",
    "store_document": "key clinic_id patient_id kind event_id decision_id override_id content by_id at",
    "store_supplyalert": "key patient_id kind event_id rules by_id at",
    "store_photograph": "key patient_id day view repeat width height kind synthetic consent by_id at",
    "store_settingsproposal": "key clinic_id kind target content from_day reason departs by_id at",
}
KEPT = frozenset({*TABLES, *SIGNED})
_FUNCTION = """
CREATE OR REPLACE FUNCTION isocourse_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""


def _acts(vendor: str, of: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Each table, the name of a trigger, and what it refuses."""
    refused = [(table, "UPDATE") for table in TABLES]
    refused += [(table, f"UPDATE OF {', '.join(columns.split())}") for table, columns in SIGNED.items()]
    for table, update in refused:
        if table not in of:
            continue
        yield table, f"{table}_no_update", update
        yield table, f"{table}_no_delete", "DELETE"
        if vendor == "postgresql":  # no row's trigger is asked when a whole table is emptied
            yield table, f"{table}_no_truncate", "TRUNCATE"


def guards(vendor: str, of: Collection[str] = KEPT) -> list[str]:
    """The statements that set the triggers of these tables, for sqlite or postgresql. They may be there already."""
    made = [*unguards(vendor, of)]
    if vendor == "postgresql":
        made.append(_FUNCTION)
    for table, name, act in _acts(vendor, of):
        if vendor == "postgresql":
            each = "STATEMENT" if act == "TRUNCATE" else "ROW"
            then = f"FOR EACH {each} EXECUTE FUNCTION isocourse_append_only()"
        else:
            then = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        made.append(f"CREATE TRIGGER {name} BEFORE {act} ON {table} {then}")
    return made


def unguards(vendor: str, of: Collection[str] = KEPT) -> list[str]:
    """The statements that take them away again (migrating back, and tests of what then would be found)."""
    on = " ON {0}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {name}{on.format(table)}" for table, name, _ in _acts(vendor, of)]


def guard(apps: Any, schema_editor: Any) -> None:
    """For migrations: set every trigger, of the tables that there are by now."""
    _run(guards(schema_editor.connection.vendor, _there(schema_editor)), schema_editor)


def unguard(apps: Any, schema_editor: Any) -> None:
    """For migrations: the way back."""
    _run(unguards(schema_editor.connection.vendor, _there(schema_editor)), schema_editor)


def _there(schema_editor: Any) -> Collection[str]:
    return frozenset(schema_editor.connection.introspection.table_names())


def _run(statements: list[str], schema_editor: Any) -> None:
    for statement in statements:
        schema_editor.execute(statement, params=None)  # as written: no placeholders
