"""A laboratory report read into one shape, whatever form it came in: whom it names, the results, what was not read.

A reader (`csv_results`, `hl7_results`) takes its form apart into `Row`s of plain text; `lab_rows.translated` turns rows
into results. Only what is exact becomes one. Nothing here knows a patient: a report names somebody, and a person
confirms who that is. Lines about what was not read may repeat words of the report: they are for the page, never for a
log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from msgspec import Struct

from isocourse.exchange.analyte_names import plain_name
from isocourse.exchange.outcome import Sort
from isocourse.exchange.shapes import clean

Form = Literal["csv", "fhir", "hl7"]
# What a report says of a result. "taken_back": it was wrong, or of somebody else. "unknown": a status not known here.
Status = Literal["final", "corrected", "preliminary", "cancelled", "taken_back", "none", "unknown"]


class Named(Struct, frozen=True):
    """How a report names a person. `full_name` where family and given name stand in one field; `born` is an ISO day."""

    numbers: tuple[str, ...] = ()
    given_name: str = ""
    family_name: str = ""
    full_name: str = ""
    born: str = ""


class Unread(Struct, frozen=True):
    """Something of a report that did not become a result, and why. `remark` is what stands there, in the laboratory's
    own words: a result that cannot be read may still be the one that matters. `by_hand`: written for people to read."""

    place: str
    what: str
    why: str
    sort: Sort = "not_read"
    remark: str = ""
    by_hand: bool = False


class Found(Struct, frozen=True):
    """A result: the `fields` of an event without id, moment and author; what the report called it, its flag, and
    whether it corrects an earlier one."""

    fields: dict[str, Any]
    called: str
    place: str
    flag: str = ""
    corrected: bool = False


class Person(Struct, frozen=True):
    """One person's part of a report."""

    named: Named
    found: tuple[Found, ...]
    unread: tuple[Unread, ...]


class LabReport(Struct, frozen=True):
    """A whole report. `unread` belongs to nobody in it."""

    form: Form
    people: tuple[Person, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One result as plain text. `day` is an ISO day; `no_day` says why it is empty, `no_value` why `value` is none."""

    place: str
    names: tuple[str, ...]
    loinc: tuple[str, ...] = ()
    status: Status = "final"
    status_text: str = ""
    value: str = ""
    value_type: str = ""
    no_value: str = ""
    units: tuple[str, ...] = ()
    limits: str = ""
    low: str = ""
    high: str = ""
    flag: str = ""
    day: str = ""
    no_day: str = "the day of the specimen is not given"
    specimen: str = ""
    about: str = ""  # the panel it stands in

    @property
    def called(self) -> str:
        """What the report calls it."""
        said = next((name for name in (clean(name, 60) for name in self.names) if name), "")
        return said or (f"LOINC {clean(self.loinc[0], 20)}" if self.loinc else "a result without a name")

    @property
    def written(self) -> str:
        """Value, unit and flag as they stand there."""
        return clean(" ".join(text for text in (self.value, *self.units[:1], self.flag) if text.strip()), 80)


REMARK = "a remark of the laboratory"
_NORMAL = frozenset({"", "n", "normal", "no", "false", "0"})
# Marks with which laboratories say that somebody has to be told now; ">" and "<" are beyond what can be measured.
_CRITICAL = frozenset(
    {"hh", "ll", "aa", "critical", "crit", "panic", "critical high", "critical low", "h crit", "l crit"}
)


@dataclass(slots=True)
class Gathered:
    """What one person's rows gave so far."""

    found: list[Found] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def say(self, row: Row, why: str, sort: Sort = "not_read") -> None:
        """One line about a row. What was not read and is flagged as abnormal is a question to a person."""
        flag = plain_name(row.flag)
        if (sort == "not_read" and flag not in _NORMAL) or (sort == "not_used" and flag in _CRITICAL):
            sort = "question"
        self.unread.append(Unread(row.place, row.called, why, sort, row.written))

    def person(self, named: Named) -> Person:
        """All of it, the questions first, and within each sort as it stands in the report."""
        rank = {"question": 0, "not_read": 1, "in_part": 2, "withdrawn": 3, "not_used": 4}

        def order(line: Unread) -> tuple[int, list[int]]:
            return rank[line.sort], [int(number) for number in re.findall(r"[0-9]{1,9}", line.place)]

        return Person(named, tuple(self.found), tuple(sorted(self.unread, key=order)))
