"""The synthetic courses: same seed, same bytes; readable records; faults of every kind; and most can proceed."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from isocourse.engine.decide import answers, evaluate, prepare
from isocourse.engine.load import programme_names
from isocourse.record import events as ev
from isocourse.record.dates import day_of
from isocourse.record.record import read_record, write_record
from isocourse.simulate import course as room
from isocourse.simulate import effects
from isocourse.simulate.clinic import clinic_of
from isocourse.simulate.course import Course, course, courses
from tests.shipped import edition

ROOT = Path(__file__).resolve().parents[2]
FIRST_DAY = day_of("2026-08-08")
COUNT = 300
# Everything `rates.py` calls a fault, and what a clinic cannot help.
FAULTS = {
    "acne_not_assessed", "after_alcohol", "amended", "answer_skipped", "bloods_forgotten", "collected_late",
    "comprehension_forgotten", "counselling_forgotten", "effects_not_asked", "form_forgotten", "form_late",
    "history_not_asked", "limit_missing", "low_mood", "medicine_unchecked", "medicines_not_asked", "method_changed",
    "missed_doses", "month_only", "mood_forgotten", "not_fasting", "pattern_not_asked", "paused", "raised_result",
    "red_flag", "review_forgotten", "severe_symptom", "symptom_not_assessed", "test_at_home_unasked",
    "test_forgotten", "test_late", "test_setting_unknown", "tetracycline_during", "vanished", "window_missed",
    "withdrawn", "worry", "written_late",
}  # fmt: skip


@cache
def made(programme: str, seed: int = 1) -> tuple[Course, ...]:
    clinic = clinic_of(edition(programme), FIRST_DAY)
    return tuple(courses(clinic, count=COUNT, seed=seed, first_day=FIRST_DAY))


def fingerprint(count: int) -> str:
    digest = sha256()
    for programme in programme_names():
        clinic = clinic_of(edition(programme), FIRST_DAY)
        for found in courses(clinic, count=count, seed=1, first_day=FIRST_DAY):
            digest.update(write_record(found.record))
            digest.update(repr((found.supplies, found.looks, sorted(found.faults))).encode())
    return digest.hexdigest()


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    code = "from tests.simulate.test_courses import fingerprint; print(fingerprint(8))"
    for hashing in ("1", "2"):
        found = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": hashing},
            cwd=ROOT,
        )
        assert found.stdout.strip() == fingerprint(8)


def test_another_seed_gives_others_and_a_number_is_found_again_alone() -> None:
    clinic = clinic_of(edition("us"), FIRST_DAY)
    assert made("us", 2)[:20] != made("us")[:20]
    assert course(clinic, 17, seed=1, first_day=FIRST_DAY) == made("us")[16]


EFFECTS = (ev.Symptom, ev.SymptomEnded, ev.SymptomAssessed, ev.SymptomsAsked)


def test_a_topic_left_out_moves_no_event_of_another() -> None:
    clinic = clinic_of(edition("us"), FIRST_DAY)
    fewer = tuple(topic for topic in room.TOPICS if topic is not effects.write)
    lost = 0
    for whole in made("us")[:40]:
        without = course(clinic, whole.number, seed=1, first_day=FIRST_DAY, topics=fewer)
        kept = tuple(event for event in whole.record.events if not isinstance(event, EFFECTS))
        assert without.record.events == kept
        lost += len(whole.record.events) - len(kept)
    assert lost > 100


@pytest.mark.parametrize("programme", programme_names())
def test_every_record_is_read_back_as_it_was_written(programme: str) -> None:
    for found in made(programme):
        assert read_record(write_record(found.record)) == found.record


@pytest.mark.parametrize("programme", programme_names())
def test_the_first_day_and_nothing_else_places_a_course(programme: str) -> None:
    for found in made(programme)[:100]:
        days = [event.happened_on.first for event in found.record.events if isinstance(event, ev.Visit)]
        assert FIRST_DAY <= min(days) < FIRST_DAY + room.FIRST_VISITS_WITHIN
        assert min(days) < found.supplies[0] and list(found.supplies) == sorted(set(found.supplies))


def test_every_kind_of_fault_occurs_and_no_other_word() -> None:
    seen: Counter[str] = Counter()
    for programme in programme_names():
        for found in made(programme):
            seen.update(found.faults)
    assert set(seen) <= FAULTS
    # Some are rarer than one in these 2,400 courses may show; another seed has them.
    assert FAULTS - set(seen) <= {"review_forgotten"}, FAULTS - set(seen)


def shares(programme: str) -> tuple[list[float], float, float]:
    """The share that may be supplied at the first six supplies, at all, and at all of the courses without a fault."""
    compiled = edition(programme)
    asked: Counter[int] = Counter()
    given: Counter[int] = Counter()
    faultless = [0, 0]
    for found in made(programme):
        for look in found.looks:
            if look.day not in found.supplies:
                continue
            supply, _ = answers(compiled, evaluate(compiled, prepare(found.record, look.known_at), look.day))
            place = found.supplies.index(look.day)
            asked[place] += 1
            given[place] += supply == "proceed"
            if not found.faults:
                faultless[0] += supply == "proceed"
                faultless[1] += 1
    at = [given[place] / asked[place] for place in range(6)]
    return at, given.total() / asked.total(), faultless[0] / faultless[1]


@pytest.mark.parametrize("programme", programme_names())
def test_most_can_proceed_on_their_supply_days_and_nearly_all_without_a_fault(programme: str) -> None:
    at, everywhere, faultless = shares(programme)
    assert min(at) > 0.75
    assert everywhere > 0.83
    assert everywhere < 0.99  # a clinic without a fault would test nothing
    assert faultless > 0.97


@pytest.mark.parametrize("programme", programme_names())
def test_doses_are_capsules_that_exist_and_add_up(programme: str) -> None:
    sold = {capsules.product: capsules for capsules in clinic_of(edition(programme), FIRST_DAY).capsules}
    for found in made(programme)[:100]:
        weight = min(e.value for e in found.record.events if isinstance(e, ev.Weight))
        for event in found.record.events:
            if not isinstance(event, ev.Dispensing):
                continue
            capsules = sold[event.product or ""]
            assert {strength.mg for strength in event.strengths} <= set(capsules.strengths_mg)
            total = sum(s.mg * (s.capsules or 0) for s in event.strengths)
            assert event.daily_dose_mg is not None and total == event.daily_dose_mg * event.days
            smallest = capsules.intakes * min(capsules.strengths_mg)
            assert event.daily_dose_mg <= max(weight * Decimal(capsules.usual_ug_per_kg) / 1000, smallest)


def test_units_are_those_of_the_country() -> None:
    units = {
        programme: {e.unit for c in made(programme)[:40] for e in c.record.events if isinstance(e, ev.LabResult)}
        for programme in ("us", "uk")
    }
    assert units == {"us": {"U/L", "mg/dL"}, "uk": {"U/L", "mmol/L"}}
