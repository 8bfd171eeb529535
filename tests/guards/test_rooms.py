"""What the import rules cannot see: pure rooms ask no clock and open no file, and nothing names this machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "isocourse"
# The protocol folder, the face model and the layout of a PDF are read by these alone (docs/house.md).
READ_FILES = {
    "engine/load.py", "engine/documents.py", "engine/examples.py", "engine/knowledge.py", "skin/face_model.py",
    "simulate/faces/mesh.py", "words/skin_report/paper.py",
}  # fmt: skip
SEALS_FILES = {"store/vault.py"}  # the photographs of the clinic
CLOCK = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}
FILES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "glob", "rglob", "iterdir", "mkdir", "unlink"}
CLOCKS = {"datetime", "date", "time"}


def asks(source: str) -> Iterator[str]:
    """What a piece of code asks of the world: a clock or a file."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name in CLOCK and isinstance(owner, ast.Name) and owner.id in CLOCKS:
            yield f"line {node.lineno}: the clock ({owner.id}.{name})"
        elif name in FILES and not _of_bytes(node):
            yield f"line {node.lineno}: a file ({name})"


def _of_bytes(node: ast.Call) -> bool:
    """`Image.open(io.BytesIO(data))` and the like open what is in memory."""
    return bool(node.args) and isinstance(node.args[0], ast.Call) and ast.unparse(node.args[0].func) == "io.BytesIO"


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_pure_rooms_ask_no_clock_and_open_no_file(path: Path) -> None:
    at = path.relative_to(SOURCE).as_posix()
    if at.startswith("doors/"):
        return
    found = [
        asked
        for asked in asks(path.read_text(encoding="utf-8"))
        if at not in READ_FILES | SEALS_FILES or "clock" in asked
    ]
    assert not found, found


@pytest.mark.parametrize(
    "code", ["datetime.now(zone)", "date.today()", "time.time()", "open(name)", "Image.open(name)"]
)
def test_a_question_to_the_world_would_be_found(code: str) -> None:
    assert list(asks(code))


def test_nothing_committed_names_a_path_of_a_machine() -> None:
    named = re.compile(rb"(?<![\w.~*:/>-])/(?:work|home|root|Users|private|mnt)/[\w.-]+")
    for name in _tracked():
        found = named.search((ROOT / name).read_bytes())
        assert found is None, f"{name}: {found[0].decode() if found else ''}"


def _tracked() -> list[str]:
    """What git tracks; where there is no checkout, the files of the folders that are committed."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        folders = ("src", "tests", "bench", "docs", "examples", "tools", "requirements")
        paths = [path for folder in folders for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
        return [path.relative_to(ROOT).as_posix() for path in paths if path.is_file()]
    return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
