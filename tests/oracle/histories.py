"""Hypothesis strategies: histories of events, realistic blocks with adversarial noise around them.

A history lives in about 200 days from BASE. Days are drawn around anchors (days of other events, the end of
a lead, the end of a supply, a window) so that edges are hit on the day before, the day and the day after.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
from hypothesis import strategies as st

from isocourse.errors import InputError
from isocourse.record import events as ev
from isocourse.record.dates import add_months, exact, partial_date
from isocourse.record.episodes import Dated, Policy
from isocourse.record.events import Event
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

_ROLES = ("prescriber", "prescriber", "prescriber", "nurse", "pharmacist", "patient")
_STEP = st.sampled_from((0, 0, 0, 1, -1, 5, 6, 7, 18, 19, 20, 21, 27, 28, 29, 30, 31, 32, -2, -6, -19, 60))
_ANY_DAY = st.integers(0, LENGTH)
_PER_CENT = st.integers(0, 99)
_BOOL = st.booleans()
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
    *["pregnancy_resolved"] * 4,
    *["menses_started"] * 5,
    *["menses_pattern"] * 4,
    "no_risk_agreement_ended",
    "blood_donation",
    "breast_feeding",
    "course_pause",
    "visit",
)
_RESULTS = st.sampled_from(("negative",) * 8 + ("positive",) * 2 + ("unclear",))
_SETTINGS = st.sampled_from(("medical",) * 6 + ("supervised_remote", "supervised_remote", "home", "unknown"))
_PATTERNS = st.sampled_from(("regular", "regular", "irregular", "absent", "suppressed"))
_DELAYS = st.sampled_from((0, 0, 0, 0, 0, 1, 2, 20, 45))
_MINUTES = st.sampled_from((0, 0, 30, 60))
_ZONES = st.sampled_from((UTC, UTC, timezone(timedelta(hours=-8)), timezone(timedelta(hours=11))))
_SUPPLY_DAYS = st.sampled_from((1, 7, 28, 30, 30, 30, 31))
_AFTER_TEST = st.sampled_from((0, 1, 3, 5, 6, 7, 12))
_CORRECTABLE_SHIFT = st.sampled_from((0, -1, 1, -7, 7, -30))


class _Pen:
    """Writes events down one after another, and remembers the days worth being near."""

    def __init__(self, draw: Any, *, ties: bool) -> None:
        self.draw = draw
        self.ties = ties
        self.events: list[Event] = []
        self.anchors: list[int] = [BASE + 10]

    def near(self) -> int:
        if self.draw(_PER_CENT) < 25:
            return BASE + int(self.draw(_ANY_DAY))
        anchor = self.draw(st.sampled_from(self.anchors))
        return self.fit(anchor + self.draw(_STEP))

    @staticmethod
    def fit(day: int) -> int:
        return max(BASE - 40, min(BASE + LENGTH + 30, day))

    def _moment(self, day: int) -> datetime:
        late = day + self.draw(_DELAYS)
        noon = datetime.combine(date.fromordinal(late), datetime.min.time(), self.draw(_ZONES))
        return noon + timedelta(hours=12, minutes=self.draw(_MINUTES))

    def write(self, kind: str, day: int, *, sure: bool = False, **fields: Any) -> Event:
        happened = exact(day)
        if not sure and kind != "dispensing":
            vague = self.draw(_PER_CENT)
            if vague < 7:
                happened = partial_date(happened.text[:7])
            elif vague < 9:
                happened = partial_date(happened.text[:4])
        role = self.draw(st.sampled_from(_ROLES))
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
        days = self.draw(_SUPPLY_DAYS)
        self.write("dispensing", day, days=days)
        self.anchors += [day + days - 1, day + days - 1 + 30]
        return int(day + days - 1)

    def course(self) -> None:
        """Two tests, cover, supply: nearly by the book, every distance drawn from around its edge."""
        draw = self.draw
        pick = st.sampled_from
        start = BASE + draw(st.integers(0, 70))
        pair = draw(
            pick((("implant", "male_condom"), ("combined_pill", "male_condom"), ("implant", "combined_pill"),
                  ("abstinence",), ("implant",), ("combined_pill", "implant", "male_condom")))
        )  # fmt: skip
        for method in pair:
            self.write("contraception_started", start + draw(pick((0, 0, 0, 1))), sure=True, method=method)
        lead = max(add_months(start, 1), start + 30)
        self.anchors += [add_months(start, 1), start + 28, start + 30]
        if draw(_PER_CENT) < 85:
            self.write("menses_pattern", start + draw(pick((-3, 0, 5, 30))), sure=True, pattern=draw(_PATTERNS))
        first = lead - draw(pick((18, 19, 19, 20, 20, 22, 31, 40)))
        second = draw(pick((first + 18, first + 19, first + 20, lead - 1, lead, lead + 1, lead + 3)))
        for day in (first, second):
            self.write("pregnancy_test", day, sure=True, result="negative", setting=draw(_SETTINGS))
        for day in [second + step for step in draw(st.lists(pick((0, 5, 6, 7, 18, 19, 20, 25)), max_size=4))]:
            self.write("pregnancy_test", day, sure=True, result="negative", setting=draw(_SETTINGS))
            if draw(_BOOL):
                self.write("menses_started", day - draw(pick((0, 3, 4, 5))), sure=True)
        self.write("menses_started", second - draw(pick((0, 2, 4, 4, 5, 6))), sure=True)
        day = second + draw(pick((0, 3, 6, 7)))
        for _ in range(draw(pick((0, 0, 0, 1, 2, 4)))):
            end = self.dispense(self.fit(day))
            day = end + draw(pick((-5, 0, 1, 1, 29, 30, 31)))

    def noise(self) -> None:
        draw = self.draw
        kind = draw(st.sampled_from(_KINDS))
        day = self.near()
        if kind == "pregnancy_test":
            result, setting = draw(_RESULTS), draw(_SETTINGS)
            self.write(kind, day, result=result, setting=setting)
        elif kind in ("contraception_started", "contraception_stopped"):
            self.write(kind, day, method=draw(st.sampled_from(METHODS)))
        elif kind == "dispensing":
            self.dispense(day)
        elif kind == "missed_doses":
            self.write(kind, day, days=draw(st.sampled_from((1, 2, 14, 30))))
        elif kind == "menses_pattern":
            self.write(kind, day, pattern=draw(_PATTERNS))
        elif kind == "breast_feeding":
            self.write(kind, day, status=draw(st.sampled_from(("started", "stopped"))))
        elif kind == "pregnancy_resolved":
            self.resolve(day)
        elif kind == "visit":
            self.write(kind, day, mode="in_person")
        else:
            self.write(kind, day)

    def resolve(self, day: int) -> None:
        worth = [e for e in self.events if e.happened_on.first <= day and _worrying(e)]
        anything = [e for e in self.events if e.happened_on.first <= day]
        pool = worth if worth and self.draw(_PER_CENT) < 90 else anything
        if not pool:
            return
        named = self.draw(st.lists(st.sampled_from([e.id for e in pool]), min_size=1, max_size=3, unique=True))
        self.write("pregnancy_resolved", day, resolves=tuple(named), how="pregnancy_excluded")

    def correct(self) -> None:
        draw = self.draw
        target = draw(st.sampled_from(self.events))
        wait = draw(st.sampled_from((1, 60, 24 * 60, 20 * 24 * 60) if not self.ties else (0, 0, 1)))
        moment = target.recorded_at + timedelta(minutes=wait)
        number = f"e{len(self.events)}"
        if isinstance(target, ev.EnteredInError) or draw(_BOOL):
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
            changes["happened_on"] = exact(target.happened_on.first + draw(_CORRECTABLE_SHIFT))
            if changes["happened_on"].first > moment.toordinal() + 1:
                changes["happened_on"] = target.happened_on
        if isinstance(target, ev.PregnancyTest):
            changes["result"] = draw(_RESULTS)
        if isinstance(target, ev.Dispensing):
            changes["days"] = draw(_SUPPLY_DAYS)
        self.events.append(msgspec.structs.replace(target, id=number, recorded_at=moment, amends=target.id, **changes))


def _worrying(event: Event) -> bool:
    if isinstance(event, ev.PregnancyTest):
        return event.result == "positive"
    return isinstance(event, (ev.Pregnancy, ev.MissedPeriod, ev.UnprotectedIntercourse, ev.ContraceptiveFailure))


def is_valid(events: list[Event]) -> bool:
    try:
        check_record(Record(subject="s", events=tuple(events)))
    except InputError:
        return False
    return True


@st.composite
def histories(draw: Any, *, ties: bool = False) -> tuple[list[Event], int]:
    """A valid record's events and a day to look at it from.

    With `ties` a correction may bear the same `recorded_at` as what it corrects.
    """
    pen = _Pen(draw, ties=ties)
    for _ in range(draw(st.sampled_from((0, 1, 1, 1, 1, 2)))):
        pen.course()
    for _ in range(draw(st.sampled_from((0, 1, 2, 3, 4, 6, 8, 12, 18, 30, 45)))):
        pen.noise()
    plain = len(pen.events)
    if pen.events:
        for _ in range(draw(st.sampled_from((0, 0, 1, 2, 4, 6) if not ties else (1, 2, 3)))):
            pen.correct()
            if not is_valid(pen.events):
                pen.events.pop()
    assert is_valid(pen.events[:plain])
    tests = [e.happened_on.last for e in pen.events if isinstance(e, ev.PregnancyTest) and e.happened_on.exact]
    if tests and draw(_BOOL):
        return pen.events, pen.fit(draw(st.sampled_from(tests)) + draw(_AFTER_TEST))
    return pen.events, pen.near()


def policies() -> st.SearchStrategy[str]:
    """The name of one of POLICIES."""
    return st.sampled_from(("us", "us", "us_easy", "us_easy", "uk", "odd"))
