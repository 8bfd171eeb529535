"""What the translators look up: statuses, words and systems of FHIR R4 and what they mean for the record.

Nothing here is a clinical code of another system: those are in `isocourse.record.terminology`.
"""

from __future__ import annotations

import re
from typing import Literal

from isocourse.record import terminology as t

Fate = Literal["read", "listed", "withdrawn"]

READ_TYPES = (
    "Patient",
    "Observation",
    "Condition",
    "AllergyIntolerance",
    "MedicationRequest",
    "MedicationStatement",
    "MedicationDispense",
    "Procedure",
)

# --- what each status means for us ----------------------------------------------------------------
# A status that is not in the table, or absent, is listed.
STATUS: dict[str, dict[str, Fate]] = {
    "Observation": {
        "final": "read",
        "amended": "read",
        "corrected": "read",
        "entered-in-error": "withdrawn",
    },
    "MedicationRequest": {
        "active": "read",
        "completed": "read",
        "stopped": "read",
        "on-hold": "read",
        "entered-in-error": "withdrawn",
    },
    "MedicationStatement": {
        "active": "read",
        "completed": "read",
        "stopped": "read",
        "on-hold": "read",
        "entered-in-error": "withdrawn",
    },
    "MedicationDispense": {"completed": "read", "entered-in-error": "withdrawn"},
    # One that was begun and broken off has touched the skin; it counts as done.
    "Procedure": {
        "completed": "read",
        "in-progress": "read",
        "stopped": "read",
        "entered-in-error": "withdrawn",
    },
}
REQUEST_INTENTS = frozenset({"order", "original-order", "instance-order"})
CLINICAL_STATUS: dict[str, bool] = {
    "active": True,
    "recurrence": True,
    "relapse": True,
    "inactive": False,
    "remission": False,
    "resolved": False,
}
# Absent means that nobody doubted it; FHIR does not require the element.
CONDITION_VERIFICATION: dict[str, Fate] = {
    "confirmed": "read",
    "entered-in-error": "withdrawn",
    "refuted": "listed",
    "unconfirmed": "listed",
    "provisional": "listed",
    "differential": "listed",
}
# Condition.severity, as in FHIR's own value set for it.
SEVERITY: dict[str, t.Severity] = {"24484000": "severe", "6736007": "moderate", "255604002": "mild"}
# "Symptom", with the symptom as its value (HL7 US Public Health Profiles Library).
LOINC_SYMPTOM = "75325-1"
# Words of which one may be a procedure that a label advises against, or one that nothing speaks against.
ABOUT_SKIN_PROCEDURES = re.compile(
    r"\b(?:wax|waxing|peel|peeling|laser|dermabrasion|microdermabrasion|epilation|resurfacing|needling|microneedling"
    r"|tattoo|tattooing|piercing|lasik|keratectomy)\b",
    re.IGNORECASE,
)
SEX_OF_GENDER: dict[str, t.Sex] = {
    "female": "female",
    "male": "male",
    "other": "not_recorded",
    "unknown": "not_recorded",
}
SEX_OF_BIRTHSEX: dict[str, t.Sex] = {"F": "female", "M": "male"}
BIRTHSEX_URL = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"

# --- pregnancy tests ------------------------------------------------------------------------------
INTERPRETATION_SYSTEMS = frozenset(
    {
        "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
        "http://terminology.hl7.org/CodeSystem/v2-0078",
        "http://hl7.org/fhir/v2/0078",
    }
)
INTERPRETED: dict[str, t.TestResult] = {"NEG": "negative", "POS": "positive"}
# A code we do not know whose words say so may hide a pregnancy test or a pregnancy: never dropped in a group.
ABOUT_PREGNANCY = re.compile(r"pregnan|gravid|\bhcg\b|gonadotrop(?:h)?in", re.IGNORECASE)
QUESTIONNAIRE_WORDS = re.compile(r"\b(?:PHQ|GAD)[ -]?(?:2|7|9|A)\b", re.IGNORECASE)

# --- medicines and allergies ----------------------------------------------------------------------
ISOTRETINOIN_WORDS = re.compile(
    r"isotr[eé]tino[iï]n|\b(?:ro)?accutane\b|\babsorica\b|\bamnesteem\b|\bclaravis\b|\bzenatane\b|\bmyorisan\b"
    r"|\b(?:epuris|clarus|oratane|rocta)\b",
    re.IGNORECASE,
)
TOPICAL_WORDS = re.compile(
    r"\b(?:topical|gel|cream|ointment|lotion|cutaneous|emulsion)\b|\d\s*%|\btopically\b", re.IGNORECASE
)
MEDICINE_SYSTEMS = (t.RXNORM, t.ATC, t.SNOMED)
CONDITION_SYSTEMS = (t.ICD10CM, t.SNOMED)
SUPPLY_UNITS: dict[str, int] = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7}
NO_ALLERGY_WORDS = re.compile(r"\b(?:no known|no history of|not allergic|no allerg|nkda|nka)\b|^no\b", re.IGNORECASE)
