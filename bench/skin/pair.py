"""Two photographs of 12 megapixels from the bytes of their files to a comparison, and the alignment alone beside it.

Baseline and fourth month of a generated face, turned, further away and darker the second time, as a telephone writes
them. The floor is the decoding of both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from os import times
from time import perf_counter

import numpy as np

from isocourse.simulate.faces import Camera, Person, course_series, photograph
from isocourse.skin.align import align
from isocourse.skin.calibrate import Calibration
from isocourse.skin.change import laid
from isocourse.skin.change_map import change_maps
from isocourse.skin.face import face_finder
from isocourse.skin.face_model import load_face_model
from isocourse.skin.measure import Settings, look
from isocourse.skin.picture import decode

_BEFORE = Camera(width=3000, height=4000, px_per_mm=15, jpeg=92)
_AFTER = Camera(
    width=3000, height=4000, px_per_mm=14.5, yaw=5, pitch=-3, roll=3, distance=950, exposure=-0.3, jpeg=92
)  # fmt: skip
_REPEATS = 5


@dataclass(frozen=True)
class Figures:
    """Seconds of wall clock and of processor for each step, medians; `seen` is the part of the skin compared."""

    steps: dict[str, tuple[float, float]]
    seen: float


def figures() -> Figures:
    """Everything measured. Raises RuntimeError where the two were not compared."""
    person, series = Person(5, "light"), course_series(5, "light")
    files = [
        photograph(person, series[month], camera, seed=month).jpeg for month, camera in ((0, _BEFORE), (4, _AFTER))
    ]
    finder = face_finder(load_face_model())
    first, second = (look(file or b"", Calibration(), Settings(), finder) for file in files)
    found = laid(first, second)
    if found.comparison.refused or found.alignment is None:
        raise RuntimeError(f"the benchmark's pair was refused: {found.comparison.refused}")
    one, other, alignment = first.frame, second.frame, found.alignment
    assert one and other and first.regions and second.regions
    skins = {"baseline_skin": first.regions.skin, "follow_up_skin": second.regions.skin}

    def whole() -> object:
        return laid(*(look(file or b"", Calibration(), Settings(), finder) for file in files))

    steps: dict[str, Callable[[], object]] = {
        "decode both (floor)": lambda: [decode(file or b"") for file in files],
        "alignment": lambda: align(one, other, **skins),
        "alignment, pairs, verdicts": lambda: laid(first, second),
        "maps of change": lambda: change_maps(one.linear, other.linear, alignment),
        "all, from two files": whole,
    }
    return Figures({name: _seconds(work) for name, work in steps.items()}, found.comparison.seen)


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    work()
    walls, used = [], []
    for _ in range(_REPEATS):
        begun, cpu = perf_counter(), sum(times()[:2])
        work()
        walls.append(perf_counter() - begun)
        used.append(sum(times()[:2]) - cpu)
    return float(np.median(walls)), float(np.median(used))
