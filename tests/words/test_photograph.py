"""A photograph's figures in words: each error is the one that every other paper has, and none is left out."""

from __future__ import annotations

import msgspec
import pytest

from isocourse.skin.findings import Band, Measurement, Spot
from isocourse.words.photograph import figures

SPOT = Spot(
    x=1, y=1, area=20.0, area_error=0.3, kind="brown", d_l=-5, d_a=1, d_b=1, d_e=6, d_ita=None, melanin=0.1,
    haemoglobin=0.0, score=3, region="nose", outline=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)),
)  # fmt: skip
FOUND = Measurement("1", 10, 10, (), px_per_mm=9.0, scale_how="iris", scale_error=0.06, spots=(SPOT, SPOT, SPOT))


def dark_spots(found: Measurement, *shots: Measurement) -> str:
    return next(str(each.note) for each in figures(found, shots) if each.title == "Dark spots")


def test_an_area_carries_the_error_of_the_scale_twice() -> None:
    assert dark_spots(FOUND) == "60 mm² together (± 7.2)"  # 2 * 6 % of 60; the outlines add 0.5


def test_between_photographs_of_one_visit_an_area_varies_by_what_they_do() -> None:
    fewer = msgspec.structs.replace(FOUND, spots=(SPOT,))
    assert dark_spots(FOUND, FOUND, fewer) == "60 mm² together (± 28)"  # of 60 and 20: 20 times the root of 2


@pytest.mark.parametrize(("error", "spots", "told"), [(None, (SPOT,), "20 mm² together"), (0.06, (), "")])
def test_what_is_not_known_is_not_said(error: float | None, spots: tuple[Spot, ...], told: str) -> None:
    assert dark_spots(msgspec.structs.replace(FOUND, scale_error=error, spots=spots)) == told


@pytest.mark.parametrize(
    ("values", "told"), [((0.43,), "0.43 L*"), ((0.43, 0.47), "0.43 ± 0.03 L*"), ((0.43, 0.4307), "0.430 ± 0.001 L*")]
)
def test_a_value_has_as_many_digits_as_its_error(values: tuple[float, ...], told: str) -> None:
    shots = [msgspec.structs.replace(FOUND, texture=(Band(0.4, 1.0, value),)) for value in values]
    assert next(each.amount for each in figures(shots[0], shots) if each.title == "Fine texture") == told
