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
from msgspec.structs import astuple

from isocourse.errors import InputError
from isocourse.record import effects
from isocourse.record.dates import partial_date
from isocourse.record.events import Author, Event, MoodAssessment, Symptom, SymptomAssessed, SymptomEnded
from isocourse.record.policy import Policy
from isocourse.record.record import event_from
from isocourse.record.tables import table
from isocourse.record.terminology import SymptomOutcome, SymptomTerm, codes
from tests.effects import by_hand

BASE = calendar_date(2026, 2, 26)
POLICY = Policy(effects_deciding_roles=("prescriber",))
_CHECKS = list(HealthCheck)
SHORT = settings(max_examples=300, derandomize=True, database=None, deadline=None, suppress_health_check=_CHECKS)
HUNT = settings(SHORT, max_examples=4000, phases=[Phase.generate])

_DAYS = st.integers(0, 6).map(lambda n: (BASE + timedelta(days=n)).isoformat())
_ROLES = st.sampled_from(["prescriber", "prescriber", "prescriber", "nurse", "patient"])
# Those of the pictures often, every other one sometimes.
_TERMS = st.one_of(
    st.sampled_from(
        ["headache", "headache", "nausea", "vomiting", "abdominal_pain", "rash_maculo_papular", "fever", "acne_flare"]
    ),
    st.sampled_from(["diarrhea", "myalgia", "dry_eye", "alopecia", "dark_urine", "suicidal_ideation", None, None]),
    st.sampled_from(codes(SymptomTerm)),
)
_WORDS = [
    "none",
    "No side effects.",
    "told",
    "told",
    "dry lips",
    "headache with blurred vision",
    "a headache",
    "rash and fever",
]


