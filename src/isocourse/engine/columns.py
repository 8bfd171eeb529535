"""What a fact may read: the kinds of events and episodes, their columns, types and how to reach them.

Derived from the event and episode classes themselves, so that a new field is a new column and nothing has
to be said twice. A code that may be absent reads as 'none'; a number or day that may be absent is unknown.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from isocourse.engine.language import Type
from isocourse.record.dates import PartialDate
from isocourse.record.events import KINDS, Author, Event
from isocourse.record.tables import ENDS_EARLY
from isocourse.record.topics import EPISODES


@dataclass(frozen=True)
class Column:
    """A column: its type, and Python that reads it from a row called {r}."""

    type: Type
    python: str


def _of_annotation(name: str, hint: Any) -> Column | None:
    origin, optional = get_origin(hint), False
    if origin in (Union, types.UnionType):
        parts = [part for part in get_args(hint) if part is not type(None)]
        optional = len(parts) < len(get_args(hint))
        if len(parts) != 1:
            return None
        hint, origin = parts[0], get_origin(parts[0])
    read = f"{{r}}.{name}"
    if hasattr(hint, "__metadata__"):  # Annotated[...]
        hint, origin = hint.__origin__, get_origin(hint.__origin__)
    if origin is Literal:
        codes = frozenset(get_args(hint))
        if optional:
            return Column(Type("code", codes | {"none"}, unknown=False), f"({read} or 'none')")
        return Column(Type("code", codes, unknown=False), read)
    if origin is tuple and get_origin(get_args(hint)[0]) is Literal:
        return Column(Type("codes", frozenset(get_args(get_args(hint)[0])), unknown=False), read)
    if hint is bool:
        return Column(Type("truth", unknown=optional), read)
    if hint is int and not optional and name.endswith("days"):
        return Column(Type("days", unknown=False), read)
    if hint is int and name.endswith("day"):
        return Column(Type("day", unknown=optional), read)
    if hint is int or hint is Decimal:
        return Column(Type("number", unknown=optional), read)
    if hint is PartialDate:
        if optional:
            return Column(Type("day", unknown=True), f"({read}.first if {read} is not None else None)")
        return Column(Type("day", unknown=False), f"{read}.first")
    return None


# Whole numbers in episodes that count days rather than name one.
_EPISODE_TYPES = {
    "menses_day": Type("days", unknown=True),
    "locked_until": Type("day", unknown=True),
    "retest_from": Type("day", unknown=True),
    "clear_from_day": Type("day", unknown=False),
    "reason": Type("code", frozenset({"start_of_record", "course_stop", "pregnancy_resolved", "supply_gap"}), False),
    "worry": Type("code", frozenset({"missed_period", "contraceptive_failure", "unprotected_intercourse"}), False),
    "medicine_name": Type("code", unknown=False),
    "condition_name": Type("code", unknown=False),
    "allergy_name": Type("code", unknown=False),
    "procedure_name": Type("code", unknown=False),
    "evidence": Type("code", frozenset({"positive_test", "pregnancy", "course_stop", "hcg", "diagnosis"}), False),
}


def _event_columns(cls: type[Event]) -> dict[str, Column]:
    hints = get_type_hints(cls, include_extras=True)
    columns = {
        "day": Column(
            Type("day", unknown=False), "{r}.happened_on.first" if cls in ENDS_EARLY else "{r}.happened_on.last"
        ),
        "first_day": Column(Type("day", unknown=False), "{r}.happened_on.first"),
        "last_day": Column(Type("day", unknown=False), "{r}.happened_on.last"),
        "exact": Column(Type("truth", unknown=False), "{r}.happened_on.exact"),
    }
    author = _of_annotation("author.role", get_type_hints(Author)["role"])
    assert author is not None
    columns["author_role"] = author
    for name, hint in hints.items():
        if name in Event.__struct_fields__ and name not in cls.__annotations__:
            continue
        column = _of_annotation(name, hint)
        if column is not None:
            columns[name] = column
    return columns


def _episode_columns(cls: Any) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for name, hint in get_type_hints(cls).items():
        if name in _EPISODE_TYPES:
            columns[name] = Column(_EPISODE_TYPES[name], f"{{r}}.{name}")
            continue
        column = _of_annotation(name, hint)
        if column is not None:
            columns[name] = column
    return columns


_DERIVED = {
    # The first day that counts after an epoch.
    "epoch": {"next_day": Column(Type("day", unknown=False), "({r}.day + 1)")},
}

COLUMNS: dict[str, dict[str, Column]] = {
    **{
        kind: {**_event_columns(cls), **_DERIVED.get(kind, {})}
        for kind, cls in KINDS.items()
        if kind != "entered_in_error"
    },
    **{name: {**_episode_columns(cls), **_DERIVED.get(name, {})} for name, cls in EPISODES.items()},
}
"""Columns by kind of event and by episode."""
