"""The shape of what can be written down at a visit: sections of forms; a form is one kind of event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

# choice: one code; many: several; pick: one code of a long list; yes: yes or no; tick: done or nothing; number, count:
# as typed; day: a whole date; when: a date known in part; text and area: words; items: a questionnaire.
Sort = Literal["choice", "many", "pick", "yes", "tick", "number", "count", "day", "when", "text", "area", "items"]
PRESCRIBER = frozenset({"prescriber"})
CLINICIANS = frozenset({"prescriber", "nurse"})


@dataclass(frozen=True)
class Entry:
    """One thing that is typed or chosen. `name` is the event's field, or begins with "_" where it is not one (`_done`:
    it was done; `_on`: the day). `given` stands there at first."""

    name: str
    label: str
    sort: Sort
    codes: tuple[str, ...] = ()
    hint: str = ""
    given: str = ""
    needed: bool = False


@dataclass(frozen=True)
class Form:
    """One event, or one in each of several rows. Nothing is written while `lead` is empty.

    `names` is the field that names events of the record: then there is one row for each that is asked about. `by`:
    whose entry can count at all. `plural`: rows can be added. `fixed` are fields that are always so.
    """

    kind: str
    lead: str
    entries: tuple[Entry, ...]
    name: str = ""
    title: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    names: str = ""
    by: frozenset[str] = CLINICIANS
    plural: bool = False
    layout: Literal["plain", "items", "results", "symptoms"] = "plain"

    @property
    def key(self) -> str:
        """What its fields are called by on the page."""
        return self.name or self.kind

    def entry(self, name: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.name == name), None)


@dataclass(frozen=True)
class Section:
    """Forms that are asked together."""

    name: str
    title: str
    group: str
    forms: tuple[Form, ...]
    hint: str = ""


def _(words: str) -> str:
    """Marks words for translators, as gettext_noop does: pages translate them when they show them."""
    return words
