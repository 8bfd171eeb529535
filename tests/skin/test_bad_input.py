"""Everything that is no good photograph of one bare face, through the whole measurement and through the command line.

One table: each has one sentence, and nothing is measured that should not be. Faces are generated, and the portrait of
an installed package; what is worn is drawn on them.
"""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from isocourse.simulate.faces import Camera, Look, Mark, Person, photograph
from isocourse.skin.calibrate import Calibration
from isocourse.skin.face import Face
from isocourse.skin.light import Bytes
from isocourse.skin.measure import Settings, look, measure
from isocourse.skin.regions import EYES
from tests.cli.test_cli import run
from tests.skin.files import claimed_png, written
from tests.skin.generated import as_drawing, generated, with_beard, with_sunglasses
from tests.skin.portraits import as_jpeg, astronaut, finder, portrait

FIND = finder()


@cache
def face_of(name: str) -> tuple[Bytes, Face]:
    rgb = {"generated": lambda: generated("light").rgb, "portrait": portrait}[name]()
    (face,) = FIND(rgb)
    return rgb, face


def whole() -> Image.Image:
    return Image.fromarray(generated("light").rgb)


def close_up(name: str) -> bytes:
    """Eyes, nose and mouth alone, as with the telephone at the skin."""
    rgb, face = face_of(name)
    (x0, y0), (x1, y1) = face.points[:, :2].min(axis=0).astype(int), face.points[:, :2].max(axis=0).astype(int)
    wide, tall = (x1 - x0) // 5, (y1 - y0) // 5
    return as_jpeg(np.ascontiguousarray(rgb[y0 + tall : y1 - tall, x0 + wide : x1 - wide]))


