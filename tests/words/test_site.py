"""The handbook as web pages: whole, linked, searchable, and with nothing from another host."""

from __future__ import annotations

import json
import re

from isocourse.engine.examples import load_stories
from isocourse.engine.load import load_library
from isocourse.words.handbook import handbook_pages
from isocourse.words.site import site

LIBRARY = load_library()
PAGES = site(handbook_pages(LIBRARY, load_stories(LIBRARY)))


def _entries() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(PAGES["search.js"].split(" = ", 1)[1].split(";\nconst box", 1)[0])
    return found


def test_every_link_leads_to_a_page_of_the_site() -> None:
    for name, text in PAGES.items():
        if name.endswith(".html"):
            targets = set(re.findall(r'(?:href|src)="([^"#]+)"', text))
            assert targets and targets <= set(PAGES), (name, targets - set(PAGES))


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
