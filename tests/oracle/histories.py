"""Hypothesis strategies: histories of events, realistic blocks with adversarial noise around them.

A history lives in about 200 days from BASE. Days are drawn around anchors (days of other events, the end of
a lead, the end of a supply, a window) so that edges are hit on the day before, the day and the day after.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Protocol

import msgspec
from hypothesis import strategies as st

from isocourse.errors import InputError
from isocourse.record import events as ev
from isocourse.record.dates import add_months, exact, partial_date
from isocourse.record.events import Event
from isocourse.record.policy import Dated, Policy
from isocourse.record.quantities import reported
from isocourse.record.record import Record, check_record

BASE = date(2027, 12, 20).toordinal()  # the window holds a turn of the year and a leap day
LENGTH = 200

PRIMARY = ("implant", "hormonal_ius", "combined_pill", "tubal_sterilisation")
SECONDARY = ("male_condom", "diaphragm_with_spermicide")
METHODS = (*PRIMARY, *SECONDARY, "abstinence", "withdrawal")
_US_CLASSES = {
    **{method: frozenset({"primary"}) for method in PRIMARY},
    **{method: frozenset({"secondary"}) for method in SECONDARY},
    "abstinence": frozenset({"abstinence"}),
}
_UK_CLASSES = {
    "implant": frozenset({"user_independent"}),
    "hormonal_ius": frozenset({"user_independent"}),
    "tubal_sterilisation": frozenset({"user_independent"}),
    "combined_pill": frozenset({"user_dependent"}),
    "male_condom": frozenset({"barrier"}),
    "diaphragm_with_spermicide": frozenset({"barrier"}),
}
_CLINIC = frozenset({"medical"})
_REMOTE = frozenset({"medical", "supervised_remote"})
_ALL = frozenset({"medical", "supervised_remote", "home", "unknown"})

US = Policy(
    hcg_positive_from=25,
    method_classes=_US_CLASSES,
    adequate_combinations=(("primary", "primary"), ("primary", "secondary"), ("abstinence",)),
    lead_months=1,
    lead_days=30,
    restart_gap_days=30,
    first_test_settings=Dated([(1, _CLINIC), (BASE + 60, _REMOTE), (BASE + 150, None)]),
    second_test_gap_days=19,
    window_offset_days=6,
    menses_days=5,
    first_window_lockout_days=Dated([(1, 19), (BASE + 90, None)]),
    intercourse_test_wait_days=19,
    missed_period_test_wait_days=0,
    concern_test_settings=Dated([(1, _REMOTE), (BASE + 80, _ALL)]),
)
# Nothing asked but two tests and a month, so that windows, lock-outs and gaps are met often.
US_EASY = US._replace(
    menses_days=None,
    lead_days=0,
    first_test_settings=Dated([(1, _ALL)]),
    first_window_lockout_days=Dated([(1, 19), (BASE + 120, 7), (BASE + 160, None)]),
)
UK = Policy(
    method_classes=_UK_CLASSES,
    adequate_combinations=(("user_independent",), ("user_dependent", "barrier")),
    lead_months=1,
    lead_days=28,
    restart_gap_days=None,
    first_test_settings=Dated([(1, _CLINIC)]),
    intercourse_test_wait_days=21,
    missed_period_test_wait_days=7,
    concern_test_settings=Dated([(1, _CLINIC)]),
)
# Not any programme: methods of two classes, a combination of three, nothing accepted at first, no lead.
ODD = Policy(
    method_classes={
        "implant": frozenset({"a", "b"}),
        "combined_pill": frozenset({"b"}),
        "male_condom": frozenset({"c", "a"}),
        "withdrawal": frozenset({"c"}),
        "abstinence": frozenset({"d", "a"}),
    },
    adequate_combinations=(("a", "b", "c"), ("d", "a"), ("a", "b")),
    lead_months=0,
    lead_days=0,
    restart_gap_days=0,
    first_test_settings=Dated([(BASE + 20, _ALL)]),
    second_test_gap_days=0,
    window_offset_days=0,
    menses_days=1,
    first_window_lockout_days=Dated([(BASE + 50, 3), (BASE + 100, 0)]),
    concern_test_settings=Dated([(BASE + 30, _ALL)]),
)
POLICIES: dict[str, Policy] = {"us": US, "us_easy": US_EASY, "uk": UK, "odd": ODD}

_PAIRS = (
    ("implant", "male_condom"),
    ("implant", "male_condom"),
    ("combined_pill", "male_condom"),
    ("implant", "combined_pill"),
    ("abstinence",),
    ("implant",),
    ("combined_pill", "implant", "male_condom"),
)
_ROLES = ("prescriber", "prescriber", "prescriber", "nurse", "pharmacist", "patient")
_STEP = (0, 0, 0, 1, -1, 5, 6, 7, 18, 19, 20, 21, 27, 28, 29, 30, 31, 32, -2, -6, -19, 60)
_KINDS = (
    *["pregnancy_test"] * 12,
    *["contraception_started"] * 7,
    *["contraception_stopped"] * 4,
    *["unprotected_intercourse"] * 2,
    *["contraceptive_failure"] * 2,
    *["missed_period"] * 2,
    *["dispensing"] * 4,
    *["missed_doses"] * 3,
    *["course_start"] * 2,
    *["course_stop"] * 2,
    *["pregnancy"] * 1,
    "lab_result",
    "condition",
    *["pregnancy_resolved"] * 4,
    *["menses_started"] * 5,
    *["menses_pattern"] * 4,
    "no_risk_agreement_ended",
    "blood_donation",
    "breast_feeding",
    "course_pause",
    "visit",
)
_RESULTS = ("negative",) * 8 + ("positive",) * 2 + ("unclear",)
_SETTINGS = ("medical",) * 6 + ("supervised_remote", "supervised_remote", "home", "unknown")
_PATTERNS = ("regular", "regular", "irregular", "absent", "suppressed")
_ACTIVE = (True, True, None, False)
_DELAYS = (0, 0, 0, 0, 0, 1, 2, 20, 45)
_MINUTES = (0, 0, 30, 60)
_ZONES = (UTC, UTC, timezone(timedelta(hours=-8)), timezone(timedelta(hours=11)))
_SUPPLY_DAYS = (1, 7, 28, 30, 30, 30, 31)
_AFTER_TEST = (0, 1, 3, 5, 6, 7, 12)
_CORRECTABLE_SHIFT = (0, -1, 1, -7, 7, -30)


class _Dice(Protocol):
    def pick(self, values: Sequence[Any]) -> Any: ...
    def number(self, least: int, most: int) -> int: ...
    def some(self, values: Sequence[Any], least: int, most: int) -> list[Any]: ...


class _Drawn:
    def __init__(self, draw: Any) -> None:
        self.draw = draw

    def pick(self, values: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(values))

    def number(self, least: int, most: int) -> int:
        return int(self.draw(st.integers(least, most)))

    def some(self, values: Sequence[Any], least: int, most: int) -> list[Any]:
        return list(self.draw(st.lists(st.sampled_from(values), min_size=least, max_size=most)))


class _Thrown:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, values: Sequence[Any]) -> Any:
        return self.random.choice(values)

    def number(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def some(self, values: Sequence[Any], least: int, most: int) -> list[Any]:
        return [self.random.choice(values) for _ in range(self.random.randint(least, most))]


class _Pen:
    """Writes events down one after another, and remembers the days worth being near."""

    def __init__(self, dice: _Dice, *, ties: bool) -> None:
        self.dice = dice
        self.ties = ties
        self.events: list[Event] = []
        self.anchors: list[int] = [BASE + 10]

    def near(self) -> int:
        if self.dice.number(0, 99) < 25:
            return BASE + int(self.dice.number(0, LENGTH))
        anchor = self.dice.pick(self.anchors)
        return self.fit(anchor + self.dice.pick(_STEP))

    @staticmethod
    def fit(day: int) -> int:
        return max(BASE - 40, min(BASE + LENGTH + 30, day))

    def _moment(self, day: int) -> datetime:
        late = day + self.dice.pick(_DELAYS)
        noon = datetime.combine(date.fromordinal(late), datetime.min.time(), self.dice.pick(_ZONES))
        return noon + timedelta(hours=12, minutes=self.dice.pick(_MINUTES))

    def write(self, kind: str, day: int, *, sure: bool = False, **fields: Any) -> Event:
        happened = exact(day)
        if not sure and kind != "dispensing":
            vague = self.dice.number(0, 99)
            if vague < 7:
                happened = partial_date(happened.text[:7])
            elif vague < 9:
                happened = partial_date(happened.text[:4])
        role = self.dice.pick(_ROLES)
        event = ev.KINDS[kind](
            id=f"e{len(self.events)}",
            happened_on=happened,
            recorded_at=self._moment(day),
            author=ev.Author(id=role[:3], role=role),  # type: ignore[arg-type]
            **fields,
        )
        self.events.append(event)
        self.anchors.append(day)
        return event

    def dispense(self, day: int) -> int:
        days = self.dice.pick(_SUPPLY_DAYS)
        self.write("dispensing", day, days=days)
        self.anchors += [day + days - 1, day + days - 1 + 30]
        return int(day + days - 1)

    def course(self) -> None:
        """Two tests, cover, supply: nearly by the book, every distance drawn from around its edge."""
        dice = self.dice
        start = BASE + dice.number(0, 70)
        pair = dice.pick(_PAIRS)
        for method in pair:
            self.write("contraception_started", start + dice.pick((0, 0, 0, 1)), sure=True, method=method)
        lead = max(add_months(start, 1), start + 30)
        self.anchors += [add_months(start, 1), start + 28, start + 30]
        if dice.number(0, 99) < 85:
            self.write("menses_pattern", start + dice.pick((-3, 0, 5, 30)), sure=True, pattern=dice.pick(_PATTERNS))
        first = lead - dice.pick((18, 19, 19, 20, 20, 22, 31, 40))
        second = dice.pick((first + 18, first + 19, first + 20, lead - 1, lead, lead + 1, lead + 3))
        for day in (first, second):
            self.write("pregnancy_test", day, sure=True, result="negative", setting=dice.pick(_SETTINGS))
        for day in [second + step for step in dice.some((0, 5, 6, 7, 18, 19, 20, 25, 40), 0, 4)]:
            self.write("pregnancy_test", day, sure=True, result="negative", setting=dice.pick(_SETTINGS))
            if dice.pick((True, False)):
                self.write("menses_started", day - dice.pick((0, 3, 4, 5)), sure=True)
        self.write("menses_started", second - dice.pick((0, 2, 4, 4, 5, 6)), sure=True)
        day = second + dice.pick((0, 3, 6, 7))
        for _ in range(dice.pick((0, 0, 0, 1, 2, 4))):
            end = self.dispense(self.fit(day))
            day = end + dice.pick((-5, 0, 1, 1, 29, 30, 31))

    def noise(self) -> None:
        dice = self.dice
        kind = dice.pick(_KINDS)
        day = self.near()
        if kind == "pregnancy_test":
            result, setting = dice.pick(_RESULTS), dice.pick(_SETTINGS)
            self.write(kind, day, result=result, setting=setting)
        elif kind in ("contraception_started", "contraception_stopped"):
            self.write(kind, day, method=dice.pick(METHODS))
        elif kind == "dispensing":
            self.dispense(day)
        elif kind == "missed_doses":
            self.write(kind, day, days=dice.pick((1, 2, 14, 30)))
        elif kind == "menses_pattern":
            self.write(kind, day, pattern=dice.pick(_PATTERNS))
        elif kind == "breast_feeding":
            self.write(kind, day, status=dice.pick(("started", "stopped")))
        elif kind == "pregnancy_resolved":
            self.resolve(day)
        elif kind == "course_stop":
            self.write(kind, day, reason=dice.pick(("completed", "completed", "side_effect", "pregnancy")))
        elif kind == "condition":
            code = dice.pick(("Z33.1", " z33.1 ", "O80", None))
            self.write(kind, day, text="?", code=code, active=dice.pick(_ACTIVE))
        elif kind == "lab_result":
            value = reported(dice.pick(("<25", "4", "24", "25", "25.1", ">5", ">1000")))
            limit = dice.pick((None, Decimal(5), Decimal(24), Decimal(30)))
            analyte = dice.pick(("hcg", "hcg", "hcg", "ck"))
            self.write(
                kind,
                day,
                analyte=analyte,
                value=value,
                unit="m[IU]/mL" if analyte == "hcg" else "U/L",
                upper_limit=limit,
            )
        elif kind == "visit":
            self.write(kind, day, mode="in_person")
        else:
            self.write(kind, day)

    def resolve(self, day: int) -> None:
        worth = [e for e in self.events if e.happened_on.first <= day and _worrying(e)]
        anything = [e for e in self.events if e.happened_on.first <= day]
        pool = worth if worth and self.dice.number(0, 99) < 90 else anything
        if not pool:
            return
        named = dict.fromkeys(self.dice.some([e.id for e in pool], 1, 3))
        self.write("pregnancy_resolved", day, resolves=tuple(named), how="pregnancy_excluded")

    def correct(self) -> None:
        dice = self.dice
        target = dice.pick(self.events)
        wait = dice.pick((1, 60, 24 * 60, 20 * 24 * 60) if not self.ties else (0, 0, 1))
        moment = target.recorded_at + timedelta(minutes=wait)
        number = f"e{len(self.events)}"
        if isinstance(target, ev.EnteredInError) or dice.pick((True, False)):
            self.events.append(
                ev.EnteredInError(
                    id=number,
                    happened_on=target.happened_on,
                    recorded_at=moment,
                    author=target.author,
                    corrects=target.id,
                )
            )
            return
        changes: dict[str, Any] = {}
        if target.happened_on.exact:
            changes["happened_on"] = exact(target.happened_on.first + dice.pick(_CORRECTABLE_SHIFT))
            if changes["happened_on"].first > moment.toordinal() + 1:
                changes["happened_on"] = target.happened_on
        if isinstance(target, ev.PregnancyTest):
            changes["result"] = dice.pick(_RESULTS)
        if isinstance(target, ev.Dispensing):
            changes["days"] = dice.pick(_SUPPLY_DAYS)
        self.events.append(msgspec.structs.replace(target, id=number, recorded_at=moment, amends=target.id, **changes))


def _worrying(event: Event) -> bool:
    if isinstance(event, ev.PregnancyTest):
        return event.result == "positive"
    if isinstance(event, ev.CourseStopped):
        return event.reason == "pregnancy"
    return isinstance(
        event,
        (ev.Condition, ev.LabResult, ev.Pregnancy, ev.MissedPeriod, ev.UnprotectedIntercourse, ev.ContraceptiveFailure),
    )


def is_valid(events: list[Event]) -> bool:
    try:
        check_record(Record(subject="s", events=tuple(events)))  # type: ignore[arg-type]
    except InputError:
        return False
    return True


def _history(dice: _Dice, ties: bool) -> tuple[list[Event], int]:
    pen = _Pen(dice, ties=ties)
    for _ in range(dice.pick((0, 1, 1, 1, 1, 2))):
        pen.course()
    for _ in range(dice.pick((0, 1, 2, 3, 4, 6, 8, 12, 18, 30, 45))):
        pen.noise()
    plain = len(pen.events)
    if pen.events:
        for _ in range(dice.pick((0, 0, 1, 2, 4, 6) if not ties else (1, 2, 3))):
            pen.correct()
            if not is_valid(pen.events):
                pen.events.pop()
    assert is_valid(pen.events[:plain])
    tests = [e.happened_on.last for e in pen.events if isinstance(e, ev.PregnancyTest) and e.happened_on.exact]
    if tests and dice.pick((True, False)):
        return pen.events, pen.fit(dice.pick(tests) + dice.pick(_AFTER_TEST))
    return pen.events, pen.near()


def thrown(seed: int, *, ties: bool = False) -> tuple[list[Event], int]:
    """The history of a seed: the same each time, and no two alike."""
    return _history(_Thrown(seed), ties)


@st.composite
def _drawn(draw: Any, ties: bool) -> tuple[list[Event], int]:
    return _history(_Drawn(draw), ties)


def histories(*, ties: bool = False) -> st.SearchStrategy[tuple[list[Event], int]]:
    """A valid record's events and a day to look at it from.

    With `ties` a correction may bear the same `recorded_at` as what it corrects. Half of the histories are
    drawn by Hypothesis, which shrinks them; half are thrown from a seed, which spreads them much wider.
    """
    return st.one_of(_drawn(ties), st.integers(0, 2**60).map(lambda seed: thrown(seed, ties=ties)))


def policies() -> st.SearchStrategy[str]:
    """The name of one of POLICIES."""
    return st.sampled_from(("us", "us", "us_easy", "us_easy", "uk", "odd"))
