"""The codes of symptoms and what is done about them, with the words people see for them.

Split off from `terminology`, for its length, which names them again: read them there. Sources: CTCAE v5.0 as in
`shared/clinical/data/ctcae_v5_subset.json`, and `shared/clinical/monitoring-and-effects.md` C.4; for ICD-10-CM the
release of April 2026 (simple-icd-10-cm 1.5.0).
"""

from __future__ import annotations

from typing import Literal

# What a symptom keeps the person from: nothing, daily activities (shopping, work, school), looking after themselves.
SymptomLimits = Literal["nothing", "daily_activities", "self_care", "unknown"]
SymptomsFound = Literal["none", "as_listed"]
# `continue` and `reduce` let treatment go on; `hold`, `refer` and `stop` stand until somebody lets it go on.
SymptomOutcome = Literal["continue", "reduce", "hold", "refer", "stop"]
# The clinical terms of CTCAE v5.0 that concern isotretinoin, as CTCAE spells them, and after the blank line those that
# the red flags need beside them. Their grades and classes stand in `effect_terms`.
SymptomTerm = Literal[
    "hearing_impaired", "tinnitus", "blurred_vision", "dry_eye", "keratitis", "night_blindness", "papilledema",
    "photophobia", "vision_decreased", "abdominal_pain", "cheilitis", "colitis", "diarrhea", "dry_mouth", "lip_pain",
    "lower_gastrointestinal_hemorrhage", "mucositis_oral", "nausea", "pancreatitis", "rectal_hemorrhage", "vomiting",
    "fatigue", "allergic_reaction", "anaphylaxis", "conjunctivitis", "paronychia", "arthralgia", "arthritis",
    "back_pain", "generalized_muscle_weakness", "muscle_cramp", "myalgia", "myositis", "rhabdomyolysis",
    "concentration_impairment", "dizziness", "headache", "agitation", "anxiety", "depression", "insomnia",
    "irritability", "libido_decreased", "mania", "personality_change", "psychosis", "suicidal_ideation",
    "suicide_attempt", "erectile_dysfunction", "vaginal_dryness", "epistaxis", "alopecia", "dry_skin", "eczema",
    "erythema_multiforme", "nail_changes", "nail_loss", "photosensitivity", "pruritus", "rash_acneiform",
    "rash_maculo_papular", "skin_hyperpigmentation", "stevens_johnson_syndrome", "toxic_epidermal_necrolysis",

    "diplopia", "pulsatile_tinnitus", "corneal_opacity", "contact_lens_intolerance", "bloody_diarrhea",
    "epigastric_pain_to_back", "right_upper_abdominal_pain", "jaundice", "dark_urine", "fever", "rash_with_blisters",
    "mucosal_erosions", "target_lesions", "skin_pain", "angioedema", "vasculitis", "chest_pain", "leg_swelling",
    "stroke_signs", "aggression", "acne_flare", "ulcerating_acne", "acne_fulminans", "sunburn", "dry_nose",
    "tendon_pain", "polyuria", "thirst",
]  # fmt: skip
# What may not wait: each is what one rule speaks of.
EffectFlag = Literal[
    "pressure", "vision", "cornea", "hearing", "severe_diarrhoea", "bowel_bleeding", "pancreatitis", "skin_reaction",
    "hypersensitivity", "vessel", "muscle", "liver", "mood", "self_harm", "fulminans",
]  # fmt: skip
# What the other terms have in common, for the advice that goes with them.
EffectClass = Literal[
    "red_flag", "lips", "skin", "eyes", "nose", "mouth", "ache", "back", "headache", "acne", "sun", "mood_minor",
    "sexual", "glucose", "other",
]  # fmt: skip

WORDS: dict[str, str] = {
    "as_listed": "what was named is on record",
    "daily_activities": "daily activities (work, school, shopping)",
    "self_care": "looking after oneself",
    "papilledema": "papilloedema",
    "diarrhea": "diarrhoea",
    "bloody_diarrhea": "bloody diarrhoea",
    "lower_gastrointestinal_hemorrhage": "bleeding from the lower bowel",
    "rectal_hemorrhage": "bleeding from the rectum",
    "mucositis_oral": "sore mouth (mucositis)",
    "generalized_muscle_weakness": "muscle weakness",
    "rash_maculo_papular": "rash (maculo-papular)",
    "rash_acneiform": "acne-like rash",
    "stevens_johnson_syndrome": "Stevens-Johnson syndrome",
    "epigastric_pain_to_back": "upper abdominal pain that goes through to the back",
    "stroke_signs": "weakness of the face or a limb, or trouble speaking",
    "polyuria": "passing much urine",
    "pulsatile_tinnitus": "whooshing in the ears with the pulse",
}

# ICD-10-CM codes that say one term and nothing else, by code or by its beginning (the longest counts). Each was read in
# the release of April 2026. A code that says more than a symptom, or one of several, is not here: it stays an illness.
ICD10_SYMPTOM: dict[str, SymptomTerm] = {
    "R51": "headache",
    "H93.1": "tinnitus",
    "H91.9": "hearing_impaired",
    "H53.2": "diplopia",
    "H53.60": "night_blindness",
    "H53.62": "night_blindness",
    "H53.69": "night_blindness",
    "H53.13": "vision_decreased",
    "H47.10": "papilledema",
    "H47.11": "papilledema",
    "H47.12": "papilledema",
    "H47.13": "papilledema",
    "H04.12": "dry_eye",
    "R11.0": "nausea",
    "R11.1": "vomiting",
    "R11.2": "vomiting",
    "R19.7": "diarrhea",
    "R10.9": "abdominal_pain",
    "R10.10": "abdominal_pain",
    "R10.13": "abdominal_pain",
    "R10.84": "abdominal_pain",
    "R10.11": "right_upper_abdominal_pain",
    "K62.5": "rectal_hemorrhage",
    "R17": "jaundice",
    "R50.9": "fever",
    "R42": "dizziness",
    "R53.83": "fatigue",
    "R07.9": "chest_pain",
    "M25.5": "arthralgia",
    "M54.5": "back_pain",
    "M54.9": "back_pain",
    "M79.1": "myalgia",
    "M62.81": "generalized_muscle_weakness",
    "M62.82": "rhabdomyolysis",
    "L29.9": "pruritus",
    "L85.3": "dry_skin",
    "L55": "sunburn",
    "L65.9": "alopecia",
    "L51.1": "stevens_johnson_syndrome",
    "L51.2": "toxic_epidermal_necrolysis",
    "L51.9": "erythema_multiforme",
    "R21": "rash_maculo_papular",
    "R04.0": "epistaxis",
    "R68.2": "dry_mouth",
    "R45.851": "suicidal_ideation",
    "R45.1": "agitation",
    "R45.4": "irritability",
    "G47.00": "insomnia",
    "R68.82": "libido_decreased",
    "R35.8": "polyuria",
    "R63.1": "thirst",
}


def term_of_icd10(code: str) -> SymptomTerm | None:
    """The term that an ICD-10-CM code says, written with or without its point; None for every other code."""
    bare = code.strip().upper().replace(".", "")
    dotted = bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"
    return next(
        (ICD10_SYMPTOM[dotted[:length]] for length in range(len(dotted), 2, -1) if dotted[:length] in ICD10_SYMPTOM),
        None,
    )
