"""The form as a page shows it: sections, forms, rows and fields, with what was typed and what stands there at first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from isocourse.care.visits import Begun, Looked
from isocourse.record.events import Event
from isocourse.record.terminology import ANALYTE_UNITS, words_for
from isocourse.store.models import Patient, User
from isocourse.words.questionnaires import ANSWERS, ITEMS
from isocourse.words.sentence import Sentence
from isocourse.words.story_says import sentence_of
from isocourse.words.visit_asked import Asked, Asking, as_before_is_safe, open_symptoms, taken_medicines
from isocourse.words.visit_form import COMMON, RED_FLAGS, SECTIONS
from isocourse.words.visit_read import NO_ANSWER, SHARED, leads, rows_of
from isocourse.words.visit_shape import Entry, Form, Section
from isocourse.words.visit_since import Line, last_of

NEW_ROW = "new"  # the row that is copied when one is added
_USUAL_BLOODS = ("alt", "ast", "triglycerides")
# What the programme names is filled in: which form, which registry. An answer never is: the plan's are made up.
_FILLED = {
    "form_signed": frozenset({"form", "signed_by", "version"}),
    "programme_enrolment": frozenset({"registry"}),
}
# What happens at the visit itself, as a rule: its day is filled in, to be seen and changed.
_ON_THE_DAY = frozenset({"visit", "pregnancy_test", "course_pause", "dispensing", "form_signed", "programme_enrolment"})
_UNIT_WORDS = {"[lb_av]": "lb", "[in_i]": "in"}
_FOUND_WORDS = {"none": "None", "as_before": "As last time, nothing new", "as_listed": "Something to record"}


@dataclass(frozen=True)
class Option:
    """One choice. `key` is the digit that chooses it; `asked`: the protocol asks for it by name."""

    code: str
    words: str
    chosen: bool
    key: str = ""
    asked: bool = False


@dataclass(frozen=True)
class FieldView:
    """One field. `html_id` has no dots, so that style sheets and scripts can name it."""

    name: str
    label: str
    sort: str
    hint: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    lead: bool = False

    @property
    def html_id(self) -> str:
        return "f-" + "".join(char if char.isalnum() else "-" for char in self.name)

    @property
    def sure_name(self) -> str:
        """The name under which somebody says that an unlikely number is right."""
        return self.name.rpartition(".")[0] + "._sure"


@dataclass(frozen=True)
class RowView:
    """The fields of one event. `title` says what it is about: ours, or an entry that is named."""

    row: str
    title: str | Sentence
    fields: tuple[FieldView, ...]

    @property
    def by_name(self) -> dict[str, FieldView]:
        return {view.name.rpartition(".")[2].lstrip("_"): view for view in self.fields}


@dataclass(frozen=True)
class FormView:
    """One form with its rows; `blank` is the row that can be added, `shared` what is so in each row."""

    key: str
    layout: str
    rows: tuple[RowView, ...]
    blank: RowView | None = None
    shared: RowView | None = None
    locked: bool = False
    names: bool = False

    @property
    def targets(self) -> str:
        return " ".join(row.row for row in self.rows)

    @property
    def common(self) -> tuple[RowView, ...]:
        return tuple(row for row in self.rows if row.row in COMMON)

    @property
    def red_flags(self) -> tuple[RowView, ...]:
        return tuple(row for row in self.rows if row.row in RED_FLAGS)

    @property
    def others(self) -> tuple[RowView, ...]:
        return tuple(row for row in self.rows if row.row not in COMMON and row.row not in RED_FLAGS)


@dataclass(frozen=True)
class SectionView:
    """One section. `order` is its place in the visit; `last` what is known already."""

    name: str
    title: str
    group: str
    hint: str
    order: int
    asked: bool
    why: tuple[str, ...]
    waits: bool
    for_prescriber: bool
    locked: bool
    forms: tuple[FormView, ...]
    last: tuple[Line, ...] = ()

    @property
    def only_names(self) -> bool:
        """Whether it is only about entries of the record: there is nothing to see while there are none."""
        return all(form.names for form in self.forms)


@dataclass
class Shown:
    """Everything on the page. `first` is the record as it stands, `asking` what is asked, because of answers too."""

    first: Looked
    asking: Asking
    begun: Begun
    patient: Patient
    user: User
    prescribers: Sequence[tuple[str, str]] = ()
    unsaved: Sequence[Event] = ()
    _events: dict[str, Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        events = (*self.first.record.events, *self.unsaved)
        self._events = {event.id: event for event in events}
        self._typed = rows_of(self.begun.typed)

    def sections(self, *, more: bool) -> list[SectionView]:
        """The sections that are asked or hold something typed; with `more` the others instead."""
        return [
            self._section(place, section) for place, section in enumerate(SECTIONS) if self._holds(section) is not more
        ]

    def every(self) -> list[SectionView]:
        """Every section: a page that was made a moment ago takes from them what it lacks."""
        return [self._section(place, section) for place, section in enumerate(SECTIONS)]

    def _holds(self, section: Section) -> bool:
        return section.name in self.asking.sections or any(
            leads(form, values) for form in section.forms for values in self._typed.get(form.key, {}).values()
        )

    def naming(self) -> list[FormView]:
        """The forms whose rows are entries of the record: they change while somebody types."""
        return [
            self.form(form, self.asking.sections.get(section.name))
            for section in SECTIONS
            for form in section.forms
            if form.names
        ]

    def _section(self, place: int, section: Section) -> SectionView:
        asked = self.asking.sections.get(section.name)
        forms = tuple(self.form(form, asked) for form in section.forms)
        return SectionView(
            section.name,
            section.title,
            section.group,
            section.hint,
            place,
            asked is not None,
            tuple(asked.why) if asked is not None else (),
            asked is not None and asked.waits,
            asked is not None and asked.for_prescriber,
            all(form.locked for form in forms),
            forms,
            tuple(self._last(section)) if section.name not in ("visit", "symptoms") else (),
        )

    def _last(self, section: Section) -> Iterator[Line]:
        for form in section.forms:
            line = (
                last_of(self.first.rows, form.kind, self._events) if not form.names and form.layout == "plain" else None
            )
            if line is not None:
                yield line

    # --- forms and rows -------------------------------------------------------------------------------
    def form(self, form: Form, asked: Asked | None) -> FormView:
        rows = tuple(self._row(form, row, title, filled) for row, title, filled in self._places(form, asked))
        blank = self._row(form, NEW_ROW, "", {}) if form.plural else None
        shared = self._row(form, SHARED, "", {}) if form.layout == "results" else None
        return FormView(form.key, form.layout, rows, blank, shared, self.user.role not in form.by, bool(form.names))

    def _places(self, form: Form, asked: Asked | None) -> list[tuple[str, str | Sentence, dict[str, str]]]:
        """The rows of a form: their names, what they are about, and what stands there at first."""
        typed = [row for row in self._typed.get(form.key, ()) if row not in (SHARED, NEW_ROW)]
        if form.names:
            about = [target for target in self._targets(form) if target in self._events]
            return [(target, sentence_of(self._events[target], self._events), {}) for target in about]
        if form.layout == "symptoms":
            known = {**COMMON, **RED_FLAGS}
            more = [row for row in typed if row not in known]
            return [*((row, title, {}) for row, title in known.items()), *_places(more)]
        if form.layout == "results":
            wanted = [str(each.fields["analyte"]) for each in asked.wanted if each.kind == form.kind] if asked else []
            preset = list(dict.fromkeys([*wanted, *_USUAL_BLOODS]))
            tests = [(row, words_for(row), {"analyte": row}) for row in preset]
            return [*tests, *_places(row for row in typed if row not in preset)]
        wanted_fields = [each.fields for each in asked.wanted if each.kind == form.kind] if asked else []
        named = _FILLED.get(form.kind, frozenset())
        filled = [{n: str(v) for n, v in fields.items() if n in named} for fields in wanted_fields]
        if form.plural:
            first = [(str(place), _title(given), given) for place, given in enumerate(filled or [{}])]
            return [*first, *_places(row for row in typed if row not in {name for name, _, _ in first})]
        return [("0", "", {name: value for given in filled for name, value in given.items()})]

    def _targets(self, form: Form) -> tuple[str, ...]:
        own = {"symptom_ended": open_symptoms, "medicine_stopped": taken_medicines}.get(form.kind)
        asked = self.asking.targets.get(form.key, ())
        typed = tuple(self._typed.get(form.key, ()))
        return tuple(dict.fromkeys((*asked, *(own(self.first.decision) if own else ()), *typed)))

    def _row(self, form: Form, row: str, title: str | Sentence, filled: dict[str, str]) -> RowView:
        fields: list[FieldView] = []
        for entry in form.entries:
            if entry.sort == "items":
                fields.extend(self._items(form, row))
            else:
                fields.append(self._field(form, row, entry, filled))
        return RowView(row, title, tuple(fields))

    def _items(self, form: Form, row: str) -> Iterator[FieldView]:
        for number, words in enumerate(ITEMS[form.key]):
            name = f"{form.key}.{row}.i{number}"
            said = self._said(name)
            options = [Option(str(n), answer, said == [str(n)], str(n)) for n, answer in enumerate(ANSWERS)]
            options.append(Option(NO_ANSWER, "No answer", said == [NO_ANSWER]))
            yield FieldView(name, words, "choice", options=tuple(options), lead=number == 0)

    def _field(self, form: Form, row: str, entry: Entry, filled: dict[str, str]) -> FieldView:
        name = f"{form.key}.{row}.{entry.name}"
        said = self._said(name) or [self._given(form, row, entry, filled)]
        wanted = self._wanted_codes(form, entry)
        choices = sorted(self._choices(form, row, entry), key=lambda choice: choice[0] not in wanted)
        options = tuple(
            Option(code, words, code in said, str(place + 1) if place < 9 else "", code in wanted)
            for place, (code, words) in enumerate(choices)
        )
        return FieldView(name, entry.label, entry.sort, entry.hint, said[0], options, entry.name == form.lead)

    def _said(self, name: str) -> list[str]:
        return [value for value in self.begun.typed.get(name, ()) if value]

    def _wanted_codes(self, form: Form, entry: Entry) -> frozenset[str]:
        """The codes of a field of several that rules ask for by name (which topics to speak about)."""
        if entry.sort != "many":
            return frozenset()
        found: set[str] = set()
        for asked in self.asking.sections.values():
            for each in asked.wanted:
                if each.kind == form.kind:
                    found.update(map(str, each.fields.get(entry.name, ())))
        return frozenset(found)

    def _choices(self, form: Form, row: str, entry: Entry) -> list[tuple[str, str]]:
        if entry.sort == "yes":
            return [("yes", "yes"), ("no", "no")]
        if entry.name == "prescriber_id":
            return list(self.prescribers)
        if form.kind == "lab_result" and entry.name == "unit":
            every = dict.fromkeys(unit for units in ANALYTE_UNITS.values() for unit in units)
            return [(unit, unit) for unit in ANALYTE_UNITS.get(row, every)]
        if entry.name == "found" and form.kind == "symptoms_asked":
            safe = as_before_is_safe(self.first.decision) and open_symptoms(self.first.decision)
            return [(code, words) for code, words in _FOUND_WORDS.items() if code != "as_before" or safe]
        if entry.name == "outcome" and form.kind == "symptom_assessed" and not self._decides:
            return [(code, words_for(code)) for code in entry.codes if code not in ("continue", "reduce")]
        if entry.sort in ("choice", "pick", "many"):
            return [(code, _UNIT_WORDS.get(code) or words_for(code)) for code in entry.codes]
        return []

    @property
    def _decides(self) -> bool:
        return self.user.role in self.first.edition.policy.effects_deciding_roles

    def _given(self, form: Form, row: str, entry: Entry, filled: dict[str, str]) -> str:
        if entry.name in filled:
            return filled[entry.name]
        clinic = self.patient.clinic
        if entry.name == "purpose":
            return self._purpose
        if entry.name == "_on" and form.kind in _ON_THE_DAY:
            return self.first.day.isoformat()
        if form.kind == "birth" and entry.name == "_on" and "person" in self.asking.sections and self.patient.born:
            return self.patient.born.isoformat()  # as the clinic registered it; shown, and corrected where it is wrong
        if form.kind == "weight" and entry.name == "unit":
            return clinic.weight_units
        if form.kind == "lab_result" and entry.name == "unit":
            return self._unit(row)
        if entry.name == "prescriber_id" and self.user.role == "prescriber":
            return self.user.code
        return entry.given

    @property
    def _purpose(self) -> str:
        if "visit" not in self.first.rows:
            return "first"
        return "after_course" if self.first.decision.fact("treatment_over") else "follow_up"

    def _unit(self, analyte: str) -> str:
        """The unit of the last result of this test; else the clinic's own."""
        if analyte not in ANALYTE_UNITS:
            return ""
        units = list(ANALYTE_UNITS[analyte])
        last = [e for e in self.first.rows.get("lab_result", []) if getattr(e, "analyte", "") == analyte]
        if last:
            return str(getattr(last[-1], "unit", units[0]))
        return "mg/dL" if self.patient.clinic.lab_units == "conventional" and "mg/dL" in units else units[0]


def _title(given: dict[str, str]) -> str:
    """Which form a row is about, and who signs it."""
    return ", ".join(words_for(given[name]) for name in ("form", "signed_by") if name in given)


def _places(rows: Iterable[str]) -> list[tuple[str, str | Sentence, dict[str, str]]]:
    """Rows that say nothing of themselves."""
    return [(row, "", {}) for row in rows]
