"""`isocourse evidence`: the list, one claim, a search that says why, and a question nobody has an answer to."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from isocourse.doors.cli.main import app


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["evidence", *words])
    return result.exit_code, result.output


def test_without_words_every_claim_is_listed_by_subject_with_the_grades() -> None:
    code, text = run()
    assert code == 0
    for expected in ("Dark spots and red marks", "- existing_scars: ", "Not shown (C).", "Nothing here is clinically"):
        assert expected in text


def test_a_name_or_the_only_claim_found_is_told_in_full() -> None:
    code, text = run("existing_scars")
    assert code == 0 and run("existing scars") == (0, text)
    for expected in ("Not shown. Grade C", "For the patient", "What this does not show", "[existing_scars.3, abstract"):
        assert expected in text


def test_words_find_claims_and_say_why() -> None:
    code, text = run("does", "it", "remove", "scars")
    assert code == 0
    first = text.splitlines()[1]
    assert first.strip().startswith("- existing_scars:") and "scars (the question)" in text


def test_nothing_found_offers_what_is_near_and_ends_with_2() -> None:
    code, text = run("scarz")
    assert code == 2 and "existing_scars" in text and "To mend:" in text
    code, text = run("xyzzy")
    assert code == 2 and "no claim is about 'xyzzy'" in text


def test_json_holds_every_figure_with_its_source_and_address() -> None:
    code, text = run("--format", "json")
    found = json.loads(text)
    assert code == 0 and found["signed_off"] is False
    studies = [study for claim in found["claims"] for study in claim["studies"]]
    for study in studies:
        for number in study["numbers"]:
            assert number["source"] == study["source"]["id"] and number["unit"] and number["where"]
    [one] = json.loads(run("mood_average", "--format", "json")[1])["claims"]
    assert one["studies"][0]["numbers"][0] == {
        "id": "mood_average.1", "says": "depression within a year", "value": "3.83", "to": None, "qualifier": None,
        "unit": "%", "sd": None, "interval": ["2.45", "5.93"], "level": 95, "source": "mood-tan-2024",
        "where": "abstract (notes D.3)",
    }  # fmt: skip
