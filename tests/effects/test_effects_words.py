"""Whatever is written as a symptom, a procedure or an allergy: it is understood in full, or it waits."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.record import terminology as t
from isocourse.record.allergies import allergens_of
from isocourse.record.effect_terms import _TERM_OF, SAYS_NONE, read_symptom, says_none
from isocourse.record.plain_names import plain_words
from isocourse.record.procedure_codes import NAMES, plain_name, read_procedure
from tests.own_words import SYMPTOMS, free_text

TEXTS = free_text(st.text(max_size=40), max_size=120)
SHORT = settings(max_examples=400, derandomize=True, database=None, deadline=None)


@SHORT
@given(TEXTS, st.sampled_from([None, "headache", "papilledema"]))
def test_any_text_is_terms_or_unread_and_never_nothing(text: str, term: Any) -> None:
    read = read_symptom(text, term)
    assert read and len(set(read)) == len(read)
    assert {found for found in read if found is not None} <= set(t.codes(t.SymptomTerm))
    assert term is None or (read[0] == term and None not in read)


@SHORT
@given(TEXTS)
def test_what_is_read_in_full_is_made_of_known_words(text: str) -> None:
    """No word that says something is passed over: every part of the text is a spelling of the table."""
    if None not in read_symptom(text):
        left = f" {' '.join(plain_words(text))} "
        for known in sorted(_TERM_OF, key=len, reverse=True):
            while f" {known} " in left:
                left = left.replace(f" {known} ", "  ")
        assert set(left.split()) <= {"and", "with", "plus"}, left


@SHORT
@given(TEXTS)
def test_only_a_whole_entry_says_that_there_is_none(text: str) -> None:
    assert says_none(text) == (" ".join(plain_words(text)) in SAYS_NONE)
    for word in SYMPTOMS[:40]:
        assert not says_none(f"{text} {word}") or word in SAYS_NONE or not plain_words(text)


@SHORT
@given(TEXTS, st.sampled_from([None, *t.codes(t.ProcedureKind)]))
def test_a_procedure_is_a_whole_name_or_unread(text: str, what: Any) -> None:
    read = read_procedure(text, what)
    assert read in (*t.codes(t.ProcedureKind), "unread")
    if what is None:
        assert read == NAMES.get(plain_name(text), "unread")
    elif read != "unread":
        assert read == what != "other" and NAMES.get(plain_name(text)) in (None, what)


@SHORT
@given(TEXTS)
def test_an_allergy_is_to_something(text: str) -> None:
    entry = Mock(allergen="other", text=text)
    found = allergens_of(entry)
    assert found and set(found) <= set(t.codes(t.Allergen))
    assert found == ("other",) or "other" not in found
