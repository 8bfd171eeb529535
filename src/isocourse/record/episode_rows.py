"""What episodes are made of: the rows they give, and the policy of plain values they work under.

The protocol hands the policy in; no programme is named here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from isocourse.record import terminology as t
from isocourse.record.allergies import Contents, KnownAllergy
from isocourse.record.bloods import GradedLab, MonitoringRisk, PeakDose
from isocourse.record.conditions import CurrentCondition
from isocourse.record.dose import DoseCheck
from isocourse.record.effects import EPISODES as EFFECT_EPISODES
from isocourse.record.medicines import CurrentMedicine
from isocourse.record.mood import EPISODES as MOOD_EPISODES
from isocourse.record.procedures import ProcedureSeen
from isocourse.record.reports import ReportWanted

BEGINNING = 1  # the day number that stands for "before anything recorded"


class Dated:
    """A value with the days on which it changes; `at(day)` is the one in force then, or None."""

    __slots__ = ("_from", "_values")

    def __init__(self, steps: Sequence[tuple[int, Any]]) -> None:
        ordered = sorted(steps, key=lambda step: step[0])
        self._from = [day for day, _ in ordered]
        self._values = [value for _, value in ordered]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dated) and (self._from, self._values) == (other._from, other._values)

    def __hash__(self) -> int:
        return hash(tuple(self._from))

    def at(self, day: int) -> Any:
        """The value in force on `day`; None before the first and where the value has ended."""
        index = bisect_right(self._from, day) - 1
        return self._values[index] if index >= 0 else None

    def first_day_after(self, start: int) -> int:
        """With values in days: the first day later than `start` that is at least the value then in force after it."""
        begins = [start + 1, *self._from]
        for begin, end, value in zip(begins, [*self._from, None], [None, *self._values], strict=True):
            day = max(begin, start + 1, start + (value or 0))
            if end is None or day < end:
                return day
        return start + 1


NEVER = Dated([])


class Policy(NamedTuple):
    """The programme's values that episodes need. Lengths are days unless the name says months."""

    method_classes: Mapping[str, frozenset[str]] = {}
    adequate_combinations: tuple[tuple[str, ...], ...] = ()
    lead_months: int = 1
    lead_days: int = 0
    restart_gap_days: int | None = None
    first_test_settings: Dated = NEVER
    second_test_gap_days: int | None = None
    window_offset_days: int = 0
    menses_days: int | None = None
    first_window_lockout_days: Dated = NEVER
    intercourse_test_wait_days: int = 0
    missed_period_test_wait_days: int = 0
    concern_test_settings: Dated = NEVER
    hcg_positive_from: int | None = None
    mood_assessor_roles: tuple[str, ...] = ()
    mood_deciding_roles: tuple[str, ...] = ()
    depression_urgent_from: int | None = None
    brief_sexual_from: Dated = NEVER
    effects_deciding_roles: tuple[str, ...] = ()
    effects_severe_from: int = 3
    induced_methods: tuple[str, ...] = ()
    suitability_roles: tuple[str, ...] = ()
    product_contents: Mapping[str, Contents] = {}  # of the products, by `product_key`
    ctcae_edition: str = "v5"
    lab_fasting_hours: int | None = None
    risk_code_prefixes: Mapping[str, frozenset[str]] = {}
    risk_bmi: int | None = None
    risk_mg_per_kg: int | None = None
    # Dose ranges by formulation, in micrograms per kg and day (record/dose.py).
    dose_least_conventional: int | None = None
    dose_usual_conventional: int | None = None
    dose_most_conventional: int | None = None
    dose_least_lidose: int | None = None
    dose_usual_lidose: int | None = None
    dose_most_lidose: int | None = None
    dose_least_micronised: int | None = None
    dose_usual_micronised: int | None = None
    dose_most_micronised: int | None = None
    procedure_deciding_roles: tuple[str, ...] = ()
    # Reports: the places by occasion, who may send one, and when a pregnancy counts as exposed (record/reports.py).
    reports_to: Mapping[str, tuple[t.ReportTo, ...]] = {}
    report_sender_roles: tuple[str, ...] = ()
    after_months: int | None = None
    after_days: int | None = None
    pregnancy_found_months: int | None = None


class Supply(NamedTuple):
    """One dispensing and the days it lasts: from `first_use_day` to `last_use_day`, both inclusive."""

    day: int
    days: int
    first_use_day: int
    last_use_day: int
    events: tuple[str, ...]


class Epoch(NamedTuple):
    """A day up to which everything counts as an earlier course: every pre-treatment step starts after it."""

    day: int
    reason: str
    events: tuple[str, ...]


class Exposure(NamedTuple):
    """The latest exposure. `last_dose_day` is recorded, or the last day the supply could have lasted."""

    day: int
    last_dose_day: int
    stop_recorded: bool
    events: tuple[str, ...]


class Cover(NamedTuple):
    """A run of days on which contraception was adequate. `end_day` is the last such day, None if it goes on."""

    day: int
    end_day: int | None
    ongoing: bool
    lead_complete_day: int
    method_count: int
    events: tuple[str, ...]


class PretreatmentTest(NamedTuple):
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


class Concern(NamedTuple):
    """A missed period, a failure of contraception or unprotected intercourse, until cleared."""

    day: int
    worry: str
    is_open: bool
    clear_from_day: int
    events: tuple[str, ...]


class UnresolvedPregnancy(NamedTuple):
    """A sign of pregnancy that no prescriber has resolved by name: a positive test, hCG above its limit in a
    laboratory result, a pregnancy, a diagnosis that says pregnant, a course stopped for pregnancy."""

    day: int
    evidence: str
    events: tuple[str, ...]


EPISODES: dict[str, type] = {
    "supply": Supply,
    "epoch": Epoch,
    "exposure": Exposure,
    "cover": Cover,
    "pretreatment_test": PretreatmentTest,
    "pregnancy_concern": Concern,
    "unresolved_pregnancy": UnresolvedPregnancy,
    **MOOD_EPISODES,
    "current_medicine": CurrentMedicine,
    "current_condition": CurrentCondition,
    "known_allergy": KnownAllergy,
    "firm_cover": Cover,  # what is left of it where an enzyme inducer is on record
    "graded_lab": GradedLab,
    "monitoring_risk": MonitoringRisk,
    "peak_dose": PeakDose,
    "dose_check": DoseCheck,
    **EFFECT_EPISODES,
    "procedure_seen": ProcedureSeen,
    "report_wanted": ReportWanted,
}
