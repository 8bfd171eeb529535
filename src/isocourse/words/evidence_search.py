"""Finding a claim by the words that people use: no index, no model, a ranking that can be told in one sentence.

A claim ranks by how many of the words asked for it holds, then by where it holds them: in its name or title, in what
people ask, in its sentences. Endings are cut off, common words and the medicine's own names count for nothing (every
claim is about it), and words that mean the same on this subject count as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from isocourse.engine.read_evidence import Claim

MOST = 12
# Where a word stands, with what it counts.
_PLACES: Mapping[str, int] = {"title": 6, "asked": 5, "subject": 3, "said": 1}
_COMMON = frozenset(
    "a about after all also am an and any are as at be been before by can could did do does doing during for from get "
    "gets give has have help helps how i if in is it its make makes me more my new not of on or our should so take "
    "taking than that the their them there they this to use used using was we well what when which while who why will "
    "with work works would you your skin acne isotretinoin accutane roaccutane absorica claravis medicine drug pill "
    "pills capsule capsules treatment really true ever good".split()
)
# The first word stands for all of them.
_SAME: tuple[str, ...] = (
    "scar scarring pit pitted icepick boxcar rolling dent crater indent",
    "spot pih hyperpigmentation pigment pigmentation pigmented discolouration discoloration dark brown blemish mark",
    "red redness pie erythema",
    "texture smooth smoother resurface rough even bump bumpy complexion tone",
    "pore porous",
    "wrinkle ageing aging photoaging photoageing",
    "oil oily oiliness sebum greasy grease shine shiny seborrhoea seborrhea",
    "turnover renewal exfoliate exfoliation shed peel",
    "collagen elastin elastic firmness dermis",
    "mood depression depressed depressive suicide suicidal anxiety anxious psychiatric mental mind",
    "relapse recur recurrence return back again permanent cure cured forever remission",
    "blood lab laboratory test monitor monitoring lipid triglyceride cholesterol alt ast enzyme",
    "liver hepatitis hepatic",
    "pregnant pregnancy baby birth defect malformation teratogen foetus fetus unborn conceive",
    "dose dosage milligram mg cumulative low micro microdose daily",
    "early earlier soon sooner delay wait",
    "remove erase clear fade lighten vanish disappear",
    "prevent stop avoid protect",
    "bowel ibd crohn colitis gut",
    "hair alopecia bald",
    "lip cheilitis",
    "eye vision night sight lens",
    "muscle ck creatine kinase exercise gym sport training",
    "sun sunscreen summer sunburn uv tan",
    "laser peel wax dermabrasion microneedling procedure surgery",
    "inflammation inflammatory inflamed swelling",
    "head headache intracranial",
    "bone growth height skeleton",
    "food meal fat fasting eat diet",
    "alcohol drink beer wine",
    "vitamin supplement",
    "online web internet shop buy",
    "libido sexual sex erectile",
    "flare purge worse worsen",
)


class Term(NamedTuple):
    """A word as written, without its ending, and the word that stands for all that mean the same."""

    word: str
    stem: str
    meaning: str


class Found(NamedTuple):
    """A word asked for, the place where it stands (`words.evidence.PLACES`), and whether it is that word itself."""

    word: str
    place: str
    exact: bool


@dataclass(frozen=True)
class Hit:
    """A claim that was found, and the words that found it with the place where each stood. Words that mean the same
    count as one in `meanings`."""

    claim: Claim
    because: tuple[Found, ...]
    meanings: int
    score: int


def search(claims: Mapping[str, Claim], words: str) -> list[Hit]:
    """The claims that hold any of the words, best first; a claim's own id is itself alone."""
    if (named := claims.get(_as_id(words))) is not None:
        return [Hit(named, (Found(named.id, "name", True),), 1, 0)]
    asked = list({term.stem: term for term in _terms(words)}.values())
    order = list(claims)
    hits = [hit for claim in claims.values() if (hit := _hit(claim, asked)) is not None]
    return sorted(hits, key=lambda hit: (-hit.meanings, -hit.score, order.index(hit.claim.id)))[:MOST]


def near(claims: Mapping[str, Claim], words: str) -> list[str]:
    """Ids of claims that sound like what was asked, for when nothing was found."""
    known: dict[str, list[str]] = {}
    for claim in claims.values():
        for term in _terms(f"{claim.id} {claim.title}"):
            known.setdefault(term.word, []).append(claim.id)
    close = (word for term in _terms(words) for word in get_close_matches(term.word, known, n=2, cutoff=0.7))
    found = [name for word in close for name in known[word]]
    return list(dict.fromkeys([*get_close_matches(_as_id(words), claims, n=3), *found]))[:5]


def _hit(claim: Claim, asked: list[Term]) -> Hit | None:
    texts = {place: list(_terms(text)) for place, text in _texts(claim)}
    best = [(max(_weighed(term, place, terms) for place, terms in texts.items()), term) for term in asked]
    found = [(weighed, term) for weighed, term in best if weighed.weight]
    if not found:
        return None
    because = tuple(Found(term.word, weighed.place, weighed.exact) for weighed, term in found)
    score = sum(weighed.weight for weighed, _ in found)
    return Hit(claim, because, len({term.meaning for _, term in found}), score)


class _Weighed(NamedTuple):
    weight: int
    exact: bool
    place: str


def _weighed(term: Term, place: str, terms: list[Term]) -> _Weighed:
    """What a word counts in one text of a claim: twice as much as a word that means the same."""
    if any(other.stem == term.stem for other in terms):
        return _Weighed(2 * _PLACES[place], True, place)
    same = any(other.meaning == term.meaning for other in terms)
    return _Weighed(_PLACES[place] if same else 0, False, place)


def _texts(claim: Claim) -> Iterator[tuple[str, str]]:
    """The texts of a claim by place, the weightiest first."""
    yield "title", f"{claim.id} {claim.title}"
    yield "asked", " ".join((*claim.asked_as, *claim.words))
    yield "subject", claim.subject
    yield "said", f"{claim.clinician_says} {claim.patient_says} {claim.not_shown} {claim.reason}"


def _terms(text: str) -> Iterator[Term]:
    """The words that count."""
    for word in re.findall(r"[^\W_]+", text.lower()):
        stem = _stem(word)
        if word not in _COMMON and stem not in _COMMON and len(word) > 1:
            yield Term(word, stem, _FIRST.get(word, _FIRST.get(stem, stem)))


def _stem(word: str) -> str:
    """Without its ending; crude, but the same for what is asked and for what is found."""
    for ending in ("ation", "ing", "ies", "ers", "ed", "es", "er", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


_FIRST: Mapping[str, str] = {
    form: group.split()[0] for group in _SAME for word in group.split() for form in (word, _stem(word))
}


def _as_id(words: str) -> str:
    return re.sub(r"[\s-]+", "_", words.strip().lower())
