"""Entries that are put right: a weight written for somebody else, a result amended."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from isocourse.record.events import LabResult
from isocourse.record.quantities import Reported
from isocourse.simulate import rates
from isocourse.simulate.draft import Draft


def write(draft: Draft) -> None:
    """Corrections are later events; nothing is edited in place. Comes last: it corrects what others wrote."""
    dice, months = draft.dice("faults"), draft.calendar.months
    if draft.fault("withdrawn", dice.happens(rates.CORRECTED)):
        day = dice.pick(months).visit
        wrong = draft.write("weight", day, "nurse", value=Decimal(dice.between(100, 160)))
        draft.write("entered_in_error", day, "nurse", late=1, corrects=wrong, reason="Written for another person")
    results = [event for event in draft.events if isinstance(event, LabResult)]
    if draft.fault("amended", dice.happens(rates.CORRECTED)) and results:
        first = dice.pick(results)
        fields = {
            name: getattr(first, name)
            for name in msgspec.structs.asdict(first)
            if name not in ("id", "happened_on", "recorded_at", "author", "amends", "note", "value")
        }
        value = Reported(max(first.value.value - 1, first.value.value / 2))
        day = first.happened_on.last
        draft.write("lab_result", day, "laboratory", late=3, amends=first.id, value=value, **fields)
