"""Which reports are wanted and not yet sent: for a suspected reaction, and for a pregnancy that was exposed. Pure.

A pregnancy is exposed when it may have overlapped a treatment, up to the end of the month after its last dose. It is
possibly exposed when it was found after that, but so soon that it may have begun before. Signs are one pregnancy while
no resolution and no further supply lies between them; one that a prescriber excluded is none.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from msgspec import Struct

from isocourse.record import terminology as t
from isocourse.record.dates import add_months
from isocourse.record.episode_rows import Supply
from isocourse.record.policy import Policy
from isocourse.record.roles import PRESCRIBERS
from isocourse.record.tables import Rows

Occasion = Literal["exposed_pregnancy", "pregnancy_possible", "reaction_serious", "reaction_other"]
NEVER = 10**7  # a day number after every other
_NONE: list[Any] = []


class ReportWanted(Struct, frozen=True, gc=False):
    """One report to one place, about one occasion. `day` is the first day the occasion can mean."""

    day: int
    occasion: Occasion
    sent_to: t.ReportTo
    sent: bool
    events: tuple[str, ...]


class Exposed(NamedTuple):
    """Days of one supply (or first dose): until `last_dose_day`, and until `risk_ends_day` the risk of it. Without a
    recorded stop the supply's last day stands for the last dose."""

    first_day: int
    last_dose_day: int
    stop_recorded: bool
    risk_ends_day: int


class OnePregnancy(NamedTuple):
    """A pregnancy: its signs, its resolutions, the first day it was seen and the last day it can have lasted."""

    signs: tuple[Any, ...]
    resolutions: tuple[Any, ...]
    first_day: int
    last_day: int


class Told(NamedTuple):
    """An occasion for a report: the events it is about, and the pregnancy when it is one."""

    occasion: Occasion
    day: int
    about: tuple[Any, ...]
    pregnancy: OnePregnancy | None


def occasions(rows: Rows, signs: list[Any], supplied: list[Supply], policy: Policy) -> list[Told]:
    """Every occasion on record, reported or not, in order of day. `signs` are the events that say pregnant."""
    found: list[Told] = []
    spans = exposed_spans(rows, supplied, policy) if signs else []
    for one in pregnancies(rows, signs):
        occasion = pregnancy_occasion(one, spans, policy)
        if occasion is not None:
            found.append(Told(occasion, one.first_day, one.signs, one))
    for event in rows.get("adverse_reaction_suspected", _NONE):
        found.append(Told(reaction_occasion(event), event.happened_on.first, (event,), None))
    found.sort(key=lambda told: told.day)
    return found


def reports_wanted(rows: Rows, signs: list[Any], supplied: list[Supply], policy: Policy) -> list[ReportWanted]:
    """Every report that the policy wants, sent or not."""
    if not signs and "adverse_reaction_suspected" not in rows:
        return _NONE
    found: list[ReportWanted] = []
    for told in occasions(rows, signs, supplied, policy):
        ids = tuple(event.id for event in told.about)
        for to in policy.reports_to.get(told.occasion, ()):
            sent = sent_report(rows, to, told.about, policy)
            events = ids if sent is None else (*ids, sent.id)
            found.append(ReportWanted(told.day, told.occasion, to, sent is not None, events))
    return found


def sent_report(rows: Rows, to: str, about: tuple[Any, ...], policy: Policy) -> Any | None:
    """The latest report to a place about any of these events (or what they amend), by somebody who may send one."""
    named = frozenset(name for event in about for name in (event.id, event.amends))
    for sent in reversed(rows.get("report_sent", _NONE)):
        if sent.to == to and not named.isdisjoint(sent.about) and sent.author.role in policy.report_sender_roles:
            return sent
    return None


def reaction_occasion(event: Any) -> Occasion:
    """Serious unless the clinician wrote that it is not."""
    return "reaction_other" if event.seriousness == ("none",) else "reaction_serious"


# --- pregnancies ----------------------------------------------------------------------------------
def pregnancies(rows: Rows, signs: list[Any]) -> list[OnePregnancy]:
    """Signs put together to pregnancies, in order of day; those that were excluded are left out."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    resolved = _resolutions(rows)
    given = rows.get("dispensing", _NONE)
    for sign in signs:
        supplies = sum(1 for event in given if event.happened_on.last <= sign.happened_on.first)
        key = (supplies, *(event.id for event in resolved.get(sign.id, ())))
        groups.setdefault(key, []).append(sign)
    found = []
    for group in groups.values():
        ends = resolved.get(group[0].id, [])
        if ends and all(event.how == "pregnancy_excluded" for event in ends):
            continue
        first = min(sign.happened_on.first for sign in group)
        last = max(event.happened_on.last for event in ends) if ends else NEVER
        found.append(OnePregnancy(tuple(group), tuple(ends), first, last))
    found.sort(key=lambda one: one.first_day)
    return found


def _resolutions(rows: Rows) -> dict[str, list[Any]]:
    """By event: the prescriber's resolutions that name it."""
    found: dict[str, list[Any]] = {}
    for event in rows.get("pregnancy_resolved", _NONE):
        if event.author.role in PRESCRIBERS:
            for target in event.resolves:
                found.setdefault(target, []).append(event)
    return found


def pregnancy_occasion(one: OnePregnancy, spans: list[Exposed], policy: Policy) -> Occasion | None:
    """Whether a pregnancy was exposed, may have been, or (None) was not."""
    met = [span for span in spans if span.first_day <= one.last_day]
    if any(one.first_day <= span.risk_ends_day for span in met):
        return "exposed_pregnancy"
    late = policy.pregnancy_found_months
    if any(late is None or one.first_day <= add_months(span.risk_ends_day, late) for span in met):
        return "pregnancy_possible"
    return None


def exposed_spans(rows: Rows, supplied: list[Supply], policy: Policy) -> list[Exposed]:
    """The days of each supply and of each first dose on record, with the end of the risk. A stop ends the last of them
    before it; the others last as long as their capsules, or to an earlier stop."""
    begun = [(supply.day, max(supply.day, supply.last_use_day)) for supply in supplied]
    begun += [(event.happened_on.first, event.happened_on.last) for event in rows.get("course_start", _NONE)]
    begun.sort()
    stops = sorted(event.happened_on.last for event in rows.get("course_stop", _NONE))
    found = []
    for index, (first, lasts) in enumerate(begun):
        stop = next((day for day in stops if day >= first), None)
        goes_on = stop is None or any(later <= stop for later, _ in begun[index + 1 :])
        last = lasts if stop is None or (goes_on and stop > lasts) else stop
        found.append(Exposed(first, last, not goes_on, _risk_ends(last, policy)))
    return found


def _risk_ends(last_dose_day: int, policy: Policy) -> int:
    if policy.after_months is None or policy.after_days is None:
        return NEVER  # how long the risk lasts is not known
    return max(add_months(last_dose_day, policy.after_months), last_dose_day + policy.after_days)
