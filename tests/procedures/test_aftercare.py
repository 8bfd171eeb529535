"""The checklist after the last dose: every line done, due, not yet and unknown, on both sides of its days."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from isocourse.doors.cli.main import app
from isocourse.engine.decide import decide
from isocourse.engine.edition import edition_of
from isocourse.plan import aftercare as plan
from isocourse.record.dates import day_of, iso
from isocourse.record.record import Record, read_record, write_record
from isocourse.words.aftercare import PAGES, aftercare, aftercare_json, aftercare_lines
from tests.procedures.courses import ALL, course, on, told
from tests.record.made import valid_records
from tests.shipped import LIBRARY, edition

CAN = told("pregnancy_potential", "can", "2026-08-01", potential="can", ground="uterus_and_ovary", confirmed=True)
CANNOT = told("pregnancy_potential", "can", "2026-08-01", potential="cannot", ground="cisgender_male", confirmed=True)
TEST = {"result": "negative", "method": "serum", "setting": "medical", "by": "laboratory"}


def lines(day: str, record: Record, programme: str = "us") -> dict[str, plan.Line]:
    return {line.item.name: line for line in plan.checklist(on(day, record, programme))}


def states(day: str, record: Record, programme: str = "us") -> dict[str, str]:
    return {name: line.state for name, line in lines(day, record, programme).items()}


# (line, its first day, its last day, what makes it done): the last dose was on 31 August 2026. Written by hand.
ACTS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("end_test", "2026-08-31", "2026-09-07", {"kind": "pregnancy_test", **TEST}),
    # one month is 30 September, thirty days as well
    ("after_test", "2026-09-30", "2026-10-07", {"kind": "pregnancy_test", **TEST}),
    ("capsules", "2026-08-31", "2026-09-07", {"kind": "capsules_returned", "by": "pharmacist"}),
    ("eyes", "2026-08-31", "2026-10-07", {"kind": "aftercare_done", "steps": ["eyes_asked"], "by": "nurse"}),
    ("maintenance", "2026-09-28", "2026-10-26", {"kind": "aftercare_done", "steps": ["maintenance_discussed"]}),
    ("relapse", "2026-08-31", "2026-10-07", {"kind": "aftercare_done", "steps": ["relapse_explained"]}),
    # three months to 30 November, six to 28 February
    ("scars", "2026-11-30", "2027-02-28", {"kind": "aftercare_done", "steps": ["scars_looked_at"]}),
    ("mood", "2026-09-30", "2026-10-31", {"kind": "questionnaire", "name": "phq9", "items": [0] * 9, "by": "patient"}),
    (
        "sexual_function", "2026-08-31", "2026-11-30",
        {"kind": "mood_assessment", "covers": ["sexual_function"], "outcome": "no_concern", "by": "nurse"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "begins", "ends", "does"), ACTS)
def test_an_act_falls_due_and_is_done_to_the_day(name: str, begins: str, ends: str, does: dict[str, Any]) -> None:
    record = course(CAN)
    line = lines(ends, record)[name]
    assert (line.state, line.begins, line.ends, line.late) == ("due", day_of(begins), day_of(ends), False)
    assert lines(_after(ends), record)[name].late
    before = lines(_before(begins), record)[name]
    assert before.state == "not_yet"
    assert (before.begins is None) == (begins == "2026-08-31")  # the day before the last dose nothing is known yet
    fields = {key: value for key, value in does.items() if key != "kind"}
    counts_from = "2026-08-31" if name == "maintenance" else begins  # it may be talked about before it may be begun
    first, early = (told(does["kind"], "done", day, **fields) for day in (counts_from, _before(counts_from)))
    assert states("2027-03-01", course(CAN, first))[name] == "done"
    assert states("2027-03-01", course(CAN, early))[name] == "due"


def _before(day: str) -> str:
    return iso(day_of(day) - 1)


def _after(day: str) -> str:
    return iso(day_of(day) + 1)


@pytest.mark.parametrize("programme", ALL)
@pytest.mark.parametrize("name", ["contraception", "blood_donation"])
def test_a_span_lasts_through_its_last_day(name: str, programme: str) -> None:
    record = course(CAN)
    last = lines("2026-09-30", record, programme)[name]
    assert (last.state, last.ends) == ("due", day_of("2026-09-30"))
    assert states("2026-10-01", record, programme)[name] == "over", "time alone proves nothing"


def test_what_is_late_comes_first() -> None:
    late = [line.late for line in lines("2026-12-15", course(CAN)).values()]
    assert True in late and False in late
    assert late == sorted(late, reverse=True)


def test_permits_begin_on_their_day() -> None:
    record = course(CAN)
    assert states("2027-02-27", record)["procedures"] == "not_yet"
    assert states("2027-02-28", record)["procedures"] == "done"
    # the later of two months and fifty-six days; eight weeks alone in the UK
    assert [states(day, record)["second_course"] for day in ("2026-10-30", "2026-10-31")] == ["not_yet", "done"]
    assert [states(day, record, "uk")["second_course"] for day in ("2026-10-25", "2026-10-26")] == ["not_yet", "done"]


def test_a_last_dose_not_on_record_leaves_every_day_unknown() -> None:
    """Two years after the supply ran out nothing is past, and a test taken then proves nothing."""
    test = told("pregnancy_test", "done", "2027-05-01", **TEST)
    found = lines("2028-09-01", course(CAN, test, stop=None))
    assert found.pop("last_dose").state == "due"
    assert found.pop("relapse_definition").state == "unknown"
    assert {line.state for line in found.values()} == {"unknown"}
    assert {day for line in found.values() for day in (line.begins, line.ends)} == {None}


def test_what_counts_at_any_time_is_done_without_a_last_dose() -> None:
    chosen = told("relapse_definition_chosen", "chosen", "2026-08-20", definition="systemic_treatment")
    assert states("2028-09-01", course(chosen, stop=None))["relapse_definition"] == "done"


def test_on_treatment_and_never_treated_nothing_is_due() -> None:
    record = course(CAN)
    assert set(states("2026-08-25", record).values()) == {"not_yet"}
    assert set(states("2026-08-01", record).values()) == {"not_yet"}


def test_who_cannot_become_pregnant_is_asked_for_no_test() -> None:
    assert {"end_test", "after_test", "contraception"}.isdisjoint(states("2026-09-02", course(CANNOT)))
    assert states("2026-09-02", course())["after_test"] == "unknown"  # the category is not on record


def test_lines_that_a_programme_does_not_hold_say_so() -> None:
    assert "end_test" not in states("2026-09-02", course(CAN), "uk")
    without = edition_of(LIBRARY, "ca", topics={"pregnancy", "contraception", "supply", "aftercare", "procedures"})
    found = {line.item.name: line for line in plan.checklist(decide(without, course(CAN), day_of("2026-09-02")))}
    for name in ("second_course", "mood", "bloods"):
        assert (found[name].state, found[name].origin) == ("unknown", None)
    assert lines("2026-09-02", course(CAN), "ca")["mood"].state == "not_yet"


def test_an_abnormal_result_is_due_until_a_normal_one() -> None:
    high = told(
        "lab_result", "high", "2026-08-22", analyte="alt", value=90, unit="U/L", upper_limit="40", by="laboratory"
    )
    normal = {**high, "id": "normal", "happened_on": "2026-09-10", "value": 30}
    assert states("2026-09-09", course(high))["bloods"] == "due"
    assert "bloods" not in states("2026-09-10", course(high, normal))
    assert "bloods" not in states("2026-09-10", course())


def test_a_patients_own_entry_does_not_tick_the_list() -> None:
    asked = told("aftercare_done", "done", "2026-09-02", steps=["eyes_asked"], by="patient")
    assert states("2026-09-02", course(asked))["eyes"] == "due"


def test_the_page_names_what_is_known_and_what_not() -> None:
    relapse = told("relapse", "back", "2026-12-01", definition="any_prescription")
    page = aftercare(on("2026-12-02", course(relapse, stop="2026-08")), "p1")
    assert (page.last_dose, page.reason, page.standing) == ("2026-08", "completed", "over")
    assert "last day it can mean" in page.notes[0]
    assert [(one.on, one.definition) for one in page.relapses] == [("2026-12-01", "any_prescription")]
    assert next(item for item in page.items if item.item == "relapse_judged").state == "due"
    unknown = aftercare(on("2026-12-02", course(stop=None)), "p1")
    assert unknown.last_dose is None
    assert "none of them counts as past" in unknown.notes[0]


def test_every_line_and_sentence_has_a_source() -> None:
    for programme in ("us", "uk", "eu"):
        for line in plan.checklist(on("2026-09-02", course(CAN), programme)):
            assert line.origin is not None and line.origin.sources, (programme, line.item.name)
    for _, page in PAGES:
        for one in page:
            assert one.sources and set(one.sources) <= set(LIBRARY.sources)
            assert not any(word in one.says.lower() for word in ("cure", "guarantee", "removes", "will clear"))


def test_each_name_in_the_list_is_a_name_of_the_protocol() -> None:
    for item in plan.ITEMS:
        assert item.origin in LIBRARY.tasks or item.origin in LIBRARY.rules, item.name
        for fact in (item.done, item.begins, item.ends, item.applies):
            assert fact is None or fact in LIBRARY.facts, (item.name, fact)


@settings(max_examples=60, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(valid_records(), st.sampled_from(ALL), st.sampled_from(["2026-02-01", "2026-06-01"]))
def test_no_record_breaks_the_page(made: dict[str, Any], programme: str, day: str) -> None:
    record = read_record(json.dumps(made).encode())
    page = aftercare(decide(edition(programme), record, day_of(day)), record.subject)
    assert json.loads(aftercare_json(page))["items"]
    shown = "\n".join(line.text for line in aftercare_lines(page))
    for noted in made["events"]:
        assert len(noted.get("note", "")) < 8 or noted["note"] not in shown
    if page.standing == "over" and page.last_dose is None:
        assert all(item.begins is None and item.ends is None for item in page.items)


def test_the_command_prints_text_and_json(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(write_record(course(CAN)))
    arguments = ["aftercare", str(path), "--on", "2026-10-01", "--programme", "uk"]
    text = CliRunner().invoke(app, arguments)
    assert text.exit_code == 0
    assert "Last dose: 2026-08-31 (completed)" in text.output
    assert "- period over, not confirmed: Contraception goes on" in text.output
    told_json = json.loads(CliRunner().invoke(app, [*arguments, "--format", "json"]).output)
    assert told_json["programme"] == "uk"
    assert {item["state"] for item in told_json["items"]} <= {"done", "due", "not_yet", "over", "unknown"}
