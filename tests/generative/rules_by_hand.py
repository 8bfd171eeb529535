"""A handful of rules written a second time, in plain Python over the plain list of events: slow and obvious.

No engine, no facts, no episodes; numbers as the sources say them. Each rule answers True, False or None (unknown).
Shared with the code are only the event classes and `add_months`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from isocourse.record import events as ev
from isocourse.record.dates import add_months, day_of
from isocourse.record.events import Event
from tests.oracle.episodes_by_hand import in_sight, standing

Answer = bool | None
REMOTE_FROM = day_of("2025-10-27")
CANNOT = {
    "us": ("cisgender_male", "hysterectomy", "bilateral_oophorectomy", "postmenopausal_panel"),
    "uk": (
        *("cisgender_male", "hysterectomy", "bilateral_oophorectomy", "tubal_sterilisation"),
        *("postmenopausal_fsh", "postmenopausal_panel", "postmenopausal_unspecified"),
    ),
}
HORMONAL = ("combined_pill", "patch", "injection", "vaginal_ring")
LASTING = ("tubal_sterilisation", "partner_vasectomy", "copper_iud", "hormonal_ius", "implant")
PRIMARY = (*HORMONAL, *LASTING)
BARRIER = ("male_condom", "diaphragm_with_spermicide", "cervical_cap_with_spermicide")


@dataclass
class Chart:
    """What can be seen on a day, and questions about it."""

    programme: str
    adopted: int | None
    as_of: int
    events: list[Event]

    def all(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def latest(self, kind: type, unsafe: Callable[[Any], Any] | None = None, seen: bool = False) -> Any:
        """The latest of a kind. Of one day the one recorded last; of things `seen` the unsafe one."""
        unsafe = unsafe or (lambda event: 0)
        found = None
        for event in self.all(kind):
            if found is None or self._after(event, found, unsafe, seen):
                found = event
        return found

    @staticmethod
    def _after(one: Any, other: Any, unsafe: Callable[[Any], Any], seen: bool) -> bool:
        parts = [one.recorded_at, unsafe(one), one.id], [other.recorded_at, unsafe(other), other.id]
        if seen:
            parts = [unsafe(one), one.recorded_at, one.id], [unsafe(other), other.recorded_at, other.id]
        return [one.happened_on.last, *parts[0]] > [other.happened_on.last, *parts[1]]

    # --- the person
    def can_become_pregnant(self) -> Answer:
        said = self.latest(ev.PregnancyPotential, lambda event: event.potential == "can", seen=True)
        if said is None:
            return None
        if said.potential == "can":
            return True
        if not said.confirmed:
            return True
        if said.ground in CANNOT[self.programme]:
            return False
        if self.programme == "us" and said.ground == "postmenopausal_fsh":
            born = self.latest(ev.Birth)
            return None if born is None else said.happened_on.last < add_months(born.happened_on.last, 55 * 12)
        return True

    def minor(self) -> Answer:
        born = self.latest(ev.Birth)
        return None if born is None else self.as_of < add_months(born.happened_on.last, 18 * 12)

    # --- the course
    def supply_ends(self) -> list[tuple[int, int]]:
        """(day given, last day it lasts), in order."""
        given = sorted(self.all(ev.Dispensing), key=lambda d: (d.happened_on.last, d.days, d.recorded_at, d.id))
        ends: list[tuple[int, int]] = []
        for place, one in enumerate(given):
            day = one.happened_on.last
            begins = max(day, ends[-1][1] + 1) if ends else day
            last = begins + one.days - 1
            until = given[place + 1].happened_on.last if place + 1 < len(given) else self.as_of
            for note in self.all(ev.MissedDoses):
                if day < note.happened_on.last <= until:
                    last += note.days
            ends.append((day, last))
        return ends

    def epoch(self) -> int:
        days = [1] + [stop.happened_on.last for stop in self.all(ev.CourseStopped)]
        pregnant = [e.id for e in self.events if _says_pregnant(e)]
        for resolved in self.all(ev.PregnancyResolved):
            if any(named in pregnant for named in resolved.resolves):
                days.append(resolved.happened_on.last)
        ends = self.supply_ends()
        for place, (_, last) in enumerate(ends):
            following = ends[place + 1][0] if place + 1 < len(ends) else self.as_of
            if following > last + 30:
                days.append(last)
        return max(days)

    def supplied(self) -> bool:
        return any(one.happened_on.last > self.epoch() for one in self.all(ev.Dispensing))

    def first_supply(self) -> bool:
        return not self.supplied()

    def in_treatment(self) -> bool:
        started = any(one.happened_on.last > self.epoch() for one in self.all(ev.CourseStarted))
        return self.supplied() or started

    def cycle_start(self) -> int:
        if self.supplied():
            return max(one.happened_on.last for one in self.all(ev.Dispensing))
        return self.epoch()

    # --- contraception
    def covered(self, day: int) -> bool:
        for trouble in [*self.all(ev.UnprotectedIntercourse), *self.all(ev.ContraceptiveFailure)]:
            if min(trouble.happened_on.last, self.as_of) == day:
                return False
        used = set()
        for begun in self.all(ev.ContraceptionStarted):
            since = begun.happened_on.last
            stops = [s for s in self.all(ev.ContraceptionStopped) if s.method == begun.method]
            ended = any(since <= stop.happened_on.first <= day for stop in stops)
            # the same vague days: the stop may have come after the start, if it was written down late enough
            vague = any(
                stop.happened_on.first <= since
                and begun.happened_on.first <= min(stop.happened_on.last, stop.recorded_at.toordinal() + 1)
                for stop in stops
            )
            if since <= day and not ended and not vague:
                used.add(begun.method)
        if self.programme == "us":
            primary = [method for method in used if method in PRIMARY]
            secondary = [method for method in used if method in (*BARRIER, "sponge")]
            return "abstinence" in used or len(primary) > 1 or bool(primary and secondary)
        lasting = any(method in LASTING for method in used)
        return lasting or (any(m in HORMONAL for m in used) and any(m in BARRIER for m in used))

    def lead_complete(self, day: int) -> int:
        """For a covered day: when contraception has been adequate for a month."""
        while self.covered(day - 1):
            day -= 1
        since = max(day, self.epoch())
        return max(add_months(since, 1), since + (30 if self.programme == "us" else 28))

    # --- tests
    def negative_tests(self) -> list[Any]:
        """Negative, of a known day, in order."""
        tests = [t for t in self.all(ev.PregnancyTest) if t.result == "negative"]
        tests = [t for t in tests if t.happened_on.first == t.happened_on.last]
        return sorted(tests, key=lambda t: (t.happened_on.last, t.recorded_at, t.id))

    def supply_test_day(self, until: int | None = None) -> int | None:
        """The latest accepted negative test since the last supply."""
        found = None
        for test in self.negative_tests():
            day = test.happened_on.last
            if day > self.cycle_start() and self._accepted(test) and (until is None or day <= until):
                found = day
        return found

    def _accepted(self, test: Any) -> bool:
        if test.setting == "medical":
            return True
        if self.programme == "uk":
            return test.setting == "supervised_remote" and test.happened_on.last >= REMOTE_FROM
        if test.setting == "unknown" or self.first_supply():
            return False
        if test.sensitivity_miu_ml is None or test.sensitivity_miu_ml > 25:
            return False
        permission = self.latest(ev.HomeTestPermission, lambda event: not event.permitted)
        return permission is not None and permission.permitted

    def window_ends(self, test_day: int) -> int:
        found = None
        for one in self.all(ev.Authorisation):
            if one.happened_on.last >= test_day and (
                found is None or self._after(one, found, lambda event: -event.do_not_dispense_after.first, False)
            ):
                found = one
        return test_day + 6 if found is None else int(found.do_not_dispense_after.first)

    def before_treatment(self) -> tuple[int, int, bool, bool] | None:
        """US: (first test, the test the supply rests on, whether it opened a window, whether it is locked out)."""
        if not self.first_supply():
            return None
        tests = [t for t in self.negative_tests() if t.setting == "medical" and t.happened_on.last > self.epoch()]
        opened_on = None
        judged: list[tuple[int, bool, bool]] = []
        for test in tests:
            day, first = test.happened_on.last, tests[0].happened_on.last
            wait = 0 if self.adopted is not None and day >= self.adopted else 19
            locked = opened_on is not None and day < opened_on + wait
            in_time = self.covered(day) and day >= self.lead_complete(day)
            opens = not locked and day - first >= 19 and in_time and self._period_fits(day)
            if opens:
                opened_on = day
            judged.append((day, opens, locked))
        if not judged:
            return None
        still_open = [one for one in judged if one[1] and one[0] + 6 >= self.as_of]
        governing = still_open[-1] if still_open else judged[-1]
        return (judged[0][0], *governing)

    def _period_fits(self, day: int) -> bool:
        patterns = [p for p in self.all(ev.MensesPatternRecorded) if p.happened_on.last <= day]
        if not patterns:
            return False
        last = max(p.happened_on.last for p in patterns)
        if not any(p.happened_on.last == last and p.pattern == "regular" for p in patterns):
            return True
        periods = [p.happened_on.last for p in self.all(ev.MensesStarted) if p.happened_on.last <= day]
        return bool(periods) and day - max(periods) + 1 <= 5

    # --- prescriptions and agreements
    def waiting_prescription(self) -> Any:
        since = self.cycle_start()
        later = [one for one in self.all(ev.Prescription) if one.happened_on.last > since]
        chart = Chart(self.programme, self.adopted, self.as_of, list(later))
        return chart.latest(ev.Prescription, lambda event: (event.days, event.refills))

    def agreed(self) -> bool:
        made = [a for a in self.all(ev.NoRiskAgreement) if a.patient_agreed and a.author.role == "prescriber"]
        made = [one for one in made if one.happened_on.last > self.epoch()]
        if not made:
            return False
        since = max(one.happened_on.last for one in made)
        return not any(end.happened_on.first >= since for end in self.all(ev.NoRiskAgreementEnded))


def chart(programme: str, adopted: int | None, events: list[Event], as_of: int) -> Chart:
    return Chart(programme, adopted, as_of, in_sight(standing(events), as_of))


def _when(can: Answer, rest: bool) -> Answer:
    """`can` and the rest, where only `can` may be unknown."""
    if can is False or not rest:
        return False
    return can


# --- the rules ------------------------------------------------------------------------------------
Z33_1 = ("Z33.1", "z33.1")


def _raised_hcg(event: ev.Event) -> bool:
    """Above the limit printed with it, or 25 and more, or "> x" whatever x is; "<25" is not."""
    if not isinstance(event, ev.LabResult) or event.analyte != "hcg" or event.value.comparator.startswith("<"):
        return False
    if event.value.comparator.startswith(">"):
        return True
    return event.value.value >= 25 or (event.upper_limit is not None and event.value.value > event.upper_limit)


def _says_pregnant(event: ev.Event) -> bool:
    diagnosed = isinstance(event, ev.Condition) and event.active is not False and (event.code or "").strip() in Z33_1
    positive = isinstance(event, ev.PregnancyTest) and event.result == "positive"
    stopped = isinstance(event, ev.CourseStopped) and event.reason == "pregnancy"
    return isinstance(event, ev.Pregnancy) or positive or diagnosed or stopped or _raised_hcg(event)


def pregnancy_unresolved(c: Chart) -> Answer:
    for event in c.events:
        if _says_pregnant(event):
            answers = [
                r for r in c.all(ev.PregnancyResolved) if event.id in r.resolves and r.author.role == "prescriber"
            ]
            if not answers:
                return True
    return False


def supply_too_early(c: Chart) -> Answer:
    ends = [last for day, last in c.supply_ends() if day > c.epoch()]
    return bool(ends) and c.as_of < ends[-1] - 7


def monthly_test_missing(c: Chart) -> Answer:
    return _when(c.can_become_pregnant(), not c.first_supply() and c.supply_test_day() is None)


def window_closed(c: Chart) -> Answer:
    tested = c.supply_test_day()
    closed = not c.first_supply() and tested is not None and c.as_of > c.window_ends(tested)
    return _when(c.can_become_pregnant(), closed)


def second_test_missing(c: Chart) -> Answer:
    tests = c.before_treatment()
    return _when(c.can_become_pregnant(), tests is not None and tests[1] - tests[0] < 19)


def first_window_missed(c: Chart) -> Answer:
    tests = c.before_treatment()
    missed = tests is not None and tests[2] and c.as_of > c.window_ends(tests[1])
    return _when(c.can_become_pregnant(), missed)


def locked_out(c: Chart) -> Answer:
    tests = c.before_treatment()
    return _when(c.can_become_pregnant(), tests is not None and tests[3])


def guardian_missing(c: Chart) -> Answer:
    forms = [f for f in c.all(ev.FormSigned) if f.form == "ipledge_enrolment" and f.signed_by == "guardian"]
    return False if forms else c.minor()


def prescription_test_too_old(c: Chart) -> Answer:
    waiting = c.waiting_prescription()
    prescribed = c.as_of if waiting is None else waiting.happened_on.last
    tested = c.supply_test_day(None if waiting is None else prescribed)
    return _when(c.can_become_pregnant(), tested is not None and prescribed > tested + 3)


def prescription_expired(c: Chart) -> Answer:
    waiting = c.waiting_prescription()
    return _when(c.can_become_pregnant(), waiting is not None and c.as_of > waiting.happened_on.last + 7)


def prescription_too_long(c: Chart) -> Answer:
    waiting = c.waiting_prescription()
    return _when(c.can_become_pregnant(), waiting is not None and waiting.days > 30)


def contraception_before(c: Chart) -> Answer:
    return _when(c.can_become_pregnant(), not c.in_treatment() and not c.covered(c.as_of) and not c.agreed())


def second_prescriber_missing(c: Chart) -> Answer:
    waiting = c.waiting_prescription()
    prescribed = c.as_of if waiting is None else waiting.happened_on.last
    if not day_of("2023-10-31") <= prescribed < day_of("2026-01-22") or not c.first_supply():
        return False
    if any(a.approval == "second" and a.happened_on.last > c.epoch() for a in c.all(ev.PrescriberApproval)):
        return False
    return c.minor()


RULES: dict[str, dict[str, Callable[[Chart], Answer]]] = {
    "us": {
        "pregnancy_unresolved": pregnancy_unresolved,
        "supply_too_early": supply_too_early,
        "monthly_test_missing": monthly_test_missing,
        "window_closed": window_closed,
        "second_test_missing": second_test_missing,
        "first_window_missed": first_window_missed,
        "locked_out": locked_out,
        "guardian_missing": guardian_missing,
    },
    "uk": {
        "pregnancy_unresolved": pregnancy_unresolved,
        "supply_too_early": supply_too_early,
        "prescription_test_too_old": prescription_test_too_old,
        "prescription_expired": prescription_expired,
        "prescription_too_long": prescription_too_long,
        "contraception_before": contraception_before,
        "second_prescriber_missing": second_prescriber_missing,
    },
}
