"""The codes of symptoms and what is done about them, with the words people see for them.

Split off from `terminology`, for its length, which names them again: read them there. Sources: CTCAE v5.0 as in
`shared/clinical/data/ctcae_v5_subset.json`, and `shared/clinical/monitoring-and-effects.md` C.4.
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
