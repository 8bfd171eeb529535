"""The evidence library in words: what people search finds its claim, and no sentence says more than its grade."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest

from isocourse.engine.knowledge import open_shelf
from isocourse.engine.read_evidence import ANSWERS, DESIGNS, GRADES, SUBJECTS, Number, read_claims
from isocourse.words import evidence
from isocourse.words.evidence_search import near, search
from tests.shipped import LIBRARY

SHELF = open_shelf()
CLAIMS = read_claims(SHELF, rules=LIBRARY.rules, topics=LIBRARY.topics)

# What popular articles promise of isotretinoin for dark spots, scars and texture, and where the library answers it.
POPULAR = {
    "reduces inflammation": ("less_inflammation", {"partly"}),
    "speeds up cell turnover": ("faster_turnover", {"not_shown"}),
    "fewer new lesions": ("fewer_new_spots", {"supported"}),
    "boosts collagen": ("collagen", {"partly"}),
    "12-month studies": ("improves_after_last_dose", {"partly"}),
    "early treatment prevents scarring": ("early_prevents_scars", {"partly"}),
    "fades dark spots": ("existing_dark_spots", {"not_shown"}),
    "prevents new dark spots": ("prevents_new_dark_spots", {"unknown"}),
    "removes acne scars": ("existing_scars", {"not_shown"}),
    "fills pitted scars": ("scar_types", {"unknown"}),
    "fades red marks": ("red_marks", {"not_shown"}),
    "improves skin texture": ("texture", {"not_shown"}),
    "smaller pores": ("pores", {"partly"}),
    "anti-aging wrinkles": ("photoageing", {"not_shown"}),
    "less oily skin": ("oiliness_during", {"supported"}),
    "oil gone for good": ("oiliness_after", {"partly"}),
    "cures acne": ("not_a_cure", {"contradicted"}),
}
# What other people asked, and the claim that has to come first.
ASKED = {
    "does it remove scars": "existing_scars",
    "hyperpigmentation": "existing_dark_spots",
    "PIH": "existing_dark_spots",
    "is it safe for mental health": "mood_average",
    "suicide": "mood_suicide",
    "low dose": "low_dose",
    "do I need blood tests every month": "monthly_labs",
    "can I go to the gym": "exercise_ck",
    "contact lenses": "dry_eyes",
    "crohn": "bowel_disease",
    "hair shedding": "hair_loss",
    "vitamin e": "vitamin_e",
    "waxing": "procedures_waiting",
    "summer": "summer",
    "buy accutane online": "buying_online",
    "birth defects": "birth_defects",
    "how many relapse": "relapse_how_many",
    "existing_scars": "existing_scars",
    "existing scars": "existing_scars",
}


@pytest.mark.parametrize(("asked", "expected"), POPULAR.items())
def test_what_popular_articles_promise_is_found_and_answered_as_the_studies_allow(
    asked: str, expected: tuple[str, set[str]]
) -> None:
    name, answers = expected
    assert search(CLAIMS, asked)[0].claim.id == name
    assert CLAIMS[name].popular and CLAIMS[name].answer in answers


def test_every_popular_promise_stands_in_the_table_above() -> None:
    assert {claim.id for claim in CLAIMS.values() if claim.popular} == {name for name, _ in POPULAR.values()}


@pytest.mark.parametrize(("asked", "name"), ASKED.items())
def test_what_people_ask_finds_its_claim_first(asked: str, name: str) -> None:
    assert search(CLAIMS, asked)[0].claim.id == name


def test_a_search_says_why_and_a_misspelling_gets_near_claims() -> None:
    [first, *_] = search(CLAIMS, "old scars fade")
    assert first.claim.id == "existing_scars"
    assert ("scars", "title", True) in first.because
    assert "scars (the question)" in str(evidence.because(first))
    [other] = search(CLAIMS, "seborrhoea")[0].because
    assert not other.exact and "in other words" in str(evidence.because(search(CLAIMS, "seborrhoea")[0]))
    assert search(CLAIMS, "xyzzy") == [] and near(CLAIMS, "xyzzy") == []
    assert search(CLAIMS, "scarz") == [] and "existing_scars" in near(CLAIMS, "scarz")
    assert search(CLAIMS, "isotretinoin") == []  # every claim is about it


def test_a_patient_is_never_told_more_than_the_grade() -> None:
    certain = re.compile(
        r"\b(proven|always|guarantee\w*|cures?|definitely|certainly|removes?|erases?|permanently|for sure|completely)\b"
    )
    for claim in CLAIMS.values():
        says = claim.patient_says.lower()
        assert not certain.search(says), f"{claim.id}: {certain.search(says)}"
        if claim.answer in ("not_shown", "unknown"):
            assert re.search(r"\b(not|nobody|no|cannot|rather|little)\b", says), claim.id
        if claim.grade in ("C", "D"):
            assert re.search(
                r"\b(not|nobody|may|might|can|some|one study|studies|little|few|say|many|usually|trial|cannot|no)\b",
                says,
            ), claim.id


def test_nothing_here_tells_anybody_to_stop_or_to_take_capsules() -> None:
    """That is a rule's business: a text here may only say that a study looked at it."""
    tells = re.compile(r"\b(stop|keep|go on|start|restart) (taking|the capsules|isotretinoin|your capsules)\b", re.I)
    for claim in CLAIMS.values():
        for text in (claim.clinician_says, claim.patient_says, claim.not_shown):
            assert not tells.search(text), f"{claim.id}: {text}"


