"""The same resource met more than once: which copy counts, and whether two Patients are one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from isocourse.errors import InputError
from isocourse.exchange.bundles import base_of
from isocourse.exchange.shapes import Entry, Json, Reading, last_updated
from isocourse.record import events as ev
from isocourse.record.events import AnyEvent


def newest(copies: Sequence[Entry]) -> list[Entry]:
    """One copy when they are equal or their versions can be told apart, else all that differ."""
    different: list[Entry] = []
    for copy in copies:
        if all(copy.resource != other.resource for other in different):
            different.append(copy)
    if len(different) == 1:
        return different
    dated = [(when, copy) for copy in different if (when := last_updated(copy.resource)) is not None]
    if len(dated) < len(different):
        return different
    latest = max(when for when, _ in dated)
    return [copy for when, copy in dated if when == latest]


def settled(copies: Sequence[Entry], translate: Callable[[Entry], Reading]) -> Reading:
    """What the copies say together.

    Copies that contradict each other without versions give only what all of them agree on, and from each
    what worries: a positive or unclear test, a pregnancy, an allergy, a medicine begun.
    """
    readings = [translate(copy) for copy in newest(copies)]
    first = readings[0]
    if len(readings) == 1:
        return first
    agreed = set.intersection(*({_bare(event) for event in reading.events} for reading in readings))
    contradiction = any(len(reading.events) != len(agreed) for reading in readings)
    kept = {event.id: event for event in first.events if _bare(event) in agreed}
    for number, reading in enumerate(readings):
        for event in reading.events:
            if _worries(event) and _bare(event) not in agreed:
                kept[f"{event.id}:v{number}"] = replace(event, id=f"{event.id}:v{number}")
    first.events = [event for event in kept.values() if not _ends_nothing(event, kept)]
    first.withdrawn = all(reading.withdrawn for reading in readings)
    if contradiction or any(reading.withdrawn != first.withdrawn for reading in readings):
        first.lines = [line for reading in readings for line in reading.lines]
        first.say(
            f"{len(readings)} copies contradict each other and their versions cannot be told apart: "
            "only what they agree on and what worries was kept",
            "question",
        )
    return first


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY = ev.Author(id="nobody", role="system")


def _bare(event: AnyEvent) -> AnyEvent:
    """The event without when and by whom it was written down."""
    return replace(event, recorded_at=_EPOCH, author=_NOBODY)


def _worries(event: AnyEvent) -> bool:
    match event:
        case ev.PregnancyTest():
            return event.result != "negative"
        case ev.Allergy():
            return not event.refuted
        case _:
            return isinstance(event, (ev.Pregnancy, ev.MedicineStarted))


def _ends_nothing(event: AnyEvent, kept: Mapping[str, AnyEvent]) -> bool:
    return isinstance(event, ev.MedicineStopped) and event.started not in kept


def refuse_two_people(copies: Sequence[Entry]) -> None:
    """Raise InputError when Patients with one id look like two people: their records must not be mixed."""
    for copy in copies[1:]:
        first = copies[0]
        if copy.resource == first.resource:
            continue
        why = _why_two(first, copy, told_apart=len(newest([first, copy])) == 1)
        if why:
            raise InputError(
                f"two different Patients have the same id: {why}",
                where=f"{first.where} and {copy.where}",
                mend="import the files one by one, or correct the one that is wrong",
            )


def _why_two(one: Entry, other: Entry, *, told_apart: bool) -> str:
    bases = {base_of(one), base_of(other)} - {None}
    if len(bases) > 1:
        return "they come from two servers"
    numbers, others = _identifiers(one.resource), _identifiers(other.resource)
    if any(numbers[system].isdisjoint(others[system]) for system in numbers.keys() & others.keys()):
        return "they have different identifiers of one kind"
    born = {str(day) for copy in (one, other) if (day := copy.resource.get("birthDate")) is not None}
    return "they have different birth dates" if not told_apart and len(born) > 1 else ""


def _identifiers(resource: Json) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    raw = resource.get("identifier")
    for identifier in raw if isinstance(raw, list) else []:
        if isinstance(identifier, dict) and isinstance(identifier.get("system"), str):
            found.setdefault(identifier["system"], set()).add(str(identifier.get("value")))
    return found
