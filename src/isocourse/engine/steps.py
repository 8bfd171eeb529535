"""When versions begin, and which step of a value holds from which day: the stricter one where old and new both bind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from isocourse.engine import model as m
from isocourse.errors import InputError, ProtocolError
from isocourse.record.dates import iso

Steps = list[tuple[int, m.ValueStep]]


@dataclass(frozen=True)
class Begin:
    """When a version begins: `scheduled` when it starts to bind, `certain` when it replaces the one before."""

    version: m.Version
    scheduled: int
    certain: int | None
    first: bool


def begins_of(library: m.Library, programme: str, adopted: Mapping[str, int]) -> dict[str, Begin]:
    found: dict[str, Begin] = {}
    for name in library.lineage(programme):
        for index, version in enumerate(library.programmes[name].versions):
            day = version.from_day
            if version.status == "unconfirmed":
                certain = adopted.get(version.id)
                found[version.id] = Begin(version, certain or day, certain, index == 0)
            else:
                found[version.id] = Begin(version, day, day, index == 0)
    return found


def check_adopted(programme: m.Programme, adopted: Mapping[str, int]) -> None:
    waiting = {version.id: version for version in programme.versions if version.status == "unconfirmed"}
    for name, day in adopted.items():
        if name not in waiting:
            raise InputError(
                f"{name!r} is not a version that waits for adoption",
                where=f"programme {programme.id}",
                allowed=", ".join(waiting) or "none",
            )
        if day < waiting[name].from_day:
            raise InputError(
                f"{name!r} cannot have been adopted on {iso(day)}, before its scheduled day",
                where=f"programme {programme.id}",
                allowed=f"{iso(waiting[name].from_day)} or later",
            )


def steps_of(value: m.Value, lineage: tuple[str, ...], begins: Mapping[str, Begin]) -> Steps:
    """A value's steps for one programme by the day they begin, the stricter one where both old and new bind.

    A programme's own steps take over from those it inherits on the day its first own step begins; a step of its
    first version reaches back without limit.
    """
    found: Steps = []
    for programme in reversed(lineage):
        own = sorted(
            (step for step in value.steps if step.programme == programme),
            key=lambda step: begins[step.version].scheduled,
        )
        if own:
            first = begins[own[0].version]
            found = [] if first.first else [(day, step) for day, step in found if day < first.scheduled]
        for step in own:
            begin = begins[step.version]
            if begin.certain is None and found:
                step = _stricter(value, found[-1][1], step)
                if step is found[-1][1]:
                    continue
            found.append((begin.scheduled, step))
    return found


def _stricter(value: m.Value, old: m.ValueStep, new: m.ValueStep) -> m.ValueStep:
    if value.stricter == "none":
        raise ProtocolError(
            f"value {value.name!r} changes with an unconfirmed version",
            where=new.where,
            mend="say which is stricter (lower, higher or fewer), so that the stricter can govern",
        )
    if None in (old.value, new.value):
        return old if new.value is None else new
    if value.stricter == "fewer":
        return replace(old, value=tuple(code for code in old.value if code in new.value))
    return min(old, new, key=lambda s: s.value) if value.stricter == "lower" else max(old, new, key=lambda s: s.value)
