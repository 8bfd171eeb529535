"""The grading against the printed text of the tables, read by a parser that knows nothing of the code.

The text lies beside the project (shared/clinical/data), not in it; without it these tests are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest

from isocourse.record.ctcae import Baseline, grade
from isocourse.record.ctcae_tables import Edition
from isocourse.record.quantities import reported
from tests.outside import NOT_HERE, SHARED

DATA = SHARED / "clinical/data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the printed tables are {NOT_HERE}")

TERMS = {
    "alt": ("Alanine aminotransferase increased",) * 2,
    "ast": ("Aspartate aminotransferase increased",) * 2,
    "alp": ("Alkaline phosphatase increased", None),
    "ggt": ("GGT increased",) * 2,
    "bilirubin": ("Blood bilirubin increased",) * 2,
    "ck": ("CPK increased", None),
    "triglycerides": ("Hypertriglyceridemia",) * 2,
    "total_cholesterol": ("Cholesterol high",) * 2,
    "white_cells": ("White blood cell decreased",) * 2,
    "neutrophils": ("Neutrophil count decreased",) * 2,
    "platelets": ("Platelet count decreased", "Thrombocytopenia"),
    "haemoglobin": ("Anemia",) * 2,
    "ldl": (None, "LDL increased"),
    "hdl": (None, "HDL decreased"),
}
UNITS = {"mg/dL": "mg/dL", "mmol/L": "mmol/L", "g/dL": "g/dL", "g/L": "g/L", "/mm3": "/uL", "10*9/L": "10*9/L"}
ULN, LLN = (
    Fraction(40),
    {
        "/uL": Fraction(200000),
        "10*9/L": Fraction(200),
        "g/dL": Fraction(13),
        "g/L": Fraction(130),
        "mmol/L": Fraction(8),
        "mg/dL": Fraction(40),
    },
)


class Clause(NamedTuple):
    grade: int
    unit: str | None
    baseline: str  # any, normal, abnormal
    low: Fraction | str | None
    high: Fraction | str | None
    sign: str
    of: str  # "", ULN, baseline


def printed(edition: Edition, term: str) -> dict[int, str]:
    if edition == "v5":
        terms = json.loads((DATA / "ctcae_v5_subset.json").read_text())["terms"]
        found = next(entry for entry in terms if entry["term"] == term)
        return {int(number): text for number, text in found["grades"].items() if text}
    terms = json.loads((DATA / "ctcae_v6_lab.json").read_text())["terms"]
    found = next(entry for entry in terms if entry["TERM"] == term)
    return {number: found[f"GRADE_{number}"] for number in range(1, 5) if found[f"GRADE_{number}"] != "-"}


def clauses(edition: Edition, term: str) -> Iterator[Clause]:
    for number, text in printed(edition, term).items():
        for part in text.split(";"):
            clause = _clause(number, part)
            if clause is not None:
                yield clause


def _clause(number: int, part: str) -> Clause | None:
    body, _, condition = part.partition(" if baseline ")
    when = "any" if not condition else "abnormal" if "abnormal" in condition or ">ULN" in condition else "normal"
    body = re.sub(r"x 10(e|\^)9 ?/L", "10*9/L", body).replace(",", "")
    unit = next((ours for theirs, ours in UNITS.items() if theirs in body), None)
    for theirs in UNITS:
        body = body.replace(theirs, "")
    of = "baseline" if "x baseline" in body else "ULN" if "x ULN" in body else ""
    match = re.search(r"([<>])?\s*(ULN|LLN|\d[\d.]*)(?: x \w+)?(?:\s*-\s*(\d[\d.]*))?", body)
    if match is None:
        return None
    if match[1] is None and match[3] is None:
        if "10.0" not in body or number != 4:  # prose that holds a digit
            return None
        return Clause(number, unit, when, Fraction(match[2]), None, "<", of)  # v6.0 prints platelets "10.0" without <
    first: Fraction | str = match[2] if match[2] in ("ULN", "LLN") else Fraction(match[2])
    return Clause(number, unit, when, first, Fraction(match[3]) if match[3] else None, match[1] or "", of)


def says(clause: Clause, value: Fraction, unit: str, base: Fraction) -> bool:
    scale = {"": Fraction(1), "ULN": ULN, "baseline": base}[clause.of]

    def number(of: Fraction | str) -> Fraction:
        return ULN if of == "ULN" else LLN[unit] if of == "LLN" else Fraction(of) * scale

    if clause.unit not in (None, unit) or clause.baseline not in ("any", "abnormal" if base > ULN else "normal"):
        return False
    assert clause.low is not None
    first, last = number(clause.low), number(clause.high) if clause.high is not None else None
    if clause.sign == "<":
        return value < first and (last is None or value >= last)
    begun = value > first if clause.sign == ">" else value >= first
    return begun and (last is None or value <= last)


CASES = [
    (edition, analyte, terms[i])
    for analyte, terms in TERMS.items()
    for i, edition in enumerate(("v5", "v6"))
    if terms[i]
]


@pytest.mark.parametrize(("edition", "analyte", "term"), CASES)
def test_the_print_agrees(edition: Edition, analyte: str, term: str) -> None:
    lines = list(clauses(edition, term))
    assert lines
    seen: set[int] = set()
    units = sorted({line.unit for line in lines if line.unit}) or ["mg/dL"]
    for unit in units:
        for base in (Fraction(20), Fraction(40), Fraction(60), Fraction(200)):
            edges = {
                of * scale
                for line in lines
                for of in (line.low, line.high)
                if isinstance(of, Fraction)
                for scale in (1, ULN, base)
            }
            for edge in edges | {ULN, LLN[unit], base}:
                for value in (edge - Fraction(1, 1000), edge, edge + Fraction(1, 1000)):
                    found = {line.grade for line in lines if says(line, value, unit, base)}
                    assert len(found) <= 1, (unit, base, value, found)
                    wanted = found.pop() if found else 0
                    seen.add(wanted)
                    made = grade(
                        analyte,
                        reported(str(Decimal(value.numerator) / Decimal(value.denominator))),
                        unit,
                        upper_limit=Decimal(int(ULN)),
                        lower_limit=Decimal(int(LLN[unit])),
                        baseline=Baseline(base, ULN),
                        edition=edition,
                    )
                    assert made.number == wanted, (unit, float(base), float(value))
    assert seen == {0, *(line.grade for line in lines)}
