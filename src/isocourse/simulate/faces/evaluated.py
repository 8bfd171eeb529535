"""Generated faces for the evaluation of what `isocourse.skin` measures: files, and what is true about them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces.camera import Camera, view
from isocourse.simulate.faces.chance import chance
from isocourse.simulate.faces.marks import Mark
from isocourse.simulate.faces.optics import Tone, skin_colour
from isocourse.simulate.faces.person import Person
from isocourse.simulate.faces.photograph import Look, SeenMark, photograph
from isocourse.simulate.faces.places import bare_places
from isocourse.simulate.faces.rays import follow
from isocourse.simulate.faces.skin import body
from isocourse.skin.align import sampled
from isocourse.skin.colour import lab_of
from isocourse.skin.evaluation.faces import GeneratedFace, TrueMark

Doubles = NDArray[np.float64]

_MARKS, _AGAIN = 24, 3
_SAME_PLACE_MM = 0.6
_APART_MM = 9.0  # from middle to middle, so that one mark's ring is not the next one's


def generated_face(tone: Tone, seed: int) -> GeneratedFace:
    """One person: without marks, with marks as often as is asked for the noise, and later with marks that went and
    came. The same arguments give the same files."""
    person, dice = Person(1000 + seed, tone), chance(seed, tone, "evaluated")
    first = _camera(dice, turned=1.5)
    later = _later(dice)
    marks = _marks(person, dice, _MARKS + 12)
    look = Look(marks[:_MARKS])
    taken = photograph(person, look, first, seed=1)
    assert taken.jpeg is not None, "every camera here writes one"
    again = (_file(person, look, _camera(dice, turned=2.0), number + 3) for number in range(_AGAIN - 1))
    return GeneratedFace(
        tone=tone,
        bare=_file(person, Look(), first, 2),
        again=(taken.jpeg, *again),
        marks=tuple(_true(person, mark) for mark in taken.truth.marks if mark.visible),
        later=_file(person, Look(marks[12:]), later, 9),
        where=lambda places: where_in(person, first, later, places),
    )


def where_in(person: Person, first: Camera, later: Camera, places: Doubles) -> tuple[Doubles, NDArray[np.bool_]]:
    """Pixels (n, 2) of one photograph in another of the same face, and which of them both show: on the head, and not
    behind another part of it."""
    shape = body(person).shape
    ways = [view(camera, shape) for camera in (first, later)]
    rays = [follow(shape, camera, way) for camera, way in zip((first, later), ways, strict=True)]
    sheets = [np.dstack([ray.across, ray.down, ray.past]).astype(np.float32) for ray in rays]
    here = sampled(sheets[0], places)
    there = ways[1].pixels(shape.at(here[:, 0], here[:, 1]))
    again = sampled(sheets[1], there)  # what the later photograph sees there: the same place, or what hides it
    near = np.hypot(*(again - here)[:, :2].T) < _SAME_PLACE_MM
    return there, near & (here[:, 2] < 0) & (again[:, 2] < 0)


def _file(person: Person, look: Look, camera: Camera, seed: int) -> bytes:
    taken = photograph(person, look, camera, seed=seed)
    assert taken.jpeg is not None, "every camera here writes one"
    return taken.jpeg


def _camera(dice: np.random.Generator, *, turned: float) -> Camera:
    """As one holds a telephone again and again: nearly alike."""
    red, blue = np.exp(dice.normal(0, 0.03, 2))
    return Camera(
        yaw=float(dice.normal(0, turned)),
        pitch=float(dice.normal(0, turned)),
        roll=float(dice.normal(0, turned)),
        distance=float(900 * np.exp(dice.normal(0, 0.03))),
        exposure=float(dice.normal(-0.2, 0.1)),
        white=(float(red), 1.0, float(blue)),
        blur=float(0.6 + dice.uniform(0, 0.3)),
        jpeg=92,
        chart=True,
    )


def _later(dice: np.random.Generator) -> Camera:
    """Another day: further turned, further away, in other light."""
    yaw, pitch, roll = dice.uniform([3, 2, 2], [8, 5, 6]) * dice.choice([-1, 1], 3)
    return Camera(
        yaw=float(yaw),
        pitch=float(pitch),
        roll=float(roll),
        distance=float(dice.uniform(800, 1050)),
        px_per_mm=float(dice.uniform(8.2, 9.0)),
        exposure=float(dice.uniform(-0.6, 0.0)),
        white=(float(dice.uniform(0.9, 1.1)), 1.0, float(dice.uniform(0.9, 1.1))),
        blur=float(dice.uniform(0.6, 1.0)),
        noise=1.3,
        jpeg=88,
        falloff=float(dice.uniform(-0.1, 0.1)),
        chart=True,
    )


def _marks(person: Person, dice: np.random.Generator, count: int) -> tuple[Mark, ...]:
    """Dark spots and red marks in turn, each on skin of its own."""
    kept: list[tuple[float, float]] = []
    for place in bare_places(person, dice, 40 * count):
        if all(np.hypot(place[0] - x, place[1] - y) >= _APART_MM for x, y in kept):
            kept.append(place)
        if len(kept) == count:
            break
    return tuple(
        Mark(
            kind="red mark" if number % 2 else "dark spot",
            across=across,
            down=down,
            radius=float(dice.uniform(0.7, 2.5)),
            dose=float(dice.uniform(0.15, 0.7)),
            shape=int(dice.integers(1 << 31)),
        )
        for number, (across, down) in enumerate(kept)
    )


def _true(person: Person, mark: SeenMark) -> TrueMark:
    red = mark.kind == "red mark"
    own = (0.12 * mark.dose, mark.dose) if red else (mark.dose, 0.0)  # as `marks.layers` adds them
    with_it = skin_colour(person.melanin + own[0], person.haemoglobin + own[1])
    d_e = float(np.linalg.norm(lab_of(with_it) - lab_of(person.colour)))
    return TrueMark(np.array(mark.outline), red, 2 * float(np.sqrt(mark.area / np.pi)), d_e, mark.facing)
