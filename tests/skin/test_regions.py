"""Which skin is of which part of the face; what is no skin is of none. The frame keeps places and areas."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
import pytest

from isocourse.skin.face import Face
from isocourse.skin.frame import PX_PER_MM, Frame, framed
from isocourse.skin.light import Bytes, to_srgb
from isocourse.skin.regions import NAMES, Regions, regions
from isocourse.skin.scale import Scale, scale_from_iris, scale_from_length
from tests.skin.generated import generated, with_beard, with_sunglasses
from tests.skin.portraits import finder, portrait

FIND = finder()
FACES = ("portrait", "very light", "brown", "dark")
# Points of the mesh on eyes, brows, lips and nostrils, and in the middle of each part.
NO_SKIN = (468, 473, 159, 145, 386, 374, 105, 66, 334, 296, 0, 13, 14, 17, 61, 291, 79, 309)
INSIDE = {"forehead": 151, "right cheek": 50, "left cheek": 280, "nose": 4, "chin": 199}


def picture(name: str) -> Bytes:
    if name == "portrait":
        return portrait()
    return generated(name).rgb  # type: ignore[arg-type]  # a tone


def seen(rgb: Bytes) -> tuple[Frame, Regions]:
    (face,) = FIND(rgb)
    frame = framed(rgb, face, scale_from_iris(face))
    return frame, regions(frame)


@pytest.mark.parametrize("name", FACES)
def test_eyes_brows_lips_and_nostrils_are_no_skin(name: str) -> None:
    frame, found = seen(picture(name))
    for index in NO_SKIN:
        x, y = np.rint(frame.points[index]).astype(int)
        assert found.labels[y, x] == 0, index


@pytest.mark.parametrize("name", FACES)
def test_every_part_is_where_it_belongs_and_sides_are_the_persons(name: str) -> None:
    frame, found = seen(picture(name))
    for part, index in INSIDE.items():
        x, y = np.rint(frame.points[index]).astype(int)
        around = found.labels[y - 20 : y + 21, x - 20 : x + 21]
        here = around[around > 0]
        assert here.size and NAMES[int(np.median(here)) - 1] == part
    middle = {part: float(np.argwhere(found.of(part))[:, 1].mean()) for part in NAMES}
    for part in ("cheek", "temple", "jaw"):
        assert middle[f"right {part}"] < middle["nose"] < middle[f"left {part}"], part
    assert {NAMES[label - 1] for label in np.unique(found.labels) if label} == set(NAMES)


def test_a_mirrored_face_has_its_sides_changed() -> None:
    _, found = seen(portrait())
    _, other = seen(np.ascontiguousarray(portrait()[:, ::-1]))
    for part in ("cheek", "jaw"):
        assert other.of(f"left {part}").sum() == pytest.approx(found.of(f"right {part}").sum(), rel=0.15), part


def test_a_beard_is_no_skin_and_the_cheeks_stay() -> None:
    rgb = generated("very light").rgb
    (face,) = FIND(rgb)
    _, bare = seen(rgb)
    _, found = seen(with_beard(rgb, face))
    for part in ("chin", "right jaw", "left jaw"):
        assert found.of(part).sum() < 0.1 * bare.of(part).sum(), part
    assert found.of("right cheek").sum() > 0.35 * bare.of("right cheek").sum()
    assert bare.covered < 0.1 < 0.3 < found.covered


def test_dark_glasses_are_no_skin() -> None:
    rgb = generated("dark").rgb
    (face,) = FIND(rgb)
    dark = with_sunglasses(rgb, face)
    frame = framed(dark, face, scale_from_iris(face))
    for index in (119, 348):  # under the eyes, behind the glasses
        x, y = np.rint(frame.points[index]).astype(int)
        assert regions(frame).labels[y, x] == 0


@pytest.mark.parametrize("millimetres", [1.0, 3.0, 6.0])
def test_no_mark_is_taken_for_hair(millimetres: float) -> None:
    rgb = generated("very light").rgb.copy()
    (face,) = FIND(rgb)
    x, y = face.points[50, :2]
    px = scale_from_iris(face).px_per_mm
    cv2.circle(rgb, (int(x), int(y)), int(millimetres / 2 * px), (120, 50, 45), -1, cv2.LINE_AA)
    frame = framed(rgb, face, scale_from_iris(face))
    at = np.rint(frame.points[50]).astype(int)
    assert regions(frame).labels[at[1], at[0]] == NAMES.index("right cheek") + 1


# --- frame and scale --------------------------------------------------------------------------------
def plain(width: int, height: int) -> Face:
    """A face without a face: points that fill a picture, irises 94 px across."""
    dice = np.random.default_rng(2)
    points = np.column_stack([dice.uniform(0.2, 0.8, 478) * width, dice.uniform(0.2, 0.8, 478) * height, np.zeros(478)])
    points[[0, 1], :2] = [[0.2 * width, 0.2 * height], [0.8 * width, 0.8 * height]]
    return Face(points, 1.0)


@pytest.mark.parametrize("px_per_mm", [4.0, 8.0, 11.3, 20.0])
def test_a_drawn_disc_keeps_its_place_and_its_area(px_per_mm: float) -> None:
    middle, radius = (600.3, 702.6), 20 * px_per_mm / 8
    down, across = np.mgrid[:1400, :1100]
    inside = np.clip(radius + 0.5 - np.hypot(across - middle[0], down - middle[1]), 0, 1)[..., None]
    rgb = to_srgb(np.float32(0.02) + 0.6 * inside * np.ones(3))
    frame = framed(rgb, plain(1100, 1400), Scale(px_per_mm=px_per_mm, error=0.0, how="given"))
    light = frame.linear[..., 0]
    part = (light - light.min()) / (light.max() - light.min())
    area = float(part.sum()) / PX_PER_MM**2
    down, across = np.mgrid[: part.shape[0], : part.shape[1]]
    found = np.array([(across * part).sum(), (down * part).sum()]) / part.sum()
    assert area == pytest.approx(np.pi * 2.5**2, rel=0.02)
    assert found * frame.step + np.array(frame.origin) == pytest.approx(middle, abs=0.1)


@pytest.mark.parametrize("px_per_mm", [4.0, 13.0])
def test_points_of_the_frame_are_the_points_of_the_picture(px_per_mm: float) -> None:
    face = plain(1100, 1400)
    frame = framed(np.zeros((1400, 1100, 3), np.uint8), face, Scale(px_per_mm=px_per_mm, error=0.0, how="given"))
    assert np.allclose(frame.points * frame.step + np.array(frame.origin), face.points[:, :2])


@pytest.mark.parametrize("tone", ["light", "dark"])
def test_the_irises_tell_the_scale_within_the_error_they_claim(tone: Literal["light", "dark"]) -> None:
    taken = generated(tone)
    (face,) = FIND(taken.rgb)
    found = scale_from_iris(face)
    assert found.how == "iris" and 0.04 < found.error < 0.08
    assert found.px_per_mm == pytest.approx(taken.truth.px_per_mm, rel=2 * found.error)


def test_a_picture_twice_as_large_has_twice_the_pixels() -> None:
    small = cv2.resize(portrait(), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    (one,), (two,) = FIND(np.asarray(small, dtype=np.uint8)), FIND(portrait())
    assert scale_from_iris(two).px_per_mm == pytest.approx(2 * scale_from_iris(one).px_per_mm, rel=0.02)


def test_a_known_length_tells_the_scale() -> None:
    found = scale_from_length(170, 20)
    assert found.px_per_mm == 8.5 and found.how == "given" and found.error == pytest.approx(1 / 170)
    for pixels, millimetres in ((0, 20), (170, 0), (-1, 20), (float("nan"), 20)):
        with pytest.raises(ValueError, match="above zero"):
            scale_from_length(pixels, millimetres)
