"""`graded_lab`, `peak_dose` and `monitoring_risk` against a second, slow writing over generated histories.

The second writing knows ALT (U/L) and triglycerides (mg/dL) only, and grades them by plain comparisons.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from isocourse.record import bloods
from isocourse.record.events import Event
from isocourse.record.policy import Policy
from isocourse.record.record import event_from
from isocourse.record.tables import table
from tests.bloods.courses import START, alt, event, supplied, tg

EPOCH = START.toordinal() - 15
POLICY = Policy(
    lab_fasting_hours=8, risk_bmi=30, risk_mg_per_kg=1, risk_code_prefixes={"diabetes": frozenset({"E10", "E11"})}
)
HISTORIES = 400


def history(seed: int) -> list[Event]:
    dice = random.Random(seed)
    told: list[dict[str, Any]] = []
    for number in range(dice.randrange(1, 9)):
        days: int | str = dice.choice((-20, -14, -3, -1, 0, 0, 1, 5, 9, 9, 30, "2026-03", "2026-02"))
        if dice.random() < 0.5:
            value = dice.choice((10, 40, 41, 60, 80, 81, 90, 120, 121, 180, 200, 201, 300, 900, 1300))
            limit = dice.choice((40, 40, 40, 40, None, 4000))
            low = dice.choice((None, None, 7, 10, 41))
            told.append(alt(days, value, f"r{number}", upper_limit=limit, lower_limit=low))
        else:
            value = dice.choice((13, 50, 149, 150, 300, 301, 500, 501, 1000, 1001))
            told.append(tg(days, value, "mg/dL", f"r{number}", fasting_hours=dice.choice((None, 7, 8, 12))))
    for number in range(dice.randrange(4)):
        named = [f"r{n}" for n in range(8) if dice.random() < 0.4] or ["r0"]
        said, role = (
            dice.choice(("continue", "reduce", "hold", "stop")),
            dice.choice(("prescriber", "prescriber", "nurse")),
        )
        told.append(event("lab_reviewed", number * 3 - 2, f"v{number}", results=named, decision=said, by=role))
    for number in range(dice.randrange(4)):
        told.append(supplied(dice.choice((-20, 0)) + 30 * number, daily_dose_mg=dice.choice((None, 20, 40, 60))))
    if dice.random() < 0.5:
        told.append(event("weight", -2, value=dice.choice(("40", "60", "89.7", "89.8"))))
        told.append(event("height", -2, value=dice.choice((173, 200))))
    if dice.random() < 0.3:
        code, system = dice.choice((("E11.9", "http://hl7.org/fhir/sid/icd-10"), ("E11.9", "x"), ("L70", "icd-10")))
        told.append(event("condition", -3, text="x", code=code, system=system))
    unique = {item["id"]: item for item in told}
    return [event_from(dict(item)) for item in unique.values()]


def _grade(event: Any, baseline: Any) -> tuple[int | None, int | None]:
    """CTCAE v5.0's number, and the higher of it and the one by the limit alone."""
    value = event.value.value
    if event.analyte == "triglycerides":
        number = 4 if value > 1000 else 3 if value > 500 else 2 if value > 300 else 1 if value >= 150 else 0
        return number, number
    absolute = _steps(value, event.upper_limit) if event.upper_limit is not None else None
    if baseline == "itself":
        return absolute, absolute
    if baseline is None or baseline.upper_limit is None:
        return (0, 0) if absolute == 0 else (None, absolute)
    if baseline.value.value <= baseline.upper_limit:
        return absolute, absolute
    # After an abnormal baseline the limit is not needed for the number, but it is for the action.
    number = max(_steps(value, baseline.value.value), 1) if value >= baseline.value.value * Decimal("1.5") else 0
    return number, max(number, absolute) if absolute is not None else None


def _doubted(event: Any) -> bool:
    """13 mg/dL, an upper limit of 4000, and a lower limit that is not below the upper one."""
    upper, lower = event.upper_limit, event.lower_limit
    return event.value.value == 13 or upper == 4000 or (upper is not None and lower is not None and lower >= upper)


def _steps(value: Decimal, of: Decimal) -> int:
    return 4 if value > 20 * of else 3 if value > 5 * of else 2 if value > 3 * of else 1 if value > of else 0


