"""The clinic from the command line: a first clinic, and a backup that can be restored. On SQLite, in own homes."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    ours = {"ISOCOURSE_HOME": str(home), "ISOCOURSE_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": ""}
    environment = {**os.environ, **ours}
    environment.pop("DJANGO_SETTINGS_MODULE")
    command = [sys.executable, "-m", "isocourse.doors.cli.main", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    made = run(home, "clinic", "create", "Example Dermatology", "--programme", "uk", "--administrator", "first.admin")
    assert made.returncode == 0, made.stderr
    assert re.search(r"week:\s+[a-z0-9]{4}(-[a-z0-9]{4}){4}$", made.stdout.strip())
    return home


def test_a_second_administrator_of_the_name_is_refused_in_one_message(home: Path) -> None:
    again = run(home, "clinic", "create", "Another", "--administrator", "First.Admin")
    assert (again.returncode, again.stdout) == (2, "")
    assert "taken" in again.stderr
    assert "Traceback" not in again.stderr
    with closing(sqlite3.connect(home / "isocourse.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM store_clinic").fetchone() == (1,), "nothing is left half done"


def test_a_backup_of_a_working_clinic_is_whole_and_can_be_restored(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite3"
    with closing(sqlite3.connect(home / "isocourse.sqlite3")) as working:
        # Something that stands in the write-ahead log alone, and a transaction that is under way.
        working.execute("PRAGMA wal_autocheckpoint=0")
        working.execute("UPDATE store_clinic SET phone = 'in the log'")
        working.commit()
        working.execute("UPDATE store_clinic SET phone = 'not committed'")
        done = run(home, "clinic", "backup", str(file))
        working.rollback()
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["backup.sqlite3"]
    other = tmp_path / "restored"
    other.mkdir()
    shutil.copy(file, other / "isocourse.sqlite3")
    with closing(sqlite3.connect(other / "isocourse.sqlite3")) as restored:
        assert restored.execute("SELECT phone FROM store_clinic").fetchone() == ("in the log",)
    verified = run(other, "audit", "verify")
    assert verified.returncode == 0, verified.stderr
    assert "1 entries in 1 chains" in verified.stdout


def test_a_backup_overwrites_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "there.sqlite3"
    file.write_text("something")
    done = run(home, "clinic", "backup", str(file))
    assert done.returncode == 2
    assert "there already" in done.stderr
    assert file.read_text() == "something"


def test_a_damaged_database_gives_no_backup(home: Path, tmp_path: Path) -> None:
    hurt = tmp_path / "hurt"
    shutil.copytree(home, hurt)
    with (hurt / "isocourse.sqlite3").open("r+b") as file:
        file.seek(4096 * 20)
        file.write(b"\xff" * 4096 * 30)
    done = run(hurt, "clinic", "backup", str(tmp_path / "copy.sqlite3"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "copy.sqlite3").exists()
