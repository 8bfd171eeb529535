"""Both sides of every bound of plausibility, written here by hand; a bound that moves has to be moved here too."""

from __future__ import annotations

from decimal import Decimal

import pytest

from isocourse.record import plausible
from isocourse.record.events import LabResult
from isocourse.record.plausible import BOUNDS, implausible
from isocourse.record.terminology import ANALYTE_UNITS
from tests.bloods.courses import alt, event, fired, record, supplied, tg

# analyte, unit, an upper limit, then: value just outside, least, most, just outside.
VALUES = [
    "alt U/L 40 2.9 3 50000 50001",
    "ast U/L 40 2.9 3 50000 50001",
    "alp U/L 100 2.9 3 20000 20001",
    "ggt U/L 50 1.9 2 20000 20001",
    "ck U/L 500 4.9 5 1000000 1000001",
    "lipase U/L 60 0.9 1 100000 100001",
    "bilirubin mg/dL 1 0.09 0.1 60 60.1",
    "triglycerides mmol/L 1.7 0.24 0.25 300 300.1",
    "triglycerides mg/dL 150 22.1 22.2 26571 26572",
    "total_cholesterol mmol/L 5 0.49 0.5 50 50.1",
    "ldl mmol/L 3 0.19 0.2 40 40.1",
    "hdl mmol/L 2 0.09 0.1 8 8.1",
    "glucose mmol/L 6 0.9 1 150 150.1",
    "hba1c % 6 1.9 2 25 25.1",
    "haemoglobin g/L 160 19 20 260 261",
    "haemoglobin g/dL 16 1.9 2 26 26.1",
    "white_cells 10*9/L 10 -1 0 1000 1000.1",
    "neutrophils 10*9/L 7 -1 0 300 300.1",
    "platelets 10*9/L 400 -1 0 5000 5001",
]
# analyte, unit, a value, then: upper limit just outside, least, most, just outside.
UPPERS = [
    "alt U/L 30 9.9 10 200 201",
    "alt ukat/L 0.5 0.16 0.17 3.3 3.4",
    "ast U/L 30 9.9 10 200 201",
    "alp U/L 80 19.9 20 1000 1001",
    "ggt U/L 30 4.9 5 200 201",
    "ck U/L 100 49.9 50 1000 1001",
    "lipase U/L 30 9.9 10 600 601",
    "bilirubin mg/dL 1 0.29 0.3 3 3.1",
    "triglycerides mmol/L 1 0.79 0.8 4 4.1",
    "total_cholesterol mmol/L 5 2.9 3 12 12.1",
    "ldl mmol/L 3 0.9 1 10 10.1",
    "hdl mmol/L 1 0.9 1 6 6.1",
    "glucose mmol/L 5 3.9 4 12 12.1",
    "hba1c % 5 3.9 4 10 10.1",
    "haemoglobin g/L 140 99 100 220 221",
    "white_cells 10*9/L 6 4.9 5 30 30.1",
    "neutrophils 10*9/L 4 2.9 3 20 20.1",
    "platelets 10*9/L 300 199 200 1000 1001",
]
# The same for the lower limit.
LOWERS = [
    "hdl mmol/L 1 0.49 0.5 2.5 2.6",
    "glucose mmol/L 5 1.9 2 5 5.1",
    "haemoglobin g/L 140 79 80 180 181",
    "white_cells 10*9/L 6 0.9 1 8 8.1",
    "neutrophils 10*9/L 4 0.29 0.3 4 4.1",
    "platelets 10*9/L 300 49 50 250 251",
]


def doubted(analyte: str, value: str, unit: str, upper: str | None = None, lower: str | None = None) -> bool:
    upper_limit, lower_limit = (Decimal(limit) if limit is not None else None for limit in (upper, lower))
    return implausible(analyte, Decimal(value), unit, upper_limit=upper_limit, lower_limit=lower_limit)


