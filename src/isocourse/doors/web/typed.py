"""What a browser sends, read: anything may stand in it."""

from __future__ import annotations

from datetime import date, timedelta

MOST_DIGITS = 9  # what every database can hold


def whole(text: str, otherwise: int = -1) -> int:
    """A whole number of ASCII digits, `otherwise` for anything else: Python also takes digits of other scripts, and
    takes very long over very long ones."""
    fits = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if fits else otherwise


def day(text: str) -> date | None:
    """A day as the browser's field writes it, with a day before and after it that there is; None for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date.min + timedelta(days=2) < found < date.max - timedelta(days=2) else None
