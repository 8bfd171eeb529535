"""A copy of the database while the clinic works. For SQLite; PostgreSQL brings its own (docs/deployment.md)."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from isocourse.errors import InputError

_COUNTS = {
    "patients": "SELECT count(*) FROM store_patient",
    "events": "SELECT count(*) FROM store_storedevent",
    "audit": "SELECT count(*) FROM store_auditentry",
}


def copy_database(file: Path) -> dict[str, int]:
    """Copy the database to a new file that only its owner can read, and check the copy. The number of rows in it.
    Raises InputError; a copy that is not whole is not left behind."""
    from django.conf import settings

    chosen = settings.DATABASES["default"]
    if "sqlite" not in chosen["ENGINE"]:
        raise InputError("this clinic keeps its data in PostgreSQL", mend="use pg_dump, see docs/deployment.md")
    source = Path(chosen["NAME"])
    if not source.exists():
        raise InputError("there is no database yet", where=str(source), mend="set ISOCOURSE_HOME to the clinic's home")
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise InputError("this file is there already", where=str(file), mend="name a new one") from None
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(file)) from None
    try:
        return _copied(source, file)
    except (sqlite3.Error, OSError, InputError) as error:
        file.unlink(missing_ok=True)
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"the copy failed: {type(error).__name__}", where=str(file), mend="is the disk full?"
        ) from None


def _copied(source: Path, file: Path) -> dict[str, int]:
    # SQLite's own backup takes in what still stands in the write-ahead log, which copying the file would not.
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old, closing(sqlite3.connect(file)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        found = [row[0] for row in new.execute("PRAGMA integrity_check")]
        if found != ["ok"]:
            raise InputError("the database is damaged", where=str(source), mend="restore the last good backup")
        return {name: int(new.execute(count).fetchone()[0]) for name, count in _COUNTS.items()}
