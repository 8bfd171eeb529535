"""Which reports are wanted, once more and by hand: an independent oracle for `isocourse.record.reports`.

Day by day: each day of treatment is put down in a set, and a pregnancy is exposed when one of its days is such a day or
a day of the risk after it. Months are counted with the calendar, not with the helper of the code.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from isocourse.record import events as ev

FAR = date(2030, 1, 1).toordinal()


def months_later(day: int, months: int) -> int:
    on = date.fromordinal(day)
    year, month = on.year, on.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    return date(year, month, min(on.day, monthrange(year, month)[1])).toordinal()


def treated(events: list[Any]) -> list[tuple[int, int]]:
    """(first, last) day of each supply and first dose. A supply begins when the one before is used up."""
    found: list[tuple[int, int]] = []
    used_until = 0
    stops = sorted(e.happened_on.last for e in events if isinstance(e, ev.CourseStopped))
    for e in sorted((e for e in events if isinstance(e, ev.Dispensing)), key=lambda e: (e.happened_on.last, e.days)):
        begin = max(e.happened_on.last, used_until + 1)
        used_until = begin + e.days - 1
        found.append((e.happened_on.last, used_until))
    found += [(e.happened_on.first, e.happened_on.last) for e in events if isinstance(e, ev.CourseStarted)]
    found.sort()
    return [(first, _last_dose(first, last, found[number + 1 :], stops)) for number, (first, last) in enumerate(found)]


def _last_dose(first: int, last: int, later: list[tuple[int, int]], stops: list[int]) -> int:
    """A stop while the capsules last is the last dose. Once they are gone, what comes next decides: a stop prolongs
    them to its day, another supply does not."""
    for day in range(first, last + 1):
        if day in stops:
            return day
    starts = [begin for begin, _ in later]
    for day in range(last, FAR):
        if any(begin <= day for begin in starts):
            return last
        if day in stops:
            return day
    return last


def signs(events: list[Any]) -> list[Any]:
    return [
        e
        for e in events
        if (isinstance(e, ev.PregnancyTest) and e.result == "positive")
        or isinstance(e, ev.Pregnancy)
        or (isinstance(e, ev.CourseStopped) and e.reason == "pregnancy")
    ]


def rows(events: list[Any], wanted: dict[str, tuple[str, ...]], roles: tuple[str, ...]) -> set[tuple[Any, ...]]:
    """(what it is about, occasion, place, sent) of every report."""
    found = set()
    for about, occasion in [*_pregnancies(events), *_reactions(events)]:
        for to in wanted[occasion]:
            sent = any(
                isinstance(e, ev.ReportSent)
                and e.to == to
                and e.author.role in roles
                and any(one.id in e.about or one.amends in e.about for one in about)
                for e in events
            )
            found.add((frozenset(one.id for one in about), occasion, to, sent))
    return found


def _reactions(events: list[Any]) -> list[tuple[list[Any], str]]:
    return [
        ([e], "reaction_other" if list(e.seriousness) == ["none"] else "reaction_serious")
        for e in events
        if isinstance(e, ev.AdverseReactionSuspected)
    ]


def _pregnancies(events: list[Any]) -> list[tuple[list[Any], str]]:
    left, found = signs(events), []
    while left:
        first = left[0]
        one = [
            e for e in left if _ends(e, events) == _ends(first, events) and _before(e, events) == _before(first, events)
        ]
        left = [e for e in left if e not in one]
        ends = _ends(first, events)
        if ends and all(e.how == "pregnancy_excluded" for e in ends):
            continue
        begins = min(e.happened_on.first for e in one)
        until = max(e.happened_on.last for e in ends) if ends else FAR
        occasion = _occasion(begins, until, treated(events))
        if occasion is not None:
            found.append((one, occasion))
    return found


def _ends(sign: Any, events: list[Any]) -> list[Any]:
    return [
        e
        for e in sorted(events, key=lambda e: e.id)
        if isinstance(e, ev.PregnancyResolved) and e.author.role == "prescriber" and sign.id in e.resolves
    ]


def _before(sign: Any, events: list[Any]) -> int:
    return sum(isinstance(e, ev.Dispensing) and e.happened_on.last <= sign.happened_on.first for e in events)


def _occasion(begins: int, until: int, spans: list[tuple[int, int]]) -> str | None:
    """One month and thirty days are the risk; nine months later a pregnancy found may still have begun in it."""
    possible = False
    for first, last in spans:
        risk = last
        while risk < months_later(last, 1) or risk < last + 30:
            risk += 1
        days = [day for day in range(first, risk + 1) if begins <= day <= until]
        if days or (first <= until and begins <= risk and first >= begins):
            return "exposed_pregnancy"
        possible = possible or (first <= until and risk < begins <= months_later(risk, 9))
    return "pregnancy_possible" if possible else None


assert months_later(date(2026, 1, 31).toordinal(), 1) == date(2026, 2, 28).toordinal()
