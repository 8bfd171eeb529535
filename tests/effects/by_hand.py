"""Side effects once more, by hand: an independent oracle for `isocourse.record.effects`.

Written from the specification: for each symptom it looks through every other event and asks whether that one assesses
or ends it; flags are asked one by one. No table of named entries, no intervals kept, no helper of the code shared; of
its tables only the reading of words, which `test_words` holds against a list of its own.
"""

from __future__ import annotations

from typing import Any

from isocourse.record import events as ev
from isocourse.record.effect_terms import read_symptom
from isocourse.record.policy import Policy

# What C.4 calls a red flag, written down a second time.
ANY = {
    "pressure": "papilledema",
    "vision": "blurred_vision vision_decreased night_blindness diplopia",
    "cornea": "keratitis corneal_opacity photophobia",
    "hearing": "hearing_impaired tinnitus pulsatile_tinnitus",
    "severe_diarrhoea": "bloody_diarrhea",
    "bowel_bleeding": "rectal_hemorrhage lower_gastrointestinal_hemorrhage colitis",
    "pancreatitis": "pancreatitis epigastric_pain_to_back",
    "skin_reaction": "stevens_johnson_syndrome toxic_epidermal_necrolysis erythema_multiforme rash_with_blisters "
    "mucosal_erosions target_lesions skin_pain",
    "hypersensitivity": "allergic_reaction anaphylaxis angioedema vasculitis",
    "vessel": "chest_pain leg_swelling stroke_signs",
    "muscle": "generalized_muscle_weakness myositis rhabdomyolysis dark_urine",
    "liver": "jaundice dark_urine right_upper_abdominal_pain",
    "mood": "depression suicidal_ideation suicide_attempt psychosis mania aggression agitation personality_change",
    "fulminans": "acne_fulminans ulcerating_acne",
}
IF_SEVERE = {
    "diarrhea": "severe_diarrhoea",
    "abdominal_pain": "bowel_bleeding",
    "myalgia": "muscle",
    "dry_eye": "cornea",
}
TOGETHER = {
    "pressure": ("headache", f"{ANY['vision']} nausea vomiting pulsatile_tinnitus"),
    "pancreatitis": ("abdominal_pain", "vomiting"),
    "skin_reaction": ("rash_maculo_papular", "fever mucositis_oral"),
    "fulminans": ("acne_flare rash_acneiform", "fever"),
}
# The table of B.2 by hand (its terms, and the further ones of the data file): the grades that exist.
GRADES = {
    "hearing_impaired": "1234", "tinnitus": "123", "blurred_vision": "1234", "dry_eye": "123", "keratitis": "1234",
    "night_blindness": "1234", "papilledema": "1234", "photophobia": "123", "vision_decreased": "234",
    "abdominal_pain": "123", "cheilitis": "123", "colitis": "12345", "diarrhea": "12345", "dry_mouth": "123",
    "lip_pain": "123", "lower_gastrointestinal_hemorrhage": "12345", "mucositis_oral": "12345", "nausea": "123",
    "pancreatitis": "2345", "rectal_hemorrhage": "12345", "vomiting": "12345", "fatigue": "123",
    "allergic_reaction": "12345", "anaphylaxis": "345", "conjunctivitis": "1234", "paronychia": "123",
    "arthralgia": "123", "arthritis": "123", "back_pain": "123", "generalized_muscle_weakness": "123",
    "muscle_cramp": "123", "myalgia": "123", "myositis": "1234", "rhabdomyolysis": "12345",
    "concentration_impairment": "123", "dizziness": "123", "headache": "123", "agitation": "1234", "anxiety": "1234",
    "depression": "12345", "insomnia": "123", "irritability": "123", "libido_decreased": "12", "mania": "12345",
    "personality_change": "1234", "psychosis": "12345", "suicidal_ideation": "1234", "suicide_attempt": "345",
    "erectile_dysfunction": "123", "vaginal_dryness": "123", "epistaxis": "12345", "alopecia": "12", "dry_skin": "123",
    "eczema": "123", "erythema_multiforme": "12345", "nail_changes": "1", "nail_loss": "12",
    "photosensitivity": "12345", "pruritus": "123", "rash_acneiform": "12345", "rash_maculo_papular": "123",
    "skin_hyperpigmentation": "12", "stevens_johnson_syndrome": "345", "toxic_epidermal_necrolysis": "45",
}  # fmt: skip


def grade(term: str | None, stated: list[int]) -> int | None:
    """The CTCAE grade of what was stated; unread words keep what was stated."""
    if not stated:
        return None
    worst = sorted(stated)[-1]
    if term is None:
        return worst
    has = [int(digit) for digit in GRADES.get(term, "1234")]
    while worst not in has and worst < has[-1]:
        worst += 1
    return worst if worst in has else has[-1]


def stated(s: Any) -> list[int]:
    found = [] if s.grade is None else [s.grade]
    found += {"mild": [1], "moderate": [2], "severe": [3], "life_threatening": [4], "unknown": []}[s.severity]
    return found + {"daily_activities": [2], "self_care": [3], "nothing": [], "unknown": []}[s.limits]


