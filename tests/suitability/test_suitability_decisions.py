"""The rules over made people: every one fires and does not, by hand they come out alike, and nothing slips through."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.engine.decide import answers, decide, evaluate, prepare
from isocourse.engine.edition import Edition
from isocourse.engine.python_backend import FIRED, NOT_FIRED
from isocourse.record import events as ev
from isocourse.record.condition_codes import read_condition
from isocourse.record.record import event_from
from isocourse.record.tables import table
from tests import shipped
from tests.own_words import free_text
from tests.suitability.made_people import ON, Person, event_like, people

ALL = ("us", "uk", "eu", "de", "fr", "it", "ca", "au")
TODAY = ON.toordinal()
MANY = 2500


def edition(programme: str) -> Edition:
    return _EDITIONS[programme]


_EDITIONS = {name: shipped.edition(name, ("suitability",)) for name in ALL}


def states(of: Edition, events: Iterable[Any]) -> dict[str, int]:
    found = evaluate(of, table(events), TODAY).states
    return {rule.id: state for rule, state in zip(of.rules, found, strict=False)}


def missed(of: Edition, found: tuple[Person, ...]) -> list[str]:
    """What no person brings about, in words."""
    seen: dict[str, set[int]] = defaultdict(set)
    said = set()
    for person in found:
        evaluation = evaluate(of, prepare(person.record), TODAY)
        said.add(answers(of, evaluation))
        for rule, state in zip(of.rules, evaluation.states, strict=False):
            seen[rule.id].add(state)
    bad = [f"{rule.id} never fires" for rule in of.rules if FIRED not in seen[rule.id]]
    bad += [f"{rule.id} always fires" for rule in of.rules if NOT_FIRED not in seen[rule.id]]
    wanted = [("proceed", "continue"), ("withhold", "ask_prescriber"), ("withhold", "stop_now")]
    return bad + [f"no one is answered {answer}" for answer in wanted if answer not in said]


@pytest.mark.parametrize("programme", ALL)
def test_every_rule_fires_and_does_not(programme: str) -> None:
    assert missed(edition(programme), people(MANY)) == []


def test_a_rule_that_cannot_fire_is_named() -> None:
    uk = edition("uk")
    fewer = tuple(person for person in people(400) if states(uk, person.events)["pancreatitis_unchecked"] != FIRED)
    assert "pancreatitis_unchecked never fires" in missed(uk, fewer)


@pytest.mark.parametrize("programme", ALL)
def test_inheriting_countries_have_the_same_rules(programme: str) -> None:
    wanted = "eu" if programme in ("de", "fr", "it") else programme
    assert [rule.id for rule in edition(programme).rules] == [rule.id for rule in edition(wanted).rules]


# --- by hand --------------------------------------------------------------------------------------
def _only(events: Iterable[Any], kind: type) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def _begun(events: Iterable[Any]) -> int:
    ended = [event.happened_on.last for event in _only(events, ev.CourseStopped)]
    return max(ended, default=0)


def indication_by_hand(person: Person) -> dict[str, bool]:
    """The rules on the indication as one would say them aloud."""
    begun = _begun(person.events)
    first = not [event for event in _only(person.events, ev.Dispensing) if event.happened_on.last > begun]
    looked = [
        event
        for event in _only(person.events, ev.AcneAssessed)
        if event.author.role in ("prescriber", "nurse") and event.happened_on.last > begun
    ]
    if not looked:
        return {"acne_not_assessed": first, "indication_missing": False}
    acne = looked[-1]
    tried = _only(person.events, ev.TreatmentTried)
    failed = [event for event in tried if event.treatment != "other" and event.result == "not_enough"]
    said = [event for event in _only(person.events, ev.IndicationStated) if event.author.role == "prescriber"]
    said = [event for event in said if event.happened_on.last > begun]
    bad = acne.severity == "severe" or acne.form in ("nodular", "fulminans")
    bad = bad or acne.scarring == "at_risk" or acne.burden == "marked"
    return {"acne_not_assessed": False, "indication_missing": first and not (bad or failed or said)}


@pytest.mark.parametrize("programme", ["us", "uk", "au"])
def test_the_indication_comes_out_as_by_hand(programme: str) -> None:
    of = edition(programme)
    for person in people(600):
        found = states(of, person.events)
        for rule, wanted in indication_by_hand(person).items():
            assert found[rule] == (FIRED if wanted else NOT_FIRED), (person.number, rule)


def test_a_nurse_who_states_the_indication_is_caught() -> None:
    """Broken on purpose: the agreement above would break."""
    us = edition("us")
    constants: Any = {**us.constants, "suitability_roles": ("prescriber", "nurse")}
    loose = dataclasses.replace(us, constants=constants)
    wrong = [
        person.number
        for person in people(600)
        if states(loose, person.events)["indication_missing"]
        != FIRED * indication_by_hand(person)["indication_missing"]
    ]
    assert wrong


# --- what has to hold -----------------------------------------------------------------------------
FORBIDS = {
    "us": ("allergy_to_drug", "under_age", "allergy_to_component"),
    "uk": ("allergy_to_drug", "under_age", "hepatic_insufficiency", "hypervitaminosis_a"),
    "eu": ("allergy_to_drug", "under_age", "hepatic_insufficiency", "hypervitaminosis_a"),
}


@pytest.mark.parametrize("programme", FORBIDS)
def test_no_note_of_a_prescriber_lifts_a_contraindication(programme: str) -> None:
    of, met = edition(programme), 0
    for person in people(1200):
        before = states(of, person.events)
        stands = [rule for rule in FORBIDS[programme] if before[rule] == FIRED]
        if not stands:
            continue
        met += 1
        after = states(of, (*person.events, *_everything_accepted(person)))
        assert all(after[rule] == FIRED for rule in stands), person.number
    assert met > 20


def _everything_accepted(person: Person) -> list[ev.Event]:
    ids = [event.id for event in person.events]
    fields = event_like(person.events[-1], happened_on=ON.isoformat(), verdict="acceptable")
    return [
        event_from({**fields, "kind": "condition_checked", "id": "all1", "conditions": ids}),
        event_from({**fields, "kind": "allergy_checked", "id": "all2", "allergies": ids, "product": "Zenatane"}),
    ]


@pytest.mark.parametrize("programme", ALL)
def test_a_psychiatric_history_never_changes_the_answers(programme: str) -> None:
    """Never a bar: with it or without it supply and capsules are answered alike."""
    of, met = edition(programme), 0
    for person in people(800):
        fields = event_like(person.events[-1], happened_on="2024-01-01")
        ill = {**fields, "kind": "condition", "id": "mind", "text": "x", "code": "F33.2", "active": True}
        ill["system"] = "http://hl7.org/fhir/sid/icd-10-cm"
        more = table([*person.events, event_from(ill)])
        with_it, without = evaluate(of, more, TODAY), evaluate(of, table(person.events), TODAY)
        assert answers(of, with_it) == answers(of, without)
        met += answers(of, without)[0] == "proceed"
    assert met > 20


LETTERS = st.characters(min_codepoint=32, max_codepoint=0x24F)
TEXTS = free_text(st.text(LETTERS, min_size=1, max_size=40), max_size=80)


@pytest.mark.parametrize("programme", ["us", "uk", "ca"])
def test_words_that_are_not_understood_never_pass(programme: str) -> None:
    of = edition(programme)
    person = next(p for p in people(400) if answers(of, evaluate(of, table(p.events), TODAY))[0] == "proceed")

    @settings(max_examples=150, derandomize=True, database=None, deadline=None)
    @given(TEXTS, st.sampled_from([None, True]))
    def run(text: str, active: bool | None) -> None:
        fields = event_like(person.events[-1], happened_on="2024-01-01")
        ill = event_from({**fields, "kind": "condition", "id": "ill", "text": text, "active": active})
        if "unread" in read_condition(text).classes:
            events = table([*person.events, ill])
            supply, capsules = answers(of, evaluate(of, events, TODAY))
            # Words that are not understood may still hold a sign of pregnancy ("0:PREGNANCY"): that stops.
            assert supply == "withhold"
            assert capsules in {"ask_prescriber", "stop_now"}

    run()


@pytest.mark.parametrize("programme", ALL)
def test_nothing_on_record_is_never_suitable(programme: str) -> None:
    of = edition(programme)
    found = states(of, ())
    assert {rule for rule, state in found.items() if state == FIRED} >= {
        "acne_not_assessed",
        "history_not_asked",
        "age_not_recorded",
    }
    assert answers(of, evaluate(of, {}, TODAY))[0] == "withhold"


@pytest.mark.parametrize("programme", ALL)
def test_every_reason_says_what_to_do_and_where_it_was_read(programme: str) -> None:
    for rule in edition(programme).rules:
        assert rule.mend is not None and rule.sources and not rule.reviewed_by, rule.id


def test_the_entry_is_shown_as_it_was_written() -> None:
    us = edition("us")
    ill = {"kind": "condition", "id": "ill", "text": "pancretitis", "happened_on": "2024-01-01"}
    written = {"recorded_at": "2026-01-01T00:00:00Z", "author": {"id": "x", "role": "nurse"}}
    person = Person(0, (event_from({**ill, **written}),))  # type: ignore[arg-type]
    found = decide(us, person.record, TODAY)
    unread = next(finding for finding in found.findings if finding.rule.id == "illness_unread")
    assert "pancretitis" in [reason.value for reason in unread.reasons]
