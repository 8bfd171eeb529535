"""The answer: every finding of the topic in exactly one place, sources on everything, and never a number for it all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from isocourse.doors.cli.main import app
from isocourse.engine.decide import decide
from isocourse.record.dates import day_of
from isocourse.record.record import write_record
from isocourse.words.suitability import GROUNDS, Suitability, suitability, suitability_json, suitability_page
from tests import shipped
from tests.shipped import LIBRARY
from tests.suitability.made_people import ON, people

STORIES = shipped.stories()
PROGRAMMES = ("us", "uk", "eu", "de", "ca", "au")
DAY = day_of("2026-03-02")


def told(story: str, on: int = DAY) -> Suitability:
    found = STORIES[story]
    return suitability(shipped.edition(found.programme), found.record, on)


def ids(findings: tuple[object, ...]) -> list[str]:
    return [finding.rule for finding in findings]  # type: ignore[attr-defined]


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_finding_of_the_topic_stands_in_exactly_one_place(programme: str) -> None:
    of = shipped.edition(programme)
    for person in people(250):
        answer = suitability(of, person.record, ON.toordinal())
        decision = decide(of, person.record, ON.toordinal())
        wanted = sorted(finding.rule.id for finding in decision.findings if finding.rule.topic == "suitability")
        assert sorted(ids(answer.against + answer.to_find_out + answer.to_know)) == wanted
        held = {finding.rule.id for finding in decision.findings if finding.withholds}
        shown = {*ids(answer.against), *ids(answer.to_find_out), *(name for e in answer.elsewhere for name in e.rules)}
        assert held <= shown
        assert not held & set(ids(answer.to_know))
        assert ("speaks against isotretinoin" in answer.headline) == (bool(answer.against) or not answer.to_find_out)


HEADLINES = {
    "us_suit_nothing": ("cannot be said yet", 0),
    "us_suit_ready": ("Nothing on record speaks against", 4),
    "uk_suit_ready": ("Nothing on record speaks against", 5),
    "us_suit_eleven": ("Something on record speaks against", 4),
    "uk_suit_soya": ("Something on record speaks against", 5),
    "us_suit_soya": ("cannot be said yet", 4),
    "us_suit_unread": ("cannot be said yet", 4),
    "us_suit_no_birth": ("cannot be said yet", 4),
    "uk_suit_precautions": ("Nothing on record speaks against", 5),
    "us_suit_supplied": ("and nothing for it", 0),
    "us_suit_mild_failed": ("Nothing on record speaks against", 1),
}


@pytest.mark.parametrize("story", HEADLINES)
def test_the_headline_and_the_reasons_for_it(story: str) -> None:
    words, reasons = HEADLINES[story]
    answer = told(story)
    assert words in answer.headline
    assert len(answer.speaks_for) == reasons


def test_what_forbids_comes_before_what_the_clinic_decided() -> None:
    answer = told("uk_suit_soya_refused")
    assert ids(answer.against) == ["allergy_to_oils", "allergy_refused"]


def test_unknowns_are_to_be_found_out_and_precautions_to_be_known() -> None:
    answer = told("us_suit_nothing")
    assert set(ids(answer.to_find_out)) == {"acne_not_assessed", "history_not_asked"}
    answer = told("uk_suit_precautions")
    assert not answer.against and not answer.to_find_out
    assert "psychiatric_history_listed" in ids(answer.to_know)
    assert all(finding.would_change_it and finding.sources for finding in answer.to_know)


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_reason_for_it_has_a_source_that_exists(programme: str) -> None:
    answer = told(f"{'eu' if programme == 'de' else programme}_suit_ready")
    for reason in answer.speaks_for:
        assert reason.sources and reason.because.events, reason.fact
    lineage = LIBRARY.lineage(programme)
    for ground in GROUNDS:
        for cited in ground.cited.values():
            assert set(cited.sources) <= set(LIBRARY.sources)
        strengths = {ground.cited[name].strength for name in lineage if name in ground.cited}
        assert not strengths or programme not in ("ca", "au")


def test_the_page_names_everything_and_signs_nothing() -> None:
    answer = told("uk_suit_precautions")
    lines = [line.text for line in suitability_page(answer)]
    assert any("not clinically signed off" in line for line in lines)
    for finding in answer.to_know:
        assert any(finding.rule in line for line in lines)
        assert f"to do: {finding.would_change_it}" in lines
    assert not answer.signed_off


def test_no_field_is_a_score() -> None:
    for story in HEADLINES:
        found = json.loads(suitability_json(told(story)))
        assert not [key for key, value in found.items() if isinstance(value, int | float) and key != "signed_off"]


def test_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(write_record(STORIES["uk_suit_soya"].record))
    told_to = [str(path), "--programme", "uk", "--on", "2026-03-02"]
    text = CliRunner().invoke(app, ["suitability", *told_to])
    assert text.exit_code == 0, text.output
    for words in ("What speaks for it", "What speaks against it", "allergy_to_oils", "label, confidence high"):
        assert words in text.stdout
    found = json.loads(CliRunner().invoke(app, ["suitability", *told_to, "--format", "json"]).stdout)
    assert found == json.loads(suitability_json(told("uk_suit_soya")))
    early = CliRunner().invoke(app, ["suitability", str(path), "--programme", "uk", "--on", "2001-01-01"])
    assert early.exit_code == 2 and "Traceback" not in early.output
