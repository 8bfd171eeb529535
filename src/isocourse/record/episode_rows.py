"""The rows that the episodes of the spine give: supply, cover, tests before treatment, worries, signs of pregnancy.

The rows of a topic stand in its own module; `topics.py` lists them all.
"""

from __future__ import annotations

from msgspec import Struct

BEGINNING = 1  # the day number that stands for "before anything recorded"


class Supply(Struct, frozen=True, gc=False):
    """One dispensing and the days it lasts: from `first_use_day` to `last_use_day`, both inclusive."""

    day: int
    days: int
    first_use_day: int
    last_use_day: int
    events: tuple[str, ...]


class Epoch(Struct, frozen=True, gc=False):
    """A day up to which everything counts as an earlier course: every pre-treatment step starts after it."""

    day: int
    reason: str
    events: tuple[str, ...]


class Exposure(Struct, frozen=True, gc=False):
    """The latest exposure. `last_dose_day` is recorded, or the last day the supply could have lasted."""

    day: int
    last_dose_day: int
    stop_recorded: bool
    events: tuple[str, ...]


class Cover(Struct, frozen=True, gc=False):
    """A run of days on which contraception was adequate. `end_day` is the last such day, None if it goes on."""

    day: int
    end_day: int | None
    ongoing: bool
    lead_complete_day: int
    method_count: int
    events: tuple[str, ...]


class PretreatmentTest(Struct, frozen=True, gc=False):
    """A negative pre-treatment test of an accepted setting, and what it is worth as the confirming one.

    `menses_day` is 1 on the first day of the latest period before it, None when no period is recorded.
    `locked_until` ends the lock-out that this test falls into, None when it falls into none. `retest_from` is the
    first day on which a further test counts once a window was opened, by the rules in force on that day.
    """

    day: int
    first_test_day: int
    covered: bool
    lead_complete_day: int | None
    menses_day: int | None
    locked_until: int | None
    retest_from: int | None
    opened: bool
    window_last_day: int
    governs: bool
    events: tuple[str, ...]


class Concern(Struct, frozen=True, gc=False):
    """A missed period, a failure of contraception or unprotected intercourse, until cleared."""

    day: int
    worry: str
    is_open: bool
    clear_from_day: int
    events: tuple[str, ...]


class UnresolvedPregnancy(Struct, frozen=True, gc=False):
    """A sign of pregnancy that no prescriber has resolved by name: a positive test, hCG above its limit in a
    laboratory result, a pregnancy, a diagnosis that says pregnant, a course stopped for pregnancy."""

    day: int
    evidence: str
    events: tuple[str, ...]


SPINE_EPISODES: dict[str, type] = {
    "supply": Supply,
    "epoch": Epoch,
    "exposure": Exposure,
    "cover": Cover,
    "pretreatment_test": PretreatmentTest,
    "pregnancy_concern": Concern,
    "unresolved_pregnancy": UnresolvedPregnancy,
}
