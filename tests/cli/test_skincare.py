"""`isocourse skincare check` and `compare`: text and JSON, what is piped in, and clear errors."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from isocourse.doors.cli.main import app

RUN = CliRunner()


def test_a_list_from_a_file_or_a_pipe(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("Aqua, Glycerin, Retinol, Blorptane, Zinc Oxide 30%", encoding="utf-8")
    told = RUN.invoke(app, ["skincare", "check", str(file), "--market", "us"])
    assert told.exit_code == 0 and told.output.startswith("Avoid during the course: Retinol")
    for words in ("3. Retinol: Vitamin A (retinoid)", "In none of our tables", "above the limit of 25 %", "UVA long"):
        assert words in told.output
    piped = RUN.invoke(app, ["skincare", "check", "--format", "json", "--kind", "Make-up"], input="Aqua, Parfum")
    found = json.loads(piped.output)
    assert (found["verdict"], found["kind"], found["read"], found["unknown"]) == ("take_care", "make_up", 2, 0)
    assert found["ingredients"][1]["class"] == "fragrance" and found["ingredients"][1]["position"] == 2


def test_two_lists(tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("Aqua, Retinol")
    second.write_text("Aqua, Glycerin")
    told = RUN.invoke(app, ["skincare", "compare", str(first), str(second)])
    assert told.exit_code == 0 and told.output.startswith("b.txt asks less of the skin during the course")
    data = json.loads(RUN.invoke(app, ["skincare", "compare", str(first), str(second), "--format", "json"]).output)
    assert (data["better"], data["only_first"]) == ("second", ["Retinol"])


def test_what_cannot_be_read_ends_in_one_message(tmp_path: Path) -> None:
    binary = tmp_path / "photo.jpg"
    binary.write_bytes(b"\xff\xd8\xff\xe0")
    for arguments, words in (
        ([str(tmp_path / "none.txt")], "cannot be read"),
        ([str(binary)], "not UTF-8"),
        (["-", "--kind", "soup"], "is no kind of product"),
        (["-", "--market", "mars"], "is no market"),
    ):
        told = RUN.invoke(app, ["skincare", "check", *arguments], input="Aqua")
        assert told.exit_code == 2 and words in told.stderr and "Traceback" not in told.output
