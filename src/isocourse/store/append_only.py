"""Tables that the database itself refuses to change: no update, no delete, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence

# The tables of migration 0002; each later one is guarded by the migration that makes it.
FIRST = ("store_storedevent", "store_storeddecision", "store_auditentry", "store_look")
TABLES = (*FIRST, "store_clinicsettingsversion")
ACTS = ("UPDATE", "DELETE")
_FUNCTION = """
CREATE OR REPLACE FUNCTION isocourse_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""


def guards(vendor: str, tables: Sequence[str] = FIRST) -> list[str]:
    """The statements that set the triggers, for sqlite or postgresql."""
    if vendor == "postgresql":
        return [
            _FUNCTION,
            *(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION isocourse_append_only()"
                for table in tables
            ),
        ]
    return [
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in tables
        for act in ACTS
    ]


def unguards(vendor: str, tables: Sequence[str] = TABLES) -> list[str]:
    """The statements that take them away again (migrating back, and tests of what then would be found)."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}" for table in tables]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{act}" for table in tables for act in ACTS]
