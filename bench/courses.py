"""Made-up US courses in their third month, about 70 events each, as JSON records. Same seed, same courses.

They hold what every topic reads: bloods, questionnaires and assessments of mood, doses, other medicines. Most go by the
book; some miss a step, worry, pause, stop a method or test positive, so that every branch is
taken by somebody and no two neighbours in the list take the same ones.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

FIRST_DAY = date(2026, 1, 5)
MONTHS = 3
_WORRIES = ("missed_period", "contraceptive_failure", "unprotected_intercourse")
_MEDICINES = ("cetirizine", "salbutamol", "ibuprofen", "doxycycline", "St John's wort", "a herbal tea")
_SYMPTOMS = ("dry lips", "dry eyes", "headache", "joint pain", "nosebleed")


class Course:
    """One person's events as they are gathered; `as_of` is the day to decide for."""

    def __init__(self, number: int, dice: random.Random) -> None:
        self.number = number
        self.dice = dice
        self.day = FIRST_DAY + timedelta(days=dice.randint(0, 90))
        self.events: list[dict[str, Any]] = []
        self.as_of = self.day
        self.count = 0

    def add(self, kind: str, on: date, by: str = "prescriber", **fields: Any) -> str:
        """Write one event down, on the day it happens, and give its id."""
        name, self.count = f"e{self.count:03}", self.count + 1
        event = {"kind": kind, "id": name, "happened_on": on.isoformat()}
        written = f"{max(on, FIRST_DAY).isoformat()}T{9 + self.count % 9:02}:{self.count % 60:02}:00+00:00"
        self.events.append({**event, "recorded_at": written, "author": {"id": "a1", "role": by}, **fields})
        return name

    def maybe(self, share: float) -> bool:
        return self.dice.random() < share

    def json(self) -> bytes:
        return json.dumps({"isocourse_record": "1", "subject": f"s{self.number}", "events": self.events}).encode()


def courses(count: int, seed: int = 20261123) -> list[tuple[bytes, int]]:
    """(record as JSON, day to decide for) for `count` different people."""
    dice = random.Random(seed)
    found = [_course(Course(number, dice)) for number in range(count)]
    return [(course.json(), course.as_of.toordinal()) for course in found]


def _course(course: Course) -> Course:
    can = course.maybe(0.8)
    _before(course, can)
    supply = course.day + timedelta(days=40 + course.dice.randint(0, 6))
    months = MONTHS - course.maybe(0.15) - course.maybe(0.1) * 3
    for month in range(months):
        _month(course, supply, can, month)
        supply += timedelta(days=30 + course.dice.choice((0, 0, 0, 0, 1, 2, 3, 6)))
    course.as_of = supply + timedelta(days=course.dice.choice((-20, -6, -3, -1, 0, 1, 3, 5, 7, 12)))
    if course.maybe(0.85):
        _visit(course, supply, can)
    course.events = [event for event in course.events if event["happened_on"] <= course.as_of.isoformat()]
    _trouble(course, can)
    return course


