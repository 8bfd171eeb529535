"""Reading the evidence library: `knowledge/evidence/*.yaml`, one claim about isotretinoin each.

    claims = read_claims(open_shelf(), rules=library.rules, topics=library.topics)

A claim is what people ask, its answer, how good the reason is, the studies with their numbers, what all that does not
show, and a sentence for the clinician and one for the patient. What would make a page say more than is known is
refused here: an answer that its grade does not carry, a grade that its studies do not carry, a claim that does not
name its limits, and a figure in a sentence that no entry with a source carries.

Grades: A two adequate trials or a review of trials; B one trial, a review of observational studies, or two cohorts that
agree; C small or uncontrolled; D expert opinion, or nothing but reasoning.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain

from isocourse.engine import model as m
from isocourse.engine.documents import Fields, Part
from isocourse.engine.knowledge import Shelf

SUBJECTS = (
    "acne", "early_treatment", "scars", "dark_spots", "texture", "oiliness", "collagen", "inflammation", "mood", "dose",
    "relapse", "monitoring", "effects", "pregnancy", "daily_life",
)  # fmt: skip
ANSWERS = ("supported", "partly", "not_shown", "contradicted", "unknown")
GRADES = ("A", "B", "C", "D")  # best first
CARRIES: Mapping[str, str] = {  # the grades with which an answer may be given
    "supported": "AB",
    "partly": "ABC",
    "contradicted": "AB",
    "not_shown": "ABCD",
    "unknown": "CD",
}
CONFIDENCE = ("high", "medium")  # what rests on memory alone is left out (docs/sign-off-left-out.md)
DESIGNS = (
    "review_of_trials", "trial", "review_of_observations", "cohort", "cross_section", "before_after", "case_series",
    "reports", "laboratory", "survey", "consensus", "guideline", "label", "review",
)  # fmt: skip
_COHORTS = ("cohort", "cross_section")
_PEOPLE_SEEN = (*_COHORTS, "before_after", "case_series", "laboratory", "reports", "survey")
QUALIFIERS = ("about", "below", "at_most", "at_least", "above")
UNITS = (
    "%", "people", "studies", "reports", "procedures", "papers", "sites", "pregnancies", "lesions", "p",
    "risk ratio", "rate ratio", "odds ratio", "hazard ratio", "standardised difference", "difference",
    "per 1,000 people", "per 10,000 people", "per 100,000 people a year", "per 100 person-years", "times",
    "mg", "mg a day", "mg/kg", "mg/kg a day", "mg/dL", "IU/L", "IU a day", "mmol/L", "g", "SPF", "points", "hours",
    "days", "weeks", "months", "years", "years of age", "courses", "prescriptions", "year", "genes", "mm²",
    "events", "packets",
)  # fmt: skip
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
# Part of a name, no figure: a guideline with its year, an instrument, a grade, the hundred of "3 in 100".
_NO_FIGURE = re.compile(
    r"\b[A-Z][A-Za-z]+ (?:19|20)\d\d\b|PHQ-\d|GAD-\d|NG198|CO2|TLR-2|grades? \d|v\d\.\d"
    r"|(?:in|of|per) (?:100|1,000|10,000|100,000)\b|\b1 in [\d,]*\d"
)
_ONE_IN = re.compile(r"\b1 in ([\d,]*\d)")
_ROUGHLY = Decimal("0.2")  # "about 1 in 3" may stand for 32 %
# The answers that must not be told to a patient as if something had been shown, and what says so.
_HEDGED = ("not_shown", "unknown", "partly")
_HEDGES = re.compile(
    r"\b(not|no|nobody|never|only|may|might|can|could|some|small|few|weak|unclear|unsure|limited|less|usually|often)\b"
)


@dataclass(frozen=True)
class Number:
    """One figure: `value` in `unit`, to `to` where it is a range, with its interval at `level` percent; where it was
    read. `id` addresses it: "existing_scars.3" is the third number of that claim."""

    id: str
    says: str
    value: Decimal
    unit: str
    source: str
    where: str
    qualifier: str = ""
    to: Decimal | None = None
    interval: tuple[Decimal, Decimal] | None = None
    level: int | None = None
    sd: Decimal | None = None


@dataclass(frozen=True)
class Study:
    """What was read of one source for one claim."""

    source: str
    design: str
    population: str
    compared: str
    finding: str
    bias: str
    confidence: str
    people: int | None
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Pointer:
    """Where to read on: a name and an address as plain text; nothing is fetched from there."""

    name: str
    at: str


@dataclass(frozen=True)
class Claim:
    """A claim with its answer. `asked_as` is how people and popular articles put it; `popular` marks what articles
    promise of isotretinoin for skin rather than for acne."""

    id: str
    title: str
    subject: str
    asked_as: tuple[str, ...]
    answer: str
    grade: str
    reason: str
    studies: tuple[Study, ...]
    not_shown: str
    clinician_says: str
    patient_says: str
    see: tuple[Pointer, ...]
    see_claims: tuple[str, ...]
    see_rules: tuple[str, ...]
    see_topics: tuple[str, ...]
    words: tuple[str, ...]
    popular: bool
    where: str

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every figure of the claim, in the order of its ids."""
        return tuple(chain.from_iterable(study.numbers for study in self.studies))

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of its sources, each once."""
        return tuple(dict.fromkeys(study.source for study in self.studies))


CLAIM_NEEDS = (
    "claim", "title", "subject", "asked_as", "answer", "grade", "reason", "studies", "not_shown", "clinician_says",
    "patient_says", "see",
)  # fmt: skip
CLAIM_MAY = ("see_claims", "see_rules", "see_topics", "words", "popular")
STUDY_NEEDS = ("source", "design", "population", "finding", "bias", "confidence")
STUDY_MAY = ("people", "compared", "numbers")
NUMBER_NEEDS = ("says", "value", "unit", "where")
NUMBER_MAY = ("qualifier", "to", "interval", "level", "sd")


def read_claims(shelf: Shelf, *, rules: Collection[str], topics: Collection[str]) -> dict[str, Claim]:
    """Every claim by id. `rules` and `topics` are those of the protocol, which claims may point at.

    Raises ProtocolError with file and line at the first thing that is wrong.
    """
    found: dict[str, Claim] = {}
    parts: dict[str, Part] = {}
    for part in shelf.entries("evidence"):
        claim = read_claim(part, shelf.sources, rules=rules, topics=topics)
        if claim.id in found:
            raise part.error(f"the claim {claim.id!r} stands twice", mend=f"merge it with {found[claim.id].where}")
        found[claim.id], parts[claim.id] = claim, part
    for claim in found.values():
        for other in claim.see_claims:
            if other not in found or other == claim.id:
                raise parts[claim.id].error(f"see_claims names {other!r}, which is no other claim", mend="mend the id")
    return found


def read_claim(
    part: Part, sources: Mapping[str, m.Source], *, rules: Collection[str], topics: Collection[str]
) -> Claim:
    """One entry. Raises ProtocolError."""
    fields = part.fields(needed=CLAIM_NEEDS, optional=CLAIM_MAY)
    name = fields["claim"].name()
    studies: list[Study] = []
    for item in fields["studies"].items():
        studies.append(_study(item, sources, name, sum(len(study.numbers) for study in studies)))
    claim = Claim(
        id=name,
        title=fields["title"].text(),
        subject=fields["subject"].one_of(SUBJECTS),
        asked_as=fields["asked_as"].texts(),
        answer=fields["answer"].one_of(ANSWERS),
        grade=fields["grade"].one_of(GRADES),
        reason=fields["reason"].text(),
        studies=tuple(studies),
        not_shown=fields["not_shown"].text(),
        clinician_says=fields["clinician_says"].text(),
        patient_says=fields["patient_says"].text(),
        see=tuple(_pointer(item) for item in fields["see"].items()),
        see_claims=fields.get("see_claims", Part.texts, ()),
        see_rules=_named(fields, "see_rules", rules),
        see_topics=_named(fields, "see_topics", topics),
        words=fields.get("words", Part.texts, ()),
        popular=fields.get("popular", Part.truth, False),
        where=part.where,
    )
    _refuse_too_much(claim, fields)
    _refuse_loose_figures(claim, fields)
    return claim


def _study(part: Part, sources: Mapping[str, m.Source], claim: str, before: int) -> Study:
    fields = part.fields(needed=STUDY_NEEDS, optional=STUDY_MAY)
    source = fields["source"].one_of(sources)
    items = fields["numbers"].items() if "numbers" in fields else []
    return Study(
        source=source,
        design=fields["design"].one_of(DESIGNS),
        population=fields["population"].text(),
        compared=fields.get("compared", Part.text, ""),
        finding=fields["finding"].text(),
        bias=fields["bias"].text(),
        confidence=fields["confidence"].one_of(CONFIDENCE),
        people=fields.get("people", _whole, None),
        numbers=tuple(_number(item, f"{claim}.{before + at}", source) for at, item in enumerate(items, 1)),
    )


def _number(part: Part, name: str, source: str) -> Number:
    fields = part.fields(needed=NUMBER_NEEDS, optional=NUMBER_MAY)
    interval = tuple(_decimal(item) for item in fields["interval"].items()) if "interval" in fields else None
    level = fields.get("level", Part.number, None)
    if interval is not None and (len(interval) != 2 or interval[0] > interval[1]):
        raise fields["interval"].error("an interval has a lower and an upper end", mend="write [lower, upper]")
    if (interval is None) != (level is None):
        raise part.error("an interval and its level belong together", mend="write interval: [a, b] and level: 95")
    number = Number(
        id=name,
        says=fields["says"].text(),
        value=_decimal(fields["value"]),
        unit=fields["unit"].one_of(UNITS),
        source=source,
        where=fields["where"].text(),
        qualifier=fields.get("qualifier", lambda item: item.one_of(QUALIFIERS), ""),
        to=fields.get("to", _decimal, None),
        interval=(interval[0], interval[1]) if interval is not None else None,
        level=level,
        sd=fields.get("sd", _decimal, None),
    )
    if number.interval is not None and not number.interval[0] <= number.value <= number.interval[1]:
        raise part.error("the value lies outside its interval", mend="look at the source again")
    return number


def _pointer(part: Part) -> Pointer:
    fields = part.fields(needed=("name", "at"))
    return Pointer(fields["name"].text(), fields["at"].text())


def _named(fields: Fields, key: str, known: Collection[str]) -> tuple[str, ...]:
    return tuple(item.one_of(known) for item in fields[key].items()) if key in fields else ()


def _decimal(part: Part) -> Decimal:
    try:
        return Decimal(part.text())
    except InvalidOperation:
        raise part.error(f"{part.text()[:20]!r} is no number", mend="digits, with a point for decimals") from None


def _whole(part: Part) -> int:
    """How many people: may be more than `Part.number` takes."""
    value = part.text()
    if not value.isdecimal():
        raise part.error(f"{value[:20]!r} is no count of people", mend="digits only")
    return int(value)


# --- what is refused ------------------------------------------------------------------------------
def _refuse_too_much(claim: Claim, fields: Fields) -> None:
    """An answer, a grade or a sentence that says more than is known."""
    if not claim.studies:
        raise fields["studies"].error("a claim needs what it rests on", mend="name a source, were it a guideline")
    if not claim.see:
        raise fields["see"].error("a claim points to where to read on", mend="name a guideline or a search in PubMed")
    if not claim.asked_as:
        raise fields["asked_as"].error("how do people put it?", mend="write at least one way")
    if claim.grade not in CARRIES[claim.answer]:
        raise fields["answer"].error(
            f"grade {claim.grade} does not carry the answer {claim.answer!r}",
            allowed=f"{claim.answer} with grade {' or '.join(CARRIES[claim.answer])}",
            mend="weaken the answer; never raise the grade for it",
        )
    best = grade_of(claim.studies)
    if GRADES.index(claim.grade) < GRADES.index(best):
        raise fields["grade"].error(
            f"the studies named carry grade {best} at best", mend="name the studies that carry more, or lower the grade"
        )
    if claim.answer in _HEDGED and not _HEDGES.search(claim.patient_says.lower()):
        raise fields["patient_says"].error(
            f"it does not say how little is known, but the answer is {claim.answer!r}",
            mend="say that it has not been shown, or for whom, or how far",
        )


def grade_of(studies: Collection[Study]) -> str:
    """The best grade that studies of these designs can carry."""
    designs = [study.design for study in studies]
    if "review_of_trials" in designs or designs.count("trial") > 1:
        return "A"
    if {"trial", "review_of_observations"} & set(designs) or sum(map(designs.count, _COHORTS)) > 1:
        return "B"
    return "C" if set(designs) & set(_PEOPLE_SEEN) else "D"


def _refuse_loose_figures(claim: Claim, fields: Fields) -> None:
    """Every figure that a sentence tells stands among the claim's numbers."""
    known = list(figures_of(claim))
    shares = [share for number in claim.numbers if (share := _percent(number)) is not None]
    studies = fields["studies"].items()
    for place, text in _sentences(claim):
        for figure in figures_in(text):
            if not any(_stands_for(figure, value) for value in known):
                part = studies[place] if isinstance(place, int) else fields[place]
                raise part.error(
                    f"the figure {figure} stands in a sentence and in no number of the claim",
                    mend="add it to the numbers of its study, or say it without a figure",
                )
        for every in (Decimal(found.replace(",", "")) for found in _ONE_IN.findall(text)):
            if not any(abs(100 / every - share) <= _ROUGHLY * share for share in shares):
                part = studies[place] if isinstance(place, int) else fields[place]
                raise part.error(f"1 in {every} is near no percentage of the claim", mend="look at the numbers again")