def answer(place: str, line: str, edge: str) -> bool:
    analyte, unit, other, *_ = line.split()
    match place:
        case "value":
            # The greatest values are no multiple of a usual limit; there the value is asked about alone.
            return doubted(analyte, edge, unit, other if Decimal(edge) < 1000 * Decimal(other) else None)
        case "upper":
            return doubted(analyte, other, unit, edge)
        case _:
            return doubted(analyte, other, unit, None, edge)


def wrong() -> list[str]:
    return [
        f"{place} {line}: {edge}"
        for place, lines in (("value", VALUES), ("upper", UPPERS), ("lower", LOWERS))
        for line in lines
        for edge, outside in zip(line.split()[3:], (True, False, False, True), strict=True)
        if answer(place, line, edge) is not outside
    ]


def test_both_sides_of_every_bound() -> None:
    assert wrong() == []


def test_every_bound_is_walked() -> None:
    first = {(line.split()[0], place) for place, lines in (("v", VALUES), ("u", UPPERS)) for line in lines}
    assert first == {(analyte, place) for analyte in BOUNDS for place in "vu"}
    assert {line.split()[0] for line in LOWERS} == {analyte for analyte, bounds in BOUNDS.items() if bounds.lower}


def test_only_fertility_has_no_bounds() -> None:
    assert set(ANALYTE_UNITS) - set(BOUNDS) == {"hcg", "fsh"}


def test_value_and_upper_limit_belong_together() -> None:
    """A hundredth of the limit and 2000 times the limit can be; beyond them it cannot. Blood cells may be none."""
    assert [doubted("lipase", v, "U/L", "300") for v in ("2.9", "3")] == [True, False]
    assert [doubted("ck", v, "U/L", "60") for v in ("120000", "120001")] == [False, True]
    assert not doubted("platelets", "0", "10*9/L", "400", "150")


def test_a_lower_limit_lies_below_the_upper_one() -> None:
    assert [doubted("alt", "20", "U/L", "40", low) for low in ("39", "40", "41")] == [False, True, True]


def test_a_limit_of_nothing_limits_nothing() -> None:
    assert not doubted("alt", "20", "U/L", "0", "0")


def test_a_moved_bound_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    for analyte, bounds in BOUNDS.items():
        moved = bounds._replace(value=(bounds.value[0], str(float(bounds.value[1]) * 1.5)))
        monkeypatch.setitem(plausible.BOUNDS, analyte, moved)
    implausible.cache_clear()
    assert len(wrong()) == len(VALUES)
    monkeypatch.undo()
    implausible.cache_clear()
    assert wrong() == []


@pytest.mark.parametrize("programme", ["us", "uk", "eu"])
def test_what_can_be_is_not_doubted(programme: str) -> None:
    """At the limits nothing fires, and nothing is shown."""
    quiet = [
        ("glucose", "6", "mmol/L", {"upper_limit": 6, "lower_limit": "3.9", "fasting_hours": 12}),
        ("hba1c", "6", "%", {"upper_limit": 6}),
        ("ldl", "4.5", "mmol/L", {"upper_limit": "4.5"}),
        ("ggt", "50", "U/L", {"upper_limit": 50}),
        ("hdl", "1", "mmol/L", {"lower_limit": 1}),
        ("bilirubin", "1.2", "mg/dL", {"upper_limit": "1.2"}),
        ("neutrophils", "2", "10*9/L", {"lower_limit": 2, "upper_limit": 7}),
        ("platelets", "400", "10*9/L", {"lower_limit": 150, "upper_limit": 400}),
    ]
    labs = [event("lab_result", 8, analyte=a, value=v, unit=u, **more) for a, v, u, more in quiet]
    assert fired(programme, 10, alt(-1), tg(-1, hours_since_alcohol=48), supplied(lasts=60), *labs) == set()


def test_an_implausible_result_is_recorded_all_the_same() -> None:
    kept = record(alt(0, 300, "a", upper_limit=4000)).events[0]
    assert isinstance(kept, LabResult) and kept.upper_limit == 4000
