"""Maps and numbers of colour, texture and relief against second writings and against what was drawn."""

from __future__ import annotations

import warnings

import cv2
import numpy as np
import pytest
from skimage import color

from isocourse.skin.findings import ColourFit
from isocourse.skin.frame import PX_PER_MM
from isocourse.skin.light import Floats
from isocourse.skin.relief import raking_light, shading_proxy, slopes
from isocourse.skin.texture import band_maps, bands
from isocourse.skin.tone import maps, tone

DICE = np.random.default_rng(11)
RANDOM = DICE.uniform(0.01, 0.95, (40, 50, 3)).astype(np.float32)
CHART = ColourFit("chart", 1.5, 24, "")


def test_the_maps_agree_with_two_other_libraries() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import colour
    found = maps(RANDOM)
    srgb = np.where(RANDOM <= 0.0031308, RANDOM * 12.92, 1.055 * RANDOM ** (1 / 2.4) - 0.055)
    theirs = color.rgb2lab(srgb)
    white = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]
    others = colour.XYZ_to_Lab(colour.sRGB_to_XYZ(srgb), white)
    for lab in (theirs, others):
        angle = np.degrees(np.arctan2(lab[..., 0] - 50, lab[..., 2]))
        clear = lab[..., 2] > 3  # near b* = 0 the angle is all rounding
        assert np.abs(found.ita[clear] - angle[clear]).max() < 0.5
        assert np.isnan(found.ita[lab[..., 2] < -0.5]).all()
    assert np.allclose(found.erythema, 100 * np.log10(RANDOM[..., 0] / RANDOM[..., 1]), atol=1e-3)
    vectors = np.column_stack([[0.4143, 0.3570, 0.8372], [0.2988, 0.6838, 0.6657], [1, 1, 1]])
    unmixed, *_ = np.linalg.lstsq(vectors, -np.log(RANDOM.reshape(-1, 3)).T, rcond=None)
    for row, values in zip(unmixed, (found.melanin, found.haemoglobin, found.shading), strict=True):
        assert np.allclose(values.ravel(), row, atol=2e-3)


def test_light_changes_shading_and_neither_pigment_nor_erythema() -> None:
    one, other = maps(RANDOM), maps(RANDOM * np.float32(0.6))
    assert np.allclose(one.melanin, other.melanin, atol=2e-3) and np.allclose(one.erythema, other.erythema, atol=1e-2)
    assert np.allclose(other.shading - one.shading, -np.log(0.6), atol=2e-3)


def test_the_tone_is_that_of_the_skin_with_its_error() -> None:
    """The light skin of a chart: CIELAB 65.67, 13.67, 16.90; an angle of 42.8 degrees."""
    skin = np.tile(np.array([0.5395, 0.3050, 0.2232], np.float32), (30, 30, 1))
    found = tone(skin, np.ones((30, 30), bool), CHART)
    assert found is not None and found.ita_error is not None
    assert (found.lightness, found.a, found.b) == pytest.approx((65.67, 13.67, 16.90), abs=0.05)
    assert found.ita == pytest.approx(42.8, abs=0.1) and found.tone_class == "light"
    assert (found.melanin_index, found.erythema_index) == pytest.approx((26.80, 24.77), abs=0.02)
    steps = [np.degrees(np.arctan2(dl, db)) for dl, db in DICE.normal((15.67, 16.90), 1.5, (20_000, 2))]
    assert found.ita_error == pytest.approx(float(np.std(steps)), rel=0.05)


def test_no_tone_without_a_reference_or_with_too_little_skin() -> None:
    skin, all_of_it = np.full((30, 30, 3), 0.3, np.float32), np.ones((30, 30), bool)
    for rung in ("none", "own baseline"):
        assert tone(skin, all_of_it, ColourFit(rung, None, 0, "")) is None  # type: ignore[arg-type]
    few = np.zeros((30, 30), bool)
    few[:10, :10] = True
    assert tone(skin, few, CHART) is None
    card = tone(skin * np.array([1.2, 0.9, 0.7], np.float32), all_of_it, ColourFit("grey card", None, 1, ""))
    assert card is not None and card.ita is not None and card.ita_error is None


# --- texture ----------------------------------------------------------------------------------------
def waves(period: float, amplitude: float = 2.0) -> Floats:
    """Lightness that rises and falls across, the period in millimetres."""
    across = np.arange(800) / PX_PER_MM
    return np.tile((60 + amplitude * np.sin(2 * np.pi * across / period)).astype(np.float32), (800, 1))


WHOLE = np.ones((800, 800), bool)


def roughness(lightness: Floats, blur: float = 0.0) -> dict[float, float]:
    return {band.from_mm: band.value for band in bands(band_maps(lightness, WHOLE, blur=blur), WHOLE)}


def test_each_band_sees_its_own_widths() -> None:
    fine, wide, shape = (roughness(waves(period)) for period in (1.2, 6.0, 60.0))
    assert fine[0.4] > 3 * fine[1.0] and wide[1.0] > 3 * wide[0.4]
    assert shape[0.4] < 0.05 and shape[1.0] < 0.15, "the shape of a face is no texture"


