"""The docs say what is there: hazards name real rules and every rule that withholds, the README real commands."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from isocourse.doors.cli.main import app
from tests import shipped
from tests.shipped import LIBRARY

ROOT = Path(__file__).resolve().parents[2]
STORIES = shipped.stories()


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_rule_has_a_hazard() -> None:
    named = set(re.findall(r"`([a-z_]+)`", _text("docs/hazards.md")))
    assert sorted(set(LIBRARY.rules) - named) == []


def test_hazards_name_only_rules_tasks_and_tests_that_exist() -> None:
    text = _text("docs/hazards.md")
    rows = [line for line in text.splitlines() if line.startswith("| H")]
    known = set(LIBRARY.rules) | set(LIBRARY.tasks)
    for row in rows:
        rules, tests = row.split("|")[6], row.split("|")[7]
        assert set(re.findall(r"`([a-z_0-9]+)`", rules)) <= known, row
        for name in re.findall(r"`(tests/[^` ]+)`", tests):
            assert (ROOT / name).exists(), f"{name} in {row}"
        for name in re.findall(r"`((?:us|uk|eu)_[a-z0-9_]+)`", tests):
            assert name in STORIES, f"story {name} in {row}"
    assert len(rows) >= 14


def test_every_command_is_in_the_readme() -> None:
    readme = _text("README.md")
    named = app.registered_commands
    assert len(named) > 10
    for command in named:
        name = command.name or (command.callback.__name__ if command.callback else "")
        assert name in ("demo", "docs") or f"isocourse {name}" in readme, name
    for group in app.registered_groups:
        assert not isinstance(group.name, str) or f"isocourse {group.name}" in readme


def test_the_readmes_example_runs(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, ["assess", "examples/us_whole_month_2.json", "--on", "2026-03-11"])
    assert result.exit_code == 0
    shown = _text("README.md").split("```")[5]
    for line in shown.strip().splitlines():
        if "..." not in line:
            assert line.strip() in result.output, line


def test_links_in_the_docs_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{target} in {page.relative_to(ROOT)}"


def test_no_file_is_longer_than_one_can_read_in_a_sitting() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): count
        for path in (ROOT / "src").rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 420 and "migrations" not in path.parts
    }
    assert long.keys() <= {"src/isocourse/record/events.py"}, long
