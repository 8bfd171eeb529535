"""The visit asks for what the protocol needs, and what is typed into it settles what asked for it.

Generated over every rule of every programme, and over made-up courses on the days of their visits.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from isocourse.engine import model as m
from isocourse.engine.decide import Decision, decide_prepared, prepare
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.load import load_library
from isocourse.plan.earliest import earliest_supply
from isocourse.record.dates import day_of, iso
from isocourse.record.events import KINDS
from isocourse.record.record import Record, check_record, event_from
from isocourse.simulate.clinic import clinic_of
from isocourse.simulate.course import courses
from isocourse.words.visit_asked import Asking, asking, form_for, open_symptoms
from isocourse.words.visit_doubts import Known
from isocourse.words.visit_form import BY_NAME, ELSEWHERE, FORMS, RULE_ASKS, SECTION_OF, SECTIONS, TASK_ASKS
from isocourse.words.visit_read import Problem, Setting, Typed, event_id, read, typed_for
from isocourse.words.visit_since import line_of

LIBRARY = load_library()
TOKEN = "t" * 20
FIRST_DAY = day_of("2026-01-05")
# What somebody has to write who is asked for a reason or a choice that the plan leaves open.
OPEN = {"weight": {"value": "70"}, "birth": {"_on": ["2000-01-01"]}}
NAMED = [(rule, event) for rule in LIBRARY.rules.values() if rule.mend is not None for event in rule.mend.events]


def setting(role: str, today: str, **more: Any) -> Setting:
    return Setting(role=role, today=today, token=TOKEN, **{"known_ids": frozenset(), "decides_effects": True, **more})


@pytest.mark.parametrize(("rule", "event"), NAMED, ids=[f"{rule.id}-{event.kind}" for rule, event in NAMED])
def test_every_event_that_mends_a_rule_can_be_typed_and_comes_out_as_it_was_planned(
    rule: m.Rule, event: m.PlannedEvent
) -> None:
    if event.kind in ELSEWHERE:
        return
    form = FORMS[str(event.fields["name"]) if event.kind == "questionnaire" else event.kind]
    assert SECTION_OF[form.key] in BY_NAME
    row = "e-there" if form.names else "0"
    typed = typed_for(form, event.fields, row)
    if form.lead == "_on" or form.kind in ("lab_result", "course_start"):
        typed[f"{form.key}.{row}._on"] = ["2026-11-20"]
    found = read(typed, setting("prescriber", "2026-11-23", known_ids=frozenset({"e-there"})))
    assert found.problems == [] or {problem.doubt for problem in found.problems} == {True}
    (made,) = [fields for fields in found.events if fields["kind"] == event.kind]
    whole = event_from({**made, **WRITTEN})
    assert type(whole) is KINDS[event.kind]
    planned = {**event.fields, **{name: ["e-there"] for name in event.names_events_of}}
    planned |= dict.fromkeys(event.one_for_each, "e-there")
    for name, value in planned.items():
        got = made[name]
        assert str(got) == str(value) or list(got) == list(value), name


WRITTEN = {"recorded_at": "2026-11-23T10:00:00+00:00", "author": {"id": "doctor", "role": "prescriber"}}


def test_every_form_writes_an_event_and_every_table_names_what_there_is() -> None:
    assert {form.kind for form in FORMS.values()} <= set(KINDS)
    assert set(RULE_ASKS) <= set(LIBRARY.rules)
    assert set(TASK_ASKS) <= set(LIBRARY.tasks)
    assert {name for names in TASK_ASKS.values() for name in names} | set(RULE_ASKS.values()) <= set(BY_NAME)
    assert len(BY_NAME) == len(SECTIONS)
    for form in FORMS.values():
        for entry in form.entries:
            own = entry.name.startswith("_") or entry.name in KINDS[form.kind].__struct_fields__
            assert own, (form.key, entry.name)


class Day:
    """A person on a day of a visit, and what the visit asks."""

    def __init__(self, edition: Edition, record: Record, day: int, role: str = "prescriber") -> None:
        self.edition, self.record, self.day = edition, record, day
        self.rows = prepare(record)
        self.decision: Decision = decide_prepared(edition, self.rows, day)
        earliest = earliest_supply(edition, self.rows, self.decision.evaluation)
        self.asked: Asking = asking(self.decision, self.rows, earliest, role=role, purpose="first")

    def typed(self) -> dict[str, list[str]]:
        """The answers that the protocol hopes for, typed into what is asked."""
        found: dict[str, list[str]] = {
            "visit.0.mode": ["in_person"], "visit.0.purpose": ["follow_up"], "visit.0._on": [iso(self.day)],
        }  # fmt: skip
        places: dict[str, int] = {}
        for asked in self.asked.sections.values():
            for each in asked.wanted:
                self._fill(each, places, found)
        return found

    def _fill(self, each: Any, places: dict[str, int], found: dict[str, list[str]]) -> None:
        form = FORMS[form_for(each, minor=False)]
        fields = {**each.fields, **OPEN.get(each.kind, {})}
        ids = fields.get(form.names, ()) if form.names else ()
        if each.kind == "form_signed" or form.plural:
            place = places[form.key] = places.get(form.key, -1) + 1
            rows = [str(place)]
        else:
            rows = list(ids) if isinstance(ids, tuple) else [ids]
        for row in rows if form.names or form.plural else ["0"]:
            for name, values in typed_for(form, fields, row).items():
                known = found.get(name, [])
                found[name] = (
                    list(dict.fromkeys([*known, *values])) if name.endswith((".covers", ".topics")) else values
                )
            if form.lead == "_on" or form.kind in ("lab_result", "course_start"):
                found[f"{form.key}.{row}._on"] = [iso(self.day)]

    def saved(self, typed: Typed, token: str) -> Record:
        ids = frozenset(event.id for event in self.record.events)
        told = Setting(
            role="prescriber", today=iso(self.day), token=token, known_ids=ids, decides_effects=True,
            open_symptoms=open_symptoms(self.decision),
        )  # fmt: skip
        found = read(typed, told)
        assert [problem for problem in found.problems if not problem.doubt] == []
        at = f"{iso(self.day)}T23:00:0{token}+00:00"
        made = tuple(
            event_from({**fields, "recorded_at": at, "author": {"id": "doctor-1", "role": "prescriber"}})
            for fields in found.events
        )
        whole = msgspec.structs.replace(self.record, events=(*self.record.events, *made))
        check_record(whole)
        return whole


def left_for_others(day: Day) -> set[str]:
    """The rules that withhold and that nothing typed at this visit can settle: they need a prescription, a later day,
    or something that nobody can write down."""
    found = set()
    for finding in day.decision.findings:
        if not finding.withholds:
            continue
        mend = finding.rule.mend
        events = mend.events if mend is not None else ()
        here = [event for event in events if event.kind not in ELSEWHERE]
        later = mend is not None and mend.not_before is not None and (day.decision.fact(mend.not_before) or 0) > day.day
        if not here or later:
            found.add(finding.rule.id)
    return found


@pytest.mark.parametrize("programme", sorted(LIBRARY.programmes))
def test_what_is_asked_settles_what_asked_for_it(programme: str) -> None:
    edition = edition_of(LIBRARY, programme, {})
    settled = 0
    for course in courses(clinic_of(edition, FIRST_DAY), count=6, seed=7, first_day=FIRST_DAY):
        for look in course.looks:
            if look.what != "visit":
                continue
            before = tuple(e for e in course.record.events if e.recorded_at.toordinal() < look.day)
            day = Day(edition, msgspec.structs.replace(course.record, events=before), look.day)
            first = {finding.rule.id for finding in day.decision.findings if finding.withholds}
            for turn in "123456":
                typed = day.typed()
                day = Day(edition, day.saved(typed, turn), look.day)
                left = {finding.rule.id for finding in day.decision.findings if finding.withholds}
                if left <= left_for_others(day):
                    break
            assert left <= left_for_others(day), (course.number, iso(look.day), left)
            settled += len(first - left)
    assert settled > 20


def test_the_protocol_says_what_a_nurse_cannot_settle() -> None:
    """A routine look at mood is a nurse's as well; an answer about self-harm is for the prescriber."""
    edition = edition_of(LIBRARY, "uk", {})
    course = next(courses(clinic_of(edition, FIRST_DAY), count=1, seed=7, first_day=FIRST_DAY))
    day = max(look.day for look in course.looks if look.what == "visit")
    before = tuple(e for e in course.record.events if e.recorded_at.toordinal() < day)
    record = msgspec.structs.replace(course.record, events=before)
    routine = Day(edition, record, day, role="nurse").asked.sections["mood"]
    assert not routine.for_prescriber
    answer = {
        "kind": "questionnaire", "id": "q", "happened_on": iso(day), "name": "phq9", "items": [0] * 8 + [1],
        "recorded_at": f"{iso(day)}T09:00:00+00:00", "author": {"id": "nurse", "role": "nurse"},
    }  # fmt: skip
    worried = msgspec.structs.replace(record, events=(*before, event_from(answer)))
    assert Day(edition, worried, day, role="nurse").asked.sections["mood"].for_prescriber
    assert not Day(edition, worried, day).asked.sections["mood"].for_prescriber


