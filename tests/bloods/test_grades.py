"""Every cell of CTCAE's laboratory tables, on both edges and in every unit it prints, and what no cell says."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.record import ctcae, ctcae_tables
from isocourse.record.ctcae import Baseline, grade, multiple
from isocourse.record.ctcae_tables import TABLES
from isocourse.record.quantities import reported
from isocourse.record.terminology import ANALYTE_UNITS
from tests.bloods.cells import FASTING, LINES, Line

SHORT = settings(max_examples=300, derandomize=True, database=None, deadline=None)


def _limit(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def number(line: Line, value: str, fasting: bool | None = None) -> int | None:
    upper = _limit(line.upper)
    before = None
    if line.baseline is not None and upper is not None:
        before = Baseline(Fraction(line.baseline), Fraction(upper))
    return grade(
        line.analyte,
        reported(value),
        line.unit,
        upper_limit=upper,
        lower_limit=_limit(line.lower),
        baseline=before,
        edition=line.edition,  # type: ignore[arg-type]
        fasting=fasting,
        symptoms=line.symptoms,
    ).number


def cells() -> Iterator[tuple[Line, str, int | None, bool | None]]:
    for lines, fasting in ((LINES, None), (FASTING, True)):
        for line in lines:
            for pair in line.graded.split():
                value, wanted = pair.split("=")
                yield line, value, None if wanted == "?" else int(wanted), fasting


def wrong() -> list[str]:
    return [
        f"{line.edition} {line.analyte} {value} {line.unit} (limit {line.upper}, baseline {line.baseline}): "
        f"{number(line, value, fasting)}, not {wanted}"
        for line, value, wanted, fasting in cells()
        if number(line, value, fasting) != wanted
    ]


@pytest.mark.parametrize(
    ("line", "value", "wanted", "fasting"),
    [
        pytest.param(*cell, id=f"{cell[0].edition}-{cell[0].analyte}-{cell[0].unit}-{cell[0].baseline}-{cell[1]}-{i}")
        for i, cell in enumerate(cells())
    ],
)
def test_cell(line: Line, value: str, wanted: int | None, fasting: bool | None) -> None:
    assert number(line, value, fasting) == wanted


def test_every_analyte_and_unit_has_its_cells() -> None:
    """Each table is walked in each unit it prints (multiples: in any unit), up to its highest grade."""
    walked = {(line.edition, line.analyte, line.unit) for line, *_ in cells()}
    for edition, tables in TABLES.items():
        for analyte, table in tables.items():
            units = getattr(table, "units", None) or {unit for e, a, unit in walked if (e, a) == (edition, analyte)}
            assert units and all((edition, analyte, unit) in walked for unit in units), (edition, analyte)
            assert set(getattr(table, "units", ())) <= set(ANALYTE_UNITS[analyte]), analyte


def test_a_planted_fault_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were 150 mg/dL not grade 1 already, or an edge of one table a step off, the cells would say so."""
    monkeypatch.setitem(TABLES["v5"], "triglycerides", ctcae_tables._TRIGLYCERIDES._replace(first_counts=False))
    grade.cache_clear()
    assert len(wrong()) == 2 and all("triglycerides" in line for line in wrong())
    monkeypatch.setitem(TABLES["v6"], "ggt", ctcae_tables._DUCT_V5)
    grade.cache_clear()
    assert any("v6 ggt" in line for line in wrong())
    monkeypatch.undo()
    grade.cache_clear()
    assert wrong() == []


# --- what cannot be graded ------------------------------------------------------------------------
def test_without_the_upper_limit_there_is_no_grade() -> None:
    made = grade("alt", reported("900"), "U/L")
    assert made == (None, ctcae.NO_UPPER, None, None)
    assert grade("alt", reported("900"), "U/L", upper_limit=Decimal(0)).why == ctcae.NO_UPPER


def test_without_a_baseline_only_a_normal_result_is_graded() -> None:
    assert grade("alt", reported("40"), "U/L", upper_limit=Decimal(40)).number == 0
    made = grade("alt", reported("130"), "U/L", upper_limit=Decimal(40))
    assert (made.number, made.why, made.by_absolute) == (None, ctcae.NO_BASELINE, 2)


def test_an_abnormal_baseline_can_call_a_high_result_mild_and_the_absolute_rule_stands_beside_it() -> None:
    """Baseline 3 times the limit: 2.9 times that is 8.7 times the limit, and still grade 1 in v5.0."""
    made = grade("alt", reported("348"), "U/L", upper_limit=Decimal(40), baseline=Baseline(Fraction(120), Fraction(40)))
    assert (made.number, made.by_baseline, made.by_absolute) == (1, 1, 3)


def test_a_unit_that_ctcae_does_not_print_is_not_converted() -> None:
    assert grade("triglycerides", reported("5"), "g/L").why == ctcae.NO_UNIT


