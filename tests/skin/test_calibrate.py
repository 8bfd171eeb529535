"""Colours by a chart, a grey card and a person's own baseline: how far off they are, and when they are refused."""

from __future__ import annotations

import warnings

import cv2
import numpy as np
import pytest

from isocourse.skin.calibrate import Calibration, calibrated
from isocourse.skin.chart import REFERENCE, Chart, find_chart, fit_chart, judged
from isocourse.skin.colour import delta_e00, lab_of
from isocourse.skin.light import Bytes, Floats, to_linear, to_srgb

# A camera that mixes its colours, with a white balance of its own; the rows sum to one.
CAMERA = np.array([[0.86, 0.12, 0.02], [0.06, 0.88, 0.06], [0.01, 0.13, 0.86]])
SKINS = np.array(
    [[0.62, 0.42, 0.33], [0.48, 0.29, 0.20], [0.35, 0.19, 0.12], [0.20, 0.105, 0.063], [0.09, 0.048, 0.03]]
)
NO_SKIN = np.zeros((0, 3), np.float32)


def scene(width: int, *, turn: float = 0.0) -> Floats:
    """A chart of this many pixels across on grey, and below it five fields of skin, in true linear light."""
    tall, wide = 900, 1400
    light = np.full((tall, wide, 3), 0.25, np.float32)
    patch, left, top = width / 6.15, (wide - width) / 2, 60.0
    light[int(top - 0.15 * patch) : int(top + 4.15 * patch), int(left - 0.15 * patch) : int(left + 6.3 * patch)] = 0.02
    for index, colour in enumerate(np.maximum(REFERENCE, 0)):
        row, column = divmod(index, 6)
        x, y = left + (column + 0.08) * patch, top + (row + 0.08) * patch
        light[round(y) : round(y + 0.84 * patch), round(x) : round(x + 0.84 * patch)] = colour
    for index, colour in enumerate(SKINS):
        light[740:860, 100 + index * 250 : 250 + index * 250] = colour
    if turn:
        turned = cv2.getRotationMatrix2D((wide / 2, top + 2 * patch), turn, 1.0)
        light[:700] = cv2.warpAffine(light[:700], turned, (wide, 700), borderMode=cv2.BORDER_REPLICATE)
    return light


def taken(light: Floats, white: tuple[float, float, float], stops: float, seed: int = 1) -> Bytes:
    dice = np.random.default_rng(seed)
    seen = light @ CAMERA.T * np.array(white) * 2.0**stops
    noisy = to_srgb(seen) + dice.normal(0, 1.5, light.shape)
    return np.asarray(np.clip(np.rint(noisy), 0, 255), dtype=np.uint8)


