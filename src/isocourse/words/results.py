"""A laboratory result in one line: what, how much, its limits, its grade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.edition import Edition
from isocourse.exchange.lab_reports import LabReport, Unread
from isocourse.record import terminology as t
from isocourse.record.events import LabResult, PregnancyTest
from isocourse.record.record import Record
from isocourse.words.page import Line
from isocourse.words.sentence import Word

# UCUM codes that people write otherwise.
_SHOWN_UNITS = {"[IU]/L": "IU/L", "m[IU]/mL": "mIU/mL", "umol/L": "µmol/L", "ukat/L": "µkat/L"}
_SHOWN_UNITS |= {"10*9/L": "×10⁹/L", "10*3/uL": "×10³/µL", "/uL": "/µL"}
_SIGNS = {"<=": "≤ ", ">=": "≥ ", "<": "< ", ">": "> "}


def unit_words(unit: str) -> str:
    """A UCUM code as it is written by hand."""
    return _SHOWN_UNITS.get(unit, unit)


def value_words(fields: Mapping[str, Any]) -> str:
    """The value of a result or test, with its unit: "9.4 mmol/L", "< 5 mIU/mL", "positive"."""
    if fields["kind"] == "pregnancy_test":
        return t.words_for(str(fields["result"]))
    text = str(fields["value"])
    sign = next((sign for sign in ("<=", ">=", "<", ">") if text.startswith(sign)), "")
    return f"{_SIGNS.get(sign, '')}{text.removeprefix(sign)} {unit_words(str(fields['unit']))}"


def result_name(fields: Mapping[str, Any]) -> str:
    """What was measured: "triglycerides", "pregnancy test (serum)"."""
    if fields["kind"] == "pregnancy_test":
        method = str(fields.get("method") or "unknown")
        return Word("pregnancy test") if method == "unknown" else f"pregnancy test ({method})"
    return t.words_for(str(fields["analyte"]))


def limits_words(fields: Mapping[str, Any]) -> str:
    """The laboratory's limits: "0–40", "up to 1.7", "from 1.0"; empty without any."""
    lower, upper = fields.get("lower_limit"), fields.get("upper_limit")
    if lower and upper:
        return f"{lower}–{upper}"
    return f"up to {upper}" if upper else f"from {lower}" if lower else ""


def plain_fields(event: LabResult | PregnancyTest) -> dict[str, Any]:
    """A recorded result as the fields that these words read."""
    if isinstance(event, PregnancyTest):
        return {"kind": "pregnancy_test", "result": event.result, "method": event.method}
    limits = {"lower_limit": event.lower_limit, "upper_limit": event.upper_limit}
    shown = {name: format(limit, "f") for name, limit in limits.items() if limit is not None}
    return {"kind": "lab_result", "analyte": event.analyte, "value": event.value.text(), "unit": event.unit, **shown}


def result_words(fields: Mapping[str, Any], grade: int | None = None) -> str:
    """The whole line: "triglycerides 9.4 mmol/L (grade 3)". Grade 0 is not said."""
    line = f"{result_name(fields)} {value_words(fields)}"
    return f"{line} (grade {grade})" if grade else line


def grades(edition: Edition, record: Record, as_of: int) -> dict[str, int | None]:
    """The grade of every result by its event's id; None where there is none to give."""
    rows = evaluate(edition, prepare(record), as_of).episodes.get("graded_lab", ())
    return {row.events[0]: row.worst_grade for row in rows}


def beyond(fields: Mapping[str, Any]) -> str:
    """Whether a result is "above" or "below" the laboratory's own limits; empty within them, and where that is open."""
    if fields["kind"] != "lab_result":
        return ""
    text = str(fields["value"])
    number = Decimal(text.lstrip("<>="))
    lower, upper = fields.get("lower_limit"), fields.get("upper_limit")
    below_only, above_only = text.startswith("<"), text.startswith(">")
    if upper and not below_only and (number > Decimal(upper) or (above_only and number >= Decimal(upper))):
        return "above"
    if lower and not above_only and (number < Decimal(lower) or (below_only and number <= Decimal(lower))):
        return "below"
    return ""


def lab_report_lines(report: LabReport, name: str) -> Iterator[Line]:
    """A laboratory report as it was read, for whoever makes such reports."""
    many = len(report.people)
    yield Line("headline", 0, f"{name}: {report.form.upper()}, {many} {'person' if many == 1 else 'people'}")
    for person in report.people:
        named = person.named
        who = named.full_name or f"{named.family_name}, {named.given_name}".strip(", ") or "no name"
        yield Line(
            "section", 0, f"{who}; numbers {', '.join(named.numbers) or 'none'}; born {named.born or 'not given'}"
        )
        for found in person.found:
            limits = limits_words(found.fields)
            more = f" (limits {limits})" if limits else ""
            corrects = ", corrects an earlier one" if found.corrected else ""
            yield Line("item", 1, f"{found.fields['happened_on']} {result_words(found.fields)}{more}{corrects}")
        yield from _unread_lines(person.unread)
    if report.unread:
        yield Line("section", 0, "Of the whole report")
        yield from _unread_lines(report.unread)


def _unread_lines(lines: tuple[Unread, ...]) -> Iterator[Line]:
    for line in lines:
        there = f" \u201c{line.remark}\u201d" if line.remark else ""
        yield Line("detail", 2, f"not read: {line.what}{there}: {line.why} ({line.place})")
