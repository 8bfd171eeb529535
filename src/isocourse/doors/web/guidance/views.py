"""The pages of guidance. What is searched for is sent in the body of a request: an address would keep it."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from isocourse.care.editions import library
from isocourse.engine import model as m
from isocourse.engine.knowledge import open_shelf
from isocourse.engine.read_evidence import Claim, Study, read_claims
from isocourse.engine.read_plain import PlainPage, read_pages
from isocourse.words import evidence as words
from isocourse.words.evidence_search import Hit, near, search

MOST_SOUGHT = 100


class Shelves(NamedTuple):
    """The evidence library, the plain pages and their sources, read once for each process."""

    claims: dict[str, Claim]
    pages: dict[str, PlainPage]
    sources: dict[str, m.Source]


@cache
def shelves() -> Shelves:
    """Raises ProtocolError where the shipped knowledge is broken, which the tests would have found."""
    shelf = open_shelf()
    claims = read_claims(shelf, rules=library().rules, topics=library().topics)
    return Shelves(claims, read_pages(shelf, claims), dict(shelf.sources))


def guidance(request: HttpRequest) -> HttpResponse:
    """What there is."""
    claims = shelves().claims.values()
    return render(
        request,
        "guidance/guidance.html",
        {
            "page": "guidance",
            "subjects": [
                (code, title, sum(claim.subject == code for claim in claims)) for code, title in words.SUBJECTS.items()
            ],
            "many": len(claims),
            "figures": sum(len(claim.numbers) for claim in claims),
            "pages": shelves().pages.values(),
            "popular": sum(claim.popular for claim in claims),
        },
    )


def evidence(request: HttpRequest) -> HttpResponse:
    """Every claim, or those of a subject, an answer, a search."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = {
        "subject": asked.get("subject", "") if asked.get("subject", "") in words.SUBJECTS else "",
        "answer": asked.get("answer", "") if asked.get("answer", "") in words.ANSWERS else "",
        "popular": asked.get("popular", "") == "yes",
    }
    sought = request.POST.get("sought", "").strip()[:MOST_SOUGHT]
    found = [hit for hit in _sought(sought) if _fits(hit.claim, chosen)]
    return render(
        request,
        "guidance/evidence.html",
        {
            "page": "guidance",
            **chosen,
            "sought": sought,
            "found": [(hit.claim, words.because(hit) if hit.because else None) for hit in found],
            "near": [shelves().claims[name] for name in near(shelves().claims, sought)] if sought and not found else [],
            "subjects": words.SUBJECTS,
            "answers": words.ANSWERS,
            "grades": words.GRADES,
        },
    )


def _sought(sought: str) -> list[Hit]:
    """What a search finds; every claim where nothing was sought."""
    claims = shelves().claims
    if sought:
        return search(claims, sought)
    return [Hit(claim, (), 0, 0) for subject in words.SUBJECTS for claim in claims.values() if claim.subject == subject]


def _fits(claim: Claim, chosen: dict[str, Any]) -> bool:
    return (
        chosen["subject"] in ("", claim.subject)
        and chosen["answer"] in ("", claim.answer)
        and (claim.popular or not chosen["popular"])
    )


def evidence_claim(request: HttpRequest, claim: str) -> HttpResponse:
    """One claim in full."""
    claims, _, sources = shelves()
    if claim not in claims:
        raise Http404
    shown = claims[claim]
    return render(
        request,
        "guidance/claim.html",
        {
            "page": "guidance",
            "claim": shown,
            "studies": [_shown(study, sources) for study in shown.studies],
            "see_claims": [claims[name] for name in shown.see_claims],
            "topics": [library().topics[name] for name in shown.see_topics],
            "rules": [library().rules[name] for name in shown.see_rules],
        },
    )


def _shown(study: Study, sources: dict[str, m.Source]) -> dict[str, Any]:
    return {
        "study": study,
        "source": sources[study.source],
        "people": words.people(study),
        "figures": [(number, words.figure(number)) for number in study.numbers],
    }


def plain_page(request: HttpRequest, page: str) -> HttpResponse:
    """A page in plain words."""
    claims, pages, sources = shelves()
    found = pages.get(page)
    if found is None:
        raise Http404
    sections = [
        (section, [claims[name] for name in section.claims], [sources[name] for name in section.sources])
        for section in found.sections
    ]
    return render(request, "guidance/plain.html", {"page": "guidance", "plain": found, "sections": sections})
