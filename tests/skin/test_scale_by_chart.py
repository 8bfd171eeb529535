"""The scale by a chart of known measure: right where it lies upright, left out where it is tilted or not there."""

from __future__ import annotations

import numpy as np
import pytest

from isocourse.simulate.faces import Camera
from isocourse.skin.calibrate import Calibration
from isocourse.skin.scale import scale_from_chart
from tests.skin.generated import generated


@pytest.mark.parametrize("px_per_mm", [6.0, 8.8])
def test_a_chart_beside_the_face_tells_the_scale(px_per_mm: float) -> None:
    taken = generated("light", camera=Camera(chart=True, px_per_mm=px_per_mm))
    found = Calibration(chart=True, chart_mm=9.6).scale(taken.rgb)
    assert found is not None and found.px_per_mm == pytest.approx(px_per_mm, rel=0.01)
    assert abs(found.px_per_mm / px_per_mm - 1) < 3 * found.error < 0.06


def test_without_a_chart_or_its_measure_there_is_no_scale_of_it() -> None:
    assert Calibration(chart=True, chart_mm=9.6).scale(generated("light").rgb) is None
    assert Calibration(chart=True).scale(np.zeros((40, 40, 3), np.uint8)) is None


@pytest.mark.parametrize("down", [84.0, 119.0])
def test_a_tilted_chart_is_left_out(down: float) -> None:
    assert scale_from_chart(100.0, down, 10.0) is None


def test_what_the_two_ways_disagree_about_is_in_the_error() -> None:
    found = scale_from_chart(100.0, 94.0, 10.0)
    assert found is not None and found.px_per_mm == 9.7 and found.error == pytest.approx(0.0314, abs=1e-3)
