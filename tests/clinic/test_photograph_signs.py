"""The shape around a mark holds the whole outline and is the one that stands on paper too."""

from __future__ import annotations

import re

import numpy as np
import pytest

from isocourse.doors.web.photographs.signs import drawn, legend
from isocourse.skin.draw import _KINDS, _STATES


def shape_of(path: str) -> tuple[str, float, float, float]:
    """Its name, the middle, and how far it reaches."""
    x, y, step, reach = re.match(r"M([-\d.]+),([-\d.]+)([ahl])([-\d.]+)", path).groups()  # type: ignore[union-attr]
    left, top, r = float(x), float(y), float(reach)
    return {
        "a": ("circle", left + r, top, r),
        "h": ("square", left + r / 2, top + r / 2, r / 2),
        "l": ("diamond", left, top + r, r),
    }[step]


@pytest.mark.parametrize("kind", [*_KINDS, *_STATES])
def test_the_shape_holds_the_outline(kind: str) -> None:
    dice = np.random.default_rng(3)
    for _ in range(50):
        outline = dice.uniform(0, 1000, 2) + dice.uniform(-60, 60, (12, 2))
        found = drawn(kind, "", [tuple(each) for each in outline], width=1290)
        shape, x, y, reach = shape_of(found.around)
        off = np.abs(outline - [x, y])
        far = {"circle": np.hypot(*off.T), "square": off.max(axis=1), "diamond": off.sum(axis=1)}[shape]
        assert far.max() < reach < far.max() + 0.02 * 1290


@pytest.mark.parametrize(("kind", "sign"), [*_KINDS.items(), *_STATES.items()])
def test_a_mark_has_the_same_sign_on_a_page_and_on_paper(kind: str, sign: object) -> None:
    assert shape_of(legend(kind))[0] == sign.shape  # type: ignore[attr-defined]
