"""`isocourse evidence`: the evidence library on the command line."""

from __future__ import annotations

import sys

from isocourse.doors.cli.printing import print_lines
from isocourse.engine import model as m
from isocourse.engine.knowledge import open_shelf
from isocourse.engine.read_evidence import read_claims
from isocourse.errors import InputError
from isocourse.words.evidence import claim_lines, claims_json, found_lines, list_lines
from isocourse.words.evidence_search import near, search


def show_evidence(library: m.Library, words: str, *, as_json: bool) -> None:
    """Every claim when nothing is asked; one in full when it is the only one found; else those found, with why.

    Raises InputError when nothing is found, with claims that sound alike.
    """
    shelf = open_shelf()
    claims = read_claims(shelf, rules=library.rules, topics=library.topics)
    hits = search(claims, words) if words else []
    if words and not hits:
        alike = near(claims, words)
        did_you_mean = f"did you mean {' or '.join(alike)}? Or " if alike else ""
        raise InputError(
            f"no claim is about {words[:60]!r}",
            mend=f"{did_you_mean}try other words; `isocourse evidence` alone lists every claim",
        )
    chosen = [hit.claim for hit in hits] if words else list(claims.values())
    if as_json:
        sys.stdout.write(claims_json(chosen, shelf.sources).decode() + "\n")
    elif not words:
        print_lines(list_lines(claims))
    elif len(chosen) == 1:
        print_lines(claim_lines(chosen[0], shelf.sources))
    else:
        print_lines(found_lines(hits, words))
