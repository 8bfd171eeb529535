"""What follows from the events whatever the day: supply, cover, pre-treatment tests, worries.

These are the things no single aggregate can say: contraception cover over a month, two tests so many days
apart, supply with gaps, a lock-out after a missed first window, a pregnancy not yet resolved. Each is
rebuilt from the rows visible at one moment and clipped at `as_of`, under a `Policy` of plain values that
the protocol hands in; no programme is named here.

Every function also reports the later days on which time alone would change its rows (`later`).

The episodes of a topic (mood, bloods, ...) follow from a few kinds of rows and the epoch alone: see `topics.py`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from isocourse.record.dates import add_months
from isocourse.record.episode_rows import (
    BEGINNING,
    Concern,
    Cover,
    Epoch,
    Exposure,
    PretreatmentTest,
    Supply,
    UnresolvedPregnancy,
)
from isocourse.record.medicines import without_weakened
from isocourse.record.policy import Policy
from isocourse.record.procedures import procedures_seen
from isocourse.record.reports import reports_wanted
from isocourse.record.roles import PRESCRIBERS
from isocourse.record.tables import Rows
from isocourse.record.terminology import ICD10_PREGNANT
from isocourse.record.topics import EPISODES, Episodes, topics_of, unchanged

_NONE: list[Any] = []
# What ends a run of contraception by itself.
_BREAKS = ("unprotected_intercourse", "contraceptive_failure")


def episodes(
    rows: Rows,
    as_of: int,
    policy: Policy,
    needed: Collection[str] = EPISODES,
    before: tuple[Rows, Episodes] | None = None,
) -> tuple[Episodes, list[int]]:
    """The episodes as of a day, and the later days on which time alone would change them.

    Those of the spine are always made, those of a topic only where `needed` names one. `before` is what was made
    under the same policy from other rows of the same person, from which unchanged topics are taken over.
    """
    later: list[int] = []
    supplied = supplies(rows)
    epoch = epochs(rows, supplied, as_of, policy, later)
    epoch_day = epoch[-1].day
    cover = covers(rows, as_of, epoch_day, policy, later)
    pretreatment = _NONE
    if policy.second_test_gap_days is not None and not treatment_since(rows, epoch_day):
        pretreatment = pretreatment_tests(rows, as_of, epoch_day, cover, policy, later)
    signs = pregnancy_signs(rows, policy)
    found: Episodes = {
        "supply": supplied,
        "epoch": epoch,
        "exposure": exposures(rows, supplied),
        "cover": cover,
        "pretreatment_test": pretreatment,
        "pregnancy_concern": concerns(rows, policy),
        "unresolved_pregnancy": unresolved_pregnancies(rows, signs),
    }
    for topic in topics_of(frozenset(needed)):
        if before is not None and unchanged(topic, rows, epoch_day, before):
            found.update({name: before[1][name] for name in topic.rows if name in before[1]})
        else:
            found.update(topic.make(rows, epoch_day, policy))
    if "current_medicine" in found:
        firm = without_weakened(found["current_medicine"], policy)
        found["firm_cover"] = _NONE if firm is None else covers(rows, as_of, epoch_day, firm, later)
    # These read the epochs and supplies besides their own rows, so they are made each time.
    if "procedure_seen" in needed:
        exposed_day = found["exposure"][-1].day if found["exposure"] else None
        ends = [end.day for end in epoch] if "procedure" in rows else _NONE
        found["procedure_seen"] = procedures_seen(rows, ends, exposed_day, policy)
    if "report_wanted" in needed:
        found["report_wanted"] = reports_wanted(
            rows, [event for event, _ in signs] if signs else _NONE, supplied, policy
        )
    return found, later


# --- supply and exposure --------------------------------------------------------------------------
def supplies(rows: Rows) -> list[Supply]:
    """Dispensings laid end to end: capsules in hand are used before new ones, missed days push the end out."""
    found: list[Supply] = []
    missed = rows.get("missed_doses", _NONE)
    given = rows.get("dispensing", _NONE)
    for index, event in enumerate(given):
        day = event.happened_on.last
        first = day
        if found and found[-1].last_use_day >= day:
            first = found[-1].last_use_day + 1
        last = first + event.days - 1
        if missed:
            until = given[index + 1].happened_on.last if index + 1 < len(given) else None
            for note in missed:
                if day < note.happened_on.last and (until is None or note.happened_on.last <= until):
                    last += note.days
        found.append(Supply(day, event.days, first, last, (event.id,)))
    return found


def treatment_since(rows: Rows, epoch_day: int) -> bool:
    """Whether isotretinoin was supplied after the epoch. A first dose alone is no proof of a lawful start."""
    given = rows.get("dispensing", _NONE)
    return bool(given) and given[-1].happened_on.last > epoch_day


def epochs(rows: Rows, supplied: list[Supply], as_of: int, policy: Policy, later: list[int]) -> list[Epoch]:
    """The days on which a course ended for good, oldest first; the last one rules.

    A recorded stop, a resolved pregnancy, and a supply that ran out longer ago than the gap allows.
    """
    found = [Epoch(BEGINNING, "start_of_record", ())]
    for stop in rows.get("course_stop", _NONE):
        found.append(Epoch(stop.happened_on.last, "course_stop", (stop.id,)))
    resolutions = rows.get("pregnancy_resolved", _NONE)
    if resolutions:
        pregnant = {event.id for event, _ in pregnancy_signs(rows, policy)}
        for event in resolutions:
            if not pregnant.isdisjoint(event.resolves):
                found.append(Epoch(event.happened_on.last, "pregnancy_resolved", (event.id,)))
    gap = policy.restart_gap_days
    if gap is not None and supplied:
        for supply, following in pairwise(supplied):
            if following.day > supply.last_use_day + gap:
                found.append(Epoch(supply.last_use_day, "supply_gap", supply.events))
        runs_out = supplied[-1].last_use_day
        if as_of > runs_out + gap:
            found.append(Epoch(runs_out, "supply_gap", supplied[-1].events))
        else:
            later.append(runs_out + gap + 1)
    found.sort(key=lambda epoch: epoch.day)
    return found


def exposures(rows: Rows, supplied: list[Supply]) -> list[Exposure]:
    """At most one row: the latest exposure and the last day on which a dose was or may have been taken."""
    starts = rows.get("course_start", _NONE)
    if not supplied and not starts:
        return []
    latest = max(supplied[-1].day if supplied else BEGINNING, starts[-1].happened_on.last if starts else BEGINNING)
    stops = [event for event in rows.get("course_stop", _NONE) if event.happened_on.last >= latest]
    if stops:
        return [Exposure(latest, stops[-1].happened_on.last, True, (stops[-1].id,))]
    if supplied:
        return [Exposure(latest, max(latest, supplied[-1].last_use_day), False, supplied[-1].events)]
    return [Exposure(latest, latest, False, (starts[-1].id,))]


# --- contraception --------------------------------------------------------------------------------
def adequate(methods: frozenset[str], policy: Policy) -> bool:
    """Whether these methods together make one of the accepted combinations, each method used once.

    An allow-list: a method without a class counts for nothing.
    """
    classes = [policy.method_classes[method] for method in methods if method in policy.method_classes]
    for wanted in policy.adequate_combinations:
        if len(wanted) <= len(classes) and _each_has_its_own(wanted, classes):
            return True
    return False


def _each_has_its_own(wanted: tuple[str, ...], classes: list[frozenset[str]]) -> bool:
    """Whether every class wanted is found in a method, no method counting for two."""
    if not wanted:
        return True
    for place, have in enumerate(classes):
        if wanted[0] in have and _each_has_its_own(wanted[1:], classes[:place] + classes[place + 1 :]):
            return True
    return False


def covers(rows: Rows, as_of: int, epoch_day: int, policy: Policy, later: list[int]) -> list[Cover]:
    """Runs of adequate contraception. A method counts on the day it starts and not on the day it stops;
    a failure or unprotected intercourse ends the run, and the next can begin the day after."""
    if "contraception_started" not in rows and not any(kind in rows for kind in _BREAKS):
        return []
    changes: dict[int, list[tuple[int, str, str]]] = {}
    stops = rows.get("contraception_stopped", _NONE)
    for event in rows.get("contraception_started", _NONE):
        if not stops or not any(_may_have_ended(event, stop) for stop in stops):
            changes.setdefault(event.happened_on.last, []).append((0, event.method, event.id))
    for event in stops:
        changes.setdefault(event.happened_on.first, []).append((1, event.method, event.id))
    breaks: dict[int, str] = {}
    for kind in _BREAKS:
        for event in rows.get(kind, _NONE):
            day = min(event.happened_on.last, as_of)
            breaks[day] = event.id
            changes.setdefault(day, [])
            if day + 1 <= as_of:
                changes.setdefault(day + 1, [])
            else:
                later.append(day + 1)
    active: dict[str, str] = {}
    found: list[Cover] = []
    begun: int | None = None
    because: tuple[str, ...] = ()
    for day in sorted(changes):
        before = frozenset(active)
        for what, method, event_id in sorted(changes[day]):
            if what == 0:
                active.setdefault(method, event_id)
            else:
                active.pop(method, None)
        methods = frozenset(active)
        good = day not in breaks and adequate(methods, policy)
        if begun is not None and not good:
            found.append(_cover(begun, day - 1, epoch_day, before, because, policy))
            begun = None
        if good and begun is None:
            begun = day
        if good:
            because = tuple(active.values())
    if begun is not None:
        found.append(_cover(begun, None, epoch_day, frozenset(active), because, policy))
    return found


def _may_have_ended(start: Any, stop: Any) -> bool:
    """Whether the days the two can mean overlap, so that the stop may have come after the start. A stop cannot have
    come later than the day on which it was recorded (and a day of grace for time zones)."""
    last = min(stop.happened_on.last, stop.recorded_at.toordinal() + 1)
    overlap: bool = stop.happened_on.first <= start.happened_on.last and last >= start.happened_on.first
    return overlap and bool(start.method == stop.method)


def _cover(
    begun: int, end: int | None, epoch_day: int, methods: frozenset[str], because: tuple[str, ...], policy: Policy
) -> Cover:
    counted = max(begun, epoch_day)
    complete = max(add_months(counted, policy.lead_months), counted + policy.lead_days)
    return Cover(begun, end, end is None, complete, len(methods), because)


# --- the tests before treatment -------------------------------------------------------------------
def pretreatment_tests(
    rows: Rows, as_of: int, epoch_day: int, cover: list[Cover], policy: Policy, later: list[int]
) -> list[PretreatmentTest]:
    """Negative tests since the epoch, each judged as the confirming test before the first supply.

    A test that meets every condition opens a window of `window_offset_days` after its own day. While a
    lock-out is in force (by the date of the repeat test), a test within `first_window_lockout_days` of the
    one that opened the last window opens none. `governs` marks the test the first supply rests on: the
    one whose window is open at `as_of`, else the latest.
    """
    gap = policy.second_test_gap_days
    assert gap is not None
    found: list[PretreatmentTest] = []
    opened_on: int | None = None
    first: int | None = None
    open_window: int | None = None
    periods = [event.happened_on.last for event in rows.get("menses_started", _NONE) if event.happened_on.exact]
    patterns = rows.get("menses_pattern", _NONE)
    for event in rows.get("pregnancy_test", _NONE):
        day = event.happened_on.last
        if event.result != "negative" or not event.happened_on.exact or day <= epoch_day:
            continue
        if event.setting not in (policy.first_test_settings.at(day) or ()):
            continue
        if first is None:
            first = day
        run = next((c for c in cover if c.day <= day and (c.end_day is None or c.end_day >= day)), None)
        menses_day = _menses_day(periods, day)
        locked_until = None
        lockout = policy.first_window_lockout_days.at(day)
        if lockout is not None and opened_on is not None and day < opened_on + lockout:
            locked_until = opened_on + lockout
        opens = (
            locked_until is None
            and day >= first + gap
            and run is not None
            and run.lead_complete_day <= day
            and _menses_met(patterns, menses_day, day, policy)
        )
        if opens:
            opened_on = day
            if day + policy.window_offset_days >= as_of:
                open_window = len(found)
        found.append(
            PretreatmentTest(
                day,
                first,
                run is not None,
                run.lead_complete_day if run is not None else None,
                menses_day,
                locked_until,
                policy.first_window_lockout_days.first_day_after(opened_on) if opened_on is not None else None,
                opens,
                day + policy.window_offset_days,
                False,
                (event.id,),
            )
        )
    if found:
        governs = open_window if open_window is not None else len(found) - 1
        found[governs] = replace(found[governs], governs=True)
        if open_window is not None and governs != len(found) - 1:
            later.append(found[governs].window_last_day + 1)
    return found


def _menses_day(periods: list[int], day: int) -> int | None:
    index = bisect_right(periods, day)
    return day - periods[index - 1] + 1 if index else None


def _menses_met(patterns: list[Any], menses_day: int | None, day: int, policy: Policy) -> bool:
    if policy.menses_days is None:
        return True
    pattern = next((event.pattern for event in reversed(patterns) if event.happened_on.last <= day), None)
    if pattern == "regular":
        return menses_day is not None and menses_day <= policy.menses_days
    return pattern is not None


# --- worries --------------------------------------------------------------------------------------
def concerns(rows: Rows, policy: Policy) -> list[Concern]:
    """Missed periods, failures and unprotected intercourse. Each is open until a negative test, taken in an
    accepted setting at least the policy's wait after it, or a prescriber's resolution that names it."""
    found: list[Concern] = []
    for kind, wait in (
        ("unprotected_intercourse", policy.intercourse_test_wait_days),
        ("contraceptive_failure", policy.intercourse_test_wait_days),
        ("missed_period", policy.missed_period_test_wait_days),
    ):
        for event in rows.get(kind, _NONE):
            clear_from = event.happened_on.last + wait
            open_ = event.id not in _resolved(rows) and not _cleared(rows, clear_from, policy)
            found.append(Concern(event.happened_on.last, kind, open_, clear_from, (event.id,)))
    found.sort(key=lambda concern: concern.day)
    return found


def _resolved(rows: Rows) -> frozenset[str]:
    """Ids that a prescriber has resolved by name; anybody else's resolution does not count."""
    return frozenset(
        target
        for event in rows.get("pregnancy_resolved", _NONE)
        if event.author.role in PRESCRIBERS
        for target in event.resolves
    )


