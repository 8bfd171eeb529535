"""Tables that the database itself refuses to change: no update, no delete, whoever asks; and tables of which it lets
only the stamps that come later (a second signature, a voiding) be filled in."""

from __future__ import annotations

from collections.abc import Sequence

# The tables of migration 0002; each later one is guarded by the migration that makes it.
FIRST = ("store_storedevent", "store_storeddecision", "store_auditentry", "store_look")
TABLES = (*FIRST, "store_clinicsettingsversion")
ACTS = ("UPDATE", "DELETE")
# Of these the columns named are never changed, and no row is deleted.
SIGNED = {
    "store_override": ("key decision_id patient_id rules proposal ground reason by_id at needs_second"),
    "store_document": ("key clinic_id patient_id kind event_id decision_id override_id content by_id at"),
    "store_supplyalert": "key patient_id kind event_id rules by_id at",
}
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


def guards_of_signed(vendor: str) -> list[str]:
    """The statements that keep what was signed as it was signed."""
    made = []
    for table, columns in SIGNED.items():
        named = ", ".join(columns.split())
        for act, event in (("update", f"UPDATE OF {named}"), ("delete", "DELETE")):
            if vendor == "postgresql":
                then = "FOR EACH ROW EXECUTE FUNCTION isocourse_append_only()"
            else:
                then = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            made.append(f"CREATE TRIGGER {table}_signed_{act} BEFORE {event} ON {table} {then}")
    return made


def unguards_of_signed(vendor: str) -> list[str]:
    """The statements that take them away again."""
    on = " ON {0}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {t}_signed_{act}{on.format(t)}" for t in SIGNED for act in ("update", "delete")]
