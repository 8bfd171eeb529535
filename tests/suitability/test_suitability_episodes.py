"""`current_condition` and `known_allergy` against a second writing, over histories of entries, checks and products."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isocourse.record import allergies, conditions, tables
from isocourse.record.corrections import visible
from isocourse.record.episodes import episodes
from isocourse.record.events import Event
from isocourse.record.policy import Contents, Policy
from isocourse.record.record import event_from
from tests import shipped
from tests.shipped import LIBRARY
from tests.suitability import by_hand

SHORT = settings(
    max_examples=300, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
BEGIN = date(2026, 1, 25)
BOTH = frozenset({Decimal(10), Decimal(25)})
POLICY = Policy(
    suitability_roles=("prescriber",),
    product_contents={
        "oily": Contents((("soya", BOTH), ("tartrazine", frozenset({Decimal(25)}))), False),
        "dry": Contents((("paraben", BOTH),), True),
    },
)

_DAYS = st.integers(0, 70).map(lambda offset: (BEGIN + timedelta(days=offset)).isoformat())
_ON = st.tuples(_DAYS, st.sampled_from([10, 10, 10, 7, 4])).map(lambda cut: cut[0][: cut[1]])
_NAMED = st.lists(st.sampled_from(["e0", "e1", "e2", "e3", "nobody"]), min_size=1, max_size=3)
_ROLES = st.sampled_from(["prescriber", "prescriber", "nurse", "patient"])
_VERDICTS = st.sampled_from(["acceptable", "acceptable", "not_acceptable"])
_PRODUCTS = st.sampled_from(["oily", "Oily", "DRY", "unheard of", "isotretinoin"])
_STRENGTHS = st.sampled_from([[], [{"mg": 10}], [{"mg": 25}], [{"mg": 10}, {"mg": 25}]])
_ALLERGENS = st.sampled_from(["soya", "peanut", "paraben", "tartrazine", "isotretinoin", "vitamin_a", "other"])


def _illness(active: bool | None, which: int) -> dict[str, Any]:
    text, code, system, _ = by_hand.ILLNESSES[which]
    return {"kind": "condition", "text": text, "code": code, "system": system, "active": active}


_ILLNESS = st.builds(_illness, st.sampled_from([True, False, None]), st.integers(0, len(by_hand.ILLNESSES) - 1))
_ALLERGY = st.fixed_dictionaries(
    {
        "kind": st.just("allergy"),
        "allergen": _ALLERGENS,
        "text": st.sampled_from(sorted(by_hand.TEXTS)),
        "refuted": st.sampled_from([False, False, True]),
    }
)
_REST = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("condition_checked"), "conditions": _NAMED, "verdict": _VERDICTS, "role": _ROLES}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("allergy_checked"),
            "allergies": _NAMED,
            "verdict": _VERDICTS,
            "role": _ROLES,
            "product": _PRODUCTS,
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.just("prescription"), "product": _PRODUCTS, "days": st.just(30), "strengths": _STRENGTHS}
    ),
    st.fixed_dictionaries(
        {"kind": st.just("dispensing"), "product": st.none() | _PRODUCTS, "days": st.just(30), "strengths": _STRENGTHS}
    ),
    st.just({"kind": "course_stop", "reason": "completed"}),
)


def made(index: int, plain: dict[str, Any], on: str) -> Event:
    role = plain.get("role", "prescriber")
    if plain["kind"] in ("prescription", "dispensing") and len(on) < 10:
        on = f"{on}-02-28"[:10] if len(on) == 4 else f"{on}-28"
    return event_from(
        {
            **{key: value for key, value in plain.items() if key != "role"},
            "id": f"e{index}",
            "happened_on": on,
            "recorded_at": datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=index),
            "author": {"id": "x", "role": role},
        }
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    first = [made(index, draw(_ILLNESS | _ALLERGY), draw(_ON)) for index in range(draw(st.integers(1, 4)))]
    events = first + [made(index, draw(_REST), draw(_ON)) for index in range(len(first), draw(st.integers(4, 10)))]
    if draw(st.booleans()):
        entry = draw(st.sampled_from(first))
        new = draw(_ILLNESS if entry.__struct_config__.tag == "condition" else _ALLERGY)
        events.append(made(len(events), {**new, "amends": entry.id}, draw(_ON)))
    return draw(st.permutations(events))


def by_code(events: list[Event], as_of: int) -> tuple[set[Any], set[Any]]:
    rows, _ = tables.clip(tables.table(visible(events)), as_of)
    found, _ = episodes(rows, as_of, POLICY, ("current_condition", "known_allergy"))
    for name in ("current_condition", "known_allergy"):
        assert [row.day for row in found[name]] == sorted(row.day for row in found[name])
    ill = {
        (row.events[0], row.day, row.last_day, row.condition_class, row.present, row.verdict)
        for row in found["current_condition"]
    }
    allergic = {
        (row.events[0], row.day, row.allergen, row.in_capsules, row.verdict, row.contents_read)
        for row in found["known_allergy"]
    }
    return ill, allergic


def check(events: list[Event], offset: int) -> None:
    as_of = BEGIN.toordinal() + offset
    assert by_code(events, as_of) == (by_hand.illnesses(events, as_of), by_hand.allergies(events, as_of))


@SHORT
@given(histories(), st.integers(-30, 400))
def test_episodes_agree_with_the_second_writing(events: list[Event], offset: int) -> None:
    check(events, offset)


@SHORT
@given(histories(), st.integers(0, 120))
def test_days_between_the_ones_reported_change_nothing(events: list[Event], offset: int) -> None:
    as_of = BEGIN.toordinal() + offset
    _, later = tables.clip(tables.table(visible(events)), as_of)
    until = min((day for day in later if day > as_of), default=as_of + 40)
    for day in range(as_of, until):
        assert by_code(events, day) == by_code(events, as_of)


# --- broken on purpose ----------------------------------------------------------------------------
ILL = made(0, _illness(True, 0), "2026-01-30")


def test_anybody_who_judges_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = {"kind": "condition_checked", "conditions": ["e0"], "verdict": "acceptable", "role": "nurse"}
    events = [ILL, made(1, checked, "2026-02-01")]
    check(events, 20)
    monkeypatch.setattr(
        "tests.suitability.test_suitability_episodes.POLICY", POLICY._replace(suitability_roles=("nurse",))
    )
    with pytest.raises(AssertionError):
        check(events, 20)


def test_a_verdict_of_an_earlier_course_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = {"kind": "condition_checked", "conditions": ["e0"], "verdict": "acceptable"}
    events = [ILL, made(1, checked, "2026-02-01"), made(2, {"kind": "course_stop"}, "2026-02-02")]
    check(events, 20)
    plain = conditions.verdicts_on
    monkeypatch.setattr(conditions, "verdicts_on", lambda checks, epoch_day, policy: plain(checks, 0, policy))
    with pytest.raises(AssertionError):
        check(events, 20)


def test_an_unknown_product_that_holds_nothing_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [made(0, {"kind": "allergy", "allergen": "soya"}, "2026-01-30")]
    check(events, 20)
    held = allergies.held_in
    nothing = Contents((), True)
    monkeypatch.setattr(allergies, "held_in", lambda name, held_there, mg: held(name, held_there or nothing, mg))
    with pytest.raises(AssertionError):
        check(events, 20)


# --- the products of the protocol -----------------------------------------------------------------


@pytest.mark.parametrize("programme", ["us", "uk", "eu", "de", "fr", "it", "ca", "au"])
def test_every_product_is_known_by_id_and_name(programme: str) -> None:
    contents = shipped.edition(programme, ("suitability",)).policy.product_contents
    for product in LIBRARY.products.values():
        known = product.programme in LIBRARY.lineage(programme)
        for name in (product.id, product.name, product.name.upper()):
            assert (allergies.product_key(name) in contents) == known
    assert contents


HELD = {
    ("ca", "Clarus", 40, "soya"): "held",
    ("ca", "accutane_ca", 10, "paraben"): "held",
    ("ca", "Epuris", 20, "soya"): "not_excluded",
    ("au", "Oratane", 5, "soya"): "held",
    ("au", "Oratane", 5, "paraben"): "not_excluded",
    ("us", "Zenatane", 20, "paraben"): "held",
    ("us", "Zenatane", 20, "soya"): "held",
    ("us", "Zenatane", 20, "tartrazine"): "not_excluded",
    ("us", "Absorica", 25, "tartrazine"): "held",
    ("us", "Absorica", 20, "tartrazine"): "not_excluded",
    ("us", "Absorica", None, "tartrazine"): "held",
    ("us", "Accutane (JG Pharma)", 20, "soya"): "not_excluded",
    ("us", "Claravis", 20, "peanut"): "held",
    ("uk", "Zenatane", 20, "paraben"): "not_excluded",
    ("uk", "Roaccutane (UK)", 20, "soya"): "held",
    ("eu", "Isosupra Lidose", 16, "soya"): "not_excluded",
    ("de", "isotretinoin_eu", 20, "soya"): "held",
    ("ca", "Isotretinoin", 20, "soya"): "not_excluded",
}


@pytest.mark.parametrize("case", HELD)
def test_what_capsules_hold(case: tuple[str, str, int | None, str]) -> None:
    programme, product, mg, allergen = case
    policy = shipped.edition(programme, ("suitability",)).policy
    contents = policy.product_contents.get(allergies.product_key(product))
    strengths = frozenset() if mg is None else frozenset({Decimal(mg)})
    assert allergies.held_in(allergen, contents, strengths) == HELD[case]
