"""The glossary: words that patients and staff meet on the way, read from `knowledge/glossary`, found, and shown.

    terms = read_terms(open_shelf())
    found = look_up(terms, "b.i.d.")

A term has its other spellings, a meaning in plain words, a fuller one for the team, and what it must not be confused
with. It explains and never tells what to do: that is a rule's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from msgspec import Struct

from isocourse.engine import model as m
from isocourse.engine.documents import Part
from isocourse.engine.knowledge import Shelf, cited
from isocourse.words.handbook_text import slug
from isocourse.words.page import Line

NEEDED = ("word", "also", "subject", "plain", "fuller", "sources")
OPTIONAL = ("not_to_confuse", "see")
SUBJECTS: Mapping[str, str] = {
    "prescription": "On a prescription",
    "dose": "Doses",
    "laboratory": "Blood tests",
    "pregnancy": "Pregnancy and contraception",
    "programmes": "Programmes and forms",
    "effects": "Unwanted effects",
    "skin": "Acne, marks and scars",
    "course": "The course",
    "care": "Skin care",
    "photographs": "Photographs",
    "isocourse": "What isocourse says",
}


class Term(Struct, frozen=True):
    """A word: `plain` is for patients, `fuller` for the team; `see` names other words; `anchor` is its place on a
    page."""

    word: str
    also: tuple[str, ...]
    subject: str
    plain: str
    fuller: str
    not_to_confuse: str
    see: tuple[str, ...]
    sources: tuple[str, ...]
    anchor: str


def read_terms(shelf: Shelf) -> dict[str, Term]:
    """Every term by its word, in the order of the subjects. Raises ProtocolError with file and line at an unknown key,
    an empty field, a word that stands twice, or one under `see` that there is not."""
    found: dict[str, Term] = {}
    parts: dict[str, Part] = {}
    for part in shelf.entries("glossary"):
        term = read_term(part, shelf.sources)
        if term.word in found or term.anchor in {each.anchor for each in found.values()}:
            raise part.error(f"the word {term.word!r} stands twice", mend="put both into one entry")
        found[term.word], parts[term.word] = term, part
    for term in found.values():
        missing = [word for word in term.see if word not in found or word == term.word]
        if missing:
            near = get_close_matches(missing[0], found, n=1)
            raise parts[term.word].error(
                f"{term.word!r} says to see {missing[0]!r}, which is no other word here",
                mend=f"did you mean {near[0]!r}?" if near else "name a word of the glossary",
            )
    return dict(sorted(found.items(), key=lambda each: list(SUBJECTS).index(each[1].subject)))


def read_term(part: Part, sources: Mapping[str, m.Source]) -> Term:
    """One entry of knowledge/glossary. Raises ProtocolError with file and line."""
    fields = part.fields(needed=NEEDED, optional=OPTIONAL)
    word = fields["word"].text()
    also = fields["also"].texts()
    spelled = [each.casefold() for each in (word, *also)]
    if len(set(spelled)) < len(spelled):
        raise fields["also"].error("a spelling stands twice", mend="write each once, the word itself not again")
    return Term(
        word=word,
        also=also,
        subject=fields["subject"].one_of(SUBJECTS),
        plain=fields["plain"].text(),
        fuller=fields["fuller"].text(),
        not_to_confuse=fields.get("not_to_confuse", Part.text, ""),
        see=fields.get("see", Part.texts, ()),
        sources=cited(fields["sources"], sources),
        anchor=slug(word),
    )


def look_up(terms: Mapping[str, Term], asked: str) -> list[Term]:
    """The terms that are spelled so; where there is none those that begin so; then those that say it anywhere."""
    wanted = bare(asked)
    if not wanted:
        return []
    every = list(terms.values())
    same = [term for term in every if wanted in map(bare, (term.word, *term.also))]
    begun = [term for term in every if any(bare(each).startswith(wanted) for each in (term.word, *term.also))]
    within = [term for term in every if wanted in bare(" ".join((term.word, *term.also, term.plain, term.fuller)))]
    return same or begun or within


def bare(text: str) -> str:
    """Letters, digits and single spaces in small letters: "b.i.d." is "bid", "ice-pick" is "icepick"."""
    return " ".join(re.sub(r"[^\w\s/]", "", text.casefold()).split())


def near(terms: Mapping[str, Term], asked: str) -> list[str]:
    """Words that look alike, for whoever mistyped one."""
    by_spelling = {bare(each): term.word for term in terms.values() for each in (term.word, *term.also)}
    return list(dict.fromkeys(by_spelling[each] for each in get_close_matches(bare(asked), by_spelling, n=3)))


def by_subject(terms: Mapping[str, Term]) -> list[tuple[str, list[Term]]]:
    """The terms under the headings of their subjects."""
    return [
        (title, [term for term in terms.values() if term.subject == subject]) for subject, title in SUBJECTS.items()
    ]


# --- on the command line
def term_lines(term: Term, sources: Mapping[str, m.Source]) -> Iterator[Line]:
    """One term in full."""
    yield Line("headline", 0, term.word)
    yield Line("quiet", 0, f"also: {', '.join(term.also)}")
    yield Line("item", 0, term.plain)
    yield Line("section", 0, "For the team")
    yield Line("item", 0, term.fuller)
    if term.not_to_confuse:
        yield Line("item", 0, f"Do not confuse with: {term.not_to_confuse}")
    if term.see:
        yield Line("quiet", 0, f"See also: {', '.join(term.see)}")
    yield Line("quiet", 0, f"From: {'; '.join(sources[each].title for each in term.sources)}")


def list_lines(terms: Mapping[str, Term]) -> Iterator[Line]:
    """Every word with its plain meaning, by subject."""
    for title, each in by_subject(terms):
        yield Line("section", 0, title)
        for term in each:
            yield Line("item", 1, f"- {term.word}: {term.plain}")


# --- in the handbook
def glossary_page(terms: Mapping[str, Term], sources: Mapping[str, m.Source]) -> Sequence[str]:
    """The glossary as Markdown lines."""
    lines = [
        "# Words",
        "",
        f"{len(terms)} words that patients and staff meet. They explain; what to do is a rule's.",
        "",
    ]
    for title, each in by_subject(terms):
        lines += [f"## {title}", ""]
        for term in each:
            lines += [f"### {term.word}", "", f"Also: {', '.join(term.also)}", "", term.plain, ""]
            lines += [f"For the team: {term.fuller}", ""]
            lines += [f"Do not confuse with: {term.not_to_confuse}", ""] if term.not_to_confuse else []
            if term.see:
                lines += [f"See also: {', '.join(f'[{word}](#{terms[word].anchor})' for word in term.see)}", ""]
            lines += [f"From: {'; '.join(sources[source].title for source in term.sources)}", ""]
    return lines
