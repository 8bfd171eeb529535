"""From what was typed at a visit to events, with what is wrong beside its field, in plain words.

Fields are called `form.row.entry` ("weight.0.value"); a row is a number, a term, or the id of an entry that it is
about; the row "all" of a form holds what is so in each of its rows. Nothing typed is dropped in silence: what lacks its
main answer is said to be missing it. Words in `_(...)` are marked for gettext.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from isocourse.record import terminology as t
from isocourse.record.dates import partial_date
from isocourse.words.visit_doubts import Known, doubt
from isocourse.words.visit_form import FORMS, SECTION_OF
from isocourse.words.visit_shape import Entry, Form, _

Typed = Mapping[str, Sequence[str]]
Fields = dict[str, Any]
NO_ANSWER = "none"
SHARED = "all"
MISSING = _("This is missing.")
FOR_PRESCRIBER = _("This is for the prescriber.")
# Answers that let treatment go on; only whoever the protocol names may give them.
_GOES_ON = frozenset({"continue", "reduce"})
# Days that may lie ahead.
_AHEAD = frozenset({"do_not_dispense_after", "planned_for"})
_ONE_NAMED = frozenset({"symptom", "started"})
_TERMS = frozenset(t.codes(t.SymptomTerm))
_THOUSANDS = re.compile(r",\d{3}(?!\d)")
_WORDS = frozenset({"text", "area", "number", "count", "many"})
MOST_DIGITS = 6  # of a count


class Problem(NamedTuple):
    """What is wrong with a field. A `doubt` may be right all the same: the person then says so (`_sure`)."""

    field: str
    says: str
    doubt: bool = False


@dataclass(frozen=True)
class Setting:
    """Who types, on which day (ISO), under which token; what the record knows. `decides_effects`: whether the protocol
    lets this person let treatment go on after a symptom. `open_symptoms` are ids."""

    role: str
    today: str
    token: str
    known_ids: frozenset[str]
    open_symptoms: tuple[str, ...] = ()
    decides_effects: bool = False
    known: Known = field(default_factory=Known)


@dataclass
class Read:
    """The events as plain fields, what is wrong, and the sections that were answered."""

    events: list[Fields] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    lead_of: dict[str, str] = field(default_factory=dict)


def event_id(token: str, form: str, row: str) -> str:
    """The id of the event of a row: the same whenever the same form is sent, and it says nothing."""
    return f"v-{hashlib.sha256(f'{token}/{form}/{row}'.encode()).hexdigest()[:32]}"


def read(typed: Typed, setting: Setting) -> Read:
    """Every event that was typed, in the order of the form."""
    found = Read()
    day = _visit_day(typed, setting, found)
    rows = rows_of(typed)
    for key, form in FORMS.items():
        mine = rows.get(key, {})
        shared = mine.pop(SHARED, {})
        for row, values in mine.items():
            _row(form, row, {**shared, **values} if form.lead in values else values, setting, day, found)
    _symptoms(rows, setting, day, found)
    found.problems = list(dict.fromkeys(found.problems))  # rows that share a field would each say the same of it
    return found


def rows_of(typed: Typed) -> dict[str, dict[str, dict[str, list[str]]]]:
    """What was typed, by form and row; blank answers left out, unknown names not looked at."""
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    for name, values in typed.items():
        key, _dot, rest = name.partition(".")
        row, _dot, entry = rest.rpartition(".")
        said = [value.strip() for value in values if value.strip()]
        if key in FORMS and row and entry and said:
            found.setdefault(key, {}).setdefault(row, {})[entry] = said
    return found


def _visit_day(typed: Typed, setting: Setting, found: Read) -> str:
    said = next(iter(typed.get("visit.0._on", ())), "").strip() or setting.today
    try:
        if date.fromisoformat(said) <= date.fromisoformat(setting.today):
            return said
        found.problems.append(Problem("visit.0._on", _("This day is still to come.")))
    except ValueError:
        found.problems.append(Problem("visit.0._on", _("This is not a date.")))
    return setting.today


def _row(form: Form, row: str, values: dict[str, list[str]], setting: Setting, day: str, found: Read) -> None:
    if form.names and row not in setting.known_ids and row not in found.lead_of:
        return  # what it was about is not there any more
    place = f"{form.key}.{row}"
    lead = f"{place}.{form.lead}"
    before = len(found.problems)
    if not leads(form, values):
        if any(entry.sort in _WORDS and values.get(entry.name) for entry in form.entries):
            found.problems.append(Problem(lead, MISSING))
        return
    if setting.role not in form.by:
        found.problems.append(Problem(lead, FOR_PRESCRIBER))
        return
    fields = dict(_fields(form, row, values, setting, place, found))
    if len(found.problems) > before:
        return
    on = fields.pop("_on", day)
    if partial_date(on).first > date.fromisoformat(day).toordinal():
        found.problems.append(Problem(_day_asked_at(form, place), _("This is after the day of the visit.")))
        return
    asked = doubt(form.kind, fields, setting.known)
    if asked and "_sure" not in values:
        found.problems.append(Problem(lead, asked, doubt=True))
    made = {name: value for name, value in fields.items() if not name.startswith("_")}
    _add(form, row, {"happened_on": on, **form.fixed, **made}, setting, found)


def _add(form: Form, row: str, fields: Fields, setting: Setting, found: Read) -> None:
    own = event_id(setting.token, form.key, row)
    if form.names:
        fields[form.names] = row if form.names in _ONE_NAMED else [row]
    found.events.append({"id": own, "kind": form.kind, **fields})
    found.answered.add(SECTION_OF[form.key])
    found.lead_of[own] = f"{form.key}.{row}.{form.lead}"


def leads(form: Form, values: Mapping[str, list[str]]) -> bool:
    """Whether the main answer of a form was given."""
    if form.layout == "items":
        return any(name.startswith("i") for name in values)
    return form.lead in values


def _fields(
    form: Form, row: str, values: dict[str, list[str]], setting: Setting, place: str, found: Read
) -> Iterator[tuple[str, Any]]:
    if form.layout == "symptoms" and row in _TERMS:
        values = {**values, "term": [row]}
    for entry in form.entries:
        name = f"{place}.{entry.name}"
        if entry.sort == "items":
            yield from _items(form, values, place, found)
            continue
        said = values.get(entry.name, [])
        if not said:
            if entry.needed:
                found.problems.append(Problem(_asked_at(form, entry, name), MISSING))
            continue
        try:
            yield entry.name, _value(entry, said, values, setting)
        except ValueError as error:
            found.problems.append(Problem(name, str(error)))
    if form.kind == "symptom":
        yield from _symptom_text(values, place, found)
    if form.kind == "procedure" and "text" not in values:
        yield "text", t.words_for(values["what"][0])
    if form.kind == "symptom_assessed" and values["outcome"][0] in _GOES_ON and not setting.decides_effects:
        found.problems.append(Problem(f"{place}.outcome", FOR_PRESCRIBER))


def _asked_at(form: Form, entry: Entry, name: str) -> str:
    """Where the page asks for a field: results share their day."""
    return _day_asked_at(form, name.rpartition(".")[0]) if entry.name == "_on" else name


def _day_asked_at(form: Form, place: str) -> str:
    return f"{form.key}.{SHARED}._on" if form.layout == "results" else f"{place}._on"


def _symptom_text(values: Mapping[str, list[str]], place: str, found: Read) -> Iterator[tuple[str, Any]]:
    if "text" in values:
        return
    if "term" in values:
        yield "text", t.words_for(values["term"][0])
        return
    found.problems.append(Problem(f"{place}.text", MISSING))


def _items(form: Form, values: Mapping[str, list[str]], place: str, found: Read) -> Iterator[tuple[str, Any]]:
    """The answers of a questionnaire: each given, or said not to be given."""
    wanted = t.ITEMS_IN[form.fixed["name"]]
    answers: list[int | None] = []
    for number in range(wanted):
        said = values.get(f"i{number}", [""])[0]
        if said == NO_ANSWER:
            answers.append(None)
        elif said in ("0", "1", "2", "3"):
            answers.append(int(said))
        else:
            found.problems.append(Problem(f"{place}.i{number}", MISSING))
    yield "items", answers


def _value(entry: Entry, said: list[str], values: Mapping[str, list[str]], setting: Setting) -> Any:
    first = said[0]
    match entry.sort:
        case "tick":
            return True
        case "yes":
            return first == "yes"
        case "many":
            return [code for code in said if code in entry.codes]
        case "choice" | "pick":
            allowed = entry.codes or _units(entry, values)
            if allowed and first not in allowed:
                raise ValueError(_("Choose one of those listed."))
            return first
        case "number":
            return str(_decimal(first))
        case "count":
            if not first.isascii() or not first.isdigit() or len(first) > MOST_DIGITS:
                raise ValueError(_("Write a whole number."))
            return int(first)
        case "day" | "when":
            return _day(entry, first, setting)
        case _:
            return first if entry.name != "value" else _pointed(first)


def _units(entry: Entry, values: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The units of the test in the same row."""
    analyte = values.get("analyte", [""])[0]
    return tuple(t.ANALYTE_UNITS.get(analyte, ())) if entry.name == "unit" else ()


