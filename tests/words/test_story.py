"""The story: a sentence for every kind of event, in the person's own words and ours, and what became of each entry."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from isocourse.record.events import KINDS
from isocourse.record.record import Record, read_record
from isocourse.words.sentence import Word, said, told
from isocourse.words.story import GROUP_WORDS, GROUPS, of_groups, story
from isocourse.words.story_says import KIND_WORDS, SENTENCES
from tests.record.made import event, valid_records, written


def record(*events: dict[str, Any]) -> Record:
    return read_record(written(*events))


def says(*events: dict[str, Any]) -> str:
    """The sentence of the last of these events."""
    made = record(*events)
    return next(str(entry.says) for entry in story(made.events) if entry.id == events[-1]["id"])


def test_every_kind_has_a_sentence_a_title_and_one_group() -> None:
    assert set(SENTENCES) == set(KIND_WORDS) == set(KINDS.values())
    grouped = [kind for kinds in GROUPS.values() for kind in kinds]
    assert sorted(grouped, key=str) == sorted(KINDS.values(), key=str)
    assert set(GROUP_WORDS) == set(GROUPS)


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(valid_records())
def test_whatever_is_on_record_is_told_in_one_line_that_ends(made: dict[str, Any]) -> None:
    read = read_record(json.dumps(made).encode())
    entries = story(read.events)
    assert sorted(entry.id for entry in entries) == sorted(each.id for each in read.events)
    for entry in entries:
        text = str(entry.says)
        assert text.endswith((".", "…")) and "None" not in text, text
        assert "Fraction(" not in text and "PartialDate" not in text, text


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("weight", {"value": "136", "unit": "[lb_av]"}, "Weight 136 lb."),
        (
            "lab_result",
            {
                "analyte": "triglycerides",
                "value": "<0.5",
                "unit": "mmol/L",
                "upper_limit": "1.7",
                "fasting_hours": "12",
            },
            "triglycerides <0.5 mmol/L (laboratory's limits ≤ 1.7), 12 h without food.",
        ),
        ("lab_result", {"analyte": "alt", "value": "30", "unit": "U/L"}, "ALT 30 U/L (no limits stated)."),
        (
            "questionnaire",
            {"name": "phq9", "items": [0, 0, 0, 0, 0, 0, 0, 0, 1]},
            "PHQ-9: 1 of 27, and thoughts of death or self-harm (item 9: 1).",
        ),
        ("questionnaire", {"name": "phq2", "items": [1, None]}, "PHQ-2: 1 of 2 answers missing, so no total."),
        ("pregnancy_test", {"result": "positive", "method": "urine"}, "Pregnancy test positive (urine)."),
        (
            "prescription",
            {
                "product": "Isotretinoin",
                "days": 30,
                "daily_dose_mg": "30",
                "strengths": [{"mg": "20", "capsules": 30}, {"mg": "10", "capsules": 30}],
            },
            "Prescribed Isotretinoin, 30 mg a day (30 x 20 mg, 30 x 10 mg) for 30 days.",
        ),
        ("symptom", {"text": "dry lips", "severity": "mild"}, "Dry lips, mild."),
        ("course_stop", {"reason": "completed"}, "Course stopped: completed. This was the day of the last dose."),
    ],
)
def test_known_sentences(kind: str, fields: dict[str, Any], text: str) -> None:
    assert says(event(kind, **fields)) == text


def test_what_people_typed_is_never_read_as_a_pattern_or_translated() -> None:
    assert says(event("symptom", text="{0} {lips}", severity="mild")) == "{0} {lips}, mild."
    sentence = said("Takes {0}, {1}.", "aspirin", Word("mild"))
    assert told(sentence, lambda text: f"[{text}]") == "[Takes aspirin, [mild].]"


def test_an_entry_that_names_another_says_which() -> None:
    assert (
        says(event("medicine_started", "m", name="doxycycline"), event("medicine_stopped", "s", started="m"))
        == "Stopped taking doxycycline."
    )


def test_newest_first_by_the_day_it_happened_then_by_writing() -> None:
    made = record(
        event("visit", "a", on="2026-05-01", mode="remote"),
        event("weight", "c", on="2026-05-02", value="60", recorded_at="2026-05-03T09:00:00+00:00"),
        event("visit", "b", on="2026-05-02", mode="in_person"),
    )
    assert [entry.id for entry in story(made.events)] == ["c", "b", "a"]


LATER = {"recorded_at": "2026-05-04T10:00:00+00:00"}


def fates(*events: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {entry.id: (entry.fate, entry.by.id if entry.by else None) for entry in story(record(*events).events)}


def test_a_withdrawn_entry_names_who_withdrew_it() -> None:
    found = fates(
        event("weight", "w", value="600"), event("entered_in_error", "x", corrects="w", reason="typing", **LATER)
    )
    assert found == {"w": ("withdrawn", "x"), "x": ("stands", None)}


def test_an_amended_entry_names_what_it_reads_now() -> None:
    found = fates(event("weight", "w", value="600"), event("weight", "v", value="60", amends="w", **LATER))
    assert found == {"w": ("amended", "v"), "v": ("stands", None)}


def test_a_withdrawn_withdrawal_lets_the_entry_stand_again() -> None:
    found = fates(
        event("weight", "w", value="60"),
        event("entered_in_error", "x", corrects="w", **LATER),
        event("entered_in_error", "y", corrects="x", recorded_at="2026-05-05T10:00:00+00:00"),
    )
    assert found["w"] == ("stands", None) and found["x"] == ("withdrawn", "y")


def test_a_patients_withdrawal_of_what_worries_is_told_to_have_no_effect() -> None:
    by_patient = {"author": {"id": "p", "role": "patient"}, **LATER}
    found = fates(
        event("pregnancy_test", "t", result="positive"), event("entered_in_error", "x", corrects="t", **by_patient)
    )
    assert found == {"t": ("stands", None), "x": ("no_effect", None)}


def test_a_filter_keeps_its_groups_and_without_one_everything() -> None:
    entries = story(record(event("visit", "a", mode="remote"), event("weight", "b", value="60")).events)
    assert [entry.id for entry in of_groups(entries, ["person"])] == ["b"]
    assert len(of_groups(entries, [])) == 2
