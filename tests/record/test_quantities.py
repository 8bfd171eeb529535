"""Numbers as reported, and unit factors held against pint, ucumvert and molar masses."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ucumvert import PintUcumRegistry

from isocourse.record import terminology as t
from isocourse.record.quantities import LARGEST, Reported, convert, finite, reported


@cache
def registry() -> Any:
    return PintUcumRegistry()


# Molar masses in g/mol: glucose C6H12O6; cholesterol C27H46O; triolein C57H104O6 stands for triglycerides.
CARBON, HYDROGEN, OXYGEN = 12.011, 1.008, 15.999
MOLAR = {
    "glucose": 6 * CARBON + 12 * HYDROGEN + 6 * OXYGEN,
    "total_cholesterol": 27 * CARBON + 46 * HYDROGEN + OXYGEN,
    "hdl": 27 * CARBON + 46 * HYDROGEN + OXYGEN,
    "ldl": 27 * CARBON + 46 * HYDROGEN + OXYGEN,
    "triglycerides": 57 * CARBON + 104 * HYDROGEN + 6 * OXYGEN,
}
# Units of amount beside a base unit of mass, with g/mol: bilirubin C33H36N4O6; haemoglobin by its monomer.
PER_MOLE = {
    ("bilirubin", "umol/L"): 33 * CARBON + 36 * HYDROGEN + 4 * 14.007 + 6 * OXYGEN,
    ("haemoglobin", "mmol/L"): 64458 / 4,
}
# Pint has no arbitrary international unit of hCG and FSH; the relation of the prefixes is all that is asked.
INTERNATIONAL = {"m[IU]/mL": "m[iU]/mL", "[IU]/L": "[iU]/L"}


def ratio(unit: str, base: str) -> float:
    """How many `base` one `unit` is, by ucumvert."""
    made = registry()
    one = made.from_ucum(INTERNATIONAL.get(unit, unit))
    other = made.from_ucum(INTERNATIONAL.get(base, base))
    return float((1 * one.units if isinstance(one, pint.Quantity) else 1 * one).to(other.units).magnitude)


def same_dimension(unit: str, base: str) -> bool:
    made = registry()
    return bool(
        made.from_ucum(INTERNATIONAL.get(unit, unit)).dimensionality
        == made.from_ucum(INTERNATIONAL.get(base, base)).dimensionality
    )


PLAIN = [
    *(("weight", unit, "kg", factor) for unit, factor in t.WEIGHT_UNITS.items()),
    *(("height", unit, "cm", factor) for unit, factor in t.HEIGHT_UNITS.items()),
    *(
        (analyte, unit, next(iter(units)), factor)
        for analyte, units in t.ANALYTE_UNITS.items()
        for unit, factor in units.items()
        if ((not (analyte in MOLAR and unit == "mg/dL") and "[IU]" not in unit) or analyte in ("hcg", "fsh"))
        and (analyte, unit) not in PER_MOLE
    ),
]


@pytest.mark.parametrize(("what", "unit", "base", "factor"), PLAIN, ids=[f"{what} {unit}" for what, unit, *_ in PLAIN])
def test_a_factor_agrees_with_ucum(what: str, unit: str, base: str, factor: Fraction) -> None:
    assert same_dimension(unit, base)
    assert float(factor) == pytest.approx(ratio(unit, base), rel=1e-9)


@pytest.mark.parametrize("analyte", MOLAR)
def test_a_molar_factor_agrees_with_the_molar_mass(analyte: str) -> None:
    """1 mg/dL is 10 mg/L; divided by g/mol that is mmol/L."""
    assert float(t.ANALYTE_UNITS[analyte]["mg/dL"]) == pytest.approx(10 / MOLAR[analyte], rel=1e-3)


@pytest.mark.parametrize(("analyte", "unit"), PER_MOLE)
def test_a_unit_of_amount_agrees_with_the_molar_mass(analyte: str, unit: str) -> None:
    """1 umol/L is M/10000 mg/dL; 1 mmol/L is M/1000 g/L."""
    wanted = PER_MOLE[analyte, unit] / (10000 if unit == "umol/L" else 1000)
    assert float(t.ANALYTE_UNITS[analyte][unit]) == pytest.approx(wanted, rel=1e-4)


def test_every_analyte_has_one_base_unit_and_every_factor_is_positive() -> None:
    for units in [*t.ANALYTE_UNITS.values(), t.WEIGHT_UNITS, t.HEIGHT_UNITS]:
        assert next(iter(units.values())) == 1
        assert all(isinstance(factor, Fraction) and factor > 0 for factor in units.values())


def test_enzymes_in_international_units_are_the_same_units() -> None:
    """For an enzyme U and [IU] are both micromole per minute; ucum's arbitrary unit cannot say so."""
    for analyte in ("alt", "ast", "ck", "alp", "ggt", "lipase"):
        assert t.ANALYTE_UNITS[analyte]["[IU]/L"] == 1
        assert float(t.ANALYTE_UNITS[analyte]["ukat/L"]) == pytest.approx(60)