def _pointed(said: str) -> str:
    """A number with a decimal point. Before three digits a comma may mark thousands as well as decimals: "12,500" read
    as twelve and a half would hide what it says."""
    if _THOUSANDS.search(said):
        raise ValueError(_("Does the comma mark thousands or decimals? Write 12500 or 12.5."))
    return said.replace(",", ".")


def _decimal(said: str) -> Decimal:
    said = _pointed(said)
    try:
        number = Decimal(said)
    except InvalidOperation:
        raise ValueError(_("Write a number.")) from None
    if not number.is_finite():
        raise ValueError(_("Write a number."))
    return number


def _day(entry: Entry, said: str, setting: Setting) -> str:
    try:
        found = partial_date(said)
    except ValueError:
        raise ValueError(_("Write a date, for example 2026-11-23, or 2026-11 if only the month is known.")) from None
    if entry.sort == "day" and not found.exact:
        raise ValueError(_("This needs the whole date."))
    if entry.name not in _AHEAD and found.first > date.fromisoformat(setting.today).toordinal():
        raise ValueError(_("This day is still to come."))
    return said


def _symptoms(rows: Mapping[str, Any], setting: Setting, day: str, found: Read) -> None:
    """`none` also says that what was there is over; `as_before` that it goes on and nothing is new."""
    asked = next((event for event in found.events if event["kind"] == "symptoms_asked"), None)
    if asked is None:
        return
    told = [event for event in found.events if event["kind"] in ("symptom", "symptom_ended")]
    place = "symptoms_asked.0.found"
    match asked["found"]:
        case "none":
            if any(event["kind"] == "symptom" for event in told):
                found.problems.append(Problem(place, _("Something is named below, so it is not none.")))
            ended = {event["symptom"] for event in told if event["kind"] == "symptom_ended"}
            for symptom in setting.open_symptoms:
                if symptom not in ended:
                    _add(FORMS["symptom_ended"], symptom, {"happened_on": day}, setting, found)
        case "as_before":
            asked["found"] = "as_listed"
        case _ if not told:
            found.problems.append(Problem(place, _("Name what there is, below.")))


# --- the way back ---------------------------------------------------------------------------------
def typed_for(form: Form, fields: Mapping[str, Any], row: str = "0") -> dict[str, list[str]]:
    """What would have to be typed so that a form writes these fields: for what stands there at first, and for tests."""
    found = {}
    for entry in form.entries:
        place = f"{form.key}.{row}.{entry.name}"
        if entry.sort == "items" and "items" in fields:
            for number, answer in enumerate(fields["items"]):
                found[f"{form.key}.{row}.i{number}"] = [NO_ANSWER if answer is None else str(answer)]
        elif entry.name == "_done":
            found[place] = ["on"]
        elif entry.name in fields:
            found[place] = _said(entry, fields[entry.name])
    return found


def _said(entry: Entry, value: Any) -> list[str]:
    if entry.sort == "many":
        return [str(code) for code in value]
    if entry.sort == "yes":
        return ["yes" if value else "no"]
    if entry.sort == "tick":
        return ["on"] if value else []
    return [str(value)]
