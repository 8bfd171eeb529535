"""What was taken, against a slow simulation of each day, over generated histories; and known answers."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isocourse.record import intake
from isocourse.record.corrections import visible
from isocourse.record.dates import day_of, iso
from isocourse.record.events import Event
from isocourse.record.record import event_from
from isocourse.record.tables import clip, table

BASE = day_of("2026-01-01")
SHORT = settings(
    max_examples=150, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
seen: Counter[str] = Counter()


def event(kind: str, day: int, name: str, **fields: Any) -> Any:
    return event_from(
        {
            "kind": kind,
            "id": name,
            "happened_on": iso(BASE + day),
            "recorded_at": fields.pop("recorded", datetime(2026, 1, 1, tzinfo=UTC)).isoformat(),
            "author": {"id": "x", "role": "prescriber"},
            **fields,
        }
    )


def by_code(events: list[Event], as_of: int) -> intake.Taken:
    rows, _ = clip(table(visible(events)), BASE + as_of)
    return intake.taken(rows, BASE + as_of)


# --- the oracle: a person with a box of capsules, one day at a time -----------------------------------
def lived(events: list[Any], as_of: int, since: int = 0) -> dict[str, tuple[Fraction, Fraction | None, int]]:
    """By formulation: mg, mg per kg, days, from day `since` on; with a box that supplies fill and doses empty."""
    day = {e.id: e.happened_on.last - BASE for e in events}
    standing = [e for e in visible(events) if day[e.id] <= as_of]

    def of(kind: str) -> list[Any]:
        return sorted((e for e in standing if type(e).__struct_config__.tag == kind), key=lambda e: (day[e.id], e.id))

    weighed: dict[int, Fraction] = {}
    for w in of("weight"):
        weight = Fraction(w.value) * (Fraction(45359237, 100000000) if w.unit == "[lb_av]" else 1)
        weighed[day[w.id]] = min(weighed.get(day[w.id], weight), weight)
    skipped: set[int] = set()
    noted = -(10**6)
    for note in of("missed_doses"):
        here = day[note.id]
        skipped |= {d for d in range(here - note.days, here) if d >= noted}
        noted = max(noted, here)
    result: dict[str, tuple[Fraction, Fraction | None, int]] = {}
    box: list[list[Any]] = []
    on: Any = None  # None: before the first supply of a course
    starts = {day[e.id] for e in of("course_start")}
    stops = {day[e.id] for e in of("course_stop")}
    pauses = {day[e.id] for e in of("course_pause")}
    # Of two boxes of one day the smaller is opened first.
    given_ = sorted(of("dispensing"), key=lambda e: (e.days, e.recorded_at, e.id))
    supplies = {d: [e for e in given_ if day[e.id] == d] for d in {day[e.id] for e in given_}}
    course_from = 0
    for today in range(as_of + 1):
        for supply in supplies.get(today, []):
            box.append([supply.days, Fraction(supply.daily_dose_mg), supply.formulation])
            if on is None:
                # Is a first dose of this course recorded, now or earlier, or between here and the first pause?
                end = min([s for s in stops if s >= today], default=as_of)
                held = min([p for p in pauses if today <= p <= end], default=end)
                earlier = [s for s in starts if course_from <= s < today]
                later = [s for s in starts if today < s <= held]
                on = bool(earlier or today in starts or not later)
                if not on:
                    seen["first dose after the supply"] += 1
        if on is not None and today in pauses and today not in starts:
            on = False
            seen["pause"] += 1
        if on is not None and today in starts:
            on = True
        if on and today not in skipped and box:
            box[0][0] -= 1
            _, dose, formulation = box[0]
            if box[0][0] == 0:
                box.pop(0)
            kg: Any = next((weighed[d] for d in sorted(weighed, reverse=True) if d <= today), None)
            if kg is None and weighed:
                kg = weighed[min(weighed)]
                seen["before the first weight"] += 1
            mg, per_kg, days = result.get(formulation, (Fraction(0), Fraction(0) if weighed else None, 0))
            more = per_kg + dose / kg if per_kg is not None and kg is not None else None
            if today >= since:
                result[formulation] = (mg + dose, more, days + 1)
        elif on and today in skipped and box:
            seen["missed"] += 1
        if today in stops:
            seen["stop"] += 1
            box, on, course_from = [], None, today + 1
    return result


def compared(events: list[Event], as_of: int) -> None:
    wanted = lived(events, as_of)
    taken = by_code(events, as_of)
    got = {t.formulation: (t.mg, t.mg_per_kg, t.days) for t in taken.totals}
    assert got == wanted, (as_of, [(e.id, str(e.happened_on)) for e in events])


DAYS = st.integers(0, 90)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Event], int]:
    """Supplies with changing doses, weights, gaps, pauses, stops and missed days, some of them corrected later."""
    events: list[Event] = []
    for index in range(draw(st.integers(0, 4))):
        dose = draw(st.sampled_from(["10", "20", "40", "37.5", "0.001"]))
        form = draw(
            st.sampled_from(["conventional", "conventional", "conventional", "lidose", "micronised", "unknown"])
        )
        supply = {"days": draw(st.sampled_from([1, 7, 30])), "daily_dose_mg": dose, "formulation": form}
        events.append(
            event("dispensing", 35 * index + draw(st.integers(-4, 4)) if index else draw(DAYS), f"s{index}", **supply)
        )
    for index in range(draw(st.integers(0, 3))):
        weighing = {
            "value": draw(st.sampled_from(["70", "63.7", "154"])),
            "unit": draw(st.sampled_from(["kg", "[lb_av]"])),
        }
        events.append(event("weight", draw(DAYS), f"w{index}", **weighing))
    for kind, most in (("missed_doses", 3), ("course_start", 2), ("course_pause", 2), ("course_stop", 1)):
        for index in range(draw(st.integers(0, most))):
            fields: dict[str, Any] = {"days": draw(st.integers(1, 9))} if kind == "missed_doses" else {}
            if kind == "course_stop":
                fields["reason"] = draw(st.sampled_from(["completed", "adverse_effect"]))
            events.append(event(kind, draw(DAYS), f"{kind[7:10]}{index}", **fields))
    later = datetime(2026, 6, 1, tzinfo=UTC)
    for gone in [e for e in events if draw(st.integers(0, 5)) == 0]:
        seen["corrected"] += 1
        if gone.id.startswith("s") and draw(st.booleans()):
            events.append(
                event(
                    "dispensing",
                    draw(DAYS),
                    f"{gone.id}x",
                    amends=gone.id,
                    recorded=later,
                    days=30,
                    daily_dose_mg="30",
                    formulation="conventional",
                )
            )
        else:
            events.append(event("entered_in_error", 0, f"{gone.id}x", corrects=gone.id, recorded=later))
    return events, draw(st.integers(0, 130))


@SHORT
@given(histories())
def agree(history: tuple[list[Event], int]) -> None:
    compared(*history)


def test_the_total_agrees_with_a_life_lived_day_by_day() -> None:
    seen.clear()
    agree()
    for corner in ("pause", "stop", "missed", "corrected", "before the first weight", "first dose after the supply"):
        assert seen[corner] >= 10, (corner, seen)


@pytest.mark.long
def test_the_total_agrees_over_many_histories() -> None:
    settings(SHORT, max_examples=10_000, derandomize=False)(agree)()


def test_a_broken_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [
        event("dispensing", 0, "s1", days=30, daily_dose_mg=40, formulation="conventional"),
        event("missed_doses", 20, "m", days=5),
    ]
    compared(events, 25)
    monkeypatch.setattr(intake, "_missed", lambda rows: [])
    with pytest.raises(AssertionError):
        compared(events, 25)


def test_the_milligrams_of_a_course_are_exact() -> None:
    """30 days of 40 mg, 5 missed, then 30 of 60 mg from day 30 on, 70 kg and from day 40 on 72 kg; as of day 69."""
    events = [
        event("weight", 0, "w1", value="70"),
        event("weight", 40, "w2", value="72"),
        event("dispensing", 0, "s1", days=30, daily_dose_mg=40, formulation="conventional"),
        event("missed_doses", 20, "m", days=5),
        event("dispensing", 30, "s2", days=30, daily_dose_mg=60, formulation="conventional"),
    ]
    taken = by_code(events, 69)
    (total,) = taken.totals
    # 40 mg on days 0-14 and 20-34, 60 mg on days 35-64
    assert total.mg == 30 * 40 + 30 * 60 == 3000
    assert total.mg_per_kg == Fraction(30 * 40 + 5 * 60, 70) + Fraction(25 * 60, 72)
    assert (total.days, taken.days_in_hand, taken.complete) == (60, 0, True)


def test_formulations_are_never_added() -> None:
    events = [
        event("weight", 0, "w1", value="70"),
        event("dispensing", 0, "s1", days=30, daily_dose_mg=40, formulation="conventional"),
        event("dispensing", 30, "s2", days=30, daily_dose_mg=32, formulation="micronised"),
    ]
    assert [(t.formulation, t.mg) for t in by_code(events, 59).totals] == [("conventional", 1200), ("micronised", 960)]


def test_an_unknown_dose_leaves_a_hole_that_is_told() -> None:
    events = [
        event("dispensing", 0, "s1", days=30, formulation="conventional"),
        event("dispensing", 30, "s2", days=30, strengths=[{"mg": 20, "capsules": 45}], formulation="conventional"),
    ]
    taken = by_code(events, 49)
    (total,) = taken.totals
    assert (total.mg, total.days, total.days_unknown, total.mg_per_kg, taken.complete) == (600, 50, 30, None, False)
    assert taken.days_in_hand == 10


def test_a_supply_takes_its_dose_from_the_prescription_it_names() -> None:
    events = [
        event("prescription", 0, "rx", product="isotretinoin", days=30, daily_dose_mg=50, formulation="lidose"),
        event("dispensing", 0, "s1", days=30, prescription="rx"),
    ]
    (total,) = by_code(events, 9).totals
    assert (total.formulation, total.mg) == ("lidose", 500)


def test_a_first_dose_before_the_first_supply_on_record_is_told() -> None:
    events = [
        event("course_start", 0, "b"),
        event("dispensing", 20, "s1", days=30, daily_dose_mg=40, formulation="conventional"),
    ]
    assert not by_code(events, 30).complete