def test_every_spelling_means_a_unit_that_is_known() -> None:
    known = {unit for units in [*t.ANALYTE_UNITS.values(), t.WEIGHT_UNITS, t.HEIGHT_UNITS] for unit in units}
    assert set(t.UNIT_SPELLINGS.values()) <= known
    assert not set(t.UNIT_SPELLINGS) & known


@given(st.decimals(-(10**6), 10**6, places=4), st.sampled_from([Fraction(1), Fraction(8857, 100), Fraction(1, 3)]))
def test_conversion_is_exact_there_and_back(value: Decimal, factor: Fraction) -> None:
    assert convert(value, factor) / factor == Fraction(value)


@pytest.mark.parametrize(
    ("source", "comparator", "value"),
    [
        (5, "=", "5"),
        (Decimal("70.10"), "=", "70.10"),
        ("70.10", "=", "70.10"),
        (" 5.2 ", "=", "5.2"),
        ("<5", "<", "5"),
        ("< 5", "<", "5"),
        ("<=5", "<=", "5"),
        ("≤5", "<=", "5"),
        ("> 1000.0", ">", "1000.0"),
        ("≥1000", ">=", "1000"),
        ("1e3", "=", "1E+3"),
        ("+4", "=", "4"),
        ("-0.5", "=", "-0.5"),
        ("0", "=", "0"),
    ],
)
def test_what_is_reported_is_kept(source: object, comparator: str, value: str) -> None:
    read = reported(source)
    assert (read.comparator, str(read.value)) == (comparator, value)
    assert reported(read.text()) == read


@pytest.mark.parametrize(
    "source",
    [
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "",
        " ",
        "<",
        "5 mg",
        "5,2",
        "1_000",
        "0x10",
        "=5",
        "==5",
        "<>5",
        "5..2",
        "5.",
        ".5",
        "1e999",
        "５",
        "5\x00",
        "5e",
        "high",
        True,
        False,
        None,
        [],
        {},
        float("nan"),
        float("inf"),
        10**10,
        "9999999999",
        1e300,
        "x" * 1000,
        "0." + "1" * 500,
    ],
    ids=lambda source: repr(source)[:20],
)
def test_what_is_no_number_is_refused(source: object) -> None:
    with pytest.raises(ValueError) as caught:
        reported(source)
    assert 0 < len(str(caught.value)) < 150


@given(st.text(max_size=12) | st.integers() | st.floats() | st.none() | st.booleans() | st.decimals())
def test_anything_is_a_number_or_a_value_error(source: object) -> None:
    try:
        read = reported(source)
    except ValueError:
        return
    assert read.value.is_finite() and abs(read.value) <= LARGEST
    assert read.comparator in ("=", "<", "<=", ">", ">=")
    assert reported(read.text()) == read


def test_a_censored_value_is_not_the_value() -> None:
    assert reported("<5") != reported("5")
    assert reported("5.0") == reported("5")
    assert hash(reported("5.0")) == hash(reported("5"))
    assert repr(Reported(Decimal("5.20"), "<")) == "Reported('<5.20')"


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", "1e10", "-1e10", "1e-200", "0e-999999"])
def test_not_finite(text: str) -> None:
    with pytest.raises(ValueError, match="measur"):
        finite(Decimal(text))


@pytest.mark.parametrize("text", ["0", "-0", "1e9", "-1e9", "1e-100", "0.1"])
def test_finite(text: str) -> None:
    assert finite(Decimal(text)) == Decimal(text)
