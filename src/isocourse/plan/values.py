"""The protocol's values as of a day, for what reckons beside the rules."""

from __future__ import annotations

from isocourse.engine.edition import Edition
from isocourse.engine.model import ValueStep


def value_on(edition: Edition, name: str, day: int) -> ValueStep | None:
    """The step of a value in force on a day (before all, the first); None when the programme has no such value."""
    steps = edition.dated_values.get(name, [])
    return next((step for begins, step in reversed(steps) if begins <= day), steps[0][1] if steps else None)
