"""What stands, and what stood when: chains of corrections, withdrawn amendments, moments of knowledge."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.errors import InputError
from isocourse.record.corrections import rows_that_stand, visible
from isocourse.record.dates import partial_date
from isocourse.record.events import KINDS, Author, EnteredInError, PregnancyTest
from isocourse.record.record import Record, check_record
from isocourse.record.tables import table
from isocourse.record.terminology import Role

Event = EnteredInError | PregnancyTest
START = datetime(2026, 5, 2, 10, tzinfo=UTC)
AUTHOR = Author(id="dr", role="prescriber")


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def test_taken(name: str, minute: int, amends: str | None = None) -> PregnancyTest:
    return PregnancyTest(
        id=name,
        happened_on=partial_date("2026-05-01"),
        recorded_at=at(minute),
        author=AUTHOR,
        result="negative",
        amends=amends,
    )


test_taken.__test__ = False  # type: ignore[attr-defined]


def withdrawn(name: str, minute: int, corrects: str) -> EnteredInError:
    return EnteredInError(
        id=name, happened_on=partial_date("2026-05-01"), recorded_at=at(minute), author=AUTHOR, corrects=corrects
    )


def standing(*events: Event, known_at: datetime | None = None) -> set[str]:
    check_record(Record(subject="p1", events=events))
    found = {event.id for event in visible(events, known_at=known_at)}
    assert rows_that_stand(events, known_at=known_at) == table(visible(events, known_at=known_at))
    for order in itertools.islice(itertools.permutations(events), 24):
        assert {event.id for event in visible(order, known_at=known_at)} == found, (
            "the order in the file must not matter"
        )
    return found


A = test_taken("a", 0)
B = test_taken("b", 1, amends="a")
C = test_taken("c", 2, amends="b")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), set()),
        ((A,), {"a"}),
        ((A, withdrawn("w", 1, "a")), set()),
        ((A, B), {"b"}),
        ((A, B, C), {"c"}),
        # withdrawing an amendment lets the original stand again
        ((A, B, withdrawn("w", 2, "b")), {"a"}),
        # ... and withdrawing that withdrawal lets the amendment stand
        ((A, B, withdrawn("w", 2, "b"), withdrawn("v", 3, "w")), {"b"}),
        ((A, B, withdrawn("w", 2, "b"), withdrawn("v", 3, "w"), withdrawn("u", 4, "v")), {"a"}),
        # a chain of amendments falls back by one
        ((A, B, C, withdrawn("w", 3, "c")), {"b"}),
        # what is withdrawn inside a chain was replaced already
        ((A, B, C, withdrawn("w", 3, "a")), {"c"}),
        ((A, B, C, withdrawn("w", 3, "b")), {"c"}),
        # the chain falls back step by step
        ((A, B, C, withdrawn("w", 3, "c"), withdrawn("v", 4, "b")), {"a"}),
        # original and amendment both withdrawn
        ((A, B, withdrawn("w", 2, "b"), withdrawn("v", 3, "a")), set()),
        # withdrawn twice is withdrawn
        ((A, withdrawn("w", 1, "a"), withdrawn("v", 2, "a")), set()),
        # a withdrawal withdrawn
        ((A, withdrawn("w", 1, "a"), withdrawn("v", 2, "w")), {"a"}),
        # an amended withdrawn event: the amendment still stands
        ((A, withdrawn("w", 1, "a"), test_taken("d", 2, amends="a")), {"d"}),
    ],
)
def test_what_stands(events: tuple[Event, ...], expected: set[str]) -> None:
    assert standing(*events) == expected


@pytest.mark.parametrize(
    ("minute", "expected"),
    [(-1, set()), (0, {"a"}), (1, {"b"}), (2, {"a"}), (3, {"b"}), (60, {"b"})],
)
def test_what_stood_when(minute: int, expected: set[str]) -> None:
    """Each correction counts from the minute it was recorded, that minute included."""
    events = (A, B, withdrawn("w", 2, "b"), withdrawn("v", 3, "w"))
    assert standing(*events, known_at=at(minute)) == expected
    assert standing(*events, known_at=at(minute) + timedelta(seconds=59)) == expected


@pytest.mark.parametrize(
    "events", [(A, withdrawn("w", 0, "a")), (A, test_taken("b", 0, amends="a"), withdrawn("w", 0, "b"))]
)
def test_corrected_in_the_minute_it_was_written(events: tuple[Event, ...]) -> None:
    expected = set() if len(events) == 2 else {"a"}
    assert standing(*events) == expected
    assert standing(*events, known_at=at(0)) == expected


def test_two_that_correct_each_other_are_refused() -> None:
    pairs: list[tuple[Event, Event]] = [
        (test_taken("a", 0, amends="b"), test_taken("b", 0, amends="a")),
        (withdrawn("a", 0, "b"), withdrawn("b", 0, "a")),
    ]
    for first, second in pairs:
        with pytest.raises(InputError, match="in a circle"):
            check_record(Record(subject="p1", events=(first, second)))
        visible((first, second))  # it ends


def test_two_amendments_are_refused_unless_one_is_withdrawn() -> None:
    other = test_taken("d", 2, amends="a")
    with pytest.raises(InputError, match="both amend 'a'"):
        check_record(Record(subject="p1", events=(A, B, other)))
    assert standing(A, B, other, withdrawn("w", 3, "d")) == {"b"}
    with pytest.raises(InputError, match="events 'c' and 'd' both amend 'a'"):
        check_record(Record(subject="p1", events=(A, B, C, test_taken("d", 3, amends="a"))))


def test_a_long_chain_of_one_minute_is_no_trouble() -> None:
    chain: list[Event] = [test_taken("e0", 0)]
    chain += [test_taken(f"e{index}", 0, amends=f"e{index - 1}") for index in range(1, 5000)]
    assert [event.id for event in visible(reversed(chain))] == ["e4999"]
    check_record(Record(subject="p1", events=tuple(reversed(chain))))


def replay(events: list[Event], known_at: datetime | None) -> set[str]:
    """By definition, recursive, without any sorting: an event stands when no standing withdrawal names it and no
    amendment of it is in force; an amendment is in force when it stands or is amended by one in force."""
    known = {event.id: event for event in events if known_at is None or event.recorded_at <= known_at}

    def replaced(name: str) -> bool:
        return any(holds(other.id) or replaced(other.id) for other in known.values() if other.amends == name)

    def holds(name: str) -> bool:
        withdrawals = [e for e in known.values() if isinstance(e, EnteredInError) and e.corrects == name]
        return not replaced(name) and not any(holds(other.id) for other in withdrawals)

    return {name for name, event in known.items() if not isinstance(event, EnteredInError) and holds(name)}


@st.composite
def corrected(draw: st.DrawFn) -> list[Event]:
    """Up to nine events; each may correct an earlier one, at the same or a later minute."""
    made: list[Event] = []
    minute = 0
    for index in range(draw(st.integers(1, 9))):
        minute += draw(st.integers(0, 2))
        name = f"e{index}"
        corrects = draw(st.integers(0, 1)) == 1
        target = draw(st.sampled_from(made)).id if made and corrects else None
        if target is not None and draw(st.booleans()):
            made.append(withdrawn(name, minute, target))
        elif target is not None and isinstance(next(e for e in made if e.id == target), PregnancyTest):
            made.append(test_taken(name, minute, amends=target))
        else:
            made.append(test_taken(name, minute))
    return made


@given(corrected(), st.randoms(use_true_random=False), st.none() | st.integers(-1, 20))
def test_corrections_agree_with_their_definition(events: list[Event], random: object, minute: int | None) -> None:
    known_at = at(minute) if minute is not None else None
    expected = replay(events, known_at)
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert {event.id for event in visible(events, known_at=known_at)} == expected
    assert {event.id for event in visible(shuffled, known_at=known_at)} == expected


# --- who may take back what worries ---------------------------------------------------------------
def _of(kind: str, name: str, by: str, minute: int, /, **fields: object) -> Any:
    return KINDS[kind](
        id=name,
        happened_on=partial_date("2026-05-01"),
        recorded_at=at(minute),
        author=Author(id=by, role=by),  # type: ignore[arg-type]
        **fields,
    )


WORRIES = [
    ("symptom", {"text": "suicidal thoughts"}),
    ("questionnaire", {"name": "phq2", "items": (0, 2)}),
    ("pregnancy_test", {"result": "positive"}),
    ("pregnancy_test", {"result": "unclear"}),
    ("allergy", {"allergen": "peanut"}),
    ("condition", {"text": "pancreatitis"}),
    ("medicine_started", {"name": "doxycycline"}),
    ("missed_period", {}),
    ("mood_assessment", {"covers": ("mental_health",), "outcome": "stop_treatment"}),
    ("lab_reviewed", {"results": ("l1",), "decision": "stop"}),
    ("symptom_assessed", {"symptoms": ("s1",), "outcome": "hold"}),
]
HARMLESS = [
    ("weight", {"value": Decimal(60)}),
    ("pregnancy_test", {"result": "negative"}),
    ("visit", {"mode": "remote"}),
]


@pytest.mark.parametrize("by", get_args(Role))
@pytest.mark.parametrize(("kind", "fields"), WORRIES + HARMLESS)
def test_what_worries_is_taken_back_by_a_clinician_alone(kind: str, fields: dict[str, Any], by: str) -> None:
    sign = _of(kind, "sign", "nurse", 0, **fields)
    withdrawal = _of("entered_in_error", "w", by, 1, corrects="sign")
    amendment = _of(kind, "a", by, 1, amends="sign", **fields)
    may = by in ("prescriber", "nurse", "pharmacist", "laboratory") or (kind, fields) in HARMLESS
    assert {event.id for event in visible([sign, withdrawal])} == (set() if may else {"sign"})
    assert {event.id for event in visible([sign, amendment])} == ({"a"} if may else {"sign", "a"})


def test_a_withdrawal_is_taken_back_by_anybody() -> None:
    sign = _of("symptom", "sign", "patient", 0, text="bloody diarrhoea")
    first = _of("entered_in_error", "w1", "nurse", 1, corrects="sign")
    second = _of("entered_in_error", "w2", "patient", 2, corrects="w1")
    assert {event.id for event in visible([sign, first])} == set()
    assert {event.id for event in visible([sign, first, second])} == {"sign"}
