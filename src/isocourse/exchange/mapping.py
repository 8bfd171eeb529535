"""The mapping from FHIR R4 to the record, as data, and the page that is printed from it.

`ROWS` says which element becomes which field of which event. The statuses printed below it are the
tables of `vocabulary.py` that the translators use, so what is printed is what happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isocourse.exchange.vocabulary import CLINICAL_STATUS, CONDITION_VERIFICATION, REQUEST_INTENTS, STATUS


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the mapping: a FHIR path, the event it becomes with the field, and what to know."""

    path: str
    event: str  # "" when nothing is imported from it
    field: str
    remark: str


ROWS: tuple[Row, ...] = (
    Row(
        "(any).meta.lastUpdated",
        "(any)",
        "recorded_at",
        "else issued, authoredOn or recordedDate with a time, else the moment of import; never after the "
        "import or before the event",
    ),
    Row(
        "(any).id",
        "(any)",
        "id",
        '"Type.id"; hashed when too long or not an id. Copies: the latest lastUpdated; without versions, '
        "what all copies agree on and what worries",
    ),
    Row(
        "(any).modifierExtension",
        "",
        "",
        "its meaning is unknown to isocourse: listed, not read, but what worries is kept: a pregnancy test "
        "(unclear, or positive), a pregnancy, an allergy",
    ),
    Row("Patient.birthDate", "birth", "happened_on", "month or year alone are kept as such"),
    Row(
        "Patient.gender",
        "sex",
        "sex",
        "female, male; other and unknown become not_recorded and are listed. Never says who can become pregnant",
    ),
    Row(
        "Patient.extension(us-core-birthsex)",
        "sex",
        "sex",
        "F, M; comes before gender. Never says who can become pregnant",
    ),
    Row("Patient.deceased[x]", "", "", "listed"),
    Row("Patient.link, Patient.active = false", "", "", "listed; linked patients are not merged"),
    Row(
        "Observation.effective[x]",
        "(any)",
        "happened_on",
        "the day as written, in its own offset; a period only when it starts and ends on one day; never issued",
    ),
    Row(
        "Observation.code = weight",
        "weight",
        "value",
        "LOINC 29463-7, 3141-9; kg, g, lb by UCUM code, else by clear unit text",
    ),
    Row("Observation.code = height", "height", "value", "LOINC 8302-2"),
    Row(
        "Observation.code = analyte",
        "lab_result",
        "analyte",
        "by LOINC; a component counts as an Observation of its own",
    ),
    Row(
        "Observation.valueQuantity.value, .comparator",
        "lab_result",
        "value",
        "exact, never through a float; censored values keep their comparator",
    ),
    Row(
        "Observation.valueQuantity.code, .unit",
        "lab_result",
        "unit",
        "UCUM code, else clear unit text; unknown, absent or contradictory: listed",
    ),
    Row("Observation.referenceRange.low", "lab_result", "lower_limit", "only a single range in the same unit"),
    Row("Observation.referenceRange.high", "lab_result", "upper_limit", "only a single range in the same unit"),
    Row("(no element)", "lab_result", "fasting_hours", "never set: a code for fasting specimens gives no hours"),
    Row(
        "Observation.code = pregnancy test",
        "pregnancy_test",
        "method",
        "by LOINC; another code whose words say pregnancy or hCG: positive is imported, anything else is a question",
    ),
    Row(
        "Observation.value[x] of a pregnancy test",
        "pregnancy_test",
        "result",
        "SNOMED, POS/NEG, or plain words; interpretation when there is no coded value; any positive wins;"
        " unreadable is unclear, and listed",
    ),
    Row(
        "Observation.status of a pregnancy test",
        "pregnancy_test",
        "result",
        "not final: positive stays positive, anything else is unclear, and listed",
    ),
    Row(
        "Observation.effective[x] of a pregnancy test",
        "pregnancy_test",
        "happened_on",
        "the specimen's day; without it a negative is not imported, anything else is dated by issued, "
        "else by the import, and listed",
    ),
    Row("(no element)", "pregnancy_test", "setting", "unknown, and asked for"),
    Row(
        "Observation.valueQuantity of quantitative hCG",
        "lab_result",
        "value",
        "besides the test, whose result is unclear unless an interpretation is coded",
    ),
    Row(
        "Observation.code = PHQ, GAD",
        "",
        "",
        "listed, never scored: totals and single items arrive without the answers",
    ),
    Row(
        "Observation.code = 75325-1 (symptom)",
        "symptom",
        "text",
        "its value as written, preliminary ones too; one that seems to say that there is none, has no day or has "
        "another status is a question",
    ),
    Row(
        "Observation.valueCodeableConcept of a symptom",
        "symptom",
        "term",
        "by ICD-10-CM, where a code says one term and nothing else; otherwise the record reads the words, and words it "
        "does not understand wait for the prescriber",
    ),
    Row("Condition.code", "condition", "code", "ICD-10-CM, then SNOMED CT, then another code, then text alone"),
    Row(
        "Condition.onsetDateTime",
        "condition",
        "happened_on",
        "else recordedDate, and the note says so; without both: listed",
    ),
    Row("Condition.clinicalStatus", "condition", "active", "see the table of statuses; absent is unknown"),
    Row(
        "Condition.code = Z33.1",
        "pregnancy",
        "evidence",
        "in addition to the condition; also when it is unconfirmed or over, and then listed",
    ),
    Row("Condition.code = Z32.01", "pregnancy_test", "result", "positive, in addition to the condition"),
    Row(
        "Condition.code that says a symptom",
        "symptom",
        "term",
        "in addition to the condition: by ICD-10-CM as above, or by words that are a symptom and no illness; over when "
        "the condition is",
    ),
    Row(
        "Condition.severity",
        "symptom",
        "severity",
        "SNOMED CT mild, moderate, severe; anything else is unknown, and asked for",
    ),
    Row(
        "AllergyIntolerance.code, reaction.substance",
        "allergy",
        "allergen",
        "by code (isotretinoin) or clear word; otherwise other, with its text. “No known allergy” is listed",
    ),
    Row(
        "AllergyIntolerance.verificationStatus",
        "allergy",
        "refuted",
        "refuted is true; unconfirmed counts as an allergy",
    ),
    Row(
        "AllergyIntolerance.onsetDateTime, recordedDate",
        "allergy",
        "happened_on",
        "without both the day it was recorded or imported, and the note says so",
    ),
    Row(
        "MedicationRequest of isotretinoin",
        "prescription",
        "product",
        "RxNorm clinical or branded drug, ingredient, SNOMED substance, ATC D10BA01, or words; never topical D10AD04",
    ),
    Row(
        "MedicationRequest.medication[x] coding",
        "prescription",
        "strengths",
        "from the RxNorm table only, never from words; otherwise a question",
    ),
    Row("MedicationRequest.medication[x] coding", "prescription", "formulation", "from the RxNorm table only"),
    Row("MedicationRequest.authoredOn", "prescription", "happened_on", "the whole date, else a question"),
    Row(
        "MedicationRequest.dispenseRequest.expectedSupplyDuration",
        "prescription",
        "days",
        "days or weeks; absent or in months: a question, no prescription",
    ),
    Row("MedicationRequest.dispenseRequest.numberOfRepeatsAllowed", "prescription", "refills", "absent is 0"),
    Row(
        "MedicationRequest.dosageInstruction",
        "prescription",
        "daily_dose_mg",
        "one instruction with one dose in mg and frequency and period in days; otherwise unknown",
    ),
    Row(
        "MedicationRequest of another medicine",
        "medicine_started",
        "name",
        "on authoredOn; code from RxNorm, ATC or SNOMED CT",
    ),
    Row(
        "MedicationRequest.dosageInstruction.timing.repeat.boundsPeriod.end",
        "medicine_stopped",
        "happened_on",
        "when completed or stopped; without it the medicine stays open, and is listed",
    ),
    Row(
        "MedicationStatement of another medicine",
        "medicine_started",
        "name",
        "on effective[x], else dateAsserted, and the note says so",
    ),
    Row(
        "MedicationStatement.effectivePeriod.end",
        "medicine_stopped",
        "happened_on",
        "when completed or stopped; without it the medicine stays open, and is listed",
    ),
    Row(
        "MedicationStatement of isotretinoin",
        "",
        "",
        "a question: a statement is neither a prescription nor a supply",
    ),
    Row("MedicationDispense of isotretinoin", "dispensing", "product", "as for a request"),
    Row(
        "MedicationDispense.medication[x] coding",
        "dispensing",
        "strengths",
        "from the RxNorm table only, never from words; otherwise a question",
    ),
    Row("MedicationDispense.medication[x] coding", "dispensing", "formulation", "from the RxNorm table only"),
    Row("MedicationDispense.whenHandedOver", "dispensing", "happened_on", "the whole date, else a question"),
    Row("MedicationDispense.daysSupply", "dispensing", "days", "days or weeks, else a question"),
    Row(
        "MedicationDispense.authorizingPrescription",
        "dispensing",
        "prescription",
        "when it is one imported prescription",
    ),
    Row("MedicationDispense of another medicine", "", "", "listed by code: its request or statement is what is read"),
    Row(
        "Procedure.code",
        "procedure",
        "text",
        "words that are the whole name of a procedure isocourse knows (waxing, peels, lasers, dermabrasion, surgery "
        "and others); words such as “laser” or “peel” alone are a question, any other is listed by code",
    ),
    Row(
        "Procedure.performed[x]",
        "procedure",
        "happened_on",
        "the day, of a period its end, else its start; without one, or planned: a question",
    ),
    Row("(every other type)", "", "", "counted by type"),
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


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    cells = [head, tuple("---" for _ in head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]
