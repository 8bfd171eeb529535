"""The episodes against the oracle by hand, over generated histories; and faults planted to see the tests fail."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from datetime import date as calendar_date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from isocourse.errors import InputError
from isocourse.record import mood
from isocourse.record.dates import partial_date
from isocourse.record.events import Author, Event, MoodAssessment, Questionnaire, Visit
from isocourse.record.policy import Dated, Policy
from isocourse.record.record import event_from
from isocourse.record.tables import clip, table
from isocourse.record.terminology import ITEMS_IN, MoodOutcome, MoodTopic, Role, codes
from tests.mood import by_hand

BASE = calendar_date(2026, 2, 26)
CHANGE = (BASE + timedelta(days=4)).toordinal()
EPOCH = (BASE + timedelta(days=1)).toordinal()
POLICY = Policy(
    mood_assessor_roles=("prescriber", "nurse"),
    mood_deciding_roles=("prescriber",),
    depression_urgent_from=5,  # lower than shipped, so that severe totals are common here
    brief_sexual_from=Dated([(0, None), (CHANGE, 2)]),
)
_CHECKS = list(HealthCheck)
SHORT = settings(max_examples=250, derandomize=True, database=None, deadline=None, suppress_health_check=_CHECKS)
HUNT = settings(SHORT, max_examples=3000, phases=[Phase.generate])

_DAYS = st.integers(0, 7).map(lambda n: (BASE + timedelta(days=n)).isoformat())
_ROLES = st.sampled_from(["prescriber", "prescriber", "prescriber", "nurse", "patient"])
_ANSWER = st.sampled_from([0, 0, 0, 0, 1, 2, 3, None])


@st.composite
def _event(draw: st.DrawFn, number: int) -> Event:
    kind = draw(st.sampled_from(["asked", "asked", "asked", "assessed", "assessed", "visit"]))
    on = draw(_DAYS)
    hour = draw(st.sampled_from([9, 12, 12, 15]))
    recorded = datetime.combine(calendar_date.fromisoformat(on), time(hour), UTC)
    role: Role = draw(_ROLES)
    common: dict[str, Any] = {"id": f"e{number}", "recorded_at": recorded, "author": Author(id="a", role=role)}
    if kind == "visit":
        return Visit(**common, happened_on=partial_date(on), mode="remote")
    if kind == "assessed":
        covers = draw(st.lists(st.sampled_from(codes(MoodTopic)), min_size=1, max_size=3, unique=True))
        outcome = draw(st.sampled_from(codes(MoodOutcome)))
        return MoodAssessment(**common, happened_on=partial_date(on), covers=tuple(covers), outcome=outcome)  # type: ignore[arg-type]
    name = draw(st.sampled_from(sorted(ITEMS_IN)))
    items = tuple(draw(st.lists(_ANSWER, min_size=ITEMS_IN[name], max_size=ITEMS_IN[name])))
    if draw(st.booleans()):
        items = tuple(0 if item is None else item for item in items)
    when = draw(st.sampled_from([on, on, on, on[:7]]))
    return Questionnaire(**common, happened_on=partial_date(when), name=name, items=items)  # type: ignore[arg-type]


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    return [draw(_event(number)) for number in range(draw(st.integers(1, 7)))]


def differences(events: list[Event], seen: Counter[str] | None = None) -> list[str]:
    """Where the code and the oracle disagree."""
    found = mood.mood_episodes(table(events), EPOCH, POLICY)
    pairs = {
        "mood_score": (
            {(r.events[0], r.day, r.total, r.band, r.is_open) for r in found["mood_score"]},
            by_hand.scores(events, POLICY),
        ),
        "open_self_harm": (
            {(r.events[0], r.day, r.answer) for r in found["open_self_harm"]},
            by_hand.self_harm(events, POLICY),
        ),
        "open_mood_decision": (
            {(r.events[0], r.day, r.outcome) for r in found["open_mood_decision"]},
            by_hand.decisions(events, POLICY),
        ),
        "mood_check": (
            {
                (r.events[0], r.day, r.mental_health, r.psychiatric_history, r.sexual_function)
                for r in found["mood_check"]
            },
            by_hand.checks(events, EPOCH, POLICY),
        ),
    }
    if seen is not None:
        for kind, (got, _) in pairs.items():
            for row in got:
                seen[f"{kind} {row[-1]}" if kind != "open_self_harm" else f"{kind} {row[-1] is None}"] += 1
    return [f"{kind}: {got} but by hand {wanted}" for kind, (got, wanted) in pairs.items() if got != wanted]


def test_the_code_and_the_oracle_agree() -> None:
    seen: Counter[str] = Counter()

    @SHORT
    @given(histories())
    def run(events: list[Event]) -> None:
        assert differences(events, seen) == []

    run()
    wanted = {
        "mood_score True", "mood_score False", "open_self_harm True", "open_self_harm False",
        "open_mood_decision refer", "open_mood_decision stop_treatment", "mood_check True", "mood_check False",
    }  # fmt: skip
    assert {what for what in wanted if seen[what] >= 5} == wanted, seen


@SHORT
@given(histories(), st.sampled_from(["phq2", "gad7", "phq9", "phqa"]))
def test_no_later_questionnaire_hides_an_answer_above_zero(events: list[Event], name: str) -> None:
    def above_zero(of: list[Event]) -> set[str]:
        rows = mood.mood_episodes(table(of), EPOCH, POLICY)["open_self_harm"]
        return {row.events[0] for row in rows if row.answer}

    clean = Questionnaire(
        id="clean",
        happened_on=partial_date("2026-04-01"),
        recorded_at=datetime(2026, 4, 1, 12, tzinfo=UTC),
        author=Author(id="p", role="patient"),
        name=name,  # type: ignore[arg-type]
        items=(0,) * ITEMS_IN[name],
    )
    assert above_zero([*events, clean]) == above_zero(events)


@SHORT
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_the_record_does_not_matter(events: list[Event], dice: Any) -> None:
    shuffled = list(events)
    dice.shuffle(shuffled)
    one, other = (mood.mood_episodes(table(of), EPOCH, POLICY) for of in (events, shuffled))
    assert {k: sorted(map(repr, v)) for k, v in one.items()} == {k: sorted(map(repr, v)) for k, v in other.items()}


# --- planted faults: each must be seen ------------------------------------------------------------
def _any_assessment_settles(event: Any, covered: str, settled: Any) -> bool:
    moments = list(settled.values())
    return not moments or max(moments) < (event.happened_on.last, event.recorded_at)


def _same_day_is_enough(event: Any, covered: str, settled: Any) -> bool:
    return covered not in settled or settled[covered][0] < event.happened_on.last


def _first_day_is_enough(event: Any, covered: str, settled: Any) -> bool:
    return covered not in settled or settled[covered] < (event.happened_on.first, event.recorded_at)


FAULTS = {
    "any assessment settles item 9": ("_open_after", _any_assessment_settles),
    "an assessment earlier on the day settles": ("_open_after", _same_day_is_enough),
    "a partial date counts as its first day": ("_open_after", _first_day_is_enough),
    "a missing answer counts as 0": ("total", lambda items: sum(item or 0 for item in items)),
    "a later questionnaire takes the place of any": (
        "_made_up_for",
        lambda event, score, complete: any(mood._later(other, event) for other in complete),
    ),
    "a brief question is always enough": ("_brief_is_enough", lambda *args: True),
    "no concern settles a severe total": ("_severe", lambda *args: False),
    "a referral settles": ("_SETTLES", ("no_concern", "managed", "refer")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, wrong = FAULTS[fault]
    monkeypatch.setattr(mood, name, wrong)
    try:
        find(histories(), lambda events: bool(differences(events)), settings=HUNT)
    except NoSuchExample:
        pytest.fail(f"nobody notices that {fault}")


# --- at the door ----------------------------------------------------------------------------------
def _raw(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "mood_assessment",
        "id": "a",
        "happened_on": "2026-03-10",
        "recorded_at": "2026-03-10T12:00:00Z",
        "author": {"id": "dr", "role": "prescriber"},
        "covers": ["mental_health"],
        "outcome": "managed",
        **changed,
    }


def test_an_assessment_is_read() -> None:
    event = event_from(_raw())
    assert isinstance(event, MoodAssessment)
    assert event.covers == ("mental_health",)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"happened_on": "2026-03"}, "needs the whole date"),
        ({"covers": []}, "length"),
        ({"covers": ["mood"]}, "mood"),
        ({"outcome": "fine"}, "fine"),
    ],
)
def test_an_assessment_that_says_too_little_is_refused(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        event_from(_raw(**changed))


def test_a_questionnaire_of_some_day_is_seen_from_the_first() -> None:
    asked = event_from(
        {
            **{key: value for key, value in _raw(kind="questionnaire").items() if key not in ("covers", "outcome")},
            "happened_on": "2026-03",
            "name": "phq9",
            "items": [0] * 8 + [1],
        }
    )
    rows, _ = clip(table([asked]), calendar_date(2026, 3, 1).toordinal())
    assert rows["questionnaire"] == [asked]
