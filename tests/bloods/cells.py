"""CTCAE's laboratory tables as cells, written by hand from the printed tables: where each grade begins and ends.

Each line: edition, analyte, unit, upper limit, lower limit, baseline (with the same upper limit), and then the
values with their grades, taken on both edges of every cell.
"""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    edition: str
    analyte: str
    unit: str
    upper: str | None
    lower: str | None
    baseline: str | None
    graded: str
    symptoms: bool | None = None


def _enzymes() -> list[Line]:
    found = []
    for analyte in ("alt", "ast"):
        for unit, uln, base in (("U/L", "40", "60"), ("ukat/L", "40", "60")):
            normal = "40=0 40.01=1 120=1 120.01=2 200=2 200.01=3 800=3 800.01=4"
            found += [
                Line("v5", analyte, unit, uln, None, "40", normal),
                Line("v5", analyte, unit, uln, None, "10", normal),
                Line("v6", analyte, unit, uln, None, "40", normal),
                # baseline 60: 1.5 times is 90, 3 times 180, 5 times 300, 20 times 1200
                Line(
                    "v5",
                    analyte,
                    unit,
                    uln,
                    None,
                    base,
                    "60=0 89.99=0 90=1 180=1 180.01=2 300=2 300.01=3 1200=3 1200.01=4",
                ),
                # 1.0, 1.5, 2.0 and 4.0 times
                Line("v6", analyte, unit, uln, None, base, "59.99=0 60=1 90=1 90.01=2 120=2 120.01=3 240=3 240.01=4"),
                # baseline above 5 times the limit: v6.0 prints no grade 3
                Line("v6", analyte, unit, uln, None, "201", "201=1 402=2 402.01=? 804=? 804.01=4"),
                Line("v6", analyte, unit, uln, None, "200", "400=2 400.01=3 800=3 800.01=4"),
            ]
    return found


