"""Other medicines as rules see them: what each is, and whether it has to be presumed taken.

A medicine that harms is presumed taken from the first day its start can mean until the *last* day its stop can mean,
so a stop known to the month ends it with the month. Without a stop that names it, it goes on.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from isocourse.record import terminology as t
from isocourse.record.medicine_codes import read_medicine
from isocourse.record.policy import Policy
from isocourse.record.roles import MEDICINE_CHECKERS
from isocourse.record.tables import Rows

Verdict = Literal["none", "acceptable", "not_acceptable"]
_NONE: list[Any] = []


class CurrentMedicine(Struct, frozen=True, gc=False):
    """One class of one recorded medicine; a medicine of two classes has two rows, one not understood is `unread`.

    `day` is the first day it can have been taken. `until_day` is the day from which it counts as stopped, None while it
    is `taken`. `verdict` is a clinician's, "none" before one looked. `medicine_name` is the entry's own.
    """

    day: int
    medicine_class: t.MedicineClass
    recognised: t.MedicineRecognised
    medicine_name: str
    taken: bool
    until_day: int | None
    verdict: Verdict
    events: tuple[str, ...]


def current_medicines(rows: Rows) -> list[CurrentMedicine]:
    """Every recorded medicine, stopped or not, in order of day. `rows` are clipped at the day asked about."""
    started = rows.get("medicine_started", _NONE)
    if not started:
        return _NONE
    found: list[CurrentMedicine] = []
    for event in started:
        day = event.happened_on.first
        stop = _stop(event, rows)
        verdict = _verdict(event, rows)
        what = read_medicine(event.name, event.code, event.system)
        named = (event.id,) if stop is None else (event.id, stop.id)
        until = None if stop is None else stop.happened_on.last
        for kind in what.classes:
            found.append(CurrentMedicine(day, kind, what.recognised, event.name, stop is None, until, verdict, named))
    found.sort(key=lambda row: row.day)
    return found


def _stop(event: Any, rows: Rows) -> Any | None:
    """The latest stop that names the entry (or the one it amends) and does not lie wholly before its start."""
    names = (event.id, event.amends)
    stops = [
        stop
        for stop in rows.get("medicine_stopped", _NONE)
        if stop.started in names and stop.happened_on.last >= event.happened_on.first
    ]
    return stops[-1] if stops else None


def _verdict(event: Any, rows: Rows) -> Verdict:
    """The latest judgement of this very entry by a clinician; of an amended entry nobody has judged the new words.

    It is acceptable only from the day on which the entry was begun for certain, or was written down if that was before.
    """
    known_from = min(event.happened_on.last, event.recorded_at.toordinal())
    for check in reversed(rows.get("medicine_checked", _NONE)):
        if check.started != event.id or check.author.role not in MEDICINE_CHECKERS:
            continue
        if check.verdict == "not_acceptable" or check.happened_on.first >= known_from:
            verdict: Verdict = check.verdict
            return verdict
    return "none"


def without_weakened(medicines: list[CurrentMedicine], policy: Policy) -> Policy | None:
    """The policy under which the methods that an enzyme inducer weakens (the policy's list) count for nothing; None
    where no inducer is on record, stopped or not."""
    if not any(row.medicine_class == "enzyme_inducer" for row in medicines):
        return None
    kept = {name: kinds for name, kinds in policy.method_classes.items() if name not in policy.induced_methods}
    return policy._replace(method_classes=kept)
