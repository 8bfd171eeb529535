"""The codes of the topic suitability: the acne, what was tried, circumstances, and what illnesses are.

Split off from `terminology`, for its length; the words people see for them stand there.
"""

from __future__ import annotations

from typing import Literal

AcneSeverity = Literal["mild", "moderate", "severe", "unknown"]
AcneForm = Literal["comedonal", "papulopustular", "nodular", "conglobate", "fulminans", "other", "unknown"]
Scarring = Literal["none", "at_risk", "present", "unknown"]
Burden = Literal["none", "some", "marked", "unknown"]
SkinState = Literal["healthy", "dry", "eczema", "inflamed", "other", "unknown"]
StandardTreatment = Literal[
    "oral_antibiotic",
    "topical_retinoid",
    "benzoyl_peroxide",
    "azelaic_acid",
    "topical_antibiotic",
    "topical_combination",
    "hormonal",
    "oral_isotretinoin",
    "other",
]
TreatmentOutcome = Literal["cleared", "not_enough", "no_effect", "not_tolerated", "relapsed", "unknown"]
IndicationGround = Literal["severe_acne", "resistant_acne", "scarring", "psychosocial_burden", "relapse", "other"]
HistoryFound = Literal["nothing", "as_listed"]
Verdict = Literal["acceptable", "not_acceptable"]
Circumstance = Literal[
    "contact_lenses",
    "night_driving",
    "pilot",
    "hard_sport",
    "still_growing",
    "surgery_planned",
    "eye_surgery_planned",
    "alcohol_often",
    "family_lipid_disorder",
]
# What a recorded illness is, as far as isotretinoin is concerned. `other`: understood, and none of these; `unread`: not
# understood, never "harmless".
ConditionClass = Literal[
    "acne",
    "scar",
    "inflammatory_bowel_disease",
    "hepatic_insufficiency",
    "liver_disease",
    "lipid_disorder",
    "severe_lipid_disorder",
    "family_lipid_disorder",
    "diabetes",
    "obesity",
    "alcohol_problem",
    "renal_impairment",
    "severe_renal_impairment",
    "pancreatitis",
    "intracranial_hypertension",
    "psychiatric_history",
    "eye_disease",
    "bone_disease",
    "muscle_disease",
    "transplant",
    "hypervitaminosis_a",
    "eczema",
    "pregnancy",
    "possible_reaction",
    "other",
    "unread",
]
ConditionRecognised = Literal["icd10", "name", "nothing"]
