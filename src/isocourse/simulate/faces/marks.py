"""Marks on the skin, each with a known place, size, dose and outline.

`across` and `down` are millimetres on the unrolled face (`shape`): across to the person's left, down from a point
between the eyes. `radius` is in millimetres on the skin itself.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from isocourse.simulate.faces.chance import Floats, chance

Doubles = NDArray[np.float64]

Kind = Literal["dark spot", "red mark", "papule", "pustule", "scar", "mole", "freckle"]
_STEPS = 48


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """`dose` is the density of pigment at its middle (`optics`); of a scar it is the depth in millimetres."""

    kind: Kind
    across: float
    down: float
    radius: float
    dose: float
    shape: int = 0  # the seed of its outline

    def __post_init__(self) -> None:
        if not (0 < self.radius <= 20 and 0 <= self.dose <= 10):
            raise ValueError(f"radius {self.radius} mm (over 0, at most 20), dose {self.dose} (from 0 to 10)")

    def edge(self, angle: Doubles) -> Doubles:
        """Where half the dose is reached, in millimetres from the middle, in these directions."""
        dice = chance("edge", self.shape)
        rough = 0.05 if self.kind in ("papule", "pustule", "mole") else 0.10
        wave = sum(
            rough / order * dice.normal() * np.cos(order * angle + dice.uniform(0, 2 * np.pi)) for order in (2, 3, 5)
        )
        return self.radius * (1 + np.clip(wave, -0.4, 0.4))

    def outline(self) -> Doubles:
        """(n, 2) in millimetres on the tangent plane of the mark."""
        angle = np.linspace(0, 2 * np.pi, _STEPS, endpoint=False)
        edge = self.edge(angle)
        return np.stack([edge * np.cos(angle), edge * np.sin(angle)], axis=-1)

    @property
    def area(self) -> float:
        """In square millimetres, of the skin inside the outline."""
        x, y = self.outline().T
        return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


class Layers(msgspec.Struct):
    """What a mark adds to a patch of skin."""

    melanin: Floats
    haemoglobin: Floats
    pale: Floats  # 0 to 1: pus over the skin
    height: Floats  # millimetres


def layers(mark: Mark, x: Floats, y: Floats) -> Layers:
    """The mark's layers at these millimetres of its tangent plane."""
    away = np.hypot(x, y) / mark.edge(np.arctan2(y, x).astype(np.float64)).astype(np.float32)
    nothing = np.zeros_like(away)
    steep = {"mole": 7.0, "freckle": 4.0, "dark spot": 4.5, "red mark": 3.5, "scar": 4.0}.get(mark.kind, 4.0)
    # One half at the outline, flat inside, and nothing from twice as far out.
    ends = np.clip(2 - away, 0, 1)
    inside = ends / (1 + np.power(np.maximum(away, 1e-3), 2 * steep))
    found = Layers(melanin=nothing, haemoglobin=nothing, pale=nothing, height=nothing)
    if mark.kind in ("dark spot", "mole", "freckle"):
        found.melanin = mark.dose * inside
        if mark.kind == "mole":
            found.height = 0.25 * ends * np.exp(-(away**2) * 1.5)
    elif mark.kind == "scar":
        found.height = -mark.dose * inside
        found.haemoglobin = 0.04 * inside
    else:
        found.haemoglobin = mark.dose * inside
        found.melanin = 0.12 * mark.dose * inside
    if mark.kind in ("papule", "pustule"):
        found.height = 0.22 * mark.radius * ends * np.exp(-(away**2) * 1.2)
    if mark.kind == "pustule":
        found.pale = 0.75 / (1 + np.power(np.maximum(away / 0.45, 1e-3), 8))
    return found
