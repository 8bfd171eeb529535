"""An entry of the record in one short line, for the lists of a visit: what is new, asked about, or was saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isocourse.record.dates import PartialDate
from isocourse.record.events import Event, Questionnaire, kind_of
from isocourse.record.quantities import Reported
from isocourse.record.terminology import ITEMS_IN, words_for
from isocourse.words.headline import spoken

# What is not told: what each entry has, and codes that say nothing to people.
_EVERY = frozenset(
    {"id", "happened_on", "recorded_at", "author", "amends", "note", "code", "system", "sensitivity_miu_ml"}
) | {"prescriber_id"}
# Fields that name other entries, or that others show.
_LEFT_OUT = ("resolves", "results", "symptoms", "conditions", "allergies", "procedures", "events", "about")
_ONE = ("started", "symptom", "corrects", "prescription")
_UNITS = {"[lb_av]": "lb", "[in_i]": "in", "10*9/L": "10⁹/L", "10*3/uL": "10³/µL", "umol/L": "µmol/L"}

# Numbers that say nothing by themselves.
_AMOUNTS = {
    "days": ("{} day", "{} days"),
    "daily_dose_mg": ("{} mg a day", "{} mg a day"),
    "refills": ("{} refill", "{} refills"),
    "intakes": ("once a day", "{} times a day"),
    "fasting_hours": ("fasted {} hour", "fasted {} hours"),
    "hours_since_alcohol": ("no alcohol for {} hour", "no alcohol for {} hours"),
    "capsules": ("{} capsule", "{} capsules"),
    "weeks": ("{} week", "{} weeks"),
}


def told(event: Event, known: Mapping[str, Event] | None = None) -> str:
    """What an entry says: "weight: 62.5 kg". `known` are the entries that it may name."""
    named = [known[each] for each in _named(event) if each in known] if known is not None else []
    if named:
        return f"{_joined([told(each) for each in named])}: {_joined([_kind(event), *_parts(event, skip=set())])}"
    if isinstance(event, Questionnaire):
        return f"{words_for(event.name)}: {_score(event)}"
    if kind_of(event) == "symptom":
        return _joined([str(getattr(event, "text", "")), *_parts(event, skip={"text", "term"})])
    parts = _parts(event, skip=set())
    return f"{_kind(event)}: {_joined(parts)}" if parts else _kind(event)


def _kind(event: Event) -> str:
    return words_for(kind_of(event))


def _named(event: Event) -> tuple[str, ...]:
    """The ids of the entries that an entry is about."""
    for name in (*_LEFT_OUT, *_ONE):
        value = getattr(event, name, None)
        if value:
            return (value,) if isinstance(value, str) else tuple(value)
    return ()


def day_told(event: Event) -> str:
    """The day of an entry, as people write it; the month or year alone where no more is known."""
    return spoken(event.happened_on.last) if event.happened_on.exact else event.happened_on.text


def _score(event: Questionnaire) -> str:
    given = [item for item in event.items if item is not None]
    if len(given) < len(event.items):
        return f"{len(event.items) - len(given)} of {ITEMS_IN[event.name]} not answered"
    return f"{sum(given)} of {3 * ITEMS_IN[event.name]}"


def _parts(event: Event, *, skip: set[str]) -> list[str]:
    found = []
    for name in event.__struct_fields__:
        if name in _EVERY or name in _LEFT_OUT or name in skip or name == "unit":
            continue
        words = _words(name, getattr(event, name), event)
        if words:
            found.append(words)
    return found


def _words(name: str, value: Any, event: Event) -> str:
    if value is None or value == "" or value == () or value == "unknown" or value is False:
        return ""
    if value is True:
        return words_for(name)
    if isinstance(value, Reported | PartialDate):
        value = value.text() if isinstance(value, Reported) else value.text
    if isinstance(value, tuple):
        return _joined([words_for(str(part)) for part in value if isinstance(part, str)])
    if name in _ONE:
        return ""
    text = str(value)
    if name in _AMOUNTS:
        one, many = _AMOUNTS[name]
        return (one if text == "1" else many).format(text)
    if name in ("value", "upper_limit", "lower_limit"):
        unit = getattr(event, "unit", "")
        shown = f"{text} {_UNITS.get(unit, unit)}".strip()
        return shown if name == "value" else f"{words_for(name)} {shown}"
    return words_for(text) if name not in ("text", "reason", "process", "name", "product", "number") else text


def _joined(parts: list[str]) -> str:
    return ", ".join(part for part in parts if part)
