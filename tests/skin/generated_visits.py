"""Generated faces as files: one person at baseline, again at baseline, and five months later."""

from __future__ import annotations

from functools import cache

from isocourse.simulate.faces import Camera, Person, course_series, photograph

_CAMERA = {"width": 1300, "height": 1720, "px_per_mm": 6.5, "jpeg": 95}


@cache
def visit(month: float = 0.0, *, seed: int = 0, tone: str = "light", yaw: float = 0.0) -> bytes:
    """A JPEG. `seed` is that of the sensor: another photograph of the same skin."""
    look = course_series(3, tone, (month,))[0]  # type: ignore[arg-type]
    taken = photograph(Person(3, tone), look, Camera(**_CAMERA, yaw=yaw), seed=seed)  # type: ignore[arg-type]
    assert taken.jpeg is not None
    return taken.jpeg
