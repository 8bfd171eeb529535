"""The policy episodes are made under: plain values that the protocol hands in; no programme is named here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from isocourse.record import terminology as t


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


class Contents(NamedTuple):
    """What a product's capsules hold: allergens with the strengths (mg) they are in, and whether that is all."""

    allergens: tuple[tuple[str, frozenset[Decimal]], ...]
    in_full: bool


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
