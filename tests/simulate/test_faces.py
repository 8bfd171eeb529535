"""Generated faces: what the truth says is what the picture shows, and the face model takes them for faces."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from isocourse.simulate.faces import TONES, Camera, Look, Mark, Person, Taken, course_series, photograph
from isocourse.simulate.faces.chart import PATCHES
from isocourse.simulate.faces.features import IRIS_MM
from isocourse.simulate.faces.mesh import canonical_face
from isocourse.simulate.faces.places import bare_places
from isocourse.skin.colour import ita, lab_of, tone_class
from isocourse.skin.face import face_finder
from isocourse.skin.face_model import load_face_model
from isocourse.skin.light import to_linear

ANN = Person(11, "intermediate")
PLAIN = Camera(noise=0.0, blur=0.0)
# Points of the mesh in the middle of both cheeks, on the forehead and on the chin.
_BARE = (50, 280, 151, 101, 330, 199)


@cache
def finder():
    return face_finder(load_face_model())


@cache
def plain() -> Taken:
    return photograph(ANN, camera=PLAIN)


def _class_of(linear) -> str:
    lightness, _, b = lab_of(linear)
    angle = ita(float(lightness), float(b))
    assert angle is not None
    return tone_class(angle)


def _bare_colour(taken: Taken) -> np.ndarray:
    around = []
    for index in _BARE:
        x, y = np.rint(taken.truth.points[index]).astype(int)
        around.append(to_linear(np.ascontiguousarray(taken.rgb[y - 40 : y + 40, x - 40 : x + 40])).reshape(-1, 3))
    return np.median(np.concatenate(around), axis=0)


def test_the_same_seed_gives_the_same_bytes_and_another_sensor_seed_others():
    camera = Camera(jpeg=90)
    one, again, other = (photograph(ANN, camera=camera, seed=seed) for seed in (1, 1, 2))
    assert one.jpeg == again.jpeg and one.truth == again.truth
    assert one.jpeg != other.jpeg and one.truth == other.truth
    assert np.array_equal(cv2.imdecode(np.frombuffer(one.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB), one.rgb)


@pytest.mark.parametrize("tone", TONES)
def test_of_every_tone_a_face_is_found_and_its_skin_is_of_its_class(tone):
    taken = photograph(Person(30, tone))
    (face,) = finder()(taken.rgb)
    assert face.presence > 0.9
    apart = np.linalg.norm(face.points[:468, :2] - taken.truth.points, axis=1) / taken.truth.px_per_mm
    assert np.median(apart) < 3 and np.percentile(apart, 90) < 8
    assert _class_of(taken.truth.colour) == tone
    assert _class_of(_bare_colour(taken)) == tone


@pytest.mark.parametrize(
    "camera",
    [
        Camera(yaw=25), Camera(yaw=-25, pitch=5), Camera(pitch=12), Camera(pitch=-14), Camera(roll=15),
        Camera(light="raking left"), Camera(light="raking right"), Camera(distance=450, exposure=-1, jpeg=60),
    ],
)  # fmt: skip
def test_a_face_is_found_from_several_sides_and_under_several_lights(camera):
    taken = photograph(ANN, camera=camera)
    (face,) = finder()(taken.rgb)
    assert face.presence > 0.9
    apart = np.linalg.norm(face.points[:468, :2] - taken.truth.points, axis=1) / taken.truth.px_per_mm
    assert np.median(apart) < 4


@pytest.mark.parametrize("camera", [PLAIN, Camera(noise=0.0, blur=0.0, yaw=12, pitch=-5, roll=8, distance=600)])
def test_a_mark_is_where_the_truth_says_as_large_as_it_says_and_nowhere_else(camera):
    places = {"dark spot": (38.0, 28.0), "papule": (-40.0, 22.0), "mole": (10.0, -55.0), "red mark": (16.0, 72.0)}
    marks = tuple(Mark(kind=kind, across=x, down=y, radius=2.0, dose=0.5, shape=3) for kind, (x, y) in places.items())
    bare, marked = photograph(ANN, camera=camera), photograph(ANN, Look(marks), camera)
    green = to_linear(marked.rgb)[..., 1] / np.maximum(to_linear(bare.rgb)[..., 1], 1e-4)
    density = -np.log(np.clip(green, 1e-3, None))
    everything = np.zeros(density.shape, np.uint8)
    for seen in marked.truth.marks:
        assert seen.visible and seen.facing > 0.3
        inside = np.zeros(density.shape, np.uint8)
        outline = np.array(seen.outline)
        cv2.fillPoly(inside, [np.rint(outline * 16).astype(np.int32)], 1, shift=4)
        everything |= cv2.dilate(inside, np.ones((61, 61), np.uint8))
        assert density[round(seen.y), round(seen.x)] > 0.1
        if seen.kind == "papule":  # raised: its shading is no pigment
            continue
        near = cv2.dilate(inside, np.ones((41, 41), np.uint8)) > 0
        core = np.median(density[cv2.erode(inside, np.ones((15, 15), np.uint8)) > 0])
        dark = near & (density > core / 2)
        y, x = np.nonzero(dark)
        assert np.hypot(x.mean() - seen.x, y.mean() - seen.y) < 0.15 * seen.px_per_mm
        area = cv2.contourArea(outline.astype(np.float32))
        assert dark.sum() == pytest.approx(area, rel=0.12)
        assert area / seen.px_per_mm**2 == pytest.approx(seen.area * seen.facing, rel=0.04)
    assert np.array_equal(bare.rgb[everything == 0], marked.rgb[everything == 0])


def _edge(line: np.ndarray, away: float) -> float:
    """Where dark turns to bright, half-way between what lies `away` pixels before and behind."""
    middle = int(np.argmax(np.gradient(cv2.GaussianBlur(line[None], (0, 0), 2.0)[0])))
    level = (line[middle - round(away)] + line[middle + round(away)]) / 2
    after = middle - 4 + int(np.argmax(line[middle - 4 : middle + 6] > level))
    return after - 1 + float((level - line[after - 1]) / (line[after] - line[after - 1]))


@pytest.mark.parametrize("px_per_mm", [8.8, 12.0])
def test_the_scale_is_true_within_a_percent(px_per_mm):
    dark = next(person for person in (Person(k, "tan") for k in range(20)) if person.iris[0] < 0.05)
    taken = photograph(dark, camera=Camera(px_per_mm=px_per_mm, width=2200, height=1200, noise=0.0, blur=0.0))
    light = to_linear(taken.rgb)[..., 1]
    widths = []
    for x, y in taken.truth.irises:
        reach, row = round(8.5 * px_per_mm), round(y + px_per_mm)
        line = light[row - 3 : row + 4, round(x) - reach : round(x) + reach].mean(axis=0)
        right, left = _edge(line[reach:], 0.6 * px_per_mm), _edge(line[:reach][::-1], 0.6 * px_per_mm)
        # The row lies beside the middle, and so its chord is shorter than the iris is wide.
        widths.append(2 * np.hypot((right + left + 1) / 2 / px_per_mm, (row - y) / px_per_mm))
    assert np.mean(widths) == pytest.approx(IRIS_MM, rel=0.01)


def test_a_scar_is_a_hollow_that_the_raking_light_shows_on_both_sides():
    scar = Mark(kind="scar", across=30.0, down=30.0, radius=2.0, dose=0.3)
    sides = {}
    for light in ("raking left", "raking right"):
        camera = Camera(noise=0.0, light=light)
        bare, marked = photograph(ANN, camera=camera), photograph(ANN, Look((scar,)), camera)
        change = to_linear(marked.rgb)[..., 2] - to_linear(bare.rgb)[..., 2]
        (seen,) = marked.truth.marks
        reach = round(2.2 * seen.px_per_mm)
        x, y = round(seen.x), round(seen.y)
        sides[light] = (change[y - 5 : y + 6, x - reach : x].mean(), change[y - 5 : y + 6, x : x + reach].mean())
    left, right = sides["raking left"], sides["raking right"]
    assert left[0] < left[1], "light from the left leaves the left wall of a hollow in the dark"
    assert right[0] > right[1]


def test_a_mark_behind_the_nose_is_not_visible_and_its_mirror_image_is():
    near, far = (Mark(kind="mole", across=side * 15.0, down=4.0, radius=1.0, dose=1.0) for side in (-1, 1))
    front = photograph(ANN, Look((near, far)), PLAIN).truth.marks
    assert [mark.visible for mark in front] == [True, True]
    turned = photograph(ANN, Look((near, far)), Camera(yaw=45)).truth.marks
    assert [mark.visible for mark in turned] == [True, False]


def test_exposure_white_balance_and_chart_are_what_the_camera_says():
    camera = Camera(noise=0.0, blur=0.0, chart=True, exposure=-1.0, white=(1.0, 0.9, 0.8))
    taken = photograph(ANN, camera=camera)
    corners = np.array(taken.truth.chart)
    for index, patch in enumerate(PATCHES):
        row, column = divmod(index, 6)
        at = (np.array([column, row]) * 9.6 + 1.6 + 4.0) * camera.px_per_mm + corners[0]
        x, y = np.rint(at).astype(int)
        wanted = patch * 0.5 * np.array(camera.white)
        assert to_linear(taken.rgb[y : y + 1, x : x + 1])[0, 0] == pytest.approx(wanted, abs=0.006)


def test_it_says_in_the_corner_that_nobody_looks_like_this():
    corner = plain().rgb[-90:, :340]
    assert (corner > 220).all(axis=2).sum() > 300 and (corner < 40).all(axis=2).sum() > 300


def test_generated_people_marks_and_cameras_never_break_it():
    dice = np.random.default_rng(7)
    for person in (Person(71, "very light"), Person(72, "dark")):
        places = bare_places(person, dice, 60)
        kinds = ("dark spot", "red mark", "papule", "pustule", "scar", "mole", "freckle")
        marks = tuple(
            Mark(kind=kinds[i % 7], across=x * 1.6, down=y * 1.6, radius=dice.uniform(0.1, 6), dose=dice.uniform(0, 2))
            for i, (x, y) in enumerate(places)
        )
        for _ in range(6):
            camera = Camera(
                yaw=dice.uniform(-60, 60),
                pitch=dice.uniform(-40, 40),
                roll=dice.uniform(-180, 180),
                distance=dice.uniform(250, 2000),
                px_per_mm=dice.uniform(0.5, 6),
                width=int(dice.integers(64, 900)),
                height=int(dice.integers(64, 900)),
                exposure=dice.uniform(-4, 4),
                blur=dice.uniform(0, 4),
                noise=dice.uniform(0, 10),
                jpeg=int(dice.integers(1, 101)),
                chart=bool(dice.integers(2)),
                falloff=dice.uniform(-1, 1),
            )
            taken = photograph(person, Look(marks), camera)
            assert taken.rgb.shape == (camera.height, camera.width, 3) and taken.rgb.dtype == np.uint8
            assert len(taken.truth.marks) == len(marks)
            assert np.isfinite([number for mark in taken.truth.marks for number in (mark.x, mark.y, mark.area)]).all()


@pytest.mark.parametrize(
    "wrong", [{"yaw": 90}, {"distance": 0}, {"px_per_mm": float("nan")}, {"jpeg": 0}, {"width": 0}]
)
def test_a_camera_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Camera(**wrong)


def test_a_mark_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="radius"):
        Mark(kind="mole", across=0, down=0, radius=0, dose=1)


def test_a_course_flares_then_calms_while_scars_and_moles_stay():
    def count(look: Look, *kinds: str) -> int:
        return sum(mark.kind in kinds for mark in look.marks)

    courses = [course_series(seed, TONES[seed % 6], (0, 1, 3, 6)) for seed in range(12)]
    inflamed = np.array([[count(look, "papule", "pustule") for look in course] for course in courses]).mean(axis=0)
    assert inflamed[1] > inflamed[0] > inflamed[2] > inflamed[3]
    red = np.array([[count(look, "red mark") for look in course] for course in courses]).mean(axis=0)
    assert red[3] < red[0] / 2
    for course in courses:
        always = [{mark for mark in look.marks if mark.kind in ("scar", "mole", "freckle")} for look in course]
        assert always[0] and all(each == always[0] for each in always)
        lasting = {mark.shape: mark.dose for mark in course[0].marks if mark.kind == "dark spot"}
        assert all(
            mark.dose <= lasting.get(mark.shape, 9)
            for look in course
            for mark in look.marks
            if mark.kind == "dark spot"
        )
    assert course_series(3, "tan") == course_series(3, "tan")


def test_the_canonical_face_is_read_whole():
    face = canonical_face()
    assert face.shape == (468, 3)
    assert face[33] == pytest.approx([-44.5, -26.6, -31.7], abs=0.1)
    assert face[263] == pytest.approx([44.5, -26.6, -31.7], abs=0.1)
