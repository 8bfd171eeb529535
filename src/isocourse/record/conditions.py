"""Illnesses as rules see them: what each is, whether it has to be presumed present, and who judged it.

An illness is present unless it is marked as over. A verdict counts from somebody who may give one; "acceptable" holds
for the course it was given in, and for the entry as it was written, so that an amended entry is judged anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct

from isocourse.record import suitability_codes as s
from isocourse.record.condition_codes import read_condition
from isocourse.record.policy import Policy
from isocourse.record.tables import Rows

Given = Literal["none", "acceptable", "not_acceptable"]
_NONE: list[Any] = []


class CurrentCondition(Struct, frozen=True, gc=False):
    """One class of one recorded illness; an illness of two classes has two rows, one not understood is `unread`.

    `day` is the first day it can have been there, `last_day` the last on which it can have begun: of a month or a
    year, at most the day on which it was written down. `present` unless the entry says that it is over. `verdict` is
    "none" before somebody who may judge did. `condition_name` is the entry's own.
    """

    day: int
    last_day: int
    condition_class: s.ConditionClass
    recognised: s.ConditionRecognised
    condition_name: str
    present: bool
    verdict: Given
    events: tuple[str, ...]


def current_conditions(rows: Rows, epoch_day: int, policy: Policy) -> list[CurrentCondition]:
    """Every recorded illness, present or over, in order of day. Nothing here changes with time alone."""
    recorded = rows.get("condition", _NONE)
    if not recorded:
        return _NONE
    checks = rows.get("condition_checked", _NONE)
    verdicts = verdicts_on([(check, check.conditions) for check in checks], epoch_day, policy)
    found: list[CurrentCondition] = []
    for event in recorded:
        what = read_condition(event.text, event.code, event.system)
        day, last_day, present = event.happened_on.first, event.happened_on.last, event.active is not False
        if last_day != day:
            last_day = max(day, min(last_day, event.recorded_at.toordinal()))
        check = verdicts.get(event.id)
        verdict: Given = "none" if check is None else check.verdict
        named = (event.id,) if check is None else (event.id, check.id)
        for kind in what.classes:
            found.append(CurrentCondition(day, last_day, kind, what.recognised, event.text, present, verdict, named))
    if len(found) > 1:
        found.sort(key=lambda row: row.day)
    return found


def verdicts_on(checks: Sequence[tuple[Any, tuple[str, ...]]], epoch_day: int, policy: Policy) -> dict[str, Any]:
    """By entry: the latest check of it by somebody who may judge. `checks` come in order, each with the ids it names.
    What was acceptable in an earlier course (up to `epoch_day`) is judged anew, and then has none."""
    if not checks:
        return {}
    found: dict[str, Any] = {}
    for check, named in checks:
        if check.author.role in policy.suitability_roles:
            found.update(dict.fromkeys(named, check))
    return {
        name: check
        for name, check in found.items()
        if check.verdict == "not_acceptable" or check.happened_on.last > epoch_day
    }
