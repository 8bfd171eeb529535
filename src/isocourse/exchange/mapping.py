"""The mapping from FHIR R4 to the record, as data: what the translators look up, and what the docs print.

`ROWS` says which element becomes which field; the tables above it are the ones the translators use, so
what is printed about statuses and words is what happens. Nothing here is code of another system: those
are in `isocourse.record.terminology`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from isocourse.record import terminology as t

Fate = Literal["read", "listed", "withdrawn"]

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
SEX_OF_GENDER: dict[str, t.Sex] = {"female": "female", "male": "male", "other": "not_recorded", "unknown": "not_recorded"}
SEX_OF_BIRTHSEX: dict[str, t.Sex] = {"F": "female", "M": "male"}
BIRTHSEX_URL = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"

# --- pregnancy tests ------------------------------------------------------------------------------
# Quantitative: a number by itself is not read as negative or positive.
QUANTITATIVE_HCG = frozenset({"19080-1", "21198-7"})
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
# Chapter O and the supervision codes: listed as a question, since only ICD10_PREGNANT says "pregnant now".
ICD10_ABOUT_PREGNANCY = ("O", "Z33", "Z34")

# --- medicines and allergies ----------------------------------------------------------------------
ISOTRETINOIN_WORDS = re.compile(
    r"isotr[eé]tino[iï]n|\b(?:ro)?accutane\b|\babsorica\b|\bamnesteem\b|\bclaravis\b|\bzenatane\b|\bmyorisan\b", re.IGNORECASE
)
TOPICAL_WORDS = re.compile(
    r"\b(?:topical|gel|cream|ointment|lotion|cutaneous|emulsion)\b|\d\s*%|\btopically\b", re.IGNORECASE
)
MEDICINE_SYSTEMS = (t.RXNORM, t.ATC, t.SNOMED)
CONDITION_SYSTEMS = (t.ICD10CM, t.SNOMED)
SUPPLY_UNITS: dict[str, int] = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7}
ALLERGEN_WORDS: tuple[tuple[t.Allergen, re.Pattern[str]], ...] = (
    ("soya", re.compile(r"\bsoy(?:a|as|s|beans?)?\b", re.IGNORECASE)),
    ("peanut", re.compile(r"\bpeanuts?\b|\bgroundnuts?\b", re.IGNORECASE)),
    ("paraben", re.compile(r"parabens?\b", re.IGNORECASE)),
    ("tartrazine", re.compile(r"\btartrazine\b", re.IGNORECASE)),
    ("isotretinoin", re.compile(r"\bisotretinoin\b", re.IGNORECASE)),
    ("vitamin_a", re.compile(r"\bvitamin a\b", re.IGNORECASE)),
)
NO_ALLERGY_WORDS = re.compile(r"\b(?:no known|no history of|not allergic|no allerg|nkda|nka)\b|^no\b", re.IGNORECASE)


# --- element by element ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Row:
    """One line of the mapping: a FHIR path, the event it becomes with the field, and what to know."""

    path: str
    event: str  # "" when nothing is imported from it
    field: str
    remark: str


ROWS: tuple[Row, ...] = (
    Row("(any).meta.lastUpdated", "(any)", "recorded_at", "else issued, authoredOn or recordedDate with a time, else the moment of import; never after the import or before the event"),
    Row("(any).id", "(any)", "id", '"Type.id"; hashed when too long or not an id. Copies: the latest lastUpdated; without versions, what all copies agree on and what worries'),
    Row("(any).modifierExtension", "", "", "its meaning is unknown to isocourse: listed, not read; a pregnancy test becomes unclear, a positive one stays positive"),
    Row("Patient.birthDate", "birth", "happened_on", "month or year alone are kept as such"),
    Row("Patient.gender", "sex", "sex", "female, male; other and unknown become not_recorded and are listed. Never says who can become pregnant"),
    Row("Patient.extension(us-core-birthsex)", "sex", "sex", "F, M; comes before gender. Never says who can become pregnant"),
    Row("Patient.deceased[x]", "", "", "listed"),
    Row("Patient.link, Patient.active = false", "", "", "listed; linked patients are not merged"),
    Row("Observation.effective[x]", "(any)", "happened_on", "the day as written, in its own offset; a period only when it starts and ends on one day; never issued"),
    Row("Observation.code = weight", "weight", "value", "LOINC 29463-7, 3141-9; kg, g, lb by UCUM code, else by clear unit text"),
    Row("Observation.code = height", "height", "value", "LOINC 8302-2"),
    Row("Observation.code = analyte", "lab_result", "analyte", "by LOINC; a component counts as an Observation of its own"),
    Row("Observation.valueQuantity.value, .comparator", "lab_result", "value", "exact, never through a float; censored values keep their comparator"),
    Row("Observation.valueQuantity.code, .unit", "lab_result", "unit", "UCUM code, else clear unit text; unknown, absent or contradictory: listed"),
    Row("Observation.referenceRange.low", "lab_result", "lower_limit", "only a single range in the same unit"),
    Row("Observation.referenceRange.high", "lab_result", "upper_limit", "only a single range in the same unit"),
    Row("(no element)", "lab_result", "fasting_hours", "never set: a code for fasting specimens gives no hours"),
    Row("Observation.code = pregnancy test", "pregnancy_test", "method", "by LOINC; another code whose words say pregnancy or hCG: positive is imported, anything else is a question"),
    Row("Observation.value[x] of a pregnancy test", "pregnancy_test", "result", "SNOMED, POS/NEG, or plain words; interpretation when there is no coded value; any positive wins; unreadable is unclear, and listed"),
    Row("Observation.status of a pregnancy test", "pregnancy_test", "result", "not final: positive stays positive, anything else is unclear, and listed"),
    Row("Observation.effective[x] of a pregnancy test", "pregnancy_test", "happened_on", "the specimen's day; without it a negative is not imported, anything else is dated by issued, else by the import, and listed"),
    Row("(no element)", "pregnancy_test", "setting", "unknown, and asked for"),
    Row("Observation.valueQuantity of quantitative hCG", "lab_result", "value", "besides the test, whose result is unclear unless an interpretation is coded"),
    Row("Observation.code = PHQ, GAD", "", "", "listed, never scored: totals and single items arrive without the answers"),
    Row("Condition.code", "condition", "code", "ICD-10-CM, then SNOMED CT, then another code, then text alone"),
    Row("Condition.onsetDateTime", "condition", "happened_on", "else recordedDate, and the note says so; without both: listed"),
    Row("Condition.clinicalStatus", "condition", "active", "see the table of statuses; absent is unknown"),
    Row("Condition.code = Z33.1", "pregnancy", "evidence", "in addition to the condition; also when it is unconfirmed or over, and then listed"),
    Row("Condition.code = Z32.01", "pregnancy_test", "result", "positive, in addition to the condition"),
    Row("AllergyIntolerance.code, reaction.substance", "allergy", "allergen", "by code (isotretinoin) or clear word; otherwise other, with its text. “No known allergy” is listed"),
    Row("AllergyIntolerance.verificationStatus", "allergy", "refuted", "refuted is true; unconfirmed counts as an allergy"),
    Row("AllergyIntolerance.onsetDateTime, recordedDate", "allergy", "happened_on", "without both the day it was recorded or imported, and the note says so"),
    Row("MedicationRequest of isotretinoin", "prescription", "product", "RxNorm clinical or branded drug, ingredient, SNOMED substance, ATC D10BA01, or words; never topical D10AD04"),
    Row("MedicationRequest.medication[x] coding", "prescription", "strengths", "from the RxNorm table only, never from words; otherwise a question"),
    Row("MedicationRequest.medication[x] coding", "prescription", "formulation", "from the RxNorm table only"),
    Row("MedicationRequest.authoredOn", "prescription", "happened_on", "the whole date, else a question"),
    Row("MedicationRequest.dispenseRequest.expectedSupplyDuration", "prescription", "days", "days or weeks; absent or in months: a question, no prescription"),
    Row("MedicationRequest.dispenseRequest.numberOfRepeatsAllowed", "prescription", "refills", "absent is 0"),
    Row("MedicationRequest.dosageInstruction", "prescription", "daily_dose_mg", "one instruction with one dose in mg and frequency and period in days; otherwise unknown"),
    Row("MedicationRequest of another medicine", "medicine_started", "name", "on authoredOn; code from RxNorm, ATC or SNOMED CT"),
    Row("MedicationRequest.dosageInstruction.timing.repeat.boundsPeriod.end", "medicine_stopped", "happened_on", "when completed or stopped; without it the medicine stays open, and is listed"),
    Row("MedicationStatement of another medicine", "medicine_started", "name", "on effective[x], else dateAsserted, and the note says so"),
    Row("MedicationStatement.effectivePeriod.end", "medicine_stopped", "happened_on", "when completed or stopped; without it the medicine stays open, and is listed"),
    Row("MedicationStatement of isotretinoin", "", "", "a question: a statement is neither a prescription nor a supply"),
    Row("MedicationDispense of isotretinoin", "dispensing", "product", "as for a request"),
    Row("MedicationDispense.medication[x] coding", "dispensing", "strengths", "from the RxNorm table only, never from words; otherwise a question"),
    Row("MedicationDispense.medication[x] coding", "dispensing", "formulation", "from the RxNorm table only"),
    Row("MedicationDispense.whenHandedOver", "dispensing", "happened_on", "the whole date, else a question"),
    Row("MedicationDispense.daysSupply", "dispensing", "days", "days or weeks, else a question"),
    Row("MedicationDispense.authorizingPrescription", "dispensing", "prescription", "when it is one imported prescription"),
    Row("MedicationDispense of another medicine", "", "", "listed by code: its request or statement is what is read"),
    Row("(every other type)", "", "", "counted by type"),
)  # fmt: skip

READ_TYPES = (
    "Patient",
    "Observation",
    "Condition",
    "AllergyIntolerance",
    "MedicationRequest",
    "MedicationStatement",
    "MedicationDispense",
)


def mapping_markdown() -> str:
    """The mapping as a Markdown page."""
    rows = [(row.path, _target(row), row.remark) for row in ROWS]
    statuses = [
        (f"{kind}.status", status, fate) for kind, table in STATUS.items() for status, fate in table.items()
    ] + [("Condition.verificationStatus", status, fate) for status, fate in CONDITION_VERIFICATION.items()]
    active = [(f"`{status}`", "true" if value else "false") for status, value in CLINICAL_STATUS.items()]
    return "\n".join(
        [
            "# What isocourse reads from FHIR R4",
            "",
            "Generated from `src/isocourse/exchange/mapping.py`. Bundles of type collection, transaction and",
            "searchset are read. What cannot be read exactly is listed, never converted by guess.",
            "",
            "## Element by element",
            "",
            *_table(("FHIR", "record", "remark"), rows),
            "",
            "## Statuses",
            "",
            "A status that is absent or not in this table is listed.",
            "",
            *_table(("element", "status", "resource is"), [(f"`{a}`", f"`{b}`", c) for a, b, c in statuses]),
            "",
            f"`MedicationRequest.intent`: {', '.join(sorted(REQUEST_INTENTS))} are read, others are listed.",
            "",
            *_table(("`Condition.clinicalStatus`", "active"), active),
            "",
        ]
    )


def _target(row: Row) -> str:
    return f"`{row.event}.{row.field}`" if row.event else "–"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    cells = [head, tuple("---" for _ in head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]
