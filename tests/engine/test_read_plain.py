"""The reader of the plain pages: it takes the shipped ones, and every section has its sources."""

from __future__ import annotations

import re

import pytest

from isocourse.engine import model as m
from isocourse.engine.documents import parse_document
from isocourse.engine.knowledge import open_shelf
from isocourse.engine.read_evidence import figures_in, figures_of, read_claims
from isocourse.engine.read_plain import PlainPage, read_page, read_pages
from isocourse.errors import ProtocolError
from tests.shipped import LIBRARY

SHELF = open_shelf()
CLAIMS = read_claims(SHELF, rules=LIBRARY.rules, topics=LIBRARY.topics)
PAGES = read_pages(SHELF, CLAIMS)
SOURCES = {"s1": m.Source("s1", "A study", "A journal", "doi 10.1/x", "2020", "abstract", "x, line 1")}
ENTRY = """
- page: one
  title: One
  says: About one.
  sections:
    - {title: First, says: [A sentence.], points: [A point.], claims: [a_claim], sources: [s1]}
"""


def read(text: str) -> PlainPage:
    [part] = parse_document(text.encode(), "plain/x.yaml").items()
    return read_page(part, SOURCES, {"a_claim": None})


def test_a_page_is_read_with_its_sections() -> None:
    page = read(ENTRY)
    [section] = page.sections
    assert (page.id, section.says, section.points, page.sources) == ("one", ("A sentence.",), ("A point.",), ("s1",))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sources: [s1]", "sources: []", "needs a source"),
        ("sources: [s1]", "sources: [s2]", "not allowed here"),
        ("claims: [a_claim]", "claims: [b_claim]", "not allowed here"),
        ("says: [A sentence.]", "says: []", "nothing under it"),
        ("  says: About one.\n", "", "'says' is missing"),
        ("title: First, ", "title: First, colour: red, ", "not known here"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    assert old in ENTRY
    with pytest.raises(ProtocolError, match=re.escape(said)) as refused:
        read(ENTRY.replace(old, new))
    assert re.match(r"plain/x\.yaml, line \d+: ", str(refused.value))


def test_the_pages_that_are_asked_for_are_there() -> None:
    assert set(PAGES) == {"how_it_works", "safe_supply"}
    titles = " ".join(section.title for page in PAGES.values() for section in page.sections)
    for wanted in ("What the medicine does", "Why pregnancy matters", "nowhere else", "may be fake", "already have"):
        assert wanted in titles


def test_a_figure_on_a_plain_page_stands_in_a_claim_that_the_section_names() -> None:
    """But for the length of a course, which its own source gives."""
    known_otherwise = {"4 to 6 months"}
    for page in PAGES.values():
        for section in page.sections:
            values = {value for name in section.claims for value in figures_of(CLAIMS[name])}
            for text in (*section.says, *section.points):
                for phrase in known_otherwise:
                    text = text.replace(phrase, "")
                for figure in figures_in(text):
                    assert figure in values, f"{page.id}, {section.title}: {figure}"
