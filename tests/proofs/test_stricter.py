"""What a value says is stricter is stricter: whatever a clinic sets in that direction, no decision gets milder.

For a value that rules and expressions compare with, proved by z3 over all facts and all numbers in the direction. For a
value that chooses rows or feeds an episode the facts themselves change; there generated courses are decided twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import z3

from isocourse.engine.clinic import Clinic, Departure, Setting
from isocourse.engine.decide import answers, evaluate, prepare
from isocourse.engine.edition import edition_of
from isocourse.engine.language import names_in
from isocourse.engine.model import CAPSULES
from isocourse.engine.resolve import value_name
from isocourse.record.tables import Rows
from tests.generative.courses import Case, cases
from tests.proofs.axioms import axioms, calendar
from tests.proofs.translate import Model, counterexample
from tests.shipped import LIBRARY, edition

PROGRAMMES = ("us", "uk", "eu")
OTHERS = ("de", "fr", "it", "ca", "au")
NUMBERS = ("days", "months", "number")
# It decides whether somebody counts as able to become pregnant: each side has duties of its own, so neither answer can
# be compared. That nobody leaves the protected side is proved below.
CHOOSES_A_SIDE = "fsh_alone_from_age"


def directed(programme: str) -> Iterator[str]:
    """The constants of a programme that are numbers and say which way is stricter."""
    for constant, number in edition(programme).constants.items():
        value = LIBRARY.values[value_name(constant)]
        if value.kind in NUMBERS and value.stricter in ("lower", "higher") and number is not None:
            yield constant


@cache
def in_rows(programme: str) -> set[str]:
    """The constants that choose rows or feed an episode: other numbers, other facts."""
    of = edition(programme)
    chosen = {name for fact in of.facts if fact.take and fact.reads is not None for name in names_in(fact.reads)}
    return {name for name in of.constants if name in chosen or LIBRARY.values[value_name(name)].feeds}


def compared(programmes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (programme, constant)
        for programme in programmes
        for constant in directed(programme)
        if constant not in in_rows(programme) and constant in read_by(programme) and constant != CHOOSES_A_SIDE
    ]


@cache
def read_by(programme: str) -> set[str]:
    """Every name that a rule, a task or a fact of the programme reads."""
    of = edition(programme)
    trees = [condition.tree for condition in of.conditions] + [
        fact.reads for fact in of.facts if fact.reads is not None
    ]
    return {name for tree in trees for name in names_in(tree)}


@cache
def shipped_model(programme: str) -> tuple[Model, list[z3.BoolRef]]:
    """A programme as it is shipped, and its axioms."""
    model = Model(edition(programme))
    return model, axioms(model)


def case_against(programme: str, constant: str, stricter: str) -> str | None:
    """A case in which a number in this direction lets pass what the shipped one withholds, or stops no capsules
    where that does."""
    number = z3.Int("set by the clinic")
    shipped, known = shipped_model(programme)
    own = Model(shipped.edition, settings={constant: number})
    limit = shipped.edition.constants[constant]
    allowed = number <= limit if stricter == "lower" else number >= limit
    as_strict = z3.And(z3.Implies(own.proceed, shipped.proceed), z3.Implies(shipped.stop_now, own.stop_now))
    dates = [axiom.claim for axiom in calendar([*shipped.reader.months, *own.reader.months])]
    return counterexample(shipped, as_strict, number >= 0, number <= 100_000, allowed, *known, *dates)


@pytest.mark.parametrize(("programme", "constant"), compared(PROGRAMMES))
def test_the_stricter_direction_is_stricter(programme: str, constant: str) -> None:
    case = case_against(programme, constant, LIBRARY.values[value_name(constant)].stricter)
    assert case is None, case


@pytest.mark.long
@pytest.mark.parametrize("programme", OTHERS)
def test_the_stricter_direction_is_stricter_in_the_other_programmes(programme: str) -> None:
    for _, constant in compared((programme,)):
        case = case_against(edition(programme), constant, LIBRARY.values[value_name(constant)].stricter)
        assert case is None, (constant, case)


@pytest.mark.parametrize(
    ("programme", "constant"),
    [
        ("us", "supply_limit"),
        ("uk", "prescription_valid"),
        ("us", "depression_review_from"),
        ("us", "self_harm_limit"),
    ],
)
def test_the_other_direction_would_be_found(programme: str, constant: str) -> None:
    other = {"lower": "higher", "higher": "lower"}[LIBRARY.values[value_name(constant)].stricter]
    assert case_against(programme, constant, other) is not None


# --- values that choose rows or feed an episode ---------------------------------------------------
def chosen() -> list[tuple[str, str]]:
    return [
        (programme, constant)
        for programme in PROGRAMMES
        for constant in sorted(in_rows(programme))
        if constant == value_name(constant) and next(stricter_than(programme, constant), None) is not None
    ]


def stricter_than(programme: str, constant: str) -> Iterator[Any]:
    """Some settings that are stricter: a step, a fifth, and far."""
    value, now = LIBRARY.values[value_name(constant)], edition(programme).constants[constant]
    if value.kind == "codes" and value.stricter == "fewer":
        yield from (now[:-1], now[:1])
    elif value.kind in NUMBERS and now is not None and value.stricter == "lower":
        yield from {number for number in (now - 1, now - max(1, now // 5), 0) if number >= 0}
    elif value.kind in NUMBERS and now is not None and value.stricter == "higher":
        yield from (now + 1, now + max(1, now // 5), now * 3)


# Stricter, and it takes away what the answer for the capsules in hand was about. Supply is withheld all the same.
ABOUT_OTHER_CAPSULES = {
    "restart_gap": "the course counts as over sooner, so no capsules of it are in hand",
    "supply_test_settings": "a test that does not count cannot be one that is not sensitive enough",
}


@cache
def shipped_answers(programme: str, count: int) -> list[tuple[Case, Rows, tuple[str, str]]]:
    """The generated courses of a programme with their rows, and what it answers as it is shipped."""
    of = edition(programme)
    prepared = [(case, prepare(case.record)) for case in cases(count) if case.programme == programme]
    return [(case, rows, answers(of, evaluate(of, rows, case.as_of))) for case, rows in prepared]


def no_milder_answer(programme: str, constant: str, count: int) -> None:
    for content in stricter_than(programme, constant):
        setting = Setting(constant, content, 1, Departure("nobody", 1, "a test"), "generated")
        own = edition_of(LIBRARY, programme, clinic=Clinic("Any clinic", programme, (setting,), (), "0"))
        for case, rows, (supply, capsules) in shipped_answers(programme, count):
            found = answers(own, evaluate(own, rows, case.as_of))
            assert (found[0] == "withhold") >= (supply == "withhold"), (content, case.told())
            if constant not in ABOUT_OTHER_CAPSULES:
                assert CAPSULES.index(found[1]) >= CAPSULES.index(capsules), (content, case.told())


@pytest.mark.parametrize(("programme", "constant"), chosen())
def test_generated_courses_get_no_milder_answer(programme: str, constant: str) -> None:
    no_milder_answer(programme, constant, 200)


@pytest.mark.long
@pytest.mark.parametrize(("programme", "constant"), chosen())
def test_more_generated_courses_get_no_milder_answer(programme: str, constant: str) -> None:
    no_milder_answer(programme, constant, 2000)
