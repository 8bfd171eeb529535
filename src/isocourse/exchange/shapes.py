"""What every translator shares: careful access to foreign JSON, dates, codes, quantities, and a `Reading`.

A foreign resource may have any shape. Every access goes through `get`, which gives the value, None when it
is absent, or raises `Refused` naming the element when it has the wrong type. So nothing crashes, and
nothing with a wrong shape is half read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar, cast

from isocourse.errors import InputError
from isocourse.exchange.outcome import NotRead, Outcome, Sort, shown_code, shown_id, shown_unit
from isocourse.record import terminology as t
from isocourse.record.dates import partial_date
from isocourse.record.events import AnyEvent
from isocourse.record.record import event_from

Json = dict[str, Any]
T = TypeVar("T")

_SHAPES: dict[type, str] = {str: "text", dict: "an object", list: "a list", bool: "true or false"}


MODIFIED = "it has a modifierExtension, which may change its meaning"


class Refused(Exception):
    """This resource, or this part of one, cannot be read; the message says why in plain words."""


class Question(Refused):
    """It cannot be read, and somebody has to answer what is missing."""


# --- access ---------------------------------------------------------------------------------------
def get(source: Json, key: str, kind: type[T]) -> T | None:
    """The element, None when absent (or null), Refused when it has another type."""
    value = source.get(key)
    if value is None or isinstance(value, kind):
        return value
    raise Refused(f"{shown_code(key)} is not {_SHAPES[kind]}, as FHIR R4 has it")


def objects(source: Json, key: str) -> list[Json]:
    """A list of objects, empty when absent."""
    values = source.get(key)
    if values is None:
        return []
    if not isinstance(values, list):
        raise Refused(f"{shown_code(key)} is not {_SHAPES[list]}, as FHIR R4 has it")
    for value in values:
        if not isinstance(value, dict):
            raise Refused(f"{shown_code(key)} holds something that is not an object")
    return values


def number(source: Json, key: str) -> Decimal | None:
    """An exact number, None when absent."""
    value = source.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise Refused(f"{shown_code(key)} is not a number")
    exact = Decimal(value)
    plain = str(exact)
    if len(plain) < 10 and plain.replace(".", "", 1).isdigit():  # as nearly all are: a few digits and nothing else
        return exact
    # An exponent of many thousands would be written out in full later on.
    size = exact.as_tuple()
    if not isinstance(size.exponent, int) or abs(size.exponent) > 30 or len(size.digits) > 40:
        raise Refused(f"{shown_code(key)} is not a number that can be measured")
    return exact


def whole(source: Json, key: str) -> int | None:
    """A whole number, None when absent."""
    value = number(source, key)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise Refused(f"{shown_code(key)} is not a whole number")
    return int(value)


def clean(text: str, most: int) -> str:
    """Text as an event may hold it: no control characters, no broken Unicode, not too long."""
    if text.isascii() and text.isprintable():  # as nearly all are
        return " ".join(text.split())[:most].strip()
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in sound).split())[:most].strip()


# --- codes ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Coded:
    """A CodeableConcept: its codings as (system, code), and the words it is given."""

    codings: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()

    def codes(self, system: str) -> list[str]:
        """The codes of one system, in order."""
        return [code for its, code in self.codings if its == system]

    def text(self, most: int = 200) -> str:
        """The first words given, else the first code."""
        said = (clean(word, most) for word in self.words)
        return next((word for word in said if word), "") or next((clean(code, most) for _, code in self.codings), "")

    def mentions(self, pattern: re.Pattern[str]) -> bool:
        """Whether any of its words match."""
        return any(pattern.search(word) for word in self.words)

    def label(self) -> str:
        """The code for a line a person reads: no display text, which anybody may have typed."""
        if not self.codings:
            return "no code"
        system, code = self.codings[0]
        return f"{_SYSTEM_NAMES.get(system, 'code')} {shown_code(code)}"


_SYSTEM_NAMES = {t.LOINC: "LOINC", t.RXNORM: "RxNorm", t.SNOMED: "SNOMED", t.ICD10CM: "ICD-10-CM", t.ATC: "ATC"}
NOTHING = Coded()


def concept(source: Json, key: str) -> Coded:
    """A CodeableConcept element; NOTHING when absent."""
    found = get(source, key, dict)
    return NOTHING if found is None else coded(found)


def concepts(source: Json, key: str) -> list[Coded]:
    """A list of CodeableConcepts."""
    return [coded(found) for found in objects(source, key)]


def coded(found: Json) -> Coded:
    """One CodeableConcept. `text` comes before the displays, because it is what was meant."""
    codings: list[tuple[str, str]] = []
    words: list[str] = []
    said = get(found, "text", str)
    if said:
        words.append(said)
    for coding in objects(found, "coding"):
        code, display = get(coding, "code", str), get(coding, "display", str)
        if code:
            system = get(coding, "system", str) or ""
            codings.append((_sound(system), _sound(code)))
        if display:
            words.append(display)
    return Coded(tuple(codings), tuple(words))


def _sound(code: str) -> str:
    """A code that can be written down again: a broken character makes it another, unknown code."""
    return code if code.isascii() else clean(code, 200)


# --- dates ----------------------------------------------------------------------------------------
_DATE_TIME = re.compile(
    r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:(?<=-\d\d-\d\d)T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?\Z",
    re.ASCII,
)


def day(source: Json, key: str) -> str | None:
    """The date part of a FHIR date or dateTime, as it is written, in its own offset; None when absent.

    A specimen taken at 23:30 on 9 March in New York was taken on 9 March, whatever the date in London.
    """
    text = get(source, key, str)
    if text is None:
        return None
    match = _DATE_TIME.match(text)
    try:
        if match is None:
            raise ValueError
        return partial_date(match.group(1)).text
    except ValueError:
        raise Refused(f"{shown_code(key)} is not a date between 1900 and 2199") from None


def is_whole_day(text: str) -> bool:
    """Whether the date is known to the day."""
    return len(text) == 10


def moment(source: Json, key: str) -> datetime | None:
    """An instant with its offset; None when absent, without an offset or not an instant at all."""
    text = source.get(key)
    match = _DATE_TIME.match(text) if isinstance(text, str) else None
    if match is None or match.group(2) is None or not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2199 else None


def last_updated(resource: Json) -> datetime | None:
    """meta.lastUpdated, which tells versions apart."""
    meta = resource.get("meta")
    return moment(meta, "lastUpdated") if isinstance(meta, dict) else None


# --- quantities -----------------------------------------------------------------------------------
def unit_of(quantity: Json, allowed: Mapping[str, Fraction]) -> str:
    """The unit of a Quantity as one of `allowed`: by UCUM code, else by its text. Never by guess."""
    code, text = get(quantity, "code", str), get(quantity, "unit", str)
    if get(quantity, "system", str) not in (None, t.UCUM):
        code = None
    if code is not None and code == text and code in allowed:
        return code
    by_code, by_text = _settled(code, allowed), _settled(text, allowed)
    if code is not None and by_code is None:
        raise Refused(f"its unit {shown_unit(code)} is not known for it; allowed are {', '.join(allowed)}")
    if by_code is not None and by_text is not None and allowed[by_code] != allowed[by_text]:
        raise Refused(f"its unit is {by_code} by code and {by_text} by text")
    settled = by_code or by_text
    if settled is None:
        found = f"its unit {shown_unit(text)} is not known for it" if text else "it has no unit"
        raise Refused(f"{found}; allowed are {', '.join(allowed)}")
    return settled


def _settled(unit: str | None, allowed: Mapping[str, Fraction]) -> str | None:
    if unit is None:
        return None
    spelled = t.UNIT_SPELLINGS.get(unit, unit)
    return unit if unit in allowed else spelled if spelled in allowed else None


def quantity_value(quantity: Json) -> tuple[str, Decimal]:
    """The comparator ("" when there is none) and the exact value of a Quantity."""
    value = number(quantity, "value")
    if value is None:
        raise Refused("its quantity has no value")
    comparator = get(quantity, "comparator", str) or ""
    if comparator not in ("", "<", "<=", ">", ">="):
        raise Refused("its comparator is not one of <, <=, >, >=")
    return comparator, value


# --- one resource and what it gave ----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Entry:
    """One resource, and where it stands."""

    resource: Json
    kind: str
    file: str
    file_number: int
    index: int
    full_url: str

    @property
    def where(self) -> str:
        """The place a person can look at."""
        return f"{self.file} entry[{self.index}]"

    @property
    def key(self) -> str:
        """What makes this resource the same one in another Bundle: its id, else its fullUrl, else its content."""
        own = self.resource.get("id")
        if isinstance(own, str) and own:
            return own
        return self.full_url or digest(repr(self.resource))

    @property
    def event_id(self) -> str:
        """The id of its event: "Observation.<id>", hashed when that is too long or not an id."""
        own = shown_id(self.resource.get("id"))
        # 12 letters are left for what is added when one resource gives several events.
        whole_id = f"{self.kind}.{own}"
        return whole_id if own and len(whole_id) <= 52 else f"{self.kind}:{digest(self.key)[:24]}"


def digest(text: str) -> str:
    """A short stable stand-in for text that cannot be an id."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a translator may know beyond its resource."""

    imported_at: datetime
    medication: Callable[[Entry, str], Json | None]  # the Medication a reference means, if it is there


