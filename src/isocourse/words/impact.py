"""What changes between two editions, as lines to read and as data: looser first and marked, nothing left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isocourse.engine import model as m
from isocourse.engine.decide import Finding
from isocourse.plan.impact import Change, Group, Impact
from isocourse.record.dates import iso
from isocourse.words.answer import because_of, plain
from isocourse.words.page import Line, because_text, spoken, value_text

NAMED = 5  # example courses of a group
_DIRECTIONS = {"looser": "LOOSER", "stricter": "stricter", "same": "the same"}
MADE_UP = "The people are made up and the shares are assumptions: this shows where editions differ, not how often."


def impact_lines(impact: Impact, old: str, new: str) -> Iterator[Line]:
    """One programme. `old` and `new` are the words the two editions were asked for with."""
    yield Line("section", 0, f"{impact.old.programme.id}: {impact.old.programme.title}")
    yield Line("quiet", 1, f"{old}: {impact.old.name}")
    yield Line("quiet", 1, f"{new}: {impact.new.name}")
    yield from _summary(impact)
    for group in impact.groups:
        yield from _group(group)
    if impact.unreached:
        yield Line("item", 1, "- Rules that differ, or read what does, and no synthetic course reaches the difference:")
        yield Line("detail", 2, ", ".join(impact.unreached))
    for name, before, after in impact.values:
        yield Line("item", 1, f"- Value {name}: {_value(impact, name, before)} → {_value(impact, name, after)}")


def _summary(impact: Impact) -> Iterator[Line]:
    if not impact.courses:
        yield Line("good", 1, "Nobody changes: both hold the same rules for this programme, so no course was run.")
        return
    run = f"{impact.courses:,} courses, {impact.decisions:,} decisions"
    if impact.not_in_force:
        run += f" ({impact.not_in_force:,} more are before one of the editions begins, and were not made)"
    if impact.nobody:
        yield Line("good", 1, f"Nobody changes: {run}.")
        return
    counts = {way: sum(n for c, n in impact.changes.items() if c.direction == way) for way in ("looser", "stricter")}
    told = ", ".join(f"{count:,} {_DIRECTIONS[way]}" for way, count in counts.items())
    some = _some(len(impact.courses_changed), "course")
    yield Line("headline", 1, f"Answered otherwise on some day: {some}; decisions: {told}.")
    yield Line("quiet", 1, f"Of {run}.")


def _group(group: Group) -> Iterator[Line]:
    role = "stop" if group.direction == "looser" else "item"
    many = f"{_some(len(group.courses), 'course')}, {_some(group.decisions, 'decision')}"
    way = "informs" if group.direction == "same" else _DIRECTIONS[group.direction]
    yield Line(role, 1, f"- {way}: {group.rule} {_happened(group)}; {many}")
    yield Line("detail", 2, group.says)
    for change, count in sorted(group.changes.items(), key=lambda item: (item[0].direction, -item[1])):
        other = "" if change.direction == group.part_in(change) else ", in part or all by another rule"
        yield Line("detail", 2, f"{count:,} × {_change(change)}{other}")
    more = f" and {len(group.courses) - NAMED:,} more" if len(group.courses) > NAMED else ""
    yield Line("quiet", 2, f"courses {', '.join(group.courses[:NAMED])}{more}")
    example = group.example
    if example is not None:
        yield Line("detail", 2, f"Course {example.course} on {spoken(iso(example.day))}: {_change(example.change)}")
        for text in _reasons(example.after or example.before):
            yield Line("detail", 3, f"- {text}")


def _happened(group: Group) -> str:
    before, after = (_effect(effect) for effect in group.effects)
    if group.kind == "changes":
        same = group.effects[0] == group.effects[1]
        return f"can be decided in one edition only ({after})" if same else f"changes ({before} → {after})"
    return f"{group.kind} ({after if group.kind == 'appears' else before})"


def _effect(effect: m.Effect | None) -> str:
    return f"supply {effect.supply}, capsules {effect.capsules}" if effect is not None else ""


def _change(change: Change) -> str:
    if change.before == change.after:
        return f"the same answers (supply {change.after.supply}, capsules {change.after.capsules})"
    supply = f"supply {change.before.supply} → {change.after.supply}"
    return f"{supply}, capsules {change.before.capsules} → {change.after.capsules} ({_DIRECTIONS[change.direction]})"


def _reasons(finding: Finding | None) -> list[str]:
    if finding is None:
        return []
    if not finding.decided:
        return [f"cannot be decided, not known: {', '.join(finding.missing)}"]
    return [because_text(because_of(reason)) for reason in finding.reasons]


def _value(impact: Impact, name: str, steps: tuple[Any, ...] | None) -> str:
    if steps is None:
        return "not there"
    library = impact.new.library if name in impact.new.library.values else impact.old.library
    return " then ".join(value_text(plain(step, library.values[name].kind)) for step in steps)


def _some(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


# --- as data --------------------------------------------------------------------------------------
def impact_data(impact: Impact) -> dict[str, Any]:
    """One programme as plain data; field names are those of the lines above."""
    return {
        "programme": impact.old.programme.id,
        "old": impact.old.name,
        "new": impact.new.name,
        "nobody_changes": impact.nobody,
        "courses": impact.courses,
        "decisions": impact.decisions,
        "not_in_force": impact.not_in_force,
        "courses_changed": list(impact.courses_changed),
        "changes": _changes(impact.changes),
        "groups": [_group_data(group) for group in impact.groups],
        "unreached": list(impact.unreached),
        "values": [
            {"value": name, "before": _plain(impact, name, before), "after": _plain(impact, name, after)}
            for name, before, after in impact.values
        ],
    }


def _group_data(group: Group) -> dict[str, Any]:
    example = group.example
    return {
        "rule": group.rule,
        "says": group.says,
        "kind": group.kind,
        "direction": group.direction,
        "effect_before": _effect_data(group.effects[0]),
        "effect_after": _effect_data(group.effects[1]),
        "courses": group.courses,
        "decisions": group.decisions,
        "changes": _changes(group.changes),
        "example": None
        if example is None
        else {
            "course": example.course,
            "on": iso(example.day),
            **_change_data(example.change),
            "because": _reasons(example.after or example.before),
        },
    }


def _effect_data(effect: m.Effect | None) -> dict[str, str] | None:
    return None if effect is None else {"supply": effect.supply, "capsules_in_hand": effect.capsules}


def _change_data(change: Change) -> dict[str, Any]:
    sides = {"before": change.before, "after": change.after}
    told = {side: {"supply": a.supply, "capsules_in_hand": a.capsules} for side, a in sides.items()}
    return {**told, "direction": change.direction}


def _changes(changes: Mapping[Change, int]) -> list[dict[str, Any]]:
    ordered = sorted(changes.items(), key=lambda item: (item[0].direction, -item[1], item[0]))
    return [{**_change_data(change), "decisions": count} for change, count in ordered]


def _plain(impact: Impact, name: str, steps: Sequence[Any] | None) -> list[Any] | None:
    if steps is None:
        return None
    library = impact.new.library if name in impact.new.library.values else impact.old.library
    return [plain(step, library.values[name].kind) for step in steps]
