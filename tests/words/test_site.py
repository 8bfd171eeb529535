"""The handbook as web pages: whole, linked, searchable, and with nothing from another host."""

from __future__ import annotations

import json
import re
from functools import cache

from isocourse.engine.examples import Story
from isocourse.engine.knowledge import open_shelf
from isocourse.engine.read_evidence import read_claims
from isocourse.engine.read_plain import read_pages
from isocourse.plan.examples import Editions, examples_of_rules
from isocourse.words.handbook import handbook_pages
from isocourse.words.handbook_evidence import evidence_pages
from isocourse.words.site import site
from tests import shipped
from tests.shipped import LIBRARY


@cache
def shown() -> dict[str, dict[bool, list[tuple[Story, int]]]]:
    return examples_of_rules(Editions(LIBRARY), shipped.stories().values())


@cache
def pages() -> dict[str, str]:
    shelf = open_shelf()
    claims = read_claims(shelf, rules=LIBRARY.rules, topics=LIBRARY.topics)
    evidence = evidence_pages(claims, read_pages(shelf, claims), shelf.sources)
    return site({**handbook_pages(LIBRARY, shipped.stories(), shown()), **evidence})


def _entries() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(pages()["search.js"].split(" = ", 1)[1].split(";\nconst box", 1)[0])
    return found


def test_every_link_leads_to_a_page_of_the_site() -> None:
    for name, text in pages().items():
        if name.endswith(".html"):
            targets = re.findall(r'(?:href|src)="([^"#]*)(?:#([^"]*))?"', text)
            assert targets
            for page, anchor in targets:
                assert not page or page in pages(), (name, page)
                assert not anchor or f'id="{anchor}"' in pages()[page or name], (name, page, anchor)


def test_nothing_comes_from_another_host() -> None:
    for name, text in pages().items():
        assert not re.search(r'(?:href|src)="(?:https?:)?//|@import|url\(', text), name


def test_the_search_knows_every_rule_and_where_it_stands() -> None:
    entries = _entries()
    for rule in LIBRARY.rules.values():
        hits = [entry for entry in entries if rule.id in entry["text"].split() or f"`{rule.id}`" in entry["text"]]
        assert any(f'id="{hit["anchor"]}"' in pages()[hit["page"]] for hit in hits), rule.id


def test_markup_in_the_protocol_is_shown_and_not_run() -> None:
    made = site({"index.md": "# A <script>alert(1)</script>\n\n</script> `<b>`\n"})
    assert "<script>alert" not in made["index.html"]
    assert "</script>" not in made["search.js"].split(";\nconst box", 1)[0]


def test_every_rule_shows_an_example_on_both_sides() -> None:
    for rule in LIBRARY.rules.values():
        for side in (True, False):
            assert shown()[rule.id][side], (rule.id, side)


def test_every_rule_shows_its_limits_with_their_numbers() -> None:
    page = pages()["mood.html"]
    entry = page.split("<code>depression_review</code>", 1)[1].split("<h3", 1)[0]
    assert "<code>depression_review_from</code>" in entry
    assert "<strong>10, clinic policy (us, uk, eu" in entry
    assert "from 2021-12-13" in entry
    assert "Kroenke" in entry
