"""Every code isocourse reads or writes, in one place, with the words people see for it.

Codes of our own are `Literal` types, so that a record with any other code is refused with the list of
what is allowed. Codes of other systems (LOINC, RxNorm, ICD-10-CM, SNOMED CT) map onto them here and
nowhere else; those of other medicines, which are many, in `medicine_codes`, and our own for symptoms stand
in `symptom_codes`. Sources: the LOINC short-name table, RxNorm names, the April 2026 ICD-10-CM release and
the files under `shared/clinical/` named beside each table. A code that could not be verified is absent.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, get_args

from isocourse.record.code_words import CODE_WORDS
from isocourse.record.symptom_codes import EffectClass as EffectClass
from isocourse.record.symptom_codes import EffectFlag as EffectFlag
from isocourse.record.symptom_codes import SymptomLimits as SymptomLimits
from isocourse.record.symptom_codes import SymptomOutcome as SymptomOutcome
from isocourse.record.symptom_codes import SymptomsFound as SymptomsFound
from isocourse.record.symptom_codes import SymptomTerm as SymptomTerm

# --- people ---------------------------------------------------------------------------------------
Role = Literal["prescriber", "nurse", "pharmacist", "laboratory", "patient", "guardian", "administrator", "system"]
Sex = Literal["female", "male", "intersex", "not_recorded"]
Potential = Literal["can", "cannot"]
PotentialGround = Literal[
    "uterus_and_ovary",
    "cisgender_male",
    "hysterectomy",
    "bilateral_oophorectomy",
    "postmenopausal_fsh",
    "postmenopausal_panel",
    "postmenopausal_unspecified",
    "tubal_sterilisation",
    "premenarche",
    "partner_vasectomy",
    "abstinence",
    "other",
]

# --- pregnancy ------------------------------------------------------------------------------------
TestMethod = Literal["urine", "serum", "unknown"]
TestSetting = Literal["medical", "supervised_remote", "home", "unknown"]
TestResult = Literal["negative", "positive", "unclear"]
PregnancyEvidence = Literal["clinical", "ultrasound", "reported", "unknown"]
Resolution = Literal[
    "live_birth",
    "miscarriage",
    "termination",
    "ectopic",
    "stillbirth",
    "pregnancy_excluded",
]
ContraceptiveMethod = Literal[
    "copper_iud",
    "hormonal_ius",
    "implant",
    "injection",
    "combined_pill",
    "patch",
    "vaginal_ring",
    "progestogen_only_pill",
    "tubal_sterilisation",
    "partner_vasectomy",
    "male_condom",
    "female_condom",
    "diaphragm_with_spermicide",
    "diaphragm",
    "cervical_cap_with_spermicide",
    "cervical_cap",
    "sponge",
    "spermicide",
    "withdrawal",
    "fertility_awareness",
    "lactational_amenorrhoea",
    "emergency_contraception",
    "abstinence",
    "other",
]
NoRiskGround = Literal["no_partner_who_could_cause_pregnancy", "no_intercourse", "other"]
MensesPattern = Literal["regular", "irregular", "absent", "suppressed"]
BreastFeeding = Literal["started", "stopped"]

# --- clinic ---------------------------------------------------------------------------------------
VisitMode = Literal["in_person", "remote"]
VisitPurpose = Literal["first", "follow_up", "end_of_course", "after_course", "other"]
CounsellingTopic = Literal[
    "pregnancy_risk",
    "contraception",
    "mental_health",
    "sexual_function",
    "general_risks",
    "blood_donation",
    "sharing",
]
Form = Literal[
    "ipledge_enrolment",
    "acknowledgement_of_risk",
    "pregnancy_prevention_acknowledgement",
    "photograph_consent",
    "treatment_consent",
    "other",
]
Signer = Literal["patient", "guardian", "prescriber"]
Registry = Literal["ipledge", "ppp", "other"]
Enrolment = Literal["enrolled", "withdrawn"]
PrescriberRole = Literal[
    "consultant_dermatologist",
    "dermatologist",
    "lead_prescriber",
    "supervised_prescriber",
    "specialist_physician",
    "general_practitioner",
    "other",
]
ApprovalRole = Literal["lead", "second"]
StopReason = Literal["completed", "adverse_effect", "pregnancy", "patient_choice", "lost_to_follow_up", "other"]

# --- procedures, aftercare, reports ---------------------------------------------------------------
ProcedureKind = Literal[
    "waxing", "superficial_peel", "medium_or_deep_peel", "laser_hair_removal", "vascular_laser", "non_ablative_laser",
    "fractional_ablative_laser", "full_ablative_laser", "mechanical_dermabrasion", "manual_dermabrasion",
    "microneedling", "surgery", "refractive_eye_surgery", "tattoo_or_piercing", "other",
]  # fmt: skip
ProcedureStage = Literal["planned", "done"]
ProcedureDecision = Literal["wait", "go_ahead", "not_needed"]
AftercareStep = Literal["eyes_asked", "scars_looked_at", "maintenance_discussed", "relapse_explained"]
# What counts as a relapse; studies differ, so a clinic says which one it means.
RelapseDefinition = Literal["systemic_treatment", "any_prescription", "severity_returned"]
Seriousness = Literal[
    "death", "life_threatening", "hospitalisation", "disability", "congenital_anomaly", "medically_important", "none"
]
ReactionOutcome = Literal["recovered", "recovering", "not_recovered", "unknown"]
ReportTo = Literal[
    "fda_medwatch", "ipledge_pregnancy_registry", "mhra_yellow_card", "uktis", "national_authority",
    "teratology_specialist", "other",
]  # fmt: skip

# --- medicine -------------------------------------------------------------------------------------
Formulation = Literal["conventional", "lidose", "micronised", "unknown"]
# What another medicine is, as far as isotretinoin is concerned. `other`: understood, and none of the classes before it;
# `unread`: not understood, never "harmless".
MedicineClass = Literal[
    "tetracycline",
    "vitamin_a",
    "systemic_retinoid",
    "isotretinoin",
    "topical_retinoid",
    "keratolytic",
    "methotrexate",
    "phenytoin",
    "carbamazepine",
    "corticosteroid",
    "warfarin",
    "progestogen_only_pill",
    "combined_contraceptive",
    "st_johns_wort",
    "enzyme_inducer",
    "alcohol",
    "vitamin_e",
    "fibrate",
    "gemfibrozil",
    "statin",
    "other",
    "unread",
]
MedicineRecognised = Literal["atc", "rxnorm", "name", "nothing"]
MedicineVerdict = Literal["acceptable", "not_acceptable"]
MedicinesTaken = Literal["nothing_else", "as_listed"]

# --- body, laboratory, questionnaires -------------------------------------------------------------
Allergen = Literal["soya", "peanut", "paraben", "tartrazine", "isotretinoin", "vitamin_a", "other"]
Severity = Literal["mild", "moderate", "severe", "life_threatening", "unknown"]
QuestionnaireName = Literal["phq2", "phq9", "phqa", "gad7"]
ITEMS_IN: dict[str, int] = {"phq2": 2, "phq9": 9, "phqa": 9, "gad7": 7}
# What a documented assessment of mood covers. `self_harm_risk` is a code of its own, so that a routine look at mood
# can never stand for an assessment of the risk.
MoodTopic = Literal[
    "mental_health", "self_harm_risk", "psychiatric_history", "sexual_function", "sexual_function_brief"
]
MoodOutcome = Literal["no_concern", "managed", "refer", "stop_treatment"]
# Clinicians' scales, and totals of questionnaires about the skin; their ranges stand in `skin_scores`.
SkinScale = Literal[
    "iga", "gags", "lesion_count", "inflammatory_count", "noninflammatory_count", "nodule_count", "hayashi",
    "cass", "cass_face", "cass_chest", "cass_back", "ecca", "goodman_baron_qualitative", "goodman_baron_quantitative",
    "scar_s", "pahpi", "pih_ods", "mmasi", "icgs", "dlqi", "cadi", "acne_qol_self_perception",
    "acne_qol_role_emotional", "acne_qol_role_social", "acne_qol_symptoms", "acne_q4", "skindex16_symptoms",
    "skindex16_emotions", "skindex16_functioning", "other",
]  # fmt: skip
Analyte = Literal[
    "alt",
    "ast",
    "triglycerides",
    "total_cholesterol",
    "hdl",
    "ldl",
    "ck",
    "glucose",
    "hba1c",
    "hcg",
    "bilirubin",
    "alp",
    "ggt",
    "fsh",
    "lipase",
    "haemoglobin",
    "white_cells",
    "neutrophils",
    "platelets",
]
# What a clinician decided after looking at laboratory results.
LabDecision = Literal["continue", "reduce", "hold", "stop"]
# Named monitoring schedules: shared/clinical/monitoring-and-effects.md A.1, those of confidence H or M.
MonitoringSchedule = Literal[
    "monthly_traditional",
    "us_label_generic",
    "us_label_absorica",
    "eu_uk_smpc",
    "aad_2016",
    "delphi_2022",
    "hansen_2016",
    "lee_2016",
    "barbieri_2020",
    "emtenani_2024",
    "park_2023",
    "uk_4_8_weeks",
    "none_healthy",
]

# Units by UCUM code, as exact factors to the first unit of each analyte. mg/dL to mmol/L: 88.57 for
# triglycerides and 38.67 for cholesterol (shared/clinical/uk-eu-ca-au.md E, high); glucose 18.0156 is a
# tenth of its molar mass. Units are an allow-list: any other is asked about, never assumed.
_TG = Fraction(8857, 100)
_CHOL = Fraction(3867, 100)
_GLUCOSE = Fraction(180156, 10000)
# Bilirubin C33H36N4O6, 584.67 g/mol from its formula: 1 mg/dL is 10000/584.67 umol/L.
_BILIRUBIN = Fraction(58467, 1000000)
# Haemoglobin is reported by the monomer in mmol/L: 1 mmol/L is 16.114 g/L.
_HAEMOGLOBIN = Fraction(16114, 1000)
ANALYTE_UNITS: dict[str, dict[str, Fraction]] = {
    "alt": {"U/L": Fraction(1), "[IU]/L": Fraction(1), "ukat/L": Fraction(60)},
    "ast": {"U/L": Fraction(1), "[IU]/L": Fraction(1), "ukat/L": Fraction(60)},
    "ck": {"U/L": Fraction(1), "[IU]/L": Fraction(1), "ukat/L": Fraction(60)},
    "alp": {"U/L": Fraction(1), "[IU]/L": Fraction(1), "ukat/L": Fraction(60)},
    "ggt": {"U/L": Fraction(1), "[IU]/L": Fraction(1), "ukat/L": Fraction(60)},
    "triglycerides": {"mmol/L": Fraction(1), "mg/dL": 1 / _TG},
    "total_cholesterol": {"mmol/L": Fraction(1), "mg/dL": 1 / _CHOL},
    "hdl": {"mmol/L": Fraction(1), "mg/dL": 1 / _CHOL},
    "ldl": {"mmol/L": Fraction(1), "mg/dL": 1 / _CHOL},
    "glucose": {"mmol/L": Fraction(1), "mg/dL": 1 / _GLUCOSE},
    "hba1c": {"%": Fraction(1)},
    "hcg": {"m[IU]/mL": Fraction(1), "[IU]/L": Fraction(1)},
    "bilirubin": {"mg/dL": Fraction(1), "umol/L": _BILIRUBIN},
    "fsh": {"m[IU]/mL": Fraction(1), "[IU]/L": Fraction(1)},
    "lipase": {"U/L": Fraction(1), "[IU]/L": Fraction(1), "ukat/L": Fraction(60)},
    "haemoglobin": {"g/L": Fraction(1), "g/dL": Fraction(10), "mmol/L": _HAEMOGLOBIN},
    "white_cells": {"10*9/L": Fraction(1), "10*3/uL": Fraction(1), "/uL": Fraction(1, 1000)},
    "neutrophils": {"10*9/L": Fraction(1), "10*3/uL": Fraction(1), "/uL": Fraction(1, 1000)},
    "platelets": {"10*9/L": Fraction(1), "10*3/uL": Fraction(1), "/uL": Fraction(1, 1000)},
}
WEIGHT_UNITS: dict[str, Fraction] = {
    "kg": Fraction(1),
    "g": Fraction(1, 1000),
    "[lb_av]": Fraction(45359237, 100000000),
}
HEIGHT_UNITS: dict[str, Fraction] = {"cm": Fraction(1), "m": Fraction(100), "[in_i]": Fraction(254, 100)}
# What people and systems write for a UCUM code; only spellings that cannot mean anything else.
UNIT_SPELLINGS: dict[str, str] = {
    "IU/L": "[IU]/L",
    "mIU/mL": "m[IU]/mL",
    "mU/mL": "m[IU]/mL",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "in": "[in_i]",
    "mg/dl": "mg/dL",
    "mmol/l": "mmol/L",
    "U/l": "U/L",
    "µmol/L": "umol/L",
    "μmol/L": "umol/L",
    "10^9/L": "10*9/L",
    "/mm3": "/uL",
}

# --- codes of other systems -----------------------------------------------------------------------
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
ATC = "http://www.whocc.no/atc"
UCUM = "http://unitsofmeasure.org"

LOINC_ANALYTE: dict[str, str] = {
    "1742-6": "alt",
    "1920-8": "ast",
    "2571-8": "triglycerides",
    "3048-6": "triglycerides",
    "2093-3": "total_cholesterol",
    "2085-9": "hdl",
    "13457-7": "ldl",
    "18262-6": "ldl",
    "2089-1": "ldl",
    "2157-6": "ck",
    "2345-7": "glucose",
    "1558-6": "glucose",
    "4548-4": "hba1c",
    "1975-2": "bilirubin",
    "6768-6": "alp",
    "2324-2": "ggt",
    "3040-3": "lipase",
    # Numbers in blood, however they were counted; what is a share of the white cells (770-8, 26511-6) is no count.
    "718-7": "haemoglobin",
    "59260-0": "haemoglobin",
    "6690-2": "white_cells",
    "26464-8": "white_cells",
    "804-5": "white_cells",
    "751-8": "neutrophils",
    "26499-4": "neutrophils",
    "753-4": "neutrophils",
    "777-3": "platelets",
    "26515-7": "platelets",
    "778-1": "platelets",
}
LOINC_PREGNANCY_TEST: dict[str, TestMethod] = {
    "2106-3": "urine",
    "2118-8": "serum",
    "19080-1": "serum",
    "21198-7": "serum",
}
# Quantitative: a number by itself is not read as negative or positive.
LOINC_QUANTITATIVE_HCG = frozenset({"19080-1", "21198-7"})
LOINC_WEIGHT = frozenset({"29463-7", "3141-9"})
LOINC_HEIGHT = frozenset({"8302-2"})
# Totals and single items arrive without the other items; they are listed, never scored.
LOINC_QUESTIONNAIRE: dict[str, str] = {"55758-7": "phq2", "44261-6": "phq9", "44260-8": "phq9 item 9"}
SNOMED_RESULT: dict[str, TestResult] = {"260385009": "negative", "10828004": "positive"}
RESULT_WORDS: dict[str, TestResult] = {
    "negative": "negative",
    "neg": "negative",
    "not detected": "negative",
    "positive": "positive",
    "pos": "positive",
    "detected": "positive",
}

RXNORM_ISOTRETINOIN_INGREDIENT = "6064"
# RxNorm clinical drugs (SCD) do not separate lidose from conventional capsules, so the formulation of
# an SCD is unknown; branded codes (SBD) name it. shared/clinical/us.md E.
RXNORM_ISOTRETINOIN: dict[str, tuple[int, Formulation]] = {
    "197843": (10, "unknown"),
    "197844": (20, "unknown"),
    "1547561": (25, "unknown"),
    "403930": (30, "unknown"),
    "1547565": (35, "unknown"),
    "197845": (40, "unknown"),
    "1299203": (10, "lidose"),
    "1300006": (20, "lidose"),
    "1547563": (25, "lidose"),
    "1300014": (30, "lidose"),
    "1547567": (35, "lidose"),
    "1300016": (40, "lidose"),
    "404059": (10, "conventional"),
    "404062": (20, "conventional"),
    "643488": (30, "conventional"),
    "404065": (40, "conventional"),
    "404058": (10, "conventional"),
    "404061": (20, "conventional"),
    "404064": (40, "conventional"),
    "1373333": (10, "conventional"),
    "1373335": (20, "conventional"),
    "1373337": (40, "conventional"),
}
ATC_ISOTRETINOIN_ORAL = "D10BA01"
ATC_ISOTRETINOIN_TOPICAL = "D10AD04"
SNOMED_ISOTRETINOIN_SUBSTANCE = "387208003"
# Conditions that bear on the pregnancy rules; everything else is kept with its own code.
ICD10_PREGNANT = frozenset({"Z33.1"})
ICD10_POSITIVE_TEST = frozenset({"Z32.01"})
# Chapter O and the supervision codes: asked about, since only ICD10_PREGNANT says "pregnant now".
ICD10_ABOUT_PREGNANCY = ("O", "Z33", "Z34")


def words_for(code: str) -> str:
    """The words a person sees for one of our codes; the code itself, spaced, when it has none."""
    return CODE_WORDS.get(code) or code.replace("_", " ")


def codes(literal: object) -> tuple[str, ...]:
    """The codes of one of the Literal types above, in their order."""
    return tuple(get_args(literal))
