"""A clinic may be stricter than its programme as it likes; looser only where no regulation stands, signed and shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from isocourse.engine import model as m
from isocourse.engine.clinic import NEVER_OFF, SETTABLE, Clinic, read_clinic
from isocourse.engine.edition import edition_of
from isocourse.errors import InputError, IsocourseError
from isocourse.record.dates import day_of
from isocourse.record.roles import NEVER_CLINICIANS
from isocourse.record.terminology import Role, codes
from isocourse.words.answer import Answer, assess
from tests import shipped
from tests.shipped import LIBRARY

RECORD = shipped.stories()["us_month_2"].record
SIGNED = "departs: {signed_by: Dr A. Example, on: 2026-02-20, reason: Audited every year.}"
EARLY, LATE = day_of("2026-03-04"), day_of("2026-03-20")


def clinic(*lines: str, programme: str = "us") -> Clinic:
    text = "\n".join(["clinic: Example Dermatology", f"programme: {programme}", *lines]) + "\n"
    return read_clinic(text.encode(), "clinic.yaml", LIBRARY)


def setting(value: str, content: object, *more: str, since: str = "2026-03-10") -> tuple[str, str]:
    return "settings:", "  - {" + ", ".join([f"value: {value}", f"is: {content}", f"from: {since}", *more]) + "}"


def told(own: Clinic, on: int) -> Answer:
    return assess(edition_of(LIBRARY, "us", clinic=own), RECORD, on)


def fired(answer: Answer) -> set[str]:
    return {finding.rule for finding in answer.findings}


def departures(answer: Answer) -> list[str]:
    return [note for note in answer.notes if "departs from" in note]


# --- stricter -------------------------------------------------------------------------------------
def test_stricter_than_a_regulation_binds_from_its_day_and_needs_no_signature() -> None:
    own = clinic(*setting("supply_limit", 28))
    assert "supplied_over_limit" not in fired(told(own, day_of("2026-03-09")))
    assert "supplied_over_limit" in fired(told(own, day_of("2026-03-10")))
    assert departures(told(own, LATE)) == []
    shown = [limit for finding in told(own, LATE).findings for limit in finding.limits]
    assert {limit.value for limit in shown if limit.value_name == "supply_limit"} == {28}, "the one that governs"
    assert f"+clinic={own.content}" in told(own, LATE).edition


def test_the_same_as_the_programme_is_no_departure() -> None:
    own = clinic(*setting("supply_limit", 30))
    assert departures(told(own, LATE)) == []


# --- looser ---------------------------------------------------------------------------------------
def looser(value: m.Value, step: m.ValueStep) -> Any:
    match value.stricter:
        case "lower":
            return step.value + 1
        case "higher":
            return max(0, step.value - 1)
        case "fewer":
            return [*step.value, "anything_else"]
    return "[something]" if value.kind == "codes" else "something"


def regulated() -> Iterator[tuple[str, str]]:
    for value in LIBRARY.values.values():
        for step in value.steps:
            if step.strength == "regulation" and value.kind in SETTABLE and step.value not in (None, 0):
                yield value.name, step.programme


@pytest.mark.parametrize(("name", "programme"), sorted(set(regulated())))
def test_looser_than_a_regulation_is_refused_even_when_signed(name: str, programme: str) -> None:
    value = LIBRARY.values[name]
    step = next(step for step in value.steps if step.programme == programme and step.strength == "regulation")
    content = str(looser(value, step)).replace("'", "")
    own = clinic(*setting(name, content, SIGNED, since="2024-01-01"), programme=programme)
    with pytest.raises(IsocourseError, match="looser than a regulation") as refused:
        edition_of(LIBRARY, programme, clinic=own)
    assert "clinic.yaml, line 4" in str(refused.value)


def test_looser_than_a_guideline_or_consensus_wants_a_signature() -> None:
    with pytest.raises(IsocourseError, match="nobody signed it"):
        edition_of(LIBRARY, "us", clinic=clinic(*setting("default_schedule", "hansen_2016")))


def test_a_signed_departure_is_shown_from_its_day() -> None:
    own = clinic(*setting("default_schedule", "hansen_2016", SIGNED))
    assert departures(told(own, day_of("2026-03-09"))) == []
    assert departures(told(own, day_of("2026-03-10"))) == [
        "Example Dermatology departs from consensus: default_schedule is hansen_2016 instead of delphi_2022, from "
        "2026-03-10. Signed by Dr A. Example on 2026-02-20: Audited every year."
    ]


def test_the_count_of_the_visit_may_be_signed_away_but_not_the_thirty_days() -> None:
    record = shipped.stories()["us_man"].record
    own = clinic(*setting("visit_window", 60, SIGNED, since="2026-01-01"))
    closed = [
        "visit_window_closed" in fired(assess(edition_of(LIBRARY, "us", clinic=own), record, day_of(day)))
        for day in ("2026-02-04", "2026-02-05")
    ]
    assert closed == [False, True]


# --- rules ----------------------------------------------------------------------------------------
def off(rule: str, since: str = "2026-03-02") -> tuple[str, ...]:
    return "switched_off:", f"  - {{rule: {rule}, from: {since}, {SIGNED}}}"


def test_clinic_policy_can_be_switched_off_and_says_so() -> None:
    day = day_of("2026-02-20")
    assert "supply_too_early" in fired(assess(shipped.edition("us"), RECORD, day))
    own = clinic(*off("supply_too_early", "2026-02-20"))
    assert "supply_too_early" not in fired(told(own, day))
    assert "supply_too_early" in fired(told(own, day - 1))
    assert departures(told(own, day))[0].startswith("Example Dermatology departs from clinic policy: the rule supply_")


def test_only_clinic_policy_that_stops_nothing_can_be_switched_off() -> None:
    compiled = shipped.edition("us")
    refused = 0
    for rule in compiled.rules:
        if rule.id in NEVER_OFF:
            continue
        may = rule.strength == "clinic_policy" and "stop_now" not in (rule.then.capsules, rule.if_unknown.capsules)
        own = clinic(*off(rule.id))
        if may:
            assert len(edition_of(LIBRARY, "us", topics=["dose"], clinic=own).departed) == 1
            continue
        with pytest.raises(IsocourseError, match="cannot be switched off"):
            edition_of(LIBRARY, "us", topics=["dose"], clinic=own)
        refused += 1
    assert refused > 40


@pytest.mark.parametrize("rule", NEVER_OFF)
def test_a_rule_that_waits_for_something_unread_stays(rule: str) -> None:
    assert rule in {each.id for each in edition_of(LIBRARY, "us").rules}, "a name that no rule has guards nothing"
    with pytest.raises(IsocourseError, match="not read or not known, and cannot be switched off"):
        edition_of(LIBRARY, "us", clinic=clinic(*off(rule)))


ROLE_LISTS = sorted(name for name, value in LIBRARY.values.items() if value.kind == "codes" and name.endswith("_roles"))


@pytest.mark.parametrize("name", ROLE_LISTS)
@pytest.mark.parametrize("role", sorted(NEVER_CLINICIANS))
def test_nobody_but_clinicians_settles_anything(name: str, role: str) -> None:
    with pytest.raises(IsocourseError, match=f"cannot name {role}") as refused:
        clinic(*setting(name, f"[prescriber, {role}]", SIGNED))
    assert "clinic.yaml, line 4" in str(refused.value)


def test_every_list_of_roles_is_called_one() -> None:
    roles = set(codes(Role))
    lists = {
        value.name
        for value in LIBRARY.values.values()
        if value.kind == "codes" and any(roles.intersection(step.value or ()) for step in value.steps)
    }
    assert lists and lists <= set(ROLE_LISTS)


def test_the_headline_says_that_the_clinic_departs() -> None:
    whole = shipped.stories()["us_whole_month_2"].record
    own = clinic(*setting("default_schedule", "hansen_2016", SIGNED, since="2026-03-04"))
    edition = edition_of(LIBRARY, "us", clinic=own)
    assert assess(edition, whole, EARLY).headline == (
        "Proceed, with departures that the clinic signed: every other rule of the programme is met"
    )
    assert assess(edition, whole, EARLY - 1).headline.startswith("Withhold")
    plain = assess(edition_of(LIBRARY, "us"), whole, EARLY)
    assert plain.headline == "Proceed: every rule of the programme is met"


# --- mistakes in the file -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (setting("suply_limit", 28), "did you mean 'supply_limit'"),
        (setting("contraceptive_methods", "{}"), "is a table"),
        (setting("supply_limit", "28 days"), "not a whole number"),
        (setting("supply_limit", 28, since="March"), "write the day as YYYY-MM-DD"),
        ((*setting("supply_limit", 28), setting("supply_limit", 27)[1]), "set twice"),
        (setting("default_schedule", "hansen_2016", "departs: {signed_by: Dr A. Example}"), "'on' is missing"),
        (("switched_off:", "  - {rule: supply_too_early, from: 2026-03-02}"), "'departs' is missing"),
        (off("supply_to_early"), "did you mean 'supply_too_early'"),
        (setting("prescription_valid", 5), "has no 'prescription_valid' to set"),
    ],
)
def test_a_mistake_names_its_line_and_a_way_to_mend_it(lines: tuple[str, ...], words: str) -> None:
    with pytest.raises(IsocourseError, match=words) as refused:
        edition_of(LIBRARY, "us", clinic=clinic(*lines))
    assert "clinic.yaml, line" in str(refused.value)


def test_settings_of_one_programme_are_not_used_for_another() -> None:
    own = clinic(*setting("supply_limit", 28), programme="uk")
    with pytest.raises(InputError, match="are for programme 'uk'"):
        edition_of(LIBRARY, "us", clinic=own)
