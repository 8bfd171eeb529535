"""`isocourse plan` and `isocourse sig`: what they print, what they refuse, and what exit codes say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.test_cli import american, good, refused, run, schema_of  # noqa: F401 (fixtures)
from tests.record.made import event, written

ON = ("--on", "2026-05-09")


def planned(*arguments: object) -> dict[str, Any]:
    done = run("plan", *arguments, "--format", "json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    Draft202012Validator(schema_of("plan")).validate(found)
    return found


@pytest.fixture
def weighed(tmp_path: Path) -> Any:
    """A record of one weight and one prescription, with other numbers where they are named."""

    def make(kg: object = 70, mg: object = 40, **rx: Any) -> Path:
        path = tmp_path / "weighed.json"
        given = {"product": "isotretinoin", "days": 30, "daily_dose_mg": mg, "formulation": "conventional", **rx}
        path.write_bytes(
            written(event("weight", "w", "2026-05-01", value=kg), event("prescription", "rx", "2026-05-02", **given))
        )
        return path

    return make


def test_a_plan_for_people(good: Path) -> None:  # noqa: F811
    done = run("plan", good, "--programme", "eu", *ON)
    assert done.exit_code == 0, done.output
    for words in ("30 mg a day, 0.50 mg/kg", "120 mg/kg: ", "Does not buy: ", "UK and EU label", "Second course",
                  "Missed dose", "not clinically signed off", "Sources"):  # fmt: skip
        assert words in done.stdout, words
    assert max(map(len, done.stdout.splitlines())) <= 112


def test_a_plan_for_programs(good: Path) -> None:  # noqa: F811
    found = planned(good, "--programme", "eu", *ON)
    assert (found["isocourse_plan"], found["as_of"], found["signed_off"]) == ("1", "2026-05-09", False)
    (target, *_) = found["finishes"]
    # 60 kg: 7200 mg in capsules of 3 x 10 mg a day; nothing is taken yet
    assert (target["days"], target["on"], target["prescriptions"]) == (240, "2027-01-04", 8)
    assert target["capsules"] == [{"mg": "10", "count": 720}]
    cited = {source["id"] for source in found["sources"]}
    assert cited >= {"dose-eu-smpc-4-2", "dose-lai-2025"}
    assert found["prescription_text"]["text"] is None and "How often" in found["prescription_text"]["asks"]


def test_choices(good: Path) -> None:  # noqa: F811
    found = planned(
        good, "--programme", "uk", *ON, "--target", "150", "--target", "150", "--finish", "2026-08-07",
        "--regimen", "eu_label_renal", "--product", "roaccutane_uk",
    )  # fmt: skip
    assert [finish["name"] for finish in found["finishes"]] == ["150 mg/kg", "the day chosen"]
    assert found["finishes"][1]["mg"] == str(90 * 30)
    first = found["regimens"][0]
    assert (first["regimen"], first["chosen"], first["start_mg"], first["steps"][0]["mg"]) == (
        "eu_label_renal",
        True,
        "10",
        "10",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--product", "absorica"), "no product of programme 'eu'"),
        (("--regimen", "us_label"), "no regimen of programme 'eu'"),
        (("--target", "130"), "130 mg/kg is no target"),
        (("--finish", "2026-05-08"), "the day has passed"),
        (("--finish", "soon"), "--finish: 'soon' is not a date"),
        (("--finish", "9999-01-01"), "impossible year"),
    ],
)
def test_what_cannot_be_chosen(arguments: tuple[str, ...], words: str, good: Path) -> None:  # noqa: F811
    done = run("plan", good, "--programme", "eu", *ON, *arguments)
    refused(done)
    assert words in done.stderr


def test_known_at_forgets_what_was_written_later(good: Path) -> None:  # noqa: F811
    found = planned(good, "--programme", "eu", *ON, "--known-at", "2026-05-01")
    assert found["dose"] is None and found["known_at"] == "2026-05-01T23:59:59.999999+02:00"


@pytest.mark.parametrize("programme", ["us", "uk", "it", "ca"])
def test_every_programme_has_a_page(programme: str, weighed: Any) -> None:
    done = run("plan", weighed(), "--programme", programme, *ON)
    assert done.exit_code == 0, done.output
    assert "40 mg a day, 0.57 mg/kg" in done.stdout


def test_assess_names_the_plan(good: Path) -> None:  # noqa: F811
    assert "isocourse plan" in run("assess", good, "--programme", "eu", *ON).stdout


# --- sig ------------------------------------------------------------------------------------------
def sig(*arguments: object, code: int = 0) -> dict[str, Any]:
    done = run("sig", *arguments, "--format", "json")
    assert done.exit_code == code, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_text_is_read_and_written_back() -> None:
    found = sig("1 cap po bid w/ food x30d", "--strength", "20")
    assert found["text"] == "Take 1 capsule of 20 mg twice daily, by mouth, with food, for 30 days."
    assert (found["daily_mg"], found["intakes"], found["days"], found["food"]) == ("40", 2, 30, "with_food")
    assert sig(found["text"])["lines"] == found["lines"]
    assert sig("1 cap po bid w/ food x30d")["daily_mg"] is None
    done = run("sig", "1 cap po bid w/ food x30d")
    assert done.exit_code == 0 and "mg a day: not known" in done.stdout


def test_what_could_mean_two_things_is_a_question_and_exit_code_1() -> None:
    found = sig("1-2 caps daily", code=1)
    assert (found["understood"], found["text"], found["lines"]) == (False, None, [])
    assert found["asks"] == "More than one amount. Which one?" and found["about"] == "1-2 caps"
    assert "? More than one amount" in run("sig", "1-2 caps daily").stdout
    assert "Which one?" in sig("1 cap of 20 mg daily", "--strength", "40", code=1)["asks"]


def test_too_few_capsules_for_the_days_are_seen() -> None:
    assert "30 days need 60 capsules, the text says 30" in run("sig", "1 cap bid x30d #30").stdout
    assert sig("1 cap bid x30d #30")["cautions"] == ["30 days need 60 capsules, the text says 30."]
    assert "need" not in run("sig", "1 cap bid x30d #60").stdout


def test_the_prescription_on_record_is_written(weighed: Any) -> None:
    path = weighed(intakes=2, strengths=[{"mg": 20, "capsules": 60}])
    found = sig("--record", path, "--programme", "us", *ON)
    assert found["text"] == (
        "Isotretinoin: Take 1 capsule of 20 mg twice daily, by mouth, with food, for 30 days. Dispense 60 capsules. "
        "No refills."
    )
    assert "How often" in sig("--record", weighed(), "--programme", "us", *ON, code=1)["asks"]


@pytest.mark.parametrize(
    "arguments",
    [(), ("1 cap bid", "--strength", "0"), ("1 cap bid", "--strength", "NaN"), ("1 cap bid", "--strength", "1e9"),
     ("1 cap bid", "--strength", "twenty"), ("1 cap bid", "--record", "absent.json"), ("--record", "absent.json")],
)  # fmt: skip
def test_bad_arguments_of_sig(arguments: tuple[str, ...]) -> None:
    refused(run("sig", *arguments))


def test_a_record_without_a_prescription(american: Path) -> None:  # noqa: F811
    refused(run("sig", "--record", american))
