"""What is true of the facts of any real record, whatever it says: the few sentences that the proofs may lean on.

Each says why it holds. None is taken on trust: `test_translation.py` holds every one against thousands of
generated evaluations. They come from three places: from how a declared aggregate is made (two facts over the
same rows), from the calendar, and by hand from how record/ builds its episodes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import z3
from sqlglot import exp

from isocourse.engine.columns import COLUMNS
from isocourse.engine.language import Tree
from isocourse.engine.model import Fact
from tests.proofs.translate import Model, Months, Pair, _compared, number_of

# Kinds whose rows come into view on the very day by which they are ordered (record/tables.py, seen_from), so that
# no row's day lies after as_of. A pregnancy test is one only when it is negative.
ON_THEIR_DAY = frozenset(
    [
        "birth",
        "pregnancy_potential",
        "contraception_started",
        "contraception_stopped",
        "no_risk_agreement",
        "no_risk_agreement_ended",
        "menses_started",
        "menses_pattern",
        "home_test_permission",
        "visit",
        "counselling",
        "comprehension",
        "form_signed",
        "programme_enrolment",
        "prescriber",
        "prescriber_approval",
        "authorisation",
        "prescription",
        "dispensing",
        "missed_doses",
        "course_start",
        "course_pause",
        "course_stop",
        "supply",
        "epoch",
        "cover",
        "pretreatment_test",
    ]
)


@dataclass(frozen=True)
class Axiom:
    why: str
    claim: z3.BoolRef


def axioms(model: Model) -> list[z3.BoolRef]:
    """Every axiom that speaks of this model's facts."""
    return [axiom.claim for axiom in stated(model)]


def stated(model: Model) -> list[Axiom]:
    return [*_of_aggregates(model), *_of_the_calendar(model), *_by_hand(model)]


# --- from how aggregates are made -----------------------------------------------------------------
def _rows_of(fact: Fact) -> tuple[str, str, bool]:
    """What decides which rows a fact reads. Facts that share it read the same rows."""
    return fact.of, repr(fact.filter), fact.keep_unknown_rows


def _always_known_of_a_row(fact: Fact) -> bool:
    return fact.take == "exists" or not COLUMNS[fact.of][fact.column].type.unknown


def _there_are_rows(fact: Fact, pair: Pair) -> z3.BoolRef:
    return pair.value if fact.take == "exists" else pair.known


def _of_aggregates(model: Model) -> Iterator[Axiom]:
    aggregates = [fact for fact in model.edition.facts if fact.take and fact.take not in ("count", "sum")]
    groups: dict[tuple[str, str, bool], list[Fact]] = defaultdict(list)
    for fact in aggregates:
        groups[_rows_of(fact)].append(fact)
    for group in groups.values():
        yield from _same_rows(model, group)
    for fact in aggregates:
        pair = model.facts[fact.name]
        if fact.type.kind == "code" and fact.type.codes:
            among = z3.Or([pair.value == number_of(code) for code in sorted(fact.type.codes)])
            yield Axiom(f"{fact.name} is one of the codes of its column", z3.Implies(pair.known, among))
        if fact.column == "day":
            yield from _of_a_day(model, fact, pair)
    for one in aggregates:
        for other in aggregates:
            if one is not other and one.of == other.of and other.filter is None:
                yield from _some_rows_of_all(model, one, other)


def _same_rows(model: Model, group: list[Fact]) -> Iterator[Axiom]:
    """Facts over the same rows: if there is a row, each has a value, unless the column itself may be empty."""
    sure = [fact for fact in group if _always_known_of_a_row(fact)]
    for one, other in pairwise(sure):
        left, right = (_there_are_rows(fact, model.facts[fact.name]) for fact in (one, other))
        yield Axiom(f"{one.name} and {other.name} read the same rows", left == right)
    for fact in group:
        if sure and fact not in sure:
            some = _there_are_rows(sure[0], model.facts[sure[0].name])
            why = f"{fact.name} comes from a row that {sure[0].name} reads too"
            yield Axiom(why, z3.Implies(model.facts[fact.name].known, some))


def _of_a_day(model: Model, fact: Fact, pair: Pair) -> Iterator[Axiom]:
    negative_tests = fact.of == "pregnancy_test" and fact.filter is not None and "negative" in fact.filter.sql()
    if fact.of in ON_THEIR_DAY or negative_tests:
        yield Axiom(
            f"{fact.name} is the day of a row in view, so not after as_of",
            z3.Implies(pair.known, z3.And(pair.value >= 1, pair.value <= model.as_of)),
        )
    if fact.filter is not None and not fact.keep_unknown_rows:
        needed = _needed_of_day(model, fact.filter, pair.value, set(COLUMNS[fact.of]))
        yield Axiom(f"{fact.name} met its own filter", z3.Implies(pair.known, needed))


