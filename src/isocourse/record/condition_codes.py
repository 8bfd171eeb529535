"""Which class of illness an entry is, by ICD-10 prefix or plain name.

The prefixes were looked up in ICD-10-CM of April 2026 (simple-icd-10-cm
1.5.0); E14 and M82 are of the WHO's edition. SNOMED CT is not read by code, for none could be verified: such an entry
is read by its words.

ICD-10 is a whole classification, so a well-formed code in none of the ranges is `other`: understood, and listed for the
prescriber. Words are no classification: the names only ever *find* something, and an entry of which a part is left
over is `unread`, also "no diabetes" and "family history of colitis". A few everyday illnesses are `other` by name, and
only where they are the whole entry.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from isocourse.record import suitability_codes as s
from isocourse.record.plain_names import names_in, plain_words

Classes = tuple[s.ConditionClass, ...]

_LIVER: Classes = ("liver_disease",)
_FAILURE: Classes = ("hepatic_insufficiency",)
_LIPIDS: Classes = ("lipid_disorder",)
_RENAL: Classes = ("renal_impairment",)
_SEVERE_RENAL: Classes = ("severe_renal_impairment",)
_PRESSURE: Classes = ("intracranial_hypertension",)
_MIND: Classes = ("psychiatric_history",)
_BONE: Classes = ("bone_disease",)
_EYE: Classes = ("eye_disease",)
_BOWEL: Classes = ("inflammatory_bowel_disease",)
_SCAR: Classes = ("scar",)
_REACTION: Classes = ("possible_reaction",)
_OTHER: Classes = ("other",)
_UNREAD: Classes = ("unread",)

# The longest prefix of a code speaks. Empty: the code stands for too much, so the words have to be read.
ICD10_PREFIXES: dict[str, Classes] = {
    "L70": ("acne",),
    **dict.fromkeys(("L73.0", "L90.5", "L91.0"), _SCAR),
    **dict.fromkeys(("K50", "K51"), _BOWEL),
    **dict.fromkeys(("K70.4", "K71.1", "K72", "K76.7"), _FAILURE),
    **dict.fromkeys(("B15", "B16", "B17", "B18", "B19"), _LIVER),
    **dict.fromkeys(("K70", "K71", "K73", "K74", "K75", "K76", "K77", "R74.0"), _LIVER),
    "E78": _LIPIDS,
    "E78.3": ("severe_lipid_disorder",),
    "E78.6": _OTHER,  # too little of them
    **dict.fromkeys(("E78.71", "E78.72"), _OTHER),  # Barth and Smith-Lemli-Opitz syndrome
    "Z83.42": ("family_lipid_disorder",),
    "Z83.43": ("family_lipid_disorder",),
    **dict.fromkeys(("E08", "E09", "E10", "E11", "E13", "E14", "R73"), ("diabetes",)),
    "E66": ("obesity",),
    **dict.fromkeys(("Z68.3", "Z68.4"), ("obesity",)),
    "F10": ("alcohol_problem", "psychiatric_history"),
    **dict.fromkeys(("N18", "N19"), _RENAL),
    **dict.fromkeys(("N17", "N18.4", "N18.5", "N18.6", "I12.0", "I13.1", "I13.2", "Z99.2"), _SEVERE_RENAL),
    **dict.fromkeys(("K85", "K86.0", "K86.1"), ("pancreatitis",)),
    **dict.fromkeys(("G93.2", "H47.1"), _PRESSURE),
    "F": _MIND,
    "F17": _OTHER,  # nicotine
    **dict.fromkeys(("F7", "F8"), _OTHER),  # intellectual and developmental disorders
    "F50.0": ("psychiatric_history", "bone_disease"),
    **dict.fromkeys(("R45.85", "T14.91", "Z86.5", "Z91.5", "X71", "X72", "X73", "X74", "X75", "X76", "X77"), _MIND),
    **dict.fromkeys(("X78", "X79", "X80", "X81", "X82", "X83"), _MIND),
    **dict.fromkeys(("H04.12", "H16", "H17", "H18"), _EYE),
    "H53.6": ("eye_disease", "possible_reaction"),
    **dict.fromkeys(("H30", "H31", "H32", "H33", "H34", "H35", "H36"), _EYE),
    **dict.fromkeys(("M80", "M81", "M82", "M83", "M85", "M88", "Q78.0", "E55.0"), _BONE),
    **dict.fromkeys(("M60", "G71", "G72"), ("muscle_disease",)),
    "M62.82": ("muscle_disease", "possible_reaction"),
    # What the red flags of side effects are called when somebody has made a diagnosis of them: erythema multiforme to
    # toxic necrolysis, anaphylaxis, angioedema, vasculitis, stroke, clots, jaundice, bowel bleeding, sight, hearing,
    # and too few neutrophils.
    **dict.fromkeys(("L51", "T78.2", "T78.3", "D69.0", "G45", "I21", "I26", "I60", "I61", "I62", "I63"), _REACTION),
    **dict.fromkeys(("I80", "I82", "R17", "K62.5", "K92.0", "K92.1", "K92.2", "H53.1", "H53.2", "H53.4"), _REACTION),
    **dict.fromkeys(("H90", "H91", "H93.1", "H93.A", "D70"), _REACTION),
    **dict.fromkeys(("Z94", "T86"), ("transplant",)),
    "E67.0": ("hypervitaminosis_a",),
    **dict.fromkeys(("L20", "L30", "L85.3"), ("eczema",)),
    **dict.fromkeys(("O", "Z33", "Z34", "Z32.01"), ("pregnancy",)),
    # A personal history of "other diseases" of an organ, or an allergy to a food.
    **dict.fromkeys(("Z86.3", "Z86.6", "Z87.1", "Z91.01", "Z91.018"), ()),
}


def _each(classes: Classes, *names: str) -> dict[str, Classes]:
    return dict.fromkeys(names, classes)


# Plain names in lower case without accents and apostrophes.
NAMES: dict[str, Classes] = {
    **_each(("acne",), "acne", "acne vulgaris", "acne conglobata", "acne fulminans", "nodular acne", "cystic acne"),
    **_each(_SCAR, "acne scar", "acne scars", "acne scarring", "keloid scar", "hypertrophic scar"),
    **_each(_BOWEL, "crohns disease", "crohn disease", "ulcerative colitis", "inflammatory bowel disease", "ibd"),
    **_each(_FAILURE, "hepatic insufficiency", "hepatic failure", "liver failure", "liver insufficiency"),
    **_each(_LIVER, "liver disease", "cirrhosis", "cirrhosis of liver", "liver cirrhosis", "fatty liver", "hepatitis"),
    **_each(_LIVER, "hepatitis b", "hepatitis c", "autoimmune hepatitis", "steatosis of liver", "hepatic steatosis"),
    **_each(_LIPIDS, "hyperlipidemia", "hyperlipidaemia", "dyslipidemia", "dyslipidaemia", "hypercholesterolemia"),
    **_each(_LIPIDS, "hypercholesterolaemia", "hypertriglyceridemia", "hypertriglyceridaemia", "high cholesterol"),
    **_each(("severe_lipid_disorder",), "hyperchylomicronemia", "hyperchylomicronaemia"),
    **_each(("diabetes",), "diabetes", "diabetes mellitus", "diabetes mellitus type 1", "diabetes mellitus type 2"),
    **_each(("diabetes",), "type 1 diabetes", "type 2 diabetes", "type 1 diabetes mellitus"),
    **_each(("diabetes",), "type 2 diabetes mellitus", "prediabetes"),
    **_each(("obesity",), "obesity", "body mass index 30 obesity"),
    **_each(("alcohol_problem", "psychiatric_history"), "alcoholism", "alcohol dependence"),
    **_each(_RENAL, "chronic kidney disease", "kidney failure", "renal impairment", "renal insufficiency"),
    **_each(_SEVERE_RENAL, "chronic kidney disease stage 4", "chronic kidney disease stage 5", "dialysis"),
    **_each(_SEVERE_RENAL, "end stage renal disease", "severe renal impairment", "severe renal insufficiency"),
    **_each(("pancreatitis",), "pancreatitis", "acute pancreatitis", "chronic pancreatitis"),
    **_each(_PRESSURE, "intracranial hypertension", "idiopathic intracranial hypertension", "papilloedema"),
    **_each(_PRESSURE, "benign intracranial hypertension", "pseudotumor cerebri", "papilledema"),
    **_each(_MIND, "depression", "major depression", "anxiety", "anxiety disorder", "bipolar disorder", "psychosis"),
    **_each(_MIND, "schizophrenia", "suicide attempt", "self harm", "suicidal ideation", "depressive disorder"),
    **_each(("psychiatric_history", "bone_disease"), "anorexia nervosa"),
    **_each(_EYE, "dry eye", "dry eyes", "dry eye syndrome", "keratitis", "keratoconus"),
    **_each(_EYE, "retinitis pigmentosa", "retinopathy"),
    **_each(_BONE, "osteoporosis", "osteomalacia", "osteopenia", "osteogenesis imperfecta", "rickets"),
    **_each(("eye_disease", "possible_reaction"), "night blindness"),
    **_each(("muscle_disease",), "myopathy", "myositis"),
    **_each(("muscle_disease", "possible_reaction"), "rhabdomyolysis"),
    **_each(("transplant",), "kidney transplant", "liver transplant", "heart transplant"),
    **_each(("hypervitaminosis_a",), "hypervitaminosis a", "vitamin a poisoning"),
    **_each(("eczema",), "eczema", "atopic dermatitis", "atopic eczema"),
    **_each(("pregnancy",), "pregnant", "pregnancy", "normal pregnancy", "pregnant state"),
}
# Understood, and in no class above, where nothing else is written.
EVERYDAY = frozenset(
    {
        "asthma", "hay fever", "allergic rhinitis", "common cold", "influenza", "hypertension", "viral sinusitis",
        "chronic sinusitis", "acute viral pharyngitis", "acute bronchitis", "tonsillitis", "sprain of ankle",
        "sprain of wrist", "fracture of clavicle", "laceration of thigh",
        "pcos", "polycystic ovary syndrome", "polycystic ovarian syndrome", "migraine",
    }
)  # fmt: skip

# Beside a name these say nothing about what else the entry means.
_FILLER = frozenset(
    {
        "disorder", "finding", "disease", "the", "of", "and", "with", "in", "active", "chronic", "acute", "mild",
        "moderate", "severe", "history", "personal", "past", "previous",
    }
)  # fmt: skip
_LONGEST_NAME = max(len(name.split()) for name in NAMES)
_ICD10 = re.compile(r"[A-Z][0-9][0-9AB](?:\.?[0-9A-Z]{1,4})?\Z", re.ASCII)


class ConditionRead(NamedTuple):
    """What an entry was read as: its classes, and by what. `unread` is among them when it, or a part, was not
    understood."""

    classes: Classes
    recognised: s.ConditionRecognised


@lru_cache(maxsize=8192)
def read_condition(text: str, code: str | None = None, system: str | None = None) -> ConditionRead:
    """The classes of an entry: by its ICD-10 code, and by its words, which add and never take away.

    A code without a system only ever finds something. Never raises: whatever cannot be read is `unread`.
    """
    named_system = (system or "").strip().lower()
    coded = _by_code((code or "").strip().upper(), named_system)
    words = plain_words(text)
    names, left_over = names_in(words, NAMES, longest=_LONGEST_NAME, says_nothing=_FILLER.__contains__)
    found = dict.fromkeys([*coded, *(kind for name in names for kind in NAMES[name])])
    if not (coded and named_system):
        if not names and " ".join(_without_tag(words)) in EVERYDAY:
            found.setdefault("other")
        elif left_over or not names:
            found["unread"] = None
    if len(found) > 1:
        found.pop("other", None)
    by: s.ConditionRecognised = "icd10" if coded else "nothing" if tuple(found) == _UNREAD else "name"
    return ConditionRead(tuple(found), by)


def _by_code(code: str, system: str) -> Classes:
    """The classes of an ICD-10 code; none for another system, a code that is badly formed or says too much."""
    if not _ICD10.match(code) or not ("icd-10" in system or "icd10" in system or not system):
        return ()
    dotted = code if "." in code or len(code) == 3 else f"{code[:3]}.{code[3:]}"
    for length in range(len(dotted), 0, -1):
        if dotted[:length] in ICD10_PREFIXES:
            found = ICD10_PREFIXES[dotted[:length]]
            return found if system or found != _OTHER else ()
    return _OTHER if system else ()


def _without_tag(words: list[str]) -> list[str]:
    """Without the word that SNOMED CT puts behind a name for its kind."""
    return words[:-1] if words[-1:] == ["disorder"] else words
