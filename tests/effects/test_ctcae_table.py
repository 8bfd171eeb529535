"""Every term at every grade: against the table of CTCAE v5.0 as data (when it is there), and against one by hand."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from isocourse.record.dates import partial_date
from isocourse.record.effect_terms import CLASS_OF, CTCAE_GRADES, GRADES_OF, read_symptom
from isocourse.record.effects import effects
from isocourse.record.events import Author, Symptom
from isocourse.record.policy import Policy
from isocourse.record.tables import table
from isocourse.record.terminology import EffectClass, SymptomTerm, codes
from tests.effects import by_hand
from tests.outside import NOT_HERE, SHARED

DATA = SHARED / "clinical" / "data" / "ctcae_v5_subset.json"
POLICY = Policy(effects_deciding_roles=("prescriber",))
WORDS = {1: "mild", 2: "moderate", 3: "severe", 4: "life_threatening"}


def graded(term: str, **fields: Any) -> Any:
    event = Symptom(
        id="s",
        happened_on=partial_date("2026-03-10"),
        recorded_at=datetime(2026, 3, 10, 12, tzinfo=UTC),
        author=Author(id="p", role="patient"),
        text=term.replace("_", " "),
        term=term,  # type: ignore[arg-type]
        **fields,
    )
    (row,) = effects(table([event]), POLICY)["graded_symptom"]
    return row


# --- against the data -----------------------------------------------------------------------------
@cache
def printed() -> dict[str, dict[int, str]]:
    """The clinical terms by code, with the text of each grade that exists."""
    return {
        re.sub("[ -]", "_", term["term"]).lower(): {int(n): text for n, text in term["grades"].items() if text}
        for term in json.loads(DATA.read_text())["terms"]
        if term["kind"] == "clinical"
    }


@pytest.mark.skipif(not DATA.exists(), reason=f"ctcae_v5_subset.json: {NOT_HERE}")
def test_every_term_at_every_grade_is_that_of_the_data() -> None:
    assert len(printed()) == 64
    assert set(printed()) == set(CTCAE_GRADES)
    for term, texts in printed().items():
        for number in range(1, 6):
            _agrees(term, number, texts)


def _agrees(term: str, grade: int, texts: dict[int, str]) -> None:
    """A stated grade that exists is that grade; one that does not is the next that does, or the highest. What the
    text says of function is graded as it says, and so is the word for how bad it is."""
    row = graded(term, grade=grade)
    exists = [other for other in sorted(texts) if other >= grade]
    assert row.grade == (exists[0] if exists else max(texts)), (term, grade)
    assert row.worst_grade == max(row.grade, grade), (term, grade)
    text = texts.get(grade, "")
    if "instrumental ADL" in text:
        assert graded(term, limits="daily_activities").grade == grade, (term, grade)
    if re.search("self[ -]care ADL", text):
        assert graded(term, limits="self_care").grade == grade, (term, grade)
    if grade in WORDS and text.lower().startswith(WORDS[grade].replace("_", "-")):
        assert graded(term, severity=WORDS[grade]).grade == grade, (term, grade)


# --- against the table by hand --------------------------------------------------------------------
def test_the_table_by_hand_agrees() -> None:
    assert {term: "".join(map(str, has)) for term, has in CTCAE_GRADES.items()} == by_hand.GRADES


@pytest.mark.parametrize("term", codes(SymptomTerm))
def test_each_term_by_severity_and_function(term: str) -> None:
    for number, word in WORDS.items():
        assert graded(term, severity=word).grade == by_hand.grade(term, [number])
        assert graded(term, severity=word, limits="self_care").grade == by_hand.grade(term, [number, 3])
        assert graded(term, severity=word, limits="daily_activities").grade == by_hand.grade(term, [number, 2])
        assert graded(term, severity=word, limits="nothing").grade == by_hand.grade(term, [number])
    assert graded(term, limits="nothing").grade is None
    assert graded(term).grade is None


def test_a_few_cells_read_by_eye() -> None:
    assert graded("stevens_johnson_syndrome", severity="mild").grade == 3
    assert graded("toxic_epidermal_necrolysis", severity="severe").grade == 4
    assert graded("dry_skin", severity="life_threatening").grade == 3
    assert graded("vision_decreased", severity="mild").grade == 2
    assert graded("alopecia", severity="severe").grade == 2
    assert graded("alopecia", severity="severe").worst_grade == 3
    assert graded("epistaxis", grade=5).grade == 5
    assert graded("headache", severity="mild", limits="self_care").grade == 3


# --- words and classes ----------------------------------------------------------------------------
def test_every_term_has_grades_and_a_class() -> None:
    assert set(GRADES_OF) == set(CLASS_OF) == set(codes(SymptomTerm))
    assert set(CLASS_OF.values()) == set(codes(EffectClass))
    assert {term for term, kind in CLASS_OF.items() if kind == "red_flag"} == {
        term for terms in by_hand.ANY.values() for term in terms.split()
    }


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Dry lips", ["cheilitis"]),
        ("diarrhoea", ["diarrhea"]),
        ("DIARRHEA.", ["diarrhea"]),
        ("bloody diarrhoea", ["bloody_diarrhea"]),
        ("papilloedema", ["papilledema"]),
        ("dry lips, dry eyes; nosebleeds and joint pain", ["cheilitis", "dry_eye", "epistaxis", "arthralgia"]),
        ("trouble with contact lenses", ["contact_lens_intolerance"]),
        ("rash with blisters", ["rash_with_blisters"]),
        ("headache plus double vision", ["headache", "diplopia"]),
        ("ringing in the ears/hearing loss", ["tinnitus", "hearing_impaired"]),
        ("low mood", ["depression"]),
        ("mood swings", ["agitation"]),
        ("sore eyes", [None]),
        ("leg cramps", [None]),
        ("no headache", [None]),
        ("headache, no change of vision", ["headache", None]),
        ("severe headache", [None]),
        ("not depressed", [None]),
        ("?", [None]),
        ("Kopfschmerzen", [None]),
    ],
)
def test_words(text: str, terms: list[str | None]) -> None:
    assert list(read_symptom(text)) == terms


def test_words_add_to_a_stated_term_and_never_take_it_away() -> None:
    assert read_symptom("and double vision", "cheilitis") == ("cheilitis", "diplopia")
    assert read_symptom("it comes and goes", "cheilitis") == ("cheilitis",)
