"""Colour: published test pairs, worked examples, and two other libraries on random colours."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from skimage import color as skimage_color

from isocourse.skin import colour
from isocourse.skin.light import to_linear, to_srgb

with warnings.catch_warnings():  # it misses a plotting library that is not wanted here
    warnings.simplefilter("ignore")
    import colour as colour_science

# Sharma, Wu and Dalal 2005, all 34 pairs with their CIEDE2000.
SHARMA = """
50 2.6772 -79.7751 50 0 -82.7485 2.0425
50 3.1571 -77.2803 50 0 -82.7485 2.8615 | 50 2.8361 -74.02 50 0 -82.7485 3.4412
50 -1.3802 -84.2814 50 0 -82.7485 1 | 50 -1.1848 -84.8006 50 0 -82.7485 1 | 50 -0.9009 -85.5211 50 0 -82.7485 1
50 0 0 50 -1 2 2.3669 | 50 -1 2 50 0 0 2.3669 | 50 2.49 -0.001 50 -2.49 0.0009 7.1792
50 2.49 -0.001 50 -2.49 0.001 7.1792 | 50 2.49 -0.001 50 -2.49 0.0011 7.2195 | 50 2.49 -0.001 50 -2.49 0.0012 7.2195
50 -0.001 2.49 50 0.0009 -2.49 4.8045 | 50 -0.001 2.49 50 0.001 -2.49 4.8045 | 50 -0.001 2.49 50 0.0011 -2.49 4.7461
50 2.5 0 50 0 -2.5 4.3065 | 50 2.5 0 73 25 -18 27.1492 | 50 2.5 0 61 -5 29 22.8977
50 2.5 0 56 -27 -3 31.9030 | 50 2.5 0 58 24 15 19.4535 | 50 2.5 0 50 3.1736 0.5854 1
50 2.5 0 50 3.2972 0 1 | 50 2.5 0 50 1.8634 0.5757 1 | 50 2.5 0 50 3.2592 0.3350 1
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644 | 63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731 | 35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373 | 36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441 | 90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377 | 2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082
"""
PAIRS = np.array([[float(v) for v in each.split()] for each in SHARMA.replace("\n", "|").split("|") if each.strip()])


def test_the_published_pairs_come_out_as_printed() -> None:
    assert len(PAIRS) == 34
    assert np.abs(colour.delta_e00(PAIRS[:, :3], PAIRS[:, 3:6]) - PAIRS[:, 6]).max() < 6e-5


def test_two_other_libraries_find_the_same_differences() -> None:
    dice = np.random.default_rng(5)
    one, other = (dice.uniform([0, -80, -80], [100, 80, 80], (4000, 3)) for _ in range(2))
    ours = colour.delta_e00(one, other)
    assert np.abs(ours - skimage_color.deltaE_ciede2000(one, other)).max() < 1e-8
    assert np.abs(ours - colour_science.delta_E(one, other, method="CIE 2000")).max() < 1e-8


def test_lab_of_single_colours_and_of_pictures_agrees_with_another_library() -> None:
    rgb = np.random.default_rng(6).integers(0, 256, (60, 50, 3), dtype=np.uint8)
    expected = skimage_color.rgb2lab(rgb)
    linear = to_linear(rgb)
    assert np.abs(colour.lab_of(linear) - expected).max() < 0.02
    assert np.abs(colour.lab(linear) - expected).max() < 0.1


def test_the_curve_goes_there_and_back() -> None:
    every = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    assert np.array_equal(to_srgb(to_linear(every)), every)
    assert to_linear(every)[8, 0, 0] == pytest.approx(0.2158605, abs=1e-6)  # sRGB 128


# (L*, b*), angle, class. The worked examples of the literature, then both sides of every cut-off.
@pytest.mark.parametrize(
    ("lightness", "b", "angle", "name"),
    [(65, 15, 45.0, "light"), (60, 18, 29.1, "intermediate"), (45, 16, -17.4, "brown"), (35, 12, -51.3, "dark")],
)
def test_the_typology_angle(lightness: float, b: float, angle: float, name: str) -> None:
    found = colour.ita(lightness, b)
    assert found == pytest.approx(angle, abs=0.05) and colour.tone_class(found) == name


@pytest.mark.parametrize(
    ("limit", "above", "at"),
    [(55, "very light", "light"), (41, "light", "intermediate"), (28, "intermediate", "tan"),
     (10, "tan", "brown"), (-30, "brown", "dark")],
)  # fmt: skip
def test_a_limit_belongs_to_the_darker_class(limit: float, above: str, at: str) -> None:
    assert colour.tone_class(limit + 1e-9) == above and colour.tone_class(limit) == at


def test_blue_is_no_skin() -> None:
    assert colour.ita(60, 0) is None and colour.ita(60, -3) is None and colour.ita(60, float("nan")) is None


def test_the_error_of_the_angle_is_what_small_changes_do() -> None:
    lightness, b = 52.0, 18.0
    by_l = (colour.ita(lightness + 0.01, b) or 0) - (colour.ita(lightness, b) or 0)
    assert colour.ita_error(lightness, b, lightness_error=0.01, b_error=0) == pytest.approx(by_l, rel=1e-3)
    assert colour.ita_error(lightness, b, lightness_error=1, b_error=0) == pytest.approx(3.1, abs=0.05)


SKIN, SPOT = to_linear(np.array([[[194, 150, 130], [150, 105, 85]]], np.uint8))[0]


def test_indices_of_the_worked_example() -> None:
    assert colour.melanin_index(SKIN) == pytest.approx(26.80, abs=0.01)
    assert colour.melanin_index(SPOT) == pytest.approx(51.57, abs=0.01)
    assert colour.erythema_index(SKIN) == pytest.approx(24.77, abs=0.01)
    assert colour.erythema_index(SPOT) == pytest.approx(33.43, abs=0.01)
    assert colour.delta_e00(colour.lab_of(SKIN), colour.lab_of(SPOT)) == pytest.approx(15.7, abs=0.05)


def test_pigments_of_the_worked_example_and_that_exposure_is_shading_alone() -> None:
    skin = np.asarray(SKIN)[None, None]
    found = colour.pigments(skin)[0, 0]
    assert found == pytest.approx([0.7097, 1.5870, -0.1511], abs=2e-3)
    darker = colour.pigments(skin * 0.7)[0, 0]
    assert darker[:2] == pytest.approx(found[:2], abs=1e-5)
    assert darker[2] - found[2] == pytest.approx(-np.log(0.7), abs=1e-5)


def test_pigment_put_in_is_found_again() -> None:
    added = np.exp(-(0.3 * colour.MELANIN + 0.1 * colour.HAEMOGLOBIN))
    change = colour.pigments((SKIN * added)[None, None]) - colour.pigments(np.asarray(SKIN)[None, None])
    assert change[0, 0] == pytest.approx([0.3, 0.1, 0.0], abs=1e-4)
