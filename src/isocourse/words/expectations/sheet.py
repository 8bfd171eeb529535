"""What to expect, for one person on a day: the weeks, the ranges with what is on record beside them, whom to tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from isocourse.engine.decide import Evaluation
from isocourse.engine.edition import Edition
from isocourse.engine.knowledge import open_shelf
from isocourse.plan.course import course_of
from isocourse.plan.treated import Treated, treated, whole_months
from isocourse.words.expectations.own import Figure, Mark, marks_of
from isocourse.words.expectations.read import read_expectations
from isocourse.words.expectations.shape import Expectation, Known, Share, Unusual, When
from isocourse.words.expectations.stand import STANDS, Standing, range_bounds, standing_of
from isocourse.words.sentence import Sentence, Word, said

Place = Literal["past", "now", "ahead", "not_reached", "not_known"]
PLACES: dict[str, str] = {
    "past": "The time is over",
    "now": "Now",
    "ahead": "Still to come",
    "not_reached": "The course ended before",
    "not_known": "No time is known",
}
TELL: dict[str, str] = {
    "emergency": "Call an ambulance or go to an emergency department now",
    "today": "Tell your clinic today",
    "day_or_two": "Tell your clinic within a day or two",
    "visit": "Tell your clinic at the next visit",
}
# What the rule of the programme says of the capsules, where it says something.
CAPSULES: dict[str, str] = {
    "stop_now": "Take no more capsules before you have spoken with them.",
    "ask_prescriber": "Ask before you take the next capsule.",
}
NOTES = (
    "A range is when studies counted something. It does not say that something is harmless, nor compare people.",
    "Nothing here says why something came, went or changed.",
    "What is not on record is not known. It does not mean that it was not there.",
)
_TELL_ORDER = ("emergency", "today", "day_or_two", "visit")
_WORST_CAPSULES = ("stop_now", "ask_prescriber")
_CAPSULES_ORDER = (*CAPSULES.values(), "")


@dataclass(frozen=True)
class Warning:
    """What would be unusual, with how soon to tell, what the rules say of the capsules, and those rules."""

    says: str
    tell: str
    capsules: str
    rules: tuple[str, ...]

    @property
    def tell_says(self) -> str:
        return TELL[self.tell]


@dataclass(frozen=True)
class Call:
    """What is told as soon, with the same said of the capsules."""

    tell: str
    capsules: str
    warnings: tuple[Warning, ...]

    @property
    def tell_says(self) -> str:
        return TELL[self.tell]


@dataclass(frozen=True)
class Row:
    """One thing to expect beside what is on record of it."""

    entry: Expectation
    place: Place
    marks: tuple[Mark, ...]
    standing: Standing | None
    unusual: tuple[Warning, ...]
    titles: tuple[str, ...]

    @property
    def range_says(self) -> Sentence:
        return range_says(self.entry)

    @property
    def stand_says(self) -> str:
        """Where the entries stand in a few words; empty where nothing is compared. What still has time to fade is not
        called within a range that has not begun."""
        if self.standing is None:
            return ""
        early = self.entry.kind == "fades" and self.place == "ahead" and self.standing.stand == "within"
        return "The range is not over" if early else STANDS[self.standing.stand]

    @property
    def shares(self) -> tuple[Sentence, ...]:
        return tuple(share_says(share) for share in self.entry.shares)


@dataclass(frozen=True)
class Stage:
    """Weeks of treatment in which the same things are to be expected, both included; `last` None to the end. `ends` is
    what was expected until the week before."""

    first: int
    last: int | None
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    goes_on: tuple[str, ...]
    now: bool

    @property
    def says(self) -> Sentence:
        return weeks_says(self.first, self.last)


@dataclass(frozen=True)
class Sheet:
    """Everything of the page. `says` is where the course stands; `remarks` what is not counted in that."""

    clock: Treated
    says: Sentence
    remarks: tuple[Sentence, ...]
    stages: tuple[Stage, ...]
    course: tuple[Row, ...]
    after: tuple[Row, ...]
    any_time: tuple[Warning, ...]
    content: str

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*self.course, *self.after)

    @property
    def calls(self) -> tuple[Call, ...]:
        """What is never a part of this, the most pressing first, with what belongs together together."""
        keys = dict.fromkeys((each.tell, each.capsules) for each in self.any_time)
        return tuple(
            Call(tell, capsules, tuple(w for w in self.any_time if (w.tell, w.capsules) == (tell, capsules)))
            for tell, capsules in keys
        )


@lru_cache(maxsize=4)
def known_of(rules: frozenset[str]) -> Known:
    """The knowledge that comes with isocourse. Raises ProtocolError with file and line."""
    return read_expectations(open_shelf(), rules)


def sheet_of(edition: Edition, evaluation: Evaluation, *, figures: Sequence[Figure] = ()) -> Sheet:
    """What to expect, as of the day of the evaluation. `figures` of photographs are kept beside the record."""
    known = known_of(frozenset(edition.library.rules))
    course = course_of(edition, evaluation)
    clock = treated(course, evaluation.rows)
    over = clock.state == "ended"  # nobody has a next capsule
    by_rule = {rule.id: "" if over else rule.then.capsules for rule in edition.rules}

    def row(entry: Expectation) -> Row:
        marks = marks_of(evaluation, clock, entry.watch, figures)
        return Row(
            entry=entry,
            place=place_of(entry.when, clock),
            marks=_shown(marks, entry.when, clock),
            standing=standing_of(entry, marks, clock),
            unusual=_warnings(entry.unusual, by_rule),
            titles=tuple(known.titles[name] for name in cited_in(entry)),
        )

    return Sheet(
        clock=clock,
        says=_where(clock),
        remarks=tuple(_remarks(clock)),
        stages=stages_of(known.course, clock),
        course=tuple(map(row, known.course)),
        after=tuple(map(row, known.after)),
        any_time=_warnings(known.any_time, by_rule),
        content=known.content,
    )


def _shown(marks: tuple[Mark, ...], when: When | None, clock: Treated) -> tuple[Mark, ...]:
    """Beside what is expected after the last dose stands what is on record since then."""
    if when is None or when.clock == "treated_weeks":
        return marks
    return tuple(mark for mark in marks if clock.after(mark.day) is not None)


def cited_in(entry: Expectation) -> tuple[str, ...]:
    """Every source of an entry once, its own first."""
    of_range = entry.when.sources if entry.when is not None else ()
    return tuple(dict.fromkeys((*entry.sources, *of_range, *(share.source for share in entry.shares))))


def _warnings(unusual: Sequence[Unusual], by_rule: Mapping[str, str]) -> tuple[Warning, ...]:
    """The most pressing first; of the rules only those of the programme."""
    found = [_warning(each, by_rule) for each in unusual]
    return tuple(sorted(found, key=lambda each: (_TELL_ORDER.index(each.tell), _CAPSULES_ORDER.index(each.capsules))))


def _warning(each: Unusual, by_rule: Mapping[str, str]) -> Warning:
    own = tuple(name for name in each.rules if name in by_rule)
    capsules = next((worst for worst in _WORST_CAPSULES if any(by_rule[name] == worst for name in own)), "")
    return Warning(each.says, each.tell, CAPSULES.get(capsules, ""), own)


# --- where the course stands ----------------------------------------------------------------------
def _where(clock: Treated) -> Sentence:
    week = clock.week_now
    if week is None:
        if clock.last_dose is not None:
            return said("The course is over. No capsules are on record.")
        return said("No capsule is on record yet. Weeks count from the first one.")
    match clock.state:
        case "ended":
            return said("The course ended in week {0}.", week)
        case "halted":
            return said("The course was stopped in week {0}.", week)
        case "paused":
            return said("Paused in week {0}. Weeks in a pause do not count.", week)
        case "no_supply":
            return said("Week {0} of treatment. No capsules are on record for today.", week)
        case _:
            return said("Week {0} of treatment.", week)


def _remarks(clock: Treated) -> Iterator[Sentence]:
    without = sum(b[0] - a[1] - 1 for a, b in zip(clock.spans, clock.spans[1:], strict=False))
    if without:
        yield said("Days without a capsule between the first and the last are not counted: {0}.", without)
    if clock.at_least:
        yield said("Some of what was taken is not on record, so there may be more weeks.")
    if clock.from_day > 1:
        yield said("There was a course before this one. It is not counted here.")
    if clock.last_dose is not None and not clock.exact:
        yield said("The day of the last capsule is not known exactly.")


def place_of(when: When | None, clock: Treated) -> Place:
    """Whether a range is over, runs today, or is still to come."""
    if when is None:
        return "not_known"
    if when.clock != "treated_weeks":
        if clock.last_dose is None:
            return "ahead"
        first, last = range_bounds(when, clock.last_dose)
        return "ahead" if clock.as_of < first else "past" if clock.as_of > last else "now"
    week = clock.week_now
    if clock.last_dose is not None:
        return "not_reached" if week is None or week < when.first else "past"
    if week is None or week < when.first:
        return "ahead"
    return "past" if when.last is not None and week > when.last else "now"


def stages_of(entries: Sequence[Expectation], clock: Treated) -> tuple[Stage, ...]:
    """The weeks of treatment, cut where something begins to be expected or no longer is."""
    ranges = [(entry, entry.when) for entry in entries if entry.when is not None]
    cuts = {when.first for _, when in ranges} | {when.last + 1 for _, when in ranges if when.last is not None}
    firsts = sorted(cuts | {1})
    week = clock.week_now if clock.last_dose is None else None
    found = []
    for place, first in enumerate(firsts):
        last = firsts[place + 1] - 1 if place + 1 < len(firsts) else None
        inside = [(entry, when) for entry, when in ranges if when.first <= first and (when.last or first) >= first]
        begins = tuple(entry.title for entry, when in inside if when.first == first)
        goes_on = tuple(entry.title for entry, when in inside if when.first < first)
        now = week is not None and first <= week and (last is None or week <= last)
        ends = tuple(entry.title for entry, when in ranges if when.last is not None and when.last + 1 == first)
        found.append(Stage(first, last, begins, ends, goes_on, now))
    return tuple(found)


# --- ranges and shares in words -------------------------------------------------------------------
def weeks_says(first: int, last: int | None) -> Sentence:
    """Weeks of treatment in words."""
    if last is None:
        return said("Week {0} to the end of the course", first)
    return said("Week {0}", first) if first == last else said("Weeks {0} to {1}", first, last)


def range_says(entry: Expectation) -> Sentence:
    """The range of an entry in words."""
    when = entry.when
    if when is None:
        return said("No range is known")
    if when.clock == "treated_weeks":
        return weeks_says(when.first, when.last)
    if when.clock == "after_weeks":
        return said("{0} to {1} weeks after the last capsule", when.first, when.last)
    if when.first == 0:
        return said("The first {0} months after the last capsule", when.last)
    return said("{0} to {1} months after the last capsule", when.first, when.last)


def share_says(share: Share) -> Sentence:
    """A share with its study's size, as it was counted."""
    of = said("number of people not read")
    if share.people is not None:
        people = f"{share.people:,}"
        of = said("{0} people", people)
    if share.high is None:
        return said("{0} %: {1} ({2})", share.low, Word(share.says), of)
    return said("{0} to {1} %: {2} ({3})", share.low, share.high, Word(share.says), of)


def after_says(clock: Treated) -> Sentence | None:
    """How long ago the last dose was; None while the course goes on."""
    if clock.last_dose is None:
        return None
    months = whole_months(clock.last_dose, clock.as_of)
    if months == 0:
        return said("{0} days since the last capsule", clock.as_of - clock.last_dose)
    return said("1 month since the last capsule") if months == 1 else said("{0} months since the last capsule", months)


def where_says(mark: Mark, clock: Treated) -> Sentence:
    """Where the day of an entry lies: a week of treatment, before it, or after the last dose."""
    since, week = clock.after(mark.day), clock.week(mark.day)
    if since is not None and since > 0 and clock.last_dose is not None:
        months = whole_months(clock.last_dose, mark.day)
        if months == 0:
            return said("{0} days after the last capsule", since)
        return (
            said("1 month after the last capsule") if months == 1 else said("{0} months after the last capsule", months)
        )
    if week is None:
        return said("before the first capsule") if clock.first_dose is not None else said("no capsule on record")
    return said("week {0}", week)