def by_hand(events: list[Event]) -> set[tuple[Any, ...]]:
    told: list[Any] = list(events)
    labs = [e for e in told if type(e).__name__ == "LabResult"]
    given = [e.happened_on.last for e in events if type(e).__name__ == "Dispensing" and e.happened_on.last > EPOCH]
    start = min(given, default=None)
    rows = set()
    for lab in labs:
        others = [other for other in labs if other.analyte == lab.analyte]
        own = start is None or lab.happened_on.last <= start
        before = sorted(
            (o for o in others if start is not None and o.happened_on.last <= start),
            key=lambda o: (-o.happened_on.last, o.value.value),
        )
        number, worst = _grade(lab, "itself" if own else before[0] if before else None)
        if _doubted(lab):
            number = worst = None
        below = None if lab.lower_limit is None else lab.value.value < lab.lower_limit
        reviews = [
            e
            for e in told
            if type(e).__name__ == "LabReviewed"
            and lab.id in e.results
            and e.author.role == "prescriber"
            and e.happened_on.last >= lab.happened_on.first
        ]
        said = max(reviews, key=lambda e: e.happened_on.last).decision if reviews else None
        current = all(other.happened_on.first <= lab.happened_on.last for other in others)
        times = None
        if lab.upper_limit is not None:
            times = next(n for n in range(1, 22) if n == 21 or lab.value.value <= n * lab.upper_limit)
        fasting = lab.fasting_hours is not None and lab.fasting_hours >= 8
        shown = (number, worst, worst is not None, _doubted(lab), below, times, times is not None)
        rows.add((lab.id, lab.happened_on.first, *shown, fasting, own, current, said))
    return rows


def by_code(events: list[Event]) -> set[tuple[Any, ...]]:
    found = bloods.graded_labs(table(events), EPOCH, POLICY)
    return {
        (
            row.events[0],
            row.day,
            row.grade,
            row.worst_grade,
            row.graded,
            row.implausible,
            row.below,
            row.times_uln,
            row.times_known,
            row.fasting,
            row.baseline,
            row.current,
            row.review,
        )
        for row in found
    }


def disagreements() -> int:
    return sum(by_code(history(seed)) != by_hand(history(seed)) for seed in range(HISTORIES))


def test_the_rows_are_as_written_by_hand() -> None:
    for seed in range(HISTORIES):
        assert by_code(history(seed)) == by_hand(history(seed)), seed


def test_dose_and_risk_are_as_written_by_hand() -> None:
    for seed in range(HISTORIES):
        events = history(seed)
        of = {
            kind: [e for e in events if type(e).__name__ == kind]
            for kind in ("Dispensing", "Weight", "Height", "Condition")
        }
        rows = bloods.bloods(table(events), EPOCH, POLICY)
        given: list[Any] = sorted(
            (e for e in of["Dispensing"] if e.happened_on.last > EPOCH), key=lambda e: e.happened_on.last
        )
        doses = [e.daily_dose_mg for e in given if e.daily_dose_mg is not None]
        peak = next((e.happened_on.last for e in given if not doses or e.daily_dose_mg == max(doses)), None)
        assert [row.day for row in rows["peak_dose"]] == ([] if peak is None else [peak])
        risks = set()
        for weight, height in zip(of["Weight"], of["Height"], strict=True):
            if Decimal(weight.value) / (Decimal(height.value) / 100) ** 2 >= 30:  # type: ignore[attr-defined]
                risks.add("obesity")
            if doses and doses[-1] >= weight.value:  # type: ignore[attr-defined]
                risks.add("high_dose")
        if any(e.code == "E11.9" and e.system != "x" for e in of["Condition"]):  # type: ignore[attr-defined]
            risks.add("diabetes")
        assert {row.risk for row in rows["monitoring_risk"]} == risks


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("_treatment_start", lambda rows, epoch_day: None),
        ("_reviews", lambda rows: {}),
        ("_in_unit", lambda analyte, before, unit: None),
        ("_of_one_day", lambda earlier, later: later),
        ("multiple", lambda value, limit: None),
        ("below", lambda value, limit: None),
        ("implausible", lambda *result, **limits: False),
    ],
)
def test_a_planted_fault_is_seen(name: str, broken: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    bloods._KEPT.clear()
    monkeypatch.setattr(bloods, name, broken)
    found = disagreements()
    bloods._KEPT.clear()
    assert found > 0


def test_the_shortest_course_of_all_has_no_rows() -> None:
    assert bloods.bloods({}, EPOCH, POLICY) == {"graded_lab": [], "peak_dose": [], "monitoring_risk": []}


def test_a_baseline_in_another_unit_of_an_enzyme_is_carried_over_exactly() -> None:
    """1.5 ukat/L is 90 U/L: above the limit of 40 U/L, so 130 U/L (1.44 times) is grade 0 by the baseline."""
    before = alt(-1, "1.5", "before", unit="ukat/L", upper_limit="0.66")
    rows = bloods.graded_labs(
        table([event_from(item) for item in (before, supplied(), alt(5, 130, "after"))]), EPOCH, POLICY
    )
    assert [(row.grade, row.worst_grade) for row in rows] == [(1, 1), (0, 2)]
