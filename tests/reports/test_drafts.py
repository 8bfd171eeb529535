"""Drafts: everything that is on record and nothing that is not; every question asked; no note without being asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from isocourse.doors.cli.main import app
from isocourse.engine.decide import decide
from isocourse.record.dates import day_of
from isocourse.record.record import Record, read_record, write_record
from isocourse.words.report import DraftWords, report_drafts, report_json, report_lines
from tests.procedures.courses import ALL, found, told
from tests.record.made import AUTHOR, valid_records, written
from tests.shipped import LIBRARY, edition

SECRET = "told in confidence"
SERIOUS = {"events": ["pain", "high", "gone"], "seriousness": ["hospitalisation", "medically_important"]}
CONVENTIONAL = {"formulation": "conventional"}
LIPASE = {"analyte": "lipase", "value": ">900", "unit": "U/L", "upper_limit": "60"}
EVERYTHING = [
    told("birth", "born", "2001-03"),
    told("sex", "sex", "2026-01-05", sex="female"),
    told("weight", "kg", "2026-01-05", value="60.5", unit="kg", note=SECRET),
    told("condition", "asthma", "2015", text="asthma", active=True),
    told("allergy", "nuts", "2015-06-01", allergen="peanut", text="peanuts"),
    told("menses_started", "period", "2026-02-14", by="patient"),
    told("contraception_started", "method", "2025-11-01", method="implant"),
    told("medicine_started", "wort", "2026-01", name="st johns wort"),
    told("medicine_stopped", "wortless", "2026-02-20", started="wort"),
    told("medicine_started", "vitamins", "2026-02-01", name="vitamin D"),
    told("prescription", "written", "2026-02-01", product="Claravis", days=30, daily_dose_mg="40", **CONVENTIONAL),
    told("dispensing", "first", "2026-02-02", days=30, prescription="written", by="pharmacist"),
    told("dispensing", "second", "2026-03-04", days=30, daily_dose_mg="60", by="pharmacist", **CONVENTIONAL),
    told("pregnancy_test", "negative", "2026-02-01", result="negative", method="serum", setting="medical"),
    told("symptom", "pain", "2026-03-10", text="severe abdominal pain", severity="severe", by="patient", note=SECRET),
    told("lab_result", "high", "2026-03-11", by="laboratory", **LIPASE),
    told("course_pause", "pause", "2026-03-11"),
    told("adverse_reaction_suspected", "suspected", "2026-03-12", **SERIOUS, outcome="recovering", note=SECRET),
    told("course_start", "again", "2026-03-25", by="patient"),
    told("course_stop", "stop", "2026-03-30", reason="adverse_effect"),
    told("pregnancy_test", "positive", "2026-04-09", result="positive", method="urine", note=SECRET),
    told("pregnancy_resolved", "lost", "2026-05-01", resolves=["positive"], how="miscarriage", note=SECRET),
    told("report_sent", "sent", "2026-03-13", to="fda_medwatch", about=["suspected"], reference="M-17"),
]  # fmt: skip


def record(*events: dict[str, Any]) -> Record:
    return read_record(written(*events))


def drafts(day: str, of: Record, programme: str = "us", *, with_notes: bool = False) -> list[DraftWords]:
    decision = decide(edition(programme), of, day_of(day))
    return list(report_drafts(decision, of.subject, with_notes=with_notes).drafts)


def told_in(draft: DraftWords) -> dict[str, list[tuple[str, str | None]]]:
    return {section.title: [(entry.asks, entry.answer) for entry in section.entries] for section in draft.sections}


def test_a_reaction_with_everything_on_record() -> None:
    reaction, pregnancy = drafts("2026-06-01", record(*EVERYTHING))
    assert (reaction.occasion, reaction.about) == ("reaction_serious", ("suspected",))
    assert [(goes.to, goes.phone, goes.sent_on, goes.reference) for goes in reaction.goes] == [
        ("fda_medwatch", "1-800-FDA-1088", "2026-03-13", "M-17")
    ]
    sections = told_in(reaction)
    # Known answers: 30 days of 40 mg, then 60 mg on 4 to 10 March; no dose on 11 and 12 March.
    assert sections["Medicine"] == [
        ("Active substance", "isotretinoin, by mouth"),
        ("First supply or dose of the course", "2026-02-02"),
        ("Last dose", "2026-03-30"),
        ("Supply", "2026-02-02, 30 days: Claravis (conventional), 40 mg a day"),
        ("Supply", "2026-03-04, 30 days: product not recorded (conventional), 60 mg a day"),
        ("Total until 2026-03-12", "1620 mg (conventional)"),
    ]
    assert sections["Patient"] == [
        ("Subject", "p1"),
        ("Age", "24 or 25 years"),
        ("Sex", "female"),
        ("Weight", "60.5 kg on 2026-01-05"),
    ]
    assert sections["What happened"] == [
        ("Event", "pain: severe abdominal pain, severe, on 2026-03-10"),
        ("Event", "high: lipase >900 U/L (upper limit 60) on 2026-03-11"),
        ("Event", "gone: not recorded"),
        ("Suspected on", "2026-03-12"),
        ("Suspected by", "prescriber"),
        ("Seriousness", "hospitalisation, medically important"),
        ("Outcome", "recovering"),
    ]
    assert sections["Stopping and going on"] == [
        ("Paused or stopped since", "dosing interrupted on 2026-03-11"),
        ("Paused or stopped since", "course stopped (adverse effect) on 2026-03-30"),
        ("Taken again afterwards", "dosing begun or resumed on 2026-03-25"),
    ]
    assert sections["Other medicines"] == [
        ("Medicine", "st johns wort, from 2026-01, until 2026-02-20"),
        ("Medicine", "vitamin D, from 2026-02-01, still taken"),
    ]
    assert sections["History"] == [
        ("Illness or allergy", "asthma, active, 2015"),
        ("Illness or allergy", "allergy: peanuts, 2015-06-01"),
    ]
    assert "Pregnancy" not in sections
    assert pregnancy.occasion == "exposed_pregnancy"


def test_an_exposed_pregnancy_is_counted_from_the_last_dose() -> None:
    _, pregnancy = drafts("2026-06-01", record(*EVERYTHING))
    assert [(goes.to, goes.phone, goes.sent_on) for goes in pregnancy.goes] == [
        ("fda_medwatch", "1-800-FDA-1088", None),
        ("ipledge_pregnancy_registry", "1-866-495-0654", None),
    ]
    sections = told_in(pregnancy)
    assert sections["Pregnancy"] == [
        ("Last menstrual period", "2026-02-14"),
        ("Exposure", "first seen 2026-04-09, 10 days after 2026-03-30, the last dose; the risk lasts until 2026-04-30"),
        ("Test", "pregnancy test negative (serum) on 2026-02-01"),
        ("Test", "pregnancy test positive (urine) on 2026-04-09"),
        ("Contraception", "implant, begun 2025-11-01"),
        ("Outcome of the pregnancy", "miscarriage on 2026-05-01"),
    ]
    # 1,620 mg before the pause, and 60 mg on each of 25 to 30 March.
    assert sections["Medicine"][-1] == ("Total until 2026-04-09", "1980 mg (conventional)")


def test_with_almost_nothing_every_question_still_stands() -> None:
    nearly = record(
        told("adverse_reaction_suspected", "suspected", "2026-03-12", events=["gone"], seriousness=["death"])
    )
    (draft,) = drafts("2026-03-12", nearly)
    everything = told_in(drafts("2026-06-01", record(*EVERYTHING))[0])
    sections = told_in(draft)
    assert list(sections) == list(everything)
    known = {
        ("Subject", "p1"), ("Active substance", "isotretinoin, by mouth"), ("Event", "gone: not recorded"),
        ("Suspected on", "2026-03-12"), ("Suspected by", "prescriber"), ("Seriousness", "death"),
    }  # fmt: skip
    asked = [entry for entries in sections.values() for entry in entries]
    assert {entry for entry in asked if entry[1] is not None} == known
    for title, entries in everything.items():
        assert {_asks(entry) for entry in entries} <= {_asks(entry) for entry in sections[title]}, title
    page = report_drafts(decide(edition("us"), nearly, day_of("2026-03-12")), "p1")
    shown = "\n".join(line.text for line in report_lines(page))
    assert shown.count("not recorded") >= 12


def _asks(entry: tuple[str, str | None]) -> str:
    """The question, without a day in it."""
    return entry[0].split(" until ")[0]


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ("2026-02-01", "1 day before the first supply"),
        ("2026-02-02", "during treatment, 0 days after its first supply or dose"),
        ("2026-03-03", "during treatment, 29 days after its first supply or dose"),
        ("2026-03-04", "1 day after 2026-03-03, the end of the capsules (the last dose is not recorded)"),
    ],
)
def test_where_in_the_treatment_it_was_first_seen(seen: str, words: str) -> None:
    supply = told("dispensing", "first", "2026-02-02", days=30, by="pharmacist")
    (draft,) = drafts("2026-04-30", record(supply, told("pregnancy", "found", seen)))
    (exposure,) = [answer for asks, answer in told_in(draft)["Pregnancy"] if asks == "Exposure"]
    assert exposure is not None
    assert words in exposure


def test_the_course_in_question_is_told_and_no_other() -> None:
    """Three courses: the first ran out unrecorded, the second was stopped, the third came later."""
    supplies = [
        told("dispensing", "first", "2024-02-02", days=30, daily_dose_mg="20", by="pharmacist"),
        told("dispensing", "second", "2026-02-02", days=30, daily_dose_mg="40", by="pharmacist"),
        told("dispensing", "third", "2026-03-04", days=30, daily_dose_mg="40", by="pharmacist"),
        told("course_stop", "stop", "2026-03-20", reason="completed"),
        told("dispensing", "again", "2026-08-01", days=30, daily_dose_mg="40", by="pharmacist"),
    ]
    suspected = {"events": ["pain"], "seriousness": ["disability"]}
    of = record(
        *supplies,
        told("symptom", "pain", "2026-02-10", text="pain"),
        told("adverse_reaction_suspected", "what", "2026-02-11", **suspected),
        told("pregnancy", "between", "2024-08-01"),
        told("pregnancy_resolved", "born", "2025-01-15", resolves=["between"], how="live_birth"),
    )
    between, reaction = drafts("2026-09-01", of)
    assert between.occasion == "pregnancy_possible"  # five months after the end of the first: not exposed for certain
    medicine = told_in(reaction)["Medicine"]
    assert [answer for asks, answer in medicine if asks == "Last dose"] == ["2026-03-20"]
    assert [str(answer)[:10] for asks, answer in medicine if asks == "Supply"] == ["2026-02-02", "2026-03-04"]
    assert medicine[-1] == ("Total until 2026-02-11", "400 mg (formulation not recorded)")


def test_doses_not_known_are_said_to_be_missing() -> None:
    supplies = [
        told("dispensing", "first", "2026-02-02", days=10, daily_dose_mg="40", by="pharmacist"),
        told("dispensing", "second", "2026-02-12", days=10, by="pharmacist"),
    ]
    (draft,) = drafts("2026-03-01", record(*supplies, told("pregnancy", "found", "2026-02-20")))
    medicine = dict(told_in(draft)["Medicine"])
    assert (
        medicine["Total until 2026-02-20"] == "400 mg (formulation not recorded) or more: some doses are not recorded"
    )


def test_notes_come_only_when_asked_for() -> None:
    of = record(*EVERYTHING)
    plain = report_drafts(decide(edition("us"), of, day_of("2026-06-01")), of.subject)
    assert SECRET not in report_json(plain).decode()
    asked = drafts("2026-06-01", of, with_notes=True)
    notes = [[answer for asks, answer in told_in(draft)["What happened"] if asks == "Note"] for draft in asked]
    assert notes == [[f"pain: {SECRET}", f"suspected: {SECRET}"], [f"positive: {SECRET}"]]


@settings(max_examples=80, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(valid_records(most=10), st.sampled_from(ALL), st.sampled_from(["2025-06-01", "2026-02-01"]))
def test_no_record_breaks_a_draft_or_leaks_a_note(made: dict[str, Any], programme: str, day: str) -> None:
    assume(day_of(day) >= LIBRARY.programmes[programme].versions[0].from_day)
    events = [*made["events"]]
    for index, event in enumerate(events):
        events[index] = {**event, "note": f"{SECRET} {index}"}
    stamp = {"recorded_at": "2026-01-30T00:00:00+00:00", "author": AUTHOR, "note": SECRET}
    about = [event["id"] for event in events[:3]] or ["nothing"]
    suspected = {"kind": "adverse_reaction_suspected", "id": "suspected", "happened_on": "2025-01", **stamp}
    events.append({**suspected, "events": about, "seriousness": ["disability"]})
    events.append({"kind": "pregnancy", "id": "pregnant", "happened_on": "2025-02", **stamp})
    of = read_record(json.dumps({**made, "events": events}).encode())
    told_ = report_drafts(decide(edition(programme), of, day_of(day)), of.subject)
    shown = report_json(told_).decode() + "\n".join(line.text for line in report_lines(told_))
    assert SECRET not in shown
    assert any(draft.occasion == "reaction_serious" for draft in told_.drafts)
    for draft in told_.drafts:
        assert all(section.entries for section in draft.sections)
        assert draft.goes


# --- the places -----------------------------------------------------------------------------------
@pytest.mark.parametrize("programme", ALL)
@pytest.mark.parametrize("occasion", ["exposed_pregnancy", "reaction"])
def test_each_place_that_is_wanted_has_a_rule_until_it_was_told(programme: str, occasion: str) -> None:
    """By the data of the places: as many rules fire as places are open, and none when each was told."""
    supply = told("dispensing", "first", "2026-06-02", days=30, by="pharmacist")
    if occasion == "reaction":
        fields = {"events": ["x"], "seriousness": ["death"]}
        what = told("adverse_reaction_suspected", "what", "2026-06-10", **fields)
    else:
        what = told("pregnancy", "what", "2026-06-10")
    wanted = "reaction_serious" if occasion == "reaction" else occasion
    places = [place.to for place in LIBRARY.report_places(programme) if wanted in place.occasions]
    assert places
    sent: list[dict[str, Any]] = []
    for number, to in enumerate([*places, "nowhere"]):
        fired = [rule for rule in found("2026-06-12", record(supply, what, *sent), programme) if _reports(rule)]
        assert len(fired) == len(places) - number
        if to != "nowhere":
            sent.append(told("report_sent", f"sent{number}", "2026-06-11", to=to, about=["what"]))


def _reports(rule: str) -> bool:
    return LIBRARY.rules[rule].topic == "reporting"


def test_a_reaction_that_is_not_serious_goes_to_those_who_want_it() -> None:
    mild = told("adverse_reaction_suspected", "what", "2026-06-10", events=["x"], seriousness=["none"])
    assert not [rule for rule in found("2026-06-12", record(mild), "us") if _reports(rule)]
    assert "report_reaction_yellow_card" in found("2026-06-12", record(mild), "uk")


def test_the_command_prints_text_and_json(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(write_record(record(*EVERYTHING)))
    arguments = ["report", str(path), "--on", "2026-06-01", "--programme", "us"]
    text = CliRunner().invoke(app, arguments)
    assert text.exit_code == 0
    assert "Nothing is sent" in text.output
    assert "iPLEDGE pregnancy registry (1-866-495-0654): NOT SENT" in text.output
    assert SECRET not in text.output
    assert SECRET in CliRunner().invoke(app, [*arguments, "--with-notes"]).output
    found_ = json.loads(CliRunner().invoke(app, [*arguments, "--format", "json"]).output)
    assert [draft["occasion"] for draft in found_["drafts"]] == ["reaction_serious", "exposed_pregnancy"]
    nothing = CliRunner().invoke(app, ["report", str(path), "--on", "2026-03-01", "--programme", "uk"])
    assert "Nothing on record asks for a report." in nothing.output