class Reading:
    """What one resource gave: events, lines to be read by a person, and how it is counted."""

    def __init__(self, entry: Entry, around: Surroundings) -> None:
        self.entry = entry
        self.around = around
        self.events: list[AnyEvent] = []
        self.lines: list[NotRead] = []
        self.unused: list[str] = []  # reasons that are worth one line per group only
        self.withdrawn = False
        self.role: t.Role = "system"
        self.recorded_at = recorded_at(entry.resource, around.imported_at)

    @property
    def outcome(self) -> Outcome:
        """How the resource is counted."""
        if self.events:
            return "read"
        if self.withdrawn:
            return "withdrawn"
        return "not_used" if self.unused and not self.lines else "not_read"

    def say(self, why: str, sort: Sort = "not_read") -> None:
        """Write one line about this resource."""
        entry = self.entry
        id_shown = shown_id(entry.resource.get("id"))
        self.lines.append(NotRead(resource=entry.kind, id=id_shown, where=entry.where, why=why, sort=sort))

    def withdraw(self) -> None:
        """The source says that it was entered in error."""
        self.withdrawn = True
        self.say("the source marks it as entered in error", "withdrawn")

    def add(self, kind: str, happened_on: str, *, part: str = "", note: str = "", **fields: Any) -> str:
        """Add an event and give its id. Raises Refused when the record could not hold it."""
        first = partial_date(happened_on).first
        if first > self.around.imported_at.toordinal() + 1:
            raise Refused(f"its date {happened_on} lies after the import")
        written = self.recorded_at
        if first > written.toordinal() + 1:
            # Nothing is written down before it happens; the import is the only moment known to be later.
            written = self.around.imported_at
        name = self.entry.event_id + part
        author = {"id": "fhir-import", "role": self.role}
        plain = {"kind": kind, "id": name, "happened_on": happened_on, "recorded_at": written, "author": author}
        try:
            self.events.append(cast(AnyEvent, event_from({**plain, "note": note, **fields})))
        except InputError as error:
            raise Refused(re.sub(r" - at `[^`]*`\Z", "", error.found)) from None
        return name


def recorded_at(resource: Json, imported_at: datetime) -> datetime:
    """When it was written down: lastUpdated, else issued, authoredOn or recordedDate, else the import.

    Never later than the import: an event "recorded tomorrow" by a fast clock would be invisible today.
    """
    found = last_updated(resource)
    for key in ("issued", "authoredOn", "recordedDate"):
        found = found or moment(resource, key)
    return imported_at if found is None or found > imported_at else found


def distinct(values: Iterable[T]) -> list[T]:
    """The different values, in order."""
    return list(dict.fromkeys(values))


def indexed(source: Json, key: str) -> Iterator[tuple[str, Json]]:
    """The objects of a list, each with the suffix its events' ids get."""
    for index, found in enumerate(objects(source, key)):
        yield f":{key[0]}{index}", found
