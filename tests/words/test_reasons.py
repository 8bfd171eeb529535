"""After a course: which findings say only what another one would need first, and which stand as before."""

from __future__ import annotations

from typing import Any

import pytest

from isocourse.words.answer import Answer
from isocourse.words.reasons import _TO_ASK, of_another_course, reasons_of
from tests.words.test_work import LIBRARY, answered, treated

OVER = {"kind": "course_stop", "reason": "completed"}
LAB = {"kind": "lab_result", "by": "laboratory", "unit": "mmol/L", "analyte": "triglycerides", "fasting_hours": "12"}


def ended(*more: dict[str, Any]) -> Answer:
    return answered(treated(dict(OVER), *(dict(each) for each in more)))[0]


def test_what_a_start_would_need_is_set_apart() -> None:
    answer = ended()
    apart = of_another_course(answer)
    assert {"psychiatric_history_missing", "history_not_asked"} <= apart
    withholding = {finding.rule for finding in reasons_of(answer).withholding}
    assert len(withholding & apart) > len(withholding - apart)


@pytest.mark.parametrize(
    ("entry", "topic"),
    [
        ({"kind": "questionnaire", "by": "patient", "name": "phq9", "items": [0] * 8 + [1]}, "mood"),
        ({"kind": "pregnancy_test", "by": "nurse", "result": "positive", "setting": "medical"}, "pregnancy"),
        ({**LAB, "value": "4.8"}, "bloods"),
        ({**LAB, "value": "9.4"}, "bloods"),
        ({**LAB, "analyte": "ldl", "value": "6.1", "upper_limit": "3.0"}, "bloods"),
        ({"kind": "questionnaire", "by": "patient", "name": "phq9", "items": [2] * 8 + [0]}, "mood"),
        ({"kind": "questionnaire", "by": "patient", "name": "gad7", "items": [3] * 7}, "mood"),
    ],
)
def test_no_danger_and_no_result_is_set_apart(entry: dict[str, Any], topic: str) -> None:
    before, after = ended(), ended(entry)
    new = {finding.rule for finding in after.findings if finding.topic == topic}
    new -= {finding.rule for finding in before.findings}
    assert new
    assert not new & of_another_course(after)


def test_the_rules_named_here_exist() -> None:
    assert set(LIBRARY.rules) >= _TO_ASK


def test_nothing_about_capsules_is_set_apart() -> None:
    for answer in (ended(), ended({"kind": "symptom", "by": "nurse", "text": "headache", "severity": "severe"})):
        about = {f.rule for f in answer.findings if f.effect.capsules_in_hand in ("stop_now", "ask_prescriber")}
        assert about and not about & of_another_course(answer)
