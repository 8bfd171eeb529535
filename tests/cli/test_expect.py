"""`isocourse expect`: what it prints and gives, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from tests.cli.test_cli import run, schema_of
from tests.record.made import event, written

DAYS = ("2026-03-01", "2026-03-10")


def test_a_flare_of_week_two_on_paper_and_for_programs(tmp_path: Path) -> None:
    supply = event("dispensing", "d", on=DAYS[0], days=30, daily_dose_mg="40", formulation="conventional")
    flare = event("symptom", "s", on=DAYS[1], text="acne flare", severity="mild")
    record = tmp_path / "record.json"
    record.write_bytes(written(supply, flare))
    asked = ("expect", record, "--programme", "uk", "--on", DAYS[1])
    done = run(*asked)
    assert done.exit_code == 0, done.output
    assert (
        done.stdout.startswith("Week 2 of treatment.") and "Within the range: First on record in week 2" in done.stdout
    )
    data = json.loads(run(*asked, "--format", "json").stdout)
    Draft202012Validator(schema_of("expectations")).validate(data)
    (row,) = [row for row in data["course"] if row["name"] == "early_flare"]
    assert (row["stand"], row["place"], [mark["week"] for mark in row["marks"]]) == ("within", "now", [2])
    assert data["signed_off"] and data["week"] == 2
