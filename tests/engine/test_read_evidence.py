"""The reader of the evidence library: it takes the shipped one, and refuses what would say more than is known."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from isocourse.engine import model as m
from isocourse.engine.documents import parse_document
from isocourse.engine.knowledge import open_shelf
from isocourse.engine.read_evidence import CARRIES, DESIGNS, GRADES, Claim, grade_of, read_claim, read_claims
from isocourse.errors import ProtocolError
from tests.shipped import LIBRARY

SHELF = open_shelf()
CLAIMS = read_claims(SHELF, rules=LIBRARY.rules, topics=LIBRARY.topics)
SOURCES = {"s1": m.Source("s1", "A study", "A journal", "doi 10.1/x", "2020", "abstract", "x, line 1")}
ENTRY = """
- claim: one
  title: Does it work?
  subject: acne
  asked_as: [It works]
  answer: partly
  grade: C
  reason: One small study.
  studies:
    - source: s1
      design: before_after
      people: 30
      population: adults
      finding: 12.5 % of 30 got better.
      bias: serious
      confidence: high
      numbers: [{says: better, value: "12.5", unit: "%", interval: ["3", "20"], level: 95, where: abstract}]
  not_shown: That it lasts.
  clinician_says: 12.5 % got better (3 to 20).
  patient_says: It may help some people.
  see: [{name: PubMed, at: pubmed.ncbi.nlm.nih.gov}]
"""


def read(text: str) -> Claim:
    [part] = parse_document(text.encode(), "evidence/x.yaml").items()
    return read_claim(part, SOURCES, rules=("a_rule",), topics=("a_topic",))


def test_an_entry_is_read_with_its_numbers_addressed() -> None:
    claim = read(ENTRY)
    [number] = claim.numbers
    assert (number.id, number.value, number.unit, number.source) == ("one.1", Decimal("12.5"), "%", "s1")
    assert (number.interval, number.level) == ((Decimal(3), Decimal(20)), 95)
    assert claim.sources == ("s1",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("answer: partly", "answer: supported", "does not carry"),
        ("answer: partly", "answer: contradicted", "does not carry"),
        ("grade: C", "grade: B", "carry grade C at best"),
        ("design: before_after", "design: consensus", "carry grade D at best"),
        ("  not_shown: That it lasts.\n", "", "'not_shown' is missing"),
        ("not_shown: That it lasts.", "not_shown: ''", "it is empty"),
        ("It may help some people.", "It clears the skin.", "does not say how little is known"),
        ("12.5 % got better (3 to 20).", "13 % got better.", "figure 13 stands in a sentence"),
        ("finding: 12.5 % of 30", "finding: 12.5 % of 31", "figure 31 stands in a sentence"),
        ("That it lasts.", "That it lasts 5 years.", "figure 5 stands in a sentence"),
        ('interval: ["3", "20"]', 'interval: ["13", "20"]', "outside its interval"),
        ('interval: ["3", "20"]', 'interval: ["20", "3"]', "a lower and an upper end"),
        (", level: 95", "", "belong together"),
        ('unit: "%"', "unit: percent", "not allowed here"),
        (", where: abstract", "", "'where' is missing"),
        ("source: s1", "source: s2", "not allowed here"),
        ("confidence: high", "confidence: low", "not allowed here"),
        ("see: [{name: PubMed, at: pubmed.ncbi.nlm.nih.gov}]", "see: []", "where to read on"),
        ("asked_as: [It works]", "asked_as: []", "how do people put it"),
        ("title: Does it work?", "title: Does it work?\n  see_rules: [no_rule]", "not allowed here"),
    ],
)
def test_what_would_say_more_than_is_known_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    assert old in ENTRY
    with pytest.raises(ProtocolError, match=re.escape(said)) as refused:
        read(ENTRY.replace(old, new))
    assert re.match(r"evidence/x\.yaml, line \d+: ", str(refused.value))


def test_grades_are_ordered_and_carried_by_designs() -> None:
    made = read(ENTRY).studies[0]

    def grade(*designs: str) -> str:
        return grade_of([type(made)(**{**vars(made), "design": design}) for design in designs])

    assert [grade("review_of_trials"), grade("trial", "trial")] == ["A", "A"]
    assert [grade("trial"), grade("review_of_observations"), grade("cohort", "cross_section")] == ["B", "B", "B"]
    assert [grade("cohort"), grade("before_after", "before_after"), grade("reports")] == ["C", "C", "C"]
    assert [grade("guideline"), grade("consensus", "label", "review")] == ["D", "D"]
    assert {grade(design) for design in DESIGNS} == set(GRADES)
    assert "D" not in CARRIES["supported"] + CARRIES["contradicted"] + CARRIES["partly"]


def test_every_shipped_claim_cites_what_there_is() -> None:
    for claim in CLAIMS.values():
        assert set(claim.sources) <= set(SHELF.sources), claim.id
        assert claim.numbers or claim.answer != "supported", f"{claim.id} tells no figure at all"
        for number in claim.numbers:
            assert number.unit and number.source in claim.sources and number.where, number.id
    numbers = [number.id for claim in CLAIMS.values() for number in claim.numbers]
    assert len(numbers) == len(set(numbers))
