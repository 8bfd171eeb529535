"""The edition that governs a clinic: its programme, the versions it adopted, its own settings. Kept once compiled."""

from __future__ import annotations

from functools import lru_cache

from isocourse.engine import model as m
from isocourse.engine.clinic import read_clinic
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.load import load_library
from isocourse.record.dates import day_of
from isocourse.store.models import Clinic


@lru_cache(maxsize=1)
def library() -> m.Library:
    """The protocol that is shipped, read once for each process."""
    return load_library()


@lru_cache(maxsize=64)
def _edition(programme: str, adopted: tuple[tuple[str, str], ...], settings: str) -> Edition:
    own = read_clinic(settings.encode(), "the clinic's settings", library()) if settings.strip() else None
    return edition_of(library(), programme, {name: day_of(day) for name, day in adopted}, clinic=own)


def edition_for(clinic: Clinic) -> Edition:
    """The edition of a clinic. Raises ProtocolError or InputError for settings that do not fit, which
    `care.clinic_settings` never stores."""
    return _edition(clinic.programme, tuple(sorted(clinic.adopted.items())), clinic.settings)


def zone_of(clinic: Clinic) -> str:
    """The time zone of the clinic's programme."""
    return library().programmes[clinic.programme].time_zone
