"""The list about one person, over a synthetic clinic and over records made for one thing each: what is pressing, what
waits, what falls silent, and that no finding about capsules gets lost on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.load import load_library
from isocourse.plan.aftercare import ITEMS
from isocourse.record.record import Record, event_from
from isocourse.simulate.clinic import clinic_of
from isocourse.simulate.course import course
from isocourse.words import work
from isocourse.words.answer import Answer, WindowWords, assess
from isocourse.words.plan import plan
from isocourse.words.plan_shape import Plan
from isocourse.words.work import ACT_NOW, KNOW, PLACES, STATES, Standing, in_short, standing

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
LIBRARY = load_library()
RULES = Path(work.__file__).parents[1] / "protocol" / "rules"


def edition(programme: str = "uk") -> Edition:
    return edition_of(LIBRARY, programme, {})


UK = edition()


def answered(record: Record, now: datetime = NOW) -> tuple[Answer, Plan]:
    day = now.date().toordinal()
    return assess(UK, record, day), plan(UK, record, day)


def stand_of(record: Record, now: datetime = NOW) -> Standing:
    return standing(*answered(record, now), now)


def event(number: int, day: date, kind: str, by: str = "prescriber", **fields: Any) -> Any:
    at = datetime.combine(day, NOW.timetz())
    known = {"id": f"e-{number}", "kind": kind, "happened_on": day.isoformat(), "recorded_at": at.isoformat()}
    return event_from({**known, "author": {"id": "a", "role": by}, **fields})


def treated(*more: dict[str, Any], supplied: date = TODAY - timedelta(days=10), days: int = 30) -> Record:
    """A man in treatment, supplied on a day for so many days, and what else there is."""
    rows: list[dict[str, Any]] = [
        {"day": supplied, "kind": "birth", "happened_on": "1998-02-03"},
        {"day": supplied, "kind": "sex", "sex": "male"},
        {
            "day": supplied,
            "kind": "pregnancy_potential",
            "potential": "cannot",
            "ground": "cisgender_male",
            "confirmed": True,
        },
        {"day": supplied, "kind": "prescription", "product": "Isotretinoin 20 mg", "days": days, "daily_dose_mg": "40"},
        {"day": supplied, "kind": "dispensing", "by": "pharmacist", "days": days},
        {"day": supplied, "kind": "course_start"},
        *more,
    ]
    events = [event(number, row.pop("day", TODAY), **row) for number, row in enumerate(rows)]
    return Record(subject="one", events=tuple(events))


def places(stand: Standing, place: str) -> list[str]:
    return [item.kind for item in stand.work if item.place == place]


# --- what is pressing -----------------------------------------------------------------------------
def test_an_answer_about_self_harm_is_acted_on_now_whatever_the_state() -> None:
    flag = {"kind": "questionnaire", "by": "patient", "name": "phq9", "items": [0] * 8 + [1]}
    over = {"kind": "course_stop", "reason": "completed"}
    for record, state in (
        (Record(subject="one", events=(event(1, TODAY, **flag),)), "before"),
        (treated(dict(flag)), "treated"),
        (treated(dict(over), dict(flag)), "ended"),
    ):
        stand = stand_of(record)
        assert (stand.state, stand.risk, stand.work[0].kind, stand.work[0].place) == (state, ACT_NOW, "mood", "now")


def test_a_positive_test_is_acted_on_now_and_nothing_stands_above_it() -> None:
    stand = stand_of(treated({"kind": "pregnancy_test", "by": "nurse", "result": "positive", "setting": "medical"}))
    assert stand.work[0].kind == "test"
    assert "Stop the capsules" in stand.work[0].says


@pytest.mark.parametrize(("value", "place"), [("9.4", "now"), ("6.1", "now"), ("4.8", "result"), ("1.2", None)])
def test_triglycerides_by_how_high_they_are(value: str, place: str | None) -> None:
    lab = {"kind": "lab_result", "by": "laboratory", "analyte": "triglycerides", "value": value, "unit": "mmol/L"}
    stand = stand_of(treated({**lab, "fasting_hours": "12"}))
    found = [item.place for item in stand.work if item.kind == "result"]
    assert found[:1] == ([place] if place else [])


def test_somebody_new_is_no_emergency_and_waits_on_us() -> None:
    stand = stand_of(Record(subject="one", events=()))
    assert (stand.state, places(stand, "now")) == ("before", [])
    assert places(stand, "waiting") == ["visit"]
    assert len(stand.work[0].why.split("\n")) > 5, "everything of the first visit is named"


# --- the clock --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days_ago", "state", "place", "late"),
    [
        (10, "treated", "dated", -19),
        (29, "treated", "dated", 0),
        (30, "treated", "dated", 1),
        (43, "treated", "dated", 14),
        (44, "vanished", "vanished", 15),
        (400, "vanished", "vanished", 371),
    ],
)
def test_late_since_the_last_capsule_and_vanished_after_the_grace(
    days_ago: int, state: str, place: str, late: int
) -> None:
    stand = stand_of(treated(supplied=TODAY - timedelta(days=days_ago)))
    assert stand.state == state
    item = next(item for item in stand.work if item.kind in ("visit", "vanished"))
    assert item.due is not None
    assert (item.place, (TODAY - date.fromisoformat(item.due)).days) == (place, late)
    if state == "vanished":
        assert "visit" not in [each.kind for each in stand.work]


def test_the_list_is_made_anew_on_the_day_somebody_becomes_late_and_on_the_day_they_vanish() -> None:
    record = treated(supplied=TODAY - timedelta(days=30))
    stand = stand_of(record)
    for _ in range(40):
        if stand.state == "vanished":
            break
        assert stand.again_on is not None
        then = datetime.combine(date.fromisoformat(stand.again_on), NOW.timetz())
        stand = stand_of(record, then)
    assert stand.state == "vanished"
    assert then.date() == TODAY + timedelta(days=14)


def test_an_old_gap_is_no_reason_to_think_that_somebody_vanished() -> None:
    first = TODAY - timedelta(days=120)
    again = [
        {"day": TODAY - timedelta(days=29), "kind": "prescription", "product": "Isotretinoin 20 mg", "days": 30},
        {"day": TODAY - timedelta(days=29), "kind": "dispensing", "by": "pharmacist", "days": 30},
    ]
    again[0]["daily_dose_mg"] = "40"
    stand = stand_of(treated(*again, supplied=first))
    assert (stand.state, stand.last_capsule) == ("treated", TODAY.isoformat())


def window(answer: Answer, hours: float) -> Answer:
    closes = NOW + timedelta(hours=hours)
    words = WindowWords("Dispense.", "2026-11-20", closes.date().isoformat(), closes.isoformat())
    return msgspec.structs.replace(answer, window=words)


@pytest.mark.parametrize(
    ("hours", "place"), [(-0.1, None), (0.5, "now"), (24, "now"), (24.1, "window"), (150, "window")]
)
def test_a_window_is_acted_on_in_its_last_day(hours: float, place: str | None) -> None:
    answer, made = answered(treated())
    stand = standing(window(answer, hours), made, NOW)
    assert [item.place for item in stand.work if item.kind == "window"] == ([place] if place else [])


def test_a_window_that_closes_stands_below_capsules_to_be_stopped() -> None:
    """One row of a list shows one thing to do: the capsules, and of several what stops them before what asks."""
    many = {"kind": "medicine_started", "by": "nurse", "name": "doxycycline"}
    answer, made = answered(
        treated(many, {"kind": "pregnancy_test", "by": "nurse", "result": "positive", "setting": "medical"})
    )
    stand = standing(window(answer, 1), made, NOW)
    now = [item for item in stand.work if item.place == "now"]
    assert [item.kind for item in now] == ["test", "record", "window"]


# --- after a course ---------------------------------------------------------------------------------
def stopped(days_ago: int, *more: dict[str, Any]) -> Record:
    last = TODAY - timedelta(days=days_ago)
    stop = {"day": last, "kind": "course_stop", "reason": "completed"}
    return treated(stop, *more, supplied=last - timedelta(days=25))


def test_a_finished_course_shows_aftercare_and_nothing_of_a_next_supply() -> None:
    stand = stand_of(stopped(10))
    assert stand.state == "ended"
    assert stand.work
    assert {item.place for item in stand.work} == {"after"}


def test_a_course_that_ended_long_ago_falls_silent() -> None:
    stand = stand_of(stopped(800))
    assert {item.place for item in stand.work} <= {"know"}
    assert stand.risk == KNOW


def test_somebody_whose_aftercare_is_done_is_silent_sooner() -> None:
    last = TODAY - timedelta(days=150)
    steps = ["eyes_asked", "scars_looked_at", "maintenance_discussed", "relapse_explained"]
    done: list[dict[str, Any]] = [
        {"day": TODAY - timedelta(days=20), "kind": "aftercare_done", "steps": steps},
        {"day": last + timedelta(days=3), "kind": "capsules_returned", "by": "pharmacist", "capsules": 0},
        {"day": last + timedelta(days=3), "kind": "relapse_definition_chosen", "definition": "any_prescription"},
    ]
    items = [item for item in stand_of(stopped(150, *done)).work if item.place == "after"]
    assert {item.kind for item in items} <= {"aftercare"}
    assert all(item.due is not None and item.due > TODAY.isoformat() for item in items), items


# --- over a whole clinic ----------------------------------------------------------------------------
@pytest.fixture(scope="module", params=["uk", "us"])
def clinic(request: Any) -> list[tuple[Answer, Standing]]:
    """The answers and lists of ninety courses of every age."""
    found = []
    made_of = edition(request.param)
    for number in range(1, 91):
        first_day = TODAY.toordinal() - (number * 37) % 420
        record = course(clinic_of(made_of, first_day), number, seed=4, first_day=first_day - 83).record
        known = tuple(each for each in record.events if each.recorded_at <= NOW)
        now = msgspec.structs.replace(record, events=known)
        answer, made = assess(made_of, now, TODAY.toordinal()), plan(made_of, now, TODAY.toordinal())
        found.append((answer, standing(answer, made, NOW)))
    return found


def test_no_finding_about_capsules_is_lost(clinic: list[tuple[Answer, Standing]]) -> None:
    seen = 0
    for answer, stand in clinic:
        said = "\n".join([item.says + item.why for item in stand.work])
        for finding in answer.findings:
            capsules = finding.effect.capsules_in_hand
            if capsules not in ("stop_now", "ask_prescriber") or finding.rule == work.ABOUT_THE_END:
                continue
            mends = [task.what for task in answer.tasks if finding.rule in task.why]
            assert finding.says in said or any(mend in said for mend in mends), finding.rule
            seen += 1
            if capsules == "stop_now":
                assert stand.risk == ACT_NOW
    assert seen > 3


def test_what_is_to_be_acted_on_now_is_few(clinic: list[tuple[Answer, Standing]]) -> None:
    now = sum(any(item.place == "now" for item in stand.work) for _, stand in clinic)
    assert now < len(clinic) / 8


def test_every_item_has_its_place_and_the_most_pressing_comes_first(clinic: list[tuple[Answer, Standing]]) -> None:
    for _, stand in clinic:
        assert stand.state in STATES
        assert all(item.place in PLACES and item.kind in work.KINDS for item in stand.work)
        assert all((item.risk == ACT_NOW) == (item.place == "now") for item in stand.work)
        assert all((item.risk == KNOW) == (item.place == "know") for item in stand.work)
        assert len({(item.says, item.place) for item in stand.work}) == len(stand.work)
        risks = [item.risk == ACT_NOW for item in stand.work]
        assert risks == sorted(risks, reverse=True)


# --- names that the list takes from the protocol ------------------------------------------------------
def rules_in(pattern: str) -> set[str]:
    files = RULES.glob(pattern)
    return {entry["rule"] for path in files for entry in yaml.safe_load(path.read_text()) if "rule" in entry}


def test_the_rules_named_are_those_of_the_protocol() -> None:
    ids = {rule.id for programme in LIBRARY.programmes for rule in edition(programme).rules}
    assert {work.ABOUT_THE_END, work.ABOUT_THE_PAUSE} | work.TO_TAKE <= ids
    results = rules_in("bloods.results.yaml")
    assert results
    assert not results & work.TO_TAKE
    assert rules_in("bloods*.yaml") - results <= work.TO_TAKE
    tasks = {task.id for programme in LIBRARY.programmes for task in edition(programme).tasks}
    assert {work.FOLLOW_UP, *work.TESTS_AFTER} <= tasks
    assert {item.origin for item in ITEMS if item.kind == "act"} == work.AFTER


# --- in few words ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Measure bilirubin.", "Measure bilirubin"),
        ("Stop the capsules (at once), and refer.", "Stop the capsules, and refer …"),
        ("Look at it. Correct it when it is known.", "Look at it …"),
        ("Above 5.7 mmol/L: repeat.", "Above 5.7 mmol/L …"),
        ("Ask about every other medicine, herbal remedy, vitamin and supplement, and record it.", None),
    ],
)
def test_a_sentence_in_few_words_says_that_it_was_cut(text: str, short: str | None) -> None:
    found = in_short(text, 60)
    assert len(found) <= 62
    assert short is None or found == short
    assert found.endswith("…") or found == text.rstrip(".")
