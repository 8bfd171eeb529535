"""One bad fixture per mistake in a protocol file: each is refused with its place and a way to mend it.

A fixture under `bad/` is one YAML file (its comment `# as:` says where it would stand in a protocol folder) or a
folder laid out like one. Comments at the top of it say what is wrong with it:

    # expect: words that the message must contain      (several allowed)
    # line: 4            the line that must be named; else the line marked `# here`; `none`: there is no file to name
    # programme: us      compile this programme after loading; `# adopted: version=day` and `# on: day` go with it

It is loaded on top of the shipped protocol.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.engine import load, read_rules
from isocourse.engine.edition import edition_of
from isocourse.engine.language import ALLOWED, Scope, Type, check, parse
from isocourse.engine.load import PROTOCOL, load_library
from isocourse.errors import IsocourseError, NotInForce, ProtocolError
from isocourse.record.dates import day_of

BAD = Path(__file__).parent / "bad"
HEAD = re.compile(r"# (expect|line|programme|adopted|on|as): (.*)")


@dataclass
class Fixture:
    """What the comments of one fixture say, and its files by their place in a protocol folder."""

    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)
    marked: tuple[str, int] | None = None

    def add(self, path: Path, place: str | None) -> None:
        content = path.read_bytes()
        heads = (HEAD.match(line) for line in content.decode().splitlines())
        comments = [(str(head[1]), str(head[2])) for head in heads if head is not None]
        for key, words in comments:
            self.said.setdefault(key, []).append(words)
        standing = place if place is not None else dict(comments)["as"]
        self.files[standing] = content
        for number, text in enumerate(content.decode().splitlines(), start=1):
            if text.endswith("# here"):
                assert self.marked is None, f"{path}: two lines are marked"
                self.marked = (standing, number)

    def one(self, key: str) -> str | None:
        return self.said[key][0] if key in self.said else None


def read_fixture(path: Path) -> Fixture:
    fixture = Fixture(path.stem)
    if path.is_dir():
        for part in sorted(path.rglob("*.yaml")):
            fixture.add(part, part.relative_to(path).as_posix())
    else:
        fixture.add(path, None)
    return fixture


FIXTURES = [read_fixture(path) for path in sorted(BAD.iterdir())]


@pytest.fixture(scope="module", autouse=True)
def parse_once() -> Iterator[None]:
    """Every fixture is loaded on top of the same shipped files; parsing their conditions once is enough."""
    with pytest.MonkeyPatch.context() as patch:
        known = lru_cache(maxsize=None)(parse)
        patch.setattr(load, "parse", known)
        patch.setattr(read_rules, "parse", known)
        yield


def test_every_fixture_is_collected() -> None:
    collected = sum(len(fixture.files) for fixture in FIXTURES)
    assert collected == len([path for path in BAD.rglob("*") if path.is_file()])
    assert len(FIXTURES) >= 150
    for fixture in FIXTURES:
        assert fixture.said.get("expect"), f"{fixture.name} says nothing it expects"
        assert fixture.marked is not None or fixture.one("line"), f"{fixture.name} marks no line"


def provoke(fixture: Fixture, folder: Path) -> IsocourseError:
    """Load the fixture on top of the shipped protocol, ask what it says to ask, and give the error."""
    for place, content in fixture.files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with pytest.raises(IsocourseError) as caught:
        library = load_library(PROTOCOL, folder)
        programme = fixture.one("programme")
        assert programme is not None, "nothing was refused"
        adopted = [text.split("=") for text in fixture.said.get("adopted", [])]
        edition = edition_of(library, programme, {version: day_of(day) for version, day in adopted})
        edition.check_in_force(day_of(fixture.one("on") or "2026-11-23"))
    return caught.value


@pytest.mark.parametrize("fixture", FIXTURES, ids=[fixture.name for fixture in FIXTURES])
def test_a_mistake_is_named_with_its_place_and_its_mend(fixture: Fixture, tmp_path: Path) -> None:
    error = provoke(fixture, tmp_path / "mine")
    text = str(error)
    for words in fixture.said["expect"]:
        assert words in text
    assert error.mend or error.allowed
    assert "To mend: " in text or "Allowed: " in text
    assert len(text) < 3000
    if fixture.one("line") == "none":
        return
    assert type(error) is ProtocolError
    if fixture.one("line") is not None:
        (place,) = fixture.files
        line = int(fixture.said["line"][0])
    else:
        assert fixture.marked is not None
        place, line = fixture.marked
    assert error.where == f"mine/{place}, line {line}"


# --- what no fixture can hold ---------------------------------------------------------------------
def overlay(folder: Path, place: str, content: bytes) -> Path:
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"- says: caf\xe9\n", "line 1: it is not UTF-8 text"),
        (b"- says: x\n  why: caf\xe9\n", "line 2: it is not UTF-8 text"),
        ("- says: ja\n".encode("utf-16"), "it is not UTF-8 text"),
        (b"- says: a\x00b\n", "line 1: this is not YAML"),
        (b"- says: x\n- says: a\x1bb\n", "line 2: this is not YAML"),
        (b"# " + b"x" * 2_000_001, "at most 2000000 bytes"),
        (b"[" * 100_000, "nested more than 32 deep"),
        (b"- " * 100_000, "nested more than 32 deep"),
        (b"{a: " * 50_000, "nested more than 32 deep"),
        (b"", "the file is empty"),
        (b"\n\n# only a comment\n", "the file is empty"),
        (b"---\n", "a list is wanted here"),
    ],
    ids=["latin-1", "latin-1 later", "utf-16", "null byte", "escape", "large", "[", "-", "{", "none", "comment", "---"],
)
def test_what_is_no_text_or_no_yaml_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        load_library(PROTOCOL, overlay(tmp_path / "mine", "rules/supply.yaml", content))
    assert words in str(caught.value)
    assert caught.value.where.startswith("mine/rules/supply.yaml, line ")
    assert caught.value.mend or caught.value.allowed


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="this is no folder") as caught:
        load_library(PROTOCOL, tmp_path / "absent")
    assert caught.value.mend


def test_a_first_folder_without_edition_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match=r"edition\.yaml") as caught:
        load_library(tmp_path)
    assert caught.value.mend


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"edition: x\n", "'content' is missing"),
        (b"edition: x\ncontent: y\nnote: z\nmore: 1\n", "'more' is not known here"),
        (b"- edition\n", "a map is wanted here"),
    ],
)
def test_a_bad_edition_file_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        load_library(overlay(tmp_path, "edition.yaml", content))
    assert words in str(caught.value)
    assert caught.value.where.startswith("edition.yaml, line ")
    assert caught.value.mend or caught.value.allowed


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"- {topic: supply, title: Again, says: Again}\n", "'supply' is declared twice"),
        (b"- {topic: nails, title: Nails}\n", "'says' is missing"),
    ],
)
def test_a_bad_topic_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        load_library(PROTOCOL, overlay(tmp_path / "mine", "topics.yaml", content))
    assert words in str(caught.value)
    assert "topics.yaml, line 1" in caught.value.where
    assert caught.value.mend


def test_not_in_force_is_an_error_of_its_own() -> None:
    edition = edition_of(load_library(), "us")
    edition.check_in_force(day_of("2021-12-13"))
    with pytest.raises(NotInForce, match="2021-12-13 or later"):
        edition.check_in_force(day_of("2021-12-12"))


NAMES = {
    "a": Type("truth"),
    "d": Type("day"),
    "n": Type("days"),
    "k": Type("code", frozenset({"x", "y"})),
    "ks": Type("codes", frozenset({"x"})),
}
WORDS = st.sampled_from(
    [
        "a",
        "d",
        "n",
        "k",
        "ks",
        "AND",
        "OR",
        "NOT",
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "BETWEEN",
        "IN",
        "(",
        ")",
        ",",
        "'x'",
        "'z'",
        "0",
        "1",
        "1.5",
        "+",
        "-",
        "*",
        "/",
        "%",
        "TRUE",
        "FALSE",
        "NULL",
        "IS",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "ADD_MONTHS",
        "LEAST",
        "GREATEST",
        "COALESCE",
        ".",
        ";",
        "--",
        "/*",
        "*/",
        '"',
        "[",
        "]",
        "{",
        "}",
        ":",
        "::",
        "?",
        "$",
        "@",
        "#",
        "||",
        "LIKE",
        "EXISTS",
        "SELECT",
        "FROM",
    ]
)


@given(st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=14).map(" ".join)), st.booleans(), st.booleans())
def test_any_text_is_an_expression_or_a_protocol_error(text: str, arithmetic: bool, asks: bool) -> None:
    try:
        tree = parse(text, "file, line 1")
        kind = check(tree, Scope(NAMES, "file, line 1", arithmetic=arithmetic, asks=asks)).kind
    except ProtocolError as error:
        assert error.where == "file, line 1"
        assert error.mend or error.allowed
    else:
        assert kind in ("day", "days", "months", "number", "truth", "code", "codes")
        assert ALLOWED
