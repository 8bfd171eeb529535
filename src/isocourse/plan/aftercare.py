"""The checklist after the last dose: each thing with its days and whether it is done, due, not due yet, over, unknown.

Days come from the facts that the protocol's tasks and rules read; nothing is reckoned here. Every one of them counts
from the last dose. Where the end of the course is not on record they are unknown, and nothing that hangs on them counts
as done or as past. A span whose last day is past is over: that it was kept is on no record, so it is never done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from isocourse.engine import model as m
from isocourse.engine.decide import Decision

State = Literal["done", "due", "not_yet", "over", "unknown"]
Standing = Literal["never_treated", "on_treatment", "over", "unknown"]


@dataclass(frozen=True)
class Item:
    """One line of the list. `origin` is the task or rule it comes from; `done` the fact that says it is done.

    `kind`: an "act" to be done from the day in `begins` until the day in `ends`; a "span" that lasts until `ends`;
    a "permit" given from `begins` on. `applies` is a fact that leaves the line out when it is false; `dated` False for
    what counts whenever it was written down.
    """

    name: str
    says: str
    origin: str
    kind: Literal["act", "span", "permit"] = "act"
    done: str | None = None
    begins: str | None = None
    ends: str | None = None
    applies: str | None = None
    dated: bool = True


@dataclass(frozen=True)
class Line:
    """An item on a day. `begins` and `ends` are days, None where there is none or it is not known; `late` when it is
    due and its day is past. `origin` is None where the programme holds nothing on it."""

    item: Item
    state: State
    begins: int | None
    ends: int | None
    late: bool
    origin: m.Task | m.Rule | None


ITEMS = (
    Item(
        "last_dose",
        "The day of the last dose, and why the course ended",
        "record_last_dose",
        done="last_dose_recorded",
        dated=False,
    ),
    Item(
        "end_test", "Pregnancy test at the end", "end_test",
        done="end_test_done", begins="last_dose_day", ends="end_test_due", applies="can_become_pregnant",
    ),
    Item(
        "after_test", "Pregnancy test one month after the last dose", "after_test",
        done="after_test_done", begins="risk_ends", ends="after_test_due", applies="can_become_pregnant",
    ),
    Item(
        "contraception", "Contraception goes on", "contraception_after",
        kind="span", begins="last_dose_day", ends="risk_ends", applies="can_become_pregnant",
    ),
    Item(
        "blood_donation", "No blood is given", "no_blood_donation",
        kind="span", begins="last_dose_day", ends="risk_ends",
    ),
    Item(
        "capsules", "Capsules left over are returned", "return_capsules",
        done="capsules_back", begins="last_dose_day", ends="end_test_due",
    ),
    Item(
        "bloods", "An abnormal blood result is repeated until it is normal", "repeat_abnormal_after",
        begins="last_dose_day", ends="after_test_due", applies="abnormal_result_stands",
    ),
    Item(
        "mood", "Mood is asked about once more", "mood_after_course",
        done="mood_after_asked", begins="mood_after_begins", ends="mood_after_ends",
    ),
    Item(
        "sexual_function", "Sexual function is asked about once more", "sexual_function_after_course",
        done="sexual_after_asked", begins="last_dose_day", ends="sexual_after_ends",
    ),
    Item(
        "eyes", "Dry eyes and sight in the dark are asked about", "ask_about_eyes",
        done="eyes_asked", begins="last_dose_day", ends="after_test_due",
    ),
    Item(
        "maintenance", "Maintenance and sun protection are talked about", "talk_about_maintenance",
        done="maintenance_talked", begins="maintenance_from", ends="maintenance_by",
    ),
    Item(
        "relapse", "The chance of a relapse is explained", "explain_relapse",
        done="relapse_told", begins="last_dose_day", ends="after_test_due",
    ),
    Item(
        "relapse_definition", "It is recorded what will count as a relapse", "choose_relapse_definition",
        done="relapse_defined", begins="last_dose_day", ends="after_test_due", dated=False,
    ),
    Item(
        "scars", "Scars and dark spots are looked at", "look_at_scars",
        done="scars_seen", begins="scars_from", ends="scars_by",
    ),
    Item(
        "relapse_judged", "After a relapse the skin is judged, and whether a second course is wanted", "judge_relapse",
        begins="relapse_day", applies="relapsed",
    ),
    Item(
        "procedures", "Waxing, peels, lasers and dermabrasion wait until", "procedure_waxing",
        kind="permit", begins="procedures_from",
    ),
    Item(
        "second_course", "A second course begins no sooner than", "dose_second_course_too_soon",
        kind="permit", begins="second_course_from",
    ),
)  # fmt: skip
# Lines that a programme without a task for them does not want; of the others it says that nothing is held.
WANTED_BY_SOME = frozenset({"end_test"})


def standing(facts: Mapping[str, Any]) -> Standing:
    """Whether a course is over on the day of the facts."""
    if facts["exposed"] is False:
        return "never_treated"
    over = facts["treatment_over"]
    return "unknown" if over is None else "over" if over else "on_treatment"


def checklist(decision: Decision) -> tuple[Line, ...]:
    """Every line that applies, what is late first, else in the order of the list. The decision has to hold the topic
    aftercare."""
    edition = decision.edition
    origins: dict[str, m.Task | m.Rule] = {task.id: task for task in edition.tasks}
    origins |= {rule.id: rule for rule in edition.rules}
    found = []
    for item in ITEMS:
        origin = origins.get(item.origin)
        if origin is None and item.name in WANTED_BY_SOME:
            continue
        if item.applies is not None and decision.facts.get(item.applies) is False:
            continue
        found.append(_line(item, origin, decision.facts, decision.as_of))
    found.sort(key=lambda line: not line.late)
    return tuple(found)


def _line(item: Item, origin: m.Task | m.Rule | None, facts: Mapping[str, Any], as_of: int) -> Line:
    if origin is None:
        return Line(item, "unknown", None, None, False, None)
    done = item.done is not None and facts.get(item.done) is True
    over = standing(facts)
    if done and (not item.dated or (over == "over" and facts["last_dose_recorded"])):
        return Line(item, "done", *_days(item, facts), False, origin)
    if over in ("never_treated", "on_treatment"):
        return Line(item, "not_yet", None, None, False, origin)
    if item.begins is None and over == "over":
        return Line(item, "due", None, None, False, origin)
    if over == "unknown" or not facts["last_dose_recorded"] or facts.get(item.applies or "exposed") is None:
        return Line(item, "unknown", None, None, False, origin)
    begins, ends = _days(item, facts)
    return Line(item, _state(item, begins, ends, as_of), begins, ends, _late(item, ends, as_of), origin)


def _days(item: Item, facts: Mapping[str, Any]) -> tuple[int | None, int | None]:
    if not facts.get("last_dose_recorded"):
        return None, None
    return (facts.get(item.begins) if item.begins else None), (facts.get(item.ends) if item.ends else None)


def _state(item: Item, begins: int | None, ends: int | None, as_of: int) -> State:
    first = ends if item.kind == "span" else begins
    if first is None:
        return "unknown"
    if item.kind == "span":
        return "due" if as_of <= first else "over"
    if as_of < first:
        return "not_yet"
    return "done" if item.kind == "permit" else "due"


def _late(item: Item, ends: int | None, as_of: int) -> bool:
    return item.kind == "act" and ends is not None and as_of > ends