def _sentences(claim: Claim) -> Iterator[tuple[str | int, str]]:
    for key in ("reason", "not_shown", "clinician_says", "patient_says"):
        yield key, getattr(claim, key)
    for at, study in enumerate(claim.studies):
        yield at, study.finding


def _stands_for(figure: Decimal, value: Decimal) -> bool:
    """Whether a figure of a sentence is a value, or what it rounds to: 3 in 100 for 3.2 %."""
    return figure == value or (value > 1 and round(value, -int(figure.as_tuple().exponent)) == figure)


def _percent(number: Number) -> Decimal | None:
    """A share as a percentage, where the number is one."""
    if number.unit == "%":
        return number.value
    per = re.fullmatch(r"per ([\d,]+) people", number.unit)
    return number.value * 100 / Decimal(per[1].replace(",", "")) if per else None


def figures_in(text: str) -> Iterator[Decimal]:
    """The figures of a sentence, without those that are part of a name."""
    for found in _NUMBER.findall(_NO_FIGURE.sub(" ", text)):
        yield Decimal(found.replace(",", ""))


def figures_of(claim: Claim) -> Iterator[Decimal]:
    """Every figure that stands with a source: values, ends of ranges and intervals, counts of people."""
    for number in claim.numbers:
        for value in (number.value, number.to, number.sd, *(number.interval or ())):
            if value is not None:
                yield abs(value)
        if number.level is not None:
            yield Decimal(number.level)
    for study in claim.studies:
        if study.people is not None:
            yield Decimal(study.people)
