"""Glasses that let the eyes be seen, brows that meet, and a face without eyes."""

from __future__ import annotations

import numpy as np
import pytest

from isocourse.simulate.faces import TONES, Camera, Tone
from isocourse.skin.eyes import iris_depth
from isocourse.skin.face import Face
from isocourse.skin.light import Bytes
from isocourse.skin.quality import View
from tests.skin.generated import generated, with_brows_that_meet, with_glasses, without_eyes
from tests.skin.test_quality import FIND, gate, measured

DARK, PALE = (40, 38, 42), (215, 205, 190)


def face_of(tone: Tone, camera: Camera | None = None) -> tuple[Bytes, Face]:
    rgb = generated(tone, camera=camera).rgb
    (face,) = FIND(rgb)
    return rgb, face


@pytest.mark.parametrize("tone", TONES)
def test_glasses_have_to_be_taken_off(tone: Tone) -> None:
    found = measured(with_glasses(*face_of(tone), DARK))
    assert found.refused.startswith("Take off the glasses") and found.spots == ()
    assert found.gates[-1].code == "skin colour"  # the other checks were asked, too


@pytest.mark.parametrize("tone", ["tan", "brown", "dark"])
def test_a_pale_frame_on_darker_skin_is_seen_as_well(tone: Tone) -> None:
    assert measured(with_glasses(*face_of(tone), PALE)).refused.startswith("Take off the glasses")


@pytest.mark.parametrize("yaw", [45, -45])
def test_glasses_are_seen_from_the_side(yaw: float) -> None:
    camera = Camera(yaw=yaw)
    rgb, face = face_of("light", camera)
    view: View = "right" if yaw > 0 else "left"
    assert not measured(rgb, view=view).refused
    assert measured(with_glasses(rgb, face), view=view).refused.startswith("Take off the glasses")


@pytest.mark.parametrize("tone", TONES)
def test_brows_that_meet_are_no_glasses(tone: Tone) -> None:
    found = measured(with_brows_that_meet(*face_of(tone)))
    assert not found.refused and gate(found, "frame of glasses").passed


@pytest.mark.parametrize("tone", TONES)
def test_what_has_no_eyes_is_no_face(tone: Tone) -> None:
    found = measured(without_eyes(*face_of(tone)))
    assert found.refused.startswith("No eyes can be made out") and found.spots == ()


def test_nothing_is_said_of_eyes_where_none_are_in_the_picture() -> None:
    coarse, points = np.full((40, 40, 3), 0.3, np.float32), np.zeros((478, 3))
    skin = np.ones((40, 40), bool)
    assert iris_depth(coarse, points - 500, skin) is None
    assert iris_depth(coarse, points + 20, ~skin) is None
    assert iris_depth(coarse, points + 20, skin) == pytest.approx(0)