def _needed_of_day(model: Model, tree: Tree, day: z3.ArithRef, columns: set[str]) -> z3.BoolRef:
    """What a filter that is true says about the row's day; True where it says nothing of it."""
    if isinstance(tree, exp.And | exp.Or):
        join = z3.And if isinstance(tree, exp.And) else z3.Or
        return join(
            _needed_of_day(model, tree.this, day, columns), _needed_of_day(model, tree.expression, day, columns)
        )
    if not isinstance(tree, exp.LT | exp.LTE | exp.GT | exp.GTE):
        return z3.BoolVal(True)
    left, right = tree.this, tree.expression
    if not (isinstance(left, exp.Column) and left.name == "day"):
        return z3.BoolVal(True)
    if isinstance(right, exp.Column) and right.name in columns:
        return z3.BoolVal(True)
    other = model.reader.pair(right)
    return z3.And(other.known, _compared(tree, day, other.value))


def _some_rows_of_all(model: Model, some: Fact, all_rows: Fact) -> Iterator[Axiom]:
    """`all_rows` has no filter: it sees each row that `some` sees, and rows stand in the order of their days."""
    one, other = model.facts[some.name], model.facts[all_rows.name]
    if not _always_known_of_a_row(all_rows):
        return
    there = _there_are_rows(all_rows, other)
    yield Axiom(f"{all_rows.name} sees every row that {some.name} sees", z3.Implies(_there_are_rows(some, one), there))
    if (all_rows.take, all_rows.column) != ("latest", "day"):
        return
    if some.column == "day":
        yield Axiom(f"{all_rows.name} is the latest of all", z3.Implies(one.known, one.value <= other.value))
    after = some.filter
    if isinstance(after, exp.GT | exp.GTE) and some.take == "exists" and not some.keep_unknown_rows:
        needed = _needed_of_day(model, after, other.value, set(COLUMNS[some.of]))
        if after.this.name == "day":
            yield Axiom(f"{some.name}: a row is late enough when the latest is", one.value == z3.And(there, needed))


# --- from the calendar ----------------------------------------------------------------------------
def _of_the_calendar(model: Model) -> Iterator[Axiom]:
    """ADD_MONTHS as far as proofs need it: a month has 28 to 31 days, and later days come out no earlier."""
    yield from calendar(model.reader.months)


def calendar(uses: Sequence[Months]) -> Iterator[Axiom]:
    """What holds between uses of ADD_MONTHS, of one model or of several."""
    for use in uses:
        shortest, longest = use.day + 28 * use.months, use.day + 31 * use.months
        yield Axiom("a month has 28 to 31 days", z3.And(use.result >= shortest, use.result <= longest))
    for one, other in combinations(uses, 2):
        for first, second in ((one, other), (other, one)):
            fewer = first.months <= second.months
            if fewer is not False:
                why = "later days, and no fewer months, come out no earlier"
                given = first.day <= second.day
                given = given if fewer is True else z3.And(fewer, given)
                yield Axiom(why, z3.Implies(given, first.result <= second.result))


# --- by hand, from how record/ builds its rows ----------------------------------------------------
_HAND: list[tuple[str, tuple[str, ...], Callable[[Model], z3.BoolRef]]] = []


def _holds(why: str, *facts: str) -> Callable[[Callable[[Model], z3.BoolRef]], Callable[[Model], z3.BoolRef]]:
    def keep(claim: Callable[[Model], z3.BoolRef]) -> Callable[[Model], z3.BoolRef]:
        _HAND.append((why, facts, claim))
        return claim

    return keep


def _by_hand(model: Model) -> Iterator[Axiom]:
    for why, facts, claim in _HAND:
        if all(name in model.facts for name in facts):
            yield Axiom(why, claim(model))


@_holds("the first day that counts after an epoch is the day after it", "tests_count_from", "epoch_day")
def _day_after_epoch(m: Model) -> z3.BoolRef:
    return m.value("tests_count_from") == m.value("epoch_day") + 1


@_holds(
    "who was supplied or began to take capsules was exposed", "exposed", "supplied_this_course", "started_this_course"
)
def _exposed(m: Model) -> z3.BoolRef:
    treated = z3.Or(m.true("supplied_this_course"), m.true("started_this_course"))
    return z3.Implies(treated, m.true("exposed"))


