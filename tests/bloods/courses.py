"""Small records for these tests, and what the bloods topic says of them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any, cast

from isocourse.engine.decide import Decision, decide, evaluate, prepare
from isocourse.engine.edition import Edition
from isocourse.plan.earliest import Earliest, earliest_supply
from isocourse.record.events import AnyEvent
from isocourse.record.record import Record, event_from
from tests import shipped

START = date(2026, 3, 2)
PROGRAMMES = ("us", "uk", "eu")


@cache
def edition(programme: str) -> Edition:
    return shipped.edition(programme, ("bloods",))


def on(days: int) -> str:
    """The date so many days after the first supply."""
    return (START + timedelta(days=days)).isoformat()


def day(days: int) -> int:
    return START.toordinal() + days


def event(kind: str, days: int | str, name: str = "", /, **fields: Any) -> dict[str, Any]:
    happened = on(days) if isinstance(days, int) else days
    role = fields.pop("by", "prescriber")
    written = (happened + "-28")[:10] if len(happened) == 7 else happened
    return {
        "kind": kind,
        "id": name or f"{kind}-{happened}-{fields.get('analyte', '')}",
        "happened_on": happened,
        "recorded_at": f"{written}T12:00:00+00:00",
        "author": {"id": "x", "role": role},
        **fields,
    }


def alt(days: int | str, value: object = 20, name: str = "", **more: Any) -> dict[str, Any]:
    return event(
        "lab_result", days, name, **{"analyte": "alt", "value": value, "unit": "U/L", "upper_limit": 40, **more}
    )


def tg(days: int | str, value: object = "1.0", unit: str = "mmol/L", name: str = "", **more: Any) -> dict[str, Any]:
    fields = {"analyte": "triglycerides", "value": value, "unit": unit, "fasting_hours": 12, **more}
    return event("lab_result", days, name, **fields)


def supplied(days: int = 0, lasts: int = 30, **fields: Any) -> dict[str, Any]:
    return event("dispensing", days, days=lasts, **fields)


def record(*events: dict[str, Any]) -> Record:
    made = tuple(event_from(dict(item)) for item in events)
    return Record(subject="p", events=cast("tuple[AnyEvent, ...]", made))


def decided(programme: str, days: int, *events: dict[str, Any]) -> Decision:
    return decide(edition(programme), record(*events), day(days))


def fired(programme: str, days: int, *events: dict[str, Any]) -> set[str]:
    """Every rule that fired or could not be decided, but for those that only show which schedule applies."""
    shown = {"schedule_not_label", "monitoring_escalated"}
    return {finding.rule.id for finding in decided(programme, days, *events).findings} - shown


def earliest(programme: str, days: int, *events: dict[str, Any]) -> Earliest:
    prepared = prepare(record(*events))
    return earliest_supply(edition(programme), prepared, evaluate(edition(programme), prepared, day(days)))
