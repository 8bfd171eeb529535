"""The checks no type can make: events that contradict themselves or each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from isocourse.errors import InputError
from isocourse.record.corrections import corrected, depths_of, may_take_back, targets_of, visible
from isocourse.record.events import Birth, Dispensing, Event, PregnancyResolved, Prescription, kind_of
from isocourse.record.medicine_codes import something_else

OLDEST_YEARS = 125


def check_events(events: Sequence[Event], *, where: str) -> None:
    """Refuse events that contradict each other. Raises InputError naming them."""
    by_id: dict[str, Event] = {}
    for index, event in enumerate(events):
        if by_id.setdefault(event.id, event) is not event:
            raise InputError(
                "this id is used twice", where=_place(where, index, event), mend="give each event an id of its own"
            )
        written = event.recorded_at.toordinal()
        if event.happened_on.first > written + 1 or type(event) is Birth:
            _check_dates(event, written, _place(where, index, event))
    alive = events
    if corrected(events):
        alive = visible(events)
        _check_corrections(events, alive, by_id, where)
    _check_products(alive, where)
    _check_births(alive, where)
    _check_resolutions(alive, by_id, where)


def _place(where: str, index: int, event: Event) -> str:
    return f"{where} at $.events[{index}] (event {event.id!r})"


def _check_dates(event: Event, written: int, place: str) -> None:
    if event.happened_on.first > written + 1:  # one day of grace for time zones ahead of the writer's
        what = "the birth date lies in the future" if isinstance(event, Birth) else "it happened after it was recorded"
        raise InputError(
            f"{what}: happened_on {event.happened_on.text}, recorded_at {event.recorded_at.date().isoformat()}",
            where=place,
            mend="correct one of the two dates",
        )
    if isinstance(event, Birth) and written - event.happened_on.last > OLDEST_YEARS * 366:
        raise InputError(
            f"a birth date of {event.happened_on.text} means an age above {OLDEST_YEARS}",
            where=place,
            mend="correct the year",
        )


def _check_corrections(events: Sequence[Event], alive: Sequence[Event], by_id: dict[str, Event], where: str) -> None:
    depths = depths_of(events)
    for event in events:
        for target_id in targets_of(event):
            place = f"{where}, event {event.id!r}"
            target = by_id.get(target_id)
            if target is None:
                raise InputError(
                    f"it corrects {target_id!r}, which is not in the record",
                    where=place,
                    mend="name the id of an event of this record",
                )
            if target is event or target.recorded_at > event.recorded_at:
                raise InputError(
                    f"it corrects {target_id!r}, which was not recorded before it",
                    where=place,
                    mend="a correction is a later event; check recorded_at",
                )
            if depths.get(target_id, 0) >= depths[event.id] and target.recorded_at == event.recorded_at:
                raise InputError(
                    f"it and {target_id!r} correct each other in a circle",
                    where=place,
                    mend="a correction is a later event; check corrects, amends and recorded_at",
                )
            if event.amends == target_id and type(target) is not type(event):
                raise InputError(
                    f"a {kind_of(event)} cannot amend {target_id!r}, which is a {kind_of(target)}",
                    where=place,
                    mend="withdraw the wrong event with entered_in_error and write a new one",
                )
    amended: dict[str, str] = {}
    for event in alive:
        if event.amends is None or not may_take_back(event, by_id[event.amends]):
            continue
        first = event.amends
        while (earlier := by_id[first].amends) is not None and may_take_back(by_id[first], by_id[earlier]):
            first = earlier
        if first in amended:
            raise InputError(
                f"events {amended[first]!r} and {event.id!r} both amend {first!r}",
                where=where,
                mend="withdraw one of the two with entered_in_error, or let the later amend the earlier",
            )
        amended[first] = event.id


def _check_products(alive: Iterable[Event], where: str) -> None:
    """A prescription or supply here is one of isotretinoin capsules: another medicine would pass for them."""
    for event in alive:
        if isinstance(event, Prescription | Dispensing) and event.product is not None and something_else(event.product):
            raise InputError(
                f"the product of this {kind_of(event)} reads as another medicine than isotretinoin by mouth",
                where=f"{where}, event {event.id!r}",
                mend="write another medicine, or isotretinoin on the skin, as medicine_started; of isotretinoin "
                "capsules write the substance or the brand, and capsules where the name says gel",
            )


def _check_births(alive: Iterable[Event], where: str) -> None:
    births = [event for event in alive if type(event) is Birth]
    if len(births) > 1 and len({event.happened_on.text for event in births}) > 1:
        raise InputError(
            f"there are two birth dates (events {', '.join(repr(event.id) for event in births)})",
            where=where,
            mend="withdraw the wrong one with entered_in_error",
        )


def _check_resolutions(alive: Iterable[Event], by_id: dict[str, Event], where: str) -> None:
    for event in alive:
        if not isinstance(event, PregnancyResolved):
            continue
        for target_id in event.resolves:
            target = by_id.get(target_id)
            if target is None:
                raise InputError(
                    f"it resolves {target_id!r}, which is not in the record",
                    where=f"{where}, event {event.id!r}",
                    mend="name the positive test, the pregnancy or the worry that was resolved",
                )
            if target.happened_on.first > event.happened_on.last:
                raise InputError(
                    f"it resolves {target_id!r}, which happened later",
                    where=f"{where}, event {event.id!r}",
                    mend="correct one of the two dates",
                )
