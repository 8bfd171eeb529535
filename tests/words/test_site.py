"""The handbook as web pages: whole, linked, searchable, and with nothing from another host."""

from __future__ import annotations

import json
import re

from isocourse.engine.examples import load_stories
from isocourse.engine.load import load_library
from isocourse.plan.examples import Editions, examples_of_rules
from isocourse.words.handbook import handbook_pages
from isocourse.words.site import site

LIBRARY = load_library()
STORIES = load_stories(LIBRARY)
SHOWN = examples_of_rules(Editions(LIBRARY), STORIES.values())
PAGES = site(handbook_pages(LIBRARY, STORIES, SHOWN))


def _entries() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(PAGES["search.js"].split(" = ", 1)[1].split(";\nconst box", 1)[0])
    return found


def test_every_link_leads_to_a_page_of_the_site() -> None:
    for name, text in PAGES.items():
        if name.endswith(".html"):
            targets = re.findall(r'(?:href|src)="([^"#]*)(?:#([^"]*))?"', text)
            assert targets
            for page, anchor in targets:
                assert not page or page in PAGES, (name, page)
                assert not anchor or f'id="{anchor}"' in PAGES[page or name], (name, page, anchor)


def test_nothing_comes_from_another_host() -> None:
    for name, text in PAGES.items():
        assert not re.search(r'(?:href|src)="(?:https?:)?//|@import|url\(', text), name


def test_the_search_knows_every_rule_and_where_it_stands() -> None:
    entries = _entries()
    for rule in LIBRARY.rules.values():
        hits = [entry for entry in entries if rule.id in entry["text"].split() or f"`{rule.id}`" in entry["text"]]
        assert any(f'id="{hit["anchor"]}"' in PAGES[hit["page"]] for hit in hits), rule.id


def test_markup_in_the_protocol_is_shown_and_not_run() -> None:
    made = site({"index.md": "# A <script>alert(1)</script>\n\n</script> `<b>`\n"})
    assert "<script>alert" not in made["index.html"]
    assert "</script>" not in made["search.js"].split(";\nconst box", 1)[0]


def test_every_rule_shows_an_example_on_both_sides() -> None:
    for rule in LIBRARY.rules.values():
        for side in (True, False):
            assert SHOWN[rule.id][side], (rule.id, side)


def test_every_rule_shows_its_limits_with_their_numbers() -> None:
    page = PAGES["mood.html"]
    entry = page.split("<code>depression_review</code>", 1)[1].split("<h3", 1)[0]
    assert "<code>depression_review_from</code>" in entry
    assert "<strong>10, clinic policy (us, uk, eu" in entry
    assert "from 2021-12-13" in entry
    assert "Kroenke" in entry
