"""`isocourse results`: a laboratory tries its export."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_cli import run

REPORTS = Path(__file__).parents[1] / "exchange" / "reports"


def test_what_is_read_and_what_is_not_is_printed() -> None:
    done = run("results", REPORTS / "statuses.hl7")
    assert done.exit_code == 0
    assert "2026-11-19 ALT 55 U/L (limits 0–40), corrects an earlier one" in done.output
    assert "not read: AST “60 U/L H”: its status is preliminary" in done.output


def test_as_json_each_report_in_order() -> None:
    done = run("results", REPORTS / "utf-16.csv", REPORTS / "bundle.json", "--format", "json")
    found = json.loads(done.output)
    assert [report["form"] for report in found] == ["csv", "fhir"]
    assert found[0]["people"][0]["found"][0]["fields"]["value"] == "35"


def test_what_is_no_report_ends_in_one_message(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7")
    done = run("results", path)
    assert done.exit_code == 2 and "this is a PDF" in done.output and str(path.name) in done.output
