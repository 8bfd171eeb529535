"""`isocourse glossary`: words that patients and staff meet, on the command line."""

from __future__ import annotations

from isocourse.doors.cli.printing import print_lines
from isocourse.engine.knowledge import open_shelf
from isocourse.errors import InputError
from isocourse.words.glossary import list_lines, look_up, near, read_terms, term_lines

MANY = 3  # more than these are shown as a list


def show_words(asked: str) -> None:
    """Every word when none is asked for; otherwise those found in full, or as a list where they are many.

    Raises InputError when there is none, with words that look alike.
    """
    shelf = open_shelf()
    terms = read_terms(shelf)
    found = look_up(terms, asked)
    if asked and not found:
        alike = near(terms, asked)
        raise InputError(
            f"no word of the glossary is spelled {asked[:60]!r}, and none says it",
            mend=f"did you mean {' or '.join(alike)}?" if alike else "`isocourse glossary` alone lists every word",
        )
    if not asked or len(found) > MANY:
        print_lines(list_lines({term.word: term for term in found} if asked else terms))
        return
    for term in found:
        print_lines(term_lines(term, shelf.sources))
