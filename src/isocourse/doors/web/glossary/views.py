"""The page of words."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.engine.knowledge import open_shelf
from isocourse.words.glossary import bare, by_subject, read_terms


def words(request: HttpRequest) -> HttpResponse:
    """Every word, by subject."""
    return render(request, "glossary/glossary.html", _shown(get_language() or ""))


@cache
def _shown(language: str) -> dict[str, Any]:
    """The terms with their spellings in the reader's language, each once; `names` is what the search compares."""
    shelf = open_shelf()
    terms = read_terms(shelf)
    groups = []
    for title, each in by_subject(terms):
        rows = []
        for term in each:
            shown = said(term.word)
            also = [name for name in dict.fromkeys(map(said, term.also)) if name != shown]
            names = dict.fromkeys(map(bare, (shown, term.word, *also, *term.also)))
            see = [terms[word] for word in term.see]
            sources = [shelf.sources[source] for source in term.sources]
            rows.append({"term": term, "also": also, "names": "|".join(names), "see": see, "sources": sources})
        groups.append({"title": title, "rows": rows})
    return {"groups": groups, "many": len(terms)}