def _before(course: Course, can: bool) -> None:
    day, dice, add = course.day, course.dice, course.add
    add("birth", date(dice.randint(1985, 2010), dice.randint(1, 12), dice.randint(1, 28)), "administrator")
    add("sex", day, "administrator", sex="female" if can else "male")
    ground = "uterus_and_ovary" if can else "cisgender_male"
    add("pregnancy_potential", day, potential="can" if can else "cannot", ground=ground, confirmed=True)
    add("condition", day, text="Acne conglobata", code="L70.1", system="http://hl7.org/fhir/sid/icd-10-cm", active=True)
    add("height", day, "nurse", value="168")
    add("programme_enrolment", day, registry="ipledge", status="enrolled")
    add("prescriber", day, prescriber_id="p1", role="dermatologist", certified_with=["ipledge"])
    for signer in ("patient", "guardian") if course.maybe(0.5) else ("patient",):
        add("form_signed", day, signer, form="ipledge_enrolment", signed_by=signer, version="2021-12")
    add("visit", day, mode="in_person", purpose="first")
    add("counselling", day, topics=["pregnancy_risk", "contraception", "mental_health", "sexual_function"])
    add("medicines_asked", day, "nurse", taken="nothing_else")
    if course.number % 4 == 0:
        add("medicine_started", day, "nurse", name=_MEDICINES[course.number // 4 % len(_MEDICINES)])
    add("mood_assessment", day, covers=["psychiatric_history", "mental_health"], outcome="no_concern")
    add("weight", day, "nurse", value=str(dice.randint(48, 90)))
    _bloods(course, day)
    if can:
        _prevention(course, day)


def _prevention(course: Course, day: date) -> None:
    add = course.add
    pair = course.dice.choice((("combined_pill", "male_condom"), ("implant", "male_condom"), ("abstinence",)))
    for method in pair:
        add("contraception_started", day, "patient", method=method)
    add("breast_feeding", day, "nurse", status="stopped")
    add("menses_pattern", day, "nurse", pattern=course.dice.choice(("regular", "regular", "irregular", "suppressed")))
    add("menses_started", day - timedelta(days=3), "patient")
    add("pregnancy_test", day, "nurse", result="negative", method="serum", setting="medical", sensitivity_miu_ml="25")


def _month(course: Course, supply: date, can: bool, month: int) -> None:
    _visit(course, supply, can)
    prescription = course.add("prescription", supply - timedelta(days=1), product="isotretinoin", days=30, **_CAPSULES)
    course.add(
        "dispensing", supply, "pharmacist", days=30, prescription=prescription, product="isotretinoin", **_CAPSULES
    )
    if month == 0:
        course.add("course_start", supply, "patient")
    for _ in range(course.dice.randint(1, 2)):
        later = supply + timedelta(days=course.dice.randint(3, 25))
        course.add("symptom", later, "patient", text=course.dice.choice(_SYMPTOMS), severity="mild")
    if course.maybe(0.2):
        course.add("missed_doses", supply + timedelta(days=20), "patient", days=course.dice.randint(1, 3))


_CAPSULES: dict[str, Any] = {
    "daily_dose_mg": "40",
    "strengths": [{"mg": "40", "capsules": 30}],
    "formulation": "conventional",
}


def _visit(course: Course, supply: date, can: bool) -> None:
    day = supply - timedelta(days=course.dice.choice((1, 1, 2, 2, 3, 5)))
    course.add("visit", day, mode="in_person", purpose="follow_up")
    course.add("counselling", day, topics=["pregnancy_risk", "contraception", "mental_health", "sexual_function"])
    course.add("comprehension", day, "patient", passed=not course.maybe(0.03))
    course.add("weight", day, "nurse", value=str(course.dice.randint(48, 90)))
    course.add("questionnaire", day, "patient", name="phq2", items=[course.dice.randint(0, 1), 0])
    course.add("mood_assessment", day, covers=["mental_health"], outcome="no_concern")
    _bloods(course, day)
    if can:
        course.add("menses_started", day - timedelta(days=course.dice.randint(0, 4)), "patient")
        if not course.maybe(0.05):
            course.add("pregnancy_test", day, "nurse", result="negative", method="urine", setting="medical")
        if course.maybe(0.9):
            until = (day + timedelta(days=6)).isoformat()
            course.add("authorisation", day, number=f"r{course.count}", do_not_dispense_after=until)


def _bloods(course: Course, day: date) -> None:
    limits = {"unit": "U/L", "upper_limit": "40"}
    course.add("lab_result", day, "laboratory", analyte="alt", value=course.dice.randint(12, 44), **limits)
    course.add("lab_result", day, "laboratory", analyte="ast", value=course.dice.randint(12, 40), **limits)
    fasting = {"unit": "mg/dL", "upper_limit": "150", "fasting_hours": "12", "hours_since_alcohol": "60"}
    course.add("lab_result", day, "laboratory", analyte="triglycerides", value=course.dice.randint(60, 180), **fasting)
    if course.count < 30:
        course.add("lab_result", day, "laboratory", analyte="total_cholesterol", value=170, **fasting)


def _trouble(course: Course, can: bool) -> None:
    """What goes wrong, some days before the day to decide for."""
    day = course.as_of - timedelta(days=course.dice.randint(0, 25))
    trouble: list[tuple[float, Callable[[], str]]] = [
        (0.04, lambda: course.add("course_pause", day, "patient")),
        (0.04, lambda: course.add("course_stop", day, reason="patient_choice")),
        (0.10, lambda: course.add("entered_in_error", day, corrects=course.events[-2]["id"], reason="wrong patient")),
        (0.03, lambda: course.add("prescription", day, product="isotretinoin", days=60, refills=1)),
    ]
    if can:
        trouble += [
            (0.08, lambda: course.add(course.dice.choice(_WORRIES), day, "patient")),
            (0.05, lambda: course.add("contraception_stopped", day, "patient", method="male_condom")),
            (0.03, lambda: course.add("pregnancy_test", day, "nurse", result="positive", setting="medical")),
            (0.03, lambda: course.add("pregnancy_test", day, "nurse", result="unclear", setting="home")),
        ]
    for share, happen in trouble:
        if course.maybe(share):
            happen()
    for event in course.events:
        if event["kind"] == "entered_in_error":
            event["recorded_at"] = f"{course.as_of.isoformat()}T23:00:00+00:00"
