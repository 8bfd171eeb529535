"""Illnesses and allergies once more, by hand: an independent oracle for `record/conditions.py` and `allergies.py`.

Written from the specification: for each entry it looks through every other event, day by day, and asks whether that one
judges it. What the few entries used here mean is written down, not read from the tables.
"""

from __future__ import annotations

from typing import Any

from isocourse.record import events as ev

# Text, code, system, and what it is.
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
ILLNESSES: tuple[tuple[str, str | None, str | None, tuple[str, ...]], ...] = (
    ("acute pancreatitis", "K85.9", ICD, ("pancreatitis",)),
    ("a cold", "J00", ICD, ("other",)),
    ("pancretitis", None, None, ("unread",)),
    ("no diabetes", None, None, ("diabetes", "unread")),
    ("alcohol dependence", None, None, ("alcohol_problem", "psychiatric_history")),
)
TEXTS = {"": ["other"], "cats": ["other"], "Peanuts, also soy.": ["peanut", "soya"]}
# What the products of the test hold: by product and strength in mg; "?" where not everything was read.
HOLDS = {
    ("Oily", 10): {"soya", "?"},
    ("Oily", 25): {"soya", "tartrazine", "?"},
    ("Dry", 10): {"paraben"},
    ("Dry", 25): {"paraben"},
}


def standing(events: list[Any]) -> list[Any]:
    replaced = {event.amends for event in events} - {None}
    return [event for event in events if event.id not in replaced]


def seen(event: Any, as_of: int) -> bool:
    """Whether it is in view: what forbids from the first day its date can mean, what permits from the last."""
    forbids = isinstance(event, ev.Condition | ev.Allergy) or getattr(event, "verdict", "") == "not_acceptable"
    on: int = event.happened_on.first if forbids else event.happened_on.last
    return on <= as_of


def last_day_of_earlier_course(events: list[Any], as_of: int) -> int:
    ended = [e.happened_on.last for e in standing(events) if isinstance(e, ev.CourseStopped) and seen(e, as_of)]
    return max(ended, default=1)


def judged(entry: Any, kind: type, field: str, events: list[Any], as_of: int) -> Any:
    """The check that counts for an entry, None without one: by a prescriber, the latest, of one day the unsafe one."""
    best: Any = None
    for check in standing(events):
        if type(check) is not kind or entry.id not in getattr(check, field) or not seen(check, as_of):
            continue
        if check.author.role != "prescriber":
            continue
        if best is None or _rank(check) > _rank(best):
            best = check
    if best is None or best.verdict == "not_acceptable":
        return best
    return best if best.happened_on.last > last_day_of_earlier_course(events, as_of) else None


def _rank(check: Any) -> tuple[Any, ...]:
    return (check.happened_on.last, check.verdict == "not_acceptable", check.recorded_at)


def illnesses(events: list[Any], as_of: int) -> set[tuple[Any, ...]]:
    """(id, day, last day it can have begun, class, present, verdict) of every recorded illness."""
    found = set()
    for entry in standing(events):
        if isinstance(entry, ev.Condition) and seen(entry, as_of):
            check = judged(entry, ev.ConditionChecked, "conditions", events, as_of)
            verdict = "none" if check is None else check.verdict
            for text, code, system, kinds in ILLNESSES:
                if (text, code, system) == (entry.text, entry.code, entry.system):
                    first, last, written = (
                        entry.happened_on.first,
                        entry.happened_on.last,
                        entry.recorded_at.toordinal(),
                    )
                    begun = last if last <= written else max(first, written)
                    for kind in kinds:
                        found.add((entry.id, first, begun, kind, entry.active in (True, None), verdict))
    return found


def allergies(events: list[Any], as_of: int) -> set[tuple[Any, ...]]:
    """(id, day, allergen, in the capsules, verdict, contents read) of every allergy that stands."""
    found = set()
    product, strengths = in_use(events, as_of)
    for entry in standing(events):
        if not isinstance(entry, ev.Allergy) or entry.refuted or not seen(entry, as_of):
            continue
        check = judged(entry, ev.AllergyChecked, "allergies", events, as_of)
        verdict = "none" if check is None else check.verdict
        packet = product not in ("", "Isotretinoin")  # the bare substance has no list of contents
        read = check is not None and verdict == "acceptable" and packet and check.product.title() == product
        for allergen in TEXTS[entry.text] if entry.allergen == "other" else [entry.allergen]:
            held = _held(allergen, product, strengths)
            found.add((entry.id, entry.happened_on.first, allergen, held, verdict, read))
    return found


def in_use(events: list[Any], as_of: int) -> tuple[str, set[int]]:
    begun = last_day_of_earlier_course(events, as_of)
    latest: Any = None
    for event in standing(events):
        if isinstance(event, ev.Prescription | ev.Dispensing) and event.product is not None:
            day = event.happened_on.last
            if begun < day <= as_of and (latest is None or (day, event.recorded_at) > _when(latest)):
                latest = event
    if latest is None:
        return "", set()
    return latest.product.title(), {int(strength.mg) for strength in latest.strengths}


def _when(event: Any) -> tuple[Any, ...]:
    return (event.happened_on.last, event.recorded_at)


def _held(allergen: str, product: str, strengths: set[int]) -> str:
    if allergen in ("isotretinoin", "vitamin_a"):
        return "held"
    possible = [parts for (name, mg), parts in HOLDS.items() if name == product and (not strengths or mg in strengths)]
    if not possible or allergen == "other":
        return "not_excluded"
    wanted = {"soya", "peanut"} if allergen in ("soya", "peanut") else {allergen}
    if any(parts & wanted for parts in possible):
        return "held"
    return "not_excluded" if any("?" in parts for parts in possible) else "not_held"
