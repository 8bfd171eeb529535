"""The dose check against a second writing by hand, over generated prescriptions and supplies; rules seen both ways."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.plan.examples import Editions, rules_seen
from isocourse.record import dose as code
from isocourse.record.dates import day_of, iso
from isocourse.record.events import Event, Prescription
from isocourse.record.policy import Policy
from isocourse.record.record import event_from
from isocourse.record.tables import table
from tests import shipped
from tests.shipped import LIBRARY

BASE = day_of("2026-01-01")
SHORT = settings(max_examples=300, derandomize=True, database=None, deadline=None)
POLICIES = {name: shipped.edition(name).policy for name in ("us", "uk", "eu")}
MOST_BY_HAND = 8


def event(kind: str, day: int, name: str, **fields: Any) -> Any:
    return event_from(
        {
            "kind": kind,
            "id": name,
            "happened_on": iso(BASE + day),
            "recorded_at": datetime(2026, 1, 1, tzinfo=UTC).isoformat(),
            "author": {"id": "x", "role": "prescriber"},
            **fields,
        }
    )


# --- by hand --------------------------------------------------------------------------------------
def limit_by_hand(policy: Policy, kind: str, formulation: str) -> list[int | None]:
    if formulation != "unknown":
        return [getattr(policy, f"dose_{kind}_{formulation}")]
    sold = [f for f in ("conventional", "lidose", "micronised") if getattr(policy, f"dose_usual_{f}") is not None]
    return [getattr(policy, f"dose_{kind}_{f}") for f in sold]


def beyond(mg: Fraction | None, kg: Fraction | None, limits: list[int | None], sign: int) -> bool | None:
    if mg is None or kg is None or any(limit is None for limit in limits):
        return None
    said = {(mg / kg * 1000 - limit) * sign > 0 for limit in limits if limit is not None}
    return said.pop() if len(said) == 1 else None


def made_by_trying(mg: Fraction, strengths: list[Fraction]) -> bool:
    """Every number of capsules of each strength that could fit."""
    return any(
        sum(n * strength for n, strength in zip(numbers, strengths, strict=True)) == mg
        for numbers in product(*(range(int(mg / strength) + 1) for strength in strengths))
    )


def by_hand(events: list[Any], epoch: int, policy: Policy) -> list[dict[str, Any]]:
    acts = sorted((e for e in events if hasattr(e, "strengths")), key=lambda e: (e.happened_on.last, e.id))
    written = [e for e in acts if isinstance(e, Prescription)][-1:]
    given_ = [e for e in acts if not isinstance(e, Prescription)][-1:]
    weights = [e for e in events if hasattr(e, "unit")]
    last = max((w.happened_on.last for w in weights), default=None)
    factor = {"kg": Fraction(1), "[lb_av]": Fraction(45359237, 10**8)}
    kg = min((Fraction(w.value) * factor[w.unit] for w in weights if w.happened_on.last == last), default=None)

    def told(act: Any) -> tuple[Fraction | None, str]:
        chain = [act]
        if not isinstance(act, Prescription) and act.prescription:
            chain += [e for e in events if e.id == act.prescription]
        mg = None
        for link in chain:
            if mg is None and link.daily_dose_mg is not None:
                mg = Fraction(link.daily_dose_mg)
            elif mg is None and link.strengths and all(s.capsules for s in link.strengths):
                mg = sum(Fraction(s.mg) * s.capsules for s in link.strengths) / link.days
        return mg, next((link.formulation for link in chain if link.formulation != "unknown"), "unknown")

    rows = []
    for act in [*given_, *written]:
        mg, formulation = told(act)
        before = given_[0] if isinstance(act, Prescription) and given_ and given_[0].happened_on.last > epoch else None
        switched: bool | None = False
        mg_for_mg: bool | None = False
        if before is not None:
            old_mg, old = told(before)
            switched = None if "unknown" in (old, formulation) else old != formulation
            mg_for_mg = switched
            if switched:
                same = all(
                    limit_by_hand(policy, k, old) == limit_by_hand(policy, k, formulation)
                    for k in ("least", "usual", "most")
                )
                mg_for_mg = False if same else None if mg is None or old_mg is None else mg == old_mg
        full = (
            sum(Fraction(s.mg) * s.capsules for s in act.strengths)
            if act.strengths and all(s.capsules for s in act.strengths)
            else None
        )
        need = Fraction(act.daily_dose_mg) * act.days if act.daily_dose_mg is not None else None
        rows.append(
            {
                "day": act.happened_on.last,
                "act": "prescription" if isinstance(act, Prescription) else "dispensing",
                "dose_known": mg is not None,
                "formulation": formulation,
                "over_usual": beyond(mg, kg, limit_by_hand(policy, "usual", formulation), 1),
                "over_most": beyond(mg, kg, limit_by_hand(policy, "most", formulation), 1),
                "under_least": beyond(mg, kg, limit_by_hand(policy, "least", formulation), -1),
                "adds_up": made_by_trying(mg, [Fraction(s.mg) for s in act.strengths])
                if mg is not None and act.strengths
                else None,
                "counted": full is not None and need is not None,
                "surplus": full > need if full is not None and need is not None else None,
                "shortfall": full < need if full is not None and need is not None else None,
                "switched": switched,
                "mg_for_mg": mg_for_mg,
                "weight_day": last,
            }
        )
    return sorted(rows, key=lambda row: row["day"])


# --- generated ------------------------------------------------------------------------------------
FORMS = st.sampled_from(["conventional", "conventional", "lidose", "micronised", "unknown"])
DOSES = st.sampled_from([None, "20", "35", "40", "56", "70", "71", "112", "113", "140", "141", "37.5"])


@st.composite
def courses(draw: st.DrawFn) -> list[Event]:
    events: list[Event] = []
    for index in range(draw(st.integers(0, 2))):
        value, unit = draw(st.sampled_from([("70", "kg"), ("154", "[lb_av]"), ("69.9", "kg"), ("50", "kg")]))
        events.append(event("weight", draw(st.integers(0, 2)), f"w{index}", value=value, unit=unit))
    for index in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["prescription", "dispensing"]))
        fields: dict[str, Any] = {"days": draw(st.sampled_from([28, 30])), "formulation": draw(FORMS)}
        dose = draw(DOSES)
        if dose is not None:
            fields["daily_dose_mg"] = dose
        if draw(st.booleans()):
            parts = draw(st.lists(st.sampled_from(["20", "40", "25", "17.5"]), min_size=1, max_size=2, unique=True))
            number = draw(st.sampled_from([None, 30, 60]))
            fields["strengths"] = [{"mg": mg, **({"capsules": number} if number else {})} for mg in parts]
        if kind == "prescription":
            fields["product"] = "isotretinoin"
        elif any(e.id.startswith("a") and isinstance(e, Prescription) for e in events) and draw(st.booleans()):
            fields["prescription"] = next(e.id for e in events if isinstance(e, Prescription))
        events.append(event(kind, index * 10, f"a{index}", **fields))
    return events


@SHORT
@given(courses(), st.sampled_from(sorted(POLICIES)), st.sampled_from([BASE - 1, BASE + 5, BASE + 15]))
def agree(events: list[Event], programme: str, epoch: int) -> None:
    rows = code.dose_checks(table(events), epoch, POLICIES[programme])
    wanted = by_hand(events, epoch, POLICIES[programme])
    assert [{key: getattr(row, key) for key in hand} for row, hand in zip(rows, wanted, strict=True)] == wanted


def test_the_dose_check_agrees_with_one_by_hand() -> None:
    agree()


def test_a_limit_taken_in_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """At exactly 1 mg/kg, >= in place of > would withhold."""
    from operator import ge

    fine = [
        event("weight", 0, "w", value="70"),
        event("prescription", 1, "a0", product="x", days=30, daily_dose_mg=70, formulation="conventional"),
    ]
    (row,) = code.dose_checks(table(fine), BASE - 1, POLICIES["uk"])
    assert row.over_usual is False
    monkeypatch.setattr(code, "gt", ge)
    (row,) = code.dose_checks(table(fine), BASE - 1, POLICIES["uk"])
    assert row.over_usual is True


def test_a_dose_finer_than_capsules_is_left_undecided_quickly() -> None:
    parts = [{"mg": f"0.{'0' * 20}{n}"} for n in (1, 3, 7)]
    odd = event("prescription", 0, "a0", product="x", days=30, daily_dose_mg="999.9", strengths=parts)
    (row,) = code.dose_checks(table([odd]), BASE - 1, POLICIES["us"])
    assert row.adds_up is None


def test_every_dose_rule_is_told_both_ways_in_every_programme() -> None:
    editions = Editions(LIBRARY)
    stories = [story for story in shipped.stories().values() if story.topics == ("dose",)]
    for programme in ("us", "uk", "eu"):
        seen = rules_seen(editions, [story for story in stories if story.programme == programme])
        own = {rule.id for rule in shipped.edition(programme, ("dose",)).rules}
        assert {rule for rule in own if seen.get(rule) != {True, False}} == set()


def test_a_plan_that_adds_a_dose_is_one_prescription() -> None:
    """A rule of supply and one of the dose both ask for a new prescription: the plan writes one, with the dose."""
    from isocourse.engine.decide import evaluate
    from isocourse.plan.earliest import earliest_supply

    edition = shipped.edition("us", ("dose", "supply"))
    events = [
        event("weight", 0, "w", value="70"),
        event("pregnancy_potential", 0, "p", potential="cannot", ground="cisgender_male", confirmed=True),
        event("programme_enrolment", 0, "e", registry="ipledge", status="enrolled"),
        event("prescriber", 0, "d", prescriber_id="dr", role="dermatologist", certified_with=["ipledge"]),
        event("visit", 0, "v", mode="in_person", purpose="first"),
        event("prescription", 0, "rx", product="isotretinoin", days=31, formulation="conventional"),
    ]
    rows = table(events)
    found = earliest_supply(edition, rows, evaluate(edition, rows, BASE))
    assert {step.rule.id for step in found.steps} == {"prescription_too_long_us", "dose_missing"}
    assert found.day == BASE
