"""Laboratory reports nobody thought of: nothing crashes, nothing is invented, nothing is dropped, and all three forms
of the same results give the same events."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.errors import InputError
from isocourse.exchange.lab_reports import LabReport
from isocourse.exchange.report_source import read_report, source_of
from isocourse.record import terminology as t
from isocourse.record.record import event_from
from tests.exchange.test_lab_reports import KNOWN, NOW, REPORTS, read

Fields = dict[str, Any]
HL7 = sorted(name for name in KNOWN if name.endswith(".hl7"))
TABLES = sorted(name for name in KNOWN if name.endswith(".csv") and name != "utf-16.csv")


# --- whatever comes in ----------------------------------------------------------------------------
def read_or_refused(raw: bytes) -> LabReport | None:
    try:
        source = source_of(raw)
        found = read_report(source, came_at=NOW)
    except InputError as refused:
        assert refused.where
        return None
    assert source.text.encode(source.encoding) == raw
    nothing_is_invented(found, source.text)
    return found


def nothing_is_invented(report: LabReport, text: str) -> None:
    """Every number of every result stands in the report, and every result is a sound event."""
    for person in report.people:
        for found in person.found:
            fields = found.fields
            event_from({**fields, "id": "e", "recorded_at": NOW, "author": {"id": "x", "role": "nurse"}})
            if fields["kind"] == "lab_result":
                for name in ("value", "lower_limit", "upper_limit"):
                    number = fields.get(name, "").lstrip("<>=")
                    assert number in text or number.replace(".", ",") in text, (name, number)
                assert fields["unit"] in t.ANALYTE_UNITS[fields["analyte"]]
            day = fields["happened_on"].split("-")
            if fields["kind"] == "lab_result" or fields["result"] == "negative":
                assert day[0] in text, day


@settings(max_examples=250, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    read_or_refused(raw)


_BITS = st.sampled_from(
    ["|", "^", "~", "\\", "&", "\r", "\n", "\x0b", "\x1c\r", "MSH|", "PID|1\r", "OBX|", "OBR|", "NTE|1||x", "SPM|1||",
     "\\F\\", "\\X41\\", "\\", "<", ">", ",", ";", "\t", '"', "0", "-", ".", "9,5", "1.234", "20261119", "F", "C",
     "P", "é", "urine", "Positive", "LN", "mmol/L", "\u2028", "\ufeff", " "]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, names: list[str]) -> bytes:
    """A report with pieces cut, doubled, moved and put in."""
    source = source_of((REPORTS / draw(st.sampled_from(names))).read_bytes())
    text = source.text
    for _ in range(draw(st.integers(1, 6))):
        one, other = sorted(draw(st.integers(0, len(text))) for _ in range(2))
        match draw(st.integers(0, 3)):
            case 0:
                text = text[:one] + text[min(other, one + 12) :]
            case 1:
                text = text[:one] + draw(_BITS) + text[one:]
            case 2:
                text = text[:other] + text[one:other] + text[other:]
            case _:
                text = text[:one] + draw(_BITS) + text[one + 1 :]
    return text.encode("utf-8")


@settings(max_examples=250, deadline=None)
@given(mutated(HL7))
def test_mutated_hl7_is_read_or_refused_and_nothing_is_invented(raw: bytes) -> None:
    read_or_refused(raw)


@settings(max_examples=250, deadline=None)
@given(mutated(TABLES))
def test_a_mutated_table_is_read_or_refused_and_nothing_is_invented(raw: bytes) -> None:
    read_or_refused(raw)


_FIELD = st.text(st.sampled_from("0123456789.,<>^~&\\ FCPXNMST|ALTmol/L-"), max_size=12).filter(
    lambda t_: "|" not in t_
)


@settings(max_examples=250, deadline=None)
@given(st.lists(st.lists(_FIELD, min_size=12, max_size=12), min_size=1, max_size=4))
def test_every_result_of_a_message_is_read_or_listed(rows: list[list[str]]) -> None:
    head = ["MSH|^~\\&|LIMS|LAB|||20261120||ORU^R01|1|P|2.5", "PID|1||0412", "OBR|1|||LFT|||20261119"]
    segments = ["|".join(["OBX", *row]) for row in rows]
    found = read_or_refused("\r".join([*head, *segments]).encode())
    assert found is not None
    places = {one.place for person in found.people for one in person.found}
    places |= {line.place for person in found.people for line in person.unread}
    assert {f"message 1, segment {number}" for number in range(4, 4 + len(rows))} <= places


@settings(max_examples=250, deadline=None)
@given(st.integers(6, 14), _FIELD | _BITS)
def test_no_change_of_one_field_makes_a_positive_test_negative_or_lost(place: int, odd: str) -> None:
    fields = ["OBX", "1", "ST", "2106-3^hCG urine^LN", "", "Positive", "", "", "", "", "", "F", "", "", ""]
    fields[place] = odd.replace("|", "").replace("\r", "").replace("\n", "").replace("\x0b", "").replace("\x1c", "")
    if fields[11][:1] in ("X", "N", "D", "W"):
        return  # cancelled and taken back: listed as a question
    head = "MSH|^~\\&|LIMS|LAB|||20261120||ORU^R01|1|P|2.5\rPID|1||0412\rOBR|1|||T|||20261119\r"
    found = read((head + "|".join(fields)).encode())
    assert [one.fields["result"] for one in found.people[0].found] == ["positive"]


# --- there and back -------------------------------------------------------------------------------
_NAMES = {analyte: t.words_for(analyte) for analyte in t.ANALYTE_UNITS}
_LOINC = {analyte: code for code, analyte in t.LOINC_ANALYTE.items()}
_NUMBER = st.decimals(Decimal("0.01"), Decimal(999), places=2).map(lambda d: format(d, "f"))


@st.composite
def results(draw: st.DrawFn, analytes: list[str]) -> Fields:
    """A result as an event has it."""
    analyte = draw(st.sampled_from(analytes))
    day = date(2026, 11, 20) - timedelta(days=draw(st.integers(0, 900)))
    fields: Fields = {
        "kind": "lab_result",
        "happened_on": day.isoformat(),
        "analyte": analyte,
        "value": draw(st.sampled_from(["", "", "", "<", ">", "<=", ">="])) + draw(_NUMBER),
        "unit": draw(st.sampled_from(sorted(t.ANALYTE_UNITS[analyte]))),
    }
    lower, upper = sorted(draw(st.lists(_NUMBER, min_size=2, max_size=2, unique=True)), key=Decimal)
    if draw(st.booleans()):
        fields["upper_limit"] = upper
    if draw(st.booleans()):
        fields["lower_limit"] = lower
    return fields


def as_csv(rows: list[Fields], separator: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["MRN", "Test", "Result", "Units", "Low", "High", "Collected", "Status"])
    for row in rows:
        limits = [row.get("lower_limit", ""), row.get("upper_limit", "")]
        name = _NAMES[row["analyte"]]
        value = row["value"].replace(".", ",") if separator == ";" else row["value"]
        if separator == ";":
            limits = [limit.replace(".", ",") for limit in limits]
        writer.writerow(["0412", name, value, row["unit"], *limits, row["happened_on"], "Final"])
    return out.getvalue().encode()


def as_hl7(rows: list[Fields]) -> bytes:
    lines = ["MSH|^~\\&|LIMS|LAB|||20261120||ORU^R01|1|P|2.5", "PID|1||0412"]
    for row in rows:
        lower, upper = row.get("lower_limit"), row.get("upper_limit")
        limits = f"{lower}-{upper}" if lower and upper else f"<{upper}" if upper else f">{lower}" if lower else ""
        comparator = row["value"].rstrip("0123456789.")
        number = row["value"].removeprefix(comparator)
        lines.append(f"OBR|1|||T|||{row['happened_on'].replace('-', '')}")
        code = f"{row['analyte'].upper()}^{_NAMES[row['analyte']]}^L"
        lines.append(f"OBX|1|SN|{code}||{comparator}^{number}|{row['unit']}|{limits}||||F")
    return "\r".join(lines).encode()


def as_fhir(rows: list[Fields]) -> bytes:
    def quantity(number: str, unit: str) -> dict[str, Any]:
        return {"value": Decimal(number), "unit": unit, "system": t.UCUM, "code": unit}

    found: list[dict[str, Any]] = [{"resourceType": "Patient", "id": "p", "identifier": [{"value": "0412"}]}]
    for number, row in enumerate(rows):
        comparator = row["value"].rstrip("0123456789.")
        value = quantity(row["value"].removeprefix(comparator), row["unit"])
        limits = {
            end: quantity(row[name], row["unit"])
            for end, name in (("low", "lower_limit"), ("high", "upper_limit"))
            if name in row
        }
        found.append(
            {
                "resourceType": "Observation",
                "id": f"o{number}",
                "status": "final",
                "code": {"coding": [{"system": t.LOINC, "code": _LOINC[row["analyte"]]}]},
                "subject": {"reference": "Patient/p"},
                "effectiveDateTime": row["happened_on"],
                "valueQuantity": {**value, "comparator": comparator} if comparator else value,
                "referenceRange": [limits] if limits else [],
            }
        )
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in found]}
    return msgspec.json.Encoder(decimal_format="number").encode(bundle)


def back(raw: bytes) -> list[Fields]:
    report = read(raw)
    assert [person.named.numbers for person in report.people] == [("0412",)]
    return [found.fields for found in report.people[0].found]


def alike(rows: list[Fields]) -> list[str]:
    return sorted(str(sorted(row.items())) for row in rows)


@settings(max_examples=100, deadline=None)
@given(st.lists(results(sorted(t.ANALYTE_UNITS)), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_results_written_as_a_table_are_read_as_they_were(rows: list[Fields], separator: str) -> None:
    assert back(as_csv(rows, separator)) == rows


@settings(max_examples=100, deadline=None)
@given(st.lists(results(sorted(t.ANALYTE_UNITS)), min_size=1, max_size=6))
def test_results_written_as_hl7_are_read_as_they_were(rows: list[Fields]) -> None:
    assert back(as_hl7(rows)) == rows


@settings(max_examples=100, deadline=None)
@given(st.lists(results(sorted(_LOINC)), min_size=1, max_size=6))
def test_results_written_as_fhir_are_read_as_they_were(rows: list[Fields]) -> None:
    assert alike(back(as_fhir(rows))) == alike(rows)
