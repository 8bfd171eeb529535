"""What a bad photograph is told, and that nothing is measured in it; a good one passes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from isocourse.simulate.faces import Camera
from isocourse.skin.calibrate import Calibration
from isocourse.skin.findings import Gate, Measurement
from isocourse.skin.focus import blur_mm
from isocourse.skin.frame import framed
from isocourse.skin.jpeg import Jpeg
from isocourse.skin.light import Bytes, to_linear, to_srgb
from isocourse.skin.measure import Settings, measure
from isocourse.skin.pose import pose
from isocourse.skin.quality import View, colour_px_per_mm, smallest_mm
from isocourse.skin.scale import Scale, scale_from_iris
from tests.skin.generated import as_drawing, generated, with_beard, with_sunglasses
from tests.skin.portraits import as_jpeg, finder, portrait

FIND = finder()
TONES = ("very light", "intermediate", "dark")


def measured(rgb: Bytes, *, quality: int = 95, subsampling: int = 0, view: View = "frontal") -> Measurement:
    return measure(as_jpeg(rgb, quality=quality, subsampling=subsampling), Calibration(), Settings(view=view), FIND)


def gate(found: Measurement, code: str) -> Gate:
    return next(each for each in found.gates if each.code == code)


def shrunk(rgb: Bytes, factor: float) -> Bytes:
    return np.asarray(cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def blurred(rgb: Bytes, sigma: float) -> Bytes:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), dtype=np.uint8)


def exposed(rgb: Bytes, gain: float) -> Bytes:
    return to_srgb(to_linear(rgb) * gain)


def half_dark(rgb: Bytes) -> Bytes:
    worse = rgb.copy()
    (face,) = FIND(rgb)
    middle = int(face.points[168, 0])
    worse[:, middle:] = exposed(np.ascontiguousarray(rgb[:, middle:]), 0.3)
    return worse


def close(rgb: Bytes) -> Bytes:
    (face,) = FIND(rgb)
    (x0, y0), (x1, y1) = face.points[:, :2].min(axis=0).astype(int), face.points[:, :2].max(axis=0).astype(int)
    wide, tall = (x1 - x0) // 5, (y1 - y0) // 5
    return np.ascontiguousarray(rgb[y0 + tall : y1 - tall, x0 + wide : x1 - wide])


def glasses(rgb: Bytes) -> Bytes:
    (face,) = FIND(rgb)
    return with_sunglasses(rgb, face)


def grey(rgb: Bytes) -> Bytes:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), dtype=np.uint8)


@pytest.mark.parametrize("tone", TONES)
def test_a_good_photograph_passes_every_check(tone: str) -> None:
    found = measured(generated(tone).rgb)  # type: ignore[arg-type]
    assert not found.refused and [each.code for each in found.gates if not each.passed] == []
    assert [each.code for each in found.gates][:3] == ["faces", "whole face", "focus"]
    assert all(each.says == "" for each in found.gates)


BAD = {
    "blurred": (lambda rgb: blurred(rgb, 4), "blurred"),
    "too dark": (lambda rgb: exposed(rgb, 0.03), "too dark"),
    "far away": (lambda rgb: shrunk(rgb, 0.35), "too small"),
    "close": (close, "does not fit"),
    "a cheek": (lambda rgb: np.ascontiguousarray(rgb[900:1500, 500:900]), "No face"),
    "two": (lambda rgb: np.concatenate([rgb, rgb], axis=1), "more than one face"),
    "nobody": (lambda rgb: np.full_like(rgb, (140, 160, 190)), "No face"),
    "a drawing": (as_drawing, "drawing"),
    "sunglasses": (glasses, "take off dark glasses"),
    "grey, said to be colour": (grey, "not those of skin"),
}


@pytest.mark.parametrize("tone", ["light", "brown"])
@pytest.mark.parametrize("name", BAD)
def test_one_sentence_and_no_figure_for_a_bad_photograph(name: str, tone: str) -> None:
    worse, says = BAD[name]
    found = measured(worse(generated(tone).rgb))  # type: ignore[arg-type]
    assert says in found.refused and "\n" not in found.refused and found.refused.endswith(".")
    assert found.regions == () and found.spots == () and found.texture == ()
    assert found.tone is None and found.colour is None and found.relief is None and found.px_per_mm is None


def test_a_face_that_is_too_bright_or_lit_from_one_side_is_refused() -> None:
    rgb = generated("very light").rgb
    assert "too bright" in measured(exposed(rgb, 4)).refused
    assert "One side" in measured(half_dark(rgb)).refused


def test_a_beard_is_measured_around_and_said() -> None:
    rgb = generated("intermediate").rgb
    (face,) = FIND(rgb)
    found = measured(with_beard(rgb, face))
    assert not found.refused and not gate(found, "covered").passed
    area = {region.name: region.area for region in found.regions}
    assert area["chin"] == 0 and area["right cheek"] > 500


def test_a_file_that_was_made_small_is_refused_or_said() -> None:
    rgb = generated("intermediate").rgb
    assert "made smaller" in measured(rgb, quality=50).refused
    found = measured(rgb, quality=80)
    assert not found.refused and not gate(found, "jpeg quality").passed


def test_thinned_colour_makes_the_smallest_mark_larger() -> None:
    scale = Scale(px_per_mm=8.0, error=0.05, how="iris")
    assert colour_px_per_mm(None, scale) == 8 == colour_px_per_mm(Jpeg(95, "4:4:4"), scale)
    assert colour_px_per_mm(Jpeg(95, "4:2:0"), scale) == 4 and colour_px_per_mm(Jpeg(95, "4:1:1"), scale) == 2
    assert smallest_mm(None, scale) == 0.75 and smallest_mm(Jpeg(95, "4:2:0"), scale) == 1.0


def test_what_a_small_picture_loses_is_said() -> None:
    found = measured(shrunk(generated("light").rgb, 0.6))
    said = gate(found, "scale")
    assert not said.passed and not said.stops and "marks under 1.2 mm are not counted and fine texture" in said.says
    assert all(spot.area >= np.pi / 4 * 1.15**2 for spot in found.spots)
    assert [band.from_mm for band in found.texture] == [1.0]


# --- focus ------------------------------------------------------------------------------------------
def blur_of(rgb: Bytes) -> float:
    (face,) = FIND(rgb)
    found = blur_mm(framed(rgb, face, scale_from_iris(face)))
    assert found is not None
    return found


@pytest.mark.parametrize("millimetres", [0.2, 0.3, 0.45])
def test_blur_is_told_in_millimetres_whatever_the_size_of_the_picture(millimetres: float) -> None:
    rgb = portrait()
    (face,) = FIND(rgb)
    soft = blurred(rgb, millimetres * scale_from_iris(face).px_per_mm)
    assert blur_of(soft) == pytest.approx(millimetres, rel=0.3)
    assert blur_of(shrunk(soft, 0.5)) == pytest.approx(blur_of(soft), rel=0.15)


def test_noise_does_not_make_a_blurred_picture_sharp() -> None:
    dice = np.random.default_rng(4)
    soft = blurred(portrait(), 4.0)
    noisy = np.clip(soft + dice.normal(0, 10, soft.shape), 0, 255).astype(np.uint8)
    assert blur_of(noisy) == pytest.approx(blur_of(soft), rel=0.2)


def test_half_the_light_does_not_change_the_blur() -> None:
    soft = blurred(portrait(), 3.0)
    assert blur_of(exposed(soft, 0.5)) == pytest.approx(blur_of(soft), rel=0.1)


# --- pose -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("yaw", "pitch", "roll"), [(0, 0, 0), (20, 0, 0), (-20, 0, 0), (0, 15, 0), (0, -15, 0), (0, 0, 12)]
)
def test_the_mesh_tells_which_way_the_head_is_turned(yaw: float, pitch: float, roll: float) -> None:
    """The camera of the generated faces counts as we do: right of the picture is the person's left."""
    (face,) = FIND(generated("intermediate", camera=Camera(yaw=yaw, pitch=pitch, roll=roll)).rgb)
    found = pose(face)
    assert (found.yaw, found.pitch, found.roll) == pytest.approx((yaw, pitch, roll), abs=5)


def test_a_turned_head_is_refused_and_is_right_for_the_other_view() -> None:
    data = as_jpeg(generated("intermediate", camera=Camera(yaw=40)).rgb)
    front = measure(data, Calibration(), Settings(), FIND)
    side = measure(data, Calibration(), Settings(view="right"), FIND)
    assert "straight into the camera" in front.refused and not side.refused
    assert "left cheek faces" in measure(data, Calibration(), Settings(view="left"), FIND).refused