def test_the_two_units_have_their_own_cut_offs() -> None:
    """500 mg/dL is 5.645 mmol/L; CTCAE prints 5.7, so 5.68 mmol/L (503 mg/dL) is grade 2 in one and 3 in the other."""
    assert grade("triglycerides", reported("5.68"), "mmol/L").number == 2
    assert grade("triglycerides", reported("503"), "mg/dL").number == 3


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("<150", 0), ("<=150", None), ("<150.1", None), (">1000", 4), (">=1000", None), (">300", None)],
)
def test_a_bound_is_graded_where_every_value_it_can_stand_for_has_one_grade(value: str, wanted: int | None) -> None:
    assert grade("triglycerides", reported(value), "mg/dL").number == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("0", 1), ("40", 1), ("40.0001", 2), ("80", 2), ("119.99", 3), ("120", 3), ("120.01", 4), ("800", 20),
        ("800.1", 21), ("99999", 21), ("<40", 1), ("<=40", 1), ("<41", None), (">800", 21),
        (">=800", None), (">120", None),
    ],
)  # fmt: skip
def test_multiples_of_the_limit(value: str, wanted: int | None) -> None:
    assert multiple(reported(value), Decimal(40)) == wanted
    assert multiple(reported(value), None) is None


# --- what has to hold of any numbers --------------------------------------------------------------
AMOUNT = st.decimals(min_value=0, max_value=20000, places=2, allow_nan=False)
LIMIT = st.decimals(min_value=Decimal("0.5"), max_value=400, places=1, allow_nan=False)
RISING = st.sampled_from(
    sorted(
        (e, a)
        for e, tables in TABLES.items()
        for a, t in tables.items()
        if not isinstance(t, ctcae_tables.Falling) and a != "hdl"
    )
)
FALLING = st.sampled_from(
    sorted((e, a) for e, tables in TABLES.items() for a, t in tables.items() if isinstance(t, ctcae_tables.Falling))
)


def _pair(
    kind: tuple[str, str], low: Decimal, high: Decimal, limit: Decimal, base: Decimal, unit: str
) -> tuple[ctcae.Grade, ctcae.Grade]:
    edition, analyte = kind

    def made(value: Decimal) -> ctcae.Grade:
        return grade(
            analyte,
            reported(str(value)),
            unit,
            upper_limit=limit,
            lower_limit=limit,
            baseline=Baseline(Fraction(base), Fraction(limit)),
            edition=edition,  # type: ignore[arg-type]
            fasting=True,
            symptoms=True,
        )

    return made(low), made(high)


@SHORT
@given(RISING, AMOUNT, AMOUNT, LIMIT, AMOUNT, st.data())
def test_a_higher_value_never_gets_a_lower_grade(
    kind: tuple[str, str], one: Decimal, other: Decimal, limit: Decimal, base: Decimal, data: st.DataObject
) -> None:
    unit = data.draw(st.sampled_from(sorted(ANALYTE_UNITS[kind[1]])))
    low, high = _pair(kind, min(one, other), max(one, other), limit, base, unit)
    for less, more in ((low.number, high.number), (low.by_absolute, high.by_absolute)):
        assert less is None or more is None or less <= more


@SHORT
@given(FALLING, AMOUNT, AMOUNT, LIMIT, st.data())
def test_a_lower_count_never_gets_a_lower_grade(
    kind: tuple[str, str], one: Decimal, other: Decimal, limit: Decimal, data: st.DataObject
) -> None:
    unit = data.draw(st.sampled_from(sorted(ANALYTE_UNITS[kind[1]])))
    low, high = _pair(kind, min(one, other), max(one, other), limit, Decimal(1), unit)
    assert low.number is not None and high.number is not None and low.number >= high.number


@SHORT
@given(RISING, AMOUNT, AMOUNT, LIMIT, AMOUNT, st.sampled_from(("<", "<=", ">", ">=")), st.data())
def test_a_bound_is_never_graded_otherwise_than_a_value_it_can_stand_for(
    kind: tuple[str, str], bound: Decimal, value: Decimal, limit: Decimal, base: Decimal, sign: str, data: st.DataObject
) -> None:
    stands = {"<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound}[sign]
    unit = data.draw(st.sampled_from(sorted(ANALYTE_UNITS[kind[1]])))
    edition, analyte = kind
    more = {"upper_limit": limit, "edition": edition, "fasting": True, "symptoms": True}
    before = Baseline(Fraction(base), Fraction(limit))
    bounded = grade(analyte, reported(f"{sign}{bound}"), unit, baseline=before, **more)  # type: ignore[arg-type]
    exact = grade(analyte, reported(str(value)), unit, baseline=before, **more)  # type: ignore[arg-type]
    if stands and bounded.number is not None and exact.number is not None:
        assert bounded.number == exact.number
    times = multiple(reported(f"{sign}{bound}"), limit)
    if stands and times is not None:
        assert multiple(reported(str(value)), limit) == times


@SHORT
@given(AMOUNT, LIMIT, st.integers(1, 20))
def test_above_a_multiple_means_above_it(value: Decimal, limit: Decimal, steps: int) -> None:
    times = multiple(reported(str(value)), limit)
    assert times is not None
    assert (times > steps) == (Fraction(value) > steps * Fraction(limit))
