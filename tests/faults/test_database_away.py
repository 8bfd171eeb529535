"""The database is dead, locked or full: one clear page, nothing lost, and it goes on when the database is back."""

from __future__ import annotations

import sqlite3
import time

import pytest

from tests.faults.conftest import WHOLE, Place, limit_of_files, save_weight

AWAY = "The records cannot be reached just now"


def weights(place: Place) -> int:
    return int(place.run(WHOLE))


# SQLite is a file: there is nothing that could die apart from the server.
@pytest.mark.parametrize("place", ["postgres"], indirect=True)
def test_a_dead_database_and_its_return(place: Place) -> None:
    place.start()
    doctor = place.sign_in("doctor")
    key = place.patients()[0]
    before = weights(place)
    assert save_weight(doctor, key, "61.5")
    place.postgres.stop()
    for path in ("/worklist", f"/patients/{key}"):
        status, page, _ = doctor.ask("GET", path)
        assert (status, AWAY in page) == (503, True)
    place.postgres.start()
    assert weights(place) == before + 1
    assert save_weight(doctor, key, "61.7")


# PostgreSQL locks rows, not the database.
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_locked_database_says_so_and_loses_nothing(place: Place) -> None:
    place.more["ISOCOURSE_DATABASE_WAIT"] = "1"
    place.start()
    doctor = place.sign_in("doctor")
    key = place.patients()[0]
    before = weights(place)
    holder = sqlite3.connect(place.home / "isocourse.sqlite3", isolation_level=None)
    _, page, _ = doctor.ask("GET", f"/patients/{key}/visit")
    holder.execute("BEGIN IMMEDIATE")
    status, page, _ = doctor.ask("GET", f"/patients/{key}")
    assert (status, AWAY in page) == (503, True)
    holder.execute("ROLLBACK")
    holder.close()
    assert save_weight(doctor, key, "61.5")
    assert weights(place) == before + 1


# The files of PostgreSQL are another process's.
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_full_disk_says_so_and_loses_nothing(place: Place) -> None:
    database = place.home / "isocourse.sqlite3"
    # The write-ahead log begins empty; a limit a little above the database leaves room for a few saves.
    place.start(before=limit_of_files(database.stat().st_size + 300_000))
    doctor = place.sign_in("doctor")
    key, saved = place.patients()[0], 0
    before = weights(place)
    until = time.monotonic() + 60
    while save_weight(doctor, key, f"60.{saved:03d}"):
        saved += 1
        assert time.monotonic() < until, "the disk never got full"
    status, page, _ = doctor.ask("GET", f"/patients/{key}")
    assert status in (200, 503)
    assert status == 200 or AWAY in page
    place.kill()
    assert weights(place) == before + saved
    place.start()
    doctor = place.sign_in("doctor")
    assert save_weight(doctor, key, "61.5")