def skin_errors(rgb: Bytes, calibration: Calibration) -> tuple[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    found = calibrated(rgb, to_linear(rgb), NO_SKIN, calibration)
    seen = np.array(
        [np.median(found.linear[760:840, 120 + i * 250 : 230 + i * 250].reshape(-1, 3), axis=0) for i in range(5)]
    )
    return found.fit.rung, delta_e00(lab_of(seen), lab_of(SKINS))


CASES = [((1.25, 1.0, 0.7), -0.5), ((0.75, 1.0, 1.25), -0.2), ((1.0, 1.0, 1.0), -1.0), ((1.1, 1.0, 0.85), 0.0)]


@pytest.mark.parametrize(("white", "stops"), CASES)
@pytest.mark.parametrize("turn", [0.0, 7.0])
def test_skin_is_within_one_by_a_chart_of_200_pixels(
    white: tuple[float, float, float], stops: float, turn: float
) -> None:
    rgb = taken(scene(210, turn=turn), white, stops)
    rung, errors = skin_errors(rgb, Calibration(chart=True))
    assert rung == "chart" and errors.mean() < 1.0 and errors.max() < 2.0
    _, before = skin_errors(rgb, Calibration())
    assert before.mean() > 3 * errors.mean()


def test_a_chart_upside_down_is_read_the_right_way() -> None:
    light = scene(300)
    light[:700] = light[:700][::-1, ::-1].copy()
    rung, errors = skin_errors(taken(light, (1.2, 1.0, 0.8), -0.3), Calibration(chart=True))
    assert rung == "chart" and errors.mean() < 1.0


def test_the_error_that_is_told_is_of_patches_left_out() -> None:
    """Against a second writing, and above the error on the patches that were fitted."""
    dice = np.random.default_rng(3)
    seen = np.maximum(REFERENCE, 0.002) @ CAMERA.T * dice.normal(1, 0.04, (24, 3)) * 0.9
    found = fit_chart(seen)
    assert found is not None and len(found.errors) == 24
    fitted = delta_e00(lab_of(seen @ found.matrix.T), lab_of(REFERENCE))
    assert found.errors.mean() > fitted.mean()
    weights = np.sqrt(np.where(np.isin(np.arange(24), [0, 1, *range(18, 24)]), 3, 1)) / (REFERENCE[:, 1] + 0.05)
    kept = np.arange(24) != 5
    normal = seen[kept].T * weights[kept] ** 2
    matrix = np.linalg.solve(normal @ seen[kept], normal @ REFERENCE[kept])
    assert found.errors[5] == pytest.approx(float(delta_e00(lab_of(seen[5] @ matrix), lab_of(REFERENCE[5]))), rel=1e-6)


def test_the_reference_is_the_charts_own_colours() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import colour
    chart = colour.CCS_COLOURCHECKERS["ColorChecker 2005"]
    xyz = colour.xyY_to_XYZ(np.array(list(chart.data.values())))
    white = np.array([0.95047, 1.0, 1.08883])
    adapt = colour.adaptation.matrix_chromatic_adaptation_VonKries(
        colour.xy_to_XYZ(chart.illuminant), white, "Bradford"
    )
    theirs = colour.XYZ_to_Lab(xyz @ adapt.T, colour.XYZ_to_xy(white))
    assert delta_e00(lab_of(REFERENCE), theirs).max() < 0.1


def test_a_chart_too_small_is_not_used_and_the_next_rung_is() -> None:
    rgb = taken(scene(150), (1.2, 1.0, 0.8), -0.3)
    card = Calibration(chart=True, card=(20, 300, 60, 60), card_light=0.25)
    found = calibrated(rgb, to_linear(rgb), NO_SKIN, card).fit
    assert found.rung == "grey card" and "Not used: " in found.says
    assert "200 are needed" in found.says or "no chart" in found.says
    alone = calibrated(rgb, to_linear(rgb), NO_SKIN, Calibration(chart=True)).fit
    assert alone.rung == "none" and alone.error is None and "Not used: " in alone.says


def test_no_chart_is_found_where_there_is_none() -> None:
    dice = np.random.default_rng(8)
    assert find_chart(dice.integers(0, 256, (600, 800, 3), dtype=np.uint8)) is None
    assert judged(None).startswith("no chart")


def test_a_chart_whose_colours_do_not_fit_is_refused() -> None:
    """Half of it in other light: no one matrix can be right, and no colour comes out of it."""
    light = scene(420)
    light[:, 700:] *= np.array([0.5, 0.8, 1.4], np.float32)
    rgb = taken(light, (1.0, 1.0, 1.0), -0.5)
    assert find_chart(rgb) is not None, "the chart itself is found"
    found = calibrated(rgb, to_linear(rgb), NO_SKIN, Calibration(chart=True))
    assert found.fit.rung == "none" and "do not fit" in found.fit.says
    assert np.array_equal(found.linear, to_linear(rgb))


def test_an_overexposed_chart_is_refused() -> None:
    assert fit_chart(np.clip(REFERENCE * 6, 0, 1)) is None
    rgb = taken(scene(400), (1.0, 1.0, 1.0), 2.5)
    assert calibrated(rgb, to_linear(rgb), NO_SKIN, Calibration(chart=True)).fit.rung == "none"


def test_uneven_patches_are_refused() -> None:
    corners = np.array([[0.0, 0], [400, 0], [400, 280], [0, 280]])
    assert judged(Chart(corners, np.zeros((24, 2)), REFERENCE, np.zeros(24))) == ""
    assert "not even" in judged(Chart(corners, np.zeros((24, 2)), REFERENCE, np.full(24, 0.5)))


# --- grey card and baseline -------------------------------------------------------------------------
def test_a_grey_card_sets_light_and_balance() -> None:
    rgb = to_srgb(scene(300) * np.array([1.3, 1.0, 0.7]) * 0.8)
    rung, errors = skin_errors(rgb, Calibration(card=(20, 300, 60, 60), card_light=0.25))
    assert rung == "grey card" and errors.max() < 0.6
    found = calibrated(rgb, to_linear(rgb), NO_SKIN, Calibration(card=(20, 300, 60, 60), card_light=0.25)).fit
    assert found.error is None and found.patches == 1


@pytest.mark.parametrize(
    ("card", "gain", "says"),
    [
        ((1390, 300, 60, 60), 1.0, "not in the picture"),
        ((-5, 300, 60, 60), 1.0, "not in the picture"),
        ((20, 300, 5, 5), 1.0, "too small"),
        ((20, 300, 60, 60), 9.0, "too bright"),
        ((20, 300, 60, 60), 0.001, "too dark"),
        ((550, 60, 300, 150), 1.0, "not evenly lit"),
        ((110, 750, 100, 80), (1.3, 0.6, 0.3), "not grey"),
    ],
)
def test_a_grey_card_that_cannot_be_one_is_refused(card: tuple[float, ...], gain: object, says: str) -> None:
    rgb = to_srgb(scene(300) * np.array(gain))
    found = calibrated(rgb, to_linear(rgb), NO_SKIN, Calibration(card=card)).fit  # type: ignore[arg-type]
    assert found.rung == "none" and says in found.says


def test_the_own_baseline_brings_the_skin_back_and_gives_no_tone() -> None:
    dice = np.random.default_rng(5)
    skin = (SKINS[1] * dice.normal(1, 0.05, (4000, 1))).astype(np.float32)
    frame = np.ascontiguousarray(skin.reshape(40, 100, 3) * np.float32(0.7) * np.array([1.2, 1, 0.8], np.float32))
    rgb = to_srgb(frame)
    found = calibrated(rgb, frame, frame.reshape(-1, 3), Calibration(own_tone=tuple(SKINS[1])))
    assert found.fit.rung == "own baseline" and "tone of the skin is not given" in found.fit.says
    assert np.median(found.linear.reshape(-1, 3), axis=0) == pytest.approx(SKINS[1], rel=0.02)
    few = calibrated(rgb, frame, frame.reshape(-1, 3)[:50], Calibration(own_tone=tuple(SKINS[1]))).fit
    other = calibrated(rgb, frame, frame.reshape(-1, 3), Calibration(own_tone=(0.9, 0.1, 0.05))).fit
    assert few.rung == other.rung == "none"


def test_a_chart_has_24_patches() -> None:
    with pytest.raises(ValueError, match="24"):
        Calibration(chart=True, patches=((0.1, 0.1, 0.1),))
