"""Whole generated faces, through the pipeline: from two files to one laid on the other, against where it truly lies."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from isocourse.simulate.faces import Camera, Look, Mark, Person, Tone, photograph
from isocourse.simulate.faces.evaluated import where_in
from isocourse.simulate.faces.places import bare_places
from isocourse.skin import measure
from isocourse.skin.align import NO_MATCH, Alignment, align
from isocourse.skin.calibrate import Calibration
from isocourse.skin.frame import Frame
from tests.skin.portraits import finder

FIRST = Camera(yaw=2, pitch=-1, jpeg=92, noise=1.0, px_per_mm=8.6)
SECOND = Camera(
    yaw=-6, pitch=4, roll=5, distance=960, exposure=-0.4, white=(1.1, 1.0, 0.92), blur=0.9, noise=1.3, jpeg=88,
    px_per_mm=8.3, falloff=0.1,
)  # fmt: skip
FIND = finder()


def marks(person: Person, seed: int, count: int) -> tuple[Mark, ...]:
    dice = np.random.default_rng((person.seed, seed))
    return tuple(
        Mark(
            kind="dark spot" if dice.random() < 0.5 else "red mark",
            across=across,
            down=down,
            radius=float(dice.uniform(0.7, 2)),
            dose=float(dice.uniform(0.2, 0.6)),
        )
        for across, down in bare_places(person, dice, count)
    )


@cache
def looked(person: Person, camera: Camera, seed: int) -> measure.Look:
    """Twelve marks at every visit, and six that only this visit has."""
    taken = photograph(person, Look((*marks(person, 0, 12), *marks(person, seed, 6))), camera, seed=seed)
    assert taken.jpeg is not None
    found = measure.look(taken.jpeg, Calibration(), measure.Settings(), FIND)
    assert not found.measurement.refused
    return found


def parts(found: measure.Look) -> tuple[Frame, NDArray[np.bool_]]:
    assert found.frame is not None and found.regions is not None
    return found.frame, found.regions.skin


def laid(first: measure.Look, second: measure.Look) -> Alignment:
    (one, skin), (other, other_skin) = parts(first), parts(second)
    return align(one, other, baseline_skin=skin, follow_up_skin=other_skin)


def truth(person: Person, first: Frame, second: Frame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places of the first frame that both photographs see, and where they are in the second."""
    x, y = np.meshgrid(np.arange(2, first.linear.shape[1], 4), np.arange(2, first.linear.shape[0], 4))
    places = np.stack([x, y], axis=-1).reshape(-1, 2).astype(np.float64)
    there, both = where_in(person, FIRST, SECOND, places * first.step + first.origin)
    return places[both], ((there - second.origin) / second.step)[both]


@pytest.mark.parametrize("tone", ["very light", "dark"])
def test_a_generated_face_is_laid_on_its_baseline(tone: Tone) -> None:
    person = Person(3, tone)
    first, second = looked(person, FIRST, 1), looked(person, SECOND, 2)
    alignment = laid(first, second)
    places, where = truth(person, parts(first)[0], parts(second)[0])
    seen = alignment.seen(places)
    error = np.linalg.norm(alignment.to_follow_up(places) - where, axis=1)[seen]
    assert np.median(error) <= 0.3 and np.percentile(error, 90) <= 1.5
    assert np.percentile(error, 99) <= 4
    assert alignment.valid.sum() > 0.8 * parts(first)[1].sum()


def test_another_generated_face_is_refused() -> None:
    first, other = looked(Person(3, "very light"), FIRST, 1), looked(Person(4, "very light"), SECOND, 2)
    assert laid(first, other).refused == NO_MATCH
