"""The evidence library in words: a claim as text and as JSON, and the words of its grades and answers.

A sentence here never says more than the claim does: the answer comes before the studies, and what they do not show
stands as large as what they do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from isocourse.engine import model as m
from isocourse.engine.read_evidence import Claim, Number, Study
from isocourse.words.evidence_search import Found, Hit
from isocourse.words.page import Line
from isocourse.words.sentence import Sentence, Word, said

ANSWERS: Mapping[str, str] = {
    "supported": "Supported",
    "partly": "Partly supported",
    "not_shown": "Not shown",
    "contradicted": "Contradicted",
    "unknown": "Not known",
}
GRADES: Mapping[str, str] = {
    "A": "Two adequate trials or more, or a review of trials",
    "B": "One trial, a review of observational studies, or cohorts that agree",
    "C": "Small or uncontrolled studies",
    "D": "Expert opinion or reasoning only",
}
SUBJECTS: Mapping[str, str] = {
    "acne": "Acne",
    "early_treatment": "Treating early",
    "scars": "Scars",
    "dark_spots": "Dark spots and red marks",
    "texture": "Texture, pores and ageing",
    "oiliness": "Oiliness",
    "collagen": "Collagen and turnover",
    "inflammation": "Inflammation",
    "mood": "Mood",
    "dose": "Dose",
    "relapse": "Relapse and afterwards",
    "monitoring": "Blood tests",
    "effects": "Side effects",
    "pregnancy": "Pregnancy",
    "daily_life": "Daily life",
}
DESIGNS: Mapping[str, str] = {
    "review_of_trials": "Review of trials",
    "trial": "Randomised trial",
    "review_of_observations": "Review of observational studies",
    "cohort": "Cohort",
    "cross_section": "Cross-sectional study",
    "before_after": "Before and after, uncontrolled",
    "case_series": "Case series",
    "reports": "Spontaneous reports",
    "laboratory": "Laboratory or tissue study",
    "survey": "Survey",
    "consensus": "Expert consensus",
    "guideline": "Guideline",
    "label": "Label or regulator",
    "review": "Narrative review",
}
# Where a search found a word; heaviest first.
PLACES: Mapping[str, Word] = {
    "name": Word("its name"),
    "title": Word("the question"),
    "asked": Word("how people ask"),
    "subject": Word("the subject"),
    "said": Word("what is said"),
}
_NO_SIGN = frozenset({"p", "risk ratio", "rate ratio", "odds ratio", "hazard ratio", "standardised difference"})
UNSIGNED = "Nothing here is clinically signed off, and nothing here decides about capsules."


# --- figures --------------------------------------------------------------------------------------
def figure(number: Number) -> Sentence:
    """A figure as it is read: "3.83 % (95 % interval 2.45 to 5.93)", "risk ratio 0.92 (...)", "p below 0.001"."""
    unit = Word(number.unit)
    if number.unit == "year":
        shown = said("{0}", format(number.value, "f"))
    elif number.unit in _NO_SIGN:
        shown = said("{0} {1}", unit, _size(number))
    else:
        shown = said("{0} {1}", _size(number), unit)
    if number.sd is not None:
        shown = said("{0} (SD {1})", shown, _plain(number.sd))
    if number.interval is not None:
        low, high = map(_plain, number.interval)
        shown = said("{0} ({1} % interval {2} to {3})", shown, number.level, low, high)
    return shown


def _size(number: Number) -> Sentence:
    value = said("{0}", _plain(number.value))
    if number.to is not None:
        value = said("{0} to {1}", _plain(number.value), _plain(number.to))
    match number.qualifier:
        case "about":
            return said("about {0}", value)
        case "below":
            return said("below {0}", value)
        case "above":
            return said("above {0}", value)
        case "at_most":
            return said("at most {0}", value)
        case "at_least":
            return said("at least {0}", value)
    return value


def _plain(value: Decimal) -> str:
    """With a real minus and groups of thousands."""
    return f"{value:,f}".replace("-", "−")


def people(study: Study) -> Sentence | None:
    """How many were studied, where the source says."""
    return None if study.people is None else said("{0} people", format(study.people, ","))


# --- text -----------------------------------------------------------------------------------------
def list_lines(claims: Mapping[str, Claim]) -> Iterator[Line]:
    """Every claim by subject, one line each."""
    for subject, title in SUBJECTS.items():
        chosen = [claim for claim in claims.values() if claim.subject == subject]
        if chosen:
            yield Line("section", 0, title)
            yield from (_one_line(claim) for claim in chosen)
    yield Line("section", 0, "Grades")
    for grade, means in GRADES.items():
        yield Line("quiet", 1, f"{grade}: {means}.")
    yield Line("quiet", 1, UNSIGNED)


def _one_line(claim: Claim) -> Line:
    return Line("item", 1, f"- {claim.id}: {claim.title} {ANSWERS[claim.answer]} ({claim.grade}).")


def claim_lines(claim: Claim, sources: Mapping[str, m.Source]) -> Iterator[Line]:
    """One claim in full."""
    yield Line("headline", 0, claim.title)
    yield Line("plain", 0, f"{ANSWERS[claim.answer]}. Grade {claim.grade}: {GRADES[claim.grade].lower()}.")
    yield Line("plain", 0, claim.reason)
    yield Line("section", 0, "For the clinician")
    yield Line("plain", 1, claim.clinician_says)
    yield Line("section", 0, "For the patient")
    yield Line("plain", 1, claim.patient_says)
    yield Line("section", 0, "What this does not show")
    yield Line("plain", 1, claim.not_shown)
    yield Line("section", 0, "Studies")
    for study in claim.studies:
        yield from _study_lines(study, sources[study.source])
    yield Line("section", 0, "Where to read on")
    for pointer in claim.see:
        yield Line("item", 1, f"- {pointer.name}: {pointer.at}")
    for name, ids in (("claim", claim.see_claims), ("rule", claim.see_rules), ("topic", claim.see_topics)):
        if ids:
            yield Line("item", 1, f"- See also the {name}{'s' if len(ids) > 1 else ''} {', '.join(ids)}")
    yield Line("quiet", 0, f"People ask: {' · '.join(claim.asked_as)}")
    yield Line("quiet", 0, UNSIGNED)


def _study_lines(study: Study, source: m.Source) -> Iterator[Line]:
    told = ", ".join(str(part) for part in (DESIGNS[study.design], people(study), study.population) if part)
    yield Line("item", 1, f"- {source.title}. {source.publisher}, {source.dated}. {source.at}")
    yield Line("plain", 2, f"{told}{f'; {study.compared}' if study.compared else ''}.")
    yield Line("plain", 2, study.finding)
    for number in study.numbers:
        yield Line("item", 2, f"- {number.says}: {figure(number)}  [{number.id}, {number.where}]")
    yield Line("quiet", 2, f"Read: {source.read}. Confidence {study.confidence}. Risk of bias: {study.bias}.")


def found_lines(hits: list[Hit], words: str) -> Iterator[Line]:
    """What a search found, and why it stands where it does."""
    yield Line("headline", 0, f"{len(hits)} {'claim' if len(hits) == 1 else 'claims'} for {words!r}")
    for hit in hits:
        yield _one_line(hit.claim)
        yield Line("quiet", 2, f"found by {because(hit)}")


def because(hit: Hit) -> Sentence:
    """Why a claim was found: "scars (as people ask it), remove (title, in other words)"."""
    return Sentence("{0}", (tuple(_found(each) for each in hit.because),))


def _found(found: Found) -> Sentence:
    place = PLACES[found.place]
    return said("{0} ({1})", found.word, place) if found.exact else said("{0} ({1}, in other words)", found.word, place)


# --- for programs ---------------------------------------------------------------------------------
def claims_json(claims: list[Claim], sources: Mapping[str, m.Source]) -> bytes:
    """Claims for programs, each figure with its id; exact numbers as text."""
    return msgspec.json.encode({"claims": [_claim(claim, sources) for claim in claims], "signed_off": False})


def _claim(claim: Claim, sources: Mapping[str, m.Source]) -> dict[str, Any]:
    return {
        "claim": claim.id,
        "title": claim.title,
        "subject": claim.subject,
        "asked_as": claim.asked_as,
        "popular": claim.popular,
        "answer": claim.answer,
        "grade": claim.grade,
        "reason": claim.reason,
        "clinician_says": claim.clinician_says,
        "patient_says": claim.patient_says,
        "not_shown": claim.not_shown,
        "studies": [_study(study, sources[study.source]) for study in claim.studies],
        "see": [{"name": pointer.name, "at": pointer.at} for pointer in claim.see],
        "see_claims": claim.see_claims,
        "see_rules": claim.see_rules,
        "see_topics": claim.see_topics,
    }


def _study(study: Study, source: m.Source) -> dict[str, Any]:
    return {
        "source": {"id": source.id, "title": source.title, "publisher": source.publisher, "dated": source.dated,
                   "at": source.at, "read": source.read},
        "design": study.design,
        "people": study.people,
        "population": study.population,
        "compared": study.compared or None,
        "finding": study.finding,
        "risk_of_bias": study.bias,
        "confidence": study.confidence,
        "numbers": [_number(number) for number in study.numbers],
    }  # fmt: skip


def _number(number: Number) -> dict[str, Any]:
    return {
        "id": number.id,
        "says": number.says,
        "value": f"{number.value:f}",
        "to": None if number.to is None else f"{number.to:f}",
        "qualifier": number.qualifier or None,
        "unit": number.unit,
        "sd": None if number.sd is None else f"{number.sd:f}",
        "interval": None if number.interval is None else [f"{end:f}" for end in number.interval],
        "level": number.level,
        "source": number.source,
        "where": number.where,
    }