def test_an_id_is_the_same_for_the_same_row_and_another_for_every_other() -> None:
    assert event_id(TOKEN, "weight", "0") == event_id(TOKEN, "weight", "0")
    assert len({event_id(token, form, row) for token in "ab" for form in "cd" for row in "ef"}) == 8


# --- what is easily mis-typed ---------------------------------------------------------------------
def problems_of(typed: dict[str, list[str]], **more: Any) -> list[Problem]:
    return read(typed, setting("prescriber", "2026-11-23", **more)).problems


@pytest.mark.parametrize("said", ["12,500", "1,234,567", "1,050.5"])
def test_a_comma_that_may_mark_thousands_is_asked_about(said: str) -> None:
    """Read as a decimal comma, a creatine kinase of 12,500 would be 12.5 and normal."""
    typed = {
        "lab_result.ck.analyte": ["ck"], "lab_result.ck.value": [said], "lab_result.ck.unit": ["U/L"],
        "lab_result.all._on": ["2026-11-20"],
    }  # fmt: skip
    told = problems_of(typed)
    assert [problem.field for problem in told] == ["lab_result.ck.value"] and "comma" in told[0].says
    assert [p.field for p in problems_of({"weight.0.value": [said], "weight.0.unit": ["kg"]})] == ["weight.0.value"]


