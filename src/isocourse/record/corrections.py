"""Corrections by later events: what stands, as known at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from isocourse.record.events import EnteredInError, Event
from isocourse.record.roles import CLINICIANS
from isocourse.record.tables import Groups, Rows, ordered, table, worries


def visible(events: Iterable[Event], *, known_at: datetime | None = None) -> list[Event]:
    """The events that stand, as known at `known_at` (None: all that is recorded), corrections applied.

    Walks from the last recorded to the first: an event stands unless a later one that itself stands
    withdraws or amends it. So withdrawing an amendment lets the original stand again, and amending one
    lets neither the amendment nor the original stand.

    What worries (a symptom, a positive test, an allergy, a decision to stop) is taken back by a clinician alone.
    Anybody else's withdrawal of it changes nothing, and anybody else's amendment stands beside it.
    """
    known = list(events) if known_at is None else [event for event in events if event.recorded_at <= known_at]
    if not corrected(known):
        return known
    named = {event.id: event for event in known}
    depths = depths_of(known) if any(targets_of(event) for event in known) else {}
    order = sorted(
        range(len(known)),
        key=lambda index: (known[index].recorded_at, depths.get(known[index].id, 0), index),
        reverse=True,
    )
    replaced: set[str] = set()
    withdrawn: set[str] = set()
    standing: list[Event] = []
    for index in order:
        event = known[index]
        passes_on = event.id in replaced  # what amends an amendment replaces all that came before it
        stands = not passes_on and event.id not in withdrawn
        if event.amends is not None and (stands or passes_on) and may_take_back(event, named.get(event.amends)):
            replaced.add(event.amends)
        if stands and type(event) is EnteredInError:
            if may_take_back(event, named.get(event.corrects)):
                withdrawn.add(event.corrects)
        elif stands:
            standing.append(event)
    standing.reverse()
    return standing


def rows_that_stand(events: Iterable[Event], *, known_at: datetime | None = None) -> Rows:
    """`table` of what is `visible`. Most records hold no correction: that is seen while their events are grouped, so
    that they are gone through once."""
    known = list(events) if known_at is None else [event for event in events if event.recorded_at <= known_at]
    groups: Groups = defaultdict(list)
    for event in known:
        if event.amends is not None:
            return table(visible(known))
        groups[type(event)].append(event)
    return table(visible(known)) if EnteredInError in groups else ordered(groups)


def may_take_back(correction: Event, target: Event | None) -> bool:
    """Whether this withdrawal or amendment of `target` takes effect; of something not known it does."""
    return target is None or correction.author.role in CLINICIANS or not worries(target)


def corrected(events: Iterable[Event]) -> bool:
    """Whether any of them withdraws or amends another."""
    for event in events:  # noqa: SIM110 - half the time of any(), and asked of every event of every record
        if event.amends is not None or type(event) is EnteredInError:
            return True
    return False


def targets_of(event: Event) -> tuple[str, ...]:
    if isinstance(event, EnteredInError):
        return (event.corrects,) if event.amends is None else (event.corrects, event.amends)
    return (event.amends,) if event.amends is not None else ()


def depths_of(events: Iterable[Event]) -> dict[str, int]:
    """How many corrections of the same moment each correction stands on, so that the order in the file never matters;
    what is not named stands on none."""
    by_id = {event.id: event for event in events}
    depths: dict[str, int] = {}
    for event in by_id.values():
        if event.amends is None and type(event) is not EnteredInError:
            continue
        path, open_ = [event], {event.id}
        while path:
            top = path[-1]
            same = [t for t in targets_of(top) if t in by_id and by_id[t].recorded_at == top.recorded_at]
            waiting = next((t for t in same if t not in depths and t not in open_), None)
            if waiting is not None:
                path.append(by_id[waiting])
                open_.add(waiting)
            else:
                depths[top.id] = max((depths.get(t, 0) + 1 for t in same), default=0)
                path.pop()
    return depths
