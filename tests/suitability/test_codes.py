"""Known answers: every class by code and by name, the edges of the ranges, and what must not be understood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.record import suitability_codes as s
from isocourse.record import terminology as t
from isocourse.record.condition_codes import EVERYDAY, ICD10_PREFIXES, NAMES, read_condition
from isocourse.record.plain_names import plain_words
from tests.own_words import free_text

ICD = t.ICD10CM
# ICD-10-CM code, a title that says nothing by itself, and what it is.
CODES = {
    "L70.0": "acne",
    "L70.1": "acne",
    "L71.9": "other",
    "L73.0": "scar",
    "L73.1": "other",
    "L90.5": "scar",
    "L91.0": "scar",
    "K49": "other",
    "K50.90": "inflammatory_bowel_disease",
    "K51.90": "inflammatory_bowel_disease",
    "K52.9": "other",
    "K70.30": "liver_disease",
    "K70.40": "hepatic_insufficiency",
    "K71.0": "liver_disease",
    "K71.10": "hepatic_insufficiency",
    "K72.00": "hepatic_insufficiency",
    "K73.9": "liver_disease",
    "K76.0": "liver_disease",
    "K76.7": "hepatic_insufficiency",
    "K80.20": "other",
    "B14.9": "other",
    "B15.9": "liver_disease",
    "B19.20": "liver_disease",
    "B20": "other",
    "R74.01": "liver_disease",
    "E78.00": "lipid_disorder",
    "E78.1": "lipid_disorder",
    "E78.2": "lipid_disorder",
    "E78.3": "severe_lipid_disorder",
    "E78.49": "lipid_disorder",
    "E78.5": "lipid_disorder",
    "E78.6": "other",
    "E78.71": "other",
    "E78.9": "lipid_disorder",
    "E79.0": "other",
    "Z83.42": "family_lipid_disorder",
    "Z83.3": "other",
    "E07.9": "other",
    "E08.9": "diabetes",
    "E11.9": "diabetes",
    "E13.9": "diabetes",
    "E14": "diabetes",
    "E15": "other",
    "R73.03": "diabetes",
    "E66.01": "obesity",
    "Z68.30": "obesity",
    "Z68.29": "other",
    "N17.9": "severe_renal_impairment",
    "N18.30": "renal_impairment",
    "N18.4": "severe_renal_impairment",
    "N18.5": "severe_renal_impairment",
    "N18.6": "severe_renal_impairment",
    "N18.9": "renal_impairment",
    "N19": "renal_impairment",
    "N20.0": "other",
    "Z99.2": "severe_renal_impairment",
    "K85.90": "pancreatitis",
    "K86.1": "pancreatitis",
    "K86.2": "other",
    "G93.1": "other",
    "G93.2": "intracranial_hypertension",
    "G93.3": "other",
    "H47.10": "intracranial_hypertension",
    "H47.20": "other",
    "F20.9": "psychiatric_history",
    "F32.A": "psychiatric_history",
    "F90.0": "psychiatric_history",
    "F17.210": "other",
    "F70": "other",
    "F84.0": "other",
    "R45.851": "psychiatric_history",
    "R45.84": "other",
    "Z91.51": "psychiatric_history",
    "Z91.52": "psychiatric_history",
    "H04.121": "eye_disease",
    "H04.11": "other",
    "H53.2": "possible_reaction",
    "H52.1": "other",
    "H53.7": "other",
    "H29": "other",
    "H35.9": "eye_disease",
    "M79.1": "other",
    "M81.0": "bone_disease",
    "M84.3": "other",
    "Q78.0": "bone_disease",
    "L51.1": "possible_reaction",
    "L52": "other",
    "T78.2XXA": "possible_reaction",
    "T78.1XXA": "other",
    "D69.0": "possible_reaction",
    "D69.1": "other",
    "D70.9": "possible_reaction",
    "I63.9": "possible_reaction",
    "I64": "other",
    "I82.40": "possible_reaction",
    "R17": "possible_reaction",
    "R18.8": "other",
    "K92.1": "possible_reaction",
    "K92.81": "other",
    "K62.5": "possible_reaction",
    "H93.13": "possible_reaction",
    "H93.2": "other",
    "M62.81": "other",
    "Z94.0": "transplant",
    "E67.0": "hypervitaminosis_a",
    "E67.1": "other",
    "L20.9": "eczema",
    "L85.3": "eczema",
    "O80": "pregnancy",
    "Z33.1": "pregnancy",
    "Z34.90": "pregnancy",
    "Z32.01": "pregnancy",
    "Z32.02": "other",
    "S42.001A": "other",
    "J00": "other",
    "U07.1": "other",
}
TWO = {
    "F10.20": ("alcohol_problem", "psychiatric_history"),
    "F50.00": ("psychiatric_history", "bone_disease"),
    "H53.61": ("eye_disease", "possible_reaction"),
    "M62.82": ("muscle_disease", "possible_reaction"),
}


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_read_as(code: str) -> None:
    assert read_condition("xxx", code, ICD).classes == (CODES[code],)


@pytest.mark.parametrize("code", TWO)
def test_a_code_of_two_classes(code: str) -> None:
    assert read_condition("xxx", code, ICD).classes == TWO[code]


def test_every_class_is_met_by_code() -> None:
    met = {*CODES.values(), *(kind for kinds in TWO.values() for kind in kinds)}
    assert met == set(t.codes(s.ConditionClass)) - {"unread"}


@pytest.mark.parametrize("code", ["K50.90", "k50.90", "K5090", " K50.90 "])
def test_spellings_of_a_code(code: str) -> None:
    assert read_condition("xxx", code, ICD).classes == ("inflammatory_bowel_disease",)


@pytest.mark.parametrize("code", ["K5O.9", "K5", "50.9", "hello", "", "K50-K52", "J00 and K85"])
def test_a_badly_formed_code_is_not_harmless(code: str) -> None:
    assert read_condition("xxx", code, ICD).classes == ("unread",)


def test_codes_of_another_system_are_not_read() -> None:
    assert read_condition("xxx", "J00", t.SNOMED).classes == ("unread",)
    assert read_condition("xxx", "34000006", t.SNOMED).classes == ("unread",)
    assert read_condition("Crohn's disease (disorder)", "34000006", t.SNOMED).classes == ("inflammatory_bowel_disease",)


def test_a_code_without_a_system_only_finds() -> None:
    assert read_condition("xxx", "K85.9").classes == ("pancreatitis", "unread")
    assert read_condition("xxx", "J00").classes == ("unread",)


@pytest.mark.parametrize("code", ["Z87.19", "Z86.69", "Z86.39", "Z91.010", "Z91.018"])
def test_a_code_that_says_too_much_leaves_it_to_the_words(code: str) -> None:
    assert read_condition("personal history of something", code, ICD).classes == ("unread",)
    assert read_condition("history of pancreatitis", code, ICD).classes == ("pancreatitis",)


# --- names ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_read_as_its_class(name: str) -> None:
    read = read_condition(name)
    assert (read.classes, read.recognised) == (NAMES[name], "name")
    assert read_condition(f"{name.upper()} (disorder)") == read


def test_names_cover_every_class_but_those_without_a_name() -> None:
    named = {kind for kinds in NAMES.values() for kind in kinds}
    assert set(t.codes(s.ConditionClass)) - named == {"other", "unread", "family_lipid_disorder"}


WORDS = {
    "Crohn\u2019s disease": ("inflammatory_bowel_disease",),
    "Hyperlipid\u00e6mia": ("unread",),
    "chronic hepatitis B": ("liver_disease",),
    "history of depression": ("psychiatric_history",),
    "Body mass index 30+ - obesity (finding)": ("obesity",),
    "Viral sinusitis (disorder)": ("other",),
    "severe renal impairment": ("severe_renal_impairment",),
    "chronic kidney disease stage 4": ("severe_renal_impairment",),
    "chronic kidney disease stage 3": ("renal_impairment", "unread"),
    # A misspelling, a denial, somebody else, or more than was understood.
    "pancretitis": ("unread",),
    "no diabetes": ("diabetes", "unread"),
    "family history of ulcerative colitis": ("inflammatory_bowel_disease", "unread"),
    "acne and something": ("acne", "unread"),
    "asthma and something": ("unread",),
    "not asthma": ("unread",),
    "hypertension": ("other",),
    "intracranial hypertension": ("intracranial_hypertension",),
    "portal hypertension": ("unread",),
    "???": ("unread",),
    "peanut allergy": ("unread",),
}


@pytest.mark.parametrize("text", WORDS)
def test_words_are_read_as(text: str) -> None:
    assert read_condition(text).classes == WORDS[text]


@pytest.mark.parametrize("name", sorted(EVERYDAY))
def test_everyday_names_hide_no_other(name: str) -> None:
    assert read_condition(name).classes == ("other",)
    assert "unread" in read_condition(f"{name} x").classes


def test_words_add_to_a_code_and_never_take_away() -> None:
    assert read_condition("ulcerative colitis", "J00", ICD).classes == ("inflammatory_bowel_disease",)
    assert read_condition("asthma", "K85.9", ICD).classes == ("pancreatitis",)
    assert read_condition("diabetes", "K85.9", ICD).classes == ("pancreatitis", "diabetes")


TEXTS = free_text(st.text(max_size=40), max_size=120)
CODED = st.none() | st.text(max_size=8) | st.sampled_from(sorted(ICD10_PREFIXES))
SYSTEMS = st.sampled_from([None, ICD, "http://hl7.org/fhir/sid/icd-10", t.SNOMED, "x", ""])
SHORT = settings(max_examples=400, derandomize=True, database=None, deadline=None)


@SHORT
@given(TEXTS, CODED, SYSTEMS)
def test_anything_is_read_and_nothing_raises(text: str, code: str | None, system: str | None) -> None:
    read = read_condition(text, code, system)
    assert read.classes and set(read.classes) <= set(t.codes(s.ConditionClass))
    assert len(set(read.classes)) == len(read.classes)
    assert (read.recognised == "nothing") == (read.classes == ("unread",))
    assert "other" not in read.classes or len(read.classes) == 1


@SHORT
@given(TEXTS, st.sampled_from([None, t.SNOMED, "x"]))
def test_free_text_is_harmless_only_word_for_word(text: str, system: str | None) -> None:
    if "other" in read_condition(text, None, system).classes:
        # Whatever signs stand between the words ("ACUTE:BRONCHITIS"), the words are those of one name and no other.
        assert " ".join(plain_words(text)).removesuffix(" disorder") in EVERYDAY