@pytest.mark.parametrize("said", ["62,5", "62.5", "62.500"])
def test_a_decimal_comma_is_read(said: str) -> None:
    found = read({"weight.0.value": [said], "weight.0.unit": ["kg"]}, setting("nurse", "2026-11-23"))
    assert found.problems == [] and Decimal(found.events[0]["value"]) == Decimal("62.5")


def test_nothing_of_a_visit_is_after_its_day() -> None:
    """A visit written down some days later: a test whose day was left at today would be dated too late."""
    test = {"pregnancy_test.0.result": ["negative"], "visit.0._on": ["2026-11-20"]}
    assert problems_of({**test, "pregnancy_test.0._on": ["2026-11-20"]}) == []
    told = problems_of({**test, "pregnancy_test.0._on": ["2026-11-21"]})
    assert [problem.field for problem in told] == ["pregnancy_test.0._on"]
    (made,) = read(test, setting("nurse", "2026-11-23")).events
    assert made["happened_on"] == "2026-11-20"


def test_the_day_of_the_first_dose_is_asked_for() -> None:
    assert [p.field for p in problems_of({"course_start.0._done": ["on"]})] == ["course_start.0._on"]


@pytest.mark.parametrize(
    ("value", "unit", "known", "asked"),
    [
        ("60", "[lb_av]", Known(), True),  # kilograms typed as pounds
        ("132", "[lb_av]", Known(), False),
        ("150", "kg", Known(), True),  # pounds typed as kilograms
        ("139", "kg", Known(), False),
        ("150", "kg", Known(weight_kg=Fraction(148)), False),
        ("95", "[lb_av]", Known(height_cm=Fraction(185)), True),
        ("62", "kg", Known(height_cm=Fraction(168)), False),
    ],
)
def test_a_weight_in_the_wrong_unit_is_asked_about(value: str, unit: str, known: Known, asked: bool) -> None:
    told = problems_of({"weight.0.value": [value], "weight.0.unit": [unit]}, known=known)
    assert [problem.doubt for problem in told] == ([True] if asked else [])


# --- entries in one line --------------------------------------------------------------------------
def test_no_entry_is_told_in_bare_numbers() -> None:
    """Of "30, 70, 2" nobody knows which are days and which milligrams."""
    clinic = clinic_of(edition_of(LIBRARY, "us"), FIRST_DAY)
    made = courses(clinic, count=12, seed=5, first_day=FIRST_DAY)
    lines = {str(line_of(event, {}).says) for course in made for event in course.record.events}
    assert not {line for line in lines if re.search(r"(?:: |, )\d+(?:,|$)", line) and "score" not in line}
    assert not {line for line in lines if "doctor-1" in line}, "a person's code says nothing"
    assert any(line.startswith("Responsible prescriber: ") for line in lines)
    assert any(re.search(r"Prescribed .*, \d+ mg a day.* for 30 days", line) for line in lines)
