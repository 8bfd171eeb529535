"""The routine in words: until when, how soon to tell the clinic, and the command line in both voices."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from isocourse.doors.cli.main import app
from isocourse.engine.knowledge import open_shelf
from isocourse.record.dates import day_of
from isocourse.record.record import write_record
from isocourse.skincare.facts import FACTS
from isocourse.skincare.person import answering
from isocourse.skincare.routine import routine
from isocourse.skincare.routine_shape import Alert
from isocourse.words.skin_routine import (
    DAY_NOT_KNOWN,
    FACT_WORDS,
    FUNCTION_WORDS,
    SLOT_TITLES,
    STAGE_WORDS,
    shown,
    urgency,
)
from isocourse.words.skin_routine_page import SkinRoutine
from tests.procedures.courses import course, told
from tests.skincare.test_routine import KNOWN, person

SOURCES = open_shelf().sources


def untils(day: str, last_dose: str | None = None, **facts: str) -> dict[str, str]:
    somebody = person(last_dose, **facts)
    found = shown(routine(somebody, KNOWN, as_of=day_of(day)), somebody, SOURCES)
    return {each.stop.known.name: str(each.until) for each in found.stops}


def test_until_when_is_said_for_every_state() -> None:
    during = untils("2026-06-01", stage="later")
    assert during["waxing"] == (
        "Until 6 months after your last capsule. Earlier only if your dermatologist decides so."
    )
    assert during["acids"] == "Until your skin is calm, which takes 4 to 8 weeks after your last capsule."
    assert during["vitamin_a"] == "Until a month after your last capsule at least. Ask your prescriber first."
    assert during["sunbeds"] == "Not at all, and not after the course either."
    waits = untils("2026-09-10", "2026-08-31", stage="after")
    assert waits["waxing"] == "Not before 28 Feb 2027. Earlier only if your dermatologist decides so."
    assert waits["acids"] == "Not before 28 Sep 2026, and only once your skin is calm."
    assert waits["vitamin_a"] == "Not before 30 Sep 2026. Ask your prescriber first."
    over = untils("2027-06-01", "2026-08-31", stage="after", skin="none")
    assert over["waxing"] == "May come back now. Ask your dermatologist first."
    assert over["acids"].startswith("May come back once your skin is calm.")
    assert over["vitamin_a"] == "May come back now. Ask your prescriber first."
    assert untils("2027-06-01", "2026-08-31", stage="after", skin="mild")["acids"] == (
        "Wait until your skin is calm: dryness is still on record."
    )


@pytest.mark.parametrize(
    ("alerts", "capsules", "wanted"),
    [
        ((), "continue", ""),
        ((), "ask_prescriber", ""),
        ((), "stop_now", "now"),
        (("unaffected",), "continue", "ask"),
        (("unaffected", "ask_prescriber"), "continue", "today"),
        (("ask_prescriber", "stop_now"), "ask_prescriber", "now"),
    ],
)
def test_the_worst_alert_says_how_soon(alerts: tuple[str, ...], capsules: str, wanted: str) -> None:
    found = tuple(Alert(f"rule{place}", "It hurts.", "Look.", effect) for place, effect in enumerate(alerts))
    somebody = replace(person(), alerts=found, capsules=capsules)
    assert urgency(routine(somebody, KNOWN, as_of=1)) == wanted


def test_everything_has_words() -> None:
    assert set(FACT_WORDS) == set(FACTS) and set(STAGE_WORDS) == set(FACTS["stage"])
    assert {step.slot for step in KNOWN.steps} <= set(SLOT_TITLES)
    assert {variant.function for step in KNOWN.steps for variant in step.variants} == set(FUNCTION_WORDS)


def test_what_costs_little_and_what_pregnancy_forbids_is_left_out_only_where_somebody_said_so() -> None:
    def parts(**facts: str) -> tuple[bool, bool]:
        somebody = person(**facts)
        found = shown(routine(somebody, KNOWN, as_of=1), somebody, SOURCES)
        cheap = any(each.low_cost for _, steps in found.slots for each in steps)
        return cheap, any(each.pregnancy for each in found.stops)

    assert parts() == (True, True)
    assert parts(budget="low", pregnancy_possible="yes") == (True, True)
    assert parts(budget="any", pregnancy_possible="no") == (False, False)


def test_other_answers_replace_the_profile_and_leave_lenses_that_are_known() -> None:
    known = person(contact_lenses="yes", skin="mild", air="dry")
    other = answering(known, {"dark_spots": "yes", "contact_lenses": "unknown"})
    assert (other.facts["contact_lenses"], other.facts["skin"], other.facts["air"]) == ("yes", "mild", "unknown")
    assert answering(known, {"contact_lenses": "no"}).facts["contact_lenses"] == "no"


# --- the command line -----------------------------------------------------------------------------
def run(tmp_path: Path, *more: str, events: tuple[Any, ...] = (), stop: str | None = None) -> str:
    path = tmp_path / "record.json"
    path.write_bytes(write_record(course(*events, stop=stop)))
    done = CliRunner().invoke(app, ["skincare", "routine", str(path), "--programme", "uk", "--on", *more])
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def test_the_command_speaks_in_two_voices_and_as_data(tmp_path: Path) -> None:
    clinician = run(tmp_path, "2026-08-26")
    assert "[procedure_waxing] label" in clinician and "not asked yet:" in clinician
    patient = run(tmp_path, "2026-08-26", "--patient")
    assert "procedure_waxing" not in patient and "confidence" not in patient and "Leave these alone" in patient
    data = msgspec.json.decode(run(tmp_path, "2026-08-26", "--format", "json"), type=SkinRoutine)
    assert {"cleanse_morning", "protect_morning"} <= {step.step for step in data.steps}
    assert (data.stage, data.urgency, data.programme) == ("first_weeks", "", "uk")


def test_a_red_flag_comes_first_in_both_voices(tmp_path: Path) -> None:
    blisters = told("symptom", "a", "2026-08-25", text="blisters", term="rash_with_blisters", severity="mild")
    for voice in ((), ("--patient",)):
        page = run(tmp_path, "2026-08-26", *voice, events=(blisters,))
        assert page.index("Call the clinic now") < page.index("STOP NOW") < page.index("Morning")


def test_without_a_recorded_last_dose_no_date_is_given(tmp_path: Path) -> None:
    data = json.loads(run(tmp_path, "2027-06-01", "--format", "json"))
    assert data["stage"] in ("later", "after") and all(stop["returns_on"] is None for stop in data["stops"])
    ended = person(stage="after")
    assert DAY_NOT_KNOWN in shown(routine(ended, KNOWN, as_of=1), ended, SOURCES).notes