def test_roughness_grows_with_the_waves() -> None:
    one, two = roughness(waves(1.2, 1.0)), roughness(waves(1.2, 2.0))
    assert two[0.4] == pytest.approx(2 * one[0.4], rel=0.01)


@pytest.mark.parametrize("blur", [0.05, 0.1, 0.15])
def test_a_blurred_picture_has_the_same_texture(blur: float) -> None:
    """Without matching a third of the fine band would be gone."""
    grain = cv2.GaussianBlur(np.random.default_rng(2).normal(0, 30, (800, 800)).astype(np.float32), (0, 0), 1.2)
    sharp = np.asarray(60 + grain, dtype=np.float32)
    soft = np.asarray(cv2.GaussianBlur(sharp, (0, 0), blur * PX_PER_MM), dtype=np.float32)
    assert roughness(soft, blur) == pytest.approx(roughness(sharp), rel=0.06)
    if blur >= 0.1:
        assert roughness(soft)[0.4] < 0.9 * roughness(sharp)[0.4]


def test_a_band_that_blur_has_taken_is_not_there() -> None:
    assert list(roughness(waves(3.0), 0.25)) == [1.0]
    assert roughness(waves(3.0), 0.6) == {}


def test_what_is_no_skin_does_not_leak_in() -> None:
    even, skin = np.full((800, 800), 60, np.float32), WHOLE.copy()
    skin[:, 380:420] = False
    even[:, 380:420] = 5
    assert all(band.value < 0.02 for band in bands(band_maps(even, skin, blur=0.1), skin))
    assert bands(band_maps(even, skin, blur=0.1), np.zeros_like(skin)) == ()


# --- relief -----------------------------------------------------------------------------------------
def raked(height: Floats, albedo: Floats, side: int) -> Floats:
    """A height map in millimetres under a lamp 25 degrees above the skin, from the left (-1) or the right (1)."""
    down, across = np.gradient(height, 1 / PX_PER_MM)
    normal = np.stack([-across, -down, np.ones_like(height)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    lamp = np.array([side * np.cos(np.radians(25)), 0, np.sin(np.radians(25))])
    return np.asarray(np.maximum(normal @ lamp, 0)[..., None] * albedo, dtype=np.float32)


def dents(places: list[tuple[float, float]], radius: float, depth: float) -> Floats:
    y, x = np.mgrid[:480, :640] / PX_PER_MM
    height = 0.002 * (x - 40) ** 2  # the curve of a cheek
    for at_x, at_y in places:
        far = np.hypot(x - at_x, y - at_y) / radius
        height -= depth * np.exp(-(far**2))
    return height.astype(np.float32)


SCARS = [(20.0, 15.0), (45.0, 20.0), (30.0, 42.0), (62.0, 45.0)]
SKIN = np.ones((480, 640), bool)


def albedo(seed: int) -> Floats:
    """Brown and red spots, which are no hollows."""
    dice = np.random.default_rng(seed)
    base = np.tile(np.array([0.5, 0.3, 0.22], np.float32), (480, 640, 1))
    for _ in range(12):
        at = (int(dice.integers(40, 600)), int(dice.integers(40, 440)))
        cv2.circle(base, at, 14, (0.25, 0.14, 0.1), -1, cv2.LINE_AA)
    return np.asarray(base, dtype=np.float32)


def test_hollows_are_found_where_they_are_whatever_the_colour() -> None:
    height, colour = dents(SCARS, 1.5, 0.35), albedo(3)
    left, right = raked(height, colour, -1), raked(height, colour, 1)
    found = slopes(left, right, SKIN)
    assert int(found.hollows.max()) == len(SCARS)
    for x, y in SCARS:
        assert found.hollows[round(y * PX_PER_MM), round(x * PX_PER_MM)] > 0
    told = raking_light(left, right, SKIN)
    assert told.how == "raking light" and told.hollows == 4 and told.area is not None and 4 < told.area < 60


def test_bumps_and_spots_are_no_hollows_and_swapped_lamps_turn_them_round() -> None:
    colour = albedo(4)
    flat = dents([], 1.5, 0.3)
    assert raking_light(raked(flat, colour, -1), raked(flat, colour, 1), SKIN).hollows == 0
    height = dents(SCARS, 1.5, 0.35)
    swapped = slopes(raked(height, colour, 1), raked(height, colour, -1), SKIN)
    for x, y in SCARS:
        assert swapped.hollows[round(y * PX_PER_MM), round(x * PX_PER_MM)] == 0


def test_deeper_scars_have_a_higher_index() -> None:
    one, two = (
        raking_light(raked(height, albedo(5), -1), raked(height, albedo(5), 1), SKIN).index
        for height in (dents(SCARS, 1.5, 0.1), dents(SCARS, 1.5, 0.4))
    )
    assert two > 1.5 * one


def test_one_photograph_gives_a_stand_in_that_says_so() -> None:
    told = shading_proxy(bands(band_maps(waves(6.0), WHOLE, blur=0.1), WHOLE))
    assert told is not None and told.how == "shading" and told.hollows is None and told.area is None
    assert "weak" in told.says and shading_proxy(()) is None
