"""`isocourse protocol`: check, show, lint, impact."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isocourse.doors.cli.printing import print_lines, say
from isocourse.engine import model as m
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.examples import load_stories
from isocourse.engine.lint import lint
from isocourse.engine.load import edition_is_current, load_library
from isocourse.errors import InputError, ProtocolError
from isocourse.plan.examples import Editions, mismatches, rules_seen
from isocourse.plan.impact import Case, Impact, compare, same_rules
from isocourse.record.dates import iso
from isocourse.record.record import write_record
from isocourse.simulate.clinic import clinic_of
from isocourse.simulate.course import course, courses
from isocourse.words.impact import MADE_UP, impact_data, impact_lines
from isocourse.words.page import Line
from isocourse.words.show import overview, show

BEFORE_ANY_REVIEW = 1  # a day on which no review is due yet


def check_protocol() -> bool:
    """Load, compile, run the examples, look for what nothing reads or no example shows; print what is wrong. True when
    all is well. Reviews that are due depend on the day: `lint` looks at those."""
    library = load_library()
    for programme in library.programmes:
        edition_of(library, programme).run  # noqa: B018 - compiling is the check
    stories = load_stories(library)
    editions = Editions(library)
    wrong = [line for story in stories.values() for line in mismatches(editions, story)]
    for line in wrong:
        say(line, error=True)
    seen = rules_seen(editions, stories.values())
    weak = [remark for remark in lint(library, BEFORE_ANY_REVIEW, seen) if remark.serious]
    for remark in weak:
        say(f"{remark.where}: {remark.says}", error=True)
    current = edition_is_current()
    if not current:
        say(f"edition.yaml names other content; if the change is meant, write: content: {library.content}", error=True)
    expectations = sum(len(story.expectations) for story in stories.values())
    say(
        f"edition {library.name}-{library.content}: {len(library.rules)} rules, {len(library.facts)} facts, "
        f"{len(library.values)} values, {len(library.sources)} sources, {len(library.programmes)} programmes; "
        f"{len(stories)} examples with {expectations} expectations, {len(wrong)} of them not met"
    )
    return current and not wrong and not weak


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


# --- two editions over synthetic courses ----------------------------------------------------------
@dataclass(frozen=True)
class Told:
    """An edition as it was asked for: OLD or NEW, what it is called, and the adoptions told with it."""

    which: str
    library: m.Library
    adopted: Mapping[str, int]

    def edition(self, programme: str) -> Edition:
        """One programme of it, with those adoptions that are about this programme. Raises InputError."""
        own = {version.id for version in self.library.programmes[programme].versions}
        try:
            adopted = {name: day for name, day in self.adopted.items() if name in own}
            return edition_of(self.library, programme, adopted)
        except (InputError, ProtocolError) as error:
            raise _of(error, self.which) from None

    def check_adopted(self) -> None:
        """Raises InputError for an adoption that is about no programme at all."""
        known = {version.id for programme in self.library.programmes.values() for version in programme.versions}
        for name in sorted(set(self.adopted) - known):
            raise InputError(f"{name!r} is no version of any programme", where=self.which, allowed=", ".join(known))


@dataclass(frozen=True)
class Courses:
    """Which synthetic courses: how many for each programme, the seed, and the day from which first visits are; None
    for the day on which the newest version of either edition begins."""

    count: int
    seed: int
    first_day: int | None


def told_edition(place: str, adopted: Mapping[str, int], which: str) -> Told:
    """Read the protocol a user names: `this`, or a folder. Raises InputError that says which of the two it was."""
    try:
        library = load_library() if place == "this" else load_library(Path(place))
    except ProtocolError as error:
        raise _of(error, f"{which} ({place})") from None
    if not library.programmes:
        raise InputError(
            "this folder holds no programme",
            where=f"{which} ({place})",
            mend="name the folder that holds edition.yaml, as src/isocourse/protocol",
        )
    told = Told(which, library, adopted)
    told.check_adopted()
    return told


def _of(error: InputError | ProtocolError, which: str) -> InputError:
    where = f"{which}, {error.where}" if error.where else which
    return InputError(error.found, where=where, allowed=error.allowed, mend=error.mend)


def show_impact(
    old: Told, new: Told, programmes: Sequence[str], chosen: Courses, *, as_json: bool, examples: Path | None
) -> None:
    """Run both editions over the same courses, and print who changes and why."""
    both = [name for name in old.library.programmes if name in new.library.programmes]
    for name in programmes:
        if name not in both:
            raise InputError(f"{name!r} is not a programme of both editions", allowed=", ".join(both))
    first_day = chosen.first_day if chosen.first_day is not None else _newest(old, new)
    chosen = Courses(chosen.count, chosen.seed, first_day)
    found = []
    for name in programmes or both:
        before, after = old.edition(name), new.edition(name)
        found.append(compare(before, after, _cases(before, after, chosen)))
        if examples is not None:
            _write_examples(found[-1], chosen, examples)
    alone = [name for name in {**old.library.programmes, **new.library.programmes} if name not in both]
    if as_json:
        _print_data(found, alone, chosen)
    else:
        print_lines(_lines(found, alone, chosen))


def _newest(old: Told, new: Told) -> int:
    """The day on which the newest version of either edition begins, as they are written or as they were adopted."""
    days = [v.from_day for told in (old, new) for p in told.library.programmes.values() for v in p.versions]
    return max([*days, *old.adopted.values(), *new.adopted.values()])


def _cases(old: Edition, new: Edition, chosen: Courses) -> Iterator[Case]:
    """The courses of a clinic that works as the old edition says; none where nothing can differ."""
    assert chosen.first_day is not None
    if same_rules(old, new):
        return
    clinic = clinic_of(old, chosen.first_day)
    for made in courses(clinic, count=chosen.count, seed=chosen.seed, first_day=chosen.first_day):
        yield Case(str(made.number), made.record, tuple((look.day, look.known_at) for look in made.looks))


def _write_examples(impact: Impact, chosen: Courses, folder: Path) -> None:
    """The example course of every group as a record to assess, named by programme and number."""
    assert chosen.first_day is not None
    folder.mkdir(parents=True, exist_ok=True)
    clinic = clinic_of(impact.old, chosen.first_day)
    for number in sorted({int(group.example.course) for group in impact.groups if group.example is not None}):
        made = course(clinic, number, seed=chosen.seed, first_day=chosen.first_day)
        (folder / f"{clinic.programme}-{number}.json").write_bytes(write_record(made.record))


def _lines(found: Sequence[Impact], alone: Sequence[str], chosen: Courses) -> Iterator[Line]:
    yield Line("headline", 0, "Two editions over synthetic courses: who changes, and why")
    assert chosen.first_day is not None
    each = f"{chosen.count:,} courses for each programme, seed {chosen.seed}"
    yield Line("quiet", 0, f"{each}, first visits from {iso(chosen.first_day)} on. {MADE_UP}")
    for impact in found:
        yield from impact_lines(impact, "OLD", "NEW")
    if alone:
        yield Line("item", 0, f"In one edition only, so not compared: {', '.join(alone)}")


def _print_data(found: Sequence[Impact], alone: Sequence[str], chosen: Courses) -> None:
    assert chosen.first_day is not None
    content: dict[str, Any] = {
        "isocourse_impact": "1",
        "says": MADE_UP,
        "seed": chosen.seed,
        "courses": chosen.count,
        "first_day": iso(chosen.first_day),
        "programmes": [impact_data(impact) for impact in found],
        "not_compared": list(alone),
    }
    say(json.dumps(content, indent=2, ensure_ascii=False))