@st.composite
def _event(draw: st.DrawFn, number: int, most: int) -> Event:
    kind = draw(st.sampled_from(["symptom", "symptom", "symptom", "assessed", "assessed", "ended", "mood"]))
    on = draw(_DAYS)
    recorded = datetime.combine(calendar_date.fromisoformat(on), time(draw(st.sampled_from([9, 12, 12, 15]))), UTC)
    common: dict[str, Any] = {
        "id": f"e{number}",
        "recorded_at": recorded,
        "author": Author(id="a", role=draw(_ROLES)),
    }
    when = draw(st.sampled_from([on, on, on, on[:7]])) if kind not in ("assessed", "mood") else on
    common["happened_on"] = partial_date(when)
    names = st.integers(0, most).map(lambda n: f"e{n}") | st.integers(0, most).map(lambda n: f"old{n}")
    if kind == "ended":
        return SymptomEnded(**common, symptom=f"e{draw(st.integers(0, most))}")
    if kind == "mood":
        covers = draw(st.sampled_from([("mental_health",), ("mental_health", "self_harm_risk")]))
        return MoodAssessment(**common, covers=covers, outcome="managed")  # type: ignore[arg-type]
    if kind == "assessed":
        named = draw(st.lists(names, min_size=1, max_size=3))
        return SymptomAssessed(**common, symptoms=tuple(named), outcome=draw(st.sampled_from(codes(SymptomOutcome))))  # type: ignore[arg-type]
    return Symptom(
        **common,
        text=draw(st.sampled_from(_WORDS)),
        term=draw(_TERMS),  # type: ignore[arg-type]
        severity=draw(st.sampled_from(["mild", "mild", "moderate", "severe", "life_threatening", "unknown"])),
        grade=draw(st.sampled_from([None, None, None, 1, 2, 3, 4, 5])),
        limits=draw(st.sampled_from(["unknown", "unknown", "nothing", "daily_activities", "self_care"])),
        ended=draw(st.sampled_from([False, False, True])),
        amends=draw(st.sampled_from([None, None, f"old{number}"])),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Events that stand: an amended entry (`old3`) is gone, and what names it is not."""
    most = draw(st.integers(1, 6))
    return [draw(_event(number, most)) for number in range(most + 1)]


def differences(events: list[Event], seen: Counter[str] | None = None) -> list[str]:
    """Where the code and the oracle disagree."""
    found = effects.effects(table(events), POLICY)
    graded = sorted(
        (
            (r.events[0], r.term, r.day, r.since_day, r.grade, r.worst_grade, r.ungraded, r.ended, r.assessed)
            for r in found["graded_symptom"]
        ),
        key=repr,
    )
    flags = {(r.flag, frozenset(r.events)) for r in found["open_red_flag"]}
    standing = {(r.events[0], r.decided, r.settle_from_day) for r in found["standing_assessment"]}
    pairs: dict[str, tuple[Any, Any]] = {
        "graded_symptom": (graded, by_hand.symptoms(events, POLICY)),
        "open_red_flag": (flags, by_hand.flags(events, POLICY)),
        "standing_assessment": (standing, by_hand.standing(events, POLICY)),
    }
    if seen is not None:
        seen.update(f"assessed {row[-1]}" for row in graded)
        seen.update(f"ended {row[-2]}" for row in graded)
        seen.update(f"two together {flag}" for flag, entries in flags if len(entries) == 2)
        seen.update(f"flag {flag}" for flag, entries in flags if len(entries) == 1)
        seen.update(f"stands {row[1]}" for row in standing)
    return [f"{kind}: {got} but by hand {wanted}" for kind, (got, wanted) in pairs.items() if got != wanted]


def test_the_code_and_the_oracle_agree() -> None:
    seen: Counter[str] = Counter()

    @settings(SHORT, max_examples=1500)
    @given(histories())
    def run(events: list[Event]) -> None:
        assert differences(events, seen) == []

    run()
    wanted = {"assessed True", "assessed False", "ended True", "ended False"}
    wanted |= {f"two together {flag}" for flag in by_hand.TOGETHER} | {
        f"flag {flag}" for flag in (*by_hand.ANY, "self_harm")
    }
    wanted |= {"stands hold", "stands refer", "stands stop"}
    assert {what for what in wanted if seen[what] >= 3} == wanted, seen


@SHORT
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_the_record_does_not_matter(events: list[Event], dice: Any) -> None:
    shuffled = list(events)
    dice.shuffle(shuffled)
    one, other = (effects.effects(table(of), POLICY) for of in (events, shuffled))

    def sets(found: dict[str, list[Any]]) -> dict[str, set[Any]]:
        return {kind: {(*astuple(row)[:-1], frozenset(row.events)) for row in rows} for kind, rows in found.items()}

    assert sets(one) == sets(other)


# --- planted faults: each must be seen ------------------------------------------------------------

FAULTS: dict[str, tuple[str, Any]] = {
    "anybody may assess": ("may_decide", lambda assessment, policy: True),
    "an assessment of that day settles, whenever it was": (
        "not_before",
        lambda assessment, event: assessment.happened_on.first >= effects.felt_by(event),
    ),
    "an older assessment settles": ("not_before", lambda assessment, event: True),
    "a month counts as its first day": ("felt_by", lambda event: event.happened_on.first),
    "severity alone is read": ("stated_grade", lambda event: effects.BY_SEVERITY.get(event.severity)),
    "unknown is mild": ("BY_SEVERITY", {**effects.BY_SEVERITY, "unknown": 1}),
    "nothing limited is mild": ("BY_LIMITS", {**effects.BY_LIMITS, "nothing": 1}),
    "what is over was never there": ("_together", lambda one, other, until: not one.ended and not other.ended),
    "two symptoms of any time belong together": ("_together", lambda one, other, until: True),
    "no pictures": ("PICTURES", ()),
    "an assessment of the symptom is one of the risk": ("SELF_HARM", frozenset()),
    "no flag needs to be severe": ("_severe", lambda row, policy: True),
    "a referral lets treatment go on": ("_GOES_ON", ("continue", "reduce", "refer")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, wrong = FAULTS[fault]
    monkeypatch.setattr(effects, name, wrong)
    try:
        find(histories(), lambda events: bool(differences(events)), settings=HUNT)
    except NoSuchExample:
        pytest.fail(f"nobody notices that {fault}")


# --- at the door ----------------------------------------------------------------------------------
def _raw(kind: str, **fields: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": "a",
        "happened_on": "2026-03-10",
        "recorded_at": "2026-03-10T12:00:00Z",
        "author": {"id": "dr", "role": "prescriber"},
        **fields,
    }


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (_raw("symptom", text="x", term="dry_lips"), "dry_lips"),
        (_raw("symptom", text="x", grade=0), "grade"),
        (_raw("symptom", text="x", grade=6), "grade"),
        (_raw("symptom", text=""), "length"),
        (_raw("symptoms_asked", found="none", happened_on="2026-03"), "needs the whole date"),
        (_raw("symptoms_asked", found="nothing"), "nothing"),
        (_raw("symptom_assessed", symptoms=["s"], outcome="continue", happened_on="2026-03"), "needs the whole date"),
        (_raw("symptom_assessed", symptoms=[], outcome="continue"), "length"),
        (_raw("symptom_assessed", symptoms=["s"], outcome="fine"), "fine"),
    ],
)
def test_what_says_too_little_is_refused(raw: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        event_from(raw)
