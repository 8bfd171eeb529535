"""Laboratory reports with known answers: what becomes a result, what does not, and why.

The reports under `reports/` are made up, in the shapes that laboratories send. Each answer was written down by hand
from the report, one line for each result: name, day, value, unit, limits, flag, "corrects".
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from isocourse.errors import InputError
from isocourse.exchange.lab_reports import Found, LabReport, Named, Person
from isocourse.exchange.report_source import LARGEST_BYTES, read_report, source_of

REPORTS = Path(__file__).parent / "reports"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ADA = Named(("0412",), "Ada", "Example", "", "2004-05-06")
BEN = Named(("0413",), "Ben", "Sample", "", "2001-02-03")


def read(raw: bytes) -> LabReport:
    return read_report(source_of(raw), came_at=NOW)


def report(name: str) -> LabReport:
    return read((REPORTS / name).read_bytes())


def line(found: Found) -> str:
    """A result as the answers write it."""
    f = found.fields
    if f["kind"] == "pregnancy_test":
        return f"test {f['happened_on']} {f['result']} {f['method']}"
    limits = f"{f.get('lower_limit', '')}..{f.get('upper_limit', '')}"
    words = [f["analyte"], f["happened_on"], f["value"], f["unit"], limits, found.flag]
    return " ".join(word for word in [*words, "corrects" if found.corrected else ""] if word)


def results(person: Person) -> list[str]:
    return [line(found) for found in person.found]


# report: for each person in it, whom it names and the results
KNOWN: dict[str, list[tuple[Named, list[str]]]] = {
    "uk-lipids-and-liver.hl7": [
        (
            Named(("0412", "9990001111"), "Ada", "Example", "", "2004-05-06"),
            [
                "alt 2026-11-19 41 U/L 0..40 H",
                "ast 2026-11-19 22 [IU]/L ..35",
                "triglycerides 2026-11-19 9.4 mmol/L 0.00..1.70 HH",
                "total_cholesterol 2026-11-19 5.8 mmol/L ..5.0 H",
            ],
        )
    ],
    "us-panel-structured-numeric.hl7": [
        (
            Named(("77-0931",), "JANE", "DOE", "", "1999-01-31"),
            [
                "total_cholesterol 2026-11-18 212 mg/dL ..200 H",
                "hdl 2026-11-18 48.0 mg/dL 46.. N",
                "white_cells 2026-11-18 5.6 10*3/uL 3.8..10.8 N",
                "neutrophils 2026-11-18 3100 /uL 1500..7800 N",
                "haemoglobin 2026-11-18 13.2 g/dL 11.7..15.5 N",
            ],
        )
    ],
    "statuses.hl7": [(ADA, ["alt 2026-11-19 55 U/L 0..40 H corrects"])],
    "batch-in-mllp.hl7": [
        (ADA, ["alt 2026-11-19 21 U/L ..", "alt 2026-11-19 23 U/L .."]),
        (BEN, ["alt 2026-11-19 22 U/L .."]),
    ],
    "nasty.hl7": [
        (
            Named(("12&34",), "Zo\\e", "O&Hara-Smith", "", ""),
            [
                "total_cholesterol 2026-11-19 4.9 mmol/L 3.0..5.2",
                "alp 2026-11-19 65 U/L ..",
                "ldl 2026-11-19 2.9 mmol/L ..",
            ],
        )
    ],
    "pregnancy-tests.hl7": [
        (
            ADA,
            [
                "test 2026-11-19 negative urine",
                "test 2026-11-19 positive serum",
                "test 2026-11-19 unclear urine",
                "hcg 2026-11-19 <1.2 m[IU]/mL ..5.0",
                "test 2026-11-23 positive urine",
            ],
        )
    ],
    "semicolons-decimal-commas.csv": [
        (
            ADA,
            ["triglycerides 2026-11-19 9.40 mmol/L ..1.70 HH", "alt 2026-11-19 0.55 ukat/L 0.17..0.58"],
        )
    ],
    "tabs-month-first.csv": [
        (
            Named(("0931",), "Jane", "Doe", "", "1999-01-31"),
            ["alt 2026-11-09 38 [IU]/L 0..32 H", "triglycerides 2026-11-19 <45 mg/dL 0..149"],
        ),
        (Named(("0500",), "", "", "Jane Doe", "1999-05-04"), []),
    ],
    "ambiguous.csv": [(Named(("0412",)), []), (Named(), ["glucose 2026-05-05 5.1 mmol/L .."])],
    "windows-1252.csv": [
        (Named(("0777",), "Zoë", "Müller-Núñez", "", "1998-02-28"), ["bilirubin 2026-11-23 14 umol/L .."])
    ],
    "one-person-a-row.csv": [
        (ADA, ["alt 2026-11-19 31 U/L ..", "triglycerides 2026-11-19 9.4 mmol/L .."]),
        (
            BEN,
            [
                "alt 2026-11-20 >1000 U/L ..",
                "ast 2026-11-20 25 U/L ..",
                "triglycerides 2026-11-20 1.1 mmol/L ..",
            ],
        ),
    ],
    "lines-above-the-headings.csv": [
        (
            Named(),
            [
                "triglycerides 2026-11-19 2.1 mmol/L 0.5..1.7",
                "alt 2026-11-19 44 U/L 0..40 corrects",
                "haemoglobin 2026-11-19 140 g/L 120..160",
            ],
        )
    ],
    "bundle.json": [
        (ADA, ["alt 2026-11-19 44 U/L .. corrects", "triglycerides 2026-11-19 9.4 mmol/L ..1.7 HH"]),
    ],
    "utf-16.csv": [(Named(("0412",)), ["alt 2026-11-19 35 U/L .."])],
}

# report: what was not read, each as "what | a part of why | how it is sorted"
NOT_READ: dict[str, list[str]] = {
    "uk-lipids-and-liver.hl7": ["Sodium | LOINC 2951-2 is not a code | not_used"],
    "us-panel-structured-numeric.hl7": [
        "Triglycerides | it has no status | question",
        "AST | is not a number | not_read",
        "NEUTROPHILS | its unit '%' is not known | not_read",
        "AST | a remark of the laboratory | in_part",
        "AST | a remark of the laboratory | in_part",
        "CHOL/HDLC RATIO | has no use for it | not_used",
    ],
    "statuses.hl7": [
        "AST | preliminary | question",
        "ALP | takes this result back | question",
        "CK | takes this result back | question",
        "GGT | cancelled | not_read",
        "Triglycerides | it has no status | not_read",
        "Cholesterol | its status 'Q' | not_read",
        "Bilirubin | it has no status | not_read",
    ],
    "batch-in-mllp.hl7": [
        "the batch | holds 5 messages, and 4 are here | question",
        "type 'ADT' | no message | not_read",
    ],
    "nasty.hl7": [
        "a line before the first message | not read | not_read",
        "Leukocytes | its specimen is not blood | not_read",
        "Glucose | its specimen is not blood | not_read",
        "AST | its code means ALT and its name AST | not_read",
        "Glucose | escape sequences | not_read",
        "Triglycerides | before decimals or after thousands | not_read",
        "ALT | its unit 'nkat/L' is not known | not_read",
        "AST | it has no unit | not_read",
        "Gamma-GT | several values | not_read",
        "Lipase | of the type 'ED' | not_read",
        "CK | is not a number | not_read",
        "Bilirubin | is not a number | not_read",
        "the segment ZXX | not read | not_read",
        "a line that is no segment | not read | not_read",
        "ALT | cannot be read as a whole day | not_read",
        "ALT | the day of the specimen (OBR-7) is not given | not_read",
        "ALT | lies after the day the report came | not_read",
        "Glucose | its specimen is not blood | not_read",
        "the birth date (PID-7) | not a whole day | in_part",
        "Alk Phos | its limits 'male 40-130, female 35-105' | in_part",
        "LDL | the lower is not below the upper | in_part",
    ],
    "pregnancy-tests.hl7": [
        "hCG serum | taken as positive: its status is preliminary | question",
        "Urine pregnancy test | taken as unclear: its result 'see comment' | question",
        "Beta-hCG | not read as negative or positive | question",
        "hCG | it was cancelled | question",
        "Gravidity screen | it may be a pregnancy test | question",
        "hCG | a negative pregnancy test without its day permits nothing | question",
        "hCG | taken as positive: the day of the specimen | question",
        "Choriogonadotropin (pregnancy test) | where a pregnancy test was taken | in_part",
    ],
    "semicolons-decimal-commas.csv": [
        "Platelets | before decimals or after thousands | question",
        "Kreatinin | has no use for it | not_used",
    ],
    "tabs-month-first.csv": [
        "the column 'Ordering provider' | not used | not_used",
        "the status | taken as final | in_part",
        "HDL-C | before decimals or after thousands | not_read",
        "AST | after the number of its value stands 'H' | not_read",
    ],
    "ambiguous.csv": [
        "the status | taken as final | in_part",
        "ALT | '03/09/2026' can be read in more than one way | not_read",
        "AST | '04/10/2026' can be read in more than one way | not_read",
        "CK | before decimals or after thousands | not_read",
        "GGT | it has no unit | not_read",
        "ALP | can be read in more than one way | not_read",
        "Lipase | '5.5.26' | not_read",
        "a result without a name | does not say what was measured | not_read",
    ],
    "windows-1252.csv": [
        "the status | taken as final | in_part",
        "ALT | its value '?' is not a number | not_read",
        "Bilirubin (total) | a remark of the laboratory | in_part",
    ],
    "one-person-a-row.csv": [
        "the column 'Ferritin (ug/L)' | not used | not_used",
        "the status | taken as final | in_part",
    ],
    "lines-above-the-headings.csv": [
        "North Laboratory | above the headings | not_read",
        "Report printed 2026-11-20 | above the headings | not_read",
        "a line | more cells than there are headings | question",
        "Glucose | its specimen is not blood | not_read",
        "White cell count | preliminary | not_read",
        "Triglycerides | a remark of the laboratory | in_part",
    ],
    "bundle.json": [
        "Observation ast | preliminary | not_read",
        "Observation ck | its unit 'furlong' is not known | not_read",
        "DiagnosticReport | does not read this type | not_used",
        "weight (1) | files results alone | not_used",
    ],
    "utf-16.csv": ["the status | taken as final | in_part"],
}


def test_every_report_has_answers() -> None:
    names = {path.name for path in REPORTS.iterdir() if not path.name.startswith(".")}
    assert names == set(KNOWN) == set(NOT_READ)
    assert len(names) >= 12


@pytest.mark.parametrize("name", KNOWN)
def test_the_results_of_a_report(name: str) -> None:
    assert [(person.named, results(person)) for person in report(name).people] == KNOWN[name]


@pytest.mark.parametrize("name", NOT_READ)
def test_what_is_not_read_of_a_report_and_why(name: str) -> None:
    read_ = report(name)
    lines = [*read_.unread, *(line for person in read_.people for line in person.unread)]
    wanted = [tuple(part.strip() for part in text.split("|")) for text in NOT_READ[name]]
    found = [f"{line.what}: {line.why} ({line.sort})" for line in lines]
    assert len(lines) == len(wanted), found
    for line, (what, why, sort) in zip(lines, wanted, strict=True):
        assert what in line.what and why in line.why and line.sort == sort, line


def test_what_stands_there_is_shown_beside_what_was_not_read() -> None:
    lines = [line for person in report("us-panel-structured-numeric.hl7").people for line in person.unread]
    assert [line.remark for line in lines if line.sort == "question"] == [">800 mg/dL HH"]
    assert [line.remark for line in lines if line.by_hand] == ["SPECIMEN LIPEMIC", "Repeat fasting."]


@pytest.mark.parametrize("name", KNOWN)
def test_the_bytes_of_a_report_can_be_had_back(name: str) -> None:
    raw = (REPORTS / name).read_bytes()
    source = source_of(raw)
    assert source.text.encode(source.encoding) == raw


# --- one thing changed at a time ------------------------------------------------------------------
def oru(
    obx: str, obr: str = "OBR|1|||LFT^Liver^L|||20261119", pid: str = "PID|1||0412||Example^Ada||20040506"
) -> bytes:
    return "\r".join(("MSH|^~\\&|LIMS|LAB|||20261120||ORU^R01|1|P|2.5", pid, obr, obx)).encode()


def only(raw: bytes) -> Person:
    (person,) = read(raw).people
    return person


@pytest.mark.parametrize(
    ("obx", "answer"),
    [
        ("OBX|1|NM|1742-6^ALT^LN||41|U/L|||||F", "alt 2026-11-19 41 U/L .."),
        ("OBX|1|NM|ALT^^L||41|U/L|||||F", "alt 2026-11-19 41 U/L .."),
        ("OBX|1|NM|77^Alanine Transaminase^L||41|u/l|||||F", "alt 2026-11-19 41 U/L .."),
        ("OBX|1|NM|99^LOCAL^L^1742-6^ALT^LN||41|U/L|||||F", "alt 2026-11-19 41 U/L .."),
        ("OBX|1|ST|1742-6^ALT^LN||> 1000|U/L|||||F", "alt 2026-11-19 >1000 U/L .."),
        ("OBX|1|ST|1742-6^ALT^LN||≤5|U/L|||||F", "alt 2026-11-19 <=5 U/L .."),
        ("OBX|1|SN|1742-6^ALT^LN||<^5|U/L|||||F", "alt 2026-11-19 <5 U/L .."),
        ("OBX|1|NM|1742-6^ALT^LN||41|U/L|0-40|H~A|||F", "alt 2026-11-19 41 U/L 0..40 H A"),
        ("OBX|1|NM|1742-6^ALT^LN||41|U/L|(0 - 40 U/L|H|||C", "alt 2026-11-19 41 U/L 0..40 H corrects"),
        ("OBX|1|NM|WBC^WBC^L||6.1|x10^9/L|||||F", "white_cells 2026-11-19 6.1 10*9/L .."),
        ("OBX|1|NM|WBC^WBC^L||6.1|10\\S\\9/L^10*9/L|||||F", "white_cells 2026-11-19 6.1 10*9/L .."),
        ("OBX|1|NM|6690-2^WBC^LN||6.1|10*3/uL|||||F", "white_cells 2026-11-19 6.1 10*3/uL .."),
        ("OBX|1|NM|751-8^Neutrophils^LN||3.2|10*9/L|||||F", "neutrophils 2026-11-19 3.2 10*9/L .."),
        ("OBX|1|NM|777-3^Platelets^LN||240|10*9/L|||||F", "platelets 2026-11-19 240 10*9/L .."),
        ("OBX|1|NM|59260-0^Hb^LN||8.7|mmol/L|||||F", "haemoglobin 2026-11-19 8.7 mmol/L .."),
        ("OBX|1|NM|3040-3^Lipase^LN||35|U/L|||||F", "lipase 2026-11-19 35 U/L .."),
        ("OBX|1|NM|BILI^Total bilirubin^L||14|µmol/L^micromole/litre|||||F", "bilirubin 2026-11-19 14 umol/L .."),
    ],
)
def test_spellings_that_can_mean_one_thing_only(obx: str, answer: str) -> None:
    assert results(only(oru(obx))) == [answer]


@pytest.mark.parametrize(
    ("obx", "why"),
    [
        ("OBX|1|NM|1742-6^ALT^LN||41|mg/dL|||||F", "its unit 'mg/dL' is not known for ALT"),
        ("OBX|1|NM|1742-6^ALT^LN||41|U/L^ukat/L|||||F", "its units mean different things"),
        ("OBX|1|NM|1742-6^ALT^LN||1e3|U/L|||||F", "after the number of its value stands"),
        ("OBX|1|NM|1742-6^ALT^LN||41 - 42|U/L|||||F", "can be read in more than one way|after the number"),
        ("OBX|1|NM|1742-6^ALT^LN||1.234,5|U/L|||||F", "can be read in more than one way"),
        ("OBX|1|SN|1742-6^ALT^LN||^4^:^1|U/L|||||F", "a range or a ratio"),
        ("OBX|1|NM|1742-6^ALT^LN||~|U/L|||||F", "has no value"),
        ("OBX|1|NM|1742-6^ALT^LN^AST^AST^L||41|U/L|||||F", "its names mean different things"),
        ("OBX|1|NM|9999-9^ALT^LN||41|U/L|||||F", "not a code that isocourse reads"),
        ("OBX|1|NM|770-8^Neutrophils^LN||55|%|||||F", "not a code that isocourse reads"),
        ("OBX|1|NM|751-8^Neutrophils^LN||55|%|||||F", "its unit '%' is not known"),
        ("OBX|1|NM|718-7^Platelets^LN||140|g/L|||||F", "its code means"),
        ("OBX|1|NM|HBA1C^HbA1c^L||41|mmol/mol|||||F", "its unit 'mmol/mol' is not known"),
        ("OBX|1|NM|1742-6^ALT^LN||41|U/L|||||I", "preliminary"),
    ],
)
def test_what_can_mean_two_things_or_none_is_listed(obx: str, why: str) -> None:
    person = only(oru(obx))
    assert not person.found
    assert any(part in line.why for line in person.unread for part in why.split("|")), person.unread


def test_a_result_without_a_status_of_its_own_has_that_of_its_order() -> None:
    obx = "OBX|1|NM|1742-6^ALT^LN||41|U/L"
    obr = "OBR|1|||LFT^Liver^L|||20261119||||||||||||||||||"
    assert results(only(oru(obx, obr + "F"))) == ["alt 2026-11-19 41 U/L .."]
    assert results(only(oru(obx, obr + "P"))) == []


def test_the_day_is_the_one_at_the_laboratory_in_its_own_offset() -> None:
    obx = "OBX|1|NM|1742-6^ALT^LN||41|U/L|||||F"
    late = oru(obx, "OBR|1|||LFT^Liver^L|||20261118233000-0500")
    assert results(only(late)) == ["alt 2026-11-18 41 U/L .."]


@pytest.mark.parametrize(
    ("result", "flag", "status", "answer"),
    [
        ("Negative", "", "F", "negative"),
        ("NEG", "NEG", "F", "negative"),
        ("Negative", "POS", "F", "positive"),
        ("Positive", "NEG", "F", "positive"),
        ("weakly positive", "", "F", "positive"),
        ("not detected", "", "F", "negative"),
        ("Negative", "", "P", "unclear"),
        ("Positive", "", "P", "positive"),
        ("Indeterminate", "", "F", "unclear"),
        ("", "", "F", "unclear"),
        ("Negative~Negative", "", "F", "unclear"),
        ("Negative~Positive", "", "F", "positive"),
    ],
)
def test_a_pregnancy_test_is_negative_only_without_any_doubt(result: str, flag: str, status: str, answer: str) -> None:
    person = only(oru(f"OBX|1|ST|2106-3^Pregnancy test urine^LN||{result}|||{flag}|||{status}"))
    assert results(person) == [f"test 2026-11-19 {answer} urine"]
    assert answer == "negative" or any(line.sort == "question" for line in person.unread)


# --- what is no report ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "a spreadsheet"),
        (b"MZ\x90\x00", "a program"),
        (b"a,b\n\x00\x01", "no text"),
        (b"<html><body>results</body></html>", "XML or HTML"),
        (b"<?xml version='1.0'?><Bundle/>", "XML or HTML"),
        (b"just words", "no row of headings"),
        (b"{}", "not a FHIR Bundle"),
        (b'{"resourceType":"Bundle","type":"collection","entry":[]}', "no Patient"),
        (b"x" * (LARGEST_BYTES + 1), "4.2 MB"),
    ],
)
def test_what_is_no_report_is_refused_with_what_it_is(raw: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        read(raw)
    assert refused.value.mend


def test_a_message_that_is_broken_is_listed_and_the_next_is_read() -> None:
    broken = b"MSH|^^^^|LIMS\rPID|1||9\r"
    read_ = read(broken + oru("OBX|1|NM|1742-6^ALT^LN||41|U/L|||||F"))
    assert [line.why for line in read_.unread] == ["its first segment (MSH) does not begin as HL7 v2 has it"]
    assert [results(person) for person in read_.people] == [["alt 2026-11-19 41 U/L .."]]


def _fields(person: Person) -> list[dict[str, Any]]:
    return [found.fields for found in person.found]


def test_the_three_forms_of_one_report_give_the_same_events() -> None:
    hl7_ = _fields(report("uk-lipids-and-liver.hl7").people[0])[2]
    table = b"loinc,result,unit,low,high,collected,status\n2571-8,9.4,mmol/L,0.00,1.70,2026-11-19,F\n"
    assert _fields(only(table)) == [hl7_]
    bundle = _fields(report("bundle.json").people[0])[1]
    assert bundle == {key: value for key, value in hl7_.items() if key != "lower_limit"} | {"upper_limit": "1.7"}
