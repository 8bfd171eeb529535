"""What patients read is near twelve years' reading age: every text, each group, and what is planted."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from isocourse.engine.knowledge import SUBJECTS
from isocourse.words import recall

TOP = Path(__file__).resolve().parents[2]
PACKAGE = TOP / "src" / "isocourse"
HARD = "Contemporaneous administration of alternative preparations necessitates individualised deliberation beforehand."


@pytest.fixture(scope="module")
def tool() -> Any:
    loader = importlib.machinery.SourceFileLoader("reading_age_tool", str(TOP / "tools" / "reading-age"))
    spec = importlib.util.spec_from_loader("reading_age_tool", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


# --- the measure
def test_every_text_for_patients_is_within_the_limits(tool: Any) -> None:
    assert not tool.too_hard(list(tool.patient_texts()))


@pytest.mark.parametrize(
    ("text", "syllables", "words", "sentences"),
    [
        ("The cat sat on the mat.", 6, 6, 1),
        ("Take it with food. Ask us if you are ill!", 10, 10, 2),
        ("The medicine makes the skin dry; use a balm.", 11, 9, 1),  # a semicolon ends no sentence
        ("Take 1.5 at 8 o'clock, or 20.", 8, 7, 1),  # a number is one word of one syllable
        ("Isotretinoin and pregnancy", 3, 3, 1),  # known words
    ],
)
def test_the_grade_is_that_of_the_formula(tool: Any, text: str, syllables: int, words: int, sentences: int) -> None:
    """Flesch-Kincaid by hand: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid 1975)."""
    of = tool.age(text)
    assert (of.words, of.sentences) == (words, sentences)
    assert of.grade == pytest.approx(0.39 * words / sentences + 11.8 * syllables / words - 15.59)


def test_syllables_are_those_spoken(tool: Any) -> None:
    for word, count in {
        "the": 1, "be": 1, "asked": 1, "stopped": 1, "names": 1, "acne": 2, "reaction": 3, "sexual": 3, "skin": 1,
        "contraceptive": 4, "haemoglobin": 4, "cheilitis": 3, "patient's": 2,
    }.items():  # fmt: skip
        assert tool.syllables(word) == count, word


def test_a_text_without_words_is_refused_and_known_words_are_few_and_explained(tool: Any) -> None:
    with pytest.raises(ValueError, match="no word"):
        tool.age(" – . ")
    assert len(tool.KNOWN) <= 20 and all(tool.KNOWN.values())
    assert all(tool.syllables(word) >= 2 for word in {*tool.KNOWN, *tool.ON_PACKAGES})


def test_the_limits_are_about_twelve_years_and_leave_no_more_room_than_said(tool: Any) -> None:
    assert (tool.LIMIT, tool.TOLERANCE, tool.SMOG_LIMIT) == (7.0, 1.0, 9.0)
    easy = tool.Text("g", "easy", "Take one with food. Ask us if you are not sure.")
    assert not tool.too_hard([easy])
    short = tool.Text("g", "short", "Unconditionally inappropriate administration.")
    assert not tool.too_hard([easy] * 9 + [short]), "it counts in its group only"
    assert [each.split(":")[0] for each in tool.too_hard([easy, short])] == ["g as a whole"]
    hard = tool.Text("g", "hard", HARD)
    assert [each for each in tool.too_hard([easy, hard]) if each.startswith("g, hard")]
    # Each within the tolerance, and as a group above the limit.
    near = tool.Text(
        "h", "near", "The medicine can irritate your skin, and some people also have very dry lips or eyes."
    )
    assert tool.LIMIT < tool.age(near.says).grade <= tool.LIMIT + tool.TOLERANCE
    assert [each.split(":")[0] for each in tool.too_hard([near])] == ["h as a whole"]


# --- what patients read
def test_the_groups_hold_what_they_say(tool: Any) -> None:
    texts = list(tool.patient_texts())
    count = {group: sum(text.group == group for text in texts) for group in {text.group for text in texts}}
    entries = sum(len(yaml.safe_load(p.read_text())) for p in (PACKAGE / "protocol" / "advice").glob("*.yaml"))
    assert count["advice on taking the capsules"] == entries > 10
    assert count["letters"] == 2 * len(recall.REASONS)
    hints = next(text.says for text in texts if text.where == "hints of the camera")
    assert "Hold still, or tap to focus." in hints and "Bare face, no make-up" in hints
    assert not [text for text in texts if not text.says.strip()]


def test_every_sentence_of_the_knowledge_has_a_known_reader(tool: Any) -> None:
    """A key with sentences that is neither for patients nor for staff is one nobody has thought about."""
    assert set(tool.PATIENT_FIELDS) == set(tool.STAFF_FIELDS) >= set(SUBJECTS)
    for path in (PACKAGE / "knowledge").rglob("*.yaml"):
        if path.parent.name != "sources":
            found = {key for key, text in _keys(yaml.safe_load(path.read_text())) if _prose(text)}
            patients, staff = (tool.of_file(table, path) for table in (tool.PATIENT_FIELDS, tool.STAFF_FIELDS))
            assert found <= patients | staff and not patients & staff, (path.name, found - patients - staff)


def _keys(part: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        for name, value in part.items():
            yield from _keys(value, name)
    elif isinstance(part, list):
        for item in part:
            yield from _keys(item, key)
    elif isinstance(part, str):
        yield key, part


def _prose(text: str) -> bool:
    return len(text.split()) >= 4


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("protocol/advice/dose.yaml", f"\n- {{advice: planted, says: '{HARD}'}}\n"),
        ("knowledge/plain/planted.yaml", f"- {{id: planted, part: {{says: ['{HARD}']}}}}\n"),
        ("knowledge/evidence/planted.yaml", f"- {{id: planted, patient_says: '{HARD}'}}\n"),
        ("doors/web/templates/photographs/capture.html", f'\n<p class="hint">{{% translate "{HARD * 8}" %}}</p>\n'),
    ],
)
def test_a_planted_text_is_caught(tool: Any, tmp_path: Path, name: str, planted: str) -> None:
    package = tmp_path / "isocourse"
    for kept in ("protocol/advice", "doors/web/templates/photographs"):
        shutil.copytree(PACKAGE / kept, package / kept)
    before = tool.too_hard(list(tool.patient_texts(package)))
    at = package / name
    at.parent.mkdir(parents=True, exist_ok=True)
    with at.open("a") as file:
        file.write(planted)
    after = tool.too_hard(list(tool.patient_texts(package)))
    assert not before
    assert after and "necessitates" in after[0]