LINES = [
    *_enzymes(),
    Line("v5", "alp", "U/L", "100", None, "100", "100=0 100.1=1 250=1 250.1=2 500=2 500.1=3 2000=3 2000.1=4"),
    Line("v5", "alp", "U/L", "100", None, "200", "399.9=0 400=1 500=1 500.1=2 1000=2 1000.1=3 4000=3 4000.1=4"),
    Line("v6", "alp", "U/L", "100", None, "90", "100=0 100.1=1 90000=1"),
    Line("v6", "alp", "U/L", "100", None, "150", "100.1=0 150=0 150.1=1 90000=1"),
    Line("v5", "ggt", "U/L", "50", None, "50", "50=0 50.1=1 125=1 125.1=2 250=2 250.1=3 1000=3 1000.1=4"),
    Line("v5", "ggt", "U/L", "50", None, "60", "119.9=0 120=1 150=1 150.1=2 300=2 300.1=3 1200=3 1200.1=4"),
    Line("v6", "ggt", "U/L", "50", None, "50", "50=0 50.1=1 125=1 125.1=2 250=2 250.1=3 1000=3 1000.1=4"),
    Line("v6", "ggt", "U/L", "50", None, "60", "59.9=0 60=1 90=1 90.1=2 180=2 180.1=3 600=3 600.1=4"),
    *(
        Line(edition, "bilirubin", unit, uln, None, uln, graded)
        for edition in ("v5", "v6")
        for unit, uln, graded in (
            ("mg/dL", "1.2", "1.2=0 1.21=1 1.8=1 1.81=2 3.6=2 3.61=3 12=3 12.1=4"),
            ("umol/L", "20", "20=0 20.1=1 30=1 30.1=2 60=2 60.1=3 200=3 200.1=4"),
        )
    ),
    Line("v5", "bilirubin", "umol/L", "20", None, "30", "30=0 30.1=1 45=1 45.1=2 90=2 90.1=3 300=3 300.1=4"),
    Line("v6", "bilirubin", "umol/L", "20", None, "30", "29.9=0 30=1 45=1 45.1=2 75=2 75.1=3 300=3 300.1=4"),
    Line("v5", "ck", "U/L", "200", None, None, "200=0 200.1=1 500=1 500.1=2 1000=2 1000.1=3 2000=3 2000.1=4"),
    Line("v6", "ck", "U/L", "200", None, None, "100=? 5000=?"),
    *(
        line
        for edition in ("v5", "v6")
        for line in (
            Line(
                edition,
                "triglycerides",
                "mg/dL",
                None,
                None,
                None,
                "149.9=0 150=1 300=1 300.1=2 500=2 500.1=3 1000=3 1000.1=4",
            ),
            Line(
                edition,
                "triglycerides",
                "mmol/L",
                None,
                None,
                None,
                "1.70=0 1.71=1 3.42=1 3.43=2 5.7=2 5.71=3 11.4=3 11.41=4",
            ),
            Line(
                edition,
                "total_cholesterol",
                "mg/dL",
                "200",
                None,
                None,
                "200=0 200.1=1 300=1 300.1=2 400=2 400.1=3 500=3 500.1=4",
            ),
            Line(
                edition,
                "total_cholesterol",
                "mmol/L",
                "5.2",
                None,
                None,
                "5.2=0 5.21=1 7.75=1 7.76=2 10.34=2 10.35=3 12.92=3 12.93=4",
            ),
            Line(edition, "total_cholesterol", "mg/dL", None, None, None, "200=? 300=? 300.1=2 500.1=4"),
            Line(edition, "white_cells", "10*9/L", None, "4", None, "4=0 3.9=1 3=1 2.9=2 2=2 1.9=3 1=3 0.9=4"),
            Line(edition, "white_cells", "10*3/uL", None, "4", None, "4=0 3.9=1 3=1 2.9=2 2=2 1.9=3 1=3 0.9=4"),
            Line(
                edition,
                "white_cells",
                "/uL",
                None,
                "4000",
                None,
                "4000=0 3999=1 3000=1 2999=2 2000=2 1999=3 1000=3 999=4",
            ),
            Line(edition, "haemoglobin", "g/dL", None, "12", None, "12=0 11.9=1 10=1 9.9=2 8=2 7.9=3 1=3"),
            Line(edition, "haemoglobin", "mmol/L", None, "7.4", None, "7.4=0 7.3=1 6.2=1 6.1=2 4.9=2 4.8=3"),
            Line(edition, "haemoglobin", "g/L", None, "120", None, "120=0 119=1 100=1 99=2 80=2 79=3"),
        )
    ),
    Line("v5", "neutrophils", "10*9/L", None, "2", None, "2=0 1.9=1 1.5=1 1.49=2 1=2 0.99=3 0.5=3 0.49=4"),
    Line("v5", "neutrophils", "10*3/uL", None, "2", None, "2=0 1.9=1 1.5=1 1.49=2 1=2 0.99=3 0.5=3 0.49=4"),
    Line("v5", "neutrophils", "/uL", None, "2000", None, "2000=0 1999=1 1500=1 1499=2 1000=2 999=3 500=3 499=4"),
    Line("v6", "neutrophils", "10*9/L", None, "2", None, "1.9=0 1.5=0 1.49=1 1=1 0.99=2 0.5=2 0.49=3 0.1=3 0.09=4"),
    Line("v6", "neutrophils", "10*3/uL", None, None, None, "1.9=0 1.5=0 1.49=1 1=1 0.99=2 0.5=2 0.49=3 0.1=3 0.09=4"),
    Line("v6", "neutrophils", "/uL", None, None, None, "1500=0 1499=1 1000=1 999=2 500=2 499=3 100=3 99=4"),
    *(
        Line(edition, "platelets", unit, None, lower, None, graded)
        for edition, unit, lower, graded in (
            ("v5", "10*9/L", "150", "150=0 149=1 75=1 74.9=2 50=2 49.9=3 25=3 24.9=4"),
            ("v5", "10*3/uL", "150", "150=0 149=1 75=1 74.9=2 50=2 49.9=3 25=3 24.9=4"),
            ("v5", "/uL", "150000", "150000=0 149999=1 75000=1 74999=2 50000=2 49999=3 25000=3 24999=4"),
            ("v6", "10*9/L", "150", "150=0 149=1 75=1 74.9=2 50=2 49.9=3 10=3 9.9=4"),
            ("v6", "10*3/uL", "150", "150=0 149=1 75=1 74.9=2 50=2 49.9=3 10=3 9.9=4"),
            ("v6", "/uL", "150000", "150000=0 149999=1 75000=1 74999=2 50000=2 49999=3 10000=3 9999=4"),
        )
    ),
    Line("v5", "lipase", "U/L", "60", None, None, "60=0 61=1 90=1 91=2 120=2 121=2 300=2 301=3", symptoms=False),
    Line("v5", "lipase", "U/L", "60", None, None, "60=0 61=1 90=1 91=2 120=2 121=3 300=3 301=4", symptoms=True),
    Line("v5", "lipase", "U/L", "60", None, None, "60=0 61=1 90=1 91=2 120=2 121=? 301=?"),
    Line("v6", "lipase", "U/L", "60", None, None, "60=0 61=1 90=1 91=2 180=2 181=2 300=2 301=3", symptoms=False),
    Line("v6", "lipase", "U/L", "60", None, None, "60=0 61=1 90=1 91=2 180=2 181=3 300=3 301=4", symptoms=True),
    Line("v6", "ldl", "mg/dL", "130", None, None, "130=0 130.1=1 900=1"),
    Line("v6", "ldl", "mmol/L", "3.4", None, None, "3.4=0 3.41=1"),
    Line("v6", "hdl", "mg/dL", None, "40", None, "40=0 39.9=1"),
    Line("v6", "hdl", "mmol/L", None, "1", None, "1=0 0.99=1"),
    Line("v5", "ldl", "mg/dL", "130", None, None, "900=?"),
    Line("v5", "glucose", "mg/dL", "100", None, None, "600=?"),
    Line("v6", "glucose", "mg/dL", "100", None, None, "100=0 101=? 250=? 250.1=3 500=3 500.1=4"),
]
"""`?` is "cannot be graded"."""

FASTING = [
    Line("v6", "glucose", "mg/dL", "100", None, None, "100=0 100.1=1 160=1 160.1=2 250=2 250.1=3 500=3 500.1=4"),
    Line("v6", "glucose", "mmol/L", "5.6", None, None, "5.6=0 5.61=1 8.9=1 8.91=2 13.9=2 13.91=3 27.8=3 27.81=4"),
]