def test_every_subject_answer_grade_and_design_has_its_words() -> None:
    assert set(evidence.SUBJECTS) == set(SUBJECTS) == {claim.subject for claim in CLAIMS.values()}
    assert set(evidence.ANSWERS) == set(ANSWERS) and set(evidence.GRADES) == set(GRADES)
    assert set(evidence.DESIGNS) == set(DESIGNS)


def test_the_library_has_the_size_it_says() -> None:
    assert len(CLAIMS) >= 45
    assert sum(len(claim.numbers) for claim in CLAIMS.values()) > 200
    national = " ".join(pointer.name + pointer.at for claim in CLAIMS.values() for pointer in claim.see)
    for body in ("American Academy of Dermatology", "PubMed", "NICE", "MHRA", "FDA", "EMA", "TGA", "Health Canada",
                 "BfArM", "ANSM", "AIFA"):  # fmt: skip
        assert body in national, body


def number(**own: object) -> Number:
    made = {"id": "x.1", "says": "", "value": Decimal("3.83"), "unit": "%", "source": "s", "where": "abstract"}
    return Number(**{**made, **own})  # type: ignore[arg-type]


def test_figures_read_as_people_write_them() -> None:
    interval = {"interval": (Decimal("2.45"), Decimal("5.93")), "level": 95}
    assert str(evidence.figure(number(**interval))) == "3.83 % (95 % interval 2.45 to 5.93)"
    assert str(evidence.figure(number(value=Decimal("0.001"), unit="p", qualifier="below"))) == "p below 0.001"
    assert str(evidence.figure(number(value=Decimal(17829), unit="reports"))) == "17,829 reports"
    assert str(evidence.figure(number(value=Decimal("-15.5")))) == "−15.5 %"
    assert str(evidence.figure(number(value=Decimal(6), to=Decimal(12), unit="months"))) == "6 to 12 months"
    assert str(evidence.figure(number(value=Decimal(2006), unit="year"))) == "2006"
    assert str(evidence.figure(number(value=Decimal("4.7"), sd=Decimal("2.5"), unit="points"))) == "4.7 points (SD 2.5)"
    assert str(evidence.figure(number(value=Decimal("1.08"), unit="risk ratio"))) == "risk ratio 1.08"


def test_a_claim_as_text_and_as_json_hold_the_same_figures() -> None:
    claim = CLAIMS["mood_average"]
    text = "\n".join(line.text for line in evidence.claim_lines(claim, SHELF.sources))
    [told] = json.loads(evidence.claims_json([claim], SHELF.sources))["claims"]
    for study in told["studies"]:
        assert study["source"]["title"] in text and study["risk_of_bias"] in text
        for each in study["numbers"]:
            assert f"[{each['id']}, " in text and (each["value"] in text)
    assert claim.not_shown in text and claim.patient_says in text and evidence.UNSIGNED in text
