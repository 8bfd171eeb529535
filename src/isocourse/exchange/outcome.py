"""What an import hands back beside the record: what was not read, why, and counts that add up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Sort = Literal["not_read", "in_part", "question", "withdrawn", "not_used"]
Outcome = Literal["read", "not_read", "withdrawn", "not_used", "repeated"]

_SAFE_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")
_SAFE_CODE = re.compile(r"[A-Za-z0-9._\-]{1,32}\Z")
_SAFE_UNIT = re.compile(r"[A-Za-z0-9/%*^.\[\]{}µ_\-]{1,20}\Z")


def shown_id(value: object) -> str:
    """A resource's id if it is one by FHIR's pattern; nothing else of a foreign file is repeated."""
    return value if isinstance(value, str) and _SAFE_ID.match(value) else ""


def shown_code(value: object) -> str:
    """A code for a line a person reads; free text in its place is not repeated."""
    return value if isinstance(value, str) and _SAFE_CODE.match(value) else "not a code"


def shown_unit(value: object) -> str:
    """A unit for a line a person reads, quoted; free text in its place is not repeated."""
    return f"{value!r}" if isinstance(value, str) and _SAFE_UNIT.match(value) else "written as free text"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRead:
    """One thing a person should know about the import. It carries no name and no free text of the source.

    `sort`: "not_read" (left out), "in_part" (read, but something was left out or decided to the safe side),
    "question" (somebody has to answer or record it), "withdrawn" (the source itself took it back) or
    "not_used" (isocourse has no use for it; `times` of them in this one line).
    """

    resource: str
    id: str
    where: str
    why: str
    sort: Sort = "not_read"
    times: int = 1

    def line(self) -> str:
        """The whole as one plain line."""
        name = f"{self.resource} {self.id}".strip() + (f" ×{self.times}" if self.times > 1 else "")
        return f"{self.where}: {name}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Resources of one type: `seen` is the sum of all the others."""

    resource: str
    seen: int
    read: int
    not_read: int
    withdrawn: int
    not_used: int
    repeated: int


@dataclass(slots=True)
class Tally:
    """Counts resources by type and outcome, and gathers what is only worth one line per group."""

    _outcomes: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    _groups: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def count(self, resource: str, outcome: Outcome) -> None:
        """One more resource of this type came to this end."""
        self._outcomes[resource, outcome] += 1

    def group(self, resource: str, why: str, where: str) -> None:
        """One more for the line that says `why`."""
        self._groups.setdefault((resource, why), []).append(where)

    def counts(self) -> tuple[Count, ...]:
        """The counts by type, in alphabetical order."""
        return tuple(self._count(name) for name in sorted({name for name, _ in self._outcomes}))

    def _count(self, name: str) -> Count:
        of = self._outcomes
        return Count(
            resource=name,
            seen=sum(number for (resource, _), number in of.items() if resource == name),
            read=of[name, "read"],
            not_read=of[name, "not_read"],
            withdrawn=of[name, "withdrawn"],
            not_used=of[name, "not_used"],
            repeated=of[name, "repeated"],
        )

    def lines(self) -> list[NotRead]:
        """One line per group, in a fixed order."""
        return [
            NotRead(resource=name, id="", where=_places(places), why=why, sort="not_used", times=len(places))
            for (name, why), places in sorted(self._groups.items())
        ]


def _places(places: list[str]) -> str:
    """One place in full, several as the files they are in."""
    if len(places) == 1:
        return places[0]
    files = list(dict.fromkeys(place.rpartition(" entry[")[0] or place for place in places))
    return files[0] if len(files) == 1 else f"{files[0]} and {len(files) - 1} more"


def in_order(lines: Iterable[NotRead]) -> tuple[NotRead, ...]:
    """Questions first, then what was left out, then the rest; stable within each."""
    rank: dict[Sort, int] = {"question": 0, "not_read": 1, "in_part": 2, "withdrawn": 3, "not_used": 4}
    return tuple(sorted(lines, key=lambda line: rank[line.sort]))
