"""The isocourse side of the benchmark's ten rules: three patients made by hand. No times are tested."""

from datetime import date, timedelta

import pytest

from bench.bundles import AS_OF, Patient
from bench.courses import courses
from bench.ten_rules import blind_rules, states_of, ten_rules
from isocourse.engine.decide import answers, evaluate, prepare
from isocourse.engine.edition import edition_of
from isocourse.engine.load import load_library
from isocourse.record.events import kind_of
from isocourse.record.record import read_record

URINE = ("2106-3", "urine")
CAPSULE = ("197844", "20 MG")
NAMES = (
    "latest_test_not_negative",
    "positive_on_record",
    "window_closed",
    "no_test_since_supply",
    "no_second_test",
    "prescription_too_long",
    "supply_too_early",
    "minor",
    "prescribed_before_test",
    "weight_old",
)


def _ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def _by_the_book() -> Patient:
    patient = Patient(1, date(2000, 1, 1))
    patient.measured(_ago(100), ("29463-7", "Body weight", "kg"), 60)
    for days in (60, 32, 2):
        patient.tested(_ago(days), "negative", URINE)
    patient.prescribed(_ago(31), 30, CAPSULE)
    patient.supplied(_ago(30), 30, CAPSULE)
    return patient


def _nothing_known() -> Patient:
    return Patient(2, AS_OF.replace(year=AS_OF.year - 18))


def _everything_wrong() -> Patient:
    patient = Patient(3, _ago(17 * 365))
    patient.measured(_ago(181), ("29463-7", "Body weight", "kg"), 60)
    patient.prescribed(_ago(40), 31, CAPSULE)
    patient.tested(_ago(30), "negative", URINE)
    patient.tested(_ago(12), "negative", URINE)
    patient.tested(_ago(11), "positive", URINE)
    patient.supplied(_ago(10), 30, CAPSULE)
    return patient


@pytest.mark.parametrize(
    ("patient", "expected"),
    [
        (_by_the_book(), (0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        (_nothing_known(), (2, 0, 2, 0, 2, 2, 2, 0, 0, 1)),
        (_everything_wrong(), (1, 1, 1, 1, 1, 1, 1, 1, 1, 1)),
    ],
)
def test_the_ten_rules(patient: Patient, expected: tuple[int, ...]) -> None:
    edition = ten_rules()
    assert tuple(rule.id for rule in edition.rules) == NAMES
    assert states_of(edition, patient.json(), AS_OF) == expected


def test_a_rule_that_compares_nothing_is_found() -> None:
    edition = ten_rules()
    assert blind_rules(edition, [(0,) * 10, (1,) * 9 + (2,)]) == ["weight_old"]


def test_the_courses_are_records_and_always_the_same() -> None:
    some = courses(20)
    assert some == courses(20)
    sizes = [len(read_record(source).events) for source, _ in some]
    assert 50 <= sum(sizes) / len(sizes) <= 100


def test_most_courses_proceed_and_every_topic_has_its_events() -> None:
    us, some = edition_of(load_library(), "us"), courses(40)
    read = [(read_record(source), as_of) for source, as_of in some]
    proceed = sum(answers(us, evaluate(us, prepare(record), as_of))[0] == "proceed" for record, as_of in read)
    assert 20 < proceed < 40
    kinds = {kind_of(event) for record, _ in read for event in record.events}
    assert kinds >= {"acne_assessed", "treatment_tried", "history_asked", "circumstances_asked", "symptoms_asked"}
    assert kinds >= {"symptom", "questionnaire", "mood_assessment", "lab_result", "dispensing", "medicine_started"}