def two_people() -> bytes:
    one, other = generated("light").rgb, portrait()
    tall = min(one.shape[0], other.shape[0])
    return as_jpeg(np.concatenate([one[:tall], other[:tall]], axis=1))


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "not a photograph"),
    "a letter": (lambda: b"Dear clinic, here is my face." * 99, "not a photograph"),
    "a portable document": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 9, "not a photograph"),
    "truncated": (lambda: as_jpeg(generated("light").rgb)[:60_000], "not complete"),
    "truncated png": (lambda: written(whole(), "PNG")[:90_000], "not complete"),
    "200 megapixels": (lambda: claimed_png(14_200), "larger than any camera"),
    "16 bits": (lambda: claimed_png(1600, depth=16), "16 bits"),
    "printing colours": (lambda: written(whole().convert("CMYK"), "JPEG"), "printing colours"),
    "animated": (lambda: written(whole(), "WEBP", save_all=True, append_images=[whole().rotate(3)]), "animation"),
    "grey": (lambda: written(whole().convert("L"), "JPEG"), "grey"),
    "grey in three colours": (lambda: written(whole().convert("L").convert("RGB"), "JPEG"), "not those of skin"),
    "no face: coffee": (lambda: as_jpeg(np.asarray(data.coffee())), "No face"),
    "no face: an eye's inside": (lambda: as_jpeg(np.asarray(data.retina())), "No face"),
    "no face: one colour": (lambda: as_jpeg(np.full((900, 700, 3), (190, 140, 120), np.uint8)), "No face"),
    "two faces": (two_people, "more than one face"),
    "a drawing": (lambda: as_jpeg(as_drawing(generated("light").rgb)), "drawing"),
    "a drawing of the portrait": (lambda: as_jpeg(as_drawing(portrait())), "drawing"),
    "sunglasses": (lambda: as_jpeg(with_sunglasses(*face_of("generated"))), "take off dark glasses"),
    "sunglasses on the portrait": (lambda: as_jpeg(with_sunglasses(*face_of("portrait"))), "take off dark glasses"),
    "close-up": (lambda: close_up("generated"), "does not fit"),
    "close-up of the portrait": (lambda: close_up("portrait"), "does not fit"),
    "a beard as large as the portrait": (lambda: as_jpeg(with_beard(*face_of("portrait"))), "skin is covered"),
    "one pixel": (lambda: written(whole().resize((1, 1)), "PNG"), "No face"),
    "one line": (lambda: written(whole().resize((4000, 1)), "PNG"), "No face"),
    "noise": (lambda: as_jpeg(np.random.default_rng(2).integers(0, 255, (120, 100, 3), dtype=np.uint8)), "No face"),
    "far away": (lambda: as_jpeg(astronaut()), "too small"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_sentence_says_why_and_nothing_is_measured(name: str) -> None:
    make, says = BAD[name]
    found = measure(make(), Calibration(chart=True), Settings(), FIND)
    assert says in found.refused and one_sentence(found.refused)
    assert found.px_per_mm is None and found.colour is None and found.covered is None and found.tone is None
    assert found.regions == () and found.spots == () and found.texture == () and found.relief is None
    assert found.refused in {gate.says for gate in found.gates if gate.stops and not gate.passed}


def one_sentence(says: str) -> bool:
    return "\n" not in says and says[0].isupper() and says.endswith(".") and len(says) <= 200


def test_a_file_that_claims_to_be_huge_is_never_unpacked() -> None:
    tracemalloc.start()
    measure(claimed_png(14_200), Calibration(), Settings(), FIND)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5e6, "200 megapixels are 600 megabytes"


def test_the_command_says_the_same_and_measures_the_good_one_all_the_same(tmp_path: Path) -> None:
    for number, (make, _) in enumerate(BAD.values()):
        (tmp_path / f"{number:02}.jpg").write_bytes(make())
    (tmp_path / "good.jpg").write_bytes(as_jpeg(generated("light").rgb))
    done = run("skin", "measure", tmp_path)
    assert done.exit_code == 1 and "Traceback" not in done.output
    *bad, good = json.loads(done.stdout)["photographs"]
    assert len(bad) == len(BAD)
    for each, (name, (_, says)) in zip(bad, BAD.items(), strict=True):
        assert says in each["not_measured"] and one_sentence(each["not_measured"]), name
        assert "figures" not in each, name
    assert "not_measured" not in good and good["figures"]
    assert f"{len(BAD)} of {len(BAD) + 1} were not measured" in done.stderr


def test_a_bad_photograph_alone_has_its_exit_code(tmp_path: Path) -> None:
    (tmp_path / "sunglasses.jpg").write_bytes(BAD["sunglasses"][0]())
    done = run("skin", "measure", tmp_path / "sunglasses.jpg")
    (found,) = json.loads(done.stdout)["photographs"]
    assert done.exit_code == 1 and "take off dark glasses" in found["not_measured"]


# --- what covers the skin but does not stop ---------------------------------------------------------
def test_no_skin_is_seen_and_no_mark_counted_in_a_beard() -> None:
    rgb, face = face_of("generated")
    found = look(as_jpeg(with_beard(rgb, face)), Calibration(), Settings(), FIND)
    assert found.regions is not None and found.frame is not None and not found.measurement.refused
    beard = np.zeros(found.frame.linear.shape[:2], np.uint8)
    jaw = found.frame.points[[172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 430, 424, 204, 210]]
    cv2.fillPoly(beard, [np.rint(jaw).astype(np.int32)], 1)
    assert (found.regions.skin & (beard > 0)).sum() < 0.02 * beard.sum()
    assert not any(beard[round(spot.y), round(spot.x)] for spot in found.measurement.spots)
    covered = next(gate for gate in found.measurement.gates if gate.code == "covered")
    assert not covered.passed and one_sentence(covered.says)
    area = {part.name: part.area for part in found.measurement.regions}
    assert area["chin"] == 0 and area["right cheek"] > 300 and area["forehead"] > 300


def test_a_mark_over_the_eye_or_on_the_lid_is_never_counted() -> None:
    """Drawn as strong as a mark on the cheek, which is."""
    rgb, face = face_of("generated")
    eyes = [face.points[list(eye), :2].mean(axis=0) for eye in EYES]
    worse = rgb.copy()
    cheek = face.points[50, :2]
    for x, y in (*eyes, cheek):
        soft = np.zeros(rgb.shape[:2], np.float32)
        cv2.circle(soft, (int(x), int(y)), int(2.0 * 8.8), 1.0, -1)
        soft = cv2.GaussianBlur(soft, (0, 0), 3)[..., None]
        worse = np.clip(worse * (1 - 0.45 * soft * np.array([0.6, 0.9, 1.1])), 0, 255).astype(np.uint8)
    found = look(as_jpeg(worse), Calibration(), Settings(), FIND)
    assert found.frame is not None and found.regions is not None and not found.measurement.refused
    places = [(np.array(each) - found.frame.origin) / found.frame.step for each in (*eyes, cheek)]
    near = [sum(bool(np.hypot(s.x - x, s.y - y) < 24) for s in found.measurement.spots) for x, y in places]
    assert near == [0, 0, 1]
    for x, y in places[:2]:
        assert not found.regions.skin[round(y) - 16 : round(y) + 17, round(x) - 16 : round(x) + 17].any()


# --- another person ---------------------------------------------------------------------------------
def test_another_persons_photograph_is_not_compared_at_the_command_line(tmp_path: Path) -> None:
    """Same tone, same camera, marks at the same places: only the skin itself is somebody else's."""
    marks = tuple(
        Mark(kind="dark spot", across=side * 30.0, down=down, radius=1.5, dose=0.5)
        for side in (-1, 1)
        for down in (10.0, 22.0)
    )
    camera = Camera(width=1300, height=1720, px_per_mm=6.5, jpeg=95)
    for seed in (3, 4):
        taken = photograph(Person(seed, "light"), Look(marks), camera, seed=1)
        (tmp_path / f"{seed}.jpg").write_bytes(taken.jpeg or b"")
    done = run("skin", "compare", tmp_path / "3.jpg", tmp_path / "4.jpg")
    found = json.loads(done.stdout)["comparison"]
    assert done.exit_code == 1 and "same person" in found["refused"] and one_sentence(found["refused"])
    assert found["numbers"] == [] and found["pairs"] == [] and found["seen"] == 0
