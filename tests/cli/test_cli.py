"""The command line: every command's happy path, and bad arguments that end in one message and exit code 2."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from isocourse.doors.cli.main import app
from isocourse.words.schemas import GIVEN
from tests.record.made import event, written

ISOCOURSE = Path(__file__).parents[2] / ".venv" / "bin" / "isocourse"
ANSWER_KEYS = {
    "isocourse_answer", "subject", "headline", "supply", "capsules_in_hand", "complete", "valid_until", "assessed",
    "not_assessed", "signed_off", "as_of", "known_at", "edition", "programme", "versions", "unconfirmed", "window",
    "earliest_supply", "findings", "tasks", "unknown", "not_read", "notes",
}  # fmt: skip


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def in_order() -> list[dict[str, Any]]:
    """A first supply in the EU programme in which nothing is missing."""
    return [
        event("birth", "e1", "1995-04-01"),
        event("pregnancy_potential", "e2", potential="can", ground="uterus_and_ovary", confirmed=True),
        event("programme_enrolment", "e3", registry="ppp", status="enrolled"),
        event("prescriber", "e4", prescriber_id="dr", role="dermatologist"),
        event("contraception_started", "e5", "2026-03-01", method="implant"),
        event("breast_feeding", "e6", status="stopped"),
        event("form_signed", "e7", form="acknowledgement_of_risk", signed_by="patient", version="2026-01"),
        event("pregnancy_test", "e8", result="negative", method="serum", setting="medical"),
        event(
            "prescription", "e9", "2026-05-02", product="isotretinoin", days=30, daily_dose_mg=30,
            strengths=[{"mg": 10, "capsules": 90}], formulation="conventional",
        ),
        event("weight", "e10", "2026-04-20", value=60),
        event("medicines_asked", "e11", taken="nothing_else"),
        event("mood_assessment", "e12", covers=["psychiatric_history", "mental_health"], outcome="no_concern"),
        event("lab_result", "e13", "2026-04-20", analyte="alt", value=18, unit="U/L", upper_limit=40),
        event("lab_result", "e14", "2026-04-20", analyte="ast", value=20, unit="U/L", upper_limit=40),
        event("lab_result", "e15", "2026-04-20", analyte="triglycerides", value="1.1", unit="mmol/L",
              upper_limit="1.7", fasting_hours=12),
        event("lab_result", "e16", "2026-04-20", analyte="total_cholesterol", value="4.4", unit="mmol/L",
              upper_limit="5.2", fasting_hours=12),
        event("acne_assessed", "e17", severity="severe", form="nodular", scarring="at_risk"),
        event("treatment_tried", "e18", treatment="oral_antibiotic", result="not_enough"),
        event("treatment_tried", "e21", treatment="topical_retinoid", result="no_effect"),
        event("history_asked", "e19", found="nothing"),
        event("circumstances_asked", "e20"),
    ]  # fmt: skip


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.json"
    path.write_bytes(written(*in_order()))
    return path


@pytest.fixture
def american(tmp_path: Path) -> Path:
    """Somebody enrolled in iPLEDGE of whom nothing else is known."""
    path = tmp_path / "american.json"
    path.write_bytes(written(event("programme_enrolment", registry="ipledge", status="enrolled")))
    return path


# --- assess ---------------------------------------------------------------------------------------
def test_assess_proceeds(good: Path) -> None:
    done = run("assess", good, "--programme", "eu", "--on", "2026-05-09")
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    assert "Sat 9 May 2026" in done.stdout
    assert "not clinically signed off" in done.stdout
    assert "Withhold" not in done.stdout


def test_assess_withholds_with_exit_code_0(good: Path) -> None:
    done = run("assess", good, "--programme", "eu", "--on", "2026-05-10")
    assert done.exit_code == 0
    assert "Withhold" in done.stdout
    assert "[prescription_expired]" in done.stdout


def test_assess_takes_the_programme_from_the_enrolment(american: Path) -> None:
    done = run("assess", american, "--on", "2026-05-09")
    assert done.exit_code == 0
    assert "programme us" in done.stdout


def test_assess_takes_today_when_no_day_is_named(american: Path) -> None:
    assert run("assess", american).exit_code == 0


def as_json(*arguments: object) -> dict[str, Any]:
    done = run("assess", *arguments, "--format", "json")
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith("}\n")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("day", ["2026-05-09", "2026-05-10"])
def test_assess_as_json_has_the_documented_keys(good: Path, day: str) -> None:
    answer = as_json(good, "--programme", "eu", "--on", day)
    assert set(answer) >= ANSWER_KEYS
    assert answer["supply"] == ("proceed" if day == "2026-05-09" else "withhold")
    assert answer["capsules_in_hand"] == "continue"
    assert answer["signed_off"] is False
    assert answer["as_of"] == day
    assert answer["programme"] == "eu"
    assert answer["subject"] == "p1"
    assert answer["not_read"] == [] and answer["unknown"] == []
    assert set(answer["assessed"]) >= {"pregnancy", "contraception", "supply", "consent"}
    assert not set(answer["assessed"]) & set(answer["not_assessed"])
    assert answer["edition"].startswith("2026.")
    assert set(answer["earliest_supply"]) >= {"on", "requires", "in_the_way"}
    assert answer["earliest_supply"]["on"] == day
    Draft202012Validator(schema_of("answer")).validate(answer)


def test_a_proceed_has_a_window_and_an_end(good: Path) -> None:
    answer = as_json(good, "--programme", "eu", "--on", "2026-05-09")
    assert answer["findings"] == []
    assert set(answer["window"]) >= {"what", "opens", "last_day", "closes_at"}
    assert (answer["window"]["opens"], answer["window"]["last_day"]) == ("2026-05-02", "2026-05-09")
    assert answer["valid_until"] == "2026-05-10T00:00:00+02:00"


def test_a_withhold_has_findings_tasks_and_sources(good: Path) -> None:
    answer = as_json(good, "--programme", "eu", "--on", "2026-05-10")
    (finding,) = answer["findings"]
    assert set(finding) >= {"rule", "effect", "says", "because", "sources", "missing", "would_change_it"}
    assert finding["rule"] == "prescription_expired"
    assert finding["effect"] == {"supply": "withhold", "capsules_in_hand": "unaffected"}
    assert finding["because"] and finding["sources"]
    assert {event_id for reason in finding["because"] for event_id in reason["events"]} <= {e["id"] for e in in_order()}
    assert answer["tasks"]
    for task in answer["tasks"]:
        assert set(task) >= {"what", "earliest", "due", "who"}


def test_what_is_not_known_is_listed(american: Path) -> None:
    answer = as_json(american, "--on", "2026-05-09")
    assert answer["supply"] == "withhold"
    assert answer["unknown"]
    assert {"fact", "says", "needed_by"} <= set(answer["unknown"][0])
    assert any(not finding["decided"] for finding in answer["findings"])


def test_known_at_forgets_what_was_written_later(good: Path) -> None:
    before = as_json(good, "--programme", "eu", "--on", "2026-05-09", "--known-at", "2026-05-01")
    assert before["supply"] == "withhold"
    assert before["known_at"] == "2026-05-01T23:59:59.999999+02:00"
    after = as_json(good, "--programme", "eu", "--on", "2026-05-09", "--known-at", "2026-05-02T10:00:00+00:00")
    assert after["supply"] == "proceed"


def test_adopted_is_told_in_the_edition(american: Path) -> None:
    before = as_json(american, "--on", "2026-10-01")
    after = as_json(american, "--on", "2026-10-01", "--adopted", "ipledge-2026=2026-09-01")
    assert before["unconfirmed"] == ["ipledge-2026"]
    assert after["unconfirmed"] == []
    assert after["versions"] == ["ipledge-2026"]
    assert after["edition"].endswith("+ipledge-2026=2026-09-01")


# --- explain --------------------------------------------------------------------------------------
@pytest.mark.parametrize("day", ["2026-05-09", "2026-05-10"])
def test_explain_tells_why_a_rule_fired_or_did_not(good: Path, day: str) -> None:
    done = run("explain", good, "prescription_expired", "--programme", "eu", "--on", day)
    assert done.exit_code == 0, done.output
    assert "prescription_last_day" in done.stdout
    assert "e9" in done.stdout


def test_explain_of_no_rule_lists_what_is_near(good: Path) -> None:
    done = run("explain", good, "prescription_expird", "--programme", "eu", "--on", "2026-05-09")
    refused(done)
    assert "prescription_expired" in done.stderr


# --- schema ---------------------------------------------------------------------------------------
def schema_of(what: str) -> dict[str, Any]:
    done = run("schema", what)
    assert done.exit_code == 0
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("what", ["record", *GIVEN])
def test_schema_prints_a_json_schema(what: str) -> None:
    Draft202012Validator.check_schema(schema_of(what))


def test_the_record_schema_accepts_the_records_of_these_tests(good: Path, american: Path) -> None:
    for path in (good, american):
        Draft202012Validator(schema_of("record")).validate(json.loads(path.read_bytes()))


# --- import ---------------------------------------------------------------------------------------
@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "bundle.json"
    path.parent.mkdir()
    patient = {"resourceType": "Patient", "id": "p1", "birthDate": "1995-04-01", "name": [{"family": "Quillfeather"}]}
    test = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2106-3"}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-05-01",
        "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "260385009"}]},
    }
    entries = [{"resource": patient}, {"resource": test}]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    return path


def test_import_writes_records_that_assess_reads(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("import", bundle.parent, "--out", out)
    assert done.exit_code == 0, done.output
    (made,) = out.glob("*.json")
    assert b"Quillfeather" not in made.read_bytes()
    Draft202012Validator(schema_of("record")).validate(json.loads(made.read_bytes()))
    assert as_json(made, "--programme", "eu", "--on", "2026-05-09")["supply"] == "withhold"


def test_import_never_writes_over_the_bundle_it_read(bundle: Path) -> None:
    only_copy = bundle.rename(bundle.with_name("p1.json"))  # the name its record would get
    before = only_copy.read_bytes()
    assert run("import", only_copy.parent, "--out", only_copy.parent).exit_code == 2
    assert only_copy.read_bytes() == before and list(only_copy.parent.iterdir()) == [only_copy]


def test_import_as_json_parses(bundle: Path) -> None:
    done = run("import", bundle, "--format", "json")
    assert done.exit_code == 0, done.output
    json.loads(done.stdout)
    assert "Quillfeather" not in done.output


def test_assess_reads_a_bundle_of_one_patient(bundle: Path) -> None:
    assert as_json(bundle, "--programme", "eu", "--on", "2026-05-09")["supply"] == "withhold"


# --- protocol, demo -------------------------------------------------------------------------------
def test_protocol_show_lists_and_shows() -> None:
    assert "prescription_valid" in run("protocol", "show", "prescription_valid").stdout
    assert run("protocol", "show").exit_code == 0
    assert "can_become_pregnant" in run("protocol", "show", "category_unknown").stdout
    assert run("protocol", "show", "--python", "--programme", "uk").stdout.count("\n") > 50


def test_protocol_show_of_nothing_is_refused() -> None:
    refused(run("protocol", "show", "no_such_thing"))
    refused(run("protocol", "show", "--python", "--programme", "atlantis"))


def test_protocol_lint_says_how_many_remarks_there_are() -> None:
    done = run("protocol", "lint", "--on", "2026-11-23")
    assert done.exit_code in (0, 1), done.output
    assert "to mend" in done.stdout
    refused(run("protocol", "lint", "--on", "someday"))


def test_demo_assesses_the_examples() -> None:
    done = run("demo")
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()) > 10


# --- bad arguments --------------------------------------------------------------------------------
def refused(done: Any) -> None:
    """One message on the error stream, a way to mend it, exit code 2, nothing else."""
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert "To mend: " in done.stderr or "Allowed: " in done.stderr
    assert done.stderr.count("To mend: ") <= 1
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--programme", "nz"), "'nz' is not a programme"),
        (("--programme", ""), "the record does not say which programme applies"),
        ((), "the record does not say which programme applies"),
        (("--programme", "eu", "--on", "tomorrow"), "--on: 'tomorrow' is not a date"),
        (("--programme", "eu", "--on", "2026-02-30"), "--on: '2026-02-30' is not a day in the calendar"),
        (("--programme", "eu", "--on", "2197-01-01"), "--on: 2197-01-01 is too far ahead to plan from"),
        (("--programme", "eu", "--on", "2026-05"), "--on: '2026-05' names no single day"),
        (("--programme", "eu", "--on", ""), "--on: '' is not a date"),
        (("--programme", "eu", "--on", "9999-01-01"), "impossible year"),
        (("--programme", "eu", "--on", "2018-06-30"), "no rules of programme 'eu' are known for 2018-06-30"),
        (("--programme", "us", "--adopted", "ipledge-2026"), "--adopted 'ipledge-2026' has no date"),
        (("--programme", "us", "--adopted", "ipledge-2026="), "--adopted ipledge-2026: '' is not a date"),
        (("--programme", "us", "--adopted", "ipledge-2026=soon"), "--adopted ipledge-2026: 'soon' is not a date"),
        (("--programme", "us", "--adopted", "ipledge-2027=2026-09-01"), "'ipledge-2027' is not a version that waits"),
        (("--programme", "us", "--adopted", "ipledge-2026=2026-08-07"), "before its scheduled day"),
        (("--programme", "eu", "--adopted", "ipledge-2026=2026-09-01"), "is not a version that waits"),
        (("--programme", "eu", "--known-at", "yesterday"), "--known-at: 'yesterday' is not a moment"),
        (("--programme", "eu", "--known-at", ""), "--known-at: '' is not a moment"),
    ],
)
@pytest.mark.parametrize("command", ["assess", "explain"])
def test_bad_arguments(command: str, arguments: tuple[str, ...], words: str, good: Path) -> None:
    rule = ("category_unknown",) if command == "explain" else ()
    done = run(command, good, *rule, *arguments)
    refused(done)
    assert words in done.stderr


def test_a_version_adopted_twice_is_refused(american: Path) -> None:
    done = run("assess", american, "--adopted", "ipledge-2026=2026-09-01", "--adopted", "ipledge-2026=2026-10-01")
    refused(done)
    assert "ipledge-2026" in done.stderr


@pytest.mark.parametrize("command", ["assess", "explain", "import"])
def test_a_file_that_cannot_be_read(command: str, tmp_path: Path) -> None:
    rule = ("category_unknown",) if command == "explain" else ()
    missing = run(command, tmp_path / "absent.json", *rule)
    refused(missing)
    assert "No such file or directory" in missing.stderr and "absent.json" in missing.stderr
    folder = run(command, tmp_path, *rule)
    refused(folder)
    assert ("no JSON file was found" if command == "import" else "this is a folder") in folder.stderr
    refused(run(command, tmp_path / ("x" * 300), *rule))


@pytest.mark.parametrize(
    "arguments",
    [
        ("assess",),
        ("assess", "x", "--colour"),
        ("assess", "x", "--format", "xml"),
        ("asses",),
        ("explain", "x"),
        ("schema", "x"),
    ],
)
def test_usage_mistakes_exit_with_2(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_as_a_process(good: Path, tmp_path: Path) -> None:
    command: list[str | Path] = [ISOCOURSE, "assess", good, "--programme", "eu", "--on", "2026-05-10"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "[prescription_expired]" in done.stdout
    assert "\x1b" not in done.stdout, "no colour codes in a pipe"
    bad = subprocess.run([ISOCOURSE, "assess", tmp_path], capture_output=True, text=True, timeout=60, check=False)
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "this is a folder" in bad.stderr and "Traceback" not in bad.stderr
