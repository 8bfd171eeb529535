"""The shelf of what is said and never decides: what it opens, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from isocourse.engine.knowledge import KNOWLEDGE, SUBJECTS, cited, open_shelf
from isocourse.errors import ProtocolError

SOURCE = "- {source: s1, title: T, publisher: P, at: here, dated: '2026', read: in full}\n"


def shelf_of(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_the_shipped_shelf_opens_and_may_cite_the_protocol() -> None:
    shelf = open_shelf()
    assert {"know-policy", "after-ng198"} <= set(shelf.sources) and "us" in shelf.programmes
    assert {path.name for path in KNOWLEDGE.iterdir()} <= {"sources", *SUBJECTS}


def test_entries_come_with_their_place_and_their_sources(tmp_path: Path) -> None:
    root = shelf_of(
        tmp_path, sources__x=SOURCE, plain__a="- {id: one, sources: [s1]}\n", plain__b="- {id: two, sources: []}\n"
    )
    shelf = open_shelf(root)
    one, two = shelf.entries("plain")
    assert [part.where for part in (one, two)] == ["plain/a.yaml, line 1", "plain/b.yaml, line 1"]
    assert [part.where for part in shelf.entries("plain", "b")] == ["plain/b.yaml, line 1"]
    assert cited(one.fields(needed=("id", "sources"))["sources"], shelf.sources) == ("s1",)
    with pytest.raises(ProtocolError, match="needs a source"):
        cited(two.fields(needed=("id", "sources"))["sources"], shelf.sources)


def test_a_file_that_nothing_reads_or_a_source_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="nothing reads this file"):
        open_shelf(shelf_of(tmp_path / "a", evidense__x=SOURCE))
    with pytest.raises(ProtocolError, match="declared twice"):
        open_shelf(shelf_of(tmp_path / "b", sources__x=SOURCE + SOURCE))
    with pytest.raises(ProtocolError, match="no folder"):
        open_shelf(tmp_path / "c")