def _cleared(rows: Rows, clear_from: int, policy: Policy) -> bool:
    return any(
        event.result == "negative"
        and event.happened_on.exact
        and event.happened_on.last >= clear_from
        and event.setting in (policy.concern_test_settings.at(event.happened_on.last) or ())
        for event in rows.get("pregnancy_test", _NONE)
    )


def unresolved_pregnancies(rows: Rows, signs: list[tuple[Any, str]]) -> list[UnresolvedPregnancy]:
    """The signs of pregnancy that stand. A later negative test never clears one."""
    if not signs:
        return []
    resolved = _resolved(rows)
    found = [
        UnresolvedPregnancy(event.happened_on.last, evidence, (event.id,))
        for event, evidence in signs
        if event.id not in resolved
    ]
    found.sort(key=lambda row: row.day)
    return found


def pregnancy_signs(rows: Rows, policy: Policy) -> list[tuple[Any, str]]:
    """Every event that says pregnant, whatever became of it, with what kind of sign it is."""
    found: list[tuple[Any, str]] = []
    for event in rows.get("pregnancy_test", _NONE):
        if event.result == "positive":
            found.append((event, "positive_test"))
    for event in rows.get("pregnancy", _NONE):
        found.append((event, "pregnancy"))
    for event in rows.get("course_stop", _NONE):
        if event.reason == "pregnancy":
            found.append((event, "course_stop"))
    for event in rows.get("lab_result", _NONE):
        if event.analyte == "hcg" and _hcg_raised(event, policy):
            found.append((event, "hcg"))
    for event in rows.get("condition", _NONE):
        if event.code is not None and event.active is not False and event.code.strip().upper() in ICD10_PREGNANT:
            found.append((event, "diagnosis"))
    return found


def _hcg_raised(event: Any, policy: Policy) -> bool:
    """Above the laboratory's own limit, or at the concentration a pregnancy test has to find. mIU/mL and IU/L are
    the same number. "<25" is below; ">5" is above, for nothing says how far above."""
    if event.value.comparator in ("<", "<="):
        return False
    if event.value.comparator in (">", ">="):
        return True
    above = event.upper_limit is not None and event.value.value > event.upper_limit
    limit = policy.hcg_positive_from
    return bool(above or (limit is not None and event.value.value >= limit))
