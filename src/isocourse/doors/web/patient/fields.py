"""The fields of any kind of event as a form, read from the event's own types: a kind that is added needs nothing here.

What names other entries, and capsule strengths, is kept as it is; to change those an entry is withdrawn and made anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _

from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.doors.web.typed import whole
from isocourse.errors import InputError
from isocourse.record.dates import PartialDate
from isocourse.record.events import Event, LabResult
from isocourse.record.quantities import Reported
from isocourse.record.record import write_event
from isocourse.record.terminology import ANALYTE_UNITS, HEIGHT_UNITS, WEIGHT_UNITS, words_for
from isocourse.words.lab_units import unit_text

_OWN = frozenset({"id", "recorded_at", "author", "amends"})
_UNITS = {"weight": WEIGHT_UNITS, "height": HEIGHT_UNITS}
_LONG = frozenset({"note", "reason", "process"})
# Fields whose names are not words.
LABELS = {
    "happened_on": "Date (year-month-day; leave off what is not known)",
    "sensitivity_miu_ml": "Sensitivity, mIU/mL",
    "daily_dose_mg": "Daily dose, mg",
    "fasting_hours": "Hours without food",
    "hours_since_alcohol": "Hours since alcohol",
    "do_not_dispense_after": "Do not dispense after (year-month-day)",
    "days": "Days",
}


@dataclass(frozen=True)
class Field:
    """One field: `form` is text, long, choice, many, items or kept; `value` what stands in it, as text."""

    name: str
    label: str
    form: str
    value: Any
    choices: tuple[tuple[str, str], ...] = ()
    needed: bool = False
    hint: str = field(default="")


def fields_of(event: Event, typed: QueryDict | None = None) -> list[Field]:
    """The fields of an event with their values, or with what was typed."""
    body = msgspec.json.decode(write_event(event))
    hints = get_type_hints(type(event), include_extras=True)
    found = []
    for name in (
        "happened_on",
        *(n for n in type(event).__struct_fields__ if n not in (*_OWN, "happened_on", "note")),
        "note",
    ):
        form, choices, needed = _form(event, name, hints[name])
        value = (
            _typed(name, form, typed, event) if typed is not None and form != "kept" else _shown(body.get(name), form)
        )
        found.append(Field(name, said(LABELS.get(name, words_for(name).capitalize())), form, value, choices, needed))
    return found


def _form(event: Event, name: str, hint: Any) -> tuple[str, tuple[tuple[str, str], ...], bool]:
    """The form of a field, its choices, and whether it has to be filled in."""
    kind, optional = _bare(hint)
    needed = not optional and name in _required(type(event))
    if name == "unit":
        return "choice", tuple((unit, unit_text(unit)) for unit in _units(event)), True
    if name == "items":
        answers = (("", "–"), *((str(n), str(n)) for n in range(4)))
        return "items", answers, False
    if get_origin(kind) is Literal:
        blank = (("", "–"),) if optional else ()
        return "choice", (*blank, *((code, said(words_for(code))) for code in get_args(kind))), needed
    if kind is bool:
        blank = (("", "–"),) if optional else ()
        return "choice", (*blank, ("true", _("yes")), ("false", _("no"))), needed
    if get_origin(kind) is tuple and get_origin(_bare(get_args(kind)[0])[0]) is Literal:
        codes = get_args(_bare(get_args(kind)[0])[0])
        return "many", tuple((code, said(words_for(code))) for code in codes), needed
    if kind in (str, int, Decimal, Reported, PartialDate) and not _names_entry(name):
        return "long" if name in _LONG else "text", (), needed
    return "kept", (), False


def _names_entry(name: str) -> bool:
    return name in ("corrects", "started", "symptom", "prescription")


def _required(kind: type[Event]) -> frozenset[str]:
    return frozenset(each.name for each in msgspec.structs.fields(kind) if each.required)


def _units(event: Event) -> tuple[str, ...]:
    known: Mapping[str, Any] = ANALYTE_UNITS[event.analyte] if isinstance(event, LabResult) else _UNITS[_tag(event)]
    return tuple(known)


def _tag(event: Event) -> str:
    return str(type(event).__struct_config__.tag)


def _bare(hint: Any) -> tuple[Any, bool]:
    """A type without Annotated and without None; whether None is allowed."""
    while hasattr(hint, "__metadata__"):
        hint = hint.__origin__
    if get_origin(hint) in (Union, UnionType):
        parts = [part for part in get_args(hint) if part is not type(None)]
        if len(parts) == 1:
            return _bare(parts[0])[0], True
    return hint, False


def _shown(value: Any, form: str) -> Any:
    if form in ("many", "items"):
        return ["" if each is None else str(each) for each in value or ()]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value if form == "kept" else str(value)


def _typed(name: str, form: str, typed: QueryDict, event: Event) -> Any:
    return typed.getlist(name) if form in ("many", "items") else typed.get(name, "")


def read_fields(event: Event, typed: QueryDict) -> dict[str, Any]:
    """All fields of the amended event from what was typed. Raises InputError naming the field."""
    body = msgspec.json.decode(write_event(event))
    hints = get_type_hints(type(event), include_extras=True)
    found: dict[str, Any] = {}
    for each in fields_of(event, typed):
        if each.form == "kept":
            if body.get(each.name) is not None:
                found[each.name] = body[each.name]
            continue
        value = _read(each, _bare(hints[each.name])[0])
        if value is None and each.needed:
            raise InputError("this has to be filled in", where=each.name)
        if value is not None:
            found[each.name] = value
    return found


def _read(each: Field, kind: Any) -> Any:
    if each.form == "items":
        return [int(item) if item in ("0", "1", "2", "3") else None for item in each.value]
    if each.form == "many":
        return list(each.value)
    text = str(each.value).strip()
    if each.form == "choice":
        return {"true": True, "false": False}.get(text, text or None) if kind is bool else text or None
    if kind is int and text:
        number = whole(text)
        if number < 0:
            raise InputError(f"{text[:20]!r} is not a whole number", where=each.name)
        return number
    if kind is str and each.form == "text":
        return text or None
    return text or (None if kind is not str else "")
