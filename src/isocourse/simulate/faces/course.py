"""What a course looks like on the skin, month by month: an illustration, not a forecast.

The figures only make pictures that differ as courses are told to: an early flare, fewer papules, red marks that fade
over months, dark spots that fade slowly, scars and moles that stay. None of them is evidence of anything.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from isocourse.simulate.faces.chance import chance
from isocourse.simulate.faces.marks import Kind, Mark
from isocourse.simulate.faces.optics import Tone
from isocourse.simulate.faces.person import Person
from isocourse.simulate.faces.photograph import Look
from isocourse.simulate.faces.places import bare_places

MONTHLY: tuple[float, ...] = (0, 1, 2, 3, 4, 5, 6)
_DAYS = 30.4
_FLARE_DAYS, _FLARE = 25.0, 1.5  # the worst day, and how many more new papules a day there are then
_CALM_DAYS = 55.0  # new papules a day fall to a third in this time
_PAPULE_DAYS = (8.0, 20.0)
_RED_HALF, _DARK_HALF = 35.0, 120.0  # days in which half of a mark's dose is gone
_STAYS_RED = 0.6
_STAYS_DARK = {
    "very light": 0.1, "light": 0.15, "intermediate": 0.3, "tan": 0.45, "brown": 0.6, "dark": 0.65,
}  # fmt: skip
# What stays: how many, radii from and to in millimetres, doses from and to.
_ALWAYS: tuple[tuple[Kind, int, tuple[float, float], tuple[float, float]], ...] = (
    ("scar", 10, (0.7, 1.6), (0.12, 0.35)),
    ("mole", 4, (0.6, 1.6), (0.7, 1.3)),
    ("freckle", 60, (0.35, 0.8), (0.10, 0.30)),
)
_BEFORE_DAYS = 100.0


def course_series(seed: int, tone: Tone, visits: Sequence[float] = MONTHLY, *, severity: float = 1.0) -> list[Look]:
    """One look for each visit, in months since the first capsule. `severity` 1 is about 22 papules at the start."""
    person = Person(seed, tone)
    dice = chance(seed, tone, "course")
    lesions = _lesions(person, dice, severity, last=max(visits) * _DAYS)
    always = _always(person, dice)
    return [Look(tuple(always + [mark for lesion in lesions for mark in lesion.on(month * _DAYS)])) for month in visits]


class _Lesion:
    """One papule from its first day to the marks it leaves."""

    def __init__(self, person: Person, dice: np.random.Generator, place: tuple[float, float], born: float) -> None:
        self.place, self.born, self.shape = place, born, int(dice.integers(1 << 30))
        self.lasts = float(dice.uniform(*_PAPULE_DAYS))
        self.radius = float(np.clip(dice.lognormal(0.3, 0.32), 0.7, 3.0))
        self.dose = float(dice.uniform(0.25, 0.6))
        self.pustule = bool(dice.random() < 0.25)
        self.red = float(dice.uniform(0.12, 0.32)) if dice.random() < _STAYS_RED else 0.0
        dark = dice.random() < _STAYS_DARK[person.tone]
        self.dark = float(dice.uniform(0.18, 0.5)) if dark else 0.0

    def on(self, day: float) -> list[Mark]:
        """What is seen of it on a day."""
        age = day - self.born
        if age < 0:
            return []
        if age < self.lasts:
            grown = min(1.0, 0.5 + age / 4)
            return [self._mark("pustule" if self.pustule else "papule", self.radius * grown, self.dose * grown)]
        since = age - self.lasts
        red, dark = self.red * 0.5 ** (since / _RED_HALF), self.dark * 0.5 ** (since / _DARK_HALF)
        found = []
        if dark > 0.04:
            found.append(self._mark("dark spot", self.radius * 1.05, dark))
        if red > 0.04:
            found.append(self._mark("red mark", self.radius * 1.15, red))
        return found

    def _mark(self, kind: Kind, radius: float, dose: float) -> Mark:
        across, down = self.place
        return Mark(kind=kind, across=across, down=down, radius=radius, dose=dose, shape=self.shape)


def _lesions(person: Person, dice: np.random.Generator, severity: float, last: float) -> list[_Lesion]:
    standing = 22 * severity / np.mean(_PAPULE_DAYS)
    born = []
    for day in np.arange(-_BEFORE_DAYS, last):
        rate = standing
        if day > 0:
            rate *= np.exp(-day / _CALM_DAYS) + _FLARE * np.exp(-(((day - _FLARE_DAYS) / 12) ** 2)) * 0.3
        born += [day + dice.random() for _ in range(dice.poisson(rate))]
    places = bare_places(person, dice, len(born))
    return [_Lesion(person, dice, place, day) for place, day in zip(places, born, strict=True)]


def _always(person: Person, dice: np.random.Generator) -> list[Mark]:
    found = []
    for kind, count, radius, dose in _ALWAYS:
        if kind == "freckle" and not person.freckled:
            continue
        for across, down in bare_places(person, dice, count):
            found.append(
                Mark(
                    kind=kind,
                    across=across,
                    down=down,
                    radius=float(dice.uniform(*radius)),
                    dose=float(dice.uniform(*dose)),
                    shape=int(dice.integers(1 << 30)),
                )
            )
    return found
