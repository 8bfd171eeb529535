"""CTCAE's laboratory tables, v5.0 and v6.0: each cut-off in the units in which it is printed.

Numbers are text so that they are exact. Source: NCI CTCAE v5.0 (27 Nov 2017) and v6.0 as transcribed in
pharmaverse/admiral; haematology in 10*9/L stands for 10*3/uL as well, and /uL for mm3.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Edition = Literal["v5", "v6"]


class Multiples(NamedTuple):
    """Grades by multiples of the upper limit: G1 above 1, then above each of `steps`. With an abnormal baseline:
    from `first` times the baseline (`first_counts`: that number itself is G1 already), then above `of_baseline`."""

    steps: tuple[str, ...]
    first: str = ""
    first_counts: bool = True
    of_baseline: tuple[str, ...] = ()
    third_until_baseline: str = ""


class Rising(NamedTuple):
    """Printed cut-offs by unit: (first, then "above" steps). `first` empty: G1 begins above the upper limit."""

    units: dict[str, tuple[str, ...]]
    first_counts: bool = False
    fasting_below: int = 0  # grades up to this one are printed for fasting values only


class Falling(NamedTuple):
    """Printed cut-offs by unit for results that harm when low: G1 below the lower limit (or below `first`),
    then "below" steps."""

    units: dict[str, tuple[str, ...]]
    from_limit: bool = True


class AboveBoth(NamedTuple):
    """One grade only: above the upper limit and above the baseline."""


class BySymptoms(NamedTuple):
    """Multiples of the upper limit whose middle grades depend on signs or symptoms: G1 above 1, G2 above the
    first step, above the second G2 without and G3 with symptoms, above the third G3 without and G4 with."""

    steps: tuple[str, str, str]


class OneGrade(NamedTuple):
    """G1 above the upper limit, or below the lower one; no other grade."""

    low: bool = False


Table = Multiples | Rising | Falling | AboveBoth | BySymptoms | OneGrade

_ENZYME_V5 = Multiples(("3", "5", "20"), "1.5", True, ("3", "5", "20"))
_DUCT_V5 = Multiples(("2.5", "5", "20"), "2", True, ("2.5", "5", "20"))
_ENZYME_V6 = Multiples(("3", "5", "20"), "1", True, ("1.5", "2", "4"), third_until_baseline="5")
_TRIGLYCERIDES = Rising({"mg/dL": ("150", "300", "500", "1000"), "mmol/L": ("1.71", "3.42", "5.7", "11.4")}, True)
_CHOLESTEROL = Rising({"mg/dL": ("", "300", "400", "500"), "mmol/L": ("", "7.75", "10.34", "12.92")})
_WHITE = Falling({"10*9/L": ("", "3", "2", "1"), "10*3/uL": ("", "3", "2", "1"), "/uL": ("", "3000", "2000", "1000")})
_HAEMOGLOBIN = Falling({"g/dL": ("", "10", "8"), "mmol/L": ("", "6.2", "4.9"), "g/L": ("", "100", "80")})

TABLES: dict[Edition, dict[str, Table]] = {
    "v5": {
        "alt": _ENZYME_V5,
        "ast": _ENZYME_V5,
        "alp": _DUCT_V5,
        "ggt": _DUCT_V5,
        "bilirubin": Multiples(("1.5", "3", "10"), "1", False, ("1.5", "3", "10")),
        "ck": Multiples(("2.5", "5", "10")),
        "triglycerides": _TRIGLYCERIDES,
        "total_cholesterol": _CHOLESTEROL,
        "lipase": BySymptoms(("1.5", "2", "5")),
        "white_cells": _WHITE,
        "neutrophils": Falling(
            {
                "10*9/L": ("", "1.5", "1", "0.5"),
                "10*3/uL": ("", "1.5", "1", "0.5"),
                "/uL": ("", "1500", "1000", "500"),
            }
        ),
        "platelets": Falling(
            {
                "10*9/L": ("", "75", "50", "25"),
                "10*3/uL": ("", "75", "50", "25"),
                "/uL": ("", "75000", "50000", "25000"),
            }
        ),
        "haemoglobin": _HAEMOGLOBIN,
    },
    "v6": {
        "alt": _ENZYME_V6,
        "ast": _ENZYME_V6,
        "alp": AboveBoth(),
        "ggt": Multiples(("2.5", "5", "20"), "1", True, ("1.5", "3", "10")),
        "bilirubin": Multiples(("1.5", "3", "10"), "1", True, ("1.5", "2.5", "10")),
        "triglycerides": _TRIGLYCERIDES,
        "total_cholesterol": _CHOLESTEROL,
        "ldl": OneGrade(),
        "hdl": OneGrade(low=True),
        "glucose": Rising({"mg/dL": ("", "160", "250", "500"), "mmol/L": ("", "8.9", "13.9", "27.8")}, fasting_below=3),
        "lipase": BySymptoms(("1.5", "3", "5")),
        "white_cells": _WHITE,
        "neutrophils": Falling(
            {
                "10*9/L": ("1.5", "1", "0.5", "0.1"),
                "10*3/uL": ("1.5", "1", "0.5", "0.1"),
                "/uL": ("1500", "1000", "500", "100"),
            },
            from_limit=False,
        ),
        "platelets": Falling(
            {
                "10*9/L": ("", "75", "50", "10"),
                "10*3/uL": ("", "75", "50", "10"),
                "/uL": ("", "75000", "50000", "10000"),
            }
        ),
        "haemoglobin": _HAEMOGLOBIN,
    },
}
"""By edition and analyte. What is absent has no grades made of numbers there (glucose in v5.0, CK in v6.0)."""
