"""The episodes once more, by hand: an independent oracle for `isocourse.record.episodes` and `visible`.

Written from the specification, not from the code: slow and obvious. It starts from a plain list of events,
walks day by day from the first event to `as_of`, asks "is she covered today?", and scans the whole list
whenever it needs something. It shares only `dates.add_months` and the event classes with the code.

Every episode is a dict with the fields of the named tuple it answers to, except `events`. Instead of those,
`names` holds exactly the ids that are to be named, `one_of` some ids of which one is to be named and nothing
else, and `methods` the methods of which the start is to be named.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

from isocourse.record import events as ev
from isocourse.record.dates import add_months
from isocourse.record.events import Event

FORBIDDING = (
    ev.Pregnancy,
    ev.UnprotectedIntercourse,
    ev.ContraceptiveFailure,
    ev.MissedPeriod,
    ev.ContraceptionStopped,
    ev.NoRiskAgreementEnded,
    ev.BloodDonation,
    ev.Condition,
    ev.LabResult,
)
BREAKS = (ev.UnprotectedIntercourse, ev.ContraceptiveFailure)
_WORDS: dict[Any, str] = {
    ev.UnprotectedIntercourse: "unprotected_intercourse",
    ev.ContraceptiveFailure: "contraceptive_failure",
    ev.MissedPeriod: "missed_period",
}
Row = dict[str, Any]
# How often each branch of interest was taken; the tests look here so that a run cannot be vacuous.
seen: Counter[str] = Counter()


# --- which events stand, by replaying the log -----------------------------------------------------
def standing(events: list[Event], known_at: Any = None) -> list[Event]:
    """By definition, without any order: who names whom, asked again and again.

    An amendment is in force when it stands or is itself amended by one in force. An event stands when no
    amendment of it is in force and no withdrawal of it stands. What worries is taken back by clinicians alone.
    """
    log = [e for e in events if known_at is None or e.recorded_at <= known_at]
    log.sort(key=lambda e: e.recorded_at)  # stable: as they stand in the record
    amended_by: dict[str, list[Event]] = {}
    withdrawn_by: dict[str, list[Event]] = {}
    by_id = {event.id: event for event in log}
    for event in log:
        clinician = event.author.role in ("prescriber", "nurse", "pharmacist", "laboratory")
        if event.amends is not None and (clinician or not worrying(by_id.get(event.amends))):
            amended_by.setdefault(event.amends, []).append(event)
        if isinstance(event, ev.EnteredInError) and (clinician or not worrying(by_id.get(event.corrects))):
            withdrawn_by.setdefault(event.corrects, []).append(event)

    def replaced(event: Event) -> bool:
        return any(stands(other) or replaced(other) for other in amended_by.get(event.id, []))

    def stands(event: Event) -> bool:
        return not replaced(event) and not any(stands(other) for other in withdrawn_by.get(event.id, []))

    found = [e for e in log if stands(e)]
    for event in found:
        if event.id in amended_by or event.id in withdrawn_by:
            seen["a corrected event stands again"] += 1
    return [e for e in found if not isinstance(e, ev.EnteredInError)]


def worrying(event: Event | None) -> bool:
    """Signs, what ends a protection, and decisions that something waits; written out, kind by kind."""
    match event:
        case ev.Pregnancy() | ev.UnprotectedIntercourse() | ev.ContraceptiveFailure() | ev.MissedPeriod():
            return True
        case ev.ContraceptionStopped() | ev.NoRiskAgreementEnded() | ev.BloodDonation() | ev.Questionnaire():
            return True
        case ev.MedicineStarted() | ev.LabResult() | ev.Condition() | ev.Symptom() | ev.Allergy():
            return True
        case ev.PregnancyTest():
            return event.result in ("positive", "unclear")
        case ev.BreastFeedingChanged():
            return event.status == "started"
        case ev.CourseStopped():
            return event.reason == "pregnancy"
        case ev.MedicineChecked() | ev.ConditionChecked() | ev.AllergyChecked():
            return event.verdict == "not_acceptable"
        case ev.MoodAssessment():
            return event.outcome in ("refer", "stop_treatment")
        case ev.SymptomAssessed():
            return event.outcome in ("hold", "refer", "stop")
        case ev.LabReviewed():
            return event.decision in ("hold", "stop")
    return False


# --- what is seen, and when -----------------------------------------------------------------------
def first_seen(event: Event) -> int:
    """The first day on which the event is in sight."""
    early = isinstance(event, FORBIDDING)
    if isinstance(event, ev.PregnancyTest):
        early = event.result in ("positive", "unclear")
    if isinstance(event, ev.BreastFeedingChanged):
        early = event.status == "started"
    if isinstance(event, ev.CourseStopped):
        early = event.reason == "pregnancy"
    return event.happened_on.first if early else event.happened_on.last


def in_sight(events: list[Event], as_of: int) -> list[Event]:
    return [e for e in events if first_seen(e) <= as_of]


def _in_force(dated: Any, day: int) -> Any:
    answer = None
    for since, value in zip(dated._from, dated._values, strict=True):
        if since <= day:
            answer = value
    return answer


def _only(events: list[Event], *kinds: type) -> list[Any]:
    return [e for e in events if isinstance(e, kinds)]


def _by_day(events: list[Any]) -> list[Any]:
    """In order of the last possible day; on one day as they were recorded, then by id."""
    return sorted(events, key=lambda e: (e.happened_on.last, e.recorded_at, e.id))


# --- supply ---------------------------------------------------------------------------------------
def supplies(events: list[Event]) -> list[Row]:
    handed = sorted(_only(events, ev.Dispensing), key=lambda e: (e.happened_on.last, e.days, e.recorded_at, e.id))
    notes = _only(events, ev.MissedDoses)
    rows: list[Row] = []
    in_hand_until = 0
    for place, dispensing in enumerate(handed):
        day = dispensing.happened_on.last
        next_day = handed[place + 1].happened_on.last if place + 1 < len(handed) else 10**7
        mine = [n for n in notes if day < n.happened_on.last <= next_day]
        first_use = day
        while first_use <= in_hand_until:  # capsules in hand first
            first_use += 1
        if first_use > day:
            seen["capsules in hand"] += 1
        in_hand_until = first_use - 1
        for _ in range(dispensing.days):
            in_hand_until += 1
        for note in mine:
            seen["missed doses"] += 1
            in_hand_until += note.days
        rows.append(
            {
                "day": day,
                "days": dispensing.days,
                "first_use_day": first_use,
                "last_use_day": in_hand_until,
                "names": {dispensing.id},
            }
        )
    return rows


# --- epochs ---------------------------------------------------------------------------------------
def epochs(events: list[Event], as_of: int, policy: Any) -> list[Row]:
    rows: list[Row] = [{"day": 1, "reason": "start_of_record", "names": set()}]
    for event in events:
        if isinstance(event, ev.CourseStopped):
            seen["epoch: stop"] += 1
            rows.append({"day": event.happened_on.last, "reason": "course_stop", "names": {event.id}})
        if isinstance(event, ev.PregnancyResolved):
            for other in events:
                if other.id in event.resolves and sign_of_pregnancy(other, policy):
                    seen["epoch: resolved"] += 1
                    rows.append({"day": event.happened_on.last, "reason": "pregnancy_resolved", "names": {event.id}})
                    break
    gap = policy.restart_gap_days
    supplied = supplies(events)
    for place, supply in enumerate(supplied):
        if gap is None:
            continue
        is_last = place + 1 == len(supplied)
        until = as_of if is_last else supplied[place + 1]["day"]
        if until - supply["last_use_day"] in (gap, gap + 1):
            seen[f"gap at edge {until - supply['last_use_day'] - gap:+d}"] += 1
        if until > supply["last_use_day"] + gap:
            seen["epoch: supply gap, " + ("running" if is_last else "closed")] += 1
            rows.append({"day": supply["last_use_day"], "reason": "supply_gap", "names": set(supply["names"])})
    return rows


def epoch_day(events: list[Event], as_of: int, policy: Any) -> int:
    latest: int = max(row["day"] for row in epochs(events, as_of, policy))
    return latest


def treated_since(events: list[Event], day: int) -> bool:
    return any(e.happened_on.last > day for e in _only(events, ev.Dispensing))


# --- exposure -------------------------------------------------------------------------------------
def exposure(events: list[Event]) -> list[Row]:
    taken = _only(events, ev.Dispensing, ev.CourseStarted)
    if not taken:
        return []
    latest = max(e.happened_on.last for e in taken)
    stops = [e for e in _only(events, ev.CourseStopped) if e.happened_on.last >= latest]
    if stops:
        seen["exposure: stopped"] += 1
        last = max(e.happened_on.last for e in stops)
        # any of several stops on that day may be the one that is named
        names = {e.id for e in stops if e.happened_on.last == last}
        return [{"day": latest, "last_dose_day": last, "stop_recorded": True, "one_of": names}]
    supplied = supplies(events)
    if supplied:
        seen["exposure: supply"] += 1
        last = max(latest, supplied[-1]["last_use_day"])
    else:
        seen["exposure: start only"] += 1
        last = latest
    names = {e.id for e in taken if e.happened_on.last == latest}
    if supplied:  # the one that says how long it lasts may be named instead
        names |= supplied[-1]["names"]
    return [{"day": latest, "last_dose_day": last, "stop_recorded": False, "one_of": names}]


# --- contraception --------------------------------------------------------------------------------
def is_adequate(methods: set[str], policy: Any) -> bool:
    for combination in policy.adequate_combinations:
        for chosen in product(sorted(methods), repeat=len(combination)):
            distinct = len(set(chosen)) == len(chosen)
            fits = all(
                wanted in policy.method_classes.get(method, frozenset())
                for wanted, method in zip(combination, chosen, strict=True)
            )
            if distinct and fits:
                return True
    return False


def covered_days(events: list[Event], as_of: int, policy: Any) -> dict[int, set[str]]:
    """Every covered day up to as_of, with the methods in use on it."""
    started = _only(events, ev.ContraceptionStarted)
    if not started:
        return {}
    stopped = _only(events, ev.ContraceptionStopped)
    broken = {min(e.happened_on.last, as_of) for e in _only(events, *BREAKS)}
    in_use: set[str] = set()
    answer: dict[int, set[str]] = {}
    cache: dict[frozenset[str], bool] = {}
    for today in range(min(e.happened_on.last for e in started), as_of + 1):
        begun = {
            e.method
            for e in started
            if e.happened_on.last == today and not any(_could_be_after(stop, e) for stop in stopped)
        }
        ended = {e.method for e in stopped if e.happened_on.first == today}
        in_use = (in_use | begun) - ended
        key = frozenset(in_use)
        if key not in cache:
            cache[key] = is_adequate(in_use, policy)
        if cache[key] and today in broken:
            seen["cover broken by failure"] += 1
            if today == as_of:
                seen["cover broken on as_of"] += 1
        if cache[key] and today not in broken:
            answer[today] = set(in_use)
    return answer


def _could_be_after(stop: Event, start: Event) -> bool:
    """Some day the stop can mean is one the start can mean: nobody can say which came last, so it is stopped."""
    meant = set(range(start.happened_on.first, start.happened_on.last + 1))
    written = stop.recorded_at.date().toordinal()
    overlap = {day for day in meant if stop.happened_on.first <= day <= stop.happened_on.last and day <= written + 1}
    if stop.method == start.method and overlap and stop.happened_on.exact and start.happened_on.exact:
        seen["same method started and stopped on one day"] += 1
    if stop.method == start.method and overlap and not (stop.happened_on.exact and start.happened_on.exact):
        seen["vague stop over a start"] += 1
    return stop.method == start.method and bool(overlap)


def covers(events: list[Event], as_of: int, policy: Any) -> list[Row]:
    days = covered_days(events, as_of, policy)
    since = epoch_day(events, as_of, policy)
    rows: list[Row] = []
    for today in sorted(days):
        if today - 1 not in days:
            counted = today if today > since else since
            lead = add_months(counted, policy.lead_months)
            if counted + policy.lead_days > lead:
                seen["lead by days"] += 1
                lead = counted + policy.lead_days
            else:
                seen["lead by months"] += 1
            rows.append({"day": today, "lead_complete_day": lead, "first_methods": days[today]})
        row = rows[-1]
        row["end_day"] = None if today == as_of else today
        row["ongoing"] = today == as_of
        row["methods"] = days[today]  # in use on the last covered day
        row["method_count"] = len(days[today])
    for row in rows:
        if row.pop("first_methods") != row["methods"]:
            seen["methods changed within a run"] += 1
    if len(rows) > 1:
        seen["several runs of cover"] += 1
    return rows


# --- pre-treatment tests --------------------------------------------------------------------------
def menses_day(events: list[Event], day: int) -> int | None:
    counted = [
        day - e.happened_on.last + 1
        for e in _only(events, ev.MensesStarted)
        if e.happened_on.exact and e.happened_on.last <= day
    ]
    return min(counted) if counted else None


def pattern_on(events: list[Event], day: int) -> str | None:
    """The pattern in force: of the latest day; `regular` (the strict one) if two were recorded on it."""
    recorded = [e for e in _only(events, ev.MensesPatternRecorded) if e.happened_on.last <= day]
    if not recorded:
        return None
    latest = max(e.happened_on.last for e in recorded)
    of_that_day = {e.pattern for e in recorded if e.happened_on.last == latest}
    return "regular" if "regular" in of_that_day else "other"


def menses_ok(events: list[Event], day: int, policy: Any) -> bool:
    if policy.menses_days is None:
        return True
    pattern = pattern_on(events, day)
    if pattern is None:
        seen["menses: no pattern"] += 1
        return False
    if pattern != "regular":
        seen["menses: other pattern"] += 1
        return True
    counted = menses_day(events, day)
    if counted is None:
        seen["menses: regular, none recorded"] += 1
        return False
    if counted in (policy.menses_days, policy.menses_days + 1):
        seen[f"menses at edge {counted - policy.menses_days:+d}"] += 1
    return counted <= policy.menses_days


def _retest_from(opened_on: int | None, policy: Any) -> int | None:
    """Day by day: is a test on this day locked out by the rules of this very day?"""
    if opened_on is None:
        return None
    day = opened_on + 1
    while day < opened_on + (_in_force(policy.first_window_lockout_days, day) or 0):
        day += 1
    return day


def pretreatment_tests(events: list[Event], as_of: int, policy: Any) -> list[Row]:
    since = epoch_day(events, as_of, policy)
    gap = policy.second_test_gap_days
    if gap is None or treated_since(events, since):
        return []
    tests = []
    for test in _by_day(_only(events, ev.PregnancyTest)):
        if test.result != "negative" or test.happened_on.first != test.happened_on.last:
            continue
        accepted = _in_force(policy.first_test_settings, test.happened_on.last) or ()
        if test.setting in accepted and test.happened_on.last > since:
            tests.append(test)
    if not tests:
        return []
    first = tests[0].happened_on.last
    runs = covers(events, as_of, policy)
    days = covered_days(events, as_of, policy)
    rows: list[Row] = []
    opened_on: int | None = None
    for test in tests:
        day = test.happened_on.last
        locked_until = None
        lockout = _in_force(policy.first_window_lockout_days, day)
        if opened_on is not None and lockout is not None:
            if day - opened_on - lockout in (-1, 0):
                seen[f"lockout at edge {day - opened_on - lockout:+d}"] += 1
            if day < opened_on + lockout:
                seen["locked out"] += 1
                locked_until = opened_on + lockout
        elif opened_on is not None:
            seen["no lockout in force"] += 1
        covered = day in days
        lead = None
        if covered:
            lead = [run["lead_complete_day"] for run in runs if run["day"] <= day][-1]
            if -1 <= day - lead <= 1:
                seen[f"lead at edge {day - lead:+d}"] += 1
        if -1 <= day - first - gap <= 0:
            seen[f"second test at edge {day - first - gap:+d}"] += 1
        opened = (
            locked_until is None
            and day >= first + gap
            and covered
            and lead is not None
            and lead <= day
            and menses_ok(events, day, policy)
        )
        if opened:
            seen["window opened" + (" again" if opened_on is not None else "")] += 1
            opened_on = day
        rows.append(
            {
                "day": day,
                "first_test_day": first,
                "covered": covered,
                "lead_complete_day": lead,
                "menses_day": menses_day(events, day),
                "locked_until": locked_until,
                "retest_from": _retest_from(opened_on, policy),
                "opened": opened,
                "window_last_day": day + policy.window_offset_days,
                "governs": False,
                "names": {test.id},
            }
        )
    open_now = [row for row in rows if row["opened"] and row["window_last_day"] >= as_of]
    if open_now:
        seen["governs: open"] += 1
        if open_now[-1] is not rows[-1]:
            seen["governs: open, not the latest"] += 1
        if open_now[-1]["window_last_day"] == as_of:
            seen["governs: last day of window"] += 1
    else:
        seen["governs: latest"] += 1
    (open_now or rows)[-1]["governs"] = True
    return rows


# --- worries and pregnancies ----------------------------------------------------------------------
def prescriber_named(events: list[Event], event_id: str) -> bool:
    return any(event_id in e.resolves and e.author.role == "prescriber" for e in _only(events, ev.PregnancyResolved))


def concerns(events: list[Event], policy: Any) -> list[Row]:
    rows: list[Row] = []
    for event in _only(events, *BREAKS, ev.MissedPeriod):
        missed = isinstance(event, ev.MissedPeriod)
        wait = policy.missed_period_test_wait_days if missed else policy.intercourse_test_wait_days
        from_day = event.happened_on.last + wait
        cleared = False
        for test in _only(events, ev.PregnancyTest):
            on = test.happened_on
            if test.result != "negative" or on.first != on.last:
                continue
            if test.setting not in (_in_force(policy.concern_test_settings, on.last) or ()):
                continue
            if on.last - from_day in (-1, 0):
                seen[f"clearing test at edge {on.last - from_day:+d}"] += 1
            cleared = cleared or on.last >= from_day
        named = prescriber_named(events, event.id)
        seen["concern: " + ("cleared" if cleared else "resolved" if named else "open")] += 1
        rows.append(
            {
                "day": event.happened_on.last,
                "worry": _WORDS[type(event)],
                "is_open": not cleared and not named,
                "clear_from_day": from_day,
                "names": {event.id},
            }
        )
    return rows


def sign_of_pregnancy(event: Event, policy: Any) -> str | None:
    """What kind of sign of a pregnancy the event is, if it is one."""
    match event:
        case ev.Pregnancy():
            return "pregnancy"
        case ev.PregnancyTest(result="positive"):
            return "positive_test"
        case ev.CourseStopped(reason="pregnancy"):
            return "course_stop"
        case ev.Condition(code=str(code), active=True | None) if code.strip().lower() == "z33.1":
            return "diagnosis"
        case ev.LabResult(analyte="hcg") if not event.value.text().startswith("<"):
            if event.value.text().startswith(">"):
                return "hcg"
            if event.upper_limit is not None and event.value.value > event.upper_limit:
                return "hcg"
            if policy.hcg_positive_from is not None and event.value.value >= policy.hcg_positive_from:
                return "hcg"
    return None


def unresolved(events: list[Event], policy: Any) -> list[Row]:
    rows: list[Row] = []
    for event in events:
        what = sign_of_pregnancy(event, policy)
        if what is None:
            continue
        seen[f"sign: {what}"] += 1
        if prescriber_named(events, event.id):
            seen["pregnancy: resolved"] += 1
            continue
        if any(event.id in e.resolves for e in _only(events, ev.PregnancyResolved)):
            seen["pregnancy: resolved by somebody else"] += 1
        rows.append({"day": event.happened_on.last, "evidence": what, "names": {event.id}})
    return rows


def by_hand(events: list[Event], as_of: int, policy: Any) -> dict[str, list[Row]]:
    """All episodes of a list of events (corrections still in it) as of a day."""
    rows = in_sight(events, as_of)
    return {
        "supply": supplies(rows),
        "epoch": epochs(rows, as_of, policy),
        "exposure": exposure(rows),
        "cover": covers(rows, as_of, policy),
        "pretreatment_test": pretreatment_tests(rows, as_of, policy),
        "pregnancy_concern": concerns(rows, policy),
        "unresolved_pregnancy": unresolved(rows, policy),
    }
