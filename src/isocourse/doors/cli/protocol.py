"""`isocourse protocol`: check, show, lint."""

from __future__ import annotations

from isocourse.doors.cli.printing import print_lines, say
from isocourse.engine import model as m
from isocourse.engine.edition import edition_of
from isocourse.engine.examples import load_stories
from isocourse.engine.lint import lint
from isocourse.engine.load import edition_is_current, load_library
from isocourse.errors import InputError
from isocourse.plan.examples import Editions, mismatches, rules_seen
from isocourse.words.show import overview, show


def check_protocol() -> bool:
    """Load, compile, run the examples; print what is wrong. True when all is well."""
    library = load_library()
    for programme in library.programmes:
        edition_of(library, programme).run  # noqa: B018 - compiling is the check
    stories = load_stories(library)
    editions = Editions(library)
    wrong = [line for story in stories.values() for line in mismatches(editions, story)]
    for line in wrong:
        say(line, error=True)
    current = edition_is_current()
    if not current:
        say(f"edition.yaml names other content; if the change is meant, write: content: {library.content}", error=True)
    expectations = sum(len(story.expectations) for story in stories.values())
    say(
        f"edition {library.name}-{library.content}: {len(library.rules)} rules, {len(library.facts)} facts, "
        f"{len(library.values)} values, {len(library.sources)} sources, {len(library.programmes)} programmes; "
        f"{len(stories)} examples with {expectations} expectations, {len(wrong)} of them not met"
    )
    return current and not wrong


def show_protocol(library: m.Library, name: str | None, programme: str, *, python: bool) -> None:
    """Print what stands under a name."""
    if python:
        edition = edition_of(library, programme)
        say(f"{edition.source}\n\n{edition.later_source[0]}")
    elif name is None:
        print_lines(overview(library))
    else:
        lines = list(show(library, name))
        if not lines:
            raise InputError(f"nothing is called {name!r}", mend="isocourse protocol show lists what there is")
        print_lines(lines)


def lint_protocol(library: m.Library, on: int) -> bool:
    """Print remarks; True when none of them is serious."""
    stories = load_stories(library)
    remarks = list(lint(library, on, rules_seen(Editions(library), stories.values())))
    for remark in sorted(remarks, key=lambda remark: not remark.serious):
        say(f"{'!' if remark.serious else '-'} {remark.where}: {remark.says}")
    serious = sum(remark.serious for remark in remarks)
    say(f"{serious} to mend, {len(remarks) - serious} to know")
    return not serious