@_holds("the exposure is there exactly when its last dose is", "exposed", "last_dose_day")
def _last_dose(m: Model) -> z3.BoolRef:
    return m.value("exposed") == m.known("last_dose_day")


@_holds(
    "each dispensing makes one supply of at least one day that begins on its day or later",
    "supply_end_day",
    "supplied_this_course",
    "last_supply_day",
)
def _supply_lasts(m: Model) -> z3.BoolRef:
    lasts = z3.Implies(m.true("supplied_this_course"), m.value("supply_end_day") >= m.value("last_supply_day"))
    return z3.And(m.known("supply_end_day") == m.value("supplied_this_course"), lasts)


@_holds(
    "contraception counts for the lead time from its own day or the epoch, whichever is later",
    "lead_complete_day",
    "cover_start_day",
    "epoch_day",
)
def _lead_time(m: Model) -> z3.BoolRef:
    begun, epoch, complete = m.value("cover_start_day"), m.value("epoch_day"), m.value("lead_complete_day")
    counted = z3.If(begun > epoch, begun, epoch)
    days, months = m.edition.policy.lead_days, m.edition.policy.lead_months
    least, most = max(days, 28 * months), max(days, 31 * months)
    return z3.Implies(m.known("cover_start_day"), z3.And(complete >= counted + least, complete <= counted + most))


@_holds("tests before treatment are judged only while no treatment has begun", "first_test_done", "first_supply")
def _before_treatment(m: Model) -> z3.BoolRef:
    return z3.Implies(m.true("first_test_done"), m.true("first_supply"))


@_holds("as soon as there is such a test, exactly one governs", "first_test_done", "confirm_test_day")
def _one_governs(m: Model) -> z3.BoolRef:
    return m.value("first_test_done") == m.known("confirm_test_day")


@_holds(
    "the first of the tests is the earliest of them and belongs to this course",
    "first_test_day",
    "confirm_test_day",
    "epoch_day",
)
def _first_is_first(m: Model) -> z3.BoolRef:
    first = m.value("first_test_day")
    in_course = z3.And(first <= m.value("confirm_test_day"), first > m.value("epoch_day"))
    return z3.Implies(m.known("first_test_day"), in_course)


@_holds("a lead time is reckoned exactly where contraception was adequate", "confirm_covered", "confirm_lead_day")
def _lead_of_cover(m: Model) -> z3.BoolRef:
    return m.value("confirm_covered") == m.known("confirm_lead_day")


@_holds(
    "a lock-out is named exactly where it binds the test", "confirm_locked", "confirm_locked_until", "confirm_test_day"
)
def _lock_binds(m: Model) -> z3.BoolRef:
    ends_later = z3.Implies(m.true("confirm_locked"), m.value("confirm_locked_until") > m.value("confirm_test_day"))
    return z3.And(m.value("confirm_locked") == m.known("confirm_locked_until"), ends_later)


@_holds(
    "a test opens a window only when it is not locked out, late enough, and after a whole month of contraception",
    "confirm_opened",
    "confirm_locked",
    "confirm_covered",
    "confirm_test_day",
    "confirm_lead_day",
    "first_test_day",
)
def _opens(m: Model) -> z3.BoolRef:
    day, gap = m.value("confirm_test_day"), m.edition.policy.second_test_gap_days
    late = z3.And(day >= m.value("first_test_day") + gap, day >= m.value("confirm_lead_day"))
    return z3.Implies(m.true("confirm_opened"), z3.And(m.false("confirm_locked"), m.true("confirm_covered"), late))


@_holds("a test opens a window only when it was on record how periods come", "confirm_opened", "menses_pattern_now")
def _pattern_recorded(m: Model) -> z3.BoolRef:
    return z3.Implies(m.true("confirm_opened"), m.known("menses_pattern_now"))


@_holds("the first day of a period is day 1, and the period is not after the test", "confirm_menses_day")
def _menses_from_one(m: Model) -> z3.BoolRef:
    return z3.Implies(m.known("confirm_menses_day"), m.value("confirm_menses_day") >= 1)


@_holds("a prescription covers 1 to 366 days", "prescription_days")
def _days_of_prescription(m: Model) -> z3.BoolRef:
    return z3.Implies(
        m.known("prescription_days"), z3.And(m.value("prescription_days") >= 1, m.value("prescription_days") <= 366)
    )


@_holds("a prescription has 0 to 24 refills", "prescription_refills")
def _refills(m: Model) -> z3.BoolRef:
    return z3.Implies(
        m.known("prescription_refills"),
        z3.And(m.value("prescription_refills") >= 0, m.value("prescription_refills") <= 24),
    )