def _last_day(s: Any) -> int:
    """Of a month or a year not yet over when it was written down, the day of writing."""
    written = s.recorded_at.date().toordinal()
    if s.happened_on.exact or written >= s.happened_on.last:
        return int(s.happened_on.last)
    return max(int(s.happened_on.first), written)


def _decides(a: Any, policy: Policy) -> bool:
    return isinstance(a, ev.SymptomAssessed) and a.author.role in policy.effects_deciding_roles


def assessed(s: Any, events: list[Any], policy: Policy) -> bool:
    for a in events:
        if not _decides(a, policy) or s.id not in a.symptoms:
            continue
        day, last = a.happened_on.first, _last_day(s)
        if day > last or (day == last and a.recorded_at >= s.recorded_at):
            return True
    return False


def _ended(s: Any, events: list[Any]) -> bool:
    return s.ended or any(_ends(e, s) for e in events)


def _ends(e: Any, s: Any) -> bool:
    return isinstance(e, ev.SymptomEnded) and e.symptom == s.id and bool(e.happened_on.last >= s.happened_on.first)


def _terms(events: list[Any]) -> list[tuple[Any, str | None]]:
    found = []
    for s in events:
        if isinstance(s, ev.Symptom):
            bare = s.text.lower().rstrip(".") in ("none", "nothing", "fine", "no side effects", "no side effect")
            if bare and s.term is None and s.code is None and not stated(s):
                continue
            terms = set(read_symptom(s.text, s.term))
            if s.author.role in ("patient", "guardian"):
                terms |= set(read_symptom(s.text)) | ({s.term} if s.term else set())
            found += [(s, term) for term in terms]
    return found


def symptoms(events: list[Any], policy: Policy) -> list[tuple[Any, ...]]:
    """(id, term, day, first day, grade, worst, ungraded, ended, assessed) of each term of each entry, sorted."""
    found = []
    for s, term in _terms(events):
        of = grade(term, stated(s))
        worst = None if of is None else max(of, *stated(s))
        ungraded = term is not None and not stated(s) and GRADES.get(term, "1234")[-1] >= "3"
        found.append(
            (
                *(s.id, term, _last_day(s), s.happened_on.first, of, worst, ungraded),
                *(_ended(s, events), assessed(s, events, policy)),
            )
        )
    return sorted(found, key=repr)


def _there_on(s: Any, day: int, events: list[Any]) -> bool:
    """On a day not before the first: there, unless everything that ends it lies before."""
    gone = [day > e.happened_on.last for e in events if _ends(e, s)]
    if s.ended:
        gone.append(day > max(s.recorded_at.date().toordinal(), s.happened_on.first))
    return not gone or not all(gone)


def _risk_assessed(s: Any, events: list[Any], policy: Policy) -> bool:
    for a in events:
        if isinstance(a, ev.MoodAssessment) and "self_harm_risk" in a.covers:
            day, last = a.happened_on.first, _last_day(s)
            late = day > last or (day == last and a.recorded_at >= s.recorded_at)
            if late and a.author.role in policy.effects_deciding_roles:
                return True
    return False


def flags(events: list[Any], policy: Policy) -> set[tuple[str, frozenset[str]]]:
    """(flag, entries) of every red flag that is open."""
    found = set()
    for s, term in _terms(events):
        if term is None or assessed(s, events, policy):
            continue
        found |= {(flag, frozenset({s.id})) for flag, terms in ANY.items() if term in terms.split()}
        of = grade(term, stated(s))
        if term in IF_SEVERE and of is not None and max(of, *stated(s)) >= 3:
            found.add((IF_SEVERE[term], frozenset({s.id})))
    for s, term in _terms(events):
        if term in ("suicidal_ideation", "suicide_attempt") and not _risk_assessed(s, events, policy):
            found.add(("self_harm", frozenset({s.id})))
    for flag, (first, second) in TOGETHER.items():
        for s, term in _terms(events):
            for other, what in _terms(events):
                if term not in first.split() or what not in second.split():
                    continue
                if assessed(s, events, policy) and assessed(other, events, policy):
                    continue
                # Days on which both can have been there: if any, then the later of the two first days is one.
                day = max(s.happened_on.first, other.happened_on.first)
                if _there_on(s, day, events) and _there_on(other, day, events):
                    found.add((flag, frozenset({s.id, other.id})))
    return found


def standing(events: list[Any], policy: Policy) -> set[tuple[str, str, int]]:
    """(entry, decision, first day on which it can be lifted) of what stands."""
    found = set()
    decided = [a for a in events if isinstance(a, ev.SymptomAssessed)]
    for target in {target for a in decided for target in a.symptoms}:
        amended = [s.id for s in events if isinstance(s, ev.Symptom) and s.amends == target]
        names = {target, *amended}
        left = []
        for a in decided:
            if target not in a.symptoms or a.outcome in ("continue", "reduce"):
                continue
            lifts = [
                b
                for b in decided
                if _decides(b, policy)
                and b.outcome in ("continue", "reduce")
                and names & set(b.symptoms)
                and b.happened_on.first > a.happened_on.first
            ]
            if not lifts:
                left.append(a)
        for outcome in ("stop", "refer", "hold"):
            if any(a.outcome == outcome for a in left):
                day = max(a.happened_on.first for a in left)
                found.add((amended[0] if amended else target, outcome, day + 1))
                break
    return found
