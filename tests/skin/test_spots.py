"""Marks: drawn ones have the area, place and kind they were drawn with; hair, pores, folds and shine are none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from isocourse.skin import spots
from isocourse.skin.findings import Spot
from isocourse.skin.regions import NAMES
from isocourse.skin.spot_candidates import Candidate
from isocourse.skin.spot_outline import outline_of, outlined, ring_of
from isocourse.skin.spots import SpotSettings, find_spots, kind_of
from tests.skin import drawn_skin as drawn

SIZE = (240, 280)
Picture = NDArray[np.float32]
BROWN, RED = drawn.BROWNS[1], drawn.REDS[0]


def look(picture: Picture, *, skin: NDArray[np.bool_] | None = None) -> tuple[Spot, ...]:
    bare = np.ones(picture.shape[:2], bool) if skin is None else skin
    return find_spots(picture, bare, bare.astype(np.uint8))


def even(tone: str = "intermediate", size: tuple[int, int] = SIZE, grain: float = 0.004) -> Picture:
    noise = np.random.default_rng(3).normal(0, grain, (*size, 3))
    return (drawn.base(tone) * np.exp(noise)).astype(np.float32)


def disc(x: float, y: float, radius: float, size: tuple[int, int] = SIZE) -> NDArray[np.float64]:
    """Its share of every pixel, by looking at 5 x 5 points in each."""
    fine = (np.arange(5) - 2) / 5
    down = (np.arange(size[0])[:, None] + fine).ravel()[:, None] - y
    across = (np.arange(size[1])[:, None] + fine).ravel()[None, :] - x
    inside = np.hypot(down, across) <= radius
    return inside.reshape(size[0], 5, size[1], 5).mean(axis=(1, 3))


def with_disc(
    picture: Picture, x: float, y: float, radius: float, *, dose: float = 0.35, colour: NDArray[np.float64] = BROWN
) -> Picture:
    share = disc(x, y, radius, picture.shape[:2])[..., None]
    return (picture * (1 - share + share * np.exp(-dose * colour))).astype(np.float32)


def covered(spot: Spot, size: tuple[int, int] = SIZE) -> NDArray[np.bool_]:
    seen = np.zeros(size, np.uint8)
    cv2.fillPoly(seen, [np.rint(np.array(spot.outline) * 16).astype(np.int32)], 1, shift=4)
    return seen > 0


def test_a_disc_of_radius_20_has_the_area_it_has() -> None:
    (spot,) = look(with_disc(even(), 140.3, 118.7, 20))
    assert spot.area * 64 == pytest.approx(np.pi * 20**2, rel=0.02)
    assert abs(spot.area - np.pi * 20**2 / 64) <= 2 * spot.area_error
    assert (spot.x, spot.y) == pytest.approx((140.3, 118.7), abs=0.3)
    assert spot.kind == "brown"


@settings(max_examples=25, deadline=None)
@given(
    x=st.floats(70, 200),
    y=st.floats(70, 170),
    radius=st.floats(6, 32),
    red=st.booleans(),
    tone=st.sampled_from(list(drawn.TONES)),
)
def test_a_disc_of_any_size_kind_and_tone_is_outlined_where_it_is(
    x: float, y: float, radius: float, red: bool, tone: str
) -> None:
    (spot,) = look(with_disc(even(tone), x, y, radius, colour=RED if red else BROWN))
    truth, drawn_one = disc(x, y, radius) > 0.5, covered(spot)
    assert np.count_nonzero(truth & drawn_one) > 0.85 * np.count_nonzero(truth | drawn_one)
    assert spot.area * 64 == pytest.approx(np.pi * radius**2, rel=0.12)
    assert (spot.x, spot.y) == pytest.approx((x, y), abs=0.7)
    assert spot.kind == ("red" if red else "brown")
    assert spot.d_l < 0


@settings(max_examples=20, deadline=None)
@given(ev=st.floats(-1.5, 0.4), red=st.floats(0.85, 1.15), blue=st.floats(0.85, 1.15))
def test_exposure_and_white_balance_change_nothing(ev: float, red: float, blue: float) -> None:
    picture = with_disc(with_disc(even(), 70, 80, 14), 190, 150, 9, colour=RED, dose=0.25)
    other = (picture * 2**ev * np.array([red, 1, blue])).astype(np.float32)
    plain, changed = look(picture), look(other)
    assert len(plain) == len(changed) == 2
    for one, two in zip(plain, changed, strict=True):
        assert one.kind == two.kind
        assert two.area == pytest.approx(one.area, rel=0.01)
        assert two.melanin == pytest.approx(one.melanin, abs=2e-3)
        assert two.haemoglobin == pytest.approx(one.haemoglobin, abs=2e-3)


def test_differences_are_those_of_mark_and_ring() -> None:
    (spot,) = look(with_disc(even(grain=0.001), 140, 120, 16, dose=0.4))
    inside, outside = (drawn.lab_of(drawn.base("intermediate") * np.exp(-dose * BROWN)) for dose in (0.4, 0.0))
    assert (spot.d_l, spot.d_a, spot.d_b) == pytest.approx(tuple(inside - outside), abs=0.15)


@pytest.mark.parametrize("tone", drawn.TONES)
def test_flat_skin_with_pores_and_noise_has_no_marks(tone: str) -> None:
    dice = np.random.default_rng(17)
    size = (480, 480)
    found = np.zeros((*size, 3)) + 0.02 * drawn.noise(dice, size, 0.12)[..., None]
    pores = np.zeros(size, np.float32)
    for x, y in dice.uniform(4, 476, (300, 2)):
        cv2.circle(
            pores, (int(x * 16), int(y * 16)), int(dice.uniform(10, 32)), float(dice.uniform(0.1, 0.4)), -1, 16, 4
        )
    found += cv2.GaussianBlur(pores, (0, 0), 0.8)[..., None]
    assert look(drawn.render(tone, found, dice, shine=None)) == ()


def lines(width: float, dose: float, size: tuple[int, int] = SIZE) -> NDArray[np.float64]:
    seen = np.zeros(size, np.float32)
    for start, end in (((20, 30), (250, 90)), ((40, 220), (220, 130)), ((150, 20), (120, 100))):
        points = np.rint(np.array([start, end]) * 16.0).astype(np.int32)
        cv2.polylines(seen, [points], False, dose, max(round(width), 1), cv2.LINE_AA, 4)
    return cv2.GaussianBlur(seen, (0, 0), max(width / 3, 0.6))[..., None].astype(np.float64)


@pytest.mark.parametrize(("what", "width", "dose"), [("hairs", 1, 1.2), ("thick hairs", 3, 1.5), ("folds", 10, 0.4)])
@pytest.mark.parametrize("tone", ["light", "dark"])
def test_hairs_and_folds_are_no_marks(tone: str, what: str, width: float, dose: float) -> None:
    picture = (even(tone) * np.exp(-lines(width, dose))).astype(np.float32)
    assert look(picture) == (), what


def test_a_hair_across_a_mark_does_not_change_its_outline() -> None:
    picture = with_disc(even(), 140, 120, 16)
    hair = np.zeros(SIZE, np.float32)
    cv2.line(hair, (60, 100), (230, 143), 1.0, 1, cv2.LINE_AA)
    (spot,) = look((picture * np.exp(-cv2.GaussianBlur(hair, (0, 0), 0.7))[..., None]).astype(np.float32))
    assert spot.area * 64 == pytest.approx(np.pi * 16**2, rel=0.06)


def test_a_slope_of_light_and_the_edge_of_a_shadow_are_no_marks_and_do_not_hide_one() -> None:
    slope = np.exp(-np.linspace(0, 1.5, SIZE[1]))[None, :, None]
    assert look((even() * slope).astype(np.float32)) == ()
    (spot,) = look((with_disc(even(), 140, 120, 16) * slope).astype(np.float32))
    assert spot.area * 64 == pytest.approx(np.pi * 16**2, rel=0.05)
    shadow = np.where(np.arange(SIZE[1]) < 120, 0.6, 1.0)
    soft = cv2.GaussianBlur(np.repeat(shadow[None], SIZE[0], 0), (0, 0), 5)[..., None]
    assert look((even() * soft).astype(np.float32)) == ()


WIDE = (480, 560)


def uneven(red: float = 0.0) -> Picture:
    """Skin on which what is faint stands out little, and with so much of red in it what is red as well."""
    dice = np.random.default_rng(5)
    grey = 0.03 * drawn.noise(dice, WIDE, 1.0) + 0.03 * drawn.noise(dice, WIDE, 2.5)
    found = grey[..., None] + red * drawn.noise(np.random.default_rng(6), WIDE, 2.0)[..., None] * RED
    return (even(size=WIDE) * np.exp(-found)).astype(np.float32)


def fading(x: float, y: float, radius: float) -> NDArray[np.float64]:
    """One in the middle and nothing at the radius, as shade in a hollow."""
    down, across = np.indices(WIDE)
    return np.clip(1 - np.hypot(across - x, down - y) / radius, 0, 1)[..., None]


def test_shade_that_fades_into_the_skin_around_is_no_mark_and_a_mark_in_it_or_at_its_edge_is_one() -> None:
    shade = (uneven() * np.exp(-0.3 * fading(280, 240, 60))).astype(np.float32)
    assert look(shade) == ()
    whole = np.ones(WIDE, bool)
    loose = find_spots(shade, whole, whole.astype(np.uint8), SpotSettings(times_fading=1.0))
    assert [spot.kind for spot in loose] == ["brown"]  # it is as outstanding as a mark has to be
    for x in (280, 328):
        (spot,) = look(with_disc(shade, x, 240, 14))
        assert (spot.x, spot.y) == pytest.approx((x, 240), abs=2)
        assert spot.area * 64 == pytest.approx(np.pi * 14**2, rel=0.15)


@pytest.mark.parametrize("colour", [BROWN, RED], ids=["brown", "red"])
def test_a_mark_with_soft_edges_is_still_one(colour: NDArray[np.float64]) -> None:
    soft = cv2.GaussianBlur(disc(280, 240, 14, WIDE), (0, 0), 8)[..., None]
    (spot,) = look((uneven() * np.exp(-0.6 * soft * colour)).astype(np.float32))
    assert (spot.x, spot.y) == pytest.approx((280, 240), abs=2)


def test_red_that_fades_is_no_shade() -> None:
    (spot,) = look((uneven(red=0.05) * np.exp(-0.5 * fading(280, 240, 50) * RED)).astype(np.float32))
    assert spot.kind == "red"
    assert spot.score < 12  # it stands out no more than shade may


def beside_hair() -> NDArray[np.bool_]:
    skin = np.ones(WIDE, bool)
    skin[:, 280:] = False
    return skin


@pytest.mark.parametrize("colour", [BROWN, RED], ids=["brown", "red"])
@pytest.mark.parametrize("inside", [0.0, 0.5, 0.9])
def test_a_mark_that_stands_out_is_found_where_the_edge_of_the_skin_cuts_it(
    colour: NDArray[np.float64], inside: float
) -> None:
    (spot,) = look(with_disc(uneven(), 280 - 16 * inside, 240, 16, colour=colour), skin=beside_hair())
    truth = (disc(280 - 16 * inside, 240, 16, WIDE) > 0.5) & beside_hair()
    assert spot.area * 64 == pytest.approx(np.count_nonzero(truth), rel=0.15)


def test_what_is_faint_and_cut_by_the_edge_of_the_skin_is_a_mark_only_if_it_is_red() -> None:
    skin, bare = beside_hair(), uneven(red=0.05)
    faint, red = (with_disc(bare, 272, 240, 14, dose=0.2, colour=colour) for colour in (BROWN, RED))
    assert look(faint, skin=skin) == ()
    assert [spot.kind for spot in look(red, skin=skin)] == ["red"]
    loose = find_spots(faint, skin, skin.astype(np.uint8), SpotSettings(more_cut=0.0))
    assert [spot.kind for spot in loose] == ["brown"]
    assert len(look(with_disc(bare, 240, 240, 14, dose=0.2))) == 1  # with skin all around it is one


@pytest.mark.parametrize(
    ("start", "end", "width", "dose", "blur"),
    [
        ((262, 230), (134, 152), 13, 0.26, 2.3),
        ((263, 233), (135, 156), 8, 0.46, 3.5),
        ((262, 232), (112, 220), 9, 0.33, 2.3),
    ],
)
def test_a_mark_that_runs_into_a_fold_is_outlined_if_it_stands_out(
    start: tuple[int, int], end: tuple[int, int], width: int, dose: float, blur: float
) -> None:
    fold = np.zeros(WIDE, np.float32)
    cv2.line(fold, start, end, 1.0, width, cv2.LINE_AA)
    shade = np.exp(-dose * cv2.GaussianBlur(fold, (0, 0), blur)[..., None] * RED)
    picture = (with_disc(uneven(), 280, 240, 12, dose=0.35, colour=RED) * shade).astype(np.float32)
    skin, none, truth = np.ones(WIDE, bool), np.zeros(WIDE, bool), disc(280, 240, 12, WIDE) > 0.5
    assert outlined(picture, skin, none, Candidate(280, 240, 12, score=4.9)) is None
    mark = outlined(picture, skin, none, Candidate(280, 240, 12, score=5.1))
    assert mark is not None
    seen = np.zeros(WIDE, bool)
    seen[mark.box] = mark.mask
    assert np.count_nonzero(seen & truth) > 0.85 * np.count_nonzero(seen | truth)
    bare = (uneven() * shade).astype(np.float32)
    assert outlined(bare, skin, none, Candidate(start[0], start[1], 12, score=9)) is None  # the fold's own end is none


@pytest.mark.parametrize("radius", [40, 55, 70])
def test_a_large_mark_is_outlined_on_coarser_pixels_where_it_is(radius: float) -> None:
    picture = with_disc(even(grain=0.02, size=(640, 640)), 310.4, 322.7, radius, dose=0.5)
    (spot,) = look(picture)
    truth, drawn_one = disc(310.4, 322.7, radius, (640, 640)) > 0.5, covered(spot, (640, 640))
    assert np.count_nonzero(truth & drawn_one) > 0.95 * np.count_nonzero(truth | drawn_one)
    assert spot.area * 64 == pytest.approx(np.pi * radius**2, rel=0.04)
    assert (spot.x, spot.y) == pytest.approx((310.4, 322.7), abs=0.5)


def test_skin_between_two_nostrils_is_no_mark_however_dark() -> None:
    down, across = np.indices(WIDE)
    skin = (np.hypot((across - 215) / 40, (down - 240) / 30) > 1) & (
        np.hypot((across - 345) / 40, (down - 240) / 30) > 1
    )
    shade = np.exp(-0.6 * np.exp(-(((across - 280) / 45.0) ** 4) - ((down - 240) / 28.0) ** 4))[..., None]
    dark = (uneven() * shade).astype(np.float32)
    assert look(dark, skin=skin) == ()
    assert len(find_spots(dark, skin, skin.astype(np.uint8), SpotSettings(more_cut=0.0))) == 1


@pytest.mark.parametrize(("taken", "found"), [(6, True), (9, False)])
def test_what_is_left_around_a_mark_is_no_second_one(taken: float, found: bool) -> None:
    picture, other = with_disc(even(), 140, 120, 16), disc(140, 120, taken) > 0.5
    mark = outlined(picture, np.ones(SIZE, bool), other, Candidate(140, 120, 16, score=20))
    assert (mark is not None) == found


def test_what_is_no_skin_is_not_looked_at() -> None:
    picture = with_disc(with_disc(even(), 70, 120, 14), 200, 120, 14)
    skin = np.ones(SIZE, bool)
    skin[:, 150:] = False
    picture[:, 155:] *= 0.05  # lips, hair, a shirt
    (spot,) = look(picture, skin=skin)
    assert spot.x == pytest.approx(70, abs=1)


def test_the_region_is_the_one_that_holds_most_of_the_mark() -> None:
    labels = np.full(SIZE, 1, np.uint8)
    labels[:, 135:] = NAMES.index("left cheek") + 1
    (spot,) = find_spots(with_disc(even(), 140, 120, 16), labels > 0, labels)
    assert spot.region == "left cheek"


def test_a_ring_leaves_out_other_marks_and_what_is_no_skin() -> None:
    mask = disc(100, 100, 20) > 0.5
    free = ~(disc(135, 100, 10) > 0.5) & ~mask
    free[:, :70] = False
    ring = ring_of(mask, free)
    away = np.hypot(*(np.indices(SIZE) - np.array([100, 100])[:, None, None]))
    assert ring.any() and not (ring & ~free).any()
    assert away[ring].min() > 20 + 0.3 * 20 - 1.5 and away[ring].max() < 20 + 0.3 * 20 + 20 + 1


def test_a_neighbour_does_not_change_what_a_mark_differs_by() -> None:
    alone = with_disc(even(grain=0.001), 110, 120, 12)
    (one,) = look(alone)
    both = look(with_disc(alone, 145, 120, 14, dose=1.0))
    first = min(both, key=lambda spot: abs(spot.x - 110))
    assert len(both) == 2
    assert first.d_l == pytest.approx(one.d_l, abs=0.2)
    assert first.area == pytest.approx(one.area, rel=0.05)


def test_a_mark_among_others_is_held_against_the_skin_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    size = (560, 600)
    alone = with_disc(even(grain=0.02, size=size), 300, 280, 12)
    crowd = alone
    for x in (236, 364):
        crowd = with_disc(crowd, x, 280, 30, dose=0.8)
    (one,) = look(alone)
    left_out: list[bool] = []

    def ring(mask: NDArray[np.bool_], free: NDArray[np.bool_]) -> NDArray[np.bool_]:
        left_out.append(bool((~mask & ~free).any()))
        return ring_of(mask, free)

    monkeypatch.setattr(spots, "ring_of", ring)
    found = look(crowd)
    assert left_out == [True] * 3  # all of it is skin, so what is not free is another mark
    middle = min(found, key=lambda spot: np.hypot(spot.x - 300, spot.y - 280))
    assert middle.d_l == pytest.approx(one.d_l, abs=0.25)


def test_where_other_marks_leave_no_ring_it_may_lie_on_them(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = with_disc(even(), 140, 120, 14)
    (one,) = look(alone)
    seen: list[NDArray[np.bool_]] = []

    def crowded(mask: NDArray[np.bool_], free: NDArray[np.bool_]) -> NDArray[np.bool_]:
        seen.append(free)
        return ring_of(mask, free) if len(seen) % 2 == 0 else np.zeros_like(mask)

    monkeypatch.setattr(spots, "ring_of", crowded)
    (again,) = look(alone)
    assert len(seen) == 2 and again == one


def test_a_mark_on_skin_that_is_brighter_than_all_around_is_found() -> None:
    """A cheek towards the lamp: brighter by more than what counts as shine, over more than a centimetre."""
    down, across = np.indices(WIDE)
    lamp = np.exp(-(((across - 280) ** 2 + (down - 240) ** 2) / (2 * 64.0**2)))[..., None]
    lit = (uneven() * np.exp(0.5 * lamp)).astype(np.float32)
    assert look(lit) == ()
    (spot,) = look(with_disc(lit, 280, 240, 12, dose=0.2))
    assert (spot.x, spot.y) == pytest.approx((280, 240), abs=2)


def test_small_and_very_large_marks_have_to_stand_out_more() -> None:
    def least(area: float) -> float:
        return spots._least_score(64 * area, SpotSettings())

    usual = SpotSettings().least_score
    assert least(5.0) == least(12.0) == least(20.0) == usual
    assert least(1.0) > least(2.0) > least(4.0) > usual < least(40.0) < least(200.0)
    assert least(1.0) == pytest.approx(usual * 5**0.4) and least(80.0) == pytest.approx(usual * 4**0.25)


def test_matt_skin_between_lights_is_no_mark() -> None:
    lights = sum(disc(x, y, 9) for x, y in ((112, 120), (168, 120), (140, 92), (140, 148)))
    glossy = even() + 0.25 * cv2.GaussianBlur(np.asarray(lights, np.float32), (0, 0), 2)[..., None]
    assert look(glossy.astype(np.float32)) == ()


def test_a_ring_that_is_hardly_there_measures_nothing() -> None:
    mask = disc(100, 100, 20) > 0.5
    assert not ring_of(mask, np.zeros(SIZE, bool)).any()


def test_outlines_run_along_the_edges_of_pixels() -> None:
    mask = disc(30, 25, 12, (60, 70)) > 0.5
    line = np.array(outline_of(mask, 100, 200))
    area = 0.5 * abs(float(np.dot(line[:, 0], np.roll(line[:, 1], 1)) - np.dot(line[:, 1], np.roll(line[:, 0], 1))))
    assert area == pytest.approx(np.count_nonzero(mask), rel=0.03)
    assert line.mean(axis=0) == pytest.approx((130, 225), abs=0.5)


def test_kinds_by_the_direction_of_pigment() -> None:
    assert all(kind_of(dose * each) == "brown" for each in drawn.BROWNS for dose in (0.1, 2.0))
    assert all(
        kind_of(dose * each) == "red" for each in (drawn.REDS[1], np.array([0.22, 0.66, 0.71])) for dose in (0.1, 2)
    )
    assert kind_of(BROWN / 2 + RED / 2) == "uncertain"
    assert kind_of(np.ones(3)) == "brown"


@pytest.mark.parametrize("tone", drawn.TONES)
def test_marks_on_skin_with_everything_on_it(tone: str) -> None:
    dice = np.random.default_rng(5)
    size = (560, 640)
    bare = drawn.density(dice, size, pores=0.5, hairs=12, uneven=drawn.UNEVEN[tone])
    full = bare.copy()
    marks = drawn.add_marks(full, dice, tone, [(1.2, 9, False), (1.5, 9, True), (2, 12, False), (2.5, 8, True)])
    before, after = (look(drawn.render(tone, each, np.random.default_rng(1))) for each in (bare, full))
    found = [mark for mark in marks if any(mark.mask[round(spot.y), round(spot.x)] for spot in after)]
    assert len(found) == len(marks) == 4
    assert len(after) - len(before) <= 6


@pytest.mark.parametrize("shape", [(1, 1), (9, 400), (40, 40)])
def test_pictures_without_room_for_a_mark_have_none(shape: tuple[int, int]) -> None:
    assert look(even(size=shape)) == ()
    assert look(even(size=shape), skin=np.zeros(shape, bool)) == ()
    assert look(np.zeros((*shape, 3), np.float32)) == ()
